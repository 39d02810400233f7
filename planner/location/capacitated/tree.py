"""Branch on pairs of demands where the clusters left are too many for one program.

Two demands are in the same cluster, or they are not (Ryan and Foster 1981; it does not matter which of several points
near each other holds the cluster). Each branch keeps the clusters that agree with it, raises its bound by cuts, drops
what costs too much, until HiGHS can solve the rest. All clusters are listed, so no branch makes a pricing harder.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from planner.location.capacitated.partition import Partition
    from planner.location.network import Ints

LEAF = 2_500
"""Clusters that HiGHS chooses from at once."""
LOOKS = 8
"""Pairs that are tried before one is taken."""
ROUNDS, SMALL = 8, 0.03
"""Rounds of cuts in a branch, and the share of the gap that three of them must close."""


class Goal(Protocol):
    """What the search is for: it knows the best solution and takes better ones."""

    def worst(self) -> float:
        """Return what a solution must stay below to be better."""

    def choose(self, part: Partition, some: Ints) -> float:
        """Offer the best choice of some clusters of a part; return a bound on all choices of them."""


def branch(root: Partition, goal: Goal, until: float) -> float:
    """Search below a partition that is solved; return a bound on every choice of its clusters.

    What is dropped on the way costs more than ``goal.worst()`` allows, so the bound is at most that.
    """
    stack = [root]
    least = math.inf
    while stack:
        node = stack.pop()
        in_time = time.perf_counter() <= until
        if in_time and node is not root:
            in_time = node.tighten(goal.worst(), until, few=LEAF, rounds=ROUNDS, small=SMALL, idle=3)
        if not in_time:  # its bound is valid, but nothing says where to branch
            return min([least, node.bound, *(other.bound for other in stack)])
        worst = goal.worst()
        least = min(least, worst)
        some = np.flatnonzero(node.matter(worst))
        if node.bound > worst or not len(some):
            continue
        pair = _pair(node, worst, until) if len(some) > LEAF else None
        if pair is None:
            least = min(least, max(node.bound, goal.choose(node, some)))
            continue
        one, other = node.clusters.holds[list(pair)]
        matter = node.matter(worst)
        sides = [node.part(matter & ~(one & other)), node.part(matter & (one == other))]
        for side in sides:
            side.bound = node.bound  # until its own is known
        stack += sides
    return least


def _pair(node: Partition, worst: float, until: float) -> tuple[int, int] | None:
    """Return the pair of demands whose two branches both raise the bound most, None where none is split.

    When the time is over it is the pair that is split most evenly.
    """
    used, value = node.used()
    holds = node.clusters.holds[:, used]
    held = holds.astype(np.float64)
    together = np.triu((held * value) @ held.T, 1)
    split = np.minimum(together, 1.0 - together)
    order = np.argsort(-split, axis=None, kind="stable")[:LOOKS]
    candidates = [divmod(int(k), len(holds)) for k in order.tolist() if split.flat[k] > 1e-4]
    if not candidates:
        return None
    trial = node.part(node.matter(worst))
    if not trial.solve_once(until):
        return candidates[0]
    active = trial.clusters.holds[:, trial.active]
    best, best_pair = -math.inf, candidates[0]
    for one, other in candidates:
        rises = [
            min(trial.try_without(gone, until), worst) - node.bound
            for gone in (active[one] & active[other], active[one] ^ active[other])
        ]
        score = max(rises[0], 1e-3) * max(rises[1], 1e-3)
        if score > best:
            best, best_pair = score, (one, other)
    return best_pair
