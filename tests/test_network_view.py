"""The reception network in the workbook, report, annex, layers and terminal: what they say is what the tables say."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pyogrio
import pytest

import cli
from planner.catchments import hand_overs, stages, ways, worst
from planner.compare import compare, differences, steps
from planner.errors import InputError
from planner.explain import explain
from planner.frontier import frontier
from planner.layers import write_layers
from planner.maps import render_map
from planner.prices import SENTENCES, price_sentences
from planner.report import write_workbook
from planner.report.annex import write_annex
from planner.report.clauses import Clauses
from planner.report.figures import Figures
from planner.report.html import write_report_html
from planner.report.served import Names
from planner.report.words import Words
from planner.terminal.comparison import comparison
from planner.terminal.explanation import explanation
from planner.terminal.summary import summary
from planner.terminal.words import WORDS
from planner.wording import Lang, in_language, number
from tests.browser.netplans import POINTS, small, without

LANGS: tuple[Lang, ...] = ("vi", "en")


def sheet_of(path: Path, lang: Lang, key: str) -> list[tuple[object, ...]]:
    """Return the rows of a sheet below its heading."""
    book = openpyxl.load_workbook(path, data_only=True)
    return list(book[Words(lang)(f"sheet.{key}")].iter_rows(min_row=6, values_only=True))


def test_stages_are_the_measures_of_the_plan() -> None:
    plan = small()
    first, last = stages(plan)[0], stages(plan)[-1]
    for end, stage in (("start", first), ("end", last)):
        assert plan.city(f"reception_travel_mean_{end}") == stage.mean_m
        assert plan.city(f"reception_travel_max_{end}") == stage.max_m
        assert plan.city(f"within_15_{end}") == stage.within_15
        assert plan.city(f"within_30_{end}") == stage.within_30
    assert plan.city("points_open_end") == last.points
    assert plan.city("counters_end") == last.counters
    assert plan.city("points_handed_over") == len(hand_overs(plan))
    for one in hand_overs(plan):
        assert one.people == sum(people for _, people in one.served)


@pytest.mark.parametrize("lang", LANGS)
def test_the_sheets_hold_the_tables(lang: Lang, tmp_path: Path) -> None:
    plan = small()
    write_workbook(plan, tmp_path / "costs.xlsx", lang)
    words, names = Words(lang), Names(Figures(plan, Words(lang)))
    told = {(row[2], row[4]): row for row in sheet_of(tmp_path / "costs.xlsx", lang, "points") if row[0]}
    spans = {one.year: f"{one.year}–{one.last}".replace(f"{one.last}–{one.last}", "") for one in stages(plan)}
    spans = {one.year: str(one.year) if one.year == one.last else spans[one.year] for one in stages(plan)}
    assert len(told) == len(plan.points)
    for row in plan.points.itertuples():
        cells = told[names.point(str(row.point_id)), spans[row.year]]
        assert cells[7:12] == (
            row.counters, row.counters_needed, row.load_files, row.people, row.capacity_files,
        )  # fmt: skip
        assert cells[12] == pytest.approx(row.load_files / row.capacity_files)
        gone = row.status in ("handed_over", "closed")
        assert (cells[5] == words(f"point.{row.status}")) or (not gone and row.people == 0)
    first, last = (one.year for one in (stages(plan)[0], stages(plan)[-1]))
    before = {way.demand_id: way for way in ways(plan, first)}
    wanted = sorted(
        (way.ward, way.people, names.point(before[way.demand_id].point), names.point(way.point),
         before[way.demand_id].road_m, way.road_m, way.road_m - before[way.demand_id].road_m,
         before[way.demand_id].minutes, way.minutes)
        for way in ways(plan, last)
    )  # fmt: skip
    rows = [row for row in sheet_of(tmp_path / "costs.xlsx", lang, "catchments") if row[0]]
    assert sorted((row[0], *row[3:11]) for row in rows) == wanted


@pytest.mark.parametrize("lang", LANGS)
def test_the_summary_tells_stages_and_the_worst_served(lang: Lang, tmp_path: Path) -> None:
    plan = small()
    write_workbook(plan, tmp_path / "costs.xlsx", lang)
    rows = sheet_of(tmp_path / "costs.xlsx", lang, "summary")
    top = next(n for n, row in enumerate(rows) if row[0] == Words(lang)("block.network"))
    assert plan.today is not None
    for row, stage in zip(rows[top + 2 :], [*stages(plan.today), *stages(plan)], strict=False):
        assert row[1:5] == (stage.points, stage.counters, stage.mean_m, stage.within_15)
    head = top + 2 + 1 + len(stages(plan))
    for row, way in zip(rows[head + 1 :], worst(plan, stages(plan)[-1].year), strict=False):
        assert row[2:5] == (way.people, way.road_m, way.minutes)
        assert str(plan.region.communes.loc[way.commune, "name"]) in str(row[0])


def test_a_plan_without_a_network_has_none_of_it(tmp_path: Path) -> None:
    write_workbook(without(), tmp_path / "costs.xlsx")
    assert Words("vi")("sheet.points") not in openpyxl.load_workbook(tmp_path / "costs.xlsx").sheetnames
    page = render_map(without())
    assert "plannerNetwork = kit" not in page
    assert "np-ward" not in page


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    plan = small(hostile=True)
    write_workbook(plan, tmp_path / "costs.xlsx")
    book = openpyxl.load_workbook(tmp_path / "costs.xlsx")
    for key in ("points", "catchments"):
        for row in book[Words("vi")(f"sheet.{key}")].iter_rows(min_row=6):
            for cell in row:
                assert cell.data_type != "f" or not str(cell.value).startswith("=HYPERLINK")
                assert cell.hyperlink is None
    write_report_html(plan, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page.lower()
    assert "<img" not in page.lower()
    write_annex(plan, tmp_path / "annex.docx")
    write_layers(plan, tmp_path / "plan.gpkg")


@pytest.mark.parametrize("lang", LANGS)
def test_report_and_annex_name_the_points_that_close(lang: Lang, tmp_path: Path) -> None:
    plan = small()
    write_report_html(plan, tmp_path / "report.html", lang)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert '<section id="points">' in page
    assert '<section id="catchments">' in page
    write_annex(plan, tmp_path / "annex.docx", lang)
    words = Clauses(lang)
    text = "\n".join(one.text for one in docx.Document(str(tmp_path / "annex.docx")).paragraphs)
    assert words("part.reception") in text
    tables = docx.Document(str(tmp_path / "annex.docx")).tables
    handed = next(t for t in tables if words("col.served") in [cell.text for cell in t.rows[0].cells])
    said = " ".join(cell.text for row in handed.rows for cell in row.cells)
    for one in hand_overs(plan):
        assert str(plan.region.wards.loc[one.ward, "name"]) in said
        assert number(one.people, lang) in said


def test_layers_of_the_network(tmp_path: Path) -> None:
    plan = small()
    write_layers(plan, tmp_path / "plan.gpkg")
    layers = {str(name) for name, _ in pyogrio.list_layers(tmp_path / "plan.gpkg")}
    assert {"points", "catchments"} <= layers
    for name, table in (("points", plan.points), ("catchments", plan.catchments)):
        assert pyogrio.read_info(tmp_path / "plan.gpkg", layer=name)["features"] == len(table)
    write_layers(without(), tmp_path / "other.gpkg")
    assert "points" not in {str(name) for name, _ in pyogrio.list_layers(tmp_path / "other.gpkg")}


@pytest.mark.parametrize("lang", LANGS)
def test_the_terminal_says_the_network(lang: Lang) -> None:
    plan = small()
    text = summary(plan, None, None, lang)
    first, last = stages(plan)[1], stages(plan)[-1]
    assert str(first.points) in text
    assert str(plan.region.communes.loc[worst(plan, last.year)[0].commune, "name"]) in text
    for sentence in price_sentences(plan.facts["limits"], lang):
        assert sentence in text
    found = compare([plan, without()])
    table = comparison(found, [plan], None, lang)
    assert WORDS["points_open_end"][lang == "vi"] in table
    assert "–" in table  # of the plan without a network
    one = hand_overs(plan)[0]
    said = explanation(plan, explain(plan, one.ward), lang)
    assert str(one.year) in said
    assert number(one.before_m, lang) in said
    kept = next(w for w in plan.region.wards.index if w != one.ward)
    assert WORDS["point_stays"][lang == "vi"][:10] in explanation(plan, explain(plan, kept), lang)


def test_handing_over_is_a_step() -> None:
    plan = small()
    table = steps(plan)
    told = table[table.action == "hand_over"]
    assert set(zip(told.ward_code, told.year, strict=True)) == {
        (one.ward, one.year) for one in hand_overs(plan)
    }
    assert (told.vnd > 0).all()
    assert plan.today is not None
    assert "hand_over" in set(differences(plan, replace(plan.today, today=None)).action)


def test_prices_of_both_rules_are_sentences() -> None:
    limits = [
        {"name": "points_2027", "year": 2027, "limit": -4, "used": -4, "price": 3e9},
        {"name": "within_2027", "year": 2027, "limit": -100_000, "used": -100_000, "price": 2e6},
    ]
    assert price_sentences(limits, "en") == [
        "One reception point fewer required from 2027 on saves 3 billion VND.",
        "1,000 people fewer required within the minutes from 2027 on saves 2 billion VND.",
    ]
    assert all("năm 2027" in text for text in price_sentences(limits, "vi"))
    assert {"points", "within"} <= set(SENTENCES)


def test_frontier_and_alternatives_refuse() -> None:
    plan = small()
    with pytest.raises(InputError) as caught:
        frontier(plan.scenario, plan.region, plan.norms, "access")
    assert [one.code for one in caught.value.problems] == ["E812"]
    told = in_language(caught.value.problems[0], "vi")
    assert "chưa có" in told.what
    assert "Hãy" in told.fix


def test_sweeps_plan_every_point_anew(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "data/geo/city_points.csv").write_text(POINTS, encoding="utf-8")
    text = "extends: hanoi-2025\nhorizon:\n  years: 5\nnetwork:\n  allowed: true\n  hand_over_years: [2027]\n"
    (project / "scenarios/net.yaml").write_text(text, encoding="utf-8")
    assert cli.main(["sweep", "net", "--over", "rules.points_min=2..6/2", "-q", "--json"]) == 0
    plans = json.loads(capsys.readouterr().out)["plans"]
    costs = [row["objective_vnd"] for row in plans]
    assert costs == sorted(costs)
    assert [row["values"]["rules.points_min"] for row in plans] == [2, 4, 6]


def test_two_renderings_are_the_same_bytes() -> None:
    assert render_map(small(), "en") == render_map(small(), "en")
    assert len(render_map(small())) < 500_000
