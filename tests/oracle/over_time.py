"""Random small problems over time: centres, growth, departments, budgets, priority release and shared premises."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from tests.oracle.instances import Case, random_case

if TYPE_CHECKING:
    from collections.abc import Sequence


def random_time_case(seed: int, *, limited: bool = False) -> Case:
    """Draw a problem; ``limited`` sets some city-wide rules that may or may not bind.

    The same seed gives the same problem.
    """
    rng = random.Random(seed)
    case = random_case(rng.randrange(10**6))
    start, years = case.scenario.horizon.start_year, rng.choice((1, 2, 4, 6, 8))
    case = _with_further_departments(case, rng) if rng.random() < 0.4 else case
    case = case.with_tables(parcels=_parcels(case, rng))
    case = case.changed("horizon", years=years, **_rates(rng))
    case = case.changed(
        "centres",
        allowed=rng.random() < 0.7,
        first_start_after_years=rng.choice((0, 1, 2)),
        build_years=rng.choice((1, 2, 3)),
        build_years_large=rng.choice((1, 4)),
        large_m2=rng.choice((1_000, 3_000)),
        storeys_phuong=rng.choice((5, 7, 9, 12)),
        contingency_share=rng.choice((0.0, 0.07, 0.1)),
        life_years=rng.choice((1, 3, 50)),
        land_price_share=rng.choice((0.0, 0.29, 1.0)),
        cost_6_7_vnd_per_m2=rng.choice((1_000_001, 11_000_000)),
    )
    case = case.changed(
        "release",
        route=rng.choice(("public_use", "lease", "auction", "priority", "priority")),
        cash_route=rng.choice(("lease", "auction", "best")),
        needs_health=rng.choice((0, 1)),
        needs_education=rng.choice((0, 2)),
        needs_culture=0,
    )
    if rng.random() < 0.7:  # feasible more often than not
        case = case.changed("rules", floor_area="report", hall=rng.choice(("report", "off")))
    case = case.changed("rules", shared=_shared(case, rng), **(_rules(rng, start, years) if limited else {}))
    if limited and rng.random() < 0.6:
        case = case.changed("budget", **_budget(rng, start, years))
    return case


def _rates(rng: random.Random) -> dict[str, float]:
    return {
        "price_growth": rng.choice((0.0, 0.03, 0.0777)),
        "construction_growth": rng.choice((0.0, 0.05, 0.0333)),
    }


def _with_further_departments(case: Case, rng: random.Random) -> Case:
    """Return the problem with one or two more departments that a plan may allot."""
    extra = {"third": 1, "fourth": 2}
    rows = pd.DataFrame(
        {
            "body": "council_committee", "kind": "department", "types": "phường|xã",
            "share_of_rest": [20.0, 15.0], "vi": "x", "en": "x", "status": "estimated", "source": "test",
        },
        index=pd.Index(list(extra), name="part"),
    )  # fmt: skip
    parts = pd.concat([case.norms.parts, rows])
    parts["extra"] = [extra.get(str(part), 0) for part in parts.index]
    first = case.norms.positions.iloc[:1]
    more = [
        first.assign(position=f"X{i}", part=part, types="phường|xã", count=count, norm=norm, switch="on")
        for i, (part, count, norm) in enumerate(
            (part, count, norm) for part in extra for count, norm in (("1", "head"), ("rest", "staff"))
        )
    ]
    positions = pd.concat([case.norms.positions, *more], ignore_index=True)
    case = replace(case, norms=replace(case.norms, parts=parts, positions=positions))
    return case.changed(
        "departments",
        open=True,
        extra_max=rng.choice((1, 2)),
        posts_each=rng.choice((5, 9, 12)),
        extra_vnd_year=rng.choice((0, 150_000_001)),
        overload_vnd_per_post_year=rng.choice((30_000_000, 90_000_001)),
    )


def _parcels(case: Case, rng: random.Random) -> pd.DataFrame:
    rows: list[dict[str, Any]] = [
        {
            "parcel_id": f"P{code}",
            "ward_code": code,
            "name": "đất",
            "lat": ward["lat"],
            "lon": ward["lon"] + 0.01,
            "land_area_m2": rng.randint(500, 9_000),
            "land_vnd_per_m2": rng.choice((float("nan"), 7_000_001, 0)),
            "status": "estimated",
            "source": "test",
        }
        for code, ward in case.region.wards.iterrows()
        if rng.random() < 0.5
    ]
    return pd.DataFrame(rows, columns=list(PARCEL_COLUMNS)).set_index("parcel_id")


PARCEL_COLUMNS = (
    "parcel_id", "ward_code", "name", "lat", "lon", "land_area_m2", "land_vnd_per_m2", "status", "source",
)  # fmt: skip


def _shared(case: Case, rng: random.Random) -> tuple[str, ...]:
    """Return up to three pairs of a former district headquarters that may be used and another ward."""
    sites = case.region.sites
    offices = sites[(sites["kind"] == "former_district_hq") & (sites["use"] != "excluded")]
    offices = offices[~offices.index.isin(case.scenario.rules.excluded)]
    wards: Sequence[str] = [str(code) for code in case.region.wards.index]
    pairs = [
        f"{site} {ward}" for site, owner in offices["ward_code"].items() for ward in wards if ward != owner
    ]
    return tuple(rng.sample(pairs, min(len(pairs), rng.randint(0, 3))))


def _rules(rng: random.Random, start: int, years: int) -> dict[str, Any]:
    year = start + rng.randrange(years)
    every: list[dict[str, Any]] = [
        {"premises_max": rng.randint(2, 8)},
        {"departments_max": rng.randint(6, 20)},
        {"capital_max_vnd": rng.randint(10**9, 6 * 10**10)},
        {"centres_min": rng.randint(0, 2)},
        {"centres_building_max": rng.randint(0, 2)},
        {"relocations_max": rng.randint(0, 1)},
        {"surplus_min": {year: rng.randint(0, 4)}},
        {"surplus_m2_min": {year: rng.randint(0, 3_000)}},
    ]
    return {name: value for rule in rng.sample(every, rng.randint(1, 3)) for name, value in rule.items()}


def _budget(rng: random.Random, start: int, years: int) -> dict[str, Any]:
    first = start + rng.randrange(years)
    return {
        "yearly_vnd": rng.randint(0, 8 * 10**10),
        "from_year": first,
        "by_year_vnd": {first: rng.randint(0, 8 * 10**10)} if rng.random() < 0.5 else {},
        "carry_over": rng.random() < 0.5,
        "recycle_income": rng.random() < 0.5,
    }
