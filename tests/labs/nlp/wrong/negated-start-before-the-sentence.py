# loses: 2
    for word in reversed(words[place - window : place]):
        if word in stops:
            return False
        if word in triggers:
            return True
    return False
