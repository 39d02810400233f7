"""The measures of a ward and of the whole city that follow the year: docs/audit.md says what each means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from planner.audit import centres, price
from planner.audit.course import Course
from planner.audit.needs import decimals
from planner.audit.price import Arrangement, Case

COLUMNS = {
    "premises": "premises", "premises_released": "premises_released", "surplus_floor": "surplus_floor_m2",
    "floor_in_use": "floor_in_use_m2", "missing_to_norm": "missing_to_norm_m2",
    "citizen_travel_mean": "citizen_travel_mean_m", "citizen_travel_max": "citizen_travel_max_m",
    "body_distance_mean": "body_distance_mean_m", "body_distance_max": "body_distance_max_m",
}  # fmt: skip
"""Measures, and their columns in measures_by_year.csv."""
_LARGEST = ("citizen_travel_max", "body_distance_max")


@dataclass(frozen=True)
class YearMeasures:
    """The measures of a ward in a year, and the sums that the city's mean is made from."""

    values: dict[str, Fraction | int]
    people: int
    people_metres: int


def roads_in(course: Course, year: int) -> Sequence[int]:
    """Return the road metres from every demand point to the ward's reception in a year."""
    if course.centre is not None and course.in_centre(year):
        return course.centre.place.roads
    return course.case.to_reception[price.reception_site(course.case, course.arrangement)]


def year_measures(course: Course, year: int, roads: Sequence[int]) -> YearMeasures:
    """Return the measures of a ward in a year; `roads` lead from its demand points to where they file."""
    case = course.case
    free = [case.sites[name] for name, since in course.free_from.items() if since <= year]
    floors, missing, apart = _seated(course, year)
    people_metres = sum(people * road for people, road in zip(case.people, roads, strict=True))
    values: dict[str, Fraction | int] = {
        "premises": len(floors),
        "premises_released": len(free),
        "surplus_floor": sum(site.floor for site in free),
        "floor_in_use": sum(floors),
        "missing_to_norm": missing,
        "citizen_travel_mean": decimals(people_metres, sum(case.people), 0),
        "citizen_travel_max": max(roads, default=0),
        "body_distance_mean": decimals(sum(apart), len(apart), 0),
        "body_distance_max": max(apart, default=0),
    }
    return YearMeasures(values, sum(case.people), people_metres)


def city_of_year(wards: Sequence[YearMeasures]) -> dict[str, Fraction | int]:
    """Return the measures of the whole in a year: sums, maxima, and means."""
    values: dict[str, Fraction | int] = {}
    for name in COLUMNS:
        of_wards = [ward.values[name] for ward in wards]
        values[name] = max(of_wards, default=0) if name in _LARGEST else sum(of_wards)
    values["citizen_travel_mean"] = decimals(
        sum(w.people_metres for w in wards), sum(w.people for w in wards), 0
    )
    values["body_distance_mean"] = decimals(int(values["body_distance_mean"]), len(wards), 0)
    return values


def body_distances(case: Case, arrangement: Arrangement) -> list[int]:
    """Return the road metres of every pair of bodies; a body stands where its leaders or first part sit."""
    stands: dict[str, str] = {}
    for part in case.needs.parts:
        if part.kind == "leaders" or part.body not in stands:
            stands[part.body] = arrangement[part.name]
    return [case.between[a, b] if a != b else 0 for a, b in combinations(stands.values(), 2)]


def _seated(course: Course, year: int) -> tuple[list[int], int, list[int]]:
    """Return the floors of the sites in use, the m² missing to the norm, and the metres between bodies."""
    case = course.case
    if course.in_centre(year):
        floor = centres.centre_floor(case)
        return [floor], max(0, sum(part.norm for part in case.needs.parts) - floor), [0]
    if course.closes is not None and year >= course.closes:
        case = price.without_reception(case)
    missing = sum(
        max(0, sum(part.norm for part in parts) - case.sites[site].floor)
        for site, parts in price.loads(case, course.arrangement).items()
    )
    floors = [case.sites[site].floor for site in course.used_in(year)]
    return floors, missing, body_distances(case, course.arrangement)
