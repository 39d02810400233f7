"""Random small regions, norms and scenarios: frozen tables built in memory, the same for the same seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.region import Norms, Region
from planner.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

BODIES = ("party", "council_committee", "front", "reception")
NOWHERE = Path("/nowhere")
GEO_TABLES = {
    "wards": "wards",
    "communes": "communes",
    "pairs": "commune_ward",
    "sites": "sites",
    "today": "today",
}
NORM_TABLES = ("settings", "parts", "positions", "space_norms", "trips", "detour", "land_zones")


@dataclass(frozen=True)
class Case:
    """One planning problem with the seed it was drawn from."""

    seed: int
    region: Region
    norms: Norms
    scenario: Scenario

    def changed(self, section: str = "", **values: Any) -> Case:
        """Return the same problem with other settings of one section of the scenario."""
        if section:
            part = getattr(self.scenario, section).model_copy(update=values)
            values = {section: part}
        return replace(self, scenario=self.scenario.model_copy(update=values))

    def with_tables(self, **tables: pd.DataFrame) -> Case:
        """Return the same problem with other tables of the region."""
        return replace(self, region=replace(self.region, **tables))


# --- norms -------------------------------------------------------------------------------------------------------


def make_norms(
    parts: list[tuple[str, str, str, str, float]],
    positions: list[tuple[str, str, str, str, str]],
    space: dict[str, float],
    trips: list[tuple[str, str, int]],
    detour: list[tuple[float, float]],
    zones: list[tuple[int, int, int]],
) -> Norms:
    """Build norms from rows: parts (part, body, kind, types, share), positions (part, types, count, norm, switch)."""
    status = {"status": "estimated", "source": "test"}
    part_table = pd.DataFrame(parts, columns=["part", "body", "kind", "types", "share_of_rest"])
    part_table = part_table.assign(vi=part_table["part"], en=part_table["part"], **status)
    position_table = pd.DataFrame(positions, columns=["part", "types", "count", "norm", "switch"])
    position_table.insert(0, "position", [f"P{i:02}" for i in range(1, len(positions) + 1)])
    return Norms(
        settings=pd.DataFrame(
            columns=["key", "value", "unit", "low", "high", "status", "source", "note", "vi", "en"]
        )
        .astype(str)
        .set_index("key"),
        parts=part_table.set_index("part"),
        positions=position_table.assign(vi="x", en="x", **status),
        space_norms=pd.DataFrame(list(space.items()), columns=["norm", "m2_net"])
        .assign(row="test", **status)
        .set_index("norm"),
        trips=pd.DataFrame(trips, columns=["part_a", "part_b", "trips_per_day"]).assign(**status),
        detour=pd.DataFrame(detour, columns=["straight_km", "detour"]).assign(**status),
        land_zones=pd.DataFrame(zones, columns=["zone", "land_vnd_per_m2", "rent_vnd_per_m2_month"])
        .assign(**status)
        .set_index("zone"),
        folder=NOWHERE,
        inputs=(),
    )


BOTH = "phường|xã"


def random_norms(rng: random.Random, departments: int) -> Norms:
    """Draw norms with the four bodies and 0 to 3 departments (4 to 7 parts)."""
    parts = [("party", "party", "body", BOTH, 0.0), ("office", "council_committee", "leaders", BOTH, 40.0)]
    for name in ("economy", "culture", "justice")[:departments]:
        types = BOTH if name == "economy" or rng.random() < 0.7 else rng.choice(("phường", "xã"))
        parts.append((name, "council_committee", "department", types, float(rng.choice((15, 25, 35, 35.5)))))
    parts += [("front", "front", "body", BOTH, 0.0), ("reception", "reception", "body", BOTH, 0.0)]
    if rng.random() < 0.3:
        rng.shuffle(parts)
    space = {"head": 20.0, "deputy": 15.0, "staff": float(rng.choice((8, 9.5, 10)))}
    positions = []
    for part, *_ in parts:
        for norm in ("head", "deputy"):
            if rng.random() < 0.7:
                types = rng.choice((BOTH, BOTH, "phường", "xã"))
                switch = rng.choice(("on", "on", "on", "off"))
                positions.append((part, types, str(rng.randint(1, 4)), norm, switch))
        if part != "front" or rng.random() < 0.8:
            positions.append((part, BOTH, "rest", "staff", "on"))
    names = [part for part, *_ in parts]
    pairs = [
        (a, b, rng.randint(1, 12)) for i, a in enumerate(names) for b in names[i + 1 :] if rng.random() < 0.4
    ]
    pairs += [("office", "department", rng.randint(1, 10))] if rng.random() < 0.7 else []
    pairs += [("department", "department", rng.randint(1, 5))] if rng.random() < 0.5 else []
    pairs += [("department", "reception", rng.randint(1, 6))] if rng.random() < 0.5 else []
    detour = [(0.65, 1.45), (2.0, 1.3), (6.0, 1.2)] if rng.random() < 0.7 else [(1.0, 1.25)]
    zones = [(1, 90_000_000, 450_000), (2, 30_000_000, 150_000), (3, 4_000_001, 90_007)]
    return make_norms(parts, positions, space, pairs, detour, zones)


# --- region ------------------------------------------------------------------------------------------------------


def make_region(
    wards: list[dict[str, Any]],
    communes: list[dict[str, Any]],
    pairs: list[dict[str, Any]],
    sites: list[dict[str, Any]],
    today: list[dict[str, Any]],
) -> Region:
    """Build a region from rows; columns without influence on the plan are filled in."""
    ward_table = pd.DataFrame([{"former_district": "", "area_km2": 5.0, **row} for row in wards])
    commune_table = pd.DataFrame(
        [{"type": "Xã", "former_district": "", "population_2019": 1, **row} for row in communes]
    )
    site_rows = [
        {
            "address": "",
            "floor_area_low_m2": row["floor_area_m2"],
            "floor_area_high_m2": row["floor_area_m2"],
            "floor_area_basis": "estimated",
            **row,
        }
        for row in sites
    ]
    today_columns = ["ward_code", "body", "address", "site_id", "lat", "lon", "source"]
    today_rows = [
        {"address": "", "lat": float("nan"), "lon": float("nan"), "source": "test", **row} for row in today
    ]
    return Region(
        wards=ward_table.set_index("ward_code").sort_index(),
        communes=commune_table.set_index("commune_code").sort_index(),
        pairs=pd.DataFrame([{"pop_rule": "some", **row} for row in pairs]).sort_values(
            ["ward_code", "commune_code"], ignore_index=True
        ),
        sites=pd.DataFrame(site_rows).set_index("site_id").sort_index(),
        today=pd.DataFrame(today_rows, columns=today_columns).sort_values(
            ["ward_code", "body"], ignore_index=True
        ),
        folder=NOWHERE,
        inputs=(),
    )


def random_region(rng: random.Random, wards: int, most_sites: int) -> Region:
    """Draw a region of a few wards around the middle of Hanoi."""
    ward_rows, commune_rows, pair_rows, site_rows, today_rows = [], [], [], [], []
    for w in range(wards):
        code, kind = f"{100 + 7 * w:05}", rng.choice(("phường", "xã"))
        lat, lon = 21.0 + rng.uniform(-0.2, 0.2), 105.8 + rng.uniform(-0.2, 0.2)
        counts = [
            rng.choice((0, rng.randint(500, 30_000), rng.randint(500, 60_000)))
            for _ in range(rng.randint(1, 4))
        ]
        if not sum(counts):
            counts[0] = rng.randint(800, 50_000)
        ward_rows.append(
            {
                "ward_code": code,
                "name": f"Phường {w}",
                "type": kind,
                "population": sum(counts) + w,  # the official figure may differ from the sum a little
                "lat": lat,
                "lon": lon,
                "land_price_zone": rng.randint(1, 3),
                "mountain": int(kind == "xã" and rng.random() < 0.3),
            }
        )
        for c, count in enumerate(counts):
            place = _near(rng, lat, lon)
            commune_rows.append({"commune_code": f"{code[2:]}{c:02}", "name": f"Xã {c}", **place})
            pair_rows.append(
                {
                    "commune_code": f"{code[2:]}{c:02}",
                    "ward_code": code,
                    "kind": rng.choice(("whole", "whole", "part", "remainder")),
                    "population": count,
                }
            )
        ids = _random_sites(rng, code, lat, lon, most_sites, site_rows)
        today_rows += [
            {"ward_code": code, "body": body, "site_id": rng.choice([*ids, *ids, ""])}
            for body in BODIES
            if rng.random() < 0.6
        ]
    return make_region(ward_rows, commune_rows, pair_rows, site_rows, today_rows)


def _near(rng: random.Random, lat: float, lon: float) -> dict[str, float]:
    return {"lat": round(lat + rng.uniform(-0.04, 0.04), 5), "lon": round(lon + rng.uniform(-0.04, 0.04), 5)}


def _random_sites(
    rng: random.Random, code: str, lat: float, lon: float, most: int, rows: list[dict[str, Any]]
) -> list[str]:
    count = rng.randint(1, most)
    roomy = rng.choice((0.7, 1.2, 1.5, 2.0))
    ids = [f"S{code[2:]}-{i}" for i in range(count)]
    for site in ids:
        floor = int(
            roomy * rng.choice((rng.randint(150, 700), rng.randint(400, 1500), rng.randint(900, 2600)))
        )
        rows.append(
            {
                "site_id": site,
                "ward_code": code,
                "name": f"Trụ sở {site}",
                **_near(rng, lat, lon),
                "kind": rng.choice(("former_district_hq", "former_commune_hq", "former_commune_hq", "other")),
                "floor_area_m2": floor,
                "hall_seats": rng.choice((0, 30, 45, 60, 80, 120, 150, 200)),
                "land_area_m2": rng.randint(200, 6000),
                "condition": rng.choice("ABCD"),
                "use": rng.choice(("candidate",) * 8 + ("required", "excluded")),
                "workplaces": rng.randint(0, 60),
            }
        )
    if all(row["use"] == "excluded" for row in rows[-count:]):
        rows[-1]["use"] = "candidate"
    return ids


# --- scenario ----------------------------------------------------------------------------------------------------

DEFAULTS: dict[str, Any] = {
    "schema": 1,
    "name": "test",
    "title_vi": "Thử",
    "title_en": "Test",
    "geo": "geo",
    "norms": "norms",
    "start": "before_reform",
    "arrangement": "free",
    "horizon": {
        "start_year": 2025,
        "years": 5,
        "discount_rate": 0.08,
        "price_growth": 0.0,
        "construction_growth": 0.0,
    },
    "staffing": {
        "government_base": 32,
        "government_step_from_people": 16_000,
        "government_people_per_extra": 2_000,
        "government_people_per_extra_mountain": 1_000,
        "government_cap_phuong": 70,
        "government_cap_xa": 50,
        "government_scale": 1.0,
        "party": 17,
        "front": 10,
    },
    "space": {"tight_m2_per_person": 12.0, "common_use_share": 0.85, "net_to_gross": 0.7},
    "reception": {
        "files_per_1000_people_year": 256,
        "online_share": 0.5971,
        "postal_share": 0.0024,
        "working_days": 250,
        "peak_factor": 1.5,
        "minutes_per_file": 20,
        "open_minutes_per_day": 420,
        "counter_use_share": 0.7,
        "min_counters": 3,
        "counter_m2": 12,
        "waiting_m2": 1.5,
        "waiting_people_per_counter": 6,
        "min_m2": 80,
        "visits_per_file": 2,
    },
    "hall": {
        "party_executive_members": 22,
        "front_committee_members": 60,
        "guests": 40,
        "norm_min_seats": 100,
    },
    "rules": {
        "max_sites": 3,
        "one_site_where_enough": "any",
        "floor_area": "enforce",
        "hall": "enforce",
        "departments_apart": True,
    },
    "prices": {
        "renovation_a_vnd_per_m2": 0,
        "renovation_b_vnd_per_m2": 1_500_000,
        "renovation_c_vnd_per_m2": 3_500_000,
        "renovation_d_vnd_per_m2": 6_000_000,
        "furniture_vnd_per_person": 25_000_000,
        "move_vnd_per_person": 2_000_000,
        "running_vnd_per_m2_year": 300_000,
        "site_fixed_vnd_year": 471_000_000,
        "hall_rent_vnd_per_seat_year": 500_000,
        "crowding_vnd_per_m2_year": 1_200_000,
        "cohesion_vnd_per_part_year": 120_000_000,
        "vnd_per_km": 3_000,
        "staff_vnd_per_hour": 75_000,
        "citizen_vnd_per_hour": 40_000,
        "speed_kmh": 25,
    },
    "centres": {
        "first_start_after_years": 2,
        "build_years": 2,
        "build_years_large": 3,
        "large_m2": 5_000,
        "storeys_phuong": 7,
        "storeys_xa": 4,
        "cost_le5_vnd_per_m2": 10_000_000,
        "cost_6_7_vnd_per_m2": 11_000_000,
        "cost_8_10_vnd_per_m2": 11_800_000,
        "cost_11_15_vnd_per_m2": 12_800_000,
        "contingency_share": 0.1,
        "coverage_share": 0.4,
        "old_storeys": 2,
        "hall_m2_per_seat": 1.0,
        "land_price_share": 1.0,
        "life_years": 50,
    },
    "departments": {
        "extra_max": 2,
        "count_reception": 1,
        "posts_each": 12,
        "extra_vnd_year": 150_000_000,
        "overload_vnd_per_post_year": 30_000_000,
    },
    "release": {
        "route": "public_use",
        "needs_health": 1,
        "needs_education": 1,
        "needs_culture": 1,
        "needs_sport": 0,
        "needs_police": 0,
        "needs_other": 0,
        "lease_share": 0.8,
        "auction_price_share": 0.356,
    },
}
"""Every setting of a scenario, as in data/norms/settings.csv in November 2026."""


def make_scenario(**sections: Any) -> Scenario:
    """Return a scenario: the defaults with some values of some sections changed."""
    values = dict(DEFAULTS)
    for name, value in sections.items():
        values[name] = {**DEFAULTS.get(name, {}), **value} if isinstance(value, dict) else value
    return Scenario.model_validate({**values, "root": NOWHERE})


def random_scenario(rng: random.Random, region: Region) -> Scenario:
    """Draw a scenario: rules in every combination, prices around the defaults, some of them zero."""
    prices = {
        key: rng.choice((value, value, int(value * rng.uniform(0.1, 3)), 0))
        for key, value in DEFAULTS["prices"].items()
        if key != "speed_kmh"
    }
    # Cheap enough to be given up for travel: otherwise every plan would take as few sites as it can.
    prices["site_fixed_vnd_year"] = rng.choice((0, 5_000_000, 20_000_000, 471_000_000))
    prices["speed_kmh"] = rng.choice((15, 25, 40))
    usable = region.sites.index[region.sites["use"] == "candidate"]
    counts = region.sites.loc[usable, "ward_code"].map(region.sites["ward_code"].value_counts())
    spare = [site for site, count in zip(usable, counts, strict=True) if count > 2]
    picked = rng.sample(spare, min(len(spare), 2)) if rng.random() < 0.25 else []
    return make_scenario(
        start=rng.choice(("before_reform", "today")),
        arrangement=rng.choice(("free",) * 5 + ("today",)),
        horizon={
            "start_year": rng.choice((2025, 2027)),
            "years": rng.randint(1, 7),
            "discount_rate": rng.choice((0.0, 0.08, 0.1234)),
        },
        staffing={
            "government_scale": rng.choice((0.8, 1.0, 1.15)),
            "party": rng.randint(5, 20),
            "front": rng.randint(2, 12),
        },
        space={
            "tight_m2_per_person": rng.choice((6.0, 9.0, 12.0)),
            "common_use_share": rng.choice((0.0, 0.4, 0.85)),
            "net_to_gross": rng.choice((0.62, 0.7, 0.75)),
        },
        reception={
            "files_per_1000_people_year": rng.choice((100, 256, 400.5)),
            "working_days": rng.choice((250, 247)),
            "visits_per_file": rng.choice((1, 2, 3)),
        },
        hall={"party_executive_members": rng.choice((15, 22)), "norm_min_seats": rng.choice((50, 100))},
        rules={
            "max_sites": rng.choice((1, 2, 2, 3, 3, 4)),
            "one_site_where_enough": rng.choice(("any", "former_district_hq", "off", "off")),
            "floor_area": rng.choice(("enforce", "enforce", "report")),
            "hall": rng.choice(("enforce", "report", "off")),
            "departments_apart": rng.random() < 0.6,
            "required": tuple(picked[:1]),
            "excluded": tuple(picked[1:]),
        },
        prices=prices,
        release={"route": rng.choice(("public_use", "lease", "auction"))},
    )


def random_case(seed: int, *, limit: str = "") -> Case:
    """Draw a problem small enough for brute force.

    Parameters
    ----------
    seed : int
        The same seed gives the same problem.
    limit : {"", "premises", "capital", "both"}
        City-wide limits to set; they lie between far too tight and not binding.
    """
    rng = random.Random(seed)
    departments = rng.choice((0, 1, 2, 2, 3))
    most_sites = {0: 5, 1: 5, 2: 4, 3: 3}[departments] if not limit else {0: 5, 1: 4, 2: 3, 3: 2}[departments]
    norms = random_norms(rng, departments)
    wards = rng.randint(2, 4) if limit == "premises" else rng.randint(2, 3) if limit else rng.randint(1, 3)
    region = random_region(rng, wards, most_sites)
    case = Case(seed, region, norms, random_scenario(rng, region))
    if limit:
        rules: dict[str, Any] = {"one_site_where_enough": "off", "max_sites": rng.choice((2, 3, 4))}
        if rng.random() < 0.7:  # feasible more often than not
            rules |= {"floor_area": "report"}
            rules |= {"hall": rng.choice(("report", "off"))}
        case = case.changed("rules", **rules)
    if limit in ("premises", "both"):
        case = case.changed("rules", premises_max=rng.randint(max(1, wards - 1), 2 * wards))
    if limit in ("capital", "both"):
        case = case.changed("rules", capital_max_vnd=_some_capital(rng, case))
    return case


def _some_capital(rng: random.Random, case: Case) -> int:
    """Return a limit around what the cheapest plans of the wards spend."""
    from tests.oracle import brute, facts

    city = facts.city_facts(case)
    low = high = 0
    for ward in city.wards:
        plans = brute.ward_plans(city, ward)
        if not plans:
            return 1_000_000_000
        low += min(plan.capital for plan in plans)
        high += min(plans, key=lambda plan: (plan.cost, plan.capital)).capital
    return max(0, low + int((high - low + 1) * rng.choice((-0.05, 0.0, 0.2, 0.5, 0.8, 1.0))))


# --- files -------------------------------------------------------------------------------------------------------


def write_case(case: Case, root: Path) -> Case:
    """Write the tables below ``root`` in the form the program reads; return the case with that root.

    The settings table is the project's; the scenario is not written.
    """
    geo, norms = root / "geo", root / "norms"
    geo.mkdir(parents=True)
    norms.mkdir(parents=True)
    for name, file in GEO_TABLES.items():
        _write(getattr(case.region, name), geo / f"{file}.csv")
    for name in NORM_TABLES:
        _write(getattr(case.norms, name), norms / f"{name}.csv")
    return replace(
        case, scenario=case.scenario.model_copy(update={"root": root, "geo": "geo", "norms": "norms"})
    )


def _write(table: pd.DataFrame, path: Path) -> None:
    flat = table.reset_index() if table.index.name else table
    flat.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def seeds(count: int, start: int = 0) -> Iterator[int]:
    """Return the seeds of a run."""
    return iter(range(start, start + count))
