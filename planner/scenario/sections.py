"""The settings of a scenario, section by section, and the keys that a file can set."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from planner.settings import MISSING, Key, key_of
from planner.tables import Input, project_root

Share = float
MAX_PRICE = 100_000_000_000


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


def default_of(key: str) -> object:
    """Return the value of a key that no file and no row of the settings table gives; `MISSING` if it needs one."""
    section, _, name = key.rpartition(".")
    if section:
        model = _section(Scenario.model_fields[section])
        info = model.model_fields[name] if model else Scenario.model_fields[section]
    else:
        info = Scenario.model_fields["schema_" if name == "schema" else name]
    return MISSING if info.is_required() else info.get_default(call_default_factory=True)
