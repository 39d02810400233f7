"""Tables checked against each other: codes, people, places; every fault with the row it stands in."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.errors import ProblemList
from planner.tables import MAX_SAME_PROBLEM, Table
from planner.wording import problem

POPULATION_TOLERANCE = 0.001
"""People of a unit's old communes may differ from the unit's by this share, or by five if that is more."""
REACH_KM = 3.0
"""A point may lie this far, plus two radii of the unit, from the nearest point of its unit.

Held against the 10,597 pairs of the whole country this names 21 units, all of them with a wrong point in the source.
"""
_KM_PER_DEGREE = 111.2

Points = NDArray[np.float64]


class _Notes:
    """Adds problems of one table, the same kind at most `MAX_SAME_PROBLEM` times."""

    def __init__(self, problems: ProblemList) -> None:
        self.problems = problems
        self.counts: dict[tuple[str, str], int] = defaultdict(int)

    def add(self, code: str, table: Table, position: int | None, column: str, /, **values: object) -> None:
        self.counts[code, table.shown] += 1
        if self.counts[code, table.shown] <= MAX_SAME_PROBLEM:
            where = table.shown if position is None else table.place(position, column)
            self.problems.problems.append(problem(code, where, **values))

    def close(self) -> None:
        for (code, shown), count in self.counts.items():
            if count > MAX_SAME_PROBLEM:
                more = count - MAX_SAME_PROBLEM
                self.problems.problems.append(problem("E199", shown, same=code, count=more))


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
    notes = _Notes(problems)
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
    _check_places(wards, communes, pairs, placed, names, notes)
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


def _known(values: Iterable[Any]) -> Iterator[tuple[int, str]]:
    for position, value in enumerate(values):
        if isinstance(value, str) and value:
            yield position, value


def _check_sites(wards: Table, sites: Table, names: dict[str, str], notes: _Notes) -> None:
    frame = sites.frame
    for position, site in _known(frame["site_id"]):
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
    for position, code in _known(wards.frame["ward_code"]):
        if code not in used and not frame["ward_code"].isna().any():
            notes.add("E303", wards, position, "ward_code", ward=names[code], table=sites.shown)
        elif not used.get(code, True):
            notes.add("E320", wards, position, "ward_code", ward=names[code])


def _check_today(sites: Table, today: Table, names: dict[str, str], notes: _Notes) -> None:
    owner = dict(zip(sites.frame["site_id"], sites.frame["ward_code"], strict=True))
    wards = today.frame["ward_code"].to_list()
    for position, site in _known(today.frame["site_id"]):
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


def _check_parcels(sites: Table, parcels: Table, notes: _Notes) -> None:
    """Check that no parcel has the name of a site, nor one that is kept for centres."""
    taken = set(sites.frame["site_id"])
    for position, parcel in _known(parcels.frame["parcel_id"]):
        if parcel.lower().startswith("centre-"):
            notes.add("E325", parcels, position, "parcel_id", found=parcel)
        elif parcel in taken:
            notes.add("E330", parcels, position, "parcel_id", found=parcel, table=sites.shown)


def _check_city_points(sites: Table, city_points: Table, notes: _Notes) -> None:
    """Check that no point has the name of a site, nor one that is kept for points of units or for centres."""
    taken = set(sites.frame["site_id"])
    for position, point in _known(city_points.frame["point_id"]):
        if point.lower().startswith(("ward-", "centre-")):
            notes.add("E333", city_points, position, "point_id", found=point)
        elif point in taken:
            notes.add("E334", city_points, position, "point_id", found=point, table=sites.shown)


def _check_travel(
    pairs: Table, sites: Table, city_points: Table | None, travel: Table, notes: _Notes
) -> None:
    """Check that given road metres go from places with people to sites or points of the city."""
    columns = (pairs.frame[name] for name in ("commune_code", "ward_code", "population"))
    sources = [f"{commune}-{ward}" for commune, ward, people in zip(*columns, strict=True) if people > 0]
    targets = [site for _, site in _known(sites.frame["site_id"])]
    tables = [sites.shown]
    if city_points is not None:
        targets += [point for _, point in _known(city_points.frame["point_id"])]
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
        for position, found in _known(travel.frame[column]) if complete else ():
            if found not in known:
                notes.add(code, travel, position, column, found=found, near=(found, names), table=shown)


def _check_pairs(wards: Table, communes: Table, pairs: Table, names: dict[str, str], notes: _Notes) -> None:
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
    for position, ward in _known(wards.frame["ward_code"]):
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
        for position, commune in _known(communes.frame["commune_code"]):
            if commune not in rows:
                name = f"{commune} {communes.frame['name'].iloc[position]}"
                notes.add("E305", communes, position, "commune_code", ward=name, table=pairs.shown)


def _points(frame: pd.DataFrame) -> Points:
    return cast("Points", frame[["lat", "lon"]].to_numpy(dtype=float, na_value=np.nan, copy=True))


def distance_km(a: Points, b: Points) -> NDArray[np.float64]:
    """Return straight distances between points row by row; good to a per cent, enough for a check."""
    north = (a[..., 0] - b[..., 0]) * _KM_PER_DEGREE
    east = (a[..., 1] - b[..., 1]) * _KM_PER_DEGREE * np.cos(np.radians((a[..., 0] + b[..., 0]) / 2))
    return cast("Points", np.hypot(north, east))


def _check_places(
    wards: Table,
    communes: Table,
    pairs: Table,
    placed: list[tuple[Table, str]],
    names: dict[str, str],
    notes: _Notes,
) -> None:
    """Check that units, old communes, and the points of other tables (sites, seats, parcels) lie near one another."""
    ward_row: dict[Hashable, int] = {code: row for row, code in _known(wards.frame["ward_code"])}
    commune_row: dict[Hashable, int] = {code: row for row, code in _known(communes.frame["commune_code"])}
    if not ward_row or not commune_row:
        return
    ward_points, commune_points = _points(wards.frame), _points(communes.frame)
    nameless = np.ones(len(ward_points), dtype=bool)
    nameless[list(ward_row.values())] = False
    ward_points[nameless] = np.nan
    reach = REACH_KM + 2 * np.sqrt(wards.frame["area_km2"].to_numpy(dtype=float, na_value=np.nan) / np.pi)
    links = np.array(
        [
            (commune_row[commune], ward_row[ward])
            for commune, ward in zip(pairs.frame["commune_code"], pairs.frame["ward_code"], strict=True)
            if commune in commune_row and ward in ward_row
        ],
        dtype=int,
    ).reshape(-1, 2)
    apart = distance_km(commune_points[links[:, 0]], ward_points[links[:, 1]])
    of_commune = communes.frame["name"].to_list()
    far: set[int] = set()
    for row, (km, link) in _nearest(apart, links[:, 1], len(wards.frame)).items():
        if km > reach[row]:
            far.add(row)
            code, other = wards.frame["ward_code"].iloc[row], of_commune[links[link, 0]]
            notes.add(
                "E321", wards, row, "lat", ward=names[code], km=f"{km:.1f}", other=other, table=pairs.shown
            )
    for row, (km, link) in _nearest(apart, links[:, 0], len(communes.frame)).items():
        ward = links[link, 1]
        if km > 2 * reach[ward] and ward not in far:
            code, other = communes.frame["commune_code"].iloc[row], names[wards.frame["ward_code"].iloc[ward]]
            found = f"{code} {of_commune[row]}"
            notes.add(
                "E323", communes, row, "lat", found=found, km=f"{km:.1f}", other=other, table=pairs.shown
            )
    points = np.concatenate([ward_points, commune_points[links[:, 0]]])
    owner = np.concatenate([np.arange(len(ward_points)), links[:, 1]])
    for table, named in placed:
        _check_seats(table, table.frame[named], points, owner, reach, wards, ward_row, names, notes)


def _nearest(km: NDArray[np.float64], group: NDArray[np.int_], size: int) -> dict[int, tuple[float, int]]:
    """Return for each group its smallest distance and where it stands."""
    order = np.lexsort((km, group))
    first = np.searchsorted(group[order], np.arange(size))
    found = {}
    for member in range(size):
        if first[member] < len(order) and group[order[first[member]]] == member:
            at = int(order[first[member]])
            found[member] = (float(km[at]), at)
    return found


def _check_seats(
    table: Table,
    named: pd.Series[Any],
    points: Points,
    owner: NDArray[np.int_],
    reach: NDArray[np.float64],
    wards: Table,
    ward_row: dict[Hashable, int],
    names: dict[str, str],
    notes: _Notes,
) -> None:
    """Report sites and parcels far from their unit, and those far from every unit."""
    mine = np.array([ward_row.get(code, -1) for code in table.frame["ward_code"]], dtype=int)
    seats = _points(table.frame)
    codes = wards.frame["ward_code"].to_list()
    own = _distance_to_own(points, owner, seats, mine, len(codes))
    # Comparisons with NaN are false: what is not known is not judged.
    for row in np.flatnonzero((mine >= 0) & (own > reach[mine])).tolist():
        ward = mine[row]
        everywhere = distance_km(points, seats[row])
        nearest = int(np.nanargmin(everywhere))
        other, km = names[codes[owner[nearest]]], float(everywhere[nearest])
        found = named.iloc[row] or table.frame["ward_code"].iloc[row]
        if km > reach[owner[nearest]]:
            place = f"{seats[row, 0]:g}, {seats[row, 1]:g}"
            notes.add("E308", table, row, "lat", found=found, place=place, km=f"{km:.1f}", other=other)
        else:
            far = f"{own[row]:.1f}"
            notes.add("E309", table, row, "lat", found=found, km=far, ward=names[codes[ward]], other=other)


def _distance_to_own(
    points: Points, owner: NDArray[np.int_], seats: Points, mine: NDArray[np.int_], wards: int
) -> NDArray[np.float64]:
    """Return how far each seat is from the nearest point of its own unit; NaN where one of them is not known."""
    known = ~np.isnan(points).any(axis=1)
    order = np.argsort(owner[known], kind="stable")
    sorted_points, sorted_owner = points[known][order], owner[known][order]
    bounds = np.searchsorted(sorted_owner, np.arange(wards + 1))
    usable = np.flatnonzero((mine >= 0) & ~np.isnan(seats).any(axis=1))
    counts = (bounds[1:] - bounds[:-1])[mine[usable]]
    usable, counts = usable[counts > 0], counts[counts > 0]
    result = np.full(len(seats), np.nan)
    if len(usable):
        # Every seat beside every point of its unit, in one row of numbers.
        starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
        at = np.arange(counts.sum()) - np.repeat(starts, counts) + np.repeat(bounds[mine[usable]], counts)
        km = distance_km(sorted_points[at], np.repeat(seats[usable], counts, axis=0))
        result[usable] = np.minimum.reduceat(km, starts)
    return result


def check_norms(
    parts: Table, positions: Table, space_norms: Table, trips: Table, detour: Table, problems: ProblemList
) -> None:
    """Check the norms against each other."""
    notes = _Notes(problems)
    part_names = [name for _, name in _known(parts.frame["part"])]
    kinds = ["leaders", "department", "body"]
    norms = [name for _, name in _known(space_norms.frame["norm"])]
    for table, column, allowed, other in (
        (positions, "part", part_names, parts),
        (positions, "norm", norms, space_norms),
        (trips, "part_a", [*part_names, *kinds], parts),
        (trips, "part_b", [*part_names, *kinds], parts),
    ):
        if other.complete:
            for position, name in _known(table.frame[column]):
                if name not in allowed:
                    near = (name, allowed)
                    notes.add(
                        "E318",
                        table,
                        position,
                        column,
                        found=name,
                        near=near,
                        allowed=allowed,
                        table=other.shown,
                    )
    for table in (parts, positions):
        for position, types in _known(table.frame["types"]):
            for kind in types.split("|"):
                if kind not in ("phường", "xã"):
                    unit_types = ("phường", "xã", "phường|xã")
                    near = (kind, list(unit_types))
                    notes.add("E125", table, position, "types", found=types, allowed=unit_types, near=near)
    for position, count in _known(positions.frame["count"]):
        if count != "rest" and not (count.isascii() and count.isdigit() and len(count) < 5):
            notes.add("E117", positions, position, "count", found=count, allowed="0 … 9999, rest")
    if parts.complete and not parts.frame[["body", "kind", "types"]].isna().any(axis=None):
        _check_parts(parts, notes)
        _check_further(parts, notes)
    if not positions.frame[["part", "types", "count", "switch"]].isna().any(axis=None):
        _check_rest(positions, notes)
    before = -math.inf
    for position, km in enumerate(detour.frame["straight_km"].to_list()):
        if not math.isnan(km):
            if km <= before:
                notes.add("E327", detour, position, "straight_km", found=f"{km:g}", other=f"{before:g}")
            before = km
    notes.close()


def check_bridges(banks: Table, bridges: Table, problems: ProblemList) -> None:
    """Check that every bridge joins two banks, both of them with old communes."""
    notes = _Notes(problems)
    known = sorted({bank for _, bank in _known(banks.frame["bank"])})
    whole = banks.complete and not banks.frame["bank"].isna().any()
    for column in ("bank_a", "bank_b"):
        for position, bank in _known(bridges.frame[column]) if whole else ():
            if bank not in known:
                near = (bank, known)
                notes.add("E338", bridges, position, column, found=bank, near=near, table=banks.shown)
    for position, bank in _known(bridges.frame["bank_a"]):
        if bank == bridges.frame["bank_b"].iloc[position]:
            notes.add("E339", bridges, position, "bank_b", found=bank)
    notes.close()


def _check_parts(parts: Table, notes: _Notes) -> None:
    """Every type of unit has each body once, whole and named like the body; the committee has one part that leads."""
    columns = (parts.frame[name] for name in ("part", "body", "kind", "types"))
    rows = list(zip(*columns, strict=True))
    for kind in ("phường", "xã"):
        here = [(body, role) for _, body, role, types in rows if kind in types.split("|")]
        for body in ("party", "front", "reception"):
            count = sum(body == other for other, _ in here)
            if count != 1:
                notes.add("E326", parts, None, "", count=count, found=body, kind=kind, expected=1)
        if not any(body == "council_committee" for body, _ in here):
            found = "council_committee"
            notes.add("E326", parts, None, "", count=0, found=found, kind=kind, expected=">= 1")
            continue
        leaders = sum(role == "leaders" for _, role in here)
        if leaders != 1:
            found = "council_committee (leaders)"
            notes.add("E326", parts, None, "", count=leaders, found=found, kind=kind, expected=1)
    for position, (part, body, role, _) in enumerate(rows):
        wanted = "office" if role == "leaders" else body if body != "council_committee" else part
        if part != wanted:
            notes.add("E328", parts, position, "part", found=part, expected=wanted)


def _check_further(parts: Table, notes: _Notes) -> None:
    """Check that the further departments of each type of unit are the first, the second, each once."""
    columns = (parts.frame[name] for name in ("part", "kind", "types", "extra"))
    rows = [(*row, position) for position, row in enumerate(zip(*columns, strict=True)) if row[3] > 0]
    for position in [position for _, role, _, _, position in rows if role != "department"]:
        notes.add("E332", parts, position, "extra", found=parts.frame["kind"].iloc[position])
    for kind in ("phường", "xã"):
        here = sorted(
            (int(extra), position) for _, _, types, extra, position in rows if kind in types.split("|")
        )
        for expected, (extra, position) in enumerate(here, start=1):
            if extra != expected:
                notes.add("E331", parts, position, "extra", found=extra, expected=expected, kind=kind)
                break


def _check_rest(positions: Table, notes: _Notes) -> None:
    """Check that a part takes what is left of its staff in one row only."""
    seen: set[tuple[str, str]] = set()
    columns = (positions.frame[name] for name in ("part", "types", "count", "switch"))
    for position, (part, types, count, switch) in enumerate(zip(*columns, strict=True)):
        if count != "rest" or switch != "on":
            continue
        for kind in types.split("|"):
            if (part, kind) in seen:
                notes.add("E329", positions, position, "count", found=part, kind=kind)
            seen.add((part, kind))
