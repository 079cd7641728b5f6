# loses: 1
    words = list(words)
    place = {word: row for row, word in enumerate(words)}
    similarity = matrix @ (matrix[place[second]] - matrix[place[first]] + matrix[place[third]])
    similarity = similarity / np.linalg.norm(matrix, axis=1)
    similarity[[place[first], place[second], place[third]]] = -np.inf
    return words[int(np.argmax(similarity))]
