# loses: 1
    for word in reversed(words[max(0, place - window + 1) : place]):
        if word in stops:
            return False
        if word in triggers:
            return True
    return False
