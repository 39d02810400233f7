"""Non-dominated plans: equal to brute force in both objectives, right at the ends, whole on disk."""

import csv
import json
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest

from planner import frontier as frontier_module
from planner.audit import audit
from planner.check import read_inputs
from planner.errors import Infeasible
from planner.frontier import MEASURES, Frontier, Search, _gaps, _spread, frontier
from planner.model import enumerate_plans
from planner.model.assemble import build_instance
from planner.model.columns import PlanColumns
from planner.plan import Plan
from planner.program import Effort
from planner.region import Norms, Region
from planner.scenario import Scenario
from planner.travel import metric_points, road_metres
from tests.oracle import brute, facts
from tests.oracle.instances import Case, random_case
from tests.test_cli import run, scenario

pytestmark = pytest.mark.solver


# --- brute force -------------------------------------------------------------------------------------------------


def measured(case: Case, ward: facts.Ward, plan: brute.WardPlan, measure: str) -> int:
    """Return the second measure of an arrangement, worked out from the tables."""
    if measure in ("capital", "premises"):
        return int(getattr(plan, measure))
    if measure == "separation":
        seats = [
            seat
            for part, seat in zip(ward.parts, plan.seats, strict=True)
            if part.body != "council_committee" or part.kind == "leaders"
        ]
        return sum(ward.metres[a][b] for i, a in enumerate(seats) for b in seats[:i])
    reception = next(
        seat for part, seat in zip(ward.parts, plan.seats, strict=True) if part.body == "reception"
    )
    site = case.region.sites.loc[ward.sites[reception].id]
    place = case.region.wards.loc[ward.code]
    total = 0
    for pair in case.region.pairs.itertuples():
        if pair.ward_code == ward.code and pair.population:
            commune = case.region.communes.loc[pair.commune_code]
            lat, lon = commune["lat"], commune["lon"]
            if pair.kind != "whole":
                lat, lon = (lat + place["lat"]) / 2, (lon + place["lon"]) / 2
            points = [
                metric_points(np.array([a]), np.array([b])) for a, b in ((lat, lon), site[["lat", "lon"]])
            ]
            total += pair.population * int(road_metres(*points, case.norms.detour)[0, 0])
    return total


def not_beaten(rows: np.ndarray) -> np.ndarray:
    """Keep rows that no other row matches or beats in every column."""
    left, kept = np.unique(rows, axis=0), []
    while len(left):  # in order of the first column, then the next: the first row is never beaten
        kept.append(left[0])
        left = left[(left < left[0]).any(axis=1)]
    return np.array(kept).reshape(-1, rows.shape[1])


def brute_frontier(case: Case, measure: str) -> list[tuple[int, int]] | None:
    """Return every non-dominated pair of cost and measure, the cheapest first; None if there is no plan."""
    rules = case.scenario.rules
    limits = {"premises": rules.premises_max, "capital": rules.capital_max_vnd}
    limits = {name: limit for name, limit in limits.items() if limit is not None}
    city = facts.city_facts(case)
    sums = np.zeros((1, 2 + len(limits)), np.int64)
    for ward in city.wards:
        cheapest: dict[tuple[int, ...], list[int]] = {}
        of_reception: dict[tuple[int, ...], int] = {}
        for plan in brute.ward_plans(city, ward):
            if plan.seats not in of_reception:
                of_reception[plan.seats] = measured(case, ward, plan, measure) if measure != "access" else -1
            value = of_reception[plan.seats]
            if measure == "access":
                seat = next(s for p, s in zip(ward.parts, plan.seats, strict=True) if p.body == "reception")
                if (seat,) not in of_reception:
                    of_reception[seat,] = measured(case, ward, plan, measure)
                value = of_reception[seat,]
            row = [plan.cost, value, *(getattr(plan, name) for name in limits)]
            cheapest[tuple(row)] = row
        if not cheapest:
            return None
        table = not_beaten(np.array(list(cheapest.values()), np.int64))
        sums = (sums[:, None, :] + table[None, :, :]).reshape(-1, sums.shape[1])
        for place, limit in enumerate(limits.values(), start=2):
            sums = sums[sums[:, place] <= limit]
        sums = not_beaten(sums)
    if not len(sums):
        return None
    return [(int(cost), int(value)) for cost, value in not_beaten(sums[:, :2])]


def pairs(found: Frontier) -> list[tuple[int, int]]:
    return [(point.cost, point.value) for point in found.points]


# Cases in which there is something to trade (most random ones have one best plan), then whatever comes first.
SEEDS = {
    ("access", ""): [5, 7, 8, 11, 15, 18],
    ("access", "premises"): [3, 4, 10, 13],
    ("access", "capital"): [3, 4, 10, 14],
    ("access", "both"): [3, 10, 14, 18],
    ("separation", ""): [4, 15, 27, 43, 51, 64],
    ("separation", "premises"): [3, 12, 13, 18],
    ("separation", "capital"): [11, 12, 15, 17],
    ("separation", "both"): [4, 10, 18, 25],
    ("capital", ""): [4, 15, 27, 34, 39, 48],
    ("capital", "premises"): [3, 8, 10, 13],
    ("capital", "capital"): [4, 9, 10, 18],
    ("capital", "both"): [8, 18, 20, 41],
    ("premises", ""): [4, 74, 240, 362, 368],
    ("premises", "premises"): [3, 12, 13, 25],
    ("premises", "capital"): [43, 182, 183, 185],
    ("premises", "both"): [183, 188, 257, 316],
}
CASES = [
    pytest.param(
        limit, seed, measure, id=f"{measure}-{limit or 'free'}-{seed}", marks=[pytest.mark.slow] * (k > 1)
    )
    for (measure, limit), seeds in SEEDS.items()
    for k, seed in enumerate(dict.fromkeys([*seeds, 0, 1, 2]))
]


@pytest.mark.parametrize(("limit", "seed", "measure"), CASES)
def test_equals_brute_force(limit: str, seed: int, measure: str) -> None:
    """With more points than there are plans the frontier is whole: the same pairs, to the millionth of a dong."""
    case = random_case(seed, limit=limit)
    expected = brute_frontier(case, measure)
    if expected is None:
        with pytest.raises(Infeasible):
            frontier(case.scenario, case.region, case.norms, measure, 500)
        return
    found = frontier(case.scenario, case.region, case.norms, measure, 500)
    assert pairs(found) == expected
    assert len(expected) > 1 or seed not in SEEDS[measure, limit]
    assert found.complete
    assert all(point.status == "optimal" and point.gap == 0 for point in found.points)


@pytest.mark.parametrize(
    ("measure", "seed"), [(measure, seed) for measure in MEASURES for seed in SEEDS[measure, ""][:2]]
)
def test_few_points_are_some_of_the_whole_with_both_ends(measure: str, seed: int) -> None:
    case = random_case(seed)
    every = brute_frontier(case, measure)
    assert every is not None
    for points in (2, 3, 5):
        found = pairs(frontier(case.scenario, case.region, case.norms, measure, points))
        assert len(found) == min(points, len(every))
        assert {every[0], every[-1]} <= set(found) <= set(every)


def random_columns(seed: int, most: int) -> PlanColumns:
    """Draw arrangements of ten wards with costs of the size of Hanoi's and uses up to ``most``, dear ones low."""
    rng = np.random.default_rng(seed)
    cost = np.sort(rng.integers(10**15, 9 * 10**15, (10, 5)), axis=1).ravel()
    use = -np.sort(-rng.integers(0, most + 1, (10, 5)), axis=1).ravel()
    zero = np.zeros(50, np.int64)
    resources = {"access": use, "premises": rng.integers(1, 4, 50)}
    return PlanColumns(np.repeat(np.arange(10), 5), cost, resources, zero, zero, zero[:, None])


def front_of(columns: PlanColumns, most_premises: int) -> list[tuple[int, int]]:
    table = np.column_stack([columns.cost, columns.resources["access"], columns.resources["premises"]])
    sums = np.zeros((1, 3), np.int64)
    for ward in range(10):
        rows = table[columns.ward == ward]
        sums = not_beaten((sums[:, None, :] + rows[None, :, :]).reshape(-1, 3))
    return [(int(a), int(b)) for a, b in not_beaten(sums[sums[:, 2] <= most_premises][:, :2])]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("most_premises", [15, 40])
def test_whole_frontier_of_random_columns(seed: int, most_premises: int) -> None:
    """Every plan is found although equal measures are many; limits of the scenario are kept."""
    columns = random_columns(seed, 6)
    wards = [f"{i:05}" for i in range(10)]
    limits = {"premises": most_premises} if most_premises < 40 else {}
    search = Search(columns, wards, "access", limits, Effort())
    found, complete = _spread(search, search.cheapest(), 500, lambda number: None)
    assert [(plan.cost, plan.value) for plan in found] == front_of(columns, most_premises)
    assert complete


@pytest.mark.parametrize("seed", range(4))
def test_points_on_a_long_frontier(seed: int) -> None:
    """With many plans to choose from each point is one of them, and they lie all along it."""
    columns = random_columns(seed, 10**9)
    every = front_of(columns, 40)
    assert len(every) > 60
    search = Search(columns, [f"{i:05}" for i in range(10)], "access", {}, Effort())
    found, complete = _spread(search, search.cheapest(), 12, lambda number: None)
    got = [(plan.cost, plan.value) for plan in found]
    assert len(got) == 12
    assert not complete
    assert set(got) <= set(every)
    assert (got[0], got[-1]) == (every[0], every[-1])
    span = every[0][1] - every[-1][1]
    assert max(a[1] - b[1] for a, b in pairwise(got)) < span / 4


# --- columns -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("measure", MEASURES)
def test_columns_with_a_measure_hold_the_cheapest(seed: int, measure: str) -> None:
    """Asking for a measure only adds arrangements: the cheapest of every ward and number of sites stays."""
    case = random_case(seed)
    instance = build_instance(case.region, case.norms, case.scenario)
    plain, wide = enumerate_plans(instance), enumerate_plans(instance, [measure])
    assert len(wide) >= len(plain)
    kept = set(zip(wide.ward.tolist(), wide.cost.tolist(), wide.resources["premises"].tolist(), strict=True))
    mine = set(
        zip(plain.ward.tolist(), plain.cost.tolist(), plain.resources["premises"].tolist(), strict=True)
    )
    assert mine <= kept
    assert set(wide.resources) == {"premises", measure}
    assert set(plain.resources) == {"premises"}


def test_gaps() -> None:
    assert _gaps([(10, 10)], 3, 10) == [(3, 9)]
    assert _gaps([(10, 10), (5, 7), (3, 3)], 3, 10) == [(4, 4), (8, 9)]
    assert _gaps([(10, 10), (3, 9)], 3, 10) == []
    assert _gaps([(3, 3)], 3, 3) == []


def test_the_cost_of_a_whole_city_as_a_limit(root: Path) -> None:
    """Two million million dong in floats are exact to a thousandth only: the solver must not miss the plan itself."""
    found = frontier(*read_inputs("today", root), "separation", 5)
    assert [point.status for point in found.points] == ["optimal"] * 5


# --- the verb ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("measure", MEASURES)
def test_the_verb_writes_points_that_pass_the_audit(
    project: Path, capsys: pytest.CaptureFixture[str], measure: str
) -> None:
    assert run("frontier", "hanoi-2025", "--between", f"cost,{measure}", "--points", "5", "--save-plans") == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert "each proven, gap 0" in printed.out
    folder = project / "results" / f"hanoi-2025-frontier-{measure}"
    facts_read = json.loads((folder / "frontier.json").read_text(encoding="utf-8"))
    with (folder / "frontier.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(facts_read["points"]) >= 1
    costs = [int(row["objective_vnd"]) for row in rows]
    values = [int(row["value"]) for row in rows]
    assert costs == sorted(set(costs))
    assert values == sorted(set(values), reverse=True)
    for number, row in enumerate(rows, start=1):
        report = audit(folder / "points" / f"{number:02}", root=project, with_search=True)
        assert report.ok, report
        assert row["net_present_cost"] == row["objective_vnd"]
        if measure in ("premises", "capital"):
            assert row["value"] == row["premises" if measure == "premises" else "cost_capital"]


def test_the_first_point_is_the_plan(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("solve", "hanoi-2025", "--json") == 0
    (plan,) = json.loads(capsys.readouterr().out)
    assert run("frontier", "hanoi-2025", "--between", "access,cost", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["points"][0]["objective_vnd"] == plan["objective_vnd"]
    assert found["folder"] == "results/hanoi-2025-frontier-access"
    assert not (project / "results" / "hanoi-2025-frontier-access" / "points").exists()


def test_a_limit_of_the_scenario_gives_the_same_point(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Solving the scenario with a point's premises as its limit costs what the point costs."""
    scenario(project, "loose", "rules:\n  one_site_where_enough: 'off'\n")
    assert run("frontier", "loose", "--between", "cost,premises", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    for point in found["points"]:
        scenario(
            project,
            "tight",
            f"rules:\n  one_site_where_enough: 'off'\n  premises_max: {point['value']}\n",
        )
        assert run("solve", "tight", "--json") == 0
        (plan,) = json.loads(capsys.readouterr().out)
        assert plan["objective_vnd"] == point["objective_vnd"]


@pytest.mark.parametrize(
    ("between", "word"),
    [
        ("cost,acess", "Did you mean access?"),
        ("cost", "cost,MEASURE"),
        ("cost,cost", "cost,MEASURE"),
        ("access,capital", "cost,MEASURE"),
        ("cost,access,capital", "cost,MEASURE"),
        ("cost," + "x" * 5000, "access, separation, capital, premises"),
        ("", "cost,MEASURE"),
        ("cost,\x1b[31m", "access, separation"),
    ],
)
def test_measures_that_are_none(
    project: Path, capsys: pytest.CaptureFixture[str], between: str, word: str
) -> None:
    assert run("frontier", "hanoi-2025", "--between", between) == 2
    text = " ".join(capsys.readouterr().err.split())
    assert word in text
    assert "\x1b" not in text
    assert len(text) < 600
    assert not (project / "results").exists()


def test_other_mistakes(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("frontier", "hanoi-2025") == 2
    assert run("frontier", "hanoi-2025", "--between", "cost,access", "--points", "1") == 2
    assert run("frontier", "hanoi-2024", "--between", "cost,access") == 3
    assert "hanoi-2025" in capsys.readouterr().err
    scenario(project, "few", "rules:\n  premises_max: 1\n")
    assert run("frontier", "few", "--between", "cost,access") == 4
    assert "E603" in capsys.readouterr().err
    foreign = project / "results" / "hanoi-2025-frontier-access"
    foreign.mkdir(parents=True)
    (foreign / "thesis.docx").write_text("years of work")
    assert run("frontier", "hanoi-2025", "--between", "cost,access") == 3
    assert "E805" in capsys.readouterr().err
    assert [p.name for p in foreign.iterdir()] == ["thesis.docx"]


def test_vietnamese(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("frontier", "hanoi-2025", "--between", "cost,access", "--points", "4", "--lang", "vi") == 0
    text = capsys.readouterr().out
    assert "tỷ đồng" in text
    assert "so với điểm trước" in text
    for english in ("premises", "point", "proven", "less"):
        assert english not in text.split("results/")[0]


def test_facts_of_points_are_honest(project: Path) -> None:
    """A plan that is dearer than the cheapest is not called optimal in its plan.json."""
    scenario(project, "loose", "rules:\n  one_site_where_enough: 'off'\n")
    assert run("frontier", "loose", "--between", "cost,premises", "--save-plans") == 0
    points = sorted((project / "results" / "loose-frontier-premises" / "points").iterdir())
    plans = [json.loads((p / "plan.json").read_text(encoding="utf-8")) for p in points]
    assert plans[0]["status"] == "optimal"
    for plan in plans[1:]:
        assert plan["status"] == "feasible"
        assert plan["bound_vnd"] == plans[0]["objective_vnd"]


# --- over time ----------------------------------------------------------------------------------------------------

FIVE = """extends: hanoi-2025
horizon: {years: 8}
rules: {centres_min: 1, centres_building_max: 2, one_site_where_enough: 'off'}
centres: {allowed: true, coverage_share: 60%}
budget: {yearly_vnd: 20 tỷ, carry_over: true}
release: {route: priority, cash_route: lease}
"""


def five(project: Path) -> tuple[Scenario, Region, Norms]:
    (project / "scenarios" / "five.yaml").write_text(FIVE, encoding="utf-8")
    return read_inputs("five")


def by_hand_over_years(plan: Plan, measure: str) -> float:
    """Return a measure of a plan over time as a mean over the years, from its tables and the region's points."""
    region, norms = plan.region, plan.norms
    centres = plan.premises[plan.premises["kind"] == "joint_centre"]
    location = dict(zip(centres["site_id"], centres["location"], strict=True))
    total, parts = 0, 0
    for (ward, _), rows in plan.assignments.groupby(["ward_code", "year"]):
        site_of = dict(zip(rows["part"], rows["site_id"], strict=True))
        if measure == "separation":
            sites = [region.sites.loc[location.get(s, s)] for s in (site_of[p] for p in BODY_PARTS)]
            points = [metric_points(np.array([s["lat"]]), np.array([s["lon"]])) for s in sites]
            pairs = [(a, b) for i, a in enumerate(points) for b in points[:i]]
            total += sum(int(road_metres(a, b, norms.detour)[0, 0]) for a, b in pairs)
            parts += len(pairs)
            continue
        site = region.sites.loc[location.get(site_of["reception"], site_of["reception"])]
        to = metric_points(np.array([site["lat"]]), np.array([site["lon"]]))
        for pair in region.pairs[region.pairs["ward_code"] == ward].itertuples():
            if pair.population:
                commune, place = region.communes.loc[pair.commune_code], region.wards.loc[ward]
                lat, lon = commune["lat"], commune["lon"]
                if pair.kind != "whole":
                    lat, lon = (lat + place["lat"]) / 2, (lon + place["lon"]) / 2
                start = metric_points(np.array([lat]), np.array([lon]))
                total += pair.population * int(road_metres(start, to, norms.detour)[0, 0])
            parts += pair.population
    return total / parts


BODY_PARTS = ("party", "office", "front", "reception")


@pytest.mark.parametrize("measure", ["access", "separation", "capital", "premises"])
def test_points_over_time_are_means_over_the_years(project: Path, measure: str) -> None:
    found = frontier(*five(project), measure, 6, Effort(gap=0.0))
    assert len(found.points) >= 3
    for point in found.points:
        assert point.status == "optimal"
        if measure in ("access", "separation"):
            assert point.value / found.parts == pytest.approx(by_hand_over_years(point.plan, measure))
        elif measure == "capital":
            costs = point.plan.costs
            assert point.value == costs.loc[costs["heading"] == "capital", "vnd"].sum()
    assert any(point.plan.city("centres") for point in found.points)
    unit = found.facts()["unit"]
    assert unit.endswith(" x years") == (measure in ("access", "separation"))
    for first, second in pairwise(found.points):
        assert first.cost < second.cost
        assert first.value > second.value


def test_the_gap_of_points_over_time_is_kept_and_told(project: Path) -> None:
    inputs = five(project)
    exact = frontier(*inputs, "access", 5, Effort(gap=0.0))
    rough = frontier(*inputs, "access", 5)
    best = {point.value: point.cost for point in exact.points}
    for point in rough.points:
        assert point.gap <= 1e-4
        bound = min((cost for value, cost in best.items() if value <= point.value), default=point.cost)
        assert point.cost <= bound * 1.0001
        assert point.bound <= bound
    for one, two in product(rough.points, repeat=2):
        assert one is two or one.cost < two.cost or one.value < two.value


def test_the_verb_over_time_saves_points_that_pass_the_audit(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    five(project)
    assert run("frontier", "five", "--between", "cost,capital", "--points", "4", "--save-plans") == 0
    text = capsys.readouterr().out
    assert "capital, all years" in text
    assert "Audit of every point passed." in text
    assert run("frontier", "five", "--between", "cost,access", "--points", "3", "--lang", "vi") == 0
    assert "trung bình các năm" in capsys.readouterr().out


def test_a_plan_that_says_other_than_the_columns_is_refused(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = five(project)
    monkeypatch.setattr(frontier_module, "_value_of", lambda plan, measure: -1)
    with pytest.raises(RuntimeError, match="access of the plan is -1"):
        frontier(*inputs, "access", 2)
