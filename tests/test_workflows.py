"""The workflows: valid by GitHub's schema, clean by zizmor, and shut where a fork's code could get in."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import BIN, ROOT

GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
PINNED = re.compile(r"[\w./-]+@[0-9a-f]{40}")
HOSTED = re.compile(r"(ubuntu|windows|macos)-[\d.]+")
ON_MAIN = "github.ref == 'refs/heads/main' && github.event_name == 'push'"


def schema(path: Path) -> subprocess.CompletedProcess[str]:
    name = "dependabot" if path.name == "dependabot.yml" else "github-workflows"
    command = [str(BIN / "check-jsonschema"), "--builtin-schema", f"vendor.{name}", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def zizmor(path: Path) -> subprocess.CompletedProcess[str]:
    command = [str(BIN / "zizmor"), "--offline", "--no-progress", "--strict-collection", "--persona=auditor", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def said(path: Path) -> dict[Any, Any]:
    return dict(yaml.safe_load(path.read_text("utf-8")))


def machines(job: dict[str, Any]) -> list[str]:
    """What a job runs on, its matrix worked out."""
    wanted = job["runs-on"]
    matrix = re.fullmatch(r"\$\{\{ matrix\.(\w+) \}\}", str(wanted))
    wanted = job["strategy"]["matrix"][matrix[1]] if matrix else wanted
    return [wanted] if isinstance(wanted, str) else list(wanted)


def open_doors(workflow: dict[Any, Any]) -> set[str]:
    """What a fork's code, or an action whose tag was moved, could use."""
    triggers = set(workflow[True])  # YAML reads the key "on" as true
    found = set()
    if not triggers <= {"push", "pull_request", "workflow_dispatch", "schedule"}:
        found.add("a trigger that gives a fork's code rights")
    if workflow.get("permissions") != {}:
        found.add("rights for every job")
    for name, job in workflow["jobs"].items():
        rights = job.get("permissions", {})
        wanted = {"pages", "id-token"} if name == "publish" and job.get("if") == ON_MAIN else set()
        if isinstance(rights, str) or {right for right, level in rights.items() if level == "write"} - wanted:
            found.add("rights to write")
        uses = [job.get("uses"), *(step.get("uses") for step in job.get("steps", []))]
        if not all(PINNED.fullmatch(action) for action in uses if action):
            found.add("an action that is not pinned")
        if not all(map(HOSTED.fullmatch, machines(job))):
            if not triggers <= {"workflow_dispatch", "schedule"}:
                found.add("our own machine, for others' code")
            if job.get("if") != "github.event.repository.fork == false && github.ref == 'refs/heads/main'":
                found.add("our own machine, for any branch")
    return found


@pytest.mark.parametrize("path", [*WORKFLOWS, GITHUB / "dependabot.yml"], ids=lambda path: path.name)
def test_a_file_is_valid_and_secure(path: Path) -> None:
    for tool in (schema, zizmor):
        done = tool(path)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_no_door_is_open(path: Path) -> None:
    assert open_doors(said(path)) == set()


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_step_ends_at_the_first_command_that_fails(path: Path) -> None:
    for job in said(path)["jobs"].values():
        if any(machine.startswith("windows") for machine in machines(job)):
            assert job["defaults"]["run"]["shell"] == "bash"  # PowerShell would go on


@pytest.mark.parametrize(
    ("name", "before", "after", "door"),
    [
        ("ci.yml", "  pull_request:", "  pull_request_target:", "a trigger that gives a fork's code rights"),
        ("ci.yml", "  pull_request:", "  workflow_run:", "a trigger that gives a fork's code rights"),
        ("ci.yml", "permissions: {}", "permissions: write-all", "rights for every job"),
        ("ci.yml", "permissions: {}\n", "", "rights for every job"),
        ("ci.yml", "contents: read", "contents: write", "rights to write"),
        ("ci.yml", r"permissions:\n +contents: read", "permissions: write-all", "rights to write"),
        ("ci.yml", r"if: .* && github.event_name == 'push'\n    needs", "needs", "rights to write"),
        ("ci.yml", "checkout@[0-9a-f]{40}", "checkout@v6", "an action that is not pinned"),
        ("ci.yml", "checkout@[0-9a-f]{40}", "checkout@de0fac2", "an action that is not pinned"),
        ("ci.yml", "macos-[0-9]+", "self-hosted", "our own machine, for others' code"),
        ("ci.yml", "runs-on: ubuntu-24.04", "runs-on: gpu", "our own machine, for others' code"),
        ("gpu.yml", "workflow_dispatch:", "pull_request:", "our own machine, for others' code"),
        ("gpu.yml", "workflow_dispatch:", "push:", "our own machine, for others' code"),
        ("gpu.yml", "github.event.repository.fork == false && ", "", "our own machine, for any branch"),
        ("gpu.yml", " && github.ref == 'refs/heads/main'", "", "our own machine, for any branch"),
    ],
)
def test_an_open_door_is_found(name: str, before: str, after: str, door: str) -> None:
    text, count = re.subn(before, after, (GITHUB / "workflows" / name).read_text("utf-8"))
    assert count
    assert door in open_doors(yaml.safe_load(text))


@pytest.mark.parametrize(
    ("tool", "name", "before", "after", "finding"),
    [
        (schema, "workflows/ci.yml", "timeout-minutes: 60", "timeout-minuets: 60", "timeout-minuets"),
        (schema, "dependabot.yml", "interval: monthly", "interval: never", "'never' is not one of"),
        (zizmor, "workflows/ci.yml", "checkout@[0-9a-f]{40}", "checkout@v6", "unpinned-uses"),
        (zizmor, "workflows/ci.yml", r" +with:\n +persist-credentials: false\n", "", "artipacked"),
        (zizmor, "workflows/ci.yml", "  pull_request:", "  pull_request_target:", "dangerous-triggers"),
        (zizmor, "workflows/gpu.yml", "# zizmor: ignore.*", "", "self-hosted-runner"),
        (zizmor, "dependabot.yml", r" +cooldown:\n +default-days: 14\n", "", "dependabot-cooldown"),
    ],
)
def test_a_mistake_is_found(tmp_path: Path, tool: Any, name: str, before: str, after: str, finding: str) -> None:
    text, count = re.subn(before, after, (GITHUB / name).read_text("utf-8"))
    assert count
    path = tmp_path / ".github" / name
    path.parent.mkdir(parents=True)
    path.write_text(text, "utf-8")
    done = tool(path)
    assert done.returncode != 0
    assert finding in done.stdout + done.stderr
