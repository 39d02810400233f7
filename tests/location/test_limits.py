"""Time limits: wherever the time ends, the bound stays below the best and the solution above it."""

import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from planner.errors import NoPlanFound
from planner.location.capacitated import listing, partition, solve, tree
from planner.location.highs import Linear
from planner.location.locate import locate
from planner.location.location import Location
from planner.location.median import solve as median
from planner.location.network import Network
from planner.program import Effort
from tests.location.instances import holmberg, or_library_graph, tight

pytestmark = pytest.mark.solver

LIMIT = 1_000.0
Place = tuple[tuple[str, int], ...]


class Clock:
    """A clock that stands still and at one look jumps far beyond every limit; it knows who looked."""

    def __init__(self, jump: float = np.inf) -> None:
        self.jump = jump
        self.looks = 0
        self.places: dict[Place, list[int]] = defaultdict(list)

    def __call__(self) -> float:
        self.looks += 1
        frame, place = sys._getframe(1), []
        while frame is not None and len(place) < 2:
            place.append((frame.f_code.co_name, frame.f_lineno))
            frame = frame.f_back
        self.places[tuple(place)].append(self.looks)
        return 0.0 if self.looks < self.jump else 1e6


@contextmanager
def told_by(clock: Clock) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "perf_counter", clock)
        yield


def plain(_: pytest.MonkeyPatch) -> None:
    """The method as it is."""


def sifted(patch: pytest.MonkeyPatch) -> None:
    """The list is too long to be kept: a narrow one comes first."""
    patch.setattr(listing, "MOST_KEPT", 20 * 300)


def unlisted(patch: pytest.MonkeyPatch) -> None:
    """The list is too long to be gone through: the assignment program goes on."""
    patch.setattr(listing, "MOST_KEPT", 20 * 40)
    patch.setattr(listing, "MOST_SEEN", 20 * 50)


def branched(patch: pytest.MonkeyPatch) -> None:
    """Hardly any cuts, and little is left to HiGHS."""
    for module, name, number in (
        (tree, "LEAF", 30),
        (tree, "ROUNDS", 1),
        (solve, "ENOUGH", 30),
        (solve, "ROUNDS", 1),
        (partition, "FIRST", 60),
        (partition, "MORE", 20),
    ):
        patch.setattr(module, name, number)


def grown(patch: pytest.MonkeyPatch) -> None:
    """The tree of open points comes before programs, whatever is left."""
    patch.setattr(median, "TREE_PAIRS", 0)
    patch.setattr(median, "TREE_DEPTH", 1_000)


QUESTIONS: dict[str, tuple[Callable[[], Network], str, int | None, float | None]] = {
    "tight": (lambda: tight(20, 2, 2, 0.9), "capacitated-p-median", 2, None),
    "loose": (lambda: tight(40, 5, 1, 0.6), "capacitated-p-median", 5, None),
    "fixed": (lambda: holmberg(30, 8, 1), "fixed-charge", None, None),
    "graph": (lambda: or_library_graph(120, 12, 5)[0], "p-median", 12, None),
    "centre": (lambda: or_library_graph(100, 5, 3)[0], "p-centre", 5, None),
    "sets": (lambda: or_library_graph(100, 5, 3)[0], "lscp", None, 50.0),
    "cover": (lambda: or_library_graph(100, 5, 3)[0], "mclp", 5, 30.0),
}


def answer(
    network: Network, model: str, p: int | None, limit: float | None, seconds: float
) -> Location | None:
    try:
        return locate(network, model, p, limit, Effort(time_limit=seconds))  # type: ignore[arg-type]
    except NoPlanFound:
        return None


def check(model: str, found: Location | None, best: float) -> None:
    if found is None:
        return
    low, high = found.bound, found.objective
    if model == "mclp":
        low, high = high, low
    assert low <= best + 1e-6
    assert high >= best - 1e-6
    assert found.status == "feasible" or model in ("p-centre", "lscp", "mclp") or high <= best + 1e-6


@pytest.mark.parametrize(
    ("name", "way", "seen"),
    [
        ("tight", plain, {"_words_of", "clusters_within", "_run", "branch", "run"}),
        pytest.param(
            "tight",
            sifted,
            {"_words_of", "clusters_within", "violated_cuts", "_run", "every_cluster"},
            marks=pytest.mark.slow,
        ),
        pytest.param("tight", unlisted, {"close_by_pairs", "_words_of"}, marks=pytest.mark.slow),
        pytest.param(
            "tight",
            branched,
            {"tighten", "branch", "value_without", "violated_cuts", "_run"},
            marks=pytest.mark.slow,
        ),
        ("loose", plain, {"assign_to"}),
        ("fixed", plain, {"close_by_pairs", "assign_to"}),
        ("graph", plain, {"greedy", "improve", "_combine", "_close"}),
        pytest.param("graph", grown, {"greedy", "improve", "_combine", "branch"}, marks=pytest.mark.slow),
        ("centre", plain, {"_quick_bounds", "smallest_radius"}),
        ("sets", plain, {"_second", "improve"}),
        ("cover", plain, {"nearest_covered_by_median", "improve", "greedy"}),
    ],
)
def test_wherever_the_time_ends_the_bound_is_valid(
    name: str, way: Callable[[pytest.MonkeyPatch], None], seen: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time ends at the first and the last look of every place that looks at the clock."""
    monkeypatch.setattr(solve, "EXCHANGES", 60)
    monkeypatch.setattr(solve, "STEPS", 150)
    way(monkeypatch)
    build, model, p, limit = QUESTIONS[name]
    network = build()
    clock = Clock()
    with told_by(clock):
        whole = answer(network, model, p, limit, LIMIT)
    assert whole is not None
    assert whole.status == "optimal"
    lookers = {function for place in clock.places for function, _ in place}
    assert seen <= lookers, lookers
    jumps = {looks[k] for looks in clock.places.values() for k in (0, -1)}
    for jump in sorted(jumps):
        with told_by(Clock(jump)):
            check(model, answer(network, model, p, limit, LIMIT), whole.objective)


@pytest.mark.parametrize(
    "seed", [0, 3, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2, 4, 5))]
)
def test_small_limits_leave_valid_bounds(seed: int) -> None:
    network = tight(40, 4, seed, 0.86 + 0.02 * seed)
    best = locate(network, "capacitated-p-median", 4)
    assert best.status == "optimal"
    for seconds in (0.02, 0.1, 0.3, 0.6, 1.0):
        check(
            "capacitated-p-median", answer(network, "capacitated-p-median", 4, None, seconds), best.objective
        )


def test_a_linear_program_keeps_the_time_and_goes_on_later() -> None:
    rng = np.random.default_rng(0)
    model = Linear(np.ones(40), np.full(40, np.inf))
    row = np.concatenate([np.sort(rng.choice(40, 6, replace=False)) for _ in range(300)])
    model.add_columns(rng.random(300) + 5, np.arange(300) * 6, row, rng.random(1_800))
    assert model.run(time.perf_counter() - 1) is None
    found = model.run()
    assert found is not None
    model.value_without(np.arange(10), 50, time.perf_counter() - 1)
    again = model.run(time.perf_counter() + 100)
    assert again is not None
    assert again[1].sum() == pytest.approx(found[1].sum())
