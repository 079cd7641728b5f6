"""Downloads of public data, checked and kept."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

from clinic.card import File, load_card

__all__ = ["DataError", "cache", "download"]


class DataError(RuntimeError):
    """Data could not be had. The message says why and what to do."""


def cache() -> Path:
    """Return the folder that keeps what was downloaded, where the operating system wants such things."""
    import pooch

    return Path(pooch.os_cache("elmed219"))


def download(name: str) -> list[Path]:
    """Return the files of a data set, downloading those that are not there yet.

    Each file is looked for in the cache, then in the mirror, then at its address. It is used only if it has the hash
    of the data card; what was downloaded in part is thrown away.

    Parameters
    ----------
    name : str
        Name of the data card, for example ``"indian-liver-patient"``.

    Returns
    -------
    list of Path
        One a file, in the order of the card.

    Raises
    ------
    DataError
        If a file can't be had, has the wrong hash, or finds no room on the disk; the message says what to do.

    Notes
    -----
    The environment variable ``COURSE_DATA_MIRROR`` names a folder, or the address of one, that holds the files under
    the names of the card. A classroom without a network fills it once.
    """
    return [_have(file) for file in load_card(name).files]


def _have(file: File) -> Path:
    place = cache() / file.name
    if place.is_file() and _matches(place, file):
        return place
    mirror = os.environ.get("COURSE_DATA_MIRROR", "")
    if mirror and "://" not in mirror:
        return _copied(Path(mirror) / file.name, file, place)
    url = f"{mirror.rstrip('/')}/{file.name}" if mirror else file.url
    if not url:
        raise DataError(
            f"{file.name} has no address to download it from: get it as its data card says, "
            f"and set COURSE_DATA_MIRROR to the folder that holds it."
        )
    return _downloaded(url, file, place)


def _matches(path: Path, file: File) -> bool:
    import pooch

    algorithm, _, value = file.hash.partition(":")
    return bool(pooch.file_hash(str(path), alg=algorithm) == value)


def _downloaded(url: str, file: File, place: Path) -> Path:
    import pooch

    try:
        place.unlink(missing_ok=True)
        pooch.retrieve(url, file.hash, fname=place.name, path=place.parent, progressbar=True)
    except ValueError as error:
        raise DataError(_wrong(file, url)) from error
    except OSError as error:  # what requests raises is one, too
        raise DataError(_reason(error, file, url, place)) from error
    return place


def _copied(original: Path, file: File, place: Path) -> Path:
    part = place.with_name(f"{place.name}.{os.getpid()}.part")
    try:
        if not original.is_file():
            raise DataError(f"The mirror has no {original}: put {file.name} there, or unset COURSE_DATA_MIRROR.")
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(original, part)
        if not _matches(part, file):
            raise DataError(_wrong(file, str(original)))
        part.replace(place)
    except OSError as error:
        raise DataError(_reason(error, file, str(original), place)) from error
    finally:
        part.unlink(missing_ok=True)
    return place


def _wrong(file: File, where: str) -> str:
    return (
        f"{where} is not the file that its data card describes, so it is not used (expected {file.hash}). "
        f"It was damaged on the way, or changed at its source: try again, and tell the course if it stays so."
    )


def _reason(error: OSError, file: File, where: str, place: Path) -> str:
    if error.errno == errno.ENOSPC or "No space left" in str(error):
        return f"The disk is full: {file.name} does not fit into {place.parent}. Make room and run the cell again."
    if isinstance(error, PermissionError):
        return f"{place.parent} can't be written: allow it, or set XDG_CACHE_HOME to another folder."
    host = urlsplit(where).hostname or where
    return (
        f"{file.name} can't be downloaded from {host} ({type(error).__name__}). "
        f"Check the network, or set COURSE_DATA_MIRROR to a folder that holds {file.name}."
    )
