"""Rules that clash: the smallest change that is told works, and one unit less does not."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pytest

from planner import clash, solve
from planner.errors import Infeasible
from planner.limits import Family, families_of
from planner.model import PlanColumns
from planner.program import Effort
from planner.scenario import Scenario
from planner.wording import in_language
from tests.test_cli import run

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.solver

WARDS, EACH = 4, 5
NAMES = [f"{place:05}" for place in range(WARDS)]
BUDGETS = ("budget_2026", "budget_2027", "budget_2028")


def random_columns(seed: int) -> PlanColumns:
    """Return plans of four wards: some build a centre and spend over three years, some do not."""
    rng = np.random.default_rng(seed)
    m = WARDS * EACH
    built = rng.integers(0, 2, m)
    spent = rng.integers(1, 10**11, (m, 3)) * built[:, None]
    uses = {name: spent[:, : k + 1].sum(axis=1) for k, name in enumerate(BUDGETS)}
    uses |= {"centres": -built, "surplus_2028": -rng.integers(0, 4, m)}
    nothing = np.zeros(m, np.int64)
    cost = rng.integers(1, 10**15, m)
    return PlanColumns(
        np.repeat(np.arange(WARDS), EACH), cost, uses, nothing, nothing, np.zeros((m, 1), np.int64)
    )


def smallest_by_hand(columns: PlanColumns, limits: dict[str, int], weights: dict[str, int]) -> int | None:
    """Return the least amount by which some limits must give way, over every choice of plans."""
    best = None
    for choice in product(range(EACH), repeat=WARDS):
        rows = np.array([ward * EACH + k for ward, k in enumerate(choice)])
        over = {name: int(columns.resources[name][rows].sum()) - most for name, most in limits.items()}
        if any(over[name] > 0 for name in limits if name not in weights):
            continue
        more = max(-(-over[name] // weight) for name, weight in weights.items())
        best = more if best is None else min(best, more)
    return best


@pytest.mark.parametrize("seed", range(30))
def test_the_smallest_change_by_brute_force(seed: int) -> None:
    columns = random_columns(seed)
    rng = np.random.default_rng(seed + 1000)
    yearly = int(rng.integers(0, 4 * 10**10))
    limits = {name: yearly * k for k, name in enumerate(BUDGETS)}  # the first year has nothing of its own
    limits |= {"centres": -int(rng.integers(2, 5)), "surplus_2028": -int(rng.integers(2, 8))}
    changes = [
        Family("centres", "rules.centres_min", {"centres": 1}, -limits["centres"]),
        Family("surplus", "rules.surplus_min 2028", {"surplus_2028": 1}, -limits["surplus_2028"]),
        Family("budget", "budget.yearly_vnd", {"budget_2027": 1, "budget_2028": 2}, yearly),
    ]
    expected = {family.setting: smallest_by_hand(columns, limits, family.weights) for family in changes}
    try:
        solve.choose(columns, NAMES, limits, changes=changes)
    except Infeasible as error:
        problems = {problem.where: problem for problem in error.problems}
    else:
        assert all(more is not None and more <= 0 for more in expected.values())
        return
    needed = {setting: more for setting, more in expected.items() if more is not None}
    if not needed:
        assert [problem.code for problem in problems.values()] == ["E604"]
        return
    assert problems.keys() == needed.keys()
    for family in changes:
        if family.setting in needed:
            more = needed[family.setting]
            value = (family.now or 0) + (more if family.kind == "budget" else -more)
            assert f"value that works is {value:,}" in problems[family.setting].fix
    # Without a search the bound of the relaxation is told: it never asks for more than is needed.
    bounds = clash.why_no_plan(columns, NAMES, limits, Effort(), changes, 0.0)
    for problem in bounds:
        if problem.where == "budget.yearly_vnd" and problem.where in needed:
            told = int(problem.fix.removeprefix("It must be at least ").split(" ")[0].replace(",", ""))
            assert yearly < told <= yearly + needed[problem.where]


def test_some_of_these_budgets_are_too_small() -> None:
    found = set()
    for seed in range(30):
        columns = random_columns(seed)
        limits = {"budget_2027": 0, "budget_2028": 0, "centres": -2}
        found.add(smallest_by_hand(columns, limits, {"budget_2027": 1, "budget_2028": 2}))
    assert len(found - {None, 0}) > 20


def test_money_of_a_year_reaches_the_years_that_have_no_own(root: Path) -> None:
    from planner.check import read_inputs

    scenario = read_inputs("hanoi-centres")[0]
    found = {family.setting: family for family in families_of(scenario)}
    usual = found["budget.yearly_vnd"].weights
    assert "budget_2026" not in usual  # 2026 has an amount of its own
    assert (usual["budget_2027"], usual["budget_2034"]) == (1, 8)
    assert found["budget.by_year_vnd"].weights["budget_2027"] == 2
    flat = scenario.model_copy(update={"budget": scenario.budget.model_copy(update={"carry_over": False})})
    usual = {f.setting: f for f in families_of(flat)}["budget.yearly_vnd"].weights
    assert set(usual.values()) == {1}
    assert isinstance(flat, Scenario)


FIVE = """extends: hanoi-2025
horizon: {years: 8}
rules: {centres_min: 2, centres_building_max: 1, surplus_min: {2032: 10}}
centres: {allowed: true, coverage_share: 60%}
budget: {yearly_vnd: YEARLY, by_year_vnd: {2026: 1 tỷ}, carry_over: true}
release: {route: priority, cash_route: lease}
"""


def test_the_budget_that_is_told_works_and_one_dong_less_does_not(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def solve_with(yearly: int) -> int:
        text = FIVE.replace("YEARLY", str(yearly))
        (project / "scenarios" / "five.yaml").write_text(text, encoding="utf-8")
        return run("solve", "five")

    assert solve_with(2_000_000_000) == 4
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "budget.yearly_vnd" in line]
    assert "falls short in 20" in line
    least = int(line.split("The smallest value that works is ")[1].split(" ")[0].replace(",", ""))
    assert solve_with(least - 1) == 4
    assert solve_with(least) == 0


def test_vietnamese_words(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = FIVE.replace("YEARLY", "2 tỷ")
    (project / "scenarios" / "five.yaml").write_text(text, encoding="utf-8")
    assert run("solve", "five", "--lang", "vi") == 4
    told = capsys.readouterr().err
    assert "thiếu tiền" in told
    assert "Giá trị nhỏ nhất có phương án là" in told
    for word in (" works", " plan ", " VND", "smallest", "least"):
        assert word not in told


def test_every_sentence_is_translated() -> None:
    limits = {"budget_2027": 10, "building_2027": 3, "centres": -5}
    for family in (
        Family("budget", "budget.yearly_vnd", {"budget_2027": 1}, 10),
        Family("budget", "budget.by_year_vnd", {"budget_2027": 1}, None),
        Family("building", "rules.centres_building_max", {"building_2027": 1, "building_2028": 1}, 3),
        Family("centres", "rules.centres_min", {"centres": 1}, 5),
    ):
        for least, enough in ((1, 1), (1, 2), (1, None)):
            change = clash.Change(family, least, enough, list(family.weights) if enough else [])
            told = in_language(clash._told(limits, change), "vi")
            for text in (told.what, told.fix):
                for word in ("plan", "value", "works", "year", "least", "most", "VND", "takes", "money"):
                    assert word not in text, text
