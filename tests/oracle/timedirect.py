"""The direct formulation over time: part sits on site, centre begins in year, year by year, solved as it stands.

The classic disaggregated formulation of docs/model.md, sections 3 to 5: seats open sites, pairs of seats carry trips,
and a year's cost of the interim is saved from the year in which a centre opens. Everything of the specification is in
it (priority routes too). Slow and weak: an oracle, and the opponent of a benchmark.

Variables of ward w with e further departments (a *mode*), part p, place j (a site of its own, or one it shares):

=======================  ==========================================================================
``mode[w, e]``           1 if the ward has e further departments
``x[w, e, p, j]``        1 if part p sits on place j in the interim
``y[w, e, j]``           1 if place j is in use in the interim
``z[w, e, c, s]``        1 if a centre is begun on candidate c in year s
``short, crowded``       m² missing to the norm on a place, and whether any are
``beyond``               people without a furnished workplace on a place
``hall[w, e, j]``        1 if place j has the hall that counts
``pair[w, e, p, q, i, j]``  1 if p sits on i and q on j
``apart[w, e, p]``       1 if department p is not with the office
``missing[w, e, j]``     m² missing to the tight fit, where that is only reported
``saved[w, j, t]``       dong of year t that the interim on place j (or of the ward) no longer costs
``free0, late[w, j]``    1 if site j is free from the first year on; 1 if from the opening of a centre on
``gone[w, j, t]``        1 if a late site is free in year t
``route[w, q]``          1 if what public needs leave goes to route q
``cash0, cashlate``      1 if a free site goes to that route
``share[k]``             1 if the k-th pair shares
``stock[t]``             money left over at the end of year t
=======================  ==========================================================================

Left out is rounding down of staff travel and of a year's escalated sum: less than two dong a ward and year together.
Amounts are in million dong. The optimum is recomputed in whole dong from what was chosen.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pulp

from tests.oracle import direct, timebrute
from tests.oracle.timefacts import MILLION

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.oracle.facts import Site
    from tests.oracle.timefacts import Candidate, Mode, TimeCity

Terms = list[tuple[Any, float]]


@dataclass(frozen=True)
class Place:
    """A site a ward may use in the interim; ``pair`` is the position of the pair that shares it."""

    site: Site
    pair: int | None = None


@dataclass
class Unit:
    """A ward with one number of further departments and the places it may use; whether rule 3 asks for one site."""

    w: int
    mode: Mode
    places: list[Place]
    metres: list[list[int]]
    one_is_enough: bool

    @property
    def key(self) -> tuple[int, int]:
        """Position of the ward and number of departments: the first part of the name of every variable."""
        return self.w, self.mode.extra

    @property
    def own(self) -> range:
        """Positions of the sites of its own."""
        return range(len(self.mode.ward.sites))


@dataclass
class Direct:
    """The program under construction.

    ``cost`` collects micro-dong by variable, ``capital`` and ``income`` dong by year and variable, ``yearly`` dong of
    an interim year by ward and place (-1: not of one place), with the most that can come to.
    """

    city: TimeCity
    units: list[Unit]
    program: Any = field(default_factory=lambda: pulp.LpProblem("direct", pulp.LpMinimize))
    variables: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    cost: dict[Any, float] = field(default_factory=dict)
    names: dict[str, Any] = field(default_factory=dict)
    capital: list[dict[str, float]] = field(default_factory=list)
    income: list[dict[str, float]] = field(default_factory=list)
    yearly: dict[tuple[int, int], dict[str, float]] = field(default_factory=dict)
    yearly_most: dict[tuple[int, int, int], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.capital = [{} for _ in range(self.city.years)]
        self.income = [{} for _ in range(self.city.years)]

    def variable(self, kind: str, *key: int, binary: bool = False, most: float | None = None) -> Any:
        """Return a variable, made when first asked for."""
        full = (kind, *key)
        if full not in self.variables:
            how: dict[str, Any] = {"cat": pulp.LpBinary} if binary else {"lowBound": 0, "upBound": most}
            name = "_".join([kind, *(str(k).replace("-", "m") for k in key)])
            made = self.variables[full] = self.program.add_variable(name, **how)
            self.names[made.name] = made
        return self.variables[full]

    def binary(self, kind: str, *key: int) -> Any:
        """Return a binary variable."""
        return self.variable(kind, *key, binary=True)

    def x(self, unit: Unit, p: int, j: int) -> Any:
        """1 if part p sits on place j."""
        return self.binary("x", *unit.key, p, j)

    def y(self, unit: Unit, j: int) -> Any:
        """1 if place j is in use."""
        return self.binary("y", *unit.key, j)

    def row(self, terms: Terms, sense: str, right: float, name: str, *key: int) -> None:
        """Add a row named after its rule; terms of the same variable are added up."""
        weight: dict[str, float] = {}
        for variable, factor in terms:
            weight[variable.name] = weight.get(variable.name, 0.0) + factor
        left = direct.total((self.names[n], factor) for n, factor in weight.items())
        full = "_".join([name, *(str(k).replace("-", "m") for k in key)])
        if not weight:  # nothing to choose: a row that holds or not
            zero = self.variable("zero", most=0.0)
            left = direct.total([(zero, 1.0)])
        row = left <= right if sense == "<=" else left >= right if sense == ">=" else left == right
        self.program += row, full

    def pay(self, variable: Any, micro: float) -> None:
        """Add micro-dong per unit of a variable to the objective."""
        if micro:
            self.cost[variable.name] = self.cost.get(variable.name, 0.0) + micro

    def spend(self, variable: Any, t: int, dong: float) -> None:
        """Add capital spending of a year; it is paid for too."""
        if dong:
            self.capital[t][variable.name] = self.capital[t].get(variable.name, 0.0) + dong
            self.pay(variable, dong * self.city.weights[t])

    def earn(self, variable: Any, t: int, dong: float) -> None:
        """Add income of a year."""
        if dong:
            self.income[t][variable.name] = self.income[t].get(variable.name, 0.0) + dong
            self.pay(variable, -dong * self.city.weights[t])

    def every_year(self, unit: Unit, j: int, variable: Any, dong: float, most: float | None = None) -> None:
        """Add dong of every year of the interim on place j (-1: of the ward); `most` is all it can come to."""
        if not dong:
            return
        found = self.yearly.setdefault((unit.w, j), {})
        found[variable.name] = found.get(variable.name, 0.0) + dong
        key = (unit.w, j, unit.mode.extra)
        self.yearly_most[key] = self.yearly_most.get(key, 0.0) + max(0.0, dong if most is None else most)

    def flow(self, amounts: dict[str, float], factor: float = 1 / MILLION) -> Terms:
        """Return amounts in million dong as terms."""
        return [(self.names[name], dong * factor) for name, dong in amounts.items()]

    def centres(self, w: int) -> list[tuple[Unit, int, Candidate, int, Any]]:
        """Return what a ward may build: mode, position and candidate, year, variable."""
        found = []
        soonest = self.city.scenario.centres.first_start_after_years
        for unit in self.units:
            if unit.w != w:
                continue
            for c, candidate in enumerate(unit.mode.candidates):
                found += [
                    (unit, c, candidate, s, self.binary("z", *unit.key, c, s))
                    for s in range(soonest, self.city.years - candidate.build)
                ]
        return found

    def opened(self, w: int, t: int) -> Terms:
        """Return Σ z of the centres that are open in a year."""
        return [(z, 1.0) for _, _, candidate, s, z in self.centres(w) if s + candidate.build <= t]

    def wards(self) -> range:
        """Return the positions of the wards."""
        return range(len(self.city.wards))

    def of(self, w: int) -> list[Unit]:
        """Return the modes of a ward."""
        return [unit for unit in self.units if unit.w == w]


class Highs(direct.Highs):
    """HiGHS with a tolerance of 1e-8: with 1e-9, presolve of 1.16 cut off the optimum of one problem in 500."""

    def createAndConfigureSolver(self, lp: Any) -> None:
        super().createAndConfigureSolver(lp)
        for name in ("mip_feasibility_tolerance", "primal_feasibility_tolerance"):
            lp.solverModel.setOptionValue(name, 1e-8)


def make_units(city: TimeCity) -> list[Unit]:
    """Return every ward with every number of departments, and the places it may use."""
    found = []
    for w, ward in enumerate(city.wards):
        for e, mode in enumerate(ward.modes):
            places = [Place(site) for site in mode.ward.sites]
            metres = [list(row) for row in mode.ward.metres]
            for k, pair in enumerate(city.pairs):
                if pair.guest != w:
                    continue
                guest = pair.guest_modes[e]
                own = len(mode.ward.sites)
                to = [guest.metres[j][own] for j in range(own)]
                other = [0] * (len(places) - own)  # two shared sites are never used together
                places.append(Place(guest.sites[own], k))
                for row, m in zip(metres, [*to, *other], strict=True):
                    row.append(m)
                metres.append([*to, *other, 0])
            found.append(Unit(w, mode, places, metres, direct.one_site_is_enough(city.flat, mode.ward)))
    return found


# --- the interim -------------------------------------------------------------------------------------------------


def rule_one_mode(m: Direct) -> None:
    """A ward has one number of departments: Σ_e mode[e] = 1."""
    for w in m.wards():
        m.row([(m.binary("mode", *unit.key), 1) for unit in m.of(w)], "=", 1, "one_mode", w)


def rule_every_part_on_one_place(m: Direct) -> None:
    """Every part of the mode sits on one place, and sitting opens it: Σ_j x[p, j] = mode, x ≤ y ≤ Σ_p x."""
    for unit in m.units:
        mode = m.binary("mode", *unit.key)
        parts, places = range(len(unit.mode.ward.parts)), range(len(unit.places))
        for p in parts:
            m.row([*((m.x(unit, p, j), 1) for j in places), (mode, -1)], "=", 0, "seat", *unit.key, p)
            for j in places:
                m.row([(m.x(unit, p, j), 1), (m.y(unit, j), -1)], "<=", 0, "opens", *unit.key, p, j)
        for j in places:
            seats = [(m.x(unit, p, j), -1) for p in parts]
            m.row([(m.y(unit, j), 1), *seats], "<=", 0, "used", *unit.key, j)


def rule_committee_together(m: Direct) -> None:
    """Unless departments may sit apart the committee sits together."""
    if m.city.scenario.rules.departments_apart:
        return
    for unit in m.units:
        committee = [p for p, part in enumerate(unit.mode.ward.parts) if part.body == "council_committee"]
        for p in committee[1:]:
            for j in range(len(unit.places)):
                both = [(m.x(unit, p, j), 1), (m.x(unit, committee[0], j), -1)]
                m.row(both, "=", 0, "together", *unit.key, p, j)


def rule_floor_area(m: Direct) -> None:
    """Σ_p tight x[p, j] ≤ floor y[j] (+ missing[j] where reported); on a shared site both wards together."""
    reported = m.city.scenario.rules.floor_area == "report"
    for unit in m.units:
        for j, place in enumerate(unit.places):
            load = [(m.x(unit, p, j), part.tight) for p, part in enumerate(unit.mode.ward.parts)]
            slack = [(m.variable("missing", *unit.key, j), -1.0)] if reported and j in unit.own else []
            m.row([*load, (m.y(unit, j), -place.site.floor), *slack], "<=", 0, "floor", *unit.key, j)
    for k, pair in enumerate(m.city.pairs):
        load, most = [], 0
        for unit in m.of(pair.owner):
            parts = unit.mode.ward.parts
            load += [(m.x(unit, p, pair.site), part.tight) for p, part in enumerate(parts)]
            most = max(most, sum(part.tight for part in parts))
        for unit, j in _guests(m, k):
            load += [(m.x(unit, p, j), part.tight) for p, part in enumerate(unit.mode.ward.parts)]
        floor = pair.guest_modes[0].sites[-1].floor
        m.row([*load, (m.binary("share", k), most)], "<=", floor + most, "floor_shared", k)


def _guests(m: Direct, k: int) -> list[tuple[Unit, int]]:
    """Return the modes of the guest of a pair with the position of the shared site."""
    return [
        (unit, j)
        for unit in m.of(m.city.pairs[k].guest)
        for j, place in enumerate(unit.places)
        if place.pair == k
    ]


def rule_hall(m: Direct) -> None:
    """One place in use has the hall that counts, and it holds the meeting where that is enforced."""
    rule = m.city.scenario.rules.hall
    if rule == "off":
        return
    for unit in m.units:
        mode = m.binary("mode", *unit.key)
        halls = [m.binary("hall", *unit.key, j) for j in range(len(unit.places))]
        m.row([*((hall, 1) for hall in halls), (mode, -1)], "=", 0, "one_hall", *unit.key)
        for j, hall in enumerate(halls):
            m.row([(hall, 1), (m.y(unit, j), -1)], "<=", 0, "hall_used", *unit.key, j)
        if rule == "enforce":
            seats = [(hall, place.site.hall) for hall, place in zip(halls, unit.places, strict=True)]
            m.row([*seats, (mode, -unit.mode.ward.hall_tight)], ">=", 0, "hall_seats", *unit.key)


def rule_number_of_sites(m: Direct) -> None:
    """At most max_sites, one where one of its own is enough; required sites are used."""
    for unit in m.units:
        mode = m.binary("mode", *unit.key)
        use = [(m.y(unit, j), 1.0) for j in range(len(unit.places))]
        m.row([*use, (mode, -m.city.scenario.rules.max_sites)], "<=", 0, "max_sites", *unit.key)
        if unit.one_is_enough:
            m.row(use, "<=", 1, "one_is_enough", *unit.key)
            foreign = use[len(unit.own) :]
            if foreign:
                m.row(foreign, "<=", 0, "no_guest", *unit.key)
        for j in unit.own:
            if unit.places[j].site.required:
                m.row([(m.y(unit, j), 1), (mode, -1)], "=", 0, "required", *unit.key, j)


def rule_keep_today(m: Direct) -> None:
    """With the arrangement in force a part keeps the site it is known to have."""
    if m.city.scenario.arrangement != "today":
        return
    for unit in m.units:
        ids = [place.site.id for place in unit.places]
        for p, part in enumerate(unit.mode.ward.parts):
            if part.known is not None:
                seat = m.x(unit, p, ids.index(part.known))
                m.row([(seat, 1), (m.binary("mode", *unit.key), -1)], "=", 0, "keeps", *unit.key, p)


def rule_short(m: Direct) -> None:
    """short = max(0, norm − floor), exactly; a guest has what the owner's norm leaves.

    norm − left ≤ short ≤ norm − left + floor (1 − crowded), short ≤ whole crowded. What is left of a shared site is
    floor − norm of the owner + short of the owner.
    """
    for unit in m.units:
        whole = sum(part.norm for part in unit.mode.ward.parts)
        for j, place in enumerate(unit.places):
            floor = place.site.floor
            norm = [(m.x(unit, p, j), part.norm) for p, part in enumerate(unit.mode.ward.parts)]
            short, crowded = m.variable("short", *unit.key, j), m.binary("crowded", *unit.key, j)
            less = _taken(m, place.pair) if place.pair is not None else []
            over = [*norm, *less, (short, -1)]
            # For a guest the floor is there, used or not: without parts nothing is short.
            used = [] if less else [(m.y(unit, j), -floor)]
            m.row([*over, *used], "<=", floor if less else 0, "short_least", *unit.key, j)
            most = [(v, -f) for v, f in [*over, *used]]
            m.row([*most, (crowded, floor)], "<=", 0 if less else floor, "short_most", *unit.key, j)
            m.row([(short, 1), (crowded, -whole)], "<=", 0, "short_crowded", *unit.key, j)


def _taken(m: Direct, k: int) -> Terms:
    """Return the m² of the shared site that the owner uses: norm − short."""
    pair, found = m.city.pairs[k], []
    for unit in m.of(pair.owner):
        found += [(m.x(unit, p, pair.site), part.norm) for p, part in enumerate(unit.mode.ward.parts)]
        found.append((m.variable("short", *unit.key, pair.site), -1))
    return found


def item_floor(m: Direct) -> None:
    """Renovation, running, crowding, fixed cost and fit-out of every place; citizens' travel to the reception."""
    prices = m.city.scenario.prices
    for unit in m.units:
        parts = unit.mode.ward.parts
        whole = sum(part.norm for part in parts)
        reception = next(p for p, part in enumerate(parts) if part.body == "reception")
        for j, place in enumerate(unit.places):
            site = place.site
            for p, part in enumerate(parts):
                seat = m.x(unit, p, j)
                m.spend(seat, 0, site.renovation * part.norm)
                m.every_year(unit, j, seat, prices.running_vnd_per_m2_year * part.norm)
            short = m.variable("short", *unit.key, j)
            m.spend(short, 0, -site.renovation)
            extra = prices.crowding_vnd_per_m2_year - prices.running_vnd_per_m2_year
            m.every_year(unit, j, short, extra, extra * whole)
            if place.pair is None:
                m.every_year(unit, j, m.y(unit, j), prices.site_fixed_vnd_year)
            m.every_year(unit, j, m.x(unit, reception, j), site.reception_yearly)
            # beyond ≥ people − workplaces; a guest has the workplaces that the owner's people leave.
            beyond = m.variable("beyond", *unit.key, j)
            people = [(m.x(unit, p, j), part.people) for p, part in enumerate(parts)]
            right = 0
            if place.pair is None:
                people.append((m.y(unit, j), -site.workplaces))
            else:
                pair, right = m.city.pairs[place.pair], site.workplaces
                for owner in m.of(pair.owner):
                    known = owner.mode.ward.parts
                    people += [(m.x(owner, p, pair.site), part.people) for p, part in enumerate(known)]
                    people.append((m.variable("beyond", *owner.key, pair.site), -1))
            m.row([*people, (beyond, -1)], "<=", right, "beyond", *unit.key, j)
            m.spend(beyond, 0, site.furniture)


def item_moves(m: Direct) -> None:
    """Everybody moves before the reform; later the people of a part that leaves its known site."""
    price = m.city.scenario.prices.move_vnd_per_person
    for unit in m.units:
        for p, part in enumerate(unit.mode.ward.parts):
            for j, place in enumerate(unit.places):
                moved = (
                    m.city.scenario.start == "before_reform"
                    if part.known is None
                    else m.city.scenario.start == "before_reform" or place.site.id != part.known
                )
                if moved:
                    m.spend(m.x(unit, p, j), 0, part.people * price)


def item_hall_rent(m: Direct) -> None:
    """Seats missing to the norm in the hall that counts."""
    if m.city.scenario.rules.hall == "off":
        return
    price = m.city.scenario.prices.hall_rent_vnd_per_seat_year
    for unit in m.units:
        for j, place in enumerate(unit.places):
            rent = price * max(0, unit.mode.ward.hall_norm - place.site.hall)
            m.every_year(unit, -1, m.binary("hall", *unit.key, j), rent)


def item_staff_travel(m: Direct) -> None:
    """Trips between parts: Σ_j pair[p, q, i, j] = x[p, i], Σ_i pair[p, q, i, j] = x[q, j]."""
    days, km = m.city.scenario.reception.working_days, m.city.flat.staff_km
    for unit in m.units:
        places = range(len(unit.places))
        for (p, q), trips in unit.mode.ward.trips.items():
            if not trips or len(places) < 2:
                continue
            for i in places:
                out = [(m.variable("pair", *unit.key, p, q, i, j), 1) for j in places]
                m.row([*out, (m.x(unit, p, i), -1)], "=", 0, "pair_from", *unit.key, p, q, i)
            for j in places:
                into = [(m.variable("pair", *unit.key, p, q, i, j), 1) for i in places]
                m.row([*into, (m.x(unit, q, j), -1)], "=", 0, "pair_to", *unit.key, p, q, j)
            for i in places:
                for j in places:
                    dong = trips * days * unit.metres[i][j] * km / 1000
                    m.every_year(unit, -1, m.variable("pair", *unit.key, p, q, i, j), dong)


def item_cohesion(m: Direct) -> None:
    """Departments apart from the office: apart[p] ≥ x[p, j] − x[office, j]."""
    price = m.city.scenario.prices.cohesion_vnd_per_part_year
    for unit in m.units:
        parts = unit.mode.ward.parts
        office = next((p for p, part in enumerate(parts) if part.kind == "leaders"), None)
        for p, part in enumerate(parts):
            if office is None or part.kind != "department":
                continue
            apart = m.variable("apart", *unit.key, p)
            for j in range(len(unit.places)):
                terms = [(m.x(unit, p, j), 1), (m.x(unit, office, j), -1), (apart, -1)]
                m.row(terms, "<=", 0, "apart", *unit.key, p, j)
            m.every_year(unit, -1, apart, price)


def item_departments(m: Direct) -> None:
    """Further departments and overload are paid in all years, centre or not."""
    weight = sum(d * g / MILLION for d, g in zip(m.city.weights, m.city.growth, strict=True))
    for unit in m.units:
        dong = unit.mode.departments_yearly + unit.mode.overload_yearly
        m.pay(m.binary("mode", *unit.key), dong * weight)


# --- centres -----------------------------------------------------------------------------------------------------


def rule_one_centre(m: Direct) -> None:
    """At most one centre, of the mode that is chosen: Σ z[e] ≤ mode[e]."""
    for unit in m.units:
        mine = [(z, 1) for other, _, _, _, z in m.centres(unit.w) if other is unit]
        if mine:
            m.row([*mine, (m.binary("mode", *unit.key), -1)], "<=", 0, "one_centre", *unit.key)


def rule_vacant(m: Direct) -> None:
    """Where there is no land beside the old building, it is empty in the interim: y[c] + Σ_s z[c, s] ≤ 1."""
    for unit in m.units:
        for c, candidate in enumerate(unit.mode.candidates):
            if candidate.site is None or candidate.beside:
                continue
            here = [(z, 1) for other, d, _, _, z in m.centres(unit.w) if other is unit and d == c]
            if here:
                m.row([*here, (m.y(unit, candidate.site), 1)], "<=", 1, "vacant", *unit.key, c)


def item_interim_years(m: Direct) -> None:
    """A year of the interim is paid unless a centre is open: saved[j, t] ≤ cost[j], saved[j, t] ≤ most[j] open[t]."""
    weights = [d * g / MILLION for d, g in zip(m.city.weights, m.city.growth, strict=True)]
    for (w, j), amounts in m.yearly.items():
        for name, dong in amounts.items():
            m.pay(m.names[name], dong * sum(weights))
        most = max(value for (v, i, _), value in m.yearly_most.items() if (v, i) == (w, j))
        for t in range(1, m.city.years):
            opened = m.opened(w, t)
            if not opened:
                continue
            saved = m.variable("saved", w, j, t)  # million dong
            cost = m.flow(amounts, -1 / MILLION)
            m.row([(saved, 1.0), *cost], "<=", 0, "saved_cost", w, j, t)
            limit = [(z, -most / MILLION) for z, _ in opened]
            m.row([(saved, 1.0), *limit], "<=", 0, "saved_open", w, j, t)
            m.pay(saved, -weights[t] * MILLION)


def item_centre(m: Direct) -> None:
    """Building, land, moving in and running of a centre; what it is worth in the end."""
    prices, centres = m.city.scenario.prices, m.city.scenario.centres
    city, years = m.city, m.city.years
    for w in m.wards():
        for unit, _, candidate, s, z in m.centres(w):
            o, b = s + candidate.build, candidate.build
            spent = [0] * years
            for whole in (candidate.construction, candidate.contingency):
                paid = [whole * k // b for k in range(b + 1)]
                for k in range(b):
                    spent[s + k] += (paid[k + 1] - paid[k]) * city.building_growth[s + k] // MILLION
            building = sum(spent)
            land = candidate.land * city.building_growth[s] // MILLION
            spent[s] += land
            for price in (prices.furniture_vnd_per_person, prices.move_vnd_per_person):
                spent[o] += unit.mode.people * price * city.building_growth[o] // MILLION
            for t, dong in enumerate(spent):
                m.spend(z, t, dong)
            left = max(0, centres.life_years - (years - o))
            m.pay(z, -(building * left // centres.life_years + land) * city.weights[-1])
            yearly = candidate.floor * prices.running_vnd_per_m2_year + prices.site_fixed_vnd_year
            yearly += candidate.reception_yearly
            m.pay(z, sum(yearly * city.growth[t] / MILLION * city.weights[t] for t in range(o, years)))


# --- release -----------------------------------------------------------------------------------------------------


def _in_use(m: Direct, w: int, j: int, factor: float = 1.0) -> Terms:
    return [(m.y(unit, j), factor) for unit in m.of(w)]


def _built_on(m: Direct, w: int, j: int, factor: float = 1.0) -> Terms:
    return [(z, factor) for _, _, candidate, _, z in m.centres(w) if candidate.site == j]


def rule_free(m: Direct) -> None:
    """free0 = not in use and not built on; late = in use, a centre opens, not built on; gone = late and open."""
    last = m.city.years - 1
    for w, ward in enumerate(m.city.wards):
        for j in range(len(ward.rents)):
            free0, late = m.variable("free0", w, j, most=1), m.variable("late", w, j, most=1)
            use, on, opened = _in_use(m, w, j), _built_on(m, w, j), m.opened(w, last)
            m.row([(free0, 1), *use], "<=", 1, "free_unused", w, j)
            m.row([(free0, 1), *on], "<=", 1, "free_unbuilt", w, j)
            m.row([(free0, 1), *use, *on], ">=", 1, "free", w, j)
            m.row([(late, 1), *_in_use(m, w, j, -1)], "<=", 0, "late_used", w, j)
            away = [(z, -1) for z, _ in opened] + on  # 1 centre and not here
            m.row([(late, 1), *away], "<=", 0, "late_away", w, j)
            m.row([(late, 1), *_in_use(m, w, j, -1), *away], ">=", -1, "late", w, j)
            for t in range(1, m.city.years):
                _while_open(m, "gone", late, t, w, j)


def _while_open(m: Direct, kind: str, what: Any, t: int, w: int, *key: int) -> Any | None:
    """Return a variable that is `what` in the years in which a centre is open; None where none can be."""
    opened = m.opened(w, t)
    if not opened:
        return None
    full = (kind, w, *key, t)
    if full not in m.variables:
        made = m.variable(kind, w, *key, t, most=1)
        m.row([(made, 1), (what, -1)], "<=", 0, f"{kind}_what", w, *key, t)
        m.row([(made, 1), *((z, -1) for z, _ in opened)], "<=", 0, f"{kind}_open", w, *key, t)
        both = [(made, 1), (what, -1), *((z, -1) for z, _ in opened)]
        m.row(both, ">=", -1, f"{kind}_both", w, *key, t)
    return m.variables[full]


def item_release_income(m: Direct) -> None:
    """What free sites bring: rent every year, the price in the year a site is free.

    With priority the first sites, in the order of year, cash value, id, are for public needs; a site brings cash if
    as many sites as there are needs come before it.
    """
    routes, needs = timebrute.cash_routes(m.city), 0
    if m.city.scenario.release.route == "priority":
        needs = m.city.needs
    for w, ward in enumerate(m.city.wards):
        chosen = [(q, m.binary("route", w, q)) for q in range(len(routes))]
        m.row([(variable, 1) for _, variable in chosen], "=", 1, "one_route", w)
        ids = [site.id for site in ward.modes[0].ward.sites]
        for q, name in enumerate(routes):
            if name not in ("lease", "auction"):
                continue
            value = ward.rents if name == "lease" else ward.prices
            order = sorted(range(len(ids)), key=lambda j, value=value: (value[j], ids[j]))
            for place, j in enumerate(order):
                before = [m.variable("free0", w, i, most=1) for i in order[:place]]
                free0, late = m.variable("free0", w, j, most=1), m.variable("late", w, j, most=1)
                cash0 = _to_cash(m, "cash0", free0, before, needs, w, j, q)
                at_first = [m.variable("free0", w, i, most=1) for i in order]
                before = [*at_first, *(m.variable("late", w, i, most=1) for i in order[:place])]
                cashlate = _to_cash(m, "cashlate", late, before, needs, w, j, q)
                paid = None
                for t in range(m.city.years):
                    dong = value[j] * m.city.growth[t] // MILLION
                    now = _while_open(m, "cashgone", cashlate, t, w, j, q) if t else None
                    if name == "lease":
                        m.earn(cash0, t, dong)
                        if now is not None:
                            m.earn(now, t, dong)
                    elif t == 0:
                        m.earn(cash0, t, dong)
                    elif now is not None:
                        m.earn(now, t, dong)
                        if paid is not None:
                            m.earn(paid, t, -dong)
                    paid = now


def _to_cash(m: Direct, kind: str, free: Any, before: list[Any], needs: int, w: int, j: int, q: int) -> Any:
    """Return 1 if a free site goes to route q: that is the ward's, and at least `needs` sites come before."""
    cash, route = m.binary(kind, w, j, q), m.binary("route", w, q)
    ahead = [(variable, 1.0) for variable in before]
    m.row([(cash, 1), (free, -1)], "<=", 0, f"{kind}_free", w, j, q)
    m.row([(cash, 1), (route, -1)], "<=", 0, f"{kind}_route", w, j, q)
    if needs:
        m.row([(cash, needs), *((v, -f) for v, f in ahead)], "<=", 0, f"{kind}_after", w, j, q)
    # route and free and ahead ≥ needs ⇒ cash: M cash ≥ ahead − needs + 1 − M (2 − free − route)
    big = max(1, len(before) - needs + 1)
    whole = [(cash, big), (free, -big), (route, -big), *((v, -f) for v, f in ahead)]
    m.row(whole, ">=", 1 - needs - 2 * big, f"{kind}_must", w, j, q)
    return cash


# --- city-wide rules ---------------------------------------------------------------------------------------------


def rule_share(m: Direct) -> None:
    """Sharing, owner and guest use the site and neither builds; a ward shares at most once."""
    pairs = m.city.pairs
    for k, pair in enumerate(pairs):
        share = m.binary("share", k)
        for unit, j in _guests(m, k):
            m.row([(m.y(unit, j), 1), (share, -1)], "<=", 0, "share_guest", k, unit.mode.extra)
        seen = [(m.y(unit, j), -1) for unit, j in _guests(m, k)]
        m.row([(share, 1), *seen], "<=", 0, "share_used", k)
        m.row([(share, 1), *_in_use(m, pair.owner, pair.site, -1)], "<=", 0, "share_owner", k)
        for w in (pair.owner, pair.guest):
            built = [(z, 1) for *_, z in m.centres(w)]
            m.row([(share, 1), *built], "<=", 1, "share_no_centre", k, w)
        for w in (pair.owner, pair.guest):
            for terms, name in zip(_missing(m, w), ("m2", "seats"), strict=True):
                if terms:  # sharing, nothing may be missing
                    most = max(sum(part.tight for part in unit.mode.ward.parts) for unit in m.of(w))
                    most = max(most, m.of(w)[0].mode.ward.hall_tight)
                    m.row([*terms, (share, most)], "<=", most, f"share_misses_no_{name}", k, w)
    for w in m.wards():
        mine = [(m.binary("share", k), 1) for k, pair in enumerate(pairs) if w in (pair.owner, pair.guest)]
        if mine:
            m.row(mine, "<=", 1, "share_once", w)


def rule_counts(m: Direct) -> None:
    """Premises, departments, centres under construction and opened, centres asked for, premises released."""
    rules, first = m.city.scenario.rules, m.city.scenario.horizon.start_year
    if rules.premises_max is not None:
        use = [(m.y(unit, j), 1) for unit in m.units for j in unit.own]
        m.row(use, "<=", rules.premises_max, "premises")
    if rules.departments_max is not None:
        use = [(m.binary("mode", *unit.key), unit.mode.departments) for unit in m.units]
        m.row(use, "<=", rules.departments_max, "departments")
    every = [(w, *centre) for w in m.wards() for centre in m.centres(w)]
    for t in range(m.city.years):
        if rules.centres_building_max is not None:
            use = [(z, 1) for _, _, _, c, s, z in every if s <= t < s + c.build]
            m.row(use, "<=", rules.centres_building_max, "building", first + t)
        if t and rules.relocations_max is not None:
            use = [(z, 1) for _, _, _, c, s, z in every if s + c.build == t]
            m.row(use, "<=", rules.relocations_max, "relocations", first + t)
    wards = m.city.wards
    asked: list[tuple[int | None, Callable[[int], bool]]] = [
        (rules.centres_min, lambda w: True),
        (rules.centres_min_phuong, lambda w: wards[w].kind == "phường"),
        (rules.centres_min_xa, lambda w: wards[w].kind == "xã"),
    ]
    for name, number in rules.centres_min_by_district.items():
        asked.append((number, lambda w, name=name: wards[w].district == name))
    for k, (number, belongs) in enumerate(asked):
        if number is not None:
            m.row([(z, 1) for w, *_, z in every if belongs(w)], ">=", number, "centres", k)
    for year, number in rules.surplus_min.items():
        m.row(_freed(m, year - first, lambda w, j: 1), ">=", number, "surplus", year)
    floors = [[site.floor for site in ward.modes[0].ward.sites] for ward in wards]
    for year, number in rules.surplus_m2_min.items():
        m.row(_freed(m, year - first, lambda w, j: floors[w][j]), ">=", number, "surplus_m2", year)


def _freed(m: Direct, t: int, weight: Callable[[int, int], int]) -> Terms:
    found: Terms = []
    for w, ward in enumerate(m.city.wards):
        for j in range(len(ward.rents)):
            found.append((m.variable("free0", w, j, most=1), weight(w, j)))
            if ("gone", w, j, t) in m.variables:
                found.append((m.variables["gone", w, j, t], weight(w, j)))
    return found


def rule_money(m: Direct) -> None:
    """Capital of the first year; budgets: stock[t] = stock[t − 1] + budget − capital + income of the year before."""
    scenario, first = m.city.scenario, m.city.scenario.horizon.start_year
    if scenario.rules.capital_max_vnd is not None:
        m.row(m.flow(m.capital[0]), "<=", scenario.rules.capital_max_vnd / MILLION, "capital")
    budget = scenario.budget
    begins = first + 1 if budget.from_year is None else budget.from_year
    before = None
    for t in range(m.city.years):
        year = first + t
        money = budget.by_year_vnd.get(year)
        if money is None and budget.yearly_vnd is not None and year >= begins:
            money = budget.yearly_vnd
        if money is None and before is None:
            continue
        use = m.flow(m.capital[t])
        if budget.recycle_income and t:
            use += m.flow(m.income[t - 1], -1 / MILLION)
        if not budget.carry_over:
            m.row(use, "<=", (money or 0) / MILLION, "budget", year)
            continue
        stock = m.variable("stock", year)
        old = [(before, -1.0)] if before is not None else []
        m.row([*use, (stock, 1.0), *old], "=", (money or 0) / MILLION, "budget", year)
        before = stock


RULES = (
    rule_one_mode,
    rule_every_part_on_one_place,
    rule_committee_together,
    rule_floor_area,
    rule_hall,
    rule_number_of_sites,
    rule_keep_today,
)
REST = (
    rule_short,
    item_floor,
    item_moves,
    item_hall_rent,
    item_staff_travel,
    item_cohesion,
    item_departments,
    rule_one_centre,
    rule_vacant,
    item_interim_years,
    item_centre,
    rule_free,
    item_release_income,
    rule_share,
    rule_counts,
    rule_money,
)


# --- solving -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """What the direct formulation found.

    Attributes
    ----------
    stopped : str
        ``optimal``, ``infeasible`` or ``limit``.
    cost : int or None
        Millionths of a dong, recomputed in integers from what was chosen.
    objective, bound : float
        What the solver says, in dong.
    options : tuple
        The plans that were chosen.
    """

    stopped: str
    cost: int | None = None
    objective: float = float("nan")
    bound: float = float("-inf")
    options: tuple[timebrute.Option, ...] = ()


def build(city: TimeCity) -> Direct:
    """Return the whole program with its objective; rules that are only reported are left out."""
    model = Direct(city, make_units(city))
    for add in (*RULES, *REST):
        add(model)
    return model


def size(model: Direct) -> tuple[int, int]:
    """Return the numbers of variables and of rows."""
    rows = model.program.constraints
    return len(model.variables), len(rows() if callable(rows) else rows)


def solve(city: TimeCity, time_limit: float | None = None, solver: str = "highs") -> Answer:
    """Solve the direct formulation: what is missing where a rule is reported first, ward by ward, then the cost."""
    if any(not ward.modes[0].ward.sites for ward in city.wards):
        return Answer("infeasible")
    model = build(city)
    rules = city.scenario.rules
    if "report" in (rules.floor_area, rules.hall):
        for w in range(len(city.wards)):
            least = _least_missing(city, model, w)
            if least is not None:
                _hold(model, w, least)
            elif not any(w == pair.guest for pair in city.pairs):
                return Answer("infeasible")
    return run(model, time_limit, solver)


def _missing(m: Direct, w: int) -> tuple[Terms, Terms]:
    """Return missing m² and missing hall seats of a ward; empty where the rule is not reported."""
    rules = m.city.scenario.rules
    m2: Terms = []
    seats: Terms = []
    for unit in m.of(w):
        if rules.floor_area == "report":
            m2 += [(m.variable("missing", *unit.key, j), 1.0) for j in unit.own]
        if rules.hall == "report":
            seats += [
                (m.binary("hall", *unit.key, j), float(max(0, unit.mode.ward.hall_tight - place.site.hall)))
                for j, place in enumerate(unit.places)
            ]
    return m2, seats


def _least_missing(city: TimeCity, whole: Direct, w: int) -> tuple[int, int] | None:
    """Return the least m², then seats, that a ward of its own must miss."""
    found: list[int] = []
    for step in (0, 1):
        alone = replace(city, wards=(city.wards[w],), pairs=())
        model = Direct(alone, [replace(u, w=0, places=u.places[: len(u.own)]) for u in whole.of(w)])
        for add in RULES:
            add(model)
        if step:
            _hold(model, 0, (found[0], None))
        terms = _missing(model, 0)[step]
        zero = (model.binary("mode", *model.units[0].key), 0.0)
        model.program += direct.total(terms or [zero]), "missing"
        model.program.solve(Highs())
        if direct._stopped(model.program) != "optimal":
            return None
        found.append(round(sum((variable.varValue or 0) * weight for variable, weight in terms)))
    return found[0], found[1]


def _hold(m: Direct, w: int, least: tuple[int, int | None]) -> None:
    for terms, most, name in zip(_missing(m, w), least, ("hold_m2", "hold_seats"), strict=True):
        if terms and most is not None:
            m.row(terms, "<=", most, name, w)


def run(model: Direct, time_limit: float | None = None, solver: str = "highs") -> Answer:
    """Solve a program that was built."""
    costs = [(model.names[name], micro / 1e12) for name, micro in model.cost.items()]
    model.program += direct.total(costs or [(model.variable("zero", most=0.0), 0.0)]), "cost"
    if solver == "cbc":
        return _run_cbc(model, time_limit)
    model.program.solve(Highs(time_limit))
    stopped = direct._stopped(model.program)
    info = model.program.solverModel.getInfo()
    if stopped == "infeasible":
        return Answer(stopped)
    bound = info.mip_dual_bound * MILLION
    if info.primal_solution_status != 2:  # kSolutionStatusFeasible
        return Answer(stopped, bound=bound)
    options = chosen(model)
    cost = sum(option.cost for option in options)
    return Answer(stopped, cost, info.objective_function_value * MILLION, bound, options)


def cbc_path() -> str | None:
    """Return the CBC program: bundled with PuLP, from the package cbcbox, or on PATH."""
    bundled = getattr(getattr(pulp, "PULP_CBC_CMD", None), "pulp_cbc_path", None)
    if bundled:
        return str(bundled)
    try:
        import cbcbox
    except ImportError:
        return shutil.which("cbc")
    return str(cbcbox.cbc_bin_path())


def _run_cbc(model: Direct, time_limit: float | None) -> Answer:
    """Solve with CBC; what it calls optimal is not proven to the dong, and its bound is not read."""
    options = {"timeLimit": time_limit} if time_limit is not None else {}
    result = model.program.solve(pulp.COIN_CMD(path=cbc_path(), msg=False, gapRel=0.0, threads=1, **options))
    if isinstance(result, int):  # PuLP 3
        word = {1: "optimal", -1: "infeasible"}.get(result, "limit")
        has_plan = model.program.sol_status in (1, 2)
        word = "limit" if word == "optimal" and model.program.sol_status != 1 else word
    else:
        has_plan = bool(result.has_solution)
        word = str(getattr(result.status, "name", result.status)).lower()
        word = word if word in ("optimal", "infeasible") else "limit"
    if not has_plan:
        return Answer(word)
    options_chosen = chosen(model)
    cost = sum(option.cost for option in options_chosen)
    return Answer(word, cost, cost / MILLION, options=options_chosen)


def chosen(model: Direct) -> tuple[timebrute.Option, ...]:
    """Read the plans from the variables and price them in whole dong."""
    city = model.city

    def on(kind: str, *key: int) -> bool:
        variable = model.variables.get((kind, *key))
        return variable is not None and (variable.varValue or 0) > 0.5

    routes = timebrute.cash_routes(city)
    units, seats, cash = {}, {}, {}
    for unit in model.units:
        if not on("mode", *unit.key):
            continue
        units[unit.w] = unit
        places = range(len(unit.places))
        seats[unit.w] = tuple(
            next(j for j in places if on("x", *unit.key, p, j)) for p in range(len(unit.mode.ward.parts))
        )
        cash[unit.w] = next(name for q, name in enumerate(routes) if on("route", unit.w, q))
    found, shared = [], set()
    for k, pair in enumerate(city.pairs):
        if not on("share", k):
            continue
        shared |= {pair.owner, pair.guest}
        owner, guest = units[pair.owner], units[pair.guest]
        alone = timebrute._interim(city, owner.mode, owner.mode.ward, seats[pair.owner])
        _, norm, people = timebrute._load(owner.mode.ward, seats[pair.owner], pair.site)
        at = next(j for j, place in enumerate(guest.places) if place.pair == k)
        last = len(guest.own)
        there = tuple(last if j == at else j for j in seats[pair.guest])
        rest = timebrute.rest_of(pair.guest_modes[guest.mode.extra], norm, people)
        beside = timebrute._interim(city, guest.mode, rest, there, last)
        found.append(
            timebrute.option(
                city,
                timebrute._plan(city, pair.owner, alone, None, None, cash[pair.owner]),
                timebrute._plan(city, pair.guest, beside, None, None, cash[pair.guest]),
            )
        )
    for w, unit in units.items():
        if w in shared:
            continue
        interim = timebrute._interim(city, unit.mode, unit.mode.ward, seats[w])
        built = [
            (candidate, s)
            for other, c, candidate, s, _ in model.centres(w)
            if other is unit and on("z", *unit.key, c, s)
        ]
        candidate, start = built[0] if built else (None, None)
        found.append(timebrute.option(city, timebrute._plan(city, w, interim, candidate, start, cash[w])))
    return tuple(found)
