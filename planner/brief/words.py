"""The words of the brief in one language, and figures as it says them."""

from __future__ import annotations

from planner.brief.phrases import BRIEF
from planner.brief.sentences import SENTENCES
from planner.report.cells import clean
from planner.report.clauses import Clauses
from planner.wording import number, share

BILLION = 10**9
NAME, TITLE = 40, 110
"""Longest names of units and titles of scenarios in characters: four pages stay four pages, whatever was typed."""
ABOUT = "≈\u00a0"


class Say(Clauses):
    """The words of one language: those of the brief, then those of the annex and of the workbook."""

    def __call__(self, key: str) -> str:
        """Return a text of the brief, of the annex or of the workbook."""
        pair = BRIEF.get(key) or SENTENCES.get(key)
        return pair[0 if self.lang == "vi" else 1] if pair else super().__call__(key)

    def say(self, key: str, **values: object) -> str:
        """Return a sentence with its values filled in."""
        return self(key).format(**values)

    def count(self, value: float | None) -> str:
        """Return a whole number; a dash where there is none."""
        return "–" if value is None else number(value, self.lang)

    def billions(self, vnd: float, *, sign: bool = False) -> str:
        """Return dong as billions without the unit; one decimal below a hundred."""
        size = vnd / BILLION
        if not vnd:
            return "0"
        text = number(size, self.lang, 0 if abs(size) >= 100 else 1).replace("-", "−")
        plus = "+" if sign and any(c in "123456789" for c in text) and vnd > 0 else ""
        return plus + text

    def money(self, vnd: float, *, sign: bool = False) -> str:
        """Return an amount of money, marked as an estimate: every amount rests on assumed prices."""
        return f"{ABOUT}{self.billions(vnd, sign=sign)}\u00a0{self('billions')}"

    def area(self, m2: float, *, exact: bool = False) -> str:
        """Return square metres, marked as an estimate unless all of them were surveyed."""
        return f"{'' if exact else ABOUT}{number(m2, self.lang)}\u00a0m²"

    def km(self, metres: float) -> str:
        """Return a distance by road, which is reckoned from straight lines, so marked as an estimate."""
        return f"{ABOUT}{self.km_plain(metres)}\u00a0km"

    def km_plain(self, metres: float) -> str:
        """Return metres as kilometres to a tenth without the unit."""
        return number(metres / 1000, self.lang, 1)

    def share(self, value: float, decimals: int = 1) -> str:
        """Return a share."""
        return share(value, self.lang, decimals)

    def gap(self, value: float) -> str:
        """Return a gap to a bound: zero is told as such."""
        return share(value, self.lang, 3 if value > 0 else 0)

    def signed_share(self, value: float) -> str:
        """Return a share with its sign."""
        text = share(value, self.lang, 1).replace("-", "−")
        return ("+" if value > 0 else "") + text


def short(value: object, limit: int = NAME) -> str:
    """Return text of users made harmless and no longer than it may be."""
    text = clean(value).strip()
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
