"""Two hundred honest submissions of varied style: none is flagged, and each gets the points that it earned."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import CliRunner

from autograder import cli, log
from tests.hostile.conftest import hand_in, make_course

Cells = list[dict[str, Any]]

#: Ways to write the first answer; the second number is what it earns of three points.
SENSITIVITY = (
    ("def sensitivity(tp, fn):\n    return tp / (tp + fn) if tp + fn else float('nan')", 3),
    ("def sensitivity(tp, fn):\n    if tp + fn == 0:\n        return float('nan')\n    return tp / (tp + fn)", 3),
    ("import numpy as np\ndef sensitivity(tp, fn):\n    return np.nan if not (tp or fn) else np.divide(tp, np.add(tp, fn))", 3),
    ("import math\nsensitivity = lambda tp, fn: tp / (tp + fn) if tp + fn else math.nan", 3),
    ("def share(part, rest):\n    whole = part + rest\n    return part / whole if whole else float('nan')\n\ndef sensitivity(tp, fn):\n    return share(tp, fn)", 3),
    ("class Table:\n    def __init__(self, tp, fn):\n        self.tp, self.fn = tp, fn\n    def __eq__(self, other):\n        return (self.tp, self.fn) == (other.tp, other.fn)\n    def sensitivity(self):\n        return self.tp / (self.tp + self.fn) if self.tp + self.fn else float('nan')\n\ndef sensitivity(tp, fn):\n    return Table(tp, fn).sensitivity()", 3),
    ("def sensitivity(tp, fn):\n    try:\n        return tp / (tp + fn)\n    except ZeroDivisionError:\n        return float('nan')", 3),
    ("def sensitivity(tp, fn):\n    total = 0\n    for _ in range(200_000):\n        total += 1\n    return tp / (tp + fn) if tp + fn else float('nan')", 3),
    ("import warnings\ndef sensitivity(tp, fn):\n    warnings.warn('few patients')\n    return tp / (tp + fn) if tp + fn else float('nan')", 3),
    ("import numpy as np\ndef sensitivity(tp, fn):\n    return np.float64(tp) / np.float64(tp + fn)", 3),
    ("from functools import lru_cache\n@lru_cache\ndef sensitivity(tp: int, fn: int) -> float:\n    '''Share of the ill that are found.'''\n    return tp / (tp + fn) if tp + fn else float('nan')", 3),
    ("import pandas as pd\ndef sensitivity(tp, fn):\n    counts = pd.Series({'tp': tp, 'fn': fn})\n    return float(counts['tp'] / counts.sum()) if counts.sum() else float('nan')", 3),
    ("def sensitivity(tp, fn):\n    print('tp', tp, 'fn', fn)\n    return tp / (tp + fn) if tp + fn else float('nan')", 3),
    ("def sensitivity(tp, fn):\n    return tp / (tp + fn)", 2),
    ("def sensitivity(tp, fn):\n    return fn / (tp + fn)", 0),
    ("def sensitivity(tp, fn):\n    return round(tp / (tp + fn), 1) if tp + fn else float('nan')", 2),
)  # fmt: skip
RAREST = (
    ("rarest = 17", 2),
    ("numbers = [31, 17, 4711]\nrarest = min(numbers)", 2),
    ("import numpy as np\nrarest = int(np.min([31, 17, 4711]))", 2),
    ("import numpy as np\nrarest = np.array([31, 17, 4711]).min()", 2),
    ("rarest = sorted({31, 17, 4711})[0]", 2),
    ("rarest = 17.0", 2),
    ("rarest = 31", 0),
    ("rarest = None", 0),
)
EXTRA = (
    "# just trying things\nx = [n ** 2 for n in range(10)]\nx",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3])\nplt.title('my plot')\nplt.show()",
    "from pathlib import Path\nPath('notes.txt').write_text('hello')\nprint(Path('notes.txt').read_text(), Path.cwd().name)",
    "import pandas as pd\npd.read_csv('/home/kari/Downloads/data.csv')",
    "from pathlib import Path\nprint(list(Path('/content/drive/MyDrive').glob('*')), Path.home().name, list(Path('..').iterdir()))",
    "import os, sys\nprint(sys.version_info[:2], os.getcwd() != '')",
    "%timeit -n 1 -r 1 sum(range(1000))",
    "%matplotlib inline\n!echo hello",
    "import time\nstart = time.time()\nsum(range(100_000))\nprint(time.time() - start >= 0)",
    "import random, numpy as np\nrandom.seed(1); np.random.seed(1)\nnp.random.default_rng(3).normal(size=3)",
    "import pandas as pd\npd.options.display.max_rows = 5\npd.DataFrame({'a': range(20)})",
    "1 / 0",
    "try:\n    open('data.csv')\nexcept FileNotFoundError as error:\n    print(error)",
    "import warnings\nwarnings.filterwarnings('ignore')",
    "print = print\nlist_of_things = list('abc')\nsum = 5",
    "from dataclasses import dataclass\n@dataclass(order=True)\nclass Patient:\n    age: int\nPatient(3) < Patient(4), Patient(3) == Patient(3)",
    "from sklearn.linear_model import LogisticRegression\nLogisticRegression().fit([[0.], [1.], [2.]], [0, 0, 1]).predict([[3.]])",
    "import torch\ntorch.manual_seed(0)\ntorch.nn.Linear(2, 1)(torch.ones(1, 2)).sum().backward()",
    "help(len)",
    "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\nfib(12)",
    "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(2) as pool:\n    print(list(pool.map(abs, [-1, 2])))",
    "import tempfile\nwith tempfile.NamedTemporaryFile('w+') as file:\n    file.write('x')",
    "import copy, itertools, collections, json\njson.dumps(collections.Counter('banana'))",
    "assert sensitivity(8, 2) is not None if 'sensitivity' in globals() else True",
)  # fmt: skip


def styled(text: str, chance: random.Random) -> str:
    """Rewrite an answer as another student would: other names, remarks, blank lines."""
    ways: list[Callable[[str], str]] = [
        lambda code: re.sub(r"\btp\b", "found", re.sub(r"\bfn\b", "missed", code)),
        lambda code: f"# my answer\n{code}\n",
        lambda code: code.replace("\n", "\n\n", 1),
        lambda code: f'{code}\nprint("done")',
        lambda code: code.replace("    ", "  "),
        lambda code: f'"""What I thought: divide."""\n{code}',
    ]
    for way in chance.sample(ways, chance.randrange(3)):
        text = way(text)
    return text


@pytest.mark.slow
def test_honest_submissions_are_not_flagged_and_get_what_they_earned(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    course = make_course(tmp_path / "course")
    monkeypatch.setenv("COURSE_ROOT", str(course.root))
    assert CliRunner().invoke(cli.app, ["release", "tiny"]).exit_code == 0
    release = (course.grading / "release" / "tiny" / "first.ipynb").read_bytes()
    chance = random.Random(219)
    earned = {}
    for number in range(200):
        notebook = json.loads(release)
        (first, points), (second, more) = SENSITIVITY[number % len(SENSITIVITY)], chance.choice(RAREST)
        answers = {"sensitivity": styled(first, chance), "rarest": second, "trust": "On patients like mine."}
        for cell in notebook["cells"]:
            cell["source"] = answers.get(cell["metadata"].get("nbgrader", {}).get("grade_id"), cell["source"])
        cells: Cells = notebook["cells"]
        for text in {EXTRA[number % len(EXTRA)], chance.choice(EXTRA)}:
            mine = {
                "cell_type": "code",
                "metadata": {},
                "source": text,
                "outputs": [],
                "execution_count": None,
                "id": f"m{len(cells)}",
            }
            cells.insert(chance.randrange(2, len(cells) + 1), mine)
        student = f"s{number:03}"
        hand_in(course, student, json.dumps(notebook).encode())
        earned[student] = {"first/sensitivity-tests": points, "first/rarest-tests": more}
    assert CliRunner().invoke(cli.app, ["grade", "tiny"]).exit_code == 0
    latest = log.latest(course, "tiny")
    assert len(latest) == 200
    flagged = {student: entry.evidence for student, entry in latest.items() if entry.evidence}
    assert flagged == {}
    given = {student: {cell: entry.scores[cell] for cell in earned[student]} for student, entry in latest.items()}
    assert {s: (given[s], earned[s]) for s in earned if given[s] != earned[s]} == {}
