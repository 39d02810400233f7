"""Choose one plan per ward: the integer program solved, and the bound that certifies it.

What a solver calls optimal is not believed: the outcome is judged by our own bound.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from planner import clash
from planner.errors import Infeasible, NoPlanFound, Problem
from planner.limits import city_limits as rules_of
from planner.program import (
    MICRO,
    MICRO_PER_MILLION,
    Effort,
    build_program,
    resource_prices,
    safe_bound,
    search,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.costs import Ints
    from planner.limits import Family
    from planner.model.columns import PlanColumns
    from planner.scenario import Scenario

Status = Literal["optimal", "feasible"]
NEVER = 10**30
"""Cost of what cannot be."""
ROOM, MOST_ROOMS, WORTH_SEARCHING = 1.5, 4, 0.7
"""Where a gap is allowed: plans of wards up to so many gaps above the cheapest are searched first, in so many steps,
as long as they are no larger a share of all plans."""


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
    certified = lagrangian_bound(columns, limits, prices)
    near = _search_near(columns, wards, limits, effort, prices, certified)
    stop, solver_bound, log, rows = near or search(
        *build_program(columns, wards, limits), columns, limits, _left(effort, began)
    )
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
    bound = certified if solver_bound is None else max(certified, min(cost, safe_bound(solver_bound)))
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


def _left(effort: Effort, began: float) -> Effort:
    """Return the effort with what is left of its time."""
    if effort.time_limit is None:
        return effort
    return replace(effort, time_limit=max(0.01, effort.time_limit - (time.perf_counter() - began)))


def _search_near(
    columns: PlanColumns,
    wards: list[str],
    limits: dict[str, int],
    effort: Effort,
    prices: dict[str, float],
    certified: int,
) -> tuple[str, float, str, Ints] | None:
    """Search the plans that lie near the certified bound; None where that settles nothing.

    At the prices of the city-wide rules a choice costs at least the certified bound and what its plans lie above the
    cheapest of their wards. A choice with a plan that is not searched therefore costs at least the bound and ``room``;
    where the others are proven down to that, the whole is.
    """
    if not limits or not effort.gap or effort.solver != "highs":
        return None
    began = time.perf_counter()
    above = above_cheapest(columns, prices)
    room = ROOM * effort.gap * abs(certified)
    for _ in range(MOST_ROOMS):
        rows = np.flatnonzero(above <= room)
        if len(rows) > WORTH_SEARCHING * len(columns):
            return None
        part = columns.take(rows)
        program, chosen = build_program(part, wards, limits)
        stop, solver_bound, log, found = search(program, chosen, part, limits, _left(effort, began))
        if found is None and stop == "infeasible":
            room *= 8
            continue
        if found is None or solver_bound is None:
            return None
        cost = sum(part.cost[found].tolist())
        # Floats: a millionth of the room is given away.
        elsewhere = certified + int(room * (1 - 1e-6))
        bound = min(safe_bound(solver_bound), elsewhere)
        if cost - bound <= effort.gap * abs(cost) or stop == "limit":
            return "limit" if bound < cost else stop, bound / MICRO_PER_MILLION, log, rows[found]
        room = (cost - certified) * (1 + 1e-5)
    return None


def above_cheapest(columns: PlanColumns, prices: dict[str, float]) -> NDArray[np.float64]:
    """Return by how much a choice with each plan lies above `lagrangian_bound` at least, uses priced; shape (m,).

    Without shared premises that is how far a plan lies above the cheapest of its ward. A plan of two wards can lie
    below the cheapest of both: what the other pairs may save is then taken off, less what pairs save in the bound.
    """
    priced = columns.cost.astype(float)
    for resource, price in prices.items():
        priced += int(price * MICRO) * columns.resources[resource].astype(float)
    partner = columns.partner
    alone = partner < 0
    least = np.full(int(max(columns.ward.max(initial=0), partner.max(initial=0))) + 1, np.inf)
    np.minimum.at(least, columns.ward[alone], priced[alone])
    if alone.all():
        return np.asarray(priced - least[columns.ward], np.float64)
    if not np.isfinite(least).all():  # a ward that only pairs cover
        return np.zeros(len(columns))
    above = priced - least[columns.ward] - np.where(alone, 0.0, least[partner])
    saved: dict[tuple[int, int], float] = {}
    pairs = [tuple(sorted(pair)) for pair in zip(columns.ward.tolist(), partner.tolist(), strict=True)]
    for row in np.flatnonzero(~alone).tolist():
        a, b = pairs[row]
        saved[a, b] = max(saved.get((a, b), 0.0), -float(above[row]))
    together, taken = 0.0, set[int]()
    for (a, b), saving in sorted(saved.items(), key=lambda item: -item[1]):
        if not {a, b} & taken:
            together += saving
            taken |= {a, b}
    above -= sum(saved.values()) - together
    above[~alone] += [saved[pairs[row][0], pairs[row][1]] for row in np.flatnonzero(~alone)]
    return np.asarray(above, np.float64)


def lagrangian_bound(columns: PlanColumns, limits: dict[str, int], prices: dict[str, float]) -> int:
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
