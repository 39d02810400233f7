"""The one way in: a network, a model and its numbers give a location."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from planner.errors import Infeasible, NoPlanFound
from planner.location.capacitated import solve_capacitated
from planner.location.checks import check_question
from planner.location.cover import (
    fewest_points,
    filled,
    most_covered,
    nearest_covered,
    smallest_radius,
)
from planner.location.covered import most_covered_by_median, nearest_covered_by_median
from planner.location.location import Choice, Location, grain, objective, places_in
from planner.location.median import solve_median
from planner.program import Effort
from planner.wording import problem

if TYPE_CHECKING:
    from planner.location.location import Model
    from planner.location.network import Floats, Network

PROVEN = 1e-9
"""Relative gap that counts as none: what sums of floats may be off by."""
REASON_SECONDS = 1.0
"""Beyond the limit, to say why there is no solution."""


def locate(
    network: Network,
    model: Model,
    p: int | None = None,
    limit: float | None = None,
    effort: Effort | None = None,
) -> Location:
    """Choose points and who is served where.

    Capacities of the network are kept in every model; a demand is served by one point.

    Parameters
    ----------
    network : Network
    model : str
        ``p-median``, ``capacitated-p-median``: p points, least Σ weight · distance. ``fixed-charge``: least fixed
        costs + Σ weight · distance, with p exactly so many points. ``p-centre``: p points, least largest weight ·
        distance, then least Σ. ``lscp``: fewest points that serve everyone within the limit (p: at most so many),
        then least Σ. ``mclp``: p points that cover most weight within the limit, then least Σ of the covered.
    p : int, optional
    limit : float, optional
        Distance; pairs farther than this are not used.
    effort : Effort, optional
        Time limit and gap; HiGHS is used whatever the solver.

    Raises
    ------
    InputError
        The question cannot be answered as it is put (E902 to E908).
    Infeasible
        No choice of points serves everyone (E909 to E911).
    NoPlanFound
        The time ended before there was a solution (E912).
    """
    begun = time.perf_counter()
    effort = effort or Effort()
    gap = effort.gap or 0.0
    check_question(network, model, p, limit)
    near = network if limit is None else network.within(limit)
    until = math.inf if effort.time_limit is None else begun + effort.time_limit
    if model in ("p-median", "capacitated-p-median"):
        choice = _least_distance(near, p, np.zeros(near.m), gap, until)
    elif model == "fixed-charge":
        choice = _least_distance(near, p, near.fixed_cost, gap, until)
    elif model == "p-centre":
        choice = _centre(near, int(p or 0), gap, until)
    elif model == "lscp":
        choice = _set_cover(near, p, gap, until)
    else:
        choice = _max_cover(near, int(p or 0), gap, until)
    return _answer(near, model, choice, gap, time.perf_counter() - begun)


def _answer(network: Network, model: Model, choice: Choice, gap: float, seconds: float) -> Location:
    value = objective(network, model, choice)
    better = choice.bound >= value if model != "mclp" else choice.bound <= value
    apart = abs(value - choice.bound) / abs(value) if value else abs(choice.bound)
    bound = value if better or apart <= PROVEN else choice.bound
    apart = abs(value - bound) / max(abs(value), 1e-300) if value != bound else 0.0
    proven = apart <= max(gap, PROVEN) and choice.second_proven
    served = np.flatnonzero(choice.pair >= 0).tolist()
    return Location(
        model,
        "optimal" if proven else "feasible",
        value,
        bound,
        apart,
        seconds,
        [network.candidates[j] for j in np.flatnonzero(choice.is_open).tolist()],
        {network.demands[i]: network.candidates[network.candidate[choice.pair[i]]] for i in served},
    )


def _least_distance(network: Network, p: int | None, fixed: Floats, gap: float, until: float) -> Choice:
    """Return the choice of least fixed costs and total distance, or raise."""
    find = solve_capacitated if network.capacitated else solve_median
    choice = find(network, p, fixed, gap=gap, until=until)
    if choice is None:
        raise NoPlanFound(problem("E912", "--time-limit"))
    if math.isinf(choice.bound):
        _raise_infeasible(network, p, until)
    return choice


def _raise_infeasible(network: Network, p: int | None, until: float) -> None:
    """Say why no p points serve everyone, as far as the time and a second more tell."""
    until = max(until, time.perf_counter() + REASON_SECONDS)
    answer, _ = fewest_points(network.unlimited(), until=_late(until))
    if p is not None and math.isfinite(answer.bound) and answer.bound > p + 1e-6:
        raise Infeasible(problem("E909", "--p", count=p, least=math.ceil(answer.bound - 1e-6)))
    raise Infeasible(problem("E910", "--p"))


def _late(until: float) -> float | None:
    return None if math.isinf(until) else until


def _second(
    whole: Network, near: Network, p: int, gap: float, until: float, first: Choice, bound: float
) -> Choice:
    """Return the least total distance on part of the pairs; the first solution where the time is over."""
    choice = None
    if time.perf_counter() < until:
        nothing = np.zeros(near.m)
        if near.capacitated:
            choice = solve_capacitated(near, p, nothing, gap=gap, until=until)
        else:
            choice = solve_median(near, p, nothing, gap=gap, until=until, known=first.is_open)
    if choice is None or math.isinf(choice.bound):
        return replace(first, bound=bound, second_proven=False)
    total = float(near.cost[choice.pair].sum())
    proven = total - choice.bound <= max(gap, PROVEN) * abs(total)
    return Choice(choice.is_open, places_in(whole, near, choice.pair), bound, proven)


def _centre(network: Network, p: int, gap: float, until: float) -> Choice:
    radius, proven, first = smallest_radius(network, p, until=_late(until))
    if first is None:
        if math.isinf(until) or time.perf_counter() < until:
            _raise_infeasible(network, p, until)
        raise NoPlanFound(problem("E912", "--time-limit"))
    near = network.keep(network.cost <= radius)
    return _second(network, near, p, gap, until, first, proven)


def _set_cover(network: Network, p: int | None, gap: float, until: float) -> Choice:
    answer, first = fewest_points(network, until=_late(until))
    if first is None:
        if answer.stop == "infeasible":
            raise Infeasible(problem("E910", "--limit"))
        raise NoPlanFound(problem("E912", "--time-limit"))
    count = int(first.is_open.sum())
    if p is not None and count > p:
        raise Infeasible(problem("E909", "--p", count=p, least=math.ceil(answer.bound - 1e-6)))
    bound = count if answer.stop == "optimal" else math.ceil(answer.bound - 1e-6)
    return _second(network, network, count, gap, until, first, float(max(1, bound)))


def _max_cover(network: Network, p: int, gap: float, until: float) -> Choice:
    step = grain(network.weight)
    if step and not network.capacitated:
        first = most_covered_by_median(network, p, step, until=until)
    else:
        answer, found = most_covered(network, p, until=_late(until))
        if found is None:
            raise NoPlanFound(problem("E912", "--time-limit"))
        first = replace(found, is_open=filled(network, found.is_open, p), bound=-answer.bound)
    covered = math.fsum(network.weight[first.pair >= 0].tolist())
    bound = max(covered, first.bound)
    if step:
        bound = max(covered, math.floor(bound / step + 1e-6) * step)
    best = replace(first, bound=bound, second_proven=False)
    if step and not network.capacitated and time.perf_counter() < until:
        best = nearest_covered_by_median(network, p, best, step, until=until)
    if not best.second_proven and time.perf_counter() < until:
        answer, second = nearest_covered(network, p, covered, until=_late(until), start=best)
        if second is not None:
            best = replace(second, bound=bound, second_proven=answer.stop == "optimal")
    return best
