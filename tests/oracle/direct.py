"""The direct formulation: part sits on site, one function per rule and per cost item, solved by HiGHS.

Slow and weak (docs/architecture.md says why the program enumerates), but written down rule by rule as in
docs/model.md, so that it says the same thing in another way. It uses what PuLP 3.3.2 and 4.2 have in common.

Variables of ward w, part p, site j (all in ``tests.oracle.facts``):

====================  ==========================================================
``x[w, p, j]``        1 if part p sits on site j
``y[w, j]``           1 if site j is in use
``short[w, j]``       m² missing to the norm
``crowded[w, j]``     1 if something is missing to the norm
``hall[w, j]``        1 if site j has the hall that counts
``beyond[w, j]``      people for whom there is no furnished workplace
``apart[w, p]``       1 if department p is not on the site of the office
``pair[w, p, q, i, j]``  1 if part p sits on site i and part q on site j
``missing[w, j]``     m² missing to the tight fit (only where the rule is reported)
====================  ==========================================================

Costs are in million dong; the optimum is recomputed in whole dong from the seats.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import highspy
import pulp

from tests.oracle import brute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.oracle.facts import City, Ward

MILLION = 1_000_000
Key = tuple[Any, ...]


class QuietHighs(highspy.Highs):
    """highspy 1.16 prints its banner to stdout from the constructor; silence it before that."""

    def enableCallbacks(self) -> None:
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()


class Highs(pulp.HiGHS):
    """HiGHS through either version of PuLP, with tolerances for amounts that must be right to the dong."""

    def __init__(self, time_limit: float | None = None) -> None:
        super().__init__(msg=False)
        self.limit = time_limit

    def createAndConfigureSolver(self, lp: Any) -> None:
        solver = lp.solverModel = QuietHighs()
        options = {"threads": 1, "random_seed": 0, "mip_rel_gap": 0.0, "mip_abs_gap": 1e-7}
        options |= {"mip_feasibility_tolerance": 1e-9, "primal_feasibility_tolerance": 1e-9}
        if self.limit is not None:
            options["time_limit"] = float(self.limit)
        for name, value in options.items():
            solver.setOptionValue(name, value)


def total(pairs: Iterable[tuple[Any, float]]) -> Any:
    """Return Σ coefficient · variable; every variable once."""
    pairs = [(variable, float(coefficient)) for variable, coefficient in pairs]
    if hasattr(pulp, "lpSum_vars_coefs"):
        return pulp.lpSum_vars_coefs(pairs)
    return pulp.LpAffineExpression(pairs)


@dataclass
class Direct:
    """The program under construction.

    ``terms`` collects the objective: variable, dong of the first year, dong of every year; ``constant`` is what the
    city pays whatever is chosen, in millionths of a dong.
    """

    city: City
    program: Any = field(default_factory=lambda: pulp.LpProblem("direct", pulp.LpMinimize))
    variables: dict[Key, Any] = field(default_factory=dict)
    terms: list[tuple[Any, int, int]] = field(default_factory=list)
    capital: list[tuple[Any, int]] = field(default_factory=list)
    capital_constant: int = 0
    constant: int = 0

    def variable(self, kind: str, *key: Any, binary: bool = False) -> Any:
        """Return a variable, made when first asked for."""
        full = (kind, *key)
        if full not in self.variables:
            ward = self.city.wards[key[0]]
            name = "_".join([kind, f"W{ward.code}", *(str(k) for k in key[1:])])
            how = {"cat": pulp.LpBinary} if binary else {"lowBound": 0}
            self.variables[full] = self.program.add_variable(name, **how)
        return self.variables[full]

    def x(self, w: int, p: int, j: int) -> Any:
        """1 if part p sits on site j."""
        return self.variable("x", w, p, j, binary=True)

    def y(self, w: int, j: int) -> Any:
        """1 if site j is in use."""
        return self.variable("y", w, j, binary=True)

    def row(self, constraint: Any, name: str, *key: Any) -> None:
        """Add a row named after its rule and its ward, part and site."""
        ward = self.city.wards[key[0]].code if key else ""
        parts = [name, *([f"W{ward}"] if key else []), *(str(k) for k in key[1:])]
        self.program += constraint, "_".join(parts)

    def pay(self, variable: Any, once: int = 0, yearly: int = 0, *, capital: bool = False) -> None:
        """Add dong per unit of a variable: of the first year, of every year."""
        if once or yearly:
            self.terms.append((variable, once, yearly))
        if capital and once:
            self.capital.append((variable, once))

    def objective(self) -> Any:
        """Return the objective in million dong, without its constant."""
        weight: dict[Any, float] = {}
        names: dict[str, Any] = {}
        for variable, once, yearly in self.terms:
            names[variable.name] = variable
            micro = once * self.city.first + yearly * self.city.every
            weight[variable.name] = weight.get(variable.name, 0) + micro
        return total((names[name], micro / 1e12) for name, micro in weight.items())

    def wards(self) -> Iterable[tuple[int, Ward]]:
        """Return the wards with their positions."""
        return enumerate(self.city.wards)


# --- rules -------------------------------------------------------------------------------------------------------


def rule_every_part_on_one_site(m: Direct) -> None:
    """Every part sits on exactly one site of its ward: Σ_j x[p, j] = 1."""
    for w, ward in m.wards():
        for p in range(len(ward.parts)):
            m.row(total((m.x(w, p, j), 1) for j in range(len(ward.sites))) == 1, "one_site", w, p)


def rule_seat_opens_site(m: Direct) -> None:
    """A site where a part sits is in use: x[p, j] ≤ y[j]."""
    for w, ward in m.wards():
        for p in range(len(ward.parts)):
            for j in range(len(ward.sites)):
                m.row(total([(m.x(w, p, j), 1), (m.y(w, j), -1)]) <= 0, "opens", w, p, j)


def rule_site_in_use_has_a_seat(m: Direct) -> None:
    """A site is in use only if a part sits there: y[j] ≤ Σ_p x[p, j]."""
    for w, ward in m.wards():
        for j in range(len(ward.sites)):
            seats = [(m.x(w, p, j), -1) for p in range(len(ward.parts))]
            m.row(total([(m.y(w, j), 1), *seats]) <= 0, "used", w, j)


def rule_committee_together(m: Direct) -> None:
    """Unless departments may sit apart, the committee is on one site: x[p, j] = x[first, j]."""
    if m.city.scenario.rules.departments_apart:
        return
    for w, ward in m.wards():
        committee = [p for p, part in enumerate(ward.parts) if part.body == "council_committee"]
        for p in committee[1:]:
            for j in range(len(ward.sites)):
                m.row(total([(m.x(w, p, j), 1), (m.x(w, committee[0], j), -1)]) == 0, "together", w, p, j)


def rule_floor_area(m: Direct) -> None:
    """On every site the tight fit of what sits there is at most its floor: Σ_p tight[p] x[p, j] ≤ floor[j] y[j].

    Where the rule is only reported, missing[j] is added on the right.
    """
    reported = m.city.scenario.rules.floor_area == "report"
    for w, ward in m.wards():
        for j, site in enumerate(ward.sites):
            load = [(m.x(w, p, j), part.tight) for p, part in enumerate(ward.parts)]
            slack = [(m.variable("missing", w, j), -1)] if reported else []
            m.row(total([*load, (m.y(w, j), -site.floor), *slack]) <= 0, "floor", w, j)


def rule_one_hall_counts(m: Direct) -> None:
    """One site in use has the hall that counts: Σ_j hall[j] = 1, hall[j] ≤ y[j]."""
    if m.city.scenario.rules.hall == "off":
        return
    for w, ward in m.wards():
        places = range(len(ward.sites))
        m.row(total((m.variable("hall", w, j, binary=True), 1) for j in places) == 1, "one_hall", w)
        for j in places:
            hall = m.variable("hall", w, j, binary=True)
            m.row(total([(hall, 1), (m.y(w, j), -1)]) <= 0, "hall_used", w, j)


def rule_hall_holds_meeting(m: Direct) -> None:
    """The hall that counts has the tight-fit seats: Σ_j seats[j] hall[j] ≥ needed."""
    if m.city.scenario.rules.hall != "enforce":
        return
    for w, ward in m.wards():
        seats = total((m.variable("hall", w, j, binary=True), s.hall) for j, s in enumerate(ward.sites))
        m.row(seats >= ward.hall_tight, "hall_seats", w)


def rule_at_most_max_sites(m: Direct) -> None:
    """At most so many sites a ward: Σ_j y[j] ≤ max_sites."""
    for w, ward in m.wards():
        use = total((m.y(w, j), 1) for j in range(len(ward.sites)))
        m.row(use <= m.city.scenario.rules.max_sites, "max_sites", w)


def rule_required_sites(m: Direct) -> None:
    """A required site is in use: y[j] = 1."""
    for w, ward in m.wards():
        for j, site in enumerate(ward.sites):
            if site.required:
                m.row(total([(m.y(w, j), 1)]) == 1, "required", w, j)


def rule_keep_today(m: Direct) -> None:
    """With the arrangement in force, a part whose premises are known keeps them: x[p, known] = 1."""
    if m.city.scenario.arrangement != "today":
        return
    for w, ward in m.wards():
        place = {site.id: j for j, site in enumerate(ward.sites)}
        for p, part in enumerate(ward.parts):
            if part.known is not None:
                m.row(total([(m.x(w, p, place[part.known]), 1)]) == 1, "keeps", w, p)


def one_site_is_enough(city: City, ward: Ward) -> bool:
    """Tell whether a single allowed site holds everything, so that rule 3 asks for one site."""
    rules = city.scenario.rules
    if rules.one_site_where_enough == "off":
        return False
    required = {site.id for site in ward.sites if site.required}
    known = (
        {part.known for part in ward.parts if part.known} if city.scenario.arrangement == "today" else set()
    )
    return any(
        sum(part.tight for part in ward.parts) <= site.floor
        and (rules.hall == "off" or site.hall >= ward.hall_tight)
        and (rules.one_site_where_enough == "any" or site.district_hq)
        and required <= {site.id}
        and known <= {site.id}
        for site in ward.sites
    )


def rule_one_site_where_enough(m: Direct) -> None:
    """Where a single allowed site holds everything the ward uses one: Σ_j y[j] ≤ 1."""
    for w, ward in m.wards():
        if one_site_is_enough(m.city, ward):
            m.row(total((m.y(w, j), 1) for j in range(len(ward.sites))) <= 1, "one_is_enough", w)


def rule_premises_max(m: Direct) -> None:
    """Premises in use in the city are limited: Σ_w Σ_j y[j] ≤ premises_max."""
    limit = m.city.scenario.rules.premises_max
    if limit is not None:
        use = [(m.y(w, j), 1) for w, ward in m.wards() for j in range(len(ward.sites))]
        m.row(total(use) <= limit, "premises_max")


def rule_capital_max(m: Direct) -> None:
    """Renovation, fit-out and moves of the whole city are limited, in million dong. Comes after the cost items."""
    limit = m.city.scenario.rules.capital_max_vnd
    if limit is None:
        return
    weight: dict[str, int] = {}
    names: dict[str, Any] = {}
    for variable, dong in m.capital:
        names[variable.name] = variable
        weight[variable.name] = weight.get(variable.name, 0) + dong
    if weight:
        spent = total((names[name], dong / MILLION) for name, dong in weight.items())
        m.row(spent <= (limit - m.capital_constant) / MILLION, "capital_max")
    elif m.capital_constant > limit:  # nothing to choose, and too much already
        m.row(total([(m.x(0, 0, 0), 1)]) >= 2, "capital_max")


# --- cost items --------------------------------------------------------------------------------------------------


def rule_short_is_what_the_norm_misses(m: Direct) -> None:
    """short[j] = max(0, norm on j − floor[j]).

    norm − floor y ≤ short ≤ norm − floor y + floor (1 − crowded), short ≤ (whole norm) crowded.
    """
    for w, ward in m.wards():
        whole = sum(part.norm for part in ward.parts)
        for j, site in enumerate(ward.sites):
            norm = [(m.x(w, p, j), part.norm) for p, part in enumerate(ward.parts)]
            short, crowded = m.variable("short", w, j), m.variable("crowded", w, j, binary=True)
            m.row(total([*norm, (m.y(w, j), -site.floor), (short, -1)]) <= 0, "short_least", w, j)
            less = [(v, -c) for v, c in norm]
            most = total([(short, 1), *less, (m.y(w, j), site.floor), (crowded, site.floor)])
            m.row(most <= site.floor, "short_most", w, j)
            m.row(total([(short, 1), (crowded, -whole)]) <= 0, "short_only_if_crowded", w, j)


def item_used_floor(m: Direct) -> None:
    """Renovation and running: price × (norm on j − short[j])."""
    running = m.city.scenario.prices.running_vnd_per_m2_year
    for w, ward in m.wards():
        for j, site in enumerate(ward.sites):
            for p, part in enumerate(ward.parts):
                m.pay(m.x(w, p, j), site.renovation * part.norm, running * part.norm, capital=True)
            m.pay(m.variable("short", w, j), -site.renovation, -running, capital=True)


def item_crowding(m: Direct) -> None:
    """Crowding: price × short[j]."""
    for w, ward in m.wards():
        for j in range(len(ward.sites)):
            m.pay(m.variable("short", w, j), yearly=m.city.scenario.prices.crowding_vnd_per_m2_year)


def item_fit_out(m: Direct) -> None:
    """Fit-out: price × beyond[j], beyond[j] ≥ people on j − workplaces[j] y[j]."""
    for w, ward in m.wards():
        for j, site in enumerate(ward.sites):
            people = [(m.x(w, p, j), part.people) for p, part in enumerate(ward.parts)]
            beyond = m.variable("beyond", w, j)
            m.row(total([*people, (m.y(w, j), -site.workplaces), (beyond, -1)]) <= 0, "beyond", w, j)
            m.pay(beyond, once=site.furniture, capital=True)


def item_moves(m: Direct) -> None:
    """Moves: everybody before the reform; later the people of a part that leaves its known site."""
    price = m.city.scenario.prices.move_vnd_per_person
    for w, ward in m.wards():
        for p, part in enumerate(ward.parts):
            if m.city.scenario.start == "before_reform":
                m.constant += part.people * price * m.city.first
                m.capital_constant += part.people * price
            elif part.known is not None:
                for j, site in enumerate(ward.sites):
                    if site.id != part.known:
                        m.pay(m.x(w, p, j), once=part.people * price, capital=True)


def item_site_fixed(m: Direct) -> None:
    """Fixed cost of every site in use: price × y[j]."""
    for w, ward in m.wards():
        for j in range(len(ward.sites)):
            m.pay(m.y(w, j), yearly=m.city.scenario.prices.site_fixed_vnd_year)


def item_hall_rent(m: Direct) -> None:
    """Rent of the seats missing to the norm in the hall that counts: price × max(0, norm − seats[j]) × hall[j]."""
    if m.city.scenario.rules.hall == "off":
        return
    price = m.city.scenario.prices.hall_rent_vnd_per_seat_year
    for w, ward in m.wards():
        for j, site in enumerate(ward.sites):
            missing = max(0, ward.hall_norm - site.hall)
            m.pay(m.variable("hall", w, j, binary=True), yearly=price * missing)


def item_staff_travel(m: Direct) -> None:
    """Trips between parts: Σ trips × metres × price × pair[p, q, i, j].

    Σ_j pair[p, q, i, j] = x[p, i], Σ_i pair[p, q, i, j] = x[q, j]. Not rounded down here: the enumerated cost is
    up to a dong a year and ward less.
    """
    for w, ward in m.wards():
        places = range(len(ward.sites))
        for (p, q), trips in ward.trips.items():
            if not trips:
                continue
            for i in places:
                out = [(m.variable("pair", w, p, q, i, j), 1) for j in places]
                m.row(total([*out, (m.x(w, p, i), -1)]) == 0, "pair_from", w, p, q, i)
            for j in places:
                into = [(m.variable("pair", w, p, q, i, j), 1) for i in places]
                m.row(total([*into, (m.x(w, q, j), -1)]) == 0, "pair_to", w, p, q, j)
            for i in places:
                for j in places:
                    metre_trips = trips * m.city.scenario.reception.working_days * ward.metres[i][j]
                    milli_dong = metre_trips * m.city.staff_km
                    if milli_dong:
                        # A thousandth of a dong is too fine for whole dong: carried as a fraction.
                        m.terms.append((m.variable("pair", w, p, q, i, j), 0, milli_dong / 1000))


def item_cohesion(m: Direct) -> None:
    """Departments apart from the office: price × apart[p], apart[p] ≥ x[p, j] − x[office, j]."""
    for w, ward in m.wards():
        office = next((p for p, part in enumerate(ward.parts) if part.kind == "leaders"), None)
        for p, part in enumerate(ward.parts):
            if office is None or part.kind != "department":
                continue
            apart = m.variable("apart", w, p)
            for j in range(len(ward.sites)):
                m.row(total([(m.x(w, p, j), 1), (m.x(w, office, j), -1), (apart, -1)]) <= 0, "apart", w, p, j)
            m.pay(apart, yearly=m.city.scenario.prices.cohesion_vnd_per_part_year)


def item_citizen_travel(m: Direct) -> None:
    """Citizens' travel to the site of the reception: cost[j] × x[reception, j]."""
    for w, ward in m.wards():
        reception = next(p for p, part in enumerate(ward.parts) if part.body == "reception")
        for j, site in enumerate(ward.sites):
            m.pay(m.x(w, reception, j), yearly=site.reception_yearly)


def item_release_income(m: Direct) -> None:
    """A site not in use brings its value: −value[j] (1 − y[j])."""
    for w, ward in m.wards():
        for j, site in enumerate(ward.sites):
            m.constant -= site.released_once * m.city.first + site.released_yearly * m.city.every
            m.pay(m.y(w, j), once=site.released_once, yearly=site.released_yearly)


RULES: tuple[Callable[[Direct], None], ...] = (
    rule_every_part_on_one_site,
    rule_seat_opens_site,
    rule_site_in_use_has_a_seat,
    rule_committee_together,
    rule_floor_area,
    rule_one_hall_counts,
    rule_hall_holds_meeting,
    rule_at_most_max_sites,
    rule_required_sites,
    rule_keep_today,
    rule_one_site_where_enough,
    rule_premises_max,
    rule_short_is_what_the_norm_misses,
)
ITEMS: tuple[Callable[[Direct], None], ...] = (
    item_used_floor,
    item_crowding,
    item_fit_out,
    item_moves,
    item_site_fixed,
    item_hall_rent,
    item_staff_travel,
    item_cohesion,
    item_citizen_travel,
    item_release_income,
)
LAST: tuple[Callable[[Direct], None], ...] = (rule_capital_max,)


# --- solving -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """What the direct formulation found.

    Attributes
    ----------
    stopped : str
        ``optimal``, ``infeasible`` or ``limit``.
    cost : int or None
        Millionths of a dong, recomputed in integers from the seats.
    objective : float
        What the solver says, in dong (its constant added): above ``cost`` by what rounding down takes off.
    bound : float
        The solver's lower bound in dong.
    seats : list
        Of every ward, the position of the site of every part.
    """

    stopped: str
    cost: int | None = None
    objective: float = float("nan")
    bound: float = float("-inf")
    seats: list[tuple[int, ...]] = field(default_factory=list)


def build(city: City) -> Direct:
    """Return the whole program, without its objective."""
    model = Direct(city)
    for add in (*RULES, *ITEMS, *LAST):
        add(model)
    return model


def solve(city: City, time_limit: float | None = None) -> Answer:
    """Solve the direct formulation; reported rules first, ward by ward, then the cost."""
    if any(not ward.sites for ward in city.wards):
        return Answer("infeasible")
    model = build(city)
    rules = city.scenario.rules
    if "report" in (rules.floor_area, rules.hall):
        for w in range(len(city.wards)):
            least = _least_missing(city, w)
            if least is None:
                return Answer("infeasible")
            _hold_missing(model, w, least)
    model.program += model.objective(), "cost"
    return _run(model, time_limit)


def _missing_of(model: Direct, w: int) -> tuple[list[tuple[Any, float]], list[tuple[Any, float]]]:
    """Return missing m² and missing seats of a ward as terms; empty where the rule is not reported."""
    ward, rules = model.city.wards[w], model.city.scenario.rules
    m2, seats = [], []
    if rules.floor_area == "report":
        m2 = [(model.variable("missing", w, j), 1.0) for j in range(len(ward.sites))]
    if rules.hall == "report":
        seats = [
            (model.variable("hall", w, j, binary=True), float(max(0, ward.hall_tight - site.hall)))
            for j, site in enumerate(ward.sites)
        ]
    return m2, seats


def _least_missing(city: City, w: int) -> tuple[int, int] | None:
    """Return the least m², then seats, that a ward of its own must miss."""
    from dataclasses import replace

    no_limits = city.scenario.rules.model_copy(update={"premises_max": None, "capital_max_vnd": None})
    scenario = city.scenario.model_copy(update={"rules": no_limits})
    alone = replace(city, wards=(city.wards[w],), scenario=scenario)
    found: list[int] = []
    for step in (0, 1):
        model = Direct(alone)
        for add in RULES:
            add(model)
        if step:
            _hold_missing(model, 0, (found[0], None))
        terms = _missing_of(model, 0)[step]
        if not terms:
            terms = [(model.y(0, 0), 0.0)]
        model.program += total(terms), "missing"
        model.program.solve(Highs())
        if _stopped(model.program) != "optimal":
            return None
        found.append(round(sum(variable.varValue * weight for variable, weight in terms)))
    return found[0], found[1]


def _hold_missing(model: Direct, w: int, least: tuple[int, int | None]) -> None:
    for terms, most, name in zip(_missing_of(model, w), least, ("missing_m2", "missing_seats"), strict=True):
        if terms and most is not None:
            model.row(total(terms) <= most, name, w)


def _stopped(program: Any) -> str:
    status, words = program.solverModel.getModelStatus(), highspy.HighsModelStatus
    if status in (words.kInfeasible, words.kUnboundedOrInfeasible):
        return "infeasible"
    return "optimal" if status == words.kOptimal else "limit"


def _run(model: Direct, time_limit: float | None) -> Answer:
    model.program.solve(Highs(time_limit))
    stopped = _stopped(model.program)
    info = model.program.solverModel.getInfo()
    if stopped == "infeasible":
        return Answer(stopped)
    shift = model.constant / MILLION
    bound = info.mip_dual_bound * MILLION + shift
    if info.primal_solution_status != 2:  # kSolutionStatusFeasible
        return Answer(stopped, bound=bound)
    seats = []
    for w, ward in model.wards():
        places = range(len(ward.sites))
        seats.append(
            tuple(max(places, key=lambda j, p=p: model.x(w, p, j).varValue) for p in range(len(ward.parts)))
        )
    cost = 0
    for ward, chosen in zip(model.city.wards, seats, strict=True):
        once, yearly = brute.price(model.city, ward, chosen)
        cost += sum(once.values()) * model.city.first + sum(yearly.values()) * model.city.every
    objective = info.objective_function_value * MILLION + shift
    return Answer(stopped, cost, objective, bound, seats)
