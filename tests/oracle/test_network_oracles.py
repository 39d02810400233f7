"""The two oracles of the reception network agree with each other; what they say of a year is what the others say."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.oracle import brute, netbrute, netdirect, netfacts, timefacts
from tests.oracle.netinstances import random_net_case

pytestmark = pytest.mark.solver

EVERYDAY, SLOW = range(36), range(1_000, 1_600)


def _agree(seed: int) -> str:
    city = netfacts.net_facts(random_net_case(seed))
    best = netbrute.solve(city)
    if best.choice is not None:
        assert not netbrute.faults(city, best.choice), seed
        assert netbrute.value(city, netbrute.cost_table(city, best.choice)) == best.cost, seed
    if city.scenario.release.route == "priority":
        return "brute force only"
    answer = netdirect.solve(city)
    assert (answer.cost is None) == (best.cost is None), seed
    if answer.cost is None or best.cost is None or answer.choice is None:
        return "no plan"
    assert not netbrute.faults(city, answer.choice), seed
    weights = zip(city.weights, city.growth, strict=True)
    rounding = 2 * len(city.wards) * sum(weight * growth for weight, growth in weights) / 1e6
    assert best.cost <= answer.cost <= best.cost + rounding, seed
    # What the solver says has its own tolerance (1e-9 of the amounts).
    tolerance = 2 + rounding / 1e6 + 1e-8 * abs(answer.objective)
    assert abs(answer.cost / 1e6 - answer.objective) <= tolerance, seed
    return "plan"


@pytest.mark.parametrize("part", range(3))
def test_brute_force_and_direct_formulation_agree(part: int) -> None:
    found = Counter(_agree(seed) for seed in EVERYDAY[part::3])
    assert found["plan"] >= 3


@pytest.mark.slow
@pytest.mark.parametrize("part", range(5))  # half of them: the other parts wait for a day with time
def test_they_agree_on_many_more(part: int) -> None:
    found = Counter(_agree(seed) for seed in SLOW[part::10])
    assert found["plan"] >= 20


def test_the_cases_are_of_every_kind() -> None:
    seen: Counter[str] = Counter()
    for seed in EVERYDAY:
        net = random_net_case(seed)
        city = netfacts.net_facts(net)
        choice = netbrute.solve(city).choice
        if choice is None:
            seen["no plan"] += 1
            continue
        handed = [plan for plan in choice.plans if plan.handed <= city.last]
        seen["handed over"] += bool(handed)
        seen["freed"] += any(plan.arrangement.alone for plan in handed)
        seen["banks"] += net.banks is not None
        seen["travel table"] += net.travel is not None
        for s, served in enumerate(choice.served, start=1):
            points = [
                point for point, served_by in zip(city.demand, served, strict=True) if served_by[0] == "city"
            ]
            seen["served by the city"] += bool(points)
            seen["served elsewhere"] += any(
                kind == "ward" and w != point.ward
                for point, (kind, w, _) in zip(city.demand, served, strict=True)
            )
            # A point turns somebody away who would rather go there.
            cheapest = sum(
                min(
                    city.travel(i, metres, s)
                    for key in set(served)
                    for metres in [
                        city.to_site.get((i, *key[1:])) if key[0] == "ward" else city.to_city.get((i, key[1]))
                    ]
                    if metres is not None and city.reachable(metres)
                )
                for i in range(len(city.demand))
            )
            paid = sum(
                city.travel(i, city.to_site[i, a, b] if kind == "ward" else city.to_city[i, a], s)
                for i, (kind, a, b) in enumerate(served)
            )
            seen["full"] += paid > cheapest
    assert all(seen[kind] >= 1 for kind in ("no plan", "freed", "full")), seen
    assert all(seen[kind] >= 3 for kind in ("banks", "travel table", "served by the city")), seen
    assert all(seen[kind] >= 10 for kind in ("handed over", "served elsewhere")), seen


def test_a_year_with_the_reception_costs_what_it_does_without_a_network() -> None:
    for seed in range(12):
        city = netfacts.net_facts(random_net_case(seed))
        for w, net in enumerate(city.wards):
            for a in netbrute.arrangements(city, w)[:50]:
                _, yearly = brute.price(city.flat, net.ward, a.seats)
                known = tuple(yearly[item] for item in timefacts.ITEMS if item in netbrute.YEARLY)
                assert a.with_it == known
