# loses: 4
plans = {letter: "sound" for letter in "ABCDEF"}
