"""The settings that the audit needs, as ``plan.json`` has them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from planner.errors import ProblemList

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

network.allowed yes/no, network.hand_over_years wholes, network.online_by_year shares
network.required ids, network.excluded ids, network.travel text/null, network.max_minutes number/null
network.share_min number/null, network.share_minutes number, network.city_point_counters whole
network.point_vnd_year whole, rules.points_min whole/null

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
    "rules.points_min": None, "network.allowed": False, "network.hand_over_years": [],
    "network.online_by_year": {}, "network.required": [], "network.excluded": [], "network.travel": None,
    "network.max_minutes": None, "network.share_min": None, "network.share_minutes": 0,
    "network.city_point_counters": 0, "network.point_vnd_year": 0,
}  # fmt: skip
"""What holds where a scenario is silent and the norms have no number."""


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

    def shares(self, key: str) -> dict[int, Fraction]:
        """Return a setting that has a share for some years, years in order."""
        return {int(year): Fraction(value) for year, value in sorted(self.values[key].items())}

    def number_or_none(self, key: str) -> Fraction | None:
        """Return a setting that may have decimals, or None where it is not set."""
        value = self.values[key]
        return None if value is None else Fraction(value)

    def by_name(self, key: str) -> dict[str, int]:
        """Return a setting that has a whole number for some names."""
        return {str(name): int(value) for name, value in sorted(self.values[key].items())}

    @property
    def years(self) -> range:
        """The years that are costed."""
        start = self.whole("horizon.start_year")
        return range(start, start + self.whole("horizon.years"))


def is_number(value: object) -> bool:
    """Say whether a value of ``plan.json`` is a number."""
    return isinstance(value, (int, Fraction)) and not isinstance(value, bool)


def is_whole(value: object) -> bool:
    """Say whether a value of ``plan.json`` is a whole number."""
    return (
        isinstance(value, (int, Fraction))
        and not isinstance(value, bool)
        and Fraction(value).denominator == 1
    )


def flat_settings(facts: dict[str, Any], path: Path, problems: ProblemList) -> dict[str, Any]:
    """Return the settings by dotted key, each checked to be of its kind."""
    flat: dict[str, Any] = {}
    nested = facts["settings"] if isinstance(facts.get("settings"), dict) else {}
    for key, kind in SETTINGS.items():
        value: Any = nested
        for name in key.split("."):
            value = value.get(name, DEFAULTS.get(key)) if isinstance(value, dict) else DEFAULTS.get(key)
        if kind == "whole":
            right = is_whole(value)
        elif kind == "number":
            right = is_number(value)
        elif kind == "yes/no":
            right = isinstance(value, bool)
        elif kind == "ids":
            right = isinstance(value, list) and all(isinstance(item, str) for item in value)
        elif kind == "whole/null":
            right = value is None or is_whole(value)
        elif kind in ("years", "names"):
            right = isinstance(value, dict) and all(
                is_whole(v) and (kind == "names" or k.isdecimal()) for k, v in value.items()
            )
        elif kind == "wholes":
            right = isinstance(value, list) and all(is_whole(item) for item in value)
        elif kind == "shares":
            right = isinstance(value, dict) and all(is_number(v) and k.isdecimal() for k, v in value.items())
        elif kind == "number/null":
            right = value is None or is_number(value)
        elif kind in ("text", "text/null"):
            right = (kind == "text/null" and value is None) or (isinstance(value, str) and bool(value))
        else:
            right = value in kind.split("|")
        if not right:
            problems.add("E504", f"{path} settings.{key}", f"{value!r} is not allowed.", f"Allowed: {kind}.")
        flat[key] = value
    _check_hand_over(flat, path, problems)
    return flat


def _check_hand_over(flat: dict[str, Any], path: Path, problems: ProblemList) -> None:
    """Hand-over years stand in order, after the first year of the horizon and within it."""
    years, key = flat["network.hand_over_years"], "network.hand_over_years"
    if not (isinstance(years, list) and all(map(is_whole, years))) or not all(
        is_whole(flat[name]) for name in ("horizon.start_year", "horizon.years")
    ):
        return
    first = flat["horizon.start_year"]
    if list(years) != sorted(set(years)) or any(
        not first < year < first + flat["horizon.years"] for year in years
    ):
        problems.add(
            "E504",
            f"{path} settings.{key}",
            f"{years!r} is not allowed.",
            "Years of the horizon after its first, in order.",
        )
