"""How far a page can be trusted: proof, survey, boundaries, day and inputs, in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from planner.maps.shapes import area_differences
from planner.maps.words import clean, finite_exact, labels, say
from planner.polygons import IMPORTED, shown_basis
from planner.wording import date, number, share

if TYPE_CHECKING:
    from planner.plan import Plan
    from planner.region import Region
    from planner.wording import Lang

MOST_AREAS = 10
"""So many units are named whose polygons are too large or too small."""
MOST_BASES = 3
"""So many sources of boundaries are named; a layer of this program has one."""


def signed_share(value: float, lang: Lang) -> str:
    """Return a difference as per cent with its sign: ``+22,8%``, ``−9,3%``."""
    return ("+" if value > 0 else "−") + share(abs(value), lang, 1)


def truth(plan: Plan, lang: Lang, borders: list[str]) -> list[str]:
    """Return the lines of the truth: proof, share of surveyed floor area, boundaries."""
    words = labels(lang)
    lines = [proof_line(plan, lang)]
    surveyed = surveyed_share(plan)
    if surveyed <= 0:
        lines.append(words["surveyed_none"])
    elif surveyed >= 1:
        lines.append(words["surveyed_all"])
    else:
        lines.append(say(words["surveyed"], x=share(surveyed, lang, 1)))
    return lines + borders


def surveyed_share(plan: Plan) -> float:
    """Return the share of floor area in use that was surveyed."""
    return float(plan.facts.get("surveyed_share") or 0)


def stamps(plan: Plan, lang: Lang) -> list[str]:
    """Say by what a page can be told from another: scenario, day, code of the input files."""
    words = labels(lang)
    found = [f"{words['scenario']}: {clean(plan.scenario.name)}"]
    if plan.solved_on:
        found.append(say(words["stamp_date"], date=date(plan.solved_on, lang)))
    return [*found, say(words["stamp_code"], code=plan.input_code)]


def borders_of(basis: list[str], lang: Lang) -> list[str]:
    """Say what the boundaries rest on that are not schematic: file, checksum and day of the import."""
    words = labels(lang)
    lines = []
    for word in sorted({clean(word) for word in basis} - {""}):
        if word.lower() != "schematic":
            key = "boundaries_imported" if word.startswith(f"{IMPORTED};") else "boundaries_of"
            lines.append(say(words[key], x=shown_basis(word, lang)))
    return lines[:MOST_BASES]


def proof_line(plan: Plan, lang: Lang) -> str:
    """Say how far the plan is proven: never more than its bound shows."""
    words = labels(lang)
    gap = finite_exact(plan.facts.get("gap"))
    if gap is None or plan.facts.get("status") not in ("optimal", "feasible"):
        return words["proof_open"]
    text = share(math.ceil(gap * 1e4 - 1e-9) / 1e4, lang, 0 if gap <= 0 else 2)
    return say(words["proof_optimal" if plan.facts["status"] == "optimal" else "proof_feasible"], gap=text)


def areas_line(region: Region, lang: Lang) -> str:
    """Name the units whose imported polygon is larger or smaller than they officially are; empty if there are none."""
    differing = area_differences(region)
    if not differing:
        return ""
    units = [f"{clean(name)} ({signed_share(by, lang)})" for name, by in differing[:MOST_AREAS]]
    more = len(differing) - len(units)
    pattern = labels(lang)["areas_more" if more else "areas"]
    return say(pattern, x=", ".join(units), n=number(more, lang))
