"""Compares ``measures_by_year.csv`` with what every year of the plan comes to."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from planner.audit import yearly
from planner.audit.course import Course

if TYPE_CHECKING:
    from planner.audit.audited import Audited

FILE = "measures_by_year.csv"
Rows = dict[tuple[int, str], dict[str, "Fraction | int"]]
"""Measures by year and ward, "" for the whole city."""


def roads_in(check: Audited, course: Course, year: int) -> Sequence[int]:
    """Return the road metres from the demand points of a ward to where they file in a year."""
    if check.handed is None:
        return yearly.roads_in(course, year)
    stage = next(stage for stage in check.handed.network.stages if year in stage.years)
    of_ward = check.handed.network.of_ward[course.case.ward.code]
    return [check.handed.road(i, stage) or 0 for i in of_ward]


def check_by_year(check: Audited) -> None:
    """Every row and cell of the file; results of older versions, and plans that stay as they are, have none."""
    table = check.result.tables.get(FILE)
    if table is None:
        return
    wanted = _rows(check)
    unpriced = {code for code in check.cases if code not in check.courses} | check.unsure
    unpriced |= set() if check.complete else {""}
    seen = set()
    for row in table:
        key = (row.whole("year"), row["ward_code"])
        if key[1] in unpriced:
            continue
        if key not in wanted:
            check.note("E567", FILE, row.number, key[1], row["year"])
            continue
        if key in seen:
            check.note("E566", FILE, row.number, key[1], row["year"])
            continue
        seen.add(key)
        for name, column in yearly.COLUMNS.items():
            right = str(wanted[key][name])
            if row[column] != right:
                check.note("E568", FILE, row.number, key[1], f"{key[0]} {column}", row[column], right)
    for year, ward in wanted:
        if (year, ward) not in seen and ward not in unpriced:
            check.note("E565", FILE, None, ward, str(year), "", "one row")


def _rows(check: Audited) -> Rows:
    """Return the rows that belong into the file: none where the plan is the same in every year."""
    courses = check.courses
    stages = 1 if check.handed is None else len(check.handed.network.stages)
    if stages == 1 and all(course.centre is None for course in courses.values()):
        return {}
    found: Rows = {}
    for year in check.settings.years:
        wards = {
            code: yearly.year_measures(course, year, roads_in(check, course, year))
            for code, course in courses.items()
        }
        found[year, ""] = yearly.city_of_year(list(wards.values()))
        found |= {(year, code): ward.values for code, ward in wards.items()}
    return found
