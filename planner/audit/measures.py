"""Measures of a ward's plan and of the whole city: docs/audit.md says what each means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from planner.audit.centres import centre_floor
from planner.audit.course import Course
from planner.audit.needs import decimals, half_up
from planner.audit.price import (
    HEADINGS,
    MILLION,
    departments,
    departments_apart,
    discounted,
    factors,
    largest_hall,
    loads,
    missing_floor,
    people_moving,
)
from planner.audit.settings import Settings
from planner.audit.yearly import YearMeasures, city_of_year, roads_in, year_measures

UNITS = {
    "premises": "sites", "premises_released": "sites", "surplus_floor": "m2", "floor_in_use": "m2",
    "surveyed_share": "share", "tight_fit": "m2", "norm": "m2", "missing_to_norm": "m2",
    "missing_to_tight": "m2", "staff": "people", "citizen_travel_mean": "m", "citizen_travel_max": "m",
    "body_distance_mean": "m", "body_distance_max": "m", "parts_apart": "parts", "counters": "counters",
    "in_person_files_day": "files", "hall_seats": "seats", "hall_seats_norm": "seats", "moves": "people",
    "cost_capital": "VND", "cost_recurrent_year": "VND", "cost_social_year": "VND", "income": "VND",
    "net_present_cost": "VND",
    "centres": "centres", "centre_open_year": "year", "centre_floor": "m2", "premises_end": "sites",
    "premises_released_end": "sites", "surplus_floor_end": "m2", "residual_value": "VND",
    "departments": "departments",
}  # fmt: skip
_AT_THE_END = ("premises", "premises_released", "surplus_floor")
"""Measures that are told of the last year too."""
_EARLIEST = "centre_open_year"


@dataclass(frozen=True)
class WardMeasures:
    """The measures of a ward, and the sums that measures of the whole city are made from."""

    values: dict[str, Fraction | int]
    first: YearMeasures
    surveyed_floor: int
    in_person: int
    discounted: int


def measures(
    course: Course, rows: Mapping[tuple[int, str], int], roads: Sequence[int] | None = None
) -> WardMeasures:
    """Return every measure of one ward; `rows` are its costs, `roads` lead to where its people file at the start."""
    case, arrangement, centre = course.case, course.arrangement, course.centre
    first, last = case.settings.years[0], case.settings.years[-1]
    start = year_measures(course, first, roads_in(course, first) if roads is None else roads)
    end = year_measures(course, last, roads_in(course, last)).values
    surveyed = sum(
        case.sites[site].floor for site in course.used_in(first) if case.sites[site].basis == "surveyed"
    )

    def heading(name: str, year: int | None = None) -> int:
        return sum(vnd for (y, item), vnd in rows.items() if HEADINGS[item] == name and year in (None, y))

    total = discounted(rows, factors(case.settings))
    values: dict[str, Fraction | int] = {
        **start.values,
        **{f"{name}_end": end[name] for name in _AT_THE_END},
        "surveyed_share": decimals(surveyed, int(start.values["floor_in_use"]), 4),
        "tight_fit": sum(part.tight for part in case.needs.parts),
        "norm": sum(part.norm for part in case.needs.parts),
        "missing_to_tight": sum(missing_floor(case, arrangement).values()),
        "staff": sum(part.people for part in case.needs.parts),
        "parts_apart": departments_apart(case, arrangement),
        "counters": case.needs.counters,
        "in_person_files_day": decimals(
            case.needs.in_person, case.settings.whole("reception.working_days"), 1
        ),
        "hall_seats": largest_hall(case, loads(case, arrangement)),
        "hall_seats_norm": case.needs.seats_norm,
        "moves": people_moving(case, arrangement),
        "cost_capital": heading("capital"),
        "cost_recurrent_year": heading("recurrent", first),
        "cost_social_year": heading("social", first),
        "income": heading("income"),
        "net_present_cost": half_up(Fraction(total, MILLION)),
        "centres": int(centre is not None),
        "centre_open_year": 0 if centre is None else centre.opens,
        "centre_floor": 0 if centre is None else centre_floor(case),
        "residual_value": sum(vnd for (_, item), vnd in rows.items() if item == "residual_value"),
        "departments": departments(case),
    }
    return WardMeasures(values, start, surveyed, case.needs.in_person, total)


def city_measures(wards: list[WardMeasures], settings: Settings) -> dict[str, Fraction | int]:
    """Return the measures of the whole: sums, maxima, and means that are not means of rounded means."""
    values: dict[str, Fraction | int] = {name: sum(ward.values[name] for ward in wards) for name in UNITS}
    values |= city_of_year([ward.first for ward in wards])
    values[_EARLIEST] = min((w.values[_EARLIEST] for w in wards if w.values[_EARLIEST]), default=0)
    values["surveyed_share"] = decimals(sum(w.surveyed_floor for w in wards), int(values["floor_in_use"]), 4)
    days = settings.whole("reception.working_days")
    values["in_person_files_day"] = decimals(sum(w.in_person for w in wards), days, 1)
    values["net_present_cost"] = half_up(Fraction(sum(w.discounted for w in wards), MILLION))
    return values
