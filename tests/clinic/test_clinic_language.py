"""MiniLM: what the helpers compute is what the model's makers describe."""

import numpy as np
import pytest
import torch
from clinic import language

TEXTS = ["She had fever.", "No cough was heard during the whole night, and the lungs were clear.", "Rash."]


@pytest.fixture(scope="module")
def encoder() -> language.Encoder:
    language.reproducible(219)
    return language.load()


def test_reproducible() -> None:
    torch.set_num_threads(2)
    language.reproducible(5)
    first = torch.rand(3)
    language.reproducible(5)
    assert torch.equal(first, torch.rand(3))
    assert torch.get_num_threads() == 1
    assert torch.are_deterministic_algorithms_enabled()


def test_pieces(encoder: language.Encoder) -> None:
    assert encoder.pieces("Fever") == ["fever"]
    assert encoder.pieces("hepatomegaly") == ["he", "##pa", "##tom", "##ega", "##ly"]
    assert "22.7 million weights" in str(encoder)


def test_embeddings_are_means_over_tokens_of_length_one(encoder: language.Encoder) -> None:
    encoded = encoder.encode(TEXTS, batch=2)
    for text, embedding in zip(TEXTS, encoded.embeddings, strict=True):
        tokens, inside = encoder.vectors(text)
        assert tokens[0] == "[CLS]"
        assert tokens[-1] == "[SEP]"
        mean = inside.mean(axis=0)
        np.testing.assert_allclose(embedding, mean / np.linalg.norm(mean), atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(encoded.embeddings, axis=1), 1, atol=1e-5)


def test_embeddings_do_not_depend_on_the_company(encoder: language.Encoder) -> None:
    together, alone = encoder.encode(TEXTS).embeddings, encoder.encode(TEXTS[2:]).embeddings
    np.testing.assert_allclose(together[2:], alone, atol=1e-5)


def test_attention_adds_up_to_one(encoder: language.Encoder) -> None:
    tokens, weights = encoder.attention(TEXTS[0])
    assert weights.shape == (6, 12, len(tokens), len(tokens))
    np.testing.assert_allclose(weights.sum(axis=-1), 1, atol=1e-5)


@pytest.mark.parametrize("trained", [1, 3, 6])
def test_untrained_layers_give_the_model_s_own_mean(encoder: language.Encoder, trained: int) -> None:
    encoded = encoder.encode(TEXTS, trained)
    head = torch.nn.Linear(language.WIDTH, language.WIDTH, bias=False)
    torch.nn.init.eye_(head.weight)
    tuned = language.Tuned(encoder.model.encoder.layer[language.LAYERS - trained :], head)
    with torch.no_grad():
        mean = tuned.scores(encoded.states).numpy()
    np.testing.assert_allclose(mean / np.linalg.norm(mean, axis=1, keepdims=True), encoded.embeddings, atol=1e-5)


def test_fine_tuning_learns_and_leaves_the_model_alone(encoder: language.Encoder) -> None:
    texts = [f"{start} {end}." for start in ("Fever", "Rash", "Cough", "Pain") for end in ("today", "at night")] * 2
    classes = [int(text.startswith(("Fever", "Cough"))) for text in texts]
    before = encoder.model.encoder.layer[-1].output.dense.weight.clone()
    encoded = encoder.encode(texts)
    first, again = (language.fine_tune(encoder, encoded.states, classes, epochs=8, rate=2e-3, seed=3) for _ in range(2))
    np.testing.assert_array_equal(first.predict(encoded.states, batch=5), classes)
    assert torch.equal(first.head.weight, again.head.weight)
    assert torch.equal(before, encoder.model.encoder.layer[-1].output.dense.weight)
    assert not torch.equal(before, first.layers[-1].output.dense.weight)
