"""What a plan says, summed for the workbook: costs, measures, names, the order of units."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from planner.costs import HEADING, MILLION
from planner.plan import BODIES
from planner.report.cells import Formula, clean, quote
from planner.tabulate import CENTRE
from planner.wording import collation_key

if TYPE_CHECKING:
    import pandas as pd

    from planner.plan import Plan
    from planner.report.words import Words

HEADINGS = ("capital", "recurrent", "social", "income")
ALL = ""
"""Stands for the headings together."""
Which = Literal["today", "plan"]


class Ward(NamedTuple):
    """One of the units."""

    code: str
    name: str
    type: str


class Centre(NamedTuple):
    """A joint-agency centre: where it stands (a site or a parcel), from when it is built and used."""

    ward: str
    location: str
    floor: int
    starts: int
    opens: int | None


@dataclass
class Costs:
    """Sums of one plan's cost rows, for the values that formulas carry."""

    rows: Counter[tuple[str, int, str]] = field(default_factory=Counter)
    by_item: Counter[tuple[str, int]] = field(default_factory=Counter)
    by_ward: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    by_year: Counter[int] = field(default_factory=Counter)
    heading_of: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, table: pd.DataFrame) -> Costs:
        """Sum the rows of ``costs.csv``."""
        sums = cls()
        rows, by_item, by_ward = sums.rows, sums.by_item, sums.by_ward
        for ward, year, item, heading, vnd in columns_of(
            table, "ward_code", "year", "item", "heading", "vnd"
        ):
            year, vnd = int(year), int(vnd)
            rows[ward, year, item] += vnd
            by_item[item, year] += vnd
            by_ward[ward, heading, year] += vnd
            by_ward[ward, ALL, year] += vnd
            sums.heading_of.setdefault(item, heading)
        for (_, year), vnd in by_item.items():
            sums.by_year[year] += vnd
        return sums


class Figures:
    """A plan as the sheets need it: everything that more than one of them looks up.

    Attributes
    ----------
    plans : dict
        ``today`` (where the plan has it), then ``plan``.
    costs, measures : dict
        The sums and the measures of each.
    years, ppm : list and dict
        The years of the costs, and their discount factors in parts per million.
    items : dict
        The cost items that occur, by heading.
    wards, names, order : list and dicts
        The units in Vietnamese order; their names and places by code.
    centres : dict
        The joint-agency centres by site id.
    limits : list of dict
        The city-wide rules as ``plan.json`` has them.
    """

    def __init__(self, plan: Plan, words: Words) -> None:
        self.plan = plan
        self.words = words
        self.plans: dict[Which, Plan] = (
            {"plan": plan} if plan.today is None else {"today": plan.today, "plan": plan}
        )
        self.compared = "today" in self.plans
        scenario = plan.scenario
        self.name = clean(scenario.name)
        self.title = clean(scenario.title_vi if words.lang == "vi" else scenario.title_en) or self.name
        self.start_year = int(scenario.horizon.start_year)
        self.rate = float(scenario.horizon.discount_rate)
        self.costs = {which: Costs.of(one.costs) for which, one in self.plans.items()}
        self.measures = {which: _measures(one) for which, one in self.plans.items()}
        costed = range(self.start_year, self.start_year + int(scenario.horizon.years))
        self.years = sorted({*costed, *(year for costs in self.costs.values() for year in costs.by_year)})
        self.ppm = {
            year: int(MILLION / (1 + self.rate) ** (year - self.start_year) + 0.5) for year in self.years
        }
        self.heading_of = {item: h for costs in self.costs.values() for item, h in costs.heading_of.items()}
        self.items = {
            heading: [item for item, h in HEADING.items() if h == heading and item in self.heading_of]
            for heading in HEADINGS
        }
        for item in sorted(set(self.heading_of) - set(HEADING)):
            self.items.setdefault(self.heading_of[item], []).append(item)
        self.wards = self._wards()
        self.names = {ward.code: ward.name for ward in self.wards}
        self.order = {ward.code: n for n, ward in enumerate(self.wards)}
        self.parts = records(plan.norms.parts, "part")
        self.sites = records(plan.region.sites, "site_id")
        self.limits: list[dict[str, Any]] = list(plan.facts.get("limits") or ())
        self.parcels = records(plan.region.parcels, "parcel_id")
        self.centres = _centres(plan.premises)
        self.known_bodies = _known_bodies(self.plans["today"]) if self.compared else {}

    def _wards(self) -> list[Ward]:
        rows = records(self.plan.region.wards, "ward_code")
        wards = [Ward(code, clean(row.get("name")), str(row.get("type", ""))) for code, row in rows.items()]
        known = set(rows)
        for code, name in columns_of(self.plan.assignments, "ward_code", "ward_name"):
            if code not in known:
                known.add(code)
                wards.append(Ward(code, clean(name), ""))
        return sorted(wards, key=lambda ward: (ward.type, collation_key(ward.name), ward.code))

    def measure(self, which: Which, measure: str, ward: str = "") -> float | None:
        """Return a measure of a unit, or of all of them together."""
        return self.measures.get(which, {}).get((ward, measure))

    def place_of(self, ward: object) -> int:
        """Return where a unit stands in the order of units; unknown ones come last."""
        return self.order.get(str(ward), 10**6)

    def site_name(self, site: object) -> str:
        """Return what a site is called; its id where the table does not know it."""
        centre = self.centres.get(str(site))
        if centre is not None:
            return f"{self.words('kind.joint_centre')} {self.names.get(centre.ward, centre.ward)}"
        row = self.sites.get(str(site), {})
        return clean(row.get("name")) or clean(site)

    def location_name(self, centre: Centre) -> str:
        """Return where a centre stands: the name of a site, or of a parcel."""
        if centre.location in self.sites:
            return self.site_name(centre.location)
        name = clean(self.parcels.get(centre.location, {}).get("name")) or clean(centre.location)
        return f"{self.words('location.parcel')}: {name}"

    def part_name(self, part: str, body: str = "") -> str:
        """Return what a part is called."""
        row = self.parts.get(part)
        if row:
            return self.words.pick(row) or clean(part)
        return self.words.of("body", body) if part == body else clean(part)

    # Money: the values that formulas carry, and the formulas of a table with a row for each unit.

    def present(self, by_year: Mapping[int, int]) -> float:
        """Return the present value of yearly amounts, exact up to the last division."""
        return sum(vnd * self.ppm[year] for year, vnd in by_year.items()) / MILLION

    def objective(self, which: Which) -> int:
        """Return the discounted total of a plan in whole dong, rounded half up once."""
        total = sum(vnd * self.ppm[year] for year, vnd in self.costs[which].by_year.items())
        return (2 * total + MILLION) // (2 * MILLION)

    def item_cost(self, which: Which, items: Iterable[str], year: int | None = None) -> int:
        """Return what cost items come to, in one year or in all."""
        costs = self.costs[which].by_item
        years = self.years if year is None else [year]
        return sum(costs[item, one] for item in items for one in years)

    def ward_cost(self, which: Which, ward: str, heading: str, *, first_year: bool = False) -> Formula:
        """Return what a unit costs under a heading, in the first year or in all."""
        label = quote(self.words.of("heading", heading))
        text = f"=SUMIFS(cost_{which},cost_code,{{code}},cost_heading,{label}"
        text += ",cost_year,start_year)" if first_year else ")"
        costs = self.costs[which].by_ward
        years = [self.start_year] if first_year else self.years
        return Formula(text, sum(costs[ward, heading, year] for year in years))

    def ward_present(self, which: Which, ward: str) -> Formula:
        """Return the present value of all that a unit costs."""
        text = f"=SUMPRODUCT(SUMIFS(cost_{which},cost_code,{{code}},cost_year,cost_years),cost_factors)"
        costs = self.costs[which].by_ward
        return Formula(text, self.present({year: costs[ward, ALL, year] for year in self.years}))


def columns_of(table: pd.DataFrame, *names: str) -> Iterator[tuple[Any, ...]]:
    """Return the rows of some columns: lists of Python values are read far faster than columns of pandas."""
    return zip(*(table[name].tolist() for name in names), strict=True)


def records(table: pd.DataFrame, key: str) -> dict[str, dict[str, Any]]:
    """Return the rows of a table by key, which is a column or the index."""
    if key not in table.columns:
        table = table.rename_axis(key).reset_index()
    rows = columns_of(table, *table.columns)
    made = (dict(zip(table.columns, row, strict=True)) for row in rows)
    return {str(row[key]): row for row in made}


def years_text(years: Iterable[int]) -> str:
    """Return years as text: ``2025–2029``."""
    ordered = sorted(set(years))
    return f"{ordered[0]}" if len(ordered) == 1 else f"{ordered[0]}–{ordered[-1]}"


def _centres(premises: pd.DataFrame) -> dict[str, Centre]:
    """Return the centres that a plan builds, by site id."""
    if CENTRE not in set(premises["kind"]):
        return {}
    rows = premises[premises["kind"] == CENTRE].sort_values("year", kind="stable")
    found: dict[str, Centre] = {}
    names = ("site_id", "ward_code", "location", "floor_area_m2", "year", "status")
    for site, ward, location, floor, year, status in columns_of(rows, *names):
        centre = found.get(site) or Centre(ward, str(location), int(floor), int(year), None)
        if status == "in_use" and centre.opens is None:
            centre = centre._replace(opens=int(year))
        found[site] = centre
    return found


def _measures(plan: Plan) -> dict[tuple[str, str], float]:
    rows = columns_of(plan.measures, "ward_code", "measure", "value")
    return {
        ("" if ward is None or ward != ward else str(ward), measure): value for ward, measure, value in rows
    }


def _known_bodies(today: Plan) -> dict[str, int]:
    """Return how many bodies of each ward are known to sit where today's plan has them."""
    known: dict[str, set[str]] = defaultdict(set)
    for ward, body, basis in columns_of(today.assignments, "ward_code", "body", "basis"):
        known[ward].update([body] if basis == "known" else [])
    return {ward: len(bodies) for ward, bodies in known.items()}


def known_share(known_bodies: Mapping[str, int]) -> float:
    """Return the share of bodies that are known to sit where today's plan has them."""
    return sum(known_bodies.values()) / (len(BODIES) * len(known_bodies))
