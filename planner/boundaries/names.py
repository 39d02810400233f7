"""Names of units as people write them: accents, tone marks in either place, prefixes of the type, districts."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.wording import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_PREFIXES = (
    (re.compile(r"^(?:phường\b|p\.|ward(?: of)?\b)\s*", re.IGNORECASE), "phường"),
    (re.compile(r"^(?:phuong)\s+", re.IGNORECASE), "phường"),
    (re.compile(r"^(?:xã\b|x\.|commune(?: of)?\b)\s*", re.IGNORECASE), "xã"),
    (re.compile(r"^(?:xa)\s+", re.IGNORECASE), "xã"),
)
_SUFFIXES = (
    (re.compile(r"\s+ward$", re.IGNORECASE), "phường"),
    (re.compile(r"\s+commune$", re.IGNORECASE), "xã"),
)
_DISTRICT = re.compile(r"^(?:quan|huyen|thi xa|thanh pho|tp|tx|q|h|district)\b\.?\s*|\s+district$")
_SPLIT = re.compile(r"[,(;/]")


@dataclass(frozen=True)
class Name:
    """A name taken apart.

    Attributes
    ----------
    exact : str
        With accents, each word with its tone at its end, so that *Hoà* and *Hòa* are the same.
    plain : str
        Without accents.
    whole : str
        Without accents, its prefix kept: *Phuong Liet* may be Phương Liệt, or phường Liệt.
    kind : str
        ``phường`` or ``xã`` where the name says so, else ``""``.
    rest : str
        What follows a comma or stands in brackets, without accents: a former district, mostly.
    """

    exact: str
    plain: str
    whole: str = ""
    kind: str = ""
    rest: str = ""


def taken_apart(text: str) -> Name:
    """Return a name without the prefix of its type; ``Hoà Lạc, huyện Thạch Thất`` keeps its district in `rest`."""
    whole = " ".join(unicodedata.normalize("NFC", mended(text)).split())
    parts = [part.strip(" )") for part in _SPLIT.split(whole)]
    name, rest = parts[0], " ".join(parts[1:])
    name, kind = _without(name, _SUFFIXES)
    whole_name = name
    name, kind_before = _without(name, _PREFIXES)
    kind = kind or kind_before
    words = _words(name)
    return Name(
        " ".join(map(_toned, words)),
        " ".join(map(fold, words)),
        " ".join(map(fold, _words(whole_name))),
        kind,
        district(rest),
    )


def _without(name: str, patterns: Sequence[tuple[re.Pattern[str], str]]) -> tuple[str, str]:
    """Return a name without the first pattern that is found in it, and the type that this one means."""
    for pattern, kind in patterns:
        shorter = pattern.sub("", name)
        if shorter and shorter != name:
            return shorter, kind
    return name, ""


def kind_of(text: str) -> str:
    """Return ``phường`` or ``xã`` where a cell names a type, else an empty text."""
    return {"phuong": "phường", "p": "phường", "ward": "phường", "xa": "xã", "x": "xã", "commune": "xã"}.get(
        fold(text).strip(". "), ""
    )


def district(text: str) -> str:
    """Return the name of a former district without accents and without *quận*, *huyện*, *thị xã*."""
    return " ".join(_words(_DISTRICT.sub("", fold(mended(text)))))


def mended(text: str) -> str:
    """Return UTF-8 that was read as Latin-1 as it was meant; shapefiles without a .cpg file come so."""
    if text.isascii():
        return text
    for wrong in ("latin-1", "cp1252"):
        try:
            return text.encode(wrong).decode("utf-8")
        except UnicodeError:
            continue
    return text


def code_of(value: object) -> str:
    """Return a cell as a five-digit code; numbers that lost their zeros get them back. Empty where it is none."""
    text = str(value).strip()
    if re.fullmatch(r"\d{1,5}(?:\.0+)?", text) and text.isascii():
        return text.split(".")[0].zfill(5)
    return ""


def _words(text: str) -> list[str]:
    """Return the words, marks between them left out; numbers without leading zeros."""
    words = re.sub(r"[^\w]+", " ", text, flags=re.UNICODE).replace("_", " ").split()
    return [word.lstrip("0") or "0" if word.isdecimal() else word for word in words]


def _toned(word: str) -> str:
    """Return a word in lower case with its tone mark at its end."""
    letters = unicodedata.normalize("NFD", word.casefold())
    tone = "".join(mark for mark in letters if mark in _TONES)
    return unicodedata.normalize("NFC", "".join(mark for mark in letters if mark not in _TONES)) + tone
