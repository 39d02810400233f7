"""Why every unit is arranged so: equal to what `explain` says, to brute force, written and read back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from planner.audit import audit
from planner.check import read_inputs
from planner.errors import Infeasible, InputError
from planner.explain import explain, explain_all
from planner.explain.table import reasons_table
from planner.maps.reasons import more_of_it
from planner.plan import Plan, load_plan, make_plan
from planner.reason_file import COLUMNS, NUMBERS, WHY, no_reasons, typed
from tests.browser.netplans import small
from tests.oracle import brute, facts
from tests.oracle.instances import Case, random_case
from tests.rules.tiny import tiny_case
from tests.test_audit import new_project
from tests.test_cli import run
from tests.test_over_time import FIVE

pytestmark = pytest.mark.solver


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows, None for an empty number."""
    return [
        {str(key): None if cell is pd.NA else cell for key, cell in row.items()}
        for row in table.to_dict("records")
    ]


def made(case: Case) -> Plan:
    return make_plan(case.scenario, case.region, case.norms)


# --- the same as explain ----------------------------------------------------------------------------------------


def check_against_explain(table: pd.DataFrame, explained: list[dict[str, Any]]) -> None:
    """Compare the rows with what `planner explain RESULT --json` prints."""
    for row, found in zip(rows_of(table), explained, strict=True):
        chosen, single = found["chosen"], next(iter(found["single"]), None)
        other, today = next(iter(found["next_best"]), None), found["today"]
        assert row["ward_code"] == found["ward_code"]
        assert row["why"] == found["why"]
        assert row["next_sites"] == (";".join(sorted(set(other["seats"].values()))) if other else "")
        assert row["next_extra_vnd"] == (other["cost_vnd"] - chosen["cost_vnd"] if other else None)
        change = {
            item: other["items_vnd"].get(item, 0) - chosen["items_vnd"].get(item, 0)
            for item in ({*other["items_vnd"], *chosen["items_vnd"]} if other else ())
        }
        most = min((key for key in change if change[key]), key=lambda k: (-abs(change[k]), k), default="")
        assert (row["next_item"], row["next_item_vnd"]) == (most, change.get(most))
        assert row["single_site"] == (single["site_id"] if single else "")
        assert row["single_missing_m2"] == (single["missing_m2"] if single else None)
        assert row["single_missing_seats"] == (single["missing_seats"] if single else None)
        assert row["today_extra_vnd"] == (today["cost_vnd"] - chosen["cost_vnd"] if today else None)


def test_hanoi_says_what_explain_prints(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    plan = make_plan(*read_inputs("hanoi-2025"))
    replace(plan, reasons=reasons_table(plan)).write_tables(tmp_path)
    plan = load_plan(tmp_path)
    assert plan.reasons["ward_code"].tolist() == plan.region.wards.index.tolist()
    assert {"cheapest", "one_site_rule", "only"} == set(plan.reasons["why"])
    capsys.readouterr()
    assert run("explain", str(tmp_path), "--json") == 0
    check_against_explain(plan.reasons, json.loads(capsys.readouterr().out))
    # What no city-wide rule touches and the one-site rule does not forbid is dearer.
    least = plan.reasons.set_index("why")["next_extra_vnd"]
    assert (least["cheapest"] >= 0).all()
    totals = plan.today.ward_measures()["net_present_cost"] - plan.ward_measures()["net_present_cost"]
    assert (plan.reasons["today_extra_vnd"].to_numpy() - totals.to_numpy() == 0).all()
    (sample,) = explain_all(plan, ["00070"], alternatives=0)
    assert sample.next_best == []
    assert sample.why == plan.reasons.set_index("ward_code").loc["00070", "why"]


def test_one_unit_is_explained_as_among_all(root: Path) -> None:
    plan = make_plan(*read_inputs("hanoi-shared", root))
    wards = [str(ward) for ward in plan.region.wards.index]
    (pair,) = plan.facts["shared"]
    every = dict(zip(wards, explain_all(plan, wards, alternatives=2), strict=True))
    for ward in (wards[-1], pair["guest"], pair["owner"], wards[0]):
        assert explain(plan, ward, 2) == every[ward]
    assert {ward for ward in wards if every[ward].why == "shared"} == {pair["guest"], pair["owner"]}


# --- brute force ------------------------------------------------------------------------------------------------


def check_by_brute_force(case: Case, plan: Plan) -> set[str]:
    """Work out every cell from all arrangements of every ward; return the codes that occur."""
    table = reasons_table(plan)
    free = facts.city_facts(case.changed("rules", one_site_where_enough="off"))
    today = plan.today and facts.city_facts(replace(case, scenario=plan.today.scenario))
    rows = rows_of(table)
    for place, row in enumerate(rows):
        ward = free.wards[place]
        plans = brute.ward_plans(free, ward)
        cost = {some.seats: some.cost for some in brute.every_arrangement(free, ward)}
        chosen = cost[seats_of(plan, ward)]
        used = set(seats_of(plan, ward))
        sets: dict[frozenset[int], brute.WardPlan] = {}
        for some in sorted(plans, key=lambda some: some.cost):
            sets.setdefault(frozenset(some.seats), some)
        others = [some for sites, some in sets.items() if sites != used]
        assert (row["next_extra_vnd"] is None) == (not others)
        if others:
            extra = dong(others[0].cost) - dong(chosen)
            assert row["next_extra_vnd"] == extra
            names = ";".join(sorted({ward.sites[j].id for j in others[0].seats}))
            same = [some for some in others if some.cost == others[0].cost]
            assert row["next_sites"] == names or len(same) > 1
        if today:
            before = today.wards[place]
            seats = seats_of(plan.today, before)
            once, yearly = brute.price(today, before, seats)
            worth = sum(once.values()) * today.first + sum(yearly.values()) * today.every
            assert row["today_extra_vnd"] == dong(worth) - dong(chosen)
        assert single_of(case, ward) == (
            (row["single_missing_m2"], row["single_missing_seats"], row["single_site"])
            if row["single_site"]
            else None
        )
        check_code(case, row, ward, used, chosen, sets, others)
    return {row["why"] for row in rows}


def check_code(
    case: Case,
    row: dict[str, Any],
    ward: facts.Ward,
    used: set[int],
    chosen: int,
    sets: dict[frozenset[int], brute.WardPlan],
    others: list[brute.WardPlan],
) -> None:
    cheapest = min(some.cost for some in sets.values())
    match row["why"]:
        case "in_force":
            assert case.scenario.arrangement == "today"
        case "only":
            assert not others
        case "cheapest":
            assert dong(chosen) == dong(cheapest)
        case "one_site_rule":
            assert case.scenario.rules.one_site_where_enough != "off"
            assert len(used) == 1
            assert dong(chosen) == dong(min(some.cost for some in sets.values() if some.premises == 1))
        case "city_rule":
            assert dong(chosen) > dong(cheapest)
            rules = case.scenario.rules
            assert (
                rules.premises_max
                or rules.capital_max_vnd is not None
                or rules.one_site_where_enough == "former_district_hq"
            )
        case other:
            raise AssertionError(other)


def single_of(case: Case, ward: facts.Ward) -> tuple[int, int, str] | None:
    """Return what is missing where the ward sits on the one site that misses least."""
    need = sum(part.tight for part in ward.parts)
    seats = 0 if case.scenario.rules.hall == "off" else ward.hall_tight
    required = {site.id for site in ward.sites if site.required}
    missing = [
        (max(0, need - site.floor), max(0, seats - site.hall), site.id)
        for site in ward.sites
        if required <= {site.id}
    ]
    return min(missing, key=lambda found: (found[0] + found[1] > 0, found), default=None)


def seats_of(plan: Plan, ward: facts.Ward) -> tuple[int, ...]:
    ids = [site.id for site in ward.sites]
    rows = plan.first_year()
    rows = rows[rows["ward_code"] == ward.code].set_index("part")["site_id"]
    parts = [part.name for part in ward.parts]
    return tuple(ids.index(rows[part]) for part in parts)


def dong(micro: int) -> int:
    return (micro + 500_000) // 1_000_000


CASES = {
    "": (2002, 2003, 2006, 2030),
    "premises": (2002, 2011),
    "capital": (2001, 2002, 2008),
    "both": (2005, 2018),
}


def test_random_cities_by_brute_force() -> None:
    seen: set[str] = set()
    for limit, seeds in CASES.items():
        for seed in seeds:
            case = random_case(seed, limit=limit)
            seen |= check_by_brute_force(case, made(case))
    assert seen == {"only", "cheapest", "one_site_rule", "city_rule", "in_force"}


@pytest.mark.slow
@pytest.mark.parametrize("limit", CASES)
@pytest.mark.parametrize("seed", range(3000, 3016))
def test_many_more_random_cities_by_brute_force(limit: str, seed: int) -> None:
    case = random_case(seed, limit=limit)
    try:
        plan = made(case)
    except Infeasible:
        pytest.skip("no plan keeps the rules")
    check_by_brute_force(case, plan)


# --- every code --------------------------------------------------------------------------------------------------


def test_every_code_occurs_where_it_is_true(project: Path) -> None:
    (project / "scenarios" / "five.yaml").write_text(FIVE, encoding="utf-8")
    plan = make_plan(*read_inputs("five"))
    built = plan.ward_measures()["centre_open_year"] > 0
    assert built.any()
    assert set(rows_with(plan, "centre")) == set(built.index[built])
    assert plan.today is not None
    assert set(reasons_table(plan.today)["why"]) == {"in_force"}
    assert rows_of(reasons_table(plan.today))[0]["today_extra_vnd"] is None


def rows_with(plan: Plan, code: str) -> list[str]:
    table = reasons_table(plan)
    return table.loc[table["why"] == code, "ward_code"].tolist()


def test_a_city_rule_stands_against_the_cheaper() -> None:
    free = made(tiny_case(rules={"one_site_where_enough": "off"}))
    most = int(free.city("premises"))
    for cap in range(most, 1, -1):
        try:
            plan = made(tiny_case(rules={"one_site_where_enough": "off", "premises_max": cap}))
        except Infeasible:
            break
        beaten = rows_with(plan, "city_rule")
        assert bool(beaten) == (cap < most)
        for row in rows_of(reasons_table(plan)):
            assert (row["why"] == "city_rule") == (
                row["next_extra_vnd"] is not None and row["next_extra_vnd"] < 0
            )
    assert cap < most


def test_the_network_is_named_where_it_decides() -> None:
    plan = small()
    codes = {row["ward_code"]: row["why"] for row in rows_of(reasons_table(plan))}
    assert set(codes.values()) <= {"network", "only", "one_site_rule", "cheapest"}
    for ward, code in codes.items():
        found = explain(plan, ward)
        if found.next_best and found.next_best[0].cost_vnd < found.chosen.cost_vnd:
            assert code in ("network", "one_site_rule")


# --- the file ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project of five units."""
    text = (Path(__file__).resolve().parent.parent / "scenarios" / "hanoi-2025.yaml").read_text(
        encoding="utf-8"
    )
    return new_project(tmp_path_factory.mktemp("home"), **{"hanoi-2025": text})


@pytest.fixture(scope="module")
def five(home: Path) -> Plan:
    plan = make_plan(*read_inputs("hanoi-2025", home))
    return replace(plan, reasons=reasons_table(plan))


@pytest.fixture
def saved(five: Plan, tmp_path: Path) -> Path:
    """Return a result folder of five units."""
    folder = tmp_path / "five"
    folder.mkdir()
    five.write_tables(folder)
    return folder


def test_the_file_is_read_back_as_it_was_written(home: Path, saved: Path, tmp_path: Path) -> None:
    plan = load_plan(saved, home)
    assert list(plan.reasons.columns) == COLUMNS.split()
    pd.testing.assert_frame_equal(plan.reasons, reasons_table(plan))
    assert all(str(plan.reasons[name].dtype) == "Int64" for name in NUMBERS)
    assert plan.today is not None
    pd.testing.assert_frame_equal(plan.today.reasons, no_reasons())
    again = tmp_path / "again"
    again.mkdir()
    plan.write_tables(again)
    assert (again / "reasons.csv").read_bytes() == (saved / "reasons.csv").read_bytes()
    assert not (again / "today" / "reasons.csv").exists()
    assert b"." not in (saved / "reasons.csv").read_bytes()  # whole numbers, also beside empty cells


def test_an_older_result_has_none(home: Path, saved: Path) -> None:
    (saved / "reasons.csv").unlink()
    plan = load_plan(saved, home)
    pd.testing.assert_frame_equal(plan.reasons, no_reasons())
    assert audit(saved, root=home, with_search=False).ok
    folder = saved.parent / "again"
    folder.mkdir()
    plan.write_tables(folder)
    assert not (folder / "reasons.csv").exists()


FAULTS: dict[str, tuple[str, Any]] = {
    "column": ("no column why", lambda text: text.replace("why", "Why", 1)),
    "rows": ("other units than wards.csv", lambda text: text.partition("\n")[0] + "\n"),
    "one row less": ("other units than wards.csv", lambda text: text.rpartition("\n")[0].rpartition("\n")[0]),
    "one row twice": ("other units than wards.csv", lambda text: text + text.splitlines()[1] + "\n"),
    "another unit": ("other units than wards.csv", lambda text: text.replace("\n0", "\n9", 1)),
    "code": ("not known in why", lambda text: text.replace(",cheapest,", ",=cmd(),", 1)),
    "site": ("not known in next_sites", lambda text: cell(text, "next_sites", "HC-00000;x")),
    "markup": ("not known in single_site", lambda text: cell(text, "single_site", "<script>")),
    "item": ("not known in next_item", lambda text: cell(text, "next_item", "bribe")),
    "word": ("not a number in next_extra_vnd", lambda text: cell(text, "next_extra_vnd", "ba")),
    "fraction": ("not a number in today_extra_vnd", lambda text: cell(text, "today_extra_vnd", "1.5")),
    "infinite": ("not a number in single_missing_m2", lambda text: cell(text, "single_missing_m2", "inf")),
    "huge": ("not a number in next_extra_vnd", lambda text: cell(text, "next_extra_vnd", "9" * 400)),
    "half": ("not complete in next_extra_vnd", lambda text: cell(text, "next_extra_vnd", "")),
    "other half": ("not complete in next_item_vnd", lambda text: cell(text, "next_item", "")),
    "nothing": ("EmptyDataError", lambda text: ""),
    "wide": ("ParserError", lambda text: text + ",".join("a" * 30) + "\n"),
}


def cell(text: str, column: str, value: str) -> str:
    """Return the table with another value in the first row that has a next best."""
    rows = [line.split(",") for line in text.splitlines()]
    place = rows[0].index(column)
    row = next(row for row in rows[1:] if row[rows[0].index("next_sites")])
    row[place] = value
    return "\n".join(map(",".join, rows)) + "\n"


@pytest.mark.parametrize("fault", [*FAULTS, "latin", "binary", "folder"])
def test_a_broken_file_is_named(home: Path, saved: Path, fault: str) -> None:
    path = saved / "reasons.csv"
    what, change = FAULTS.get(fault, ("", None))
    if change is not None:
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    elif fault == "folder":
        path.unlink()
        path.mkdir()
    else:
        path.write_bytes(b"ward_code,\xe0\n" if fault == "latin" else bytes(range(256)) * 10)
    with pytest.raises(InputError) as caught:
        load_plan(saved, home)
    (problem,) = caught.value.problems
    assert problem.code == "E803"
    assert problem.where.endswith("reasons.csv")
    assert what in problem.what


def test_the_documents_list_the_columns_and_codes(root: Path) -> None:
    text = (root / "docs" / "data-format.md").read_text(encoding="utf-8")
    assert COLUMNS.replace(" ", ",") in text
    assert [code for code in WHY if f"`{code}`" not in text] == []


def test_a_plan_without_today(five: Plan) -> None:
    table = reasons_table(replace(five, today=None))
    assert table["today_extra_vnd"].isna().all()
    pd.testing.assert_frame_equal(
        table.drop(columns="today_extra_vnd"), five.reasons.drop(columns="today_extra_vnd")
    )
    assert len(typed(table.head(0))) == 0


@pytest.mark.parametrize(
    ("item", "cost", "more"),
    [("release_income", -5, 5), ("release_income", 5, -5), ("crowding", -5, -5), ("", None, None)],
)
def test_the_page_says_income_as_income(item: str, cost: int | None, more: int | None) -> None:
    """Less cost by income is more income: the card must not say that it falls."""
    assert more_of_it(item, cost) == more
