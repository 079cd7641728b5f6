"""The viewer: it holds its pictures itself, and they are the scan's."""

import base64
import io
import re

import numpy as np
import pytest
from clinic import viewer
from clinic.tumour import Case
from PIL import Image


@pytest.fixture
def case() -> Case:
    image = np.random.default_rng(1).integers(1, 256, size=(4, 12, 16, 10)).astype(np.uint8)
    label = np.zeros((12, 16, 10), dtype=np.uint8)
    label[2:5, 3:8, 4:7] = 1
    label[3, 4:6, 5] = 3
    return Case("P1", image, label, np.diag([3.0, 3.0, 3.0, 1.0]))


def picture(page: str, layer: str) -> np.ndarray:
    found = re.search(rf'\.{layer}\{{background-image:url\("data:image/png;base64,([^"]+)"\)', page)
    assert found
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(found[1]))).convert("RGBA"))


def test_a_slice_has_the_nose_up_and_the_right_on_the_left() -> None:
    volume = np.zeros((3, 4, 2))
    volume[2, 3, 1] = 1  # right, front, top
    assert viewer.plane(volume, 1).shape == (4, 3)
    assert np.argwhere(viewer.plane(volume, 1)).tolist() == [[0, 0]]


def test_pictures_are_those_of_the_scan(case: Case) -> None:
    page = viewer.Viewer(case, np.zeros_like(case.label), "A scan")._repr_html_()
    truth = picture(page, "truth").reshape(10, 16, 12, 4)
    seen = np.stack([viewer.plane(case.label, height) for height in range(10)])
    np.testing.assert_array_equal(truth[..., 3] > 0, seen > 0)
    assert tuple(truth[5][seen[5] == 3][0][:3]) == tuple(bytes.fromhex(viewer.TISSUES[3][1][1:]))
    assert not picture(page, "prediction")[..., 3].any()
    grey = picture(page, "T2").reshape(10, 16, 12, 4)[4, ..., 0].astype(float)
    assert np.corrcoef(grey.ravel(), viewer.plane(case.image[2], 4).ravel())[0, 1] > 0.99


def test_difference_says_missed_and_false_alarm(case: Case) -> None:
    prediction = np.zeros_like(case.label)
    prediction[9:11, 9:11, 5] = 1
    difference = picture(viewer.Viewer(case, prediction, "A scan")._repr_html_(), "difference").reshape(10, 16, 12, 4)
    shown = [viewer.plane(one, 5) > 0 for one in (case.label, prediction)]
    for where, code in zip(shown, (1, 2), strict=True):
        assert {tuple(one[:3]) for one in difference[5][where]} == {
            tuple(bytes.fromhex(viewer._DIFFERENCE[code][1][1:]))
        }


def test_nothing_comes_from_elsewhere_and_the_same_scan_gives_the_same_page(case: Case) -> None:
    page = viewer.Viewer(case, case.label, "A scan")._repr_html_()
    assert "http" not in page
    assert "src=" not in page
    assert page == viewer.Viewer(case, case.label.copy(), "A scan")._repr_html_()
    assert repr(viewer.Viewer(case, case.label, "A scan")) == "A scan: a viewer that needs a browser"
    assert page != viewer.Viewer(case, np.zeros_like(case.label), "A scan")._repr_html_()


def test_names_and_text_for_those_who_cannot_see(case: Case) -> None:
    page = viewer.Viewer(case, case.label, "A <scan>")._repr_html_()
    assert "A &lt;scan&gt;" in page
    assert page.count("<label for=") == 1
    assert 'aria-live="polite"' in page
    assert page.count('aria-pressed="true"') == 2


def test_a_large_scan_is_thinned_out_to_a_small_page() -> None:
    rng = np.random.default_rng(2)
    image = rng.integers(1, 256, size=(4, 200, 210, 150)).astype(np.uint8)
    label = np.zeros((200, 210, 150), dtype=np.uint8)
    assert len(viewer.Viewer(Case("P1", image, label, np.eye(4)), label, "Noise")._repr_html_()) < 1_500_000
