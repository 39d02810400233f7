"""The fast methods against the PuLP forms on medium instances, and what must hold whatever the numbers are."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from planner.location.forms import form, value_of_form
from planner.location.interchange import greedy, improve, pairs_of, two_nearest, value_of
from planner.location.knapsack import Knapsacks
from planner.location.lagrangian import Prices, Rules
from planner.location.locate import locate
from planner.location.location import MODELS, grain
from planner.location.network import make_network
from planner.location.points import network_of_points, straight
from planner.program import Effort
from tests.location.instances import holmberg, or_library_graph, osman_christofides

pytestmark = pytest.mark.solver


def scattered(n: int, m: int, seed: int, *, capacity: float | None = None, density: float = 1.0):
    """Points in a square with random weights, some required and excluded."""
    rng = np.random.default_rng(seed)
    far = np.rint(1000 * straight(rng.random((n, 2)), rng.random((m, 2))))
    i, j = np.nonzero(rng.random((n, m)) < density)
    use = ["required", "excluded", *["candidate"] * (m - 2)]
    load = rng.integers(1, 10, n).astype(float)
    limit = None if capacity is None else np.full(m, np.ceil(load.sum() * capacity))
    return make_network(
        [f"d{k}" for k in range(n)],
        [f"c{k}" for k in range(m)],
        (i, j, far[i, j]),
        weight=rng.integers(1, 50, n).astype(float),
        load=load,
        capacity=limit,
        fixed_cost=rng.integers(1000, 9000, m).astype(float),
        use=use,
    )


@pytest.mark.parametrize("capacity", [None, 0.3])
@pytest.mark.parametrize("model", MODELS)
def test_the_fast_method_finds_what_the_form_finds(
    model: str, capacity: float | None, tmp_path: Path
) -> None:
    network = scattered(30, 12, 5, capacity=capacity, density=0.9)
    p = None if model in ("lscp", "fixed-charge") else 5
    limit = 450.0 if model in ("lscp", "mclp") else None
    expected = value_of_form(form(network, model, p, limit), tmp_path / "log")
    found = locate(network, model, p, limit)
    assert found.status == "optimal"
    assert expected is not None
    assert found.objective == pytest.approx(-expected if model == "mclp" else expected, rel=1e-7)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_p_median_of_graphs_against_the_form(seed: int, tmp_path: Path) -> None:
    network, p = or_library_graph(60, 3 + seed % 7, seed)
    expected = value_of_form(form(network, "p-median", p), tmp_path / "log")
    assert locate(network, "p-median", p).objective == pytest.approx(expected)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_capacitated_against_the_form(seed: int, tmp_path: Path) -> None:
    network, p = osman_christofides(30, 4, seed)
    expected = value_of_form(form(network, "capacitated-p-median", p), tmp_path / "log")
    assert locate(network, "capacitated-p-median", p).objective == pytest.approx(expected)
    network = holmberg(40, 10, seed)
    expected = value_of_form(form(network, "fixed-charge"), tmp_path / "log")
    assert locate(network, "fixed-charge").objective == pytest.approx(expected)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "p"), [(100, 5), (200, 10), (400, 40), (600, 60), (900, 200)])
def test_graphs_of_the_library_are_proven(n: int, p: int) -> None:
    network, _ = or_library_graph(n, p, n + p)
    assert locate(network, "p-median", p).status == "optimal"


# --- what must hold whatever the numbers are ------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("capacity", [None, 0.35])
def test_scaling_distances_scales_the_objective(model: str, capacity: float | None) -> None:
    network = scattered(20, 8, 3, capacity=capacity)
    p = None if model in ("lscp", "fixed-charge") else 4
    limit = 500.0 if model in ("lscp", "mclp") else None
    larger = replace(network, distance=network.distance * 8, fixed_cost=network.fixed_cost * 8)
    one, other = locate(network, model, p, limit), locate(larger, model, p, limit and limit * 8)
    factor = 1 if model in ("lscp", "mclp") else 8
    assert other.objective == pytest.approx(one.objective * factor)


@pytest.mark.parametrize("model", ["p-median", "fixed-charge", "p-centre", "lscp", "mclp"])
@pytest.mark.parametrize("seed", range(3))
def test_one_more_candidate_never_makes_it_worse(model: str, seed: int) -> None:
    network = scattered(20, 9, seed)
    fewer = replace(network, allowed=network.allowed & (np.arange(9) != 8)).keep(network.candidate != 8)
    p = None if model in ("lscp", "fixed-charge") else 3
    limit = 700.0 if model in ("lscp", "mclp") else None
    with_it, without = locate(network, model, p, limit).objective, locate(fewer, model, p, limit).objective
    assert with_it >= without if model == "mclp" else with_it <= without


def test_more_capacity_and_more_points_never_make_it_worse() -> None:
    network = scattered(20, 8, 7, capacity=0.3)
    roomy = replace(network, capacity=network.capacity * 2)
    tight = locate(network, "capacitated-p-median", 4).objective
    assert locate(roomy, "capacitated-p-median", 4).objective <= tight
    assert locate(network, "capacitated-p-median", 5).objective <= tight


# --- parts ----------------------------------------------------------------------------------------------------------


def test_the_bounds_are_below_every_solution() -> None:
    """At any prices the Lagrangian bounds hold; the knapsack bound is at least the other one."""
    rng = np.random.default_rng(1)
    network, p = osman_christofides(20, 3, 4)
    best = locate(network, "capacitated-p-median", p).objective
    rules = Rules(np.zeros(network.m), p, network.required, network.allowed)
    knapsacks, prices = Knapsacks(network, rules), Prices(pairs_of(network), rules)
    for _ in range(10):
        price = rng.uniform(0, 60, network.n)
        strong, weak = knapsacks.bound(price)[0].value, prices.bound(price)[0].value
        assert weak <= strong + 1e-9
        assert strong <= best + 1e-9


def test_forced_pairs_cost_what_the_knapsack_says() -> None:
    """The rise of a pair is what the bound rises by when its point is open and must serve the demand."""
    network, p = osman_christofides(8, 2, 1)
    rules = Rules(np.zeros(network.m), p, network.required, network.allowed)
    knapsacks = Knapsacks(network, rules)
    price = np.full(network.n, 40.0)
    bound, _ = knapsacks.bound(price)
    rises = knapsacks.pair_rises(bound)
    for j in range(network.m):
        profit = price - knapsacks.cost[:, j]
        sets = [[i for i in range(8) if number >> i & 1] for number in range(256)]
        fits = [s for s in sets if knapsacks.load[s].sum() <= knapsacks.room[j]]
        best = max(profit[s].sum() for s in fits)
        for i in range(8):
            forced = max((profit[s].sum() for s in fits if i in s), default=-math.inf)
            assert rises[i, j] == pytest.approx(best - forced)


def test_exchanges_end_in_a_local_optimum() -> None:
    network = scattered(40, 15, 2)
    pairs, fixed = pairs_of(network), np.zeros(15)
    begin = greedy(pairs, fixed, network.required, network.allowed, 5, np.full(40, pairs.big))
    opened = improve(pairs, fixed, begin, network.required, network.allowed, count_fixed=True)
    value = value_of(pairs, fixed, opened)
    assert value <= value_of(pairs, fixed, begin)
    for closed in np.flatnonzero(opened & ~network.required):
        for other in np.flatnonzero(~opened & network.allowed):
            trial = opened.copy()
            trial[closed], trial[other] = False, True
            assert value_of(pairs, fixed, trial) >= value - 1e-6
    point, cost, _, _ = two_nearest(pairs, opened)
    assert np.all(opened[point])
    assert cost.sum() == pytest.approx(value)


def test_nearest_points_prove_the_same_as_all() -> None:
    """Pairs left out by distance change neither the answer nor the proof, or the proof says so."""
    rng = np.random.default_rng(8)
    points, weight = rng.random((150, 2)) * 1e4, rng.integers(1, 100, 150).astype(float)
    ids = [f"{k:03d}" for k in range(150)]
    whole = network_of_points((ids, points), (ids, points), 150, weight=weight)
    near = network_of_points((ids, points), (ids, points), 30, weight=weight)
    assert np.all(np.isinf(whole.beyond))
    assert np.all(near.beyond >= near.distance[near.start[1:] - 1])
    best, found = locate(whole, "p-median", 15), locate(near, "p-median", 15)
    assert best.status == "optimal"
    assert found.bound <= best.objective * (1 + 1e-9)
    assert found.objective >= best.objective * (1 - 1e-9)
    assert found.open == best.open


def test_a_gap_and_a_time_limit_stop_the_search() -> None:
    network, p = or_library_graph(150, 8, 3)
    rough = locate(network, "p-median", p, effort=Effort(gap=0.2))
    assert rough.gap <= 0.2
    assert rough.status == "optimal"
    hasty = locate(network, "p-median", p, effort=Effort(time_limit=1e-3))
    assert hasty.bound <= hasty.objective
    late = locate(scattered(60, 30, 1), "p-centre", 25, effort=Effort(time_limit=1e-4))
    assert late.bound <= late.objective


@pytest.mark.parametrize(
    ("values", "expected"),
    [([2, 4, 6], 2), ([1.5, 0.25], 0.25), ([0.1, 0.3], 0.1), ([math.pi], 0), ([0, 0], 0), ([], 0)],
)
def test_grain(values: list[float], expected: float) -> None:
    assert grain(np.array(values, float)) == pytest.approx(expected)
