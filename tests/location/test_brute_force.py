"""Every model against trying everything, on hundreds of tiny instances."""

import numpy as np
import pytest

from planner.errors import Infeasible, InputError
from planner.location.locate import locate
from planner.location.location import MODELS
from tests.location.instances import brute_force, tiny

EACH = 60


def second_objective(network, location) -> float:
    pairs = {
        (network.demands[i], network.candidates[j]): network.weight[i] * d
        for i, j, d in zip(network.demand, network.candidate, network.distance, strict=True)
    }
    return float(sum(pairs[pair] for pair in location.assignment.items()))


def check_rules(network, location, model, p, limit) -> None:
    """The answer keeps every rule, counted from ids alone."""
    opened = set(location.open)
    kept = {c for c, must in zip(network.candidates, network.required, strict=True) if must}
    may = {c for c, good in zip(network.candidates, network.allowed, strict=True) if good}
    assert kept <= opened <= may
    if model not in ("lscp", "fixed-charge") or (model == "fixed-charge" and p is not None):
        assert len(opened) == p
    distance = {
        (network.demands[i], network.candidates[j]): d
        for i, j, d in zip(network.demand, network.candidate, network.distance, strict=True)
    }
    used = dict.fromkeys(network.candidates, 0.0)
    for number, demand in enumerate(network.demands):
        if demand not in location.assignment:
            assert model == "mclp"
            continue
        point = location.assignment[demand]
        assert point in opened
        assert limit is None or distance[demand, point] <= limit
        used[point] += network.load[number]
    for point, capacity in zip(network.candidates, network.capacity, strict=True):
        assert used[point] <= capacity + 1e-9


@pytest.mark.solver
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("block", range(3))
def test_the_answer_is_the_best(model: str, block: int) -> None:
    """First and second objective equal the best of all choices; where there is none, the program says so."""
    solved = 0
    for seed in range(block * EACH, (block + 1) * EACH):
        network, p, limit = tiny(seed)
        asked_p = None if model == "lscp" or (model == "fixed-charge" and seed % 2) else p
        asked_limit = limit if model in ("lscp", "mclp") or seed % 4 == 3 else None
        best = brute_force(network, model, asked_p, asked_limit)
        try:
            location = locate(network, model, asked_p, asked_limit)
        except (InputError, Infeasible):
            location = None
        if location is None:
            assert best is None or not network.required.sum() <= p <= network.allowed.sum(), seed
            continue
        assert best is not None, seed
        solved += 1
        sign = -1 if model == "mclp" else 1
        assert location.status == "optimal", seed
        assert location.objective == pytest.approx(sign * best[0], abs=1e-6), seed
        assert location.bound == location.objective
        check_rules(network, location, model, asked_p, asked_limit)
        if model in ("p-centre", "lscp", "mclp"):
            assert second_objective(network, location) == pytest.approx(best[1], abs=1e-6), seed
    assert solved > EACH / 6


@pytest.mark.solver
def test_the_same_answer_twice() -> None:
    for seed in range(20):
        network, p, _ = tiny(seed)
        try:
            first = locate(network, "p-median", p)
        except (InputError, Infeasible):
            continue
        again = locate(network, "p-median", p)
        assert (first.open, first.assignment) == (again.open, again.assignment)
        assert np.isfinite(first.bound)
