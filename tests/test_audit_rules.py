"""The auditor's arithmetic against numbers worked out by hand, and its search against trying everything."""

import random
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from planner.audit import measures, price, search
from planner.audit.course import Course, rows_of
from planner.audit.needs import Map, down, half_up, needs_of, up
from planner.audit.price import Case, build_cases
from planner.audit.read import Inputs, Part, Point, Position, Site, Ward
from planner.audit.settings import SETTINGS, Settings

HERE = (21.0, 105.8)
BODIES = ("party", "council_committee", "front", "reception")

VALUES: dict[str, Any] = {
    "horizon.start_year": 2025, "horizon.years": 3, "horizon.discount_rate": Fraction("0.1"),
    "horizon.price_growth": 0, "horizon.construction_growth": 0,
    "staffing.government_base": 32, "staffing.government_step_from_people": 16000,
    "staffing.government_people_per_extra": 2000, "staffing.government_people_per_extra_mountain": 1000,
    "staffing.government_cap_phuong": 70, "staffing.government_cap_xa": 50, "staffing.government_scale": 1,
    "staffing.party": 17, "staffing.front": 10,
    "space.tight_m2_per_person": 12, "space.common_use_share": Fraction("0.5"), "space.net_to_gross": Fraction("0.6"),
    "reception.files_per_1000_people_year": 250, "reception.online_share": Fraction("0.5"),
    "reception.postal_share": Fraction("0.1"), "reception.working_days": 250, "reception.peak_factor": Fraction("1.5"),
    "reception.minutes_per_file": 20, "reception.open_minutes_per_day": 400,
    "reception.counter_use_share": Fraction("0.75"), "reception.min_counters": 2, "reception.counter_m2": 12,
    "reception.waiting_m2": Fraction("1.5"), "reception.waiting_people_per_counter": 6, "reception.min_m2": 60,
    "reception.visits_per_file": 2,
    "hall.party_executive_members": 20, "hall.front_committee_members": 50, "hall.guests": 10,
    "hall.norm_min_seats": 90,
    "rules.max_sites": 3, "rules.one_site_where_enough": "off", "rules.floor_area": "enforce",
    "rules.hall": "enforce", "rules.departments_apart": True, "rules.required": [], "rules.excluded": [],
    "rules.premises_max": None, "rules.capital_max_vnd": None,
    "prices.renovation_a_vnd_per_m2": 0, "prices.renovation_b_vnd_per_m2": 1000,
    "prices.renovation_c_vnd_per_m2": 3000, "prices.renovation_d_vnd_per_m2": 6000,
    "prices.furniture_vnd_per_person": 25000, "prices.move_vnd_per_person": 2000,
    "prices.running_vnd_per_m2_year": 300, "prices.site_fixed_vnd_year": 471000,
    "prices.hall_rent_vnd_per_seat_year": 500, "prices.crowding_vnd_per_m2_year": 400,
    "prices.cohesion_vnd_per_part_year": 120000, "prices.vnd_per_km": 3000, "prices.staff_vnd_per_hour": 75010,
    "prices.citizen_vnd_per_hour": 40000, "prices.speed_kmh": 25,
    "release.route": "public_use", "release.lease_share": Fraction("0.8"),
    "release.auction_price_share": Fraction("0.356"),
    "release.cash_route": "best", "release.needs_health": 1, "release.needs_education": 1,
    "release.needs_culture": 0, "release.needs_sport": 0, "release.needs_police": 0, "release.needs_other": 0,
    "rules.shared": [], "rules.departments_max": None, "rules.centres_min": None,
    "rules.centres_min_phuong": None, "rules.centres_min_xa": None, "rules.centres_min_by_district": {},
    "rules.centres_building_max": None, "rules.relocations_max": None,
    "rules.surplus_min": {}, "rules.surplus_m2_min": {},
    "centres.allowed": False, "centres.parcels": None, "centres.first_start_after_years": 1,
    "centres.build_years": 2, "centres.build_years_large": 3, "centres.large_m2": 5000,
    "centres.storeys_phuong": 5, "centres.storeys_xa": 4, "centres.cost_le5_vnd_per_m2": 10_000,
    "centres.cost_6_7_vnd_per_m2": 11_000, "centres.cost_8_10_vnd_per_m2": 12_000,
    "centres.cost_11_15_vnd_per_m2": 13_000, "centres.contingency_share": Fraction("0.1"),
    "centres.coverage_share": Fraction("0.4"), "centres.old_storeys": 2, "centres.hall_m2_per_seat": 1,
    "centres.land_price_share": Fraction("0.5"), "centres.life_years": 50,
    "budget.yearly_vnd": None, "budget.from_year": None, "budget.by_year_vnd": {},
    "budget.carry_over": False, "budget.recycle_income": False,
    "departments.open": False, "departments.extra_max": 1, "departments.count_reception": 1,
    "departments.posts_each": 10, "departments.extra_vnd_year": 150_000,
    "departments.overload_vnd_per_post_year": 30_000,
    "rules.points_min": None, "network.allowed": False, "network.hand_over_years": [],
    "network.online_by_year": {}, "network.required": [], "network.excluded": [], "network.travel": None,
    "network.max_minutes": None, "network.share_min": None, "network.share_minutes": 30,
    "network.city_point_counters": 8, "network.point_vnd_year": 300_000_000,
    "start": "before_reform", "arrangement": "free", "geo": "data/geo", "norms": "data/norms",
}  # fmt: skip
SHARES = ("0", "40", "35", "25", "0", "0")
PARTS = [
    Part(name, body, kind, ("phường", "xã"), Fraction(share))
    for (name, body, kind), share in zip(
        [
            ("party", "party", "body"), ("office", "council_committee", "leaders"),
            ("economy", "council_committee", "department"), ("culture", "council_committee", "department"),
            ("front", "front", "body"), ("reception", "reception", "body"),
        ],
        SHARES,
        strict=True,
    )
]  # fmt: skip
POSITIONS = [
    Position("party", ("phường", "xã"), 1, "head"), Position("party", ("phường", "xã"), None, "clerk"),
    Position("office", ("phường", "xã"), 4, "head"), Position("office", ("phường", "xã"), None, "clerk"),
    Position("economy", ("phường", "xã"), 2, "head"), Position("economy", ("phường", "xã"), None, "clerk"),
    Position("culture", ("phường",), 2, "head"), Position("culture", ("phường", "xã"), None, "clerk"),
    Position("front", ("phường", "xã"), 3, "head"), Position("front", ("phường", "xã"), None, "clerk"),
    Position("reception", ("phường", "xã"), 1, "head"), Position("reception", ("phường", "xã"), None, "clerk"),
]  # fmt: skip
TRIPS = {
    ("party", "office"): Fraction(12),
    ("office", "department"): Fraction(10),
    ("department", "department"): Fraction(2),
    ("office", "economy"): Fraction("2.5"),
    ("department", "reception"): Fraction(6),
}


def settings(**changes: Any) -> Settings:
    values = dict(VALUES)
    for name, value in changes.items():
        [key] = [key for key in values if key in (name, name.replace("__", "."))]
        values[key] = value
    return Settings(values)


def ward(population: int = 40000, kind: str = "phường", *, mountain: bool = False) -> Ward:
    return Ward("00001", "Một", kind, population, *HERE, "1", mountain)


def site(name: str, **changes: Any) -> Site:
    plain = Site(
        name, "00001", *HERE, "former_commune_hq", 5000, "estimated", 200, 1000, "B", "candidate", 30
    )
    return replace(plain, **changes)


def inputs(*sites: Site, unit: Ward | None = None, **changes: Any) -> Inputs:
    unit = unit or ward()
    made = Inputs(
        wards={unit.code: unit},
        sites={s.site_id: s for s in sites},
        points={unit.code: [Point(unit.population, *HERE)]},
        parts=PARTS,
        positions=POSITIONS,
        space_norms={"head": Fraction(20), "clerk": Fraction(15)},
        trips=TRIPS,
        detour=[(1.0, 1.0)],
        zones={"1": (2_000_000, 90_001)},
    )
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def case(*sites: Site, unit: Ward | None = None, rules: Settings | None = None, **changes: Any) -> Case:
    return build_cases(inputs(*sites, unit=unit, **changes), rules or settings())["00001"]


def test_the_settings_here_are_all_the_audit_asks_for() -> None:
    assert set(VALUES) == set(SETTINGS)


# --- needs ----------


@pytest.mark.parametrize(
    ("value", "rounded_up", "rounded_down", "nearest"),
    [("2", 2, 2, 2), ("2.0000001", 2, 2, 2), ("2.00001", 3, 2, 2), ("2.5", 3, 2, 3), ("2.9999999", 3, 3, 3)],
)
def test_rounding(value: str, rounded_up: int, rounded_down: int, nearest: int) -> None:
    assert up(Fraction(value)) == rounded_up
    assert down(Fraction(value)) == rounded_down
    assert half_up(Fraction(value)) == nearest


@pytest.mark.parametrize(
    ("kind", "mountain", "population", "delegates"),
    [
        ("phường", False, 15_000, 15), ("phường", False, 20_999, 15), ("phường", False, 21_000, 16),
        ("phường", False, 45_000, 20), ("phường", False, 51_999, 20), ("phường", False, 52_000, 21),
        ("phường", False, 200_000, 30), ("xã", False, 10_000, 15), ("xã", False, 12_000, 16),
        ("xã", False, 20_000, 20), ("xã", False, 26_000, 21), ("xã", True, 5_000, 15), ("xã", True, 6_000, 16),
        ("xã", True, 10_000, 20), ("xã", True, 13_000, 21),
    ],
)  # fmt: skip
def test_delegates(kind: str, mountain: bool, population: int, delegates: int) -> None:
    """Seats of a tight fit are the delegates and 20 Party executive members."""
    needs = needs_of(ward(population, kind, mountain=mountain), inputs(), settings())
    assert needs.seats_tight == delegates + 20
    assert needs.seats_norm == max(90, delegates + 20 + 50 + 10)


def test_people_of_a_ward() -> None:
    """40,000 people: a block of 32 + 24,000 / 2,000 = 44.

    10,000 files, 4,000 in person; 4,000 × 1.5 × 20 / (250 × 400 × 0.75) = 1.6 counters, so 2; reception 1 + 2 = 3.
    The committee keeps 44 − 8 fixed − 3 = 33 for 40 : 35 : 25, that is 13.2, 11.55, 8.25: 13, 12, 8.
    """
    needs = needs_of(ward(), inputs(), settings())
    assert needs.in_person == 4000
    assert needs.counters == 2
    people = {part.name: part.people for part in needs.parts}
    assert people == {"party": 17, "office": 17, "economy": 14, "culture": 10, "front": 10, "reception": 3}


def test_people_of_a_mountain_commune_meet_the_cap_and_the_scale() -> None:
    """32 + 24,000 / 1,000 = 56, capped at 50, × 1.13 = 56.5, rounded to 57; culture has no head in a commune."""
    rules = settings(staffing__government_scale=Fraction("1.13"))
    needs = needs_of(ward(40000, "xã", mountain=True), inputs(), rules)
    assert sum(part.people for part in needs.parts) == 57 + 17 + 10


def test_a_body_never_has_fewer_people_than_its_posts() -> None:
    needs = needs_of(ward(), inputs(), settings(staffing__front=2))
    assert {part.name: part.people for part in needs.parts}["front"] == 3


def test_further_departments_share_the_posts_of_the_committee() -> None:
    """A third department with share 25 and 2 heads: 44 − 10 − 3 = 31 for 40 : 35 : 25 : 25.

    Exactly 9.92, 8.68, 6.2, 6.2: 9, 8, 6, 6 and the two left over to .92 and .68.
    """
    third = Part("third", "council_committee", "department", ("phường",), Fraction(25), 1)
    posts = [Position("third", ("phường",), 2, "head"), Position("third", ("phường",), None, "clerk")]
    made = inputs(parts=[*PARTS, third], positions=[*POSITIONS, *posts])
    assert needs_of(ward(), made, settings()) == needs_of(ward(), inputs(), settings())
    people = {part.name: part.people for part in needs_of(ward(), made, settings(), 1).parts}
    assert people == {
        "party": 17, "office": 14, "economy": 11, "culture": 8, "front": 10, "reception": 3, "third": 8
    }  # fmt: skip


def test_floor_of_a_ward() -> None:
    """Party: tight 17 × 12 / 0.6 = 340; norm (20 + 16 × 15) × 1.5 / 0.6 = 650.

    Reception: room max(60, 2 × (12 + 9)) = 60: tight 100; norm (60 + 20 + 2 × 15) / 0.6 = 183.3, so 184.
    """
    parts = {part.name: part for part in needs_of(ward(), inputs(), settings()).parts}
    assert (parts["party"].tight, parts["party"].norm) == (340, 650)
    assert (parts["reception"].tight, parts["reception"].norm) == (100, 184)


def test_the_norm_is_never_below_the_tight_fit() -> None:
    part = needs_of(ward(), inputs(), settings(space__tight_m2_per_person=100)).parts[0]
    assert part.norm == part.tight == up(Fraction(17 * 100, 1) / Fraction("0.6"))


def test_road_metres() -> None:
    """A hundredth of a degree of latitude is about 1.107 km; the detour is interpolated, constant outside."""
    north = (HERE[0] + 0.01, HERE[1])
    for detour, factor in (
        ([(1.0, 1.0)], 1.0),
        ([(2.0, 1.4), (3.0, 1.2)], 1.4),
        ([(0.1, 1.4), (0.2, 1.2)], 1.2),
        ([(0.607, 1.4), (1.607, 1.2)], 1.3),
    ):
        roads = Map(detour)
        roads.add([HERE, north])
        assert roads.road_metres(HERE, north) == roads.road_metres(north, HERE)
        assert abs(roads.road_metres(HERE, north) - 1107 * factor) < 3
        assert roads.road_metres(HERE, HERE) == 0


# --- costs ----------

TOGETHER = dict.fromkeys((part.name for part in PARTS), "A")


def test_costs_on_one_site() -> None:
    """All 71 people on a site of 2,000 m² with 30 desks and 80 seats.

    Norm: 650 party, (80 + 195) × 2.5 = 688 office, 550 economy, 400 culture, 413 front, 184 reception: 2,885 m².
    """
    one = case(site("A", floor=2000, hall=80, condition="C"))
    norm = sum(part.norm for part in one.needs.parts)
    rows = price.cost_rows(one, TOGETHER)
    assert norm == 2885
    assert {item: vnd for (year, item), vnd in rows.items() if year == 2025} == {
        "renovation": 2000 * 3000,
        "fit_out": 41 * 25000,
        "moves": 71 * 2000,
        "running": 2000 * 300,
        "site_fixed": 471000,
        "hall_rent": (99 - 80) * 500,
        "crowding": 885 * 400,
    }
    assert {item for (year, item) in rows if year == 2026} == {
        "running",
        "site_fixed",
        "hall_rent",
        "crowding",
    }
    assert not any(year == 2028 for year, _ in rows)


def test_discounting_rounds_once() -> None:
    """Factors at 10 %: 1, 0.909091, 0.826446."""
    assert price.factors(settings()) == {2025: 1_000_000, 2026: 909_091, 2027: 826_446}
    assert (
        price.discounted({(2025, "moves"): 3, (2027, "running"): 5}, price.factors(settings()))
        == 3_000_000 + 4_132_230
    )


def test_staff_travel_looks_up_names_before_departments() -> None:
    """Economy apart from office: 2.5 trips (named), not 10; with culture 2, with reception 6, none with the front.

    staff_vnd_per_km = 3,000 + ⌊75,010 / 25⌋ = 6,000; 10.5 trips × 250 days × 1,107 m ≈ 17.4 million.
    """
    far = site("B", lat=HERE[0] + 0.01)
    two = case(site("A"), far)
    metres = two.between["A", "B"]
    rows = price.cost_rows(two, {**TOGETHER, "economy": "B"})
    assert rows[2025, "staff_travel"] == int(Fraction("10.5") * 250 * metres * 6000 / 1000)
    assert rows[2025, "cohesion"] == 120000
    assert rows[2025, "site_fixed"] == 2 * 471000


def test_citizen_travel_counts_there_and_back_from_every_point() -> None:
    """Visits are shared by people and rounded down by point: ⌊4,000 × 2 × 1/3⌋ = 2,666 and ⌊… 2/3⌋ = 5,333."""
    near, far = Point(1, *HERE), Point(2, HERE[0] + 0.01, HERE[1])
    one = case(site("A"), points={"00001": [near, far]})
    metres = one.to_reception["A"][1]
    assert price.visits(one) == [2666, 5333]
    assert price.cost_rows(one, TOGETHER)[2025, "citizen_travel"] == 2 * 5333 * metres * 4600 // 1000


@pytest.mark.parametrize(
    ("route", "first", "second"),
    [
        ("public_use", 0, 0),
        # ⌊555 × 0.6⌋ = 333 m² × 90,001 × 12 months × 80 %, rounded down
        ("lease", -287_715_196, -287_715_196),
        # 1,001 m² × 2,000,000 × 35.6 %
        ("auction", -712_712_000, 0),
    ],
)
def test_release_income(route: str, first: int, second: int) -> None:
    two = case(site("A"), site("B", floor=555, land=1001), rules=settings(release__route=route))
    rows = price.cost_rows(two, TOGETHER)
    assert rows.get((2025, "release_income"), 0) == first
    assert rows.get((2026, "release_income"), 0) == second


def test_excluded_sites_bring_no_income() -> None:
    rules = settings(release__route="lease", rules__excluded=["B"])
    assert (2025, "release_income") not in price.cost_rows(case(site("A"), site("B"), rules=rules), TOGETHER)


def test_starting_from_today_only_what_is_known_moves() -> None:
    """Party is known to sit on B, the committee (its office) on A: 17 people move; A needs no work."""
    today = {("00001", "party"): "B", ("00001", "council_committee"): "A"}
    two = case(site("A", condition="D"), site("B"), rules=settings(start="today"), today=today)
    rows = price.cost_rows(two, TOGETHER)
    assert rows[2025, "moves"] == 17 * 2000
    assert (2025, "renovation") not in rows
    assert (2025, "fit_out") not in rows
    moved_out = price.cost_rows(two, {**TOGETHER, "economy": "B"})
    assert moved_out[2025, "moves"] == 17 * 2000


def test_without_a_hall_rule_there_is_no_rent() -> None:
    one = case(site("A", hall=0), rules=settings(rules__hall="off"))
    assert (2025, "hall_rent") not in price.cost_rows(one, TOGETHER)
    assert price.missing_seats(one, TOGETHER.values()) == 0


# --- measures ----------


def test_measures_of_a_ward_on_two_sites() -> None:
    far = site("B", lat=HERE[0] + 0.01, floor=400, basis="surveyed", hall=300)
    two = case(site("A", floor=2000), far, site("C", floor=111))
    arrangement = {**TOGETHER, "party": "B", "culture": "B"}
    course = Course(two, arrangement, None, "public_use")
    values = measures.measures(course, rows_of(course)).values
    metres = two.between["A", "B"]
    assert values["premises"] == 2
    assert values["premises_released"] == 1
    assert values["surplus_floor"] == 111
    assert values["surveyed_share"] == Fraction("0.1667")
    assert values["missing_to_tight"] == 340 + 200 - 400
    assert values["body_distance_mean"] == half_up(Fraction(3 * metres, 6))  # party to the three other bodies
    assert values["body_distance_max"] == metres
    assert values["parts_apart"] == 1
    assert values["in_person_files_day"] == 16
    assert values["hall_seats"] == 300
    assert set(values) == set(measures.UNITS)


def test_measures_of_the_city_are_not_means_of_means() -> None:
    small = case(site("A"), points={"00001": [Point(1, HERE[0] + 0.01, HERE[1])]})
    large = case(site("A"), points={"00001": [Point(9, *HERE)]})
    courses = [Course(c, TOGETHER, None, "public_use") for c in (small, large)]
    wards = [measures.measures(course, rows_of(course)) for course in courses]
    city = measures.city_measures(wards, settings())
    assert city["citizen_travel_mean"] == half_up(Fraction(int(wards[0].values["citizen_travel_mean"]), 10))
    assert city["citizen_travel_max"] == wards[0].values["citizen_travel_max"]
    assert city["premises"] == 2
    assert city["in_person_files_day"] == 32


# --- the search against trying everything ----------


def random_case(seed: int) -> Case:
    rnd = random.Random(seed)
    sites = [
        site(
            f"S{i}",
            lat=HERE[0] + rnd.uniform(-0.03, 0.03),
            lon=HERE[1] + rnd.uniform(-0.03, 0.03),
            floor=rnd.randint(100, 2500),
            hall=rnd.randint(20, 120),
            land=rnd.randint(100, 3000),
            workplaces=rnd.randint(0, 60),
            condition=rnd.choice("ABCD"),
            kind=rnd.choice(["former_commune_hq", "former_district_hq"]),
            use=rnd.choice(["candidate"] * 8 + ["required", "excluded"]),
        )
        for i in range(rnd.randint(1, 4))
    ]
    rules = settings(
        rules__max_sites=rnd.randint(1, 4),
        rules__one_site_where_enough=rnd.choice(["any", "former_district_hq", "off"]),
        rules__floor_area=rnd.choice(["enforce", "report"]),
        rules__hall=rnd.choice(["enforce", "report", "off"]),
        rules__departments_apart=rnd.random() < 0.7,
        start=rnd.choice(["before_reform", "today"]),
        arrangement=rnd.choice(["free", "free", "today"]),
        release__route=rnd.choice(["public_use", "lease", "auction"]),
        prices__crowding_vnd_per_m2_year=rnd.choice([0, 400, 5000]),
        prices__site_fixed_vnd_year=rnd.choice([0, 471000]),
        prices__cohesion_vnd_per_part_year=rnd.choice([0, 120000]),
    )
    today = {("00001", body): rnd.choice(sites).site_id for body in BODIES if rnd.random() < 0.5}
    points = [Point(rnd.randint(1, 9), HERE[0] + rnd.uniform(-0.05, 0.05), HERE[1]) for _ in range(3)]
    return case(*sites, rules=rules, today=today, points={"00001": points})


def everything(one: Case) -> dict[int, tuple[int, int, int]]:
    """Return, by number of sites, the least (missing m², missing seats, cost) of all arrangements that are allowed."""
    groups = price.parts_together(one)
    factor = price.factors(one.settings)
    best: dict[int, tuple[int, int, int]] = {}
    enough = bool(price.sites_enough_alone(one))
    for choice in product(one.sites, repeat=len(groups)):
        arrangement = {part.name: s for group, s in zip(groups, choice, strict=True) for part in group}
        used = set(choice)
        m2, seats = search.missing(one, arrangement)
        if (
            len(used) > one.settings.whole("rules.max_sites")
            or not one.required <= used
            or (enough and len(used) > 1)
            or (m2 and one.settings.word("rules.floor_area") == "enforce")
            or (seats and one.settings.word("rules.hall") == "enforce")
            or any(arrangement[part] != s for part, s in price.kept_today(one).items())
        ):
            continue
        key = (m2, seats, price.discounted(price.cost_rows(one, arrangement), factor))
        best[len(used)] = min(best.get(len(used), key), key)
    return best


def key_of(found: search.Found) -> tuple[int, int, int]:
    return found.missing_m2, found.missing_seats, found.cost


@pytest.mark.parametrize("seed", range(60))
def test_the_search_finds_the_best_of_everything(seed: int) -> None:
    one = random_case(seed)
    truth = everything(one)
    by_count = search.cheapest(one, by_count=True)
    assert {count: key_of(found) for count, found in by_count.items()} == truth
    overall = search.cheapest(one)
    assert [key_of(found) for found in overall.values()] == ([min(truth.values())] if truth else [])
    for found in [*by_count.values(), *overall.values()]:
        rows = price.cost_rows(one, found.arrangement)
        assert price.discounted(rows, price.factors(one.settings)) == found.cost


@pytest.mark.parametrize("seed", range(60, 80))
def test_a_known_arrangement_does_not_mislead_the_search(seed: int) -> None:
    one = random_case(seed)
    for count, found in search.cheapest(one, by_count=True).items():
        again = search.cheapest(one, found.arrangement, by_count=True)
        assert key_of(again[count]) == key_of(found)
        best = min(key_of(f) for f in again.values())
        assert [key_of(f) for f in search.cheapest(one, found.arrangement).values()] == [best]


@pytest.mark.parametrize("seed", range(20))
def test_the_least_of_the_city_within_a_limit_on_premises(seed: int) -> None:
    rnd = random.Random(seed)
    wards = [
        {n: search.Found(0, 0, rnd.randint(0, 99), {}) for n in rnd.sample((1, 2, 3), rnd.randint(1, 3))}
        for _ in range(4)
    ]
    for limit in (None, *range(4, 13)):
        sums = [
            sum(found.cost for _, found in choice)
            for choice in product(*(options.items() for options in wards))
            if limit is None or sum(n for n, _ in choice) <= limit
        ]
        assert search.least_for_city(wards, limit) == min(sums, default=None)


def test_set_partitions() -> None:
    """Stirling numbers of the second kind; blocks are disjoint and cover everything."""
    for items, blocks, count in ((6, 1, 1), (6, 2, 31), (6, 3, 90), (5, 4, 10), (3, 4, 0), (0, 0, 1)):
        found = search.set_partitions(items, blocks)
        assert len(found) == len({frozenset(blocks) for blocks in found}) == count
        assert all(sum(parts) == 2**items - 1 for parts in found)
