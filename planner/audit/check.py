"""Compares a result folder with what the input and the rules say: one method per file or kind of rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from planner.audit import price, search
from planner.audit.findings import Exempt, Finding
from planner.audit.needs import half_up
from planner.audit.price import Case
from planner.audit.read import SETTINGS, Inputs, Line, Result, find_input, input_files, sha256_of

MILLION = price.MILLION
_YAML_LINE = re.compile(r"^ *([a-z0-9_]+) *: *([^#\n]*)", re.MULTILINE)
_NUMBER = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?) *(%?)")
_CLOSE = Fraction(1, 10**6)
"""Saved gaps are rounded; nearer than this they agree."""


class Check:
    """One result folder under audit.

    Attributes
    ----------
    name : str
        ``plan`` or ``today``: the plan itself, or the arrangement in force inside its folder.
    placed : dict of str to dict
        By ward, the arrangement of the first year, where every part has a site that may be used.
    rows : dict of str to dict
        By placed ward, the dong of every year and cost item as they should be.
    """

    def __init__(self, result: Result, inputs: Inputs, bases: Sequence[Path], name: str) -> None:
        self.result, self.inputs, self.bases, self.name = result, inputs, bases, name
        self.settings = result.settings
        self.cases = price.build_cases(inputs, self.settings)
        self.factor = price.factors(self.settings)
        self.findings: list[Finding] = []
        self.exceptions: list[Exempt] = []
        self.placed: dict[str, dict[str, str]] = {}
        self.rows: dict[str, dict[tuple[int, str], int]] = {}
        self.least_vnd: int | None = None

    def run(self, *, with_search: bool) -> None:
        """Make every check; causes come before consequences."""
        self.check_inputs()
        self.check_assignments()
        self.check_ward_rules()
        self.check_city_rules()
        self.check_premises()
        self.check_costs()
        self.check_measures()
        self.check_plan_json()
        self.check_against_own_search(every_ward=with_search)

    def facts(self) -> dict[str, Any]:
        """Return what was recomputed, for the head of the report."""
        return {
            "scenario": str(self.result.facts["scenario"]),
            "status": str(self.result.facts["status"]),
            "wards": len(self.placed),
            "rows": sum(len(rows) for rows in self.result.tables.values()),
            "inputs": len(self.result.facts["inputs"]),
            "premises": sum(len(set(arrangement.values())) for arrangement in self.placed.values()),
            "objective_vnd": self.objective() if self.complete else None,
            "least_vnd": self.least_vnd,
            "other_settings": self.other_settings(),
        }

    @property
    def complete(self) -> bool:
        """Whether every ward has an arrangement that can be priced."""
        return len(self.placed) == len(self.cases)

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

    # -- input files ----------

    def check_inputs(self) -> None:
        """Every listed file is unchanged, and every file the audit reads is listed."""
        listed = set()
        for entry in self.result.facts["inputs"]:
            path = find_input(entry["path"], self.bases)
            listed.add(path.resolve())
            actual = sha256_of(path) if path.is_file() else ""
            if actual != entry["sha256"]:
                self.note("E510", entry["path"], None, "", "sha256", actual, entry["sha256"])
        for path in input_files(self.settings, self.bases):
            if path.resolve() not in listed:
                self.note("E511", "plan.json", None, "", str(path), "", "path, sha256")

    def other_settings(self) -> list[str]:
        """Return the settings whose value is neither the norms' default nor that of a listed scenario file.

        Scenario files are read line by line, as far as ``key: value`` goes; other notations pass.
        """
        written: dict[str, list[str]] = {key: [text] for key, text in self.inputs.defaults.items()}
        for entry in self.result.facts["inputs"]:
            path = find_input(entry["path"], self.bases)
            if path.suffix in (".yaml", ".yml") and path.is_file():
                for name, text in _YAML_LINE.findall(path.read_text("utf-8", errors="replace")):
                    for key in SETTINGS:
                        if key.rpartition(".")[2] == name:
                            written.setdefault(key, []).append(text)
        # The arrangement in force is costed under rules of its own.
        own = ("rules.", "arrangement") if self.name == "today" else ()
        return [
            key
            for key, value in self.settings.values.items()
            if not key.startswith((*own, "geo", "norms"))
            and not any(_may_mean(text, value) for text in written.get(key, []))
        ]

    # -- assignments.csv ----------

    def check_assignments(self) -> None:
        """Every ward, year and part once, on a site the ward may use, with the right needs and basis."""
        file = "assignments.csv"
        years = self.settings.years
        wanted = {
            (code, year, part.body, part.name): (case, part)
            for code, case in self.cases.items()
            for year in years
            for part in case.needs.parts
        }
        seen: dict[tuple[str, int, str, str], Line] = {}
        sites: dict[tuple[str, int, str], str] = {}
        for row in self.result.tables[file]:
            key = (row["ward_code"], row.whole("year"), row["body"], row["part"])
            item = f"{row['year']} {row['body']} {row['part']}"
            if key not in wanted:
                self.note("E522", file, row.number, key[0], item)
                continue
            if key in seen:
                self.note("E521", file, row.number, key[0], item, row["site_id"])
                continue
            seen[key] = row
            case, part = wanted[key]
            known = price.kept_today(case).get(part.name)
            for column, right in (
                ("ward_name", case.ward.name), ("tight_fit_m2", part.tight), ("norm_m2", part.norm),
            ):  # fmt: skip
                if row[column] != str(right):
                    self.note("E524", file, row.number, key[0], f"{item} {column}", row[column], right)
            basis = "known" if known is not None else "modelled"
            if row["basis"] != basis:
                self.note("E525", file, row.number, key[0], item, row["basis"], basis)
            if row["site_id"] not in case.sites:
                self.note(
                    "E523",
                    file,
                    row.number,
                    key[0],
                    item,
                    row["site_id"],
                    self._allowed(row["site_id"], case),
                )
                continue
            sites[key[0], key[1], part.name] = row["site_id"]
            first = sites.get((key[0], years[0], part.name))
            if first not in (None, row["site_id"]):
                self.note("E526", file, row.number, key[0], item, row["site_id"], first)
        for key in wanted:
            if key not in seen:
                self.note("E520", file, None, key[0], f"{key[1]} {key[2]} {key[3]}", "", "one row")
        for code, case in self.cases.items():
            arrangement = {p.name: sites.get((code, years[0], p.name), "") for p in case.needs.parts}
            if arrangement and all(arrangement.values()):
                self.placed[code] = arrangement
                self.rows[code] = price.cost_rows(case, arrangement)

    def _allowed(self, site_id: str, case: Case) -> str:
        site = self.inputs.sites.get(site_id)
        if site is not None and site.ward != case.ward.code:
            return f"a site of {case.ward.code}, not of {site.ward}"
        return "one of " + ", ".join(case.sites)

    # -- rules ----------

    def check_ward_rules(self) -> None:
        """Rules 1 to 4 of docs/model.md, ward by ward."""
        for code, arrangement in self.placed.items():
            case, used = self.cases[code], sorted(set(arrangement.values()))
            self._check_together(case, arrangement)
            if self.settings.word("rules.floor_area") == "enforce":
                for site, m2 in price.missing_floor(case, arrangement).items():
                    floor = case.sites[site].floor
                    self._broken("E530", code, f"{site} m2", floor + m2, f"at most {floor}")
            if self.settings.word("rules.hall") == "enforce" and price.missing_seats(case, arrangement):
                hall = price.largest_hall(case, used)
                self._broken("E531", code, "seats", hall, f"at least {case.needs.seats_tight}")
            most = self.settings.whole("rules.max_sites")
            if len(used) > most:
                self._broken("E532", code, ", ".join(used), len(used), f"at most {most}")
            for site in sorted(case.required - set(used)):
                self._broken("E533", code, site, "", "in_use")
            enough = price.sites_enough_alone(case)
            if enough and len(used) > 1:
                self._broken("E534", code, ", ".join(used), len(used), f"1, such as {enough[0]}")
            for part, site in price.kept_today(case).items():
                if arrangement[part] != site:
                    self._broken("E536", code, part, arrangement[part], site)

    def _check_together(self, case: Case, arrangement: price.Arrangement) -> None:
        for group in price.parts_together(case):
            sites = sorted({arrangement[part.name] for part in group})
            if len(sites) > 1:
                self._broken("E535", case.ward.code, group[0].body, ", ".join(sites), "one site")

    def _broken(self, code: str, ward: str, item: str, found: object, expected: object) -> None:
        self.note(code, "assignments.csv", None, ward, item, found, expected)

    def check_city_rules(self) -> None:
        """Limits on the whole city."""
        premises = sum(len(set(arrangement.values())) for arrangement in self.placed.values())
        most = self.settings.limit("rules.premises_max")
        if most is not None and premises > most:
            self._broken("E537", "", "premises", premises, f"at most {most}")
        capital = sum(
            vnd
            for rows in self.rows.values()
            for (_, item), vnd in rows.items()
            if price.HEADINGS[item] == "capital"
        )
        most = self.settings.limit("rules.capital_max_vnd")
        if most is not None and capital > most:
            self._broken("E538", "", "capital", capital, f"at most {most}")

    # -- premises.csv ----------

    def check_premises(self) -> None:
        """Every site that is not excluded once a year, in use where a part sits on it, released otherwise."""
        file = "premises.csv"
        wanted = {
            (site.site_id, year): site
            for case in self.cases.values()
            for site in case.sites.values()
            for year in self.settings.years
        }
        seen = set()
        for row in self.result.tables[file]:
            key = (row["site_id"], row.whole("year"))
            item = f"{row['year']} {row['site_id']}"
            if key not in wanted:
                self.note("E542", file, row.number, row["ward_code"], item)
                continue
            if key in seen:
                self.note("E541", file, row.number, row["ward_code"], item, row["status"])
                continue
            seen.add(key)
            site = wanted[key]
            for column, right in (
                ("ward_code", site.ward), ("kind", site.kind),
                ("floor_area_m2", site.floor), ("hall_seats", site.hall),
            ):  # fmt: skip
                if row[column] != str(right):
                    self.note("E545", file, row.number, site.ward, f"{item} {column}", row[column], right)
            if site.ward not in self.placed:
                continue
            in_use = site.site_id in self.placed[site.ward].values()
            status = "in_use" if in_use else "released"
            if row["status"] != status:
                self.note("E543", file, row.number, site.ward, item, row["status"], status)
            route = "" if in_use else self.settings.word("release.route")
            if row["route"] != route:
                self.note("E544", file, row.number, site.ward, item, row["route"], route)
        for site_id, year in wanted:
            if (site_id, year) not in seen:
                self.note("E540", file, None, wanted[site_id, year].ward, f"{year} {site_id}", "", "one row")

    # -- costs.csv ----------

    def check_costs(self) -> None:
        """Every row exact to the dong, none missing, none too many."""
        file = "costs.csv"
        seen = set()
        for row in self.result.tables[file]:
            code, year, item = row["ward_code"], row.whole("year"), row["item"]
            if code in self.cases and code not in self.placed:
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
                if (code, year, item) not in seen:
                    self.note("E550", file, None, code, f"{year} {item}", "", vnd)

    # -- measures.csv ----------

    def check_measures(self) -> None:
        """Every measure of every ward and of the whole city."""
        file = "measures.csv"
        wards = {
            code: price.measures(self.cases[code], arrangement, self.rows[code])
            for code, arrangement in self.placed.items()
        }
        wanted = {(code, name): value for code, ward in wards.items() for name, value in ward.values.items()}
        if self.complete:
            city = price.city_measures(list(wards.values()), self.settings)
            wanted.update({("", name): value for name, value in city.items()})
        unpriced = {code for code in self.cases if code not in self.placed} | (
            set() if self.complete else {""}
        )
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
            if row["unit"] != price.UNITS[key[1]]:
                self.note("E564", file, row.number, *key, row["unit"], price.UNITS[key[1]])
            if row.number_of("value") != wanted[key]:
                self.note("E563", file, row.number, *key, row["value"], _written(wanted[key]))
        for key, value in wanted.items():
            if key not in seen:
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
        for code, arrangement in self.placed.items():
            case = self.cases[code]
            m2, seats = search.missing(case, arrangement)
            if every_ward or ((m2 or seats) and code not in broken):
                options[code] = search.cheapest(
                    case, None if code in broken else arrangement, by_count=by_count
                )
            if (m2 or seats) and code not in broken:
                best = min((found.missing_m2, found.missing_seats) for found in options[code].values())
                if best < (m2, seats):
                    self._broken("E539", code, "m2, seats", f"{m2}, {seats}", f"{best[0]}, {best[1]}")
                else:
                    self.exceptions.append(Exempt(self.name, code, case.ward.name, m2, seats))
        if every_ward and self.complete:
            self._check_least(options)

    def _check_least(self, options: dict[str, dict[int, search.Found]]) -> None:
        least = search.least_for_city(options.values(), self.settings.limit("rules.premises_max"))
        if least is None or self.settings.limit("rules.capital_max_vnd") is not None:
            # With a limit on capital the cheapest arrangements of the wards need not add up to a plan.
            return
        self.least_vnd = half_up(Fraction(least, MILLION))
        if self.result.facts["status"] == "optimal" and self.least_vnd < self.objective():
            self._note_cheaper(options)
        for key in ("bound_vnd", "certified_bound_vnd"):
            bound = self.result.facts.get(key)
            if bound is not None and bound > self.least_vnd:
                self.note("E576", "plan.json", None, "", key, bound, f"at most {self.least_vnd}")

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


def compare_settings(plan: Result, today: Result) -> Iterable[tuple[str, object, object]]:
    """Yield the settings in which the arrangement in force is not costed as the plan is."""
    same = ("horizon.", "staffing.", "space.", "reception.", "hall.", "prices.", "start", "geo", "norms")
    for key, value in plan.settings.values.items():
        if key.startswith(same) and today.settings.values[key] != value:
            yield key, today.settings.values[key], value
    if today.settings.word("arrangement") != "today":
        yield "arrangement", today.settings.word("arrangement"), "today"


def _may_mean(text: str, value: Any) -> bool:
    """Say whether a text is a notation of a value; of notations that are not known here it is believed."""
    plain = text.strip().strip("\"'").replace("_", "")
    if isinstance(value, bool) or value is None:
        return plain in {True: ("true",), False: ("false",), None: ("null", "~", "")}[value]
    if isinstance(value, str):
        return plain == value.replace("_", "")
    number = _NUMBER.fullmatch(plain)
    if number is None or isinstance(value, list):
        return True
    return bool(Fraction(number[1]) / (100 if number[2] else 1) == value)


def _written(value: Fraction | int) -> str:
    """Return a number as a file would hold it."""
    exact = Fraction(value)
    return str(exact.numerator) if exact.denominator == 1 else f"{float(exact):.10g}"
