"""The answer to a location problem: what is open, who goes where, and what it is worth, counted from itself."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from planner.location.network import Bools, Floats, Ints, Network

Model = Literal["p-median", "capacitated-p-median", "fixed-charge", "p-centre", "lscp", "mclp"]
MODELS: tuple[Model, ...] = ("p-median", "capacitated-p-median", "fixed-charge", "p-centre", "lscp", "mclp")


@dataclass(frozen=True)
class Choice:
    """Open points and the pair that serves each demand.

    Attributes
    ----------
    is_open : array of bool, shape (m,)
    pair : array of int, shape (n,)
        Position of the pair in the network; -1 for a demand that is not served (mclp only).
    bound : float
        Nothing is better than this (the first objective).
    """

    is_open: Bools
    pair: Ints
    bound: float
    second_proven: bool = True


@dataclass(frozen=True)
class Location:
    """What `locate` gives.

    Attributes
    ----------
    model : str
    status : {"optimal", "feasible"}
        Optimal: both objectives are proven within the gap asked for.
    objective : float
        Of the first objective, summed from the assignment.
    bound : float
        What no solution can beat.
    gap : float
        ``|objective - bound|`` over the objective.
    seconds : float
    open : list of str
        Candidate ids in the order of the table.
    assignment : dict of str to str
        Demand id to candidate id; mclp leaves out demands that are not covered.
    """

    model: str
    status: Literal["optimal", "feasible"]
    objective: float
    bound: float
    gap: float
    seconds: float
    open: list[str]
    assignment: dict[str, str]

    def facts(self) -> dict[str, object]:
        """Return what ``--json`` prints."""
        return {
            "model": self.model,
            "status": self.status,
            "objective": plain(self.objective),
            "bound": plain(self.bound),
            "gap": self.gap,
            "seconds": round(self.seconds, 3),
            "open": self.open,
            "assignment": self.assignment,
        }


def plain(value: float) -> float:
    """Return a whole number as int, so that it is written without ``.0``."""
    return int(value) if math.isfinite(value) and float(value).is_integer() else value


def total_distance(network: Network, pair: Ints) -> float:
    """Return Σ weight · distance over the demands served, rounded once (`math.fsum`)."""
    served = pair[pair >= 0]
    return math.fsum(network.cost[served].tolist())


def total_fixed(network: Network, is_open: Bools) -> float:
    """Return Σ fixed cost of the open points, rounded once."""
    return math.fsum(network.fixed_cost[is_open].tolist())


def objective(network: Network, model: Model, choice: Choice) -> float:
    """Return the first objective of a choice, from the assignment alone."""
    served = choice.pair[choice.pair >= 0]
    if model == "p-centre":
        return float(network.cost[served].max(initial=0.0))
    if model == "lscp":
        return float(np.count_nonzero(choice.is_open))
    if model == "mclp":
        return math.fsum(network.weight[network.demand[served]].tolist())
    if model == "fixed-charge":
        both = [*network.fixed_cost[choice.is_open].tolist(), *network.cost[served].tolist()]
        return math.fsum(both)
    return total_distance(network, choice.pair)


def grain(values: Floats) -> float:
    """Return a number of which every sum of these values is a multiple, 0 when none is found.

    Looks for at most six decimals; used to round a bound up.
    """
    for power in range(7):
        scaled = values * 10.0**power
        whole = np.rint(scaled)
        if np.abs(scaled).max(initial=0.0) > 2.0**53:
            return 0.0
        if np.all(np.abs(scaled - whole) <= 1e-9 * np.maximum(1.0, np.abs(scaled)) * 1e-3):
            divisor = int(np.gcd.reduce(np.abs(whole).astype(np.int64))) if len(whole) else 0
            return divisor / 10.0**power
    return 0.0


def faults(network: Network, choice: Choice, p: int | None) -> list[str]:
    """Return what is wrong with a choice: an independent check of every rule, empty when nothing is."""
    found = []
    served = np.flatnonzero(choice.pair >= 0)
    pair = choice.pair[served]
    point = network.candidate[pair]
    if np.any(network.demand[pair] != served):
        found.append("a pair serves another demand")
    if not np.all(choice.is_open[point]):
        found.append("a closed point serves")
    if np.any(choice.is_open & ~network.allowed) or np.any(network.required & ~choice.is_open):
        found.append("required or excluded points are not obeyed")
    load = np.bincount(point, network.load[served], network.m)
    if np.any(load > network.capacity * (1 + 1e-9) + 1e-9):
        found.append("a capacity is exceeded")
    if p is not None and np.count_nonzero(choice.is_open) != p:
        found.append("the number of points is another")
    return found


def places_in(network: Network, near: Network, pair: Ints) -> Ints:
    """Return the positions of the pairs of a part of a network in the whole: a part keeps the first of each demand."""
    if len(near.candidate) == len(network.candidate):
        return pair
    same = np.empty(len(near.candidate), np.int64)
    keys = network.demand * network.m + network.candidate
    order = np.argsort(keys)
    wanted = near.demand * network.m + near.candidate
    same[:] = order[np.searchsorted(keys, wanted, sorter=order)]
    return np.where(pair >= 0, same[pair], -1)
