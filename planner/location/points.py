"""A network from points on a map: the nearest candidates of every demand, and how far the others are at least."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from planner.location.network import make_network

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planner.location.network import Floats, Network

BLOCK_PAIRS = 4_000_000
"""Pairs that are measured at once: 32 MB of distances; all 10,040 × 10,040 would be 806 MB."""


def network_of_points(
    demands: tuple[Sequence[str], Floats],
    candidates: tuple[Sequence[str], Floats],
    nearest: int,
    *,
    weight: Floats | None = None,
    measure: Callable[[Floats, Floats], Floats] | None = None,
    use: Sequence[str] | None = None,
) -> Network:
    """Return the network of the nearest candidates; ``beyond`` says how near the first one left out is.

    Parameters
    ----------
    demands, candidates : tuple of (ids, array of float, shape (n, 2))
        Metric points.
    nearest : int
        Candidates kept for each demand.
    weight : array of float, shape (n,), optional
    measure : callable, optional
        Distance of every pair of two sets of points, shape (n, m); straight line when missing.
    use : sequence of str, optional
        As in `make_network`.
    """
    measure = measure or straight
    (ids, points), (names, targets) = demands, candidates
    n, m = len(points), len(targets)
    allowed = np.flatnonzero([word != "excluded" for word in use]) if use is not None else np.arange(m)
    k = min(nearest, len(allowed))
    column = np.empty((n, k), np.int64)
    distance = np.empty((n, k))
    beyond = np.full(n, np.inf)
    block = max(1, BLOCK_PAIRS // max(1, len(allowed)))
    for first in range(0, n, block):
        rows = slice(first, min(n, first + block))
        far = np.asarray(measure(points[rows], targets[allowed]), float)
        if k < len(allowed):
            part = np.argpartition(far, k, axis=1)
            beyond[rows] = np.take_along_axis(far, part[:, k : k + 1], axis=1)[:, 0]
            part = part[:, :k]
        else:
            part = np.broadcast_to(np.arange(k), far.shape)
        column[rows] = allowed[part]
        distance[rows] = np.take_along_axis(far, part, axis=1)
    pairs = (np.repeat(np.arange(n), k), column.ravel(), distance.ravel())
    return replace(make_network(ids, names, pairs, weight=weight, use=use), beyond=beyond)


def straight(origins: Floats, targets: Floats) -> Floats:
    """Return the straight-line distance of every pair, shape (n, m)."""
    return np.hypot(origins[:, None, 0] - targets[None, :, 0], origins[:, None, 1] - targets[None, :, 1])
