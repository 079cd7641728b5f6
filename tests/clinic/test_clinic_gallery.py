"""The gallery counts what the papers' networks have, and every drawing can be drawn inside its frame."""

import matplotlib.pyplot as plt
import pytest
import torch
from clinic import gallery, plot
from torch import nn


@pytest.fixture(autouse=True)
def _style():
    with plt.rc_context():
        plot.use_style()
        yield
    plt.close("all")


@pytest.mark.parametrize(
    ("name", "count"),
    [  # as torchvision, Keras or the papers have them
        ("AlexNet", 60_965_224),
        ("VGG", 138_357_544),
        ("Inception", 6_998_552),
        ("ResNet", 25_557_032),
        ("Xception", 22_855_952),
        ("DenseNet", 7_978_856),
        ("ResNeXt", 25_028_904),
        ("Squeeze-and-excitation", 28_088_024),
        ("MobileNet", 4_231_976),
        ("U-Net", 31_030_593 + 65),  # 31,030,593 with one class; a class more costs 64 weights and a constant
        ("Vision Transformer", 86_567_656),
    ],
)
def test_a_network_has_the_parameters_that_others_count(name, count):
    assert sum(gallery.COUNTS[name]().values()) == count


def parameters(layer: nn.Module) -> int:
    return sum(weight.numel() for weight in layer.parameters())


def test_the_formulas_of_the_layers_agree_with_torch():
    with torch.device("meta"):
        assert gallery.conv(3, 8, 12, bias=True) == parameters(nn.Conv2d(8, 12, 3))
        assert gallery.conv(3, 8, 12, groups=4) == parameters(nn.Conv2d(8, 12, 3, groups=4, bias=False))
        assert gallery.conv(2, 4, 6, bias=True, dimensions=3) == parameters(nn.ConvTranspose3d(4, 6, 2))
        assert gallery.norm(7) == parameters(nn.BatchNorm2d(7))
        assert gallery.dense(5, 9) == parameters(nn.Linear(5, 9))
        assert gallery.attention(16, bias=True) == parameters(nn.MultiheadAttention(16, 4))
        gru = nn.GRU(6, 4, bidirectional=True)  # torch keeps two constants where one would do
        assert gallery.recurrent(6, 4) == parameters(gru) - 2 * 3 * 4


def test_the_search_space_is_that_of_small_cells_by_hand():
    assert gallery.search_space(blocks=1, operations=3, joins=2) == 2 * 2 * 3 * 3 * 2
    assert gallery.search_space(blocks=2, operations=1, joins=1) == 4 * 9


def test_every_network_has_a_year_and_a_drawing():
    assert set(gallery.YEARS) == set(gallery.DRAWINGS)
    assert set(gallery.DRAWINGS) - set(gallery.COUNTS) == {"NASNet and AmoebaNet"}
    assert set(gallery.COUNTS) <= set(gallery.DRAWINGS)


@pytest.mark.parametrize("name", gallery.DRAWINGS)
def test_the_text_of_a_box_fits_into_it(name):
    drawing = gallery.DRAWINGS[name]
    axes = gallery.draw(drawing, name, note="1 parameter")
    figure = axes.figure
    figure.set_dpi(100)
    figure.canvas.draw()
    texts = {(text.get_position(), text.get_text()): text for text in axes.texts}
    for box in drawing.boxes.values():
        if not box.text or box.kind == "join":
            continue
        extent = texts[(box.x, box.y), box.text].get_window_extent().transformed(axes.transData.inverted())
        assert abs(extent.width) <= box.width + 0.05
        assert abs(extent.height) <= box.height + 0.35
        assert extent.x0 >= -0.05
        assert extent.x1 <= 10.05
