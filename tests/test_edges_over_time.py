"""Settings at their ends: no year for a centre, no land, rules of nothing, names with odd letters; twice the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from planner import program, solve
from planner.errors import Infeasible
from planner.model import enumerate_plans
from planner.model.assemble import build_instance
from planner.plan import Plan, make_plan
from planner.program import Effort
from tests.oracle.instances import Case
from tests.oracle.over_time import random_time_case
from tests.rules.tiny import further_departments, tiny_case
from tests.test_centres import parcels

pytestmark = pytest.mark.solver

BUILDING = {"allowed": True, "storeys_xa": 7}
ODD = 'Huyện "Ba Vì" & (cũ) [x] 2030: a-b_c'


def case(**sections: Any) -> Case:
    """Return the tiny region with land for a centre on every site."""
    found = tiny_case(**sections)
    return found.with_tables(sites=found.region.sites.assign(land_area_m2=9_000, use="candidate"))


def plan(found: Case, solver: str = "highs") -> Plan:
    return make_plan(found.scenario, found.region, found.norms, Effort(solver), with_today=False)  # type: ignore[arg-type]


def _opened(found: Plan) -> list[int]:
    """Return the years in which centres open."""
    centres = found.premises[
        (found.premises["kind"] == "joint_centre") & (found.premises["status"] == "in_use")
    ]
    return sorted(centres.groupby("site_id")["year"].min().tolist())


def _why(found: Case) -> list[tuple[str, str, str]]:
    with pytest.raises(Infeasible) as caught:
        plan(found)
    return [(problem.code, problem.where, problem.fix) for problem in caught.value.problems]


# --- time --------------------------------------------------------------------------------------------------------


def test_a_centre_may_be_begun_in_the_first_year() -> None:
    found = plan(case(centres={**BUILDING, "first_start_after_years": 0, "build_years": 1}, horizon={"years": 2},
                      rules={"centres_min": 2}))  # fmt: skip
    assert _opened(found) == [2026, 2026]
    capital = found.costs[(found.costs["year"] == 2025) & (found.costs["heading"] == "capital")]
    assert {"construction", "contingency", "moves"} <= set(capital["item"])


def test_ten_years_of_building() -> None:
    centres = {**BUILDING, "first_start_after_years": 0, "build_years": 10}
    found = plan(case(centres=centres, horizon={"years": 15}, rules={"centres_min": 2}))
    assert all(2035 <= year <= 2039 for year in _opened(found))
    assert len(_opened(found)) == 2
    assert _why(case(centres=centres, horizon={"years": 10}, rules={"centres_min": 1})) == [
        ("E603", "rules.centres_min", "The largest value that works is 0.")
    ]


def test_a_horizon_of_one_year() -> None:
    rules = {"surplus_min": {2025: 1}, "centres_building_max": 0, "relocations_max": 0}
    found = plan(case(horizon={"years": 1}, centres=BUILDING, rules=rules, budget={"yearly_vnd": 0}))
    assert found.costs["year"].unique().tolist() == [2025]
    assert _opened(found) == []
    # The first year has no budget unless it is given one.
    (why,) = _why(case(horizon={"years": 1}, budget={"yearly_vnd": 0, "from_year": 2025}))
    assert why[:2] == ("E603", "budget.yearly_vnd")


def test_rules_on_every_one_of_fifteen_years() -> None:
    centres = {**BUILDING, "first_start_after_years": 0}
    rules = {"centres_building_max": 1, "relocations_max": 1, "centres_min": 2}
    found = plan(case(horizon={"years": 15}, centres=centres, rules=rules))
    first, second = _opened(found)
    assert second - first >= 2  # each is two years under construction


# --- places ------------------------------------------------------------------------------------------------------


def test_a_ward_without_sites_has_no_interim() -> None:
    found = case(centres=BUILDING, rules={"excluded": ("B1", "B2")})
    found = found.with_tables(parcels=parcels(("P1", "00002", 9_000, None)))
    assert _why(found) == [("E601", "00002 Hai", "Take a site out of rules.excluded.")]
    # The same where the tables name none.
    sites = found.region.sites
    assert _why(found.with_tables(sites=sites[sites["ward_code"] == "00001"]))[0][0] == "E601"


def test_parcels_only() -> None:
    found = case(centres=BUILDING, rules={"centres_min": 2})
    lots = parcels(("P1", "00001", 9_000, None), ("P2", "00002", 9_000, 5))
    made = plan(found.with_tables(sites=found.region.sites.assign(land_area_m2=50), parcels=lots))
    centres = made.premises[made.premises["kind"] == "joint_centre"]
    assert set(centres["location"]) == {"P1", "P2"}
    land = made.costs[made.costs["item"] == "land"].set_index("ward_code")["vnd"]
    assert land.to_dict() == {"00001": 9_000 * 30_000_000, "00002": 9_000 * 5}


# --- rules -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_rules_of_which_no_plan_uses_anything(solver: str) -> None:
    # No plan builds, opens or spends after the first year: rows without a variable.
    rules = {
        "centres_building_max": 0,
        "relocations_max": 0,
        "surplus_min": {2026: 0},
        "surplus_m2_min": {2025: 0},
    }
    found = case(rules=rules, centres={**BUILDING, "first_start_after_years": 4}, budget={"yearly_vnd": 0})
    names = solve.city_limits(found.scenario)
    assert len(names) == 5 + 4 + 1 + 1 + 4
    made = plan(found, solver)
    assert made.facts["status"] == "optimal"
    assert {limit["name"] for limit in made.facts["limits"]} == set(names)


def test_a_limit_that_no_sum_reaches_is_told() -> None:
    free = {"surplus_m2_min": {2028: 1_000}}
    assert _why(case(rules=free)) == [
        ("E603", "rules.surplus_m2_min 2028", "The largest value that works is 500.")
    ]
    (why,) = _why(case(rules={"surplus_min": {2026: 9}, "surplus_m2_min": {2028: 10**7}}))
    assert why[:2] == ("E604", "rules.surplus_min 2026, rules.surplus_m2_min 2028")


@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_districts_with_odd_names(solver: str) -> None:
    names = {ODD: 1, "Huyện_Ba Vì": 0, "Huyện Ba-Vì": 0}
    found = case(centres=BUILDING, rules={"centres_min_by_district": names})
    named = found.region.wards.assign(former_district=[ODD, "Huyện_Ba Vì"])
    made = plan(found.with_tables(wards=named), solver)
    assert len(_opened(made)) == 1
    (why,) = _why(found.with_tables(wards=named.assign(former_district="Huyện Ba-Vì")))
    assert why == ("E603", f"rules.centres_min_by_district {ODD}", "The largest value that works is 0.")


def test_names_of_rows_and_variables_are_unique() -> None:
    names = {ODD: 0, ODD.replace("-", "_"): 0, ODD.replace("_", "-"): 0, "Ba Vì": 0, "Ba-Vì": 0, "Ba_Vì": 0}
    found = case(
        centres=BUILDING,
        rules={"centres_min_by_district": names, "surplus_min": {2026: 0}, "surplus_m2_min": {2026: 0},
               "centres_building_max": 9, "relocations_max": 9, "centres_min": 0, "centres_min_xa": 0},
        budget={"yearly_vnd": 10**15},
    )  # fmt: skip
    instance = build_instance(found.region, found.norms, found.scenario)
    columns, limits = enumerate_plans(instance), solve.city_limits(found.scenario)
    built, _ = program.build_program(columns, instance.wards, limits)
    written = [row.name for row in built.constraints()]
    assert len(set(written)) == len(written) == 2 + len(limits)
    assert all(name.isascii() and name.replace("_", "").isalnum() for name in written)


def test_the_arrangement_in_force_with_every_setting() -> None:
    found = case(
        arrangement="today", start="today", centres=BUILDING, departments={"open": True, "extra_max": 2},
        release={"route": "priority"}, horizon={"price_growth": 0.03, "construction_growth": 0.05},
        rules={"centres_min": 0, "surplus_min": {2026: 0}, "floor_area": "report", "hall": "report",
               "one_site_where_enough": "off", "departments_max": 99, "centres_building_max": 1},
        budget={"yearly_vnd": 10**12, "from_year": 2025, "recycle_income": True, "carry_over": True},
    )  # fmt: skip
    made = plan(further_departments(found))
    assert made.facts["status"] == "optimal"
    assert _opened(made) == []
    seats = made.assignments[made.assignments["year"] == 2029].set_index(["ward_code", "part"])["site_id"]
    assert (seats["00001", "party"], seats["00001", "office"], seats["00002", "reception"]) == (
        "A2",
        "A1",
        "B1",
    )


# --- the same again ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seeds", [range(40, 48), pytest.param(range(48, 64), marks=pytest.mark.slow)])
def test_the_same_input_gives_the_same_tables(seeds: range) -> None:
    made = 0
    for seed in seeds:
        found = random_time_case(seed, limited=True)
        found = found.changed("rules", max_sites=min(2, found.scenario.rules.max_sites))
        try:
            first, second = plan(found), plan(found)
        except Infeasible:
            continue
        made += 1
        for table in ("assignments", "premises", "costs", "measures", "years"):
            assert getattr(first, table).to_csv() == getattr(second, table).to_csv(), (seed, table)
    assert made >= len(seeds) // 4


def test_ties_go_to_no_centre_then_the_first_place_and_year() -> None:
    prices = {name: 0 for name in tiny_case().scenario.prices.model_dump() if name != "speed_kmh"}
    free = {**BUILDING, "cost_6_7_vnd_per_m2": 0, "first_start_after_years": 0, "build_years": 1}
    for least, expected in ((0, [-1, -1]), (2, [0, 0])):
        found = case(prices=prices, centres=free, rules={"centres_min": least, "hall": "off"})
        instance = build_instance(found.region, found.norms, found.scenario)
        columns = enumerate_plans(instance)
        outcome = solve.choose(columns, instance.wards, solve.city_limits(found.scenario))
        assert outcome.cost == 0
        if least:
            assert columns.centre[outcome.rows].tolist() == expected
        else:
            first = [int(np.flatnonzero(columns.ward == ward)[0]) for ward in (0, 1)]
            assert (columns.cost[first] == 0).all()
