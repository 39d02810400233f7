"""Whether units, old communes and the points of other tables lie near one another."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.crosscheck.notes import Notes, filled
from planner.tables import Table

REACH_KM = 3.0
"""A point may lie this far, plus two radii of the unit, from the nearest point of its unit.

Held against the 10,597 pairs of the whole country this names 21 units, all of them with a wrong point in the source.
"""
_KM_PER_DEGREE = 111.2

Points = NDArray[np.float64]


def _points(frame: pd.DataFrame) -> Points:
    return cast("Points", frame[["lat", "lon"]].to_numpy(dtype=float, na_value=np.nan, copy=True))


def distance_km(a: Points, b: Points) -> NDArray[np.float64]:
    """Return straight distances between points row by row; good to a per cent, enough for a check."""
    north = (a[..., 0] - b[..., 0]) * _KM_PER_DEGREE
    east = (a[..., 1] - b[..., 1]) * _KM_PER_DEGREE * np.cos(np.radians((a[..., 0] + b[..., 0]) / 2))
    return cast("Points", np.hypot(north, east))


def check_places(
    wards: Table,
    communes: Table,
    pairs: Table,
    placed: list[tuple[Table, str]],
    names: dict[str, str],
    notes: Notes,
) -> None:
    """Check that units, old communes, and the points of other tables (sites, seats, parcels) lie near one another."""
    ward_row: dict[Hashable, int] = {code: row for row, code in filled(wards.frame["ward_code"])}
    commune_row: dict[Hashable, int] = {code: row for row, code in filled(communes.frame["commune_code"])}
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
    notes: Notes,
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
