"""Who sits where and when, which centres are built, which premises are given up: a plan over its years."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

from planner.plan import BODIES
from planner.report.cells import clean
from planner.report.figures import Figures, Ward, columns_of
from planner.tabulate import CENTRE, ON_CENTRE
from planner.wording import collation_key

BUILDING = ("construction", "contingency", "land")
"""Cost items that only a centre has."""
EQUIPPING = ("fit_out", "moves")
"""Cost items of a centre in the year it opens; in the first year they are those of the arrangement until then."""


class Stay(NamedTuple):
    """Parts of a unit on one site from a year to a year."""

    site: str
    bodies: tuple[str, ...]
    first: int
    last: int


@dataclass
class Centre:
    """A centre of a unit: where it stands, when it is built, what it costs by year."""

    ward: str
    site: str
    location: str
    floor: int
    start: int
    opens: int | None = None
    capital: dict[int, int] = field(default_factory=dict)


class Release(NamedTuple):
    """Premises that are given up: from which year on, and by which route."""

    ward: str
    site: str
    year: int
    route: str
    floor: int


class Timeline:
    """A plan over its years.

    Attributes
    ----------
    districts : list of (str, list of Ward)
        The former districts in Vietnamese order, and their units in the order of the other reports.
    stays : dict
        By ward code, who sits where, in order of years, then of bodies.
    centres, releases : list
        In the order of units.
    """

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self.districts = _districts(figures)
        place = {ward.code: n for n, ward in enumerate(w for _, wards in self.districts for w in wards)}
        self.stays = _stays(figures)
        centres, releases = _premises(figures)
        _add_capital(figures, centres)
        self.centres = {
            ward: centres[ward] for ward in sorted(centres, key=lambda code: place.get(code, 10**6))
        }

        def order(release: Release) -> tuple[object, ...]:
            name = collation_key(figures.site_name(release.site))
            return place.get(release.ward, 10**6), release.year, name, release.site

        self.releases = sorted(releases, key=order)


def _districts(figures: Figures) -> list[tuple[str, list[Ward]]]:
    table = figures.plan.region.wards
    names = table["former_district"].to_dict() if "former_district" in table.columns else {}
    groups: dict[str, list[Ward]] = defaultdict(list)
    for ward in figures.wards:
        groups[clean(names.get(ward.code))].append(ward)
    return sorted(groups.items(), key=lambda group: collation_key(group[0]))


def _stays(figures: Figures) -> dict[str, list[Stay]]:
    """Return who sits where; years in which nothing changes are one stay."""
    seats: dict[str, dict[int, dict[str, dict[str, list[str]]]]] = {}
    table = figures.plan.assignments
    for ward, year, site, body, part in columns_of(table, "ward_code", "year", "site_id", "body", "part"):
        sites = seats.setdefault(ward, {}).setdefault(int(year), {})
        sites.setdefault(str(site), {}).setdefault(body, []).append(part)
    return {ward: list(_stays_of(figures, years)) for ward, years in seats.items()}


def _stays_of(figures: Figures, years: dict[int, dict[str, dict[str, list[str]]]]) -> list[Stay]:
    found = []
    for sites, run in groupby(sorted(years), key=lambda year: years[year]):
        during = list(run)
        whole: dict[str, int] = defaultdict(int)
        for bodies in sites.values():
            for body in bodies:
                whole[body] += 1
        for site, bodies in sorted(sites.items(), key=_first_body):
            names: list[str] = []
            for body, parts in sorted(bodies.items(), key=lambda one: _rank(one[0])):
                if whole[body] == 1:
                    names.append(figures.words.of("body", body))
                else:
                    names += [figures.part_name(part, body) for part in parts]
            everybody = whole.keys() == bodies.keys() and len(sites) == 1
            found.append(Stay(site, () if everybody else tuple(names), during[0], during[-1]))
    return found


def _rank(body: str) -> int:
    return BODIES.index(body) if body in BODIES else len(BODIES)


def _first_body(entry: tuple[str, dict[str, Any]]) -> tuple[int, str]:
    return min(map(_rank, entry[1])), entry[0]


def _premises(figures: Figures) -> tuple[dict[str, Centre], list[Release]]:
    table = figures.plan.premises
    table = table.assign(location="") if "location" not in table.columns else table
    names = ("year", "ward_code", "site_id", "kind", "status", "route", "floor_area_m2", "location")
    centres: dict[str, Centre] = {}
    releases: dict[str, Release] = {}
    rows = sorted(columns_of(table, *names), key=lambda row: int(row[0]))
    for year, ward, site, kind, status, route, floor, location in rows:
        year, site = int(year), str(site)
        if kind == CENTRE:
            centre = centres.setdefault(ward, Centre(ward, site, str(location), int(floor), year))
            if status == "in_use" and centre.opens is None:
                centre.opens = year
        elif status == "released" and route != ON_CENTRE:
            releases.setdefault(site, Release(ward, site, year, clean(route), int(floor)))
    return centres, list(releases.values())


def _add_capital(figures: Figures, centres: dict[str, Centre]) -> None:
    table = figures.plan.costs
    for ward, year, item, vnd in columns_of(table, "ward_code", "year", "item", "vnd"):
        centre = centres.get(ward)
        if centre and (item in BUILDING or (item in EQUIPPING and int(year) == centre.opens)):
            centre.capital[int(year)] = centre.capital.get(int(year), 0) + int(vnd)
