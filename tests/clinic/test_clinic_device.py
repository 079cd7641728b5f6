"""Where a lab computes."""

import clinic
import pytest
import torch


def test_auto_takes_the_gpu_only_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert clinic.device().type == "cpu"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert clinic.device("auto").type == clinic.device("cuda").type == "cuda"
    assert clinic.device("cpu").type == "cpu"


def test_no_gpu_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ValueError, match="No CUDA device was found"):
        clinic.device("cuda")


def test_a_typo_is_named() -> None:
    with pytest.raises(ValueError, match="no device 'gpu'"):
        clinic.device("gpu")
