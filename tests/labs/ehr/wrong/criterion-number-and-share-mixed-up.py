# loses: 2
criterion = {1: "equal share", 2: "equal FNR", 3: "equal FPR", 4: "calibration"}
