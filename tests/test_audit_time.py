"""The audit of plans over time: numbers worked out by hand, bounds against trying everything, tampered plans."""

import json
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest

from planner.audit import (
    bound,
    centres,
    city,
    format_report,
    fronts,
    pairs,
    price,
    routes,
    search,
    sharing_bound,
    yearly,
)
from planner.audit.centres import Centre
from planner.audit.city import Rule
from planner.audit.course import Course, escalate, rows_of
from planner.audit.measures import measures
from planner.audit.price import Case, build_cases, with_extra
from planner.audit.read import Parcel, Part, Point, Position
from planner.audit.settings import Settings
from planner.plan import make_plan
from planner.region import read_norms, read_region
from planner.scenario import read_scenario
from tests.test_audit import A, C, Copy, M, P, by, codes, drop, new_project, put, solve
from tests.test_audit_rules import (
    HERE,
    PARTS,
    POSITIONS,
    TOGETHER,
    case,
    inputs,
    random_case,
    settings,
    site,
    ward,
)

Y, B = "years.csv", "measures_by_year.csv"
LONG = {"horizon.years": 6, "centres.allowed": True}
NORTH = (HERE[0] + 0.01, HERE[1])


def over_time(**changes: Any) -> Settings:
    """Return six years with centres; keys with ``__`` for the dot."""
    values = {**settings().values, **LONG}
    for name, value in changes.items():
        key = name.replace("__", ".")
        assert key in values
        values[key] = value
    return Settings(values)


def centre(one: Case, location: str, start: int) -> Centre:
    return centres.centre_at(one, centres.places(one)[location], start)


# --- size, place and time of a centre ----------


def test_size_and_land_of_a_centre() -> None:
    """Norms 2,885 m² and a hall of ⌈99 / 0.6⌉ = 165 m²: 3,050; five storeys of 610 m²; 610 / 0.4 = 1,525 m²."""
    one = case(site("A"), rules=over_time())
    assert centres.centre_floor(one) == 3050
    assert centres.land_needed(one) == 1525
    assert centres.build_years(one) == 2
    assert centres.build_years(case(site("A"), rules=over_time(centres__large_m2=3049))) == 3
    assert centres.build_years(case(site("A"), rules=over_time(centres__large_m2=3050))) == 2


@pytest.mark.parametrize(("land", "beside"), [(1524, None), (1525, False), (7774, False), (7775, True)])
def test_a_site_has_room_or_room_beside_its_building(land: int, beside: bool | None) -> None:
    """The old building of 5,000 m² in two storeys takes 2,500 / 0.4 = 6,250 m² more."""
    places = centres.places(case(site("A", land=land), rules=over_time()))
    assert {name: place.beside for name, place in places.items()} == ({} if beside is None else {"A": beside})


def test_new_land_is_used_by_its_own_ward_only() -> None:
    parcels = [
        Parcel("L1", "00001", *NORTH, 1525, None), Parcel("L2", "00001", *NORTH, 1524, None),
        Parcel("L3", "00002", *NORTH, 9000, None),
    ]  # fmt: skip
    one = case(site("A"), rules=over_time(), parcels=parcels)
    places = centres.places(one)
    assert list(places) == ["L1"]
    assert places["L1"].beside
    assert 1100 < places["L1"].roads[0] < 1115


def test_a_ward_with_a_required_site_has_no_centre_elsewhere() -> None:
    sites = [site("A", land=9000), site("B", land=9000, use="required"), site("C", land=9000, use="excluded")]
    parcels = [Parcel("L1", "00001", *HERE, 9000, None)]
    assert list(centres.places(case(*sites, rules=over_time(), parcels=parcels))) == ["B"]


def test_no_centre_where_none_is_allowed_or_reality_is_kept() -> None:
    for rules in (settings(), over_time(arrangement="today")):
        assert centres.places(case(site("A", land=9000), rules=rules)) == {}


@pytest.mark.parametrize(
    ("after", "years", "expected"), [(1, 6, [2026, 2027, 2028]), (2, 5, [2027]), (2, 4, []), (0, 3, [2025])]
)
def test_a_centre_opens_within_the_horizon(after: int, years: int, expected: list[int]) -> None:
    rules = over_time(centres__first_start_after_years=after, horizon__years=years)
    assert centres.starts(case(site("A"), rules=rules)) == expected


# --- costs of a centre ----------


def test_costs_of_a_centre() -> None:
    """3,050 m² × 10,000 in halves; prices grow by 10 %: 1.1, 1.21 and, in 2028, 1.331."""
    one = case(site("A", land=2000), rules=over_time(horizon__construction_growth=Fraction("0.1")))
    built = centre(one, "A", 2026)
    rows = centres.capital_rows(one, built)
    assert built.opens == 2028
    assert rows == {
        (2026, "construction"): 16_775_000,
        (2027, "construction"): 18_452_500,
        (2026, "contingency"): 1_677_500,
        (2027, "contingency"): 1_845_250,
        (2028, "fit_out"): 71 * 25_000 * 1331 // 1000,
        (2028, "moves"): 71 * 2_000 * 1331 // 1000,
    }
    assert centres.residual_value(one, built, rows) == 38_750_250 * 47 // 50
    short = case(site("A", land=2000), rules=over_time(centres__life_years=2))
    built = centre(short, "A", 2026)
    assert centres.residual_value(short, built, centres.capital_rows(short, built)) == 0


def test_years_of_construction_add_up_and_the_later_carry_the_rest() -> None:
    rules = over_time(centres__build_years=3, centres__cost_le5_vnd_per_m2=1, centres__contingency_share=0)
    one = case(site("A", land=2000), rules=rules)
    rows = centres.capital_rows(one, centre(one, "A", 2026))
    assert [rows[year, "construction"] for year in (2026, 2027, 2028)] == [1016, 1017, 1017]


@pytest.mark.parametrize(("own", "paid"), [(700, 700_000), (None, 2_000_000_000)])
def test_only_new_land_is_paid_for_and_keeps_its_value(own: int | None, paid: int) -> None:
    """2,000 m² at its own price, else that of the zone; half of it is paid, in the first year of construction."""
    one = case(site("A", land=2000), rules=over_time(), parcels=[Parcel("L", "00001", *HERE, 2000, own)])
    built = centre(one, "L", 2027)
    rows = centres.capital_rows(one, built)
    assert rows[2027, "land"] == paid
    cash = 3050 * 10_000 * 11 // 10
    assert centres.residual_value(one, built, rows) == cash * 48 // 50 + paid
    assert all(item != "land" for _, item in centres.capital_rows(one, centre(one, "A", 2027)))


@pytest.mark.parametrize(
    ("high", "price_m2"), [(5, 10_000), (6, 11_000), (7, 11_000), (8, 12_000), (10, 12_000), (11, 13_000)]
)
def test_a_higher_building_costs_more(high: int, price_m2: int) -> None:
    assert centres.unit_cost(case(site("A"), rules=over_time(centres__storeys_phuong=high))) == price_m2


def test_a_ward_in_its_centre_has_no_rent_no_trips_and_one_site() -> None:
    one = case(
        site("A", land=2000, hall=50), site("B", lat=NORTH[0], land=2000), rules=over_time(),
        points={"00001": [Point(40_000, *HERE)]},
    )  # fmt: skip
    course = Course(one, {**TOGETHER, "party": "B", "culture": "B"}, centre(one, "B", 2026), "public_use")
    rows = rows_of(course)
    items = {year: {item for y, item in rows if y == year} for year in one.settings.years}
    assert items[2027] == {
        "running", "site_fixed", "staff_travel", "cohesion", "construction", "contingency"
    }  # fmt: skip
    assert items[2028] == {"running", "site_fixed", "citizen_travel", "fit_out", "moves"}
    assert items[2030] == {"running", "site_fixed", "citizen_travel", "residual_value"}
    assert rows[2028, "running"] == 3050 * 300
    assert rows[2027, "site_fixed"] == 2 * rows[2028, "site_fixed"] == 2 * 471_000
    metres = one.between["A", "B"]
    assert rows[2028, "citizen_travel"] == 2 * 8000 * metres * 4600 // 1000


# --- growth ----------


def test_growing_sums_are_split_without_loss() -> None:
    """Sums 1, 2, 3 at 1.5 are 1, 3, 4: the items get 1, 2, 1."""
    yearly = dict.fromkeys(price.YEARLY, 0) | {"running": 1, "hall_rent": 1, "overload": 1}
    rows = escalate(yearly, 1_500_000)
    assert {item: vnd for item, vnd in rows.items() if vnd} == {"running": 1, "hall_rent": 2, "overload": 1}
    assert list(rows) == [
        "running", "site_fixed", "hall_rent", "staff_travel", "cohesion", "citizen_travel", "crowding",
        "departments", "overload",
    ]  # fmt: skip


def test_growth_is_rounded_half_up() -> None:
    assert centres.growth(settings(horizon__price_growth=Fraction("0.0277")), "price") == {
        2025: 1_000_000, 2026: 1_027_700, 2027: 1_056_167
    }  # fmt: skip


def test_growing_income_is_rounded_down_site_by_site() -> None:
    """⌊7 × 0.6⌋ = 4 m² × 90,001 × 12 × 80 % = 3,456,038 a year, a site; at 1.0277 each 3,551,770.25."""
    rules = settings(release__route="lease", horizon__price_growth=Fraction("0.0277"))
    one = case(site("A"), site("B", floor=7), site("C", floor=7), rules=rules)
    rows = rows_of(Course(one, TOGETHER, None, "lease"))
    assert rows[2025, "release_income"] == -2 * 3_456_038
    assert rows[2026, "release_income"] == -2 * 3_551_770


@pytest.mark.parametrize("seed", range(30))
def test_without_time_the_rows_are_those_of_section_4(seed: int) -> None:
    one = random_case(seed)
    for found in search.cheapest(one).values():
        course = Course(one, found.arrangement, None, one.settings.word("release.route"))
        assert rows_of(course) == price.cost_rows(one, found.arrangement)


# --- release ----------


def released(one: Case, used: str, built: Centre | None, cash: str) -> dict[str, tuple[int, str]]:
    free = routes.free_from(one, set(used), built)
    taken = routes.routes(one, free, cash)
    return {name: (free[name], taken[name]) for name in sorted(free)}


def test_public_needs_are_filled_by_year_then_value_then_name() -> None:
    """Health and education first: B and D are free from the start, D is worth more by lease, B by auction."""
    sites = [
        site("A", floor=4000, land=2000), site("B", floor=300, land=900), site("C", floor=100, land=100),
        site("D", floor=400, land=100),
    ]  # fmt: skip
    one = case(*sites, rules=over_time(release__route="priority"))
    built = centre(one, "A", 2026)
    assert released(one, "AC", built, "lease") == {
        "B": (2025, "health"), "C": (2028, "lease"), "D": (2025, "education")
    }  # fmt: skip
    assert released(one, "AC", built, "auction") == {
        "B": (2025, "education"), "C": (2028, "auction"), "D": (2025, "health")
    }  # fmt: skip
    assert released(one, "A", None, "lease") == {
        "B": (2025, "education"), "C": (2025, "health"), "D": (2025, "lease")
    }  # fmt: skip
    everything = over_time(
        release__route="priority", release__needs_health=0, release__needs_education=0,
        release__needs_culture=1, release__needs_sport=1, release__needs_police=1, release__needs_other=1,
    )  # fmt: skip
    named = {
        name: route
        for name, (_, route) in released(case(*sites, rules=everything), "", None, "lease").items()
    }
    assert named == {"C": "culture", "B": "sport", "D": "police", "A": "other_public"}


def test_the_place_of_a_centre_is_never_free_and_new_land_frees_everything() -> None:
    parcels = [Parcel("L", "00001", *HERE, 2000, None)]
    one = case(site("A", land=2000), site("B"), rules=over_time(), parcels=parcels)
    assert routes.free_from(one, {"A"}, centre(one, "A", 2026)) == {"B": 2025}
    assert routes.free_from(one, {"B"}, centre(one, "A", 2026)) == {"B": 2028}
    assert routes.free_from(one, {"B"}, centre(one, "L", 2027)) == {"A": 2025, "B": 2029}
    assert routes.free_from(one, {"B"}, None) == {"A": 2025}


def test_income_from_the_year_a_site_is_free() -> None:
    """1,001 m² × 2,000,000 × 35.6 % once, 287,715,196 of rent every year; centre from 2028."""
    for route, value, years in (("auction", 712_712_000, [2028]), ("lease", 287_715_196, [2028, 2029, 2030])):
        rules = over_time(release__route=route)
        one = case(site("A", floor=555, land=1001), site("B", land=2000), rules=rules)
        rows = rows_of(Course(one, TOGETHER, centre(one, "B", 2026), route))
        income = {year: vnd for (year, item), vnd in rows.items() if item == "release_income"}
        assert income == dict.fromkeys(years, -value)


# --- departments ----------


def test_workload_beyond_what_departments_are_made_for() -> None:
    """40,000 people: 32 + 12 = 44 posts, without the cap; office, two departments and reception: four."""
    rules = settings(departments__open=True, staffing__government_cap_phuong=40)
    one = case(site("A"), rules=rules)
    assert price.departments(one) == 4
    assert price.workload_costs(one) == {"departments": 0, "overload": 4 * 30_000}
    third = Part("third", "council_committee", "department", ("phường",), Fraction(25), 1)
    made = inputs(site("A"), parts=[*PARTS, third], positions=POSITIONS)
    more = with_extra(build_cases(made, rules)["00001"], made, 1)
    assert price.departments(more) == 5
    assert price.workload_costs(more) == {"departments": 150_000, "overload": 0}
    assert "third" in {part.name for part in more.needs.parts}
    closed = case(site("A"), rules=settings(departments__count_reception=0))
    assert price.departments(closed) == 3
    assert set(price.workload_costs(closed).values()) == {0}


# --- rules of the whole city ----------


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {}),
        ({"yearly_vnd": 5}, {2026: 5, 2027: 5, 2028: 5, 2029: 5, 2030: 5}),
        ({"yearly_vnd": 5, "from_year": 2029}, {2029: 5, 2030: 5}),
        ({"yearly_vnd": 5, "from_year": 2029, "by_year_vnd": {"2027": 7}}, {2027: 7, 2029: 5, 2030: 5}),
        ({"by_year_vnd": {"2025": 3, "2028": 7, "2040": 9}}, {2025: 3, 2028: 7}),
        ({"by_year_vnd": {"2026": 3, "2028": 7}, "carry_over": True}, {2026: 3, 2027: 3, 2028: 10, 2029: 10, 2030: 10}),
        ({"yearly_vnd": 5, "from_year": 2028, "carry_over": True}, {2028: 5, 2029: 10, 2030: 15}),
    ],
)  # fmt: skip
def test_limits_on_capital(changes: dict[str, Any], expected: dict[int, int]) -> None:
    rules = city.rules_of(over_time(**{f"budget__{key}": value for key, value in changes.items()}))
    assert {rule.year: rule.limit for rule in rules} == expected
    assert [rule.name for rule in rules] == [f"budget_{year}" for year in expected]


def test_every_rule_by_name() -> None:
    rules = city.rules_of(
        over_time(
            rules__premises_max=9, rules__capital_max_vnd=8, rules__centres_building_max=2,
            rules__relocations_max=1, rules__surplus_min={"2027": 3}, rules__surplus_m2_min={"2030": 500},
            rules__centres_min=4, rules__centres_min_phuong=2, rules__centres_min_xa=1,
            rules__centres_min_by_district={"Quận Đống Đa": 1}, rules__departments_max=592,
        )
    )  # fmt: skip
    named = {rule.name: (rule.limit, rule.setting) for rule in rules}
    assert {name for name in named if name.startswith("building")} == {
        f"building_{y}" for y in range(2025, 2031)
    }
    assert {name for name in named if name.startswith("reloc")} == {
        f"relocations_{y}" for y in range(2026, 2031)
    }
    others = {n: v for n, v in named.items() if not n.startswith(("building", "reloc"))}
    assert others == {
        "premises": (9, "rules.premises_max"), "capital": (8, "rules.capital_max_vnd"),
        "surplus_2027": (-3, "rules.surplus_min"), "surplus_m2_2030": (-500, "rules.surplus_m2_min"),
        "centres": (-4, "rules.centres_min"), "centres_phuong": (-2, "rules.centres_min_phuong"),
        "centres_xa": (-1, "rules.centres_min_xa"),
        "centres_district:Quận Đống Đa": (-1, "rules.centres_min_by_district"),
        "departments": (592, "rules.departments_max"),
    }  # fmt: skip


def test_what_a_plan_uses() -> None:
    """A moves to a centre beside B, 2026 to 2028; A is auctioned in 2028 for 712,712,000, C in 2025 for 71,200,000."""
    unit = replace(ward(), district="Quận Hai")
    rules = over_time(release__route="auction", budget__recycle_income=True)
    sites = [site("A", floor=5000, land=1001), site("B", floor=800, land=2000), site("C", floor=70, land=100)]
    one = case(*sites, unit=unit, rules=rules)
    course = Course(one, TOGETHER, centre(one, "B", 2026), "auction")
    rows = rows_of(course)
    first = 2885 * 1000 + 41 * 25_000 + 71 * 2000
    half, moving = 3050 * 5_000 * 11 // 10, 71 * 27_000

    def use(kind: str, year: int | None = None, **more: Any) -> int:
        return city.use_of(Rule(kind, "", 0, year, **more), course, rows)

    assert use("premises") == 1
    assert use("capital") == first
    assert [use("budget", y, together=(y,)) for y in range(2025, 2031)] == [
        first, half - 71_200_000, half, moving, -712_712_000, 0
    ]  # fmt: skip
    assert (
        use("budget", 2029, together=(2026, 2027, 2028, 2029)) == 2 * half + moving - 712_712_000 - 71_200_000
    )
    assert [use("building", y) for y in range(2025, 2031)] == [0, 1, 1, 0, 0, 0]
    assert [use("relocations", y) for y in range(2026, 2031)] == [0, 0, 1, 0, 0]
    assert [use("surplus", y) for y in range(2025, 2031)] == [-1, -1, -1, -2, -2, -2]
    assert [use("surplus_m2", y) for y in (2027, 2028)] == [-70, -5070]
    assert [use(k) for k in ("centres", "centres_phuong", "centres_xa")] == [-1, -1, 0]
    assert [use("centres_district", district=d) for d in ("Quận Hai", "Quận Ba")] == [-1, 0]
    assert use("departments") == 4
    thrifty = replace(course, case=replace(one, settings=over_time(release__route="auction")))
    assert city.use_of(Rule("budget", "", 0, 2026, together=(2026,)), thrifty, rows) == half


def test_years_of_the_city() -> None:
    """Budget 40 million a year from 2026, what is left carried over, income of the year before added."""
    rules = over_time(
        release__route="auction", budget__yearly_vnd=40_000_000, budget__carry_over=True, budget__recycle_income=True,
    )  # fmt: skip
    one = case(
        site("A", land=1001), site("B", floor=800, land=2000), site("C", floor=70, land=100), rules=rules
    )
    course = Course(one, TOGETHER, centre(one, "B", 2026), "auction")
    years = city.year_rows({"00001": course}, {"00001": rows_of(course)}, rules)
    half, moving = 3050 * 5_000 * 11 // 10, 71 * 27_000
    left = [0, 0, 40_000_000 + 71_200_000 - half, 80_000_000 + 71_200_000 - 2 * half]
    left += [left[3] + 40_000_000 - moving, left[3] + 80_000_000 - moving + 712_712_000]
    assert [row["budget_vnd"] for row in years.values()] == [None] + [40_000_000] * 5
    assert [row["carried_in_vnd"] for row in years.values()] == left
    assert [row["recycled_vnd"] for row in years.values()] == [0, 71_200_000, 0, 0, 712_712_000, 0]
    assert [row["premises"] for row in years.values()] == [1] * 6
    assert [row["released"] for row in years.values()] == [1, 1, 1, 2, 2, 2]
    assert [row["surplus_m2"] for row in years.values()] == [70, 70, 70, 5070, 5070, 5070]
    assert [row["building"] for row in years.values()] == [0, 1, 1, 0, 0, 0]
    assert [row["opened"] for row in years.values()] == [0, 0, 0, 1, 0, 0]
    late = replace_settings(rules, budget__from_year=2029)
    years_late = city.year_rows({"00001": course}, {"00001": rows_of(course)}, late)
    assert [row["recycled_vnd"] for row in years_late.values()] == [0, 0, 0, 0, 712_712_000, 0]
    assert [row["carried_in_vnd"] for row in years_late.values()] == [0] * 5 + [40_000_000 + 712_712_000]
    assert [row["budget_vnd"] for row in years_late.values()] == [None] * 4 + [40_000_000] * 2
    for name in ("capital", "recurrent", "income", "social"):
        rows = rows_of(course)
        assert years[2028][f"{name}_vnd"] == city.heading(rows, name, 2028)


def test_measures_of_a_year_before_and_after_the_centre_opens() -> None:
    """The centre on B has 3,050 m², 165 more than the norms; people go there and not to A from 2028 on."""
    one = case(
        site("A", land=1001),
        site("B", lat=HERE[0] + 0.02, floor=800, land=2000),
        site("C", floor=70),
        points={"00001": [Point(3, *HERE), Point(1, *NORTH)]},
        rules=over_time(),
    )
    course = Course(one, {**TOGETHER, "party": "B"}, centre(one, "B", 2026), "public_use")
    before, after = (yearly.year_measures(course, y, yearly.roads_in(course, y)) for y in (2027, 2028))
    to_a, to_b = one.to_reception["A"], one.to_reception["B"]
    apart = one.between["A", "B"]
    assert before.values["premises"] == 2
    assert before.values["floor_in_use"] == 5000 + 800
    assert before.values["premises_released"] == 1
    assert before.values["body_distance_mean"] == (2 * 3 * apart + 6) // 12
    assert before.values["body_distance_max"] == apart
    assert before.values["citizen_travel_max"] == max(to_a)
    assert before.people_metres == 3 * to_a[0] + to_a[1]
    assert after.values == {
        "premises": 1,
        "premises_released": 2,
        "surplus_floor": 5070,
        "floor_in_use": 3050,
        "missing_to_norm": 0,
        "citizen_travel_mean": (2 * (3 * to_b[0] + to_b[1]) + 4) // 8,
        "citizen_travel_max": max(to_b),
        "body_distance_mean": 0,
        "body_distance_max": 0,
    }
    city_year = yearly.city_of_year([before, after])
    assert city_year["premises"] == 3
    assert city_year["citizen_travel_max"] == max(*to_a, *to_b)
    assert city_year["citizen_travel_mean"] == (2 * (before.people_metres + after.people_metres) + 8) // 16


def test_measures_over_time() -> None:
    one = case(site("A", land=1001), site("B", floor=800, land=2000), site("C", floor=70), rules=over_time())
    course = Course(one, TOGETHER, centre(one, "B", 2026), "public_use")
    values = measures(course, rows_of(course)).values
    assert (values["premises"], values["premises_released"], values["surplus_floor"]) == (1, 1, 70)
    assert (values["premises_end"], values["premises_released_end"], values["surplus_floor_end"]) == (
        1,
        2,
        5070,
    )
    assert (values["centres"], values["centre_open_year"], values["centre_floor"]) == (1, 2028, 3050)
    assert values["residual_value"] == -(3050 * 11_000 * 47 // 50)
    assert values["departments"] == 4


# --- shared premises ----------


def two_wards(rules: Settings, *own: Any, **changes: Any) -> tuple[Case, Case]:
    """Return an owner with one large site H, and a guest with small ones."""
    guest = replace(ward(20_000), code="00002")
    sites = [site("H", floor=6000, kind="former_district_hq", workplaces=100), *own]
    made = inputs(*sites, **changes)
    made.wards["00002"] = guest
    made.points["00002"] = [Point(20_000, *NORTH)]
    cases = build_cases(made, rules)
    return cases["00001"], cases["00002"]


def test_a_guest_has_what_the_owner_leaves() -> None:
    """The owner's norm of 2,885 m² and 71 people leave 3,115 m² and 29 places; its tight fit 1,460 m²."""
    small = site("G", ward="00002", floor=900)
    owner, guest = two_wards(settings(), small)
    shared = pairs.guest_case(owner, guest, "H", TOGETHER | dict.fromkeys(TOGETHER, "H"))
    tight = sum(part.tight for part in owner.needs.parts)
    assert shared.sites["H"].floor == 6000 - 2885
    assert shared.sites["H"].workplaces == 29
    assert price.tight_room(shared, "H") == 6000 - tight
    there = dict.fromkeys(TOGETHER, "H")
    once, yearly = price.own_costs(shared, there)
    people = sum(part.people for part in guest.needs.parts)
    assert once["fit_out"] == (people - 29) * 25_000
    assert yearly["site_fixed"] == 0
    assert yearly["hall_rent"] == 0
    course = Course(shared, {**there, "front": "G"}, None, "public_use")
    assert course.own_used == ["G"]
    assert course.free_from == {}
    assert Course(shared, there, None, "public_use").free_from == {"G": 2025}
    values = measures(course, rows_of(course)).values
    assert (values["premises"], values["floor_in_use"]) == (1, 900)
    crowded = pairs.beside(owner, guest, "H", tight=7000, norm=9000, people=500)
    assert (crowded.sites["H"].floor, crowded.sites["H"].workplaces) == (0, 0)
    assert price.missing_floor(crowded, there)["H"] == 1000 + sum(part.tight for part in guest.needs.parts)


def test_a_ward_that_one_site_of_its_own_holds_is_no_guest() -> None:
    rules = settings(rules__one_site_where_enough="any")
    for floor, may in ((900, True), (5000, False)):
        owner, guest = two_wards(rules, site("G", ward="00002", floor=floor))
        assert pairs.may_be_guest(guest) == may
        shared = pairs.guest_case(owner, guest, "H", dict.fromkeys(TOGETHER, "H"))
        assert pairs.may_be_guest(shared) == may


# --- the certificate against trying everything ----------

NOTHING = search.Found(10**9, 10**9, 0, {})
FEW = [part for part in PARTS if part.name in ("party", "office", "economy", "reception")]
THIRD = Part("third", "council_committee", "department", ("phường", "xã"), Fraction(20), 1)


def random_over_time(seed: int) -> tuple[dict[int, Case], Settings]:
    """Return the cases of a small ward by further departments."""
    rnd = random.Random(seed)
    some = lambda *choices: rnd.choice(choices)  # noqa: E731
    sites = [
        site(
            f"S{i}", lat=HERE[0] + rnd.uniform(-0.03, 0.03), floor=rnd.randint(500, 2500), hall=rnd.randint(20, 120),
            land=rnd.randint(100, 5000), workplaces=rnd.randint(0, 60), condition=rnd.choice("ABCD"),
            use=rnd.choice(["candidate"] * 9 + ["required"]),
        )
        for i in range(rnd.randint(1, 3))
    ]  # fmt: skip
    rules = over_time(
        horizon__years=rnd.randint(4, 6), horizon__price_growth=some(0, Fraction("0.0277")),
        horizon__construction_growth=some(0, Fraction("0.05")), rules__max_sites=rnd.randint(1, 3),
        rules__one_site_where_enough=some("any", "off"), rules__floor_area=some("report", "enforce"),
        rules__hall=some("report", "off"), rules__departments_apart=rnd.random() < 0.6,
        start=some("before_reform", "today"), release__route=some("priority", "priority", "auction", "lease"),
        release__cash_route=some("best", "lease"), release__needs_health=rnd.randint(0, 1),
        release__needs_education=rnd.randint(0, 1), departments__open=rnd.random() < 0.3,
        centres__cost_le5_vnd_per_m2=some(10_000, 100), centres__first_start_after_years=rnd.randint(0, 2),
        prices__crowding_vnd_per_m2_year=some(0, 400, 5000), prices__site_fixed_vnd_year=some(0, 471_000, 5_000_000),
        rules__premises_max=1, rules__capital_max_vnd=some(None, 1), budget__yearly_vnd=some(None, 1),
        budget__carry_over=rnd.random() < 0.5, budget__recycle_income=rnd.random() < 0.5,
        rules__centres_building_max=1, rules__relocations_max=1, rules__surplus_min={"2026": 1, "2028": 1},
        rules__surplus_m2_min={"2027": 1}, rules__centres_min=1, rules__centres_min_phuong=1, rules__departments_max=1,
    )  # fmt: skip
    parcels = [Parcel("L", "00001", *NORTH, 2000, 700)] if rnd.random() < 0.4 else []
    posts = [
        Position("third", ("phường", "xã"), 1, "head"),
        Position("third", ("phường", "xã"), None, "clerk"),
    ]
    points = {
        "00001": [Point(rnd.randint(1, 9), HERE[0] + rnd.uniform(-0.05, 0.05), HERE[1]) for _ in range(3)]
    }
    today = {("00001", body): rnd.choice(sites).site_id for body in ("party", "front") if rnd.random() < 0.5}
    made = inputs(
        *sites, parts=[*FEW, THIRD], positions=[*POSITIONS, *posts], points=points, today=today, parcels=parcels
    )  # fmt: skip
    one = build_cases(made, rules)["00001"]
    extras = range(2 if rules.flag("departments.open") else 1)
    return {extra: with_extra(one, made, extra) for extra in extras}, rules


def arrangements(one: Case) -> Iterator[dict[str, str]]:
    """Yield the arrangements that rules 1 to 4 allow, but for what the ward lacks."""
    groups = price.parts_together(one)
    enough = bool(price.sites_enough_alone(one))
    for choice in product(one.sites, repeat=len(groups)):
        used = set(choice)
        if len(used) > (1 if enough else one.settings.whole("rules.max_sites")) or not one.required <= used:
            continue
        yield {part.name: s for group, s in zip(groups, choice, strict=True) for part in group}


def courses_of(cases: dict[int, Case]) -> tuple[list[Course], tuple[int, int]]:
    """Return every plan of a ward, and what it lacks."""
    found = [(search.missing(one, a), one, a) for one in cases.values() for a in arrangements(one)]
    rules = next(iter(cases.values())).settings
    if rules.word("rules.floor_area") == "enforce":
        found = [entry for entry in found if not entry[0][0]]
    least = min((entry[0] for entry in found), default=(0, 0))
    courses = []
    for lacks, one, arrangement in found:
        if lacks != least:
            continue
        options: list[Centre | None] = [None]
        for place in centres.places(one).values():
            if place.beside or place.location not in arrangement.values():
                options += [centres.centre_at(one, place, start) for start in centres.starts(one)]
        for built, cash in product(options, routes.cash_routes(rules)):
            courses.append(Course(one, arrangement, built, cash))
    return courses, least


def crowded_case() -> Case:
    """Return a ward that has to use three sites, all too small."""
    sites = [site(name, floor=floor, use="required") for name, floor in (("A", 400), ("B", 300), ("C", 250))]
    return case(*sites, rules=settings(rules__floor_area="report", rules__max_sites=3))


@pytest.mark.parametrize("seed", range(99, 200))
def test_a_front_is_what_no_arrangement_beats(seed: int) -> None:
    one = crowded_case() if seed == 99 else random_case(seed)
    least = min(
        (found.missing_m2, found.missing_seats) for found in [*search.cheapest(one).values(), NOTHING]
    )
    assert seed > 99 or least[0] > 0
    made = fronts.Fronts(one, least)
    points: dict[tuple[str, ...], set[tuple[int, int]]] = {chosen: set() for chosen in made.sets}
    kept = price.kept_today(one)
    for arrangement in arrangements(one):
        m2, seats = search.missing(one, arrangement)
        if m2 > least[0] or seats > least[1] or any(arrangement[part] != s for part, s in kept.items()):
            continue
        once, yearly = price.own_costs(one, arrangement)
        points[tuple(sorted(set(arrangement.values())))].add((sum(once.values()), sum(yearly.values())))
    for chosen, costs in points.items():
        best = {c for c in costs if not any(o != c and o[0] <= c[0] and o[1] <= c[1] for o in costs)}
        assert set(made.front(chosen)) == best
        assert {(once, yearly) for _, once, yearly in made.arrangements(chosen)} == costs


def random_prices(rules: list[Rule], rnd: random.Random) -> dict[str, Fraction]:
    scale = {"capital": 1, "budget": 1, "surplus_m2": 2000}
    return {
        rule.name: Fraction(rnd.choice([0, 0, rnd.random()])) * scale.get(rule.kind, 5_000_000) for rule in rules
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(40))
def test_the_bound_of_a_ward_is_the_least_of_all_its_plans(seed: int) -> None:
    cases, settings_ = random_over_time(seed)
    rules = city.rules_of(settings_)
    prices = random_prices(rules, random.Random(seed))
    courses, least = courses_of(cases)
    values = [bound.value_of(course, rules, prices) for course in courses]
    weights = bound.weights_of(settings_, rules, prices)
    assert bound.least_of_ward(cases, weights, least, None) == min(values, default=None)
    for value in random.Random(seed).sample(values, min(3, len(values))):
        assert bound.least_of_ward(cases, weights, least, value) == min(values)
    paid = sum(bound.whole_price(prices[rule.name]) * rule.limit for rule in rules)
    assert weights.limits == paid


def test_the_random_wards_have_plans_of_every_kind() -> None:
    """Otherwise the comparison above would show little."""
    kinds = set()
    for seed in range(40):
        cases, settings_ = random_over_time(seed)
        rules = city.rules_of(settings_)
        prices = random_prices(rules, random.Random(seed))
        best = min(courses_of(cases)[0], key=lambda c: bound.value_of(c, rules, prices), default=None)
        if best is not None:
            place = best.centre.place if best.centre else None
            kinds |= {
                "centre" if place else "no centre", f"cash {best.cash}", f"extra {best.case.extra}",
                f"sites {len(best.used)}", "parcel" if place and place.parcel else "", "growth" if settings_.number(
                    "horizon.price_growth") else "",
            }  # fmt: skip
    assert kinds >= {
        "centre", "no centre", "cash lease", "cash auction", "extra 0", "extra 1", "sites 1", "sites 2", "parcel",
        "growth",
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_the_bound_of_a_pair_is_the_least_of_all_their_plans(seed: int) -> None:
    rnd = random.Random(seed)
    rules = replace_settings(
        over_time(), rules__departments_apart=False, rules__max_sites=2,
        prices__site_fixed_vnd_year=rnd.choice([0, 9_000_000]),
        release__route=rnd.choice(["lease", "priority"]), rules__premises_max=2,
        prices__crowding_vnd_per_m2_year=rnd.choice([0, 400]), rules__floor_area=rnd.choice(["enforce", "report"]),
    )  # fmt: skip
    small = [
        site(f"G{i}", ward="00002", floor=rnd.randint(300, 1400), hall=rnd.randint(20, 60), land=rnd.randint(100, 2000))
        for i in range(2)
    ]  # fmt: skip
    owner, guest = two_wards(rules, site("K", floor=rnd.randint(300, 3000)), *small, parts=FEW)
    city_rules = city.rules_of(rules)
    prices = {"premises": Fraction(rnd.randint(0, 5_000_000))}
    weights = bound.weights_of(rules, city_rules, prices)
    pair = pairs.Pair("H", "00001", "00002")
    cases = {"00001": {0: owner}, "00002": {0: guest}}
    together = None
    for mine in arrangements(owner):
        if "H" not in mine.values() or any(search.missing(owner, mine)):
            continue
        shared = pairs.guest_case(owner, guest, "H", mine)
        for theirs in arrangements(shared):
            if "H" not in theirs.values() or any(search.missing(shared, theirs)):
                continue
            for cash in product(routes.cash_routes(rules), repeat=2):
                value = sum(
                    bound.value_of(Course(c, a, None, r), city_rules, prices)
                    for c, a, r in ((owner, mine, cash[0]), (shared, theirs, cash[1]))
                )
                together = value if together is None else min(together, value)
    high = 10**30
    assert sharing_bound.least_of_pair(pair, cases, weights, high) == (high if together is None else together)
    alone = {code: bound.least_of_ward(cases[code], weights, (0, 0), None) or high for code in cases}
    whole = sharing_bound.with_pairs([pair], cases, weights, alone)
    assert whole == min(sum(alone.values()), high if together is None else together)


def replace_settings(old: Settings, **changes: Any) -> Settings:
    return Settings({**old.values, **{key.replace("__", "."): value for key, value in changes.items()}})


def test_the_best_pairs_share_no_ward() -> None:
    def pair(owner: str, guest: str) -> pairs.Pair:
        return pairs.Pair(f"H{owner}", owner, guest)

    savings = [
        (pair("1", "2"), 5),
        (pair("2", "3"), 8),
        (pair("3", "4"), 5),
        (pair("5", "6"), 2),
        (pair("6", "7"), 3),
    ]
    best = max(
        sum(saving for _, saving in chosen)
        for n in range(len(savings) + 1)
        for chosen in combinations(savings, n)
        if len({w for p, _ in chosen for w in (p.owner, p.guest)}) == 2 * n
    )
    assert sharing_bound._best_of(savings) == best == 13


def test_prices_are_read_as_whole_millionths() -> None:
    assert bound.whole_price(Fraction("0.0000019")) == 1
    assert bound.whole_price(Fraction(-3)) == 0


# --- a plan of the planner, untouched and tampered with ----------

TIME = """\
extends: _base
title_vi: Năm đơn vị, tám năm
title_en: Five units, eight years
horizon:
  years: 8
  price_growth: 2%
  construction_growth: 3%
rules:
  centres_min: 2
  centres_building_max: 1
  relocations_max: 1
  surplus_min: {2027: 6}
  departments_max: 22
centres:
  allowed: true
  parcels: data/parcels.csv
  first_start_after_years: 1
budget:
  yearly_vnd: 90 tỷ
  carry_over: true
  recycle_income: true
departments:
  open: true
release:
  route: priority
  needs_culture: 0
"""
PARCELS = """\
parcel_id,ward_code,name,lat,lon,land_area_m2,land_vnd_per_m2,status,source
L-1,00328,Lô 1,20.9656,105.89,9000,3000000,estimated,test
L-2,10210,Lô 2,20.8797,105.89,9000,,estimated,test
L-3,00367,Lô 3,20.9995,105.81,200,1000000,estimated,test
"""


@pytest.fixture(scope="module")
def timed_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = new_project(tmp_path_factory.mktemp("time") / "project", five=TIME)
    (project / "data" / "parcels.csv").write_text(PARCELS, encoding="utf-8")
    scenario = read_scenario("five", project)
    region = read_region(scenario.geo_folder, scenario.parcels_file)
    plan = make_plan(scenario, region, read_norms(scenario.norms_folder))
    (project / "results" / "five").mkdir(parents=True)
    plan.write_tables(project / "results" / "five")
    return project


@pytest.fixture
def copy(timed_project: Path, tmp_path: Path) -> Copy:
    shutil.copytree(timed_project, tmp_path / "project")
    return Copy(tmp_path / "project")


def test_an_untouched_plan_over_time_passes(copy: Copy) -> None:
    report = copy.audit()
    assert report.ok, format_report(report)
    assert report.facts["plan"]["centres"] == 2
    facts = json.loads((copy.folder / "plan.json").read_text(encoding="utf-8"))
    assert report.facts["plan"]["certified_bound_vnd"] == facts["certified_bound_vnd"]
    assert report.facts["plan"]["certified_gap"] == pytest.approx(facts["certified_gap"], abs=1e-6)
    assert report.facts["plan"]["other_settings"] == []


def test_the_plan_has_everything_to_tamper_with(copy: Copy) -> None:
    """10210 sits in its centre on HC-10213 from 2028, built in two years; 00352 has a further department."""
    centre_rows = [
        row for row in copy.rows(P) if row["ward_code"] == MOVING and row["kind"] == "joint_centre"
    ]
    assert [(row["year"], row["status"]) for row in centre_rows][:3] == [
        ("2026", "under_construction"), ("2027", "under_construction"), ("2028", "in_use")
    ]  # fmt: skip
    assert {row["location"] for row in centre_rows} == {PLACE}
    assert any(row["part"] == "department_4" and row["ward_code"] == LARGER for row in copy.rows(A))
    assert {row["route"] for row in copy.rows(P)} == {"", "centre", "health", "education", "auction"}


MOVING, CENTRE, PLACE, LARGER = "10210", "centre-10210", "HC-10213", "00352"
MOVED = {"ward_code": MOVING, "year": "2028"}
LAST = {"ward_code": MOVING, "item": "residual_value"}


def seats_of(copy: Copy, year: str) -> dict[str, str]:
    return {r["part"]: r["site_id"] for r in copy.rows(A) if (r["ward_code"], r["year"]) == (MOVING, year)}


def sit(copy: Copy, year: str, like: str) -> None:
    """Let the ward with the centre sit in one year as in another."""
    seats = seats_of(copy, like)
    copy.change(A, lambda row: row.update(site_id=seats[row["part"]]), ward_code=MOVING, year=year)


def of_public_use(copy: Copy) -> str:
    return next(row["site_id"] for row in copy.rows(P) if row["route"] == "health")


def limit(name: str, key: str, change: Callable[[Any], Any]) -> Callable[[Copy], object]:
    def edit(facts: dict[str, Any]) -> None:
        [entry] = [entry for entry in facts["limits"] if entry["name"] == name]
        entry[key] = change(entry[key])

    return lambda copy: copy.plan_json(edit)


def fact(change: Callable[[dict[str, Any]], object]) -> Callable[[Copy], object]:
    return lambda copy: copy.plan_json(change)


def paid(name: str, value: float) -> Callable[[Copy], object]:
    """Set the price of a rule in both places."""

    def edit(facts: dict[str, Any]) -> None:
        facts["prices"][name] = value
        [entry] = [entry for entry in facts["limits"] if entry["name"] == name]
        entry["price"] = value

    return lambda copy: copy.plan_json(edit)


def by_year(column: str, **where: str) -> Callable[[Copy], object]:
    """Return what adds one to a cell of the measures by year."""
    return lambda copy: copy.change(B, by(column, 1), **where)


FAULTS: dict[str, tuple[str, Callable[[Copy], object]]] = {
    "a centre that opens a year later": ("E553", lambda c: sit(c, "2028", "2027")),
    "a centre that opens a year later, by its premises": ("E542", lambda c: sit(c, "2028", "2027")),
    "a centre that opens too early": ("E529", lambda c: sit(c, "2027", "2028")),
    "a part left out of the centre": (
        "E527",
        lambda c: c.change(A, put(site_id="HC-10210"), **MOVED, part="front"),
    ),
    "a part in a centre before it opens": (
        "E527",
        lambda c: c.change(A, put(site_id=CENTRE), ward_code=MOVING, year="2027", part="front"),
    ),
    "a department moved before the centre opens": (
        "E526",
        lambda c: c.change(A, put(site_id="HC-10186"), ward_code=MOVING, year="2027", part="culture"),
    ),
    "a part where the centre is built": (
        "E590",
        lambda c: [
            c.change(A, put(site_id=PLACE), ward_code=MOVING, year=y, part="front")
            for y in ("2025", "2026", "2027")
        ],
    ),
    "a centre at another place": ("E544", lambda c: c.change(P, put(location="HC-10186"), site_id=CENTRE)),
    "a centre on land that is too small": (
        "E528",
        lambda c: c.change(P, put(location="L-3"), site_id=CENTRE),
    ),
    "a centre nowhere": ("E528", lambda c: c.change(P, put(location=""), site_id=CENTRE)),
    "a centre elsewhere in one year": (
        "E545",
        lambda c: c.change(P, put(location="HC-10186"), site_id=CENTRE, year="2029"),
    ),
    "a centre in use before it opens": (
        "E543",
        lambda c: c.change(P, put(status="in_use"), site_id=CENTRE, year="2027"),
    ),
    "a year of a centre missing": ("E540", lambda c: c.change(P, drop, site_id=CENTRE, year="2027")),
    "a centre before it is begun": (
        "E542",
        lambda c: c.add(
            P, site_id=CENTRE, ward_code=MOVING, kind="joint_centre", year="2025", location=PLACE
        ),
    ),
    "a larger centre": ("E545", lambda c: c.change(P, by("floor_area_m2", 1), site_id=CENTRE)),
    "a larger hall": ("E545", lambda c: c.change(P, by("hall_seats", 1), site_id=CENTRE)),
    "a location for usual premises": (
        "E545",
        lambda c: c.change(P, put(location="HC-10186"), site_id="HC-10186", year="2025"),
    ),
    "another public use": ("E544", lambda c: c.change(P, put(route="education"), site_id=of_public_use(c))),
    "the other cash route": (
        "E553",
        lambda c: c.change(
            P, lambda r: r.update(route="lease") if r["route"] == "auction" else None, ward_code=MOVING
        ),
    ),
    "the place of a centre let": ("E544", lambda c: c.change(P, put(route="lease"), site_id=PLACE)),
    "premises in use when the centre is open": (
        "E543",
        lambda c: c.change(P, put(status="in_use", route=""), site_id="HC-10210", year="2029"),
    ),
    "a residual value one dong higher": ("E553", lambda c: c.change(C, by("vnd", -1), **LAST)),
    "a residual value called income": ("E554", lambda c: c.change(C, put(heading="income"), **LAST)),
    "a year of construction missing": (
        "E550",
        lambda c: c.change(C, drop, ward_code=MOVING, item="construction", year="2027"),
    ),
    "a dong moved from one item to another": (
        "E553",
        lambda c: (
            c.change(C, by("vnd", 1), ward_code=MOVING, item="running", year="2031"),
            c.change(C, by("vnd", -1), ward_code=MOVING, item="site_fixed", year="2031"),
        ),
    ),
    "the further department of a ward gone": (
        "E553",
        lambda c: c.change(A, drop, ward_code=LARGER, part="department_4"),
    ),
    "the further department gone in one year": (
        "E520",
        lambda c: c.change(A, drop, ward_code=LARGER, part="department_4", year="2031"),
    ),
    "a department that the unit does not have": (
        "E520",
        lambda c: c.add(A, ward_code="00316", year="2025", body="council_committee", part="department_4"),
    ),
    "a measure of the end": (
        "E563",
        lambda c: c.change(M, by("value", 1), ward_code=MOVING, measure="premises_end"),
    ),
    "an opening year of the city": (
        "E563",
        lambda c: c.change(M, put(value="2032"), ward_code="", measure="centre_open_year"),
    ),
    "a year missing": ("E565", lambda c: c.change(Y, drop, year="2029")),
    "a year twice": ("E566", lambda c: c.repeat(Y, year="2029")),
    "a year beyond the horizon": ("E567", lambda c: c.add(Y, year="2033")),
    "a budget emptied": ("E568", lambda c: c.change(Y, put(budget_vnd=""), year="2029")),
    "one dong more carried over": ("E568", lambda c: c.change(Y, by("carried_in_vnd", 1), year="2029")),
    "one opening more": ("E568", lambda c: c.change(Y, by("opened", 1), year="2029")),
    "a unit's year missing": ("E565", lambda c: c.change(B, drop, ward_code=MOVING, year="2029")),
    "the city's year missing": ("E565", lambda c: c.change(B, drop, ward_code="", year="2029")),
    "a unit's year twice": ("E566", lambda c: c.repeat(B, ward_code=MOVING, year="2029")),
    "measures beyond the horizon": ("E567", lambda c: c.add(B, year="2033")),
    "measures of a unit that is none": ("E567", lambda c: c.add(B, ward_code="00001")),
    "premises of a unit in a year": ("E568", by_year("premises", ward_code=MOVING, year="2029")),
    "a building released in a year": ("E568", by_year("premises_released", ward_code=MOVING, year="2027")),
    "surplus of the city in a year": ("E568", by_year("surplus_floor_m2", ward_code="", year="2030")),
    "floor of a centre": ("E568", by_year("floor_in_use_m2", ward_code=MOVING, year="2028")),
    "floor missing in a centre": ("E568", by_year("missing_to_norm_m2", ward_code=MOVING, year="2028")),
    "the way to a centre": ("E568", by_year("citizen_travel_mean_m", ward_code=MOVING, year="2032")),
    "the farthest way of a year": ("E568", by_year("citizen_travel_max_m", ward_code="", year="2026")),
    "bodies apart in a centre": ("E568", by_year("body_distance_mean_m", ward_code=MOVING, year="2028")),
    "the farthest bodies of a year": ("E568", by_year("body_distance_max_m", ward_code="", year="2031")),
    "a use that is not": ("E577", limit("budget_2029", "used", lambda used: used - 1)),
    "a limit that is not": ("E577", limit("building_2029", "limit", lambda most: most + 1)),
    "a year that is not": ("E577", limit("building_2029", "year", lambda year: year + 1)),
    "a price in one place only": ("E577", limit("centres", "price", lambda paid: paid + 1)),
    "a rule left out": ("E577", fact(lambda facts: facts["limits"].pop())),
    "a rule twice": ("E577", fact(lambda facts: facts["limits"].append(facts["limits"][0]))),
    "a rule made up": ("E577", fact(lambda facts: facts["limits"].append({"name": "capital"}))),
    "a price left out": ("E578", fact(lambda facts: facts["prices"].pop("centres"))),
    "no price at all": ("E578", fact(lambda facts: facts.pop("prices"))),
    "a price made up": ("E578", fact(lambda facts: facts["prices"].update(capital=1))),
    "a price below zero": ("E578", paid("building_2029", -1.0)),
    "premises shared that may not be": (
        "E597",
        fact(lambda f: f.update(shared=[{"site_id": "HD-009", "owner": "00367", "guest": "00316"}])),
    ),
    "too many in one year": ("E593", lambda c: c.setting("rules.relocations_max", 0)),
    "too many at once": ("E592", lambda c: c.setting("rules.centres_building_max", 0)),
    "too few centres": ("E595", lambda c: c.setting("rules.centres_min", 3)),
    "too few centres of wards": ("E595", lambda c: c.setting("rules.centres_min_phuong", 2)),
    "too few centres of communes": ("E595", lambda c: c.setting("rules.centres_min_xa", 2)),
    "too few centres of a district": (
        "E595",
        lambda c: c.setting("rules.centres_min_by_district", {"Huyện Thường Tín": 2}),
    ),
    "too little released": ("E594", lambda c: c.setting("rules.surplus_min", {"2027": 9})),
    "too few m2 released": ("E594", lambda c: c.setting("rules.surplus_m2_min", {"2028": 18281})),
    "too many departments": ("E596", lambda c: c.setting("rules.departments_max", 21)),
    "too much spent": (
        "E591",
        lambda c: (c.setting("budget.yearly_vnd", 20_000_000_000), c.setting("budget.recycle_income", False)),
    ),
}


def test_a_result_of_an_older_version_has_no_measures_by_year(copy: Copy) -> None:
    (copy.folder / B).unlink()
    report = copy.audit(with_search=False)
    assert report.ok, format_report(report)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_tampered_plan_over_time_fails(copy: Copy, fault: str) -> None:
    code, tamper = FAULTS[fault]
    tamper(copy)
    report = copy.audit(with_search=False)
    assert code in codes(report), format_report(report)


def test_only_listed_pairs_share(copy: Copy) -> None:
    fact(lambda f: f.update(shared=[{"site_id": "HD-009", "owner": "00367", "guest": "00316"}]))(copy)
    [finding] = copy.audit(with_search=False).findings
    assert (finding.code, finding.file, finding.found) == ("E597", "plan.json", "HD-009 00367 00316")


def test_rules_that_just_hold_are_not_broken(copy: Copy) -> None:
    """The same settings as above, one step less: only the entries of plan.json differ then."""
    for key, value in {
        "rules.relocations_max": 1, "rules.centres_building_max": 1, "rules.centres_min": 2,
        "rules.centres_min_phuong": 1, "rules.centres_min_xa": 1,
        "rules.centres_min_by_district": {"Huyện Thường Tín": 1}, "rules.surplus_min": {"2027": 8},
        "rules.surplus_m2_min": {"2028": 18280}, "rules.departments_max": 22,
    }.items():  # fmt: skip
        copy.setting(key, value)
    assert codes(copy.audit(with_search=False)) == {"E577"}


CERTIFICATES: dict[str, Callable[[Copy], object]] = {
    "a bound one dong higher": fact(lambda f: f.update(certified_bound_vnd=f["certified_bound_vnd"] + 1)),
    "a price raised": paid("centres", 9e9),
    "a price lowered": paid("departments", 1e8),
    "prices forgotten": fact(lambda f: f.update(prices=dict.fromkeys(f["prices"], 0))),
    "a price for what is free": paid("budget_2028", 0.5),
}


@pytest.mark.parametrize("fault", CERTIFICATES)
def test_a_certificate_that_proves_less_fails(copy: Copy, fault: str) -> None:
    before = copy.audit().facts["plan"]["certified_bound_vnd"]
    CERTIFICATES[fault](copy)
    assert "E579" not in codes(copy.audit(with_search=False))
    report = copy.audit()
    assert "E579" in codes(report), format_report(report)
    after = report.facts["plan"]["certified_bound_vnd"]
    assert after == before if fault == "a bound one dong higher" else after < before


def test_a_lower_bound_than_the_prices_prove_passes(copy: Copy) -> None:
    def edit(facts: dict[str, Any]) -> None:
        facts["certified_bound_vnd"] -= 10**9
        facts["certified_gap"] = 10**9 / abs(facts["objective_vnd"])

    copy.plan_json(edit)
    report = copy.audit()
    assert report.ok, format_report(report)


def test_the_report_states_the_certified_gap(copy: Copy) -> None:
    for lang, words in (("en", "lower bound certified"), ("vi", "cận dưới")):
        [line] = [line for line in format_report(copy.audit(), lang).splitlines() if words in line]  # type: ignore[arg-type]
        assert "VND" in line
        assert "%" in line
    assert "certified" not in format_report(copy.audit(with_search=False))


def test_new_land_is_an_input_like_any_other(copy: Copy) -> None:
    copy.input("data/parcels.csv", "9000,3000000", "9001,3000000")
    assert codes(copy.audit()) == {"E510"}
    copy.plan_json(
        lambda f: f.update(inputs=[e for e in f["inputs"] if not e["path"].endswith("parcels.csv")])
    )
    # today/ still lists it, with the checksum of before.
    assert codes(copy.audit()) == {"E510", "E511"}


# --- a plan with shared premises ----------

SHARED = """\
extends: _base
title_vi: Năm đơn vị, hai đơn vị dùng chung
title_en: Five units, two of them share
horizon:
  years: 2
rules:
  shared: ["HD-009 00352"]
  one_site_where_enough: "off"         # else a unit whose own site holds everything is no guest
prices:
  crowding_vnd_per_m2_year: 300000
  site_fixed_vnd_year: 2_000_000_000   # dear enough to share
"""


@pytest.fixture(scope="module")
def shared_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = new_project(tmp_path_factory.mktemp("shared") / "project", five=SHARED)
    solve(project, "five")
    return project


@pytest.fixture
def pair(shared_project: Path, tmp_path: Path) -> Copy:
    shutil.copytree(shared_project, tmp_path / "project")
    return Copy(tmp_path / "project")


def test_an_untouched_plan_with_shared_premises_passes(pair: Copy) -> None:
    report = pair.audit()
    assert report.ok, format_report(report)
    rows = [row for row in pair.rows(P) if row["site_id"] == "HD-009"]
    assert [(row["ward_code"], row["status"]) for row in rows] == [("00367", "in_use")] * 2
    assert "HD-009" in {row["site_id"] for row in pair.rows(A) if row["ward_code"] == "00352"}
    assert report.facts["plan"]["premises"] == sum(
        row["status"] == "in_use" and row["year"] == "2025" for row in pair.rows(P)
    )


GUEST = {"ward_code": "00352"}


def shift(copy: Copy, ward_code: str, site_id: str) -> None:
    copy.change(A, put(site_id=site_id), ward_code=ward_code)


SHARING: dict[str, tuple[str, Callable[[Copy], object]]] = {
    "a guest that is not told": ("E523", fact(lambda facts: facts.pop("shared"))),
    "another guest": ("E597", fact(lambda facts: facts["shared"][0].update(guest="00316"))),
    "a pair twice": ("E597", fact(lambda facts: facts["shared"].append(facts["shared"][0]))),
    "a guest that stays at home": ("E597", lambda c: shift(c, "00352", "HC-00352")),
    "an owner that left": ("E597", lambda c: shift(c, "00367", "HC-00367")),
    "the site twice": ("E541", lambda c: c.repeat(P, site_id="HD-009")),
    "the site as the guest's": ("E545", lambda c: c.change(P, put(ward_code="00352"), site_id="HD-009")),
    "the owner's site paid by the guest": (
        "E552",
        lambda c: c.add(C, **GUEST, year="2026", item="site_fixed"),
    ),
    "a guest one dong cheaper": ("E553", lambda c: c.change(C, by("vnd", -1), **GUEST, item="running")),
    "a guest with premises of its own": (
        "E563",
        lambda c: c.change(M, by("value", 1), **GUEST, measure="premises"),
    ),
    "a pair that no rule allows": ("E523", lambda c: c.setting("rules.shared", [])),
    "a guest that one of its own sites holds": (
        "E534",
        lambda c: c.setting("rules.one_site_where_enough", "any"),
    ),
}


@pytest.mark.parametrize("fault", SHARING)
def test_a_tampered_plan_with_shared_premises_fails(pair: Copy, fault: str) -> None:
    code, tamper = SHARING[fault]
    tamper(pair)
    report = pair.audit(with_search=False)
    assert code in codes(report), format_report(report)


def test_both_wards_together_keep_the_floor_also_where_it_is_only_reported(pair: Copy) -> None:
    """Both need more than 2,000 m² at tight fit; the site is made smaller in the copy."""
    floor = next(row["floor_area_m2"] for row in pair.rows(P) if row["site_id"] == "HD-009")
    pair.input("data/geo/sites.csv", f"former_district_hq,{floor},", "former_district_hq,2000,")
    pair.setting("rules.floor_area", "report")
    assert "E530" in codes(pair.audit(with_search=False))


def test_the_certificate_knows_of_shared_premises(pair: Copy) -> None:
    facts = json.loads((pair.folder / "plan.json").read_text(encoding="utf-8"))
    report = pair.audit()
    assert report.facts["plan"]["certified_bound_vnd"] == facts["certified_bound_vnd"]
    assert report.facts["plan"]["least_vnd"] == facts["objective_vnd"]
    fact(lambda f: f.update(certified_bound_vnd=f["certified_bound_vnd"] + 1))(pair)
    assert "E576" in codes(pair.audit())
