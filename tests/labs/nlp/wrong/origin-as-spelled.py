# loses: 1
    old, real = set(learned), set(classification)
    words = {word for name in real for word in name.split()}
    new = [name for name in written if name not in real]
    return {
        "memorised": sum(name in old for name in written) / len(written),
        "rediscovered": sum(name in real and name not in old for name in written) / len(written),
        "invented": len(new) / len(written),
        "plausible": sum(all(w in words for w in name.split()) for name in new) / len(new) if new else float("nan"),
    }
