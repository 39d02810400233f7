"""Compares ``points.csv`` and ``catchments.csv`` with the rules of the reception network (docs/model.md section 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.audit import price
from planner.audit.course import Course
from planner.audit.handed import Handed
from planner.audit.network import WARD, Network, Stage
from planner.audit.tables import Line, as_shown

if TYPE_CHECKING:
    from planner.audit.audited import Audited

POINTS, CATCHMENTS = "points.csv", "catchments.csv"
CLOSED = {"ward": "handed_over", "city": "closed"}


def take(check: Audited, network: Network) -> Handed:
    """Read from the tables which points close and who files where; note rows that are wrong as such."""
    handed = Handed(network)
    _take_points(check, handed)
    _take_catchments(check, handed)
    handed.index()
    return handed


def _kind(network: Network, point: str) -> str:
    return "city" if point in network.city else "ward"


def _statuses(network: Network, point: str, stage: Stage) -> tuple[str, ...]:
    kind = _kind(network, point)
    if not stage.number:
        return ("kept",) if kind == "city" else ("own",)
    return ("kept", CLOSED[kind])


def _take_points(check: Audited, handed: Handed) -> None:
    network = handed.network
    stages = {stage.year: stage for stage in network.stages}
    wanted = {(point, stage.year) for stage in network.stages for point in network.points}
    seen: dict[tuple[str, int], Line] = {}
    for row in check.result.tables[POINTS]:
        point, year = row["point_id"], row.whole("year")
        about = f"{year} {point}"
        if (point, year) not in wanted:
            check.note("E514", POINTS, row.number, row["ward_code"], about, row["status"])
        elif (point, year) in seen:
            check.note("E513", POINTS, row.number, row["ward_code"], about, row["status"])
        else:
            seen[point, year] = row
    for point, year in sorted(wanted - set(seen), key=lambda key: (key[1], key[0])):
        check.note("E512", POINTS, None, _ward_of(network, point), f"{year} {point}", "", "one row")
    for point in network.points:
        closed = False
        for stage in network.stages:
            found = seen.get((point, stage.year))
            if found is None:
                continue
            ward, about = _ward_of(network, point), f"{stage.year} {point}"
            allowed = _statuses(network, point, stage)
            if found["status"] not in allowed:
                check.note("E516", POINTS, found.number, ward, about, found["status"], " or ".join(allowed))
            elif closed and found["status"] == "kept":
                check.note("E517", POINTS, found.number, ward, about, "kept", allowed[-1])
            elif found["status"] in CLOSED.values():
                closed = True
                handed.closes.setdefault(point.removeprefix(WARD), stage.year)
            elif point in network.city:
                handed.city_open.setdefault(point, set()).add(stage.number)
    for point in network.city:
        handed.closes.pop(point, None)
    handed.rows = {(point, stages[year].number): row for (point, year), row in seen.items()}


def _ward_of(network: Network, point: str) -> str:
    return network.city[point].ward if point in network.city else point.removeprefix(WARD)


def _take_catchments(check: Audited, handed: Handed) -> None:
    network = handed.network
    numbers = {demand.demand_id: i for i, demand in enumerate(network.demand)}
    stages = {stage.year: stage for stage in network.stages}
    points = set(network.points)
    for row in check.result.tables[CATCHMENTS]:
        name, year = row["demand_id"], row.whole("year")
        about = f"{year} {name}"
        if name not in numbers or year not in stages:
            check.note("E583", CATCHMENTS, row.number, row["ward_code"], about, row["point_id"])
            continue
        key = (numbers[name], stages[year].number)
        if key in handed.filed:
            check.note("E582", CATCHMENTS, row.number, row["ward_code"], about, row["point_id"])
            continue
        handed.filed[key] = row
        if row["point_id"] in points:
            handed.served[key] = row["point_id"]
    for stage in network.stages:
        for i, demand in enumerate(network.demand):
            if (i, stage.number) not in handed.filed:
                about = f"{stage.year} {demand.demand_id}"
                check.note("E581", CATCHMENTS, None, demand.ward, about, "", "one row")


# -- rules ----------


def check_rules(check: Audited, handed: Handed) -> None:
    """Check the rules on every point, demand point and hand-over."""
    network = handed.network
    for stage in network.stages:
        for i in range(len(network.demand)):
            _check_served(check, handed, i, stage)
        if stage.number:
            _check_points(check, handed, stage)
    for course in check.courses.values():
        if course.closes is not None:
            _check_hand_over(check, course)


def _check_served(check: Audited, handed: Handed, i: int, stage: Stage) -> None:
    network, row = handed.network, handed.filed.get((i, stage.number))
    if row is None:
        return
    demand, point = network.demand[i], row["point_id"]
    about = f"{stage.year} {demand.demand_id}"
    if not stage.number:
        if point != WARD + demand.ward:
            check.note("E585", CATCHMENTS, row.number, demand.ward, about, point, WARD + demand.ward)
        return
    if not handed.is_open(point, stage):
        check.note("E585", CATCHMENTS, row.number, demand.ward, about, point, "an open point")
    place = handed.place_of(point)
    if point not in network.points or place is None:
        return
    road, most = handed.road(i, stage), network.most_metres
    if road is None or (most is not None and road > most):
        found = "no way" if road is None else f"{road} m"
        expected = "a point that can be reached" if most is None else f"at most {most} m"
        check.note("E586", CATCHMENTS, row.number, demand.ward, f"{about} {point}", found, expected)


def _check_points(check: Audited, handed: Handed, stage: Stage) -> None:
    network = handed.network
    for point in network.points:
        ward, about = _ward_of(network, point), f"{stage.year} {point}"
        load, most = handed.load(point, stage), network.capacity(point)
        if load > most:
            check.note("E587", CATCHMENTS, None, ward, about, load, f"at most {most}")
        if network.must_stay(point) and not handed.is_open(point, stage):
            check.note("E588", POINTS, None, ward, about, CLOSED[_kind(network, point)], "kept")
        if network.must_close(point) and handed.is_open(point, stage):
            check.note("E589", POINTS, None, ward, about, "kept", CLOSED[_kind(network, point)])


def _check_hand_over(check: Audited, course: Course) -> None:
    """See that a hand-over frees no required site and leaves no more seats missing than before."""
    case, free = course.case, course.left_alone
    if free is None:
        return
    if free in case.required:
        check.note("E598", POINTS, None, case.ward.code, f"{course.closes} {free}", "released", "in_use")
    before, after = (
        price.missing_seats(case, course.used),
        price.missing_seats(case, [name for name in course.used if name != free]),
    )
    if after > before:
        about = f"{course.closes} seats missing"
        check.note("E599", POINTS, None, case.ward.code, about, after, f"at most {before}")


def check_cells(check: Audited, handed: Handed) -> None:
    """Every cell of both tables that follows from the input and from who files where."""
    network = handed.network
    by_number = {stage.number: stage for stage in network.stages}
    for (point, number), row in handed.rows.items():
        _check_point_row(check, handed, point, by_number[number], row)
    for (i, number), row in handed.filed.items():
        demand, stage = network.demand[i], by_number[number]
        right = {
            "commune_code": demand.commune,
            "ward_code": demand.ward,
            "people": demand.people,
            "files": demand.files[stage.year],
            "trips": demand.trips[stage.year],
        }
        road = handed.road(i, stage)
        if road is not None:
            right["road_m"] = road
        about = f"{stage.year} {demand.demand_id}"
        for column, value in right.items():
            if row[column] != str(value):
                check.note(
                    "E584", CATCHMENTS, row.number, demand.ward, f"{about} {column}", row[column], value
                )
        if road is not None and row.number_of("minutes") != network.minutes(road):
            shown = f"{float(network.minutes(road)):.1f}"
            check.note("E584", CATCHMENTS, row.number, demand.ward, f"{about} minutes", row["minutes"], shown)


def _check_point_row(check: Audited, handed: Handed, point: str, stage: Stage, row: Line) -> None:
    network, ward = handed.network, _ward_of(handed.network, point)
    served, load = handed.served_by(point, stage), handed.load(point, stage)
    right: dict[str, object] = {
        "ward_code": ward,
        "kind": _kind(network, point),
        "counters": network.counters(point),
        "capacity_files": network.capacity(point),
        "load_files": load,
        "counters_needed": network.counters_needed(load) if served else 0,
        "people": sum(network.demand[i].people for i in served),
    }
    place: tuple[float, float] | None = None
    if point in network.city:
        right["site_id"] = ""
        right["name"] = as_shown(network.city[point].name)
        place = (network.city[point].lat, network.city[point].lon)
    elif ward in handed.seats:
        site = check.inputs.sites[handed.seats[ward]]
        right["site_id"] = site.site_id
        place = (site.lat, site.lon)
    about = f"{stage.year} {point}"
    for column, value in right.items():
        if row[column] != str(value):
            check.note("E515", POINTS, row.number, ward, f"{about} {column}", row[column], value)
    if place is not None:
        for column, degrees in zip(("lat", "lon"), place, strict=True):
            if float(row[column]) != degrees:
                check.note("E515", POINTS, row.number, ward, f"{about} {column}", row[column], degrees)
