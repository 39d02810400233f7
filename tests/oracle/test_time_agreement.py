"""Plans over time: program, direct formulation and brute force agree; what must not make a plan dearer does not.

On random small problems (`random_time_case`), feasible or not. The program's optimum equals brute force to the
millionth of a dong, and every row of its cost table is that of a plan that brute force allows. The direct formulation
does not round staff travel and a year's escalated sum down: less than two dong a ward and year.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pulp
import pytest

from planner.errors import Infeasible
from planner.measures import present_value
from planner.plan import make_plan
from planner.program import Effort
from tests.oracle import direct, timebrute, timedirect, timefacts
from tests.oracle.instances import DEFAULTS, random_time_case, time_tags

if TYPE_CHECKING:
    from planner.plan import Plan
    from tests.oracle.instances import Case
    from tests.oracle.timefacts import TimeCity

pytestmark = pytest.mark.solver

EVERYDAY = range(16)
SLOW = [*range(16, 60), *range(1000, 1110)]
CAPS = {"building", "relocations", "premises", "surplus", "centres_min", "departments"}
EVERYDAY_SECONDS, SLOW_SECONDS = 2.0, 20.0


def _program(case: Case) -> Plan | None:
    """Return the program's plan, None if it says that there is none."""
    try:
        return make_plan(case.scenario, case.region, case.norms, Effort(gap=0.0), with_today=False)
    except Infeasible:
        return None


def _cost(case: Case) -> int | None:
    """Return the program's optimum in millionths of a dong."""
    plan = _program(case)
    return None if plan is None else present_value(plan.costs, case.scenario)


def _table(plan: Plan) -> timebrute.Table:
    return {(row.ward_code, int(row.year), row.item): int(row.vnd) for row in plan.costs.itertuples()}


# --- agreement ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", EVERYDAY)
def test_three_ways_agree(seed: int) -> None:
    _agree(seed, EVERYDAY_SECONDS if seed % 2 else 0)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SLOW)
def test_three_ways_agree_on_many_more(seed: int) -> None:
    _agree(seed, SLOW_SECONDS)


@pytest.mark.parametrize("seed", [81, 2405])
def test_money_carried_over_counts_in_years_without_a_budget_of_their_own(seed: int) -> None:
    """From the first budgeted year on every year has a budget (docs/model.md), here between two that are named."""
    case = random_time_case(seed)
    city = timefacts.time_facts(case)
    years = {int(name.rpartition("_")[2]) for name in timebrute.limits(city) if name.startswith("budget_")}
    assert years > set(case.scenario.budget.by_year_vnd)
    _agree(seed, 0)


def test_many_cases_have_budgets_and_what_links_wards() -> None:
    tags = [time_tags(seed) for seed in (*EVERYDAY, *SLOW)]
    assert sum("budget" in found and bool(found & {"sharing", *CAPS}) for found in tags) >= 100
    assert sum("budget" in found and "sharing" in found for found in tags) >= 40


def test_tags_are_those_of_the_case() -> None:
    assert all(set(random_time_case(seed).tags) == time_tags(seed) for seed in range(5))


def _agree(seed: int, seconds: float) -> None:
    """Compare the program, and the direct formulation if it has `seconds`, with brute force."""
    case = random_time_case(seed)
    city = timefacts.time_facts(case)
    plans = timebrute.enumerate_all(city)
    best = timebrute.solve(city, plans)
    plan = _program(case)
    assert (plan is None) == (best.cost is None)
    if plan is not None and best.cost is not None:
        _same_optimum(case, city, best, plan)
        _certified(city, plans, plan)
    if seconds:
        _direct_agrees(city, best, seconds)


def _same_optimum(case: Case, city: TimeCity, best: timebrute.Best, plan: Plan) -> None:
    assert present_value(plan.costs, case.scenario) == best.cost
    assert plan.facts["status"] == "optimal"
    objective = plan.facts["objective_vnd"]
    assert objective == (best.cost + 500_000) // 1_000_000
    assert plan.facts["certified_bound_vnd"] <= plan.facts["bound_vnd"] <= objective
    table = _table(plan)
    if table != best.table:  # another plan that costs the same
        assert timebrute.legal_choice(city, table, best.cost) is not None


def _certified(city: TimeCity, plans: timebrute.Enumerated, plan: Plan) -> None:
    """The certified bound is not above the linear relaxation, and at the optimum where that is integral.

    But for prices that are whole millionths of a dong, and the tolerance of the solver.
    """
    objective, certified = plan.facts["objective_vnd"], plan.facts["certified_bound_vnd"]
    least, tolerance = relaxed(city, plans), 10 + 1e-8 * abs(objective)
    assert least is not None
    assert certified <= least + tolerance
    if least >= objective - tolerance:
        most = 0
        for name, limit in timebrute.limits(city).items():
            uses = [max(abs(timebrute.use(city, o, name)) for o in found) for found in plans.wards if found]
            most += abs(limit) + sum(uses)
        assert objective - certified <= tolerance + most / 1e6


def _direct_agrees(city: TimeCity, best: timebrute.Best, seconds: float) -> None:
    """The direct formulation finds the optimum; stopped by the clock, its bound and its plan lie around it."""
    answer = timedirect.solve(city, seconds)
    weights = zip(city.weights, city.growth, strict=True)
    rounding = 2 * len(city.wards) * sum(weight * growth for weight, growth in weights) / 1e6
    # What the solver says has its own tolerance (1e-9 of the amounts).
    tolerance = 2 + rounding / 1e6 + 1e-8 * abs(answer.objective)
    if answer.stopped == "limit":
        if best.cost is not None:
            assert answer.cost is None or best.cost <= answer.cost
            assert answer.bound <= best.cost / 1e6 + 2 + rounding / 1e6 + 1e-8 * abs(best.cost) / 1e6
        return
    assert (answer.cost is None) == (best.cost is None)
    if answer.cost is None or best.cost is None:
        assert answer.stopped == "infeasible"
        return
    assert best.cost <= answer.cost <= best.cost + rounding
    assert abs(answer.cost / 1e6 - answer.objective) <= tolerance


# --- what must hold between two problems -------------------------------------------------------------------------


def _no_dearer(easier: Case, harder: Case) -> None:
    """A plan of the harder problem is one of the easier."""
    dear = _cost(harder)
    if dear is None:
        return
    cheap = _cost(easier)
    assert cheap is not None
    assert cheap <= dear


def _budgets(case: Case) -> dict[str, Any]:
    budget = case.scenario.budget
    return {"yearly_vnd": budget.yearly_vnd, "by_year_vnd": budget.by_year_vnd}


def _scaled(money: dict[str, Any], factor: float, more: int = 0) -> dict[str, Any]:
    yearly, by_year = money["yearly_vnd"], money["by_year_vnd"]
    return {
        "yearly_vnd": None if yearly is None else int(yearly * factor) + more,
        "by_year_vnd": {year: int(vnd * factor) + more for year, vnd in by_year.items()},
    }


@pytest.mark.parametrize("seed", [seed for seed in range(60, 120) if "budget" in time_tags(seed)][:8])
def test_a_larger_budget_never_raises_the_cost(seed: int) -> None:
    case = random_time_case(seed)
    for factor, more in ((1.1, 0), (1.0, 200_000_000)):
        _no_dearer(case.changed("budget", **_scaled(_budgets(case), factor, more)), case)


CITY_RULES: dict[str, Any] = {
    "premises_max": None,
    "capital_max_vnd": None,
    "departments_max": None,
    "centres_min": None,
    "centres_min_phuong": None,
    "centres_min_xa": None,
    "centres_min_by_district": {},
    "centres_building_max": None,
    "relocations_max": None,
    "surplus_min": {},
    "surplus_m2_min": {},
}


@pytest.mark.parametrize("seed", range(120, 126))
def test_a_rule_less_never_raises_the_cost(seed: int) -> None:
    case = random_time_case(seed)
    for name, nothing in CITY_RULES.items():
        if getattr(case.scenario.rules, name) != nothing:
            _no_dearer(case.changed("rules", **{name: nothing}), case)
    if "budget" in case.tags:
        _no_dearer(case.changed("budget", yearly_vnd=None, by_year_vnd={}), case)
    if case.scenario.rules.shared:
        # One possibility more, not a rule less, but the same holds.
        _no_dearer(case, case.changed("rules", shared=()))


@pytest.mark.parametrize("seed", range(140, 147))
def test_another_site_never_raises_the_cost(seed: int) -> None:
    # With one site where enough, or a rule that is reported, another site may bind the ward: not asked here.
    case = random_time_case(seed).changed(
        "rules", one_site_where_enough="off", floor_area="enforce", hall="off"
    )
    if case.scenario.arrangement == "today":
        pytest.skip("keeps every site")
    sites = case.region.sites
    row = sites.iloc[-1].copy()
    row["lat"], row["floor_area_m2"], row["use"] = row["lat"] + 0.01, 700, "candidate"
    added = pd.concat([sites, pd.DataFrame([row], index=pd.Index(["SX"], name="site_id"))]).sort_index()
    added = added.astype(sites.dtypes)
    _no_dearer(case.with_tables(sites=added), case)


@pytest.mark.parametrize("seed", range(155, 162))
def test_three_times_the_money_is_the_same_plan(seed: int) -> None:
    """All prices, budgets, rents and land prices times three: the same choice at three times the cost."""
    case = random_time_case(seed)
    speed = case.scenario.prices.speed_kmh
    hours = {
        name: getattr(case.scenario.prices, name) // speed * speed
        for name in ("staff_vnd_per_hour", "citizen_vnd_per_hour")
    }
    # Fractions of a dong round otherwise: budgets must not be kept or broken by that.
    case = case.changed("prices", **hours).changed("budget", **_scaled(_budgets(case), 1, 1000))
    dear = case.changed("budget", **_scaled(_budgets(case), 3))
    for section in ("prices", "centres", "departments"):
        values = getattr(case.scenario, section)
        money = {name: 3 * vnd for name, vnd in values.model_dump().items() if "vnd" in name}
        dear = dear.changed(section, **money)
    if case.scenario.rules.capital_max_vnd is not None:
        dear = dear.changed("rules", capital_max_vnd=3 * case.scenario.rules.capital_max_vnd)
    zones = case.norms.land_zones
    zones = zones.assign(
        land_vnd_per_m2=3 * zones["land_vnd_per_m2"], rent_vnd_per_m2_month=3 * zones["rent_vnd_per_m2_month"]
    )
    dear = replace(dear, norms=replace(case.norms, land_zones=zones))
    if len(case.region.parcels):
        parcels = case.region.parcels
        dear = dear.with_tables(parcels=parcels.assign(land_vnd_per_m2=3 * parcels["land_vnd_per_m2"]))
    plan, other = _program(case), _program(dear)
    assert (plan is None) == (other is None)
    if plan is None or other is None:
        return
    rows = len(other.costs) + sum(len(case.region.sites) for _ in range(case.scenario.horizon.years))
    rounding = 3 * rows * max(timefacts.time_facts(case).weights)
    cost = present_value(plan.costs, case.scenario)
    assert abs(present_value(other.costs, dear.scenario) - 3 * cost) <= rounding
    pd.testing.assert_frame_equal(plan.assignments, other.assignments)
    pd.testing.assert_frame_equal(plan.premises, other.premises)


@pytest.mark.parametrize("seed", range(170, 175))
def test_without_anything_over_time_the_plan_is_the_plain_one(seed: int) -> None:
    """Centres off, no growth, no budget: whatever centres would cost, the plan is that of the other sections."""
    case = random_time_case(seed).changed("centres", allowed=False).changed("departments", open=False)
    case = case.changed("budget", yearly_vnd=None, by_year_vnd={})
    case = case.changed("horizon", price_growth=0.0, construction_growth=0.0)
    only = {"premises_max", "capital_max_vnd"}
    case = case.changed("rules", **{n: v for n, v in CITY_RULES.items() if n not in only}, shared=())
    if case.scenario.release.route == "priority":
        case = case.changed("release", route="lease")
    usual = case.scenario.centres.model_validate(DEFAULTS["centres"])
    plain = case.changed(centres=usual).changed("release", cash_route="best", needs_health=1)
    plain = plain.changed("budget", carry_over=False, recycle_income=False, from_year=None)
    plain = plain.changed("departments", extra_max=2, posts_each=12, overload_vnd_per_post_year=30_000_000)
    plan, other = _program(case), _program(plain)
    assert (plan is None) == (other is None)
    if plan is None or other is None:
        return
    assert plan.facts["objective_vnd"] == other.facts["objective_vnd"]
    for name in ("assignments", "premises", "costs", "measures"):
        pd.testing.assert_frame_equal(getattr(plan, name), getattr(other, name))


# --- the certificate ---------------------------------------------------------------------------------------------


def relaxed(city: TimeCity, plans: timebrute.Enumerated) -> float | None:
    """Return the optimum, in dong, of the linear relaxation over all plans of wards and pairs."""
    bounds = timebrute.limits(city)
    program = pulp.LpProblem("relaxed", pulp.LpMinimize)
    options = [chosen for found in (*plans.wards, *plans.pairs) for chosen in found]
    x = [program.add_variable(f"x{k:06}", 0, 1) for k in range(len(options))]
    program += direct.total((v, o.cost / 1e12) for v, o in zip(x, options, strict=True)), "cost"
    for w in range(len(city.wards)):
        mine = [(v, 1.0) for v, o in zip(x, options, strict=True) if any(p.ward == w for p in o.plans)]
        if not mine:
            return None
        program += direct.total(mine) == 1, f"ward_{w}"
    for k, (name, limit) in enumerate(bounds.items()):
        scale = 1e6 if name.startswith("budget") or name == "capital" else 1.0
        uses = [(v, timebrute.use(city, o, name) / scale) for v, o in zip(x, options, strict=True)]
        program += direct.total(uses) <= limit / scale, f"rule_{k}"
    program.solve(direct.Highs())
    if direct._stopped(program) != "optimal":
        return None
    return program.solverModel.getInfo().objective_function_value * 1e6


def test_without_city_wide_rules_nothing_is_left_between() -> None:
    for seed in range(180, 190):
        case = random_time_case(seed).changed("rules", **CITY_RULES, shared=())
        plan = _program(case.changed("budget", yearly_vnd=None, by_year_vnd={}))
        if plan is not None:
            assert plan.facts["certified_bound_vnd"] == plan.facts["objective_vnd"]
            assert plan.facts["gap"] == 0
