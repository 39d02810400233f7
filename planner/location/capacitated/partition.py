"""Set partitioning over listed clusters: a linear program with cuts, then HiGHS on what is left.

minimise Σ cost_q z_q   subject to   Σ z_q over the clusters with demand i = 1,   Σ z_q = p,
Σ z_q over the clusters of point j ≤ 1 (= 1 where it is required),   z binary.

Its linear program is worth as much as the knapsack bound. Cuts on odd sets of demands (`cuts`) lift it far above. All
clusters are listed, so a cut makes no pricing harder. Clusters whose reduced cost passes what a better solution may
cost are dropped (`worst`), the few that stay are an easy integer program.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import numpy as np

from planner.location.capacitated.cuts import counts, right_side, violated_cuts
from planner.location.capacitated.duals import Duals
from planner.location.highs import Linear, Program, solve

if TYPE_CHECKING:
    from planner.location.capacitated.clusters import Clusters
    from planner.location.capacitated.cuts import Odd
    from planner.location.highs import Answer
    from planner.location.lagrangian import Rules
    from planner.location.network import Bools, Floats, Ints

FIRST, MORE = 2_000, 1_000
"""Clusters the linear program begins with, and that are added at once."""
FAT, LEAN = 3_000, 200_000
"""A linear program of more clusters is begun anew when half of all are gone, if no more than so many are left."""
MOST_CUTS = 900
TRIAL = 300
"""Steps of the simplex method for an estimate."""


class Partition:
    """The clusters that can still matter, and the linear program over the best of them.

    Attributes
    ----------
    clusters : Clusters
    cuts : list of tuple of int
        The odd sets of demands that the program is cut by.
    bound : float
        No choice of clusters costs less.
    rise : array of float, shape (k,)
        No choice with cluster q costs less than ``bound`` + rise.
    most : int
        Clusters in a choice at most.
    proof : Duals or None
        The duals that prove the bound; None before there is one.
    """

    def __init__(
        self, clusters: Clusters, rules: Rules, rise: Floats, penalty: float, cuts: list[Odd] | None = None
    ) -> None:
        self.clusters, self.rules, self.rise, self.penalty = clusters, rules, rise, penalty
        self.n = len(clusters.holds)
        self.bound = -math.inf
        self.cuts: list[Odd] = list(cuts or [])
        self.counts = counts(clusters, self.cuts)
        self.solution: Floats = np.zeros(0)
        self.duals: Floats = np.zeros(0)
        points = np.unique(clusters.point)
        self.row_of = np.full(len(rules.fixed), -1)
        self.row_of[points] = self.n + 1 + np.arange(len(points))
        required = rules.required[points].astype(float)
        free = rules.p is None
        p = float(rules.p or 0)
        self.lower = np.concatenate(
            [np.ones(self.n), [-np.inf if free else p], np.where(required, 1.0, -np.inf)]
        )
        self.upper = np.concatenate([np.ones(self.n), [np.inf if free else p], np.ones(len(points))])
        self.extra = len(self.lower)
        self.most = len(points) if rules.p is None else rules.p
        self.proof: Duals | None = None
        self._begin()

    def _begin(self) -> None:
        """Build the linear program over the clusters of least reduced cost."""
        right = np.array([right_side(cut) for cut in self.cuts], float)
        self.model = Linear(
            np.concatenate([self.lower, np.full(len(right), -np.inf)]), np.concatenate([self.upper, right])
        )
        # Columns that serve one demand at a price no better solution pays keep the program feasible.
        every = np.arange(self.extra)
        self.model.add_columns(np.full(self.extra, self.penalty), every, every, np.ones(self.extra))
        self.active: Ints = np.zeros(0, np.int64)
        self._activate(np.argsort(self.rise, kind="stable")[:FIRST])

    def tighten(
        self,
        worst: float,
        until: float,
        *,
        few: int,
        rounds: int,
        small: float,
        idle: int,
        high: float = math.inf,
    ) -> bool:
        """Raise the bound by cuts as far as they pay; drop what costs more than a limit.

        Parameters
        ----------
        worst : float
            What a solution must stay below to be of use.
        until : float
        few : int
            Clusters that need no more cuts.
        rounds : int
            Rounds of cuts at most; they end when ``idle`` in a row close less than a share ``small`` of the gap.
        high : float
            A bound that is high enough.

        Returns
        -------
        bool
            Whether the linear program was solved in time.
        """
        still, lean = 0, 2 * LEAN
        for _ in range(rounds + 1):
            before = self.bound
            if not self._solve(until):
                return False
            self.drop(worst)
            left = int(np.count_nonzero(self.matter(worst)))  # columns of the linear program stay in the list
            if self.bound > min(worst, high) or left <= few or len(self.cuts) >= MOST_CUTS:
                return True
            if math.isfinite(before):
                gap = min(worst, 1.02 * self.bound) - self.bound
                still = still + 1 if self.bound - before < small * gap else 0
            if still >= idle or not self._cut(until):
                return True
            if len(self.active) > FAT and len(self.clusters) < lean / 2:
                self._slim(worst)
                lean = len(self.clusters)
        return True

    def drop(self, worst: float) -> None:
        """Drop clusters that are in no choice worth at most a limit."""
        kept = self.rise <= worst - self.bound
        if kept.all():
            return
        kept_active = kept.copy()
        kept_active[self.active] = True  # of the linear program they stay columns
        if kept_active.sum() > 0.7 * len(kept):
            return
        place = np.cumsum(kept_active) - 1
        self.clusters = self.clusters.keep(kept_active)
        self.counts = self.counts[:, kept_active]
        self.rise = self.rise[kept_active]
        self.active = place[self.active]

    def _slim(self, worst: float) -> None:
        """Begin the linear program anew without cuts that do not bind and clusters that cannot matter."""
        dual = self.duals[self.extra :]
        kept = np.concatenate(
            [dual < -1e-9, np.ones(len(self.cuts) - len(dual), bool)]
        )  # new cuts have no dual yet
        which = self.matter(worst)
        self.cuts = [self.cuts[k] for k in np.flatnonzero(kept).tolist()]
        self.clusters, self.rise = self.clusters.keep(which), self.rise[which]
        self.counts = self.counts[kept][:, which]
        self._begin()

    def part(self, which: Bools) -> Partition:
        """Return the program on some of the clusters, with the cuts that bind in the last linear program."""
        binding = self.duals[len(self.lower) : len(self.lower) + len(self.cuts)] < -1e-9
        cuts = [self.cuts[k] for k in np.flatnonzero(binding).tolist()]
        return Partition(self.clusters.keep(which), self.rules, self.rise[which], self.penalty, cuts)

    def used(self) -> tuple[Ints, Floats]:
        """Return the clusters that the last linear program uses, and how much of each."""
        value = self.solution[self.extra :]
        some = np.flatnonzero(value > 1e-6)
        return self.active[some], value[some]

    def solve_once(self, until: float = math.inf) -> bool:
        """Solve the linear program over its present columns; return whether it was in time."""
        found = self.model.run(until)
        if found is not None:
            self.solution, self.duals = found
        return found is not None

    def try_without(self, gone: Bools, until: float = math.inf) -> float:
        """Return what the linear program over its active clusters is worth without some: an estimate, no bound."""
        return self.model.value_without(self.extra + np.flatnonzero(gone), TRIAL, until)

    def matter(self, worst: float) -> Bools:
        """Say which clusters may be in a choice below a limit, shape (k,)."""
        return np.asarray(self.rise <= worst - self.bound)

    def best_of(self, worst: float, most: int) -> Ints:
        """Return the clusters of least reduced cost, at most so many, of those that matter."""
        some = np.flatnonzero(self.matter(worst))
        return some[np.argsort(self.rise[some], kind="stable")[:most]]

    def choose(
        self, some: Ints, until: float, difference: float, gap: float, best: float
    ) -> tuple[Answer, Ints]:
        """Return the best choice among some clusters; nothing is chosen where none is better than a known solution.

        The cuts stay out: HiGHS is faster without. One column that serves everyone at the cost of the known solution
        stands for it, so that HiGHS gives up early what costs more (not as a start: HiGHS 1.16 goes wrong with it).
        """
        program = Program()
        z = program.add_columns(self.clusters.cost[some], 0.0, 1.0, integer=True)
        row, column, value = self._entries(some, with_cuts=False)
        parts: list[tuple[Ints, Ints, Floats | float]] = [(row, z[column], value)]
        if math.isfinite(best) and self.rules.p is not None:
            (all_in_one,) = program.add_columns(np.array([best]), 0.0, 1.0, integer=True)
            whole = np.flatnonzero(np.isfinite(self.lower))
            parts.append((whole, np.full(len(whole), all_in_one), self.lower[whole]))
        program.add_rows(len(self.lower), parts, self.lower, self.upper)
        late = None if math.isinf(until) else until
        answer = solve(program, until=late, gap=gap, difference=difference)
        if answer.values is None:
            return answer, np.zeros(0, np.int64)
        return answer, some[answer.values[: len(some)] > 0.5]

    def _solve(self, until: float) -> bool:
        """Solve the linear program over all clusters, adding those that pay; return whether it was in time."""
        while True:
            if not self.solve_once(until):
                return False
            duals, rise, bound = self._judge(self.duals)
            if bound > self.bound or self.proof is None:
                self.proof = duals
            if bound > self.bound:
                self.bound, self.rise = bound, rise
            short = np.flatnonzero(rise < -1e-7)
            if not len(short):
                return True
            if time.perf_counter() > until:
                return False
            self._activate(short[np.argsort(rise[short], kind="stable")[:MORE]])

    def _judge(self, found: Floats) -> tuple[Duals, Floats, float]:
        """Return duals, reduced costs and the bound they prove: nothing here rests on the program's precision."""
        own = np.where(np.isinf(self.lower), np.minimum(found[: self.extra], 0.0), found[: self.extra])
        if self.rules.p is None:
            own[self.n] = 0.0
        point = np.where(self.row_of >= 0, own[self.row_of], 0.0)
        right = float(np.where(np.isfinite(self.upper), self.upper, 0.0)[self.n :] @ own[self.n :])
        cut = np.minimum(found[self.extra :], 0.0)
        duals = Duals(own[: self.n], float(own[self.n]), point, list(self.cuts), cut, right)
        rise = duals.rises(self.clusters, self.counts)
        return duals, rise, duals.value + self.most * min(0.0, float(rise.min(initial=0.0)))

    def _entries(self, some: Ints, *, with_cuts: bool = True) -> tuple[Ints, Ints, Floats]:
        """Return row, column and value of the coefficients of some clusters, column by column."""
        members = self.clusters.members[some]
        column, place = np.nonzero(members < self.n)
        every = np.arange(len(some))
        rows = [members[column, place], np.full(len(some), self.n), self.row_of[self.clusters.point[some]]]
        columns, values = [column, every, every], [np.ones(len(column) + 2 * len(some))]
        if with_cuts:
            count = self.counts[:, some]
            cut, held = np.nonzero(count)
            rows.append(len(self.lower) + cut)
            columns.append(held)
            values.append(count[cut, held].astype(float))
        row, where, value = np.concatenate(rows), np.concatenate(columns), np.concatenate(values)
        order = np.argsort(where, kind="stable")
        return row[order], where[order], value[order]

    def _activate(self, some: Ints) -> None:
        """Add clusters to the linear program."""
        row, column, value = self._entries(some)
        self.model.add_columns(
            self.clusters.cost[some], np.searchsorted(column, np.arange(len(some))), row, value
        )
        self.active = np.concatenate([self.active, some])

    def _cut(self, until: float) -> bool:
        """Add the most violated cuts; return whether there were any."""
        some, value = self.used()
        split = value < 1 - 1e-6
        if not split.any():
            return False
        fresh = violated_cuts(self.clusters.holds[:, some[split]], value[split], set(self.cuts), until)
        if not fresh:
            return False
        more = counts(self.clusters, fresh)
        self.cuts += fresh
        self.counts = np.concatenate([self.counts, more])
        row, column = np.nonzero(more[:, self.active])
        self.model.add_rows(
            np.full(len(fresh), -np.inf),
            np.array([right_side(cut) for cut in fresh], float),
            np.searchsorted(row, np.arange(len(fresh))),
            column + self.extra,
            more[:, self.active][row, column].astype(float),
        )
        return True
