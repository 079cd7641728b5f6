# loses: 3
    words = list(words)
    place = {word: row for row, word in enumerate(words)}
    wanted = matrix[place[first]] - matrix[place[second]] + matrix[place[third]]
    similarity = matrix @ wanted / np.linalg.norm(matrix, axis=1)
    if leave_out:
        similarity[[place[first], place[second], place[third]]] = -np.inf
    return words[int(np.argmax(similarity))]
