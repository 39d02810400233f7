"""Demands, candidates and the pairs that are allowed, as flat arrays (compressed rows)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]
    Ints = NDArray[np.integer[Any]]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Network:
    """A location problem without its question.

    n demands, m candidates, e pairs. The pairs of demand i stand at ``start[i]:start[i + 1]``, nearest first, equal
    distances in the order of the candidates.

    Attributes
    ----------
    demands, candidates : tuple of str
        The ids, in the order of the tables.
    weight, load : array of float, shape (n,)
        ``weight`` multiplies the distance, ``load`` counts against a capacity.
    capacity, fixed_cost : array of float, shape (m,)
        ``inf`` where a candidate has no capacity limit.
    required, allowed : array of bool, shape (m,)
        Points that must be open; points that may be.
    start : array of int, shape (n + 1,)
    candidate : array of int, shape (e,)
    distance : array of float, shape (e,)
    beyond : array of float, shape (n,)
        No allowed pair that is left out is nearer than this; ``inf`` where none is left out.
    """

    demands: tuple[str, ...]
    candidates: tuple[str, ...]
    weight: Floats
    load: Floats
    capacity: Floats
    fixed_cost: Floats
    required: Bools
    allowed: Bools
    start: Ints
    candidate: Ints
    distance: Floats
    beyond: Floats

    @property
    def n(self) -> int:
        """Number of demands."""
        return len(self.demands)

    @property
    def m(self) -> int:
        """Number of candidates, excluded ones too."""
        return len(self.candidates)

    @property
    def capacitated(self) -> bool:
        """Whether some allowed candidate cannot hold the whole load."""
        return bool(np.any(self.capacity[self.allowed] < self.load.sum()))

    @cached_property
    def demand(self) -> Ints:
        """The demand of each pair, shape (e,)."""
        return np.repeat(np.arange(self.n), np.diff(self.start))

    @cached_property
    def cost(self) -> Floats:
        """Weight times distance of each pair, shape (e,)."""
        return self.weight[self.demand] * self.distance

    def keep(self, which: Bools) -> Network:
        """Return the network with some of its pairs only; the others are forbidden."""
        count = np.bincount(self.demand[which], minlength=self.n)
        return replace(
            self,
            start=np.concatenate([[0], np.cumsum(count)]),
            candidate=self.candidate[which],
            distance=self.distance[which],
        )

    def within(self, limit: float) -> Network:
        """Return the network without the pairs farther than a limit.

        Pairs that were left out and may be nearer than the limit stay unknown.
        """
        near = self.keep(self.distance <= limit)
        return replace(near, beyond=np.where(self.beyond > limit, np.inf, self.beyond))

    def unlimited(self) -> Network:
        """Return the network without capacities."""
        return replace(self, capacity=np.full(self.m, np.inf))


def make_network(
    demands: Sequence[str],
    candidates: Sequence[str],
    pairs: tuple[Ints, Ints, Floats],
    *,
    weight: Floats | None = None,
    load: Floats | None = None,
    capacity: Floats | None = None,
    fixed_cost: Floats | None = None,
    use: Sequence[str] | None = None,
) -> Network:
    """Return a network from pairs in any order; pairs with an excluded candidate are left out.

    Parameters
    ----------
    demands, candidates : sequence of str
    pairs : tuple of arrays, each of shape (e,)
        Index of the demand, index of the candidate, distance; each pair once.
    weight, load, capacity, fixed_cost : arrays, optional
        Ones, the weight, no limit and 0 when missing.
    use : sequence of {"required", "candidate", "excluded"}, optional
    """
    n, m = len(demands), len(candidates)
    words = np.array(["candidate"] * m if use is None else list(use), dtype=object)
    allowed = words != "excluded"
    row, column, distance = (np.asarray(part) for part in pairs)
    some = allowed[column]
    row, column, distance = row[some], column[some], distance[some]
    order = np.lexsort((column, distance, row))
    weight = np.ones(n) if weight is None else np.asarray(weight, float)
    return Network(
        tuple(demands),
        tuple(candidates),
        weight,
        weight.copy() if load is None else np.asarray(load, float),
        np.full(m, np.inf) if capacity is None else np.asarray(capacity, float),
        np.zeros(m) if fixed_cost is None else np.asarray(fixed_cost, float),
        words == "required",
        allowed,
        np.concatenate([[0], np.cumsum(np.bincount(row, minlength=n))]).astype(np.int64),
        column[order].astype(np.int64),
        distance[order].astype(float),
        np.full(n, np.inf),
    )


def nearest(network: Network, is_open: Bools) -> Ints:
    """Return the position of the first pair of each demand with an open point; -1 where there is none, shape (n,)."""
    places = np.flatnonzero(is_open[network.candidate])
    first = np.full(network.n, -1)
    demand = network.demand[places][::-1]
    first[demand] = places[::-1]  # the last write stays: the nearest
    return first
