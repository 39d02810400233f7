"""What is printed of scenarios at the edges: income above all costs, one centre, one year, other settings of today."""

import json
from pathlib import Path

import docx
import pytest

from planner.explain import explain
from planner.maps.headlines import change
from planner.plan import load_plan
from planner.terminal.summary import summary
from tests.test_cli import run
from tests.test_read_over_time import CENTRES, with_parcels

pytestmark = pytest.mark.solver

SALE = "extends: hanoi-2025\nhorizon: {years: 1}\nrelease: {route: auction}\n"
ONE = """extends: hanoi-2025
horizon: {years: 8}
rules: {centres_min: 1}
centres: {allowed: true, coverage_share: 60%, life_years: 8}
budget: {yearly_vnd: 30 tỷ, carry_over: CARRY, recycle_income: RECYCLE}
release: {route: lease}
"""


def write(project: Path, name: str, text: str) -> None:
    (project / "scenarios" / f"{name}.yaml").write_text(text, encoding="utf-8")


def test_no_share_of_a_cost_below_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, "sale", SALE)
    assert run("solve", "sale", "--lang", "en") == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "Saving against today" in line]
    assert load_plan("results/sale").facts["objective_vnd"] < 0
    assert line.endswith("bn VND")
    assert change(-3e12, -2e12, "net_present_cost", "en").count("%") == 0
    assert change(1e12, 2e12, "net_present_cost", "en").count("%") == 1
    assert run("report", "results/sale", "--format", "docx", "--lang", "en") == 0
    text = " ".join(part.text for part in docx.Document("results/sale/costs.docx").paragraphs)
    assert " billion less than today (-" in text
    assert "in all years" not in text


@pytest.mark.parametrize(
    ("carry", "recycle", "head"),
    [
        ("true", "false", "carried in"),
        ("false", "true", "income spent again"),
        ("true", "true", "carried in and income"),
    ],
)
def test_one_centre_and_its_money(
    project: Path, capsys: pytest.CaptureFixture[str], carry: str, recycle: str, head: str
) -> None:
    write(project, "one", ONE.replace("CARRY", carry).replace("RECYCLE", recycle))
    assert run("solve", "one", "--json") == 0
    (facts,) = json.loads(capsys.readouterr().out)
    opened = [row["year"] for row in facts["years"] if row["opened"]]
    text = summary(load_plan("results/one"), None, None, "en")
    assert len(opened) == 1
    assert f"Centres: 1 built, opening in {opened[0]}\n" in text
    (line,) = [line for line in text.splitlines() if line.startswith("  year")]
    assert f"  {head}  capital" in " ".join(line.split("  ")).replace(head, f" {head} ")


def test_a_tiny_gap_is_at_most_something(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("solve", "hanoi-2025") == 0
    plan = load_plan("results/hanoi-2025")
    plan.facts.update(status="feasible", gap=2e-6)
    assert "not proven: at most 0.001% above the best plan" in summary(plan, None, None, "en")


def test_compare_tells_todays_of_other_settings(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, "sale", SALE)
    write(project, "rise", "extends: hanoi-2025\nhorizon: {price_growth: 5%}\n")
    assert run("solve", "sale", "rise", "hanoi-2025") == 0
    capsys.readouterr()
    assert run("compare", "hanoi-2025", "rise", "--lang", "en") == 0
    text = capsys.readouterr().out
    assert "ACTIONS against today, rise\n" in text
    (line,) = [line for line in text.splitlines() if line.startswith("Today is costed")]
    rise = load_plan("results/rise")
    assert rise.today is not None
    own = rise.today.facts["objective_vnd"] - rise.facts["objective_vnd"]
    assert line.endswith(f"rise {own / 1e9:,.1f} bn VND.")
    assert run("compare", "hanoi-2025", "--lang", "en") == 0
    assert "Today is costed" not in capsys.readouterr().out


def test_explain_prices_the_cash_route_of_the_unit(project: Path) -> None:
    text = "extends: hanoi-2025\nrelease: {route: priority, cash_route: best}\n"
    write(project, "best", text)
    assert run("solve", "best") == 0
    plan = load_plan("results/best")
    assert "auction" in set(plan.premises["route"])
    for ward in plan.region.wards.index:
        found = explain(plan, str(ward))
        rows = plan.costs[plan.costs["ward_code"] == ward]
        factor = 1.08 ** -(rows["year"] - 2025)
        assert found.chosen.cost_vnd == pytest.approx((rows["vnd"] * factor).sum(), abs=10_000)
        sets = [other.sites for other in found.next_best]
        assert len(sets) == len(set(sets))
        assert found.chosen.sites not in sets


def test_explain_names_the_parcel(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with_parcels(
        project, scenario=CENTRES + "  coverage_share: 12%\nhorizon: {years: 8}\nrules: {centres_min: 1}\n"
    )
    assert run("solve", "x") == 0
    capsys.readouterr()
    assert run("explain", "results/x", "--ward", "00328") == 0
    assert "centre at KD-01 Khu đất" in capsys.readouterr().out
    assert run("compare", "results/x", "--actions") == 0
    text = capsys.readouterr().out
    assert "build the centre at KD-0" in text
    assert "at KD-01," not in text
    assert "at KD-02," not in text
