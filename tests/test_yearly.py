"""Measures by year: those of the first year and of the end, years without change, saved and loaded, and audited."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from planner.audit import audit, format_report
from planner.compare import compare
from planner.errors import InputError
from planner.plan import BY_YEAR, Plan, load_plan, make_plan
from planner.region import read_norms, read_region
from planner.scenario import read_scenario
from planner.terminal.comparison import comparison
from planner.yearly import COLUMNS, changes
from tests.browser.mapplans import ROOT
from tests.browser.netplans import POINTS
from tests.test_audit import codes, new_project
from tests.test_audit_time import PARCELS, TIME

pytestmark = pytest.mark.solver

NETWORK = """\
extends: _base
title_vi: Mạng lưới
title_en: A network
horizon:
  years: 5
rules:
  points_min: 4
network:
  allowed: true
  hand_over_years: [2027, 2028]
  online_by_year: {2027: 70%, 2028: 95%}
  point_vnd_year: 1 tỷ
  travel: data/travel.csv
"""
STILL = "extends: _base\ntitle_vi: Không đổi\ntitle_en: Still\nhorizon:\n  years: 4\n"
FILE = f"{BY_YEAR}.csv"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a project with centres, a network and a plan that stays as it is; measured roads say 7,777 m in one unit."""
    made = new_project(
        tmp_path_factory.mktemp("yearly") / "project", timed=TIME, network=NETWORK, still=STILL
    )
    geo = made / "data" / "geo"
    (made / "data" / "parcels.csv").write_text(PARCELS, encoding="utf-8")
    (geo / "city_points.csv").write_text(POINTS, encoding="utf-8")
    pairs, sites = (pd.read_csv(geo / f"{name}.csv", dtype=str) for name in ("commune_ward", "sites"))
    mine = pairs[(pairs.ward_code == "00352") & (pairs.population.astype(int) > 0)]
    ways = [
        f"{commune}-00352,{site},7777"
        for commune in mine.commune_code
        for site in sites[sites.ward_code == "00352"].site_id
    ]
    (made / "data" / "travel.csv").write_text("\n".join(["demand_id,point_id,road_m", *ways, ""]), "utf-8")
    for name in ("timed", "network", "still"):
        scenario = read_scenario(name, made)
        region = read_region(scenario.geo_folder, scenario.parcels_file, scenario.travel_file)
        folder = made / "results" / name
        folder.mkdir(parents=True)
        make_plan(scenario, region, read_norms(scenario.norms_folder)).write_tables(folder)
    return made


@pytest.fixture(params=["timed", "network"])
def plan(request: pytest.FixtureRequest, project: Path) -> Plan:
    return load_plan(project / "results" / request.param, project)


def by_measure(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows by unit with the names of measures."""
    return rows.set_index("ward_code").rename(columns={v: k for k, v in COLUMNS.items()}).drop(columns="year")


def years_of(plan: Plan) -> dict[int, pd.DataFrame]:
    return {int(year): by_measure(rows) for year, rows in plan.measures_by_year.groupby("year")}


def saved(plan: Plan, names: list[str]) -> pd.DataFrame:
    """Return measures of measures.csv by unit, "" for the whole city."""
    return plan.measures.pivot(index="ward_code", columns="measure", values="value")[names]


def check_ends(plan: Plan) -> None:
    """Hold the first year against measures.csv, the last against what is told of the end, sums against years.csv."""
    years = list(years_of(plan).values())
    names = list(COLUMNS)
    pd.testing.assert_frame_equal(
        years[0][names].astype(float), saved(plan, names), check_names=False, check_like=True
    )
    for name in ("premises", "premises_released", "surplus_floor"):
        end = saved(plan, [f"{name}_end"])[f"{name}_end"]
        assert (years[-1][name] == end[years[-1].index]).all(), name
    for column, measure in (
        ("premises", "premises"),
        ("released", "premises_released"),
        ("surplus_m2", "surplus_floor"),
    ):
        assert plan.years[column].to_list() == [year[measure][""] for year in years], column
    if len(plan.points):
        for when, year in (("start", years[0]), ("end", years[-1])):
            for kind in ("mean", "max"):
                assert year[f"citizen_travel_{kind}"][""] == plan.city(f"reception_travel_{kind}_{when}")
        ends = plan.ward_measures()["reception_travel_mean_end"]
        assert (years[-1].citizen_travel_mean[ends.index] == ends).all()


def check_years_without_change(plan: Plan) -> int:
    """See that a unit's measures are those of the year before where its seats, sites and ways are; return how many."""
    years, count = years_of(plan), 0
    seats = plan.assignments.set_index(["year", "ward_code"]).sort_index()
    sites = plan.premises.set_index(["year", "ward_code"]).sort_index()
    firsts = sorted(plan.catchments["year"].unique()) if len(plan.catchments) else []
    for year in list(years)[1:]:
        for ward in years[year].index[1:]:
            same = all(
                table.loc[(year, ward), columns].to_numpy().tolist()
                == table.loc[(year - 1, ward), columns].to_numpy().tolist()
                for table, columns in ((seats, ["part", "site_id"]), (sites, ["site_id", "status", "route"]))
            )
            if same and year not in firsts:
                assert (years[year].loc[ward] == years[year - 1].loc[ward]).all(), (year, ward)
                count += 1
    return count


def test_the_first_year_is_measures_csv_and_the_last_is_what_is_told_of_the_end(plan: Plan) -> None:
    check_ends(plan)


def test_where_nothing_changes_the_year_is_that_before(plan: Plan) -> None:
    assert check_years_without_change(plan) >= 10
    first, *_, last = years_of(plan).values()
    assert (first.loc[""] != last.loc[""]).any()


def test_rows_are_years_of_the_city_and_of_every_unit(plan: Plan) -> None:
    table = plan.measures_by_year
    assert table.columns.to_list() == ["year", "ward_code", *COLUMNS.values()]
    horizon = plan.scenario.horizon
    years = range(horizon.start_year, horizon.start_year + horizon.years)
    wanted = [(year, ward) for year in years for ward in ("", *plan.region.wards.index)]
    assert list(zip(table["year"], table["ward_code"], strict=True)) == wanted


def test_ways_are_those_of_the_points_where_people_file(project: Path) -> None:
    plan = load_plan(project / "results" / "network", project)
    assert plan.today is not None
    for one in (plan, plan.today):
        assert one.ward_measures().citizen_travel_mean["00352"] == 7777
        assert one.city("citizen_travel_mean") == one.city("reception_travel_mean_start")
    for year, measures in years_of(plan).items():
        stage = plan.catchments[
            plan.catchments.year == plan.catchments.year[plan.catchments.year <= year].max()
        ]
        for ward, rows in stage.groupby("ward_code"):
            assert measures.citizen_travel_max[ward] == rows.road_m.max()
            people, metres = rows.people.sum(), (rows.people * rows.road_m).sum()
            assert measures.citizen_travel_mean[ward] == (2 * metres + people) // (2 * people)


def test_a_plan_that_stays_as_it_is_has_no_measures_by_year(project: Path) -> None:
    folder = project / "results" / "still"
    assert not (folder / FILE).exists()
    plan = load_plan(folder, project)
    assert len(plan.measures_by_year) == 0
    assert plan.city_by_year() == {}
    assert not changes(plan.assignments, plan.premises, None)
    for name in ("timed", "network"):
        assert (project / "results" / name / FILE).exists()
        assert not (project / "results" / name / "today" / FILE).exists()


def test_a_loaded_plan_saves_the_same_file(plan: Plan, project: Path, tmp_path: Path) -> None:
    plan.write_tables(tmp_path)
    folder = project / "results" / plan.scenario.name
    assert (tmp_path / FILE).read_bytes() == (folder / FILE).read_bytes()


@pytest.fixture
def copied(project: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(project / "results" / "timed", tmp_path / "timed"))


def test_an_older_result_is_read_without_it(project: Path, copied: Path) -> None:
    (copied / FILE).unlink()
    plan = load_plan(copied, project)
    assert plan.city_by_year() == {}
    assert "YEAR BY YEAR" not in comparison(compare([plan]), [plan], None, "en")


@pytest.mark.parametrize("text", ["", "year\n2025\n", "year,ward_code\n"])
def test_a_broken_file_is_named(project: Path, copied: Path, text: str) -> None:
    (copied / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_plan(copied, project)
    assert [problem.code for problem in caught.value.problems] == ["E803"]
    assert FILE in caught.value.problems[0].where


def test_compare_tells_the_years_and_those_alike_in_one_line(plan: Plan) -> None:
    for lang, head in (("en", "YEAR BY YEAR"), ("vi", "TỪNG NĂM")):
        text = comparison(compare([plan]), [plan], None, lang)
        block = text.partition(f"{head}: {plan.scenario.name}")[2].splitlines()
        shown = [line.split() for line in block if re.match(r"\d{4}", line)]
        spans = [line[0] for line in shown]
        covered = [year for span in spans for year in range(int(span[:4]), int(span[-4:]) + 1)]
        assert covered == list(plan.city_by_year())
        for line in shown:
            assert line[1] == str(plan.city_by_year()[int(line[0][:4])]["premises"])


# --- the audit, which counts every year once more ---------------------------------------------------------------


def test_the_audit_agrees(plan: Plan, project: Path) -> None:
    report = audit(project / "results" / plan.scenario.name, root=project, with_search=False)
    assert report.ok, format_report(report)


def edited(folder: Path, edit: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    table = pd.read_csv(folder / FILE, dtype=str, keep_default_na=False)
    edit(table).to_csv(folder / FILE, index=False, lineterminator="\n")


@pytest.mark.parametrize("column", COLUMNS.values())
def test_a_changed_cell_of_a_network_fails(project: Path, tmp_path: Path, column: str) -> None:
    folder = Path(shutil.copytree(project / "results" / "network", tmp_path / "network"))
    where = 6 * 3 + 2

    def one_more(table: pd.DataFrame) -> pd.DataFrame:
        table.loc[where, column] = str(int(table.loc[where, column]) + 1)
        return table

    edited(folder, one_more)
    report = audit(folder, root=project, with_search=False)
    found = [(one.code, one.file, one.row) for one in report.findings]
    assert found == [("E568", FILE, where + 2)]


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (lambda t: t.drop(index=20), "E565"),
        (lambda t: pd.concat([t, t.iloc[[20]]]), "E566"),
        (lambda t: pd.concat([t, t.iloc[[20]].assign(year="2040")]), "E567"),
        (lambda t: t.iloc[::-1], ""),
    ],
    ids=["missing", "twice", "no such year", "any order"],
)
def test_rows_missing_twice_and_too_many_fail(
    project: Path, tmp_path: Path, edit: Callable[[pd.DataFrame], pd.DataFrame], code: str
) -> None:
    folder = Path(shutil.copytree(project / "results" / "network", tmp_path / "network"))
    edited(folder, edit)
    report = audit(folder, root=project, with_search=False)
    assert codes(report) == ({code} if code else set())


def test_a_plan_that_stays_as_it_is_may_not_have_the_file(project: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(project / "results" / "still", tmp_path / "still"))
    shutil.copy(project / "results" / "network" / FILE, folder / FILE)
    assert codes(audit(folder, root=project, with_search=False)) == {"E567"}


# --- Hanoi ------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", ["hanoi-centres", "hanoi-digital", "hanoi-shared"])
def test_hanoi_s_years_are_told_and_recomputed(tmp_path: Path, name: str) -> None:
    scenario = read_scenario(name, ROOT)
    made = make_plan(scenario, read_region(ROOT / "data/geo"), read_norms(ROOT / "data/norms"))
    made.write_tables(tmp_path)
    report = audit(tmp_path, root=ROOT, with_search=False)
    assert report.ok, format_report(report)
    assert (tmp_path / FILE).exists() == (name != "hanoi-shared")
    if name != "hanoi-shared":
        check_ends(made)
        assert check_years_without_change(made) > 0
