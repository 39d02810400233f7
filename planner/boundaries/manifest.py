"""A list of files to fetch: address or path, size, SHA-256 and licence of each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urljoin, urlsplit

from planner.errors import InputError, ProblemList
from planner.tables import Column, read_table
from planner.wording import problem

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_FILE = 500_000_000
COLUMNS = (
    Column("path"),
    Column("bytes", "int", 1, MAX_FILE),
    Column("sha256"),
    Column("url", empty=True, optional=True),
    Column("licence", empty=True, optional=True),
)
OPEN_LICENCES = (
    "CC0-1.0", "PDDL-1.0", "CC-BY-3.0", "CC-BY-4.0", "CC-BY-SA-3.0", "CC-BY-SA-4.0", "ODC-By-1.0", "ODbL-1.0",
)  # fmt: skip
"""Licences made for open data, by SPDX name; those of programs (MIT and the like) say nothing about whose data."""
SCHEMES = ("http", "https")
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Entry:
    """One file: where it is, what it must be, and its name in the folder."""

    url: str
    name: str
    size: int
    sha256: str
    licence: str
    place: str


def read_manifest(path: Path, base_url: str | None = None) -> list[Entry]:
    """Read a manifest; `base_url` stands before each ``path`` where a row has no ``url``.

    Raises
    ------
    InputError
        With every row that cannot be used.
    """
    problems = ProblemList()
    table = read_table(path, COLUMNS, ["path"], problems)
    problems.raise_if_any()
    entries: list[Entry] = []
    taken: dict[str, str] = {}
    for position, row in enumerate(table.frame.to_dict("records")):
        place = table.place(position)
        entry = _entry(row, base_url, place)
        reason = refused(entry.url) if entry.url else "no url, and no --base-url"
        if reason:
            problems.problems.append(
                problem("E429", table.place(position, "url"), found=entry.url, reason=reason)
            )
        if not re.fullmatch(r"[0-9a-f]{64}", entry.sha256):
            problems.problems.append(problem("E431", table.place(position, "sha256"), found=entry.sha256))
        if (other := taken.setdefault(entry.name.lower(), place)) != place:
            problems.problems.append(
                problem("E432", table.place(position, "path"), found=entry.name, other=other)
            )
        entries.append(entry)
    problems.raise_if_any()
    return entries


def check_licences(entries: list[Entry], manifest: str) -> None:
    """Refuse files whose terms nobody has cleared (E430)."""
    known = {name.lower() for name in OPEN_LICENCES}
    unclear = sorted({entry.licence for entry in entries if entry.licence.lower() not in known})
    if unclear:
        count = sum(entry.licence in unclear for entry in entries)
        found = [name or "-" for name in unclear]
        raise InputError(problem("E430", manifest, found=found, count=count, allowed=OPEN_LICENCES))


def _entry(row: Mapping[str, object], base_url: str | None, place: str) -> Entry:
    path, url = str(row["path"]), str(row["url"]).strip()
    if not url and base_url:
        url = urljoin(base_url if base_url.endswith("/") else base_url + "/", quote(path.lstrip("/")))
    size = int(float(str(row["bytes"])))
    licence = str(row["licence"]).strip()
    return Entry(url, clean_name(path), size, str(row["sha256"]).strip().lower(), licence, place)


def clean_name(path: str) -> str:
    """Return the last part of a path as a plain file name: no folder, no hidden file, no name that Windows keeps."""
    last = re.split(r"[/\\]", unquote(path).rstrip("/\\"))[-1]
    name = re.sub(r"[^\w.\-]", "_", last, flags=re.ASCII).lstrip(".-")[-120:].lstrip(".-") or "file"
    return f"_{name}" if _RESERVED.match(name) else name


def refused(url: str) -> str:
    """Return why an address is not opened, or an empty text."""
    if re.search(r"[\x00-\x20\x7f]", url) or not url.isascii():
        return "characters that an address may not hold"
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "not an address"
    if parts.scheme.lower() not in SCHEMES:
        return "only http and https are opened"
    if not host:
        return "no host"
    return "a password in the address" if parts.username or parts.password else ""
