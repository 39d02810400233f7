"""Phrases that several verbs print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.terminal.words import say
from planner.wording import number, share

if TYPE_CHECKING:
    from planner.plan import Plan
    from planner.wording import Lang


def billions(vnd: float, lang: Lang) -> str:
    """Return money in billion dong with one decimal, so that columns of a table can be compared."""
    return f"{number(vnd / 1e9, lang, 1)} {'tỷ đồng' if lang == 'vi' else 'bn VND'}"


def estimate(plan: Plan, lang: Lang) -> str:
    """Say how much of the floor area is surveyed and how much is estimated."""
    return say("estimate", lang, surveyed=share(plan.city("surveyed_share"), lang, 1))


def part_name(plan: Plan, part: str, lang: Lang) -> str:
    """Return the name of a part from ``parts.csv``."""
    return str(plan.norms.parts.loc[part, lang])
