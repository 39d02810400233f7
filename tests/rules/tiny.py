"""A region of two wards with round numbers: small enough to read every row of a rule's LP file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from tests.oracle.instances import BOTH, Case, make_norms, make_region, make_scenario
from tests.oracle.netinstances import NetCase

POINT = {"lat": 21.0, "lon": 105.8}


def tiny_case(**sections: Any) -> Case:
    """Return the region with settings of some sections changed.

    Ward 00001 (phường, 30,000 people) has a former district headquarters and a small commune office, ward 00002
    (xã, 9,000 people) two commune offices, of which the second must be used. Sites of a ward are about a kilometre
    apart. Today Party and committee of 00001 are known, and the reception of 00002.
    """
    wards = [
        {"ward_code": "00001", "name": "Một", "type": "phường", "population": 30_000, **POINT},
        {"ward_code": "00002", "name": "Hai", "type": "xã", "population": 9_000, "lat": 21.1, "lon": 105.8},
    ]
    for ward in wards:
        ward |= {"land_price_zone": 1, "mountain": 0}
    communes = [
        {"commune_code": "00011", "name": "Cũ 1", **POINT},
        {"commune_code": "00012", "name": "Cũ 2", "lat": 21.0, "lon": 105.82},
        {"commune_code": "00021", "name": "Cũ 3", "lat": 21.1, "lon": 105.8},
    ]
    pairs = [
        {"commune_code": "00011", "ward_code": "00001", "kind": "whole", "population": 20_000},
        {"commune_code": "00012", "ward_code": "00001", "kind": "part", "population": 10_000},
        {"commune_code": "00021", "ward_code": "00002", "kind": "whole", "population": 9_000},
    ]
    sites = [
        _site("A1", "00001", 21.0, 105.8, "former_district_hq", 2_000, 150, 60, "B"),
        _site("A2", "00001", 21.0, 105.81, "former_commune_hq", 500, 60, 20, "C"),
        _site("B1", "00002", 21.1, 105.8, "former_commune_hq", 900, 60, 40, "A"),
        _site("B2", "00002", 21.1, 105.81, "former_commune_hq", 700, 120, 30, "D", use="required"),
    ]
    today = [
        {"ward_code": "00001", "body": "party", "site_id": "A2"},
        {"ward_code": "00001", "body": "council_committee", "site_id": "A1"},
        {"ward_code": "00002", "body": "reception", "site_id": "B1"},
    ]
    norms = make_norms(
        parts=[
            ("party", "party", "body", BOTH, 0.0),
            ("office", "council_committee", "leaders", BOTH, 50.0),
            ("economy", "council_committee", "department", "phường", 50.0),
            ("front", "front", "body", BOTH, 0.0),
            ("reception", "reception", "body", BOTH, 0.0),
        ],
        positions=[
            ("party", BOTH, "1", "head", "on"),
            ("party", BOTH, "rest", "staff", "on"),
            ("office", BOTH, "2", "head", "on"),
            ("office", BOTH, "rest", "staff", "on"),
            ("economy", BOTH, "rest", "staff", "on"),
            ("front", BOTH, "rest", "staff", "on"),
            ("reception", BOTH, "rest", "staff", "on"),
        ],
        space={"head": 20.0, "staff": 10.0},
        trips=[("party", "office", 12), ("office", "department", 10), ("office", "reception", 6)],
        detour=[(1.0, 1.25)],
        zones=[(1, 30_000_000, 150_000)],
    )
    return Case(0, make_region(wards, communes, pairs, sites, today), norms, make_scenario(**sections))


def further_departments(case: Case) -> Case:
    """Return the case in which a plan may allot a department of culture, and one of justice after it."""
    norms = make_norms(
        parts=[
            ("party", "party", "body", BOTH, 0.0),
            ("office", "council_committee", "leaders", BOTH, 50.0),
            ("economy", "council_committee", "department", "phường", 50.0),
            ("culture", "council_committee", "department", BOTH, 25.0),
            ("justice", "council_committee", "department", BOTH, 25.0),
            ("front", "front", "body", BOTH, 0.0),
            ("reception", "reception", "body", BOTH, 0.0),
        ],
        positions=[
            ("party", BOTH, "rest", "staff", "on"),
            ("office", BOTH, "2", "head", "on"),
            ("office", BOTH, "rest", "staff", "on"),
            ("economy", BOTH, "rest", "staff", "on"),
            ("culture", BOTH, "1", "head", "on"),
            ("culture", BOTH, "rest", "staff", "on"),
            ("justice", BOTH, "rest", "staff", "on"),
            ("front", BOTH, "rest", "staff", "on"),
            ("reception", BOTH, "rest", "staff", "on"),
        ],
        space={"head": 20.0, "staff": 10.0},
        trips=[("party", "office", 12), ("office", "department", 10), ("office", "reception", 6)],
        detour=[(1.0, 1.25)],
        zones=[(1, 30_000_000, 150_000)],
    )
    norms.parts["extra"] = [0, 0, 0, 1, 2, 0, 0]
    return replace(case, norms=norms)


def with_network(case: Case) -> NetCase:
    """Return the case with a city point of two counters in ward 00002, and reception handed over in 2026 or 2028."""
    case = case.changed("network", allowed=True, hand_over_years=(2026, 2028))
    case = case.changed("horizon", years=4)
    point = {"point_id": "CP-1", "ward_code": "00002", "lat": 21.05, "lon": 105.8, "counters": 2}
    return NetCase(case, city_points=pd.DataFrame([{**point, "use": "candidate"}]))


def _site(
    site: str,
    ward: str,
    lat: float,
    lon: float,
    kind: str,
    floor: int,
    hall: int,
    workplaces: int,
    condition: str,
    use: str = "candidate",
) -> dict[str, Any]:
    return {
        "site_id": site,
        "ward_code": ward,
        "name": f"Trụ sở {site}",
        "lat": lat,
        "lon": lon,
        "kind": kind,
        "floor_area_m2": floor,
        "hall_seats": hall,
        "land_area_m2": 1_000,
        "condition": condition,
        "use": use,
        "workplaces": workplaces,
    }
