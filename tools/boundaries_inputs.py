"""What the schematic boundaries are built from: points, boxes, areas and the old-to-new mapping.

Nothing here reads a polygon. The boxes are the south-west and north-east corners of the units in force until
30 June 2025, as the package ``vietnamadminunits`` ships them beside the label points.
"""

from __future__ import annotations

import csv
import math
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

CITY = "01"
WEST, EAST, SOUTH, NORTH = 105.26, 106.05, 20.54, 21.41
"""The frame of the raster: the city and a rim of its neighbours (degrees)."""
KM_LON, KM_LAT = 104.0, 110.7
"""Kilometres per degree near 21° N; areas are taken row by row, see `boundaries_fit.Grid`."""
WIDEST_BOX = 0.3
"""Degrees; a wider box of a commune is no box of a commune."""


@dataclass
class Inputs:
    """Old units of the city and its neighbours, the new units, and how the ones became the others."""

    codes: list[str]
    names: list[str]
    kinds: list[str]
    area: Floats
    ward_lon: Floats
    ward_lat: Floats
    old_names: list[str]
    lon: Floats
    lat: Floats
    west: Floats
    east: Floats
    south: Floats
    north: Floats
    inside: Bools
    members: list[list[int]]
    """For each old unit the new units with a piece of it; ``[len(codes)]`` stands for outside the city."""
    neighbours: set[tuple[int, int]]
    anchors: list[tuple[float, float, int]]
    """Points known to lie in a new unit: its label point and, where located, its listed headquarters."""
    guessed: Bools = field(default_factory=lambda: np.zeros(0, dtype=bool))
    """Old units whose box was replaced by a guess."""


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def read_inputs(data: Path, database: Path, dense: float, small: float) -> Inputs:
    """Read the tables of the project and the old units of the package.

    Parameters
    ----------
    data
        The project's ``data`` folder.
    database
        The package's SQLite file.
    dense, small
        Limits beyond which a box is taken for a mistake, see `replace_wrong_boxes`.
    """
    wards = sorted(_rows(data / "geo" / "wards.csv"), key=lambda row: row["ward_code"])
    number = {row["ward_code"]: i for i, row in enumerate(wards)}
    communes = {row["commune_code"]: row for row in _rows(data / "geo" / "communes.csv")}
    parts: dict[str, list[int]] = {}
    for row in _rows(data / "geo" / "commune_ward.csv"):
        parts.setdefault(row["commune_code"], []).append(number[row["ward_code"]])
    pairs = {
        (min(a, b), max(a, b))
        for row in _rows(data / "facts" / "ward_neighbours.csv")
        for a, b in [(number[row["ward_code_a"]], number[row["ward_code_b"]])]
    }
    anchors = [(float(row["lon"]), float(row["lat"]), number[row["ward_code"]]) for row in wards]
    anchors += [
        (float(row["listed_hq_lon"]), float(row["listed_hq_lat"]), number[row["ward_code"]])
        for row in sorted(_rows(data / "facts" / "wards.csv"), key=lambda row: row["ward_code"])
        if row["listed_hq_lat"]
    ]
    query = (
        "select provinceCode, wardCode, ward, wardLat, wardLon, wardBounds from admin_units_legacy"
        " where wardLat is not null and wardBounds is not null order by wardCode"
    )
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        found = db.execute(query).fetchall()
    names, inside, members, numbers, codes = [], [], [], [], []
    for province, code, name, lat, lon, bounds in found:
        south_west, north_east = bounds.split("–")
        south, west = (float(x) for x in south_west.split(","))
        north, east = (float(x) for x in north_east.split(","))
        if east < WEST or west > EAST or north < SOUTH or south > NORTH or east - west > WIDEST_BOX:
            continue
        names.append(name)
        codes.append(code)
        inside.append(province == CITY)
        members.append(parts[code] if province == CITY else [len(wards)])
        numbers.append((lon, lat, west, east, south, north))
    lon, lat, west, east, south, north = np.array(numbers, dtype=float).T
    inputs = Inputs(
        codes=[row["ward_code"] for row in wards],
        names=[row["name"] for row in wards],
        kinds=[row["type"] for row in wards],
        area=np.array([float(row["area_km2"]) for row in wards]),
        ward_lon=np.array([float(row["lon"]) for row in wards]),
        ward_lat=np.array([float(row["lat"]) for row in wards]),
        old_names=names,
        lon=lon,
        lat=lat,
        west=west.copy(),
        east=east.copy(),
        south=south.copy(),
        north=north.copy(),
        inside=np.array(inside),
        members=members,
        neighbours=pairs,
        anchors=anchors,
    )
    missing = set(parts) - {code for code, city in zip(codes, inside, strict=True) if city}
    if missing:
        raise ValueError(f"old units without point or box: {sorted(missing)}")
    people = [
        float(communes[code]["population_2019"]) if city else math.nan
        for code, city in zip(codes, inside, strict=True)
    ]
    district = [
        communes[code]["former_district"] if city else "" for code, city in zip(codes, inside, strict=True)
    ]
    replace_wrong_boxes(inputs, np.array(people), district, dense, small)
    return inputs


def replace_wrong_boxes(
    inputs: Inputs, people: Floats, district: list[str], dense: float, small: float
) -> None:
    """Replace boxes that can not be those of a whole commune by squares about its point.

    Some boxes are those of one village, recognisable without any polygon: inside the city the people per box area
    are more than `dense` times the median of the old district; outside it, where no population is at hand, the box
    is smaller than `small` times the median of its eight nearest.
    """
    box = (inputs.east - inputs.west) * (inputs.north - inputs.south) * KM_LON * KM_LAT
    density = people / box
    groups = np.array(district)
    median = np.full(len(box), np.nan)
    for name in sorted(set(district) - {""}):
        median[groups == name] = np.median(density[groups == name])
    points = np.c_[inputs.lon * KM_LON, inputs.lat * KM_LAT]
    nearest = cKDTree(points).query(points, 9)[1][:, 1:]
    usual = np.median(box[nearest], axis=1)
    wrong_in = inputs.inside & (density > dense * median)
    wrong_out = ~inputs.inside & (box < small * usual)
    wanted = np.where(wrong_in, people / median, usual)
    inputs.guessed = wrong_in | wrong_out
    half = np.sqrt(wanted) / 2
    for i in np.nonzero(inputs.guessed)[0]:
        inputs.west[i], inputs.east[i] = inputs.lon[i] - half[i] / KM_LON, inputs.lon[i] + half[i] / KM_LON
        inputs.south[i], inputs.north[i] = inputs.lat[i] - half[i] / KM_LAT, inputs.lat[i] + half[i] / KM_LAT
