"""An item of a QTI 2.1 package as it is read: its variables, where a student answers, and its rules."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
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

QTI = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
PACKAGING = "{http://www.imsglobal.org/xsd/imscp_v1p1}"
_TEMPLATE = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"
_NUMBERS = ("float", "integer")


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
        total = math.fsum(self.entries.get(one, self.otherwise) for one in dict.fromkeys(as_list(value)))
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
        return all(_is(self.base, one) for one in as_list(value))


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
        return [one for one in self.root.iter() if tag_of(one).endswith("Interaction")]

    @cached_property
    def rules(self) -> list[Element]:
        """The response rules, also where a template stands for them."""
        processing = self.root.find(f"{QTI}responseProcessing")
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
        return any(tag_of(one) == "extendedTextInteraction" for one in self.interactions)

    def all(self, name: str) -> list[Element]:
        """Return all elements of a name."""
        return list(self.root.iter(f"{QTI}{name}"))


def parse(text: str | bytes) -> Element:
    """Return the root of a file of a package.

    Raises
    ------
    ProcessingError
        If it is no XML, or has a document type declaration.
    """
    data = text.encode() if isinstance(text, str) else text
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ProcessingError("has a document type declaration, which has no place in a package.")
    try:
        return ElementTree.fromstring(data)  # noqa: S314  # entities are refused above
    except ElementTree.ParseError as error:
        raise ProcessingError(f"is not well-formed XML: {error}.") from error


def tag_of(element: Element) -> str:
    """Return the name of a QTI element, and of another one its namespace with it."""
    return element.tag.removeprefix(QTI) if isinstance(element.tag, str) else ""


def name_of(element: Element) -> str:
    """Return how a sentence names an element."""
    for key in ("responseIdentifier", "identifier", "mapKey", "href", "data", "src"):
        if key in element.attrib:
            return f"{tag_of(element).removeprefix(PACKAGING)} '{element.get(key)}'"
    return tag_of(element).removeprefix(PACKAGING)


def _declared(element: Element) -> Declaration:
    base, cardinality = element.get("baseType", ""), element.get("cardinality", "")
    mapping = element.find(f"{QTI}mapping")
    return Declaration(
        element.get("identifier", ""),
        cardinality,
        base,
        _values(element.find(f"{QTI}correctResponse"), base, cardinality),
        _values(element.find(f"{QTI}defaultValue"), base, cardinality),
        None if mapping is None else _worth(mapping, base),
        _areas(element),
        number_at(element, "normalMinimum"),
        number_at(element, "normalMaximum"),
    )


def _worth(mapping: Element, base: str) -> Worth:
    entries = {
        value_of(base, entry.get("mapKey", ""), entry): number_at(entry, "mappedValue", 0.0) for entry in mapping
    }
    bounds = {"defaultValue": 0.0, "lowerBound": -math.inf, "upperBound": math.inf}
    return Worth(entries, *(number_at(mapping, name, default) for name, default in bounds.items()))


def _values(parent: Element | None, base: str, cardinality: str) -> Value:
    if parent is None or not len(parent):
        return None
    found = [value_of(base, value.text or "", parent) for value in parent]
    return found[0] if cardinality == "single" else found


def _areas(declaration: Element) -> tuple[Area, ...]:
    mapping = declaration.find(f"{QTI}areaMapping")
    if mapping is None:
        return ()
    if number_at(mapping, "defaultValue", 0.0) or {"lowerBound", "upperBound"} & set(mapping.keys()):
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
    return Area(x, y, radius, number_at(entry, "mappedValue", 0.0))


@overload
def number_at(element: Element, name: str) -> float | None: ...
@overload
def number_at(element: Element, name: str, default: float) -> float: ...
def number_at(element: Element, name: str, default: float | None = None) -> float | None:
    """Return a number that an element has as an attribute, or what stands for it if there is none."""
    text = element.get(name)
    try:
        return default if text is None else float(text)
    except ValueError:
        raise ProcessingError(f"{name_of(element)} has '{text}' for {name}, which is not a number.") from None


def value_of(base: str, text: str, place: Element) -> Single:
    """Return a value as it stands in a file."""
    try:
        return READERS[base](text)
    except (ValueError, KeyError):
        message = f"{name_of(place)} has the value '{text}', which is not of base type '{base}'."
        raise ProcessingError(message) from None


def _point(text: str) -> Point:
    x, y = text.split()
    return Point(float(x), float(y))


def _pair(text: str) -> str:
    first, second = text.split()
    return f"{first} {second}"


#: What reads a value of a base type from a file.
READERS: dict[str, Callable[[str], Single]] = {
    "identifier": str.strip,
    "string": str,
    "float": float,
    "integer": lambda text: float(int(text)),
    "point": _point,
    "directedPair": _pair,
}


def _is(base: str, value: Single) -> bool:
    return isinstance(value, float if base in _NUMBERS else Point if base == "point" else str)


def as_list(value: Value) -> list[Single]:
    """Return the values in a container, or the one that is alone; NULL holds none."""
    return [] if value is None else value if isinstance(value, list) else [value]


def _match_correct() -> Element:
    """Return the rule that the template stands for, as the standard has it."""
    pair = '<match><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></match>'
    one, none = (
        f'<setOutcomeValue identifier="SCORE"><baseValue baseType="float">{value}</baseValue></setOutcomeValue>'
        for value in (1, 0)
    )
    text = f"<responseIf>{pair}{one}</responseIf><responseElse>{none}</responseElse>"
    return parse(f'<responseCondition xmlns="{QTI[1:-1]}">{text}</responseCondition>')
