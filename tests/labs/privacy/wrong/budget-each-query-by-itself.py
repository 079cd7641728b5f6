# loses: 3
        fits = epsilon <= limit
        spent += epsilon
