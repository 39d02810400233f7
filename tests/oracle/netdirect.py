"""The direct formulation of the reception network: part sits on site, reception open in stage, people go to point.

On top of the direct formulation of a single year (`tests.oracle.direct`), whose rules hold in the first year and whose
yearly items are those of stage 0; what is different from stage 1 on is written down here, one function per rule and
per cost item (docs/model.md, section 7). Release by priority is left to brute force.

Variables of ward w, part p, site j, city point c, demand point i, stage s ≥ 1, besides those of the single year:

=========================  ========================================================================
``on[w, s]``               1 if the reception of the ward is open
``r[w, j, s]``             1 if it is open on site j
``u[w, j, s]``             1 if site j is in use
``v[c, s]``                1 if the city point is open
``shorts, crowdeds``       m² missing to the norm on a site, and whether any are
``halls[w, j, s]``         1 if site j has the hall that counts
``trip[w, p, i, j, s]``    1 if part p sits on site i and the open reception on site j
``a[i, w, j, s]``          1 if a demand point is served by the point of ward w, on site j
``b[i, c, s]``             1 if it is served by city point c
=========================  ========================================================================

Left out is rounding down of staff travel and of a year's escalated sum: less than two dong a ward and year together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.oracle import direct, facts, netbrute, timedirect
from tests.oracle.netfacts import MILLION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.oracle.netfacts import NetCity

Terms = list[tuple[Any, float]]
MICRO = 1e12
"""Millionths of a dong in a million dong: the unit of the objective."""


@dataclass
class Network:
    """The program under construction: that of the first year and what comes later.

    ``cost`` collects millionths of a dong by variable; ``capital`` and ``income`` dong by year, with what is spent
    and earned whatever is chosen.
    """

    city: NetCity
    base: direct.Direct = field(init=False)
    cost: list[tuple[Any, float]] = field(default_factory=list)
    constant: float = 0
    capital: dict[int, list[tuple[Any, float]]] = field(default_factory=dict)
    capital_constant: dict[int, int] = field(default_factory=dict)
    income: dict[int, list[tuple[Any, float]]] = field(default_factory=dict)
    income_constant: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        city = self.city
        every = sum(city.weights[t] * city.growth[t] for t in city.stages[0]) / MILLION
        flat = facts.City(tuple(w.ward for w in city.wards), city.scenario, city.weights[0], every)  # type: ignore[arg-type]
        self.base = direct.Direct(flat)

    # --- names ---

    def binary(self, kind: str, *key: int) -> Any:
        """Return a binary variable of a ward: the first of the key."""
        return self.base.variable(kind, *key, binary=True)

    def of_city(self, kind: str, c: int, *key: int, name: str = "") -> Any:
        """Return a binary variable of a city point or a demand point."""
        full = (kind, "city", c, *key)
        if full not in self.base.variables:
            label = (name or self.city.points[c].id).replace("-", "m")
            made = "_".join([kind, label, *(str(k) for k in key)])
            self.base.variables[full] = self.base.program.add_variable(made, cat="Binary")
        return self.base.variables[full]

    def on(self, w: int, s: int) -> Any:
        """1 if the reception of a ward is open in a stage."""
        return self.binary("on", w, s)

    def r(self, w: int, j: int, s: int) -> Any:
        """1 if the reception is open on a site; in stage 0 it always is where it sits."""
        return self.binary("r", w, j, s) if s else self.base.x(w, self.city.wards[w].reception, j)

    def u(self, w: int, j: int, s: int) -> Any:
        """1 if a site is in use in a stage."""
        return self.binary("u", w, j, s) if s else self.base.y(w, j)

    def v(self, c: int, s: int) -> Any:
        """1 if a city point is open in a stage."""
        return self.of_city("v", c, s)

    def a(self, i: int, w: int, j: int, s: int) -> Any:
        """1 if a demand point is served by the point of a ward on a site."""
        name = f"D{self.city.demand[i].id}_W{self.city.wards[w].code}"
        return self.of_city("a", i, w, j, s, name=name)

    def b(self, i: int, c: int, s: int) -> Any:
        """1 if a demand point is served by a city point."""
        return self.of_city("b", i, c, s, name=f"D{self.city.demand[i].id}")

    def row(self, terms: Terms, sense: str, right: float, *name: Any) -> None:
        """Add a row; terms of the same variable are added up."""
        weight: dict[str, float] = {}
        names = {}
        for variable, factor in terms:
            names[variable.name] = variable
            weight[variable.name] = weight.get(variable.name, 0.0) + factor
        if not weight:  # nothing to choose: a row that holds or not
            names["zero"] = self.base.variables.get(("zero",)) or self.base.program.add_variable("zero", 0, 0)
            self.base.variables["zero",] = names["zero"]
            weight["zero"] = 1.0
        left = direct.total((names[n], factor) for n, factor in weight.items())
        row = left <= right if sense == "<=" else left >= right if sense == ">=" else left == right
        self.base.program += row, "_".join(str(part).replace("-", "m") for part in name)

    # --- loops ---

    def stages(self) -> range:
        """Return the stages from the first hand-over on."""
        return range(1, self.city.last + 1)

    def wards(self) -> Iterator[tuple[int, str]]:
        """Return positions and codes of wards."""
        return ((w, f"W{ward.code}") for w, ward in enumerate(self.city.wards))

    def sites(self, w: int) -> range:
        """Return the positions of the sites of a ward."""
        return range(len(self.city.wards[w].ward.sites))

    def others(self, w: int) -> list[int]:
        """Return the parts of a ward but for its reception."""
        return [p for p in range(len(self.city.wards[w].ward.parts)) if p != self.city.wards[w].reception]

    def stage_of(self, t: int) -> int:
        """Return the stage of a year."""
        return next(s for s, stage in enumerate(self.city.stages) if t in stage)

    def weight(self, s: int) -> float:
        """Return what a dong of every year of a stage weighs, prices risen, in millionths."""
        return sum(self.city.weights[t] * self.city.growth[t] for t in self.city.stages[s]) / MILLION

    def served(self, i: int, s: int) -> list[tuple[Any, int, tuple[Any, ...]]]:
        """Return the points that may serve a demand point: variable, metres, key."""
        found = []
        for w, _ in self.wards():
            for j in self.sites(w):
                metres = self.city.to_site.get((i, w, j))
                if metres is not None and self.city.reachable(metres):
                    found.append((self.a(i, w, j, s), metres, ("ward", w, j)))
        for c in range(len(self.city.points)):
            metres = self.city.to_city.get((i, c))
            if metres is not None and self.city.reachable(metres):
                found.append((self.b(i, c, s), metres, ("city", c, 0)))
        return found

    def pay(self, variable: Any, micro: float) -> None:
        """Add millionths of a dong per unit of a variable."""
        if micro:
            self.cost.append((variable, micro))


# --- rules -------------------------------------------------------------------------------------------------------


def rule_one_point_per_demand_and_stage(m: Network) -> None:
    """Every demand point is served by one point in every stage, near enough: Σ_w Σ_j a + Σ_c b = 1."""
    for s in m.stages():
        for i, point in enumerate(m.city.demand):
            terms = [(variable, 1.0) for variable, _, _ in m.served(i, s)]
            m.row(terms, "=", 1, "one_point", f"D{point.id}", s)


def rule_served_where_open(m: Network) -> None:
    """Only an open point serves people: a[i, w, j, s] ≤ r[w, j, s], b[i, c, s] ≤ v[c, s]."""
    for s in m.stages():
        for i, point in enumerate(m.city.demand):
            for variable, _, (kind, place, j) in m.served(i, s):
                opened = m.r(place, j, s) if kind == "ward" else m.v(place, s)
                m.row([(variable, 1), (opened, -1)], "<=", 0, "open", kind, f"D{point.id}", place, j, s)


def rule_capacity_of_a_point(m: Network) -> None:
    """Files served by a point are at most its capacity: Σ_i load[i] (Σ_j a[i, w, j, s]) ≤ K on[w, s]."""
    for s in m.stages():
        loads: dict[tuple[str, int], Terms] = {}
        for i, point in enumerate(m.city.demand):
            for variable, _, (kind, place, _) in m.served(i, s):
                loads.setdefault((kind, place), []).append((variable, float(point.load[s])))
        for (kind, place), terms in loads.items():
            if kind == "ward":
                ward = m.city.wards[place]
                name, full = f"W{ward.code}", (m.on(place, s), -float(ward.capacity))
            else:
                point = m.city.points[place]
                name, full = point.id, (m.v(place, s), -float(point.capacity))
            m.row([*terms, full], "<=", 0, "capacity", name, s)


def rule_closed_for_good(m: Network) -> None:
    """A point that is closed stays closed: on[w, s] ≤ on[w, s − 1], v[c, s] ≤ v[c, s − 1]."""
    for s in m.stages():
        if s == 1:
            continue
        for w, name in m.wards():
            m.row([(m.on(w, s), 1), (m.on(w, s - 1), -1)], "<=", 0, "closed", name, s)
        for c, point in enumerate(m.city.points):
            m.row([(m.v(c, s), 1), (m.v(c, s - 1), -1)], "<=", 0, "closed", point.id, s)


def rule_points_required_and_excluded(m: Network) -> None:
    """Required points are open in every stage, excluded ones in none: on[w, s] = 1 or 0, v[c, s] = 1 or 0."""
    for s in m.stages():
        for w, name in m.wards():
            ward = m.city.wards[w]
            if ward.required or ward.excluded:
                m.row([(m.on(w, s), 1)], "=", int(ward.required), "fixed", name, s)
        for c, point in enumerate(m.city.points):
            if point.required or point.excluded:
                m.row([(m.v(c, s), 1)], "=", int(point.required), "fixed", point.id, s)


def rule_points_min(m: Network) -> None:
    """In every stage so many points are open, of wards and of the city: Σ_w on[w, s] + Σ_c v[c, s] ≥ points_min."""
    least = m.city.scenario.rules.points_min
    if least is None:
        return
    for s in m.stages():
        terms = [(m.on(w, s), 1.0) for w, _ in m.wards()]
        terms += [(m.v(c, s), 1.0) for c in range(len(m.city.points))]
        m.row(terms, ">=", least, "points_min", s)


def rule_share_within(m: Network) -> None:
    """In every stage a share of all people is near its point: Σ people (a + b) over near pairs ≥ ⌈share × people⌉."""
    if m.city.scenario.network.share_min is None:
        return
    for s in m.stages():
        terms = [
            (variable, float(point.people))
            for i, point in enumerate(m.city.demand)
            for variable, metres, _ in m.served(i, s)
            if m.city.near(metres)
        ]
        m.row(terms, ">=", m.city.within_least, "within", s)


def rule_open_reception_has_its_site(m: Network) -> None:
    """While it is open the reception stays on its site: Σ_j r[w, j, s] = on[w, s], r[w, j, s] ≤ x[reception, j]."""
    for s in m.stages():
        for w, name in m.wards():
            terms = [(m.r(w, j, s), 1.0) for j in m.sites(w)]
            m.row([*terms, (m.on(w, s), -1)], "=", 0, "reception", name, s)
            for j in m.sites(w):
                m.row([(m.r(w, j, s), 1), (m.r(w, j, 0), -1)], "<=", 0, "stays", name, j, s)


def rule_hand_over_frees_the_site(m: Network) -> None:
    """A site is in use where another part sits, or the open reception: x[p, j] ≤ u, r ≤ u, u ≤ Σ_p x[p, j] + r."""
    for s in m.stages():
        for w, name in m.wards():
            for j in m.sites(w):
                use = m.u(w, j, s)
                seats = [m.base.x(w, p, j) for p in m.others(w)] + [m.r(w, j, s)]
                for k, seat in enumerate(seats):
                    m.row([(seat, 1), (use, -1)], "<=", 0, "still", name, j, s, k)
                m.row([(use, 1), *((seat, -1.0) for seat in seats)], "<=", 0, "freed", name, j, s)


def rule_no_required_site_is_freed(m: Network) -> None:
    """A hand-over frees no required site: u[w, j, s] = 1."""
    for s in m.stages():
        for w, name in m.wards():
            for j, site in enumerate(m.city.wards[w].ward.sites):
                if site.required:
                    m.row([(m.u(w, j, s), 1)], "=", 1, "keeps_required", name, j, s)


def rule_hall_of_the_sites_still_in_use(m: Network) -> None:
    """The hall that counts is on a site still in use: Σ_j halls[j] = 1, halls[j] ≤ u[j]."""
    if m.city.scenario.rules.hall == "off":
        return
    for s in m.stages():
        for w, name in m.wards():
            halls = [(m.binary("halls", w, j, s), 1.0) for j in m.sites(w)]
            m.row(halls, "=", 1, "one_hall", name, s)
            for j in m.sites(w):
                m.row([(m.binary("halls", w, j, s), 1), (m.u(w, j, s), -1)], "<=", 0, "in_use", name, j, s)


RULES: tuple[Callable[[Network], None], ...] = (
    rule_one_point_per_demand_and_stage,
    rule_served_where_open,
    rule_capacity_of_a_point,
    rule_closed_for_good,
    rule_points_required_and_excluded,
    rule_points_min,
    rule_share_within,
    rule_open_reception_has_its_site,
    rule_hand_over_frees_the_site,
    rule_no_required_site_is_freed,
    rule_hall_of_the_sites_still_in_use,
)


# --- cost items --------------------------------------------------------------------------------------------------


def item_used_floor_and_crowding(m: Network) -> None:
    """Running of what is used, crowding of what is short, without a reception that has left.

    norm − floor u ≤ short ≤ norm − floor u + floor (1 − crowded), short ≤ (whole norm) crowded.
    """
    prices = m.city.scenario.prices
    for s in m.stages():
        weight = m.weight(s)
        for w, name in m.wards():
            ward = m.city.wards[w].ward
            whole = sum(part.norm for part in ward.parts)
            for j, site in enumerate(ward.sites):
                norm = [(m.base.x(w, p, j), float(ward.parts[p].norm)) for p in m.others(w)]
                norm.append((m.r(w, j, s), float(ward.parts[m.city.wards[w].reception].norm)))
                short = m.base.variable("shorts", w, j, s)
                crowded, use = m.binary("crowdeds", w, j, s), m.u(w, j, s)
                m.row([*norm, (use, -site.floor), (short, -1)], "<=", 0, "short_least", name, j, s)
                less = [(variable, -m2) for variable, m2 in norm]
                most = [(short, 1.0), *less, (use, site.floor), (crowded, site.floor)]
                m.row(most, "<=", site.floor, "short_most", name, j, s)
                m.row([(short, 1), (crowded, -whole)], "<=", 0, "short_only_if_crowded", name, j, s)
                for variable, m2 in norm:
                    m.pay(variable, m2 * prices.running_vnd_per_m2_year * weight)
                each = prices.crowding_vnd_per_m2_year - prices.running_vnd_per_m2_year
                m.pay(short, each * weight)


def item_fixed_and_hall_rent(m: Network) -> None:
    """Fixed cost of the sites still in use, rent of the seats that their largest hall misses to the norm."""
    prices = m.city.scenario.prices
    for s in m.stages():
        for w, _ in m.wards():
            ward = m.city.wards[w].ward
            for j, site in enumerate(ward.sites):
                m.pay(m.u(w, j, s), prices.site_fixed_vnd_year * m.weight(s))
                if m.city.scenario.rules.hall != "off":
                    rent = prices.hall_rent_vnd_per_seat_year * max(0, ward.hall_norm - site.hall)
                    m.pay(m.binary("halls", w, j, s), rent * m.weight(s))


def item_staff_travel_and_cohesion(m: Network) -> None:
    """Trips to and from the reception only while it is open; other trips and cohesion in all years.

    Σ_j trip[p, i, j, s] ≤ x[p, i], Σ_i trip[p, i, j, s] = r[j, s].
    """
    later = sum(m.weight(s) for s in m.stages())
    days, staff_km = m.city.scenario.reception.working_days, m.city.flat.staff_km
    for w, name in m.wards():
        net, ward = m.city.wards[w], m.city.wards[w].ward
        for (p, q), trips in ward.trips.items():
            if not trips:
                continue
            for i in m.sites(w):
                for j in m.sites(w):
                    dong = trips * days * ward.metres[i][j] * staff_km / 1000
                    if net.reception not in (p, q):
                        m.pay(m.base.variable("pair", w, p, q, i, j), dong * later)
                        continue
                    other = q if p == net.reception else p
                    for s in m.stages():  # metres are the same both ways
                        m.pay(m.base.variable("trip", w, other, i, j, s), dong * m.weight(s))
            if net.reception not in (p, q):
                continue
            other = q if p == net.reception else p
            for s in m.stages():
                for i in m.sites(w):
                    out = [(m.base.variable("trip", w, other, i, j, s), 1.0) for j in m.sites(w)]
                    m.row([*out, (m.base.x(w, other, i), -1)], "<=", 0, "from", name, other, i, s)
                for j in m.sites(w):
                    into = [(m.base.variable("trip", w, other, i, j, s), 1.0) for i in m.sites(w)]
                    m.row([*into, (m.r(w, j, s), -1)], "=", 0, "to", name, other, j, s)
        if any(part.kind == "leaders" for part in ward.parts):
            for p, part in enumerate(ward.parts):
                if part.kind == "department":
                    price = m.city.scenario.prices.cohesion_vnd_per_part_year
                    m.pay(m.base.variable("apart", w, p), price * later)


def item_citizen_travel(m: Network) -> None:
    """Everybody to the reception of their ward in stage 0, to the point that serves them later: exact to the dong."""
    for i, point in enumerate(m.city.demand):
        for j in m.sites(point.ward):
            metres = m.city.to_site[i, point.ward, j]
            m.pay(m.r(point.ward, j, 0), m.city.travel(i, metres, 0))
        for s in m.stages():
            for variable, metres, _ in m.served(i, s):
                m.pay(variable, m.city.travel(i, metres, s))


def item_points(m: Network) -> None:
    """What an open point costs a year: of a ward `point_vnd_year`, of the city its premises too; all in stage 0."""
    plain = m.city.scenario.network.point_vnd_year
    for s in (0, *m.stages()):
        years = m.city.stages[s]
        micro = sum(plain * m.city.growth[t] // MILLION * m.city.weights[t] for t in years)
        if not s:
            m.constant += len(m.city.wards) * micro
            for c in range(len(m.city.points)):
                m.constant += sum(m.city.city_point_yearly(c, t) * m.city.weights[t] for t in years)
            continue
        for w, _ in m.wards():
            m.pay(m.on(w, s), micro)
        for c in range(len(m.city.points)):
            m.pay(m.v(c, s), sum(m.city.city_point_yearly(c, t) * m.city.weights[t] for t in years))


def item_moves_of_the_reception(m: Network) -> None:
    """People of the reception move when it is handed over: price × people × (on[w, s − 1] − on[w, s])."""
    for s in m.stages():
        t = m.city.stages[s].start
        spent = m.capital.setdefault(t, [])
        for w, _ in m.wards():
            ward = m.city.wards[w]
            dong = ward.ward.parts[ward.reception].people * m.city.scenario.prices.move_vnd_per_person
            if s == 1:
                m.constant += dong * m.city.weights[t]
                m.capital_constant[t] = m.capital_constant.get(t, 0) + dong
            else:
                m.pay(m.on(w, s - 1), dong * m.city.weights[t])
                spent.append((m.on(w, s - 1), float(dong)))
            m.pay(m.on(w, s), -dong * m.city.weights[t])
            spent.append((m.on(w, s), -float(dong)))


def item_release_income(m: Network) -> None:
    """A site brings its rent in every year in which it is not used, or its price in the year it is freed."""
    route = m.city.scenario.release.route
    if route == "public_use":
        return

    def earn(t: int, variable: Any, sign: int, dong: int) -> None:
        m.pay(variable, -sign * dong * m.city.weights[t])
        m.income.setdefault(t, []).append((variable, float(sign * dong)))

    def surely(t: int, dong: int) -> None:
        m.constant -= dong * m.city.weights[t]
        m.income_constant[t] = m.income_constant.get(t, 0) + dong

    for w, _ in m.wards():
        ward = m.city.wards[w]
        for j in m.sites(w):
            if route == "lease":
                for t in range(m.city.years):
                    dong = ward.rents[j] * m.city.growth[t] // MILLION
                    surely(t, dong)
                    earn(t, m.u(w, j, m.stage_of(t)), -1, dong)
                continue
            surely(0, ward.prices[j])
            earn(0, m.u(w, j, 0), -1, ward.prices[j])
            for s in m.stages():
                t = m.city.stages[s].start
                dong = ward.prices[j] * m.city.growth[t] // MILLION
                earn(t, m.u(w, j, s - 1), 1, dong)
                earn(t, m.u(w, j, s), -1, dong)


ITEMS: tuple[Callable[[Network], None], ...] = (
    item_used_floor_and_crowding,
    item_fixed_and_hall_rent,
    item_staff_travel_and_cohesion,
    item_citizen_travel,
    item_points,
    item_moves_of_the_reception,
    item_release_income,
)


# --- city-wide rules over money and released sites; after the items -----------------------------------------------


def rule_budget_and_capital(m: Network) -> None:
    """Capital of a year, less recycled income of the year before, keeps its limit; so does that of the first year."""
    first = [(variable, float(dong)) for variable, dong in m.base.capital] + m.capital.get(0, [])
    constant = m.base.capital_constant + m.capital_constant.get(0, 0)
    spent = {t: m.capital.get(t, []) for t in range(m.city.years)} | {0: first}
    surely = {t: m.capital_constant.get(t, 0) for t in range(m.city.years)} | {0: constant}
    most = m.city.scenario.rules.capital_max_vnd
    if most is not None:
        m.row(_millions(first), "<=", (most - constant) / MILLION, "capital")
    budget, limits = m.city.scenario.budget, netbrute.budget_limits(m.city)
    for t, limit in limits.items():
        terms: Terms = []
        for u in range(min(limits) if budget.carry_over else t, t + 1):
            terms += spent[u]
            limit -= surely[u]
            if budget.recycle_income:
                terms += [(variable, -dong) for variable, dong in m.income.get(u - 1, [])]
                limit += m.income_constant.get(u - 1, 0)
        m.row(_millions(terms), "<=", limit / MILLION, "budget", t)


def _millions(terms: Terms) -> Terms:
    return [(variable, dong / MILLION) for variable, dong in terms]


def rule_surplus(m: Network) -> None:
    """So many sites, or m², are free by a year: Σ (1 − u[w, j, stage of the year]) ≥ least."""
    rules, start = m.city.scenario.rules, m.city.scenario.horizon.start_year
    for name, by_year in (("surplus", rules.surplus_min), ("surplus_m2", rules.surplus_m2_min)):
        for year, least in by_year.items():
            s = m.stage_of(year - start)
            terms, whole = [], 0
            for w, _ in m.wards():
                for j, site in enumerate(m.city.wards[w].ward.sites):
                    size = 1 if name == "surplus" else site.floor
                    terms.append((m.u(w, j, s), float(size)))
                    whole += size
            m.row(terms, "<=", whole - least, name, year)


LAST: tuple[Callable[[Network], None], ...] = (rule_budget_and_capital, rule_surplus)


# --- solving -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """What was found: ``cost`` in millionths of a dong, recomputed; ``objective`` what the solver says, in dong."""

    stopped: str
    cost: int | None = None
    objective: float = float("nan")
    choice: netbrute.Choice | None = None


def solve(city: NetCity, time_limit: float | None = None) -> Answer:
    """Solve the direct formulation."""
    if city.scenario.release.route == "priority":
        raise NotImplementedError
    m = Network(city)
    if any(not ward.ward.sites for ward in city.wards):
        return Answer("infeasible")
    left_out = (direct.item_citizen_travel, direct.item_release_income)
    for add in (*direct.RULES, *(item for item in direct.ITEMS if item not in left_out)):
        add(m.base)
    rules = city.scenario.rules
    for w in range(len(city.wards)):
        least: tuple[int, int] | None = (0, 0)
        if "report" in (rules.floor_area, rules.hall):
            least = direct._least_missing(m.base.city, w)
            if least is None:
                return Answer("infeasible")
            direct._hold_missing(m.base, w, least)
        hold_hall(m, w, least[1])
    for add in (*RULES, *ITEMS, *LAST):
        add(m)
    m.base.program += objective(m), "cost"
    m.base.program.solve(timedirect.Highs(time_limit))
    stopped = direct._stopped(m.base.program)
    info = m.base.program.solverModel.getInfo()
    if stopped == "infeasible" or info.primal_solution_status != 2:
        return Answer(stopped)
    shift = (m.constant + m.base.constant) / MILLION
    choice = read_choice(m)
    cost = netbrute.value(city, netbrute.cost_table(city, choice))
    return Answer(stopped, cost, info.objective_function_value * MICRO / MILLION + shift, choice)


def hold_hall(m: Network, w: int, missing: int) -> None:
    """Miss no more seats later than in the first year, where so many must be missed."""
    if m.city.scenario.rules.hall == "off":
        return
    ward = m.city.wards[w].ward
    for s in m.stages():
        terms = [
            (m.binary("halls", w, j, s), float(max(0, ward.hall_tight - site.hall)))
            for j, site in enumerate(ward.sites)
        ]
        m.row(terms, "<=", missing, "hall_kept", f"W{m.city.wards[w].code}", s)


def objective(m: Network) -> Any:
    """Return the objective in million dong, without its constant."""
    weight: dict[str, float] = {}
    names: dict[str, Any] = {}
    flat = m.base.city
    terms = [(v, once * flat.first + yearly * flat.every) for v, once, yearly in m.base.terms]
    for variable, micro in [*terms, *m.cost]:
        names[variable.name] = variable
        weight[variable.name] = weight.get(variable.name, 0.0) + micro
    return direct.total((names[name], micro / MICRO) for name, micro in weight.items())


def read_choice(m: Network) -> netbrute.Choice:
    """Read what was chosen from the variables."""
    city = m.city

    def is_on(variable: Any) -> bool:
        return (variable.varValue or 0) > 0.5

    (cash,) = netbrute.cash_routes(city)
    plans = []
    for w, _ in m.wards():
        parts = range(len(city.wards[w].ward.parts))
        seats = tuple(next(j for j in m.sites(w) if is_on(m.base.x(w, p, j))) for p in parts)
        handed = next((s for s in m.stages() if not is_on(m.on(w, s))), city.last + 1)
        plans.append(netbrute.ward_plan(city, w, netbrute.arrangement(city, w, seats), handed, cash))
    courses = tuple(sum(is_on(m.v(c, s)) for s in m.stages()) for c in range(len(city.points)))
    served = tuple(
        tuple(
            next(key for variable, _, key in m.served(i, s) if is_on(variable))
            for i in range(len(city.demand))
        )
        for s in m.stages()
    )
    return netbrute.Choice(tuple(plans), courses, served)
