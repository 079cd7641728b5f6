"""Names of diagnoses, and the model that writes such names."""

import hashlib
from importlib.resources import files

import clinic
import numpy as np
import pytest
import simple_icd_10_cm
import torch
from clinic import diagnoses, language


@pytest.fixture(scope="module")
def writer() -> diagnoses.Writer:
    language.reproducible(219)
    return diagnoses.train_writer(["acute gout", "chronic gout", "acute rash"] * 40, width=32, epochs=60)


def test_file_is_that_of_the_card() -> None:
    (file,) = clinic.load_card("icd-10-cm").files
    package, _, path = file.name.partition("/")
    assert file.hash == f"sha256:{hashlib.sha256((files(package) / path).read_bytes()).hexdigest()}"


def test_names_against_the_package_s_own_reader() -> None:
    names = diagnoses.load_names()
    assert len(names) == 46_881
    assert "46,881" in clinic.load_card("icd-10-cm").size
    for code in [*list(names)[::2500], "I21", "J18.9", "B01"]:
        assert names[code] == simple_icd_10_cm.get_description(code)


def test_plain_and_words() -> None:
    assert diagnoses.plain("  Acute  Gout ") == "acute gout"
    assert diagnoses.words("Crohn's disease (K50), 2nd-degree") == ["crohn's", "disease", "k", "nd", "degree"]


def test_training_lowers_the_loss(writer: diagnoses.Writer) -> None:
    assert writer.losses[-1] < 0.2 < writer.losses[0]
    assert len(writer.losses) == 60


def test_what_comes_next(writer: diagnoses.Writer) -> None:
    ahead = writer.next("acut")
    assert sum(ahead.values()) == pytest.approx(1, abs=1e-5)
    assert max(ahead, key=ahead.__getitem__) == "e"
    after = writer.next("acute rash")
    assert max(after, key=after.__getitem__) == "\n"


def test_writing(writer: diagnoses.Writer) -> None:
    cold = writer.write(200, 0.1, seed=1)
    assert set(cold) <= {"acute gout", "chronic gout", "acute rash"}
    assert writer.write(50, 1.0, seed=2) == writer.write(50, 1.0, seed=2)
    assert writer.write(50, 1.0, seed=2) != writer.write(50, 1.0, seed=3)
    assert len(set(writer.write(200, 5.0, seed=1))) > len(set(cold))
    assert max(map(len, writer.write(50, 5.0, seed=1, longest=7))) <= 7


def test_first_letters_are_drawn_as_often_as_the_model_says(writer: diagnoses.Writer) -> None:
    started = [name[:1] for name in writer.write(3000, 1.0, seed=4)]
    share = np.mean([one == "c" for one in started])
    assert share == pytest.approx(writer.next("")["c"], abs=0.03)


def test_draws() -> None:
    share = np.array([[0.2, 0.3, 0.5]] * 4)
    np.testing.assert_array_equal(diagnoses._drawn(share, np.array([0.1, 0.25, 0.6, 1.0])), [0, 1, 2, 2])


def test_the_same_seed_gives_the_same_weights() -> None:
    # of equal names the order does not matter, so that only the first weights can differ
    one, two = (diagnoses.train_writer(["gout"] * 5, width=8, epochs=2, seed=9) for _ in range(2))
    other = diagnoses.train_writer(["gout"] * 5, width=8, epochs=2, seed=8)
    weights = [next(model.network.parameters()) for model in (one, two, other)]
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])
