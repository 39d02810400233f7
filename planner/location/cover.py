"""Points by reach: fewest that cover all (lscp), most weight covered (mclp), least farthest (p-centre)."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import numpy as np

from planner.location.assign import Question, solve_assignment
from planner.location.highs import Answer, Program, solve
from planner.location.location import Choice, grain, places_in
from planner.location.network import nearest
from planner.location.reach import MOST_CELLS, cover_by_greedy, kernel, needs_more, table_of

if TYPE_CHECKING:
    from planner.location.network import Bools, Floats, Ints, Network


def fewest_points(
    network: Network, *, at_most: int | None = None, until: float | None = None
) -> tuple[Answer, Choice | None]:
    """Return the fewest points that serve every demand, on the pairs of the network.

    Set cover without capacities, the assignment program with them. ``at_most`` only asks whether so many are enough:
    the search stops at the first such cover.
    """
    most = network.m if at_most is None else at_most
    if network.capacitated:
        cost = np.ones(network.m) if at_most is None else np.zeros(network.m)
        ask = Question(np.zeros(len(network.candidate)), cost, 0, most)
        return solve_assignment(network, ask, until=until, difference=0.999)
    table = table_of(network)
    if table is None:
        rows, useful = _distinct_rows(network), network.allowed
    else:
        if at_most is not None:
            if needs_more(table, network.required, at_most):
                return Answer("infeasible", None, math.inf), None
            found = cover_by_greedy(table, network.required, at_most)
            if found is not None:
                return Answer("optimal", None, 0.0), Choice(found, nearest(network, found), 0.0)
        rows, columns = kernel(table, network.required)
        useful = np.zeros(network.m, bool)
        useful[columns] = True
        useful &= network.allowed
    program = Program()
    y = program.add_columns(
        np.ones(network.m) if at_most is None else np.zeros(network.m),
        network.required.astype(float),
        useful.astype(float),
        integer=True,
    )
    number = np.full(network.n, -1)
    number[rows] = np.arange(len(rows))
    some = np.flatnonzero((number[network.demand] >= 0) & useful[network.candidate])
    program.add_rows(
        len(rows), [(number[network.demand[some]], y[network.candidate[some]], 1.0)], 1.0, np.inf
    )
    program.add_rows(1, [(np.zeros(network.m, np.int64), y, 1.0)], 0.0, float(most))
    answer = solve(program, until=until, difference=0.999)
    if answer.values is None:
        return answer, None
    is_open = answer.values[y] > 0.5
    return answer, Choice(is_open, nearest(network, is_open), answer.bound)


def _distinct_rows(network: Network) -> Ints:
    """Return one demand of each set of candidates: equal sets make equal rows."""
    seen: dict[bytes, int] = {}
    for row in range(network.n):
        key = np.sort(network.candidate[network.start[row] : network.start[row + 1]]).tobytes()
        seen.setdefault(key, row)
    return np.array(sorted(seen.values()), np.int64)


def most_covered(network: Network, p: int, *, until: float | None = None) -> tuple[Answer, Choice | None]:
    """Return p points that cover the most weight, on the pairs of the network; the bound is that of the cover.

    maximise Σ weight u  with  u_i ≤ Σ y of its candidates,  Σ y = p; with capacities the assignment program.
    """
    step = grain(network.weight)
    difference = 0.999 * step
    if network.capacitated:
        ask = Question(-network.weight[network.demand], np.zeros(network.m), p, p, everyone=False)
        answer, choice = solve_assignment(network, ask, until=until, difference=difference)
        return answer, choice
    program = Program()
    y = program.add_columns(
        np.zeros(network.m), network.required.astype(float), network.allowed.astype(float), integer=True
    )
    u = program.add_columns(-network.weight, 0.0, 1.0, integer=False)
    program.add_rows(
        network.n,
        [(np.arange(network.n), u, 1.0), (network.demand, y[network.candidate], -1.0)],
        -np.inf,
        0.0,
    )
    program.add_rows(1, [(np.zeros(network.m, np.int64), y, 1.0)], float(p), float(p))
    answer = solve(program, until=until, difference=difference)
    if answer.values is None:
        return answer, None
    is_open = answer.values[y] > 0.5
    return answer, Choice(is_open, nearest(network, is_open), answer.bound)


def nearest_covered(
    network: Network, p: int, covered: float, *, until: float | None = None, start: Choice | None = None
) -> tuple[Answer, Choice | None]:
    """Return p points with the least total distance of those that cover at least so much weight."""
    step = grain(network.weight)
    least = covered - step / 2 if step else covered * (1 - 1e-9)
    ask = Question(network.cost, np.zeros(network.m), p, p, everyone=False, cover=(network.weight, least))
    answer, choice = solve_assignment(
        network, ask, until=until, difference=0.999 * grain(network.cost), start=start
    )
    if choice is not None and not network.capacitated:
        choice = Choice(choice.is_open, nearest(network, choice.is_open), choice.bound)
    return answer, choice


def smallest_radius(
    network: Network, p: int, *, until: float | None = None
) -> tuple[float, float, Choice | None]:
    """Return the least radius that p points reach, what is proven of it, and points that do.

    Bisection over the distinct values of weight · distance between two bounds: every demand's nearest candidate below,
    the best solution so far above; each step asks whether p points cover every demand within the radius.
    """
    reach = network.cost
    values = np.unique(reach)
    first = reach[network.start[:-1]].max(initial=0.0)
    if network.required.sum() == p:
        first = values[0] if len(values) else 0.0
    low = int(np.searchsorted(values, first))
    high = len(values) - 1
    best: Choice | None = None
    if not network.capacitated:
        low, above = _quick_bounds(network, values, p, low, high, until)
        if above is not None:
            best = Choice(filled(network, above, p), nearest(network, filled(network, above, p)), 0.0)
            high = int(np.searchsorted(values, reach[best.pair].max(initial=0.0))) - 1
    while low <= high and (best is None or not _late(until)):
        middle = (low + high) // 2
        near = network.keep(reach <= values[middle])
        if np.any(np.diff(near.start) == 0):
            low = middle + 1
            continue
        answer, choice = fewest_points(near, at_most=p, until=until)
        if choice is not None:
            places = places_in(network, near, choice.pair)
            best = Choice(filled(network, choice.is_open, p), places, 0.0)
            high = int(np.searchsorted(values, reach[places].max(initial=0.0))) - 1
        elif answer.stop == "infeasible":
            low = middle + 1
        else:
            break
    proven = float(values[min(low, len(values) - 1)]) if len(values) else 0.0
    radius = float(reach[best.pair].max(initial=0.0)) if best is not None else math.inf
    return radius, min(proven, radius), best


def _quick_bounds(
    network: Network, values: Floats, p: int, low: int, high: int, until: float | None
) -> tuple[int, Bools | None]:
    """Return the first radius that packing does not rule out, and points for the least radius greedy choice reaches.

    Both questions cost milliseconds; programs are then left the radii between the two. When the time is over it ends
    with the first points found.
    """
    found: Bools | None = None
    if network.n * network.m > MOST_CELLS:
        return low, found
    first, last = low, high
    while first <= last and (found is None or not _late(until)):
        middle = (first + last) // 2
        table = table_of(network.keep(network.cost <= values[middle]))
        if table is None:
            break
        if needs_more(table, network.required, p):
            low = max(low, middle + 1)
            first = middle + 1
            continue
        cover = cover_by_greedy(table, network.required, p)
        if cover is None:
            first = middle + 1
        else:
            found, last = cover, middle - 1
    return low, found


def _late(until: float | None) -> bool:
    return until is not None and time.perf_counter() > until


def filled(network: Network, is_open: Bools, p: int) -> Bools:
    """Open further points, first those earliest in the table, until p are."""
    more = p - int(is_open.sum())
    opened: Bools = is_open.copy()
    opened[np.flatnonzero(network.allowed & ~is_open)[: max(0, more)]] = True
    return opened
