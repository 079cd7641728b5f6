# loses: 4
    return any(word in triggers for word in words)
