"""A second pair of eyes on QTI 2.1 packages: what a schema overlooks, and what comes of trying every item out.

Nothing here knows how `autograder.exam.qti` writes.
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from pathlib import Path, PurePosixPath

from autograder.exam.document import (
    PACKAGING,
    QTI,
    READERS,
    Declaration,
    Document,
    Element,
    Point,
    ProcessingError,
    Single,
    Value,
    as_list,
    name_of,
    number_at,
    parse,
    tag_of,
)
from autograder.exam.processing import EXPRESSIONS, Run, base_value

_MANIFEST = "imsmanifest.xml"
_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_LEFT = re.compile(r"\{\{.*?\}\}|\[\[\w+\]\]")
_PNG = b"\x89PNG\r\n\x1a\n"
_NEAR = 1e-9
#: Up to how many options all answers to a choice are tried.
_ALL = 8
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


def _package(files: Mapping[str, bytes]) -> Iterator[str]:
    if _MANIFEST not in files:
        yield f"{_MANIFEST} is missing: it must lie at the top of the zip, not in a folder."
        return
    try:
        manifest = parse(files[_MANIFEST])
    except ProcessingError as error:
        yield f"{_MANIFEST}: {error}"
        return
    if manifest.tag != f"{PACKAGING}manifest":
        yield f"{_MANIFEST}: the root is '{manifest.tag}', not a manifest of IMS content packaging 1.1."
        return
    for sentence in _manifest(manifest, files):
        yield f"{_MANIFEST}: {sentence}"
    names: Counter[str] = Counter()
    for resource in manifest.iter(f"{PACKAGING}resource"):
        href = resource.get("href", "")
        if href in files:
            listed = {file.get("href", "") for file in resource.iter(f"{PACKAGING}file")}
            root, sentences = _item(files[href], files, listed)
            yield from (f"{href}: {sentence}" for sentence in sentences)
            names.update([] if root is None else [root.get("identifier", "")])
    for name, count in names.items():
        if count > 1:
            yield f"{_MANIFEST}: {count} items have the identifier '{name}': results can't be told apart."


def _manifest(manifest: Element, files: Mapping[str, bytes]) -> Iterator[str]:
    if manifest.find(f"{PACKAGING}organizations") is None:
        yield "organizations is missing: it must be there, and may be empty."
    resources = list(manifest.iter(f"{PACKAGING}resource"))
    if not resources:
        yield "resources names no item."
    yield from _twice("resource", [resource.get("identifier", "") for resource in resources])
    listed = {_MANIFEST}
    for resource in resources:
        hrefs = [file.get("href", "") for file in resource.iter(f"{PACKAGING}file")]
        listed |= {*hrefs, resource.get("href", "")}
        yield from _resource(resource, hrefs, files)
    for name in sorted(name for name in files.keys() - listed if not name.endswith("/")):
        yield f"no resource has a file '{name}', which lies in the zip."


def _resource(resource: Element, hrefs: list[str], files: Mapping[str, bytes]) -> Iterator[str]:
    called, href = name_of(resource), resource.get("href", "")
    if resource.get("type") != "imsqti_item_xmlv2p1":
        yield f"{called} is of type '{resource.get('type')}', not imsqti_item_xmlv2p1."
    if href not in hrefs:
        yield f"{called} has the href '{href}', and no file of it."
    for one in sorted({*hrefs, href}):
        if one not in files:
            yield f"{called} has a file '{one}', which does not lie in the zip."
    for dependency in resource.iter(f"{PACKAGING}dependency"):
        yield f"{called} depends on '{dependency.get('identifierref')}': an item stands for itself here."


def _twice(kind: str, names: Iterable[str]) -> Iterator[str]:
    for name, count in Counter(names).items():
        if count > 1:
            yield f"{kind} '{name}' is there {count} times."


# Complaints about an item


def _item(data: bytes, files: Mapping[str, bytes], listed: set[str]) -> tuple[Element | None, list[str]]:
    """Return the item if it can be read, and what is wrong with it."""
    try:
        root = parse(data)
    except ProcessingError as error:
        return None, [str(error)]
    if tag_of(root) != "assessmentItem":
        return None, [f"the root is '{tag_of(root)}', not an assessmentItem of QTI 2.1."]
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
        texts = ["" if tag_of(element) == "code" else element.text, element.tail, element.get("title")]
        if left := next((match[0] for text in texts if text and (match := _LEFT.search(text))), None):
            yield f"{name_of(element)} has a place left to be filled, '{left}'."


def _declarations(document: Document) -> Iterator[str]:
    elements = document.all("responseDeclaration") + document.all("outcomeDeclaration")
    yield from _twice("declaration", [element.get("identifier", "") for element in elements])
    for element in elements:
        keys = [entry.get("mapKey", "") for entry in element.iter(f"{QTI}mapEntry")]
        yield from _twice(f"{name_of(element)}: mapKey", keys)
        if element.get("baseType") not in READERS or element.get("cardinality") not in _CARDINALITIES:
            kind = f"{element.get('cardinality')} {element.get('baseType')}"
            yield f"{name_of(element)} is declared as '{kind}', which is not understood here."
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
    called, kind = name_of(interaction), tag_of(interaction)
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
    choices = [one.get("identifier", "") for one in interaction.iter() if tag_of(one) in _CHOICES]
    yield from _twice(f"{called}: choice", choices)
    for choice in interaction.iter():
        if tag_of(choice) in _CHOICES and not _shows(choice):
            yield f"{called}: {name_of(choice)} is empty."
    yield from _answerable(interaction, declaration)
    yield from _named(interaction, declaration)
    if kind == "selectPointInteraction":
        yield from _reachable(interaction, declaration)


def _shows(choice: Element) -> bool:
    return bool("".join(choice.itertext()).strip()) or choice.find(f".//{QTI}img") is not None


def _answerable(interaction: Element, declaration: Declaration) -> Iterator[str]:
    """Complain where the right answer can't be given."""
    called = name_of(interaction)
    right = as_list(declaration.correct)
    most = number_at(interaction, "maxChoices") or number_at(interaction, "maxAssociations")
    if most and len(right) > most:
        yield f"{called} takes {most:g} at most, and {len(right)} are right."
    if "maxChoices" in interaction.attrib and declaration.cardinality == "single" and most != 1:
        yield f"{called} takes more than one, and its response is single."
    if not right and tag_of(interaction) != "extendedTextInteraction":
        yield f"responseDeclaration '{declaration.name}' has no correctResponse."
    if len(set(right)) < len(right):
        yield f"responseDeclaration '{declaration.name}' names a right value twice."


def _named(interaction: Element, declaration: Declaration) -> Iterator[str]:
    """Complain where a declaration names what can't be chosen."""
    possible = _possible(interaction)
    if possible is None:
        if declaration.worth:
            yield f"responseDeclaration '{declaration.name}' has a mapping, and {name_of(interaction)} no choices."
        return
    for value in as_list(declaration.correct):
        if value not in possible:
            yield f"responseDeclaration '{declaration.name}': the right answer '{value}' names no choice."
    for key in declaration.worth.entries if declaration.worth else ():
        if key not in possible:
            yield f"responseDeclaration '{declaration.name}': the mapKey '{key}' names no choice."
    if tag_of(interaction) == "orderInteraction" and len(as_list(declaration.correct)) != len(possible):
        yield f"responseDeclaration '{declaration.name}' does not put all choices in order."


def _reachable(interaction: Element, declaration: Declaration) -> Iterator[str]:
    for image in interaction.iter(f"{QTI}object"):
        width, height = number_at(image, "width", 0.0), number_at(image, "height", 0.0)
        for area in declaration.areas:
            if not (0 <= area.x < width and 0 <= area.y < height):
                yield f"areaMapEntry has its centre at {area.x:g},{area.y:g}, outside of {name_of(image)}."


def _possible(interaction: Element) -> list[str] | None:
    """Return what can be chosen, or None where anything can be written."""
    if tag_of(interaction) == "matchInteraction":
        sides = [[one.get("identifier", "") for one in side] for side in interaction.iter(f"{QTI}simpleMatchSet")]
        if len(sides) != 2:
            raise ProcessingError(f"{name_of(interaction)} has {len(sides)} sides, and needs 2.")
        left, right = sides
        return [f"{given} {other}" for given in left for other in right]
    choices = [one.get("identifier", "") for one in interaction.iter(f"{QTI}simpleChoice")]
    return choices or None


def _processing(document: Document) -> Iterator[str]:
    structure = {"responseCondition", "responseIf", "responseElseIf", "responseElse", "setOutcomeValue"}
    changed = set()
    for element in (one for rule in document.rules for one in rule.iter()):
        name, variable = tag_of(element), element.get("identifier", "")
        if name not in structure and name not in EXPRESSIONS:
            yield f"responseProcessing: '{name}' is not understood here."
        elif name == "setOutcomeValue":
            changed.add(variable)
            if variable not in document.outcomes:
                yield f"{name_of(element)} sets an outcome that is not declared."
        elif name == "variable" and variable not in document.responses | document.outcomes:
            yield f"{name_of(element)} in responseProcessing is not declared."
        elif name in ("correct", "mapResponse", "mapResponsePoint") and variable not in document.responses:
            yield f"{name_of(element)} in responseProcessing names no response."
        elif name == "baseValue":
            base_value(Run(document, {}), element)
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
            yield f"{name_of(element)} is there twice for '{outcome}'."
        shown[outcome].add(value)
        if outcome not in document.outcomes:
            yield f"{name_of(element)} waits for '{outcome}', which is not declared."
        elif value not in _settable(document, outcome):
            yield f"{name_of(element)} is never shown: nothing sets '{outcome}' to it."
        if element.get("showHide", "show") != "show":
            yield f"{name_of(element)} is hidden, not shown, for '{outcome}'."
    verdicts = _settable(document, "FEEDBACK")
    known = _MANUAL if document.manual else _VERDICTS
    for value in sorted(verdicts - set(known)):
        yield f"setOutcomeValue 'FEEDBACK' to '{value}': expected one of {', '.join(known)}."
    for value in sorted(verdicts - shown.get("FEEDBACK", set())):
        yield f"setOutcomeValue 'FEEDBACK' to '{value}' shows nothing: there is no modalFeedback '{value}'."


def _settable(document: Document, outcome: str) -> set[str]:
    """Return the identifiers that an outcome may get: those written, and choices where it gets a response."""
    found: set[str] = set()
    for rule in (one for top in document.rules for one in top.iter(f"{QTI}setOutcomeValue")):
        if rule.get("identifier") != outcome:
            continue
        for value in rule:
            if tag_of(value) == "baseValue":
                found.add((value.text or "").strip())
            elif tag_of(value) == "variable":
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
        attribute = {"img": "src", "object": "data"}.get(tag_of(element))
        if attribute is None:
            continue
        called, address = name_of(element), element.get(attribute, "")
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
        yield f"{name_of(element)} is not a PNG, as its name says."
        return
    size = struct.unpack(">II", data[16:24])
    for name, true in zip(("width", "height"), size, strict=True):
        if element.get(name, str(true)) != str(true):
            yield f"{name_of(element)} is {true} pixels in {name}, not {element.get(name)}: clicks would miss."


# Complaints from trying it out


def _tried(document: Document) -> Iterator[str]:
    """Answer the item in every way that matters, and complain about what comes of it."""
    for answer in _trials(document):
        said = ", ".join(f"{name} = {value}" for name, value in answer.items())
        try:
            found = Run(document, answer).outcomes()
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
        yield from (some for some in sets if Counter(some) != Counter(as_list(correct)))
    elif isinstance(correct, list):
        yield from ([*correct[place:], *correct[:place]] for place in range(1, len(correct)))
    elif isinstance(correct, float):
        yield from (correct + 1e6, correct - 1e6)
    elif isinstance(correct, Point):
        yield Point(correct.x + 1e6, correct.y)
    else:
        yield f"not {correct}"
