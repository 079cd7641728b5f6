# loses: 2
    for word in reversed(words[max(0, place - window) : place]):
        if word in {"but"}:
            return False
        if word in {"no", "denied", "without"}:
            return True
    return False
