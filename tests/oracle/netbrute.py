"""Brute force for the reception network: arrangements, hand-over years, city points and catchments, all of them.

Slow, plain and literal (docs/model.md, section 7), in whole millionths of a dong. A choice is an arrangement of every
ward, the stage in which its reception is handed over, the stages in which every city point is open, and one point for
every demand point and stage from the first on. What is left out costs no less and uses no less of everything than
something that is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from tests.oracle import brute, timebrute
from tests.oracle.timefacts import MILLION, NEEDS

if TYPE_CHECKING:
    from tests.oracle.facts import Ward
    from tests.oracle.netfacts import NetCity

YEARLY = ("running", "site_fixed", "hall_rent", "staff_travel", "cohesion", "crowding")
"""What the sum of a year is made of, in its order."""
CAPITAL = ("renovation", "fit_out", "moves")
Table = dict[tuple[str, int, str], int]
Point = tuple[str, int, int]
"""("ward", ward, site) or ("city", city point, 0)."""


# --- arrangements ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Arrangement:
    """Seats of the parts of a ward; ``alone`` tells whether the reception has its site for itself."""

    seats: tuple[int, ...]
    capital: tuple[int, int, int]
    with_it: tuple[int, ...]
    without: tuple[int, ...]
    missing: tuple[int, int]
    reception: int
    alone: bool
    may_leave: bool

    @property
    def used(self) -> frozenset[int]:
        """The sites in use in the first year."""
        return frozenset(self.seats)


def year_items(city: NetCity, w: int, seats: tuple[int, ...], *, reception: bool) -> tuple[int, ...]:
    """Return the items of a year of an arrangement, with or without the reception."""
    ward, prices = city.wards[w].ward, city.scenario.prices
    left_out = None if reception else city.wards[w].reception
    present = [p for p in range(len(ward.parts)) if p != left_out]
    used = sorted({seats[p] for p in present})
    running = crowding = 0
    for j in used:
        norm = sum(ward.parts[p].norm for p in present if seats[p] == j)
        short = max(0, norm - ward.sites[j].floor)
        running += (norm - short) * prices.running_vnd_per_m2_year
        crowding += short * prices.crowding_vnd_per_m2_year
    rent = 0
    if city.scenario.rules.hall != "off":
        seats_missing = max(0, ward.hall_norm - max(ward.sites[j].hall for j in used))
        rent = seats_missing * prices.hall_rent_vnd_per_seat_year
    metres = sum(
        trips * city.scenario.reception.working_days * ward.metres[seats[a]][seats[b]]
        for (a, b), trips in ward.trips.items()
        if a in present and b in present
    )
    office = next((seats[p] for p in present if ward.parts[p].kind == "leaders"), None)
    apart = sum(ward.parts[p].kind == "department" and seats[p] != office for p in present)
    return (
        running,
        len(used) * prices.site_fixed_vnd_year,
        rent,
        metres * city.flat.staff_km // 1000,
        0 if office is None else apart * prices.cohesion_vnd_per_part_year,
        crowding,
    )


def arrangement(city: NetCity, w: int, seats: tuple[int, ...]) -> Arrangement:
    """Price an arrangement and tell whether its reception may leave."""
    net = city.wards[w]
    ward, mine = net.ward, net.reception
    once, _ = brute.price(city.flat, ward, seats)
    load = dict.fromkeys(seats, 0)
    for part, seat in zip(ward.parts, seats, strict=True):
        load[seat] += part.tight
    rest = {seat for p, seat in enumerate(seats) if p != mine}
    missing = _hall_missing(city, ward, set(seats))
    alone = seats[mine] not in rest
    return Arrangement(
        seats=seats,
        capital=(once["renovation"], once["fit_out"], once["moves"]),
        with_it=year_items(city, w, seats, reception=True),
        without=year_items(city, w, seats, reception=False),
        missing=(sum(max(0, m2 - ward.sites[j].floor) for j, m2 in load.items()), missing),
        reception=seats[mine],
        alone=alone,
        may_leave=not (alone and ward.sites[seats[mine]].required)
        and _hall_missing(city, ward, rest) <= missing,
    )


def _hall_missing(city: NetCity, ward: Ward, used: set[int]) -> int:
    if city.scenario.rules.hall == "off":
        return 0
    return max(0, ward.hall_tight - max(ward.sites[j].hall for j in used))


def arrangements(city: NetCity, w: int) -> list[Arrangement]:
    """Return the arrangements that rules 1 to 4 allow in the first year."""
    rules, ward = city.scenario.rules, city.wards[w].ward
    choices = product(range(len(ward.sites)), repeat=len(ward.parts))
    found = [arrangement(city, w, seats) for seats in choices if brute._may_sit(city.flat, ward, seats)]
    which = rules.one_site_where_enough
    if which != "off" and any(
        len(a.used) == 1 and a.missing == (0, 0) and (which == "any" or ward.sites[a.seats[0]].district_hq)
        for a in found
    ):
        found = [a for a in found if len(a.used) == 1]
    if rules.floor_area == "enforce":
        found = [a for a in found if not a.missing[0]]
    if rules.hall == "enforce":
        found = [a for a in found if not a.missing[1]]
    least = min((a.missing for a in found), default=None)
    return [a for a in found if a.missing == least]


# --- plans of a ward ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class WardPlan:
    """An arrangement, the stage of its hand-over (last + 1: never) and the route of what is left for cash.

    ``rows`` has no `citizen_travel` but that of stage 0.
    """

    ward: int
    arrangement: Arrangement
    handed: int
    cash: str
    rows: dict[tuple[int, str], int]
    cost: int
    freed: tuple[tuple[int, int], ...]
    routes: dict[str, tuple[int, str]]

    @property
    def group(self) -> tuple[int, int]:
        """Site of the reception and stage of the hand-over: all that catchments ask of a ward."""
        return self.arrangement.reception, self.handed


def handed_stages(city: NetCity, w: int) -> list[int]:
    """Return the stages in which a point may be handed over; one more than the last is never."""
    ward, never = city.wards[w], city.last + 1
    if ward.required or not city.last:
        return [never]
    return [1] if ward.excluded else list(range(1, never + 1))


def ward_plan(city: NetCity, w: int, a: Arrangement, handed: int, cash: str) -> WardPlan:
    """Price one plan of a ward, year by year."""
    net = city.wards[w]
    rows: dict[tuple[int, str], int] = dict(zip(((0, item) for item in CAPITAL), a.capital, strict=True))
    h = city.stages[handed].start if handed <= city.last else None
    opening = city.stages[1].start if city.last else city.years
    for t in range(city.years):
        items = a.with_it if h is None or t < h else a.without
        for item, dong in zip(YEARLY, timebrute.split_year(items, city.growth[t]), strict=True):
            rows[t, item] = dong
        if h is None or t < h:
            rows[t, "points"] = city.scenario.network.point_vnd_year * city.growth[t] // MILLION
        if t < opening:
            rows[t, "citizen_travel"] = sum(
                city.yearly_travel(i, city.to_site[i, w, a.reception], t)
                for i, point in enumerate(city.demand)
                if point.ward == w
            )
    free = {j: 0 for j in range(len(net.ward.sites)) if j not in a.used}
    if h is not None:
        people = net.ward.parts[net.reception].people
        moves = people * city.scenario.prices.move_vnd_per_person
        rows[h, "moves"] = rows.get((h, "moves"), 0) + moves
        if a.alone:
            free[a.reception] = h
    income, routes = release(city, w, free, cash)
    for t, dong in income.items():
        rows[t, "release_income"] = -dong
    rows = {key: dong for key, dong in rows.items() if dong}
    return WardPlan(
        ward=w,
        arrangement=a,
        handed=handed,
        cash=cash,
        rows=rows,
        cost=sum(dong * city.weights[t] for (t, _), dong in rows.items()),
        freed=tuple((year, net.ward.sites[j].floor) for j, year in sorted(free.items())),
        routes=routes,
    )


def release(
    city: NetCity, w: int, free: dict[int, int], cash: str
) -> tuple[dict[int, int], dict[str, tuple[int, str]]]:
    """Return income by year, and year and route by site, of sites that are free from a year."""
    net, rule = city.wards[w], city.scenario.release
    value = net.rents if cash == "lease" else net.prices
    uses = []
    if rule.route == "priority":
        uses = [use for use in NEEDS for _ in range(getattr(rule, f"needs_{use}"))]
    income: dict[int, int] = {}
    routes = {}
    order = sorted(free, key=lambda j: (free[j], value[j], net.ward.sites[j].id))
    for place, j in enumerate(order):
        route = uses[place] if place < len(uses) else cash
        routes[net.ward.sites[j].id] = free[j], route
        end = {"lease": city.years, "auction": free[j] + 1}.get(route, 0)
        for t in range(free[j], end):
            income[t] = income.get(t, 0) + value[j] * city.growth[t] // MILLION
    return income, routes


def cash_routes(city: NetCity) -> tuple[str, ...]:
    """Return the routes a ward may choose for what public needs leave."""
    rule = city.scenario.release
    if rule.route != "priority":
        return (rule.route,)
    return ("lease", "auction") if rule.cash_route == "best" else (rule.cash_route,)


def ward_plans(city: NetCity, w: int, *, everything: bool = False) -> list[WardPlan]:
    """Return the plans of a ward.

    Of arrangements with the same sites, the same site of the reception and the same say on whether it may leave,
    one that spends no less at once, in a year with it and in a year without it is left out: all else is the same.
    """
    found = arrangements(city, w)
    if not everything:
        groups: dict[object, list[Arrangement]] = {}
        for a in found:
            groups.setdefault((a.used, a.reception, a.alone, a.may_leave), []).append(a)
        found = []
        for group in groups.values():
            kept: list[tuple[int, int, int]] = []
            amounts = {a: (sum(a.capital), sum(a.with_it), sum(a.without)) for a in group}
            for a in sorted(group, key=amounts.__getitem__):
                mine = amounts[a]
                if not any(all(x <= y for x, y in zip(other, mine, strict=True)) for other in kept):
                    kept.append(mine)
                    found.append(a)
    return [
        ward_plan(city, w, a, handed, cash)
        for a in found
        for handed in handed_stages(city, w)
        if a.may_leave or handed > city.last
        for cash in cash_routes(city)
    ]


# --- city-wide rules that plans of wards meet in -----------------------------------------------------------------


def budget_limits(city: NetCity) -> dict[int, int]:
    """Return the limit of every year (its position) that has a budget."""
    budget, first = city.scenario.budget, city.scenario.horizon.start_year
    begins = first + 1 if budget.from_year is None else budget.from_year
    own = {}
    for t in range(city.years):
        if first + t in budget.by_year_vnd:
            own[t] = budget.by_year_vnd[first + t]
        elif budget.yearly_vnd is not None and first + t >= begins:
            own[t] = budget.yearly_vnd
    if not own or not budget.carry_over:
        return own
    since = range(min(own), city.years)
    return {t: sum(own.get(u, 0) for u in since if u <= t) for t in since}


def limits(city: NetCity) -> dict[tuple[str, int], int]:
    """Return the limits of the rules that plans of wards use something of, by name and year."""
    rules, first = city.scenario.rules, city.scenario.horizon.start_year
    found = {("budget", t): limit for t, limit in budget_limits(city).items()}
    if rules.premises_max is not None:
        found["premises", 0] = rules.premises_max
    if rules.capital_max_vnd is not None:
        found["capital", 0] = rules.capital_max_vnd
    found |= {("surplus", year - first): -least for year, least in rules.surplus_min.items()}
    return found | {("surplus_m2", year - first): -least for year, least in rules.surplus_m2_min.items()}


def use(city: NetCity, plan: WardPlan, rule: tuple[str, int]) -> int:
    """Return what a plan of a ward uses."""
    name, t = rule
    if name == "premises":
        return len(plan.arrangement.used)
    if name == "surplus":
        return -sum(year <= t for year, _ in plan.freed)
    if name == "surplus_m2":
        return -sum(m2 for year, m2 in plan.freed if year <= t)
    if name == "capital":
        return _capital(plan, 0)
    assert name == "budget", name
    budget = city.scenario.budget
    spent = 0
    for u in range(min(budget_limits(city)) if budget.carry_over else t, t + 1):
        spent += _capital(plan, u)
        if budget.recycle_income:
            spent += plan.rows.get((u - 1, "release_income"), 0)
    return spent


def _capital(plan: WardPlan, t: int) -> int:
    return sum(plan.rows.get((t, item), 0) for item in CAPITAL)


# --- catchments --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Open:
    """An open point: its capacity and road metres by demand point (those that may go there)."""

    point: Point
    capacity: int
    metres: dict[int, int]


def ward_point(city: NetCity, w: int, j: int) -> Open:
    """Return the point of a ward whose reception sits on a site."""
    metres = {i: city.to_site[i, w, j] for i in range(len(city.demand)) if (i, w, j) in city.to_site}
    return _open(city, ("ward", w, j), city.wards[w].capacity, metres)


def city_point(city: NetCity, c: int) -> Open:
    """Return a point of the city."""
    metres = {i: city.to_city[i, c] for i in range(len(city.demand)) if (i, c) in city.to_city}
    return _open(city, ("city", c, 0), city.points[c].capacity, metres)


def _open(city: NetCity, point: Point, capacity: int, metres: dict[int, int]) -> Open:
    return Open(point, capacity, {i: m for i, m in metres.items() if city.reachable(m)})


def serve(city: NetCity, s: int, points: list[Open]) -> tuple[int, tuple[Point, ...]] | None:
    """Return the least present value of a stage's travel and the point of every demand point; None if none will do.

    All assignments, but for those that already cost as much as one that was found, or cannot reach the people who
    must be near.
    """
    ways: list[
        list[tuple[int, int, int]]
    ] = []  # of every demand point: travel, position of the point, people near
    for i, demand in enumerate(city.demand):
        mine = [
            (city.travel(i, point.metres[i], s), k, demand.people if city.near(point.metres[i]) else 0)
            for k, point in enumerate(points)
            if i in point.metres and demand.load[s] <= point.capacity
        ]
        if not mine:
            return None
        ways.append(sorted(mine))
    order = sorted(range(len(ways)), key=lambda i: -city.demand[i].load[s])
    least_left, near_left = [0], [0]
    for i in reversed(order):
        least_left.append(least_left[-1] + ways[i][0][0])
        near_left.append(near_left[-1] + max(near for _, _, near in ways[i]))
    least_left.reverse()
    near_left.reverse()
    needed = city.within_least
    left = [point.capacity for point in points]
    best: tuple[int, list[int]] | None = None
    at = [0] * len(ways)

    def go(step: int, cost: int, near: int) -> None:
        nonlocal best
        if near + near_left[step] < needed or (best and cost + least_left[step] >= best[0]):
            return
        if step == len(order):
            best = cost, at.copy()
            return
        i = order[step]
        load = city.demand[i].load[s]
        for travel, k, people in ways[i]:
            if left[k] >= load:
                left[k] -= load
                at[i] = k
                go(step + 1, cost + travel, near + people)
                left[k] += load

    go(0, 0, 0)
    return None if best is None else (best[0], tuple(points[k].point for k in best[1]))


# --- the city ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """A whole plan: ``courses`` is the last stage in which every city point is open, ``served`` by stage from 1 on."""

    plans: tuple[WardPlan, ...]
    courses: tuple[int, ...]
    served: tuple[tuple[Point, ...], ...]


@dataclass(frozen=True)
class Best:
    """The optimum in millionths of a dong; None where there is no plan."""

    cost: int | None
    choice: Choice | None = None


def courses(city: NetCity, c: int) -> list[int]:
    """Return the last stages in which a city point may be open (0: it never is)."""
    point = city.points[c]
    return [city.last] if point.required else [0] if point.excluded else list(range(city.last + 1))


def course_cost(city: NetCity, c: int, last: int) -> int:
    """Return the present value, in millionths of a dong, of a city point that is open up to a stage."""
    years = [t for stage in city.stages[: last + 1] for t in stage]
    return sum(city.city_point_yearly(c, t) * city.weights[t] for t in years)


def solve(city: NetCity) -> Best:
    """Return the optimum over all choices."""
    bounds = limits(city)
    groups: list[dict[tuple[int, int], list[WardPlan]]] = []
    for w in range(len(city.wards)):
        mine: dict[tuple[int, int], list[WardPlan]] = {}
        for plan in ward_plans(city, w):
            mine.setdefault(plan.group, []).append(plan)
        if not mine:
            return Best(None)
        groups.append({key: _undominated(city, plans, bounds) for key, plans in mine.items()})
    keys = [sorted(mine) for mine in groups]
    ways = [courses(city, c) for c in range(len(city.points))]

    # The cheapest of every choice of groups and courses, whatever rules plans of wards meet in and capacities say.
    shape = [*(len(k) for k in keys), *(len(way) for way in ways)]
    total = np.zeros(shape, np.int64)
    allowed = np.ones(shape, bool)
    for axis, (mine, key) in enumerate(zip(groups, keys, strict=True)):
        total += _along([min(plan.cost for plan in mine[k]) for k in key], axis, shape)
    for c, way in enumerate(ways):
        total += _along([course_cost(city, c, last) for last in way], len(keys) + c, shape)
    for s in range(1, city.last + 1):
        cheapest, possible = _cheapest_travel(city, s, keys, ways)
        total += cheapest
        allowed &= possible
        least = city.scenario.rules.points_min
        if least is not None:
            count = np.zeros(shape, np.int64)
            for axis, key in enumerate(keys):
                count += _along([int(handed > s) for _, handed in key], axis, shape)
            for c, way in enumerate(ways):
                count += _along([int(last >= s) for last in way], len(keys) + c, shape)
            allowed &= count >= least

    @cache
    def served(s: int, points: tuple[Point, ...]) -> tuple[int, tuple[Point, ...]] | None:
        opened = [ward_point(city, a, b) if kind == "ward" else city_point(city, a) for kind, a, b in points]
        return serve(city, s, opened)

    @cache
    def together(which: tuple[tuple[int, int], ...]) -> list[WardPlan] | None:
        return _cheapest_together(city, [mine[k] for mine, k in zip(groups, which, strict=True)], bounds)

    best = Best(None)
    where = np.flatnonzero(allowed)
    values = total.ravel()[where]
    for at in where[np.argsort(values, kind="stable")]:
        if best.cost is not None and total.flat[at] >= best.cost:
            break
        position = [int(k) for k in np.unravel_index(at, total.shape)] if total.ndim else []
        which = tuple(key[k] for key, k in zip(keys, position, strict=False))
        course = tuple(way[k] for way, k in zip(ways, position[len(keys) :], strict=True))
        catchments = []
        for s in range(1, city.last + 1):
            points = [("ward", w, j) for w, (j, handed) in enumerate(which) if handed > s]
            points += [("city", c, 0) for c, last in enumerate(course) if last >= s]
            answer = served(s, tuple(points))
            if answer is None:
                break
            catchments.append(answer)
        if len(catchments) < city.last:
            continue
        plans = together(which)
        if plans is None:
            continue
        cost = sum(plan.cost for plan in plans) + sum(travel for travel, _ in catchments)
        cost += sum(course_cost(city, c, last) for c, last in enumerate(course))
        if best.cost is None or cost < best.cost:
            best = Best(cost, Choice(tuple(plans), course, tuple(point for _, point in catchments)))
    return best


def _along(values: list[int], axis: int, shape: list[int]) -> np.ndarray:
    """Return values that vary along one axis only."""
    return np.array(values, np.int64).reshape([len(values) if k == axis else 1 for k in range(len(shape))])


def _cheapest_travel(
    city: NetCity, s: int, keys: list[list[tuple[int, int]]], ways: list[list[int]]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the travel of a stage where everybody takes the cheapest open point, and whether everybody has one."""
    shape = [*(len(k) for k in keys), *(len(way) for way in ways)]
    whole, possible = np.zeros(shape, np.int64), np.ones(shape, bool)
    never = np.int64(2**62)

    def travel(i: int, point: Open | None) -> int:
        if point is None or i not in point.metres or city.demand[i].load[s] > point.capacity:
            return int(never)
        return city.travel(i, point.metres[i], s)

    for i in range(len(city.demand)):
        least = np.full(shape, never)
        for w, key in enumerate(keys):
            mine = [travel(i, ward_point(city, w, j) if handed > s else None) for j, handed in key]
            least = np.minimum(least, _along(mine, w, shape))
        for c, way in enumerate(ways):
            mine = [travel(i, city_point(city, c) if last >= s else None) for last in way]
            least = np.minimum(least, _along(mine, len(keys) + c, shape))
        possible &= least < never
        whole += np.where(least < never, least, 0)
    return whole, possible


def _undominated(city: NetCity, plans: list[WardPlan], bounds: dict[tuple[str, int], int]) -> list[WardPlan]:
    """Leave out plans for which another costs no more and uses no more of everything."""
    rows = [((plan.cost, *(use(city, plan, rule) for rule in bounds)), plan) for plan in plans]
    rows.sort(key=lambda row: row[0])
    kept: list[tuple[tuple[int, ...], WardPlan]] = []
    for amounts, plan in rows:
        if not any(all(x <= y for x, y in zip(other, amounts, strict=True)) for other, _ in kept):
            kept.append((amounts, plan))
    return [plan for _, plan in kept]


def _cheapest_together(
    city: NetCity, groups: list[list[WardPlan]], bounds: dict[tuple[str, int], int]
) -> list[WardPlan] | None:
    """Return the cheapest choice of one plan from each group within the limits."""
    states: dict[tuple[int, ...], tuple[int, list[WardPlan]]] = {(0,) * len(bounds): (0, [])}
    for group in groups:
        further: dict[tuple[int, ...], tuple[int, list[WardPlan]]] = {}
        for used, (cost, plans) in states.items():
            for plan in group:
                now = tuple(u + use(city, plan, rule) for u, rule in zip(used, bounds, strict=True))
                if now not in further or cost + plan.cost < further[now][0]:
                    further[now] = cost + plan.cost, [*plans, plan]
        states = further
    kept = [
        found
        for used, found in states.items()
        if all(u <= limit for u, limit in zip(used, bounds.values(), strict=True))
    ]
    return min(kept, key=lambda found: found[0])[1] if kept else None


# --- judging a plan ----------------------------------------------------------------------------------------------


def cost_table(city: NetCity, choice: Choice) -> Table:
    """Return all cost rows of a choice: ward, year, item."""
    first = city.scenario.horizon.start_year
    table: Table = {}

    def add(w: int, t: int, item: str, dong: int) -> None:
        key = city.wards[w].code, first + t, item
        table[key] = table.get(key, 0) + dong

    for plan in choice.plans:
        for (t, item), dong in plan.rows.items():
            add(plan.ward, t, item, dong)
    for c, last in enumerate(choice.courses):
        for t in (t for stage in city.stages[: last + 1] for t in stage):
            add(city.points[c].ward, t, "city_points", city.city_point_yearly(c, t))
    for s, served in enumerate(choice.served, start=1):
        for i, (kind, a, b) in enumerate(served):
            metres = city.to_site[i, a, b] if kind == "ward" else city.to_city[i, a]
            for t in city.stages[s]:
                add(city.demand[i].ward, t, "citizen_travel", city.yearly_travel(i, metres, t))
    return {key: dong for key, dong in table.items() if dong}


def value(city: NetCity, table: Table) -> int:
    """Return the net present cost of cost rows in millionths of a dong."""
    first = city.scenario.horizon.start_year
    return sum(dong * city.weights[year - first] for (_, year, _), dong in table.items())


def faults(city: NetCity, choice: Choice) -> list[str]:
    """Return the rules that a choice breaks."""
    found = []
    for w, plan in enumerate(choice.plans):
        if plan.arrangement.seats not in {a.seats for a in arrangements(city, w)}:
            found.append(f"arrangement of {city.wards[w].code}")
        if plan.handed not in handed_stages(city, w):
            found.append(f"hand-over of {city.wards[w].code}")
        if plan.handed <= city.last and not plan.arrangement.may_leave:
            found.append(f"reception of {city.wards[w].code} may not leave")
    for c, last in enumerate(choice.courses):
        if last not in courses(city, c):
            found.append(f"city point {city.points[c].id}")
    for rule, limit in limits(city).items():
        if sum(use(city, plan, rule) for plan in choice.plans) > limit:
            found.append(f"{rule}")
    for s, served in enumerate(choice.served, start=1):
        opened = {
            **{
                ("ward", w, plan.arrangement.reception): ward_point(city, w, plan.arrangement.reception)
                for w, plan in enumerate(choice.plans)
                if plan.handed > s
            },
            **{("city", c, 0): city_point(city, c) for c, last in enumerate(choice.courses) if last >= s},
        }
        if len(opened) < (city.scenario.rules.points_min or 0):
            found.append(f"points in stage {s}")
        left = {key: point.capacity for key, point in opened.items()}
        near = 0
        for i, key in enumerate(served):
            if key not in opened or i not in opened[key].metres:
                found.append(f"{city.demand[i].id} in stage {s}")
                continue
            left[key] -= city.demand[i].load[s]
            near += city.demand[i].people if city.near(opened[key].metres[i]) else 0
        found += [f"capacity of {key} in stage {s}" for key, files in left.items() if files < 0]
        if near < city.within_least:
            found.append(f"people near in stage {s}")
    return found
