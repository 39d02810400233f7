"""Who sits where: units and sites numbered once for all plans of a page, states and the change over the years."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from planner.compare import actions
from planner.maps.words import clean, finite, labels, place, records, say, whole
from planner.wording import collation_key
from planner.yearly import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.plan import Plan
    from planner.wording import Lang

BODIES = ("party", "council_committee", "front", "reception")
CENTRE = "joint_centre"
NEITHER, IN_USE, RELEASED, BUILDING, KEPT = range(5)
"""Status of a site: kept is released, but for the centre that will stand on it."""

Numbers = list[float | int | None]
Seat = tuple[int, int, int, int, int]
"""Part, site, tight fit m2, norm m2, 1 where the program assumed the seat."""
Action = list[Any]
"""What to do, the site, the parts that move, people, dong once, dong a year."""


@dataclass
class State:
    """The plan in its first year or the arrangement in force, by position of unit and site.

    Attributes
    ----------
    seats : list of list
        Per unit.
    status : list of int
        Per site.
    routes : list of str
        Per site.
    values : dict
        Measure to one number per unit.
    city : dict
        Measure to the number of the whole city.
    """

    seats: list[list[Seat]]
    status: list[int]
    routes: list[str]
    values: dict[str, Numbers]
    city: dict[str, float]


@dataclass
class Change:
    """What is different in a year from the year before: seats by unit, status and route by site, measures by unit."""

    seats: dict[int, list[Seat]] = field(default_factory=dict)
    sites: list[tuple[int, int, str]] = field(default_factory=list)
    values: dict[str, list[tuple[int, int]]] = field(default_factory=dict)


@dataclass
class Course:
    """A plan from year to year.

    Attributes
    ----------
    years : list of int
        The first is that of the state.
    changes : list of Change
        One for every year; that of the first is empty.
    figures : list of dict
        The rows of ``years.csv`` as far as the page says them.
    centres : list of list
        Unit, site, year its construction starts, year it opens; None where it does not in these years.
    city : dict
        Measure to the numbers of the whole city, one a year; empty in results of versions that did not tell them.
    """

    years: list[int]
    changes: list[Change]
    figures: list[dict[str, int | None]]
    centres: list[list[int | None]]
    city: dict[str, list[int]]


class Index:
    """Units in Vietnamese order and sites, numbered, with what the page says about them."""

    def __init__(self, plans: Sequence[Plan], lang: Lang) -> None:
        region = plans[0].region
        self.lang: Lang = lang
        self.words = labels(lang)
        wards = records(region.wards.reset_index())
        wards.sort(key=lambda ward: (collation_key(clean(ward["name"])), str(ward["ward_code"])))
        self.codes = [str(ward["ward_code"]) for ward in wards]
        self.unit_at = {code: i for i, code in enumerate(self.codes)}
        communes = records(region.communes.reset_index())
        commune_at = {str(commune["commune_code"]): i for i, commune in enumerate(communes)}
        members: list[list[list[int]]] = [[] for _ in wards]
        for pair in records(region.pairs):
            if str(pair["ward_code"]) in self.unit_at and str(pair["commune_code"]) in commune_at:
                member = [commune_at[str(pair["commune_code"])], whole(pair["population"]) or 0]
                members[self.unit_at[str(pair["ward_code"])]].append(member)
        for unit in members:
            unit.sort(key=lambda member: -member[1])
        self.communes = {
            "code": [str(commune["commune_code"]) for commune in communes],
            "name": [clean(commune["name"]) for commune in communes],
            "type": [self._label("otype", commune["type"]) for commune in communes],
        }
        self.names = [clean(ward["name"]) for ward in wards]
        self.types = [self._label("type", ward["type"]) for ward in wards]
        self.units: dict[str, list[Any]] = {
            "code": self.codes,
            "name": self.names,
            "type": self.types,
            "district": [clean(ward.get("former_district")) for ward in wards],
            "people": [whole(ward["population"]) for ward in wards],
            "area": [finite(ward["area_km2"]) for ward in wards],
            "at": [place(ward["lat"], ward["lon"]) for ward in wards],
            "communes": members,
        }
        self._read_parts(plans[0])
        self._read_sites(plans)

    def _label(self, group: str, value: object) -> str:
        text = clean(value)
        return self.words.get(f"{group}_{text}", text)

    def _read_parts(self, plan: Plan) -> None:
        self.part_at: dict[str, int] = {}
        self.parts: list[dict[str, Any]] = []
        for part in records(plan.norms.parts.reset_index()):
            self.part_at[str(part["part"])] = len(self.parts)
            body = str(part["body"])
            of_body = str(part["kind"]) == "body"
            self.parts.append(
                {
                    "name": self.words[f"body_{body}"] if of_body else clean(part[self.lang]),
                    "body": BODIES.index(body),
                    "bodyname": self.words[f"body_{body}"],
                    "lead": int(str(part["kind"]) != "department"),
                    "key": str(part["part"]),
                }
            )

    def _read_sites(self, plans: Sequence[Plan]) -> None:
        region = plans[0].region
        addresses: dict[str, str] = {}
        for row in records(region.today):
            if clean(row["site_id"]) and clean(row["address"]):
                addresses.setdefault(str(row["site_id"]), clean(row["address"]))
        known = {str(site["site_id"]): site for site in records(region.sites.reset_index())}
        places: dict[str, dict[str, Any]] = {}
        for plan in plans:
            for one in (plan, plan.today):
                for row in records(one.premises) if one is not None else []:
                    places.setdefault(_key(row), _placed(row, one or plan, known))
        sites = {key: known.get(key, row) for key, row in (known | places).items()}
        ids = sorted(key for key in sites if str(sites[key]["ward_code"]) in self.unit_at)
        self.site_at = {key: i for i, key in enumerate(ids)}
        self.sites_of: list[list[int]] = [[] for _ in self.codes]
        self.approximate: list[int] = []
        columns: dict[str, list[Any]] = {
            name: []
            for name in ("id", "unit", "name", "address", "at", "kind", "area", "range", "estimated", "hall")
        }
        for key in ids:
            site = sites[key]
            unit = self.unit_at[str(site["ward_code"])]
            self.sites_of[unit].append(self.site_at[key])
            at = place(site.get("lat"), site.get("lon")) or self.units["at"][unit]
            kind = str(site["kind"])
            address = clean(site.get("address")) or addresses.get(key, "")
            if kind == CENTRE and clean(site.get("ground")):
                address = say(self.words["centre_place"], x=clean(site["ground"]))
            columns["id"].append(str(site["site_id"]))
            columns["unit"].append(unit)
            columns["name"].append(
                self.words["centre_name"]
                if kind == CENTRE
                else clean(site.get("name")) or self._label("kind", kind)
            )
            columns["address"].append(address)
            columns["at"].append(at)
            columns["kind"].append(kind)
            columns["area"].append(whole(places.get(key, site)["floor_area_m2"]))
            columns["range"].append(
                [whole(site.get("floor_area_low_m2")), whole(site.get("floor_area_high_m2"))]
            )
            columns["estimated"].append(int(clean(site.get("floor_area_basis")) != "surveyed"))
            columns["hall"].append(whole(site.get("hall_seats")))
            self.approximate.append(int("label point" in clean(site.get("point_basis"))))
        self.sites = columns

    def state(self, plan: Plan) -> State:
        """Return the seats, the status of sites and the measures of a plan's first year."""
        seats, status, routes = self._by_year(plan)[0][1:]
        values: dict[str, Numbers] = {}
        city: dict[str, float] = {}
        for row in records(plan.measures):
            value, code, key = finite(row["value"]), clean(row["ward_code"]), str(row["measure"])
            if code in self.unit_at:
                values.setdefault(key, [None] * len(self.codes))[self.unit_at[code]] = value
            elif code == "" and value is not None:
                city[key] = value
        return State(seats, status, routes, values, city)

    def course(self, plan: Plan) -> Course | None:
        """Return how a plan changes from year to year; None where it stays as it is in the first."""
        by_year = self._by_year(plan)
        changes = [Change()]
        for before, after in pairwise(by_year):
            change = Change()
            for unit, seats in enumerate(after[1]):
                if seats != before[1][unit]:
                    change.seats[unit] = seats
            for site, (status, route) in enumerate(zip(after[2], after[3], strict=True)):
                if (status, route) != (before[2][site], before[3][site]):
                    change.sites.append((site, status, route))
            changes.append(change)
        changes_points = len(plan.points) > 0 and plan.points["year"].nunique() > 1
        if not changes_points and not any(change.seats or change.sites for change in changes):
            return None
        years = [year for year, *_ in by_year]
        city = self._add_measures(plan, changes)
        return Course(years, changes, _figures(plan, years), self._centres(plan), city)

    def _add_measures(self, plan: Plan, changes: Sequence[Change]) -> dict[str, list[int]]:
        """Add to the changes what differs in the measures of units; return those of the whole city."""
        table = plan.measures_by_year
        if not len(table):
            return {}
        at_city = (table["ward_code"] == "").to_numpy()
        unit = table.loc[~at_city, "ward_code"].map(self.unit_at).to_numpy()
        city = {}
        for measure, column in COLUMNS.items():
            city[measure] = [int(value) for value in table.loc[at_city, column]]
            values = table.loc[~at_city, column].to_numpy().reshape(len(changes), -1)
            units = unit.reshape(len(changes), -1)
            for change, before, after, of in zip(changes[1:], values, values[1:], units[1:], strict=False):
                differs = (before != after).nonzero()[0]
                if len(differs):
                    change.values[measure] = sorted((int(of[i]), int(after[i])) for i in differs)
        return city

    def _by_year(self, plan: Plan) -> list[tuple[int, list[list[Seat]], list[int], list[str]]]:
        alias = {str(row["site_id"]): self.site_at.get(_key(row)) for row in records(plan.premises)}
        assignments = records(plan.assignments)
        years = sorted({int(row["year"]) for row in assignments}) or [0]
        seats: dict[int, list[list[Seat]]] = {year: [[] for _ in self.codes] for year in years}
        is_today = plan.scenario.arrangement == "today"
        for row in assignments:
            if str(row["ward_code"]) not in self.unit_at:
                continue
            site = alias.get(str(row["site_id"]))
            seat = (
                self.part_at[str(row["part"])],
                self.site_at[str(row["site_id"])] if site is None else site,
                int(row["tight_fit_m2"]),
                int(row["norm_m2"]),
                int(is_today and str(row.get("basis", "known")) == "modelled"),
            )
            seats[int(row["year"])][self.unit_at[str(row["ward_code"])]].append(seat)
        status = {year: [NEITHER] * len(self.site_at) for year in years}
        routes = {year: [""] * len(self.site_at) for year in years}
        for row in records(plan.premises):
            at, year = alias[str(row["site_id"])], int(row["year"])
            if at is None or year not in status:
                continue
            route = clean(row.get("route"))
            status[year][at] = _status(str(row["status"]), route)
            routes[year][at] = route if status[year][at] in (RELEASED, KEPT) else ""
        return [(year, [sorted(unit) for unit in seats[year]], status[year], routes[year]) for year in years]

    def _centres(self, plan: Plan) -> list[list[int | None]]:
        found: dict[str, list[int | None]] = {}
        for row in sorted(records(plan.premises), key=lambda row: int(row["year"])):
            if str(row["kind"]) != CENTRE or str(row["ward_code"]) not in self.unit_at:
                continue
            unit, site = self.unit_at[str(row["ward_code"])], self.site_at[_key(row)]
            one = found.setdefault(_key(row), [unit, site, None, None])
            at = {"under_construction": 2, "in_use": 3}.get(str(row["status"]))
            if at is not None and one[at] is None:
                one[at] = int(row["year"])
        return list(found.values())


def unit_actions(plan: Plan, index: Index) -> list[list[Action]]:
    """Return what to do in every unit to come from today to the plan; moves to one site are one action."""
    found: list[list[Action]] = [[] for _ in index.codes]
    if plan.today is None:
        return found
    moves: dict[tuple[int, int], Action] = {}
    for row in records(actions(plan)):
        unit, site = index.unit_at[str(row["ward_code"])], index.site_at[str(row["site_id"])]
        amounts = [int(row["people"]), int(row["one_off_vnd"]), int(row["yearly_vnd"])]
        if row["action"] != "move_in":
            found[unit].append([str(row["action"]), site, [], *amounts])
        elif (unit, site) in moves:
            one = moves[unit, site]
            one[2].append(index.part_at[str(row["part"])])
            one[3:] = [before + more for before, more in zip(one[3:], amounts, strict=True)]
        else:
            moves[unit, site] = ["move_in", site, [index.part_at[str(row["part"])]], *amounts]
            found[unit].append(moves[unit, site])
    return found


def _status(status: str, route: str) -> int:
    if status == "released":
        return KEPT if route == "centre" else RELEASED
    return {"in_use": IN_USE, "under_construction": BUILDING}.get(status, NEITHER)


def _key(row: Mapping[str, Any]) -> str:
    """Return what a site is told apart by: two plans may build the centre of a unit on different ground."""
    if str(row["kind"]) != CENTRE:
        return str(row["site_id"])
    return f"{row['site_id']}@{clean(row.get('location'))}@{row['floor_area_m2']}"


def _placed(row: dict[str, Any], plan: Plan, known: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Return a row of premises; a centre gets the point and the name of the site or parcel it stands on."""
    location = clean(row.get("location"))
    if str(row["kind"]) != CENTRE or not location:
        return row
    parcels = plan.region.parcels
    ground = known.get(location)
    if ground is None and location in parcels.index:
        ground = {str(name): value for name, value in parcels.loc[location].items()}
    if ground is None:
        return row
    name = clean(ground.get("name")) or location
    return {**row, "lat": ground["lat"], "lon": ground["lon"], "ground": name}


def _figures(plan: Plan, years: Sequence[int]) -> list[dict[str, int | None]]:
    rows = {int(row["year"]): row for row in records(plan.years)} if len(plan.years) else {}
    found: list[dict[str, int | None]] = []
    opened = 0
    for year in years:
        row = rows.get(year, {})
        opened += int(row.get("opened", 0))
        budget = row.get("budget_vnd")
        figures: dict[str, int | None] = {name: int(row[name]) for name in _FIGURES if name in row}
        figures["open"] = opened
        figures["budget_vnd"] = None if clean(budget) == "" else int(float(str(budget)))
        found.append(figures)
    return found


_FIGURES = (
    *("premises", "released", "surplus_m2", "building", "opened"),
    *("capital_vnd", "carried_in_vnd", "recycled_vnd"),
)
