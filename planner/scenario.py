"""Scenarios: YAML with one parent, checked against the settings table, resolved to typed values.

Every number is a setting: its default, unit and source stand in ``data/norms/settings.csv``; a scenario file
overrides it by section and name. The resolved scenario is saved with the plan.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from planner.errors import Problem, ProblemList
from planner.region import read_settings
from planner.settings import MISSING, Key, ValueReader, entry_key, key_of
from planner.tables import Input, Table, decode, project_root, read_bytes, shown_path
from planner.wording import problem
from planner.yamlfile import MAX_FILE_BYTES, Value, parse_yaml

Share = float
MAX_PRICE = 100_000_000_000
ENDINGS = (".yaml", ".yml")

_STEM = re.compile(r"\w[\w .-]{0,99}")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Horizon(_Section):
    """The years that are planned and costed."""

    start_year: int = Field(ge=2025, le=2060)
    years: int = Field(ge=1, le=15)
    discount_rate: Share = Field(ge=0, le=0.5)
    price_growth: Share = Field(ge=0, le=0.5)
    construction_growth: Share = Field(ge=0, le=0.5)


class Staffing(_Section):
    """People per body."""

    government_base: int = Field(ge=1, le=500)
    government_step_from_people: int = Field(ge=0)
    government_people_per_extra: int = Field(ge=1)
    government_people_per_extra_mountain: int = Field(ge=1)
    government_cap_phuong: int = Field(ge=1, le=1000)
    government_cap_xa: int = Field(ge=1, le=1000)
    government_scale: Share = Field(ge=0.1, le=5)
    party: int = Field(ge=1, le=500)
    front: int = Field(ge=1, le=500)


class Space(_Section):
    """Square metres per person."""

    tight_m2_per_person: float = Field(gt=0, le=100)
    common_use_share: Share = Field(ge=0, le=2)
    net_to_gross: Share = Field(ge=0.2, le=1)


class Reception(_Section):
    """Files, counters and space of the reception points."""

    files_per_1000_people_year: float = Field(ge=0, le=20000)
    online_share: Share = Field(ge=0, le=1)
    postal_share: Share = Field(ge=0, le=1)
    working_days: int = Field(ge=1, le=366)
    peak_factor: Share = Field(ge=1, le=10)
    minutes_per_file: float = Field(gt=0, le=600)
    open_minutes_per_day: int = Field(ge=1, le=1440)
    counter_use_share: Share = Field(gt=0, le=1)
    min_counters: int = Field(ge=1, le=200)
    counter_m2: float = Field(gt=0, le=200)
    waiting_m2: float = Field(ge=0, le=50)
    waiting_people_per_counter: int = Field(ge=0, le=200)
    min_m2: float = Field(ge=0, le=5000)
    visits_per_file: int = Field(ge=0, le=20)


class Hall(_Section):
    """Seats of the meeting hall."""

    party_executive_members: int = Field(ge=0, le=1000)
    front_committee_members: int = Field(ge=0, le=1000)
    guests: int = Field(ge=0, le=1000)
    norm_min_seats: int = Field(ge=0, le=5000)


class Rules(_Section):
    """The rules, each to be switched off or relaxed."""

    max_sites: int = Field(ge=1, le=4)
    one_site_where_enough: Literal["any", "former_district_hq", "off"]
    floor_area: Literal["enforce", "report"]
    hall: Literal["enforce", "report", "off"]
    departments_apart: bool
    required: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    premises_max: int | None = Field(default=None, ge=1)
    capital_max_vnd: int | None = Field(default=None, ge=0)
    departments_max: int | None = Field(default=None, ge=1)
    centres_min: int | None = Field(default=None, ge=0)
    centres_min_phuong: int | None = Field(default=None, ge=0)
    centres_min_xa: int | None = Field(default=None, ge=0)
    centres_min_by_district: dict[str, int] = Field(default_factory=dict)
    centres_building_max: int | None = Field(default=None, ge=0)
    relocations_max: int | None = Field(default=None, ge=0)
    surplus_min: dict[int, int] = Field(default_factory=dict)
    surplus_m2_min: dict[int, int] = Field(default_factory=dict)
    points_min: int | None = Field(default=None, ge=0)


class Network(_Section):
    """The reception network: hand-over to the city's centre, online filing, who is served where."""

    allowed: bool = False
    hand_over_years: tuple[int, ...] = ()
    online_by_year: dict[int, Share] = Field(default_factory=dict)
    required: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    travel: str | None = None
    max_minutes: int | None = Field(default=None, ge=1, le=1440)
    share_min: Share | None = Field(default=None, ge=0, le=1)
    share_minutes: int = Field(ge=1, le=1440)
    city_point_counters: int = Field(ge=1, le=200)
    point_vnd_year: int = Field(ge=0, le=MAX_PRICE)


class Prices(_Section):
    """Unit costs in dong."""

    renovation_a_vnd_per_m2: int = Field(ge=0, le=MAX_PRICE)
    renovation_b_vnd_per_m2: int = Field(ge=0, le=MAX_PRICE)
    renovation_c_vnd_per_m2: int = Field(ge=0, le=MAX_PRICE)
    renovation_d_vnd_per_m2: int = Field(ge=0, le=MAX_PRICE)
    furniture_vnd_per_person: int = Field(ge=0, le=MAX_PRICE)
    move_vnd_per_person: int = Field(ge=0, le=MAX_PRICE)
    running_vnd_per_m2_year: int = Field(ge=0, le=MAX_PRICE)
    site_fixed_vnd_year: int = Field(ge=0, le=MAX_PRICE)
    hall_rent_vnd_per_seat_year: int = Field(ge=0, le=MAX_PRICE)
    crowding_vnd_per_m2_year: int = Field(ge=0, le=MAX_PRICE)
    cohesion_vnd_per_part_year: int = Field(ge=0, le=MAX_PRICE)
    vnd_per_km: int = Field(ge=0, le=MAX_PRICE)
    staff_vnd_per_hour: int = Field(ge=0, le=MAX_PRICE)
    citizen_vnd_per_hour: int = Field(ge=0, le=MAX_PRICE)
    speed_kmh: int = Field(ge=1, le=200)


class Centres(_Section):
    """Joint-agency centres: whether, where and how they are built."""

    allowed: bool = False
    parcels: str | None = None
    first_start_after_years: int = Field(ge=0, le=15)
    build_years: int = Field(ge=1, le=10)
    build_years_large: int = Field(ge=1, le=10)
    large_m2: int = Field(ge=0)
    storeys_phuong: int = Field(ge=1, le=15)
    storeys_xa: int = Field(ge=1, le=15)
    cost_le5_vnd_per_m2: int = Field(ge=0, le=MAX_PRICE)
    cost_6_7_vnd_per_m2: int = Field(ge=0, le=MAX_PRICE)
    cost_8_10_vnd_per_m2: int = Field(ge=0, le=MAX_PRICE)
    cost_11_15_vnd_per_m2: int = Field(ge=0, le=MAX_PRICE)
    contingency_share: Share = Field(ge=0, le=1)
    coverage_share: Share = Field(gt=0, le=1)
    old_storeys: int = Field(ge=1, le=15)
    hall_m2_per_seat: float = Field(ge=0, le=10)
    land_price_share: Share = Field(ge=0, le=5)
    life_years: int = Field(ge=1, le=200)


class Budget(_Section):
    """Capital money of the whole city, year by year."""

    yearly_vnd: int | None = Field(default=None, ge=0)
    from_year: int | None = Field(default=None, ge=2025, le=2075)
    by_year_vnd: dict[int, int] = Field(default_factory=dict)
    carry_over: bool = False
    recycle_income: bool = False


class Departments(_Section):
    """How many departments a unit has."""

    open: bool = False
    extra_max: int = Field(ge=0, le=2)
    count_reception: int = Field(ge=0, le=1)
    posts_each: int = Field(ge=1, le=500)
    extra_vnd_year: int = Field(ge=0, le=MAX_PRICE)
    overload_vnd_per_post_year: int = Field(ge=0, le=MAX_PRICE)


class Release(_Section):
    """What becomes of released premises."""

    route: Literal["public_use", "lease", "auction", "priority"]
    cash_route: Literal["lease", "auction", "best"] = "best"
    needs_health: int = Field(ge=0, le=1000)
    needs_education: int = Field(ge=0, le=1000)
    needs_culture: int = Field(ge=0, le=1000)
    needs_sport: int = Field(ge=0, le=1000)
    needs_police: int = Field(ge=0, le=1000)
    needs_other: int = Field(ge=0, le=1000)
    lease_share: Share = Field(ge=0, le=1)
    auction_price_share: Share = Field(ge=0, le=1)


class Scenario(_Section):
    """A resolved scenario: every setting has a value.

    Attributes
    ----------
    name : str
        File name without ending; also the name of the result folder.
    title_vi, title_en : str
        What leaders read.
    start : {"before_reform", "today"}
        State that capital costs start from: nobody has moved yet, or the arrangement in force stands.
    arrangement : {"free", "today"}
        ``today`` keeps every body whose premises are known where it sits; the rest comes at least cost.
    origins : dict
        For every key where its value comes from: ``data/norms/settings.csv`` or ``scenarios/x.yaml:14``.
    inputs : tuple of Input
        The scenario files that were read, the named one first.
    root : Path
        The folder `geo` and `norms` count from.

    The last three are not part of the saved scenario, nor of equality.
    """

    schema_: Literal[1] = Field(default=1, alias="schema")
    name: str
    title_vi: str
    title_en: str
    geo: str
    norms: str
    start: Literal["before_reform", "today"]
    arrangement: Literal["free", "today"]
    horizon: Horizon
    staffing: Staffing
    space: Space
    reception: Reception
    hall: Hall
    rules: Rules
    prices: Prices
    centres: Centres
    budget: Budget = Field(default_factory=Budget)
    departments: Departments
    release: Release
    network: Network
    origins: dict[str, str] = Field(default_factory=dict, exclude=True, repr=False)
    inputs: tuple[Input, ...] = Field(default=(), exclude=True, repr=False)
    root: Path = Field(default_factory=lambda: project_root(), exclude=True, repr=False)

    @property
    def geo_folder(self) -> Path:
        """The folder of the region's tables."""
        return self.root / self.geo

    @property
    def norms_folder(self) -> Path:
        """The folder of the norms."""
        return self.root / self.norms

    @property
    def travel_file(self) -> Path | None:
        """The file of given road metres, if there is one."""
        return self.root / self.network.travel if self.network.travel else None

    @property
    def parcels_file(self) -> Path | None:
        """The file of new parcels for centres, if there is one."""
        return self.root / self.centres.parcels if self.centres.parcels else None

    def __eq__(self, other: object) -> bool:
        """Two scenarios are equal when their settings are, wherever the files lie."""
        return isinstance(other, Scenario) and self.model_dump() == other.model_dump()

    def __hash__(self) -> int:
        """Hash the name: equal scenarios have equal names."""
        return hash(self.name)


def _section(info: FieldInfo) -> type[_Section] | None:
    kind = info.annotation
    return kind if isinstance(kind, type) and issubclass(kind, _Section) else None


@cache
def keys() -> dict[str, Key]:
    """Return every key a scenario file can set, as ``section.name`` or ``name``."""
    found: dict[str, Key] = {}
    for name, info in Scenario.model_fields.items():
        if name in ("name", "origins", "inputs", "root"):
            continue
        section = _section(info)
        if section is None:
            shown = info.alias or name
            found[shown] = key_of(shown, info)
        else:
            found.update(
                {
                    f"{name}.{key}": key_of(f"{name}.{key}", inner)
                    for key, inner in section.model_fields.items()
                }
            )
    return found


def unit_of(key: str, units: Mapping[str, str]) -> str:
    """Return the unit of a key: that of the settings table, else what its name says."""
    if key in units:
        return units[key]
    if key.endswith("_minutes"):
        return "minutes"
    shares = key.endswith("_share") or key in ("network.online_by_year", "network.share_min")
    return "VND" if "vnd" in key else "share" if shares else "m2" if "_m2" in key else ""


@dataclass
class _Layer:
    """One scenario file of a chain of parents."""

    path: Path
    shown: str
    tree: Value


def scenario_names(root: Path | None = None) -> list[str]:
    """Return the names of the scenarios of the project; names that begin with ``_`` are parents only."""
    folder = (root or project_root()) / "scenarios"
    files = (path for ending in ENDINGS for path in folder.glob(f"*{ending}"))
    return sorted({path.stem for path in files if not path.name.startswith(("_", "."))})


def read_scenario(name_or_path: str | Path, root: Path | None = None) -> Scenario:
    """Read a scenario by name or path, with its parents and the defaults of the settings table.

    Parameters
    ----------
    name_or_path : str or Path
        ``hanoi-2025`` is looked for in ``scenarios/``; a text that ends in ``.yaml`` or ``.yml`` or has a
        ``/`` is a path from the current folder.
    root : Path, optional
        The folder that contains ``scenarios/``; found from the file or the current folder when not given.

    Raises
    ------
    InputError
        With every problem found in the scenario, its parents and the settings table.
    """
    problems = ProblemList()
    scenario = read_scenario_into(name_or_path, problems, root)
    problems.raise_if_any()
    if scenario is None:
        raise AssertionError("a scenario that cannot be read has a problem")
    return scenario


@dataclass
class Draft:
    """What could be read of a scenario, also of one that has problems.

    Attributes
    ----------
    values : dict
        By dotted key (``rules.max_sites``); keys that were reported are missing.
    origins : dict
        Where each value comes from.
    places : dict
        As `origins`, and where each entry of a map stands (``budget.by_year_vnd.2027``): for messages.
    """

    name: str
    shown: str
    base: Path
    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    inputs: list[Input] = field(default_factory=list)


def read_scenario_into(
    name_or_path: str | Path, problems: ProblemList, root: Path | None = None
) -> Scenario | None:
    """Read a scenario, note every problem in `problems`; None when there is one."""
    before = len(problems.problems)
    draft = read_draft(name_or_path, problems, root)
    return finish(draft, problems) if draft and len(problems.problems) == before else None


def read_draft(name_or_path: str | Path, problems: ProblemList, root: Path | None = None) -> Draft | None:
    """Read what can be read of a scenario, note every problem in `problems`; None when there is no file."""
    before = len(problems.problems)
    path, base = _locate(str(name_or_path), root, problems)
    if path is None:
        return None
    if not _STEM.fullmatch(path.stem):
        problems.problems.append(problem("E218", shown_path(path), found=path.stem))
    draft = Draft(path.stem, shown_path(path), base)
    layers, whole = _chain(path, base, problems, draft.inputs)
    if not layers:
        return None
    values, origins = draft.values, draft.origins
    folders = _folders(layers, base, problems, whole=whole)
    units: dict[str, str] = {}
    if "norms" in folders:
        table = read_settings(folders["norms"], problems)
        units = _defaults(table, values, origins, problems)
    told = bool(units) and whole
    for layer in reversed(layers):
        _apply(layer, units, draft, problems)
    for key in keys():
        if key in values or key in ("geo", "norms") or _reported(problems.problems[before:], key):
            continue
        default = _default(key)
        if default is not MISSING:
            values[key] = default
        elif told:
            problems.problems.append(problem("E210", f"{draft.shown} {key}"))
    draft.places = {**origins, **draft.places}
    for key in ("centres.parcels", "network.travel"):
        _find_file(key, layers, draft, problems)
    for name, folder in folders.items():
        values[name] = (
            folder.relative_to(base).as_posix() if folder.is_relative_to(base) else folder.as_posix()
        )
    return draft


def scenario_folders(name_or_path: str | Path, root: Path | None = None) -> tuple[Path | None, Path | None]:
    """Return the folders of region and norms, also of a scenario that has problems; None if not known."""
    quiet = ProblemList()
    path, base = _locate(str(name_or_path), root, quiet)
    layers, _ = _chain(path, base, quiet, []) if path else ([], False)
    folders = _folders(layers, base, quiet, whole=False)
    return folders.get("geo"), folders.get("norms")


def finish(draft: Draft, problems: ProblemList) -> Scenario | None:
    """Turn a draft without problems into a scenario; None, with the reason in `problems`, when the models refuse."""
    nested: dict[str, Any] = {
        "name": draft.name,
        "origins": draft.origins,
        "inputs": tuple(draft.inputs),
        "root": draft.base,
    }
    for key, value in draft.values.items():
        section, _, name = key.rpartition(".")
        if section:
            nested.setdefault(section, {})[name] = value
        else:
            nested[name] = value
    try:
        return Scenario.model_validate(nested)
    except ValidationError as error:
        for fault in error.errors():
            key = ".".join(str(part) for part in fault["loc"][:2])
            where = f"{draft.origins.get(key, draft.shown)} {key}"
            problems.problems.append(problem("E206", where, found=fault["input"], allowed=fault["msg"]))
        return None


def _default(key: str) -> object:
    section, _, name = key.rpartition(".")
    if section:
        model = _section(Scenario.model_fields[section])
        info = model.model_fields[name] if model else Scenario.model_fields[section]
    else:
        info = Scenario.model_fields["schema_" if name == "schema" else name]
    return MISSING if info.is_required() else info.get_default(call_default_factory=True)


def _reported(problems: Iterable[Problem], key: str) -> bool:
    return any(found.where.endswith(f" {key}") or f" {key}." in found.where for found in problems)


def _locate(text: str, root: Path | None, problems: ProblemList) -> tuple[Path | None, Path]:
    """Find the file of a scenario and the root of its project."""
    if text.endswith(ENDINGS) or "/" in text or "\\" in text:
        path = Path(text).absolute()
        return path, (root or project_root(path.parent)).absolute()
    base = (root or project_root()).absolute()
    for ending in ENDINGS:
        path = base / "scenarios" / f"{text}{ending}"
        if _exists(path):
            return path, base
    folder = shown_path(base / "scenarios")
    problems.problems.append(
        problem("E201", folder, found=text, folder=folder, near=(text, scenario_names(base)))
    )
    return None, base


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _chain(path: Path, base: Path, problems: ProblemList, inputs: list[Input]) -> tuple[list[_Layer], bool]:
    """Read a scenario file and its parents, the file itself first; False when one of them cannot be used."""
    layers: list[_Layer] = []
    seen: list[Path] = []
    while True:
        shown = shown_path(path)
        seen.append(_real(path))
        data = read_bytes(path, shown, problems, MAX_FILE_BYTES)
        text = decode(data, shown, problems) if data is not None else None
        tree = parse_yaml(text, shown, problems) if text is not None else None
        if data is None or tree is None:
            return layers, False
        inputs.append(Input(shown, hashlib.sha256(data).hexdigest()))
        if tree.kind != "map":
            code = "E224" if tree.is_null() else "E206"
            problems.problems.append(
                problem(code, f"{shown}:{tree.line}", found=tree.shown(), allowed="key: value")
            )
            return layers, False
        layers.append(_Layer(path, shown, tree))
        parent = tree.items.get("extends")
        if parent is None or parent.is_null():
            return layers, True
        where = f"{shown}:{tree.key_lines['extends']} extends"
        if parent.kind != "text" or not parent.text:
            allowed = "name or path of one scenario"
            problems.problems.append(problem("E206", where, found=parent.shown(), allowed=allowed))
            return layers, False
        found = _parent(parent.text, path.parent, base)
        if found is None:
            names = {*scenario_names(base), *(other.stem for other in path.parent.glob("*.y*ml"))}
            near = (parent.text, sorted(names))
            problems.problems.append(problem("E212", where, found=parent.text, near=near))
            return layers, False
        if _real(found) in seen:
            circle = [*(other.stem for other in seen), found.stem]
            problems.problems.append(problem("E211", where, found=" > ".join(circle)))
            return layers, False
        path = found


def _real(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, ValueError, RuntimeError):
        return path


def _parent(text: str, folder: Path, base: Path) -> Path | None:
    names = [text] if text.endswith(ENDINGS) else [f"{text}{ending}" for ending in ENDINGS]
    for place in (folder, base / "scenarios", base):
        for name in names:
            if _exists(place / name):
                return place / name
    return None


def _folders(layers: list[_Layer], base: Path, problems: ProblemList, *, whole: bool) -> dict[str, Path]:
    """Find ``geo`` and ``norms``: beside the file that names them, else from the project's root."""
    folders: dict[str, Path] = {}
    for key in ("geo", "norms"):
        layer = next((layer for layer in layers if key in layer.tree.items), None)
        if layer is None:
            # Where a parent is missing, the project's usual folder lets the rest be checked.
            if whole:
                problems.problems.append(problem("E210", f"{layers[0].shown} {key}"))
            elif (base / "data" / key).is_dir():
                folders[key] = base / "data" / key
            continue
        value = layer.tree.items[key]
        where = f"{layer.shown}:{layer.tree.key_lines[key]} {key}"
        if value.kind != "text" or value.is_null() or not value.text:
            problems.problems.append(problem("E206", where, found=value.shown(), allowed="a folder"))
            continue
        for place in (layer.path.parent, base):
            try:
                folder = Path(os.path.normpath(place / value.text))
                if folder.is_dir():
                    folders[key] = folder
                    break
            except (OSError, ValueError):
                continue
        else:
            near = [shown_path(other) for other in (base / "data").glob("*") if other.is_dir()]
            problems.problems.append(problem("E223", where, found=value.text, near=(value.text, near)))
    return folders


def _defaults(
    table: Table, values: dict[str, Any], origins: dict[str, str], problems: ProblemList
) -> dict[str, str]:
    """Take the defaults of the settings table into `values`; return the unit of every key."""
    units: dict[str, str] = {}
    known = keys()
    for position, row in enumerate(
        table.frame[["key", "value", "unit", "low", "high"]].itertuples(index=False)
    ):
        key, text, unit, *ends = row
        if not isinstance(key, str) or key in units:
            continue
        if key not in known:
            where = table.place(position, "key")
            problems.problems.append(problem("E317", where, found=key, near=(key, list(known))))
            continue
        units[key] = unit if isinstance(unit, str) else ""
        if isinstance(text, str):
            value = Value("text", table.lines[position], text, plain=True)
            reader = ValueReader(table.place(position, "value"), units[key], problems)
            result = reader.read(known[key], value)
            if result is not MISSING:
                values[key] = result
                origins[key] = table.shown
        _check_ends(table, position, known[key], units[key], ends, problems)
    return units


def _check_ends(
    table: Table, position: int, key: Key, unit: str, ends: Sequence[object], problems: ProblemList
) -> None:
    """Check the plausible range of a setting: two numbers, the lower first."""
    numbers: list[float] = []
    for name, text in zip(("low", "high"), ends, strict=True):
        if isinstance(text, str):
            reader = ValueReader(table.place(position, name), unit, problems)
            number = reader.read(key, Value("text", table.lines[position], text, plain=True))
            if isinstance(number, (int, float)):
                numbers.append(number)
    if len(numbers) == 2 and numbers[0] > numbers[1]:
        low, high = ends
        problems.problems.append(problem("E324", table.place(position, "low"), low=low, high=high))


def _find_file(key: str, layers: list[_Layer], draft: Draft, problems: ProblemList) -> None:
    """Find a file that a scenario names: beside the file that names it, else from the project's root."""
    named = draft.values.get(key)
    if named is None:
        return
    base = Path(os.path.normpath(draft.base))
    beside = next((layer.path.parent for layer in layers if _sets(layer, key)), base)
    inside = False
    try:
        for place in dict.fromkeys((beside, base)):
            path = Path(os.path.normpath(place / named))
            if path.is_relative_to(base):
                inside = True
                if path.is_file():
                    draft.values[key] = path.relative_to(base).as_posix()
                    return
    except (OSError, ValueError):
        inside = True
    del draft.values[key]
    where = f"{draft.origins.get(key, draft.shown)} {key}"
    if not inside:
        problems.problems.append(problem("E245", where, found=named))
        return
    tables = sorted(path.relative_to(base).as_posix() for path in (base / "data").glob("**/*.csv"))
    problems.problems.append(problem("E244", where, found=named, near=(named, tables)))


def _sets(layer: _Layer, key: str) -> bool:
    section, _, name = key.partition(".")
    found = layer.tree.items.get(section)
    return found is not None and name in found.items


def _apply(layer: _Layer, units: dict[str, str], draft: Draft, problems: ProblemList) -> None:
    """Lay the values of one file over those of its parents and the table."""
    known = keys()
    values, origins = draft.values, draft.origins
    sections = {key.partition(".")[0] for key in known if "." in key}
    top = [key for key in known if "." not in key] + sorted(sections) + ["extends"]

    def unknown(name: str, line: int, prefix: str, allowed: list[str]) -> None:
        elsewhere = [key for key in known if key.rpartition(".")[2] == name]
        near = (elsewhere[0], elsewhere) if elsewhere else (name, allowed)
        where = f"{layer.shown}:{line} {prefix}{name}"
        problems.problems.append(problem("E204", where, found=f"{prefix}{name}", near=near))

    def take(key: str, value: Value, line: int) -> None:
        reader = ValueReader(f"{layer.shown}:{line} {key}", unit_of(key, units), problems, layer.shown)
        result = reader.read(known[key], value)
        if result is MISSING:
            # What a parent or the table says instead is not what was meant: nothing is checked against it.
            values.pop(key, None)
        else:
            values[key] = result
            origins[key] = f"{layer.shown}:{line}"
            for name, at in value.key_lines.items():
                draft.places[entry_key(key, name)] = f"{layer.shown}:{at}"

    for name, value in layer.tree.items.items():
        line = layer.tree.key_lines[name]
        if name == "extends":
            continue
        if name in ("geo", "norms"):
            origins[name] = f"{layer.shown}:{line}"
        elif name in sections:
            if value.is_null():
                continue
            if value.kind != "map":
                where = f"{layer.shown}:{line} {name}"
                problems.problems.append(problem("E206", where, found=value.shown(), allowed="key: value"))
                continue
            for inner, leaf in value.items.items():
                if f"{name}.{inner}" in known:
                    take(f"{name}.{inner}", leaf, value.key_lines[inner])
                else:
                    allowed = [key.partition(".")[2] for key in known if key.startswith(f"{name}.")]
                    unknown(inner, value.key_lines[inner], f"{name}.", allowed)
        elif name in known:
            take(name, value, line)
        else:
            unknown(name, line, "", top)
