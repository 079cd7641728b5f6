# loses: 1
    clean = lambda listed: [" ".join(name.lower().split()) for name in listed]
    written, learned, real = set(clean(written)), set(clean(learned)), set(clean(classification))
    words = {word for name in real for word in name.split()}
    new = written - real
    return {
        "memorised": len(written & learned) / len(written),
        "rediscovered": len((written & real) - learned) / len(written),
        "invented": len(new) / len(written),
        "plausible": np.mean([all(w in words for w in name.split()) for name in new]) if new else float("nan"),
    }
