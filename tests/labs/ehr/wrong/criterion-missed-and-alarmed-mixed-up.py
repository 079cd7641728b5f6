# loses: 2
criterion = {1: "calibration", 2: "equal FPR", 3: "equal FNR", 4: "equal share"}
