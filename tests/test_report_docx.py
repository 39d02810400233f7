"""The annex of a submission: the plan's figures, the paper of Decree 30/2020/NĐ-CP, text of users shown as text."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import docx
import pandas as pd
import pytest

from planner.plan import Plan, load_plan, make_plan
from planner.region import read_norms, read_region
from planner.report.annex import write_annex
from planner.report.clauses import ANNEX, Clauses
from planner.report.words import TEXT
from planner.scenario import read_scenario
from planner.tabulate import ON_CENTRE
from planner.wording import number

HERE = Path(__file__).parent
SOFFICE = shutil.which("soffice")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MILLION = 10**6
CENTRES = """
extends: hanoi-centres
rules: {centres_min: 3, centres_min_phuong: null, relocations_max: 2, surplus_min: {2030: 1}}
centres: {allowed: true, parcels: data/parcels.csv}
budget: {yearly_vnd: 200 tỷ, by_year_vnd: {2026: 100 tỷ}, carry_over: true}
"""


def _helpers() -> ModuleType:
    """Return test_report.py, which makes plans out of random numbers."""
    spec = importlib.util.spec_from_file_location("report_plans", HERE / "test_report.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Annex:
    """An annex read back: paragraphs, and tables as lists of rows without repeats of merged cells."""

    def __init__(self, path: Path) -> None:
        self.document = docx.Document(str(path))
        self.paragraphs = [paragraph.text for paragraph in self.document.paragraphs]
        self.text = "\n".join(self.paragraphs)
        self.tables = [[list(_texts(row)) for row in table._tbl.tr_lst] for table in self.document.tables]

    def table(self, key: str, lang: int = 0) -> list[list[str]]:
        """Return the table whose heading has a column."""
        label = (ANNEX | TEXT)[key][lang].split("{")[0].strip()
        return next(table for table in self.tables if any(cell.startswith(label) for cell in table[0]))

    def rows(self, key: str, lang: int = 0) -> list[list[str]]:
        """Return the rows of a table of units, the unit's name in every one; no districts, no total."""
        found: list[list[str]] = []
        for row in self.table(key, lang)[1:]:
            if len(row) > 1 and (row[0] or not row[1]):
                found.append(row if row[0] else [*found[-1][:2], *row[2:]])
        return found


def _texts(row: Any) -> Iterator[str]:
    for cell in row.tc_lst:
        yield "".join(text.text or "" for text in cell.iter(f"{W}t"))


def annex(plan: Plan, folder: Path, lang: str = "vi") -> Annex:
    write_annex(plan, folder / "annex.docx", lang)
    return Annex(folder / "annex.docx")


def label(key: str, **values: object) -> str:
    return ANNEX[key][0].format(**values)


@cache
def solved(folder: Path, text: str) -> Plan:
    (folder / "scenarios" / "case.yaml").write_text(text, encoding="utf-8")
    shutil.copy(HERE / "data" / "region5" / "parcels.csv", folder / "data" / "parcels.csv")
    scenario = read_scenario("case", folder)
    region = read_region(scenario.geo_folder, scenario.parcels_file)
    return make_plan(scenario, region, read_norms(scenario.norms_folder))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("annex")
    shutil.copytree(HERE / "data" / "region5", made / "data" / "geo")
    shutil.copytree(HERE.parent / "data" / "norms", made / "data" / "norms")
    shutil.copytree(HERE.parent / "scenarios", made / "scenarios")
    return made


@pytest.fixture(scope="module")
def centres(folder: Path) -> Plan:
    """Return a solved plan with centres, budgets and releases over ten years."""
    return solved(folder, CENTRES)


@pytest.fixture(scope="module")
def one(folder: Path) -> Plan:
    """Return a solved plan in which nothing changes over the years."""
    return solved(folder, "extends: hanoi-2025\n")


# --- content equals the plan ---------------------------------------------------------------------------------------


@pytest.mark.solver
def test_years_are_those_of_the_plan(centres: Plan, tmp_path: Path) -> None:
    table = annex(centres, tmp_path).table("col.budget")
    for row, (_, year) in zip(table[1:-1], centres.years.iterrows(), strict=True):
        cells = dict(zip(table[0], row, strict=True))
        assert row[0] == str(year["year"])
        for key in ("capital", "recurrent", "income"):
            vnd = year[f"{key}_vnd"] * (-1 if key == "income" else 1)
            assert cells[label(f"col.{key}")] == (number(vnd / MILLION) if vnd else "–")
        for key in ("premises", "released", "building", "opened"):
            assert cells[label(f"col.{key}")] == str(year[key])
        budget = year["budget_vnd"]
        assert cells[label("col.budget")] == ("–" if budget in ("", None) else number(int(budget) / MILLION))
    total = dict(zip(table[0], table[-1], strict=True))
    assert total[label("col.capital")] == number(int(centres.years["capital_vnd"].sum()) / MILLION)
    assert total[label("col.opened")] == str(int(centres.city("centres")))


@pytest.mark.solver
def test_centres_and_their_capital(centres: Plan, tmp_path: Path) -> None:
    read = annex(centres, tmp_path)
    rows = {row[1]: row for row in read.rows("col.start")}
    heads = read.table("col.start")[0]
    built = centres.premises[centres.premises["kind"] == "joint_centre"]
    assert built["ward_code"].nunique() == len(rows) >= 3
    costs = centres.costs[(centres.costs["heading"] == "capital") & (centres.costs["year"] > 2025)]
    for ward, own in built.groupby("ward_code"):
        name = (
            f"{centres.region.wards.loc[ward, 'type'].capitalize()} {centres.region.wards.loc[ward, 'name']}"
        )
        row = dict(zip(heads, rows[name], strict=True))
        opens = own.loc[own["status"] == "in_use", "year"].min()
        assert row[label("col.start")] == str(own["year"].min())
        assert row[label("col.opens")] == str(opens)
        assert row[label("col.centre_floor")] == number(int(own["floor_area_m2"].iloc[0]))
        by_year = costs[costs["ward_code"] == ward].groupby("year")["vnd"].sum()
        assert row[label("col.sum")] == number(int(by_year.sum()) / MILLION)
        for year, vnd in by_year.items():
            assert row[label("col.capital_of", year=year)] == number(int(vnd) / MILLION)
        location = own["location"].iloc[0]
        names = pd.concat([centres.region.sites["name"], centres.region.parcels["name"]])
        assert row[label("col.place")].startswith(names[location])


@pytest.mark.solver
@pytest.mark.parametrize("which", ["centres", "one"])
def test_every_part_is_where_the_plan_has_it(
    which: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    plan: Plan = request.getfixturevalue(which)
    rows = annex(plan, tmp_path).rows("col.bodies")
    words = Clauses("vi")
    changes = which == "centres"
    assert all(len(row) == 4 + changes for row in rows)
    for ward, ward_row in plan.region.wards.iterrows():
        own = [row for row in rows if row[1].split(" ", 1)[1] == ward_row["name"]]
        for year in (2025, int(plan.years["year"].max())):
            seats = plan.assignments[
                (plan.assignments["ward_code"] == ward) & (plan.assignments["year"] == year)
            ]
            now = [row for row in own if not changes or _covers(row[4], year)]
            assert len(now) == seats["site_id"].nunique()
            for body, sites in seats.groupby("body")["site_id"]:
                if sites.nunique() > 1:
                    continue
                site = sites.iloc[0]
                (place,) = [
                    row[2]
                    for row in now
                    if words.of("body", body) in row[3].split("; ") or row[3] == label("annex.everybody")
                ]
                if site.startswith("centre-"):
                    assert place.startswith(ANNEX["annex.centre_at"][0].split(",")[0])
                else:
                    assert place.startswith(plan.region.sites.loc[site, "name"])


def _covers(when: str, year: int) -> bool:
    first, last = (re.findall(r"\d{4}", when) * 2)[:2]
    return int(first) <= year and (when.startswith("từ") or year <= int(last))


@pytest.mark.solver
def test_premises_given_up(centres: Plan, tmp_path: Path) -> None:
    read = annex(centres, tmp_path)
    rows = read.rows("col.from")
    gone = centres.premises[
        (centres.premises["status"] == "released") & (centres.premises["route"] != ON_CENTRE)
    ]
    first = gone.groupby("site_id")["year"].min()
    assert len(rows) == len(first) == int(centres.years["released"].iloc[-1])
    heads = read.table("col.from")[0]
    years, routes = ([row[heads.index(label(key))] for row in rows] for key in ("col.from", "col.route"))
    assert sorted(years) == sorted(map(str, first))
    words = Clauses("vi")
    kept = gone.drop_duplicates("site_id")["route"]
    assert sorted(routes) == sorted(words.of("route", route) for route in kept)
    assert not {word for word in routes if word.isascii() and word.islower()}, "routes have words"
    total = read.table("col.from")[-1]
    assert total[3] == number(int(gone.drop_duplicates("site_id")["floor_area_m2"].sum()))
    assert {row[4] for row in rows} == {TEXT["basis.estimated"][0]}


@pytest.mark.solver
def test_cost_by_unit(centres: Plan, tmp_path: Path) -> None:
    read = annex(centres, tmp_path)
    heads = read.table("col.capital_all")[0]
    values = centres.ward_measures()
    assert centres.today is not None
    today = centres.today.ward_measures()
    for row in read.rows("col.capital_all"):
        ward = centres.region.wards.index[centres.region.wards["name"] == row[1].split(" ", 1)[1]][0]
        cells = dict(zip(heads, row, strict=True))
        for key, vnd in (
            ("col.capital_all", values.loc[ward, "cost_capital"]),
            ("col.income_all", -values.loc[ward, "income"]),
            ("col.present", values.loc[ward, "net_present_cost"]),
            ("col.present_today", today.loc[ward, "net_present_cost"]),
        ):
            assert cells[label(key)] == (number(vnd / MILLION) if vnd else "–"), key
        recurrent = cells[label("col.recurrent_first", year=2025)]
        assert recurrent == number(values.loc[ward, "cost_recurrent_year"] / MILLION)
    total = dict(zip(heads, read.table("col.capital_all")[-1], strict=True))
    assert total[label("col.present")] == number(centres.facts["objective_vnd"] / MILLION)


@pytest.mark.solver
def test_summary_and_assumptions(centres: Plan, tmp_path: Path) -> None:
    assert centres.today is not None
    read = annex(centres, tmp_path)
    plan, today = (one.facts["objective_vnd"] / 10**9 for one in (centres, centres.today))
    assert number(plan, "vi", 1) in read.text
    assert number(today, "vi", 1) in read.text
    assert "0,0%" in read.text
    assert "ước tính" in read.text
    (row,) = [row for row in read.table("measure") if row[0].startswith("Hiện giá")]
    assert row[2:4] == [number(today, "vi", 1), number(plan, "vi", 1)]
    rules = read.table("col.rule")
    (row,) = [row for row in rules if row[0] == label("rule.centres")]
    assert row[2:] == [label("annex.at_least", value=3), str(int(centres.city("centres")))]
    settings = read.table("col.assumption")
    (row,) = [row for row in settings if row[1] == centres.norms.settings.loc["horizon.years", "vi"]]
    assert row[2] == "10"
    assert "đổi trong kịch bản" in row[5]
    assert {row[4] for row in settings[1:]} <= {value[0] for key, value in TEXT.items() if "status." in key}
    assert not {row[3] for row in settings[1:]} & {
        "storeys",
        "posts",
        "VND a year",
        "m2",
        "premises per unit",
    }


@pytest.mark.solver
def test_plan_without_centres_is_shorter(one: Plan, tmp_path: Path) -> None:
    read = annex(one, tmp_path)
    assert label("part.centres") not in read.text
    assert label("col.building") not in read.table("col.premises")[0]
    assert label("col.budget") not in read.table("col.premises")[0]
    heads = [text for text in read.paragraphs if re.match("[IVX]+[.] ", text)]
    assert [head.split(".")[0] for head in heads] == ["I", "II", "III", "IV", "V", "VI"]
    assert label("say.unchanged", years="2025–2029") in read.paragraphs


@pytest.mark.solver
def test_units_stand_under_their_district(one: Plan, tmp_path: Path) -> None:
    table = annex(one, tmp_path).table("col.bodies")
    shown: list[str] = [row[0] if len(row) == 1 else row[1] for row in table[1:] if len(row) == 1 or row[1]]
    assert shown == [
        "Huyện Thường Tín (cũ)", "Xã Hồng Vân", "Quận Hoàng Mai (cũ)", "Phường Định Công", "Phường Lĩnh Nam",
        "Quận Thanh Xuân (cũ)", "Phường Phương Liệt", "Phường Thanh Xuân",
    ]  # fmt: skip


@pytest.mark.solver
def test_premises_of_another_unit_are_named_so(one: Plan, tmp_path: Path) -> None:
    seats = one.assignments.copy()
    wards = one.region.wards
    guest, owner = wards.index[wards["name"] == "Lĩnh Nam"][0], wards.index[wards["name"] == "Định Công"][0]
    shared = one.region.sites.index[one.region.sites["ward_code"] == owner][0]
    seats.loc[(seats["ward_code"] == guest) & (seats["body"] == "party"), "site_id"] = shared
    read = annex(replace(one, assignments=seats), tmp_path)
    places = [row[2] for row in read.rows("col.bodies") if row[1] == "Phường Lĩnh Nam"]
    name = one.region.sites.loc[shared, "name"]
    assert [place for place in places if place.startswith(name) and place.endswith("(thuộc Định Công)")]


@pytest.mark.solver
def test_parts_apart_are_named_as_parts(one: Plan, tmp_path: Path) -> None:
    seats = one.assignments.copy()
    ward = one.region.wards.index[one.region.wards["name"] == "Lĩnh Nam"][0]
    office = (seats["ward_code"] == ward) & (seats["part"] == "office")
    committee = (seats["ward_code"] == ward) & (seats["body"] == "council_committee") & ~office
    own = one.region.sites.index[one.region.sites["ward_code"] == ward]
    seats.loc[committee, "site_id"], seats.loc[office, "site_id"] = own[0], own[1]
    rows = annex(replace(one, assignments=seats), tmp_path).rows("col.bodies")
    bodies = [row[3].split("; ") for row in rows if row[1] == "Phường Lĩnh Nam"]
    names = one.norms.parts["vi"]
    apart = {
        part: [n for n, shown in enumerate(bodies) if names[part] in shown] for part in ("office", "economy")
    }
    assert [len(found) for found in apart.values()] == [1, 1]
    assert apart["office"] != apart["economy"]
    assert not any(TEXT["body.council_committee"][0] in shown for shown in bodies)


@pytest.mark.solver
def test_a_saved_plan_gives_the_same_annex(centres: Plan, folder: Path, tmp_path: Path) -> None:
    result = tmp_path / "result"
    result.mkdir()
    centres.write_tables(result)
    write_annex(centres, tmp_path / "a")
    write_annex(load_plan(result, folder), tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_without_today_nothing_is_compared(tmp_path: Path, lang: str) -> None:
    place = ("vi", "en").index(lang)
    plan = _helpers().make(today=False)
    read = annex(plan, tmp_path, lang)
    labels = {cell for table in read.tables for row in table for cell in row}
    assert not labels & {
        pair[place]
        for pair in (TEXT["today"], TEXT["difference"], ANNEX["col.present_today"], ANNEX["col.used_today"])
    }
    assert number(plan.facts["objective_vnd"] / 10**9, lang, 1) in read.text  # type: ignore[arg-type]
    assert read.paragraphs[0] == ANNEX["annex.number"][place]
    assert ANNEX["annex.attached"][place] in read.paragraphs
    other = ANNEX["part.summary"][1 - place]
    assert other not in read.text


# --- the paper -----------------------------------------------------------------------------------------------------


@pytest.mark.solver
def test_paper_margins_and_page_numbers(centres: Plan, tmp_path: Path) -> None:
    document = annex(centres, tmp_path).document
    upright = [section.page_width < section.page_height for section in document.sections]
    assert upright == [True, False, True, False]
    for section in document.sections:
        size = {round(section.page_width.mm), round(section.page_height.mm)}
        assert size == {210, 297}
        assert (section.orientation == 0) == (section.page_width < section.page_height)
        margins = [section.top_margin, section.bottom_margin, section.left_margin, section.right_margin]
        assert [round(margin.mm) for margin in margins] == [20, 20, 30, 15]
    assert [section.different_first_page_header_footer for section in document.sections] == [
        True, False, False, False,
    ]  # fmt: skip
    first = document.sections[0]
    assert "PAGE" in first.header._element.xml
    assert first.header.paragraphs[0].style.name.lower() == "header"
    assert all(section.header.is_linked_to_previous for section in list(document.sections)[1:])
    assert [len(section._sectPr.findall(f"{W}pgNumType")) for section in document.sections] == [1, 0, 0, 0]


@pytest.mark.solver
def test_styles_follow_the_decree(centres: Plan, tmp_path: Path) -> None:
    document = annex(centres, tmp_path).document
    fonts = set(re.findall(r'w:ascii="([^"]+)"', document.styles.element.xml))
    assert fonts == {"Times New Roman"}
    assert "w:color" not in document.styles.element.xml
    sizes = {style.name: style.font.size.pt for style in document.styles if style.font.size}
    assert sizes["Title"] == sizes["Annex Number"] == 14
    assert 13 <= sizes["Header" if "Header" in sizes else "header"] <= 14
    body = document.styles["Body Text"].paragraph_format
    assert 9.9 < body.first_line_indent.mm < 12.8
    assert body.space_after.pt >= 6
    assert 1 <= body.line_spacing <= 1.5
    assert body.alignment == 3, "justified"
    assert document.styles["Subtitle"].font.italic


@pytest.mark.solver
def test_rows_stay_whole_and_headings_repeat(centres: Plan, tmp_path: Path) -> None:
    document = annex(centres, tmp_path).document
    for table in document.tables:
        rows = table._tbl.tr_lst
        heads = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows]
        assert heads == [True] + [False] * (len(rows) - 1)
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        widths = [int(column.get(f"{W}w")) for column in table._tbl.tblGrid]
        assert sum(widths) <= 252 / 25.4 * 1440 + len(widths)
        for row in rows:
            spans = [
                int(cell.tcPr.gridSpan.val) if cell.tcPr.gridSpan is not None else 1 for cell in row.tc_lst
            ]
            assert sum(spans) == len(widths)
    for row in document.tables[0]._tbl.tr_lst[1:]:
        assert [cell.p_lst[0].alignment for cell in row.tc_lst[2:]] == [2] * (len(row.tc_lst) - 2), "right"


def test_same_plan_same_bytes_and_nothing_else_in_the_file(tmp_path: Path) -> None:
    plan = _helpers().make()
    for name in ("a", "b"):
        write_annex(plan, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    with zipfile.ZipFile(tmp_path / "a") as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        names = file.namelist()
        relations = "".join(file.read(name).decode() for name in names if name.endswith(".rels"))
    assert not [name for name in names if re.search("thumbnail|customXml|vba|media|stylesWith", name)]
    assert "External" not in relations
    properties = docx.Document(str(tmp_path / "a")).core_properties
    assert properties.created == properties.modified
    assert properties.created.year == 2025


# --- hostile text --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_hostile_text_is_shown_as_text(tmp_path: Path, lang: str) -> None:
    helpers = _helpers()
    plan = helpers.make(hostile=True)
    sites = plan.region.sites.copy()
    sites["address"] = [helpers.HOSTILE[n % len(helpers.HOSTILE)] for n in range(len(sites))]
    plan = replace(plan, region=replace(plan.region, sites=sites))
    read = annex(plan, tmp_path, lang)
    cells = [cell for table in read.tables for row in table for cell in row]
    assert any('<script>alert("x")</script>&amp;' in cell for cell in cells)
    assert any("_x0041_" in cell for cell in cells)
    assert max(map(len, cells)) <= 200
    assert any(cell.endswith("x…") for cell in cells)
    text = "".join(cells) + read.text
    assert not helpers.BIDI.search(text)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\ufffe\ud800-\udfff]", text)
    with zipfile.ZipFile(tmp_path / "annex.docx") as file:
        document = file.read("word/document.xml").decode()
    tags = set(re.findall(r"<(?:w:)?([A-Za-z]+)[ />]", document))
    assert not tags & {"script", "hyperlink", "object", "drawing", "pict", "instrText"}


@pytest.mark.skipif(SOFFICE is None, reason="soffice (LibreOffice) is not installed")
@pytest.mark.slow
def test_another_program_opens_it(tmp_path: Path) -> None:
    write_annex(_helpers().make(hostile=True), tmp_path / "annex.docx")
    home = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    done = subprocess.run(
        [str(SOFFICE), home, "--headless", "--convert-to", "txt:Text", "--outdir", str(tmp_path), "annex.docx"],
        cwd=tmp_path, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    if "could not be loaded" in done.stderr:
        pytest.skip("LibreOffice is here without its writer")
    assert ANNEX["part.costs"][0] in (tmp_path / "annex.txt").read_text(encoding="utf-8", errors="replace")


def test_the_library_is_loaded_only_when_asked_for() -> None:
    code = "import sys, cli, planner.report, planner.report.html; print('docx' in sys.modules, 'lxml' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=HERE.parent)
    assert done.stdout.split() == ["False", "False"], done.stderr


def test_every_clause_is_used_in_both_languages(root: Path) -> None:
    source = "".join(
        path.read_text(encoding="utf-8") for path in sorted((root / "planner" / "report").glob("*.py"))
    )
    for key, (vi, en) in ANNEX.items():
        family, _, rest = key.partition(".")
        built = family in ("route", "rule", "measured", "part", "row", "col", "in")
        assert built or f'"{key}"' in source.replace(f'"{key}": (', ""), key
        assert vi.strip() or en.strip(), rest
        assert set(re.findall(r"{\w+}", vi)) == set(re.findall(r"{\w+}", en)), key
