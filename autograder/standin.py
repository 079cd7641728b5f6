"""What a student defined, used from another process.

In the student's process a :class:`Host` answers requests; in the judge a :class:`Guest` makes them. Plain values
(see :mod:`autograder.wire`) arrive as copies. Anything else stays where it is, and a :class:`StandIn` is called, asked
and iterated in its place. A test cell runs with a :class:`Namespace` as its globals.

What the student's process says is only ever data: it names no code, its exceptions can't end the judge, and when it
dies, is silent or breaks the protocol, :class:`StudentGone` is raised, at once for every later request.

A test should itself import what it uses: a name that only the student's cells define, such as ``np``, is what she
says it is, within the modules that the judge allows.
"""

from __future__ import annotations

import builtins
import importlib
import time
import traceback
import types
import weakref
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import numpy as np

from autograder.checks import CheckError
from autograder.wire import Channel, Reference, WireError, encode

__all__ = ["Guest", "Host", "Namespace", "StandIn", "StudentGone"]

#: Longest text of a representation, a message or a traceback, in characters.
LONGEST = 10_000
#: Most items that iteration gives.
ITEMS = 1_000_000

_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, np.ufunc)


class StudentGone(RuntimeError):  # noqa: N818  # reads as what happened
    """The student's process is dead, silent, or broke the protocol."""


def _text(get: Callable[[], object]) -> str:
    """Return text that the student's code may have a say in, or a remark if it raises."""
    try:
        value = get()
        return str.__str__(value)[:LONGEST] if isinstance(value, str) else ""
    except BaseException:  # noqa: BLE001  # her code may raise anything
        return "(no text available)"


def _reference(number: int, value: object) -> Reference:
    kind = type(value)
    type_name = _text(lambda: kind.__name__)
    if issubclass(kind, types.ModuleType):
        return Reference(number, True, "module", _text(lambda: vars(value)["__name__"]), type_name)
    if issubclass(kind, type):
        return Reference(number, True, "class", _text(lambda: value.__name__), type_name)  # type: ignore[attr-defined]
    if issubclass(kind, _FUNCTIONS):
        return Reference(number, True, "function", _text(lambda: value.__name__), type_name)  # type: ignore[attr-defined]
    return Reference(number, True, "object", "", type_name)


def _bases(error: BaseException) -> list[str]:
    """Return the names of the built-in exceptions that an exception is one of, nearest first."""
    return [c.__name__ for c in type(error).__mro__ if vars(builtins).get(c.__name__) is c and c is not object]


def _message(error: BaseException) -> str:
    if isinstance(error, KeyError) and len(error.args) == 1 and isinstance(error.args[0], str):
        return _text(lambda: error.args[0])  # its str would be quoted once more at every raise
    return _text(lambda: str(error))


def _rebuild(names: object, message: str) -> Exception:
    """Return the nearest built-in exception that can be raised with a message and does not end the process."""
    for name in names if isinstance(names, list) else []:
        kind = vars(builtins).get(name) if isinstance(name, str) else None
        if not isinstance(kind, type) or not issubclass(kind, BaseException):
            continue
        if not issubclass(kind, Exception):
            if kind is BaseException:
                break
            if issubclass(kind, BaseExceptionGroup):
                continue
            return RuntimeError(f"The code raised {name}: it called exit() or stopped itself. {message}".rstrip())
        try:
            return kind(message)
        except TypeError:  # it wants more than a message, as UnicodeDecodeError does
            continue
    return RuntimeError(message)


class Host:
    """Answers for the objects of the student's process.

    Parameters
    ----------
    channel : Channel
        To the judge.
    namespace : dict
        The globals of the student's cells.
    """

    def __init__(self, channel: Channel, namespace: dict[str, Any]) -> None:
        self.channel = channel
        self.namespace = namespace
        self._objects: dict[int, tuple[object, int]] = {}
        self._numbers: dict[int, int] = {}
        self._last = 0
        channel.refer, channel.resolve = self._refer, self._resolve

    def serve_one(self) -> None:
        """Answer one request of the judge; waits until there is one.

        Raises
        ------
        ConnectionError
            If the judge is gone.
        """
        self._answer(self.channel.receive(None))

    def _answer(self, request: Any) -> None:
        operation, released, target, *rest = request
        for number, count in released:
            self._release(number, count)
        try:
            value = self._do(operation, target, rest)
        except BaseException as error:  # noqa: BLE001  # whatever her code raises is the answer
            self.channel.send(("error", _bases(error), _message(error), self._traceback(error)))
            return
        self._reply(value)

    def _reply(self, result: object) -> None:
        before = dict(self._objects)
        try:
            self.channel.send(("ok", result))
        except WireError:  # too large, too deep or a circle: it stays here
            for number in set(self._objects) - set(before):
                self._release(number, self._objects[number][1])
            self._objects.update(before)
            self.channel.send(("whole", tuple(vars(self._refer(result)).values())))

    def _do(self, operation: str, target: Any, rest: list[Any]) -> object:
        if operation == "call":
            args, kwargs = rest
            return target(*args, **kwargs)
        if operation == "lookup":
            return self.namespace[target]
        if operation == "attribute":
            return getattr(target, rest[0])
        if operation == "item":
            return target[rest[0]]
        if operation == "length":
            return len(target)
        if operation == "truth":
            return bool(target)
        if operation == "repr":
            return _text(lambda: repr(target))
        if operation == "items":
            items = list(islice(target, ITEMS + 1))
            if len(items) > ITEMS:
                raise ValueError(f"More than {ITEMS:,} items; does the loop ever end?")
            return items
        raise ValueError(operation)

    def _refer(self, value: object) -> Reference:
        if type(value) is _Callback:  # isinstance would ask the value
            return Reference(value.number, False)
        number = self._numbers.get(id(value))
        if number is None:
            self._last = number = self._last + 1
            self._numbers[id(value)] = number
        count = self._objects[number][1] if number in self._objects else 0
        self._objects[number] = value, count + 1
        return _reference(number, value)

    def _resolve(self, reference: Reference) -> object:
        if reference.mine:
            return _Callback(self, reference.number)
        return self._objects[reference.number][0]

    def _release(self, number: int, count: int) -> None:
        value, left = self._objects[number]
        if left > count:
            self._objects[number] = value, left - count
        else:
            del self._objects[number], self._numbers[id(value)]

    def _traceback(self, error: BaseException) -> str:
        own = ((f, line) for f, line in traceback.walk_tb(error.__traceback__) if f.f_globals is self.namespace)
        return _text(lambda: "".join(traceback.StackSummary.extract(own).format()))


class _Callback:
    """A function of the judge, as the student's code sees it."""

    def __init__(self, host: Host, number: int) -> None:
        self._host, self.number = host, number

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        channel = self._host.channel
        channel.send(("callback", self.number, args, kwargs))
        while True:
            message: Any = channel.receive(None)
            if message[0] == "returned":
                return message[1]
            if message[0] == "raised":
                raise _rebuild(message[1], message[2])
            self._host._answer(message)


class Guest:
    """Asks for the objects of the student's process.

    Parameters
    ----------
    channel : Channel
        To the student's process.
    timeout : float
        How long one request may take, in seconds.
    modules : frozenset of str, optional
        Top-level packages that are imported here when a name of the student's is one of their modules.

    Notes
    -----
    What the student's function changes in place is not changed here: else it could overwrite the data that a test
    compares with.
    """

    def __init__(self, channel: Channel, timeout: float, modules: frozenset[str] = frozenset()) -> None:
        self.channel, self.timeout, self.modules = channel, timeout, modules
        self._known: weakref.WeakValueDictionary[int, StandIn] = weakref.WeakValueDictionary()
        self._released: list[tuple[int, int]] = []
        self._functions: list[Callable[..., Any]] = []
        self.gone = ""
        self._depth = 0
        channel.refer, channel.resolve = self._refer, self._resolve

    def lookup(self, name: str) -> object:
        """Return what the student calls `name`: a copy of a plain value, an allowed module, or a stand-in.

        Raises
        ------
        KeyError
            If the student has no such name.
        StudentGone
            If there is no answer.
        """
        return self._ask("lookup", name)

    def _ask(self, operation: str, target: object, *rest: object) -> Any:
        """Make one request and return the answer, serving the functions that were passed until it comes."""
        if self.gone:
            raise StudentGone(self.gone)
        end = time.monotonic() + self.timeout
        released, self._released = self._released, []
        self._depth += 1
        try:
            self._send((operation, released, target, *rest), end)
            while True:
                kind, *parts = self._receive(end)
                if kind == "callback":
                    self._serve(parts, end)
                elif kind == "error":
                    names, message, trace = parts
                    error = _rebuild(names, str(message))
                    error.student_traceback = str(trace)  # type: ignore[attr-defined]
                    raise error
                elif kind in ("ok", "whole"):
                    (result,) = parts
                    return self._resolve(Reference(*result)) if kind == "whole" else result
                else:
                    raise self._end("broke the protocol")
        finally:
            self._depth -= 1
            if not self._depth:
                self._functions.clear()

    def _send(self, message: object, end: float) -> None:
        try:
            self.channel.send(message, max(end - time.monotonic(), 0.001))
        except TimeoutError:
            raise self._end(f"did not answer within {self.timeout:g} seconds") from None
        except ConnectionError:
            raise self._end("has ended") from None

    def _receive(self, end: float) -> tuple[Any, ...]:
        try:
            message = self.channel.receive(max(end - time.monotonic(), 0.001))
        except TimeoutError:
            raise self._end(f"did not answer within {self.timeout:g} seconds") from None
        except ConnectionError:
            raise self._end("has ended") from None
        except WireError:
            raise self._end("broke the protocol") from None
        sizes = {"ok": 2, "whole": 2, "error": 4, "callback": 4}
        if type(message) is not tuple or not message or type(message[0]) is not str:
            raise self._end("broke the protocol")
        if sizes.get(message[0]) != len(message):
            raise self._end("broke the protocol")
        if message[0] == "whole" and (
            type(message[1]) is not tuple or list(map(type, message[1])) != [int, bool, str, str, str]
        ):
            raise self._end("broke the protocol")
        return message

    def _end(self, what: str) -> StudentGone:
        self.gone = f"The student's code {what}."
        self.channel.close()
        return StudentGone(self.gone)

    def _serve(self, parts: list[Any], end: float) -> None:
        number, args, kwargs = parts
        if type(number) is not int or not 0 <= number < len(self._functions):
            raise self._end("broke the protocol")
        if type(args) is not tuple or type(kwargs) is not dict:
            raise self._end("broke the protocol")
        try:
            answer: tuple[object, ...] = ("returned", self._functions[number](*args, **kwargs))
            encode(answer, self._refer)
        except StudentGone:
            raise
        except Exception as error:  # noqa: BLE001  # hers to see, as in her own kernel
            answer = ("raised", _bases(error), _message(error))
        self._send(answer, end)

    def _refer(self, value: object) -> Reference:
        if type(value) is StandIn:
            return Reference(object.__getattribute__(value, "_number"), False)
        if callable(value) and not isinstance(value, types.ModuleType):
            self._functions.append(value)
            return Reference(len(self._functions) - 1, True, "function")
        raise WireError(
            f"A {type(value).__name__} can't be passed to the student's code: "
            "pass numbers, text, containers, arrays, tables, tensors or functions."
        )

    def _resolve(self, reference: Reference) -> object:
        if not reference.mine:
            if not 0 <= reference.number < len(self._functions):
                raise WireError("A reference to nothing.")
            return self._functions[reference.number]
        known = self._known.get(reference.number)
        if known is None:
            known = self._known[reference.number] = StandIn(self, reference)
        object.__setattr__(known, "_count", object.__getattribute__(known, "_count") + 1)
        module = self._module(reference.name) if reference.kind == "module" else None
        return known if module is None else module

    def _module(self, name: str) -> types.ModuleType | None:
        parts = name.split(".")
        if parts[0] not in self.modules or any(part.startswith("_") for part in parts):
            return None
        try:
            return importlib.import_module(name)
        except (Exception, SystemExit):  # noqa: BLE001  # there is no such module, whatever she says
            return None


class StandIn:
    """Stands for an object of the student's process that is not plain.

    Calls, attributes, items, length, iteration, truth value and representation are the object's. Iteration fetches
    all items at once. Comparison with another stand-in and hashing are by identity; all else raises TypeError. Every
    stand-in passes for callable. An attribute with double underscores is not asked for, except ``__name__``.
    """

    __slots__ = ("__weakref__", "_count", "_guest", "_number", "_reference")
    __array_ufunc__ = None

    def __init__(self, guest: Guest, reference: Reference) -> None:
        for name, value in zip(self.__slots__[1:], (0, guest, reference.number, reference), strict=True):
            object.__setattr__(self, name, value)

    def _ask(self, operation: str, *rest: object) -> Any:
        guest: Guest = object.__getattribute__(self, "_guest")
        return guest._ask(operation, self, *rest)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the object of the student's process."""
        return StandIn._ask(self, "call", args, kwargs)

    def __getattr__(self, name: str) -> Any:
        if name == "__name__":
            return object.__getattribute__(self, "_reference").name
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return StandIn._ask(self, "attribute", name)

    def __setattr__(self, name: str, value: object) -> None:
        raise TypeError(f"A test can't set {name!r} on an object of the student's.")

    def __getitem__(self, key: object) -> Any:
        return StandIn._ask(self, "item", key)

    def __len__(self) -> int:
        return int(StandIn._ask(self, "length"))

    def __bool__(self) -> bool:
        return bool(StandIn._ask(self, "truth"))

    def __iter__(self) -> Iterator[Any]:
        return iter(list(StandIn._ask(self, "items")))

    def __repr__(self) -> str:
        return str(StandIn._ask(self, "repr"))[:LONGEST]

    def __hash__(self) -> int:
        return object.__hash__(self)

    def __eq__(self, other: object) -> bool:
        if type(other) is StandIn:
            return self is other
        return bool(_refuse(self, other))

    def __ne__(self, other: object) -> bool:
        return not self.__eq__(other)

    def __del__(self) -> None:
        guest: Guest = object.__getattribute__(self, "_guest")
        guest._released.append((object.__getattribute__(self, "_number"), object.__getattribute__(self, "_count")))


def _refuse(value: StandIn, *_: object) -> Any:
    kind = object.__getattribute__(value, "_reference").type_name
    raise TypeError(
        f"This is a {kind!r} object of the student's code, not a plain value: "
        "call it, or take a number, text or array from it, and compare or compute with that."
    )


_TWO = "add sub mul matmul truediv floordiv mod divmod pow lshift rshift and xor or"
_ONE = "lt le gt ge neg pos abs invert float int complex index round"
for _name in [*_TWO.split(), *(f"r{_name}" for _name in _TWO.split()), *_ONE.split()]:
    setattr(StandIn, f"__{_name}__", _refuse)


class Namespace(dict[str, Any]):
    """The globals of a test cell: its own names, then the built-in ones, then the student's.

    The student is asked at each access, because her state may change between test cells. In the body of a class
    CPython does not ask a dict subclass; there a test takes the student's name as a default or in a method.

    Attributes
    ----------
    own : frozenset of str
        What the cell binds. It is never the student's, also while the cell has not bound it: a part that ended too
        early would otherwise let her set what the next parts go on with.
    """

    def __init__(self, guest: Guest) -> None:
        super().__init__(__name__="__main__", __builtins__=builtins)
        self._guest = guest
        self.own: frozenset[str] = frozenset()

    def __missing__(self, name: str) -> object:
        if name.startswith("__") or hasattr(builtins, name):
            raise KeyError(name)
        if name in self.own:
            raise CheckError(f"This goes on with '{name}', which the tests could not work out before.")
        return self._guest.lookup(name)
