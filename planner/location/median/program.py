"""The part of a problem that can still matter, as an integer program.

Let a solution be worth at most L + w, with L the bound and λ the prices of `lagrangian`. Opening a point whose reduced
cost passes w, closing a chosen one whose saving passes w, or serving i at a cost above λ_i + w (plus the reduced cost
of the point) would pass it. What is left goes to HiGHS in the form of Cornuéjols, Nemhauser and Wolsey (1980; Elloumi
2010): z_ik = 1 if demand i has no open point among its k cheapest distinct costs D_i1 < D_i2 < …,

    minimise Σ D_i1 + Σ (D_i,k+1 - D_ik) z_ik,   z_i,k-1 ≤ z_ik + Σ y_j over the points at cost D_ik,   Σ y = p.

Its optimum v proves min(v, L + w). No pair, point or demand is ever dropped for another reason, and pairs that the
network leaves out are covered as long as λ_i + w stays below their least cost.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from planner.location.highs import Program, solve
from planner.location.interchange import two_nearest
from planner.location.lagrangian import fixed_points, reduced_costs

if TYPE_CHECKING:
    from planner.location.interchange import Pairs
    from planner.location.lagrangian import Bound, Rules
    from planner.location.median.search import Search
    from planner.location.network import Bools, Floats, Ints


@dataclass(frozen=True)
class Part:
    """The part of a problem that a program looks at.

    Attributes
    ----------
    must, may : array of bool, shape (m,)
        Points that are open; points that may be.
    use : array of bool, shape (e,)
        Pairs that may serve.
    elsewhere : array of float, shape (n,)
        Least cost of being served by a pair that the network leaves out.
    worst : float
        Solutions that cost more need not be found.
    """

    must: Bools
    may: Bools
    use: Bools
    elsewhere: Floats
    worst: float


def what_matters(pairs: Pairs, rules: Rules, bound: Bound, most: Floats, wide: float) -> Part:
    """Return the part that holds every solution worth at most bound + wide."""
    must, may = fixed_points(rules, bound, wide)
    extra = np.maximum(0.0, reduced_costs(rules, bound))
    use = may[pairs.column] & (pairs.cost - bound.price[pairs.row] + extra[pairs.column] <= wide)
    elsewhere = np.where(most - bound.price <= wide, most, np.inf)
    return Part(must, may, use, elsewhere, bound.value + wide)


def with_best(pairs: Pairs, part: Part, state: Search) -> Part:
    """Return a part with the best solution in it: with a solution to begin with, a program stops at its proof."""
    places = np.flatnonzero(state.is_open[pairs.column])
    row = pairs.row[places]
    first = np.ones(len(row), bool)
    first[1:] = row[1:] != row[:-1]
    use = part.use.copy()
    use[places[first]] = True
    return replace(part, must=part.must & state.is_open, may=part.may | state.is_open, use=use)


def solve_part(pairs: Pairs, rules: Rules, part: Part, state: Search) -> tuple[float, Bools | None, float]:
    """Return cost and points of the best solution within a part, and the least that any solution in it costs."""
    must, may = part.must, part.may
    row, column, cost, sure = _useful_pairs(pairs, part)
    if len(np.unique(row)) < pairs.n:
        return math.inf, None, math.inf
    level = np.ones(len(row), bool)
    level[1:] = (row[1:] != row[:-1]) | (cost[1:] != cost[:-1])
    number = np.cumsum(level) - 1  # the level of each pair
    level_row, level_cost = row[level], cost[level]
    head = np.ones(len(level_row), bool)
    head[1:] = level_row[1:] != level_row[:-1]
    last = np.append(head[1:], True)
    points = np.union1d(np.unique(column), np.flatnonzero(must))
    place = np.full(pairs.m, -1)
    place[points] = np.arange(len(points))
    unit = max(1.0, float(level_cost.max(initial=0.0)) / 1e4)
    program = Program()
    y = program.add_columns(rules.fixed[points] / unit, must[points].astype(float), 1.0, integer=True)
    # Not served by the last level: by what the network leaves out, where that is allowed.
    after = np.append(level_cost[1:], 0.0)
    after[last] = part.elsewhere[level_row[last]]
    inner = np.flatnonzero(np.isfinite(after) & ~(last & (level_cost == sure[level_row])))
    z_place = np.full(len(level_row), -1)
    z = program.add_columns((after - level_cost)[inner] / unit, 0.0, 1.0, integer=False)
    z_place[inner] = z
    kept = np.flatnonzero(~(last & (level_cost == sure[level_row])))  # else a point is surely open there
    row_number = np.full(len(level_row), -1)
    row_number[kept] = np.arange(len(kept))
    own = kept[z_place[kept] >= 0]
    behind = kept[~head[kept]]
    opened = np.flatnonzero(row_number[number] >= 0)
    program.add_rows(
        len(kept),
        [
            (row_number[own], z_place[own], 1.0),
            (row_number[behind], z_place[behind - 1], -1.0),
            (row_number[number[opened]], y[place[column[opened]]], 1.0),
        ],
        head[kept].astype(float),
        np.inf,
    )
    if rules.p is not None:
        others = int(np.count_nonzero(may)) - len(points)
        total = [(np.zeros(len(points), np.int64), y, 1.0)]
        program.add_rows(1, list(total), float(max(0, rules.p - others)), float(rules.p))
    base = float(level_cost[head].sum())
    start = None
    if np.isfinite(state.best) and np.all(place[np.flatnonzero(state.is_open)] >= 0):
        start = (y, state.is_open[points].astype(float))
    difference = max(0.99 * state.step, 0.98 * state.gap * abs(state.best), 1e-10 * abs(base))
    answer = solve(
        program,
        until=None if math.isinf(state.until) else state.until,
        difference=difference / unit,
        start=start,
    )
    if answer.stop == "infeasible":
        return math.inf, None, math.inf
    proven = answer.bound * unit + base - 1e-9 * abs(base)
    if answer.values is None:
        return math.inf, None, proven
    is_open = np.zeros(pairs.m, bool)
    is_open[points] = answer.values[y] > 0.5
    if rules.p is not None:
        spare = np.flatnonzero(may & ~is_open)
        is_open[spare[: max(0, rules.p - int(is_open.sum()))]] = True
    _, served, _, _ = two_nearest(pairs, is_open)
    if rules.p is not None and is_open.sum() != rules.p:
        return math.inf, None, proven
    if np.any(served == pairs.big):  # by what the network leaves out: exchanges may mend it
        return -math.inf, is_open, proven
    value = math.fsum(served.tolist()) + math.fsum(rules.fixed[is_open].tolist())
    if answer.stop == "optimal" and difference <= 1e-9 * abs(value) and np.all(np.isinf(part.elsewhere)):
        proven = max(proven, value * (1 - 1e-10))
    return value, is_open, proven


def _useful_pairs(pairs: Pairs, part: Part) -> tuple[Ints, Ints, Floats, Floats]:
    """Return demand, candidate and cost of the pairs of a part; behind a point that must be open nothing matters.

    The last value, shape (n,), is the cost at the first such point, ``inf`` where there is none.
    """
    places = np.flatnonzero(part.use)
    row, column, cost = pairs.row[places], pairs.column[places], pairs.cost[places]
    sure = np.full(pairs.n, np.inf)
    np.minimum.at(sure, row[part.must[column]], cost[part.must[column]])
    some = cost <= sure[row]
    return row[some], column[some], cost[some], sure
