"""The region (units, old communes, sites, the arrangement in force) and the norms, read and cross-checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from planner import crosscheck
from planner.errors import ProblemList
from planner.polygons import read_boundaries
from planner.tables import Column, Input, Table, read_table, shown_path
from planner.wording import problem

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

BODIES = ("party", "council_committee", "front", "reception")
UNIT_TYPES = ("phường", "xã")
OLD_TYPES = ("Phường", "Xã", "Thị trấn")
SITE_KINDS = ("former_district_hq", "former_commune_hq", "other")
LATITUDES = (6.0, 24.0)
LONGITUDES = (102.0, 118.0)

_LAT = Column("lat", "number", *LATITUDES)
_LON = Column("lon", "number", *LONGITUDES)

WARDS = (
    Column("ward_code", "code"),
    Column("name"),
    Column("type", "choice", allowed=UNIT_TYPES),
    Column("former_district", empty=True),
    Column("area_km2", "number", 0, 5000, above=True),
    Column("population", "int", 1, 2_000_000),
    _LAT,
    _LON,
    Column("land_price_zone", "int", 1, 100),
    Column("mountain", "int", 0, 1),
)
COMMUNES = (
    Column("commune_code", "code"),
    Column("name"),
    Column("type", "choice", allowed=OLD_TYPES),
    Column("former_district", empty=True),
    _LAT,
    _LON,
    Column("population_2019", "int", 0, 2_000_000, empty=True),
)
PAIRS = (
    Column("commune_code", "code"),
    Column("ward_code", "code"),
    Column("kind", "choice", allowed=("whole", "part", "remainder")),
    Column("pop_rule", "choice", allowed=("all", "some", "none")),
    Column("population", "int", 0, 2_000_000),
)
SITES = (
    Column("site_id", "id"),
    Column("ward_code", "code"),
    Column("name"),
    Column("address", empty=True),
    _LAT,
    _LON,
    Column("kind", "choice", allowed=SITE_KINDS),
    Column("floor_area_m2", "int", 1, 200_000),
    Column("floor_area_low_m2", "int", 1, 200_000),
    Column("floor_area_high_m2", "int", 1, 200_000),
    Column("floor_area_basis", "choice", allowed=("surveyed", "sourced", "estimated")),
    Column("hall_seats", "int", 0, 5_000),
    Column("land_area_m2", "int", 0, 2_000_000),
    Column("condition", "choice", allowed=("A", "B", "C", "D")),
    Column("use", "choice", allowed=("required", "candidate", "excluded")),
    Column("workplaces", "int", 0, 5_000),
)
TODAY = (
    Column("ward_code", "code"),
    Column("body", "choice", allowed=BODIES),
    Column("address", empty=True),
    Column("site_id", "id", empty=True),
    Column("lat", "number", *LATITUDES, empty=True),
    Column("lon", "number", *LONGITUDES, empty=True),
    Column("source"),
)
STATUSES = ("sourced", "second-hand", "derived", "estimated")
_STATUS = (Column("status", "choice", allowed=STATUSES), Column("source"))
SETTINGS = (
    Column("key"),
    Column("value"),
    Column("unit"),
    Column("low"),
    Column("high"),
    *_STATUS,
    Column("note", empty=True),
    Column("vi"),
    Column("en"),
)
PARTS = (
    Column("part", "id"),
    Column("body", "choice", allowed=BODIES),
    Column("kind", "choice", allowed=("body", "leaders", "department")),
    Column("types"),
    Column("share_of_rest", "number", 0, 1000),
    Column("extra", "int", 0, 2, empty=True, optional=True),
    Column("vi"),
    Column("en"),
    *_STATUS,
)
POSITIONS = (
    Column("position", "id"),
    Column("part", "id"),
    Column("types"),
    Column("count"),
    Column("norm", "id"),
    Column("switch", "choice", allowed=("on", "off")),
    Column("vi"),
    Column("en"),
    *_STATUS,
)
SPACE_NORMS = (Column("norm", "id"), Column("m2_net", "number", 0, 500, above=True), Column("row"), *_STATUS)
TRIPS = (Column("part_a", "id"), Column("part_b", "id"), Column("trips_per_day", "int", 0, 1000), *_STATUS)
DETOUR = (Column("straight_km", "number", 0, 2000, above=True), Column("detour", "number", 1, 10), *_STATUS)
LAND_ZONES = (
    Column("zone", "int", 1, 100),
    Column("land_vnd_per_m2", "int", 0, 10_000_000_000),
    Column("rent_vnd_per_m2_month", "int", 0, 1_000_000_000),
    *_STATUS,
)
PARCELS = (
    Column("parcel_id", "id"),
    Column("ward_code", "code"),
    Column("name"),
    _LAT,
    _LON,
    Column("land_area_m2", "int", 1, 10_000_000),
    Column("land_vnd_per_m2", "int", 0, 10_000_000_000, empty=True, optional=True),
    *_STATUS,
)
CITY_POINTS = (
    Column("point_id", "id"),
    Column("ward_code", "code"),
    Column("name"),
    _LAT,
    _LON,
    Column("counters", "int", 1, 200, empty=True),
    Column("use", "choice", allowed=("required", "candidate", "excluded")),
    Column("branch", "int", 1, 99, empty=True, optional=True),
)
TRAVEL = (Column("demand_id", "id"), Column("point_id", "id"), Column("road_m", "int", 0, 2_000_000))
BANKS = (Column("commune_code", "code"), Column("bank", "id"), *_STATUS)
BRIDGES = (
    Column("bridge_id", "id"),
    Column("name"),
    Column("river"),
    Column("bank_a", "id"),
    Column("bank_b", "id"),
    _LAT,
    _LON,
    *_STATUS,
)


@dataclass(frozen=True)
class Region:
    """The units of the region with their old communes, sites and the arrangement in force.

    Attributes
    ----------
    wards : pandas.DataFrame
        Index ``ward_code``, sorted.
    communes : pandas.DataFrame
        Index ``commune_code``, sorted.
    pairs : pandas.DataFrame
        Old communes by unit with their people, sorted by unit, then commune.
    sites : pandas.DataFrame
        Index ``site_id``, sorted.
    today : pandas.DataFrame
        One row per unit and body that is known; ``site_id`` is ``""`` where only an address is known.
    folder : Path
        Where the tables are.
    inputs : tuple of Input
        The files that were read.
    parcels : pandas.DataFrame
        Index ``parcel_id``, sorted: new land that a joint-agency centre may be built on; empty without such a file.
    rows : dict
        The row of its file that each unit, old commune, site and city point stands in, for messages:
        ``rows["sites"]["HC-00004"]``.
    city_points : pandas.DataFrame
        Index ``point_id``, sorted: the points of the city's service centre; empty without such a file. ``counters``
        and ``branch`` are NaN where they are not known.
    travel : pandas.DataFrame
        ``demand_id``, ``point_id``, ``road_m``: given road metres, as in the file; empty without such a file.
    """

    wards: pd.DataFrame
    communes: pd.DataFrame
    pairs: pd.DataFrame
    sites: pd.DataFrame
    today: pd.DataFrame
    folder: Path
    inputs: tuple[Input, ...]
    rows: dict[str, dict[str, int]] = field(default_factory=dict, repr=False, compare=False)
    parcels: pd.DataFrame = field(default_factory=lambda: no_parcels())
    city_points: pd.DataFrame = field(default_factory=lambda: _no_rows(CITY_POINTS, "point_id"))
    travel: pd.DataFrame = field(default_factory=lambda: _no_rows(TRAVEL))

    def boundaries(self) -> GeoDataFrame:
        """Return the polygons of the units, index ``ward_code``, EPSG:4326; read when first asked for.

        Raises
        ------
        InputError
            If the layer is missing, in another CRS or does not fit the units.
        """
        return self._layer

    @cached_property
    def _layer(self) -> GeoDataFrame:
        # Map, layers and checks of one run ask for the same polygons: they are read once.
        return read_boundaries(self)


@dataclass(frozen=True)
class Norms:
    """Space norms, staffing tables, unit costs and the default of every setting.

    Attributes
    ----------
    settings : pandas.DataFrame
        Index ``key``; texts as in the file.
    parts : pandas.DataFrame
        Index ``part``, in the order of the file.
    positions, trips, detour : pandas.DataFrame
        As in the files.
    space_norms : pandas.DataFrame
        Index ``norm``.
    land_zones : pandas.DataFrame
        Index ``zone``.
    folder : Path
        Where the tables are.
    inputs : tuple of Input
        The files that were read.
    banks : pandas.DataFrame
        Index ``commune_code``, sorted: column ``bank`` says between which rivers an old commune lies; empty
        without such a file.
    bridges : pandas.DataFrame
        Index ``bridge_id``, sorted: bridges with the two banks each joins; empty without such a file.
    """

    settings: pd.DataFrame
    parts: pd.DataFrame
    positions: pd.DataFrame
    space_norms: pd.DataFrame
    trips: pd.DataFrame
    detour: pd.DataFrame
    land_zones: pd.DataFrame
    folder: Path
    inputs: tuple[Input, ...]
    banks: pd.DataFrame = field(default_factory=lambda: _no_rows(BANKS, "commune_code"))
    bridges: pd.DataFrame = field(default_factory=lambda: _no_rows(BRIDGES, "bridge_id"))


def no_parcels() -> pd.DataFrame:
    """Return a table of parcels without rows."""
    return _no_rows(PARCELS, "parcel_id")


def _no_rows(columns: Sequence[Column], index: str = "") -> pd.DataFrame:
    """Return the table of an optional file that is not there."""
    frame = pd.DataFrame({c.name: pd.Series(dtype=float if c.is_number() else object) for c in columns})
    return frame.set_index(index) if index else frame


def read_region(folder: str | Path, parcels: Path | None = None, travel: Path | None = None) -> Region:
    """Read and check the tables of a ``data/geo`` folder, and the files that a scenario names.

    Parameters
    ----------
    folder : str or Path
        The tables; ``city_points.csv`` may be missing.
    parcels : Path, optional
        The file of new parcels for centres (`Scenario.parcels_file`).
    travel : Path, optional
        The file of given road metres (`Scenario.travel_file`).

    Raises
    ------
    InputError
        With every problem found in all tables.
    """
    problems = ProblemList()
    region = read_region_into(folder, problems, parcels, travel)
    problems.raise_if_any()
    return region


def read_region_into(
    folder: str | Path, problems: ProblemList, parcels: Path | None = None, travel: Path | None = None
) -> Region:
    """Read the tables, note every problem in `problems`, and return what could be read."""
    base = Path(folder)
    wards = read_table(base / "wards.csv", WARDS, ["ward_code"], problems)
    communes = read_table(base / "communes.csv", COMMUNES, ["commune_code"], problems)
    in_wards = _knowing(wards, "ward_code")
    in_communes = _knowing(communes, "commune_code")
    pair_columns = [in_communes(in_wards(column)) for column in PAIRS]
    site_columns = [in_wards(column) for column in SITES]
    today_columns = [in_wards(column) for column in TODAY]
    pairs = read_table(base / "commune_ward.csv", pair_columns, ["commune_code", "ward_code"], problems)
    sites = read_table(base / "sites.csv", site_columns, ["site_id"], problems, owner="ward_code")
    today = read_table(base / "today.csv", today_columns, ["ward_code", "body"], problems)
    tables = [wards, communes, pairs, sites, today]
    rows = {
        "wards": _rows(wards, "ward_code"),
        "communes": _rows(communes, "commune_code"),
        "sites": _rows(sites, "site_id"),
    }
    found: dict[str, Table] = {}

    def optional(name: str, path: Path | None, columns: Sequence[Column], key: list[str]) -> None:
        if path is not None:
            owner = "ward_code" if len(key) == 1 else None
            found[name] = read_table(path, [in_wards(c) for c in columns], key, problems, owner=owner)
            if owner:
                rows[name] = _rows(found[name], key[0])

    optional("parcels", parcels, PARCELS, ["parcel_id"])
    points = base / "city_points.csv"
    optional("city_points", points if points.exists() else None, CITY_POINTS, ["point_id"])
    optional("travel", travel, TRAVEL, ["demand_id", "point_id"])
    tables += found.values()
    further = (found.get(name) for name in ("parcels", "city_points", "travel"))
    crosscheck.check_region(wards, communes, pairs, sites, today, problems, *further)
    return Region(
        _indexed(wards, "ward_code"),
        _indexed(communes, "commune_code"),
        _sorted(pairs, ["ward_code", "commune_code"]),
        _indexed(sites, "site_id"),
        _sorted(today, ["ward_code", "body"]),
        base,
        tuple(table.source for table in tables if table.source),
        rows,
        _indexed(found["parcels"], "parcel_id") if "parcels" in found else no_parcels(),
        _indexed(found["city_points"], "point_id")
        if "city_points" in found
        else _no_rows(CITY_POINTS, "point_id"),
        found["travel"].frame if "travel" in found else _no_rows(TRAVEL),
    )


def read_norms(folder: str | Path) -> Norms:
    """Read and check the tables of a ``data/norms`` folder.

    Raises
    ------
    InputError
        With every problem found in all tables.
    """
    problems = ProblemList()
    norms = read_norms_into(folder, problems)
    problems.raise_if_any()
    return norms


def read_norms_into(folder: str | Path, problems: ProblemList) -> Norms:
    """Read the tables, note every problem in `problems`, and return what could be read."""
    base = Path(folder)
    settings = read_table(base / "settings.csv", SETTINGS, ["key"], problems)
    parts = read_table(base / "parts.csv", PARTS, ["part"], problems)
    positions = read_table(base / "positions.csv", POSITIONS, ["position"], problems)
    space_norms = read_table(base / "space_norms.csv", SPACE_NORMS, ["norm"], problems)
    trips = read_table(base / "trips.csv", TRIPS, ["part_a", "part_b"], problems)
    detour = read_table(base / "detour.csv", DETOUR, ["straight_km"], problems)
    land_zones = read_table(base / "land_zones.csv", LAND_ZONES, ["zone"], problems)
    crosscheck.check_norms(parts, positions, space_norms, trips, detour, problems)
    tables = [settings, parts, positions, space_norms, trips, detour, land_zones]
    banks, bridges = _read_crossings(base, problems)
    if banks is not None and bridges is not None:
        crosscheck.check_bridges(banks, bridges, problems)
        tables += [banks, bridges]
    return Norms(
        _indexed(settings, "key", sort=False),
        _indexed(parts, "part", sort=False),
        positions.frame,
        _indexed(space_norms, "norm", sort=False),
        trips.frame,
        detour.frame,
        _indexed(land_zones, "zone"),
        base,
        tuple(table.source for table in tables if table.source),
        _indexed(banks, "commune_code") if banks is not None else _no_rows(BANKS, "commune_code"),
        _indexed(bridges, "bridge_id") if bridges is not None else _no_rows(BRIDGES, "bridge_id"),
    )


def _read_crossings(base: Path, problems: ProblemList) -> tuple[Table, Table] | tuple[None, None]:
    """Read banks and bridges: both or none, since banks without bridges cut a city in two."""
    names = ("banks.csv", "bridges.csv")
    there = [name for name in names if (base / name).exists()]
    if len(there) == 1:
        (missing,) = set(names) - set(there)
        where = shown_path(base / missing)
        problems.problems.append(problem("E340", where, table=shown_path(base / there[0])))
    if len(there) < 2:
        return None, None
    return (
        read_table(base / "banks.csv", BANKS, ["commune_code"], problems),
        read_table(base / "bridges.csv", BRIDGES, ["bridge_id"], problems),
    )


def read_settings(folder: str | Path, problems: ProblemList) -> Table:
    """Read the settings table alone: defaults and units of every key of a scenario."""
    return read_table(Path(folder) / "settings.csv", SETTINGS, ["key"], problems)


def _knowing(table: Table, key: str) -> Callable[[Column], Column]:
    """Return a function that lets a column of this name hold only codes of the table, if it is whole."""
    codes = dict.fromkeys(table.frame[key])

    def extend(column: Column) -> Column:
        if column.name != key or not table.complete:
            return column
        return replace(column, known=codes, known_in=table.shown)

    return extend


def _rows(table: Table, key: str) -> dict[str, int]:
    """Return the row of every key; nothing for a table that lost rows, since it cannot tell what does not exist."""
    return dict(zip(table.frame[key], table.lines, strict=True)) if table.complete else {}


def _indexed(table: Table, key: str, *, sort: bool = True) -> pd.DataFrame:
    frame = table.frame[table.frame[key].notna()].drop_duplicates(key).set_index(key)
    return frame.sort_index() if sort else frame


def _sorted(table: Table, by: list[str]) -> pd.DataFrame:
    return table.frame.sort_values(by, kind="stable", ignore_index=True)
