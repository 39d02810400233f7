"""Scenarios: YAML with one parent, checked against the settings table, resolved to typed values.

Every number is a setting: its default, unit and source stand in ``data/norms/settings.csv``; a scenario file
overrides it by section and name. The resolved scenario is saved with the plan.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Share = float
SECTIONS = ("horizon", "staffing", "space", "reception", "hall", "rules", "prices", "release")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Horizon(_Section):
    start_year: int = Field(ge=2025, le=2060)
    years: int = Field(ge=1, le=15)
    discount_rate: Share = Field(ge=0, le=0.5)


class Staffing(_Section):
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
    tight_m2_per_person: float = Field(gt=0, le=100)
    common_use_share: Share = Field(ge=0, le=2)
    net_to_gross: Share = Field(ge=0.2, le=1)


class Reception(_Section):
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
    party_executive_members: int = Field(ge=0, le=1000)
    front_committee_members: int = Field(ge=0, le=1000)
    guests: int = Field(ge=0, le=1000)
    norm_min_seats: int = Field(ge=0, le=5000)


class Rules(_Section):
    max_sites: int = Field(ge=1, le=4)
    one_site_where_enough: Literal["any", "former_district_hq", "off"]
    floor_area: Literal["enforce", "report"]
    hall: Literal["enforce", "report", "off"]
    departments_apart: bool
    required: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    premises_max: int | None = Field(default=None, ge=1)


class Prices(_Section):
    renovation_a_vnd_per_m2: int = Field(ge=0)
    renovation_b_vnd_per_m2: int = Field(ge=0)
    renovation_c_vnd_per_m2: int = Field(ge=0)
    renovation_d_vnd_per_m2: int = Field(ge=0)
    furniture_vnd_per_person: int = Field(ge=0)
    move_vnd_per_person: int = Field(ge=0)
    running_vnd_per_m2_year: int = Field(ge=0)
    site_fixed_vnd_year: int = Field(ge=0)
    hall_rent_vnd_per_seat_year: int = Field(ge=0)
    crowding_vnd_per_m2_year: int = Field(ge=0)
    cohesion_vnd_per_part_year: int = Field(ge=0)
    vnd_per_km: int = Field(ge=0)
    staff_vnd_per_hour: int = Field(ge=0)
    citizen_vnd_per_hour: int = Field(ge=0)
    speed_kmh: int = Field(ge=1, le=200)


class Release(_Section):
    route: Literal["public_use", "lease", "auction"]
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
        ``today`` keeps every body whose premises are known where it sits; the rest is completed at least cost.
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
    release: Release
