"""Set up .venv from the lock; with --browser, see to a browser for the tests. Quick when it is done already.

Runs on the Python that the user has, which may be too old: no syntax newer than Python 3.6 here.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "set-up"
OLDEST = (3, 11)
GIGABYTES = 4

UNREACHABLE = ("NewConnectionError", "NameResolutionError", "ConnectTimeout", "ReadTimeout", "ProxyError", "retries")


class SetupError(Exception):
    """Setting up failed; the message says what to do."""


def main(arguments: list) -> int:  # type: ignore[type-arg]
    """Set up what is asked for; return the exit code."""
    try:
        check_python()
        if "--browser" in arguments:
            see_to_browser()
        else:
            set_up()
    except SetupError as error:
        sys.stderr.write(f"Set-up stopped: {error}\n")
        return 1
    return 0


def check_python() -> None:
    """Refuse a Python that is too old for the pinned packages."""
    if sys.version_info[:2] < OLDEST:
        raise SetupError(
            f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed, this is {platform.python_version()}. "
            "Install one and say, for instance, make PYTHON=python3.12"
        )


def set_up() -> None:
    """Make the virtual environment and install the lock into it."""
    wanted = fingerprint()
    if STAMP.is_file() and STAMP.read_text(encoding="ascii") == wanted:
        return
    free = shutil.disk_usage(str(ROOT)).free / 1e9
    if free < GIGABYTES and not STAMP.exists():
        raise SetupError(f"{free:.1f} GB are free here, about {GIGABYTES} GB are needed. Make room.")
    sys.stderr.write("Installing the locked packages into .venv (some minutes, about 3 GB) ...\n")
    make_environment()
    install(["-r", str(ROOT / "requirements.txt")])
    install(["--no-deps", "--no-build-isolation", "-e", str(ROOT)])
    # setuptools leaves it behind; in this folder it would hide the entry points of the next installation
    shutil.rmtree(str(ROOT / "elmed219.egg-info"), ignore_errors=True)
    STAMP.write_text(wanted, encoding="ascii")


def fingerprint() -> str:
    """Return a hash of all that the environment is made from."""
    parts = [platform.python_version().encode(), str(ROOT).encode()]
    parts += [(ROOT / name).read_bytes() for name in ("requirements.txt", "pyproject.toml")]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def make_environment() -> None:
    """Make an empty virtual environment, if there is none that works."""
    if executable("python").exists():
        return
    try:
        venv.create(str(VENV), with_pip=True)
    except (OSError, subprocess.CalledProcessError) as error:
        if getattr(error, "errno", None) == 28:
            raise SetupError("the disk is full. Make room and try again.") from error
        raise SetupError(
            f"Python's venv can't make an environment ({error}). On Debian and Ubuntu: apt install python3-venv"
        ) from error


def install(arguments: list) -> None:  # type: ignore[type-arg]
    """Let pip install something, and say in a sentence what went wrong if it fails."""
    command = [str(executable("python")), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(command + arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode == 0:
        return
    said = done.stdout.decode(errors="replace")
    if "No space left" in said or "Errno 28" in said:
        raise SetupError("the disk is full. Make room and try again.")
    if any(word in said for word in UNREACHABLE):
        raise SetupError("the Python package registry can't be reached. Check the network (or pip's settings).")
    tail = "\n".join(line for line in said.splitlines() if not line.startswith("WARNING"))[-2000:]
    raise SetupError(f"pip could not install the packages. It said:\n{tail}")


def executable(name: str) -> Path:
    """Return where a program of the virtual environment is."""
    folder, suffix = ("Scripts", ".exe") if os.name == "nt" else ("bin", "")
    return VENV / folder / (name + suffix)


def see_to_browser() -> None:
    """Find a Chromium, or install one; without any, the browser tests say that they did not run."""
    if any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        return
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        sys.stderr.write("Installing Chromium for the browser tests ...\n")
        commands = [["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]]
    else:
        commands = [[str(executable("playwright")), "install", "chromium"]]
    for command in commands:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if done.returncode:
            sys.stderr.write("No browser could be installed ({} failed).\n".format(" ".join(command)))
            return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
