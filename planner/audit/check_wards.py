"""Compares ``assignments.csv`` with the input, and every ward's arrangement with the rules of docs/model.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from planner.audit import centres, handed, pairs, price, routes
from planner.audit.audited import Audited
from planner.audit.centres import Centre
from planner.audit.course import Course, rows_of
from planner.audit.pairs import Pair
from planner.audit.price import Case
from planner.audit.read import RECEPTION
from planner.audit.tables import Line, as_shown

FILE = "assignments.csv"


def check_assignments(check: Audited) -> None:
    """Every ward, year and part once, on a site the ward may use, with the right needs and basis."""
    rows: dict[str, list[Line]] = {}
    said: dict[str, dict[tuple[str, int], str]] = {}
    for row in check.result.tables["premises.csv"]:
        said.setdefault(row["ward_code"], {})[row["site_id"], row.whole("year")] = row["route"]
    for row in check.result.tables[FILE]:
        rows.setdefault(row["ward_code"], []).append(row)
    _take_pairs(check)
    guests = {pair.guest: pair for pair in check.shared}
    places = _centre_places(check)
    seats: dict[str, dict[str, str]] = {}
    for code in [*check.cases, *(code for code in rows if code not in check.cases)]:
        if code not in check.cases:
            for row in rows[code]:
                item = f"{row['year']} {row['body']} {row['part']}"
                check.note("E522", FILE, row.number, code, item)
            continue
        case = check.cases[code] = _case_of(check, code, rows.get(code, []))
        pair = guests.get(code)
        allowed = {*case.own, *([pair.site_id] if pair else [])}
        seats[code] = _check_ward_assignments(check, case, rows.get(code, []), allowed)
    for code, arrangement in seats.items():
        pair = guests.get(code)
        case = check.cases[code]
        if pair is not None:
            if not all(seats[pair.owner].values()):
                continue
            case = pairs.guest_case(check.cases[pair.owner], case, pair.site_id, seats[pair.owner])
        if not arrangement or not all(arrangement.values()):
            continue
        centre, right = _centre_of(check, case, rows[code], places.get(code, ""))
        if right:
            check.cases[code] = case
            closes = None if check.handed is None else check.handed.closes.get(code)
            course = Course(case, arrangement, centre, routes.cash_routes(check.settings)[0], closes)
            _place(check, course, said.get(code, {}))
    if check.handed is None:
        check.rows = {code: rows_of(course) for code, course in check.courses.items()}
        return
    check.handed.seats = {
        code: price.reception_site(course.case, course.arrangement) for code, course in check.courses.items()
    }
    check.unsure = check.handed.unsure()
    check.rows = {code: handed.rows_of(course, check.handed) for code, course in check.courses.items()}


def _case_of(check: Audited, code: str, rows: Iterable[Line]) -> Case:
    """Return the case of a ward with the further departments that its rows name."""
    named = {row["part"] for row in rows}
    cases = check.by_extra[code]
    usual = {part.name for part in cases[0].needs.parts}
    more = [e for e, case in cases.items() if named & {p.name for p in case.needs.parts} - usual]
    fits = [e for e in more if named >= {p.name for p in cases[e].needs.parts} - usual]
    return cases[max(fits, default=min(more, default=0))]


def _check_ward_assignments(
    check: Audited, case: Case, rows: Iterable[Line], allowed: set[str]
) -> dict[str, str]:
    """Check the rows of one ward; return the site of every part in the first year, "" where unknown."""
    code, years = case.ward.code, check.settings.years
    closes = None if check.handed is None else check.handed.closes.get(code)
    wanted = {
        (year, part.body, part.name): part
        for year in years
        for part in case.needs.parts
        if part.body != RECEPTION or closes is None or year < closes
    }
    opens = _opens(case, rows)
    kept = price.kept_today(case)
    seen: set[tuple[int, str, str]] = set()
    first: dict[str, str] = {}
    for row in rows:
        key = (row.whole("year"), row["body"], row["part"])
        item = f"{row['year']} {row['body']} {row['part']}"
        if key not in wanted:
            check.note("E522", FILE, row.number, code, item)
            continue
        if key in seen:
            check.note("E521", FILE, row.number, code, item, row["site_id"])
            continue
        seen.add(key)
        part, year = wanted[key], key[0]
        in_centre = opens is not None and year >= opens
        for column, right in (
            ("ward_name", as_shown(case.ward.name)), ("tight_fit_m2", part.tight), ("norm_m2", part.norm),
        ):  # fmt: skip
            if row[column] != str(right):
                check.note("E524", FILE, row.number, code, f"{item} {column}", row[column], right)
        basis = "known" if part.name in kept and not in_centre else centres.BASIS
        if row["basis"] != basis:
            check.note("E525", FILE, row.number, code, item, row["basis"], basis)
        if in_centre:
            if row["site_id"] != centres.centre_id(case):
                centre = centres.centre_id(case)
                check.note("E527", FILE, row.number, code, item, row["site_id"], centre)
            continue
        if row["site_id"] not in allowed:
            hint = _allowed(check, row["site_id"], case)
            check.note("E523", FILE, row.number, code, item, row["site_id"], hint)
            continue
        if year == years[0]:
            first[part.name] = row["site_id"]
        elif first.setdefault(part.name, row["site_id"]) != row["site_id"]:
            check.note("E526", FILE, row.number, code, item, row["site_id"], first[part.name])
    for key in wanted:
        if key not in seen:
            check.note("E520", FILE, None, code, f"{key[0]} {key[1]} {key[2]}", "", "one row")
    return {part.name: first.get(part.name, "") for part in case.needs.parts}


def _centre_places(check: Audited) -> dict[str, str]:
    """Return the location that premises.csv names for the centre of a ward."""
    found: dict[str, str] = {}
    for row in check.result.tables["premises.csv"]:
        if row["kind"] == centres.KIND:
            found.setdefault(row["ward_code"], row["location"])
    return found


def _centre_of(check: Audited, case: Case, rows: Iterable[Line], location: str) -> tuple[Centre | None, bool]:
    """Return the centre that a ward moves into, and whether it is one that can be costed."""
    opens, code = _opens(case, rows), case.ward.code
    if opens is None:
        return None, True
    place = centres.places(case).get(location)
    if place is None:
        possible = ", ".join(centres.places(case)) or "no centre"
        check.note("E528", "premises.csv", None, code, centres.centre_id(case), location, possible)
        return None, False
    possible_starts = centres.starts(case)
    start = opens - centres.build_years(case)
    if start not in possible_starts:
        years = [year + centres.build_years(case) for year in possible_starts]
        check.broken("E529", code, "opens", opens, ", ".join(map(str, years)) or "no year")
    return Centre(place, start, opens), start >= check.settings.years[0]


def _take_pairs(check: Audited) -> None:
    """Keep the pairs that share, as far as they may."""
    taken: set[str] = set()
    for entry in check.result.facts.get("shared", []):
        pair = Pair(entry["site_id"], entry["owner"], entry["guest"])
        wards = {pair.owner, pair.guest}
        if pair not in check.pairs or wards & taken:
            allowed = "; ".join(f"{p.site_id} {p.owner} {p.guest}" for p in check.pairs)
            found = f"{pair.site_id} {pair.owner} {pair.guest}"
            check.note("E597", "plan.json", None, pair.guest, "shared", found, allowed)
            continue
        taken |= wards
        check.shared.append(pair)


def _place(check: Audited, course: Course, said: Mapping[tuple[str, int], str]) -> None:
    """Keep the plan of a ward, with the cash route that premises.csv agrees with best."""
    code = course.case.ward.code
    choices = [replace(course, cash=cash) for cash in routes.cash_routes(check.settings)]
    if len(choices) == 1:
        check.courses[code] = course
        return

    def differences(choice: Course) -> int:
        free = choice.free_from
        taken = routes.routes(choice.case, free, choice.cash)
        return sum(
            year >= free[name] and route != taken[name]
            for (name, year), route in said.items()
            if name in taken
        )

    check.courses[code] = min(choices, key=differences)


def _allowed(check: Audited, site_id: str, case: Case) -> str:
    site = check.inputs.sites.get(site_id)
    if site is not None and site.ward != case.ward.code:
        return f"a site of {case.ward.code}, not of {site.ward}"
    return "one of " + ", ".join(case.own)


def check_rules(check: Audited) -> None:
    """Rules 1 to 4 of docs/model.md, ward by ward."""
    for code, course in check.courses.items():
        case, arrangement, used = course.case, course.arrangement, course.used
        _check_together(check, case, arrangement)
        in_full = any(code in (pair.owner, pair.guest) for pair in check.shared)
        if in_full or check.settings.word("rules.floor_area") == "enforce":
            for site, m2 in price.missing_floor(case, arrangement).items():
                room = price.tight_room(case, site)
                check.broken("E530", code, f"{site} m2", room + m2, f"at most {room}")
        enforced = in_full or check.settings.word("rules.hall") == "enforce"
        if enforced and price.missing_seats(case, arrangement.values()):
            hall = price.largest_hall(case, used)
            check.broken("E531", code, "seats", hall, f"at least {case.needs.seats_tight}")
        most = check.settings.whole("rules.max_sites")
        if len(used) > most:
            check.broken("E532", code, ", ".join(used), len(used), f"at most {most}")
        for site in sorted(case.required - set(used)):
            check.broken("E533", code, site, "", "in_use")
        enough = price.sites_enough_alone(case)
        if enough and (len(used) > 1 or course.own_used != used):
            check.broken("E534", code, ", ".join(used), len(used), f"1, such as {enough[0]}")
        for part, site in price.kept_today(case).items():
            if arrangement[part] != site:
                check.broken("E536", code, part, arrangement[part], site)
        centre = course.centre
        if centre is not None and not centre.place.beside and centre.place.location in used:
            check.broken("E590", code, centre.place.location, "in_use", "")
    for pair in check.shared:
        for code in (pair.owner, pair.guest):
            shown = check.courses.get(code)
            if shown is not None and (shown.centre is not None or pair.site_id not in shown.used):
                check.broken("E597", code, pair.site_id, ", ".join(shown.used), pair.site_id)


def _check_together(check: Audited, case: Case, arrangement: price.Arrangement) -> None:
    for group in price.parts_together(case):
        sites = sorted({arrangement[part.name] for part in group})
        if len(sites) > 1:
            check.broken("E535", case.ward.code, group[0].body, ", ".join(sites), "one site")


def _opens(case: Case, rows: Iterable[Line]) -> int | None:
    """Return the first year in which a part sits in the centre of a ward."""
    name = centres.centre_id(case)
    return min((row.whole("year") for row in rows if row["site_id"] == name), default=None)
