"""Rules, costs and measures of one ward's arrangement: docs/model.md sections 3 and 4.

An arrangement is a dict from part to site. `Case` holds what a ward's rules and prices depend on; all
else in this file are functions of a case and an arrangement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import floor

from planner.audit.needs import Map, Needs, PartNeed, down, half_up, needs_of
from planner.audit.read import COMMITTEE, RECEPTION, Inputs, Settings, Site, Ward

Arrangement = Mapping[str, str]

HEADINGS = {
    "renovation": "capital", "fit_out": "capital", "moves": "capital",
    "running": "recurrent", "site_fixed": "recurrent", "hall_rent": "recurrent",
    "staff_travel": "social", "cohesion": "social", "citizen_travel": "social", "crowding": "social",
    "release_income": "income",
}  # fmt: skip
MILLION = 10**6


@dataclass(frozen=True)
class Case:
    """One ward with everything its rules and prices depend on.

    Attributes
    ----------
    sites : dict of str to Site
        The sites that may be used, in the order of their ids: those of the ward that are not excluded.
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

    @property
    def office(self) -> PartNeed | None:
        """The leaders and office of the People's Committee, which departments are near to or apart from."""
        return next((part for part in self.needs.parts if part.kind == "leaders"), None)


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
        )
    return cases


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
        site: sum(part.tight for part in parts) - case.sites[site].floor
        for site, parts in loads(case, arrangement).items()
    }
    return {site: m2 for site, m2 in missing.items() if m2 > 0}


def largest_hall(case: Case, used: Iterable[str]) -> int:
    """Return the seats of the largest hall of some sites."""
    return max((case.sites[site].hall for site in used), default=0)


def missing_seats(case: Case, arrangement: Arrangement) -> int:
    """Return the seats that the largest hall is short of the tight fit; none where there is no hall rule."""
    if case.settings.word("rules.hall") == "off":
        return 0
    return max(0, case.needs.seats_tight - largest_hall(case, set(arrangement.values())))


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
        for site in case.sites.values()
        if bound <= {site.site_id}
        and site.floor >= floor_needed
        and site.hall >= seats_needed
        and (rule == "any" or site.kind == rule)
    ]


# -- costs ----------


def factors(settings: Settings) -> dict[int, int]:
    """Return the discount factor of every year in parts per million."""
    rate = 1 + settings.number("horizon.discount_rate")
    return {year: half_up(MILLION / rate**i) for i, year in enumerate(settings.years)}


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
        "site_fixed": price("prices.site_fixed_vnd_year"),
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


def citizen_travel(case: Case, reception_site: str) -> int:
    """Return the yearly cost of people's trips, there and back, to the reception point."""
    metres = sum(
        2 * n * road for n, road in zip(visits(case), case.to_reception[reception_site], strict=True)
    )
    return metres * vnd_per_km(case.settings, "citizen") // 1000


def release_value(case: Case, site: Site) -> int:
    """Return what a released site brings: a year with route ``lease``, once with ``auction``."""
    land_price, rent = case.zone
    number = case.settings.number
    match case.settings.word("release.route"):
        case "lease":
            net = down(site.floor * number("space.net_to_gross"))
            return down(net * rent * 12 * number("release.lease_share"))
        case "auction":
            return down(site.land * land_price * number("release.auction_price_share"))
    return 0


def reception_site(case: Case, arrangement: Arrangement) -> str:
    """Return the site of the reception point."""
    return next(arrangement[part.name] for part in case.needs.parts if part.body == RECEPTION)


def yearly_costs(case: Case, arrangement: Arrangement) -> tuple[dict[str, int], dict[str, int]]:
    """Return the cost items of the first year only, and those of every year."""
    price = case.settings.whole
    once = {"renovation": 0, "fit_out": 0}
    yearly = {"running": 0, "site_fixed": 0, "crowding": 0}
    on_site = loads(case, arrangement)
    for site_id, parts in on_site.items():
        for item, vnd in site_cost(case, case.sites[site_id], parts).items():
            (once if item in once else yearly)[item] += vnd
    once["moves"] = people_moving(case, arrangement) * price("prices.move_vnd_per_person")
    yearly["hall_rent"] = hall_rent(case, on_site)
    yearly["staff_travel"] = staff_travel(case, arrangement)
    yearly["cohesion"] = departments_apart(case, arrangement) * price("prices.cohesion_vnd_per_part_year")
    yearly["citizen_travel"] = citizen_travel(case, reception_site(case, arrangement))
    income = -sum(release_value(case, site) for site in case.sites.values() if site.site_id not in on_site)
    (once if case.settings.word("release.route") == "auction" else yearly)["release_income"] = income
    return once, yearly


def cost_rows(case: Case, arrangement: Arrangement) -> dict[tuple[int, str], int]:
    """Return the dong of every year and item, without the zeros."""
    once, yearly = yearly_costs(case, arrangement)
    years = case.settings.years
    rows = {(years[0], item): vnd for item, vnd in once.items() if vnd}
    rows.update({(year, item): vnd for year in years for item, vnd in yearly.items() if vnd})
    return rows


def discounted(rows: Mapping[tuple[int, str], int], factor: Mapping[int, int]) -> int:
    """Return the net present cost in millionths of a dong: a whole number, not rounded yet."""
    return sum(vnd * factor[year] for (year, _), vnd in rows.items())


# -- measures ----------

UNITS = {
    "premises": "sites", "premises_released": "sites", "surplus_floor": "m2", "floor_in_use": "m2",
    "surveyed_share": "share", "tight_fit": "m2", "norm": "m2", "missing_to_norm": "m2",
    "missing_to_tight": "m2", "staff": "people", "citizen_travel_mean": "m", "citizen_travel_max": "m",
    "body_distance_mean": "m", "body_distance_max": "m", "parts_apart": "parts", "counters": "counters",
    "in_person_files_day": "files", "hall_seats": "seats", "hall_seats_norm": "seats", "moves": "people",
    "cost_capital": "VND", "cost_recurrent_year": "VND", "cost_social_year": "VND", "income": "VND",
    "net_present_cost": "VND",
}  # fmt: skip
_LARGEST = ("citizen_travel_max", "body_distance_max")


@dataclass(frozen=True)
class WardMeasures:
    """The measures of a ward, and the sums that measures of the whole city are made from."""

    values: dict[str, Fraction | int]
    surveyed_floor: int
    people: int
    people_metres: int
    in_person: int
    discounted: int


def measures(case: Case, arrangement: Arrangement, rows: Mapping[tuple[int, str], int]) -> WardMeasures:
    """Return every measure of one ward."""
    on_site = loads(case, arrangement)
    used = [case.sites[site] for site in on_site]
    released = [site for site in case.sites.values() if site.site_id not in on_site]
    floor_in_use = sum(site.floor for site in used)
    surveyed = sum(site.floor for site in used if site.basis == "surveyed")
    roads = case.to_reception[reception_site(case, arrangement)]
    people_metres = sum(people * road for people, road in zip(case.people, roads, strict=True))
    apart = body_distances(case, arrangement)
    first = case.settings.years[0]

    def heading(name: str, year: int | None = None) -> int:
        return sum(vnd for (y, item), vnd in rows.items() if HEADINGS[item] == name and year in (None, y))

    total = discounted(rows, factors(case.settings))
    values: dict[str, Fraction | int] = {
        "premises": len(used),
        "premises_released": len(released),
        "surplus_floor": sum(site.floor for site in released),
        "floor_in_use": floor_in_use,
        "surveyed_share": decimals(surveyed, floor_in_use, 4),
        "tight_fit": sum(part.tight for part in case.needs.parts),
        "norm": sum(part.norm for part in case.needs.parts),
        "missing_to_norm": sum(
            max(0, sum(part.norm for part in parts) - case.sites[site].floor)
            for site, parts in on_site.items()
        ),
        "missing_to_tight": sum(missing_floor(case, arrangement).values()),
        "staff": sum(part.people for part in case.needs.parts),
        "citizen_travel_mean": decimals(people_metres, sum(case.people), 0),
        "citizen_travel_max": max(roads, default=0),
        "body_distance_mean": decimals(sum(apart), len(apart), 0),
        "body_distance_max": max(apart, default=0),
        "parts_apart": departments_apart(case, arrangement),
        "counters": case.needs.counters,
        "in_person_files_day": decimals(
            case.needs.in_person, case.settings.whole("reception.working_days"), 1
        ),
        "hall_seats": largest_hall(case, on_site),
        "hall_seats_norm": case.needs.seats_norm,
        "moves": people_moving(case, arrangement),
        "cost_capital": heading("capital"),
        "cost_recurrent_year": heading("recurrent", first),
        "cost_social_year": heading("social", first),
        "income": heading("income"),
        "net_present_cost": half_up(Fraction(total, MILLION)),
    }
    return WardMeasures(values, surveyed, sum(case.people), people_metres, case.needs.in_person, total)


def city_measures(wards: list[WardMeasures], settings: Settings) -> dict[str, Fraction | int]:
    """Return the measures of the whole: sums, maxima, and means that are not means of rounded means."""
    values: dict[str, Fraction | int] = {}
    for name in UNITS:
        of_wards = [ward.values[name] for ward in wards]
        values[name] = max(of_wards, default=0) if name in _LARGEST else sum(of_wards)
    values["surveyed_share"] = decimals(sum(w.surveyed_floor for w in wards), int(values["floor_in_use"]), 4)
    values["citizen_travel_mean"] = decimals(
        sum(w.people_metres for w in wards), sum(w.people for w in wards), 0
    )
    values["body_distance_mean"] = decimals(int(values["body_distance_mean"]), len(wards), 0)
    days = settings.whole("reception.working_days")
    values["in_person_files_day"] = decimals(sum(w.in_person for w in wards), days, 1)
    values["net_present_cost"] = half_up(Fraction(sum(w.discounted for w in wards), MILLION))
    return values


def body_distances(case: Case, arrangement: Arrangement) -> list[int]:
    """Return the road metres of every pair of bodies; a body stands where its leaders or first part sit."""
    stands: dict[str, str] = {}
    for part in case.needs.parts:
        if part.kind == "leaders" or part.body not in stands:
            stands[part.body] = arrangement[part.name]
    return [case.between[a, b] if a != b else 0 for a, b in combinations(stands.values(), 2)]


def decimals(numerator: int, denominator: int, digits: int) -> Fraction:
    """Divide and round half up at so many decimals; nothing over nothing is zero."""
    if not denominator:
        return Fraction(0)
    return Fraction(half_up(Fraction(numerator * 10**digits, denominator)), 10**digits)
