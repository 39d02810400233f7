"""Compares a result folder with what the input and the rules say: one method per file or kind of rule."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from planner.audit import (
    centres,
    check_city,
    check_inputs,
    check_network,
    check_search,
    check_wards,
    check_yearly,
    measures,
    network_measures,
    price,
    routes,
)
from planner.audit.audited import Audited
from planner.audit.course import Course

_CLOSE = Fraction(1, 10**6)
"""Saved gaps are rounded; nearer than this they agree."""


class Check(Audited):
    """One result folder under audit, every check of it in order."""

    def run(self, *, with_search: bool) -> None:
        """Make every check; causes come before consequences."""
        check_inputs.check_inputs(self)
        if self.network is not None:
            self.handed = check_network.take(self, self.network)
        check_wards.check_assignments(self)
        check_wards.check_rules(self)
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
        check_search.check_against_own_search(self, every_ward=with_search)

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
