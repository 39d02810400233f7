"""Choose one plan per ward: the integer program solved, and the bound that certifies it.

What a solver calls optimal is not believed: the outcome is judged by our own bound.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from planner.clash import why_no_plan
from planner.errors import Infeasible, NoPlanFound, Problem
from planner.limits import city_limits as rules_of
from planner.program import MICRO, MICRO_PER_MILLION, Effort, build_program, resource_prices, search

if TYPE_CHECKING:
    from planner.columns import PlanColumns
    from planner.costs import Ints
    from planner.scenario import Scenario

Status = Literal["optimal", "feasible"]
NEVER = 10**30
"""Cost of what cannot be."""


@dataclass(frozen=True)
class Outcome:
    """The chosen arrangements and the proof.

    Attributes
    ----------
    status : {"optimal", "feasible"}
        ``optimal`` means that no plan is cheaper by a dong or more.
    rows : int64, shape (wards,)
        Rows of the plan columns, one a ward, in ward order.
    cost, bound, certified_bound : int
        Millionths of a dong: of the plan; the best known lower bound; the lower bound from prices on the
        city-wide rules alone (Lagrangian; without city-wide rules every ward's cheapest arrangement).
    prices : dict of str to float
        Dong that one more unit of a city-wide resource saves at the margin.
    log : str
        What the solver printed.
    """

    status: Status
    rows: Ints
    cost: int
    bound: int
    certified_bound: int
    prices: dict[str, float]
    seconds: float
    solver: str
    log: str = field(repr=False, default="")


def city_limits(scenario: Scenario) -> dict[str, int]:
    """Return the limit of every city-wide resource that the scenario limits."""
    return {name: limit.most for name, limit in rules_of(scenario).items()}


def choose(
    columns: PlanColumns,
    wards: list[str],
    limits: dict[str, int],
    effort: Effort | None = None,
    *,
    summed: bool = False,
) -> Outcome:
    """Choose one row of ``columns`` per ward at least total cost within the city-wide limits.

    Parameters
    ----------
    columns : PlanColumns
        Every ward of ``wards`` has at least one row.
    limits : dict of str to int
        Limit of every city-wide resource that is limited; keys are keys of ``columns.resources``.
    summed : bool
        Budgets are carried over (for the advice where there is no plan).

    Raises
    ------
    Infeasible
        No choice keeps the city-wide limits; the problem names the smallest limit that works.
    NoPlanFound
        The time limit came first.
    """
    effort = effort or Effort()
    began = time.perf_counter()
    prices = resource_prices(columns, wards, limits) if limits else {}
    certified = _lagrangian_bound(columns, limits, prices)
    program, chosen = build_program(columns, wards, limits)
    stop, solver_bound, log, rows = search(program, chosen, columns, limits, effort)
    if stop == "infeasible":
        raise Infeasible(why_no_plan(columns, wards, limits, effort, summed=summed))
    if rows is None:
        raise NoPlanFound(
            Problem(
                "E701",
                "solver",
                f"{effort.solver} stopped ({stop}) before it had a plan",
                "Allow more --time-limit.",
            )
        )
    cost = sum(columns.cost[rows].tolist())  # in Python: a city's total in millionths can pass 2^63
    bound = certified
    if solver_bound is not None:
        # The solver's own bound is a float; a billionth of it is given away so that it stays a bound.
        safe = solver_bound - abs(solver_bound) * 1e-9
        bound = max(bound, min(cost, int(safe * MICRO_PER_MILLION)))
    # Proven by our own bound, or by a search of HiGHS that was told to leave no gap and ran to its end. CBC gives up
    # improvements of less than about twenty dong and tells no bound (docs/notes-pulp.md): its word is no proof.
    proven = cost - bound < MICRO or (stop == "optimal" and effort.gap == 0 and effort.solver == "highs")
    return Outcome(
        status="optimal" if proven else "feasible",
        rows=rows,
        cost=cost,
        bound=cost if proven else bound,
        certified_bound=certified,
        prices=prices,
        seconds=time.perf_counter() - began,
        solver=effort.solver,
        log=log,
    )


def _lagrangian_bound(columns: PlanColumns, limits: dict[str, int], prices: dict[str, float]) -> int:
    """Return Σ over wards of the cheapest priced arrangement, less the priced limits; millionths of a dong."""
    per_unit = {resource: int(price * MICRO) for resource, price in prices.items()}
    priced = columns.cost.tolist()  # in Python: priced uses can pass 2^63
    for resource, price in per_unit.items():
        use = columns.resources[resource]
        for row in np.flatnonzero(use).tolist() if price else ():
            priced[row] += price * int(use[row])
    partner = columns.partner.tolist()
    alone: dict[int, int] = {}
    shared: dict[tuple[int, int], int] = {}
    for ward, other, cost in zip(columns.ward.tolist(), partner, priced, strict=True):
        if other < 0:
            alone[ward] = min(alone.get(ward, cost), cost)
        else:
            shared[ward, other] = min(shared.get((ward, other), cost), cost)
    covered = {ward for pair in shared for ward in pair}
    least = sum(cost for ward, cost in alone.items() if ward not in covered)
    least += _least_with_pairs(alone, shared, sorted(covered))
    return least - sum(price * limits[resource] for resource, price in per_unit.items())


def _least_with_pairs(alone: dict[int, int], shared: dict[tuple[int, int], int], wards: list[int]) -> int:
    """Return the least cost of wards that are alone or in one pair each; connected wards are tried in every way."""
    total = 0
    left = set(wards)
    while left:
        group, seen = [min(left)], {min(left)}
        for ward in group:
            near = {other for pair in shared if ward in pair for other in pair} - seen
            group += sorted(near)
            seen |= near
        left -= seen
        total += _least_of_group(tuple(sorted(seen)), alone, shared)
    return total


def _least_of_group(wards: tuple[int, ...], alone: dict[int, int], shared: dict[tuple[int, int], int]) -> int:
    """Return the least cost of connected wards; what is found for some that are left is remembered."""
    found: dict[tuple[int, ...], int] = {(): 0}

    def least(left: tuple[int, ...]) -> int:
        if left not in found:
            first, rest = left[0], left[1:]
            options = [alone[first] + least(rest)] if first in alone else []
            for other in rest:
                costs = [shared[pair] for pair in ((first, other), (other, first)) if pair in shared]
                if costs:
                    options.append(min(costs) + least(tuple(ward for ward in rest if ward != other)))
            found[left] = min(options, default=NEVER)
        return found[left]

    return least(wards)
