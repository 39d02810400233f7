"""Why no plan keeps the city-wide rules: which rules clash, in which years, and the smallest change that helps.

For every setting the relaxation is asked first: where even parts of plans do not keep the other rules, whatever this
setting is, it cannot help. The others are searched for the smallest change, and a change is called the smallest only
if one unit less was shown to be too little.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.errors import NoPlanFound, Problem
from planner.limits import AT_LEAST, families
from planner.program import EXACT_BELOW, Effort, build_program, relaxed_shortfall, search

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.costs import Ints
    from planner.limits import Family
    from planner.model.columns import PlanColumns

SECONDS = 8.0
"""Longest search for the smallest changes of all rules; what is found by then works, but may not be the smallest."""

ONE_OF = "One of these changes is enough."
"""Told with each where several settings alone would make a plan possible."""


@dataclass(frozen=True)
class Change:
    """By how much one setting must give way.

    Attributes
    ----------
    least : int
        No smaller change makes a plan.
    enough : int or None
        With this one there is a plan; None where none was found in time.
    short : list of str
        Names of the rules that the plan of the smallest change breaks as they stand.
    """

    family: Family
    least: int
    enough: int | None
    short: list[str]


def why_no_plan(
    columns: PlanColumns,
    wards: list[str],
    limits: dict[str, int],
    effort: Effort,
    changes: Sequence[Family] | None = None,
    seconds: float = SECONDS,
) -> list[Problem]:
    """Return a problem for every setting that a single change would save, or one that names all of them.

    Parameters
    ----------
    changes : sequence of Family, optional
        The settings; each limit by itself when not given.
    seconds : float
        For all searches together; 0: the bounds of the relaxation only.
    """
    guests = _guests_only(columns)
    if guests:
        program, chosen = build_program(columns, wards, {})
        if search(program, chosen, columns, {}, effort)[0] == "infeasible":
            where = ", ".join(wards[ward] for ward in guests)
            text = f"{where} can only be guests, and there are not premises enough for all of them"
            return [
                Problem("E604", "rules.shared", text, "Name more premises, or relax the rules of a unit.")
            ]
    every = list(changes) if changes is not None else families(limits)
    open_to = {}
    for place, family in enumerate(every):
        least = relaxed_shortfall(columns, wards, limits, family.weights)
        if least is not None:
            open_to[place] = least
    until = time.perf_counter() + min(seconds, effort.time_limit or seconds)
    found: list[Change] = []
    for count, (place, bound) in enumerate(open_to.items()):
        family = every[place]
        if family.kind == "budget" and any(change.family.kind == "budget" for change in found):
            continue  # more money in most years does: no need to change all of them
        share = max(0.0, until - time.perf_counter()) / (len(open_to) - count)
        change = _smallest_change(columns, wards, limits, family, bound, replace(effort, time_limit=share))
        if change is not None:
            found.append(change)
    if found:
        told = [_told(limits, change) for change in found]
        alone = len(found) > 1 and all(change.enough is not None for change in found)
        return [replace(problem, fix=f"{problem.fix} {ONE_OF}" if alone else problem.fix) for problem in told]
    where = ", ".join(dict.fromkeys(family.setting for family in every))
    return [
        Problem("E604", where, "no plan of the city keeps these limits together", "Relax several of them.")
    ]


def _guests_only(columns: PlanColumns) -> list[int]:
    """Return the wards that have no plan but as guests of another one, in order."""
    return sorted(set(columns.partner[columns.partner >= 0].tolist()) - set(columns.ward.tolist()))


def _smallest_change(
    columns: PlanColumns,
    wards: list[str],
    limits: dict[str, int],
    family: Family,
    relaxed: float,
    effort: Effort,
) -> Change | None:
    """Return the smallest change of one setting that makes a plan, None if none does.

    Parameters
    ----------
    relaxed : float
        What parts of plans need at least.
    effort : Effort
        Its time limit is that of the whole search; 0 for none.
    """
    least = max(1, math.ceil(relaxed - 1e-6 * abs(relaxed) - 1e-6))
    if not effort.time_limit:
        return Change(family, least, None, [])
    until = time.perf_counter() + effort.time_limit
    kept = {name: most for name, most in limits.items() if name not in family.weights}
    program, chosen = build_program(columns, wards, limits, loosened=family.weights)
    stop, _, _, rows = search(program, chosen, columns, kept, Effort(effort.solver, effort.time_limit, 0.0))
    if rows is None:
        return None if stop == "infeasible" else Change(family, least, None, [])
    enough, short = _shortfall(columns, rows, limits, family)
    if enough <= 0:
        rules = ", ".join(each.setting for each in families(limits))
        text = f"{effort.solver} finds no plan that keeps {rules}, but there is one"
        raise NoPlanFound(Problem("E703", "solver", text, "Use --solver highs, or a limit a little larger."))
    if stop == "optimal" and all(abs(limits[name]) < EXACT_BELOW for name in family.weights):
        return Change(family, enough, enough, short)
    while enough > least:  # solvers count to a billionth: is one unit less really too little?
        tried = {name: limits[name] + weight * (enough - 1) for name, weight in family.weights.items()}
        left = until - time.perf_counter()
        if left <= 0:
            break
        last = list(family.weights)[-1]
        program, chosen = build_program(columns, wards, {**kept, **tried}, minimise=last)
        stop, _, _, rows = search(
            program, chosen, columns, {**kept, **tried}, Effort(effort.solver, left, 0.0)
        )
        if rows is None:
            least = enough if stop == "infeasible" else least
            break
        enough, short = _shortfall(columns, rows, limits, family)
    return Change(family, least, enough, short)


def _shortfall(
    columns: PlanColumns, rows: Ints, limits: dict[str, int], family: Family
) -> tuple[int, list[str]]:
    """Return how far a setting must give way for a choice of plans (⌈over / weight⌉), and the rules it breaks."""
    over = {name: sum(columns.resources[name][rows].tolist()) - limits[name] for name in family.weights}
    return (
        max(-(-over[name] // weight) for name, weight in family.weights.items()),
        [name for name in family.weights if over[name] > 0],
    )


def _told(limits: dict[str, int], change: Change) -> Problem:
    """Return the problem that says what one setting would have to be."""
    family = change.family
    years = _spans(sorted(int(name.rpartition("_")[2]) for name in change.short if name[-4:].isdigit()))
    if family.kind == "budget":
        what = "the capital budgets and the other rules of the city clash"
        what += f": the money falls short in {years}" if years else ""
        return Problem("E603", family.setting, what, _fix(change, " VND"))
    (name, *rest) = family.weights
    value = family.now if family.now is not None else limits[name]
    if family.kind in AT_LEAST:
        what = f"no plan of the city reaches {value:,} with its other rules"
    else:
        what = f"no plan of the city keeps {value:,} with its other rules"
        what += f": it takes more in {years}" if rest and years else ""
    return Problem("E603", family.setting, what, _fix(change, ""))


def _spans(years: list[int]) -> str:
    """Return years in order as ``2027, 2029-2034``."""
    spans: list[list[int]] = []
    for year in years:
        if spans and spans[-1][-1] == year - 1:
            spans[-1].append(year)
        else:
            spans.append([year])
    return ", ".join(f"{span[0]}-{span[-1]}" if len(span) > 1 else str(span[0]) for span in spans)


def _fix(change: Change, unit: str) -> str:
    family, now = change.family, change.family.now
    sign = -1 if family.kind in AT_LEAST else 1
    amount = change.least if change.enough is None else change.enough
    if now is None:  # every year has its own amount
        shown, ending = f"{amount:,}{unit}", " more in every year"
    else:
        shown = f"{now + sign * amount:,}{unit}"
        ending = f" a year, {amount:,}{unit} more" if family.kind == "budget" else ""
    if change.enough is None:
        return f"It must be {'at most' if sign < 0 else 'at least'} {shown}{ending}; that may not be enough."
    if change.least == change.enough:
        return f"The {'largest' if sign < 0 else 'smallest'} value that works is {shown}{ending}."
    return (
        f"The value {shown}{ending} works; a {'larger' if sign < 0 else 'smaller'} change was not ruled out."
    )
