"""Brute force for plans over time: every plan of every ward priced year by year, every combination of wards.

Slow, plain and literal (docs/model.md, section 5). Where it leaves something out, the reason is one line of
arithmetic: what is left out costs no less and uses no less of everything than something that is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np

from tests.oracle import brute
from tests.oracle.timefacts import CAPITAL, ITEMS, MILLION, NEEDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.oracle.facts import Ward
    from tests.oracle.timefacts import Candidate, Mode, TimeCity

Table = dict[tuple[str, int, str], int]
"""Dong by ward, year and item."""


# --- arrangements ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Interim:
    """An arrangement of a ward: ``used`` are sites of its own, ``yearly`` the items of one year in their order."""

    extra: int
    seats: tuple[int, ...]
    used: frozenset[int]
    capital: tuple[int, int, int]
    yearly: tuple[int, ...]
    missing: tuple[int, int]


def _interim(
    city: TimeCity, mode: Mode, ward: Ward, seats: tuple[int, ...], foreign: int | None = None
) -> Interim:
    """Price an arrangement; `foreign` is the position of a site of another ward."""
    once, yearly = brute.price(city.flat, ward, seats)
    items = [yearly.get(item, 0) for item in ITEMS]
    items[ITEMS.index("departments")] = mode.departments_yearly
    items[ITEMS.index("overload")] = mode.overload_yearly
    if foreign in seats:  # the owner pays for it
        items[ITEMS.index("site_fixed")] -= city.scenario.prices.site_fixed_vnd_year
    load = {j: 0 for j in seats}
    for part, seat in zip(ward.parts, seats, strict=True):
        load[seat] += part.tight
    missing_m2 = sum(max(0, m2 - ward.sites[j].floor) for j, m2 in load.items() if j != foreign)
    hall = max(ward.sites[j].hall for j in load)
    missing_seats = 0 if city.scenario.rules.hall == "off" else max(0, ward.hall_tight - hall)
    return Interim(
        extra=mode.extra,
        seats=seats,
        used=frozenset(seats) - {foreign},
        capital=(once["renovation"], once["fit_out"], once["moves"]),
        yearly=tuple(items),
        missing=(missing_m2, missing_seats),
    )


def _all_seats(city: TimeCity, ward: Ward) -> Iterator[tuple[int, ...]]:
    for seats in product(range(len(ward.sites)), repeat=len(ward.parts)):
        if brute._may_sit(city.flat, ward, seats):
            yield seats


def enough_alone(city: TimeCity, arrangements: Iterable[Interim], ward: Ward) -> bool:
    """Tell whether rule 3 asks for one site: a single site of its own, allowed, holds everything."""
    which = city.scenario.rules.one_site_where_enough
    return which != "off" and any(
        len(found.used) == 1
        and found.missing == (0, 0)
        and (which == "any" or ward.sites[found.seats[0]].district_hq)
        for found in arrangements
    )


def interims(city: TimeCity, w: int) -> list[Interim]:
    """Return the arrangements that rules 1 to 4 allow, for every number of further departments.

    The least that is missing where a rule is reported is that of the ward, over all its departments.
    """
    rules = city.scenario.rules
    found: list[Interim] = []
    for mode in city.wards[w].modes:
        here = [_interim(city, mode, mode.ward, seats) for seats in _all_seats(city, mode.ward)]
        if enough_alone(city, here, mode.ward):
            here = [arrangement for arrangement in here if len(arrangement.used) == 1]
        found += here
    if rules.floor_area == "enforce":
        found = [arrangement for arrangement in found if not arrangement.missing[0]]
    if rules.hall == "enforce":
        found = [arrangement for arrangement in found if not arrangement.missing[1]]
    least = min((arrangement.missing for arrangement in found), default=None)
    return [arrangement for arrangement in found if arrangement.missing == least]


def cheapest(arrangements: Iterable[Interim], *keys: dict[Interim, tuple[int, ...]]) -> list[Interim]:
    """Leave out arrangements that use the same sites as another but spend no less at once and every year.

    Everything else of a plan depends on the sites in use and on what the departments are.
    """
    by_use: dict[object, list[Interim]] = {}
    for arrangement in arrangements:
        group = (arrangement.extra, arrangement.used, *(key[arrangement] for key in keys))
        by_use.setdefault(group, []).append(arrangement)
    kept = []
    for group in by_use.values():
        group.sort(key=lambda a: (sum(a.capital), sum(a.yearly)))
        least = None
        for arrangement in group:
            if least is None or sum(arrangement.yearly) < least:
                kept.append(arrangement)
                least = sum(arrangement.yearly)
    return kept


# --- plans of one ward -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class WardPlan:
    """An arrangement, perhaps a centre with the year it is begun, and the route of what is left for cash.

    ``freed`` tells of every free site the year and the m²; ``opens`` is None without a centre.
    """

    ward: int
    interim: Interim
    candidate: Candidate | None
    start: int | None
    opens: int | None
    cash: str
    table: Table
    freed: tuple[tuple[int, int], ...]
    routes: dict[str, tuple[int, str]]


@dataclass(frozen=True)
class Option:
    """A plan of a ward, or of two wards that share: cost in millionths of a dong, the whole table of dong."""

    plans: tuple[WardPlan, ...]
    cost: int
    table: Table
    capital: tuple[int, ...]
    income: tuple[int, ...]


def _release(
    city: TimeCity, w: int, free: dict[int, int], cash: str
) -> tuple[dict[int, int], dict[str, tuple[int, str]]]:
    """Return income year by year of the sites that are free from a year, and year and route of every site."""
    ward, release = city.wards[w], city.scenario.release
    sites = ward.modes[0].ward.sites
    value = ward.rents if cash == "lease" else ward.prices
    order = sorted(free, key=lambda j: (free[j], value[j], sites[j].id))
    uses: list[str] = []
    if release.route == "priority":
        uses = [use for use in NEEDS for _ in range(getattr(release, f"needs_{use}"))]
    income: dict[int, int] = {}
    routes: dict[str, tuple[int, str]] = {}
    for place, j in enumerate(order):
        route = uses[place] if place < len(uses) else cash
        routes[sites[j].id] = free[j], route
        if route == "lease":
            years = range(free[j], city.years)
        elif route == "auction":
            years = range(free[j], free[j] + 1)
        else:
            years = range(0)
        for t in years:
            income[t] = income.get(t, 0) + value[j] * city.growth[t] // MILLION
    return income, routes


def split_year(items: tuple[int, ...], growth: int) -> list[int]:
    """Escalate the items of a year as one sum and split it again."""
    rows, before = [], 0
    for k in range(len(items)):
        after = sum(items[: k + 1]) * growth // MILLION
        rows.append(after - before)
        before = after
    return rows


def _centre_rows(city: TimeCity, mode: Mode, candidate: Candidate, start: int) -> dict[tuple[int, str], int]:
    """Return the rows of a centre: capital, what it is worth in the end, every year's items."""
    prices, last = city.scenario.prices, city.years - 1
    opens, b = start + candidate.build, candidate.build
    rows: dict[tuple[int, str], int] = {}
    building = land = 0
    for k in range(b):
        for item, whole in (("construction", candidate.construction), ("contingency", candidate.contingency)):
            share = whole * (k + 1) // b - whole * k // b
            rows[start + k, item] = share * city.building_growth[start + k] // MILLION
            building += rows[start + k, item]
    if candidate.land:
        land = rows[start, "land"] = candidate.land * city.building_growth[start] // MILLION
    for item, price in (
        ("fit_out", prices.furniture_vnd_per_person),
        ("moves", prices.move_vnd_per_person),
    ):
        rows[opens, item] = mode.people * price * city.building_growth[opens] // MILLION
    life = city.scenario.centres.life_years
    worth = building * max(0, life - (city.years - opens)) // life + land
    rows[last, "residual_value"] = -worth
    items = dict.fromkeys(ITEMS, 0)
    items["running"] = candidate.floor * prices.running_vnd_per_m2_year
    items["site_fixed"] = prices.site_fixed_vnd_year
    items["citizen_travel"] = candidate.reception_yearly
    items["departments"], items["overload"] = mode.departments_yearly, mode.overload_yearly
    for t in range(opens, city.years):
        for item, dong in zip(ITEMS, split_year(tuple(items.values()), city.growth[t]), strict=True):
            rows[t, item] = dong
    return rows


def _plan(
    city: TimeCity, w: int, interim: Interim, candidate: Candidate | None, start: int | None, cash: str
) -> WardPlan:
    ward = city.wards[w]
    mode = ward.modes[interim.extra]
    first = city.scenario.horizon.start_year
    rows: dict[tuple[int, str], int] = {}
    for item, dong in zip(CAPITAL[:3], interim.capital, strict=True):
        rows[0, item] = dong
    opens = None
    if candidate is not None and start is not None:
        opens = start + candidate.build
        for (t, item), dong in _centre_rows(city, mode, candidate, start).items():
            rows[t, item] = rows.get((t, item), 0) + dong
    for t in range(city.years if opens is None else opens):
        for item, dong in zip(ITEMS, split_year(interim.yearly, city.growth[t]), strict=True):
            rows[t, item] = dong
    free = {}
    for j in range(len(mode.ward.sites)):
        if candidate is not None and candidate.site == j:
            continue
        if j not in interim.used:
            free[j] = 0
        elif opens is not None:
            free[j] = opens
    income, routes = _release(city, w, free, cash)
    for t, dong in income.items():
        rows[t, "release_income"] = -dong
    return WardPlan(
        ward=w,
        interim=interim,
        candidate=candidate,
        start=start,
        opens=opens,
        cash=cash,
        table={(ward.code, first + t, item): dong for (t, item), dong in sorted(rows.items()) if dong},
        freed=tuple((year, mode.ward.sites[j].floor) for j, year in sorted(free.items())),
        routes=routes,
    )


def cash_routes(city: TimeCity) -> tuple[str, ...]:
    """Return the routes a ward may choose for what public needs leave."""
    release = city.scenario.release
    if release.route != "priority":
        return (release.route,)
    return ("lease", "auction") if release.cash_route == "best" else (release.cash_route,)


def option(city: TimeCity, *plans: WardPlan) -> Option:
    """Add up the plans of one ward or of two."""
    table: Table = {}
    for plan in plans:
        table |= plan.table
    first = city.scenario.horizon.start_year
    capital, income = [0] * city.years, [0] * city.years
    cost = 0
    for (_, year, item), dong in table.items():
        cost += dong * city.weights[year - first]
        if item in CAPITAL:
            capital[year - first] += dong
        elif item == "release_income":
            income[year - first] -= dong
    return Option(plans, cost, table, tuple(capital), tuple(income))


def ward_options(city: TimeCity, w: int, *, everything: bool = False) -> list[Option]:
    """Return the plans of a ward that shares nothing."""
    found = []
    arrangements = interims(city, w)
    for interim in arrangements if everything else cheapest(arrangements):
        mode = city.wards[w].modes[interim.extra]
        ways: list[tuple[Candidate | None, int | None]] = [(None, None)]
        for candidate in mode.candidates:
            if candidate.site in interim.used and not candidate.beside:
                continue
            soonest = city.scenario.centres.first_start_after_years
            ways += [(candidate, s) for s in range(soonest, city.years - candidate.build)]
        found += [
            option(city, _plan(city, w, interim, candidate, start, cash))
            for (candidate, start), cash in product(ways, cash_routes(city))
        ]
    return found


# --- shared premises ---------------------------------------------------------------------------------------------


def pair_options(city: TimeCity, p: int, *, everything: bool = False) -> list[Option]:
    """Return the plans of two wards that share a site."""
    pair = city.pairs[p]
    loads = {
        owner: _load(city.wards[pair.owner].modes[owner.extra].ward, owner.seats, pair.site)
        for owner in interims(city, pair.owner)
        if pair.site in owner.used and owner.missing == (0, 0)
    }
    owners = list(loads) if everything else cheapest(loads, loads)
    by_load: dict[tuple[int, ...], list[Interim]] = {}
    found = []
    for owner in owners:
        tight, norm, people = load = loads[owner]
        if load not in by_load:
            by_load[load] = list(guests(city, p, tight, norm, people))
            if not everything:
                by_load[load] = cheapest(by_load[load])
        found += [
            option(
                city,
                _plan(city, pair.owner, owner, None, None, cash),
                _plan(city, pair.guest, guest, None, None, other),
            )
            for guest in by_load[load]
            for cash, other in product(cash_routes(city), repeat=2)
        ]
    return found


def _load(ward: Ward, seats: tuple[int, ...], site: int) -> tuple[int, int, int]:
    """Return tight fit, norm and people of what sits on a site."""
    here = [part for part, seat in zip(ward.parts, seats, strict=True) if seat == site]
    return (
        sum(part.tight for part in here),
        sum(part.norm for part in here),
        sum(part.people for part in here),
    )


def rest_of(ward: Ward, norm: int, people: int) -> Ward:
    """Return the ward with what the owner leaves of its last site, the shared one."""
    site = ward.sites[-1]
    rest = replace(site, floor=max(0, site.floor - norm), workplaces=max(0, site.workplaces - people))
    return replace(ward, sites=(*ward.sites[:-1], rest))


def guests(city: TimeCity, p: int, tight: int, norm: int, people: int) -> Iterator[Interim]:
    """Return arrangements of the guest with a part on the shared site, given what the owner has there.

    Sharing, nothing may be missing, also where that is only reported.
    """
    pair = city.pairs[p]
    for mode, ward in zip(city.wards[pair.guest].modes, pair.guest_modes, strict=True):
        alone = [_interim(city, mode, mode.ward, seats) for seats in _all_seats(city, mode.ward)]
        if enough_alone(city, alone, mode.ward):
            continue
        shared = len(ward.sites) - 1
        site, as_guest = ward.sites[shared], rest_of(ward, norm, people)
        for seats in _all_seats(city, ward):
            if shared not in seats or tight + _load(ward, seats, shared)[0] > site.floor:
                continue
            guest = _interim(city, mode, as_guest, seats, shared)
            if guest.missing == (0, 0):
                yield guest


# --- city-wide rules ---------------------------------------------------------------------------------------------


def budget_years(city: TimeCity) -> dict[int, int]:
    """Return the limit of every year that has a budget, carried over if that is set."""
    budget, first = city.scenario.budget, city.scenario.horizon.start_year
    years = range(first, first + city.years)
    begins = first + 1 if budget.from_year is None else budget.from_year
    own = {}
    for year in years:
        if year in budget.by_year_vnd:
            own[year] = budget.by_year_vnd[year]
        elif budget.yearly_vnd is not None and year >= begins:
            own[year] = budget.yearly_vnd
    if not own or not budget.carry_over:
        return own
    limits, whole = {}, 0
    for year in years:
        if year >= min(own):
            whole += own.get(year, 0)
            limits[year] = whole
    return limits


def limits(city: TimeCity) -> dict[str, int]:
    """Return the limit of every city-wide rule that the scenario sets."""
    rules, first = city.scenario.rules, city.scenario.horizon.start_year
    found: dict[str, int | None] = {
        "premises": rules.premises_max,
        "capital": rules.capital_max_vnd,
        "departments": rules.departments_max,
    }
    found |= {f"budget_{year}": limit for year, limit in budget_years(city).items()}
    for t in range(city.years):
        found[f"building_{first + t}"] = rules.centres_building_max
        if t:
            found[f"relocations_{first + t}"] = rules.relocations_max
    found |= {f"surplus_{year}": -least for year, least in rules.surplus_min.items()}
    found |= {f"surplus_m2_{year}": -least for year, least in rules.surplus_m2_min.items()}
    for name, least in (
        ("centres", rules.centres_min),
        ("centres_phuong", rules.centres_min_phuong),
        ("centres_xa", rules.centres_min_xa),
    ):
        found[name] = None if least is None else -least
    found |= {f"centres_district:{name}": -least for name, least in rules.centres_min_by_district.items()}
    return {name: limit for name, limit in found.items() if limit is not None}


def use(city: TimeCity, chosen: Option, name: str) -> int:
    """Return what a plan uses of a city-wide resource."""
    plans = chosen.plans
    if name == "premises":
        return sum(len(plan.interim.used) for plan in plans)
    if name == "capital":
        return chosen.capital[0]
    if name == "departments":
        return sum(city.wards[plan.ward].modes[plan.interim.extra].departments for plan in plans)
    built = [plan for plan in plans if plan.opens is not None]
    if name.startswith("centres"):
        kinds = {"centres_phuong": "phường", "centres_xa": "xã"}
        if name in kinds:
            built = [plan for plan in built if city.wards[plan.ward].kind == kinds[name]]
        elif name.startswith("centres_district:"):
            district = name.partition(":")[2]
            built = [plan for plan in built if city.wards[plan.ward].district == district]
        return -len(built)
    kind, _, year = name.rpartition("_")
    t = int(year) - city.scenario.horizon.start_year
    if kind == "building":
        return sum(plan.start <= t < plan.opens for plan in built)
    if kind == "relocations":
        return sum(plan.opens == t for plan in built)
    if kind == "surplus":
        return -sum(year <= t for plan in plans for year, _ in plan.freed)
    if kind == "surplus_m2":
        return -sum(m2 for plan in plans for year, m2 in plan.freed if year <= t)
    assert kind == "budget", name
    budget = city.scenario.budget
    first = t
    if budget.carry_over:
        first = min(budget_years(city)) - city.scenario.horizon.start_year
    spent = 0
    for u in range(first, t + 1):
        spent += chosen.capital[u]
        if budget.recycle_income and u:
            spent -= chosen.income[u - 1]
    return spent


# --- the city ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Best:
    """The optimum of the city in millionths of a dong; None where there is no plan."""

    cost: int | None
    options: tuple[Option, ...] = ()
    uses: dict[str, int] = field(default_factory=dict)

    @property
    def table(self) -> Table:
        """The whole cost table of the plan."""
        return {key: dong for chosen in self.options for key, dong in chosen.table.items()}


@dataclass
class Enumerated:
    """All plans: of every ward, and of every pair that may share."""

    city: TimeCity
    wards: list[list[Option]]
    pairs: list[list[Option]]

    def groupings(self) -> Iterator[list[list[Option]]]:
        """Yield, for every set of pairs that may share at the same time, the lists to choose one option from each."""
        pairs = self.city.pairs
        for count in range(len(pairs) + 1):
            for sharing in combinations(range(len(pairs)), count):
                busy = [w for p in sharing for w in (pairs[p].owner, pairs[p].guest)]
                if len(set(busy)) < len(busy):
                    continue
                alone = [options for w, options in enumerate(self.wards) if w not in busy]
                yield [*(self.pairs[p] for p in sharing), *alone]


def enumerate_all(city: TimeCity, *, everything: bool = False) -> Enumerated:
    """Return all plans; with `everything` also those that another is at least as good as in every way."""
    return Enumerated(
        city,
        [ward_options(city, w, everything=everything) for w in range(len(city.wards))],
        [pair_options(city, p, everything=everything) for p in range(len(city.pairs))],
    )


def solve(city: TimeCity, plans: Enumerated | None = None) -> Best:
    """Return the optimum over every combination of plans within the city-wide limits."""
    plans = plans or enumerate_all(city)
    bounds = limits(city)
    best = Best(None)
    for groups in plans.groupings():
        found = least(city, groups, bounds, best.cost)
        if found is not None:
            cost = sum(chosen.cost for chosen in found)
            if best.cost is None or cost < best.cost:
                uses = {name: sum(use(city, chosen, name) for chosen in found) for name in bounds}
                best = Best(cost, tuple(found), uses)
    return best


def some_choice(plans: Enumerated, prices: dict[str, int]) -> list[Option] | None:
    """Return the cheapest choice without limits, each unit of use at a price in millionths of a dong."""

    def weighed(chosen: Option) -> int:
        return chosen.cost + sum(price * use(plans.city, chosen, name) for name, price in prices.items())

    found = [[min(options, key=weighed) for options in groups] for groups in plans.groupings() if all(groups)]
    return min(found, key=lambda choice: sum(weighed(chosen) for chosen in choice), default=None)


def least(
    city: TimeCity,
    groups: list[list[Option]],
    bounds: dict[str, int],
    below: int | None = None,
) -> list[Option] | None:
    """Return the cheapest choice of one option from each group within the limits; None if there is none.

    A choice that costs `below` or more does not count. Partial choices are left out that cannot keep a limit, and
    those for which there is another that costs no more and uses no more.
    """
    if not all(groups):
        return None
    assert sum(max(abs(chosen.cost) for chosen in options) for options in groups) < 2**62
    rows = [
        np.array([[c.cost, *(use(city, c, name) for name in bounds)] for c in options], np.int64)
        for options in groups
    ]
    limit = np.array(list(bounds.values()), np.int64)
    # A limit that no choice can break is none.
    most = sum(values[:, 1:].max(axis=0) for values in rows)
    tight = np.flatnonzero(most > limit)
    limit = limit[tight]
    rows = [values[:, [0, *(tight + 1)]] for values in rows]
    ceiling = np.concatenate([[2**62 if below is None else below - 1], limit])
    left = [
        sum((values.min(axis=0) for values in rows[k + 1 :]), np.zeros(len(ceiling), np.int64))
        for k in range(len(rows))
    ]
    sums = np.zeros((1, len(ceiling)), np.int64)
    parents: list[tuple[np.ndarray, np.ndarray]] = []
    for k, values in enumerate(rows):
        mine = _undominated(values)
        total = sums[:, None, :] + values[mine][None, :, :]
        before, which = np.nonzero((total + left[k] <= ceiling).all(axis=2))
        total = total[before, which]
        if not len(total):
            return None
        kept = _undominated(total) if k + 1 < len(rows) else np.array([int(total[:, 0].argmin())])
        sums = total[kept]
        parents.append((before[kept], mine[which[kept]]))
    chosen, at = [], 0
    for (before, which), options in zip(reversed(parents), reversed(groups), strict=True):
        chosen.append(options[which[at]])
        at = int(before[at])
    return chosen[::-1]


def _undominated(values: np.ndarray) -> np.ndarray:
    """Return the positions of rows for which no other row is at most as large everywhere (of equal rows the first)."""
    order = np.lexsort(values.T[::-1])
    ranked = values[order]
    kept = np.empty_like(ranked)
    positions, count = [], 0
    for i, row in enumerate(ranked):
        if count and (kept[:count] <= row).all(axis=1).any():
            continue
        kept[count] = row
        count += 1
        positions.append(order[i])
    return np.array(positions, np.int64)


# --- judging a plan of the program -------------------------------------------------------------------------------


def legal_choice(city: TimeCity, table: Table, cost: int) -> list[Option] | None:
    """Return a choice of plans with exactly this cost table that keeps every rule; None if there is none."""
    plans = enumerate_all(city, everything=True)
    bounds = limits(city)
    for groups in plans.groupings():
        choices = []
        for options in groups:
            codes = {city.wards[plan.ward].code for plan in options[0].plans} if options else set()
            mine = {key: dong for key, dong in table.items() if key[0] in codes}
            choices.append([chosen for chosen in options if chosen.table == mine])
        found = least(city, choices, bounds)
        if found is not None and sum(chosen.cost for chosen in found) == cost:
            return found
    return None
