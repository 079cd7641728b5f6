"""Network architectures, drawn in one style, with their parameters counted layer by layer.

A drawing is described by boxes and arrows. A count is a formula written out, one line a layer, so that it can be
checked against the paper. Nothing here is trained, and nothing is downloaded.

>>> from clinic import gallery
>>> sum(gallery.COUNTS["ResNet"]().values())
25557032
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Ellipse, FancyArrowPatch, FancyBboxPatch, Patch
from matplotlib.path import Path

from clinic.plot import COLOURS

__all__ = [
    "COUNTS",
    "DRAWINGS",
    "YEARS",
    "Arrow",
    "Box",
    "Drawing",
    "attention",
    "conv",
    "dense",
    "draw",
    "norm",
    "recurrent",
    "search_space",
]

_BLUE, _RED, _GREEN, _PURPLE, _ORANGE = COLOURS[:5]
_TINTS = {  # what a box does, and the tint that repeats it; the text says it too
    "data": "white",
    "conv": _BLUE + "2E",
    "shape": _ORANGE + "3D",
    "dense": _GREEN + "2E",
    "attention": _PURPLE + "38",
    "search": _RED + "2E",
    "join": "white",
    "text": "none",
}
_WIDTH = 10.0  # of a drawing, in units
_INCH = 0.4  # a unit

Parts = dict[str, int]


@dataclass(frozen=True)
class Box:
    """A box of a drawing.

    Parameters
    ----------
    text : str
        What stands in it.
    x, y : float
        Its middle; x from 0 to 10, y downwards.
    kind : {"conv", "data", "shape", "dense", "attention", "search", "join", "text"}
        What it does. "shape" changes the size and learns nothing, "join" is a small circle, "text" has no border.
    width, height : float
        Its size. A line of text needs a height of about 0.7.
    """

    text: str
    x: float
    y: float
    kind: str = "conv"
    width: float = 3.4
    height: float = 0.72


@dataclass(frozen=True)
class Arrow:
    """An arrow from one box to another.

    Parameters
    ----------
    start, end : str
        Names of the boxes.
    bend : float
        0 for a straight arrow; otherwise how far it bows out, as a share of its length, to the left as one walks if
        above 0.
    dashed : bool
        Whether it is dashed.
    sides : str
        From where to where: "bt" from the bottom of the first box to the top of the second, "rl" from right to left,
        and so on.
    around : float, optional
        Go round by this x, with right angles, instead of straight or bent.
    """

    start: str
    end: str
    bend: float = 0.0
    dashed: bool = False
    sides: str = "bt"
    around: float | None = None


@dataclass(frozen=True)
class Drawing:
    """Boxes by name, and the arrows between them.

    Parameters
    ----------
    boxes : mapping of str to Box
        The boxes by name.
    arrows : sequence of Arrow
        The arrows between them.
    """

    boxes: Mapping[str, Box]
    arrows: Sequence[Arrow]


def draw(drawing: Drawing, title: str, *, note: str = "", axes: Axes | None = None) -> Axes:
    """Draw an architecture, narrow enough for a phone.

    Parameters
    ----------
    drawing : Drawing
        What to draw.
    title, note : str
        Stand above it, the note in smaller letters.
    axes : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes
    """
    top = min(box.y - box.height / 2 for box in drawing.boxes.values()) - (0.75 if note else 0.15)
    bottom = max(box.y + box.height / 2 for box in drawing.boxes.values()) + 0.15
    if axes is None:
        _, axes = plt.subplots(figsize=(_INCH * _WIDTH, _INCH * (bottom - top) + 0.3))
    axes.set(xlim=(0, _WIDTH), ylim=(bottom, top), aspect="equal")
    axes.axis("off")
    axes.set_title(title, fontsize=11.5, fontweight="bold", loc="left", pad=2)
    axes.text(0.02, top + 0.05, note, fontsize=9.5, va="top")
    for box in drawing.boxes.values():
        _draw_box(axes, box)
    for arrow in drawing.arrows:
        _draw_arrow(axes, drawing.boxes, arrow)
    return axes


def _draw_box(axes: Axes, box: Box) -> None:
    """Draw a box with its text."""
    patch: Patch | None = None
    if box.kind == "join":
        patch = Ellipse((box.x, box.y), box.width, box.height)
    elif box.kind != "text":
        corner = box.x - box.width / 2, box.y - box.height / 2
        patch = FancyBboxPatch(corner, box.width, box.height, boxstyle="round,pad=0,rounding_size=0.12")
    if patch is not None:
        dashes = "--" if box.kind == "data" else "-"
        patch.set(facecolor=_TINTS[box.kind], edgecolor="0.25", linestyle=dashes, linewidth=1.0)
        axes.add_patch(patch)
    axes.text(box.x, box.y, box.text, ha="center", va="center", fontsize=9.5, linespacing=1.05)


def _edge(box: Box, side: str) -> tuple[float, float]:
    """Return the middle of a side of a box: t(op), b(ottom), l(eft) or r(ight)."""
    x, y = {"t": (0, -1), "b": (0, 1), "l": (-1, 0), "r": (1, 0)}[side]
    return box.x + x * box.width / 2, box.y + y * box.height / 2


def _draw_arrow(axes: Axes, boxes: Mapping[str, Box], arrow: Arrow) -> None:
    """Draw an arrow between the sides of two boxes."""
    start, end = (_edge(boxes[name], side) for name, side in zip((arrow.start, arrow.end), arrow.sides, strict=True))
    if arrow.around is None:
        patch = FancyArrowPatch(start, end, connectionstyle=f"arc3,rad={arrow.bend}", shrinkA=0, shrinkB=1)
    else:
        patch = FancyArrowPatch(path=Path([start, (arrow.around, start[1]), (arrow.around, end[1]), end]))
    patch.set(arrowstyle="-|>", mutation_scale=9, linewidth=1.1, linestyle="--" if arrow.dashed else "-", color="0.2")
    axes.add_patch(patch)


# ---------------------------------------------------------------------------------------------------------------------
# Counting: the formulas of the layers
# ---------------------------------------------------------------------------------------------------------------------


def conv(size: int, before: int, after: int, *, groups: int = 1, bias: bool = False, dimensions: int = 2) -> int:
    """Count the parameters of a convolution.

    Parameters
    ----------
    size : int
        Width of the filter.
    before, after : int
        Channels that go in and come out.
    groups : int
        Into how many separate groups the channels are divided; `before` of them for a depthwise convolution.
    bias : bool
        Whether a constant is added to each channel.
    dimensions : int
        2 for images, 3 for volumes.

    Returns
    -------
    int
    """
    return int(size**dimensions) * (before // groups) * after + (after if bias else 0)


def norm(channels: int) -> int:
    """Count the parameters of a normalisation: a scale and a shift for each channel.

    Parameters
    ----------
    channels : int
        How many channels it has.

    Returns
    -------
    int
    """
    return 2 * channels


def dense(before: int, after: int, *, bias: bool = True) -> int:
    """Count the parameters of a dense layer, in which everything is connected with everything.

    Parameters
    ----------
    before, after : int
        Numbers that go in and come out.
    bias : bool
        Whether a constant is added to each.

    Returns
    -------
    int
    """
    return before * after + (after if bias else 0)


def attention(width: int, *, bias: bool) -> int:
    """Count the parameters of attention: query, key, value and the way out.

    Parameters
    ----------
    width : int
        Numbers for each word or patch.
    bias : bool
        Whether the four have constants.

    Returns
    -------
    int
    """
    return 4 * dense(width, width, bias=bias)


def recurrent(before: int, width: int) -> int:
    """Count the parameters of a gated recurrent unit that reads in both directions.

    Parameters
    ----------
    before : int
        Numbers for each word.
    width : int
        Numbers that it remembers in each direction.

    Returns
    -------
    int
    """
    return 2 * 3 * dense(before + width, width)


def _alexnet() -> Parts:
    """Krizhevsky et al. 2012: three of the convolutions were divided between two graphics cards (groups)."""
    convolutions = (
        conv(11, 3, 96, bias=True)
        + conv(5, 96, 256, groups=2, bias=True)
        + conv(3, 256, 384, bias=True)
        + conv(3, 384, 384, groups=2, bias=True)
        + conv(3, 384, 256, groups=2, bias=True)
    )
    return {
        "convolutions": convolutions,
        "dense layers": dense(6 * 6 * 256, 4096) + dense(4096, 4096) + dense(4096, 1000),
    }


_VGG = (64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512)


def _vgg() -> Parts:
    """Simonyan and Zisserman 2015, with 16 layers: 13 convolutions of 3 x 3 and three dense layers."""
    convolutions = sum(conv(3, before, after, bias=True) for before, after in pairwise((3, *_VGG)))
    return {
        "convolutions": convolutions,
        "dense layers": dense(7 * 7 * 512, 4096) + dense(4096, 4096) + dense(4096, 1000),
    }


_INCEPTION = (  # of each module: 1x1; 1x1 before 3x3, 3x3; 1x1 before 5x5, 5x5; 1x1 after pooling
    (64, 96, 128, 16, 32, 32),
    (128, 128, 192, 32, 96, 64),
    (192, 96, 208, 16, 48, 64),
    (160, 112, 224, 24, 64, 64),
    (128, 128, 256, 24, 64, 64),
    (112, 144, 288, 32, 64, 64),
    (256, 160, 320, 32, 128, 128),
    (256, 160, 320, 32, 128, 128),
    (384, 192, 384, 48, 128, 128),
)


def _inception() -> Parts:
    """Szegedy et al. 2015 (GoogLeNet), without the two side outputs that helped the training."""
    convolutions = conv(7, 3, 64, bias=True) + conv(1, 64, 64, bias=True) + conv(3, 64, 192, bias=True)
    channels = 192
    for one, before_three, three, before_five, five, pooled in _INCEPTION:
        convolutions += (
            conv(1, channels, one, bias=True)
            + conv(1, channels, before_three, bias=True)
            + conv(3, before_three, three, bias=True)
            + conv(1, channels, before_five, bias=True)
            + conv(5, before_five, five, bias=True)
            + conv(1, channels, pooled, bias=True)
        )
        channels = one + three + five + pooled
    return {"convolutions": convolutions, "dense layers": dense(channels, 1000)}


_STAGES = ((256, 3), (512, 4), (1024, 6), (2048, 3))  # channels of a stage of ResNet-50, and its blocks


def _residual(*, groups: int = 1, per_group: int = 0, squeeze: int = 0) -> Parts:
    """He et al. 2016 with 50 layers; with groups Xie et al. 2017, with a squeeze Hu et al. 2018."""
    convolutions, gates, channels = conv(7, 3, 64) + norm(64), 0, 64
    for stage, (after, blocks) in enumerate(_STAGES):
        middle = groups * per_group * 2**stage if per_group else after // 4
        convolutions += conv(1, channels, after) + norm(after)  # the first block's short cut changes the width
        for _ in range(blocks):
            convolutions += conv(1, channels, middle) + norm(middle)
            convolutions += conv(3, middle, middle, groups=groups) + norm(middle)
            convolutions += conv(1, middle, after) + norm(after)
            gates += dense(after, after // squeeze) + dense(after // squeeze, after) if squeeze else 0
            channels = after
    parts = {"convolutions": convolutions, "dense layers": dense(channels, 1000)}
    return parts | {"squeeze and excitation": gates} if squeeze else parts


def _split(before: int, after: int, *, between: bool) -> int:
    """Count a depthwise separable 3 x 3 convolution; `between` adds a normalisation between its two steps."""
    middle = norm(before) if between else 0
    return conv(3, before, before, groups=before) + middle + conv(1, before, after) + norm(after)


def _xception() -> Parts:
    """Chollet 2017: entry flow, eight times the middle flow, exit flow."""
    convolutions = conv(3, 3, 32) + norm(32) + conv(3, 32, 64) + norm(64)
    for before, after in ((64, 128), (128, 256), (256, 728)):
        convolutions += _split(before, after, between=False) + _split(after, after, between=False)
        convolutions += conv(1, before, after) + norm(after)
    convolutions += 8 * 3 * _split(728, 728, between=False)
    convolutions += _split(728, 728, between=False) + _split(728, 1024, between=False) + conv(1, 728, 1024) + norm(1024)
    convolutions += _split(1024, 1536, between=False) + _split(1536, 2048, between=False)
    return {"convolutions": convolutions, "dense layers": dense(2048, 1000)}


_MOBILE = (32, 64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024)


def _mobilenet() -> Parts:
    """Howard et al. 2017, at full width."""
    convolutions = conv(3, 3, 32) + norm(32)
    convolutions += sum(_split(before, after, between=True) for before, after in pairwise(_MOBILE))
    return {"convolutions": convolutions, "dense layers": dense(1024, 1000)}


def _densenet() -> Parts:
    """Huang et al. 2017 with 121 layers: each adds 32 channels, and between the blocks the channels are halved."""
    growth, channels = 32, 64
    convolutions = conv(7, 3, 64) + norm(64)
    for block, layers in enumerate((6, 12, 24, 16)):
        for _ in range(layers):
            convolutions += norm(channels) + conv(1, channels, 4 * growth)
            convolutions += norm(4 * growth) + conv(3, 4 * growth, growth)
            channels += growth
        if block < 3:
            convolutions += norm(channels) + conv(1, channels, channels // 2)
            channels //= 2
    return {"convolutions": convolutions + norm(channels), "dense layers": dense(channels, 1000)}


def _segnet(classes: int = 2) -> Parts:
    """Badrinarayanan et al. 2017: the 13 convolutions of VGG, and their mirror image."""
    down = [conv(3, before, after, bias=True) + norm(after) for before, after in pairwise((3, *_VGG))]
    mirror = (*reversed(_VGG), classes)
    up = [conv(3, before, after, bias=True) + norm(after) for before, after in pairwise(mirror)]
    return {"going down": sum(down), "going up": sum(up) - norm(classes)}  # the last one is not normalised


def _unet(classes: int = 2) -> Parts:
    """Ronneberger et al. 2015: one channel in, 64 channels on top and 1,024 at the bottom."""
    down, up = 0, conv(1, 64, classes, bias=True)
    for before, after in pairwise((1, 64, 128, 256, 512, 1024)):
        down += conv(3, before, after, bias=True) + conv(3, after, after, bias=True)
    for before, after in pairwise((1024, 512, 256, 128, 64)):
        up += conv(2, before, after, bias=True)  # makes the map larger
        up += conv(3, 2 * after, after, bias=True) + conv(3, after, after, bias=True)  # 2: what came across, too
    return {"going down": down, "going up": up}


def _nnunet(widths: Sequence[int] = (32, 64, 128, 256, 320, 320), inputs: int = 4, classes: int = 4) -> Parts:
    """Isensee et al. 2021: a plan in three dimensions for four MRI sequences and three tissues with background."""
    down, up = 0, 0
    for before, after in pairwise((inputs, *widths)):
        down += conv(3, before, after, bias=True, dimensions=3) + norm(after)
        down += conv(3, after, after, bias=True, dimensions=3) + norm(after)
    for before, after in pairwise(reversed(widths)):
        up += conv(2, before, after, bias=True, dimensions=3)
        up += conv(3, 2 * after, after, bias=True, dimensions=3) + norm(after)
        up += conv(3, after, after, bias=True, dimensions=3) + norm(after)
        up += conv(1, after, classes, bias=True, dimensions=3)  # an answer at each size, for the training
    return {"going down": down, "going up": up}


def _hierarchical(words: int = 200, width: int = 50, classes: int = 5) -> Parts:
    """Yang et al. 2016: a reader of words and a reader of sentences; the table of word vectors is not counted."""
    both = 2 * width
    gaze = dense(both, both) + both  # a dense layer, and a vector that says what matters
    return {
        "words": recurrent(words, width) + gaze,
        "sentences": recurrent(both, width) + gaze,
        "dense layers": dense(both, classes),
    }


def _feedforward(width: int, inner: int) -> int:
    """Count the small network that follows attention in every layer."""
    return dense(width, inner) + dense(inner, width)


def _transformer(width: int = 512, inner: int = 2048, layers: int = 6, vocabulary: int = 37_000) -> Parts:
    """Vaswani et al. 2017, base model: one table of word vectors serves both ends."""
    encoder = attention(width, bias=False) + _feedforward(width, inner) + 2 * norm(width)
    decoder = 2 * attention(width, bias=False) + _feedforward(width, inner) + 3 * norm(width)
    return {"word vectors": vocabulary * width, "encoder": layers * encoder, "decoder": layers * decoder}


def _vision_transformer(width: int = 768, inner: int = 3072, layers: int = 12, patch: int = 16) -> Parts:
    """Dosovitskiy et al. 2021, base model: 14 x 14 patches of 16 x 16 pixels, and one place for the answer."""
    layer = attention(width, bias=True) + _feedforward(width, inner) + 2 * norm(width)
    return {
        "patches and places": conv(patch, 3, width, bias=True) + width + (14 * 14 + 1) * width,
        "layers": layers * layer + norm(width),
        "dense layers": dense(width, 1000),
    }


#: Of each network a function that counts its parameters, part by part. The cells of NASNet come out of a search: none.
COUNTS: Mapping[str, Callable[[], Parts]] = {
    "AlexNet": _alexnet,
    "VGG": _vgg,
    "Inception": _inception,
    "ResNet": _residual,
    "Xception": _xception,
    "DenseNet": _densenet,
    "ResNeXt": lambda: _residual(groups=32, per_group=4),
    "Squeeze-and-excitation": lambda: _residual(squeeze=16),
    "MobileNet": _mobilenet,
    "SegNet": _segnet,
    "U-Net": _unet,
    "Hierarchical attention": _hierarchical,
    "Transformer": _transformer,
    "Vision Transformer": _vision_transformer,
    "nnU-Net": _nnunet,
}

#: The year of the paper that the course cites; some were on a preprint server a year or two before.
YEARS: Mapping[str, int] = {
    "AlexNet": 2012,
    "VGG": 2015,
    "Inception": 2015,
    "U-Net": 2015,
    "ResNet": 2016,
    "Hierarchical attention": 2016,
    "SegNet": 2017,
    "Xception": 2017,
    "DenseNet": 2017,
    "ResNeXt": 2017,
    "MobileNet": 2017,
    "Transformer": 2017,
    "Squeeze-and-excitation": 2018,
    "NASNet and AmoebaNet": 2018,
    "Vision Transformer": 2021,
    "nnU-Net": 2021,
}


def search_space(blocks: int = 5, operations: int = 13, joins: int = 2) -> int:
    """Count the plans of a cell that the search of NASNet could propose (Zoph et al. 2018).

    A cell is built block by block. A block takes two of the results at hand (two from outside, and those of the blocks
    before it), applies an operation to each, and joins them.

    Parameters
    ----------
    blocks : int
        Blocks in a cell.
    operations : int
        Operations to choose from.
    joins : int
        Ways to join two results.

    Returns
    -------
    int
        Plans as they are written down; some of them describe the same cell.
    """
    return math.prod((block + 2) ** 2 * operations**2 * joins for block in range(blocks))


# ---------------------------------------------------------------------------------------------------------------------
# Drawings
# ---------------------------------------------------------------------------------------------------------------------


def _funnel(rows: Sequence[tuple[str, str, int]]) -> Drawing:
    """Return a column of boxes, each as wide as its map is large: text, kind, side of the map in pixels."""
    boxes = {
        str(row): Box(text, 5, 0.95 * row, kind, width=4.2 + 0.6 * math.log2(side))
        for row, (text, kind, side) in enumerate(rows)
    }
    return Drawing(boxes, [Arrow(str(row), str(row + 1)) for row in range(len(rows) - 1)])


def _valley(down: Sequence[str], bottom: str, up: Sequence[str], last: str, *, dashed: bool) -> Drawing:
    """Return an encoder on the left, a decoder on the right, and bridges between maps of the same size."""
    boxes, arrows, depth = {}, [], len(down)
    for row, (left, right) in enumerate(zip(down, up, strict=True)):
        width = 3.7 - 0.25 * row
        boxes[f"d{row}"] = Box(left, 2.2, 1.25 * row, width=width, height=0.8)
        boxes[f"u{row}"] = Box(right, 7.8, 1.25 * row, width=width, height=0.8)
        arrows.append(Arrow(f"d{row}", f"u{row}", sides="rl", dashed=dashed))
        if row:
            arrows += [Arrow(f"d{row - 1}", f"d{row}"), Arrow(f"u{row}", f"u{row - 1}", sides="tb")]
    boxes["bottom"] = Box(bottom, 5, 1.25 * depth - 0.05, width=3.2, height=0.8)
    boxes["in"] = Box("image", 2.2, -1.15, "data", width=3.7)
    boxes["out"] = Box(last, 7.8, -1.15, "data", width=3.7)
    arrows += [Arrow("in", "d0"), Arrow("u0", "out", sides="tb")]
    arrows += [Arrow(f"d{depth - 1}", "bottom", sides="bl", bend=0.25)]
    arrows += [Arrow("bottom", f"u{depth - 1}", sides="rb", bend=0.25)]
    return Drawing(boxes, arrows)


def _chain(names: Sequence[str]) -> list[Arrow]:
    """Return the arrows that lead from each box to the next."""
    return [Arrow(a, b) for a, b in pairwise(names)]


def _draw_inception() -> Drawing:
    boxes = {"in": Box("from the layer before", 5, 0, "data", width=9.65)}
    columns = {"a": 1.3, "b": 3.77, "c": 6.23, "d": 8.7}
    first = {"b": ("conv 1 × 1", "conv"), "c": ("conv 1 × 1", "conv"), "d": ("pool 3 × 3", "shape")}
    last = {"a": "conv 1 × 1", "b": "conv 3 × 3", "c": "conv 5 × 5", "d": "conv 1 × 1"}
    arrows = []
    for name, x in columns.items():
        boxes[name] = Box(last[name], x, 2.9, width=2.25)
        boxes["in" + name] = Box("", x, 0, "text", width=0.1)
        if name in first:
            boxes[name + "1"] = Box(first[name][0], x, 1.45, first[name][1], width=2.25)
            arrows += [Arrow("in" + name, name + "1"), Arrow(name + "1", name)]
        else:
            arrows.append(Arrow("in" + name, name))
        boxes["out" + name] = Box("", x, 4.35, "text", width=0.1)
        arrows.append(Arrow(name, "out" + name))
    boxes["out"] = Box("laid side by side", 5, 4.35, "shape", width=9.65)
    return Drawing(boxes, arrows)


def _draw_resnet() -> Drawing:
    boxes = {
        "in": Box("256 channels", 4.2, 0, "data"),
        "a": Box("conv 1 × 1, 64", 4.2, 1.2),
        "b": Box("conv 3 × 3, 64", 4.2, 2.3),
        "c": Box("conv 1 × 1, 256", 4.2, 3.4),
        "add": Box("+", 4.2, 4.5, "join", 0.72),
        "out": Box("256 channels", 4.2, 5.6, "data"),
        "note": Box("as it\nwas", 8.0, 2.3, "text", width=1.4, height=1.2),
    }
    arrows = [*_chain(["in", "a", "b", "c", "add", "out"]), Arrow("in", "add", sides="rr", around=7.2)]
    return Drawing(boxes, arrows)


def _draw_xception() -> Drawing:
    boxes = {
        "in": Box("many channels", 4.2, 0, "data", width=6.6),
        "mix": Box("conv 1 × 1: mix the channels", 4.2, 3.0, width=6.6),
        "add": Box("+", 4.2, 4.2, "join", 0.72),
        "out": Box("on", 4.2, 5.3, "data", width=2),
        "note": Box("as it\nwas", 9.1, 2.1, "text", width=1.4, height=1.2),
    }
    arrows = [Arrow("mix", "add"), Arrow("add", "out"), Arrow("in", "add", sides="rr", around=8.3)]
    for number in range(4):
        x = 1.8 + 1.6 * number
        boxes[f"f{number}"] = Box("3 × 3", x, 1.5, width=1.3)
        boxes[f"i{number}"] = Box("", x, 0, "text", width=0.1)
        boxes[f"o{number}"] = Box("", x, 3.0, "text", width=0.1)
        arrows += [Arrow(f"i{number}", f"f{number}"), Arrow(f"f{number}", f"o{number}")]
    return Drawing(boxes, arrows)


def _draw_densenet() -> Drawing:
    names = ["in", "a", "b", "c", "out"]
    texts = ["64 channels", "conv, adds 32", "conv, adds 32", "conv, adds 32", "160 channels"]
    boxes = {
        name: Box(text, 5, 1.35 * row, "data" if name in {"in", "out"} else "conv", width=3.2)
        for row, (name, text) in enumerate(zip(names, texts, strict=True))
    }
    arrows = _chain(names)
    for start, first in enumerate(names):
        for end, second in enumerate(names[start + 2 :], start=start + 2):
            left = (end - start) % 2 == 0
            arrows.append(Arrow(first, second, bend=0.45 if left else -0.45, sides="ll" if left else "rr"))
    return Drawing(boxes, arrows)


def _draw_resnext() -> Drawing:
    boxes = {
        "in": Box("256 channels", 4.2, 0, "data", width=7.9),
        "add": Box("+", 4.2, 4.75, "join", 0.72),
        "out": Box("256 channels", 4.2, 5.85, "data"),
        "dots": Box("… 32\npaths", 7.6, 2.25, "text", width=1.4, height=1.2),
        "note": Box("as it\nwas", 9.35, 2.25, "text", width=1.2, height=1.2),
    }
    arrows = [Arrow("add", "out"), Arrow("in", "add", sides="rr", around=8.6)]
    for number, x in enumerate((1.35, 3.6, 5.85)):
        boxes[f"i{number}"] = Box("", x, 0, "text", width=0.1)
        for row, text in enumerate(("1 × 1, 4", "3 × 3, 4", "1 × 1, 256")):
            boxes[f"{number}{row}"] = Box(text, x, 1.15 + 1.1 * row, width=2.1)
        arrows += [*_chain([f"i{number}", f"{number}0", f"{number}1", f"{number}2"]), Arrow(f"{number}2", "add")]
    return Drawing(boxes, arrows)


def _draw_squeeze() -> Drawing:
    boxes = {
        "in": Box("256 channels", 2.2, 0, "data"),
        "mean": Box("mean of each channel", 7.1, 0, "shape", width=4.8),
        "small": Box("dense, 16 numbers", 7.1, 1.2, "dense", width=4.8),
        "gate": Box("dense, 256 from 0 to 1", 7.1, 2.4, "dense", width=4.8),
        "times": Box("×", 2.2, 2.4, "join", 0.72),
        "out": Box("256 channels,\nsome louder", 2.2, 3.8, "data", height=1.1),
    }
    arrows = [
        Arrow("in", "mean", sides="rl"),
        Arrow("mean", "small"),
        Arrow("small", "gate"),
        Arrow("gate", "times", sides="lr"),
        Arrow("in", "times"),
        Arrow("times", "out"),
    ]
    return Drawing(boxes, arrows)


def _draw_mobilenet() -> Drawing:
    ordinary = conv(3, 256, 256)
    alone, mixed = conv(3, 256, 256, groups=256), conv(1, 256, 256)
    boxes = {
        "l": Box("an ordinary layer", 2.4, 0, "text", width=4),
        "r": Box("split in two", 7.6, 0, "text", width=4),
        "li": Box("256 channels", 2.4, 0.95, "data", width=4),
        "ri": Box("256 channels", 7.6, 0.95, "data", width=4),
        "lc": Box(f"conv 3 × 3,\nall with all:\n{ordinary:,} weights", 2.4, 3.15, width=4.3, height=1.7),
        "ra": Box(f"3 × 3 on each alone:\n{alone:,} weights", 7.6, 2.5, width=4.5, height=1.15),
        "rb": Box(f"1 × 1, mix:\n{mixed:,} weights", 7.6, 4.15, width=4.5, height=1.15),
        "lo": Box("256 channels", 2.4, 5.55, "data", width=4),
        "ro": Box("256 channels", 7.6, 5.55, "data", width=4),
    }
    return Drawing(boxes, [*_chain(["li", "lc", "lo"]), *_chain(["ri", "ra", "rb", "ro"])])


def _draw_search() -> Drawing:
    boxes = {
        "propose": Box("propose a cell:\nwhat joins what, and how", 5, 0, "search", width=6, height=1.15),
        "build": Box("stack copies of it into a network", 5, 1.7, "conv", width=7.4),
        "train": Box("train the network for a while", 5, 2.9, "shape", width=7.4),
        "score": Box("accuracy on validation images", 5, 4.1, "data", width=7.4),
        "nas": Box("NASNet: a network\nlearns to propose", 2.65, 5.8, "search", width=4.4, height=1.15),
        "amoeba": Box("AmoebaNet: the good\nones are mutated", 7.35, 5.8, "search", width=4.6, height=1.15),
    }
    arrows = [
        *_chain(["propose", "build", "train", "score"]),
        Arrow("score", "nas"),
        Arrow("score", "amoeba"),
        Arrow("nas", "propose", sides="ll", around=0.15),
        Arrow("amoeba", "propose", sides="rr", around=9.85),
    ]
    return Drawing(boxes, arrows)


def _draw_hierarchical() -> Drawing:
    boxes, arrows = {}, []
    for number, x in enumerate((1.75, 5, 8.25), start=1):
        boxes[f"w{number}"] = Box(f"words of\nsentence {number}", x, 0, "data", width=2.9, height=1.1)
        boxes[f"r{number}"] = Box("read both\nways", x, 1.7, "dense", width=2.9, height=1.1)
        boxes[f"a{number}"] = Box("weigh words", x, 3.2, "attention", width=2.9)
        boxes[f"s{number}"] = Box("", x, 4.4, "text", width=0.1)
        arrows += _chain([f"w{number}", f"r{number}", f"a{number}", f"s{number}"])
    boxes["read"] = Box("read the sentences both ways", 5, 4.4, "dense", width=9.4)
    boxes["weigh"] = Box("weigh the sentences", 5, 5.6, "attention", width=6)
    boxes["out"] = Box("class of the document", 5, 6.8, "data", width=5)
    arrows += _chain(["read", "weigh", "out"])
    return Drawing(boxes, arrows)


def _draw_transformer() -> Drawing:
    boxes = {
        "lin": Box("text to read,\nwith places", 2.4, 0, "data", width=4.2, height=1.1),
        "l1": Box("each word looks\nat all words", 2.4, 1.75, "attention", width=4.2, height=1.1),
        "l2": Box("dense, word by word", 2.4, 3.2, "dense", width=4.2),
        "lo": Box("six such layers\non each side", 2.4, 4.6, "text", width=4, height=1.1),
        "rin": Box("text so far,\nwith places", 7.6, 0, "data", width=4.2, height=1.1),
        "r1": Box("each word looks at\nthe words before", 7.6, 1.75, "attention", width=4.2, height=1.1),
        "r2": Box("and at the text\nthat was read", 7.6, 3.35, "attention", width=4.2, height=1.1),
        "r3": Box("dense, word by word", 7.6, 4.75, "dense", width=4.2),
        "out": Box("next word", 7.6, 5.95, "data", width=4.2),
    }
    arrows = [*_chain(["lin", "l1", "l2"]), *_chain(["rin", "r1", "r2", "r3", "out"]), Arrow("l2", "r2", sides="rl")]
    return Drawing(boxes, arrows)


def _draw_vision_transformer() -> Drawing:
    boxes, arrows = {"in": Box("image, 224 × 224 × 3", 5, 0, "data", width=6)}, []
    for number, (x, text) in enumerate(((1.5, "1"), (2.9, "2"), (4.3, "3"), (5.7, "4"), (7.1, "…"), (8.5, "196"))):
        boxes[f"p{number}"] = Box(text, x, 1.45, "text" if text == "…" else "data", width=1.05, height=1.05)
        boxes[f"q{number}"] = Box("", x, 3.1, "text", width=0.1)
        if text != "…":
            arrows += [Arrow("in", f"p{number}"), Arrow(f"p{number}", f"q{number}")]
    boxes["vectors"] = Box("768 numbers for each patch, and its place", 5, 3.1, "dense", width=9.4)
    boxes["look"] = Box("12 layers: each patch looks\nat all patches; then dense", 5, 4.6, "attention", 7, 1.15)
    boxes["out"] = Box("class", 5, 6.0, "data", width=3)
    return Drawing(boxes, [*arrows, *_chain(["vectors", "look", "out"])])


def _draw_nnunet() -> Drawing:
    boxes = {
        "data": Box("the images: how many, how large,\nhow thick the slices, which greys", 5, 0, "data", 8.2, 1.15),
        "rules": Box("fixed rules", 5, 1.6, "search", width=4),
        "patch": Box("size of\nthe piece", 1.75, 3.1, "shape", width=2.9, height=1.1),
        "depth": Box("depth of\nthe U-Net", 5, 3.1, "shape", width=2.9, height=1.1),
        "voxel": Box("voxels\nand greys", 8.25, 3.1, "shape", width=2.9, height=1.1),
        "nets": Box("U-Nets: flat, in 3D, coarse to fine", 5, 4.75, width=9, height=0.8),
        "folds": Box("five-fold cross-validation", 5, 5.95, "dense", width=7),
        "out": Box("the best, or two together", 5, 7.1, "data", width=7),
    }
    arrows = [Arrow("data", "rules"), *(Arrow("rules", name) for name in ("patch", "depth", "voxel"))]
    for name in ("patch", "depth", "voxel"):
        boxes["n" + name] = Box("", boxes[name].x, 4.75, "text", width=0.1, height=0.8)
        arrows.append(Arrow(name, "n" + name))
    return Drawing(boxes, [*arrows, *_chain(["nets", "folds", "out"])])


#: The drawings, in the order of the page.
DRAWINGS: Mapping[str, Drawing] = {
    "AlexNet": _funnel(
        [
            ("image, 224 × 224 × 3", "data", 224),
            ("conv 11 × 11, 96; pool", "conv", 55),
            ("conv 5 × 5, 256; pool", "conv", 27),
            ("conv 3 × 3, 384", "conv", 13),
            ("conv 3 × 3, 384", "conv", 13),
            ("conv 3 × 3, 256; pool", "conv", 13),
            ("dense, 4,096", "dense", 1),
            ("dense, 4,096", "dense", 1),
            ("dense, 1,000 classes", "dense", 1),
        ]
    ),
    "VGG": _funnel(
        [
            ("image, 224 × 224 × 3", "data", 224),
            ("2 × conv 3 × 3, 64; pool", "conv", 224),
            ("2 × conv 3 × 3, 128; pool", "conv", 112),
            ("3 × conv 3 × 3, 256; pool", "conv", 56),
            ("3 × conv 3 × 3, 512; pool", "conv", 28),
            ("3 × conv 3 × 3, 512; pool", "conv", 14),
            ("dense, 4,096", "dense", 1),
            ("dense, 4,096", "dense", 1),
            ("dense, 1,000 classes", "dense", 1),
        ]
    ),
    "Inception": _draw_inception(),
    "ResNet": _draw_resnet(),
    "DenseNet": _draw_densenet(),
    "ResNeXt": _draw_resnext(),
    "Squeeze-and-excitation": _draw_squeeze(),
    "Xception": _draw_xception(),
    "MobileNet": _draw_mobilenet(),
    "NASNet and AmoebaNet": _draw_search(),
    "SegNet": _valley(
        ["2 × conv, 64", "2 × conv, 128", "3 × conv, 256", "3 × conv, 512"],
        "6 × conv, 512",
        ["2 × conv", "2 × conv, 128", "3 × conv, 256", "3 × conv, 512"],
        "mask",
        dashed=True,
    ),
    "U-Net": _valley(
        ["2 × conv, 64", "2 × conv, 128", "2 × conv, 256", "2 × conv, 512"],
        "2 × conv, 1,024",
        ["2 × conv, 64", "2 × conv, 128", "2 × conv, 256", "2 × conv, 512"],
        "mask",
        dashed=False,
    ),
    "nnU-Net": _draw_nnunet(),
    "Hierarchical attention": _draw_hierarchical(),
    "Transformer": _draw_transformer(),
    "Vision Transformer": _draw_vision_transformer(),
}
