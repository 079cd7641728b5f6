"""One question of each kind, in both languages, for the tests of every outlet: formulas, a table, code and images in them."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from autograder.exam.item import KINDS, Blank, Criterion, Item, Kind, Language, Option, Slip, Spot
from autograder.exam.question import spelled
from autograder.exam.score import Response

Grade = Literal["right", "partial", "wrong", "empty"]
Say = Callable[[str, str], str]


def example(kind: Kind, seed: int = 0, language: Language = "en") -> Item:
    """Return the example of a kind; equal seeds give equal numbers in both languages."""
    rng = random.Random(f"{kind}/{seed}")
    bare = Item(f"example-{kind}", seed, language, kind, 1.0, "", "")
    return _MAKERS[kind](bare, rng, lambda english, norwegian: english if language == "en" else norwegian)


def examples(seed: int = 0, language: Language = "en") -> list[Item]:
    """Return the examples of all kinds."""
    return [example(kind, seed, language) for kind in KINDS]


def answers(item: Item) -> dict[Grade, list[Response]]:
    """Return answers to an example: all that is right, what earns a part, what earns nothing, and no answer."""
    match item.kind:
        case "single":
            wrong = [option.id for option in item.options if not option.right]
            return {"right": [item.right], "partial": [], "wrong": [{one} for one in wrong], "empty": [None, set()]}
        case "multiple":
            a, b, c = sorted(item.right)
            d, e = sorted({option.id for option in item.options} - item.right)
            partial: list[Response] = [{a}, {b, c}, {a, b, d}, {a, b, c, e}]
            return {
                "right": [item.right],
                "partial": partial,
                "wrong": [{d}, {a, e}, {a, b, c, d, e}],
                "empty": [None, set()],
            }
        case "numeric" | "matrix":
            return _numbers(item)
        case "ordering":
            turned = list(reversed(item.order))
            swapped = [*item.order[:-2], item.order[-1], item.order[-2]]
            return {"right": [item.order], "partial": [], "wrong": [turned, swapped], "empty": [None, []]}
        case "matching":
            return _beside(item)
        case "hotspot":
            assert item.spot is not None
            x, y, radius = item.spot.x, item.spot.y, item.spot.radius
            hits: list[Response] = [(x, y), (x + radius, y), (x, y - radius)]
            return {"right": hits, "partial": [], "wrong": [(x + radius + 1, y), (1.0, 1.0)], "empty": [None]}
        case "short":
            texts: list[Response] = [*item.accepted, item.accepted[0].upper(), item.accepted[0].lower() + "."]
            return {
                "right": texts,
                "partial": [],
                "wrong": ["accuracy", "not " + item.accepted[0]],
                "empty": [None, ""],
            }
        case "essay":
            return {"right": [], "partial": [], "wrong": [], "empty": [None, ""]}


def picture(spot: Spot) -> bytes:
    """Return a grey PNG of an oval with a bright disk where the spot is."""
    lines = []
    for y in range(spot.height):
        line = bytearray(b"\0")
        for x in range(spot.width):
            inside = (2 * x / spot.width - 1) ** 2 + (2 * y / spot.height - 1) ** 2 <= 0.9
            line.append(230 if spot.accepts(x, y) else 110 if inside else 10)
        lines.append(bytes(line))
    size = struct.pack(">IIBBBBB", spot.width, spot.height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", size), (b"IDAT", zlib.compress(b"".join(lines), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def _numbers(item: Item) -> dict[Grade, list[Response]]:
    right: dict[str, float | str | None] = {blank.id: blank.value for blank in item.blanks}
    near = {blank.id: blank.value + 0.99 * blank.tolerance for blank in item.blanks}
    typed = {blank.id: f"{blank.value:.{blank.decimals}f}".replace(".", ",") for blank in item.blanks}
    wrong: dict[str, float | str | None] = {blank.id: blank.value + 3 * blank.tolerance + 1 for blank in item.blanks}
    misses: list[Response] = [wrong, dict.fromkeys(right, -1.0), *({"answer": slip.value} for slip in item.slips)]
    first = item.blanks[0].id
    partial: list[Response] = [wrong | {first: right[first]}, {first: right[first]}, right | {first: None}]
    return {
        "right": [right, near, typed],
        "partial": partial if len(right) > 1 else [],
        "wrong": misses,
        "empty": [None, {}, dict.fromkeys(right), dict.fromkeys(right, "")],
    }


def _beside(item: Item) -> dict[Grade, list[Response]]:
    right = dict(item.pairs)
    given, others = list(right), list(right.values())
    turned = dict(zip(given, others[1:] + others[:1], strict=True))
    same = dict.fromkeys(given, others[0])
    partial: list[Response] = [{given[0]: others[0]}, turned | {given[1]: others[1]}, same]
    return {"right": [right], "partial": partial, "wrong": [turned, {given[0]: others[1]}], "empty": [None, {}]}


def _single(bare: Item, rng: random.Random, say: Say) -> Item:
    tp, fn, fp, tn = rng.randint(30, 60), rng.randint(5, 25), rng.randint(61, 90), rng.randint(100, 200)

    def share(a: int, b: int) -> str:
        return spelled(a / b, ".1%", bare.language)

    model, sick, well = say("model", "modell"), say("disease", "syk"), say("no disease", "frisk")
    stem = say(
        f"A model was tried on {tp + fn + fp + tn} patients. Rows are the truth.",
        f"En modell ble prøvd på {tp + fn + fp + tn} pasienter. Radene er fasiten.",
    )
    stem += (
        f"\n\n| | {model}: {sick} | {model}: {well} |\n| --- | ---: | ---: |\n"
        f"| **{sick}** | {tp} | {fn} |\n| **{well}** | {fp} | {tn} |\n\n"
    )
    stem += say("What is $P(\\hat{y} = 1 \\mid y = 1)$?", "Hva er $P(\\hat{y} = 1 \\mid y = 1)$?")
    return replace(
        bare,
        title=say("Sensitivity & friends", "Sensitivitet & co."),
        stem=stem,
        options=(
            Option("a", share(tp, tp + fn), True, "", say("Yes: $\\frac{TP}{TP + FN}$.", "Ja: $\\frac{TP}{TP + FN}$.")),
            Option(
                "b",
                share(tp, tp + fp),
                False,
                "swapped-conditional",
                say("This divides by a column.", "Dette deler på en kolonne."),
            ),
            Option(
                "c",
                share(tn, tn + fp),
                False,
                "swapped-classes",
                say("This is the specificity.", "Dette er spesifisiteten."),
            ),
            Option(
                "d",
                share(tp + tn, tp + fn + fp + tn),
                False,
                "accuracy-is-all",
                say("This is the *accuracy*.", "Dette er *nøyaktigheten*."),
            ),
        ),
        feedback=say("Sensitivity looks at those who are sick.", "Sensitiviteten ser på dem som er syke."),
    )


def _multiple(bare: Item, rng: random.Random, say: Say) -> Item:
    size = rng.choice((0.1, 0.2, 0.25))
    stem = say("What is wrong with this code?", "Hva er galt med denne koden?")
    stem += f'\n\n```python\nif n < 500 & shuffle:\n    train, test = split(rows, test_size={size})  # "rows" of patients\n```\n'
    return replace(
        bare,
        points=2.0,
        title=say("Leakage", "Lekkasje"),
        stem=stem,
        options=(
            Option(
                "a",
                say("A patient may be on both sides.", "En pasient kan havne på begge sider."),
                True,
                "",
                say("Yes.", "Ja."),
            ),
            Option("b", say("`&` binds before `<`.", "`&` binder før `<`."), True, "", say("Yes.", "Ja.")),
            Option("c", say("No seed is set.", "Ingen frø er satt."), True, "", say("Yes.", "Ja.")),
            Option(
                "d",
                say("The test set is too large.", "Testsettet er for stort."),
                False,
                "more-is-better",
                say("It is not.", "Det er det ikke."),
            ),
            Option(
                "e",
                say(
                    "Python has no function calls:\n\n- none\n- at all",
                    "Python har ingen funksjonskall:\n\n- ingen\n- i det hele tatt",
                ),
                False,
                "unrelated",
                say("It has:\n\n```python\nsplit(rows)\n```", "Det har det:\n\n```python\nsplit(rows)\n```"),
            ),
        ),
    )


def _numeric(bare: Item, rng: random.Random, say: Say) -> Item:
    while True:
        sensitivity, specificity, prevalence = (rng.randint(*bounds) / 100 for bounds in ((70, 95), (80, 97), (1, 20)))
        true, false = sensitivity * prevalence, (1 - specificity) * (1 - prevalence)
        right, slips = 100 * true / (true + false), (100 * sensitivity, 100 * false / (true + false))
        if min(abs(right - slip) for slip in slips) > 2:
            break
    numbers = [spelled(value, ".0%", bare.language) for value in (sensitivity, specificity, prevalence)]
    stem = say(
        "A test has sensitivity {} and specificity {}; {} have the disease. Compute",
        "En test har sensitivitet {} og spesifisitet {}; {} har sykdommen. Regn ut",
    ).format(*numbers)
    return replace(
        bare,
        title=say("Positive predictive value", "Positiv prediktiv verdi"),
        stem=stem + "\n\n$$\\mathrm{PPV} = \\frac{s \\, p}{s \\, p + (1 - c) (1 - p)}$$",
        blanks=(Blank("answer", right, 0.5, 1, "%"),),
        slips=(
            Slip(slips[0], "ignores-prevalence", say("That is the sensitivity.", "Det er sensitiviteten.")),
            Slip(
                slips[1],
                "complement",
                say("That is $1 - \\mathrm{PPV}$.", "Det er $1 - \\mathrm{PPV}$."),
            ),
        ),
        feedback=say("Bayes' rule.", "Bayes' regel."),
    )


def _matrix(bare: Item, rng: random.Random, say: Say) -> Item:
    sick, well, sensitivity, specificity = (
        20 * rng.randint(2, 6),
        20 * rng.randint(7, 12),
        rng.choice((0.75, 0.8, 0.9)),
        0.95,
    )
    tp, tn = sick * sensitivity, well * specificity
    stem = say(
        f"Of {sick} patients with and {well} without the disease",
        f"Av {sick} pasienter med og {well} uten sykdommen",
    )
    shares = [spelled(share, ".0%", bare.language) for share in (sensitivity, specificity)]
    stem += say(" the model finds {} and clears {}. Fill in.", " finner modellen {} og frikjenner {}. Fyll ut.").format(
        *shares
    )
    stem += (
        "\n\n| | $\\hat{y} = 1$ | $\\hat{y} = 0$ |\n| --- | ---: | ---: |\n| $y = 1$ | [[tp]] | [[fn]] |\n"
        "| $y = 0$ | [[fp]] | [[tn]] |\n\n"
    )
    stem += say("The model is right in [[accuracy]].", "Modellen har rett i [[accuracy]].")
    return replace(
        bare,
        points=2.0,
        title=say("Fill in the matrix", "Fyll ut matrisen"),
        stem=stem,
        blanks=(
            Blank("tp", tp, 0, 0),
            Blank("fn", sick - tp, 0, 0),
            Blank("fp", well - tn, 0, 0),
            Blank("tn", tn, 0, 0),
            Blank("accuracy", 100 * (tp + tn) / (sick + well), 0.1, 1, "%"),
        ),
        feedback=say("Rows add up to what is given.", "Radene summerer til det som er gitt."),
    )


def _ordering(bare: Item, rng: random.Random, say: Say) -> Item:
    folds = rng.randint(3, 10)
    return replace(
        bare,
        points=1.5,
        title=say("An honest test", "En ærlig test"),
        stem=say("Put the steps in order.", "Sett trinnene i rekkefølge."),
        order=(
            say("Set patients aside for the test", "Legg til side pasienter til testen"),
            say(
                f"Choose $\\lambda$ by {folds}-fold cross-validation",
                f"Velg $\\lambda$ ved {folds}-fold kryssvalidering",
            ),
            say("Fit once more: `model.fit(x, y)`", "Tilpass én gang til: `model.fit(x, y)`"),
            say("Test once", "Test én gang"),
        ),
        feedback=say("The test comes last & once.", "Testen kommer sist & én gang."),
    )


def _matching(bare: Item, rng: random.Random, say: Say) -> Item:
    pairs = [
        (say("Sensitivity", "Sensitivitet"), "$\\frac{TP}{TP + FN}$"),
        (say("Specificity", "Spesifisitet"), "$\\frac{TN}{TN + FP}$"),
        (say("Predictive value", "Prediktiv verdi"), "$\\frac{TP}{TP + FP}$"),
        ("`accuracy_score`", "$\\frac{TP + TN}{n}$"),
    ]
    rng.shuffle(pairs)
    return replace(
        bare,
        points=1.0,
        title=say("Shares", "Andeler"),
        stem=say("Which formula belongs to which name?", "Hvilken formel hører til hvilket navn?"),
        pairs=tuple(pairs[:3]),
        feedback=say("Look at the denominators.", "Se på nevnerne."),
    )


def _hotspot(bare: Item, rng: random.Random, say: Say) -> Item:
    spot = Spot("lesion.png", 120, 90, rng.randint(40, 80), rng.randint(30, 60), rng.randint(6, 14))
    return replace(
        bare,
        title=say("Find the lesion", "Finn lesjonen"),
        stem=say("Click on the lesion.", "Klikk på lesjonen."),
        spot=spot,
        pictures={spot.picture: picture(spot)},
        feedback=say("It is brighter than its surroundings.", "Den er lysere enn omgivelsene."),
    )


def _short(bare: Item, rng: random.Random, say: Say) -> Item:
    spot = Spot("overlap.png", 60, 40, rng.randint(20, 40), rng.randint(15, 25), 8)
    stem = say("![A bright disk in a grey oval](overlap.png)", "![En lys skive i en grå oval](overlap.png)")
    stem += say(
        "\n\nWhat is $\\frac{2 |A \\cap B|}{|A| + |B|}$ called?", "\n\nHva heter $\\frac{2 |A \\cap B|}{|A| + |B|}$?"
    )
    return replace(
        bare,
        title=say("Overlap", "Overlapp"),
        stem=stem,
        accepted=("Dice", say("Dice coefficient", "Dice-koeffisienten"), say("Dice score", "Dice-skår")),
        feedback=say("After Lee Raymond Dice.", "Etter Lee Raymond Dice."),
        pictures={spot.picture: picture(spot)},
    )


def _essay(bare: Item, _: random.Random, say: Say) -> Item:
    return replace(
        bare,
        points=6.0,
        title=say("Trust", "Tillit"),
        stem=say(
            "When may a doctor trust a model? *At most one page.*",
            "Når kan en lege stole på en modell? *Høyst én side.*",
        ),
        rubric=(
            Criterion(
                say("Names validation on new patients, $n > 100$", "Nevner validering på nye pasienter, $n > 100$"), 3.0
            ),
            Criterion(say("Names calibration & drift", "Nevner kalibrering & drift"), 2.0),
            Criterion(say("Gives an example", "Gir et eksempel"), 1.0),
        ),
        samples={
            "strong": say(
                "When it was validated on patients like hers.\n\nAnd when *p* means *p*.",
                "Når den er validert på pasienter som hennes.\n\nOg når *p* betyr *p*.",
            ),
            "middle": say("When it was tested.", "Når den er testet."),
            "weak": say("Always.", "Alltid."),
        },
        feedback=say("There is more than one good answer.", "Det finnes mer enn ett godt svar."),
    )


_MAKERS: dict[Kind, Callable[[Item, random.Random, Say], Item]] = {
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
