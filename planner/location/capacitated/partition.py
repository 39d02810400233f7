"""Set partitioning over listed clusters: a linear program with cuts, then HiGHS on what is left.

minimise Σ cost_q z_q   subject to   Σ z_q over the clusters with demand i = 1,   Σ z_q = p,
Σ z_q over the clusters of point j ≤ 1 (= 1 where it is required),   z binary.

Its linear program is worth as much as the knapsack bound. Subset-row cuts (Jepsen, Petersen, Spoorendonk and Pisinger
2008) lift it far above: of any three demands, at most one cluster in the solution holds two or more. All clusters are
listed, so a cut makes no pricing harder. Clusters whose reduced cost passes what a better solution may cost are
dropped (`worst`), the few that stay are an easy integer program.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import numpy as np

from planner.location.highs import Linear, Program, solve

if TYPE_CHECKING:
    from planner.location.capacitated.clusters import Clusters
    from planner.location.highs import Answer
    from planner.location.lagrangian import Rules
    from planner.location.network import Floats, Ints

FIRST, MORE = 2_000, 1_000
"""Clusters the linear program begins with, and that are added at once."""
CUTS_AT_ONCE, VIOLATED = 60, 0.02
MOST_CUTS = 900
ROUNDS, SMALL_PROGRESS = 60, 0.004
"""Rounds of cuts; they end when three in a row close less than this share of the gap."""
FEW = 1_500
"""Clusters that need no more cuts."""


class Partition:
    """The clusters that can still matter, and the linear program over the best of them.

    Attributes
    ----------
    clusters : Clusters
    bound : float
        No choice of clusters costs less.
    rise : array of float, shape (k,)
        No choice with cluster q costs less than ``bound`` + rise.
    """

    def __init__(self, clusters: Clusters, rules: Rules, rise: Floats, penalty: float) -> None:
        self.clusters, self.rules, self.rise = clusters, rules, rise
        self.n = len(clusters.holds)
        self.bound = -math.inf
        self.cuts: list[tuple[int, int, int]] = []
        self.holds_two = np.zeros((0, len(clusters)), bool)
        self.solution: Floats = np.zeros(0)
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
        # Columns that serve one demand at a price no better solution pays keep the program feasible.
        self.model = Linear(self.lower, self.upper)
        every = np.arange(self.n + 1)
        self.model.add_columns(np.full(self.n + 1, penalty), every, every, np.ones(self.n + 1))
        self.model.add_columns(
            np.full(len(points), penalty),
            np.arange(len(points)),
            self.n + 1 + np.arange(len(points)),
            np.ones(len(points)),
        )
        self.extra = self.n + 1 + len(points)
        self.active: Ints = np.zeros(0, np.int64)
        self._activate(np.argsort(rise, kind="stable")[:FIRST])

    def tighten(self, worst: float, until: float) -> None:
        """Raise the bound by cuts as far as they pay; drop what costs more than a limit."""
        idle = 0
        for _ in range(ROUNDS):
            before = self.bound
            if not self._solve(until):
                return
            self.drop(worst)
            if self.bound > worst or len(self.clusters) <= FEW or len(self.cuts) >= MOST_CUTS:
                return
            if math.isfinite(before):
                small = self.bound - before < SMALL_PROGRESS * (min(worst, 1.02 * self.bound) - self.bound)
                idle = idle + 1 if small else 0
            if idle >= 3 or not self._cut():
                return

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
        self.holds_two = self.holds_two[:, kept_active]
        self.rise = self.rise[kept_active]
        self.active = place[self.active]

    def best_of(self, worst: float, most: int) -> Ints:
        """Return the clusters of least reduced cost, at most so many, that may be in a choice below a limit."""
        some = np.flatnonzero(self.rise <= worst - self.bound)
        return some[np.argsort(self.rise[some], kind="stable")[:most]]

    def choose(self, some: Ints, until: float, difference: float, gap: float) -> tuple[Answer, Ints]:
        """Return the best choice among some clusters."""
        program = Program()
        z = program.add_columns(self.clusters.cost[some], 0.0, 1.0, integer=True)
        row, column, value = self._entries(some)
        rows = len(self.lower)
        count = rows + len(self.cuts)
        upper = np.concatenate([self.upper, np.ones(len(self.cuts))])
        lower = np.concatenate([self.lower, np.full(len(self.cuts), -np.inf)])
        program.add_rows(count, [(row, z[column], value)], lower, upper)
        answer = solve(program, until=None if math.isinf(until) else until, gap=gap, difference=difference)
        chosen = np.zeros(0, np.int64) if answer.values is None else some[answer.values > 0.5]
        return answer, chosen

    def _solve(self, until: float) -> bool:
        """Solve the linear program over all clusters, adding those that pay; return whether it was in time."""
        while True:
            self.solution, duals = self.model.run()
            rise, bound = self._judge(duals)
            if bound > self.bound:
                self.bound, self.rise = bound, rise
            short = np.flatnonzero(rise < -1e-7)
            if not len(short):
                return True
            if time.perf_counter() > until:
                return False
            self._activate(short[np.argsort(rise[short], kind="stable")[:MORE]])

    def _judge(self, duals: Floats) -> tuple[Floats, float]:
        """Return reduced costs and the bound that any duals prove: nothing here rests on the program's precision."""
        rows, clusters = len(self.lower), self.clusters
        own = np.concatenate([duals[:rows], duals[rows:]])
        own = np.where(
            np.isinf(np.append(self.lower, np.full(len(self.cuts), -np.inf))), np.minimum(own, 0.0), own
        )
        if self.rules.p is None:
            own[self.n] = 0.0
        rise = clusters.cost - clusters.sums(own[: self.n]) - own[self.n] - own[self.row_of[clusters.point]]
        for k in np.flatnonzero(own[rows:] < 0).tolist():
            rise -= own[rows + k] * self.holds_two[k]
        right = np.where(np.isfinite(self.upper), self.upper, 0.0)
        value = float(right @ own[:rows] + own[rows:].sum())
        most = self.rules.p if self.rules.p is not None else len(self.lower) - self.n - 1
        under = min(0.0, float(rise.min(initial=0.0)))
        return rise, value + under * most - 1e-10 * abs(value)

    def _entries(self, some: Ints) -> tuple[Ints, Ints, Floats]:
        """Return row, column and value of the coefficients of some clusters, column by column."""
        members = self.clusters.members[some]
        column, place = np.nonzero(members < self.n)
        every = np.arange(len(some))
        cut, held = np.nonzero(self.holds_two[:, some])
        row = np.concatenate(
            [
                members[column, place],
                np.full(len(some), self.n),
                self.row_of[self.clusters.point[some]],
                len(self.lower) + cut,
            ]
        )
        columns = np.concatenate([column, every, every, held])
        order = np.argsort(columns, kind="stable")
        return row[order], columns[order], np.ones(len(row))

    def _activate(self, some: Ints) -> None:
        """Add clusters to the linear program."""
        row, column, value = self._entries(some)
        self.model.add_columns(
            self.clusters.cost[some], np.searchsorted(column, np.arange(len(some))), row, value
        )
        self.active = np.concatenate([self.active, some])

    def _cut(self) -> bool:
        """Add the most violated cuts; return whether there were any."""
        z = self.solution[self.extra :]
        used = np.flatnonzero((z > 1e-6) & (z < 1 - 1e-6))
        if not len(used):
            return False
        weight = z[used]
        holds = self.clusters.holds[:, self.active[used]].astype(float)
        rows = np.flatnonzero(holds.sum(axis=1))
        holds = holds[rows]
        pair = (holds * weight) @ holds.T
        triples, excess = [], []
        for a in range(len(rows) - 2):
            own = holds[a] > 0
            part = holds[a + 1 :][:, own]
            three = (part * weight[own]) @ part.T
            over = pair[a, a + 1 :, None] + pair[a, None, a + 1 :] + pair[a + 1 :, a + 1 :] - 2 * three - 1
            b, c = np.nonzero(np.triu(over > VIOLATED, 1))
            triples.append(np.column_stack([np.full(len(b), a), b + a + 1, c + a + 1]))
            excess.append(over[b, c])
        if not triples:
            return False
        found, by = rows[np.concatenate(triples)], np.concatenate(excess)
        known = set(self.cuts)
        fresh: list[tuple[int, int, int]] = []
        uses = np.zeros(self.n, int)
        for k in np.argsort(-by, kind="stable").tolist():
            a, b, c = found[k].tolist()
            # Not many cuts on the same demand at once: most of them would say the same.
            if (a, b, c) in known or max(uses[a], uses[b], uses[c]) >= 5:
                continue
            fresh.append((a, b, c))
            uses[[a, b, c]] += 1
            if len(fresh) == CUTS_AT_ONCE:
                break
        if not fresh:
            return False
        holds_all = self.clusters.holds.view(np.uint8)
        two = np.array([holds_all[a] + holds_all[b] + holds_all[c] >= 2 for a, b, c in fresh])
        self.cuts += fresh
        self.holds_two = np.concatenate([self.holds_two, two])
        row, column = np.nonzero(two[:, self.active])
        self.model.add_rows(
            np.full(len(fresh), -np.inf),
            np.ones(len(fresh)),
            np.searchsorted(row, np.arange(len(fresh))),
            column + self.extra,
            np.ones(len(row)),
        )
        return True
