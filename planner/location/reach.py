"""Quick answers to a set cover question: covers by greedy, proofs by packing, rows and columns that say nothing new.

A demand whose candidates include all those of another is served with it; a candidate whose demands are all among
another's is never needed. Dropping both, again and again, leaves the kernel (Toregas and ReVelle 1973). Demands no two
of which share a candidate need a point each: more than p of them prove that p points are not enough.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from planner.location.network import Bools, Ints, Network

MOST_CELLS = 4_000_000
"""Demands × candidates of a table at most."""


def table_of(network: Network) -> Bools | None:
    """Return which demand each candidate serves, shape (n, m); None when the table is too large."""
    if network.n * network.m > MOST_CELLS:
        return None
    table = np.zeros((network.n, network.m), bool)
    table[network.demand, network.candidate] = True
    return table


def kernel(table: Bools, required: Bools) -> tuple[Ints, Ints]:
    """Return the rows and columns of the kernel; required columns stay."""
    rows, columns = np.arange(table.shape[0]), np.arange(table.shape[1])
    while True:
        before = len(rows) + len(columns)
        part = table[np.ix_(rows, columns)]
        rows = rows[~within_another(~part, np.zeros(len(rows), bool))]
        part = table[np.ix_(rows, columns)]
        columns = columns[~within_another(part.T, required[columns])]
        if len(rows) + len(columns) == before:
            return rows, columns


def within_another(sets: Bools, stay: Bools) -> Bools:
    """Return which sets lie within another one; of equal sets the first stays."""
    one = sets.astype(np.float32)
    size = one.sum(axis=1)
    within = (one @ one.T) >= size[:, None] - 0.5
    equal = within & within.T
    earlier = np.tril(np.ones_like(within), -1).astype(bool)
    found: Bools = (within & (~equal | earlier)).any(axis=1) & ~stay
    return found


def cover_by_greedy(table: Bools, required: Bools, p: int) -> Bools | None:
    """Return at most p columns that cover every row, required ones among them, if greedy choice finds them."""
    chosen = required.copy()
    left = ~table[:, required].any(axis=1)
    while left.any():
        gain = table[left].sum(axis=0)
        best = int(np.argmax(gain))
        if gain[best] == 0 or chosen.sum() >= p:
            return None
        chosen[best] = True
        left &= ~table[:, best]
    return chosen


def needs_more(table: Bools, required: Bools, p: int) -> bool:
    """Return whether rows that share no column prove that p columns are not enough."""
    left = np.asarray(~table[:, required].any(axis=1), bool)
    spare = p - int(required.sum())
    size = table.sum(axis=1)
    while left.any():
        if spare == 0:
            return True
        some = np.flatnonzero(left)
        row = some[np.argmin(size[some])]
        left &= ~table[:, table[row]].any(axis=1)
        left[row] = False
        spare -= 1
    return False
