"""What an answer to a QTI 2.1 item earns by the item's own rules.

Nothing here knows how `autograder.exam.qti` writes. The expressions follow IMS QTI 2.1, Assessment Test, Section and
Item Information Model (2012), chapters *Response Processing* and *Expressions*: no answer is NULL, ``and`` and ``or``
know three values, and a condition that is NULL counts as false. Only what our items use is understood, and anything
else is named. How a platform turns what is typed into a number is not in the standard; here it is done as Inspera does
it, with point or comma.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from autograder.exam.document import (
    Declaration,
    Document,
    Element,
    Point,
    ProcessingError,
    Value,
    as_list,
    name_of,
    parse,
    tag_of,
    value_of,
)

_TYPED = re.compile(r"[-+]?(\d+[.,]?\d*|[.,]\d+)(e[-+]?\d+)?", re.IGNORECASE)


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
    document = Document(parse(item_xml))
    if "SCORE" not in document.outcomes:
        raise ProcessingError("outcomeDeclaration 'SCORE' is missing.")
    given: dict[str, Value] = {}
    for name, raw in responses.items():
        if name not in document.responses:
            raise ProcessingError(f"there is no responseDeclaration '{name}'.")
        given[name] = _given(document.responses[name], raw)
    return Run(document, given).outcomes()


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


@dataclass
class Run:
    """One run of response processing.

    Parameters
    ----------
    document : Document
        The item.
    given : dict
        The values of its responses.
    """

    document: Document
    given: Mapping[str, Value]

    def outcomes(self) -> dict[str, Value]:
        """Return the values of all outcomes."""
        self.values: dict[str, Value] = {name: one.default for name, one in self.document.outcomes.items()}
        self._carry_out(self.document.rules)
        return self.values

    def _carry_out(self, rules: Iterable[Element]) -> None:
        for rule in rules:
            match tag_of(rule):
                case "responseCondition":
                    self._choose(rule)
                case "setOutcomeValue":
                    self._set(rule)
                case other:
                    raise ProcessingError(f"the response rule '{other}' is not understood here.")

    def _choose(self, condition: Element) -> None:
        for branch in condition:
            if tag_of(branch) == "responseElse":
                self._carry_out(branch)
                return
            if len(branch) and self.value(branch[0]) is True:
                self._carry_out(branch[1:])
                return

    def _set(self, rule: Element) -> None:
        name = rule.get("identifier", "")
        if name not in self.values:
            raise ProcessingError(f"{name_of(rule)} sets an outcome that is not declared.")
        (value,) = self.parts(rule, 1)
        if not self.document.outcomes[name].fits(value):
            raise ProcessingError(f"{name_of(rule)} sets a value that is not of the type declared: {value}.")
        self.values[name] = value

    def value(self, expression: Element) -> Value:
        """Return the value of an expression."""
        name = tag_of(expression)
        if name not in EXPRESSIONS:
            raise ProcessingError(f"the expression '{name}' is not understood here.")
        return EXPRESSIONS[name](self, expression)

    def parts(self, expression: Element, count: int | None = None) -> list[Value]:
        """Return the values of what an expression is made of, which must be `count` if that is given."""
        if count not in (None, len(expression)):
            raise ProcessingError(f"{name_of(expression)} has {len(expression)} parts, and needs {count}.")
        return [self.value(one) for one in expression]

    def response(self, expression: Element) -> Declaration:
        """Return the response that an expression names."""
        name = expression.get("identifier", "")
        if name not in self.document.responses:
            raise ProcessingError(f"{name_of(expression)} names a response that is not declared.")
        return self.document.responses[name]


def _variable(run: Run, expression: Element) -> Value:
    name = expression.get("identifier", "")
    if name in run.values:
        return run.values[name]
    return run.given.get(run.response(expression).name)


def _correct(run: Run, expression: Element) -> Value:
    declaration = run.response(expression)
    if declaration.correct is None:
        raise ProcessingError(f"{name_of(expression)} asks for a right answer, and there is no correctResponse.")
    return declaration.correct


def base_value(_: Run, expression: Element) -> Value:
    """Return the value that is written in a file."""
    return value_of(expression.get("baseType", ""), expression.text or "", expression)


def _and(run: Run, expression: Element) -> Value:
    values = run.parts(expression)
    return False if False in values else None if None in values else True


def _or(run: Run, expression: Element) -> Value:
    values = run.parts(expression)
    return True if True in values else None if None in values else False


def _not(run: Run, expression: Element) -> Value:
    (value,) = run.parts(expression, 1)
    return None if value is None else not value


def _is_null(run: Run, expression: Element) -> Value:
    (value,) = run.parts(expression, 1)
    return value is None


def _match(run: Run, expression: Element) -> Value:
    left, right = run.parts(expression, 2)
    if left is None or right is None:
        return None
    if isinstance(left, list) and isinstance(right, list) and not _ordered(run, expression):
        return Counter(left) == Counter(right)
    return left == right


def _ordered(run: Run, expression: Element) -> bool:
    named = [run.document.responses.get(part.get("identifier", "")) for part in expression]
    return any(one is not None and one.cardinality == "ordered" for one in named)


def _compare(holds: Callable[[float, float], bool]) -> Callable[[Run, Element], Value]:
    def compare(run: Run, expression: Element) -> Value:
        left, right = run.parts(expression, 2)
        if left is None or right is None:
            return None
        return holds(_as_number(left, expression), _as_number(right, expression))

    return compare


def _sum(run: Run, expression: Element) -> Value:
    values = run.parts(expression)
    return None if None in values else math.fsum(_as_number(value, expression) for value in values)


def _as_number(value: Value, expression: Element) -> float:
    if isinstance(value, float):
        return value
    raise ProcessingError(f"the expression '{tag_of(expression)}' needs numbers, and has '{value}'.")


def _string_match(run: Run, expression: Element) -> Value:
    left, right = run.parts(expression, 2)
    if left is None or right is None:
        return None
    if expression.get("substring") == "true":
        raise ProcessingError("stringMatch with 'substring' is not understood here.")
    if expression.get("caseSensitive") == "true":
        return left == right
    return str(left).casefold() == str(right).casefold()


def _map_response(run: Run, expression: Element) -> Value:
    declaration = run.response(expression)
    if declaration.worth is None:
        raise ProcessingError(f"{name_of(expression)} asks for a mapping, and there is none.")
    return declaration.worth.of(run.given.get(declaration.name))


def _map_response_point(run: Run, expression: Element) -> Value:
    declaration = run.response(expression)
    if not declaration.areas:
        raise ProcessingError(f"{name_of(expression)} asks for an areaMapping, and there is none.")
    points = as_list(run.given.get(declaration.name))
    return math.fsum(area.points for area in declaration.areas if any(map(area.holds, points)))


#: What computes the value of an expression, by its name.
EXPRESSIONS: dict[str, Callable[[Run, Element], Value]] = {
    "variable": _variable,
    "correct": _correct,
    "baseValue": base_value,
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
