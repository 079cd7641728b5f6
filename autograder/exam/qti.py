"""QTI 2.1 packages: a zip of questions that Inspera and other exam platforms import.

What is known of Inspera, from its pages on question banks, on labels and on numeric entry, and from packages that it
exported: it reads a zip with ``imsmanifest.xml``, knows one template of response processing (``match_correct``) and
wants everything else written out, with ``SCORE`` and with ``FEEDBACK``, which is one of ``feedback_unanswered``,
``feedback_wrong``, ``feedback_partially_correct`` and ``feedback_correct``, or ``feedback_answered`` where a person
marks. Labels are the entries of a taxon path. It takes a decimal comma as it takes a point, and stores a point.

Hence some choices. Numbers are of base type ``float`` and compared by ``gte`` and ``lte``, as in its own exports: a
platform must read the comma itself, as Inspera does. ``equal`` with a tolerance and ``patternMatch`` say the same in
fewer words, but the player @citolab/qti-components 7.27 has no tolerance and looks for a pattern anywhere in the text.
Short texts are compared by ``stringMatch`` without regard to case, with and without a full stop; spaces around them are
the platform's to take off, since only a pattern allows for any number of them. What is said of an option is
``modalFeedback``: a reader that does not know ``feedbackInline`` would show it beside the option. A click is scored by
``mapResponsePoint``: that player hands it on as a list, which its ``inside`` refuses.
"""

from __future__ import annotations

import hashlib
import io
import random
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from autograder.errors import CourseError, MisuseError
from autograder.exam import render
from autograder.exam.item import Blank, Item, Kind, Language
from autograder.exam.question import FIELD, spelled

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_ITEM = "http://www.imsglobal.org/xsd/imsqti_v2p1"
_MANIFEST = "http://www.imsglobal.org/xsd/imscp_v1p1"
_METADATA = "http://www.imsglobal.org/xsd/imsmd_v1p2"
#: The code of Norwegian that our authors write, Bokmål.
_CODES: dict[Language, str] = {"en": "en", "no": "nb"}
_IMAGES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif"}
#: Less than any part of a question is worth: what remains of a sum of fractions that should be nothing.
_CRUMB = 1e-9
#: What the schema has no place for. The class is that of the vocabulary that QTI 3 players share.
_ALIGNED = re.compile(r' style="text-align:(\w+)"')
_TITLED = re.compile(r'(<(?:img|a) [^>]*?) title="[^"]*"')
_NUMBERED = re.compile(r'<ol start="(\d+)">')
_SOURCE = re.compile(r'(<img src=")([^"]*)"')

_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "unanswered": "Not answered.",
        "wrong": "Wrong.",
        "partially_correct": "Partly right.",
        "correct": "Right.",
        "answered": "Answered. A person will mark it.",
        "points": "points",
        "strong": "A strong answer",
        "middle": "A middling answer",
        "weak": "A weak answer",
    },
    "no": {
        "unanswered": "Ikke besvart.",
        "wrong": "Feil.",
        "partially_correct": "Delvis riktig.",
        "correct": "Riktig.",
        "answered": "Besvart. Et menneske vurderer svaret.",
        "points": "poeng",
        "strong": "Et sterkt svar",
        "middle": "Et middels svar",
        "weak": "Et svakt svar",
    },
}


@dataclass(frozen=True)
class _Parts:
    """What an item consists of.

    Parameters
    ----------
    responses : str
        The declarations of what a student hands in.
    body : str
        What she sees.
    processing : str
        How it is scored.
    verdicts : tuple of str
        The values that ``FEEDBACK`` can take.
    remarks : dict of str
        What is said of an answer, by the values that ``REMARK`` can take; empty if nothing is.
    several : bool
        Whether ``REMARK`` can take several values at once.
    """

    responses: str
    body: str
    processing: str
    verdicts: tuple[str, ...] = ("unanswered", "wrong", "correct")
    remarks: Mapping[str, str] | None = None
    several: bool = False


@dataclass(frozen=True)
class _Page:
    """An item, and where its images lie in the package."""

    item: Item
    addresses: Mapping[str, str]

    def block(self, text: str) -> str:
        return self._placed(_block(text))

    def inline(self, text: str) -> str:
        return self._placed(_inline(text))

    def choice(self, text: str) -> str:
        # Players lay out what is in a choice side by side, and so tear a line with code in it apart
        return _tag("div", self.inline(text))

    def address(self, picture: str) -> str:
        if picture not in self.addresses:
            raise MisuseError(f"'{self.item.id}' lacks its image '{picture}': put it beside the question.")
        return self.addresses[picture]

    def _placed(self, markup: str) -> str:
        if numbered := _NUMBERED.search(markup):
            message = (
                f"'{self.item.id}' has a list that begins with {numbered[1]}. In QTI lists begin with 1: write it so."
            )
            raise MisuseError(message)
        return _SOURCE.sub(self._source, markup) if "<img " in markup else markup

    def _source(self, match: re.Match[str]) -> str:
        return f'{match[1]}{self.address(unquote(match[2]))}"'


def package(items: Sequence[Item], target: Path, title: str, labels: Mapping[str, Sequence[str]] | None = None) -> Path:
    """Write questions as a QTI 2.1 package. Equal questions give an equal file, byte by byte.

    Parameters
    ----------
    items : sequence of Item
        The questions, in the order of the manifest. Each becomes a file that is named by its `identifier`.
    target : Path
        The zip to write.
    title : str
        What the package is called.
    labels : mapping, optional
        From the id of a question to what it is to be found by: topics, difficulty, objectives.

    Returns
    -------
    Path
        The target.

    Raises
    ------
    MisuseError
        If there is no question, one comes twice, or one can't be written.
    CourseError
        If the file can't be written.
    """
    if not items:
        raise MisuseError("There is no question to export.")
    files: dict[str, bytes] = {}
    images: dict[str, bytes] = {}
    resources = []
    for item in items:
        name = identifier(item)
        if f"{name}.xml" in files:
            message = f"'{item.id}' comes twice with seed {item.seed} in language '{item.language}': export it once."
            raise MisuseError(message)
        addresses = {picture: _address(item, picture) for picture in item.pictures}
        text = _item(_Page(item, addresses))
        files[f"{name}.xml"] = text.encode()
        shown = {address: item.pictures[picture] for picture, address in addresses.items() if address in text}
        images |= shown
        resources.append(_resource(item, shown, (labels or {}).get(item.id, ())))
    manifest = {"imsmanifest.xml": _manifest(title, resources).encode()}
    try:
        target.write_bytes(_zip(manifest | files | dict(sorted(images.items()))))
    except OSError as error:
        raise CourseError(f"{target} can't be written: {error.strerror}.") from error
    return target


def identifier(item: Item) -> str:
    """Return the name by which a platform knows a question with its numbers and language.

    Raises
    ------
    MisuseError
        If the question's id has other characters than letters, digits, ``.``, ``-`` and ``_``.
    """
    if not re.fullmatch(r"[\w.-]+", item.id, re.ASCII):
        message = f"'{item.id}' can't be exported: name the file by letters from a to z, digits, '-' and '_' only."
        raise MisuseError(message)
    # A full stop would do in XML, but in a test it divides the item's name from its variable's
    return f"q-{item.id.replace('.', '_')}-{item.language}-{item.seed}"


def _address(item: Item, picture: str) -> str:
    suffix = PurePosixPath(picture).suffix.lower()
    if suffix not in _IMAGES:
        raise MisuseError(f"'{item.id}' has the image '{picture}': QTI players show {', '.join(sorted(_IMAGES))}.")
    return f"images/{hashlib.sha256(item.pictures[picture]).hexdigest()[:20]}{suffix}"


def _zip(files: Mapping[str, bytes]) -> bytes:
    store = io.BytesIO()
    with zipfile.ZipFile(store, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)  # the first day that a zip can tell, whenever it is written
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(entry, content)
    return store.getvalue()


# The manifest


def _manifest(title: str, resources: Iterable[str]) -> str:
    about = _tag("schema", "QTIv2.1 Package") + _tag("schemaversion", "1.0.0") + _lom(_named(title))
    content = (_tag("metadata", about), _tag("organizations"), _tag("resources", *resources))
    return _HEAD + _tag("manifest", *content, xmlns=_MANIFEST, xmlns_imsmd=_METADATA, identifier="MANIFEST")


def _resource(item: Item, images: Iterable[str], labels: Iterable[str]) -> str:
    name = identifier(item)
    taxons = [_tag("imsmd:taxon", _tag("imsmd:entry", _langstring(label))) for label in labels]
    classified = _tag("imsmd:classification", _tag("imsmd:taxonpath", *taxons)) if taxons else ""
    about = _tag("metadata", _lom(_named(item.title, _CODES[item.language]) + classified))
    files = [_tag("file", href=href) for href in (f"{name}.xml", *sorted(images))]
    return _tag("resource", about, *files, identifier=name, type="imsqti_item_xmlv2p1", href=f"{name}.xml")


def _lom(content: str) -> str:
    return _tag("imsmd:lom", content)


def _named(title: str, language: str | None = None) -> str:
    return _tag("imsmd:general", _tag("imsmd:title", _langstring(title, language)))


def _langstring(text: str, language: str | None = None) -> str:
    return _tag("imsmd:langstring", escape(text, quote=False), xml_lang=language)


# The item


def _item(page: _Page) -> str:
    item, parts = page.item, _KINDS[page.item.kind](page)
    maximum = _number(item.points)
    score = _outcome(
        "SCORE", "float", _tag("defaultValue", _tag("value", "0")), normalMaximum=maximum, normalMinimum="0"
    )
    outcomes = score + _outcome("FEEDBACK", "identifier")
    if parts.remarks:
        outcomes += _outcome("REMARK", "identifier", cardinality="multiple" if parts.several else "single")
    said = page.block(item.feedback)
    words = _WORDS[item.language]
    feedback = [
        *(_modal("FEEDBACK", f"feedback_{verdict}", f"<p>{words[verdict]}</p>{said}") for verdict in parts.verdicts),
        *(_modal("REMARK", value, text) for value, text in (parts.remarks or {}).items()),
    ]
    content = (
        parts.responses,
        outcomes,
        _tag("itemBody", parts.body),
        _tag("responseProcessing", parts.processing),
        *feedback,
    )
    return _HEAD + _tag(
        "assessmentItem",
        *content,
        xmlns=_ITEM,
        xml_lang=_CODES[item.language],
        identifier=identifier(item),
        title=item.title,
        adaptive="false",
        timeDependent="false",
    )


def _single(page: _Page) -> _Parts:
    item = page.item
    responses = _response("RESPONSE", "single", "identifier", item.right)
    return _Parts(
        responses,
        page.block(item.stem) + _choices(page, 1),
        _all_or_nothing(item, _match("RESPONSE")) + _remark_options(item),
        remarks=_options_remarked(page),
    )


def _multiple(page: _Page) -> _Parts:
    item = page.item
    wrong = len(item.options) - len(item.right)
    worth = {
        option.id: item.points / len(item.right) if option.right else -item.points / wrong for option in item.options
    }
    right = [option.id for option in item.options if option.right]
    return _Parts(
        _response("RESPONSE", "multiple", "identifier", right, _mapping(worth)),
        page.block(item.stem) + _choices(page, 0),
        _mapped(item) + _remark_options(item),
        verdicts=("unanswered", "wrong", "partially_correct", "correct"),
        remarks=_options_remarked(page),
        several=True,
    )


def _numeric(page: _Page) -> _Parts:
    item = page.item
    (blank,) = item.blanks
    remarks = {f"slip_{place}": page.block(slip.feedback) for place, slip in enumerate(item.slips, 1) if slip.feedback}
    wrong = _tag("match", _variable("FEEDBACK"), _value("identifier", "feedback_wrong"))
    slipped = [
        (
            _tag("and", wrong, *_within("RESPONSE", slip.value, blank.tolerance)),
            _set("REMARK", _value("identifier", f"slip_{place}")),
        )
        for place, slip in enumerate(item.slips, 1)
        if slip.feedback
    ]
    return _Parts(
        _response("RESPONSE", "single", "float", [_shown(blank)]),
        page.block(item.stem) + _tag("p", _field("RESPONSE", blank)),
        _all_or_nothing(item, _tag("and", *_within("RESPONSE", blank.value, blank.tolerance))) + _when(slipped),
        remarks=remarks,
    )


def _matrix(page: _Page) -> _Parts:
    item = page.item
    names = {blank.id: f"RESPONSE_{blank.id}" for blank in item.blanks}
    fields = {blank.id: _field(names[blank.id], blank) for blank in item.blanks}
    filled = [_filled(names[blank.id], blank) for blank in item.blanks]
    more = _set("SCORE", _tag("sum", _variable("SCORE"), _value("float", _number(item.points / len(filled)))))
    empty = _tag("and", *(_empty(name) for name in names.values()))
    nothing = _tag("lt", _variable("SCORE"), _value("float", _number(_CRUMB)))
    verdict = _when(
        [
            (empty, _verdict("unanswered", 0)),
            (_tag("and", *filled), _verdict("correct", item.points)),
            (nothing, _verdict("wrong", 0)),
        ],
        _feedback("partially_correct"),
    )
    return _Parts(
        "".join(_response(names[blank.id], "single", "float", [_shown(blank)]) for blank in item.blanks),
        FIELD.sub(lambda match: fields[match[1]], page.block(item.stem)),
        "".join(_when([(condition, more)]) for condition in filled) + verdict,
        verdicts=("unanswered", "wrong", "partially_correct", "correct"),
    )


def _ordering(page: _Page) -> _Parts:
    item = page.item
    # The places in the file must not tell the order to who looks there, or to who has a player that does not shuffle
    shown = _scrambled(item, item.order)
    names = {step: f"step_{place}" for place, step in enumerate(shown, 1)}
    choices = (_tag("simpleChoice", page.choice(step), identifier=names[step]) for step in shown)
    return _Parts(
        _response("RESPONSE", "ordered", "identifier", [names[step] for step in item.order]),
        page.block(item.stem) + _tag("orderInteraction", *choices, responseIdentifier="RESPONSE", shuffle="true"),
        _all_or_nothing(item, _match("RESPONSE")),
    )


def _matching(page: _Page) -> _Parts:
    item = page.item
    others = _scrambled(item, list(dict.fromkeys(other for _, other in item.pairs)))
    names = {other: f"other_{place}" for place, other in enumerate(others, 1)}
    right = [f"given_{place} {names[other]}" for place, (_, other) in enumerate(item.pairs, 1)]
    left = (
        _tag("simpleAssociableChoice", page.choice(given), identifier=f"given_{place}", matchMax="1")
        for place, (given, _) in enumerate(item.pairs, 1)
    )
    # No limit here: that each belongs to one only is for the student to find
    beside = (
        _tag("simpleAssociableChoice", page.choice(other), identifier=names[other], matchMax="0") for other in others
    )
    interaction = _tag(
        "matchInteraction",
        _tag("simpleMatchSet", *left),
        _tag("simpleMatchSet", *beside),
        responseIdentifier="RESPONSE",
        shuffle="true",
        maxAssociations=str(len(item.pairs)),
    )
    mapping = _mapping(dict.fromkeys(right, item.points / len(right)))
    return _Parts(
        _response("RESPONSE", "multiple", "directedPair", right, mapping),
        page.block(item.stem) + interaction,
        _mapped(item),
        verdicts=("unanswered", "wrong", "partially_correct", "correct"),
    )


def _hotspot(page: _Page) -> _Parts:
    item, spot = page.item, page.item.spot
    if spot is None:
        raise MisuseError(f"'{item.id}' is a hotspot without a spot: give it one in its head.")
    address = page.address(spot.picture)
    picture = _tag(
        "object",
        escape(item.title, quote=False),
        data=address,
        type=_IMAGES[PurePosixPath(address).suffix],
        width=str(spot.width),
        height=str(spot.height),
    )
    circle = ",".join(map(_number, (spot.x, spot.y, spot.radius)))
    entry = _tag("areaMapEntry", shape="circle", coords=circle, mappedValue=_number(item.points))
    mapped = _set("SCORE", _tag("mapResponsePoint", identifier="RESPONSE")) + _feedback("wrong")
    hit = _tag("gt", _variable("SCORE"), _value("float", _number(_CRUMB)))
    return _Parts(
        _response(
            "RESPONSE",
            "single",
            "point",
            [f"{_number(spot.x)} {_number(spot.y)}"],
            _tag("areaMapping", entry, defaultValue="0"),
        ),
        page.block(item.stem) + _tag("selectPointInteraction", picture, responseIdentifier="RESPONSE", maxChoices="1"),
        _when([(_empty("RESPONSE"), _verdict("unanswered", 0))], mapped) + _when([(hit, _feedback("correct"))]),
    )


def _short(page: _Page) -> _Parts:
    item = page.item
    texts = [text for accepted in item.accepted for text in (accepted, f"{accepted}.")]
    conditions = (
        _tag("stringMatch", _variable("RESPONSE"), _value("string", escape(text, quote=False)), caseSensitive="false")
        for text in texts
    )
    field = _tag("textEntryInteraction", responseIdentifier="RESPONSE", expectedLength="40")
    return _Parts(
        _response("RESPONSE", "single", "string", item.accepted[:1]),
        page.block(item.stem) + _tag("p", field),
        _all_or_nothing(item, _tag("or", *conditions)),
    )


def _essay(page: _Page) -> _Parts:
    item = page.item
    # No value is told from none: a platform that begins with 0 must not take an essay for a marked one
    waiting = _set("SCORE", _tag("null")) + _feedback("answered")
    return _Parts(
        _response("RESPONSE", "single", "string", ()),
        page.block(item.stem) + _tag("extendedTextInteraction", responseIdentifier="RESPONSE") + _rubric(page),
        _when([(_empty("RESPONSE"), _verdict("unanswered", 0))], waiting),
        verdicts=("unanswered", "answered"),
    )


_KINDS: dict[Kind, Callable[[_Page], _Parts]] = {
    "single": _single,
    "multiple": _multiple,
    "numeric": _numeric,
    "matrix": _matrix,
    "ordering": _ordering,
    "matching": _matching,
    "hotspot": _hotspot,
    "short": _short,
    "essay": _essay,
}


# What a student sees


def _choices(page: _Page, most: int) -> str:
    choices = (_tag("simpleChoice", page.choice(option.text), identifier=option.id) for option in page.item.options)
    return _tag("choiceInteraction", *choices, responseIdentifier="RESPONSE", shuffle="true", maxChoices=str(most))


def _options_remarked(page: _Page) -> dict[str, str]:
    return {
        option.id: _tag("blockquote", page.block(option.text)) + page.block(option.feedback)
        for option in page.item.options
        if option.feedback
    }


def _field(name: str, blank: Blank) -> str:
    field = _tag("textEntryInteraction", responseIdentifier=name, expectedLength="10")
    return f"{field}\u00a0{escape(blank.unit, quote=False)}" if blank.unit else field


def _rubric(page: _Page) -> str:
    item, words = page.item, _WORDS[page.item.language]
    lines = (
        _tag("li", f"{spelled(line.points, 'g', item.language)} {words['points']}: {page.inline(line.text)}")
        for line in item.rubric
    )
    samples = (
        _tag("p", _tag("strong", words[level])) + _tag("blockquote", page.block(text))
        for level, text in item.samples.items()
    )
    return _tag("rubricBlock", _tag("ul", *lines), *samples, view="scorer")


def _scrambled(item: Item, texts: Sequence[str]) -> list[str]:
    """Return the texts in an order that is always the same for an item, and not the one they come in."""
    generator = random.Random(f"{item.id}/{item.seed}")  # noqa: S311  # an order, not a secret
    turned = list(texts)
    while len(turned) > 1 and turned == list(texts):
        generator.shuffle(turned)
    return turned


@lru_cache(maxsize=4096)
def _block(text: str) -> str:
    return _fitting(render.html(text)) if text else ""


@lru_cache(maxsize=4096)
def _inline(text: str) -> str:
    return _fitting(render.inline(text))


def _fitting(markup: str) -> str:
    return _TITLED.sub(r"\1", _ALIGNED.sub(r' class="qti-align-\1"', markup))


# How it is scored


def _all_or_nothing(item: Item, right: str) -> str:
    branches = [(_empty("RESPONSE"), _verdict("unanswered", 0)), (right, _verdict("correct", item.points))]
    return _when(branches, _verdict("wrong", 0))


def _mapped(item: Item) -> str:
    """Return rules that add up what each part of the answer is worth, and let nobody have less than nothing."""
    part = _tag("match", _variable("FEEDBACK"), _value("identifier", "feedback_partially_correct"))
    nothing = _tag("and", part, _tag("lt", _variable("SCORE"), _value("float", _number(_CRUMB))))
    branches = [
        (_empty("RESPONSE"), _verdict("unanswered", 0)),
        (_match("RESPONSE"), _verdict("correct", item.points)),
    ]
    added = _set("SCORE", _tag("mapResponse", identifier="RESPONSE")) + _feedback("partially_correct")
    return _when(branches, added) + _when([(nothing, _verdict("wrong", 0))])


def _remark_options(item: Item) -> str:
    return _set("REMARK", _variable("RESPONSE")) if any(option.feedback for option in item.options) else ""


def _filled(name: str, blank: Blank) -> str:
    # Some players take an empty field for 0
    return _tag("and", _tag("not", _empty(name)), *_within(name, blank.value, blank.tolerance))


def _within(name: str, value: float, tolerance: float) -> tuple[str, str]:
    """Return the two conditions of a number; twelve digits are more than anybody types, and can be read."""
    low, high = (f"{bound:.12g}" for bound in (value - tolerance, value + tolerance))
    return (
        _tag("gte", _variable(name), _value("float", low)),
        _tag("lte", _variable(name), _value("float", high)),
    )


def _shown(blank: Blank) -> str:
    rounded = round(blank.value, blank.decimals)
    return f"{rounded if blank.accepts(rounded) else blank.value:.12g}"


def _verdict(word: str, points: float) -> str:
    return _set("SCORE", _value("float", _number(points))) + _feedback(word)


def _feedback(word: str) -> str:
    return _set("FEEDBACK", _value("identifier", f"feedback_{word}"))


def _when(branches: Sequence[tuple[str, str]], otherwise: str = "") -> str:
    if not branches:
        return ""
    names = ["responseIf", *["responseElseIf"] * (len(branches) - 1)]
    taken = [_tag(name, condition, rules) for name, (condition, rules) in zip(names, branches, strict=True)]
    return _tag("responseCondition", *taken, _tag("responseElse", otherwise) if otherwise else "")


def _empty(name: str) -> str:
    return _tag("isNull", _variable(name))


def _match(name: str) -> str:
    return _tag("match", _variable(name), _tag("correct", identifier=name))


def _set(name: str, expression: str) -> str:
    return _tag("setOutcomeValue", expression, identifier=name)


def _variable(name: str) -> str:
    return _tag("variable", identifier=name)


def _value(base: str, text: str) -> str:
    return _tag("baseValue", text, baseType=base)


# Declarations, and XML itself


def _response(name: str, cardinality: str, base: str, right: Iterable[str], mapping: str = "") -> str:
    values = [_tag("value", escape(value, quote=False)) for value in right]
    correct = _tag("correctResponse", *values) if values else ""
    return _tag("responseDeclaration", correct, mapping, identifier=name, cardinality=cardinality, baseType=base)


def _mapping(worth: Mapping[str, float]) -> str:
    entries = (_tag("mapEntry", mapKey=key, mappedValue=_number(points)) for key, points in worth.items())
    return _tag("mapping", *entries, defaultValue="0")


def _outcome(name: str, base: str, content: str = "", cardinality: str = "single", **more: str) -> str:
    return _tag("outcomeDeclaration", content, identifier=name, cardinality=cardinality, baseType=base, **more)


def _modal(outcome: str, value: str, content: str) -> str:
    return _tag("modalFeedback", content, outcomeIdentifier=outcome, showHide="show", identifier=value)


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def _tag(name: str, *content: str, **attributes: str | None) -> str:
    """Return an element; ``xml_lang`` becomes ``xml:lang``, and an attribute that is None is left out."""
    given = "".join(
        f' {key.replace("_", ":")}="{escape(value)}"' for key, value in attributes.items() if value is not None
    )
    inside = "".join(content)
    return f"<{name}{given}>{inside}</{name}>" if inside else f"<{name}{given}/>"
