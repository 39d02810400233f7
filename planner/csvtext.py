"""Free text in CSV files that are written: a spreadsheet must show it, never calculate it (docs/decisions/010)."""

from __future__ import annotations

import re
from functools import lru_cache

_CALCULATED = re.compile(r"'*[=+\-@＝＋－＠|%\t\r]")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)*%?")


@lru_cache(maxsize=1 << 16)
def guarded(text: str) -> str:
    """Return text with an apostrophe before it where a spreadsheet would take it for a formula.

    Numbers stay as they are. What begins with apostrophes and then like a formula gets one more, so that `unguarded`
    gives back every text.
    """
    return f"'{text}" if _CALCULATED.match(text) and not _NUMBER.fullmatch(text) else text


@lru_cache(maxsize=1 << 16)
def unguarded(text: str) -> str:
    """Return text as it was before `guarded`."""
    return text[1:] if text.startswith("'") and guarded(text[1:]) == text else text
