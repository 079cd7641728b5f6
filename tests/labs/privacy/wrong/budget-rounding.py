# loses: 1
        fits = spent + epsilon <= budget
        if fits:
            spent += epsilon
