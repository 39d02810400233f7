"""The code in docs/notes-pulp.md runs as printed, on either line of PuLP, with HiGHS and with CBC."""

import random
import re
from pathlib import Path
from types import SimpleNamespace

import pulp
import pytest

pytestmark = pytest.mark.solver


@pytest.fixture(scope="module")
def notes(root: Path) -> SimpleNamespace:
    """Run the code block of the notes and return its names."""
    text = (root / "docs/notes-pulp.md").read_text(encoding="utf-8")
    code = re.search(r"^```python\n(.*?)^```", text, re.M | re.S)
    assert code
    names: dict[str, object] = {"__name__": "notes"}
    exec(compile(code[1], "docs/notes-pulp.md", "exec"), names)  # noqa: S102
    return SimpleNamespace(**names)


def choose_one_each(notes: SimpleNamespace, budget: float, wards: int = 12, plans: int = 4) -> pulp.LpProblem:
    """Build a model of the kind we solve: one plan per ward within one budget."""
    draw = random.Random(7)
    problem = pulp.LpProblem("choose", pulp.LpMinimize)
    rows = [[problem.add_variable(f"x{w:03d}_{j}", cat="Binary") for j in range(plans)] for w in range(wards)]
    for w, row in enumerate(rows):
        problem += notes.expression([(x, 1.0) for x in row]) == 1, f"one_{w:03d}"
    flat = [x for row in rows for x in row]
    problem += notes.expression([(x, draw.randint(1_000, 9_000)) for x in flat])
    problem += notes.expression([(x, draw.randint(100, 900)) for x in flat]) <= budget, "budget"
    return problem


def test_both_solvers_agree(notes: SimpleNamespace, tmp_path: Path) -> None:
    stopped, has_plan, objective, bound = notes.solve_highs(choose_one_each(notes, 6_000))
    assert (stopped, has_plan) == ("optimal", True)
    assert bound == pytest.approx(objective)

    problem = choose_one_each(notes, 6_000)
    word, value, _ = notes.solve_cbc(problem, log=tmp_path / "cbc.log")
    assert word == "optimal solution found"
    assert problem.objective.value() == pytest.approx(objective)
    assert float(value[0]) == pytest.approx(objective)


@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_no_plan_is_told_apart(notes: SimpleNamespace, tmp_path: Path, solver: str) -> None:
    problem = choose_one_each(notes, 10)
    if solver == "highs":
        assert notes.solve_highs(problem)[:2] == ("infeasible", False)
    else:
        assert notes.solve_cbc(problem, log=tmp_path / "cbc.log")[1] == []


def test_a_start_is_taken(notes: SimpleNamespace, tmp_path: Path) -> None:
    problem = choose_one_each(notes, 6_000)
    notes.solve_highs(problem)
    start = {v.name: v.varValue for v in notes.columns(problem)}
    notes.solve_highs(choose_one_each(notes, 6_000), start=start, log=tmp_path / "highs.log")
    assert "MIP start solution is feasible" in (tmp_path / "highs.log").read_text(encoding="utf-8")


def test_stdout_stays_clean(notes: SimpleNamespace, capfd: pytest.CaptureFixture[str]) -> None:
    notes.solve_highs(choose_one_each(notes, 6_000))
    assert capfd.readouterr().out == ""
