"""A student's objects, used from another process."""

from __future__ import annotations

import contextlib
import math
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from autograder import checks
from autograder.checks import CheckError
from autograder.standin import Guest, Host, Namespace, StandIn, StudentGone
from autograder.wire import Channel, WireError

CODE = """
import math, os, time
import numpy as np
from sklearn.linear_model import LogisticRegression

values = [1, 2]
def add(a, b=1): return a + b
def adder(n): return lambda x: x + n
def count(n): yield from range(n)
def forever():
    while True: yield 1
class Ward:
    beds = 3
    def __init__(self, name): self.name = name
    def greet(self, other=None): return (self.name, other is self)
    def __len__(self): return 7
    def __getitem__(self, key): return key
class Agree:
    def __eq__(self, other): return True
    def __reduce__(self): os._exit(1)
    __class__ = property(lambda self: int)
class Shy:
    def __getattribute__(self, name): raise RuntimeError("no")
    def __repr__(self): raise SystemExit
class Mine(ValueError): pass
def refuse(): raise Mine("too small")
def missing(): return {}["x"]
def decode(): return b"\\xff".decode()
def leave(kind):
    raise {"exit": SystemExit, "interrupt": KeyboardInterrupt, "close": GeneratorExit}[kind](0)
def die(): os._exit(0)
def hang():
    while True: time.sleep(0.01)
def sort(xs): xs.sort()
def apply(f, *xs): return f(*xs)
def big(): return np.zeros(300 * 2**20, np.uint8)
ward = Ward("A")
agree, shy = Agree(), Shy()
nested = {"f": [add, (ward,)]}
model = LogisticRegression().fit([[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1])
from matplotlib.figure import Figure
drawn = Figure()
drawn.subplots().set(xlabel="age")
drawn.axes[0].plot([1, 2, 3])
drawn.axes[0].bar([1, 2], [3, 4])
def print(*_): raise RuntimeError
abs = len = print
def shout():
    os.write(FD, b"\\xff" * 100)
"""


def serve(descriptor: int) -> None:
    """Be the student's process."""
    namespace: dict[str, Any] = {"__name__": "__main__", "FD": descriptor}
    exec(compile(CODE, "cell", "exec"), namespace)
    host = Host(Channel(socket.socket(fileno=descriptor)), namespace)
    namespace["table"] = lambda: host._objects.__len__()
    with contextlib.suppress(ConnectionError):
        while True:
            host.serve_one()


@pytest.fixture
def start() -> Iterator[Callable[..., Guest]]:
    children = []

    def begin(timeout: float = 20) -> Guest:
        ours, hers = socket.socketpair()
        with hers:
            child = subprocess.Popen([sys.executable, __file__, str(hers.fileno())], pass_fds=[hers.fileno()])
        children.append((child, ours))
        return Guest(Channel(ours), timeout, frozenset({"math", "numpy"}))

    yield begin
    for child, ours in children:
        ours.close()
        child.kill()
        child.wait()


@pytest.fixture
def guest(start: Callable[..., Guest]) -> Guest:
    return start()


def test_functions_and_values(guest: Guest) -> None:
    ask: Any = guest.lookup
    assert ask("values") == [1, 2]
    assert ask("add")(2, b=3) == 5
    assert ask("adder")(10)(1) == 11
    assert list(ask("count")(4)) == [0, 1, 2, 3]
    assert ask("math") is math
    assert type(ask("os")) is StandIn
    assert ask("add").__name__ == "add"
    with pytest.raises(KeyError):
        ask("nothing")


def test_objects(guest: Guest) -> None:
    ask: Any = guest.lookup
    ward = ask("ward")
    assert ward is ask("ward")
    assert (ward.name, ward.beds, len(ward), ward[2:]) == ("A", 3, 7, slice(2, None))
    assert ward.greet(ward) == ("A", True)
    assert ask("Ward")("B").greet() == ("B", False)
    nested = ask("nested")
    assert nested["f"][0](1) == 2
    assert nested["f"][1][0] is ward
    assert "LogisticRegression" in repr(ask("model"))
    checks.array(ask("model").predict(np.array([[0.0], [3.0]])), [0, 1])
    checks.plot(ask("drawn"), xlabel="age", lines=1, bars=2)
    with pytest.raises(checks.CheckError, match="no legend"):
        checks.plot(ask("drawn").axes[0], legend=True)
    assert ask("big")().nbytes == 300 * 2**20


def test_objects_that_lie_are_not_believed(guest: Guest) -> None:
    agree: Any = guest.lookup("agree")
    for value in (5, 5.0, "x", None, np.float64(5)):
        with pytest.raises(TypeError, match="plain value"):
            bool(agree == value)
    with pytest.raises(checks.CheckError):
        checks.equal(agree, 5)
    with pytest.raises(checks.CheckError):
        checks.close(agree, 5.0)
    with pytest.raises(TypeError, match="plain value"):
        agree + 1
    assert agree != guest.lookup("ward")
    shy: Any = guest.lookup("shy")
    assert repr(shy) == "(no text available)"
    with pytest.raises(RuntimeError, match="no"):
        _ = shy.anything


def test_exceptions(guest: Guest) -> None:
    ask: Any = guest.lookup
    checks.raises(ValueError, ask("refuse"))
    with pytest.raises(ValueError, match=r"^too small$") as caught:
        ask("refuse")()
    trace = caught.value.student_traceback  # type: ignore[attr-defined]
    assert "in refuse" in trace
    assert "standin.py" not in trace
    with pytest.raises(KeyError) as key:
        ask("missing")()
    assert str(key.value) == "'x'"
    checks.raises(ValueError, ask("decode"))
    for kind in ("exit", "interrupt", "close"):
        with pytest.raises(RuntimeError, match="stopped itself"):
            ask("leave")(kind)
    with pytest.raises(ValueError, match="ever end"):
        list(ask("forever")())
    assert ask("add")(1) == 2


def test_a_dead_student_is_noticed_at_once(guest: Guest) -> None:
    began = time.monotonic()
    die: Any = guest.lookup("die")
    for _ in range(2):
        with pytest.raises(StudentGone, match="has ended"):
            die()
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(("name", "reason"), [("hang", "within 2 seconds"), ("shout", "broke the protocol")])
def test_silence_and_noise_end_it(start: Callable[..., Guest], name: str, reason: str) -> None:
    guest = start(20)
    call: Any = guest.lookup(name)
    guest.timeout = 2
    with pytest.raises(StudentGone, match=reason):
        call()
    began = time.monotonic()
    with pytest.raises(StudentGone, match=reason):
        guest.lookup("values")
    assert time.monotonic() - began < 0.5


def test_functions_of_the_judge_can_be_passed(guest: Guest) -> None:
    ask: Any = guest.lookup
    assert ask("apply")(lambda x: x * 2, 4) == 8
    assert ask("apply")(np.mean, [1, 2, 3]) == 2
    assert ask("apply")(lambda x: ask("add")(x) + 1, 4) == 6
    assert ask("apply")(ask("add"), 4) == 5
    checks.raises(ZeroDivisionError, ask("apply"), lambda: 1 // 0)
    with pytest.raises(WireError, match="can't be passed"):
        ask("add")(object())
    assert ask("add")(1) == 2


def test_what_is_changed_in_place_stays_as_the_test_made_it(guest: Guest) -> None:
    sort: Any = guest.lookup("sort")
    numbers, values = [3, 1, 2], np.array([3, 1, 2])
    sort(numbers)
    sort(values)
    assert numbers == [3, 1, 2]
    assert values.tolist() == [3, 1, 2]


def test_references_are_released(guest: Guest) -> None:
    ask: Any = guest.lookup
    adder, table = ask("adder"), ask("table")
    before = table()
    for number in range(10_000):
        assert adder(number)(1) == number + 1
    assert table() <= before + 1


def test_a_test_cell_sees_built_ins_then_the_student(guest: Guest) -> None:
    namespace = Namespace(guest)
    cell = """
assert add(1) == 2
def inside(): return add(1, b=len([1, 2]))
assert inside() == 3
assert [add(n) for n in range(3)] == [1, 2, 3]
assert (lambda: [add(n) for n in values])() == [2, 3]
assert abs(-1) == 1
values = "mine"
assert values == "mine"
try:
    nothing
except NameError:
    pass
else:
    raise AssertionError
"""
    exec(compile(cell, "test", "exec"), namespace)
    assert guest.lookup("values") == [1, 2]


def test_what_a_test_cell_binds_is_never_the_students(guest: Guest) -> None:
    namespace = Namespace(guest)
    namespace.own = frozenset({"values"})
    with pytest.raises(CheckError, match="goes on with 'values'"):
        exec("values", namespace)
    exec("values = 1\nassert values == 1 and add(1) == 2", namespace)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
