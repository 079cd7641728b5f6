# loses: 1
reading = {"ten years older": 1 + 10 * 0.10, "men against women": 1 / 0.60}
reading["treated alive after ten years"] = 0.80**0.50
reading["patients treated for one more alive after ten years"] = 1 / (0.80**0.50 - 0.80)
statements = {"B", "D"}
