"""The tables of a region held against each other: codes, people, places."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np

from planner.crosscheck.notes import Notes, filled
from planner.crosscheck.places import check_places
from planner.errors import ProblemList
from planner.tables import Table

POPULATION_TOLERANCE = 0.001
"""People of a unit's old communes may differ from the unit's by this share, or by five if that is more."""


def check_region(
    wards: Table,
    communes: Table,
    pairs: Table,
    sites: Table,
    today: Table,
    problems: ProblemList,
    parcels: Table | None = None,
    city_points: Table | None = None,
    travel: Table | None = None,
) -> None:
    """Check the tables of a region, with those that may be missing (None), against each other.

    Cells and rows that were reported already are passed over, and a table that lost rows is not held against
    others, so that one fault does not bring a hundred messages.
    """
    notes = Notes(problems)
    names = _names(wards)
    _check_sites(wards, sites, names, notes)
    _check_today(sites, today, names, notes)
    _check_pairs(wards, communes, pairs, names, notes)
    if parcels is not None:
        _check_parcels(sites, parcels, notes)
    if city_points is not None:
        _check_city_points(sites, city_points, notes)
    if travel is not None:
        _check_travel(pairs, sites, city_points, travel, notes)
    placed = [(sites, "site_id"), (today, "site_id")]
    placed += [(parcels, "parcel_id")] if parcels else []
    placed += [(city_points, "point_id")] if city_points else []
    check_places(wards, communes, pairs, placed, names, notes)
    notes.close()


def _names(wards: Table) -> dict[str, str]:
    """Return how messages name a unit: ``00004 Ba Đình``."""
    frame = wards.frame
    columns = zip(frame["ward_code"], frame["name"], strict=True)
    return {
        code: f"{code} {name}" if isinstance(name, str) else code
        for code, name in columns
        if isinstance(code, str)
    }


def _check_sites(wards: Table, sites: Table, names: dict[str, str], notes: Notes) -> None:
    frame = sites.frame
    for position, site in filled(frame["site_id"]):
        if site.lower().startswith("centre-"):
            notes.add("E325", sites, position, "site_id", found=site)
    low, middle, high = (frame[f"floor_area{part}_m2"] for part in ("_low", "", "_high"))
    for position in np.flatnonzero((low > middle).to_numpy() | (middle > high).to_numpy()).tolist():
        values = (int(column.iloc[position]) for column in (low, middle, high))
        notes.add(
            "E310",
            sites,
            position,
            "floor_area_m2",
            **dict(zip(("low", "found", "high"), values, strict=True)),
        )
    if not sites.complete:
        return
    used: dict[str, bool] = {}
    for code, use in zip(frame["ward_code"], frame["use"], strict=True):
        used[code] = used.get(code, False) or use != "excluded"
    for position, code in filled(wards.frame["ward_code"]):
        if code not in used and not frame["ward_code"].isna().any():
            notes.add("E303", wards, position, "ward_code", ward=names[code], table=sites.shown)
        elif not used.get(code, True):
            notes.add("E320", wards, position, "ward_code", ward=names[code])


def _check_today(sites: Table, today: Table, names: dict[str, str], notes: Notes) -> None:
    owner = dict(zip(sites.frame["site_id"], sites.frame["ward_code"], strict=True))
    wards = today.frame["ward_code"].to_list()
    for position, site in filled(today.frame["site_id"]):
        if site not in owner:
            if sites.complete:
                notes.add(
                    "E311",
                    today,
                    position,
                    "site_id",
                    found=site,
                    near=(site, list(owner)),
                    table=sites.shown,
                )
        elif (
            isinstance(owner[site], str)
            and isinstance(wards[position], str)
            and owner[site] != wards[position]
        ):
            other, ward = (names.get(code, code) for code in (owner[site], wards[position]))
            notes.add("E312", today, position, "site_id", found=site, other=other, ward=ward)


def _check_parcels(sites: Table, parcels: Table, notes: Notes) -> None:
    """Check that no parcel has the name of a site, nor one that is kept for centres."""
    taken = set(sites.frame["site_id"])
    for position, parcel in filled(parcels.frame["parcel_id"]):
        if parcel.lower().startswith("centre-"):
            notes.add("E325", parcels, position, "parcel_id", found=parcel)
        elif parcel in taken:
            notes.add("E330", parcels, position, "parcel_id", found=parcel, table=sites.shown)


def _check_city_points(sites: Table, city_points: Table, notes: Notes) -> None:
    """Check that no point has the name of a site, nor one that is kept for points of units or for centres."""
    taken = set(sites.frame["site_id"])
    for position, point in filled(city_points.frame["point_id"]):
        if point.lower().startswith(("ward-", "centre-")):
            notes.add("E333", city_points, position, "point_id", found=point)
        elif point in taken:
            notes.add("E334", city_points, position, "point_id", found=point, table=sites.shown)


def _check_travel(pairs: Table, sites: Table, city_points: Table | None, travel: Table, notes: Notes) -> None:
    """Check that given road metres go from places with people to sites or points of the city."""
    columns = (pairs.frame[name] for name in ("commune_code", "ward_code", "population"))
    sources = [f"{commune}-{ward}" for commune, ward, people in zip(*columns, strict=True) if people > 0]
    targets = [site for _, site in filled(sites.frame["site_id"])]
    tables = [sites.shown]
    if city_points is not None:
        targets += [point for _, point in filled(city_points.frame["point_id"])]
        tables.append(city_points.shown)
    sound = pairs.complete and not pairs.frame[["commune_code", "ward_code", "population"]].isna().any(
        axis=None
    )
    whole = sites.complete and (city_points is None or city_points.complete)
    for code, column, names, complete, shown in (
        ("E335", "demand_id", sources, sound, pairs.shown),
        ("E336", "point_id", targets, whole, ", ".join(tables)),
    ):
        known = set(names)
        for position, found in filled(travel.frame[column]) if complete else ():
            if found not in known:
                notes.add(code, travel, position, column, found=found, near=(found, names), table=shown)


def _check_pairs(wards: Table, communes: Table, pairs: Table, names: dict[str, str], notes: Notes) -> None:
    frame = pairs.frame
    people: dict[str, float] = defaultdict(float)
    rows: dict[str, list[int]] = defaultdict(list)
    columns = ("commune_code", "ward_code", "kind", "pop_rule", "population")
    cells = {name: frame[name].to_list() for name in columns}
    for position, (commune, ward, count) in enumerate(
        zip(cells["commune_code"], cells["ward_code"], cells["population"], strict=True)
    ):
        if isinstance(ward, str):
            people[ward] += 0 if math.isnan(count) else count
        if isinstance(commune, str):
            rows[commune].append(position)
        if cells["pop_rule"][position] == "none" and count > 0:
            notes.add("E319", pairs, position, "population", found=int(count))
    for commune, positions in rows.items():
        kinds = [cells["kind"][position] for position in positions]
        rules = [cells["pop_rule"][position] for position in positions]
        if len(positions) > 1 and "whole" in kinds:
            position = positions[kinds.index("whole")]
            notes.add("E315", pairs, position, "kind", found=commune, count=len(positions))
        if "all" in rules and ("some" in rules or rules.count("all") > 1):
            notes.add("E322", pairs, positions[rules.index("all")], "pop_rule", found=commune)
    if not pairs.complete:
        return
    whole = not frame["population"].isna().any() and not frame["ward_code"].isna().any()
    official = wards.frame["population"].to_list()
    for position, ward in filled(wards.frame["ward_code"]):
        if ward not in people:
            if whole:
                notes.add("E304", wards, position, "ward_code", ward=names[ward], table=pairs.shown)
        elif whole and official[position] == official[position]:
            allowed = max(5, math.ceil(POPULATION_TOLERANCE * official[position]))
            if abs(people[ward] - official[position]) > allowed:
                found, expected = int(people[ward]), int(official[position])
                notes.add(
                    "E307",
                    wards,
                    position,
                    "population",
                    ward=names[ward],
                    found=found,
                    expected=expected,
                    allowed=f"± {allowed}",
                    table=pairs.shown,
                )
    if not frame["commune_code"].isna().any():
        for position, commune in filled(communes.frame["commune_code"]):
            if commune not in rows:
                name = f"{commune} {communes.frame['name'].iloc[position]}"
                notes.add("E305", communes, position, "commune_code", ward=name, table=pairs.shown)
