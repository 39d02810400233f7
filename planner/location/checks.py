"""Questions that cannot be answered, told before any search: every reason at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.errors import Infeasible, InputError
from planner.location.location import MODELS, plain
from planner.wording import problem

if TYPE_CHECKING:
    from planner.errors import Problem
    from planner.location.network import Network

NEEDS_P = ("p-median", "capacitated-p-median", "p-centre", "mclp")
NEEDS_LIMIT = ("lscp", "mclp")
MOST_NAMED = 100


def check_question(network: Network, model: str, p: int | None, limit: float | None) -> None:
    """Raise when a question has no answer for a reason that can be named.

    Raises
    ------
    InputError
        The model is unknown, or lacks p or limit (E907, E908); p passes the candidates or falls short of the required
        ones (E902, E903); a demand fits into no candidate of its own (E904, E905); the p largest capacities are too
        small in all (E906).
    Infeasible
        A demand has no candidate within the limit (E911).
    """
    problems = [*_options(model, p, limit)]
    if problems:
        raise InputError(problems)
    problems += _count(network, p)
    if model != "mclp":
        problems += _capacities(network, model, p)
    if problems:
        raise InputError(problems)
    if limit is not None and model != "mclp":
        far = np.flatnonzero(np.diff(network.within(limit).start) == 0)
        if len(far):
            names = tuple(network.demands[row] for row in far[:MOST_NAMED])
            found = problem("E911", "--limit", count=len(far), found=names, limit=plain(limit))
            raise Infeasible(found)


def _options(model: str, p: int | None, limit: float | None) -> list[Problem]:
    found = []
    if model not in MODELS:
        found.append(problem("E908", "--model", found=model, allowed=MODELS))
    if model in NEEDS_P and p is None:
        found.append(problem("E907", "--p", model=model, option="--p"))
    if model in NEEDS_LIMIT and limit is None:
        found.append(problem("E907", "--limit", model=model, option="--limit"))
    if p is not None and p < 1:
        found.append(problem("E908", "--p", found=p, allowed=("1 …",)))
    if limit is not None and not 0 <= limit < np.inf:
        found.append(problem("E908", "--limit", found=limit, allowed=("0 …",)))
    return found


def _count(network: Network, p: int | None) -> list[Problem]:
    found = []
    allowed, required = int(network.allowed.sum()), int(network.required.sum())
    if p is not None and p > allowed:
        found.append(problem("E902", "--p", found=p, count=allowed))
    if p is not None and p < required:
        found.append(problem("E903", "--p", found=p, count=required))
    return found


def _capacities(network: Network, model: str, p: int | None) -> list[Problem]:
    found = []
    alone = np.flatnonzero(np.diff(network.start) == 0)
    found += [
        problem("E904", network.demands[row], found=network.demands[row], table="distances.csv")
        for row in alone[:MOST_NAMED].tolist()
    ]
    capacity = network.capacity[network.candidate]
    largest = np.zeros(network.n)
    np.maximum.at(largest, network.demand, capacity)
    misfit = (network.load > largest) & (np.diff(network.start) > 0)
    for row in np.flatnonzero(misfit)[:MOST_NAMED].tolist():
        name = network.demands[row]
        found.append(
            problem(
                "E905",
                name,
                found=name,
                load=plain(float(network.load[row])),
                capacity=plain(float(largest[row])),
            )
        )
    ranked = np.sort(network.capacity[network.allowed & ~network.required])[::-1]
    kept = network.capacity[network.required]
    count = len(ranked) + len(kept) if p is None else p
    room = float(kept.sum() + ranked[: max(0, count - len(kept))].sum())
    load = float(network.load.sum())
    if load > room * (1 + 1e-12):
        found.append(
            problem("E906", "--p", load=plain(round(load, 6)), count=count, capacity=plain(round(room, 6)))
        )
    return found
