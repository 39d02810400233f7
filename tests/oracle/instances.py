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
    """One planning problem with the seed it was drawn from; ``tags`` name what of the model over time is in it."""

    seed: int
    region: Region
    norms: Norms
    scenario: Scenario
    tags: tuple[str, ...] = ()

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
    "network": {"share_minutes": 30, "city_point_counters": 8, "point_vnd_year": 300_000_000},
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


# --- over time ---------------------------------------------------------------------------------------------------


def random_time_case(seed: int) -> Case:
    """Draw a problem over time: 2 to 4 wards, 4 to 7 years, every feature of docs/model.md, section 5, on or off.

    Limits of city-wide rules are those of some choice of plans, often one that costs more than the cheapest: most
    cases are feasible and most limits bind.
    """
    rng = random.Random(f"time {seed}")
    tags = _draw_tags(rng)
    wards = rng.randint(2, 3) if tags & {"sharing", "departments"} else rng.randint(2, 4)
    departments = 0 if "departments" in tags else rng.choice((0, 0, 1))
    norms = _with_extras(rng, random_norms(rng, departments))
    most_sites = 2 if "departments" in tags and "sharing" in tags else 3 if wards > 2 else 4
    region = _land_over_time(rng, random_region(rng, wards, most_sites), tags)
    case = _just_enough_land(rng, Case(seed, region, norms, _scenario_over_time(rng, region, tags)))
    if "sharing" in tags:
        case = _with_shared(rng, case)
    case = replace(case, tags=tuple(sorted(tags)))
    return _with_limits(rng, case)


TIME_TAGS = {
    "centres": 0.85,
    "parcels": 0.4,
    "growth": 0.4,
    "priority": 0.4,
    "budget": 0.7,
    "carry_over": 0.5,
    "recycle": 0.5,
    "building": 0.3,
    "relocations": 0.3,
    "surplus": 0.35,
    "centres_min": 0.3,
    "departments": 0.3,
    "sharing": 0.35,
    "premises": 0.15,
    "capital": 0.15,
    "today": 0.15,
}
"""How often a feature is drawn."""


def time_tags(seed: int) -> set[str]:
    """Return the tags of a case without drawing the rest of it."""
    return _draw_tags(random.Random(f"time {seed}"))


def _draw_tags(rng: random.Random) -> set[str]:
    tags = {tag for tag, share in TIME_TAGS.items() if rng.random() < share}
    if not tags & {"centres", "sharing"}:
        tags.add("centres")
    if "sharing" in tags and rng.random() < 0.5:
        tags.discard("departments")
    if "centres" not in tags:
        tags -= {"building", "relocations", "centres_min"}
    if "budget" not in tags:
        tags -= {"carry_over", "recycle"}
    return tags


def _with_extras(rng: random.Random, norms: Norms) -> Norms:
    """Add the column of further departments and two of them, somewhere in the file."""
    parts = norms.parts.assign(extra=0).reset_index()
    positions = norms.positions
    for extra in (1, 2):
        name = f"department_{3 + extra}"
        row = {
            "part": name, "body": "council_committee", "kind": "department", "types": BOTH,
            "share_of_rest": float(rng.choice((0, 20, 25))), "extra": extra, "vi": name, "en": name,
            "status": "estimated", "source": "test",
        }  # fmt: skip
        at = rng.randint(0, len(parts))
        parts = pd.concat([parts[:at], pd.DataFrame([row]), parts[at:]], ignore_index=True)
        counts = [("rest", "staff")] if rng.random() < 0.8 else []
        counts += [(str(rng.randint(1, 3)), "deputy")] if rng.random() < 0.8 else []
        rows = [
            {
                "position": f"X{extra}{k}", "part": name, "types": BOTH, "count": count, "norm": norm,
                "switch": "on", "vi": "x", "en": "x", "status": "estimated", "source": "test",
            }
            for k, (count, norm) in enumerate(counts)
        ]  # fmt: skip
        positions = pd.concat([positions, pd.DataFrame(rows, columns=positions.columns)], ignore_index=True)
    return replace(norms, parts=parts.set_index("part"), positions=positions)


def _land_over_time(rng: random.Random, region: Region, tags: set[str]) -> Region:
    """Name former districts, draw land that is enough for a centre or not, and parcels."""
    districts = [rng.choice(("Quận A", "Huyện B")) for _ in region.wards.index]
    land = [
        rng.choice((rng.randint(100, 900), rng.randint(1000, 5000), rng.randint(4000, 15_000)))
        for _ in region.sites.index
    ]
    sites = region.sites.assign(land_area_m2=land)
    if "sharing" in tags:
        # The shared premises must be worth it: a large former district headquarters.
        first = sites.index[0]
        sites.loc[first, "kind"] = "former_district_hq"
        sites.loc[first, "floor_area_m2"] = rng.randint(1200, 4500)
        sites.loc[first, "use"] = "candidate"
    rows = []
    if "parcels" in tags:
        for k in range(rng.randint(1, 3)):
            ward = rng.choice(list(region.wards.index))
            rows.append(
                {
                    "parcel_id": f"P{k}",
                    "ward_code": ward,
                    "name": f"Khu đất {k}",
                    **_near(rng, region.wards.loc[ward, "lat"], region.wards.loc[ward, "lon"]),
                    "land_area_m2": rng.choice((rng.randint(300, 1500), rng.randint(1500, 6000))),
                    "land_vnd_per_m2": rng.choice((pd.NA, 0, rng.randint(100_000, 9_000_001))),
                    "source": "test",
                    "status": "estimated",
                }
            )
    parcels = region.parcels
    if rows:
        parcels = pd.DataFrame(rows).astype({"land_vnd_per_m2": "Int64"}).set_index("parcel_id").sort_index()
    return replace(region, wards=region.wards.assign(former_district=districts), sites=sites, parcels=parcels)


def _just_enough_land(rng: random.Random, case: Case) -> Case:
    """Give some sites about the land that a centre needs, with or without its old building."""
    from tests.oracle import facts, timefacts

    sites, centres = case.region.sites.copy(), case.scenario.centres
    for code in case.region.wards.index:
        kind = case.region.wards.loc[code, "type"]
        storeys = centres.storeys_phuong if kind == "phường" else centres.storeys_xa
        floor = timefacts.centre_floor(case, facts.ward_facts(case, code))
        needed = timefacts.up(timefacts.up(floor, storeys), centres.coverage_share)
        for site in sites.index[sites["ward_code"] == code]:
            old = timefacts.up(int(sites.loc[site, "floor_area_m2"]), centres.old_storeys)
            beside = needed + timefacts.up(old, centres.coverage_share)
            if rng.random() < 0.5:
                sites.loc[site, "land_area_m2"] = rng.choice(
                    (needed - 1, needed, rng.randint(needed, beside), beside - 1, beside)
                )
    return case.with_tables(sites=sites)


def _scenario_over_time(rng: random.Random, region: Region, tags: set[str]) -> Scenario:
    base = random_scenario(rng, region)
    first = 2025
    growth = ((0.02, 0.035, 0.1), (0.0, 0.03, 0.05)) if "growth" in tags else ((0.0,), (0.0,))
    # Crowding dear and building cheap: a centre is worth it now and then.
    prices = base.prices.model_copy(
        update={
            "crowding_vnd_per_m2_year": rng.choice((400_000, 1_200_000, 3_000_000, 6_000_000)),
            "site_fixed_vnd_year": rng.choice((5_000_000, 100_000_000, 471_000_000)),
            "furniture_vnd_per_person": rng.choice((0, 1_000_000, 10_000_000)),
        }
    )
    cheap = rng.choice((0.01, 0.03, 0.1, 0.3, 1.0))
    costs = {
        key: int(DEFAULTS["centres"][key] * cheap) + 7
        for key in DEFAULTS["centres"]
        if key.startswith("cost_")
    }
    sharing = "sharing" in tags
    rules = base.rules.model_copy(
        update={
            "one_site_where_enough": rng.choice(("any", "former_district_hq", "off", "off")),
            "max_sites": rng.choice((2, 2, 3)),
            "floor_area": rng.choice(("enforce", "report")),
            "hall": rng.choice(("off", "enforce", "report") if sharing else ("off", "report")),
        }
    )
    space = base.space.model_copy(update={"tight_m2_per_person": rng.choice((2.0, 3.0, 5.0))})
    staffing = base.staffing.model_copy(update={"government_scale": rng.choice((0.6, 0.8, 1.0))})
    needs = {
        f"needs_{use}": rng.choice((0, 0, 1, 2))
        for use in ("health", "education", "culture", "sport", "police", "other")
    }
    if rng.random() < 0.3:
        needs = dict.fromkeys(needs, 0)
    changed = {
        "horizon": base.horizon.model_copy(
            update={
                "start_year": first,
                "years": rng.randint(4, 7),
                "price_growth": rng.choice(growth[0]),
                "construction_growth": rng.choice(growth[1]),
            }
        ),
        "start": "today" if "today" in tags else "before_reform",
        "arrangement": base.arrangement if "today" in tags else "free",
        "prices": prices,
        "rules": rules,
        "space": space,
        "staffing": staffing,
        "centres": base.centres.model_copy(
            update={
                **costs,
                "allowed": "centres" in tags,
                "parcels": "parcels.csv" if len(region.parcels) else None,
                "first_start_after_years": rng.choice((0, 1, 1, 2)),
                "build_years": rng.choice((1, 1, 2)),
                "build_years_large": rng.choice((1, 2, 2, 3)),
                "large_m2": rng.choice((800, 1500, 5000)),
                "storeys_phuong": rng.choice((3, 5, 6, 7, 9, 12)),
                "storeys_xa": rng.choice((2, 3, 4, 6)),
                "contingency_share": rng.choice((0.0, 0.1, 0.123)),
                "land_price_share": rng.choice((0.0, 0.3, 1.0)),
                "life_years": rng.choice((1, 3, 25, 50)),
                "coverage_share": rng.choice((0.4, 0.55)),
            }
        ),
        "departments": base.departments.model_copy(
            update={
                "open": "departments" in tags,
                "extra_max": 1 if sharing else rng.choice((0, 1, 2, 2)),
                "count_reception": rng.choice((0, 1)),
                "posts_each": rng.randint(6, 14),
                "extra_vnd_year": rng.choice((0, 20_000_000, 150_000_000)),
                "overload_vnd_per_post_year": rng.choice((0, 10_000_001, 30_000_000)),
            }
        ),
        "release": base.release.model_copy(
            update={
                **needs,
                "route": "priority" if "priority" in tags else rng.choice(("public_use", "lease", "auction")),
                "cash_route": rng.choice(("lease", "auction", "best")),
            }
        ),
    }
    return base.model_copy(update=changed)


def _with_shared(rng: random.Random, case: Case) -> Case:
    """Let former district headquarters be shared with one or two other wards; no ward builds when it shares."""
    sites, codes = case.region.sites, list(case.region.wards.index)
    palaces = [site for site in sites.index if sites.loc[site, "kind"] == "former_district_hq"]
    pairs = [f"{site} {code}" for site in palaces for code in codes if code != sites.loc[site, "ward_code"]]
    chosen = pairs[:1] + rng.sample(pairs[1:], min(len(pairs) - 1, rng.choice((0, 1)))) if pairs else []
    return case.changed("rules", shared=tuple(chosen))


def _with_limits(rng: random.Random, case: Case) -> Case:
    """Set city-wide limits around what two choices of plans use, the cheapest and another."""
    from tests.oracle import timebrute, timefacts

    tags, years = set(case.tags), case.scenario.horizon.years
    first = case.scenario.horizon.start_year
    later = rng.sample(range(first, first + years), 2)
    budget: dict[str, Any] = {}
    if "budget" in tags:
        budget = {"carry_over": "carry_over" in tags, "recycle_income": "recycle" in tags, "yearly_vnd": 1}
        budget["from_year"] = rng.choice((None, first, first, first + 2))
        if rng.random() < 0.4:
            budget["by_year_vnd"] = dict.fromkeys(rng.sample(range(first, first + years), 2), 1)
            if rng.random() < 0.3:
                budget["yearly_vnd"] = None
    rules: dict[str, Any] = {}
    if "building" in tags:
        rules["centres_building_max"] = 0
    if "relocations" in tags:
        rules["relocations_max"] = 0
    if "surplus" in tags:
        rules["surplus_min"] = dict.fromkeys(later[:1], 0)
        rules["surplus_m2_min"] = dict.fromkeys(later[1:], 0)
    if "centres_min" in tags:
        name = rng.choice(("centres_min", "centres_min_phuong", "centres_min_xa", "centres_min_by_district"))
        rules[name] = {case.region.wards["former_district"].iloc[0]: 0} if "district" in name else 0
    if "departments" in tags:
        rules["departments_max"] = 1
    if "premises" in tags:
        rules["premises_max"] = 1
    if "capital" in tags:
        rules["capital_max_vnd"] = 0
    case = case.changed("rules", **rules).changed("budget", **budget)
    city = timefacts.time_facts(case)
    plans = timebrute.enumerate_all(city)
    names = list(timebrute.limits(city))
    cheapest = timebrute.some_choice(plans, {})
    if cheapest is None:
        return case
    # Where a unit of use has a price another choice is the best: its uses are limits that bind.
    dear = {name: 200_000_000 for name in names}
    dear |= {name: 1 for name in names if name.startswith("budget") or name == "capital"}
    dear |= {name: 2_000_000 for name in names if name.startswith("surplus_m2")}
    dear |= {name: 100_000_000_000 for name in names if name.startswith("centres")}
    other = cheapest
    for factor in (0.5, 1, 2, 4, 8, 16, 64, 256, 1024):
        if other == cheapest and rng.random() < 0.95:
            prices = {name: int(dong * rng.choice((0, factor)) * MILLION) for name, dong in dear.items()}
            other = timebrute.some_choice(plans, prices) or cheapest
    use = {name: sum(timebrute.use(city, chosen, name) for chosen in other) for name in names}
    slack = rng.choice((0,) * 11 + (1, -1))
    return _limited(rng, case, use, slack)


def _limited(rng: random.Random, case: Case, use: dict[str, int], slack: int) -> Case:
    """Turn uses into limits, wider where `slack` is 1 and too tight where it is -1."""
    rules, budget = case.scenario.rules, case.scenario.budget
    first = case.scenario.horizon.start_year

    def most(prefix: str) -> int:
        return max((value for name, value in use.items() if name.startswith(prefix)), default=0)

    changed: dict[str, Any] = {}
    for key, name in (
        ("centres_building_max", "building_"),
        ("relocations_max", "relocations_"),
        ("departments_max", "departments"),
        ("premises_max", "premises"),
    ):
        if getattr(rules, key) is not None:
            changed[key] = max(0 if key.startswith(("centres", "relocations")) else 1, most(name) + slack)
    if rules.capital_max_vnd is not None:
        changed["capital_max_vnd"] = max(0, most("capital") + slack * rng.randint(0, 10**9))
    for key in ("surplus_min", "surplus_m2_min"):
        prefix = key[:-3]
        changed[key] = {year: max(0, -use[f"{prefix}{year}"] - slack) for year in getattr(rules, key)}
    for key in ("centres_min", "centres_min_phuong", "centres_min_xa"):
        if getattr(rules, key) is not None:
            changed[key] = max(0, -use[key.replace("_min", "")] - slack)
    changed["centres_min_by_district"] = {
        name: max(0, -use[f"centres_district:{name}"] - slack) for name in rules.centres_min_by_district
    }
    case = case.changed("rules", **changed)
    wanted = {
        int(name.rpartition("_")[2]): value for name, value in use.items() if name.startswith("budget_")
    }
    if not wanted:
        return case
    wide = slack * rng.randint(0, 10**9)
    years = range(first, first + case.scenario.horizon.years)
    begins = first + 1 if budget.from_year is None else budget.from_year
    whole = budget.yearly_vnd is not None
    if not budget.carry_over:
        by_year = {year: max(0, wanted[year] + wide) for year in budget.by_year_vnd}
        others = [value for year, value in wanted.items() if year not in by_year]
        yearly = max([0, *others]) + max(0, wide) if whole else None
        return case.changed("budget", by_year_vnd=by_year, yearly_vnd=yearly)
    # Carried over: the sum so far must reach the use, so single years make up what the others do not bring.
    by_year, so_far = {}, 0
    steady = [year for year in years if whole and year >= begins and year not in budget.by_year_vnd]
    counts = {year: sum(other <= year for other in steady) for year in wanted}
    yearly = max([0, *(-(-wanted[year] // counts[year]) for year in wanted if counts[year])])
    for year in sorted(wanted):
        if year in budget.by_year_vnd:
            ahead = [
                wanted[later]
                for later in wanted
                if later >= year and not any(year < other <= later for other in budget.by_year_vnd)
            ]
            by_year[year] = max(0, max(ahead) - so_far + wide)
            so_far += by_year[year]
        elif year in steady:
            so_far += yearly
    return case.changed("budget", by_year_vnd=by_year, yearly_vnd=max(0, yearly + wide) if whole else None)


MILLION = 1_000_000


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
    if len(case.region.parcels):
        _write(case.region.parcels, root / str(case.scenario.centres.parcels))
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
