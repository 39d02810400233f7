"""The linear program over every cluster that can matter, also where they are too many to keep at once.

Then a narrower list comes first. Cuts on it give duals at which most clusters cost too much; with these the wide list
is gone through, point after point, and only what may still matter is kept. But a cluster that was not in the narrow
list may have a negative reduced cost r at these duals. It has a large one, s, at the prices of the Lagrangian bound,
where none is negative: at a mixture, t parts of the duals and 1 - t of the prices, its reduced cost is t r + (1 - t) s.
The bound of the mixture is the same mixture of both bounds, so a t near 1 loses little; the list itself says which t
leaves nothing negative.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from planner.location.capacitated.clusters import clusters_within
from planner.location.capacitated.duals import Duals
from planner.location.capacitated.partition import Partition
from planner.location.lagrangian import reduced_costs

if TYPE_CHECKING:
    from planner.location.capacitated.clusters import Clusters, Sets
    from planner.location.capacitated.cuts import Odd
    from planner.location.capacitated.search import Search
    from planner.location.knapsack import Knapsacks
    from planner.location.lagrangian import Bound, Rules

MOST_KEPT = 100_000_000
"""Clusters × demands that are kept at most: 100 MB, and about as much for the numbers of the members."""
MOST_SEEN = 1_500_000_000
"""Clusters × demands that are gone through at most, about half a minute."""
NARROWER = 0.75
NARROWEST = 0.002
"""Of the bound: a narrower list is of no use."""
ROUNDS, SMALL = 15, 0.03
"""Rounds of cuts on the narrow list; they end when two in a row raise the bound by less than this share of 2 %."""
REST = 0.35
"""Of the width: what the cuts on the narrow list leave to close before the wide list is gone through."""
SHARE = 0.85
"""The first t."""
MARGIN = 0.03
"""Of the width: what reduced costs below 0 may come to together."""


def every_cluster(
    knapsacks: Knapsacks, bound: Bound, wide: float, state: Search, *, sift: bool
) -> Partition | None:
    """Return the program over all clusters within a width; None where they are too many, or the time is over.

    Where they may be sifted, those that are in no better choice than the one known are missing.
    """
    penalty = abs(bound.value) + wide + 1.0
    most = MOST_KEPT // max(1, state.network.n)
    narrow = wide
    while True:
        clusters = clusters_within(state.network, knapsacks, bound, narrow, most, until=state.until)
        if clusters is not None:
            break
        narrow *= NARROWER
        if not sift or state.late() or narrow < NARROWEST * abs(bound.value):
            return None
    prices = lagrangian_duals(knapsacks.rules, bound)
    part = Partition(clusters, knapsacks.rules, prices.rises(clusters), penalty)
    if narrow == wide:
        return part
    if not len(clusters):
        return None
    high = state.worst() - REST * wide
    # Nothing is dropped here: what is gone has no say in the duals.
    part.tighten(math.inf, state.until, few=0, rounds=ROUNDS, small=SMALL, idle=2, high=high)
    if part.proof is None:
        return None
    share = SHARE
    for _ in range(2):
        if state.late():
            return None
        sieve = Sieve(prices, part.proof, share, state.worst(), MARGIN * wide / part.most, part.most, part.n)
        kept = clusters_within(
            state.network, knapsacks, bound, wide, MOST_SEEN // state.network.n, sieve.sift, until=state.until
        )
        if kept is None or len(kept) * state.network.n > MOST_KEPT:
            return None
        if -sieve.lowest <= sieve.slack * (1 + 1e-6):
            duals = sieve.duals
            whole = Partition(kept, knapsacks.rules, duals.rises(kept), penalty, duals.cuts)
            whole.bound = duals.value + part.most * sieve.lowest
            return whole
        share = sieve.largest_share
    return None


class Sieve:
    """What a mixture of duals says of clusters.

    Attributes
    ----------
    duals : Duals
        The mixture.
    lowest : float
        The least reduced cost met, at most 0.
    slack : float
        A reduced cost may be as far below 0.
    largest_share : float
        Up to this share of the second duals none of the clusters met is farther below 0.
    """

    def __init__(
        self, first: Duals, second: Duals, share: float, worst: float, slack: float, most: int, n: int
    ) -> None:
        self.n = n
        self.first, self.second, self.share, self.slack = first, second, share, slack
        self.duals = first.mixed(second, share)
        # The other clusters of a choice may lie below 0 by the slack each.
        self.limit = max(0.0, worst - self.duals.value + most * slack)
        self.lowest, self.largest_share = 0.0, 1.0

    def sift(self, sets: Sets) -> Clusters:
        """Return the clusters that may be in a choice below the limit."""
        one = np.maximum(self.first.rises_without_cuts(sets), 0.0)
        other = self.second.rises_without_cuts(sets)
        some = ((1 - self.share) * one + self.share * other <= self.limit) | (other < -self.slack)
        clusters, one = sets.keep(some).listed(self.n), one[some]
        other = self.second.rises(clusters)
        under = other < -self.slack
        ratio = (one[under] + self.slack) / (one[under] - other[under])
        self.largest_share = min(self.largest_share, float(ratio.min(initial=1.0)))
        rise = (1 - self.share) * one + self.share * other
        self.lowest = min(self.lowest, float(rise.min(initial=0.0)))
        return clusters.keep(rise <= self.limit)


def lagrangian_duals(rules: Rules, bound: Bound) -> Duals:
    """Return the duals of set partitioning that prices of the Lagrangian bound are: no cluster lies below 0."""
    opening = np.maximum(0.0, reduced_costs(rules, bound))
    price_of_point = bound.worth - opening  # a cluster earns at most its point's worth
    nothing: list[Odd] = []
    return Duals(
        bound.price, 0.0, price_of_point, nothing, np.zeros(0), bound.value - float(bound.price.sum())
    )
