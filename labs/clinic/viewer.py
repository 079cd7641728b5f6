"""A viewer for a scan and its segmentation that needs nothing but the page it stands on."""

from __future__ import annotations

import base64
import hashlib
import html
import io
import json
import math
from collections.abc import Mapping
from string import Template
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from clinic.plot import COLOURS
from clinic.tumour import SEQUENCES, Case

__all__ = ["TISSUES", "Viewer", "plane"]

#: Tissue and colour of each label.
TISSUES = {1: ("oedema", COLOURS[5]), 2: ("non-enhancing core", COLOURS[4]), 3: ("enhancing tumour", COLOURS[3])}
_DIFFERENCE = {1: ("missed", COLOURS[5]), 2: ("false alarm", COLOURS[1]), 3: ("tumour, other tissue", COLOURS[4])}
_LARGEST, _SLICES, _WIDE = 80, 60, 330


def plane(volume: npt.NDArray[Any], height: int) -> npt.NDArray[Any]:
    """Cut a horizontal slice as radiologists look at it: from the feet, nose up, the patient's right on the left.

    Parameters
    ----------
    volume : ndarray, shape (x, y, z)
        x runs to the patient's right, y to the nose, z to the top of the head.
    height : int
        Which slice, from 0.

    Returns
    -------
    ndarray, shape (y, x)
    """
    return volume[::-1, ::-1, height].T


class Viewer:
    """A scan in slices, with truth and prediction over it, as HTML for the output of a cell.

    A slider, or the arrow keys, moves through the head; buttons choose the sequence and what lies over it. All
    pictures are within the HTML, and a sentence says what each slice shows.

    Parameters
    ----------
    case : Case
        The scan with its truth.
    prediction : ndarray of int, shape (x, y, z)
        The labels to compare, in the numbers of the truth.
    title : str
        Stands above the viewer.
    """

    def __init__(self, case: Case, prediction: npt.NDArray[Any], title: str) -> None:
        inside = np.argwhere(np.any(case.image != 0, axis=0))
        box = tuple(slice(low, high + 1) for low, high in zip(inside.min(axis=0), inside.max(axis=0), strict=True))
        wide, deep, tall = (part.stop - part.start for part in box)
        fine, step = math.ceil(max(wide, deep) / _LARGEST), math.ceil(tall / _SLICES)
        box = (slice(box[0].start, box[0].stop, fine), slice(box[1].start, box[1].stop, fine),
               slice(box[2].start, box[2].stop, step))  # fmt: skip
        self._image, self._truth, self._said = case.image[(slice(None), *box)], case.label[box], prediction[box]
        self._title, self._patient = title, case.patient
        spacing = np.sqrt((case.affine[:3, :3] ** 2).sum(axis=0)) * [fine, fine, step]
        self._square_cm = float(spacing[0] * spacing[1]) / 100

    def __repr__(self) -> str:
        """Say what the viewer shows, where HTML can't be shown."""
        return f"{self._title}: a viewer that needs a browser"

    def _repr_html_(self) -> str:
        layers = {sequence: _grey(volume) for sequence, volume in zip(SEQUENCES, self._image, strict=True)}
        truth, said = self._truth, self._said
        difference = np.where((truth > 0) & (said > 0) & (truth != said), 3, 0)
        difference[(truth > 0) & (said == 0)] = 1
        difference[(truth == 0) & (said > 0)] = 2
        layers |= {"truth": _coloured(truth, TISSUES), "prediction": _coloured(said, TISSUES)}
        layers["difference"] = _coloured(difference, _DIFFERENCE)
        width, depth, slices = truth.shape
        zoom = max(1, _WIDE // width)
        facts = [
            [round(self._square_cm * np.count_nonzero(one[:, :, height]), 1) for height in range(slices)]
            for one in (truth, said)
        ]
        settings = {
            "slices": slices,
            "width": width * zoom,
            "height": depth * zoom,
            "truth": facts[0],
            "said": facts[1],
        }
        name = "viewer-" + hashlib.sha256(json.dumps([settings, layers]).encode()).hexdigest()[:10]
        start = int(np.argmax(np.count_nonzero(truth, axis=(0, 1)))) if truth.any() else slices // 2
        return _PAGE.substitute(
            name=name,
            title=html.escape(self._title),
            patient=html.escape(self._patient),
            width=width * zoom,
            height=depth * zoom,
            tall=slices * depth * zoom,
            last=slices,
            start=start + 1,
            styles="\n".join(f'#{name} .{key}{{background-image:url("{uri}")}}' for key, uri in layers.items()),
            sequences=_buttons("sequence", {one: one for one in SEQUENCES}, "T1c"),
            overlays=_buttons(
                "overlay", {"none": "None", "truth": "Truth", "prediction": "Prediction", "difference": "Difference"},
                "prediction",
            ),
            tissues=_legend(TISSUES),
            differences=_legend(_DIFFERENCE),
            settings=json.dumps(settings),
        )  # fmt: skip


def _grey(volume: npt.NDArray[Any]) -> str:
    """Return all slices below each other as one grey PNG of 32 levels."""
    bright = float(np.quantile(volume[volume != 0], 0.998)) if np.any(volume) else 1.0
    dark = float(min(0.0, volume.min()))
    scaled = np.clip((volume.astype(np.float32) - dark) / (bright - dark), 0, 1)
    return _png(Image.fromarray(_stack(np.rint(scaled * 31) * 8)))


def _stack(volume: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    return np.concatenate([plane(volume, height) for height in range(volume.shape[2])]).astype(np.uint8)


def _coloured(label: npt.NDArray[Any], colours: Mapping[int, tuple[str, str]]) -> str:
    """Return all slices below each other as one PNG, see-through where the label is 0."""
    picture = Image.fromarray(_stack(label)).convert("P")
    palette = [0, 0, 0]
    for code in (1, 2, 3):
        palette += [int(colours[code][1][place : place + 2], 16) for place in (1, 3, 5)]
    picture.putpalette(palette)
    return _png(picture, transparency=0)


def _png(picture: Image.Image, **options: Any) -> str:
    kept = io.BytesIO()
    picture.save(kept, "png", optimize=True, **options)
    return "data:image/png;base64," + base64.b64encode(kept.getvalue()).decode()


def _buttons(kind: str, names: Mapping[str, str], chosen: str) -> str:
    return "".join(
        f'<button type="button" data-{kind}="{key}" aria-pressed="{str(key == chosen).lower()}">{shown}</button>'
        for key, shown in names.items()
    )


def _legend(colours: Mapping[int, tuple[str, str]]) -> str:
    return "".join(f'<li><i style="background:{colour}"></i>{name}</li>' for name, colour in colours.values())


_PAGE = Template("""<div id="$name" class="scan-viewer" role="group" aria-label="$title">
<style>
#$name{background:#fff;color:#1a1a1a;border:1px solid #767676;border-radius:4px;padding:12px;max-width:420px;
font:16px/1.4 sans-serif}
#$name p,#$name li,#$name label,#$name output{color:#1a1a1a;background:#fff;margin:4px 0}
#$name .title{font-weight:bold}
#$name .view{position:relative;width:${width}px;height:${height}px;max-width:100%;background:#000;overflow:hidden;
margin:6px 0}
#$name .view span{position:absolute;left:0;top:0;width:${width}px;height:${height}px;background-repeat:no-repeat;
background-size:${width}px ${tall}px;image-rendering:pixelated}
#$name .over{opacity:.6}
#$name button{color:#1a1a1a;background:#fff;border:1px solid #595959;border-radius:4px;padding:4px 10px;
margin:2px 4px 2px 0;font:inherit;cursor:pointer;min-height:28px}
#$name button[aria-pressed=true]{color:#fff;background:#1f4e79;border-color:#1f4e79}
#$name button:focus-visible,#$name input:focus-visible{outline:3px solid #b34700;outline-offset:2px}
#$name input{width:100%;max-width:${width}px;display:block;margin:6px 0}
#$name ul{list-style:none;padding:0;margin:4px 0}
#$name li{display:inline-block;margin-right:12px}
#$name i{display:inline-block;width:12px;height:12px;margin-right:5px;border:1px solid #1a1a1a}
#$name [hidden]{display:none}
$styles
</style>
<p class="title">$title</p>
<div role="group" aria-label="Sequence">$sequences</div>
<div role="group" aria-label="Overlay">$overlays</div>
<div class="view" role="img" aria-label="Slice of the head of $patient"><span class="under"></span><span class="over"></span></div>
<label for="$name-slice">Slice (1 is the lowest, $last the highest)</label>
<input id="$name-slice" type="range" min="1" max="$last" value="$start" step="1">
<output for="$name-slice" aria-live="polite"></output>
<ul class="tissues" aria-label="Colours of the tissues">$tissues</ul>
<ul class="differences" aria-label="Colours of the differences" hidden>$differences</ul>
<script>
(function () {
  const root = document.getElementById("$name"), facts = $settings;
  const find = (what) => root.querySelector(what), all = (what) => root.querySelectorAll(what);
  const slider = find("input"), said = find("output");
  const chosen = {sequence: "T1c", overlay: "prediction"};
  function show() {
    const at = Number(slider.value) - 1;
    find(".under").className = "under " + chosen.sequence;
    find(".over").className = "over " + chosen.overlay;
    all(".view span").forEach((one) => { one.style.backgroundPosition = "0 -" + at * facts.height + "px"; });
    all("button").forEach((one) => {
      const kind = one.dataset.sequence ? "sequence" : "overlay";
      one.setAttribute("aria-pressed", String(one.dataset[kind] === chosen[kind]));
    });
    find(".tissues").hidden = chosen.overlay === "difference" || chosen.overlay === "none";
    find(".differences").hidden = chosen.overlay !== "difference";
    said.textContent = "Slice " + (at + 1) + " of " + facts.slices + ", " + chosen.sequence +
      ". Tumour in this slice: truth " + facts.truth[at] + " cm², prediction " + facts.said[at] + " cm².";
    find(".view").setAttribute("aria-label", said.textContent + " Overlay: " + chosen.overlay + ".");
    slider.setAttribute("aria-valuetext", "slice " + (at + 1) + " of " + facts.slices);
  }
  slider.addEventListener("input", show);
  all("button").forEach((one) => one.addEventListener("click", () => {
    Object.assign(chosen, one.dataset);
    show();
  }));
  show();
})();
</script>
</div>""")
