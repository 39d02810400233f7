"""Choose headquarters and network together, with proof."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from planner.errors import Infeasible, NoPlanFound, Problem
from planner.network import clash
from planner.network.problem import NetworkChoice, cost_of, faults_of, used_by
from planner.network.program import Distances, build_program, distances, read_choice
from planner.network.relaxation import CLOSE, relax
from planner.program import MICRO, Effort, linear_sum, run, safe_bound
from planner.solve import Outcome

if TYPE_CHECKING:
    from planner.network.bound import Prices
    from planner.network.problem import NetworkProblem

FIRST_ROOM = 1e-5
"""Share of the bound within which parts of plans are searched first."""
WIDER = 8
SHARE_OF_GAP = 0.03
"""Share of the gap asked for that prices may leave."""
MOST_ROOMS = 12
MOST_REPAIRS = 20


@dataclass(frozen=True)
class NetworkOutcome:
    """The choice and its proof.

    Attributes
    ----------
    outcome : Outcome
        Status, cost and bounds; its rows are those of ``choice``.
    prices : Prices
        What the certified bound rests on.
    used : dict of str to int
        Use of every city-wide resource.
    """

    choice: NetworkChoice
    outcome: Outcome
    prices: Prices
    used: dict[str, int]


def choose(problem: NetworkProblem, effort: Effort) -> NetworkOutcome:
    """Choose a course of every ward and city point, and who is served where, at least total cost.

    Parts of plans are searched that lie within some room of the certified bound; a plan with any other part costs the
    bound and that room at least. The room grows until the best plan found lies within it, or near enough.

    Raises
    ------
    Infeasible
        No choice keeps the rules.
    NoPlanFound
        The time limit came first.
    """
    began = time.perf_counter()
    until = None if effort.time_limit is None else began + effort.time_limit
    gap = effort.gap or 0.0
    relaxation = relax(problem, until, max(CLOSE, SHARE_OF_GAP * gap))
    if not relaxation.possible and not relaxation.complete:
        raise NoPlanFound(_out_of_time(effort))
    if not relaxation.possible:
        raise Infeasible(clash.why_no_network(problem, relaxation))
    apart = distances(problem, relaxation.prices)
    certified = relaxation.bound
    room, bound = FIRST_ROOM * abs(certified) + MICRO, certified
    best: NetworkChoice | None = None
    cost, log, everything = 0, "", False
    for _ in range(MOST_ROOMS):
        everything = everything or room > _farthest(apart)
        left = None if until is None else until - time.perf_counter()
        if left is not None and left <= 0:
            break
        stop, solver_bound, log, found = _search(problem, apart, room, replace(effort, time_limit=left))
        if found is None and stop == "infeasible":
            if everything:
                raise Infeasible(clash.why_no_network(problem, relaxation))
            room *= WIDER
            continue
        if found is not None:
            price = cost_of(problem, found)
            if best is None or price < cost:
                best, cost = found, price
        elsewhere = np.inf if everything else certified + int(room * (1 - 1e-6))
        proven = certified if solver_bound is None else min(safe_bound(solver_bound), elsewhere)
        bound = max(bound, int(min(proven, cost if best else proven)))
        covered = everything or (best is not None and cost - certified <= room)
        if stop == "optimal" and not gap and effort.solver == "highs" and covered:
            # Searched to the end: what is given away for the solver's floats is not told as a gap.
            bound = cost
        if best is not None and (cost - bound < MICRO or cost - bound <= gap * abs(cost)):
            break
        if stop == "limit" or everything:
            break
        room = max(WIDER * room if best is None else (cost - certified) * (1 + 1e-5) + MICRO, room * 1.01)
    if best is None:
        raise NoPlanFound(_out_of_time(effort))
    optimal = cost - bound < MICRO
    outcome = Outcome(
        status="optimal" if optimal else "feasible",
        rows=best.rows,
        cost=cost,
        bound=cost if optimal else bound,
        certified_bound=certified,
        prices=relaxation.prices.rules,
        seconds=time.perf_counter() - began,
        solver=effort.solver,
        log=log,
    )
    return NetworkOutcome(best, outcome, relaxation.prices, used_by(problem, best))


def _out_of_time(effort: Effort) -> Problem:
    return Problem(
        "E701", "solver", f"{effort.solver} stopped before it had a plan", "Allow more --time-limit."
    )


def _farthest(apart: Distances) -> float:
    """Return how far above the bound the farthest part lies that a plan may have."""
    parts = (apart.course, apart.city, apart.pair)
    return max((float(part[np.isfinite(part)].max(initial=0.0)) for part in parts), default=0.0)


def _search(
    problem: NetworkProblem, apart: Distances, room: float, effort: Effort
) -> tuple[str, float | None, str, NetworkChoice | None]:
    """Search the parts within a room of the bound; what passes a rule by the solver's tolerance is forbidden."""
    rows = np.flatnonzero(apart.course <= room)
    city, pairs = apart.city <= room, apart.pair <= room
    if not pairs.any(axis=2).all():
        return "infeasible", None, "", None
    built = build_program(problem, rows, city, pairs)
    for attempt in range(MOST_REPAIRS):
        stop, bound, log = run(built.program, effort)
        found = None if stop == "infeasible" else read_choice(problem, built)
        faults = faults_of(problem, found) if found is not None else []
        if not faults:
            return stop, bound, log, found
        chosen = [
            v
            for v in (*built.courses, *(v for _, _, v in built.city), *built.pairs)
            if (v.varValue or 0) > 0.5
        ]
        program = built.program
        program += linear_sum(chosen, [1.0] * len(chosen)) <= len(chosen) - 1, f"over_a_limit_{attempt}"
    raise NoPlanFound(Problem("E703", "solver", "; ".join(faults), "Report this with the scenario."))
