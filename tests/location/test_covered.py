"""Second objectives of p-centre, set cover and maximal cover: against brute force and PuLP, and large graphs proven."""

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from planner.errors import Infeasible, InputError
from planner.location import covered
from planner.location.forms import form, value_of_form
from planner.location.locate import locate
from planner.location.location import Choice
from planner.location.median import branching, solve
from planner.location.network import Network, make_network, nearest
from planner.location.reach import within_another
from planner.program import Effort
from tests.location.instances import or_library_graph
from tests.location.test_brute_force import check_rules, second_objective
from tests.location.test_methods import scattered

pytestmark = pytest.mark.solver

MODELS = ("p-centre", "lscp", "mclp")


def small(seed: int) -> tuple[Network, int, float]:
    """Up to 12 demands and 8 candidates: zeros, ties, missing pairs, required and excluded points, fractions."""
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(1, 13)), int(rng.integers(1, 9))
    distance = rng.integers(0, rng.choice([3, 12]), (n, m)) / float(rng.choice([1, 1, 4, 10]))
    if seed % 7 == 0:
        distance = distance * np.pi  # no grain
    there = rng.random((n, m)) < rng.choice([1.0, 0.8, 0.5])
    weight = rng.choice([np.ones(n), rng.integers(0, 6, n), np.round(rng.random(n) * 5, 2)])
    use = rng.choice(["required", "candidate", "excluded"], m, p=[0.1, 0.8, 0.1])
    i, j = np.nonzero(there)
    ids = ([f"d{k}" for k in range(n)], [f"c{k}" for k in range(m)])
    network = make_network(*ids, (i, j, distance[i, j]), weight=weight.astype(float), use=list(use))
    return network, int(rng.integers(1, m + 1)), float(np.quantile(distance, rng.random()))


def best_of_all(network: Network, model: str, p: int, limit: float | None) -> tuple[float, float] | None:
    """The best (first, second) objective over every choice of points; None when there is none."""
    best: tuple[float, float] | None = None
    near = network if limit is None else network.within(limit)
    cost = np.full((near.n, near.m), np.inf)
    cost[near.demand, near.candidate] = near.cost
    kept, free = np.flatnonzero(near.required), np.flatnonzero(near.allowed & ~near.required)
    for count in range(len(free) + 1):
        opened = count + len(kept)
        if opened == 0 or (model != "lscp" and opened != p):
            continue
        for some in itertools.combinations(free.tolist(), count):
            least = cost[:, [*kept, *some]].min(axis=1)
            served = np.isfinite(least)
            if model != "mclp" and not served.all():
                continue
            first = {
                "p-centre": least.max(initial=0.0),
                "lscp": opened,
                "mclp": -near.weight[served].sum(),
            }
            value = (round(float(first[model]), 9), round(float(least[served].sum()), 9))
            best = value if best is None else min(best, value)
    return best


def check(network: Network, model: str, p: int, limit: float | None, seed: int) -> bool:
    """Hold one answer against all choices; return whether there was one."""
    asked = None if model == "lscp" else p
    best = best_of_all(network, model, p, limit)
    try:
        found = locate(network, model, asked, limit)
    except (InputError, Infeasible):
        assert best is None or not network.required.sum() <= p <= network.allowed.sum(), seed
        return False
    assert best is not None, seed
    assert found.status == "optimal", seed
    assert found.objective == pytest.approx(-best[0] if model == "mclp" else best[0], abs=1e-6), seed
    assert found.bound == found.objective, seed
    check_rules(network, found, model, asked, limit)
    assert second_objective(network, found) == pytest.approx(best[1], abs=1e-6), seed
    return True


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("tree", [False, True])
def test_both_objectives_are_the_best(model: str, tree: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the tree closes the gap or the programs do."""
    if tree:
        monkeypatch.setattr(solve, "TREE_PAIRS", -1)
    solved = 0
    for seed in range(1000 * tree, 1000 * tree + 120):
        network, p, limit = small(seed)
        solved += check(network, model, p, None if model == "p-centre" and seed % 3 else limit, seed)
    assert solved > 20


@pytest.mark.parametrize(("lowest", "rise", "largest"), [(1.0, 2, 1e8), (1.0, 2, 300.0), (2.0, 4, 0.0)])
def test_whatever_lost_weight_costs_the_same_is_found(
    lowest: float, rise: int, largest: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prices that are too low are raised; where sums would be too large, the program of pairs goes on."""
    for name, value in (("LOWEST", lowest), ("RISE", rise), ("LARGEST", largest)):
        monkeypatch.setattr(covered, name, value)
    solved = sum(check(*small(seed)[:1], "mclp", *small(seed)[1:], seed) for seed in range(2000, 2060))
    assert solved > 20


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("model", MODELS)
def test_the_second_objective_is_that_of_the_form(model: str, seed: int, tmp_path: Path) -> None:
    network = scattered(30, 12, seed, density=0.8)
    if seed == 2:
        network = replace(network, weight=network.weight / 8)
    p, limit = (None, 500.0) if model == "lscp" else (4, None if model == "p-centre" else 330.0)
    found = locate(network, model, p, limit)
    assert found.status == "optimal"
    near = network if limit is None else network.within(limit)
    if model == "p-centre":
        near = network.keep(network.cost <= found.objective)
    program = form(near, "mclp" if model == "mclp" else "p-median", len(found.open))
    x = [variable for variable in program.variables() if variable.name.startswith("x_")]
    if model == "mclp":
        weight = near.weight[near.demand].tolist()
        program += sum(w * v for w, v in zip(weight, x, strict=True)) >= found.objective - 1e-6, "covered"
        program.setObjective(sum(c * v for c, v in zip(near.cost.tolist(), x, strict=True)))
    expected = value_of_form(program, tmp_path / "log")
    assert second_objective(network, found) == pytest.approx(expected, rel=1e-7)


def test_points_are_given_up_only_where_no_p_reach_everyone() -> None:
    rng = np.random.default_rng(5)
    refused = 0
    for _ in range(400):
        k, n = int(rng.integers(1, 7)), int(rng.integers(1, 9))
        reach = rng.random((k, n)) < rng.choice([0.3, 0.6])
        required = rng.random(k) < 0.2
        p = None if rng.random() < 0.2 else int(rng.integers(1, k + 1))
        covers = [
            some
            for count in range(k + 1)
            for some in itertools.combinations(range(k), count)
            if (p is None or count <= p)
            and set(np.flatnonzero(required)) <= set(some)
            and reach[list(some)].any(axis=0).all()
        ]
        kept = required.copy()
        if branching._can_reach_all(reach, kept, p):
            assert all(set(np.flatnonzero(kept)) <= set(some) for some in covers)
        else:
            refused += 1
            assert not covers
    assert refused > 50


def test_of_points_that_say_the_same_one_is_kept() -> None:
    sets = np.array([[1, 1, 0], [1, 0, 0], [1, 1, 0], [0, 0, 1]], bool)
    assert within_another(sets, np.zeros(4, bool)).tolist() == [False, True, True, False]
    assert within_another(sets, np.array([False, True, False, False])).tolist() == [False, False, True, False]


def test_a_cover_that_costs_nothing_needs_no_search() -> None:
    network = make_network(["a", "b"], ["x", "y"], (np.array([0, 1]), np.array([0, 1]), np.zeros(2)))
    is_open = np.array([True, True])
    first = Choice(is_open, nearest(network, is_open), 2.0, second_proven=False)
    assert covered.nearest_covered_by_median(network, 2, first, 1.0).second_proven


@pytest.mark.parametrize("model", MODELS)
def test_a_time_limit_leaves_a_valid_first_bound(model: str) -> None:
    network, _ = or_library_graph(150, 6, 3)
    asked = (None, 40.0) if model == "lscp" else (6, 25.0 if model == "mclp" else None)
    best = locate(network, model, *asked)
    assert best.status == "optimal"
    for seconds in (0.05, 0.2):
        hasty = locate(network, model, *asked, Effort(time_limit=seconds))
        if model == "mclp":
            assert hasty.objective <= best.objective <= hasty.bound
        else:
            assert hasty.bound <= best.objective <= hasty.objective


@pytest.mark.slow
@pytest.mark.parametrize(
    ("n", "p", "model", "limit", "first", "second"),
    [
        (400, 5, "p-centre", None, 46, 9655),
        (400, 5, "mclp", 32.0, 348, 6913),
        (400, 40, "p-centre", None, 27, 4932),
        (900, 90, "p-centre", None, 13, 5123),
    ],
)
def test_graphs_are_proven_in_both_objectives(
    n: int, p: int, model: str, limit: float | None, first: float, second: float
) -> None:
    network, _ = or_library_graph(n, p, n + p)
    found = locate(network, model, p, limit, Effort(time_limit=900))
    assert (found.status, found.objective, found.gap) == ("optimal", first, 0.0)
    assert second_objective(network, found) == second
