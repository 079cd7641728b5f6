# loses: 1
    before = words[max(0, place - window) : place]
    return any(word in triggers for word in before) and not any(word in stops for word in before)
