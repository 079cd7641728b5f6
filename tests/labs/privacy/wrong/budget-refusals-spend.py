# loses: 1
        spent += epsilon
        fits = spent <= limit
