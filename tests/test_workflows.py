"""The workflows: valid by GitHub's schema, clean by zizmor, and shut where a fork's code could get in."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import BIN, ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
IDS = [path.name for path in WORKFLOWS]


def schema(path: Path) -> subprocess.CompletedProcess[str]:
    command = [BIN / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", path]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def zizmor(path: Path) -> subprocess.CompletedProcess[str]:
    command = [BIN / "zizmor", "--offline", "--no-progress", "--pedantic", path]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def said(path: Path) -> dict[Any, Any]:
    return dict(yaml.safe_load(path.read_text("utf-8")))


@pytest.mark.parametrize("path", WORKFLOWS, ids=IDS)
def test_a_workflow_is_valid_and_secure(path: Path) -> None:
    for tool in (schema, zizmor):
        done = tool(path)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", WORKFLOWS, ids=IDS)
def test_actions_are_pinned_and_jobs_may_write_nothing_but_pages(path: Path) -> None:
    uses = re.findall(r"uses: (\S+)", path.read_text("utf-8"))
    assert uses
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", one) for one in uses)
    assert said(path)["permissions"] == {}
    for name, job in said(path)["jobs"].items():
        writes = {key for key, value in job["permissions"].items() if value == "write"}
        assert writes == ({"pages", "id-token"} if name == "publish" else set())


def test_no_code_of_a_fork_reaches_the_gpu() -> None:
    workflow = said(ROOT / ".github" / "workflows" / "gpu.yml")
    assert set(workflow[True]) == {"workflow_dispatch", "schedule"}  # YAML reads the key "on" as true
    assert "fork == false" in workflow["jobs"]["full"]["if"]
    others = (path for path in WORKFLOWS if path.name != "gpu.yml")
    assert not any("self-hosted" in path.read_text("utf-8") for path in others)


def test_only_main_is_published() -> None:
    job = said(ROOT / ".github" / "workflows" / "ci.yml")["jobs"]["publish"]
    assert job["if"] == "github.ref == 'refs/heads/main' && github.event_name == 'push'"


@pytest.mark.parametrize(
    ("tool", "before", "after"),
    [
        (schema, "timeout-minutes: 60", "timeout-minuets: 60"),
        (zizmor, "@34e114876b0b11c390a56381ad16ebd13914f8d5", "@v4"),
        (zizmor, "        with:\n          persist-credentials: false\n", ""),
        (zizmor, "  pull_request:", "  pull_request_target:"),
    ],
)
def test_a_mistake_is_found(tmp_path: Path, tool: Any, before: str, after: str) -> None:
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8")
    assert before in text
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "ci.yml").write_text(text.replace(before, after), "utf-8")
    assert tool(folder / "ci.yml").returncode != 0
