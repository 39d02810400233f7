"""Rules and first-year costs of one ward's arrangement: docs/model.md sections 3 and 4.

An arrangement is a dict from part to site. `Case` holds what a ward's rules and prices depend on; all
else in this file are functions of a case and an arrangement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from math import floor

from planner.audit.needs import Map, Needs, PartNeed, down, extra_posts, half_up, needs_of
from planner.audit.read import COMMITTEE, RECEPTION, Inputs, Parcel, Point, Site, Ward
from planner.audit.settings import Settings

Arrangement = Mapping[str, str]

HEADINGS = {
    "renovation": "capital", "fit_out": "capital", "moves": "capital",
    "running": "recurrent", "site_fixed": "recurrent", "hall_rent": "recurrent",
    "staff_travel": "social", "cohesion": "social", "citizen_travel": "social", "crowding": "social",
    "construction": "capital", "contingency": "capital", "land": "capital",
    "departments": "recurrent", "overload": "social", "residual_value": "social",
    "points": "recurrent", "city_points": "recurrent",
    "release_income": "income",
}  # fmt: skip
YEARLY = (
    "running", "site_fixed", "hall_rent", "staff_travel", "cohesion", "citizen_travel", "crowding",
    "departments", "overload",
)  # fmt: skip
"""The recurrent and social items of every year, in the order in which growing prices are rounded."""
MILLION = 10**6


@dataclass(frozen=True)
class Case:
    """One ward with everything its rules and prices depend on.

    Attributes
    ----------
    sites : dict of str to Site
        The sites that may be used, in the order of their ids: those of the ward that are not excluded, and
        the one it shares with its owner.
    known : dict of str to str
        Part to the site it is known to have today; of the committee only the office is known.
    between : dict of (str, str) to int
        Road metres between two sites, both ways round.
    to_reception : dict of str to list of int
        Road metres from every demand point to a site, points in the order of `people`.
    trips : dict of (str, str) to Fraction
        One-way trips a day between two parts, the earlier part first.
    """

    ward: Ward
    needs: Needs
    sites: dict[str, Site]
    required: frozenset[str]
    known: dict[str, str]
    used_today: frozenset[str]
    between: dict[tuple[str, str], int]
    people: list[int]
    to_reception: dict[str, list[int]]
    trips: dict[tuple[str, str], Fraction]
    zone: tuple[int, int]
    settings: Settings
    roads: Map
    points: list[Point]
    parcels: list[Parcel] = field(default_factory=list)
    extra: int = 0
    """Further departments of the People's Committee that the needs and trips are those of."""
    room: dict[str, int] = field(default_factory=dict)
    """On a site shared with its owner, the m² that the owner's tight fit leaves."""
    worth: dict[tuple[str, str], int] = field(default_factory=dict, compare=False)
    """What sites bring by a route, as far as it has been asked for."""

    @property
    def office(self) -> PartNeed | None:
        """The leaders and office of the People's Committee, which departments are near to or apart from."""
        return next((part for part in self.needs.parts if part.kind == "leaders"), None)

    @property
    def own(self) -> dict[str, Site]:
        """The sites of the ward itself."""
        return {name: site for name, site in self.sites.items() if site.ward == self.ward.code}


def build_cases(inputs: Inputs, settings: Settings) -> dict[str, Case]:
    """Return the case of every ward."""
    required, excluded = _lists(inputs, settings)
    allowed: dict[str, list[Site]] = {code: [] for code in inputs.wards}
    for site in sorted(inputs.sites.values(), key=lambda s: s.site_id):
        if site.site_id not in excluded:
            allowed[site.ward].append(site)
    used_today = frozenset(inputs.today.values())
    roads = Map(inputs.detour)
    roads.add([(s.lat, s.lon) for s in inputs.sites.values()])
    roads.add([(p.lat, p.lon) for points in inputs.points.values() for p in points])
    roads.add([(p.lat, p.lon) for p in inputs.parcels])
    cases = {}
    for code, ward in sorted(inputs.wards.items()):
        sites, points = allowed[code], inputs.points.get(code, [])
        needs = needs_of(ward, inputs, settings)
        cases[code] = Case(
            ward=ward,
            needs=needs,
            sites={site.site_id: site for site in sites},
            required=required & {site.site_id for site in sites},
            known=_known_today(code, needs, inputs),
            used_today=used_today,
            between={
                (a.site_id, b.site_id): roads.road_metres((a.lat, a.lon), (b.lat, b.lon))
                for a in sites
                for b in sites
            },
            people=[p.people for p in points],
            to_reception={
                s.site_id: [roads.road_metres((s.lat, s.lon), (p.lat, p.lon)) for p in points] for s in sites
            },
            trips=_trips(needs.parts, inputs.trips),
            zone=inputs.zones[ward.zone],
            settings=settings,
            roads=roads,
            points=points,
            parcels=sorted((p for p in inputs.parcels if p.ward == code), key=lambda p: p.parcel_id),
        )
    return cases


def with_extra(case: Case, inputs: Inputs, extra: int) -> Case:
    """Return the case of a ward with so many further departments."""
    if extra == case.extra:
        return case
    needs = needs_of(case.ward, inputs, case.settings, extra)
    return replace(
        case,
        needs=needs,
        known=_known_today(case.ward.code, needs, inputs),
        trips=_trips(needs.parts, inputs.trips),
        extra=extra,
    )


def _lists(inputs: Inputs, settings: Settings) -> tuple[frozenset[str], frozenset[str]]:
    """Return the required and the excluded sites; the arrangement in force is taken as it is."""
    if settings.word("arrangement") == "today":
        return frozenset(), frozenset()
    required, excluded = (
        settings.ids(f"rules.{use}") | {site.site_id for site in inputs.sites.values() if site.use == use}
        for use in ("required", "excluded")
    )
    return required, excluded


def _known_today(code: str, needs: Needs, inputs: Inputs) -> dict[str, str]:
    return {
        part.name: inputs.today[code, part.body]
        for part in needs.parts
        if (code, part.body) in inputs.today and (part.body != COMMITTEE or part.kind == "leaders")
    }


def _trips(
    parts: tuple[PartNeed, ...], table: Mapping[tuple[str, str], Fraction]
) -> dict[tuple[str, str], Fraction]:
    """Return the trips of every pair of parts: a row with both names first, then rows with ``department``."""

    def names(part: PartNeed) -> list[str]:
        return [part.name, "department"] if part.kind == "department" else [part.name]

    found = {}
    for a, b in combinations(parts, 2):
        keys = [key for x in names(a) for y in names(b) for key in ((x, y), (y, x))]
        trips = next((table[key] for key in keys if key in table), Fraction(0))
        if trips:
            found[a.name, b.name] = trips
    return found


# -- rules ----------


def loads(case: Case, arrangement: Arrangement) -> dict[str, list[PartNeed]]:
    """Return the parts on every site in use."""
    on_site: dict[str, list[PartNeed]] = {}
    for part in case.needs.parts:
        on_site.setdefault(arrangement[part.name], []).append(part)
    return dict(sorted(on_site.items()))


def missing_floor(case: Case, arrangement: Arrangement) -> dict[str, int]:
    """Return the m² by which the tight fit exceeds the floor area, for every site where it does."""
    missing = {
        site: sum(part.tight for part in parts) - tight_room(case, site)
        for site, parts in loads(case, arrangement).items()
    }
    return {site: m2 for site, m2 in missing.items() if m2 > 0}


def tight_room(case: Case, site: str) -> int:
    """Return the m² that a tight fit may take on a site."""
    return case.room.get(site, case.sites[site].floor)


def largest_hall(case: Case, used: Iterable[str]) -> int:
    """Return the seats of the largest hall of some sites."""
    return max((case.sites[site].hall for site in used), default=0)


def missing_seats(case: Case, sites: Iterable[str]) -> int:
    """Return the seats that the largest hall of some sites is short of the tight fit; none without a hall rule."""
    if case.settings.word("rules.hall") == "off":
        return 0
    return max(0, case.needs.seats_tight - largest_hall(case, sites))


def parts_together(case: Case) -> list[tuple[PartNeed, ...]]:
    """Return the parts that must share a site: of whole bodies, and of a committee that may not sit apart."""
    groups: dict[str, list[PartNeed]] = {}
    for part in case.needs.parts:
        apart = part.body == COMMITTEE and case.settings.flag("rules.departments_apart")
        groups.setdefault(f"{part.body}/{part.name}" if apart else part.body, []).append(part)
    return [tuple(group) for group in groups.values()]


def kept_today(case: Case) -> dict[str, str]:
    """Return the parts that must keep their site."""
    return case.known if case.settings.word("arrangement") == "today" else {}


def sites_enough_alone(case: Case) -> list[str]:
    """Return the sites that a ward must content itself with: one that holds everything is enough.

    Empty where the rule is off, where no single site holds everything, or where required sites or the
    arrangement in force forbid a single site.
    """
    rule = case.settings.word("rules.one_site_where_enough")
    if rule == "off":
        return []
    floor_needed = sum(part.tight for part in case.needs.parts)
    seats_needed = 0 if case.settings.word("rules.hall") == "off" else case.needs.seats_tight
    bound = case.required | set(kept_today(case).values())
    return [
        site.site_id
        for site in case.own.values()
        if bound <= {site.site_id}
        and site.floor >= floor_needed
        and site.hall >= seats_needed
        and (rule == "any" or site.kind == rule)
    ]


# -- costs ----------


def factors(settings: Settings) -> dict[int, int]:
    """Return the discount factor of every year in parts per million."""
    return dict(_factors(1 + settings.number("horizon.discount_rate"), settings.years))


@lru_cache(maxsize=64)
def _factors(rate: Fraction, years: range) -> dict[int, int]:
    return {year: half_up(MILLION / rate**i) for i, year in enumerate(years)}


def vnd_per_km(settings: Settings, who: str) -> int:
    """Return what a kilometre costs `who` (staff or citizen): the ride and the time."""
    hour = settings.whole(f"prices.{who}_vnd_per_hour")
    return settings.whole("prices.vnd_per_km") + hour // settings.whole("prices.speed_kmh")


def visits(case: Case) -> list[int]:
    """Return the in-person visits a year from every demand point, in proportion to people."""
    per_file, everybody = case.settings.whole("reception.visits_per_file"), sum(case.people)
    return [down(Fraction(case.needs.in_person * people * per_file, everybody)) for people in case.people]


def people_moving(case: Case, arrangement: Arrangement) -> int:
    """Return the people that move: everybody, or those whose known site today is another one."""
    if case.settings.word("start") == "before_reform":
        return sum(part.people for part in case.needs.parts)
    return sum(
        part.people
        for part in case.needs.parts
        if case.known.get(part.name, arrangement[part.name]) != arrangement[part.name]
    )


def departments_apart(case: Case, arrangement: Arrangement) -> int:
    """Return the departments that do not sit where the office sits."""
    office = case.office
    if office is None:
        return 0
    return sum(
        part.kind == "department" and arrangement[part.name] != arrangement[office.name]
        for part in case.needs.parts
    )


def site_cost(case: Case, site: Site, parts: Iterable[PartNeed]) -> dict[str, int]:
    """Return what the parts on one site cost there, by item (capital once, the rest a year)."""
    price, parts = case.settings.whole, list(parts)
    norm, people = sum(part.norm for part in parts), sum(part.people for part in parts)
    short = max(0, norm - site.floor)
    used = norm - short
    in_place = case.settings.word("start") == "today" and site.site_id in case.used_today
    renovation = price(f"prices.renovation_{site.condition.lower()}_vnd_per_m2")
    return {
        "renovation": 0 if in_place else used * renovation,
        "fit_out": 0
        if in_place
        else max(0, people - site.workplaces) * price("prices.furniture_vnd_per_person"),
        "running": used * price("prices.running_vnd_per_m2_year"),
        "site_fixed": price("prices.site_fixed_vnd_year") if site.ward == case.ward.code else 0,
        "crowding": short * price("prices.crowding_vnd_per_m2_year"),
    }


def hall_rent(case: Case, used: Iterable[str]) -> int:
    """Return the yearly rent for the seats that the largest hall is short of the norm."""
    if case.settings.word("rules.hall") == "off":
        return 0
    short = max(0, case.needs.seats_norm - largest_hall(case, used))
    return short * case.settings.whole("prices.hall_rent_vnd_per_seat_year")


def staff_travel(case: Case, arrangement: Arrangement) -> int:
    """Return the yearly cost of trips between the parts."""
    days, per_km = case.settings.whole("reception.working_days"), vnd_per_km(case.settings, "staff")
    metres = sum(
        (
            trips * days * case.between[arrangement[a], arrangement[b]]
            for (a, b), trips in case.trips.items()
            if arrangement[a] != arrangement[b]
        ),
        Fraction(0),
    )
    return floor(metres * per_km / 1000)


def citizen_travel(case: Case, roads: Iterable[int]) -> int:
    """Return the yearly cost of people's trips, there and back, to a reception point at the end of some roads."""
    metres = sum(2 * n * road for n, road in zip(visits(case), roads, strict=True))
    return metres * vnd_per_km(case.settings, "citizen") // 1000


def release_value(case: Case, site: Site, route: str) -> int:
    """Return what a released site brings: a year with route ``lease``, once with ``auction``."""
    key = (site.site_id, route)
    if key not in case.worth:
        land_price, rent = case.zone
        number = case.settings.number
        value = 0
        if route == "lease":
            net = down(site.floor * number("space.net_to_gross"))
            value = down(net * rent * 12 * number("release.lease_share"))
        elif route == "auction":
            value = down(site.land * land_price * number("release.auction_price_share"))
        case.worth[key] = value
    return case.worth[key]


def reception_site(case: Case, arrangement: Arrangement) -> str:
    """Return the site of the reception point."""
    return next(arrangement[part.name] for part in case.needs.parts if part.body == RECEPTION)


def own_costs(case: Case, arrangement: Arrangement) -> tuple[dict[str, int], dict[str, int]]:
    """Return the cost items of the first year only, and those of every year, in prices of the first year."""
    once, yearly = office_costs(case, arrangement)
    yearly["citizen_travel"] = citizen_travel(case, case.to_reception[reception_site(case, arrangement)])
    return once, yearly


def office_costs(case: Case, arrangement: Arrangement) -> tuple[dict[str, int], dict[str, int]]:
    """Return `own_costs` without the trips of citizens."""
    price = case.settings.whole
    once = {"renovation": 0, "fit_out": 0}
    yearly = dict.fromkeys(YEARLY, 0)
    on_site = loads(case, arrangement)
    for site_id, parts in on_site.items():
        for item, vnd in site_cost(case, case.sites[site_id], parts).items():
            (once if item in once else yearly)[item] += vnd
    once["moves"] = people_moving(case, arrangement) * price("prices.move_vnd_per_person")
    yearly["hall_rent"] = hall_rent(case, on_site)
    yearly["staff_travel"] = staff_travel(case, arrangement)
    yearly["cohesion"] = departments_apart(case, arrangement) * price("prices.cohesion_vnd_per_part_year")
    yearly.update(workload_costs(case))
    return once, yearly


def without_reception(case: Case) -> Case:
    """Return the case of a ward whose reception was handed over: without its people, floor and trips."""
    left = tuple(part for part in case.needs.parts if part.body != RECEPTION)
    names = {part.name for part in left}
    trips = {pair: n for pair, n in case.trips.items() if names.issuperset(pair)}
    return replace(case, needs=replace(case.needs, parts=left), trips=trips)


def departments(case: Case) -> int:
    """Return the departments as they are counted: leaders and office, departments, and the reception if it counts."""
    kinds = sum(part.kind in ("leaders", "department") for part in case.needs.parts)
    return kinds + case.settings.whole("departments.count_reception")


def workload_costs(case: Case) -> dict[str, int]:
    """Return what further departments cost a year, and the posts beyond what the departments are made for."""
    whole = case.settings.whole
    if not case.settings.flag("departments.open"):
        return {"departments": 0, "overload": 0}
    posts = whole("staffing.government_base") + extra_posts(case.ward, case.settings)
    beyond = max(0, posts - departments(case) * whole("departments.posts_each"))
    return {
        "departments": case.extra * whole("departments.extra_vnd_year"),
        "overload": beyond * whole("departments.overload_vnd_per_post_year"),
    }


def cost_rows(case: Case, arrangement: Arrangement) -> dict[tuple[int, str], int]:
    """Return the dong of every year and item, without the zeros, where nothing changes over the years."""
    once, yearly = own_costs(case, arrangement)
    years, route = case.settings.years, case.settings.word("release.route")
    income = -sum(
        release_value(case, site, route)
        for name, site in case.own.items()
        if name not in arrangement.values()
    )
    (once if route == "auction" else yearly)["release_income"] = income
    rows = {(years[0], item): vnd for item, vnd in once.items() if vnd}
    rows.update({(year, item): vnd for year in years for item, vnd in yearly.items() if vnd})
    return rows


def discounted(rows: Mapping[tuple[int, str], int], factor: Mapping[int, int]) -> int:
    """Return the net present cost in millionths of a dong: a whole number, not rounded yet."""
    return sum(vnd * factor[year] for (year, _), vnd in rows.items())
