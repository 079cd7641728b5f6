"""Traces that an attempt to cheat leaves: what a submission's code reaches for, and what it replaces.

Nothing here protects anything, and nothing here takes a point. The sandbox and the judge keep a submission apart
whether it is noticed or not; the traces let the instructor see what was tried, and by which cell. What is looked for is
what no exercise of a course needs, so that honest work leaves none.
"""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any

from autograder.syntax import tree_or_none

#: Modules whose functions are compared before and after each cell. No library of the course changes them.
WATCHED = (
    "builtins", "math", "operator", "json", "numpy", "numpy.testing", "numpy.linalg", "pandas.testing",
    "sklearn.metrics", "autograder.checks", "autograder.standin", "autograder.wire", "autograder.student",
    "autograder.evidence",
)  # fmt: skip
_MODULES = {
    "builtins",
    "ctypes",
    "_ctypes",
    "cffi",
    "socket",
    "multiprocessing.reduction",
    "autograder",
    "nbgrader",
    "atexit",
}
_ATTRIBUTES = {
    "__subclasses__", "_getframe", "_current_frames", "f_back", "f_globals", "f_locals", "tb_frame", "gi_frame",
    "settrace", "setprofile", "addaudithook", "meta_path", "path_hooks", "get_objects", "get_referrers",
    "ast_transformers", "input_transformers_cleanup", "input_transformers_post", "__code__",
    "ast_node_interactivity", "displayhook", "excepthook", "_exit", "killpg", "__builtins__",
}  # fmt: skip
#: A path of the student's own machine, such as /home/kari/data.csv, is an honest mistake; these are not.
_PLACES = ("/proc/", "/etc/passwd", "/etc/shadow", "gradebook.db", "/grading/", "/submitted/", "/.ssh", "HIDDEN TESTS")
_COMPARISONS = ("__eq__", "__ne__", "__lt__", "__gt__", "__le__", "__ge__")
_MOST = 20
_AUDITED = {
    "socket.connect": "connect to a network",
    "socket.bind": "listen on a network",
    "socket.sendto": "send to a network",
    "socket.getaddrinfo": "look up a name on the network",
    "os.kill": "send a signal to a process",
    "os.killpg": "send a signal to a group of processes",
    "ctypes.dlopen": "load a C library",
    "ctypes.dlsym": "call C code",
    "gc.get_objects": "list the objects in memory",
    "gc.get_referrers": "list who holds an object",
    "sys.addaudithook": "add an audit hook",
    "sys.settrace": "trace the interpreter",
    "sys.setprofile": "profile the interpreter",
    "sys._current_frames": "read the frames of other threads",
}
#: Through these a cell asks for a file; its own `open` is a function of IPython's.
_CALLED = (
    "pathlib.py", "socket.py", "os.py", "<frozen os>", "ctypes/__init__.py", "shutil.py", "glob.py",
    "IPython/core/interactiveshell.py",
)  # fmt: skip
_PATHS = {"open", "os.listdir", "os.scandir", "os.remove", "os.rename", "os.symlink", "os.link", "os.chmod"}


def reached(source: str) -> list[str]:
    """Say what the text of a student's cell reaches for that no exercise needs.

    Parameters
    ----------
    source : str
        The cell. One that is not Python gives nothing.

    Returns
    -------
    list of str
        Phrases such as "names ctypes", each once.
    """
    tree = tree_or_none(source)
    found: dict[str, None] = {}
    for node in ast.walk(tree) if tree else ():
        for phrase in _phrases(node):
            found.setdefault(phrase)
    return list(found)[:_MOST]


def _phrases(node: ast.AST) -> Iterable[str]:
    if isinstance(node, ast.Import):
        yield from (f"imports {alias.name}" for alias in node.names if alias.name.partition(".")[0] in _MODULES)
    elif isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] in _MODULES:
        if (node.module, [alias.name for alias in node.names]) != ("autograder", ["checks"]):
            yield f"imports from {node.module}"
    elif isinstance(node, ast.Attribute) and node.attr in _ATTRIBUTES:
        yield f"names {node.attr}"
    elif isinstance(node, ast.Name) and node.id in _ATTRIBUTES:
        yield f"names {node.id}"
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 200:
        yield from (f"names {place}" for place in _PLACES if place in node.value)
    if isinstance(node, ast.ClassDef):
        yield from _lies(node)
    if isinstance(node, ast.Assign | ast.AugAssign | ast.Delete):
        targets = [node.target] if isinstance(node, ast.AugAssign) else node.targets
        yield from (
            f"writes to {text}" for target in targets if (text := ast.unparse(target)).startswith("sys.modules")
        )


def _lies(node: ast.ClassDef) -> Iterable[str]:
    """Find comparisons that always answer the same, whatever they are asked."""
    for item in node.body:
        if isinstance(item, ast.FunctionDef) and item.name in _COMPARISONS and len(item.body) == 1:
            only = item.body[0]
            if (
                isinstance(only, ast.Return)
                and isinstance(only.value, ast.Constant)
                and only.value.value in (True, False)
            ):
                yield f"defines {node.name}.{item.name}, which always answers {only.value.value}"


class Snapshot:
    """What a student's process held before her first cell, to be compared with what it holds after each.

    Parameters
    ----------
    shell : InteractiveShell
        Where her cells run.
    """

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._modules = {name: sys.modules[name] for name in WATCHED if name in sys.modules}
        self._functions = {
            name: {key: value for key, value in vars(module).items() if callable(value)}
            for name, module in self._modules.items()
        }
        self._lists = {name: (get, list(get())) for name, get in self._hooks().items()}
        self._told: set[str] = set()

    def _hooks(self) -> dict[str, Callable[[], Any]]:
        manager = self._shell.input_transformer_manager
        return {
            "IPython's AST transformers": lambda: self._shell.ast_transformers,
            "IPython's input transformers": lambda: (
                manager.cleanup_transforms + manager.line_transforms + manager.token_transformers
            ),
            "Python's import hooks": lambda: sys.meta_path + sys.path_hooks,
        }

    def changes(self) -> list[str]:
        """Say what was replaced since the last time, in phrases such as "replaced numpy.isclose"."""
        found = []
        for name, before in self._functions.items():
            if sys.modules.get(name) is not self._modules[name]:
                found.append(f"replaced the module {name}")
                continue
            now = vars(self._modules[name])
            if any(now.get(key) is not value for key, value in before.items()):
                found += [f"replaced {name}.{key}" for key, value in before.items() if now.get(key) is not value]
        for name, (get, expected) in self._lists.items():
            held = list(get())
            if len(held) != len(expected) or any(a is not b for a, b in zip(held, expected, strict=True)):
                found.append(f"changed {name}")
        found += [
            f"set {name}" for name, get in (("a trace function", sys.gettrace), ("a profiler", sys.getprofile)) if get()
        ]
        new = [phrase for phrase in found if phrase not in self._told]
        self._told.update(new)
        return new[:_MOST]

    def restore(self) -> None:
        """Put back what was replaced, as far as that can be done from inside."""
        sys.settrace(None)
        sys.setprofile(None)
        for name, before in self._functions.items():
            sys.modules[name] = self._modules[name]
            vars(self._modules[name]).update(before)


class Audit:
    """Notes what the student's own code, not a library that it calls, asks of the interpreter."""

    def __init__(self) -> None:
        self._found: dict[str, None] = {}
        self._busy = False

    def start(self) -> None:
        """Begin; a hook stays for the life of the process."""
        sys.addaudithook(self._hook)

    def take(self) -> list[str]:
        """Return what was noted since the last time."""
        found, self._found = list(self._found), {}
        return found

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._busy or not (event in _AUDITED or event in _PATHS):
            return
        self._busy = True
        try:
            phrase = _AUDITED.get(event) or _place(arguments)
            if phrase and len(self._found) < _MOST and _by_a_cell(sys._getframe(1)):
                self._found.setdefault(f"tried to {phrase}")
        except Exception:  # noqa: BLE001  # a note that fails must not change what the student's code does
            return
        finally:
            self._busy = False


def _place(arguments: tuple[Any, ...]) -> str:
    path = arguments[0] if arguments else None
    if not isinstance(path, str | bytes | os.PathLike):
        return ""
    place = os.path.abspath(os.fsdecode(path))  # noqa: PTH100  # resolving would touch the file
    return f"reach {place[:200]}" if any(part in place for part in _PLACES) else ""


def _by_a_cell(frame: FrameType | None) -> bool:
    """Whether the student's own code, or a function of pathlib or io that it called, asked."""
    for _ in range(4):
        if frame is None:
            return False
        name = frame.f_code.co_filename
        if name.startswith(("<ipython-input", "<string>")) or "/ipykernel_" in name:
            return True
        if not name.endswith(_CALLED):
            return False
        frame = frame.f_back
    return False
