"""Prices of chosen plans, item by item and year by year: growth that adds up, and the cost that was minimised."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner import costs
from planner.instance import Instance
from planner.model import PlanColumns, as_chosen, enumerate_plans
from planner.model.assemble import build_instance
from planner.pricing import cost_table, free_from, opening_years
from tests.oracle.over_time import random_time_case
from tests.rules.tiny import tiny_case

AMOUNTS = st.integers(0, 10**15)
GROWTH = st.integers(costs.MILLION, 300 * costs.MILLION)


# --- growth ------------------------------------------------------------------------------------------------------


def test_growth_by_hand() -> None:
    # 1.033333: ⌊10 · ⌋ = 10, ⌊30.99999⌋ = 30, ⌊61.99998⌋ = 61: each alone would be 10, 20, 30.
    amounts = {"running": np.array([10]), "site_fixed": np.array([20]), "overload": np.array([30])}
    grown = costs.spread_growth(amounts, 1_033_333)
    assert {item: values.tolist() for item, values in grown.items()} == {
        "running": [10],
        "site_fixed": [20],
        "overload": [31],
    }


def test_items_grow_in_their_order_whatever_the_order_of_the_table() -> None:
    amounts = {"overload": np.array([30]), "running": np.array([10])}
    assert list(costs.spread_growth(amounts, 1_500_000)) == ["running", "overload"]


@given(st.lists(AMOUNTS, min_size=len(costs.YEARLY_ITEMS), max_size=len(costs.YEARLY_ITEMS)), GROWTH)
def test_the_rows_of_a_year_add_up_to_the_escalated_sum(amounts: list[int], growth: int) -> None:
    table = {item: np.array([vnd]) for item, vnd in zip(costs.YEARLY_ITEMS, amounts, strict=True)}
    grown = costs.spread_growth(table, growth)
    assert sum(int(values[0]) for values in grown.values()) == sum(amounts) * growth // costs.MILLION
    assert all(values[0] >= 0 for values in grown.values())


@given(AMOUNTS, GROWTH)
def test_escalated_is_exact(amount: int, growth: int) -> None:
    assert costs.escalated(np.array([amount]), growth).tolist() == [amount * growth // costs.MILLION]


@given(AMOUNTS, st.integers(0, 5), st.integers(0, 5), st.sampled_from([0.0, 0.03, 0.4]))
def test_present_value_of_some_years(amount: int, first: int, stop: int, growth: float) -> None:
    prices = costs.money(tiny_case(horizon={"price_growth": growth}).scenario)
    amount //= 10**3
    expected = sum(amount * prices.growth[t] // costs.MILLION * prices.factors[t] for t in range(first, stop))
    assert prices.present(np.array([amount]), first, stop).tolist() == [expected]


# --- plans -------------------------------------------------------------------------------------------------------


def _priced_alone(instance: Instance, columns: PlanColumns, row: int) -> int:
    """Return the present value of the rows of one plan (of a pair: of both wards)."""
    every = list(range(len(instance.wards)))
    mine = columns.take(np.array([row]))
    covered = {int(mine.ward[0]), int(mine.partner[0])} - {-1}
    # A problem is priced for one plan a ward: others take any, and are left out again.
    others = [
        int(np.flatnonzero((columns.ward == w) & (columns.partner < 0))[0]) for w in every if w not in covered
    ]
    rows = np.sort(np.array([row, *others]))
    priced, chosen = as_chosen(instance, columns.take(rows))
    table = cost_table(priced, chosen)
    factors = instance.money.factors
    places = [i for i, ward in enumerate(chosen.ward.tolist()) if ward in covered]
    return sum(
        int(vnd) * factors[t]
        for amounts in table.values()
        for i in places
        for t, vnd in enumerate(amounts[i].tolist())
    )


def _check_every_plan(seed: int) -> tuple[int, set[str]]:
    case = random_time_case(seed, limited=True)
    instance = build_instance(case.region, case.norms, case.scenario)
    columns = enumerate_plans(instance, every_set=seed % 3 == 0)
    alone = set(columns.ward[columns.partner < 0].tolist())
    if alone != set(range(len(instance.wards))):
        return 0, set()
    seen: set[str] = set()
    rows = range(len(columns)) if len(columns) <= 60 else range(0, len(columns), len(columns) // 60)
    for row in rows:
        assert _priced_alone(instance, columns, row) == int(columns.cost[row]), (seed, row)
    seen |= {"pair"} if (columns.partner >= 0).any() else set()
    seen |= {"centre"} if (columns.centre >= 0).any() else set()
    seen |= {"extra"} if (columns.extra > 0).any() else set()
    seen |= {"growth"} if case.scenario.horizon.price_growth else set()
    return len(rows), seen


def test_rows_of_a_plan_are_worth_what_was_minimised() -> None:
    plans, seen = 0, set()
    for seed in range(12):
        count, kinds = _check_every_plan(seed)
        plans, seen = plans + count, seen | kinds
    assert plans > 90
    assert seen == {"pair", "centre", "extra", "growth"}


@pytest.mark.slow
def test_rows_of_many_plans_are_worth_what_was_minimised() -> None:
    assert sum(_check_every_plan(seed)[0] for seed in range(1_000, 1_100)) > 660


def _with_a_centre(**sections: Any) -> tuple[Instance, PlanColumns]:
    """Return the tiny problem, and its cheapest plans in which both wards build; the first year is busy."""
    case = tiny_case(
        centres={"allowed": True, "storeys_xa": 7},
        rules={"centres_min": 2},
        **sections,
    )
    case = case.with_tables(sites=case.region.sites.assign(use="candidate", land_area_m2=3_000))
    instance = build_instance(case.region, case.norms, case.scenario)
    columns = enumerate_plans(instance)
    rows = [int(np.flatnonzero((columns.ward == w) & (columns.centre >= 0))[0]) for w in (0, 1)]
    return instance, columns.take(np.array(rows))


def test_items_of_the_arrangement_end_where_those_of_the_centre_begin() -> None:
    instance, columns = _with_a_centre(horizon={"years": 6})
    opens = opening_years(instance, columns)
    table = cost_table(instance, columns)
    for row in (0, 1):
        centre = columns.centre_of(instance, row)
        assert centre is not None
        first, other = opens[row], [t for t in range(6) if t < opens[row]]
        assert centre.opens == first
        assert len(set(table["running"][row, other].tolist())) == 1
        assert table["running"][row, first:].tolist() == [centre.floor * 300_000] * (6 - first)
        assert not table["crowding"][row, first:].any()
        assert not table["hall_rent"][row, first:].any()
        assert table["construction"][row].sum() == centre.floor * 11_000_000
    assert opening_years(instance, columns.take(np.zeros(0, np.int64))).tolist() == []


def test_sites_are_free_when_their_last_part_leaves() -> None:
    instance, columns = _with_a_centre()
    for row in (0, 1):
        sites, free = free_from(instance, columns, row)
        centre = columns.centre_of(instance, row)
        assert centre is not None
        used = set(columns.site_of_part[row].tolist())
        for site, since in zip(sites.tolist(), free.tolist(), strict=True):
            if site == centre.place.site:
                assert since == 5  # the land of the centre is never free
            else:
                assert since == (centre.opens if site in used else 0)
