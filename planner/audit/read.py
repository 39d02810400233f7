"""Reads a result folder and the input files it was made from, with the csv and json modules only.

The auditor has its own reader on purpose: a mistake in the reader of the planner would otherwise be repeated
here and never be seen. What cannot be read at all is reported as coded problems, every one at once; what can
be read and is wrong is left to the checks.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from planner.errors import ProblemList

COMMITTEE = "council_committee"
RECEPTION = "reception"

Kind = Literal["text", "whole", "number", "optional"]
_WHOLE = re.compile(r"-?[0-9]{1,30}")
_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")


def _columns(*, text: str = "", whole: str = "", number: str = "", optional: str = "") -> dict[str, Kind]:
    """Return the columns that are needed of a table, with what their cells must be.

    An optional column may be missing and its cells empty; what is written is a whole number.
    """
    columns: dict[str, Kind] = dict.fromkeys(text.split(), "text")
    columns |= dict.fromkeys(whole.split(), "whole")
    columns |= dict.fromkeys(number.split(), "number")
    return columns | dict.fromkeys(optional.split(), "optional")


RESULT_TABLES: dict[str, dict[str, Kind]] = {
    "assignments.csv": _columns(
        text="ward_code ward_name body part site_id basis", whole="year tight_fit_m2 norm_m2"
    ),
    "premises.csv": _columns(
        text="site_id ward_code kind status route location", whole="year floor_area_m2 hall_seats"
    ),
    "costs.csv": _columns(text="ward_code item heading", whole="year vnd"),
    "measures.csv": _columns(text="ward_code measure unit", number="value"),
    "years.csv": _columns(
        optional="budget_vnd",
        whole="year carried_in_vnd recycled_vnd capital_vnd recurrent_vnd income_vnd social_vnd premises released"
        " surplus_m2 building opened",
    ),
}

GEO_TABLES: dict[str, dict[str, Kind]] = {
    "wards.csv": _columns(
        text="ward_code name type former_district land_price_zone",
        whole="population mountain",
        number="lat lon",
    ),
    "communes.csv": _columns(text="commune_code", number="lat lon"),
    "commune_ward.csv": _columns(text="commune_code ward_code kind", whole="population"),
    "sites.csv": _columns(
        text="site_id ward_code kind floor_area_basis condition use",
        whole="floor_area_m2 hall_seats land_area_m2 workplaces",
        number="lat lon",
    ),
    "today.csv": _columns(text="ward_code body site_id"),
}

NORM_TABLES: dict[str, dict[str, Kind]] = {
    "parts.csv": _columns(text="part body kind types", number="share_of_rest", optional="extra"),
    "positions.csv": _columns(text="part types count norm switch"),
    "space_norms.csv": _columns(text="norm", number="m2_net"),
    "trips.csv": _columns(text="part_a part_b", number="trips_per_day"),
    "detour.csv": _columns(number="straight_km detour"),
    "settings.csv": _columns(text="key value"),
    "land_zones.csv": _columns(text="zone", whole="land_vnd_per_m2 rent_vnd_per_m2_month"),
}

PARCELS: dict[str, Kind] = _columns(
    text="parcel_id ward_code", whole="land_area_m2", number="lat lon", optional="land_vnd_per_m2"
)
"""The columns of a file of new parcels, which a scenario may name."""

_SETTINGS = """
horizon.start_year whole, horizon.years whole, horizon.discount_rate number
horizon.price_growth number, horizon.construction_growth number

staffing.government_base whole, staffing.government_step_from_people whole
staffing.government_people_per_extra whole, staffing.government_people_per_extra_mountain whole
staffing.government_cap_phuong whole, staffing.government_cap_xa whole, staffing.government_scale number
staffing.party whole, staffing.front whole

space.tight_m2_per_person number, space.common_use_share number, space.net_to_gross number

reception.files_per_1000_people_year number, reception.online_share number, reception.postal_share number
reception.working_days whole, reception.peak_factor number, reception.minutes_per_file number
reception.open_minutes_per_day whole, reception.counter_use_share number, reception.min_counters whole
reception.counter_m2 number, reception.waiting_m2 number, reception.waiting_people_per_counter whole
reception.min_m2 number, reception.visits_per_file whole

hall.party_executive_members whole, hall.front_committee_members whole, hall.guests whole
hall.norm_min_seats whole

rules.max_sites whole, rules.one_site_where_enough any|former_district_hq|off
rules.floor_area enforce|report, rules.hall enforce|report|off, rules.departments_apart yes/no
rules.required ids, rules.excluded ids, rules.premises_max whole/null, rules.capital_max_vnd whole/null
rules.shared ids, rules.departments_max whole/null, rules.centres_min whole/null
rules.centres_min_phuong whole/null, rules.centres_min_xa whole/null, rules.centres_min_by_district names
rules.centres_building_max whole/null, rules.relocations_max whole/null
rules.surplus_min years, rules.surplus_m2_min years

prices.renovation_a_vnd_per_m2 whole, prices.renovation_b_vnd_per_m2 whole
prices.renovation_c_vnd_per_m2 whole, prices.renovation_d_vnd_per_m2 whole
prices.furniture_vnd_per_person whole, prices.move_vnd_per_person whole
prices.running_vnd_per_m2_year whole, prices.site_fixed_vnd_year whole
prices.hall_rent_vnd_per_seat_year whole, prices.crowding_vnd_per_m2_year whole
prices.cohesion_vnd_per_part_year whole, prices.vnd_per_km whole
prices.staff_vnd_per_hour whole, prices.citizen_vnd_per_hour whole, prices.speed_kmh whole

centres.allowed yes/no, centres.parcels text/null, centres.first_start_after_years whole
centres.build_years whole, centres.build_years_large whole, centres.large_m2 whole
centres.storeys_phuong whole, centres.storeys_xa whole, centres.cost_le5_vnd_per_m2 whole
centres.cost_6_7_vnd_per_m2 whole, centres.cost_8_10_vnd_per_m2 whole, centres.cost_11_15_vnd_per_m2 whole
centres.contingency_share number, centres.coverage_share number, centres.old_storeys whole
centres.hall_m2_per_seat number, centres.land_price_share number, centres.life_years whole

budget.yearly_vnd whole/null, budget.from_year whole/null, budget.by_year_vnd years
budget.carry_over yes/no, budget.recycle_income yes/no

departments.open yes/no, departments.extra_max whole, departments.count_reception whole
departments.posts_each whole, departments.extra_vnd_year whole, departments.overload_vnd_per_post_year whole

release.route public_use|lease|auction|priority, release.cash_route lease|auction|best
release.needs_health whole, release.needs_education whole, release.needs_culture whole
release.needs_sport whole, release.needs_police whole, release.needs_other whole
release.lease_share number, release.auction_price_share number

start before_reform|today, arrangement free|today, geo text, norms text
"""
SETTINGS: dict[str, str] = {
    words[0]: words[1] for entry in _SETTINGS.replace("\n", ",").split(",") if (words := entry.split())
}
"""Every setting the audit needs, with what its value must be."""

DEFAULTS: dict[str, Any] = {
    "rules.shared": [], "rules.departments_max": None, "rules.centres_min": None,
    "rules.centres_min_phuong": None, "rules.centres_min_xa": None, "rules.centres_min_by_district": {},
    "rules.centres_building_max": None, "rules.relocations_max": None,
    "rules.surplus_min": {}, "rules.surplus_m2_min": {}, "centres.allowed": False, "centres.parcels": None,
    "budget.yearly_vnd": None, "budget.from_year": None, "budget.by_year_vnd": {},
    "budget.carry_over": False, "budget.recycle_income": False,
    "departments.open": False, "release.cash_route": "best",
}  # fmt: skip
"""What holds where a scenario is silent and the norms have no number."""


@dataclass(frozen=True)
class Line:
    """One row of a table: its line in the file and its cells."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def whole(self, column: str) -> int:
        """Return a cell that the reader has found to be a whole number."""
        return int(self.cells[column])

    def number_of(self, column: str) -> Fraction:
        """Return a cell that the reader has found to be a number, exactly as written."""
        return Fraction(self.cells[column])


@dataclass(frozen=True)
class Settings:
    """The resolved scenario of ``plan.json``; numbers are exact fractions of what is written there."""

    values: dict[str, Any]

    def whole(self, key: str) -> int:
        """Return a whole-number setting."""
        return int(self.values[key])

    def number(self, key: str) -> Fraction:
        """Return a setting that may have decimals, exact."""
        return Fraction(self.values[key])

    def word(self, key: str) -> str:
        """Return a setting that is a word."""
        return str(self.values[key])

    def flag(self, key: str) -> bool:
        """Return a yes-or-no setting."""
        return bool(self.values[key])

    def ids(self, key: str) -> frozenset[str]:
        """Return a setting that is a list of ids."""
        return frozenset(self.values[key])

    def limit(self, key: str) -> int | None:
        """Return a limit of the whole city, or None where there is none."""
        value = self.values[key]
        return None if value is None else int(value)

    def by_year(self, key: str) -> dict[int, int]:
        """Return a setting that has a whole number for some years."""
        return {int(year): int(value) for year, value in sorted(self.values[key].items())}

    def by_name(self, key: str) -> dict[str, int]:
        """Return a setting that has a whole number for some names."""
        return {str(name): int(value) for name, value in sorted(self.values[key].items())}

    @property
    def years(self) -> range:
        """The years that are costed."""
        start = self.whole("horizon.start_year")
        return range(start, start + self.whole("horizon.years"))


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
    missing = [name for name in ("plan.json", *RESULT_TABLES) if not (folder / name).is_file()]
    for name in missing:
        problems.add("E501", str(folder / name), "is missing.", "Name a folder written by planner solve.")
    facts = {} if "plan.json" in missing else _read_json(folder / "plan.json", problems)
    tables = {
        name: _read_table(folder / name, columns, "E502", problems)
        for name, columns in RESULT_TABLES.items()
        if name not in missing
    }
    settings = _flat_settings(facts, folder / "plan.json", problems) if facts else {}
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
        if columns is not PARCELS and path.is_file():
            tables[path.name] = _read_table(path, columns, "E503", problems)
        elif not path.is_file():
            problems.add(
                "E503", str(path), "is missing.", "The audit needs the files the plan was made from."
            )
    problems.raise_if_any()
    parcels = parcels_file(settings, bases)
    inputs = Inputs()
    _take_geo(tables, inputs, problems)
    if parcels is not None:
        _take_parcels(_read_table(parcels, PARCELS, "E503", problems), inputs, problems)
    _take_norms(tables, inputs, problems)
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
    parcels = parcels_file(settings, bases)
    return files if parcels is None else {**files, parcels: PARCELS}


def parcels_file(settings: Settings, bases: Sequence[Path]) -> Path | None:
    """Return the file of new parcels, where the scenario names one."""
    named = settings.values["centres.parcels"]
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
        "objective_vnd": _is_whole(facts.get("objective_vnd")),
        "bound_vnd": facts.get("bound_vnd") is None or _is_whole(facts.get("bound_vnd")),
        "certified_bound_vnd": facts.get("certified_bound_vnd") is None
        or _is_whole(facts["certified_bound_vnd"]),
        "gap": facts.get("gap") is None or _is_number(facts["gap"]),
        "certified_gap": facts.get("certified_gap") is None or _is_number(facts["certified_gap"]),
        "surveyed_share": _is_number(facts.get("surveyed_share")),
        "inputs": isinstance(entries, list)
        and all(isinstance(e, dict) and isinstance(e.get("path"), str) and "sha256" in e for e in entries),
        "settings": isinstance(facts.get("settings"), dict),
        "prices": isinstance(facts.get("prices", {}), dict)
        and all(_is_number(price) for price in facts.get("prices", {}).values()),
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


def _is_number(value: object) -> bool:
    return isinstance(value, (int, Fraction)) and not isinstance(value, bool)


def _is_whole(value: object) -> bool:
    return (
        isinstance(value, (int, Fraction))
        and not isinstance(value, bool)
        and Fraction(value).denominator == 1
    )


def _flat_settings(facts: dict[str, Any], path: Path, problems: ProblemList) -> dict[str, Any]:
    """Return the settings by dotted key, each checked to be of its kind."""
    flat: dict[str, Any] = {}
    nested = facts["settings"] if isinstance(facts.get("settings"), dict) else {}
    for key, kind in SETTINGS.items():
        value: Any = nested
        for name in key.split("."):
            value = value.get(name, DEFAULTS.get(key)) if isinstance(value, dict) else DEFAULTS.get(key)
        if kind == "whole":
            right = _is_whole(value)
        elif kind == "number":
            right = _is_number(value)
        elif kind == "yes/no":
            right = isinstance(value, bool)
        elif kind == "ids":
            right = isinstance(value, list) and all(isinstance(item, str) for item in value)
        elif kind == "whole/null":
            right = value is None or _is_whole(value)
        elif kind in ("years", "names"):
            right = isinstance(value, dict) and all(
                _is_whole(v) and (kind == "names" or k.isdecimal()) for k, v in value.items()
            )
        elif kind in ("text", "text/null"):
            right = (kind == "text/null" and value is None) or (isinstance(value, str) and bool(value))
        else:
            right = value in kind.split("|")
        if not right:
            problems.add("E504", f"{path} settings.{key}", f"{value!r} is not allowed.", f"Allowed: {kind}.")
        flat[key] = value
    return flat


def _read_table(path: Path, columns: dict[str, Kind], code: str, problems: ProblemList) -> list[Line]:
    """Read the needed columns of one CSV file; every cell that is not of its column's kind is a problem."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        problems.add(code, str(path), f"cannot be read as UTF-8: {error}.", "Solve again.")
        return []
    reader = csv.reader(io.StringIO(text, newline=""))
    lines: list[Line] = []
    try:
        header = next(reader, [])
        least = {column: kind != "optional" for column, kind in columns.items()}
        absent = [column for column, n in least.items() if not n <= header.count(column) <= 1]
        if absent:
            problems.add(code, str(path), f"needs the columns {', '.join(absent)} once each.")
            return []
        at = {column: header.index(column) for column in columns if column in header}
        for cells in reader:
            if not cells:
                continue
            where = f"{path}:{reader.line_num}"
            if len(cells) != len(header):
                problems.add(code, where, f"has {len(cells)} cells, the header has {len(header)}.")
                continue
            line = Line(
                reader.line_num,
                dict.fromkeys(columns, "") | {column: cells[i] for column, i in at.items()},
            )
            bad = [column for column, kind in columns.items() if not _is_of_kind(line[column], kind)]
            for column in bad:
                problems.add(code, f"{where} {column}", f'"{line[column][:60]}" is not a {columns[column]}.')
            if not bad:
                lines.append(line)
    except csv.Error as error:
        problems.add(code, f"{path}:{reader.line_num}", f"cannot be read as CSV: {error}.")
    return lines


def _is_of_kind(cell: str, kind: Kind) -> bool:
    if kind == "text" or (kind == "optional" and not cell):
        return True
    return bool((_NUMBER if kind == "number" else _WHOLE).fullmatch(cell))


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
    communes = {row["commune_code"]: (float(row["lat"]), float(row["lon"])) for row in tables["communes.csv"]}
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
        inputs.points.setdefault(ward.code, []).append(Point(row.whole("population"), lat, lon))


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
