"""Plain data over a socket."""

from __future__ import annotations

import datetime as dt
import math
import random
import socket
import struct
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from autograder import wire
from autograder.wire import DEPTH, LIMIT, Channel, WireError, decode, encode


def frame(value: object) -> tuple[bytes, bytes]:
    data = b"".join(encode(value))
    size, _ = struct.unpack_from("<IQ", data)
    return data[12 : 12 + size], data[12 + size :]


def unframe(head: bytes, body: bytes) -> object:
    return decode(head, np.frombuffer(bytearray(body), np.uint8))


def there(value: object) -> Any:
    return unframe(*frame(value))


PLAIN = [
    None, True, False, 0, -1, 2**63, -(2**63), -(2**200), 1.5, math.inf, math.nan, -0.0, complex(-0.0, math.nan), "", "blåbær \ud800",
    b"\0x", [], [1, [2.0, "x"]], (), ((1,),), {}, {"a": {1: None}}, {1, 2}, frozenset({"x"}), [1.5] * 40, [3] * 40, [2**70] * 40, [True] * 40,
    slice(1, None, -1), range(3, 9, 2), dt.date(2020, 2, 29), dt.timedelta(-1, 3, 5), dt.datetime(2020, 1, 2, 3, 4, 5, 6, fold=1),
    dt.datetime(2020, 1, 2, tzinfo=dt.timezone(dt.timedelta(hours=2))),
    np.float16(1.5), np.float64(-0.0), np.longdouble(1) / 3, np.int8(-3), np.uint64(2**64 - 1), np.bool_(True), np.complex64(1j), np.str_("x"), np.bytes_(b"x"),
    np.datetime64("2020-01-01T00:00", "ns"), np.timedelta64(3, "D"), np.datetime64("NaT"), pd.NaT, pd.NA,
]  # fmt: skip
ARRAYS = [
    np.zeros((0, 3)), np.array(5), np.arange(12).reshape(3, 4)[::-1, ::2], np.arange(3, dtype=">i4"), np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    np.array(["a", "bæb"]), np.array([b"a", b"bb"]), np.array([True, False]), np.array(["2020-01-01", "NaT"], "M8[D]"), np.arange(3, dtype="m8[s]"),
    np.array([None, "x", 1.5], object), np.array([], object), np.zeros(3, complex), np.array(["a"], dtype=">U3"),
]  # fmt: skip
TABLES = [
    pd.Series([1, 2], name="x", index=["p", "q"]), pd.Series(["a", None]), pd.Series(["a"], dtype="string"), pd.Series(["b", None, "a"], dtype="category"),
    pd.Series(pd.to_datetime(["2020-01-01", None])), pd.Series(pd.to_datetime(["2020-01-01"])).dt.tz_localize("Europe/Oslo"),
    pd.Series([1, None], dtype="Int64"), pd.Series([True, None], dtype="boolean"), pd.Series([1, "a", None], dtype=object), pd.Series([pd.Timedelta(1)]),
    pd.DataFrame({"a": [1, 2], "b": ["x", "y"], "c": [0.5, np.nan]}, index=pd.Index(["p", "q"], name="n")), pd.DataFrame(),
    pd.DataFrame([[1, 2.0]], columns=["a", "a"]), pd.DataFrame({("a", "b"): [True]}), pd.Index([1.5, 2]), pd.RangeIndex(2, 9, 3, name="r"),
    pd.MultiIndex.from_tuples([(1, "a"), (2, "b")], names=["u", None]), pd.date_range("2020-01-01", periods=2, tz="UTC"),
]  # fmt: skip


@pytest.mark.parametrize("value", PLAIN, ids=lambda value: f"{type(value).__name__}-{str(value)[:20]!a}")
def test_plain_values_arrive_as_they_are(value: object) -> None:
    got = there(value)
    assert type(got) is type(value)
    assert repr(got) == repr(value)


@pytest.mark.parametrize("values", ARRAYS, ids=lambda values: f"{values.dtype.str}{values.shape}")
def test_arrays_arrive_as_they_are(values: np.ndarray[Any, Any]) -> None:
    got = there(values)
    assert (type(got), got.dtype, got.shape) == (np.ndarray, values.dtype, values.shape)
    assert got.tolist() == values.tolist() or repr(got) == repr(values)
    assert got.flags.writeable


@pytest.mark.parametrize("table", TABLES, ids=lambda table: f"{type(table).__name__}-{getattr(table, 'dtype', '')}")
def test_tables_arrive_as_they_are(table: Any) -> None:
    check = {pd.Series: pd.testing.assert_series_equal, pd.DataFrame: pd.testing.assert_frame_equal}
    check.get(type(table), pd.testing.assert_index_equal)(there(table), table)


def test_tensors_arrive_without_gradient() -> None:
    for tensor in (
        torch.ones(2, 3),
        torch.tensor(3.0, requires_grad=True),
        torch.nn.Parameter(torch.zeros(0)),
        torch.arange(6).reshape(2, 3).T,
    ):
        got = there(tensor)
        assert type(got) is torch.Tensor
        assert got.dtype == tensor.dtype
        assert torch.equal(got, tensor.detach())
        assert not got.requires_grad


class Agree:
    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 1

    def __iter__(self) -> Any:
        return iter([42])

    def __len__(self) -> int:
        return 1

    def lie(self, *_: object) -> Any:
        raise RuntimeError

    __float__ = __int__ = __index__ = __str__ = __bytes__ = __complex__ = __array__ = __array_finalize__ = (
        __reduce__
    ) = __repr__ = items = lie  # type: ignore[assignment]
    __class__ = property(lambda self: int)  # type: ignore[assignment]


@pytest.mark.parametrize("true", [1.5, 7, "x", b"x", 2j, [1, 2], (1, 2), {"a": 1}, {3}, frozenset({3})], ids=repr)
def test_a_subclass_that_lies_arrives_honest(true: Any) -> None:
    got = there(type("Liar", (Agree, type(true)), {})(true))
    assert type(got) is type(true)
    assert repr(got) == repr(true)


def test_an_array_and_a_number_of_numpy_that_lie_arrive_honest() -> None:
    class Liar(np.ndarray):
        def __eq__(self, other: object) -> Any:
            return True

        dtype = property(lambda self: 1 / 0)  # type: ignore[assignment]

        def __getattribute__(self, name: str) -> Any:
            raise RuntimeError(name)

    got = there(np.arange(3.0).view(Liar))
    assert type(got) is np.ndarray
    assert got.tolist() == [0, 1, 2]
    scalar = there(type("Scalar", (Agree, np.float64), {})(2.5))
    assert type(scalar) is float
    assert scalar == 2.5


def test_what_is_not_plain_is_refused() -> None:
    class Bomb:
        def __reduce__(self) -> Any:
            raise SystemExit

    circle: list[Any] = []
    circle.append(circle)
    structured = np.zeros(2, dtype=[("a", int), ("b", float)])
    masked = np.ma.masked_array([1, 2], [True, False])
    for value in (Bomb(), [Bomb()], object, print, circle, structured, masked, np.array([Bomb()], object), iter([])):
        with pytest.raises(WireError):
            encode(value)


def test_what_is_too_large_is_refused() -> None:
    with pytest.raises(WireError, match="256 MB"):
        encode(np.zeros(LIMIT, np.uint8))
    ours, hers = socket.socketpair()
    with ours, hers:
        hers.sendall(struct.pack("<IQ", 10, 2**63))
        with pytest.raises(WireError, match="256 MB"):
            Channel(ours).receive(1)
        hers.sendall(struct.pack("<IQ", 10, 2 * 2**20))
        with pytest.raises(WireError, match="larger than 1 MB"):
            Channel(ours, 2**20).receive(1)


@pytest.mark.filterwarnings("ignore")
def test_a_hostile_frame_raises_nothing_but_a_wire_error() -> None:
    source = random.Random(1)
    frames = [frame(value) for value in (*PLAIN, *ARRAYS, *TABLES, torch.ones(2))]
    refused = 0
    for _ in range(6000):
        head, body = (bytearray(part) for part in source.choice(frames))
        for part in (head, body):
            for _ in range(source.randint(1, 4) if part else 0):
                part[source.randrange(len(part))] = source.choice(
                    [0, 1, 255, source.randrange(256), *b"NTFiIfcsbltdezgAoSRODMnaxyqpr"]
                )
        cut = source.randrange(len(head) + 1) if source.random() < 0.2 else len(head)
        try:
            unframe(bytes(head[:cut]), bytes(body))
        except WireError:
            refused += 1
    for _ in range(6000):
        try:
            unframe(source.randbytes(source.randrange(40)), source.randbytes(source.randrange(40)))
        except WireError:
            refused += 1
    assert 6000 < refused < 12000


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (b"", b""), (b"NN", b""), (b"?", b""), (b"l\xff\xff\xff\xff", b""), (b"l\1\0\0\0" * 60, b""), (b"r" + frame((1, True, "object", "", ""))[0], b""),
        (b"AC\x03\0\0\0|b1\1" + struct.pack("<Q", 1), b"\2"), (b"AC\x03\0\0\0<U1\1" + struct.pack("<Q", 1), b"\xff" * 4),
        (b"AC\x03\0\0\0|O8\1" + struct.pack("<Q", 1), b"\2" * 8), (b"AC\x03\0\0\0<f8\2" + struct.pack("<QQ", 2**63, 2**63), b""), (b"N", b"x"),
        (b"e\1\0\0\0l\0\0\0\0", b""), (b"d\1\0\0\0N", b""),
    ],
)  # fmt: skip
def test_a_malformed_frame_is_refused(head: bytes, body: bytes) -> None:
    with pytest.raises(WireError):
        unframe(head, body)


def test_a_frame_that_is_too_deep_or_holds_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = b"l\1\0\0\0" * (DEPTH + 1) + b"N"
    with pytest.raises(WireError, match="nested deeper"):
        unframe(deep, b"")
    monkeypatch.setattr(wire, "ITEMS", 100)
    with pytest.raises(WireError, match="more than 100 values"):
        encode([None] * 101)
    with pytest.raises(WireError, match="more than 100 values"):
        unframe(b"l" + struct.pack("<I", 101) + b"N" * 101, b"")


def test_a_channel_says_when_the_other_side_is_silent_or_gone() -> None:
    ours, hers = socket.socketpair()
    channel = Channel(ours)
    with pytest.raises(TimeoutError):
        channel.receive(0.05)
    with pytest.raises(TimeoutError):
        channel.send(np.zeros(10**7), 0.05)
    hers.close()
    with pytest.raises(ConnectionError):
        channel.receive(1)
    with pytest.raises(ConnectionError):
        channel.send(1)
