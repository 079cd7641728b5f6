# loses: 2
        fits = spent + epsilon < budget
        if fits:
            spent += epsilon
