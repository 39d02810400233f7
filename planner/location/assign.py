"""The strong assignment program: who is served by which open point, with capacities and one point a demand.

minimise  Σ cost_e x_e + Σ fixed_j y_j
Σ_e of i  x_e = 1             every demand i  (≤ 1 where serving is a choice)
x_e ≤ y_j                     every pair e with point j  (disaggregated: a far better bound than the sum)
Σ_e at j  load_i x_e ≤ capacity_j y_j       where the capacity is finite
lowest ≤ Σ y ≤ most,  y_j = 1 where required,  x, y binary
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.location.highs import Answer, Program, solve
from planner.location.location import Choice

if TYPE_CHECKING:
    from planner.location.network import Bools, Floats, Ints, Network


@dataclass(frozen=True)
class Question:
    """What to minimise, and how many points.

    Attributes
    ----------
    pair_cost : array of float, shape (e,)
    point_cost : array of float, shape (m,)
    fewest, most : int
        How many points are open.
    everyone : bool
        Whether every demand must be served.
    cover : tuple of (array of float, float), optional
        A value of each demand, shape (n,), and the least sum over the served ones.
    """

    pair_cost: Floats
    point_cost: Floats
    fewest: int
    most: int
    everyone: bool = True
    cover: tuple[Floats, float] | None = None


def solve_assignment(
    network: Network,
    question: Question,
    *,
    until: float | None = None,
    gap: float = 0.0,
    difference: float = 0.0,
    closed: Bools | None = None,
    must_open: Bools | None = None,
    start: Choice | None = None,
) -> tuple[Answer, Choice | None]:
    """Solve the program on the pairs of a network; return the answer and the choice in it, if there is one."""
    upper = network.allowed & ~closed if closed is not None else network.allowed
    lower = network.required if must_open is None else network.required | must_open
    program = Program()
    y = program.add_columns(question.point_cost, lower.astype(float), upper.astype(float), integer=True)
    whole = network.capacitated or question.cover is not None
    x = program.add_columns(question.pair_cost, 0.0, 1.0, integer=whole)
    e = len(network.candidate)
    if network.n:
        lowest = 1.0 if question.everyone else 0.0
        program.add_rows(network.n, [(network.demand, x, 1.0)], lowest, 1.0)
    if e:
        links = np.arange(e)
        program.add_rows(e, [(links, x, 1.0), (links, y[network.candidate], -1.0)], -np.inf, 0.0)
    limited = np.flatnonzero(np.isfinite(network.capacity) & upper)
    if len(limited):
        place = np.full(network.m, -1)
        place[limited] = np.arange(len(limited))
        some = np.flatnonzero(place[network.candidate] >= 0)
        load = (place[network.candidate[some]], x[some], network.load[network.demand[some]])
        room = (np.arange(len(limited)), y[limited], -network.capacity[limited])
        program.add_rows(len(limited), [load, room], -np.inf, 0.0)
    program.add_rows(
        1, [(np.zeros(network.m, np.int64), y, 1.0)], float(question.fewest), float(question.most)
    )
    if question.cover is not None:
        value, least = question.cover
        program.add_rows(1, [(np.zeros(e, np.int64), x, value[network.demand])], least, np.inf)
    begin = None
    if start is not None:
        values = np.zeros(program.columns)
        values[y] = start.is_open
        values[x[start.pair[start.pair >= 0]]] = 1.0
        begin = (np.arange(program.columns), values)
    answer = solve(program, until=until, gap=gap, difference=difference, start=begin)
    if answer.values is None:
        return answer, None
    is_open = answer.values[y] > 0.5
    pair = np.full(network.n, -1)
    chosen = (
        np.flatnonzero(answer.values[x] > 0.5)
        if whole
        else _nearest_chosen(network, is_open, answer.values[x])
    )
    pair[network.demand[chosen]] = chosen
    return answer, Choice(is_open, pair, answer.bound)


def _nearest_chosen(network: Network, is_open: Bools, x: Floats) -> Ints:
    """Return, of every demand served, its nearest pair with an open point (x may be split between equals)."""
    served = np.bincount(network.demand, x, network.n) > 0.5
    places = np.flatnonzero(is_open[network.candidate] & served[network.demand])
    demand = network.demand[places]
    first = np.ones(len(places), bool)
    first[1:] = demand[1:] != demand[:-1]
    return places[first]
