"""Listing of clusters, set partitioning with cuts, and covers: against brute force."""

import itertools

import numpy as np
import pytest

from planner.location.capacitated import solve
from planner.location.capacitated.clusters import clusters_within
from planner.location.cover import smallest_radius
from planner.location.knapsack import Knapsacks
from planner.location.lagrangian import Rules, reduced_costs
from planner.location.locate import locate
from planner.location.reach import cover_by_greedy, kernel, needs_more
from planner.program import Effort
from tests.location.instances import brute_force, osman_christofides, tight, tiny

pytestmark = pytest.mark.solver


@pytest.mark.parametrize("seed", range(5))
def test_all_clusters_within_a_width_are_listed(seed: int) -> None:
    network, p = osman_christofides(9, 3, seed)
    rules = Rules(np.zeros(9), p, network.required, network.allowed)
    knapsacks = Knapsacks(network, rules)
    bound, _ = knapsacks.bound(np.random.default_rng(seed).uniform(10, 60, 9))
    found = clusters_within(network, knapsacks, bound, 25.0, 10_000)
    assert found is not None
    listed = {
        (int(j), tuple(np.flatnonzero(held))) for j, held in zip(found.point, found.holds.T, strict=True)
    }
    opening = np.maximum(0.0, reduced_costs(rules, bound))
    expected = set()
    for j in range(9):
        for number in range(512):
            members = tuple(i for i in range(9) if number >> i & 1)
            rise = knapsacks.cost[list(members), j].sum() - bound.price[list(members)].sum() - bound.worth[j]
            if network.load[list(members)].sum() <= network.capacity[j] and rise + opening[j] <= 25.0:
                expected.add((j, members))
    assert listed == expected
    assert clusters_within(network, knapsacks, bound, 25.0, len(expected) - 1) is None


@pytest.mark.parametrize("seeds", [range(40), pytest.param(range(40, 300), marks=pytest.mark.slow)])
def test_set_partitioning_alone_is_right(monkeypatch: pytest.MonkeyPatch, seeds: range) -> None:
    """Whenever partitioning says that it is done, brute force agrees; the assignment program is not there to mend."""
    monkeypatch.setattr(solve, "close_by_pairs", lambda *_: None)
    monkeypatch.setattr(solve, "assign_to", lambda *_: None)
    monkeypatch.setattr(solve, "_is_tight", lambda *_: True)
    solved = 0
    for seed in seeds:
        network, p, _ = tiny(seed)
        if not network.capacitated or not network.required.sum() <= p <= network.allowed.sum():
            continue
        able = network.load[network.demand] <= network.capacity[network.candidate]
        if not np.bincount(network.demand[able], minlength=network.n).all():
            continue  # the checks of `locate` say so
        free = seed % 2 == 1
        model, count = ("fixed-charge", None) if free else ("capacitated-p-median", p)
        best = brute_force(network, model, count, None)
        fixed = network.fixed_cost if free else np.zeros(network.m)
        choice = solve.solve_capacitated(network, count, fixed)
        if best is None or choice is None or np.any(choice.pair < 0):
            assert choice is None or best is None, seed
            continue
        value = network.cost[choice.pair].sum() + fixed[choice.is_open].sum()
        assert choice.bound <= best[0] + 1e-6, seed
        assert value >= best[0] - 1e-6, seed
        solved += value <= best[0] + 1e-6 and choice.bound >= best[0] - 1e-6
    assert solved > len(seeds) // 5


@pytest.mark.parametrize(
    "share", [pytest.param(0.84, marks=pytest.mark.slow), 0.9, pytest.param(0.96, marks=pytest.mark.slow)]
)
def test_fifty_demands_and_five_points_are_proven_in_seconds(share: float) -> None:
    found = locate(tight(50, 5, 1, share), "capacitated-p-median", 5, None, Effort(time_limit=900))
    assert (found.status, found.gap) == ("optimal", 0.0)


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "share"), [(2, 0.82), (2, 0.86), (2, 0.9), (2, 0.94), (8, 0.95)])
def test_a_hundred_demands_and_ten_points_are_proven(seed: int, share: float) -> None:
    """The last one has a gap of 2.2 % between the knapsack bound and the best solution: it needs branches."""
    found = locate(tight(100, 10, seed, share), "capacitated-p-median", 10, None, Effort(time_limit=900))
    assert (found.status, found.gap) == ("optimal", 0.0)


@pytest.mark.parametrize("seed", range(100))
def test_kernel_greedy_and_packing_against_all_covers(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = rng.random((rng.integers(1, 9), 6)) < 0.4
    required = rng.random(6) < 0.1

    def least(rows: np.ndarray, columns: np.ndarray) -> float:
        for count in range(7):
            for some in itertools.combinations(columns.tolist(), count):
                if required[np.setdiff1d(np.arange(6), some)].any():
                    continue
                if table[np.ix_(rows, np.array(some, int))].any(axis=1).all():
                    return count
        return np.inf

    best = least(np.arange(len(table)), np.arange(6))
    assert least(*kernel(table, required)) == best
    for p in range(int(required.sum()), 7):
        assert not (needs_more(table, required, p) and best <= p)
        cover = cover_by_greedy(table, required, p)
        assert cover is None or (best <= cover.sum() <= p and table[:, cover].any(axis=1).all())


def test_the_smallest_radius_is_proven_without_capacities() -> None:
    network = tight(60, 4, 3, 0.9).unlimited()
    radius, proven, choice = smallest_radius(network, 4)
    assert radius == proven
    assert choice is not None
    assert choice.is_open.sum() == 4
