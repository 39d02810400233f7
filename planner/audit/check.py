"""Compares a result folder with what the input and the rules say: one method per file or kind of rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from planner.audit import (
    centres,
    check_city,
    check_inputs,
    check_network,
    check_yearly,
    city,
    handed,
    measures,
    network_measures,
    pairs,
    price,
    routes,
    search,
)
from planner.audit.centres import Centre
from planner.audit.course import Course, rows_of
from planner.audit.findings import Exempt, Finding
from planner.audit.handed import Handed
from planner.audit.needs import half_up
from planner.audit.network import network_of
from planner.audit.pairs import Pair
from planner.audit.price import Case
from planner.audit.read import RECEPTION, Inputs, Result
from planner.audit.tables import Line, as_shown

MILLION = price.MILLION
_CLOSE = Fraction(1, 10**6)
"""Saved gaps are rounded; nearer than this they agree."""


class Check:
    """One result folder under audit.

    Attributes
    ----------
    name : str
        ``plan`` or ``today``: the plan itself, or the arrangement in force inside its folder.
    by_extra : dict of str to dict
        By ward and number of further departments, what its rules and prices depend on.
    cases : dict of str to Case
        By ward, the one with the departments that the plan lists.
    courses : dict of str to Course
        By ward, its plan over all years, where every part has a site that may be used.
    rows : dict of str to dict
        By placed ward, the dong of every year and cost item as they should be.
    shared : list of Pair
        The pairs of wards that share premises.
    handed : Handed or None
        What the plan does with the reception network, where there is one.
    unsure : set of str
        The wards whose people's ways to the points cannot be told.
    """

    def __init__(self, result: Result, inputs: Inputs, bases: Sequence[Path], name: str) -> None:
        self.result, self.inputs, self.bases, self.name = result, inputs, bases, name
        self.settings = result.settings
        self.by_extra = {
            code: {extra: price.with_extra(case, inputs, extra) for extra in self.extras}
            for code, case in price.build_cases(inputs, self.settings).items()
        }
        self.cases = {code: cases[0] for code, cases in self.by_extra.items()}
        self.rules = city.rules_of(self.settings)
        self.network = network_of(inputs, self.settings, self.cases)
        if self.network is not None:
            self.rules += city.network_rules(self.network)
        self.handed: Handed | None = None
        self.unsure: set[str] = set()
        self.pairs = pairs.pairs_of(self.settings, inputs, self.cases)
        self.shared: list[Pair] = []
        self.uses: dict[str, int] = {}
        self.factor = price.factors(self.settings)
        self.findings: list[Finding] = []
        self.exceptions: list[Exempt] = []
        self.courses: dict[str, Course] = {}
        self.rows: dict[str, dict[tuple[int, str], int]] = {}
        self._least_missing: dict[tuple[str, int], tuple[int, int]] = {}
        self.least_vnd: int | None = None
        self.certified_vnd: int | None = None

    def run(self, *, with_search: bool) -> None:
        """Make every check; causes come before consequences."""
        check_inputs.check_inputs(self)
        if self.network is not None:
            self.handed = check_network.take(self, self.network)
        self.check_assignments()
        self.check_ward_rules()
        if self.handed is not None:
            check_network.check_rules(self, self.handed)
        check_city.check_rules(self)
        if self.handed is not None:
            check_network.check_cells(self, self.handed)
        self.check_premises()
        self.check_costs()
        self.check_measures()
        check_yearly.check_by_year(self)
        check_city.check_years(self)
        self.check_plan_json()
        check_city.check_limits(self)
        self.check_against_own_search(every_ward=with_search)

    def facts(self) -> dict[str, Any]:
        """Return what was recomputed, for the head of the report."""
        objective = self.objective() if self.complete else None
        gap = None
        if objective and self.certified_vnd is not None:
            gap = float(Fraction(objective - self.certified_vnd, abs(objective)))
        return {
            "scenario": str(self.result.facts["scenario"]),
            "status": str(self.result.facts["status"]),
            "wards": len(self.courses),
            "rows": sum(len(rows) for rows in self.result.tables.values()),
            "inputs": len(self.result.facts["inputs"]),
            "premises": sum(len(course.own_used) for course in self.courses.values()),
            "centres": sum(course.centre is not None for course in self.courses.values()),
            "objective_vnd": objective,
            "least_vnd": self.least_vnd,
            "certified_bound_vnd": self.certified_vnd,
            "certified_gap": gap,
            "other_settings": check_inputs.other_settings(self),
        }

    @property
    def complete(self) -> bool:
        """Whether every ward has a plan that can be priced."""
        return len(self.courses) == len(self.cases) and not self.unsure

    @property
    def extras(self) -> range:
        """The numbers of further departments that a ward may have."""
        open_ = self.settings.flag("departments.open")
        return range(self.settings.whole("departments.extra_max") + 1 if open_ else 1)

    @property
    def plain(self) -> bool:
        """Whether nothing changes over the years, so that the wards' arrangements are all there is to choose."""
        whole, number = self.settings.word, self.settings.number
        return not (
            centres.may_build(self.settings)
            or self.pairs
            or self.settings.flag("departments.open")
            or self.network is not None
            or number("horizon.price_growth")
            or whole("release.route") == "priority"
            or {rule.kind for rule in self.rules} - {"premises", "capital"}
        )

    def objective(self) -> int:
        """Return the net present cost of all placed wards in dong, rounded once."""
        return half_up(
            Fraction(sum(price.discounted(rows, self.factor) for rows in self.rows.values()), MILLION)
        )

    def note(
        self,
        code: str,
        file: str,
        row: int | None,
        ward: str,
        item: str,
        found: object = "",
        expected: object = "",
    ) -> None:
        """Keep one finding."""
        prefix = "today/" if self.name == "today" and file in (*self.result.tables, "plan.json") else ""
        self.findings.append(Finding(code, prefix + file, row, ward, item, str(found), str(expected)))

    # -- assignments.csv ----------

    def check_assignments(self) -> None:
        """Every ward, year and part once, on a site the ward may use, with the right needs and basis."""
        file = "assignments.csv"
        rows: dict[str, list[Line]] = {}
        self._said_routes: dict[str, dict[tuple[str, int], str]] = {}
        for row in self.result.tables["premises.csv"]:
            said = self._said_routes.setdefault(row["ward_code"], {})
            said[row["site_id"], row.whole("year")] = row["route"]
        for row in self.result.tables[file]:
            rows.setdefault(row["ward_code"], []).append(row)
        self._take_pairs()
        guests = {pair.guest: pair for pair in self.shared}
        places = self._centre_places()
        seats: dict[str, dict[str, str]] = {}
        for code in [*self.cases, *(code for code in rows if code not in self.cases)]:
            if code not in self.cases:
                for row in rows[code]:
                    item = f"{row['year']} {row['body']} {row['part']}"
                    self.note("E522", file, row.number, code, item)
                continue
            case = self.cases[code] = self._case_of(code, rows.get(code, []))
            pair = guests.get(code)
            allowed = {*case.own, *([pair.site_id] if pair else [])}
            seats[code] = self._check_ward_assignments(case, rows.get(code, []), allowed)
        for code, arrangement in seats.items():
            pair = guests.get(code)
            case = self.cases[code]
            if pair is not None:
                if not all(seats[pair.owner].values()):
                    continue
                case = pairs.guest_case(self.cases[pair.owner], case, pair.site_id, seats[pair.owner])
            if not arrangement or not all(arrangement.values()):
                continue
            centre, right = self._centre_of(case, rows[code], places.get(code, ""))
            if right:
                self.cases[code] = case
                closes = None if self.handed is None else self.handed.closes.get(code)
                self._place(Course(case, arrangement, centre, routes.cash_routes(self.settings)[0], closes))
        if self.handed is None:
            self.rows = {code: rows_of(course) for code, course in self.courses.items()}
            return
        self.handed.seats = {
            code: price.reception_site(course.case, course.arrangement)
            for code, course in self.courses.items()
        }
        self.unsure = self.handed.unsure()
        self.rows = {code: handed.rows_of(course, self.handed) for code, course in self.courses.items()}

    def _case_of(self, code: str, rows: Iterable[Line]) -> Case:
        """Return the case of a ward with the further departments that its rows name."""
        named = {row["part"] for row in rows}
        cases = self.by_extra[code]
        usual = {part.name for part in cases[0].needs.parts}
        more = [e for e, case in cases.items() if named & {p.name for p in case.needs.parts} - usual]
        fits = [e for e in more if named >= {p.name for p in cases[e].needs.parts} - usual]
        return cases[max(fits, default=min(more, default=0))]

    def _check_ward_assignments(self, case: Case, rows: Iterable[Line], allowed: set[str]) -> dict[str, str]:
        """Check the rows of one ward; return the site of every part in the first year, "" where unknown."""
        file, code, years = "assignments.csv", case.ward.code, self.settings.years
        closes = None if self.handed is None else self.handed.closes.get(code)
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
                self.note("E522", file, row.number, code, item)
                continue
            if key in seen:
                self.note("E521", file, row.number, code, item, row["site_id"])
                continue
            seen.add(key)
            part, year = wanted[key], key[0]
            in_centre = opens is not None and year >= opens
            for column, right in (
                ("ward_name", as_shown(case.ward.name)), ("tight_fit_m2", part.tight), ("norm_m2", part.norm),
            ):  # fmt: skip
                if row[column] != str(right):
                    self.note("E524", file, row.number, code, f"{item} {column}", row[column], right)
            basis = "known" if part.name in kept and not in_centre else centres.BASIS
            if row["basis"] != basis:
                self.note("E525", file, row.number, code, item, row["basis"], basis)
            if in_centre:
                if row["site_id"] != centres.centre_id(case):
                    centre = centres.centre_id(case)
                    self.note("E527", file, row.number, code, item, row["site_id"], centre)
                continue
            if row["site_id"] not in allowed:
                hint = self._allowed(row["site_id"], case)
                self.note("E523", file, row.number, code, item, row["site_id"], hint)
                continue
            if year == years[0]:
                first[part.name] = row["site_id"]
            elif first.setdefault(part.name, row["site_id"]) != row["site_id"]:
                self.note("E526", file, row.number, code, item, row["site_id"], first[part.name])
        for key in wanted:
            if key not in seen:
                self.note("E520", file, None, code, f"{key[0]} {key[1]} {key[2]}", "", "one row")
        return {part.name: first.get(part.name, "") for part in case.needs.parts}

    def _centre_places(self) -> dict[str, str]:
        """Return the location that premises.csv names for the centre of a ward."""
        found: dict[str, str] = {}
        for row in self.result.tables["premises.csv"]:
            if row["kind"] == centres.KIND:
                found.setdefault(row["ward_code"], row["location"])
        return found

    def _centre_of(self, case: Case, rows: Iterable[Line], location: str) -> tuple[Centre | None, bool]:
        """Return the centre that a ward moves into, and whether it is one that can be costed."""
        opens, code = _opens(case, rows), case.ward.code
        if opens is None:
            return None, True
        place = centres.places(case).get(location)
        if place is None:
            possible = ", ".join(centres.places(case)) or "no centre"
            self.note("E528", "premises.csv", None, code, centres.centre_id(case), location, possible)
            return None, False
        possible_starts = centres.starts(case)
        start = opens - centres.build_years(case)
        if start not in possible_starts:
            years = [year + centres.build_years(case) for year in possible_starts]
            self._broken("E529", code, "opens", opens, ", ".join(map(str, years)) or "no year")
        return Centre(place, start, opens), start >= self.settings.years[0]

    def _take_pairs(self) -> None:
        """Keep the pairs that share, as far as they may."""
        taken: set[str] = set()
        for entry in self.result.facts.get("shared", []):
            pair = Pair(entry["site_id"], entry["owner"], entry["guest"])
            wards = {pair.owner, pair.guest}
            if pair not in self.pairs or wards & taken:
                allowed = "; ".join(f"{p.site_id} {p.owner} {p.guest}" for p in self.pairs)
                found = f"{pair.site_id} {pair.owner} {pair.guest}"
                self.note("E597", "plan.json", None, pair.guest, "shared", found, allowed)
                continue
            taken |= wards
            self.shared.append(pair)

    def _place(self, course: Course) -> None:
        """Keep the plan of a ward, with the cash route that premises.csv agrees with best."""
        code = course.case.ward.code
        choices = [replace(course, cash=cash) for cash in routes.cash_routes(self.settings)]
        if len(choices) == 1:
            self.courses[code] = course
            return
        said = self._said_routes.get(code, {})

        def differences(choice: Course) -> int:
            free = choice.free_from
            taken = routes.routes(choice.case, free, choice.cash)
            return sum(
                year >= free[name] and route != taken[name]
                for (name, year), route in said.items()
                if name in taken
            )

        self.courses[code] = min(choices, key=differences)

    def _allowed(self, site_id: str, case: Case) -> str:
        site = self.inputs.sites.get(site_id)
        if site is not None and site.ward != case.ward.code:
            return f"a site of {case.ward.code}, not of {site.ward}"
        return "one of " + ", ".join(case.own)

    # -- rules ----------

    def check_ward_rules(self) -> None:
        """Rules 1 to 4 of docs/model.md, ward by ward."""
        for code, course in self.courses.items():
            case, arrangement, used = course.case, course.arrangement, course.used
            self._check_together(case, arrangement)
            in_full = any(code in (pair.owner, pair.guest) for pair in self.shared)
            if in_full or self.settings.word("rules.floor_area") == "enforce":
                for site, m2 in price.missing_floor(case, arrangement).items():
                    room = price.tight_room(case, site)
                    self._broken("E530", code, f"{site} m2", room + m2, f"at most {room}")
            enforced = in_full or self.settings.word("rules.hall") == "enforce"
            if enforced and price.missing_seats(case, arrangement.values()):
                hall = price.largest_hall(case, used)
                self._broken("E531", code, "seats", hall, f"at least {case.needs.seats_tight}")
            most = self.settings.whole("rules.max_sites")
            if len(used) > most:
                self._broken("E532", code, ", ".join(used), len(used), f"at most {most}")
            for site in sorted(case.required - set(used)):
                self._broken("E533", code, site, "", "in_use")
            enough = price.sites_enough_alone(case)
            if enough and (len(used) > 1 or course.own_used != used):
                self._broken("E534", code, ", ".join(used), len(used), f"1, such as {enough[0]}")
            for part, site in price.kept_today(case).items():
                if arrangement[part] != site:
                    self._broken("E536", code, part, arrangement[part], site)
            centre = course.centre
            if centre is not None and not centre.place.beside and centre.place.location in used:
                self._broken("E590", code, centre.place.location, "in_use", "")
        for pair in self.shared:
            for code in (pair.owner, pair.guest):
                shown = self.courses.get(code)
                if shown is not None and (shown.centre is not None or pair.site_id not in shown.used):
                    self._broken("E597", code, pair.site_id, ", ".join(shown.used), pair.site_id)

    def _check_together(self, case: Case, arrangement: price.Arrangement) -> None:
        for group in price.parts_together(case):
            sites = sorted({arrangement[part.name] for part in group})
            if len(sites) > 1:
                self._broken("E535", case.ward.code, group[0].body, ", ".join(sites), "one site")

    def _broken(self, code: str, ward: str, item: str, found: object, expected: object) -> None:
        self.note(code, "assignments.csv", None, ward, item, found, expected)

    # -- premises.csv ----------

    def check_premises(self) -> None:
        """Every site that is not excluded once a year, and every centre; with the right status and route."""
        file = "premises.csv"
        wanted: dict[tuple[str, int], tuple[str, ...]] = {}
        for code, case in self.cases.items():
            course = self.courses.get(code)
            for site in case.own.values():
                cells = (code, site.kind, str(site.floor), str(site.hall), "")
                for year in self.settings.years:
                    wanted[site.site_id, year] = cells
            if course is not None and course.centre is not None:
                floor, hall = centres.centre_floor(case), case.needs.seats_norm
                cells = (code, centres.KIND, str(floor), str(hall), course.centre.place.location)
                for year in range(course.centre.start, self.settings.years[-1] + 1):
                    wanted[centres.centre_id(case), year] = cells
        states = {code: _states(course) for code, course in self.courses.items()}
        unplaced = {centres.centre_id(case) for code, case in self.cases.items() if code not in states}
        columns = ("ward_code", "kind", "floor_area_m2", "hall_seats", "location")
        seen = set()
        for row in self.result.tables[file]:
            key = (row["site_id"], row.whole("year"))
            item = f"{row['year']} {row['site_id']}"
            if key[0] in unplaced:
                continue
            if key not in wanted:
                self.note("E542", file, row.number, row["ward_code"], item)
                continue
            if key in seen:
                self.note("E541", file, row.number, row["ward_code"], item, row["status"])
                continue
            seen.add(key)
            ward = wanted[key][0]
            for column, right in zip(columns, wanted[key], strict=True):
                if row[column] != right:
                    self.note("E545", file, row.number, ward, f"{item} {column}", row[column], right)
            if ward not in states:
                continue
            status, route = states[ward][key]
            if row["status"] != status:
                self.note("E543", file, row.number, ward, item, row["status"], status)
            if row["route"] != route:
                self.note("E544", file, row.number, ward, item, row["route"], route)
        for site_id, year in wanted:
            if (site_id, year) not in seen:
                ward = wanted[site_id, year][0]
                self.note("E540", file, None, ward, f"{year} {site_id}", "", "one row")

    # -- costs.csv ----------

    def check_costs(self) -> None:
        """Every row exact to the dong, none missing, none too many."""
        file = "costs.csv"
        seen = set()
        for row in self.result.tables[file]:
            code, year, item = row["ward_code"], row.whole("year"), row["item"]
            if (code in self.cases and code not in self.courses) or self._unsure(code, item):
                continue
            about = f"{year} {item}"
            if (year, item) not in self.rows.get(code, {}):
                self.note("E552", file, row.number, code, about, row["vnd"])
                continue
            if (code, year, item) in seen:
                self.note("E551", file, row.number, code, about, row["vnd"])
                continue
            seen.add((code, year, item))
            if row["heading"] != price.HEADINGS[item]:
                self.note("E554", file, row.number, code, about, row["heading"], price.HEADINGS[item])
            if row["vnd"] != str(self.rows[code][year, item]):
                self.note("E553", file, row.number, code, about, row["vnd"], self.rows[code][year, item])
        for code, rows in self.rows.items():
            for (year, item), vnd in rows.items():
                if (code, year, item) not in seen and not self._unsure(code, item):
                    self.note("E550", file, None, code, f"{year} {item}", "", vnd)

    def _unsure(self, code: str, item: str) -> bool:
        """Say whether a cost cannot be recomputed, because ways are not known."""
        return item == "citizen_travel" and code in self.unsure

    # -- measures.csv ----------

    def check_measures(self) -> None:
        """Every measure of every ward and of the whole city."""
        file = "measures.csv"
        first = self.settings.years[0]
        wards = {
            code: measures.measures(course, self.rows[code], check_yearly.roads_in(self, course, first))
            for code, course in self.courses.items()
        }
        wanted = {(code, name): value for code, ward in wards.items() for name, value in ward.values.items()}
        if self.complete:
            city = measures.city_measures(list(wards.values()), self.settings)
            wanted.update({("", name): value for name, value in city.items()})
        units = measures.UNITS
        if self.handed is not None:
            wanted.update(network_measures.measures(self.handed))
            units = units | network_measures.UNITS
        unpriced = {code for code in self.cases if code not in self.courses} | self.unsure
        unpriced |= set() if self.complete else {""}
        seen = set()
        for row in self.result.tables[file]:
            key = (row["ward_code"], row["measure"])
            if key[0] in unpriced:
                continue
            if key not in wanted:
                self.note("E562", file, row.number, *key, row["value"])
                continue
            if key in seen:
                self.note("E561", file, row.number, *key, row["value"])
                continue
            seen.add(key)
            if row["unit"] != units[key[1]]:
                self.note("E564", file, row.number, *key, row["unit"], units[key[1]])
            if row.number_of("value") != wanted[key]:
                self.note("E563", file, row.number, *key, row["value"], _written(wanted[key]))
        for key, value in wanted.items():
            if key not in seen and key[0] not in unpriced:
                self.note("E560", file, None, *key, "", _written(value))
        self.surveyed_share = wanted.get(("", "surveyed_share"))

    # -- plan.json ----------

    def check_plan_json(self) -> None:
        """Objective, bounds, gaps, surveyed share and status."""
        facts, file = self.result.facts, "plan.json"
        objective = int(facts["objective_vnd"])
        if self.complete and objective != self.objective():
            self.note("E570", file, None, "", "objective_vnd", objective, self.objective())
        if facts["status"] not in ("optimal", "feasible"):
            self.note("E574", file, None, "", "status", facts["status"], "optimal, feasible")
        for bound_key, gap_key in (("bound_vnd", "gap"), ("certified_bound_vnd", "certified_gap")):
            bound, gap = facts.get(bound_key), facts.get(gap_key)
            if bound is None:
                if gap is not None:
                    self.note("E572", file, None, "", gap_key, _written(gap))
                if bound_key == "bound_vnd" and facts["status"] == "optimal":
                    self.note("E574", file, None, "", "status", "optimal", f"a plan with {bound_key}")
                continue
            if bound > objective:
                self.note("E571", file, None, "", bound_key, bound, f"at most {objective}")
            right = Fraction(objective - int(bound), abs(objective)) if objective else Fraction(0)
            if gap is None or abs(Fraction(gap) - right) > _CLOSE:
                self.note(
                    "E572",
                    file,
                    None,
                    "",
                    gap_key,
                    "" if gap is None else _written(gap),
                    f"{float(right):.6f}",
                )
            if bound_key == "bound_vnd" and facts["status"] == "optimal" and right > _CLOSE:
                self.note("E574", file, None, "", "status", "optimal", "feasible")
        share = Fraction(facts["surveyed_share"])
        if self.surveyed_share is not None and abs(share - self.surveyed_share) > Fraction(1, 20000):
            self.note(
                "E573", file, None, "", "surveyed_share", _written(share), _written(self.surveyed_share)
            )

    # -- own search ----------

    def check_against_own_search(self, *, every_ward: bool) -> None:
        """No arrangement lacks less floor or fewer seats; if asked, none is cheaper than an optimal plan."""
        broken = {finding.ward for finding in self.findings if "E530" <= finding.code <= "E536"}
        by_count = self.settings.limit("rules.premises_max") is not None
        options: dict[str, dict[int, search.Found]] = {}
        for code, course in self.courses.items():
            case, arrangement = course.case, course.arrangement
            m2, seats = search.missing(case, arrangement)
            lacks = bool(m2 or seats) and code not in broken
            if (every_ward and self.plain) or lacks:
                options[code] = search.cheapest(
                    case, None if code in broken else arrangement, by_count=by_count
                )
            if lacks:
                best = min(
                    [(f.missing_m2, f.missing_seats) for f in options[code].values()], default=(m2, seats)
                )
                best = min(
                    [best, *(self.least_missing(code, extra) for extra in self.extras if extra != case.extra)]
                )
                if best < (m2, seats):
                    self._broken("E539", code, "m2, seats", f"{m2}, {seats}", f"{best[0]}, {best[1]}")
                else:
                    self.exceptions.append(Exempt(self.name, code, case.ward.name, m2, seats))
        if every_ward and self.complete:
            if self.plain:
                self._check_least(options)
            check_city.check_certificate(self, broken, options)

    def least_missing(self, code: str, extra: int) -> tuple[int, int]:
        """Return the least m² and seats that a ward lacks with so many further departments."""
        if (code, extra) not in self._least_missing:
            found = search.cheapest(self.by_extra[code][extra])
            self._least_missing[code, extra] = min(
                [(f.missing_m2, f.missing_seats) for f in found.values()], default=search.NEVER
            )
        return self._least_missing[code, extra]

    def _check_least(self, options: dict[str, dict[int, search.Found]]) -> None:
        least = search.least_for_city(options.values(), self.settings.limit("rules.premises_max"))
        if least is None or self.settings.limit("rules.capital_max_vnd") is not None:
            # With a limit on capital the cheapest arrangements of the wards need not add up to a plan.
            return
        self.least_vnd = half_up(Fraction(least, MILLION))
        if self.result.facts["status"] == "optimal" and self.least_vnd < self.objective():
            self._note_cheaper(options)
        self.check_bounds_against(self.least_vnd)

    def check_bounds_against(self, least: int) -> None:
        """No bound lies above the cost of a plan that exists."""
        for key in ("bound_vnd", "certified_bound_vnd"):
            bound = self.result.facts.get(key)
            if bound is not None and bound > least:
                self.note("E576", "plan.json", None, "", key, bound, f"at most {least}")

    def _note_cheaper(self, options: dict[str, dict[int, search.Found]]) -> None:
        """Name the wards that could be cheaper; under a limit of the whole city, only the sum tells."""
        self.note("E575", "plan.json", None, "", "objective_vnd", self.objective(), self.least_vnd)
        if self.settings.limit("rules.premises_max") is not None:
            return
        for code, found in options.items():
            mine, cost = (
                min(found.values(), key=lambda f: f.cost),
                price.discounted(self.rows[code], self.factor),
            )
            if mine.cost < cost:
                where = "; ".join(f"{part} {site}" for part, site in mine.arrangement.items())
                costs = (half_up(Fraction(c, MILLION)) for c in (cost, mine.cost))
                self.note(
                    "E575",
                    "assignments.csv",
                    None,
                    code,
                    "net present cost",
                    next(costs),
                    f"{next(costs)}: {where}",
                )


def _opens(case: Case, rows: Iterable[Line]) -> int | None:
    """Return the first year in which a part sits in the centre of a ward."""
    name = centres.centre_id(case)
    return min((row.whole("year") for row in rows if row["site_id"] == name), default=None)


def _states(course: Course) -> dict[tuple[str, int], tuple[str, str]]:
    """Return status and route of every site of a ward and of its centre, by site and year."""
    case, free = course.case, course.free_from
    taken = routes.routes(case, free, course.cash)
    found: dict[tuple[str, int], tuple[str, str]] = {}
    for year in case.settings.years:
        used = course.used_in(year)
        for name in case.own:
            if name in used and not course.in_centre(year):
                found[name, year] = ("in_use", "")
            else:
                found[name, year] = ("released", taken.get(name, routes.CENTRE))
        if course.building(year) or course.in_centre(year):
            status = "in_use" if course.in_centre(year) else "under_construction"
            found[centres.centre_id(case), year] = (status, "")
    return found


def _written(value: Fraction | int) -> str:
    """Return a number as a file would hold it."""
    exact = Fraction(value)
    return str(exact.numerator) if exact.denominator == 1 else f"{float(exact):.10g}"
