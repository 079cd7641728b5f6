# loses: 3
    values, answers = torch.tensor(x, dtype=torch.float64), torch.tensor(y, dtype=torch.float64)
    weights = torch.zeros(values.shape[1], dtype=torch.float64, requires_grad=True)
    bias = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    losses = []
    for _ in range(steps):
        weights.grad = bias.grad = None
        error = functional.binary_cross_entropy_with_logits(values @ weights + bias, answers)
        error.backward()
        with torch.no_grad():
            weights -= rate * weights.grad
        losses.append(error.item())
    return weights.tolist(), bias.item(), losses
