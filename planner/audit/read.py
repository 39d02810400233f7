"""Reads a result folder and the input files it was made from, with the csv and json modules only.

The auditor has its own reader on purpose: a mistake in the reader of the planner would otherwise be repeated
here and never be seen. What cannot be read at all is reported as coded problems, every one at once; what can
be read and is wrong is left to the checks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from planner.audit.settings import Settings, flat_settings, is_number, is_whole
from planner.audit.tables import Kind, Line, columns_of, read_table
from planner.errors import ProblemList

COMMITTEE = "council_committee"
RECEPTION = "reception"

RESULT_TABLES: dict[str, dict[str, Kind]] = {
    "assignments.csv": columns_of(
        text="ward_code ward_name body part site_id basis", whole="year tight_fit_m2 norm_m2"
    ),
    "premises.csv": columns_of(
        text="site_id ward_code kind status route location", whole="year floor_area_m2 hall_seats"
    ),
    "costs.csv": columns_of(text="ward_code item heading", whole="year vnd"),
    "measures.csv": columns_of(text="ward_code measure unit", number="value"),
    "years.csv": columns_of(
        optional="budget_vnd",
        whole="year carried_in_vnd recycled_vnd capital_vnd recurrent_vnd income_vnd social_vnd premises released"
        " surplus_m2 building opened",
    ),
}

GEO_TABLES: dict[str, dict[str, Kind]] = {
    "wards.csv": columns_of(
        text="ward_code name type former_district land_price_zone",
        whole="population mountain",
        number="lat lon",
    ),
    "communes.csv": columns_of(text="commune_code", number="lat lon"),
    "commune_ward.csv": columns_of(text="commune_code ward_code kind", whole="population"),
    "sites.csv": columns_of(
        text="site_id ward_code kind floor_area_basis condition use",
        whole="floor_area_m2 hall_seats land_area_m2 workplaces",
        number="lat lon",
    ),
    "today.csv": columns_of(text="ward_code body site_id"),
}

NORM_TABLES: dict[str, dict[str, Kind]] = {
    "parts.csv": columns_of(text="part body kind types", number="share_of_rest", optional="extra"),
    "positions.csv": columns_of(text="part types count norm switch"),
    "space_norms.csv": columns_of(text="norm", number="m2_net"),
    "trips.csv": columns_of(text="part_a part_b", number="trips_per_day"),
    "detour.csv": columns_of(number="straight_km detour"),
    "settings.csv": columns_of(text="key value"),
    "land_zones.csv": columns_of(text="zone", whole="land_vnd_per_m2 rent_vnd_per_m2_month"),
}

NETWORK_RESULTS: dict[str, dict[str, Kind]] = {
    "points.csv": columns_of(
        text="point_id ward_code name kind status site_id",
        whole="year counters capacity_files load_files counters_needed people",
        number="lat lon",
    ),
    "catchments.csv": columns_of(
        text="demand_id commune_code ward_code point_id",
        whole="year people files trips road_m",
        number="minutes",
    ),
    "network_prices.csv": columns_of(text="kind id", whole="year price"),
}
"""The tables that only a result with a reception network has."""

BY_YEAR: dict[str, dict[str, Kind]] = {
    "measures_by_year.csv": columns_of(
        text="ward_code",
        whole="year premises premises_released surplus_floor_m2 floor_in_use_m2 missing_to_norm_m2"
        " citizen_travel_mean_m citizen_travel_max_m body_distance_mean_m body_distance_max_m",
    ),
}
"""The table that plans have which change over the years; results of older versions have none."""

NETWORK_GEO: dict[str, dict[str, Kind]] = {
    "city_points.csv": columns_of(text="point_id ward_code name use", number="lat lon", optional="counters"),
}
NETWORK_NORMS: dict[str, dict[str, Kind]] = {
    "banks.csv": columns_of(text="commune_code bank"),
    "bridges.csv": columns_of(text="bridge_id bank_a bank_b", number="lat lon"),
}
"""Tables of the reception network; each may be missing."""

TRAVEL: dict[str, Kind] = columns_of(text="demand_id point_id", whole="road_m")
"""The columns of a table of road metres, which a scenario may name."""

PARCELS: dict[str, Kind] = columns_of(
    text="parcel_id ward_code", whole="land_area_m2", number="lat lon", optional="land_vnd_per_m2"
)
"""The columns of a file of new parcels, which a scenario may name."""


@dataclass(frozen=True)
class Result:
    """What a result folder says, not yet believed."""

    folder: Path
    facts: dict[str, Any]
    settings: Settings
    tables: dict[str, list[Line]]


@dataclass(frozen=True)
class Ward:
    """One of the new units, as far as the rules need it."""

    code: str
    name: str
    kind: str
    population: int
    lat: float
    lon: float
    zone: str
    mountain: bool
    district: str = ""


@dataclass(frozen=True)
class Site:
    """Premises as they stand in ``sites.csv``."""

    site_id: str
    ward: str
    lat: float
    lon: float
    kind: str
    floor: int
    basis: str
    hall: int
    land: int
    condition: str
    use: str
    workplaces: int


@dataclass(frozen=True)
class Parcel:
    """New land that a centre may be built on; `price` is None where that of the ward's zone holds."""

    parcel_id: str
    ward: str
    lat: float
    lon: float
    land: int
    price: int | None


@dataclass(frozen=True)
class Point:
    """People of one ward who live at one place."""

    people: int
    lat: float
    lon: float
    commune: str = ""


@dataclass(frozen=True)
class CityPoint:
    """A reception point of the city itself; `counters` is None where the setting holds."""

    point_id: str
    ward: str
    name: str
    lat: float
    lon: float
    counters: int | None
    use: str


@dataclass(frozen=True)
class Bridge:
    """A bridge and the two banks it joins."""

    lat: float
    lon: float
    banks: tuple[str, str]


@dataclass(frozen=True)
class Part:
    """A body, or a part of the People's Committee."""

    name: str
    body: str
    kind: str
    types: tuple[str, ...]
    share_of_rest: Fraction
    extra: int = 0
    """0: a usual part; n: only where a ward has n or more further departments."""


@dataclass(frozen=True)
class Position:
    """A row of the catalogue of posts; `count` is None for the rest."""

    part: str
    types: tuple[str, ...]
    count: int | None
    norm: str


@dataclass
class Inputs:
    """The input tables, keyed for look-up."""

    wards: dict[str, Ward] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)
    points: dict[str, list[Point]] = field(default_factory=dict)
    parcels: list[Parcel] = field(default_factory=list)
    today: dict[tuple[str, str], str] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    positions: list[Position] = field(default_factory=list)
    space_norms: dict[str, Fraction] = field(default_factory=dict)
    trips: dict[tuple[str, str], Fraction] = field(default_factory=dict)
    detour: list[tuple[float, float]] = field(default_factory=list)
    zones: dict[str, tuple[int, int]] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    communes: dict[str, tuple[float, float]] = field(default_factory=dict)
    banks: dict[str, str] = field(default_factory=dict)
    bridges: list[Bridge] = field(default_factory=list)
    city_points: list[CityPoint] = field(default_factory=list)
    travel: dict[tuple[str, str], int] = field(default_factory=dict)


def read_result(folder: Path) -> Result:
    """Read ``plan.json`` and the tables of a result folder.

    Raises
    ------
    InputError
        With every problem, if a file is missing or cannot be read as what it should be.
    """
    problems = ProblemList()
    if not folder.is_dir():
        problems.add(
            "E501", str(folder), "there is no such folder.", "Name a folder written by planner solve."
        )
        problems.raise_if_any()
    there = (folder / "plan.json").is_file()
    facts = _read_json(folder / "plan.json", problems) if there else {}
    settings = flat_settings(facts, folder / "plan.json", problems) if facts else {}
    wanted = RESULT_TABLES | (NETWORK_RESULTS if settings.get("network.allowed") is True else {})
    wanted = wanted | {name: columns for name, columns in BY_YEAR.items() if (folder / name).is_file()}
    missing = [name for name in ("plan.json", *wanted) if not (folder / name).is_file()]
    for name in missing:
        problems.add("E501", str(folder / name), "is missing.", "Name a folder written by planner solve.")
    tables = {
        name: read_table(folder / name, columns, "E502", problems)
        for name, columns in wanted.items()
        if name not in missing
    }
    problems.raise_if_any()
    return Result(folder, facts, Settings(settings), tables)


def find_input(path: str, bases: Sequence[Path]) -> Path:
    """Return the place of an input file or folder: below the first of some folders that has it."""
    return next((base / path for base in bases if (base / path).exists()), bases[0] / path)


def read_inputs(settings: Settings, bases: Sequence[Path]) -> Inputs:
    """Read the tables of the region and of the norms that a scenario names.

    Raises
    ------
    InputError
        With every problem, if a file is missing, cannot be read, or names something that is not there.
    """
    problems = ProblemList()
    tables: dict[str, list[Line]] = {}
    for path, columns in input_files(settings, bases).items():
        if path.is_file() and columns is not PARCELS and columns is not TRAVEL:
            tables[path.name] = read_table(path, columns, "E503", problems)
        elif not path.is_file():
            problems.add(
                "E503", str(path), "is missing.", "The audit needs the files the plan was made from."
            )
    problems.raise_if_any()
    parcels = _named_file(settings, "centres.parcels", bases)
    inputs = Inputs()
    _take_geo(tables, inputs, problems)
    if parcels is not None:
        _take_parcels(read_table(parcels, PARCELS, "E503", problems), inputs, problems)
    _take_norms(tables, inputs, problems)
    if settings.flag("network.allowed"):
        table = _named_file(settings, "network.travel", bases)
        rows = [] if table is None else read_table(table, TRAVEL, "E503", problems)
        inputs.travel.update({(row["demand_id"], row["point_id"]): row.whole("road_m") for row in rows})
        _take_network(tables, inputs, problems)
    for key in ("rules.required", "rules.excluded"):
        for site_id in sorted(settings.ids(key) - set(inputs.sites)):
            problems.add(
                "E504", f"plan.json settings.{key}", f'no site "{site_id}" in sites.csv.', "Solve again."
            )
    problems.raise_if_any()
    return inputs


def input_files(settings: Settings, bases: Sequence[Path]) -> dict[Path, dict[str, Kind]]:
    """Return the input files the audit reads, with their columns."""
    geo, norms = (find_input(settings.word(key), bases) for key in ("geo", "norms"))
    files = {geo / name: columns for name, columns in GEO_TABLES.items()}
    files |= {norms / name: columns for name, columns in NORM_TABLES.items()}
    parcels = _named_file(settings, "centres.parcels", bases)
    if parcels is not None:
        files[parcels] = PARCELS
    if settings.flag("network.allowed"):
        more = {geo / name: columns for name, columns in NETWORK_GEO.items()}
        more |= {norms / name: columns for name, columns in NETWORK_NORMS.items()}
        files |= {path: columns for path, columns in more.items() if path.is_file()}
        travel = _named_file(settings, "network.travel", bases)
        if travel is not None:
            files[travel] = TRAVEL
    return files


def _named_file(settings: Settings, key: str, bases: Sequence[Path]) -> Path | None:
    """Return the file that a setting names, if it does."""
    named = settings.values[key]
    return None if named is None else find_input(str(named), bases)


def sha256_of(path: Path) -> str:
    """Return the checksum of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _read_json(path: Path, problems: ProblemList) -> dict[str, Any]:
    def no_constant(text: str) -> None:
        raise ValueError(f"{text} is not a number")

    try:
        # Fractions keep a share such as 0.5971 exactly as it is written.
        facts = json.loads(path.read_text("utf-8"), parse_float=Fraction, parse_constant=no_constant)
    except (OSError, ValueError, RecursionError) as error:
        problems.add("E502", str(path), f"cannot be read: {error}.", "Solve again.")
        return {}
    if not isinstance(facts, dict) or facts.get("schema") != 1:
        problems.add(
            "E502", str(path), "is not a plan of schema 1.", "Solve again with this version of planner."
        )
        return {}
    entries = facts.get("inputs")
    for key, right in {
        "scenario": isinstance(facts.get("scenario"), str),
        "status": isinstance(facts.get("status"), str),
        "objective_vnd": is_whole(facts.get("objective_vnd")),
        "bound_vnd": facts.get("bound_vnd") is None or is_whole(facts.get("bound_vnd")),
        "certified_bound_vnd": facts.get("certified_bound_vnd") is None
        or is_whole(facts["certified_bound_vnd"]),
        "gap": facts.get("gap") is None or is_number(facts["gap"]),
        "certified_gap": facts.get("certified_gap") is None or is_number(facts["certified_gap"]),
        "surveyed_share": is_number(facts.get("surveyed_share")),
        "inputs": isinstance(entries, list)
        and all(isinstance(e, dict) and isinstance(e.get("path"), str) and "sha256" in e for e in entries),
        "settings": isinstance(facts.get("settings"), dict),
        "prices": isinstance(facts.get("prices", {}), dict)
        and all(is_number(price) for price in facts.get("prices", {}).values()),
        "limits": _is_list_of(facts.get("limits", []), "name"),
        "shared": _is_list_of(facts.get("shared", []), "site_id", "owner", "guest"),
    }.items():
        if not right:
            problems.add("E502", f"{path} {key}", "is missing or is not what it should be.", "Solve again.")
    return facts


def _is_list_of(value: object, *texts: str) -> bool:
    """Say whether a value is a list of entries that have these texts."""
    return isinstance(value, list) and all(
        isinstance(entry, dict) and all(isinstance(entry.get(key), str) for key in texts) for entry in value
    )


def _take_geo(tables: dict[str, list[Line]], inputs: Inputs, problems: ProblemList) -> None:
    for row in tables["wards.csv"]:
        inputs.wards[row["ward_code"]] = Ward(
            row["ward_code"], row["name"], row["type"], row.whole("population"), float(row["lat"]),
            float(row["lon"]), row["land_price_zone"], row["mountain"] == "1", row["former_district"],
        )  # fmt: skip
    for row in tables["sites.csv"]:
        inputs.sites[row["site_id"]] = Site(
            row["site_id"], row["ward_code"], float(row["lat"]), float(row["lon"]), row["kind"],
            row.whole("floor_area_m2"), row["floor_area_basis"], row.whole("hall_seats"),
            row.whole("land_area_m2"), row["condition"], row["use"], row.whole("workplaces"),
        )  # fmt: skip
        if row["ward_code"] not in inputs.wards:
            problems.add(
                "E503", f"sites.csv:{row.number} ward_code", f'no ward "{row["ward_code"]}" in wards.csv.'
            )
    for row in tables["today.csv"]:
        if row["site_id"]:
            inputs.today[row["ward_code"], row["body"]] = row["site_id"]
            if row["site_id"] not in inputs.sites:
                problems.add(
                    "E503", f"today.csv:{row.number} site_id", f'no site "{row["site_id"]}" in sites.csv.'
                )
    communes = inputs.communes
    for row in tables["communes.csv"]:
        communes[row["commune_code"]] = (float(row["lat"]), float(row["lon"]))
    for row in tables["commune_ward.csv"]:
        where = f"commune_ward.csv:{row.number}"
        ward, commune = inputs.wards.get(row["ward_code"]), communes.get(row["commune_code"])
        if ward is None or commune is None:
            problems.add("E503", where, "names a commune or a ward that is in no table.")
            continue
        if row.whole("population") <= 0:
            continue
        lat, lon = commune
        if row["kind"] != "whole":
            # Where people of a piece live is not known better than: between the old unit and the new one.
            lat, lon = (lat + ward.lat) / 2, (lon + ward.lon) / 2
        inputs.points.setdefault(ward.code, []).append(
            Point(row.whole("population"), lat, lon, row["commune_code"])
        )


def _take_parcels(rows: list[Line], inputs: Inputs, problems: ProblemList) -> None:
    for row in rows:
        if row["ward_code"] not in inputs.wards:
            problems.add("E503", f"parcels:{row.number} ward_code", f'no ward "{row["ward_code"]}".')
        price = int(row["land_vnd_per_m2"]) if row["land_vnd_per_m2"] else None
        inputs.parcels.append(
            Parcel(
                row["parcel_id"],
                row["ward_code"],
                float(row["lat"]),
                float(row["lon"]),
                row.whole("land_area_m2"),
                price,
            )
        )


def _take_network(tables: dict[str, list[Line]], inputs: Inputs, problems: ProblemList) -> None:
    """Take banks, bridges and the city's own points; each table may be missing."""
    for row in tables.get("city_points.csv", []):
        if row["use"] != "excluded":
            counters = int(row["counters"]) if row["counters"] else None
            inputs.city_points.append(
                CityPoint(
                    row["point_id"], row["ward_code"], row["name"], float(row["lat"]), float(row["lon"]),
                    counters, row["use"],
                )
            )  # fmt: skip
        if row["ward_code"] not in inputs.wards:
            problems.add("E503", f"city_points.csv:{row.number} ward_code", f'no ward "{row["ward_code"]}".')
    if "banks.csv" not in tables:
        return
    inputs.banks.update({row["commune_code"]: row["bank"] for row in tables["banks.csv"]})
    for code in sorted(set(inputs.communes) - set(inputs.banks)):
        problems.add("E503", "banks.csv", f'has no bank of the old unit "{code}".')
    for row in tables.get("bridges.csv", []):
        banks = (row["bank_a"], row["bank_b"])
        inputs.bridges.append(Bridge(float(row["lat"]), float(row["lon"]), banks))


def _take_norms(tables: dict[str, list[Line]], inputs: Inputs, problems: ProblemList) -> None:
    for row in tables["parts.csv"]:
        types, extra = tuple(row["types"].split("|")), int(row["extra"] or 0)
        inputs.parts.append(
            Part(row["part"], row["body"], row["kind"], types, row.number_of("share_of_rest"), extra)
        )
    inputs.space_norms.update({row["norm"]: row.number_of("m2_net") for row in tables["space_norms.csv"]})
    for row in tables["positions.csv"]:
        if row["switch"] != "on":
            continue
        if row["count"] != "rest" and not row["count"].isdecimal():
            problems.add(
                "E503", f"positions.csv:{row.number} count", f'"{row["count"]}" is not a number or rest.'
            )
        elif row["norm"] not in inputs.space_norms:
            problems.add(
                "E503", f"positions.csv:{row.number} norm", f'no norm "{row["norm"]}" in space_norms.csv.'
            )
        else:
            count = None if row["count"] == "rest" else int(row["count"])
            inputs.positions.append(Position(row["part"], tuple(row["types"].split("|")), count, row["norm"]))
    inputs.defaults.update({row["key"]: row["value"] for row in tables["settings.csv"]})
    for row in tables["trips.csv"]:
        inputs.trips[row["part_a"], row["part_b"]] = row.number_of("trips_per_day")
    inputs.detour.extend((float(row["straight_km"]), float(row["detour"])) for row in tables["detour.csv"])
    for row in tables["land_zones.csv"]:
        inputs.zones[row["zone"]] = (row.whole("land_vnd_per_m2"), row.whole("rent_vnd_per_m2_month"))
    for ward in inputs.wards.values():
        if ward.zone not in inputs.zones:
            problems.add("E503", "wards.csv land_price_zone", f'no zone "{ward.zone}" in land_zones.csv.')
    if not inputs.detour:
        problems.add("E503", "detour.csv", "has no row.")
