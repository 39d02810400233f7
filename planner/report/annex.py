"""The annex of a submission as a Word document: the plan in seven parts, laid out by Decree 30/2020/NĐ-CP."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.catchments import has_network, rounded
from planner.report.assumptions import used_settings
from planner.report.cells import clean, number_of, whole
from planner.report.clauses import Clauses
from planner.report.figures import ALL, Figures, Ward, Which, known_share, records, years_text
from planner.report.paper import Column, Line, Paper
from planner.report.served import Names, handed_over, stage_lines, worst_served
from planner.report.timeline import Centre, Stay, Timeline
from planner.wording import collation_key, number, share

if TYPE_CHECKING:
    from planner.plan import Plan

MEASURES = {
    "premises": "premises",
    "premises_end": "premises",
    "premises_released": "premises",
    "premises_released_end": "premises",
    "floor_in_use": "m2",
    "surplus_floor": "m2",
    "surplus_floor_end": "m2",
    "missing_to_norm": "m2",
    "moves": "people",
    "citizen_travel_mean": "m",
}
"""Measures of the summary, and what they are measured in."""
BILLION, MILLION = 10**9, 10**6
MAIN = ("horizon", "space", "prices")
"""Sections of the settings that every plan rests on."""
AT_LEAST = ("centres", "surplus", "points", "within")
"""City-wide rules that ask for at least so much begin with these."""
MANY_YEARS = 8
"""With more columns of years the table is set smaller."""


def write_annex(plan: Plan, path: Path, lang: str = "vi") -> None:
    """Write the annex of a submission.

    Parameters
    ----------
    plan : Plan
        A plan; with ``today`` the annex also compares. Parts that a plan has nothing for are left out.
    path : Path
        Where the document goes; an existing file is replaced.
    lang : str
        ``vi`` (default) or ``en``.
    """
    Path(path).write_bytes(Annex(plan, Clauses("en" if lang == "en" else "vi")).content())


class Annex:
    """A plan as an annex, written from the top down, to a paper of its own or behind what a paper holds already."""

    def __init__(self, plan: Plan, words: Clauses, paper: Paper | None = None) -> None:
        self.plan = plan
        self.words = words
        self.lang = words.lang
        self.figures = Figures(plan, words)
        self.timeline = Timeline(self.figures)
        self.first, self.last = self.figures.years[0], self.figures.years[-1]
        self.rate = share(self.figures.rate, self.lang, 1)
        self.title = words.say("annex.title", units=len(self.figures.wards))
        heading = self.title.replace("\n", " ")
        self.paper = paper or Paper(self.lang, f"{heading}: {self.figures.title}", self.figures.name)
        self._parts = 0

    def content(self) -> bytes:
        """Return the file."""
        self.write()
        return self.paper.finish()

    def write(self) -> None:
        """Write every part."""
        words, paper = self.words, self.paper
        paper.write("AnnexNumber", words("annex.number"))
        paper.write("Title", f"{self.title}\n{self.figures.title.upper()}", 300)
        paper.write("Subtitle", words("annex.attached"))
        self._summary()
        if len(self.plan.years):
            self._years()
        if self.timeline.centres:
            self._centres()
        self._arrangement()
        if has_network(self.plan):
            self._reception()
        self._released()
        self._costs()
        self._assumptions()

    # --- shared by the parts -------------------------------------------------------------------------------------

    def _part(self, key: str, *, landscape: bool = False) -> str:
        """Begin a part; return its name, which is the caption of its table too."""
        self.paper.turn(landscape=landscape)
        self._parts += 1
        name = self.words(f"part.{key}")
        self.paper.write("Heading1", f"{_roman(self._parts)}. {name}")
        return name

    def _head(self, unit: float = 30) -> list[Column]:
        """Return the columns that every table of units begins with: number and name."""
        return [Column(self.words("no"), 11, "center"), Column(self.words("col.unit"), unit)]

    def _by_district(self, lines_of: Any) -> Iterator[Line]:
        """Yield the lines of every unit below the name of its former district; units without lines are left out."""
        count = 0
        for district, wards in self.timeline.districts:
            named = False
            for ward in wards:
                lines = list(lines_of(ward))
                if not lines:
                    continue
                if district and not named:
                    yield Line([self.words.say("annex.former", name=district)], "group")
                    named = True
                count += 1
                for n, cells in enumerate(lines):
                    head = [str(count), self._unit(ward)] if n == 0 else [None, None]
                    yield Line([*head, *cells])

    def _unit(self, ward: Ward) -> str:
        """Return the name of a unit with its type."""
        if not ward.type:
            return ward.name
        kind = self.words.of("type", ward.type)
        kind = kind if self.lang == "vi" else kind.lower()
        return self.words.say("annex.long_unit", type=kind, name=ward.name)

    def _site(self, site: str, ward: str) -> str:
        """Return name and address of premises; whose they are where they stand in another unit."""
        centre = self.timeline.centres.get(ward)
        if centre and centre.site == site:
            return self.words.say("annex.centre_at", place=self._place(centre))
        row = self.figures.sites.get(site, {})
        text = self._address(site)
        owner = str(row.get("ward_code", ward))
        if owner != ward and owner in self.figures.names:
            return self.words.say("annex.site_of", site=text, unit=self.figures.names[owner])
        return text

    def _place(self, centre: Centre) -> str:
        """Return the site or the parcel that a centre stands on."""
        parcels = self.plan.region.parcels
        if centre.location in parcels.index and "name" in parcels.columns:
            return clean(parcels.loc[centre.location, "name"]) or clean(centre.location)
        return self._address(centre.location)

    def _address(self, site: str) -> str:
        """Return name and address of premises, the address once."""
        name, address = self.figures.site_name(site), clean(self.figures.sites.get(site, {}).get("address"))
        return name if address.casefold() in name.casefold() else f"{name}, {address}"

    def _int(self, value: float | None) -> str:
        return "–" if value is None else number(value, self.lang)

    def _million(self, vnd: float) -> str:
        return number(vnd / MILLION, self.lang) if vnd else "–"

    def _billion(self, vnd: float) -> str:
        return number(vnd / BILLION, self.lang, 1)

    # --- I. summary ----------------------------------------------------------------------------------------------

    def _summary(self) -> None:
        caption = self._part("summary")
        for text in self._sentences():
            self.paper.write("BodyText", text)
        words, compared = self.words, self.figures.compared
        columns = [
            Column(words("measure"), 70),
            Column(words("col.measured"), 24, "center"),
            *(Column(words(which), 24, "right") for which in self.figures.plans),
        ]
        if compared:
            columns.append(Column(words("difference"), 24, "right"))
        self.paper.table(caption, columns, self._summary_lines(), together=True)

    def _sentences(self) -> Iterator[str]:
        words, figures, facts = self.words, self.figures, self.plan.facts
        types = Counter(ward.type for ward in figures.wards)
        yield words.say(
            "say.scenario",
            title=figures.title,
            name=figures.name,
            units=len(figures.wards),
            phuong=types["phường"],
            xa=types["xã"],
            count=len(figures.years),
            years=years_text(figures.years),
        )
        yield self._premises_sentence()
        yield self._cost_sentence()
        if self.timeline.centres:
            kinds = Counter(self._type_of(ward) for ward in self.timeline.centres)
            opened = Counter(c.opens for c in self.timeline.centres.values() if c.opens is not None)
            yield words.say(
                "say.centres",
                count=len(self.timeline.centres),
                phuong=kinds["phường"],
                xa=kinds["xã"],
                opened="; ".join(words.say("say.opened", year=y, count=opened[y]) for y in sorted(opened))
                or "–",
            )
        gap, certified = facts.get("gap"), facts.get("certified_gap")
        if isinstance(gap, (int, float)):
            proof = words.say(
                "say.proof",
                status=words.of("solved", facts.get("status", "")),
                gap=share(gap, self.lang, 2),
            )
            if isinstance(certified, (int, float)):
                proof += words.say("say.certified", gap=share(certified, self.lang, 3))
            yield proof + "."
        yield words.say("say.surveyed", surveyed=self._surveyed())
        if figures.known_bodies:
            yield words.say("say.known", known=share(known_share(figures.known_bodies), self.lang, 1))

    def _premises_sentence(self) -> str:
        words, figures = self.words, self.figures
        counts = {which: whole(figures.measure(which, "premises")) for which in figures.plans}
        end = whole(figures.measure("plan", "premises_end"))
        text = words.say("say.premises", plan=self._int(counts["plan"]), first=self.first)
        if end is not None and end != counts["plan"]:
            text += words.say("say.premises_end", plan=self._int(end), last=self.last)
        return text + (
            words.say("say.premises_today", today=self._int(counts["today"])) if figures.compared else "."
        )

    def _cost_sentence(self) -> str:
        words, figures = self.words, self.figures
        plan = figures.objective("plan")
        text = words.say("say.cost", plan=self._billion(plan), rate=self.rate)
        if figures.compared:
            today = figures.objective("today")
            text += words.say(
                "say.less" if plan <= today else "say.more",
                saving=self._billion(abs(plan - today)),
                share=f" ({share(abs(plan - today) / today, self.lang, 1)})" if today > 0 else "",
                today=self._billion(today),
            )
        return text + words("say.social")

    def _surveyed(self) -> str:
        value = self.plan.facts.get("surveyed_share", self.figures.measure("plan", "surveyed_share"))
        return share(value or 0.0, self.lang, 1)

    def _type_of(self, code: str) -> str:
        return next((ward.type for ward in self.figures.wards if ward.code == code), "")

    def _summary_lines(self) -> Iterator[Line]:
        words, figures = self.words, self.figures
        for measure, unit in MEASURES.items():
            values = [whole(figures.measure(which, measure)) for which in figures.plans]
            start = [whole(figures.measure(which, measure.removesuffix("_end"))) for which in figures.plans]
            if all(value is None for value in values) or (measure.endswith("_end") and values == start):
                continue
            label = words.say(f"row.{measure}", first=self.first, last=self.last)
            yield Line([label, words(f"in.{unit}"), *self._compared(values, 0)])
        sums: dict[str, list[float]] = {
            heading: [figures.item_cost(which, figures.items.get(heading, [])) for which in figures.plans]
            for heading in ("capital", "recurrent", "income", "social")
        }
        sums["budget"] = [sum(amounts) for amounts in zip(*(sums[h] for h in _PAID), strict=True)]
        sums["income"] = [-value for value in sums["income"]]
        sums["present"] = [figures.objective(which) for which in figures.plans]
        for row in ("capital", "recurrent", "income", "budget", "social", "present"):
            label = words.say(f"row.{row}", rate=self.rate)
            values = [value / BILLION for value in sums[row]]
            cells = [label, words("in.billion_short"), *self._compared(values, 1)]
            yield Line(cells, "total" if row in ("budget", "present") else "")

    def _compared(self, values: Sequence[float | None], decimals: int) -> list[str]:
        """Return the values of the plans, and their difference where there are two."""
        cells = ["–" if value is None else number(value, self.lang, decimals) for value in values]
        if len(values) == 2:
            before, after = (value or 0 for value in values)
            difference = number(after - before, self.lang, decimals)
            changed = any(digit in difference for digit in "123456789")
            cells.append(("+" if after > before else "") + difference if changed else "–")
        return cells

    # --- II. by year ---------------------------------------------------------------------------------------------

    def _years(self) -> None:
        caption = self._part("years")
        rows = list(records(self.plan.years, "year").values())
        money = {"budget": "budget_vnd", "carried": "carried_in_vnd", "recycled": "recycled_vnd"}
        money = {key: name for key, name in money.items() if any(number_of(row.get(name)) for row in rows)}
        money |= {"capital": "capital_vnd", "recurrent": "recurrent_vnd", "income": "income_vnd"}
        counts = {"premises": "premises", "released": "released"}
        if self.timeline.centres:
            counts |= {"building": "building", "opened": "opened"}
        columns = [
            Column(self.words("year"), 15, "center"),
            *(Column(self.words(f"col.{key}"), 22, "right") for key in money),
            *(Column(self.words(f"col.{key}"), 17, "right") for key in counts),
        ]

        def amount(row: Mapping[str, Any], name: str) -> float:
            value = number_of(row.get(name)) or 0
            return -value if name == "income_vnd" else value

        lines = [
            Line(
                [
                    str(row["year"]),
                    *(self._million(amount(row, name)) for name in money.values()),
                    *(self._int(amount(row, name)) for name in counts.values()),
                ]
            )
            for row in rows
        ]
        total = {name: sum(amount(row, name) for row in rows) for name in (*money.values(), "opened")}
        sums = ["" if key == "carried" else self._million(total[name]) for key, name in money.items()]
        ends = [self._int(total["opened"]) if key == "opened" else "" for key in counts]
        lines.append(Line([self.words("annex.total"), *sums, *ends], "total"))
        self.paper.write("UnitLine", self.words("in.million"))
        self.paper.table(caption, columns, lines, together=True)

    # --- III. centres --------------------------------------------------------------------------------------------

    def _centres(self) -> None:
        caption = self._part("centres", landscape=True)
        words, centres = self.words, self.timeline.centres
        years = sorted({year for centre in centres.values() for year, vnd in centre.capital.items() if vnd})
        total = Counter[int]()
        for centre in centres.values():
            total.update(centre.capital)
        floor = sum(centre.floor for centre in centres.values())
        text = words.say("say.built", floor=self._int(floor), capital=self._billion(sum(total.values())))
        self.paper.write("Lead", text)
        columns = [
            *self._head(34),
            Column(words("col.place"), 62),
            Column(words("col.centre_floor"), 16, "right"),
            Column(words("col.start"), 14, "center"),
            Column(words("col.opens"), 14, "center"),
            *(Column(words.say("col.capital_of", year=year), 15, "right") for year in years),
            Column(words("col.sum"), 19, "right"),
        ]

        def lines_of(ward: Ward) -> Iterator[list[str]]:
            centre = centres.get(ward.code)
            if centre:
                yield [
                    self._place(centre),
                    self._int(centre.floor),
                    str(centre.start),
                    "–" if centre.opens is None else str(centre.opens),
                    *(self._million(centre.capital.get(year, 0)) for year in years),
                    self._million(sum(centre.capital.values())),
                ]

        sums = [*(self._million(total[year]) for year in years), self._million(sum(total.values()))]
        lines = [*self._by_district(lines_of), self._total(["", self._int(floor), "", "", *sums])]
        self.paper.write("UnitLine", words("in.million"))
        self.paper.table(caption, columns, lines, small=len(years) > MANY_YEARS)

    def _total(self, cells: Sequence[str]) -> Line:
        return Line(["", self.words("annex.total"), *cells], "total")

    # --- IV. arrangement -----------------------------------------------------------------------------------------

    def _arrangement(self) -> None:
        caption = self._part("arrangement")
        words, stays = self.words, self.timeline.stays
        whole_time = {(stay.first, stay.last) for found in stays.values() for stay in found}
        changes = len(whole_time) > 1
        if changes:
            self.paper.write(
                "Lead", words("say.interim" if self.timeline.centres else "say.reception_leaves")
            )
        elif len(self.figures.years) > 1:
            self.paper.write("Lead", words.say("say.unchanged", years=years_text(self.figures.years)))
        columns = [*self._head(32), Column(words("col.site"), 62), Column(words("col.bodies"), 42)]
        if changes:
            columns.append(Column(words("col.when"), 22, "center"))

        def lines_of(ward: Ward) -> Iterator[list[str]]:
            for stay in stays.get(ward.code, ()):
                bodies = "; ".join(stay.bodies) or words("annex.everybody")
                when = [self._when(stay, ward)] if changes else []
                yield [self._site(stay.site, ward.code), bodies, *when]

        self.paper.table(caption, columns, self._by_district(lines_of))

    def _when(self, stay: Stay, ward: Ward) -> str:
        centre = self.timeline.centres.get(ward.code)
        years = years_text((stay.first, stay.last))
        if centre is None:
            return years
        if stay.site == centre.site:
            return self.words.say("annex.from_year", year=stay.first)
        return self.words.say("annex.interim", years=years)

    # --- reception: only where it is handed over ---------------------------------------------------------------

    def _reception(self) -> None:
        caption = self._part("reception")
        words, names, lines = self.words, Names(self.figures), stage_lines(self.figures)
        last, worst = lines[-1].stage, worst_served(self.figures)[0]
        text = words.say(
            "say.reception",
            points=self._int(last.points),
            wards=self._int(last.of_wards),
            city=self._int(last.of_city),
            year=last.year,
            share=share(rounded(last.within_15), self.lang, 1),
            worst=words("commune_in").format(
                commune=names.commune(worst.commune), unit=names.unit(worst.ward)
            ),
            minutes=number(worst.minutes, self.lang, 1),
        )
        self.paper.write("BodyText", text)
        columns = [
            Column(words("stage"), 34),
            *(
                Column(words(f"col.{key}"), 20, "right")
                for key in ("points_w", "points_c", "points_x", "counters")
            ),
            *(Column(words(f"col.{key}"), 24, "right") for key in ("mean_km", "within_15")),
        ]
        rows = [
            Line(
                [
                    label,
                    *(self._int(n) for n in (one.of_wards, one.of_city, one.closed, one.counters)),
                    number(one.mean_m / 1000, self.lang, 2),
                    share(rounded(one.within_15), self.lang, 1),
                ]
            )
            for label, one in lines
        ]
        self.paper.table(caption, columns, rows, together=True)
        handed = {one.ward: one for one in handed_over(self.figures)}
        if not handed:
            return
        self.paper.write("Lead", words.say("say.handed_over", count=self._int(len(handed))))
        columns = [
            *self._head(34),
            Column(words("col.from_year"), 18, "center"),
            Column(words("point_people"), 20, "right"),
            Column(words("col.served"), 62),
            Column(words("col.way"), 26, "center"),
        ]

        def lines_of(ward: Ward) -> Iterator[list[str]]:
            one = handed.get(ward.code)
            if one:
                served = (f"{names.point(point)} ({self._int(people)})" for point, people in one.served)
                way = " → ".join(number(m / 1000, self.lang, 1) for m in (one.before_m, one.after_m))
                yield [str(one.year), self._int(one.people), "; ".join(served), way]

        self.paper.table(words("col.handed"), columns, self._by_district(lines_of))

    # --- V. premises given up ------------------------------------------------------------------------------------

    def _released(self) -> None:
        caption = self._part("released")
        words, releases, sites = self.words, self.timeline.releases, self.figures.sites
        if not releases:
            self.paper.write("BodyText", words("say.none_released"))
            return
        self.paper.write("Lead", words.say("say.released", count=self._int(len(releases))))
        used_today: set[str] = set()
        if self.figures.compared:
            table = self.figures.plans["today"].premises
            used_today = set(table.loc[table["status"] == "in_use", "site_id"].astype(str))
        columns = [
            *self._head(28),
            Column(words("col.site"), 47),
            Column(words("col.floor"), 18, "right"),
            Column(words("col.floor_basis"), 20, "center"),
            *([Column(words("col.used_today"), 14, "center")] if self.figures.compared else []),
            Column(words("col.from"), 14, "center"),
            Column(words("col.route"), 20),
        ]
        of_ward = {ward: list(found) for ward, found in groupby(releases, key=lambda one: one.ward)}

        def lines_of(ward: Ward) -> Iterator[list[str]]:
            for one in of_ward.get(ward.code, ()):
                basis = (
                    "surveyed"
                    if sites.get(one.site, {}).get("floor_area_basis") == "surveyed"
                    else "estimated"
                )
                used = words("yes" if one.site in used_today else "no_")
                yield [
                    self._site(one.site, ward.code),
                    self._int(one.floor),
                    words(f"basis.{basis}"),
                    *([used] if self.figures.compared else []),
                    str(one.year),
                    words.of("route", one.route),
                ]

        floor = self._int(sum(one.floor for one in releases))
        total = self._total(["", floor, *[""] * (len(columns) - 4)])
        self.paper.table(caption, columns, [*self._by_district(lines_of), total])

    # --- VI. cost by unit ----------------------------------------------------------------------------------------

    def _costs(self) -> None:
        caption = self._part("costs")
        words = self.words
        self.paper.write("Lead", words("say.costs"))
        grows = any(
            self._recurrent(ward.code, self.first) != self._recurrent(ward.code, self.last)
            for ward in self.figures.wards
        )
        recurrent = [self.first, self.last] if grows else [self.first]
        labels = [
            words("col.capital_all"),
            *(words.say("col.recurrent_first", year=year) for year in recurrent),
            words("col.income_all"),
            *([words("col.present_today")] if self.figures.compared else []),
            words("col.present"),
            *([words("difference")] if self.figures.compared else []),
        ]
        totals = [0.0] * len(labels)

        def lines_of(ward: Ward) -> Iterator[list[str]]:
            amounts = [
                self._sum("plan", ward.code, "capital"),
                *(self._recurrent(ward.code, year) for year in recurrent),
                -self._sum("plan", ward.code, "income"),
                *self._presents(ward.code),
            ]
            for n, value in enumerate(amounts):
                totals[n] += value
            yield [self._million(value) for value in amounts]

        columns = [*self._head(34), *(Column(label, 20, "right") for label in labels)]
        lines = list(self._by_district(lines_of))
        lines.append(self._total([self._million(value) for value in totals]))
        self.paper.write("UnitLine", words("in.million"))
        self.paper.table(caption, columns, lines)

    def _sum(self, which: Which, ward: str, heading: str) -> int:
        costs = self.figures.costs[which].by_ward
        return sum(costs[ward, heading, year] for year in self.figures.years)

    def _recurrent(self, ward: str, year: int) -> int:
        return self.figures.costs["plan"].by_ward[ward, "recurrent", year]

    def _presents(self, ward: str) -> list[float]:
        """Return the present values of a unit, today's first, and their difference."""
        found = [
            self.figures.present({year: costs.by_ward[ward, ALL, year] for year in self.figures.years})
            for costs in self.figures.costs.values()
        ]
        return [*found, found[1] - found[0]] if self.figures.compared else found

    # --- VII. assumptions ----------------------------------------------------------------------------------------

    def _assumptions(self) -> None:
        caption = self._part("assumptions", landscape=True)
        words, plan = self.words, self.plan
        settings = records(plan.norms.settings, "key")
        used, origins = used_settings(plan), plan.scenario.origins
        changed = {key for key in settings if ".yaml" in str(origins.get(key))}
        sections = (*MAIN, "centres", "release") if self.timeline.centres else MAIN
        main = [key for key in settings if key in changed or key.split(".")[0] in sections]
        status = Counter(str(row.get("status")) for row in settings.values())
        surveyed = sum(row.get("floor_area_basis") == "surveyed" for row in self.figures.sites.values())
        self.paper.write(
            "Lead",
            words.say(
                "say.assumptions",
                count=len(settings),
                estimated=status["estimated"],
                sourced=status["sourced"],
                shown=len(main),
                surveyed=self._int(surveyed),
                sites=self._int(len(self.figures.sites)),
            ),
        )
        rules = list(self._rule_lines())
        if rules:
            self.paper.write("Heading2", f"1. {words('part.rules')}")
            columns = [
                Column(words("col.rule"), 120),
                Column(words("year"), 34, "center"),
                Column(words("col.limit"), 50, "center"),
                Column(words("col.reached"), 40, "center"),
            ]
            self.paper.table(words("part.rules"), columns, rules)
            self.paper.write("Heading2", f"2. {words('part.settings')}")
        columns = [
            Column(words("no"), 10, "center"),
            Column(words("col.assumption"), 70),
            Column(words("col.value"), 28, "right"),
            Column(words("col.measured"), 38),
            Column(words("status"), 24, "center"),
            Column(words("source"), 82),
        ]
        lines = []
        for n, key in enumerate(main, start=1):
            row = settings[key]
            source = words.source(row)
            value = used.get(key, row.get("value"))
            lines.append(
                Line(
                    [
                        str(n),
                        words.pick(row) or key,
                        self._value(key, number_of(value), row.get("unit")),
                        words.unit(row.get("unit")) if row.get("unit") != "share" else "",
                        words.status(row),
                        words.say("annex.changed", source=source) if key in changed else source,
                    ]
                )
            )
        self.paper.table(caption, columns, lines)

    def _value(self, key: str, value: float | None, unit: object) -> str:
        """Return the value of a setting as its unit is read."""
        if value is None:
            return "–"
        if key == "horizon.start_year":
            return str(int(value))
        shown, sign = (value * 100, "%") if unit == "share" else (value, "")
        decimals = len(f"{shown:.6f}".rstrip("0").split(".")[1])
        return number(shown, self.lang, decimals) + sign

    def _rule_lines(self) -> Iterator[Line]:
        """Yield the city-wide rules, years of the same limit together; budgets are in the part on years."""
        rules: list[tuple[str, str, int | None, int, int]] = []
        for entry in self.plan.facts.get("limits") or ():
            name, _, group = str(entry["name"]).partition(":")
            year = entry.get("year")
            kind = re.sub(r"_20\d\d$", "", name) if year is not None else name
            if kind != "budget":
                rules.append((kind, group, year, int(entry["limit"]), int(entry["used"])))
        rules.sort(key=lambda rule: (_RULES.get(rule[0], len(_RULES)), collation_key(rule[1]), rule[2] or 0))
        for (kind, group, limit), run in groupby(rules, key=lambda rule: (rule[0], rule[1], rule[3])):
            same = list(run)
            years = [rule[2] for rule in same if rule[2] is not None]
            word = "annex.at_least" if kind.startswith(AT_LEAST) else "annex.at_most"
            reached = max(rule[4] for rule in same)
            label = self.words.of("rule", kind).replace("{group}", group)
            size = MILLION if kind == "capital" else 1
            bound = self.words.say(word, value=self._int(abs(limit) / size))
            yield Line([label, years_text(years) if years else "", bound, self._int(abs(reached) / size)])


_PAID = ("capital", "recurrent", "income")
_RULES = {
    kind: n
    for n, kind in enumerate(
        (
            *("premises", "capital", "centres", "centres_phuong", "centres_xa", "centres_district"),
            *("building", "relocations", "surplus", "surplus_m2", "departments", "points", "within"),
        )
    )
}
"""The order in which city-wide rules are named."""


def _roman(value: int) -> str:
    return ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")[value - 1]
