"""Where everything of the course lies."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

from autograder import lab, lecture
from autograder.errors import CourseError, MisuseError, nearest


@dataclass(frozen=True)
class Course:
    """A checkout of the course.

    Parameters
    ----------
    root : Path
        The folder that holds ``_config.yml`` and ``_toc.yml``.
    """

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> Course:
        """Find the course around a folder (by default the working directory, or ``COURSE_ROOT`` if set).

        Raises
        ------
        MisuseError
            If no folder above holds ``_config.yml`` and ``labs/``.
        """
        named = os.environ.get("COURSE_ROOT")
        start = (start or Path(named or ".")).resolve()
        for folder in (start, *start.parents):
            if (folder / "_config.yml").is_file() and (folder / "labs").is_dir():
                return cls(folder)
        raise MisuseError(f"No course at {start} or above: run this in a checkout of the course, or set COURSE_ROOT.")

    @property
    def build(self) -> Path:
        """Everything generated; may be deleted at any time."""
        return self.root / "_build"

    @property
    def grading(self) -> Path:
        """The course directory of nbgrader: submissions, gradebook, feedback. Never generated, never deleted."""
        return self.root / "grading"

    @property
    def lock(self) -> Path:
        """The lock file of the environment."""
        return self.root / "requirements.txt"

    @property
    def bibliography(self) -> Path:
        """The BibTeX file of the book."""
        return self.root / "book" / "references.bib"

    @cached_property
    def labs(self) -> dict[str, list[Path]]:
        """The labs by name, each with its notebooks' sources in reading order."""
        found: dict[str, list[Path]] = {}
        for index in sorted(self.root.glob("labs/*/index.md")):
            found[index.parent.name] = sorted(index.parent.glob("*.py"))
        return found

    def sources(self, name: str) -> list[Path]:
        """Return the sources of one lab.

        Raises
        ------
        MisuseError
            If there is no such lab; names the nearest.
        """
        if name not in self.labs:
            raise MisuseError(f"There is no lab '{name}'.{nearest(name, self.labs)} Labs: {', '.join(self.labs)}.")
        return self.labs[name]

    @cached_property
    def lectures(self) -> list[Path]:
        """The lectures that run: Markdown files of the book with code cells."""
        return [path for path in sorted(self.root.glob("book/**/*.md")) if lecture.has_code(path)]

    def notebooks(self) -> list[Path]:
        """Return the source of every notebook of the course, labs first."""
        return [source for sources in self.labs.values() for source in sources] + self.lectures

    def notebook(self, name: str) -> Path:
        """Return the source of one notebook, named as ``ml/diagnosis``, ``diagnosis`` or by its path.

        Raises
        ------
        MisuseError
            If there is no such notebook, or more than one of that name.
        """
        by_name = {self.name(source): source for source in self.notebooks()}
        wanted = name.removeprefix("./").removeprefix("labs/").removesuffix(".py").removesuffix(".md")
        if Path(name).is_absolute():
            wanted = self.name(Path(name).resolve())
        matches = [source for key, source in by_name.items() if wanted in (key, key.rpartition("/")[2])]
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise MisuseError(f"'{name}' may be any of {', '.join(map(self.name, matches))}: give the lab as well.")
        raise MisuseError(f"There is no notebook '{name}'.{nearest(wanted, by_name)}")

    def chosen(self, names: Iterable[str]) -> list[Path]:
        """Return the sources of notebooks that are named as in :meth:`notebook`, or by their lab: ``ml``, ``labs/ml``.

        Raises
        ------
        MisuseError
            If a name is no lab's and no notebook's, or may be several things.
        """
        found: dict[Path, None] = {}
        for name in names:
            lab = name.removeprefix("./").rstrip("/")
            if lab.removeprefix("labs/") not in self.labs:
                found[self.notebook(name)] = None
                continue
            same = [self.name(one) for one in self.notebooks() if self.name(one).rpartition("/")[2] == lab]
            if same:
                raise MisuseError(f"'{lab}' may be the lab labs/{lab} or {' or '.join(same)}: say which.")
            found |= dict.fromkeys(self.sources(lab.removeprefix("labs/")))
        return list(found)

    def name(self, source: Path) -> str:
        """Return the short name of a notebook, such as ``ml/diagnosis`` or ``book/model``."""
        return self.relative(source.with_suffix("")).removeprefix("labs/")

    def relative(self, path: Path) -> str:
        """Return a path as it is named in messages: from the root, with forward slashes."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.as_posix()

    def read(self, source: Path) -> lab.Notebook:
        """Read the source of a notebook.

        Raises
        ------
        LabError
            If anything is wrong with it, an unknown objective or a data set without a card included.
        """
        if source.suffix == ".md":
            return lecture.read(source, self.relative(source), self.cards)
        return lab.read(source, self.relative(source), self.objectives, self.cards)

    @cached_property
    def cards(self) -> dict[str, Path]:
        """The data cards by name of the data set; each holds the hash of its data."""
        return {path.stem: path for path in sorted(self.root.glob("labs/clinic/cards/*.yml"))}

    @cached_property
    def objectives(self) -> dict[str, str]:
        """The learning objectives of the course: text by id, in the order of ``book/objectives.yml``.

        Raises
        ------
        CourseError
            If the file is missing or is not as it should be.
        """
        path = self.root / "book" / "objectives.yml"
        try:
            return {key: str(entry["text"]) for key, entry in yaml.safe_load(path.read_text("utf-8")).items()}
        except (OSError, yaml.YAMLError, AttributeError, KeyError, TypeError) as error:
            raise CourseError(f"{self.relative(path)}: expected 'id: {{text: …}}' entries ({error}).") from error
