"""A plan: made, saved, loaded whole; and every way a result folder can be broken."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from planner.errors import Infeasible, InputError
from planner.measures import UNITS, present_value
from planner.plan import TABLES, Plan, as_today, load_plan, make_plan
from planner.region import read_norms, read_region
from planner.scenario import Scenario, read_scenario
from tests.rules.tiny import tiny_case

pytestmark = pytest.mark.solver


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project of five units with one scenario."""
    root, here = tmp_path_factory.mktemp("project"), Path(__file__).resolve().parent
    shutil.copytree(here / "data" / "region5", root / "data" / "geo")
    shutil.copytree(here.parent / "data" / "norms", root / "data" / "norms")
    (root / "scenarios").mkdir()
    shutil.copy(here.parent / "scenarios" / "_base.yaml", root / "scenarios")
    text = 'extends: _base\ntitle_vi: Năm đơn vị\nrules: {one_site_where_enough: "off", premises_max: 9}\n'
    (root / "scenarios" / "five.yaml").write_text(text, encoding="utf-8")
    return root


def _make(root: Path) -> Plan:
    scenario = read_scenario("five", root)
    return make_plan(scenario, read_region(scenario.geo_folder), read_norms(scenario.norms_folder))


@pytest.fixture(scope="module")
def plan(project: Path) -> Plan:
    return _make(project)


@pytest.fixture
def saved(plan: Plan, tmp_path: Path) -> Path:
    """Return a result folder of the plan."""
    folder = tmp_path / "results" / "five"
    folder.mkdir(parents=True)
    plan.write_tables(folder)
    return folder


# --- what is made ------------------------------------------------------------------------------------------------


def test_every_body_of_every_ward_and_year_sits_once(plan: Plan) -> None:
    years = plan.scenario.horizon.years
    rows = plan.assignments
    assert len(rows) == 5 * 6 * years
    assert not rows.duplicated(["ward_code", "year", "part"]).any()
    assert set(rows["site_id"]) <= set(plan.region.sites.index)
    owner = plan.region.sites.loc[rows["site_id"], "ward_code"].to_numpy()
    assert (owner == rows["ward_code"].to_numpy()).all()


def test_premises_are_in_use_exactly_where_someone_sits(plan: Plan) -> None:
    used = set(plan.assignments["site_id"])
    status = plan.premises.drop_duplicates("site_id").set_index("site_id")["status"]
    assert set(status.index[status == "in_use"]) == used
    assert set(status.index) == set(plan.region.sites.index)


def test_the_cost_table_is_the_objective(plan: Plan) -> None:
    micro = present_value(plan.costs, plan.scenario)
    assert plan.facts["objective_vnd"] == (micro + 500_000) // 1_000_000
    assert plan.city("net_present_cost") == plan.facts["objective_vnd"]
    assert (plan.costs["vnd"] != 0).all()
    assert not plan.costs.duplicated(["ward_code", "year", "item"]).any()
    first = plan.costs[plan.costs["year"] == plan.scenario.horizon.start_year]
    assert set(plan.costs["item"][plan.costs["heading"] == "capital"]) == set(
        first["item"][first["heading"] == "capital"]
    )


def test_measures_are_complete_and_add_up(plan: Plan) -> None:
    table = plan.ward_measures()
    assert list(table.columns) == list(UNITS)
    assert len(table) == 5
    for name in (
        "premises",
        "premises_released",
        "staff",
        "moves",
        "cost_capital",
        "missing_to_norm",
        "tight_fit",
    ):
        assert plan.city(name) == table[name].sum()
    premises = plan.premises.drop_duplicates("site_id")
    assert plan.city("premises") == (premises["status"] == "in_use").sum() <= 9


def test_today_keeps_what_is_known(plan: Plan) -> None:
    today = plan.today
    assert today is not None
    assert today.today is None
    seats = today.first_year().set_index(["ward_code", "part"])
    for row in plan.region.today.itertuples():
        if row.site_id:
            part = "office" if row.body == "council_committee" else row.body
            assert tuple(seats.loc[(row.ward_code, part), ["site_id", "basis"]]) == (row.site_id, "known")
    assert set(plan.assignments["basis"]) == {"modelled"}


def test_today_may_use_as_many_sites_as_are_known() -> None:
    case = tiny_case(
        rules={"max_sites": 1, "floor_area": "report", "hall": "off", "one_site_where_enough": "off"}
    )
    plan = make_plan(case.scenario, case.region, case.norms)
    assert plan.today is not None
    assert plan.ward_measures().loc["00001", "premises"] == 1
    assert plan.today.ward_measures().loc["00001", "premises"] == 2
    assert as_today(case.scenario, case.region).rules.max_sites == 2


def test_today_is_taken_as_it_is() -> None:
    case = tiny_case(rules={"required": ("A2",), "excluded": ("B1",), "premises_max": 3})
    today = as_today(case.scenario, case.region)
    assert today.arrangement == "today"
    assert (today.rules.required, today.rules.excluded, today.rules.premises_max) == ((), (), None)
    assert today.prices == case.scenario.prices


def test_a_plan_that_costs_nothing() -> None:
    case = tiny_case()
    free = {name: 0 for name in case.scenario.prices.model_dump() if name != "speed_kmh"}
    case = case.changed("prices", **free)
    plan = make_plan(case.scenario, case.region, case.norms)
    assert plan.costs.empty
    assert plan.facts["objective_vnd"] == plan.facts["bound_vnd"] == 0
    assert plan.facts["gap"] == plan.city("net_present_cost") == 0


def test_every_ward_without_a_plan_is_named() -> None:
    case = tiny_case()
    sites = case.region.sites.assign(floor_area_m2=100)
    with pytest.raises(Infeasible) as caught:
        make_plan(case.scenario, case.with_tables(sites=sites).region, case.norms)
    assert [problem.where for problem in caught.value.problems] == ["00001 Một", "00002 Hai"]
    assert caught.value.exit_status == 4


def test_the_same_input_gives_the_same_files(project: Path, saved: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    again.mkdir()
    _make(project).write_tables(again)
    for name in TABLES:
        for folder in ("", "today"):
            assert (again / folder / f"{name}.csv").read_bytes() == (
                saved / folder / f"{name}.csv"
            ).read_bytes()


# --- saved and loaded --------------------------------------------------------------------------------------------


def test_a_plan_is_loaded_as_it_was_saved(plan: Plan, project: Path, saved: Path) -> None:
    loaded = load_plan(saved, project)
    for before, after in ((plan, loaded), (plan.today, loaded.today)):
        assert before is not None
        assert after is not None
        for name in TABLES:
            pd.testing.assert_frame_equal(
                getattr(after, name), getattr(before, name), check_dtype=False, check_index_type=False
            )
        assert after.scenario == before.scenario
        assert after.scenario.origins == before.scenario.origins
        assert after.facts == json.loads(json.dumps(before.facts))
        assert after.log == before.log


def test_a_loaded_plan_saves_to_the_same_files(project: Path, saved: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    again.mkdir()
    load_plan(saved, project).write_tables(again)
    files = sorted(path.relative_to(saved) for path in saved.rglob("*") if path.is_file())
    assert len(files) == 2 * 7
    for path in files:
        assert (again / path).read_bytes() == (saved / path).read_bytes(), path


def test_codes_keep_their_zeros(project: Path, saved: Path) -> None:
    loaded = load_plan(saved, project)
    assert set(loaded.assignments["ward_code"]) == {"00316", "00328", "00352", "00367", "10210"}
    assert (loaded.measures["ward_code"] == "").sum() == len(UNITS)


def test_a_plan_without_today_is_loaded(project: Path, saved: Path) -> None:
    shutil.rmtree(saved / "today")
    assert load_plan(saved, project).today is None


# --- broken folders ----------------------------------------------------------------------------------------------


def _problems(folder: Path, root: Path) -> list[Any]:
    with pytest.raises(InputError) as caught:
        load_plan(folder, root)
    assert caught.value.exit_status == 3
    return caught.value.problems


def test_changed_data_are_named(project: Path, saved: Path, tmp_path: Path) -> None:
    root = tmp_path / "copy"
    shutil.copytree(project, root)
    for table in ("geo/sites.csv", "norms/trips.csv"):
        path = root / "data" / table
        text = path.read_text(encoding="utf-8")
        path.write_text(text.rstrip("\n") + "\n\n", encoding="utf-8")
    problems = _problems(saved, root)
    assert [problem.code for problem in problems] == ["E804", "E804"]
    assert all(problem.fix.endswith("planner solve five") for problem in problems)
    named = " ".join(problem.where for problem in problems)
    assert "sites.csv" in named
    assert "trips.csv" in named


def test_not_a_result_folder(project: Path, tmp_path: Path) -> None:
    (problem,) = _problems(tmp_path, project)
    assert problem.code == "E801"
    (problem,) = _problems(tmp_path / "nowhere", project)
    assert problem.code == "E801"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "7",
        "null",
        "{}",
        '{"schema": 1}',
        b"\xff\xfe{}",
        '"schema scenario settings inputs objective_vnd"',
    ],
)
def test_a_broken_plan_json(project: Path, saved: Path, text: str | bytes) -> None:
    data = text.encode() if isinstance(text, str) else text
    (saved / "plan.json").write_bytes(data)
    (problem,) = _problems(saved, project)
    assert problem.code == "E802"


@pytest.mark.parametrize(
    "change",
    [
        {"schema": 2},
        {"settings": {}},
        {"settings": None},
        {"settings": []},
        {"settings": "five"},
        {"inputs": None},
        {"inputs": [{}]},
        {"inputs": ["a"]},
        {"origins": 3},
    ],
)
def test_a_plan_json_that_was_edited(project: Path, saved: Path, change: dict[str, Any]) -> None:
    facts = json.loads((saved / "plan.json").read_text(encoding="utf-8"))
    (saved / "plan.json").write_text(json.dumps(facts | change), encoding="utf-8")
    (problem,) = _problems(saved, project)
    assert problem.code == "E802"


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("fault", ["missing", "empty", "folder", "latin", "column", "binary", "word", "rows"])
def test_a_broken_table(project: Path, saved: Path, name: str, fault: str) -> None:
    path = saved / f"{name}.csv"
    text = path.read_text(encoding="utf-8")
    path.unlink()
    if fault == "empty":
        path.write_bytes(b"")
    elif fault == "folder":
        path.mkdir()
    elif fault == "latin":
        path.write_bytes("ward_code,\xe0\n".encode("latin-1"))
    elif fault == "column":
        header, _, rest = text.partition("\n")
        path.write_text(
            header.replace("ward_code", "ward").replace("year,", "y,", 1) + "\n" + rest, encoding="utf-8"
        )
    elif fault == "word":
        lines = text.splitlines()
        lines[1] = ",".join("ba" if cell.isdigit() else cell for cell in lines[1].split(","))
        path.write_text("\n".join(lines), encoding="utf-8")
    elif fault == "rows":
        path.write_text(text.partition("\n")[0] + "\n", encoding="utf-8")
    elif fault == "binary":
        path.write_bytes(bytes(range(256)) * 10)
    if (fault, name) == ("rows", "costs"):
        assert load_plan(saved, project).costs.empty  # not broken: a plan may cost nothing
        return
    (problem,) = _problems(saved, project)
    assert problem.code == "E803"
    assert f"{name}.csv" in problem.where


def test_every_broken_table_is_named_at_once(project: Path, saved: Path) -> None:
    for name in TABLES:
        (saved / f"{name}.csv").unlink()
    assert [problem.code for problem in _problems(saved, project)] == ["E803"] * len(TABLES)


def test_a_broken_plan_of_today(project: Path, saved: Path) -> None:
    (saved / "today" / "costs.csv").unlink()
    (problem,) = _problems(saved, project)
    assert problem.code == "E803"
    assert "today" in problem.where


def test_the_scenario_can_be_restored_exactly(plan: Plan) -> None:
    text = json.dumps(plan.facts["settings"], ensure_ascii=False)
    assert Scenario.model_validate(json.loads(text)) == plan.scenario
