"""Measures of a ward's plan and of the whole city: docs/audit.md says what each means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from planner.audit.centres import centre_floor
from planner.audit.course import Course
from planner.audit.needs import half_up
from planner.audit.price import (
    HEADINGS,
    MILLION,
    Arrangement,
    Case,
    departments,
    departments_apart,
    discounted,
    factors,
    largest_hall,
    loads,
    missing_floor,
    people_moving,
    reception_site,
)
from planner.audit.settings import Settings

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
_LARGEST = ("citizen_travel_max", "body_distance_max")
_EARLIEST = "centre_open_year"


@dataclass(frozen=True)
class WardMeasures:
    """The measures of a ward, and the sums that measures of the whole city are made from."""

    values: dict[str, Fraction | int]
    surveyed_floor: int
    people: int
    people_metres: int
    in_person: int
    discounted: int


def measures(course: Course, rows: Mapping[tuple[int, str], int]) -> WardMeasures:
    """Return every measure of one ward; `rows` are its costs."""
    case, arrangement, centre = course.case, course.arrangement, course.centre
    on_site = loads(case, arrangement)
    used = [case.sites[site] for site in course.own_used]
    first, last = case.settings.years[0], case.settings.years[-1]
    free = course.free_from
    released = [case.sites[name] for name, year in free.items() if year == first]
    released_end = [case.sites[name] for name in free]
    floor_in_use = sum(site.floor for site in used)
    surveyed = sum(site.floor for site in used if site.basis == "surveyed")
    roads = case.to_reception[reception_site(case, arrangement)]
    people_metres = sum(people * road for people, road in zip(case.people, roads, strict=True))
    apart = body_distances(case, arrangement)

    def heading(name: str, year: int | None = None) -> int:
        return sum(vnd for (y, item), vnd in rows.items() if HEADINGS[item] == name and year in (None, y))

    total = discounted(rows, factors(case.settings))
    values: dict[str, Fraction | int] = {
        "premises": len(used),
        "premises_released": len(released),
        "surplus_floor": sum(site.floor for site in released),
        "floor_in_use": floor_in_use,
        "surveyed_share": decimals(surveyed, floor_in_use, 4),
        "tight_fit": sum(part.tight for part in case.needs.parts),
        "norm": sum(part.norm for part in case.needs.parts),
        "missing_to_norm": sum(
            max(0, sum(part.norm for part in parts) - case.sites[site].floor)
            for site, parts in on_site.items()
        ),
        "missing_to_tight": sum(missing_floor(case, arrangement).values()),
        "staff": sum(part.people for part in case.needs.parts),
        "citizen_travel_mean": decimals(people_metres, sum(case.people), 0),
        "citizen_travel_max": max(roads, default=0),
        "body_distance_mean": decimals(sum(apart), len(apart), 0),
        "body_distance_max": max(apart, default=0),
        "parts_apart": departments_apart(case, arrangement),
        "counters": case.needs.counters,
        "in_person_files_day": decimals(
            case.needs.in_person, case.settings.whole("reception.working_days"), 1
        ),
        "hall_seats": largest_hall(case, on_site),
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
        "premises_end": 1 if course.in_centre(last) else len(course.used_in(last)),
        "premises_released_end": len(released_end),
        "surplus_floor_end": sum(site.floor for site in released_end),
        "residual_value": sum(vnd for (_, item), vnd in rows.items() if item == "residual_value"),
        "departments": departments(case),
    }
    return WardMeasures(values, surveyed, sum(case.people), people_metres, case.needs.in_person, total)


def city_measures(wards: list[WardMeasures], settings: Settings) -> dict[str, Fraction | int]:
    """Return the measures of the whole: sums, maxima, and means that are not means of rounded means."""
    values: dict[str, Fraction | int] = {}
    for name in UNITS:
        of_wards = [ward.values[name] for ward in wards]
        values[name] = max(of_wards, default=0) if name in _LARGEST else sum(of_wards)
    values[_EARLIEST] = min((w.values[_EARLIEST] for w in wards if w.values[_EARLIEST]), default=0)
    values["surveyed_share"] = decimals(sum(w.surveyed_floor for w in wards), int(values["floor_in_use"]), 4)
    values["citizen_travel_mean"] = decimals(
        sum(w.people_metres for w in wards), sum(w.people for w in wards), 0
    )
    values["body_distance_mean"] = decimals(int(values["body_distance_mean"]), len(wards), 0)
    days = settings.whole("reception.working_days")
    values["in_person_files_day"] = decimals(sum(w.in_person for w in wards), days, 1)
    values["net_present_cost"] = half_up(Fraction(sum(w.discounted for w in wards), MILLION))
    return values


def body_distances(case: Case, arrangement: Arrangement) -> list[int]:
    """Return the road metres of every pair of bodies; a body stands where its leaders or first part sit."""
    stands: dict[str, str] = {}
    for part in case.needs.parts:
        if part.kind == "leaders" or part.body not in stands:
            stands[part.body] = arrangement[part.name]
    return [case.between[a, b] if a != b else 0 for a, b in combinations(stands.values(), 2)]


def decimals(numerator: int, denominator: int, digits: int) -> Fraction:
    """Divide and round half up at so many decimals; nothing over nothing is zero."""
    if not denominator:
        return Fraction(0)
    return Fraction(half_up(Fraction(numerator * 10**digits, denominator)), 10**digits)
