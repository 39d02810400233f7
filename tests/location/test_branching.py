"""The tree of p-median, against brute force and against the programs, and graphs that only the tree proves quickly."""

import math
from dataclasses import replace

import numpy as np
import pytest

from planner.location.interchange import pairs_of, value_of
from planner.location.lagrangian import Prices, Rules
from planner.location.locate import locate
from planner.location.location import grain
from planner.location.median import branching, solve
from planner.location.median.search import Search
from planner.location.network import Network
from planner.program import Effort
from tests.location.instances import brute_force, or_library_graph, tiny
from tests.location.test_methods import scattered

pytestmark = pytest.mark.solver


def tree_alone(network: Network, p: int | None, fixed: np.ndarray, seed: int, *, gap: float = 0.0) -> Search:
    """The tree from a poor solution and poor prices, so that it has work to do."""
    rng = np.random.default_rng(seed)
    pairs, rules = pairs_of(network), Rules(fixed, p, network.required, network.allowed)
    is_open = network.required.copy()
    free = rng.permutation(np.flatnonzero(network.allowed & ~is_open))
    is_open[free if p is None else free[: p - int(is_open.sum())]] = True
    step = grain(np.concatenate([network.cost, fixed[network.allowed]]))
    state = Search(value_of(pairs, fixed, is_open), is_open, -math.inf, step, gap, math.inf)
    price = rng.random(network.n) * np.median(network.cost)
    bound, _ = Prices(pairs, rules).bound(price)
    branching.branch(pairs, rules, bound, np.full(network.n, np.inf), state)
    return state


@pytest.mark.parametrize("model", ["p-median", "fixed-charge"])
@pytest.mark.parametrize("gap", [0.0, 0.02])
def test_the_tree_alone_finds_and_proves_the_best(model: str, gap: float) -> None:
    solved = 0
    for seed in range(400):
        network, p, _ = tiny(seed)
        network = network.unlimited()
        count = p if model == "p-median" or seed % 2 else None
        if not network.required.sum() <= p <= network.allowed.sum() or np.any(np.diff(network.start) == 0):
            continue
        best = brute_force(network, model, count, None)
        fixed = network.fixed_cost if model == "fixed-charge" else np.zeros(network.m)
        state = tree_alone(network, count, fixed, seed, gap=gap)
        if best is None:
            assert state.best >= pairs_of(network).big, seed
            continue
        solved += 1
        assert state.done(), seed
        assert state.bound <= best[0] + 1e-9, seed
        assert state.best <= best[0] * (1 + 1.01 * gap) + 1e-9, seed
    assert solved > 100


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("count", [None, 4])
def test_the_tree_and_the_programs_agree(
    seed: int, count: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = scattered(40, 15, seed, density=0.9)
    fixed = network.fixed_cost if count is None else np.zeros(network.m)
    alone = tree_alone(network, count, fixed, seed)
    monkeypatch.setattr(solve, "branch", lambda *_: None)
    programs = locate(network, "fixed-charge" if count is None else "p-median", count)
    assert programs.status == "optimal"
    assert alone.done()
    assert alone.best == pytest.approx(programs.objective, rel=1e-9)


def test_a_tree_that_is_given_up_leaves_a_valid_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the tree leaves open, the programs close; its bound so far is kept."""
    network, _ = or_library_graph(100, 5, 3)
    best = locate(network, "p-median", 5).objective
    monkeypatch.setattr(branching, "EFFORT", 1.0)
    given_up = tree_alone(network, 5, np.zeros(100), 1)
    assert given_up.bound <= best <= given_up.best
    again = locate(network, "p-median", 5)
    assert (again.status, again.objective) == ("optimal", best)


def test_the_tree_keeps_the_time() -> None:
    network, _ = or_library_graph(200, 10, 1)
    found = locate(
        replace(network, weight=network.weight + 0.123), "p-median", 10, None, Effort(time_limit=0.3)
    )
    assert found.bound <= found.objective


@pytest.mark.parametrize("p", [5, 10])
def test_a_graph_is_proven(p: int) -> None:
    network, _ = or_library_graph(200, p, 1)
    found = locate(network, "p-median", p)
    assert (found.status, found.gap) == ("optimal", 0.0)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "p"), [(500, 10), (800, 10), (900, 5), (900, 10), (900, 90)])
def test_large_graphs_are_proven_in_a_minute_or_so(n: int, p: int) -> None:
    network, _ = or_library_graph(n, p, n + p)
    found = locate(network, "p-median", p, None, Effort(time_limit=900))
    assert (found.status, found.gap) == ("optimal", 0.0)
