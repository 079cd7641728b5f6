"""Plain data between two processes, one of which is hostile.

A message is a plain value: None, a number, text, bytes, a container of plain values, a date, a NumPy scalar or
array, a pandas table, a torch tensor. It crosses a Unix stream socket as one frame: the lengths of header and body,
the header (a tag a value, lengths, small values), and the body (the raw bytes of the arrays). Nothing in a frame
names code: the tags are a fixed set, there is no pickle, and no module is imported by name.

Subclasses arrive as their plain base with their true value, because their own methods are never asked. Not kept are
what two parts of a message share, the write protection of arrays, the gradient of tensors, ``attrs`` of tables,
nanoseconds of a single ``Timestamp`` (those of a column are kept), and names of time zones other than in a column.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import socket as sockets
import struct
import sys
import time
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["DEPTH", "LIMIT", "Channel", "Reference", "WireError", "decode", "encode"]

#: Largest frame, in bytes.
LIMIT = 256 * 2**20
#: Deepest nesting of containers.
DEPTH = 50
#: Most values in one message; a value of one byte takes up to a hundred in memory.
ITEMS = 8_000_000

_PREFIX = struct.Struct("<IQ")
_COUNT = struct.Struct("<I")
_INTEGER = struct.Struct("<q")
_FLOAT = struct.Struct("<d")
_COMPLEX = struct.Struct("<dd")
_ALIGN = 16
_DTYPE = re.compile(r"[<>|][biufcmMSU]\d{1,9}(\[\d{0,9}(Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])?")
# A subclass of these is reduced to the base that it shares with Python: NumPy would ask its methods.
_SCALARS = frozenset(np.sctypeDict.values())
_NULLABLE = frozenset(
    ["str", "string", "boolean", "Float32", "Float64"]
    + [f"{sign}{bits}" for sign in ("Int", "UInt") for bits in (8, 16, 32, 64)]
)
_KINDS = frozenset(["function", "class", "object", "module"])


class WireError(Exception):
    """A value that is not plain or too large, or a frame that is malformed."""


@dataclass(frozen=True)
class Reference:
    """Stands in a message for an object that stays in its process.

    Attributes
    ----------
    number : int
        The place of the object in the table of its process.
    mine : bool
        Whether the object is the sender's; else it is the receiver's and comes home.
    kind : str
        ``function``, ``class``, ``object`` or ``module``.
    name, type_name : str
        What the object and its type call themselves, at most 200 characters each.
    """

    number: int
    mine: bool
    kind: str = "object"
    name: str = ""
    type_name: str = ""


Refer = Callable[[object], Reference]
Resolve = Callable[[Reference], object]


def encode(message: object, refer: Refer | None = None) -> list[memoryview]:
    """Return a frame as pieces to send one after another; arrays are not copied if they are contiguous.

    Parameters
    ----------
    message : object
        A plain value.
    refer : callable, optional
        Gives the :class:`Reference` that stands for an object that is not plain, or raises :class:`WireError`.

    Raises
    ------
    WireError
        If the message is not plain, nested deeper than :data:`DEPTH`, or larger than :data:`LIMIT` bytes.
    """
    writer = _Writer(refer)
    try:
        writer.put(message, 0)
    except WireError:
        raise
    except Exception as error:
        raise WireError(f"A value could not be read: {type(error).__name__}.") from error
    head = _PREFIX.pack(len(writer.head), writer.size)
    if len(head) + len(writer.head) + writer.size > LIMIT:
        raise WireError(f"The data are larger than {LIMIT // 2**20} MB.")
    return [memoryview(head + writer.head), *writer.body]


def decode(head: bytes, body: np.ndarray[Any, Any] | None = None, resolve: Resolve | None = None) -> object:
    """Return the message of a frame.

    Parameters
    ----------
    head : bytes
        The header, without the lengths before it.
    body : ndarray of uint8, optional
        The raw bytes of the arrays. Arrays of the message are views of it.
    resolve : callable, optional
        Gives the object for a :class:`Reference`, or raises :class:`WireError`.

    Raises
    ------
    WireError
        If the frame is malformed. No other exception is raised, whatever the bytes.
    """
    reader = _Reader(head, np.empty(0, np.uint8) if body is None else body, resolve)
    try:
        message = reader.get(0)
    except WireError:
        raise
    except Exception as error:
        raise WireError(f"A frame is malformed: {type(error).__name__}.") from error
    if reader.at != len(head) or reader.used != len(reader.body):
        raise WireError("A frame is longer than its message.")
    return message


class Channel:
    """One end of a connection.

    Parameters
    ----------
    socket : socket.socket
        A connected Unix stream socket. No other process may keep a copy of either end, or the death of the other
        side goes unnoticed.

    limit : int
        The largest frame that is taken, in bytes.

    Attributes
    ----------
    refer, resolve : callable or None
        What :func:`encode` and :func:`decode` do with references.
    """

    def __init__(self, socket: sockets.socket, limit: int = LIMIT) -> None:
        self.socket, self.limit = socket, limit
        self.refer: Refer | None = None
        self.resolve: Resolve | None = None

    def send(self, message: object, timeout: float | None = None) -> None:
        """Send a message.

        Raises
        ------
        WireError
            If the message is not plain or too large; nothing has been sent then.
        TimeoutError
            If the other side does not take it within `timeout` seconds; the connection is useless then.
        ConnectionError
            If the other side is gone.
        """
        pieces = encode(message, self.refer)
        if sum(map(len, pieces)) <= 2**16:
            pieces = [memoryview(b"".join(pieces))]
        end = _end(timeout)
        try:
            for piece in pieces:
                self.socket.settimeout(_left(end))
                self.socket.sendall(piece)
        except (TimeoutError, ConnectionError):
            raise
        except OSError as error:
            raise ConnectionError("The connection is closed.") from error

    def receive(self, timeout: float | None) -> object:
        """Return the next message.

        Raises
        ------
        TimeoutError
            If it has not arrived whole within `timeout` seconds.
        WireError
            If the frame is malformed or too large. The connection is useless then.
        ConnectionError
            If the other side is gone.
        """
        end = _end(timeout)
        head_size, body_size = _PREFIX.unpack(self._read(_PREFIX.size, end).data)
        if _PREFIX.size + head_size + body_size > self.limit:
            raise WireError(f"A frame is larger than {self.limit // 2**20} MB.")
        head = self._read(head_size, end).tobytes()
        return decode(head, self._read(body_size, end), self.resolve)

    def close(self) -> None:
        """Close the socket."""
        self.socket.close()

    def _read(self, size: int, end: float | None) -> np.ndarray[Any, Any]:
        data = np.empty(size, np.uint8)
        rest = data.data
        try:
            while len(rest):
                self.socket.settimeout(_left(end))
                got = self.socket.recv_into(rest)
                if not got:
                    raise ConnectionError("The other side is gone.")
                rest = rest[got:]
        except (TimeoutError, ConnectionError):
            raise
        except OSError as error:
            raise ConnectionError("The connection is closed.") from error
        return data


def _end(timeout: float | None) -> float | None:
    return None if timeout is None else time.monotonic() + timeout


def _left(end: float | None) -> float | None:
    if end is None:
        return None
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError("The other side did not answer in time.")
    return left


class _Writer:
    """A header under way, and the pieces of the body."""

    def __init__(self, refer: Refer | None) -> None:
        self.head = bytearray()
        self.body: list[memoryview] = []
        self.size = 0
        self.items = 0
        self.refer = refer

    def put(self, value: object, depth: int) -> None:
        if depth > DEPTH:
            raise WireError(f"The data are nested deeper than {DEPTH} levels.")
        self._count(1)
        kind, head = type(value), self.head  # the class that a value can't lie about
        if value is None:
            head += b"N"
        elif kind is bool:
            head += b"T" if value else b"F"
        elif kind in _SCALARS:
            self._scalar(value, depth)
        elif issubclass(kind, float):
            head += b"f" + _FLOAT.pack(float.__float__(value))  # type: ignore[arg-type]
        elif issubclass(kind, int):
            self._integer(int.__int__(value))  # type: ignore[arg-type]
        elif issubclass(kind, str):
            self._bytes(b"s", str.__str__(value).encode("utf-8", "surrogatepass"))
        elif issubclass(kind, bytes):
            self._bytes(b"b", bytes.__bytes__(value))  # type: ignore[arg-type]
        elif issubclass(kind, list):
            self._list(list(list.__iter__(value)), depth)  # type: ignore[arg-type]
        elif issubclass(kind, tuple):
            self._values(b"t", list(tuple.__iter__(value)), depth)  # type: ignore[arg-type]
        elif issubclass(kind, dict):
            pairs: list[tuple[object, object]] = list(dict.items(value))  # type: ignore[arg-type]
            self._values(b"d", [part for pair in pairs for part in pair], depth)
        elif issubclass(kind, set):
            self._values(b"e", list(set.__iter__(value)), depth)  # type: ignore[arg-type]
        elif issubclass(kind, frozenset):
            self._values(b"z", list(frozenset.__iter__(value)), depth)  # type: ignore[arg-type]
        elif issubclass(kind, complex):
            number = complex.__complex__(value)  # type: ignore[arg-type]
            head += b"c" + _COMPLEX.pack(number.real, number.imag)
        elif issubclass(kind, np.ndarray):
            self._array(value, depth)
        elif kind is Reference:
            raise WireError("A reference can't be sent by itself.")
        else:
            self._other(value, kind, depth)

    def _count(self, number: int) -> None:
        self.items += number
        if self.items > ITEMS:
            raise WireError(f"The data hold more than {ITEMS:,} values; put them into an array.")

    def _bytes(self, tag: bytes, data: bytes) -> None:
        self.head += tag + _COUNT.pack(len(data))
        self.head += data

    def _integer(self, value: int) -> None:
        if -(2**63) <= value < 2**63:
            self.head += b"i" + _INTEGER.pack(value)
        else:
            self._bytes(b"I", value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True))

    def _list(self, values: list[Any], depth: int) -> None:
        if len(values) > 16:
            kinds = set(map(type, values))
            for kind, tag, code in ((float, b"v", "d"), (int, b"w", "q")):
                if kinds == {kind}:
                    try:
                        data = array(code, values).tobytes()
                    except OverflowError:
                        break
                    self._count(len(values))
                    self._bytes(tag, data)
                    return
        self._values(b"l", values, depth)

    def _values(self, tag: bytes, values: list[Any], depth: int) -> None:
        self.head += tag + _COUNT.pack(len(values))
        for value in values:
            self.put(value, depth + 1)

    def _plain(self, tag: bytes, parts: object, depth: int) -> None:
        """Put what a value consists of, none of which may be a reference."""
        refer, self.refer = self.refer, None
        try:
            self.head += tag
            self.put(parts, depth + 1)
        finally:
            self.refer = refer

    def _scalar(self, value: Any, depth: int) -> None:
        self.head += b"g"
        self._array(np.generic.__array__(value), depth)

    def _array(self, value: Any, depth: int) -> None:
        if issubclass(type(value), np.ma.MaskedArray):
            raise WireError("A masked array is not plain; fill it first.")
        values = np.ndarray.view(value, np.ndarray)
        if values.dtype.kind == "O":
            flat = [item for item in values.reshape(-1)]  # noqa: C416  # tolist would turn the elements
            self._plain(b"o", (values.shape, flat), depth)
            return
        text = values.dtype.str
        if values.dtype.names is not None or not _is_dtype(text) or values.dtype.itemsize == 0:
            raise WireError(f"An array of {str(values.dtype)[:100]} is not plain.")
        fortran = values.flags.f_contiguous and not values.flags.c_contiguous
        data = np.ascontiguousarray(values.T if fortran else values)
        self.head += b"A"
        self._bytes(b"F" if fortran else b"C", text.encode("ascii"))
        self.head += bytes([values.ndim]) + struct.pack(f"<{values.ndim}Q", *values.shape)
        if data.nbytes:
            if self.size + data.nbytes > LIMIT:
                raise WireError(f"The data are larger than {LIMIT // 2**20} MB.")
            self.body.append(data.reshape(-1).view(np.uint8).data)
            padding = -data.nbytes % _ALIGN
            if padding:
                self.body.append(memoryview(bytes(padding)))
            self.size += data.nbytes + padding

    def _other(self, value: Any, kind: type, depth: int) -> None:
        for tag, base, parts in _PARTS:
            if issubclass(kind, base):
                self._plain(tag, parts(value), depth)
                return
        pandas, torch = sys.modules.get("pandas"), sys.modules.get("torch")
        if pandas is not None and value is pandas.NaT:
            self.head += b"n"
        elif pandas is not None and value is pandas.NA:
            self.head += b"a"
        elif issubclass(kind, dt.datetime):
            self._plain(b"D", _moment(value), depth)
        elif issubclass(kind, dt.date):
            self._plain(b"O", dt.date.toordinal(value), depth)
        elif pandas is not None and issubclass(kind, pandas.Index):
            self._plain(b"x", _index_parts(pandas, value), depth)
        elif pandas is not None and issubclass(kind, pandas.Series):
            series = pandas.Series(value)
            self._plain(b"y", ((series.name, *_column_parts(pandas, series.array)), series.index), depth)
        elif pandas is not None and issubclass(kind, pandas.DataFrame):
            frame = pandas.DataFrame(value)
            columns = [_column_parts(pandas, frame.iloc[:, place].array) for place in range(frame.shape[1])]
            self._plain(b"q", ((frame.columns, *columns), frame.index), depth)
        elif torch is not None and issubclass(kind, torch.Tensor):
            with torch._C.DisableTorchFunctionSubclass():
                self._plain(b"p", torch.Tensor.detach(value).cpu().numpy(), depth)
        elif self.refer is not None:
            reference = self.refer(value)
            self.head += b"r"
            refer, self.refer = self.refer, None
            self.put(
                (reference.number, reference.mine, reference.kind, reference.name[:200], reference.type_name[:200]),
                depth,
            )
            self.refer = refer
        else:
            raise WireError(f"A value of type {kind.__name__[:100]} is not plain.")


class _Reader:
    """A header being read, and how much of the body has been used."""

    def __init__(self, head: bytes, body: np.ndarray[Any, Any], resolve: Resolve | None) -> None:
        self.head, self.body, self.resolve = head, body, resolve
        self.at = self.used = self.items = 0

    def get(self, depth: int) -> Any:
        if depth > DEPTH:
            raise WireError(f"A frame is nested deeper than {DEPTH} levels.")
        self._count(1)
        tag = self._take(1)
        reader = _READERS.get(tag)
        if reader is None:
            raise WireError("A frame has an unknown tag.")
        return reader(self, depth)

    def _count(self, number: int) -> None:
        self.items += number
        if self.items > ITEMS:
            raise WireError(f"A frame holds more than {ITEMS:,} values.")

    def _take(self, size: int) -> bytes:
        data = self.head[self.at : self.at + size]
        if len(data) != size:
            raise WireError("A frame ends too early.")
        self.at += size
        return data

    def _bytes(self, depth: int = 0) -> bytes:
        return self._take(_COUNT.unpack(self._take(4))[0])

    def _text(self, depth: int) -> str:
        return self._bytes().decode("utf-8", "surrogatepass")

    def _integer(self, depth: int) -> int:
        return int(_INTEGER.unpack(self._take(8))[0])

    def _large(self, depth: int) -> int:
        return int.from_bytes(self._bytes(), "little", signed=True)

    def _float(self, depth: int) -> float:
        return float(_FLOAT.unpack(self._take(8))[0])

    def _complex(self, depth: int) -> complex:
        return complex(*_COMPLEX.unpack(self._take(16)))

    def _packed(self, code: str) -> list[Any]:
        values = array(code, self._bytes())
        self._count(len(values))
        return values.tolist()

    def _list(self, depth: int) -> list[Any]:
        return [self.get(depth + 1) for _ in range(self._length())]

    def _length(self) -> int:
        length = int(_COUNT.unpack(self._take(4))[0])
        if length > len(self.head) - self.at:  # a value takes a byte at least
            raise WireError("A frame ends too early.")
        return length

    def _dict(self, depth: int) -> dict[Any, Any]:
        parts = self._list(depth)
        if len(parts) % 2:
            raise WireError("A frame has a key without a value.")
        return dict(zip(parts[::2], parts[1::2], strict=True))

    def _plain(self, depth: int) -> Any:
        resolve, self.resolve = self.resolve, None
        try:
            return self.get(depth + 1)
        finally:
            self.resolve = resolve

    def _scalar(self, depth: int) -> Any:
        if self._take(1) != b"A":
            raise WireError("A frame has a malformed number.")
        values = self._array(depth)
        if values.ndim:
            raise WireError("A frame has a malformed number.")
        return values[()]

    def _array(self, depth: int) -> np.ndarray[Any, Any]:
        order = self._take(1)
        text = self._bytes().decode("ascii")
        if order not in (b"C", b"F") or not _is_dtype(text):
            raise WireError("A frame has a malformed array.")
        dtype, dimensions = np.dtype(text), self._take(1)[0]
        shape = struct.unpack(f"<{dimensions}Q", self._take(8 * dimensions))
        size = math.prod(shape) * dtype.itemsize
        if not dtype.itemsize or size > len(self.body) - self.used:
            raise WireError("A frame has a malformed array.")
        raw = self.body[self.used : self.used + size]
        self.used = min(self.used + size + -size % _ALIGN, len(self.body))
        if dtype.kind == "b" and size and raw.max() > 1:
            raise WireError("A frame has a truth value that is neither true nor false.")
        if dtype.kind == "U" and size and raw.view(dtype.str[0] + "u4").max() > 0x10FFFF:
            raise WireError("A frame has text that is not Unicode.")
        flat = raw.view(dtype) if size else np.empty(0, dtype)
        return flat.reshape(shape[::-1]).T if order == b"F" else flat.reshape(shape)

    def _objects(self, depth: int) -> np.ndarray[Any, Any]:
        shape, items = self._plain(depth)
        if type(shape) is not tuple or type(items) is not list or math.prod(shape) != len(items):
            raise WireError("A frame has a malformed array.")
        values = np.empty(len(items), object)
        for place, item in enumerate(items):
            values[place] = item
        return values.reshape(shape)

    def _reference(self, depth: int) -> object:
        resolve = self.resolve
        fields = self._plain(depth)
        kinds = [int, bool, str, str, str]
        if resolve is None or type(fields) is not tuple or list(map(type, fields)) != kinds or fields[2] not in _KINDS:
            raise WireError("A frame has a malformed reference.")
        return resolve(Reference(*fields))

    def _nat(self, depth: int) -> Any:
        import pandas as pd

        return pd.NaT

    def _na(self, depth: int) -> Any:
        import pandas as pd

        return pd.NA

    def _index(self, depth: int) -> Any:
        return _index(self._plain(depth))

    def _series(self, depth: int) -> Any:
        import pandas as pd

        (name, kind, *parts), index = self._plain(depth)
        return pd.Series(_column(kind, parts), index=_of(index, pd.Index), name=name)

    def _frame(self, depth: int) -> Any:
        import pandas as pd

        (names, *columns), index = self._plain(depth)
        built = {place: _column(kind, parts) for place, (kind, *parts) in enumerate(columns)}
        if any(len(column) != len(index) for column in built.values()):
            raise WireError("A frame has a table of unequal columns.")
        frame = pd.DataFrame(built, index=_of(index, pd.Index), copy=False)
        frame.columns = _of(names, pd.Index)
        return frame

    def _tensor(self, depth: int) -> Any:
        values = _of(self._plain(depth), np.ndarray)
        torch = sys.modules.get("torch")
        return values if torch is None else torch.from_numpy(values)

    def _date(self, depth: int) -> dt.date:
        return dt.date.fromordinal(self._plain(depth))

    def _datetime(self, depth: int) -> dt.datetime:
        year, month, day, hour, minute, second, microsecond, offset, fold = self._plain(depth)
        zone = None if offset is None else dt.timezone(offset)
        return dt.datetime(year, month, day, hour, minute, second, microsecond, zone, fold=fold)

    def _timedelta(self, depth: int) -> dt.timedelta:
        days, seconds, microseconds = (_of(part, int) for part in self._plain(depth))
        return dt.timedelta(days, seconds, microseconds)

    def _slice(self, depth: int) -> slice:
        return slice(*_of(self._plain(depth), tuple))

    def _range(self, depth: int) -> range:
        return range(*_of(self._plain(depth), tuple))


def _is_dtype(text: str) -> bool:
    return text in ("<M8", "<m8", ">M8", ">m8") or _DTYPE.fullmatch(text) is not None


def _of(value: Any, kind: type) -> Any:
    if not issubclass(type(value), kind):
        raise WireError("A frame is malformed.")
    return value


def _moment(value: dt.datetime) -> tuple[object, ...]:
    fields = (value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond)
    return (*fields, value.utcoffset(), value.fold)


def _column_parts(pandas: Any, values: Any) -> tuple[object, ...]:
    """Return a word for the kind of a column, then what :func:`_column` needs."""
    dtype = values.dtype
    if isinstance(dtype, pandas.CategoricalDtype):
        return "category", values.codes, values.categories, values.ordered
    if isinstance(dtype, pandas.DatetimeTZDtype):
        plain = values.tz_convert("UTC").tz_localize(None)
        return "zone", plain.to_numpy(), str(dtype.tz)
    if str(dtype) in _NULLABLE:
        return "nullable", str(dtype), values.to_numpy(dtype=object)
    if isinstance(dtype, np.dtype) or isinstance(values, pandas.arrays.NumpyExtensionArray):
        return "array", values.to_numpy()
    raise WireError(f"A column of {str(dtype)[:100]} is not plain.")


def _column(kind: object, parts: list[Any]) -> Any:
    import pandas as pd

    if kind == "array":
        (values,) = parts
        if _of(values, np.ndarray).ndim != 1:
            raise WireError("A frame has a malformed column.")
        return pd.Series(values, dtype=values.dtype).array if values.dtype.kind in "OMm" else values
    if kind == "nullable":
        name, values = parts
        if name not in _NULLABLE or _of(values, np.ndarray).dtype != object or values.ndim != 1:
            raise WireError("A frame has a malformed column.")
        return pd.array(values, dtype=name)
    if kind == "category":
        codes, categories, ordered = parts
        return pd.Categorical.from_codes(_of(codes, np.ndarray), _of(categories, pd.Index), ordered=_of(ordered, bool))
    if kind == "zone":
        values, zone = parts
        return pd.DatetimeIndex(_of(values, np.ndarray)).tz_localize("UTC").tz_convert(_of(zone, str)).array
    raise WireError("A frame has a malformed column.")


def _index_parts(pandas: Any, index: Any) -> tuple[object, ...]:
    if isinstance(index, pandas.RangeIndex):
        return "range", index.name, (index.start, index.stop, index.step)
    if isinstance(index, pandas.MultiIndex):
        return "levels", list(index.names), [index.get_level_values(place) for place in range(index.nlevels)]
    return ("values", index.name, *_column_parts(pandas, index.array))


def _index(parts: Any) -> Any:
    import pandas as pd

    kind, name, *rest = parts
    if kind == "range":
        return pd.RangeIndex(*(_of(bound, int) for bound in rest[0]), name=name)
    if kind == "levels":
        return pd.MultiIndex.from_arrays([_of(level, pd.Index) for level in rest[0]], names=name)
    if kind == "values":
        values = _column(rest[0], rest[1:])
        return pd.Index(values, name=name, dtype=values.dtype, tupleize_cols=False)
    raise WireError("A frame has a malformed index.")


def _bounds(value: Any) -> Iterable[object]:
    return (value.start, value.stop, value.step)


_PARTS: tuple[tuple[bytes, type, Callable[[Any], object]], ...] = (
    (b"S", slice, _bounds),
    (b"R", range, _bounds),
    (b"M", dt.timedelta, lambda value: (value.days, value.seconds, value.microseconds)),
)

_READERS: dict[bytes, Callable[[_Reader, int], Any]] = {
    b"N": lambda _reader, _depth: None,
    b"T": lambda _reader, _depth: True,
    b"F": lambda _reader, _depth: False,
    b"i": _Reader._integer,
    b"I": _Reader._large,
    b"f": _Reader._float,
    b"c": _Reader._complex,
    b"s": _Reader._text,
    b"b": _Reader._bytes,
    b"l": _Reader._list,
    b"v": lambda reader, _depth: reader._packed("d"),
    b"w": lambda reader, _depth: reader._packed("q"),
    b"t": lambda reader, depth: tuple(reader._list(depth)),
    b"d": _Reader._dict,
    b"e": lambda reader, depth: set(reader._list(depth)),
    b"z": lambda reader, depth: frozenset(reader._list(depth)),
    b"g": _Reader._scalar,
    b"A": _Reader._array,
    b"o": _Reader._objects,
    b"S": _Reader._slice,
    b"R": _Reader._range,
    b"O": _Reader._date,
    b"D": _Reader._datetime,
    b"M": _Reader._timedelta,
    b"n": _Reader._nat,
    b"a": _Reader._na,
    b"x": _Reader._index,
    b"y": _Reader._series,
    b"q": _Reader._frame,
    b"p": _Reader._tensor,
    b"r": _Reader._reference,
}
