"""The sheets Arrangement and Premises: who sits where, and what becomes of every site."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from planner.plan import BODIES
from planner.report.book import Book
from planner.report.cells import Cell, clean, whole
from planner.report.figures import Figures, columns_of, years_text
from planner.report.table import Column, Row, Table
from planner.wording import collation_key

if TYPE_CHECKING:
    import pandas as pd


class _Period(NamedTuple):
    """A row that is the same in several years, and these years as text."""

    values: tuple[Any, ...]
    years: str


def _periods(table: pd.DataFrame, keys: Sequence[str], values: Sequence[str]) -> list[_Period]:
    """Return rows that repeat over the years once, with their years."""
    runs: dict[tuple[Any, ...], list[tuple[tuple[Any, ...], list[int]]]] = {}
    years = table["year"].astype(int).tolist()
    rows = list(columns_of(table, *keys, *values))
    for n in sorted(range(len(rows)), key=years.__getitem__):
        found = runs.setdefault(rows[n][: len(keys)], [])
        if found and found[-1][0] == rows[n]:
            found[-1][1].append(years[n])
        else:
            found.append((rows[n], [years[n]]))
    return [_Period(row, years_text(run)) for found in runs.values() for row, run in found]


def _common_years(periods: Sequence[_Period]) -> str:
    """Return the years where they are the same for all rows, else nothing: they take a column."""
    years = {period.years for period in periods}
    return years.pop() if len(years) == 1 else ""


def write_arrangement(book: Book, figures: Figures) -> None:
    """Write who sits where, and where the part sits today; coloured where it moves."""
    words, compared = book.words, figures.compared
    todays: dict[tuple[str, str], tuple[str, str]] = {}
    if compared:
        table = figures.plans["today"].assignments
        for ward, part, site, basis in columns_of(table, "ward_code", "part", "site_id", "basis"):
            todays.setdefault((ward, part), (str(site), basis))
    bodies = {body: n for n, body in enumerate(BODIES)}
    parts = {part: n for n, part in enumerate(figures.parts)}

    def place(period: _Period) -> tuple[object, ...]:
        ward, body, part = period.values[:3]
        return figures.place_of(ward), bodies.get(body, 9), parts.get(part, 99), part, period.years

    seats = ("site_id", "tight_fit_m2", "norm_m2", "basis")
    periods = sorted(_periods(figures.plan.assignments, ("ward_code", "body", "part"), seats), key=place)
    rows: list[Row] = []
    for (ward, body, part, site, tight, norm, basis), years in periods:
        before, basis_today = todays.get((ward, part), ("", ""))
        moves = compared and before != site
        rows.append(
            {
                "code": ward,
                "unit": figures.names.get(ward, ""),
                "body": words.of("body", body),
                "part": figures.part_name(part, body),
                "site_id": clean(site),
                "site_name": Cell(figures.site_name(site), "changed" if moves else ""),
                "tight": whole(tight),
                "norm_m2": whole(norm),
                "site_today": figures.site_name(before),
                "basis": words.of("basis", basis),
                "basis_today": words.of("basis", basis_today),
                "years": years,
            }
        )
    common = _common_years(periods)
    columns = [
        Column("code", 8, "code"),
        Column("unit", 22),
        Column("body", 22),
        Column("part", 34),
        Column("site_id", 13, "centre"),
        Column("site_name", 34),
        Column("tight", 11, "int", total=bool(common)),
        Column("norm_m2", 11, "int", total=bool(common)),
        Column("site_today", 34, shown=compared),
        Column("basis_today" if compared else "basis", 12, "centre"),
        Column("years", 11, "centre", shown=bool(periods) and not common),
    ]
    unit = "unit.arrangement" if compared else "unit.m2"
    Table(book, "arrangement", columns, rows, unit=unit, years=common)


def _occupants(figures: Figures) -> dict[str, list[str]]:
    """Return who sits on a site in any year: a body that is there whole by its name, else its parts."""
    sitting: dict[str, dict[tuple[str, str], dict[str, None]]] = {}
    parts_of: dict[tuple[str, str], set[str]] = defaultdict(set)
    table = figures.plan.assignments
    for ward, site, body, part in columns_of(table, "ward_code", "site_id", "body", "part"):
        sitting.setdefault(str(site), {}).setdefault((ward, body), {})[part] = None
        parts_of[ward, body].add(part)

    def names(ward: str, body: str, parts: Sequence[str]) -> list[str]:
        if len(parts) == len(parts_of[ward, body]):
            return [figures.words.of("body", body)]
        return [figures.part_name(part, body) for part in parts]

    return {
        site: [name for (ward, body), parts in groups.items() for name in names(ward, body, list(parts))]
        for site, groups in sitting.items()
    }


def write_premises(book: Book, figures: Figures) -> None:
    """Write every site: in use or released, floor with its range and basis, hall, land, who sits there."""
    words = book.words
    in_use_today: set[str] = set()
    if figures.compared:
        table = figures.plans["today"].premises
        in_use_today = set(table.loc[table["status"] == "in_use", "site_id"].astype(str))
    occupants = _occupants(figures)

    def place(period: _Period) -> tuple[object, ...]:
        site, ward, _, status = period.values[:4]
        name = collation_key(figures.site_name(site))
        return figures.place_of(ward), status != "in_use", period.years, name

    states = ("status", "route", "floor_area_m2", "hall_seats")
    periods = sorted(_periods(figures.plan.premises, ("site_id", "ward_code", "kind"), states), key=place)
    rows: list[Row] = []
    for (site, ward, kind, status, route, floor, hall), years in periods:
        row = figures.sites.get(str(site), {})
        centre = figures.centres.get(str(site))
        basis = "surveyed" if row.get("floor_area_basis") == "surveyed" else "estimated"
        basis = "planned" if centre else basis
        style = "" if basis == "surveyed" else "estimated"
        in_use = status == "in_use"
        rows.append(
            {
                "code": ward,
                "unit": figures.names.get(ward, ""),
                "site_id": clean(site),
                "site_name": figures.site_name(site),
                "address": figures.location_name(centre) if centre else clean(row.get("address")),
                "type": words.of("kind", kind),
                "status_today": words("site.in_use" if str(site) in in_use_today else "site.not_used"),
                "status_plan": Cell(words.of("site", status), "bold" if in_use else ""),
                "route": words.of("route", route) if isinstance(route, str) else "",
                "floor": Cell(whole(floor), style),
                "floor_low": Cell(whole(row.get("floor_area_low_m2")), style),
                "floor_high": Cell(whole(row.get("floor_area_high_m2")), style),
                "floor_basis": Cell(words(f"basis.{basis}"), style),
                "hall": Cell(whole(hall), style),
                "land": Cell(whole(row.get("land_area_m2")), style),
                "condition": Cell(clean(row.get("condition")), style),
                "occupants": "; ".join(occupants.get(str(site), ())) if in_use else "",
                "years": years,
            }
        )
    common = _common_years(periods)
    columns = [
        Column("code", 7.5, "code"),
        Column("unit", 18),
        Column("site_id", 11.5, "centre"),
        Column("site_name", 32),
        Column("address", 24),
        Column("type", 23),
        Column("status_today", 11, "centre", shown=figures.compared),
        Column("status_plan", 10, "centre"),
        Column("route", 15),
        Column("floor", 10, "int", total=bool(common)),
        Column("floor_low", 9, "int"),
        Column("floor_high", 9, "int"),
        Column("floor_basis", 10, "centre"),
        Column("hall", 8, "int"),
        Column("land", 9, "int"),
        Column("condition", 8, "centre"),
        Column("occupants", 40),
        Column("years", 11, "centre", shown=bool(periods) and not common),
    ]
    Table(book, "premises", columns, rows, unit="unit.m2", years=common)
