"""Result folders: they appear whole or not at all, and only folders of our own are replaced."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MARK = "plan.json"


def check_target(folder: Path, *, force: bool = False, mark: str = MARK) -> None:
    """Refuse a place that this program did not write: a folder of ours holds the file ``mark``.

    Raises
    ------
    InputError
        The place is a file, or a folder with something else in it (E805); it cannot be written to (E806).
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(
            Problem("E805", str(folder), "is a file, not a folder", "Give another folder with -o.")
        )
    if folder.is_dir() and not force and any(folder.iterdir()) and not (folder / mark).is_file():
        text = "holds files that planner did not write"
        raise InputError(
            Problem("E805", str(folder), text, "Give another folder with -o, or replace it with --force.")
        )
    parent = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not os.access(parent, os.W_OK):
        raise InputError(Problem("E806", str(parent), "cannot be written to", "Give another folder with -o."))


@contextmanager
def appearing(folder: Path, *, force: bool = False, mark: str = MARK) -> Iterator[Path]:
    """Give a folder beside ``folder`` to write into; on success it takes its place, otherwise nothing is left.

    Raises
    ------
    InputError
        As `check_target`, or the disk refuses (E806).
    """
    check_target(folder, force=force, mark=mark)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise InputError(
            Problem("E806", str(folder), f"cannot be written to ({error.strerror})", "")
        ) from None
    try:
        yield staging
        staging.chmod(0o755)
        old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
        if folder.exists():
            folder.rename(old / folder.name)
        staging.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        # A file of the folder open in Excel cannot be replaced on Windows.
        text = f"cannot be replaced ({error.strerror})"
        raise InputError(
            Problem("E806", str(folder), text, "Close files of this folder that are open, then try again.")
        ) from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def write_beside(target: Path, write: Callable[[Path], None]) -> None:
    """Write one file beside its place, then move it there: never half a file.

    Raises
    ------
    InputError
        The place cannot be written to (E806).
    """
    beside = target.with_name(f".{target.name}.part")
    try:
        if target.is_dir():
            raise InputError(Problem("E806", str(target), "is a folder", "Give the name of a file with -o."))
        try:
            write(beside)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        text = f"cannot be written ({error.strerror})"
        fix = "Close the file if it is open, or give another one with -o."
        raise InputError(Problem("E806", str(target), text, fix)) from None
