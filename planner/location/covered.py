"""Maximal cover without capacities as a p-median: one point more, always open, serves what is covered by none.

Being served by it costs a demand its weight, a pair within the limit costs nothing: the least total is the weight lost.
Then pairs cost weight · distance, and losing weight costs so much a unit that the same weight is lost again.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import numpy as np

from planner.location.cover import filled
from planner.location.location import Choice, grain, total_distance
from planner.location.median import solve_median
from planner.location.network import make_network, nearest
from planner.location.reach import table_of, within_another

if TYPE_CHECKING:
    from planner.location.network import Bools, Floats, Network

LARGEST = 1e8
"""Steps of the objective in its largest value at most: p-median proves sums to a billionth, so whole steps."""
LOWEST, RISE = 2.0, 4
"""The first price of lost weight, in times the limit (below 1, a covered demand would rather be lost); its rise."""
ROUGH = 0.01
"""Gap of a first look: a better solution that loses more weight shows that the price is too low."""


def most_covered_by_median(network: Network, p: int, step: float, *, until: float = math.inf) -> Choice:
    """Return p points that cover the most weight on the pairs of the network; the bound is that of the cover.

    Points whose demands are all among another's are not needed. ``step`` is the grain of the weights.
    """
    lost = np.rint(network.weight / step)
    table = table_of(network)
    needed = network
    if table is not None:
        useful = network.allowed & ~within_another(table.T, network.required | ~network.allowed)
        needed = replace(network.keep(useful[network.candidate]), allowed=useful)
    count = min(p, int(needed.allowed.sum()))
    nothing = np.zeros(len(needed.candidate))
    choice = _solve(_with_outside(needed, nothing, lost), count, until)
    is_open = filled(network, choice.is_open[:-1], p)
    return Choice(is_open, nearest(network, is_open), float(lost.sum() - choice.bound) * step)


def nearest_covered_by_median(
    network: Network, p: int, first: Choice, step: float, *, until: float = math.inf
) -> Choice:
    """Return p points that cover as much weight as the first ones, with the least total distance of the covered.

    Not proven where the numbers do not allow it (distances without a grain, sums too large to be proven to a step) or
    the time was not enough. Any price of lost weight gives a bound, and what is found is the best if it loses no more
    weight than the first points. A low price leaves less between bound and solution, so prices rise from a low one to
    that at which a unit of weight more costs as much as the whole distance of a known solution.
    """
    unit = grain(network.cost)
    lost = np.rint(network.weight / step)
    missed = float(lost[first.pair < 0].sum())
    total = total_distance(network, first.pair)
    if total == 0:
        return replace(first, second_proven=True)
    if not unit:
        return first
    cost = np.rint(network.cost / unit)
    full = math.ceil(total / unit) + 1
    price = min(full, max(1, math.ceil(LOWEST * float(network.distance.max()) * step / unit)))
    is_open = first.is_open
    while missed * price + total / unit <= LARGEST and time.perf_counter() < until:
        problem = _with_outside(network, cost, price * lost)
        for gap in (ROUGH, 0.0):
            choice = _solve(problem, p, until, np.append(is_open, True), gap)
            pair = nearest(network, choice.is_open[:-1])
            if float(lost[pair < 0].sum()) != missed:
                break
            is_open = choice.is_open[:-1]
        else:
            value = float(problem.cost[choice.pair].sum())
            return Choice(is_open, pair, first.bound, second_proven=value - choice.bound < 0.5)
        if price == full:
            break
        price = min(full, RISE * price)
    return Choice(is_open, nearest(network, is_open), first.bound, second_proven=False)


def _with_outside(network: Network, cost: Floats, lost: Floats) -> Network:
    """Return a network with costs for distances and a last candidate, required, that serves all at what they lose."""
    n, m = network.n, network.m
    row = np.concatenate([network.demand, np.arange(n)])
    column = np.concatenate([network.candidate, np.full(n, m)])
    words = np.where(network.required, "required", np.where(network.allowed, "candidate", "excluded"))
    return make_network(
        network.demands,
        [*network.candidates, ""],
        (row, column, np.concatenate([cost, lost])),
        use=[*words.tolist(), "required"],
    )


def _solve(network: Network, p: int, until: float, known: Bools | None = None, gap: float = 0.0) -> Choice:
    """Return the least total with the last point, which serves everyone, and p others open."""
    nothing = np.zeros(network.m)
    return cast("Choice", solve_median(network, p + 1, nothing, until=until, known=known, gap=gap))
