"""Least total distance without capacities (p-median), or with fixed costs: bound, solution, proof.

1. A greedy solution, made better by exchanges (`interchange`).
2. A Lagrangian bound L with prices λ (`lagrangian`); its relaxed solutions, made better by exchanges, are solutions.
3. What can still matter: let a solution be worth at most L + w. Opening a point whose reduced cost passes w, closing a
   chosen one whose saving passes w, or serving i at a cost above λ_i + w (plus the reduced cost of the point) would
   pass it. What is left goes to HiGHS in the form of Cornuéjols, Nemhauser and Wolsey (1980; Elloumi 2010): z_ik = 1 if
   demand i has no open point among its k cheapest distinct costs D_i1 < D_i2 < …,

       minimise Σ D_i1 + Σ (D_i,k+1 - D_ik) z_ik,   z_i,k-1 ≤ z_ik + Σ y_j over the points at cost D_ik,   Σ y = p.

   Its optimum v proves min(v, L + w); w grows until that meets the best solution. No pair, point or demand is ever
   dropped for another reason, and pairs that the network leaves out are covered as long as λ_i + w stays below their
   least cost.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from planner.location.cover import fewest_points, filled
from planner.location.highs import Program, solve
from planner.location.interchange import greedy, improve, pairs_of, two_nearest, value_of
from planner.location.lagrangian import Bound, Prices, Rules, ascend, fixed_points, reduced_costs
from planner.location.location import Choice, grain
from planner.location.network import make_network, nearest

if TYPE_CHECKING:
    from planner.location.interchange import Pairs
    from planner.location.network import Bools, Floats, Ints, Network

STEPS = 1500
TRY_EVERY = 3.0
"""How much shorter the steps have become when the next relaxed solution is made better."""
ELITE, COMBINED, COMBINE_SECONDS = 6, 120_000, 10.0
"""Solutions that are combined; pairs of the program that does it; how long that may take."""
ROUNDING = 1e-9
"""Relative: what sums of floats and the solver's tolerance may be off by."""


REGION_DEMANDS, REGION_POINTS, REGION_VISITS, REGION_SECONDS = 900, 14, 4, 5.0
"""Of a region that is solved anew: its demands and points at most; visits of a point on average; time of one."""


@dataclass
class Search:
    """The state of one search: best solution and best bound.

    Attributes
    ----------
    best : float
        Cost of the best solution, ``inf`` while some demand is not served.
    is_open : array of bool, shape (m,)
    bound : float
    step : float
        Every solution's cost is a multiple of this (0: unknown).
    gap : float
        Relative gap at which the search may stop.
    until : float
    """

    best: float
    is_open: Bools
    bound: float
    step: float
    gap: float
    until: float

    def offer(self, value: float, is_open: Bools) -> None:
        """Keep a solution if it is better."""
        if value < self.best:
            self.best, self.is_open = value, is_open

    def raise_bound(self, bound: float) -> None:
        """Keep a bound if it is better; round it up to the grain of the costs."""
        if self.step and math.isfinite(bound) and self.step > 4 * ROUNDING * abs(bound):
            bound = math.ceil(bound / self.step - 1e-3) * self.step
        self.bound = max(self.bound, bound)

    def done(self) -> bool:
        """Return whether the gap is closed."""
        if not math.isfinite(self.best):
            return self.bound == math.inf
        return self.best - self.bound <= max(self.gap, ROUNDING) * abs(self.best)

    def late(self) -> bool:
        """Return whether the time is over."""
        return time.perf_counter() > self.until


def solve_median(
    network: Network,
    p: int | None,
    fixed: Floats,
    *,
    gap: float = 0.0,
    until: float = math.inf,
    start: Bools | None = None,
) -> Choice | None:
    """Return points of least fixed cost and total distance; None when no solution was found.

    Parameters
    ----------
    network : Network
        Capacities are not looked at.
    p : int or None
        How many points are open; None for as many as pay.
    fixed : array of float, shape (m,)
    gap : float
        Relative gap at which the search may stop.
    until : float
        Time of `time.perf_counter` at which to stop.
    start : array of bool, shape (m,), optional
        Points that are open in a solution to begin with, instead of a greedy one.
    """
    pairs = pairs_of(network)
    rules = Rules(fixed, p, network.required, network.allowed)
    most = np.full(network.n, np.inf)
    short = np.isfinite(network.beyond)
    most[short] = network.weight[short] * network.beyond[short]
    state = Search(math.inf, network.required, -math.inf, _step(network, fixed), gap, until)
    ends = pairs.cost[network.start[1:] - 1]
    whole = short | (np.diff(network.start) == int(network.allowed.sum()))
    opened = start
    if opened is None:
        opened = greedy(pairs, fixed, rules.required, rules.allowed, p, np.where(whole, ends, pairs.big))
    _try(pairs, rules, opened, state)
    if not math.isfinite(state.best) and not _reach_everyone(network, pairs, rules, state):
        return Choice(state.is_open, np.full(network.n, -1), math.inf) if state.bound == math.inf else None
    bound = _price(pairs, rules, most, state)
    state.raise_bound(_less(bound.value))
    if start is None:
        _rework(network, pairs, rules, state)
    _close(pairs, rules, bound, most, state)
    return Choice(state.is_open, nearest(network, state.is_open), min(state.bound, state.best))


def _reach_everyone(network: Network, pairs: Pairs, rules: Rules, state: Search) -> bool:
    """Offer a solution that serves everyone, made from the fewest points that do; False when p are not enough."""
    most = int(rules.allowed.sum()) if rules.p is None else rules.p
    late = None if math.isinf(state.until) else state.until
    answer, choice = fewest_points(network.unlimited(), at_most=most, until=late)
    if choice is None:
        if answer.stop == "infeasible":
            state.bound = math.inf
        return False
    _try(pairs, rules, choice.is_open if rules.p is None else filled(network, choice.is_open, most), state)
    return math.isfinite(state.best)


def _step(network: Network, fixed: Floats) -> float:
    return grain(np.concatenate([network.cost, fixed[network.allowed]]))


def _less(value: float) -> float:
    """Return a bound less what floats may be off by."""
    return value - 1e-12 * abs(value)


def _try(pairs: Pairs, rules: Rules, is_open: Bools, state: Search) -> Bools:
    """Make a solution better by exchanges, offer it and return it."""
    better = improve(
        pairs, rules.fixed, is_open, rules.required, rules.allowed, count_fixed=rules.p is not None
    )
    _, cost, _, _ = two_nearest(pairs, better)
    if not np.any(cost == pairs.big):
        state.offer(float(cost.sum() + rules.fixed[better].sum()), better)
    return better


def _price(pairs: Pairs, rules: Rules, most: Floats, state: Search) -> Bound:
    """Return the Lagrangian bound; relaxed solutions on the way are made better by exchanges, then combined."""
    _, cost_one, _, cost_two = two_nearest(pairs, state.is_open)
    ends = pairs.cost[pairs.start[1:] - 1]
    price = (np.minimum(cost_one, ends) + np.minimum(cost_two, ends)) / 2
    found = [state.is_open]
    next_try = [0.1]

    def stop(bound: Bound, length: float) -> float | None:
        state.raise_bound(_less(bound.value))
        if state.done() or state.late():
            return None
        if length < next_try[0]:
            next_try[0] = length / TRY_EVERY
            found.append(_try(pairs, rules, bound.chosen, state))
            if len(found) > 2 and not state.done():
                _combine(pairs, rules, found, bound, most, state)
        return state.best

    return ascend(Prices(pairs, rules), price, most, state.best, steps=STEPS, stop=stop)


def _combine(
    pairs: Pairs, rules: Rules, found: list[Bools], bound: Bound, most: Floats, state: Search
) -> None:
    """Offer the best solution among the points that some solutions open.

    What all of them open stays open. Of the pairs only those are kept that a better solution can use.
    """
    some = [*found[-ELITE:], state.is_open]
    part = _what_matters(pairs, rules, bound, most, state.best - bound.value)
    must = np.logical_and.reduce(some) | part.must
    may = np.logical_or.reduce(some) | part.must
    part = replace(part, must=must, may=may, use=part.use & may[pairs.column])
    if np.count_nonzero(part.use) > COMBINED:
        return
    until = min(state.until, time.perf_counter() + COMBINE_SECONDS)
    value, opened, _ = _program(pairs, rules, part, replace(state, until=until, gap=min(state.gap, 1e-5)))
    if opened is not None and value < state.best:
        found.append(_try(pairs, rules, opened, state))


def _rework(network: Network, pairs: Pairs, rules: Rules, state: Search) -> None:
    """Solve the problem anew region by region, each a point and its neighbours, until no region gets better.

    A region is a p-median of its own with the points around it open (POPMUSIC: Taillard 2003).
    """
    if rules.p is None or network.n < REGION_DEMANDS:
        return
    size = int(np.clip(REGION_DEMANDS * rules.p / network.n, 4, REGION_POINTS))
    if rules.p < 3 * size:
        return
    waiting = dict.fromkeys(np.flatnonzero(state.is_open).tolist())
    visits = REGION_VISITS * rules.p // size
    while waiting and visits and not state.done() and not state.late():
        visits -= 1
        seed = next(iter(waiting))
        one, _, two, _ = two_nearest(pairs, state.is_open)
        region = _neighbours(one, two, seed, size)
        found = _region_anew(network, pairs, rules, state, region, one)
        for point in region.tolist():
            waiting.pop(point, None)
        if found is not None and (value := value_of(pairs, rules.fixed, found)) < state.best * (1 - 1e-12):
            new = np.flatnonzero(found & ~state.is_open).tolist()
            state.offer(value, found)
            waiting.update(dict.fromkeys(new))


def _neighbours(one: Ints, two: Ints, seed: int, size: int) -> Ints:
    """Return an open point and those that most often come second to the points found so far, shape (size,)."""
    region = [seed]
    while len(region) < size:
        inside_one, inside_two = np.isin(one, region), np.isin(two, region)
        next_to = np.concatenate([two[inside_one & ~inside_two], one[inside_two & ~inside_one]])
        next_to = next_to[next_to >= 0]
        if not len(next_to):
            break
        region.append(int(np.argmax(np.bincount(next_to))))
    return np.array(region)


def _region_anew(
    network: Network, pairs: Pairs, rules: Rules, state: Search, region: Ints, one: Ints
) -> Bools | None:
    """Return all open points after the region's demands were given their best points; None if nothing was found."""
    inside = np.zeros(pairs.m, bool)
    inside[region] = True
    rows = np.flatnonzero(inside[one] & (one >= 0))
    around = state.is_open & ~inside
    _, outer, _, _ = two_nearest(pairs, around)
    in_rows = np.zeros(pairs.n, bool)
    in_rows[rows] = True
    use = in_rows[pairs.row] & (pairs.cost <= outer[pairs.row]) & rules.allowed[pairs.column]
    places = np.flatnonzero(use)
    points = np.unique(pairs.column[places])
    renumber, line = np.full(pairs.m, -1), np.full(pairs.n, -1)
    renumber[points], line[rows] = np.arange(len(points)), np.arange(len(rows))
    part = replace(
        make_network(
            [network.demands[i] for i in rows],
            [network.candidates[j] for j in points],
            (line[pairs.row[places]], renumber[pairs.column[places]], network.distance[places]),
            weight=network.weight[rows],
        ),
        required=(rules.required | around)[points],
        beyond=np.where(outer[rows] < pairs.big, np.inf, network.beyond[rows]),
    )
    count = int(np.count_nonzero(state.is_open[points]))
    until = min(state.until, time.perf_counter() + REGION_SECONDS)
    choice = solve_median(
        part, count, rules.fixed[points], gap=1e-5, until=until, start=state.is_open[points]
    )
    if choice is None:
        return None
    found = state.is_open.copy()
    found[points] = choice.is_open
    return found


def _close(pairs: Pairs, rules: Rules, bound: Bound, most: Floats, state: Search) -> None:
    """Close the gap by programs on what can still matter, wider from round to round."""
    spread = abs(bound.value) + 1.0
    needed = state.best * (1 - state.gap) - bound.value
    wide = max(1e-5 * spread, 1.02 * needed if state.gap else needed / 8)
    while not state.done() and not state.late():
        if wide < math.inf:  # what costs half a step less than the best costs a whole step less
            wide = min(wide, max(state.best - 0.5 * state.step - bound.value, 0.0)) * (1 + 1e-9) + 1e-9
        part = _with_best(pairs, _what_matters(pairs, rules, bound, most, wide), state)
        value, opened, proven = _program(pairs, rules, part, state)
        if opened is not None and value < state.best:
            _try(pairs, rules, opened, state)
        state.raise_bound(_less(min(proven, bound.value + wide)))
        if math.isinf(wide):
            break
        whole = wide >= state.best - 0.5 * state.step - bound.value
        wide = math.inf if whole else 4 * wide


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


def _what_matters(pairs: Pairs, rules: Rules, bound: Bound, most: Floats, wide: float) -> Part:
    """Return the part that holds every solution worth at most bound + wide."""
    must, may = fixed_points(rules, bound, wide)
    extra = np.maximum(0.0, reduced_costs(rules, bound))
    use = may[pairs.column] & (pairs.cost - bound.price[pairs.row] + extra[pairs.column] <= wide)
    elsewhere = np.where(most - bound.price <= wide, most, np.inf)
    return Part(must, may, use, elsewhere, bound.value + wide)


def _with_best(pairs: Pairs, part: Part, state: Search) -> Part:
    """Return a part with the best solution in it: with a solution to begin with, a program stops at its proof."""
    places = np.flatnonzero(state.is_open[pairs.column])
    row = pairs.row[places]
    first = np.ones(len(row), bool)
    first[1:] = row[1:] != row[:-1]
    use = part.use.copy()
    use[places[first]] = True
    return replace(part, must=part.must & state.is_open, may=part.may | state.is_open, use=use)


def _program(pairs: Pairs, rules: Rules, part: Part, state: Search) -> tuple[float, Bools | None, float]:
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
