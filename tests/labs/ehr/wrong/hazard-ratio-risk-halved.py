# loses: 2
reading = {"ten years older": 1.10**10, "men against women": 1 / 0.60}
reading["treated alive after ten years"] = 0.90
reading["patients treated for one more alive after ten years"] = 10
statements = {"B", "C", "D"}
