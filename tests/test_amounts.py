"""Prices up to their largest allowed value: refused (E605), or every amount exact to the millionth of a dong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner.errors import InputError
from planner.model import as_chosen, enumerate_plans
from planner.model.assemble import build_instance
from planner.pricing import cost_table
from planner.scenario import MAX_PRICE
from tests.oracle.instances import DEFAULTS, Case
from tests.rules.tiny import tiny_case

FROM_LOW_TO_HIGH = [MAX_PRICE // 10**k for k in range(5, -1, -1)]
GROWING = {"years": 15, "discount_rate": 0.0, "price_growth": 0.1, "construction_growth": 0.1}
NO_NEEDS = {"needs_health": 0, "needs_education": 0, "needs_culture": 0}


def case(**sections: Any) -> Case:
    """Return the tiny region with everything on that costs money, over fifteen years."""
    values: dict[str, Any] = {
        "horizon": GROWING,
        "centres": {"allowed": True, "storeys_xa": 7, "first_start_after_years": 0},
        "release": {"route": "priority", **NO_NEEDS},
        "rules": {"capital_max_vnd": 10**19, "centres_min": 0, "one_site_where_enough": "off"},
        "budget": {"yearly_vnd": 10**19, "from_year": 2025, "carry_over": True, "recycle_income": True},
    }
    for name, changed in sections.items():
        values[name] = {**values.get(name, {}), **changed}
    return tiny_case(**values)


def exact(found: Case) -> bool:
    """Say whether a problem is refused; if not, check the cost and capital of its plans in Python's own numbers."""
    try:
        instance = build_instance(found.region, found.norms, found.scenario)
    except InputError as error:
        if [problem.code for problem in error.problems] != ["E605"]:
            raise
        return False
    columns = enumerate_plans(instance)
    first = [int(np.flatnonzero(columns.ward == ward)[0]) for ward in (0, 1)]
    for row in range(0, len(columns), max(1, len(columns) // 12)):
        ward = int(columns.ward[row])
        both = [row, first[1]] if ward == 0 else [first[0], row]
        table = cost_table(*as_chosen(instance, columns.take(np.array(both))))
        cost = capital = 0
        for item, amounts in table.items():
            for t, vnd in enumerate(amounts[ward].tolist()):
                cost += vnd * instance.money.factors[t]
                capital += vnd * (
                    item in ("renovation", "fit_out", "moves", "construction", "contingency", "land")
                )
                capital += vnd * (
                    item == "release_income" and t < 14
                )  # what comes in is spent in the next year
        assert cost == int(columns.cost[row])
        assert capital == int(columns.resources["budget_2039"][row])
    return True


def _largest_that_is_taken(cases: list[Case]) -> int:
    """Return how many of some problems are taken; what is beyond one that is refused is refused too."""
    taken = [exact(found) for found in cases]
    assert taken == sorted(taken, reverse=True)
    return sum(taken)


@pytest.mark.parametrize("price", [key for key in DEFAULTS["prices"] if key != "speed_kmh"])
def test_unit_prices(price: str) -> None:
    assert _largest_that_is_taken([case(prices={price: vnd}) for vnd in FROM_LOW_TO_HIGH]) >= 1


@pytest.mark.parametrize("price", ["cost_6_7_vnd_per_m2", "cost_le5_vnd_per_m2"])
def test_prices_of_centres(price: str) -> None:
    storeys = {"storeys_phuong": 5, "storeys_xa": 5} if "le5" in price else {}
    assert _largest_that_is_taken([case(centres={price: vnd, **storeys}) for vnd in FROM_LOW_TO_HIGH]) >= 1


@pytest.mark.parametrize("price", ["extra_vnd_year", "overload_vnd_per_post_year"])
def test_prices_of_departments(price: str) -> None:
    on = {"open": True, "extra_max": 0, "posts_each": 1}
    assert _largest_that_is_taken([case(departments={price: vnd, **on}) for vnd in FROM_LOW_TO_HIGH]) >= 1


def _land(metres: int, price: int, rent: int, **sections: Any) -> Case:
    found = case(**sections)
    zones = found.norms.land_zones.assign(land_vnd_per_m2=price, rent_vnd_per_m2_month=rent)
    found = replace(found, norms=replace(found.norms, land_zones=zones))
    return found.with_tables(sites=found.region.sites.assign(land_area_m2=metres))


@pytest.mark.parametrize("growth", [0.0, 0.1])
def test_land_that_is_sold(growth: float) -> None:
    # At 2,000,000 m² and 100 million dong a site is worth 71 trillion dong: 7 × 10^19 millionths.
    cases = [
        _land(metres, price, 0, horizon={"price_growth": growth})
        for metres, price in (
            (1_000, 10**7),
            (10**5, 10**7),
            (10**6, 10**7),
            (2_000_000, 10**8),
            (2_000_000, 10**10),
        )
    ]
    assert 1 <= _largest_that_is_taken(cases) <= 3


def test_land_that_is_not_sold_may_be_as_dear_as_it_is() -> None:
    assert exact(_land(2_000_000, 10**10, 10**9, release={"route": "public_use"}))
    assert exact(_land(2_000_000, 10**10, 0, release={"route": "lease"}))
    assert not exact(_land(2_000_000, 10**10, 0, release={"cash_route": "auction"}))


def test_floors_that_are_let() -> None:
    cases = [_land(1_000, 0, rent) for rent in (10**5, 10**7, 10**8, 10**9)]
    assert 1 <= _largest_that_is_taken(cases) <= 3


@pytest.mark.parametrize("growth", [0.0, 0.1, 0.5])
def test_land_that_is_bought(growth: float) -> None:
    # Without discount the land is worth in the end what was paid for it: its present value is nothing.
    point = {"name": "đất", "lat": 21.0, "lon": 105.81, "status": "estimated", "source": "test"}
    cases = []
    for metres, price in ((1_000, 10**6), (10**5, 10**7), (10**7, 10**8), (10**7, 10**10)):
        rows = [
            {
                "parcel_id": "P1",
                "ward_code": "00001",
                "land_area_m2": metres,
                "land_vnd_per_m2": price,
                **point,
            }
        ]
        found = case(
            horizon={"price_growth": 0.0, "construction_growth": growth}, centres={"land_price_share": 5.0}
        )
        cases.append(found.with_tables(parcels=pd.DataFrame(rows).set_index("parcel_id")))
    assert 1 <= _largest_that_is_taken(cases) <= 3


def test_more_visits_than_can_be_paid() -> None:
    # 2 × 800 million visits times 60 km times 200 billion dong a km is beyond 63 bits even in dong.
    found = case(
        prices={"vnd_per_km": MAX_PRICE, "citizen_vnd_per_hour": MAX_PRICE, "speed_kmh": 1},
        reception={
            "files_per_1000_people_year": 20_000,
            "online_share": 0,
            "postal_share": 0,
            "visits_per_file": 20,
        },
    )
    wards, pairs = found.region.wards.copy(), found.region.pairs.copy()
    wards["population"], pairs["population"] = 2_000_000, 2_000_000
    communes = found.region.communes.assign(lat=21.3)
    assert not exact(found.with_tables(wards=wards, pairs=pairs, communes=communes))


def _sharing(vnd_per_km: int) -> Case:
    """Return the case in which ward 00002 may be a guest eleven kilometres away; its people live at its own sites."""
    found = case(
        centres={"allowed": False},
        horizon={"price_growth": 0.0},
        prices={"vnd_per_km": vnd_per_km, "staff_vnd_per_hour": 0, "citizen_vnd_per_hour": 0},
        rules={"shared": ("A1 00002",), "centres_min": None},
    )
    return found.with_tables(sites=found.region.sites.assign(use="candidate"))


def test_a_guest_that_is_far_away() -> None:
    taken = []
    for vnd_per_km in (10**4, 10**5, 10**6, 10**7, 10**8):
        found = _sharing(vnd_per_km)
        try:
            instance = build_instance(found.region, found.norms, found.scenario)
        except InputError:
            taken.append(False)
            continue
        taken.append(True)
        columns = enumerate_plans(instance)
        assert (columns.partner >= 0).any()
        for row in np.flatnonzero(columns.partner >= 0).tolist():
            table = cost_table(*as_chosen(instance, columns.take(np.array([row]))))
            cost = sum(
                int(vnd) * instance.money.factors[t]
                for amounts in table.values()
                for t, vnd in enumerate(amounts.sum(axis=0).tolist())
            )
            assert cost == int(columns.cost[row]) > 0
    assert taken[0]
    assert not taken[-1]
    assert taken == sorted(taken, reverse=True)


def test_a_refusal_names_the_unit_and_what_to_do() -> None:
    found = case(prices={"running_vnd_per_m2_year": MAX_PRICE})
    with pytest.raises(InputError) as caught:
        build_instance(found.region, found.norms, found.scenario)
    (problem,) = caught.value.problems
    assert problem.where == "test 00001"
    assert problem.fix.startswith("At most 9 x 10^12 dong a unit.")
    found = _sharing(10**8)
    with pytest.raises(InputError) as caught:
        build_instance(found.region, found.norms, found.scenario)
    assert caught.value.problems[0].fix.startswith("At most 4 x 10^12 dong a unit.")
