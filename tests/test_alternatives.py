"""Other plans at nearly the same cost: as many units differ as brute force finds, at the least cost."""

import json
from itertools import product
from pathlib import Path

import pytest

from planner.alternatives import alternatives
from planner.errors import Infeasible
from planner.measures import present_value
from planner.plan import load_plan, make_plan
from planner.program import Effort
from tests.oracle import brute, facts
from tests.oracle.instances import Case, random_case
from tests.test_cli import run, scenario

pytestmark = pytest.mark.solver


def brute_others(case: Case, seen: list[set[frozenset[str]]], limit: int) -> tuple[int, int]:
    """Return how many wards can differ from what was seen, and the least cost (millionths) of so many."""
    rules = case.scenario.rules
    city = facts.city_facts(case)
    choices = []
    for ward, known in zip(city.wards, seen, strict=True):
        best: dict[tuple[bool, int, int], int] = {}
        for plan in brute.ward_plans(city, ward):
            used = frozenset(ward.sites[j].id for j in plan.seats)
            capital = 0 if rules.capital_max_vnd is None else plan.capital
            key = (used not in known, plan.premises, capital)
            best[key] = min(plan.cost, best.get(key, plan.cost))
        choices.append([(*key, cost) for key, cost in best.items()])
    found = []
    for picked in product(*choices):
        new, premises, capital, cost = (sum(row[i] for row in picked) for i in range(4))
        if cost > limit or premises > (rules.premises_max or premises):
            continue
        if rules.capital_max_vnd is None or capital <= rules.capital_max_vnd:
            found.append((-new, cost))
    new, cost = min(found)
    return -new, cost


@pytest.mark.parametrize("limit", ["", "premises", "capital"])
@pytest.mark.parametrize(
    "seed", [*range(5), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(5, 14))]
)
@pytest.mark.parametrize("within", [0.02, 0.5])
def test_equals_brute_force(limit: str, seed: int, within: float) -> None:
    case = random_case(seed, limit=limit)
    try:
        plan = make_plan(case.scenario, case.region, case.norms, with_today=False)
    except Infeasible:
        return
    rows = plan.first_year()
    seen = [{frozenset(part["site_id"])} for _, part in rows.groupby("ward_code", sort=True)]
    cost = present_value(plan.costs, case.scenario)
    most = cost + int(abs(cost) * within)
    found = alternatives(plan, within, 3)
    for other in found:
        new, least = brute_others(case, seen, most)
        assert len(other.sites) == new > 0
        assert other.cost_vnd == (least + 500_000) // 1_000_000
        assert other.status == "optimal"
        for place, ward in enumerate(case.region.wards.index):
            if ward in other.sites:
                assert frozenset(other.sites[ward]) not in seen[place]
                seen[place].add(frozenset(other.sites[ward]))
    if len(found) < 3:
        assert brute_others(case, seen, most)[0] == 0


def test_some_instances_have_others() -> None:
    count = 0
    for seed in range(7):
        case = random_case(seed)
        try:
            plan = make_plan(case.scenario, case.region, case.norms, with_today=False)
        except Infeasible:
            continue
        count += bool(alternatives(plan, 0.5, 1))
    assert count >= 2


def test_the_verb(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario(project, "loose", "rules:\n  one_site_where_enough: 'off'\n")
    assert run("solve", "loose") == 0
    capsys.readouterr()
    assert run("alternatives", "loose", "--within", "20%", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["alternatives"]
    first = found["alternatives"][0]
    assert first["cost_vnd"] <= 1.2 * found["objective_vnd"]
    assert run("alternatives", "results/loose", "--within", "20%", "--units", "--lang", "vi") == 0
    text = capsys.readouterr().out
    assert all(ward in text for ward in first["sites"])
    assert "phương án" in text
    assert run("alternatives", "loose", "--within", "0") == 0
    assert "No unit can use other sites" in capsys.readouterr().out


def test_forcing_the_sites_of_an_alternative_gives_a_plan(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is announced can be had: requiring the new sites of all units costs no more than was said."""
    scenario(project, "loose", "rules:\n  one_site_where_enough: 'off'\n")
    assert run("alternatives", "loose", "--within", "20%", "--count", "1", "--json") == 0
    (other,) = json.loads(capsys.readouterr().out)["alternatives"]
    sites = sorted(site for used in other["sites"].values() for site in used)
    scenario(project, "forced", f"rules:\n  one_site_where_enough: 'off'\n  required: [{', '.join(sites)}]\n")
    assert run("solve", "forced", "--json") == 0
    (plan,) = json.loads(capsys.readouterr().out)
    assert plan["objective_vnd"] <= other["cost_vnd"]


def test_mistakes(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("alternatives", "hanoi-2025", "--within", "much") == 2
    assert run("alternatives", "hanoi-2025", "--count", "0") == 2
    assert run("alternatives", "hanoi-2024") == 3
    assert "E801" in capsys.readouterr().err


FIVE = """extends: hanoi-2025
horizon: {years: 8}
rules: {centres_min: 2, one_site_where_enough: 'off'}
centres: {allowed: true, coverage_share: 60%}
budget: {yearly_vnd: 20 tỷ, carry_over: true}
"""


def test_over_time_a_unit_differs_in_its_sites_or_the_place_of_its_centre(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "scenarios" / "five.yaml").write_text(FIVE, encoding="utf-8")
    assert run("solve", "five", "--gap", "0") == 0
    plan = load_plan(project / "results" / "five")
    centres = plan.premises[plan.premises["kind"] == "joint_centre"]
    place = dict(zip(centres["ward_code"], centres["location"], strict=True))
    rows = plan.first_year().groupby("ward_code")["site_id"]
    seen = {(ward, frozenset(sites), place.get(ward, "")) for ward, sites in rows}
    cost, within = plan.facts["objective_vnd"], 0.1
    found = alternatives(plan, within, 4, Effort(gap=0.0))
    assert len(found) >= 2
    least, most = 5, 0
    elsewhere = 0
    for other in found:
        assert cost <= other.cost_vnd <= cost * (1 + within)
        assert other.status == "optimal"
        for ward, sites in other.sites.items():
            key = (ward, frozenset(sites), other.centres[ward])
            assert key not in seen
            seen.add(key)
            elsewhere += other.centres[ward] not in ("", place.get(ward, ""))
        assert len(other.sites) <= least or most == 0
        least, most = len(other.sites), 1
    assert elsewhere
    capsys.readouterr()
    assert run("alternatives", "five", "--within", "10%", "--count", "2", "--units") == 0
    assert "centre at " in capsys.readouterr().out
