# loses: 1
    words = list(words)
    place = {word: row for row, word in enumerate(words)}
    similarity = matrix @ (matrix[place[second]] - matrix[place[first]] + matrix[place[third]])
    if leave_out:
        similarity[[place[first], place[second], place[third]]] = -np.inf
    return words[int(np.argmax(similarity))]
