"""What must hold whatever the data are: hypothesis draws seeds, `random_case` builds the problem."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from planner import costs, model, pricing, solve
from planner.errors import Infeasible
from planner.instance import NOT_FIXED, Instance
from planner.model.assemble import build_instance
from tests.oracle import brute, facts
from tests.oracle.instances import Case, random_case

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.solver

SEEDS = st.integers(0, 100_000)
LIMITS = st.sampled_from(["premises", "capital", "both"])
few = settings(max_examples=8)


def _columns(case: Case) -> tuple[Instance, model.PlanColumns]:
    instance = build_instance(case.region, case.norms, case.scenario)
    return instance, model.enumerate_plans(instance)


def _outcome(case: Case) -> solve.Outcome | None:
    """Return the outcome, or None if there is no plan."""
    instance, columns = _columns(case)
    if len(np.unique(columns.ward)) < len(instance.wards):
        return None
    try:
        return solve.choose(columns, instance.wards, solve.city_limits(case.scenario))
    except Infeasible:
        return None


def _cost(case: Case) -> int | None:
    outcome = _outcome(case)
    return None if outcome is None else outcome.cost


def _used(case: Case) -> set[str]:
    instance, columns = _columns(case)
    outcome = solve.choose(columns, instance.wards, solve.city_limits(case.scenario))
    rows = columns.site_of_part[outcome.rows]
    return set(instance.sites.index[np.unique(rows[rows != NOT_FIXED])])


# --- what must not matter ----------------------------------------------------------------------------------------


@few
@given(SEEDS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(seed: int, rng: Any) -> None:
    case = random_case(seed, limit=rng.choice(["", "premises"]))

    def shuffled(table: pd.DataFrame) -> pd.DataFrame:
        order = list(range(len(table)))
        rng.shuffle(order)
        return table.iloc[order]

    region = case.region
    tables = {
        name: shuffled(getattr(region, name)) for name in ("wards", "communes", "pairs", "sites", "today")
    }
    norms = replace(
        case.norms,
        positions=shuffled(case.norms.positions),
        trips=shuffled(case.norms.trips),
        space_norms=shuffled(case.norms.space_norms),
        land_zones=shuffled(case.norms.land_zones),
    )
    other = replace(case.with_tables(**tables), norms=norms)
    assert _cost(other) == _cost(case)


@few
@given(SEEDS, LIMITS, st.randoms(use_true_random=False))
def test_names_of_wards_and_sites_do_not_matter(seed: int, limit: str, rng: Any) -> None:
    case = random_case(seed, limit=limit)
    region, scenario = case.region, case.scenario
    wards = _renamed(region.wards.index, rng)
    sites = _renamed(region.sites.index, rng) | {"": ""}
    other = case.with_tables(
        wards=region.wards.rename(index=wards).sort_index(),
        pairs=region.pairs.assign(ward_code=region.pairs["ward_code"].map(wards)),
        sites=region.sites.assign(ward_code=region.sites["ward_code"].map(wards))
        .rename(index=sites)
        .sort_index(),
        today=region.today.assign(
            ward_code=region.today["ward_code"].map(wards), site_id=region.today["site_id"].map(sites)
        ),
    ).changed(
        "rules",
        required=tuple(sites[site] for site in scenario.rules.required),
        excluded=tuple(sites[site] for site in scenario.rules.excluded),
    )
    assert _cost(other) == _cost(case)


def _renamed(names: pd.Index, rng: Any) -> dict[str, str]:
    others = list(names)
    rng.shuffle(others)
    return dict(zip(names, others, strict=True))


@few
@given(SEEDS)
def test_closing_an_unused_site_changes_nothing(seed: int) -> None:
    # The released site must bring no income, and a former district headquarters must not be what asked for one site.
    case = random_case(seed).changed("release", route="public_use").changed(arrangement="free")
    if case.scenario.rules.one_site_where_enough == "former_district_hq":
        case = case.changed("rules", one_site_where_enough="any")
    before = _cost(case)
    assume(before is not None)
    sites = case.region.sites
    unused = sorted(set(sites.index[sites["use"] == "candidate"]) - _used(case))
    assume(unused)
    excluded = (*case.scenario.rules.excluded, unused[seed % len(unused)])
    assert _cost(case.changed("rules", excluded=excluded)) == before


# --- directions --------------------------------------------------------------------------------------------------


def _not_dearer(after: int | None, before: int | None) -> bool:
    """Tell whether a relaxed problem costs no more; one without a plan may get one, not the other way round."""
    if before is None:
        return True
    return after is not None and after <= before


@few
@given(SEEDS, st.integers(0, 3))
def test_one_more_candidate_site_never_raises_the_cost(seed: int, copied: int) -> None:
    # Where rules are only reported a further site may mean less missing at a higher cost: they are enforced here.
    case = random_case(seed).changed("release", route="public_use").changed(arrangement="free")
    case = case.changed("rules", one_site_where_enough="off", floor_area="enforce", hall="enforce")
    sites = case.region.sites
    row = sites.iloc[[copied % len(sites)]].rename(index=lambda site: f"{site}-new")
    row = row.assign(
        lat=row["lat"] + 0.01, floor_area_m2=row["floor_area_m2"] * 2, hall_seats=150, use="candidate"
    )
    more = case.with_tables(sites=pd.concat([sites, row]).sort_index())
    assert _not_dearer(_cost(more), _cost(case))


def _floor_case(seed: int, crowding: Callable[[Any, int, int], int]) -> Case:
    case = random_case(seed).changed("release", route="public_use").changed(start="before_reform")
    case = case.changed("rules", one_site_where_enough="off", floor_area="enforce", hall="off")
    factors = facts.discount_factors(case.scenario)
    return case.changed(
        "prices", crowding_vnd_per_m2_year=crowding(case.scenario.prices, factors[0], sum(factors))
    )


def _dear_crowding(prices: Any, first: int, every: int) -> int:
    """A missing m² costs at least what it costs to repair and run it on any site."""
    repair = max(getattr(prices, f"renovation_{letter}_vnd_per_m2") for letter in "abcd")
    return prices.running_vnd_per_m2_year + -(-repair * first // every)


@few
@given(SEEDS, st.integers(1, 3_000))
def test_more_floor_never_raises_the_cost_if_crowding_is_dear_enough(seed: int, extra: int) -> None:
    case = _floor_case(seed, _dear_crowding)
    floor = case.region.sites["floor_area_m2"]
    larger = floor.where(np.arange(len(floor)) != seed % len(floor), floor + extra)
    more = case.with_tables(sites=case.region.sites.assign(floor_area_m2=larger))
    assert _not_dearer(_cost(more), _cost(case))


def test_more_floor_can_raise_the_cost_if_crowding_is_cheap() -> None:
    # Up to the norm, floor is repaired and run; with a price on it and none on crowding, a larger site costs more.
    case = _floor_case(3, lambda prices, first, every: 0)
    case = case.changed("prices", running_vnd_per_m2_year=300_000).changed("rules", max_sites=4)
    sites = case.region.sites
    tight = case.changed("space", tight_m2_per_person=3.0)
    small = tight.with_tables(sites=sites.assign(floor_area_m2=900))
    large = tight.with_tables(sites=sites.assign(floor_area_m2=9_000))
    before, after = _cost(small), _cost(large)
    assert before is not None
    assert after is not None
    assert after > before


@few
@given(SEEDS)
def test_a_tighter_limit_on_premises_never_lowers_the_cost(seed: int) -> None:
    case = random_case(seed, limit="premises")
    last = _cost(case.changed("rules", premises_max=None))
    for most in range(4 * len(case.region.wards), 0, -1):
        cost = _cost(case.changed("rules", premises_max=most))
        assert _not_dearer(last, cost)
        last = cost
        if cost is None:
            break


@few
@given(SEEDS, st.integers(0, 2_000_000_000))
def test_a_tighter_limit_on_capital_never_lowers_the_cost(seed: int, less: int) -> None:
    case = random_case(seed, limit="capital")
    limit = case.scenario.rules.capital_max_vnd
    tighter = case.changed("rules", capital_max_vnd=max(0, limit - less))
    assert _not_dearer(_cost(case), _cost(tighter))


# --- money -------------------------------------------------------------------------------------------------------


@few
@given(SEEDS, st.integers(2, 9))
def test_scaling_all_money_scales_the_cost(seed: int, factor: int) -> None:
    case = random_case(seed).changed("prices", staff_vnd_per_hour=60_000, citizen_vnd_per_hour=36_000)
    prices = {
        name: value * factor
        for name, value in case.scenario.prices.model_dump().items()
        if name != "speed_kmh"
    }
    zones = case.norms.land_zones
    scaled = zones.assign(
        land_vnd_per_m2=zones["land_vnd_per_m2"] * factor,
        rent_vnd_per_m2_month=zones["rent_vnd_per_m2_month"] * factor,
    )
    other = replace(case.changed("prices", **prices), norms=replace(case.norms, land_zones=scaled))
    before, after = _cost(case), _cost(other)
    if before is None:
        assert after is None
        return
    assert after is not None
    # Rounded down to whole dong: two kinds of travel a ward and year, and the value of every released site.
    factors = facts.discount_factors(case.scenario)
    rounded = 2 * len(case.region.wards) + len(case.region.sites)
    assert abs(after - factor * before) <= factor * rounded * sum(factors)


# --- bounds ------------------------------------------------------------------------------------------------------


@few
@given(SEEDS)
def test_without_limits_the_certified_bound_is_the_cost(seed: int) -> None:
    outcome = _outcome(random_case(seed))
    if outcome is not None:
        assert outcome.certified_bound == outcome.bound == outcome.cost
        assert outcome.status == "optimal"


@few
@given(SEEDS, LIMITS)
def test_under_limits_the_bounds_are_below_the_true_optimum(seed: int, limit: str) -> None:
    case = random_case(seed, limit=limit)
    outcome = _outcome(case)
    if outcome is not None:
        best = brute.solve(facts.city_facts(case)).cost
        assert best is not None
        assert outcome.certified_bound <= outcome.bound <= best == outcome.cost


@few
@given(SEEDS, st.floats(0, 1e11), st.floats(0, 100))
def test_any_prices_give_a_valid_bound(seed: int, of_premises: float, of_capital: float) -> None:
    case = random_case(seed, limit="both")
    instance, columns = _columns(case)
    outcome = _outcome(case)
    if outcome is not None:
        limits = solve.city_limits(case.scenario)
        prices = {"premises": of_premises, "capital": of_capital}
        assert solve.lagrangian_bound(columns, limits, prices) <= outcome.cost
        assert instance.wards == list(case.region.wards.index)


# --- what is kept ------------------------------------------------------------------------------------------------


@few
@given(SEEDS, LIMITS)
def test_plans_that_are_left_out_cannot_matter(seed: int, limit: str) -> None:
    """Every arrangement costs no less and uses no less of every limited resource than one that is kept."""
    case = random_case(seed, limit=limit)
    city = facts.city_facts(case)
    _, columns = _columns(case)
    names = list(columns.resources)
    assert names == ["premises"] + ["capital"] * (limit != "premises")
    for place, ward in enumerate(city.wards):
        rows = columns.take(np.flatnonzero(columns.ward == place))
        kept = np.column_stack([rows.cost, *(rows.resources[name] for name in names)])
        every = brute.ward_plans(city, ward)
        for plan in every:
            use = np.array([plan.cost, *(getattr(plan, name) for name in names)])
            assert (kept <= use).all(axis=1).any()
        assert bool(len(rows)) == bool(every)
        # Nothing is kept twice, nothing that is kept can be left out.
        for row in range(len(rows)):
            beats = (kept <= kept[row]).all(axis=1)
            assert beats.sum() == 1


@few
@given(SEEDS, LIMITS)
def test_all_arrangements_give_the_same_optimum(seed: int, limit: str) -> None:
    case = random_case(seed, limit=limit)
    outcome = _outcome(case)
    city = facts.city_facts(case)
    columns = _all_columns(city)
    wards = [ward.code for ward in city.wards]
    if len(np.unique(columns.ward)) < len(wards):
        assert outcome is None
        return
    try:
        whole = solve.choose(columns, wards, solve.city_limits(case.scenario))
    except Infeasible:
        assert outcome is None
        return
    assert outcome is not None
    assert whole.cost == outcome.cost


def _all_columns(city: facts.City) -> model.PlanColumns:
    plans = [(w, plan) for w, ward in enumerate(city.wards) for plan in brute.ward_plans(city, ward)]
    most = max(len(ward.parts) for ward in city.wards)

    def array(values: list[Any]) -> np.ndarray:
        return np.array(values, np.int64)

    return model.PlanColumns(
        ward=array([w for w, _ in plans]),
        cost=array([plan.cost for _, plan in plans]),
        resources={
            "premises": array([plan.premises for _, plan in plans]),
            "capital": array([plan.capital for _, plan in plans]),
        },
        missing_m2=array([plan.missing_m2 for _, plan in plans]),
        missing_seats=array([plan.missing_seats for _, plan in plans]),
        site_of_part=array([[*plan.seats, *[-1] * (most - len(plan.seats))] for _, plan in plans]).reshape(
            len(plans), most
        ),
    )


@few
@given(SEEDS)
def test_itemised_costs_add_up_to_the_price_of_every_plan(seed: int) -> None:
    case = random_case(seed, limit="capital")
    instance, columns = _columns(case)
    assume(len(columns))
    table = pricing.cost_table(instance, columns)
    total = sum(amounts @ np.array(instance.money.factors) for amounts in table.values())
    assert np.array_equal(total, columns.cost)
    capital = sum(table[item][:, 0] for item in costs.CAPITAL_ITEMS)
    assert np.array_equal(capital, columns.resources["capital"])
