"""Choose one plan per ward: the integer program solved, and the bound that certifies it.

What a solver calls optimal is not believed: the outcome is judged by our own bound.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from planner import clash
from planner.errors import Infeasible, NoPlanFound, Problem
from planner.limits import city_limits as rules_of
from planner.program import MICRO, MICRO_PER_MILLION, Effort, build_program, resource_prices, search

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.costs import Ints
    from planner.limits import Family
    from planner.model import PlanColumns
    from planner.scenario import Scenario

Status = Literal["optimal", "feasible"]


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
    changes: Sequence[Family] | None = None,
    seconds_for_advice: float = clash.SECONDS,
) -> Outcome:
    """Choose one row of ``columns`` per ward at least total cost within the city-wide limits.

    Parameters
    ----------
    columns : PlanColumns
        Every ward of ``wards`` has at least one row.
    limits : dict of str to int
        Limit of every city-wide resource that is limited; keys are keys of ``columns.resources``.
    changes : sequence of Family, optional
        Settings one of which may be changed where there is no plan; each limit by itself when not given.
    seconds_for_advice : float
        Longest search for the smallest change; 0: a bound on it will do.

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
        raise Infeasible(clash.why_no_plan(columns, wards, limits, effort, changes, seconds_for_advice))
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
    proven = cost - bound < MICRO or (stop == "optimal" and not effort.gap and effort.solver == "highs")
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
    least: dict[int, int] = {}
    for ward, cost in zip(columns.ward.tolist(), priced, strict=True):
        least[ward] = min(least.get(ward, cost), cost)
    return sum(least.values()) - sum(price * limits[resource] for resource, price in per_unit.items())
