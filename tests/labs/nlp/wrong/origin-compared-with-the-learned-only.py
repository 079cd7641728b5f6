# loses: 4
    clean = lambda listed: [" ".join(name.lower().split()) for name in listed]
    written, learned, real = clean(written), set(clean(learned)), set(clean(classification))
    words = {word for name in real for word in name.split()}
    new = [name for name in written if name not in learned]
    return {
        "memorised": sum(name in learned for name in written) / len(written),
        "rediscovered": sum(name in real and name not in learned for name in written) / len(written),
        "invented": len(new) / len(written),
        "plausible": sum(all(w in words for w in name.split()) for name in new) / len(new) if new else float("nan"),
    }
