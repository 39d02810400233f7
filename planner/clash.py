"""Why no plan keeps the city-wide rules: which rules clash, in which years, and the smallest change that helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.errors import NoPlanFound, Problem
from planner.limits import AT_LEAST, Family, families
from planner.program import Effort, build_program, search

if TYPE_CHECKING:
    from planner.columns import PlanColumns
    from planner.costs import Ints

SECONDS = 20.0
"""Longest search for the smallest change of one rule; what is found by then works, but may not be the smallest."""


def why_no_plan(
    columns: PlanColumns, wards: list[str], limits: dict[str, int], effort: Effort, *, summed: bool = False
) -> list[Problem]:
    """Return a problem for every rule that a single change would save, or one that names all of them.

    Parameters
    ----------
    summed : bool
        Budgets are carried over: the limit of a year is the sum of all budgets up to it.
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
    found = []
    for family in families(limits, summed=summed):
        change = _smallest_change(columns, wards, limits, family, effort)
        if change is not None:
            found.append(change)
    if found:
        return found
    text = "no plan of the city keeps these limits together"
    where = ", ".join(dict.fromkeys(family.setting for family in families(limits, summed=summed)))
    return [Problem("E604", where, text, "Relax them one by one.")]


def _guests_only(columns: PlanColumns) -> list[int]:
    """Return the wards that have no plan but as guests of another one, in order."""
    return sorted(set(columns.partner[columns.partner >= 0].tolist()) - set(columns.ward.tolist()))


def _smallest_change(
    columns: PlanColumns, wards: list[str], limits: dict[str, int], family: Family, effort: Effort
) -> Problem | None:
    """Return what the smallest change of one rule is that makes a plan, None if none does."""
    seconds = min(SECONDS, effort.time_limit or SECONDS)
    others = {name: most for name, most in limits.items() if name not in family.weights}
    if len(family.weights) == 1:
        (name,) = family.weights
        program, chosen = build_program(columns, wards, others, minimise=name)
    else:
        program, chosen = build_program(columns, wards, limits, loosened=family.weights)
    stop, _, _, rows = search(program, chosen, columns, others, Effort(effort.solver, seconds))
    if rows is None:
        return None
    short = _shortfall(columns, rows, limits, family)
    more = max(short.values())
    if more <= 0:
        rules = ", ".join(family.setting for family in families(limits))
        text = f"{effort.solver} finds no plan that keeps {rules}, but there is one"
        raise NoPlanFound(Problem("E703", "solver", text, "Use --solver highs, or a limit a little larger."))
    return _told(limits, family, short, more, proven=stop == "optimal")


def _shortfall(columns: PlanColumns, rows: Ints, limits: dict[str, int], family: Family) -> dict[str, int]:
    """Return by how much the limit of each year of a rule must grow for a choice of plans (⌈over / weight⌉)."""
    return {
        name: -(-(sum(columns.resources[name][rows].tolist()) - limits[name]) // weight)
        for name, weight in family.weights.items()
    }


def _told(
    limits: dict[str, int], family: Family, short: dict[str, int], more: int, *, proven: bool
) -> Problem:
    if family.kind == "budget":
        years = ", ".join(name.rpartition("_")[2] for name, over in short.items() if over > 0)
        return Problem(
            "E603",
            family.setting,
            f"no plan keeps the budgets with the other rules: {years} fall short by up to {more:,} VND a year",
            f"The smallest budget that works is {more:,} VND more in every year."
            + ("" if proven else " (Found in the time allowed; less may do.)"),
        )
    (name, *rest) = family.weights
    if rest:
        years = ", ".join(name.rpartition("_")[2] for name, over in short.items() if over > 0)
        return Problem(
            "E603",
            family.setting,
            f"no plan of the city keeps {limits[name]:,}: too few in {years}",
            f"The smallest value that works is {limits[name] + more:,}.",
        )
    if family.kind in AT_LEAST:
        return Problem(
            "E603",
            family.setting,
            f"no plan of the city reaches {-limits[name]:,}",
            f"The largest value that works is {-limits[name] - more:,}.",
        )
    return Problem(
        "E603",
        family.setting,
        f"no plan of the city keeps {limits[name]:,}",
        f"The smallest value that works is {limits[name] + more:,}.",
    )
