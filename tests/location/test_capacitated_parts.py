"""Exchanges, cuts on odd sets, the linear program and the branches of set partitioning: against brute force."""

import itertools
import math
from pathlib import Path

import numpy as np
import pytest

from planner.location.capacitated import listing, solve, tree
from planner.location.capacitated.clusters import Clusters, clusters_within
from planner.location.capacitated.cuts import counts, right_side, violated_cuts
from planner.location.capacitated.exchange import Exchange
from planner.location.capacitated.partition import Partition
from planner.location.capacitated.search import Search
from planner.location.forms import form, value_of_form
from planner.location.knapsack import Knapsacks
from planner.location.lagrangian import Bound, Rules, ascend, reduced_costs
from planner.location.locate import locate
from planner.location.location import Choice, faults
from planner.location.network import Network
from planner.program import Effort
from tests.location.instances import brute_force, osman_christofides, tight, tiny

pytestmark = pytest.mark.solver


def listed(
    network: Network, p: int, wide: float, seed: int = 0, *, steps: int = 0
) -> tuple[Partition, Knapsacks, Bound]:
    """All clusters within a width of the bound at prices drawn at random and improved by some steps."""
    rules = Rules(np.zeros(network.m), p, network.required, network.allowed)
    knapsacks = Knapsacks(network, rules)
    price = np.random.default_rng(seed).uniform(10, 60, network.n)
    most = np.full(network.n, np.inf)
    bound = ascend(knapsacks, price, most, 300.0, steps=steps, stop=lambda best, _: best.value + 20)
    clusters = clusters_within(network, knapsacks, bound, wide, 1_000_000)
    assert clusters is not None
    over = clusters.cost - clusters.sums(bound.price) - bound.worth[clusters.point]
    over += np.maximum(0.0, reduced_costs(rules, bound))[clusters.point]
    return Partition(clusters, rules, over, 10_000.0), knapsacks, bound


def best_partitions(clusters: Clusters, p: int) -> np.ndarray:
    """The least cost of a choice of p clusters with each of them; ``inf`` where there is none, shape (k,)."""
    k = len(clusters)
    best = np.full(k, np.inf)
    sets = [int(sum(1 << int(i) for i in np.flatnonzero(held))) for held in clusters.holds.T]
    everyone = (1 << len(clusters.holds)) - 1

    def visit(chosen: list[int], held: int, points: set[int], cost: float) -> None:
        if len(chosen) == p:
            if held == everyone:
                best[chosen] = np.minimum(best[chosen], cost)
            return
        missing = everyone & ~held
        lowest = missing & -missing
        for q in range(k):
            # Clusters of nobody come last, in their order.
            first = (
                sets[q] & lowest
                if missing
                else sets[q] == 0 and (not chosen or q > chosen[-1] or sets[chosen[-1]])
            )
            if first and not sets[q] & held and int(clusters.point[q]) not in points:
                visit(
                    [*chosen, q], held | sets[q], points | {int(clusters.point[q])}, cost + clusters.cost[q]
                )

    visit([], 0, set(), 0.0)
    return best


# --- exchanges --------------------------------------------------------------------------------------------------------


def test_exchanges_keep_every_rule_and_mostly_find_the_best(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.location.capacitated.exchange.KICK", 20)
    tried = found_best = 0
    for seed in range(60):
        network, p, _ = tiny(seed)
        if not network.capacitated or not network.required.sum() <= p <= network.allowed.sum():
            continue
        best = brute_force(network, "capacitated-p-median", p, None)
        rules = Rules(np.zeros(network.m), p, network.required, network.allowed)
        cost = Knapsacks(network, rules).cost
        exchange = Exchange(cost, network.load, network.capacity, rules)
        free = np.flatnonzero(network.allowed & ~network.required)
        exchange.run(np.concatenate([np.flatnonzero(network.required), free])[:p], 300)
        if best is None:
            assert exchange.best == np.inf, seed
            continue
        tried += 1
        if exchange.best == np.inf:
            continue
        is_open = np.zeros(network.m, bool)
        is_open[exchange.points] = True
        serves = exchange.points[exchange.serves]
        pair = np.array(
            [
                np.flatnonzero((network.demand == i) & (network.candidate == serves[i]))[0]
                for i in range(network.n)
            ]
        )
        assert not faults(network, Choice(is_open, pair, 0.0), p), seed
        assert network.cost[pair].sum() == pytest.approx(exchange.best), seed
        assert exchange.best >= best[0] - 1e-9, seed
        found_best += exchange.best <= best[0] + 1e-9
    assert tried > 10
    assert found_best > 0.8 * tried


def test_exchanges_go_through_too_much_load() -> None:
    """Nearest points hold too much at first, and the best solution fills 95 % of the capacity."""
    network = tight(30, 3, 3, 0.95)
    rules = Rules(np.zeros(30), 3, network.required, network.allowed)
    exchange = Exchange(Knapsacks(network, rules).cost, network.load, network.capacity, rules)
    exchange.run(np.arange(3), 3_000)
    proven = locate(network, "capacitated-p-median", 3, None, Effort(time_limit=900))
    assert proven.status == "optimal"
    assert proven.objective <= exchange.best <= 1.02 * proven.objective


# --- cuts -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(10))
def test_cuts_are_violated_by_the_solution_and_kept_by_every_partition(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 7
    sets = np.array([[number >> i & 1 for i in range(n)] for number in range(1, 2**n)], bool)
    # A mixture of partitions serves everyone once: that is what solutions of the linear program look like.
    pieces: dict[int, float] = {}
    for weight in rng.dirichlet(np.ones(5)):
        label = rng.integers(0, 3, n)
        for c in range(3):
            number = int((1 << np.flatnonzero(label == c)).sum())
            if number:
                pieces[number - 1] = pieces.get(number - 1, 0.0) + weight
    # Mixed anew, so that it may be no mixture of partitions: half of each of the triangles' sides.
    some = [0b0000011, 0b0000110, 0b0000101, 0b0011000, 0b0110000, 0b1100000, 0b1001000]
    triangle = {number - 1: 0.5 for number in some}
    for mixture, must in ((pieces, False), (triangle, True)):
        used = np.array(list(mixture))
        value = np.array(list(mixture.values()))
        cuts = violated_cuts(sets[used].T, value, set())
        assert bool(cuts) or not must
        for cut in cuts:
            assert len(cut) % 2 == 1
            count = sets[:, list(cut)].sum(axis=1) // 2
            assert value @ count[used] > right_side(cut) + 1e-6
            for label in itertools.product(range(3), repeat=n):
                inside = [sum(label[i] == c for i in cut) for c in range(3)]
                assert sum(number // 2 for number in inside) <= right_side(cut)
        assert not set(violated_cuts(sets[used].T, value, set(cuts))) & set(cuts)


def test_an_odd_cycle_that_no_triple_cuts_is_cut() -> None:
    holds = np.zeros((5, 5), bool)
    for q in range(5):
        holds[[q, (q + 1) % 5], q] = True
    value = np.full(5, 0.5)
    for three in itertools.combinations(range(5), 3):
        assert value @ (holds[list(three)].sum(axis=0) // 2) <= 1.0
    assert violated_cuts(holds, value, set()) == [(0, 1, 2, 3, 4)]
    members = np.array([sorted((q, (q + 1) % 5)) for q in range(5)])
    clusters = Clusters(holds, members, np.arange(5), np.ones(5))
    assert counts(clusters, [(0, 1, 2, 3, 4), (0, 1, 2)]).tolist() == [[1] * 5, [1, 1, 0, 0, 0]]


# --- the linear program and the branches ------------------------------------------------------------------------------


@pytest.mark.parametrize("slim", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_bound_and_rises_hold_for_every_choice(
    seed: int, slim: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if slim:  # the program begins with few clusters, and again after every other round
        for name, number in (("FIRST", 12), ("MORE", 5), ("FAT", 14)):
            monkeypatch.setattr(f"planner.location.capacitated.partition.{name}", number)
    network, p = osman_christofides(9, 3, seed)
    part, *_ = listed(network, p, 60.0, seed)
    best = best_partitions(part.clusters, p)
    every = {(int(j), *held): q for q, (j, held) in enumerate(_keys(part.clusters))}
    least = best.min()
    assert part.tighten(math.inf, math.inf, few=0, rounds=20, small=0.0, idle=20)
    assert part.bound <= least + 1e-9
    for q, (j, held) in enumerate(_keys(part.clusters)):
        assert part.bound + part.rise[q] <= best[every[(int(j), *held)]] + 1e-6
    if least < math.inf:
        worst = least + 3.0
        part.tighten(worst, math.inf, few=0, rounds=20, small=0.0, idle=20)
        kept = {(int(j), *held) for j, held in _keys(part.clusters)}
        assert all(key in kept for key, q in every.items() if best[q] <= worst - 1e-6)


def _keys(clusters: Clusters) -> list[tuple[int, tuple[int, ...]]]:
    return [
        (int(j), tuple(np.flatnonzero(held).tolist()))
        for j, held in zip(clusters.point, clusters.holds.T, strict=True)
    ]


def drawn(seed: int) -> tuple[Clusters, Rules]:
    """90 clusters of 12 demands at 30 points, without any geometry: linear programs of theirs are split."""
    rng = np.random.default_rng(seed)
    sets = [np.sort(rng.choice(12, 3, replace=False)) for _ in range(90)]
    holds = np.zeros((12, 90), bool)
    for q, some in enumerate(sets):
        holds[some, q] = True
    clusters = Clusters(
        holds, np.array(sets), rng.integers(0, 30, 90), rng.integers(10, 30, 90).astype(float)
    )
    return clusters, Rules(np.zeros(30), 4, np.zeros(30, bool), np.ones(30, bool))


class Least:
    """A goal that keeps the least cost of what it is offered."""

    def __init__(self, best: float) -> None:
        self.best = best

    def worst(self) -> float:
        return self.best - 0.5

    def choose(self, part: Partition, some: np.ndarray) -> float:
        answer, chosen = part.choose(some, math.inf, 0.5, 0.0, self.best)
        if len(chosen):
            self.best = min(self.best, float(part.clusters.cost[chosen].sum()))
        return answer.bound


def test_branches_find_and_prove_the_best_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "LEAF", 3)
    monkeypatch.setattr(tree, "ROUNDS", 0)  # without cuts, so that there is something to branch on
    pairs: list[tuple[int, int] | None] = []
    pair_of = tree._pair
    monkeypatch.setattr(tree, "_pair", lambda *ask: pairs.append(pair_of(*ask)) or pairs[-1])
    solved = 0
    for seed in range(15):
        clusters, rules = drawn(seed)
        least = best_partitions(clusters, 4).min()
        for above in (0.0, 20.0):  # a known solution that is the best one, or dearer
            part = Partition(clusters, rules, np.zeros(len(clusters)), 10_000.0)
            goal = Least(least + above if least < math.inf else 5_000.0)
            part.tighten(goal.worst(), math.inf, few=0, rounds=0, small=0.0, idle=1)
            bound = tree.branch(part, goal, math.inf)
            assert bound <= min(least, goal.best) + 1e-6
            assert goal.best - 0.6 < bound
            if least < math.inf:
                assert goal.best == pytest.approx(least)
                solved += 1
    assert solved > 10
    assert sum(pair is not None for pair in pairs) > 5


def test_branches_that_have_no_time_prove_no_more_than_they_know() -> None:
    network, p = osman_christofides(9, 3, 0)
    part, *_ = listed(network, p, 60.0)
    part.tighten(math.inf, math.inf, few=0, rounds=0, small=0.0, idle=1)
    assert tree.branch(part, Least(10_000.0), 0.0) == part.bound


def test_a_known_solution_is_not_chosen_again() -> None:
    network, p = osman_christofides(9, 3, 1)
    part, *_ = listed(network, p, 60.0, 1)
    least = best_partitions(part.clusters, p).min()
    every = np.arange(len(part.clusters))
    answer, chosen = part.choose(every, math.inf, 0.99, 0.0, least)
    assert least - 1 < answer.bound <= least + 1e-6
    assert not len(chosen) or part.clusters.cost[chosen].sum() == pytest.approx(least)
    answer, chosen = part.choose(every, math.inf, 0.99, 0.0, least + 5)
    assert part.clusters.cost[chosen].sum() == pytest.approx(least)


# --- listing ----------------------------------------------------------------------------------------------------------


def test_more_demands_than_a_word_has_bits_are_listed() -> None:
    """Ten of 130 demands, on both sides of every border of 64, may be served by the only points that matter."""
    some = np.array([0, 1, 31, 62, 63, 64, 65, 127, 128, 129])
    rng = np.random.default_rng(2)
    network = tight(130, 13, 1, 0.9)
    rules = Rules(np.zeros(130), 2, network.required, network.allowed & (np.arange(130) < 3))
    knapsacks = Knapsacks(network, rules)
    outside = np.setdiff1d(np.arange(130), some)
    knapsacks.cost[outside] = np.inf
    bound, _ = knapsacks.bound(rng.uniform(20, 90, 130))
    found = clusters_within(network, knapsacks, bound, 40.0, 100_000)
    assert found is not None
    opening = np.maximum(0.0, reduced_costs(rules, bound))
    expected = set()
    for j in range(3):
        for number in range(1024):
            members = [int(i) for k, i in enumerate(some) if number >> k & 1]
            rise = knapsacks.cost[members, j].sum() - bound.price[members].sum() - bound.worth[j]
            if network.load[members].sum() <= 120 and rise + opening[j] <= 40.0:
                expected.add((j, tuple(members)))
    assert set(_keys(found)) == expected
    assert np.array_equal((found.members < 130).sum(axis=1), found.holds.sum(axis=0))


@pytest.mark.parametrize("share", [0.3, 0.85, 1.0])
def test_what_a_mixture_of_duals_drops_is_in_no_better_choice(
    share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wide list is gone through by the duals of a narrow one; what brute force needs is kept."""
    sifted = 0
    for seed in range(4):
        network, p = osman_christofides(9, 3, seed)
        monkeypatch.setattr(listing, "MOST_KEPT", 10**9)
        monkeypatch.setattr(listing, "MOST_SEEN", 10**9)
        whole, knapsacks, bound = listed(network, p, 40.0, seed, steps=100)
        best = best_partitions(whole.clusters, p)
        if not best.min() < bound.value + 30.0:
            continue
        state = Search(network, np.zeros(network.m), 1.0, 0.0, math.inf, best=best.min() + 8.0)
        wide = state.worst() - bound.value
        every = listing.every_cluster(knapsacks, bound, wide, state, sift=True)
        assert every is not None
        monkeypatch.setattr(listing, "MOST_KEPT", network.n * (len(every.clusters) - 1))
        monkeypatch.setattr(listing, "SHARE", share)
        monkeypatch.setattr(listing, "REST", 0.1)
        part = listing.every_cluster(knapsacks, bound, wide, state, sift=True)
        assert part is not None
        sifted += len(part.clusters) < 0.8 * len(every.clusters)
        kept = {key: q for q, key in enumerate(_keys(part.clusters))}
        assert bound.value - 1e-6 <= part.bound <= best.min() + 1e-6
        for key, cost in zip(_keys(whole.clusters), best, strict=True):
            assert cost > state.worst() or key in kept
            if key in kept:
                assert part.bound + part.rise[kept[key]] <= cost + 1e-6
        monkeypatch.setattr(listing, "MOST_SEEN", network.n * 5)
        assert listing.every_cluster(knapsacks, bound, wide, state, sift=True) is None
    assert sifted > 1


def test_prices_of_the_bound_are_duals() -> None:
    network, p = osman_christofides(9, 3, 2)
    part, _, bound = listed(network, p, 60.0, 2)
    duals = listing.lagrangian_duals(part.rules, bound)
    assert duals.value == pytest.approx(bound.value)
    assert duals.value <= bound.value
    rise = duals.rises(part.clusters)
    assert rise == pytest.approx(part.rise)
    assert rise.min() >= -1e-9
    best = best_partitions(part.clusters, p)
    assert np.all(duals.value + rise <= best + 1e-9)


# --- all together -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.85, 0.95])
def test_branching_on_pairs_agrees_with_the_form(
    share: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With little left to HiGHS and no cuts the proof rests on the branches."""
    monkeypatch.setattr(tree, "LEAF", 30)
    monkeypatch.setattr(tree, "ROUNDS", 0)
    monkeypatch.setattr(solve, "ENOUGH", 30)
    monkeypatch.setattr(solve, "ROUNDS", 0)
    network = tight(24, 3, 4, share)
    expected = value_of_form(form(network, "capacitated-p-median", 3), tmp_path / "log")
    found = locate(network, "capacitated-p-median", 3)
    assert (found.status, found.objective) == ("optimal", pytest.approx(expected))


@pytest.mark.parametrize("share", [0.85, 0.95])
def test_clusters_too_many_to_list_are_left_to_the_assignment_program(
    share: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST_KEPT", 24 * 40)
    monkeypatch.setattr(listing, "MOST_SEEN", 24 * 50)
    network = tight(24, 3, 5, share)
    expected = value_of_form(form(network, "capacitated-p-median", 3), tmp_path / "log")
    found = locate(network, "capacitated-p-median", 3)
    assert (found.status, found.objective) == ("optimal", pytest.approx(expected))
