"""The verbs on plans over time: what is asked of the solver, what is printed, what is compared and explained."""

import json
from pathlib import Path

import pytest

from planner.check import read_inputs
from planner.plan import GAP_OVER_TIME, effort_for
from planner.program import Effort
from tests.test_cli import run

pytestmark = pytest.mark.solver

FIVE = """extends: hanoi-2025
title_vi: Năm đơn vị
title_en: Five units
horizon: {years: 8}
rules: {centres_min: 2, centres_building_max: 1, surplus_min: {2032: 10}}
centres: {allowed: true, coverage_share: 60%}
budget: {yearly_vnd: 14 tỷ, by_year_vnd: {2026: 8 tỷ}, carry_over: true}
release: {route: priority, cash_route: lease}
"""


@pytest.fixture
def five(project: Path) -> Path:
    """Stand in a project whose scenario `five` builds two centres of five units on carried-over budgets."""
    (project / "scenarios" / "five.yaml").write_text(FIVE, encoding="utf-8")
    return project


# --- effort ------------------------------------------------------------------------------------------------------


def test_only_rules_over_years_are_not_solved_to_a_proof(five: Path) -> None:
    scenario = read_inputs("five")[0]
    assert effort_for(scenario).gap == GAP_OVER_TIME == 1e-4
    assert effort_for(scenario, Effort(gap=0.0)).gap == 0
    assert effort_for(scenario, Effort(gap=0.2, time_limit=3)).gap == 0.2
    assert effort_for(scenario, Effort(time_limit=3)) == Effort(time_limit=3, gap=1e-4)
    free = read_inputs("hanoi-2025")[0]
    assert effort_for(free).gap == 0
    capped = free.model_copy(update={"rules": free.rules.model_copy(update={"premises_max": 100})})
    assert effort_for(capped).gap == 0
    alone = scenario.model_copy(update={"rules": free.rules, "budget": free.budget})
    assert alone.centres.allowed
    assert effort_for(alone).gap == 0


def test_a_gap_that_is_asked_for_counts(five: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("solve", "five", "--gap", "0", "--json", "--require-proof") == 0
    (proven,) = json.loads(capsys.readouterr().out)
    assert proven["status"] == "optimal"
    assert run("solve", "five", "--json") == 0
    (usual,) = json.loads(capsys.readouterr().out)
    assert proven["objective_vnd"] <= usual["objective_vnd"] <= proven["objective_vnd"] * 1.0001


def test_the_help_says_what_the_gap_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("solve", "--help") == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "0 asks for a proof" in text
    assert "under city-wide rules 0.01%" in text
