"""Waiting at counters: closed forms, limits, and a simulation."""

import math
import random
from heapq import heapreplace

import pytest

from planner.waiting import erlang_c, mean_wait


@pytest.mark.parametrize("load", [0.1, 0.5, 0.9, 0.99])
def test_one_counter_is_m_m_1(load: float) -> None:
    assert erlang_c(1, load) == pytest.approx(load)
    assert mean_wait(1, load / 20, 20) == pytest.approx(20 * load / (1 - load))


@pytest.mark.parametrize("load", [0.2, 1.0, 1.9])
def test_two_counters_by_hand(load: float) -> None:
    rho = load / 2
    assert erlang_c(2, load) == pytest.approx(2 * rho**2 / (1 + rho))
    assert mean_wait(2, load / 7, 7) == pytest.approx(7 * rho**2 / (1 - rho**2))


@pytest.mark.parametrize(("counters", "load"), [(3, 2.1), (8, 5.6), (30, 25.0)])
def test_formula_with_factorials(counters: int, load: float) -> None:
    last = load**counters / math.factorial(counters) * counters / (counters - load)
    idle = sum(load**k / math.factorial(k) for k in range(counters))
    assert erlang_c(counters, load) == pytest.approx(last / (idle + last))


def test_no_arrivals_and_too_many() -> None:
    assert mean_wait(3, 0.0, 20) == 0.0
    assert mean_wait(3, 0.15, 20) == math.inf
    assert erlang_c(3, 3.0) == 1.0


def test_more_counters_never_wait_longer() -> None:
    waits = [mean_wait(counters, 0.2, 20) for counters in range(5, 30)]
    assert waits == sorted(waits, reverse=True)


@pytest.mark.slow
@pytest.mark.parametrize(("counters", "per_minute"), [(1, 0.035), (3, 0.105), (8, 0.32)])
def test_simulation(counters: int, per_minute: float) -> None:
    rng = random.Random(20261124)
    free = [0.0] * counters
    now = total = 0.0
    people = 1_000_000
    for _ in range(people):
        now += rng.expovariate(per_minute)
        start = max(now, free[0])
        total += start - now
        heapreplace(free, start + rng.expovariate(1 / 20))
    assert total / people == pytest.approx(mean_wait(counters, per_minute, 20), rel=0.03)
