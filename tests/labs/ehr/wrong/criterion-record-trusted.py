# loses: 2
criterion = {1: "calibration", 2: "equal share", 3: "equal FPR", 4: "equal FNR"}
