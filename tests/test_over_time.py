"""The verbs on plans over time: what is asked of the solver, what is printed, what is compared and explained."""

import json
from pathlib import Path

import pyogrio
import pytest
import shapely

from planner.check import read_inputs
from planner.compare import compare, differences, steps
from planner.costs import HEADING
from planner.explain.centres import reasons
from planner.model.columns import PlanColumns
from planner.plan import GAP_OVER_TIME, effort_for, load_plan, make_plan, prepare
from planner.prices import price_sentences, rule_prices
from planner.program import Effort, build_program, resource_prices
from planner.program import run as run_program
from planner.releases import CASH_ROUTES, PUBLIC_ROUTES
from planner.solve import city_limits
from planner.terminal.comparison import MEASURES, MEASURES_OVER_TIME
from planner.terminal.words import WORDS
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


# --- solve prints ------------------------------------------------------------------------------------------------


def test_solve_says_what_happens_and_what_the_rules_cost(
    five: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("solve", "five", "--gap", "0", "--json") == 0
    (facts,) = json.loads(capsys.readouterr().out)
    years = {row["year"]: row for row in facts["years"]}
    assert years.keys() == set(range(2025, 2033))
    assert sum(row["opened"] for row in years.values()) == facts["measures"]["centres"] == 2
    opened = [year for year, row in years.items() if row["opened"]]
    assert facts["rule_prices"] == price_sentences(facts["limits"], "en")
    assert facts["rule_prices"]
    assert all(entry["summed"] for entry in facts["limits"] if entry["name"].startswith("budget"))
    assert run("solve", "five", "--gap", "0") == 0
    text = capsys.readouterr().out
    assert f"Centres: 2 built, the first to the last opening {min(opened)}-{max(opened)}" in text
    assert f"{facts['measures']['premises_end']:g} in the last" in text
    assert f"surplus in the last year {facts['measures']['premises_released_end']:g} premises" in text
    assert "certified by prices alone" in text
    for year, row in years.items():
        (line,) = [line for line in text.splitlines() if line.split()[:1] == [str(year)]]
        assert f"{row['capital_vnd'] / 1e9:,.1f}" in line
    for sentence in facts["rule_prices"]:
        assert sentence in text
    assert run("solve", "five", "--lang", "vi", "--json") == 0
    (vietnamese,) = json.loads(capsys.readouterr().out)
    assert all("tiết kiệm" in sentence for sentence in vietnamese["rule_prices"])
    assert run("solve", "five", "--lang", "vi") == 0
    text = capsys.readouterr().out
    assert "Khu liên cơ: xây 2" in text
    for word in ("Centres", "saves", "certified", "budget"):
        assert word not in text


def test_the_price_of_the_money_of_a_year_is_what_it_saves(five: Path) -> None:
    """The relaxation with a little more money in one year is cheaper by its worth: the sum of all later prices."""
    scenario, region, norms = read_inputs("five")
    tight = scenario.model_copy(
        update={"budget": scenario.budget.model_copy(update={"yearly_vnd": 13_900_000_000})}
    )
    instance, columns = prepare(tight, region, norms)
    limits = city_limits(tight)
    prices = resource_prices(columns, instance.wards, limits)
    summed = [
        {"name": n, "year": int(n[-4:]), "price": prices[n], "summed": True} for n in limits if "budget" in n
    ]
    worth = rule_prices(summed)
    assert worth
    for price in worth:
        for year in price.years:
            more = {
                n: v + 1_000_000 * (n.startswith("budget") and int(n[-4:]) >= year) for n, v in limits.items()
            }
            saved = (relaxed(columns, instance.wards, limits) - relaxed(columns, instance.wards, more)) / 1e6
            assert saved == pytest.approx(price.saved_vnd / 1e9, rel=1e-3)


def relaxed(columns: PlanColumns, wards: list[str], limits: dict[str, int]) -> float:
    """Return the cost in dong of the best plan whose parts may be mixed, by PuLP."""
    program, _ = build_program(columns, wards, limits, relaxed=True)
    run_program(program, Effort())
    return float(program.solverModel.getInfo().objective_function_value) * 1e6


def test_plans_without_centres_say_nothing_of_them(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("solve", "hanoi-2025") == 0
    text = capsys.readouterr().out
    assert "Centres" not in text
    assert "certified" not in text


# --- compare -----------------------------------------------------------------------------------------------------


def test_compare_says_what_happens_over_the_years(five: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more = FIVE.replace("centres_min: 2", "centres_min: 1").replace("five", "one")
    (five / "scenarios" / "one.yaml").write_text(more, encoding="utf-8")
    assert run("solve", "five", "one", "--gap", "0") == 0
    capsys.readouterr()
    assert run("compare", "one", "five", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    rows = {row["key"]: row for row in found["table"] if row["kind"] == "measure"}
    assert (rows["centres"]["today"], rows["centres"]["one"], rows["centres"]["five"]) == (0, 1, 2)
    plan = load_plan(five / "results" / "five")
    taken = found["steps"]["five"]
    built = [row for row in taken if row["action"] == "build"]
    assert len(built) == 2
    in_building = plan.costs[plan.costs["item"].isin(["construction", "contingency", "land"])]
    assert sum(row["vnd"] for row in built) == in_building["vnd"].sum()
    for row in built:
        (enter,) = [r for r in taken if r["action"] == "enter" and r["ward_code"] == row["ward_code"]]
        assert enter["year"] == plan.ward_measures().loc[row["ward_code"], "centre_open_year"] > row["year"]
    free = plan.premises[(plan.premises["status"] == "released") & (plan.premises["route"] != "centre")]
    assert {(r["site_id"], r["year"], r["route"]) for r in taken if r["action"] == "release"} == {
        (site, rows["year"].min(), rows["route"].iloc[0]) for site, rows in free.groupby("site_id")
    }
    only = found["differences"]
    assert [row["plan"] for row in only if row["action"] == "build"].count(1) >= 1
    assert run("compare", "one", "five", "--actions", "--lang", "vi") == 0
    text = capsys.readouterr().out
    assert "xây khu liên cơ tại" in text
    assert "KHÁC NHAU" in text
    assert run("compare", "hanoi-2025", "five") == 0
    assert "cannot be compared" in capsys.readouterr().out


def test_a_plan_does_not_differ_from_itself(five: Path) -> None:
    plan = make_plan(*read_inputs("five"), with_today=False)
    assert len(differences(plan, plan)) == 0
    assert len(steps(plan)) > 0


@pytest.mark.parametrize("item", list(HEADING))
def test_every_item_and_measure_has_a_name(item: str) -> None:
    assert item in WORDS
    assert set(MEASURES + MEASURES_OVER_TIME) <= set(WORDS)
    assert {f"route_{route}" for route in (*PUBLIC_ROUTES, *CASH_ROUTES, "public_use")} <= set(WORDS)


# --- explain -----------------------------------------------------------------------------------------------------


def test_explain_prices_other_centres_and_years(five: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("solve", "five", "--gap", "0") == 0
    plan = load_plan(five / "results" / "five")
    why = reasons(plan)
    assert why is not None
    city = 0
    for ward in plan.region.wards.index:
        over = why.of(str(ward))
        chosen = over.options[0]
        now = plan.ward_measures().loc[ward]
        assert chosen.opens == (now["centre_open_year"] or None)
        assert chosen.cost_vnd == now["net_present_cost"]
        kinds = [option.kind for option in over.options]
        assert kinds[:2] == ["chosen", "alone"]
        alone = over.options[1]
        assert alone.more_vnd <= 0  # without the rules of the city the unit does what is best for it
        assert all(option.more_vnd >= alone.more_vnd for option in over.options)
        assert all(
            option.cost_vnd - chosen.cost_vnd == pytest.approx(option.more_vnd, abs=1)
            for option in over.options
        )
        if chosen.place:
            assert "none" in kinds
        places = {
            option.place for option in over.options if option.kind in ("chosen", "place") and option.place
        }
        place = why.instance.wards.index(str(ward))
        assert places <= {centre.place.name for centre in why.instance.centres[place]}
        for option in over.options:
            if option.kind in ("earlier", "later"):
                assert option.place == chosen.place
                assert abs((option.opens or 0) - (chosen.opens or 0)) == 1
        city += min(option.priced_more_vnd for option in over.options)
    # What all units could save at the prices of the rules is what is not certified of the plan.
    missing = plan.facts["objective_vnd"] - plan.facts["certified_bound_vnd"]
    assert -city <= missing + 5
    capsys.readouterr()
    assert run("explain", "results/five", "--lang", "vi") == 0
    text = capsys.readouterr().out
    assert "khu liên cơ tại" in text
    assert "khi tính cả quy tắc chung" in text


def test_a_unit_without_land_is_told_what_it_lacks(five: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = FIVE.replace("coverage_share: 60%", "coverage_share: 30%, storeys_xa: 2, storeys_phuong: 3")
    text = text.replace("centres_min: 2, ", "")
    (five / "scenarios" / "five.yaml").write_text(text, encoding="utf-8")
    assert run("explain", "five", "--ward", "10210") == 0
    told = capsys.readouterr().out
    assert "No land of the unit is large enough: a centre needs " in told
    assert "2,800 m2" in told
    assert reasons(make_plan(*read_inputs("hanoi-2025"), with_today=False)) is None


# --- the GeoPackage ------------------------------------------------------------------------------------------------


def test_the_geopackage_has_centres_and_years(five: Path) -> None:
    assert run("solve", "five", "hanoi-2025") == 0
    plan = load_plan(five / "results" / "five")
    file = five / "results" / "five" / "plan.gpkg"
    assert [name for name, kind in pyogrio.list_layers(file) if kind] == [
        "wards",
        "premises",
        "centres",
        "links",
    ]
    meta, _, geometry, values = pyogrio.raw.read(file, layer="centres")
    centres = dict(zip(meta["fields"], values, strict=True))
    assert meta["crs"] == "EPSG:4326"
    assert len(centres["site_id"]) == 2
    measures = plan.ward_measures()
    later = plan.costs[(plan.costs["heading"] == "capital") & (plan.costs["year"] > 2025)]
    for row, ward in enumerate(centres["ward_code"]):
        assert centres["opens"][row] == measures.loc[ward, "centre_open_year"] > centres["starts"][row]
        assert centres["floor_m2"][row] == measures.loc[ward, "centre_floor"]
        site = plan.region.sites.loc[centres["location"][row]]
        point = shapely.from_wkb(geometry[row])
        assert (point.x, point.y) == pytest.approx((site["lon"], site["lat"]))
    assert centres["capital_vnd"].sum() == later["vnd"].sum()
    meta, _, _, values = pyogrio.raw.read(file, layer="premises")
    sites = dict(zip(meta["fields"], values, strict=True))
    free = sum(year > 0 for year in sites["free_from"])
    assert free == plan.city("premises_released_end")
    assert any(year > 2025 for year in sites["free_from"])
    empty = pyogrio.raw.read(five / "results" / "hanoi-2025" / "plan.gpkg", layer="centres")
    assert len(empty[2]) == 0


def test_measures_and_items_of_one_name_are_not_mixed_up(root: Path) -> None:
    short = make_plan(*read_inputs("hanoi-2025", root))
    long = make_plan(*read_inputs("hanoi-centres", root))
    result = compare([short, long])
    measures, items = (part.set_index("key") for part in (result.measures, result.items))
    assert measures.loc["departments", "hanoi-2025"] == short.city("departments") == 504
    assert items.loc["departments", "hanoi-2025"] == 0
    assert measures.loc["moves", "hanoi-2025"] == short.city("moves")
    assert measures.loc["residual_value", "hanoi-centres"] == long.city("residual_value")
    # Five years against ten: no difference of their sums is told.
    assert result.saving("hanoi-centres") is None
    assert result.saving("hanoi-2025") == measures.loc["net_present_cost", "today"] - short.city(
        "net_present_cost"
    )
