"""What it costs to call a student's function from the judge.

Run as ``python -m tests.benchmarks.standin``: the round trip of a call with small arguments, and a 100 MB array sent
across and taken in, against one copy of it in memory.
"""

from __future__ import annotations

import contextlib
import os
import socket
import statistics
import sys
import time

import numpy as np

from autograder.standin import Guest, Host
from autograder.wire import Channel

CALLS = 10_000
BAR = 0.2


def main() -> int:
    """Print the times; the exit status says whether the bar is passed."""
    ours, hers = socket.socketpair()
    child = os.fork()
    if not child:
        ours.close()
        host = Host(Channel(hers), {"add": lambda a, b: a + b, "size": lambda values: values.nbytes})
        with contextlib.suppress(ConnectionError):
            while True:
                host.serve_one()
        os._exit(0)
    hers.close()
    guest = Guest(Channel(ours), 60)
    add, size = guest.lookup("add"), guest.lookup("size")
    taken = []
    for number in range(CALLS):
        began = time.perf_counter()
        add(number, 1.5)  # type: ignore[operator]
        taken.append(time.perf_counter() - began)
    median = statistics.median(taken) * 1000
    print(f"call with small arguments: median {median:.3f} ms of {CALLS:,} (bar: {BAR} ms)")
    values = np.ones(100 * 2**20 // 8)
    target = np.zeros_like(values)
    copies, sends = [], []
    for _ in range(5):
        began = time.perf_counter()
        target[:] = values
        copies.append(time.perf_counter() - began)
        began = time.perf_counter()
        size(values)  # type: ignore[operator]
        sends.append(time.perf_counter() - began)
    copy, sent = statistics.median(copies), statistics.median(sends)
    print(f"100 MB array: {sent * 1000:.0f} ms, {sent / copy:.1f} times a copy in memory ({copy * 1000:.0f} ms)")
    ours.close()
    os.waitpid(child, 0)
    return int(median > BAR)


if __name__ == "__main__":
    sys.exit(main())
