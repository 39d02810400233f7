"""What a cell may hold: text made harmless, numbers, formulas with their values; how formulas name cells."""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from typing import NamedTuple

MAX_CELL = 32767

_DROP = dict.fromkeys(
    [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0xFEFF, 0xFFFE, 0xFFFF]
)
_SPACE = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029], " ")
_LIKE_A_FORMULA = re.compile(r"^[\s\u200b\u2060]*[=+\-@＝＋－＠|%]")


class Formula(NamedTuple):
    """A formula and the value it has when nothing was changed, for readers that do not calculate."""

    text: str
    value: float | str


class Cell(NamedTuple):
    """A value that looks different from the rest of its column or line: another style, another kind."""

    value: object
    style: str = ""
    kind: str = ""


def clean(value: object) -> str:
    """Return text as a cell may hold it: NFC, no control or direction characters, at most 32,767 long."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return harmless(str(value))[0]


@functools.lru_cache(maxsize=1 << 16)
def harmless(text: str) -> tuple[str, bool]:
    """Return text cleaned, and whether it begins like a formula; most texts come many times."""
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
        text = unicodedata.normalize("NFC", text).translate(_DROP)
    if not text.isprintable():
        text = text.translate(_SPACE)
    text = text[:MAX_CELL]
    return text, bool(_LIKE_A_FORMULA.match(text))


def footer_text(text: str, limit: int) -> str:
    """Return text for a header or footer, where ``&`` starts a code; ``&G`` would ask for a picture."""
    plain = re.sub(r"&(?=G|\[Picture\])", "& ", clean(text)[:limit])
    return plain.replace("&", "&&")


def number_of(text: object) -> float | int | None:
    """Return the number a settings cell holds (``8%`` is 0.08), None where it holds none."""
    if isinstance(text, bool) or text is None:
        return None
    if isinstance(text, (int, float)):
        return None if math.isnan(text) else text
    raw = str(text).strip()
    per_cent = raw.endswith("%")
    try:
        value = float(raw.rstrip("%"))
    except ValueError:
        return None
    if not math.isfinite(value):
        return None
    if per_cent:
        return round(value / 100, 10)
    return int(value) if value.is_integer() else value


def whole(value: float | None) -> float | int | None:
    """Return a number of a table as an int where it is whole, None where it is missing."""
    if value is None or value != value:
        return None
    return int(value) if float(value).is_integer() else float(value)


def amount(value: object) -> float:
    """Return what a cell adds to a sum: the value of a formula, a number, or nothing."""
    if isinstance(value, Formula):
        value = value.value
    return value if isinstance(value, (int, float)) and math.isfinite(value) else 0


def address(row: int, column: int, *, fixed: str = "") -> str:
    """Return a cell as formulas write it: ``B7``, ``$B7``, ``B$7``, ``$B$7``."""
    letters = ""
    number_ = column + 1
    while number_:
        number_, rest = divmod(number_ - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{'$' if 'c' in fixed else ''}{letters}{'$' if 'r' in fixed else ''}{row + 1}"


def span(top: int, left: int, bottom: int, right: int, *, fixed: str = "") -> str:
    """Return a range of cells as formulas write it: ``B7:B9``."""
    return f"{address(top, left, fixed=fixed)}:{address(bottom, right, fixed=fixed)}"


def quote(text: str) -> str:
    """Return text as a formula's string."""
    return '"' + text.replace('"', '""') + '"'


def identifier(text: str) -> str:
    """Return text as part of a defined name."""
    return re.sub(r"[^a-z0-9_]", "_", text.lower())
