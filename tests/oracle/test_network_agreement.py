"""The reception network: program, brute force and direct formulation agree; what makes a problem easier costs no more.

On random small problems (`random_net_case`), feasible or not, written as whole projects and read back. The program's
optimum equals brute force to the millionth of a dong; its tables are those of a choice that brute force allows, and
its cost table is that of the choice, row by row.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from planner.check import read_inputs
from planner.errors import Infeasible
from planner.measures import present_value
from planner.plan import make_plan
from planner.program import Effort
from tests.oracle import netbrute, netdirect, netfacts
from tests.oracle.netinstances import random_net_case

if TYPE_CHECKING:
    from planner.plan import Plan
    from tests.oracle.netfacts import NetCity
    from tests.oracle.netinstances import NetCase

pytestmark = pytest.mark.solver

EVERYDAY, SLOW = range(2_000, 2_024), range(3_000, 3_600)


def program(net: NetCase) -> Plan | None:
    """Return the plan of the program, None if it says that there is none."""
    with tempfile.TemporaryDirectory() as folder:
        inputs = read_inputs(str(net.write(Path(folder))), Path(folder))
        try:
            return make_plan(*inputs, Effort(gap=0.0), with_today=False)
        except Infeasible:
            return None


def choice_of(city: NetCity, plan: Plan) -> netbrute.Choice:
    """Read what was chosen from the tables of a plan; of routes the one whose cost rows are the plan's."""
    start = city.scenario.horizon.start_year
    firsts = [start + stage.start for stage in city.stages]
    points = plan.points.set_index(["point_id", "year"])
    catchments = plan.catchments.set_index(["demand_id", "year"])
    seats = plan.assignments[plan.assignments["year"] == start].set_index(["ward_code", "part"])["site_id"]
    rows = {(r.ward_code, int(r.year), r.item): int(r.vnd) for r in plan.costs.itertuples()}
    plans, reception = [], {}
    for w, net in enumerate(city.wards):
        place = {site.id: j for j, site in enumerate(net.ward.sites)}
        here = tuple(place[seats[net.code, part.name]] for part in net.ward.parts)
        reception[f"ward-{net.code}"] = ("ward", w, here[net.reception])
        status = [points.loc[(f"ward-{net.code}", year), "status"] for year in firsts]
        assert status[0] == "own" or not city.stages[0]
        handed = next((s for s in range(1, len(firsts)) if status[s] == "handed_over"), city.last + 1)
        assert all((word == "handed_over") == (s >= handed) for s, word in enumerate(status))
        arranged = netbrute.arrangement(city, w, here)
        every = [netbrute.ward_plan(city, w, arranged, handed, cash) for cash in netbrute.cash_routes(city)]
        income = {
            year: vnd
            for (code, year, item), vnd in rows.items()
            if code == net.code and item == "release_income"
        }
        plans.append(
            next(
                p
                for p in every
                if {start + t: v for (t, i), v in p.rows.items() if i == "release_income"} == income
            )
        )
    ends = []
    for point in city.points:
        status = [points.loc[(point.id, year), "status"] for year in firsts]
        ends.append(sum(word == "kept" for word in status[1:]))
        assert status[1:] == ["kept"] * ends[-1] + ["closed"] * (city.last - ends[-1])
    keys = reception | {point.id: ("city", c, 0) for c, point in enumerate(city.points)}
    served = tuple(
        tuple(keys[catchments.loc[(point.id, year), "point_id"]] for point in city.demand)
        for year in firsts[1:]
    )
    return netbrute.Choice(tuple(plans), tuple(ends), served)


def check_tables(city: NetCity, plan: Plan, choice: netbrute.Choice) -> None:
    """Hold points and catchments, row by row, against what the choice says."""
    start, speed = city.scenario.horizon.start_year, city.scenario.prices.speed_kmh
    points = plan.points.set_index(["point_id", "year"])
    assert len(points) == len(city.stages) * (len(city.wards) + len(city.points))
    catchments = plan.catchments.set_index(["demand_id", "year"])
    assert len(catchments) == len(city.stages) * len(city.demand)
    own = tuple(("ward", d.ward, choice.plans[d.ward].arrangement.reception) for d in city.demand)
    for s, served in enumerate((own, *choice.served)):
        year, t = start + city.stages[s].start, city.stages[s].start
        load: Counter[tuple[str, int]] = Counter()
        people: Counter[tuple[str, int]] = Counter()
        for i, (kind, a, b) in enumerate(served):
            point = city.demand[i]
            row = catchments.loc[point.id, year]
            metres = city.to_site[i, a, b] if kind == "ward" else city.to_city[i, a]
            tenths = int(Fraction(metres * 600, 1000 * speed) + Fraction(1, 2))
            known = (row["people"], row["files"], row["trips"], row["road_m"], round(row["minutes"] * 10))
            assert known == (point.people, point.files[t], point.trips[t], metres, tenths)
            load[kind, a] += point.load[s]
            people[kind, a] += point.people
        for kind, every in (("ward", city.wards), ("city", city.points)):
            for k, place in enumerate(every):
                name = f"ward-{place.code}" if kind == "ward" else place.id
                row = points.loc[name, year]
                found = (row["counters"], row["capacity_files"], row["load_files"], row["people"])
                assert found == (place.counters, place.capacity, load[kind, k], people[kind, k])
                assert row["counters_needed"] == counters_needed(city, load[kind, k], people[kind, k])


def counters_needed(city: NetCity, files: int, people: int) -> int:
    """Return the counters for so many files a year, at least one for anybody."""
    r = city.scenario.reception
    minutes = files * netfacts.exact(r.peak_factor) * netfacts.exact(r.minutes_per_file)
    open_minutes = r.working_days * r.open_minutes_per_day * netfacts.exact(r.counter_use_share)
    return max(int(people > 0), netfacts.up(minutes / open_minutes))


# --- agreement ---------------------------------------------------------------------------------------------------


def _agree(seed: int) -> str:
    net = random_net_case(seed)
    city = netfacts.net_facts(net)
    best, plan = netbrute.solve(city), program(net)
    assert (plan is None) == (best.cost is None), seed
    if plan is None or best.cost is None:
        return "no plan"
    assert present_value(plan.costs, net.scenario) == best.cost, seed
    assert plan.facts["objective_vnd"] == (best.cost + 500_000) // 1_000_000, seed
    assert plan.facts["certified_bound_vnd"] <= plan.facts["objective_vnd"], seed
    choice = choice_of(city, plan)
    assert not netbrute.faults(city, choice), seed
    rows = {(r.ward_code, int(r.year), r.item): int(r.vnd) for r in plan.costs.itertuples()}
    assert netbrute.cost_table(city, choice) == rows, seed
    check_tables(city, plan, choice)
    return "handed over" if any(p.handed <= city.last for p in choice.plans) else "plan"


@pytest.mark.parametrize("part", range(4))
def test_program_and_brute_force_agree(part: int) -> None:
    found = Counter(_agree(seed) for seed in EVERYDAY[part::4])
    assert found["handed over"] >= 1


@pytest.mark.slow
@pytest.mark.parametrize("part", range(5))  # a quarter of them: the other parts wait for a day with time
def test_they_agree_on_many_more(part: int) -> None:
    found = Counter(_agree(seed) for seed in SLOW[part::20])
    assert found["handed over"] >= 5


@pytest.mark.slow
@pytest.mark.parametrize("part", range(2))
def test_program_and_direct_formulation_agree(part: int) -> None:
    """The direct formulation rounds nothing down: it may choose a plan that costs a little more."""
    for seed in range(4_000 + part, 4_100, 5):
        net = random_net_case(seed)
        if net.scenario.release.route == "priority":
            continue
        city = netfacts.net_facts(net)
        answer, plan = netdirect.solve(city), program(net)
        assert (plan is None) == (answer.cost is None), seed
        if plan is not None:
            cost = present_value(plan.costs, net.scenario)
            weights = zip(city.weights, city.growth, strict=True)
            rounding = 2 * len(city.wards) * sum(weight * growth for weight, growth in weights) / 1e6
            assert cost <= answer.cost <= cost + rounding, seed


# --- what must hold between two problems -------------------------------------------------------------------------


def _cost(net: NetCase) -> int | None:
    plan = program(net)
    return None if plan is None else present_value(plan.costs, net.scenario)


def _no_dearer(easier: NetCase, harder: NetCase, seed: int) -> bool:
    """A plan of the harder problem is one of the easier; return whether there is one."""
    dear = _cost(harder)
    if dear is None:
        return False
    cheap = _cost(easier)
    assert cheap is not None, seed
    assert cheap <= dear, seed
    return True


def _with_stages(first: int, count: int) -> list[int]:
    return [s for s in range(first, first + count) if random_net_case(s).scenario.network.hand_over_years]


def _lifting_points_min(seed: int) -> bool:
    net = random_net_case(seed)
    most = len(net.case.region.wards) - len(net.scenario.network.excluded)
    return _no_dearer(
        net.changed("rules", points_min=None), net.changed("rules", points_min=max(0, most)), seed
    )


def _a_city_point_more(seed: int) -> bool:
    """Running in stage 0 is the same for both: a point more costs that, and need not be open later."""
    net = random_net_case(seed)
    if net.city_points is None:
        return False
    row = net.city_points.iloc[-1:].assign(point_id="CP-X", use="candidate")
    row["lat"] = row["lat"] + 0.005
    more = replace(net, city_points=pd.concat([net.city_points, row], ignore_index=True))
    city = netfacts.net_facts(more)
    c = [point.id for point in city.points].index("CP-X")
    known, other = _cost(net), _cost(more)
    if known is None:
        return False
    assert other is not None, seed
    assert other <= known + netbrute.course_cost(city, c, 0), seed
    return True


def _counters_more(seed: int) -> bool:
    """Twice the counters of city points, at no more running: capacity alone."""
    net = random_net_case(seed).changed("prices", running_vnd_per_m2_year=0)
    if net.city_points is None:
        return False
    twice = net.city_points.assign(counters=net.city_points["counters"] * 2)
    easier = replace(net, city_points=twice)
    easier = easier.changed("network", city_point_counters=2 * net.scenario.network.city_point_counters)
    return _no_dearer(easier, net, seed)


def _rules_less(seed: int) -> bool:
    net = random_net_case(seed)
    found = _no_dearer(net.changed("network", max_minutes=None, share_min=None), net, seed)
    found |= _no_dearer(net.changed("network", required=(), excluded=()), net, seed)
    free = net.changed("rules", premises_max=None, capital_max_vnd=None, surplus_min={}, surplus_m2_min={})
    free = free.changed(
        "budget", yearly_vnd=None, by_year_vnd={}, from_year=None, carry_over=False, recycle_income=False
    )
    return found | _no_dearer(free, net, seed)


def _no_hand_over(seed: int) -> bool:
    """Without hand-over and a timetable of online filing: the plain model, but for the points and for rounding."""
    net = random_net_case(seed).changed(
        "network",
        hand_over_years=(),
        online_by_year={},
        required=(),
        excluded=(),
        max_minutes=None,
        share_min=None,
        travel=None,
    )
    net = replace(net.changed("rules", points_min=None), travel=None)
    net = replace(net, banks=None, bridges=None)
    plain = net.changed("network", allowed=False)
    city = netfacts.net_facts(net)
    mine, other = program(net), program(plain)
    assert (mine is None) == (other is None), seed
    if mine is None or other is None:
        return False
    points = mine.costs["item"].isin(["points", "city_points"])
    cost = present_value(mine.costs[~points], net.scenario)
    known = present_value(other.costs, net.scenario)
    # Travel of every demand point is rounded down twice a year, that of a plain ward with its other items.
    parts = (len(city.demand) * 2 + 2 * len(city.wards)) * sum(
        weight * (1 + growth / 1e6) for weight, growth in zip(city.weights, city.growth, strict=True)
    )
    assert abs(cost - known) <= parts, seed
    return True


PROPERTIES = {
    "points_min": _lifting_points_min,
    "city point": _a_city_point_more,
    "counters": _counters_more,
    "rules": _rules_less,
    "no hand-over": _no_hand_over,
}


@pytest.mark.parametrize("name", PROPERTIES)
def test_what_makes_a_problem_easier_costs_no_more(name: str) -> None:
    assert sum(PROPERTIES[name](seed) for seed in _with_stages(5_000, 3)) >= 1


@pytest.mark.slow
@pytest.mark.parametrize("name", PROPERTIES)
@pytest.mark.parametrize("first", range(6_000, 6_040, 40))
def test_the_same_of_many_more(name: str, first: int) -> None:
    assert sum(PROPERTIES[name](seed) for seed in _with_stages(first, 40)) >= 5
