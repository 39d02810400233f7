"""Cuts on odd sets of demands, for set partitioning.

Add the rows Σ z_q = 1 of an odd number of demands T and halve: as z is whole,

    Σ ⌊|T ∩ S_q| / 2⌋ z_q  ≤  (|T| - 1) / 2.

Three demands are the subset-row cuts of Jepsen, Petersen, Spoorendonk and Pisinger (2008); more of them (Caprara and
Fischetti 1996; Pecin, Pessoa, Poggi and Uchoa 2017) cut off odd cycles of clusters, each of which meets the next, that
triples leave. A cut is violated by as much as  1 - Σ z_q (|T ∩ S_q| mod 2)  is above 0: what it takes is a set that
clusters of little weight meet oddly. Pairs of demands are added, or exchanged, from many sets at a time.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from planner.location.capacitated.clusters import Clusters
    from planner.location.network import Bools, Floats, Ints

    Odd = tuple[int, ...]

AT_ONCE, VIOLATED = 60, 0.04
SAME = 5
"""Cuts with the same demand that are added at once: most of them would say the same."""
GROWTH, STARTS = 3, 8
"""How often pairs are added to a triple, and from how many triples of each demand."""
MOST_TRIPLES = 3_000


def right_side(cut: Odd) -> int:
    """Return what the counts of a cut add up to at most."""
    return len(cut) // 2


def counts(clusters: Clusters, cuts: list[Odd]) -> Ints:
    """Return the coefficients of clusters in cuts, shape (cuts, k)."""
    found = np.zeros((len(cuts), len(clusters)), np.uint8)
    holds = clusters.holds.view(np.uint8)
    for k, cut in enumerate(cuts):
        for i in cut:
            found[k] += holds[i]
        found[k] >>= 1
    return found


def violated_cuts(holds: Bools, value: Floats, known: set[Odd], until: float = math.inf) -> list[Odd]:
    """Return cuts that a solution of the linear program violates, the most violated first.

    Parameters
    ----------
    holds : array of bool, shape (n, k)
        The demands of the clusters that the solution uses in part.
    value : array of float, shape (k,)
    known : set of tuple of int
        Cuts that there are.
    until : float
        Time of `time.perf_counter` after which sets do not grow any more.
    """
    packed = np.packbits(holds, axis=1)
    _, first = np.unique(packed, axis=0, return_index=True)
    rows = np.sort(first)  # of demands that the same clusters hold one is enough
    rows = rows[holds[rows].any(axis=1)]
    if len(rows) < 3:
        return []
    held = holds[rows]
    one, other = np.triu_indices(len(rows), 1)
    pairs = held[one] ^ held[other]
    differ: Floats = np.where(pairs, value.astype(np.float32), np.float32(0))
    found = _triples(held, value, differ, (one, other), rows)
    sets = np.repeat(np.eye(len(rows), dtype=bool), STARTS, axis=1)
    parity = np.repeat(held.T, STARTS, axis=1)
    for grown in range(GROWTH + 1):
        if time.perf_counter() > until:
            break
        weight = value.astype(np.float32) @ parity
        change = differ @ (1.0 - 2.0 * parity.astype(np.float32))
        if grown == 0:
            # From one demand: another pair for each of its starts, the best ones.
            few = min(STARTS, len(one))
            best = np.argpartition(change[:, ::STARTS], few - 1, axis=0)[:few]
            pick = best[np.arange(STARTS) % few].T.ravel()
        else:
            pick = change.argmin(axis=0)
        step = change[pick, np.arange(len(pick))]
        on = np.flatnonzero((step < -1e-6) | (grown == 0))
        sets, parity, pick, weight = sets[:, on], parity[:, on], pick[on], (weight + step)[on]
        every = np.arange(len(on))
        sets[one[pick], every] ^= True
        sets[other[pick], every] ^= True
        parity ^= pairs[pick].T
        for s in np.flatnonzero(weight < 1 - VIOLATED).tolist():
            cut = tuple(rows[sets[:, s]].tolist())
            if len(cut) >= 3:
                found[cut] = float(weight[s])
    return _spread(found, known, len(holds))


def _triples(
    held: Bools, value: Floats, differ: Floats, pairs: tuple[Ints, Ints], rows: Ints
) -> dict[Odd, float]:
    """Return the triples of demands that clusters of little weight meet oddly, with that weight."""
    change = 1.0 + differ @ (1.0 - 2.0 * held.T.astype(np.float32))
    change -= 1.0 - held.astype(np.float32) @ value.astype(
        np.float32
    )  # demands that are served whole add nothing
    change[pairs[0][:, None] <= np.arange(len(rows))[None, :]] = np.inf
    pair, third = np.nonzero(change < 1 - VIOLATED)
    weight = change[pair, third]
    found = {}
    for s in np.argsort(weight, kind="stable")[:MOST_TRIPLES].tolist():
        cut = tuple(rows[[third[s], pairs[0][pair[s]], pairs[1][pair[s]]]].tolist())
        found[cut] = float(weight[s])
    return found


def _spread(found: dict[Odd, float], known: set[Odd], n: int) -> list[Odd]:
    """Return the best of the cuts found that are new, not many on the same demand."""
    fresh: list[Odd] = []
    uses = np.zeros(n, int)
    for _, cut in sorted((weight, cut) for cut, weight in found.items()):
        some = list(cut)
        if cut in known or uses[some].max() >= SAME:
            continue
        fresh.append(cut)
        uses[some] += 1
        if len(fresh) == AT_ONCE:
            break
    return fresh
