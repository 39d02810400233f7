"""The sheets Network and Catchments: every reception point by stage, and who files where before and after."""

from __future__ import annotations

from planner.catchments import stages, ways
from planner.report.book import Book
from planner.report.cells import Cell, Formula, clean
from planner.report.figures import Figures, columns_of, years_text
from planner.report.served import Names
from planner.report.table import Column, Row, Table


def write_points(book: Book, figures: Figures) -> None:
    """Write one row a point and stage: what becomes of it, where it is, counters, files, people, use."""
    words, names = book.words, Names(figures)
    spans = {one.year: years_text((one.year, one.last)) for one in stages(figures.plan)}
    fields = (
        "point_id", "ward_code", "kind", "year", "status", "site_id", "counters", "capacity_files", "load_files",
        "counters_needed", "people",
    )  # fmt: skip
    table = sorted(
        columns_of(figures.plan.points, *fields),
        key=lambda row: (figures.place_of(row[1]), row[2] == "city", str(row[0]), int(row[3])),
    )
    rows: list[Row] = []
    for point, ward, kind, year, status, site, counters, capacity, load, needed, people in table:
        word = "idle" if status == "kept" and not people else status
        use = load / capacity if capacity else 0
        rows.append(
            {
                "code": str(ward),
                "unit": names.unit(str(ward)),
                "point": names.point(str(point)),
                "point_kind": words.of("point", kind),
                "years": spans[int(year)],
                "point_status": Cell(
                    words.of("point", word), "changed" if status in ("handed_over", "closed") else ""
                ),
                "site_name": figures.site_name(site) if clean(site) else "",
                "point_counters": int(counters),
                "point_needed": int(needed),
                "point_files": int(load),
                "point_people": int(people),
                "point_capacity": int(capacity),
                "point_use": Formula("=IF({point_capacity}=0,0,{point_files}/{point_capacity})", use),
            }
        )
    columns = [
        Column("code", 8, "code"),
        Column("unit", 22),
        Column("point", 30),
        Column("point_kind", 18, "centre"),
        Column("years", 11, "centre"),
        Column("point_status", 32, "centre"),
        Column("site_name", 34),
        Column("point_counters", 10, "int"),
        Column("point_needed", 10, "int"),
        Column("point_files", 13, "int"),
        Column("point_people", 13, "int"),
        Column("point_capacity", 13, "int"),
        Column("point_use", 10, "share"),
    ]
    Table(book, "points", columns, rows, unit="unit.points", frozen=3)


def write_catchments(book: Book, figures: Figures) -> None:
    """Write one row an old commune and unit: its point and way in the first and in the last stage."""
    names, plan = Names(figures), figures.plan
    first, last = stages(plan)[0].year, stages(plan)[-1].year
    before = {way.demand_id: way for way in ways(plan, first)}
    rows: list[Row] = []
    for way in sorted(ways(plan, last), key=lambda one: (figures.place_of(one.ward), one.ward)):
        was = before[way.demand_id]
        moved = "changed" if was.point != way.point else ""
        rows.append(
            {
                "code": way.ward,
                "unit": names.unit(way.ward),
                "old_commune": names.commune(way.commune),
                "point_people": way.people,
                "point_before": names.point(was.point),
                "point_after": Cell(names.point(way.point), moved),
                "km_before": was.road_m,
                "km_after": way.road_m,
                "minutes_before": was.minutes,
                "minutes_after": way.minutes,
            }
        )
    columns = [
        Column("code", 8, "code"),
        Column("unit", 22),
        Column("old_commune", 26),
        Column("point_people", 12, "int", total=True),
        Column("point_before", 30, label=f"{book.words('point')} {first}"),
        Column("point_after", 30, label=f"{book.words('point')} {last}"),
        Column("km_before", 11, "km", label=f"km {first}"),
        Column("km_after", 11, "km", label=f"km {last}"),
        Column("km_difference", 11, "difference_km", label=book.words("difference")),
        Column("minutes_before", 11, "tenths", label=f"{book.words('minutes')} {first}"),
        Column("minutes_after", 11, "tenths", label=f"{book.words('minutes')} {last}"),
    ]
    Table(book, "catchments", columns, rows, unit="unit.catchments", frozen=3)
