"""A second pair of eyes on QTI 2.1 packages: what a schema overlooks, and what an answer earns by the item's own rules.

Nothing here knows how `autograder.exam.qti` writes. The expressions follow IMS QTI 2.1, Assessment Test, Section and
Item Information Model (2012), chapters *Response Processing* and *Expressions*: no answer is NULL, ``and`` and ``or``
know three values, and a condition that is NULL counts as false. Only what our items use is understood, and anything
else is named. How a platform turns what is typed into a number is not in the standard; here it is done as Inspera does
it, with point or comma.
"""

from __future__ import annotations

import math
import re
import struct
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path, PurePosixPath
from typing import NamedTuple, overload
from xml.etree import ElementTree

from autograder.errors import CourseError

Element = ElementTree.Element


class Point(NamedTuple):
    """A pixel, from the top left corner."""

    x: float
    y: float


Single = bool | float | str | Point
#: The value of a variable: None is NULL, a list is a container. Pairs are texts with one space.
Value = Single | list[Single] | None

_QTI = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
_PACKAGING = "{http://www.imsglobal.org/xsd/imscp_v1p1}"
_TEMPLATE = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"
_MANIFEST = "imsmanifest.xml"
_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_TYPED = re.compile(r"[-+]?(\d+[.,]?\d*|[.,]\d+)(e[-+]?\d+)?", re.IGNORECASE)
_LEFT = re.compile(r"\{\{.*?\}\}|\[\[\w+\]\]")
_PNG = b"\x89PNG\r\n\x1a\n"
_NEAR = 1e-9
#: Up to how many options all answers to a choice are tried.
_ALL = 8

_NUMBERS = ("float", "integer")
_CARDINALITIES = ("single", "multiple", "ordered")
#: What each interaction may be bound to: base types and cardinalities.
_INTERACTIONS = {
    "choiceInteraction": (("identifier",), ("single", "multiple")),
    "orderInteraction": (("identifier",), ("ordered",)),
    "matchInteraction": (("directedPair",), ("multiple",)),
    "selectPointInteraction": (("point",), ("single", "multiple")),
    "textEntryInteraction": (("string", "float", "integer"), ("single",)),
    "extendedTextInteraction": (("string",), ("single",)),
}
_CHOICES = ("simpleChoice", "simpleAssociableChoice")
_VERDICTS = ("feedback_unanswered", "feedback_wrong", "feedback_partially_correct", "feedback_correct")
_MANUAL = ("feedback_unanswered", "feedback_answered")


class ProcessingError(CourseError):
    """An item's rules can't be carried out; the message names the element."""


@dataclass(frozen=True)
class Worth:
    """A mapping: what the values of a response are worth.

    Parameters
    ----------
    entries : dict of float
        By value.
    otherwise : float
        What any other value is worth.
    lowest, highest : float
        The bounds of the sum.
    """

    entries: Mapping[Single, float]
    otherwise: float
    lowest: float
    highest: float

    def of(self, value: Value) -> float:
        """Return what a value is worth; in a container, equal values count once."""
        total = math.fsum(self.entries.get(one, self.otherwise) for one in dict.fromkeys(_listed(value)))
        return min(max(total, self.lowest), self.highest)


@dataclass(frozen=True)
class Area:
    """A circle on an image, and what a point in it is worth.

    Parameters
    ----------
    x, y, radius : float
        In pixels.
    points : float
        For a point inside.
    """

    x: float
    y: float
    radius: float
    points: float

    def holds(self, value: Value) -> bool:
        """Say whether a value is a point inside."""
        return isinstance(value, Point) and (value.x - self.x) ** 2 + (value.y - self.y) ** 2 <= self.radius**2


@dataclass(frozen=True)
class Declaration:
    """A variable of an item.

    Parameters
    ----------
    name, cardinality, base : str
        As declared.
    correct, default : object
        The right answer and the value to begin with; None if there is none.
    worth : Worth, optional
        The mapping of a response.
    areas : tuple of Area
        The area mapping of a response; a point outside of all is worth nothing.
    minimum, maximum : float, optional
        Of an outcome.
    """

    name: str
    cardinality: str
    base: str
    correct: Value
    default: Value
    worth: Worth | None
    areas: tuple[Area, ...]
    minimum: float | None
    maximum: float | None

    def fits(self, value: Value) -> bool:
        """Say whether the variable can hold a value."""
        if value is None:
            return True
        if isinstance(value, list) != (self.cardinality != "single"):
            return False
        return all(_is(self.base, one) for one in _listed(value))


@dataclass(frozen=True)
class Document:
    """An item as read.

    Parameters
    ----------
    root : Element
        The element ``assessmentItem``.
    """

    root: Element

    @cached_property
    def responses(self) -> dict[str, Declaration]:
        """What a student hands in, by name."""
        return {one.get("identifier", ""): _declared(one) for one in self.all("responseDeclaration")}

    @cached_property
    def outcomes(self) -> dict[str, Declaration]:
        """What comes of it, by name."""
        return {one.get("identifier", ""): _declared(one) for one in self.all("outcomeDeclaration")}

    @cached_property
    def interactions(self) -> list[Element]:
        """Where she answers."""
        return [one for one in self.root.iter() if _local(one).endswith("Interaction")]

    @cached_property
    def rules(self) -> list[Element]:
        """The response rules, also where a template stands for them."""
        processing = self.root.find(f"{_QTI}responseProcessing")
        if processing is None:
            raise ProcessingError("responseProcessing is missing: nothing gives points.")
        template = processing.get("template")
        if template is None:
            return list(processing)
        if len(processing) or template.removesuffix(".xml") != _TEMPLATE:
            message = f"responseProcessing names the template '{template}': only match_correct, without rules, will do."
            raise ProcessingError(message)
        return [_match_correct()]

    @property
    def manual(self) -> bool:
        """Whether a person must mark it."""
        return any(_local(one) == "extendedTextInteraction" for one in self.interactions)

    def all(self, name: str) -> list[Element]:
        """Return all elements of a name."""
        return list(self.root.iter(f"{_QTI}{name}"))


def complaints(package: Path) -> list[str]:
    """Return what is wrong with a QTI 2.1 package, one sentence each that names the file and the element.

    Schemas are not applied here; what they demand is taken for granted where it does no harm.

    Parameters
    ----------
    package : Path
        The zip.
    """
    try:
        with zipfile.ZipFile(package) as archive:
            names = archive.namelist()
            files = {name: archive.read(name) for name in names}
    except (OSError, zipfile.BadZipFile) as error:
        return [f"{package.name} is not a zip that can be read: {error}."]
    twice = [f"{name} lies twice in the zip." for name, count in Counter(names).items() if count > 1]
    return [*twice, *_package(files)]


def scores(item_xml: str | bytes, responses: Mapping[str, object]) -> float | None:
    """Return the points that an item's own response processing gives.

    Parameters
    ----------
    item_xml : str or bytes
        The file of the item.
    responses : dict
        By the name of the response variable: a text, a number or what was typed for one, the two numbers of a pixel, or
        a collection of texts. None, or nothing in it, is no answer.

    Returns
    -------
    float or None
        The value of ``SCORE``; None where a person must decide.

    Raises
    ------
    ProcessingError
        If the item can't be read, has no such response, or uses what is not understood here.
    """
    score = outcomes(item_xml, responses)["SCORE"]
    return None if score is None else float(score)  # type: ignore[arg-type]


def outcomes(item_xml: str | bytes, responses: Mapping[str, object]) -> dict[str, Value]:
    """Return all outcome variables after response processing; see `scores`."""
    document = Document(_parsed(item_xml))
    if "SCORE" not in document.outcomes:
        raise ProcessingError("outcomeDeclaration 'SCORE' is missing.")
    given: dict[str, Value] = {}
    for name, raw in responses.items():
        if name not in document.responses:
            raise ProcessingError(f"there is no responseDeclaration '{name}'.")
        given[name] = _given(document.responses[name], raw)
    return _Run(document, given).outcomes()


# Reading


def _parsed(text: str | bytes) -> Element:
    data = text.encode() if isinstance(text, str) else text
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ProcessingError("has a document type declaration, which has no place in a package.")
    try:
        return ElementTree.fromstring(data)  # noqa: S314  # entities are refused above
    except ElementTree.ParseError as error:
        raise ProcessingError(f"is not well-formed XML: {error}.") from error


def _local(element: Element) -> str:
    """Return the name of a QTI element, and of another one its namespace with it."""
    return element.tag.removeprefix(_QTI) if isinstance(element.tag, str) else ""


def _called(element: Element) -> str:
    """Return how a sentence names an element."""
    for key in ("responseIdentifier", "identifier", "mapKey", "href", "data", "src"):
        if key in element.attrib:
            return f"{_local(element).removeprefix(_PACKAGING)} '{element.get(key)}'"
    return _local(element).removeprefix(_PACKAGING)


def _declared(element: Element) -> Declaration:
    base, cardinality = element.get("baseType", ""), element.get("cardinality", "")
    mapping = element.find(f"{_QTI}mapping")
    return Declaration(
        element.get("identifier", ""),
        cardinality,
        base,
        _values(element.find(f"{_QTI}correctResponse"), base, cardinality),
        _values(element.find(f"{_QTI}defaultValue"), base, cardinality),
        None if mapping is None else _worth(mapping, base),
        _areas(element),
        _float(element, "normalMinimum"),
        _float(element, "normalMaximum"),
    )


def _worth(mapping: Element, base: str) -> Worth:
    entries = {_read(base, entry.get("mapKey", ""), entry): _float(entry, "mappedValue", 0.0) for entry in mapping}
    bounds = {"defaultValue": 0.0, "lowerBound": -math.inf, "upperBound": math.inf}
    return Worth(entries, *(_float(mapping, name, default) for name, default in bounds.items()))


def _values(parent: Element | None, base: str, cardinality: str) -> Value:
    if parent is None or not len(parent):
        return None
    found = [_read(base, value.text or "", parent) for value in parent]
    return found[0] if cardinality == "single" else found


def _areas(declaration: Element) -> tuple[Area, ...]:
    mapping = declaration.find(f"{_QTI}areaMapping")
    if mapping is None:
        return ()
    if _float(mapping, "defaultValue", 0.0) or {"lowerBound", "upperBound"} & set(mapping.keys()):
        raise ProcessingError("areaMapping has bounds or a defaultValue, which are not understood here.")
    return tuple(_area(entry) for entry in mapping)


def _area(entry: Element) -> Area:
    coords = entry.get("coords", "")
    if entry.get("shape") != "circle":
        raise ProcessingError(f"areaMapEntry has the shape '{entry.get('shape')}', which is not understood here.")
    try:
        x, y, radius = (float(number) for number in coords.split(","))
    except ValueError:
        raise ProcessingError(f"areaMapEntry has the coords '{coords}': a circle is x,y,radius.") from None
    return Area(x, y, radius, _float(entry, "mappedValue", 0.0))


@overload
def _float(element: Element, name: str) -> float | None: ...
@overload
def _float(element: Element, name: str, default: float) -> float: ...
def _float(element: Element, name: str, default: float | None = None) -> float | None:
    text = element.get(name)
    try:
        return default if text is None else float(text)
    except ValueError:
        raise ProcessingError(f"{_called(element)} has '{text}' for {name}, which is not a number.") from None


def _read(base: str, text: str, place: Element) -> Single:
    """Return a value as it stands in a file."""
    try:
        return _READERS[base](text)
    except (ValueError, KeyError):
        message = f"{_called(place)} has the value '{text}', which is not of base type '{base}'."
        raise ProcessingError(message) from None


def _point(text: str) -> Point:
    x, y = text.split()
    return Point(float(x), float(y))


def _pair(text: str) -> str:
    first, second = text.split()
    return f"{first} {second}"


_READERS: dict[str, Callable[[str], Single]] = {
    "identifier": str.strip,
    "string": str,
    "float": float,
    "integer": lambda text: float(int(text)),
    "point": _point,
    "directedPair": _pair,
}


def _is(base: str, value: Single) -> bool:
    return isinstance(value, float if base in _NUMBERS else Point if base == "point" else str)


def _listed(value: Value) -> list[Single]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _given(declaration: Declaration, raw: object) -> Value:
    """Return what a student hands in as a value of the variable."""
    if raw is None or raw == "" or (isinstance(raw, list | tuple | set | frozenset) and not raw):
        return None
    match declaration.cardinality, declaration.base, raw:
        case "single", "identifier" | "string", str():
            return raw
        case "single", "float" | "integer", str():
            return _typed(raw)
        case "single", "float" | "integer", int() | float():
            return float(raw)
        case "single", "point", (int() | float() as x, int() | float() as y):
            return Point(x, y)
        case "ordered", _, list() | tuple():
            return [str(one) for one in raw]
        case "multiple", _, list() | tuple() | set() | frozenset():
            return sorted(str(one) for one in raw)
    kind = f"{declaration.cardinality} {declaration.base}"
    raise ProcessingError(f"responseDeclaration '{declaration.name}' is of {kind} and can't take {raw!r}.")


def _typed(text: str) -> float | None:
    tidy = text.strip()
    return float(tidy.replace(",", ".")) if _TYPED.fullmatch(tidy) else None


def _match_correct() -> Element:
    """Return the rule that the template stands for, as the standard has it."""
    pair = '<match><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></match>'
    one, none = (
        f'<setOutcomeValue identifier="SCORE"><baseValue baseType="float">{value}</baseValue></setOutcomeValue>'
        for value in (1, 0)
    )
    text = f"<responseIf>{pair}{one}</responseIf><responseElse>{none}</responseElse>"
    return _parsed(f'<responseCondition xmlns="{_QTI[1:-1]}">{text}</responseCondition>')


# Scoring


@dataclass
class _Run:
    """One run of response processing."""

    document: Document
    given: Mapping[str, Value]

    def outcomes(self) -> dict[str, Value]:
        self.values: dict[str, Value] = {name: one.default for name, one in self.document.outcomes.items()}
        self._carry_out(self.document.rules)
        return self.values

    def _carry_out(self, rules: Iterable[Element]) -> None:
        for rule in rules:
            match _local(rule):
                case "responseCondition":
                    self._choose(rule)
                case "setOutcomeValue":
                    self._set(rule)
                case other:
                    raise ProcessingError(f"the response rule '{other}' is not understood here.")

    def _choose(self, condition: Element) -> None:
        for branch in condition:
            if _local(branch) == "responseElse":
                self._carry_out(branch)
                return
            if len(branch) and self.value(branch[0]) is True:
                self._carry_out(branch[1:])
                return

    def _set(self, rule: Element) -> None:
        name = rule.get("identifier", "")
        if name not in self.values:
            raise ProcessingError(f"{_called(rule)} sets an outcome that is not declared.")
        (value,) = self.parts(rule, 1)
        if not self.document.outcomes[name].fits(value):
            raise ProcessingError(f"{_called(rule)} sets a value that is not of the type declared: {value}.")
        self.values[name] = value

    def value(self, expression: Element) -> Value:
        """Return the value of an expression."""
        name = _local(expression)
        if name not in _EXPRESSIONS:
            raise ProcessingError(f"the expression '{name}' is not understood here.")
        return _EXPRESSIONS[name](self, expression)

    def parts(self, expression: Element, count: int | None = None) -> list[Value]:
        """Return the values of what an expression is made of, which must be `count` if that is given."""
        if count not in (None, len(expression)):
            raise ProcessingError(f"{_called(expression)} has {len(expression)} parts, and needs {count}.")
        return [self.value(one) for one in expression]

    def response(self, expression: Element) -> Declaration:
        name = expression.get("identifier", "")
        if name not in self.document.responses:
            raise ProcessingError(f"{_called(expression)} names a response that is not declared.")
        return self.document.responses[name]


def _variable(run: _Run, expression: Element) -> Value:
    name = expression.get("identifier", "")
    if name in run.values:
        return run.values[name]
    return run.given.get(run.response(expression).name)


def _correct(run: _Run, expression: Element) -> Value:
    declaration = run.response(expression)
    if declaration.correct is None:
        raise ProcessingError(f"{_called(expression)} asks for a right answer, and there is no correctResponse.")
    return declaration.correct


def _base_value(_: _Run, expression: Element) -> Value:
    return _read(expression.get("baseType", ""), expression.text or "", expression)


def _and(run: _Run, expression: Element) -> Value:
    values = run.parts(expression)
    return False if False in values else None if None in values else True


def _or(run: _Run, expression: Element) -> Value:
    values = run.parts(expression)
    return True if True in values else None if None in values else False


def _not(run: _Run, expression: Element) -> Value:
    (value,) = run.parts(expression, 1)
    return None if value is None else not value


def _is_null(run: _Run, expression: Element) -> Value:
    (value,) = run.parts(expression, 1)
    return value is None


def _match(run: _Run, expression: Element) -> Value:
    left, right = run.parts(expression, 2)
    if left is None or right is None:
        return None
    if isinstance(left, list) and isinstance(right, list) and not _ordered(run, expression):
        return Counter(left) == Counter(right)
    return left == right


def _ordered(run: _Run, expression: Element) -> bool:
    named = [run.document.responses.get(part.get("identifier", "")) for part in expression]
    return any(one is not None and one.cardinality == "ordered" for one in named)


def _compare(holds: Callable[[float, float], bool]) -> Callable[[_Run, Element], Value]:
    def compare(run: _Run, expression: Element) -> Value:
        left, right = run.parts(expression, 2)
        if left is None or right is None:
            return None
        return holds(_as_number(left, expression), _as_number(right, expression))

    return compare


def _sum(run: _Run, expression: Element) -> Value:
    values = run.parts(expression)
    return None if None in values else math.fsum(_as_number(value, expression) for value in values)


def _as_number(value: Value, expression: Element) -> float:
    if isinstance(value, float):
        return value
    raise ProcessingError(f"the expression '{_local(expression)}' needs numbers, and has '{value}'.")


def _string_match(run: _Run, expression: Element) -> Value:
    left, right = run.parts(expression, 2)
    if left is None or right is None:
        return None
    if expression.get("substring") == "true":
        raise ProcessingError("stringMatch with 'substring' is not understood here.")
    if expression.get("caseSensitive") == "true":
        return left == right
    return str(left).casefold() == str(right).casefold()


def _map_response(run: _Run, expression: Element) -> Value:
    declaration = run.response(expression)
    if declaration.worth is None:
        raise ProcessingError(f"{_called(expression)} asks for a mapping, and there is none.")
    return declaration.worth.of(run.given.get(declaration.name))


def _map_response_point(run: _Run, expression: Element) -> Value:
    declaration = run.response(expression)
    if not declaration.areas:
        raise ProcessingError(f"{_called(expression)} asks for an areaMapping, and there is none.")
    points = _listed(run.given.get(declaration.name))
    return math.fsum(area.points for area in declaration.areas if any(map(area.holds, points)))


_EXPRESSIONS: dict[str, Callable[[_Run, Element], Value]] = {
    "variable": _variable,
    "correct": _correct,
    "baseValue": _base_value,
    "null": lambda _, __: None,
    "and": _and,
    "or": _or,
    "not": _not,
    "isNull": _is_null,
    "match": _match,
    "lt": _compare(lambda left, right: left < right),
    "lte": _compare(lambda left, right: left <= right),
    "gt": _compare(lambda left, right: left > right),
    "gte": _compare(lambda left, right: left >= right),
    "sum": _sum,
    "stringMatch": _string_match,
    "mapResponse": _map_response,
    "mapResponsePoint": _map_response_point,
}


# Complaints about the package


def _package(files: Mapping[str, bytes]) -> Iterator[str]:
    if _MANIFEST not in files:
        yield f"{_MANIFEST} is missing: it must lie at the top of the zip, not in a folder."
        return
    try:
        manifest = _parsed(files[_MANIFEST])
    except ProcessingError as error:
        yield f"{_MANIFEST}: {error}"
        return
    if manifest.tag != f"{_PACKAGING}manifest":
        yield f"{_MANIFEST}: the root is '{manifest.tag}', not a manifest of IMS content packaging 1.1."
        return
    for sentence in _manifest(manifest, files):
        yield f"{_MANIFEST}: {sentence}"
    names: Counter[str] = Counter()
    for resource in manifest.iter(f"{_PACKAGING}resource"):
        href = resource.get("href", "")
        if href in files:
            listed = {file.get("href", "") for file in resource.iter(f"{_PACKAGING}file")}
            root, sentences = _item(files[href], files, listed)
            yield from (f"{href}: {sentence}" for sentence in sentences)
            names.update([] if root is None else [root.get("identifier", "")])
    for name, count in names.items():
        if count > 1:
            yield f"{_MANIFEST}: {count} items have the identifier '{name}': results can't be told apart."


def _manifest(manifest: Element, files: Mapping[str, bytes]) -> Iterator[str]:
    if manifest.find(f"{_PACKAGING}organizations") is None:
        yield "organizations is missing: it must be there, and may be empty."
    resources = list(manifest.iter(f"{_PACKAGING}resource"))
    if not resources:
        yield "resources names no item."
    yield from _twice("resource", [resource.get("identifier", "") for resource in resources])
    listed = {_MANIFEST}
    for resource in resources:
        hrefs = [file.get("href", "") for file in resource.iter(f"{_PACKAGING}file")]
        listed |= {*hrefs, resource.get("href", "")}
        yield from _resource(resource, hrefs, files)
    for name in sorted(name for name in files.keys() - listed if not name.endswith("/")):
        yield f"no resource has a file '{name}', which lies in the zip."


def _resource(resource: Element, hrefs: list[str], files: Mapping[str, bytes]) -> Iterator[str]:
    called, href = _called(resource), resource.get("href", "")
    if resource.get("type") != "imsqti_item_xmlv2p1":
        yield f"{called} is of type '{resource.get('type')}', not imsqti_item_xmlv2p1."
    if href not in hrefs:
        yield f"{called} has the href '{href}', and no file of it."
    for one in sorted({*hrefs, href}):
        if one not in files:
            yield f"{called} has a file '{one}', which does not lie in the zip."
    for dependency in resource.iter(f"{_PACKAGING}dependency"):
        yield f"{called} depends on '{dependency.get('identifierref')}': an item stands for itself here."


def _twice(kind: str, names: Iterable[str]) -> Iterator[str]:
    for name, count in Counter(names).items():
        if count > 1:
            yield f"{kind} '{name}' is there {count} times."


# Complaints about an item


def _item(data: bytes, files: Mapping[str, bytes], listed: set[str]) -> tuple[Element | None, list[str]]:
    """Return the item if it can be read, and what is wrong with it."""
    try:
        root = _parsed(data)
    except ProcessingError as error:
        return None, [str(error)]
    if _local(root) != "assessmentItem":
        return None, [f"the root is '{_local(root)}', not an assessmentItem of QTI 2.1."]
    document = Document(root)
    found = list(_images(document, files, listed))
    try:
        for check in _CHECKS:
            found.extend(check(document))
        # What is found by trying would only say the same again in other words
        found.extend([] if found else _tried(document))
    except ProcessingError as error:
        found.append(str(error))
    return root, found


def _head(document: Document) -> Iterator[str]:
    root = document.root
    if not _NAME.fullmatch(root.get("identifier", "")):
        yield f"assessmentItem has the identifier '{root.get('identifier')}', which is not a name by the rules of XML."
    if not root.get("title", "").strip():
        yield "assessmentItem has no title."
    if root.get("adaptive") != "false":
        yield "assessmentItem is adaptive: it can't be scored once and for all."
    for element in root.iter():
        # Code may well have double brackets of its own
        texts = ["" if _local(element) == "code" else element.text, element.tail, element.get("title")]
        if left := next((match[0] for text in texts if text and (match := _LEFT.search(text))), None):
            yield f"{_called(element)} has a place left to be filled, '{left}'."


def _declarations(document: Document) -> Iterator[str]:
    elements = document.all("responseDeclaration") + document.all("outcomeDeclaration")
    yield from _twice("declaration", [element.get("identifier", "") for element in elements])
    for element in elements:
        keys = [entry.get("mapKey", "") for entry in element.iter(f"{_QTI}mapEntry")]
        yield from _twice(f"{_called(element)}: mapKey", keys)
        if element.get("baseType") not in _READERS or element.get("cardinality") not in _CARDINALITIES:
            kind = f"{element.get('cardinality')} {element.get('baseType')}"
            yield f"{_called(element)} is declared as '{kind}', which is not understood here."
    for name, base in (("SCORE", "float"), ("FEEDBACK", "identifier")):
        outcome = document.outcomes.get(name)
        if outcome is None:
            if name == "SCORE" or document.all("setOutcomeValue"):
                yield f"outcomeDeclaration '{name}' is missing."
        elif (outcome.cardinality, outcome.base) != ("single", base):
            yield f"outcomeDeclaration '{name}' is {outcome.cardinality} {outcome.base}; it must be single {base}."
        elif name == "SCORE" and not (outcome.maximum and outcome.maximum > 0):
            yield "outcomeDeclaration 'SCORE' has no normalMaximum above 0."


def _bound(document: Document) -> Iterator[str]:
    names = [one.get("responseIdentifier", "") for one in document.interactions]
    if not names:
        yield "itemBody has no interaction: there is nothing to answer."
    yield from _twice("responseIdentifier", names)
    for name in sorted(document.responses.keys() - set(names)):
        yield f"responseDeclaration '{name}' has no interaction."
    for interaction in document.interactions:
        yield from _interaction(document, interaction)


def _interaction(document: Document, interaction: Element) -> Iterator[str]:
    called, kind = _called(interaction), _local(interaction)
    declaration = document.responses.get(interaction.get("responseIdentifier", ""))
    if declaration is None:
        yield f"{called} has no responseDeclaration."
        return
    if kind not in _INTERACTIONS:
        yield f"{called} is not understood here."
        return
    bases, cardinalities = _INTERACTIONS[kind]
    if declaration.base not in bases or declaration.cardinality not in cardinalities:
        wanted = f"{' or '.join(cardinalities)} {' or '.join(bases)}"
        yield f"{called} is bound to a response of {declaration.cardinality} {declaration.base}; it needs {wanted}."
        return
    choices = [one.get("identifier", "") for one in interaction.iter() if _local(one) in _CHOICES]
    yield from _twice(f"{called}: choice", choices)
    for choice in interaction.iter():
        if _local(choice) in _CHOICES and not _shows(choice):
            yield f"{called}: {_called(choice)} is empty."
    yield from _answerable(interaction, declaration)
    yield from _named(interaction, declaration)
    if kind == "selectPointInteraction":
        yield from _reachable(interaction, declaration)


def _shows(choice: Element) -> bool:
    return bool("".join(choice.itertext()).strip()) or choice.find(f".//{_QTI}img") is not None


def _answerable(interaction: Element, declaration: Declaration) -> Iterator[str]:
    """Complain where the right answer can't be given."""
    called = _called(interaction)
    right = _listed(declaration.correct)
    most = _float(interaction, "maxChoices") or _float(interaction, "maxAssociations")
    if most and len(right) > most:
        yield f"{called} takes {most:g} at most, and {len(right)} are right."
    if "maxChoices" in interaction.attrib and declaration.cardinality == "single" and most != 1:
        yield f"{called} takes more than one, and its response is single."
    if not right and _local(interaction) != "extendedTextInteraction":
        yield f"responseDeclaration '{declaration.name}' has no correctResponse."
    if len(set(right)) < len(right):
        yield f"responseDeclaration '{declaration.name}' names a right value twice."


def _named(interaction: Element, declaration: Declaration) -> Iterator[str]:
    """Complain where a declaration names what can't be chosen."""
    possible = _possible(interaction)
    if possible is None:
        if declaration.worth:
            yield f"responseDeclaration '{declaration.name}' has a mapping, and {_called(interaction)} no choices."
        return
    for value in _listed(declaration.correct):
        if value not in possible:
            yield f"responseDeclaration '{declaration.name}': the right answer '{value}' names no choice."
    for key in declaration.worth.entries if declaration.worth else ():
        if key not in possible:
            yield f"responseDeclaration '{declaration.name}': the mapKey '{key}' names no choice."
    if _local(interaction) == "orderInteraction" and len(_listed(declaration.correct)) != len(possible):
        yield f"responseDeclaration '{declaration.name}' does not put all choices in order."


def _reachable(interaction: Element, declaration: Declaration) -> Iterator[str]:
    for image in interaction.iter(f"{_QTI}object"):
        width, height = _float(image, "width", 0.0), _float(image, "height", 0.0)
        for area in declaration.areas:
            if not (0 <= area.x < width and 0 <= area.y < height):
                yield f"areaMapEntry has its centre at {area.x:g},{area.y:g}, outside of {_called(image)}."


def _possible(interaction: Element) -> list[str] | None:
    """Return what can be chosen, or None where anything can be written."""
    if _local(interaction) == "matchInteraction":
        sides = [[one.get("identifier", "") for one in side] for side in interaction.iter(f"{_QTI}simpleMatchSet")]
        if len(sides) != 2:
            raise ProcessingError(f"{_called(interaction)} has {len(sides)} sides, and needs 2.")
        left, right = sides
        return [f"{given} {other}" for given in left for other in right]
    choices = [one.get("identifier", "") for one in interaction.iter(f"{_QTI}simpleChoice")]
    return choices or None


def _processing(document: Document) -> Iterator[str]:
    structure = {"responseCondition", "responseIf", "responseElseIf", "responseElse", "setOutcomeValue"}
    changed = set()
    for element in (one for rule in document.rules for one in rule.iter()):
        name, variable = _local(element), element.get("identifier", "")
        if name not in structure and name not in _EXPRESSIONS:
            yield f"responseProcessing: '{name}' is not understood here."
        elif name == "setOutcomeValue":
            changed.add(variable)
            if variable not in document.outcomes:
                yield f"{_called(element)} sets an outcome that is not declared."
        elif name == "variable" and variable not in document.responses | document.outcomes:
            yield f"{_called(element)} in responseProcessing is not declared."
        elif name in ("correct", "mapResponse", "mapResponsePoint") and variable not in document.responses:
            yield f"{_called(element)} in responseProcessing names no response."
        elif name == "baseValue":
            _base_value(_Run(document, {}), element)
    for name in sorted(document.outcomes.keys() - changed):
        yield f"outcomeDeclaration '{name}' is never set."


def _feedback(document: Document) -> Iterator[str]:
    """Complain about words that nobody will see, and verdicts that have no words."""
    shown: dict[str, set[str]] = {}
    for element in document.root.iter():
        outcome = element.get("outcomeIdentifier")
        if outcome is None:
            continue
        value = element.get("identifier", "")
        if value in shown.setdefault(outcome, set()):
            yield f"{_called(element)} is there twice for '{outcome}'."
        shown[outcome].add(value)
        if outcome not in document.outcomes:
            yield f"{_called(element)} waits for '{outcome}', which is not declared."
        elif value not in _settable(document, outcome):
            yield f"{_called(element)} is never shown: nothing sets '{outcome}' to it."
        if element.get("showHide", "show") != "show":
            yield f"{_called(element)} is hidden, not shown, for '{outcome}'."
    verdicts = _settable(document, "FEEDBACK")
    known = _MANUAL if document.manual else _VERDICTS
    for value in sorted(verdicts - set(known)):
        yield f"setOutcomeValue 'FEEDBACK' to '{value}': expected one of {', '.join(known)}."
    for value in sorted(verdicts - shown.get("FEEDBACK", set())):
        yield f"setOutcomeValue 'FEEDBACK' to '{value}' shows nothing: there is no modalFeedback '{value}'."


def _settable(document: Document, outcome: str) -> set[str]:
    """Return the identifiers that an outcome may get: those written, and choices where it gets a response."""
    found: set[str] = set()
    for rule in (one for top in document.rules for one in top.iter(f"{_QTI}setOutcomeValue")):
        if rule.get("identifier") != outcome:
            continue
        for value in rule:
            if _local(value) == "baseValue":
                found.add((value.text or "").strip())
            elif _local(value) == "variable":
                bound = [
                    one for one in document.interactions if one.get("responseIdentifier") == value.get("identifier")
                ]
                found |= {choice for one in bound for choice in _possible(one) or ()}
    return found


def _rubrics(document: Document) -> Iterator[str]:
    for rubric in document.all("rubricBlock"):
        if rubric.get("view") != "scorer":
            yield f"rubricBlock is for the view '{rubric.get('view')}': students would see how they are marked."


_CHECKS = (_head, _declarations, _bound, _processing, _feedback, _rubrics)


def _images(document: Document, files: Mapping[str, bytes], listed: set[str]) -> Iterator[str]:
    for element in document.root.iter():
        attribute = {"img": "src", "object": "data"}.get(_local(element))
        if attribute is None:
            continue
        called, address = _called(element), element.get(attribute, "")
        if address not in files:
            yield f"{called} is an image that does not lie in the zip."
            continue
        if address not in listed:
            yield f"{called} is an image that {_MANIFEST} does not list for this item."
        if not (element.get("alt", "") or "".join(element.itertext())).strip():
            yield f"{called} has no words for those who can't see it."
        if PurePosixPath(address).suffix == ".png":
            yield from _sized(element, files[address])


def _sized(element: Element, data: bytes) -> Iterator[str]:
    if not data.startswith(_PNG) or len(data) < 24:
        yield f"{_called(element)} is not a PNG, as its name says."
        return
    size = struct.unpack(">II", data[16:24])
    for name, true in zip(("width", "height"), size, strict=True):
        if element.get(name, str(true)) != str(true):
            yield f"{_called(element)} is {true} pixels in {name}, not {element.get(name)}: clicks would miss."


# Complaints from trying it out


def _tried(document: Document) -> Iterator[str]:
    """Answer the item in every way that matters, and complain about what comes of it."""
    for answer in _trials(document):
        said = ", ".join(f"{name} = {value}" for name, value in answer.items())
        try:
            found = _Run(document, answer).outcomes()
        except ProcessingError as error:
            yield f"responseProcessing fails for {said}: {error}"
            return
        expected = _expected(document, answer)
        yield from _between(document, found, said) if expected is None else _verdict(found, said, *expected)


def _expected(document: Document, answer: Mapping[str, Value]) -> tuple[float | None, str] | None:
    """Return the points and the verdict of an answer, or None where they depend on the item."""
    if all(value is None for value in answer.values()):
        return 0.0, "feedback_unanswered"
    if document.manual:
        return None, "feedback_answered"
    if answer == {name: one.correct for name, one in document.responses.items()}:
        return document.outcomes["SCORE"].maximum, "feedback_correct"
    return None


def _verdict(found: Mapping[str, Value], said: str, points: float | None, feedback: str) -> Iterator[str]:
    earned = found["SCORE"]
    if points is None and earned is not None:
        yield f"setOutcomeValue 'SCORE' gives {earned} for {said}, which a person must mark."
    elif points is not None and (not isinstance(earned, float) or abs(earned - points) > _NEAR):
        yield f"setOutcomeValue 'SCORE' gives {earned}, not {points:g}, for {said}."
    if found.get("FEEDBACK", feedback) != feedback:
        yield f"setOutcomeValue 'FEEDBACK' gives {found['FEEDBACK']}, not {feedback}, for {said}."


def _between(document: Document, found: Mapping[str, Value], said: str) -> Iterator[str]:
    score, earned = document.outcomes["SCORE"], found["SCORE"]
    low, high = score.minimum or 0.0, score.maximum or 0.0
    if not isinstance(earned, float) or not low - _NEAR <= earned <= high + _NEAR:
        yield f"setOutcomeValue 'SCORE' gives {earned} for {said}, which is not between {low:g} and {high:g}."
        return
    full = earned >= high - _NEAR
    part = "feedback_correct" if full else "feedback_partially_correct" if earned > low + _NEAR else "feedback_wrong"
    if found.get("FEEDBACK", part) != part:
        yield f"setOutcomeValue 'FEEDBACK' gives {found['FEEDBACK']}, not {part}, for {said}, which earns {earned:g}."
    if full:
        yield f"setOutcomeValue 'SCORE' gives all of {high:g} for {said}, which is not the right answer."


def _trials(document: Document) -> Iterator[dict[str, Value]]:
    right = {name: one.correct for name, one in document.responses.items()}
    nothing: dict[str, Value] = dict.fromkeys(right)
    yield nothing
    if document.manual:
        yield dict.fromkeys(right, "…")
        return
    yield right
    for interaction in document.interactions:
        name = interaction.get("responseIdentifier", "")
        for value in _others(interaction, document.responses[name]):
            yield nothing | {name: value}
            if len(right) > 1:
                yield right | {name: value}


def _others(interaction: Element, declaration: Declaration) -> Iterator[Value]:
    """Return answers other than the right one: all of them where there are few."""
    possible: list[Single] = list(_possible(interaction) or ())
    correct = declaration.correct
    if declaration.cardinality == "single" and possible:
        yield from (one for one in possible if one != correct)
    elif declaration.cardinality == "multiple":
        # Pairs can't be combined at will, and many options not in time
        most = 1 if declaration.base == "directedPair" or len(possible) > _ALL else len(possible)
        sets = (list(some) for count in range(1, most + 1) for some in combinations(possible, count))
        yield from (some for some in sets if Counter(some) != Counter(_listed(correct)))
    elif isinstance(correct, list):
        yield from ([*correct[place:], *correct[:place]] for place in range(1, len(correct)))
    elif isinstance(correct, float):
        yield from (correct + 1e6, correct - 1e6)
    elif isinstance(correct, Point):
        yield Point(correct.x + 1e6, correct.y)
    else:
        yield f"not {correct}"
