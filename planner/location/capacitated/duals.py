"""Duals of set partitioning: what they prove, and what each cluster costs above it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.location.capacitated.cuts import counts, right_side

if TYPE_CHECKING:
    from planner.location.capacitated.clusters import Clusters, Sets
    from planner.location.capacitated.cuts import Odd
    from planner.location.network import Floats, Ints

ROUNDING = 1e-12
"""Of the numbers summed in a bound: more than their sum loses."""


@dataclass(frozen=True)
class Duals:
    """Any numbers for the rows, those of cuts and points that need not be open at most 0.

    Attributes
    ----------
    price : array of float, shape (n,)
    number : float
        Of the number of clusters; 0 where it is free.
    point : array of float, shape (m,)
    cuts : list of tuple of int
    cut : array of float, shape (cuts,)
    right : float
        The right side of the number of clusters and of the points, times their duals.
    """

    price: Floats
    number: float
    point: Floats
    cuts: list[Odd]
    cut: Floats
    right: float

    @property
    def value(self) -> float:
        """What no choice costs less than, where no cluster has a negative reduced cost."""
        worth = self.cut * np.array([right_side(cut) for cut in self.cuts], float)
        size = float(np.abs(self.price).sum() + np.abs(worth).sum() + np.abs(self.right))
        value = float(self.price.sum() + worth.sum() + self.right)
        return value - ROUNDING * size - 1e-10 * abs(value)

    def mixed(self, other: Duals, share: float) -> Duals:
        """Return a mixture of duals without cuts with others, these with a share."""
        rest = 1.0 - share
        return Duals(
            rest * self.price + share * other.price,
            rest * self.number + share * other.number,
            rest * self.point + share * other.point,
            other.cuts,
            share * other.cut,
            rest * self.right + share * other.right,
        )

    def rises(self, clusters: Clusters, held: Ints | None = None) -> Floats:
        """Return the reduced costs of clusters, shape (k,); ``held`` are their coefficients in the cuts, if known."""
        rise = self.rises_without_cuts(clusters)
        for k in np.flatnonzero(self.cut < 0).tolist():
            rise -= self.cut[k] * (counts(clusters, [self.cuts[k]])[0] if held is None else held[k])
        return rise

    def rises_without_cuts(self, clusters: Clusters | Sets) -> Floats:
        """Return what the reduced costs are at least, shape (k,): cuts only raise them."""
        return clusters.cost - clusters.sums(self.price) - self.number - self.point[clusters.point]
