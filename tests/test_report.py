"""The workbook: numbers agree with the plan, totals are formulas, text of users stays text."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import time
import unicodedata
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from planner.costs import HEADING
from planner.plan import BODIES, Plan, load_plan, make_plan
from planner.region import Norms, Region, read_norms, read_region
from planner.report import SHEETS, TODAY_SHEETS, write_workbook
from planner.report.cells import clean, number_of
from planner.report.words import TEXT, UNITS_VI
from planner.scenario import Scenario, read_scenario
from planner.tabulate import years as year_table
from planner.wording import collation_key

ROOT = Path(__file__).parents[1]
REGION5 = ROOT / "tests" / "data" / "region5"
SOFFICE = shutil.which("soffice")
VI = {key: TEXT[f"sheet.{key}"][0] for key in SHEETS}
HOSTILE = (
    '=HYPERLINK("http://evil.example","x")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\t=1+1",
    "\r\n=1+1",
    '<script>alert("x")</script>&amp;',
    "http://evil.example/?a=1",
    "mailto:a@evil.example",
    "[0] & %D &L&G {{ 7*7 }}",
    "bad\x00\x01\x1f\ufffe\ud800end",
    "\u202eright to left",
    "_x0041_",
    "＝1+1",
    "x" * 40000,
    "nan",
    "1e5",
    "  =1+1",
    "Đơn vị ‘thử’ “nghiệm”",
)
WITH_CENTRES = ("capital", "limits", "points", "catchments")
"""Sheets of plans that build centres, have city-wide rules or a reception network: none of those made here."""
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


def _norm_scenario(name: str = "hanoi-2025") -> Scenario:
    return read_scenario(name, ROOT)


def _measure_rows(ward: str, rng: random.Random, premises: int) -> list[tuple[str, str, str, float]]:
    names = [key.removeprefix("measure.") for key in TEXT if key.startswith("measure.")]
    rows = [
        (ward, name, "x", rng.randrange(10, 9000)) for name in names if not name.startswith(("cost", "net"))
    ]
    return [(w, m, u, premises if m == "premises" else v) for w, m, u, v in rows]


def _one_plan(region: Region, norms: Norms, scenario: Scenario, rng: random.Random, basis: str) -> Plan:
    """Return a plan with random numbers but tables of the right shape that agree with each other."""
    start = scenario.horizon.start_year
    years = range(start, start + scenario.horizon.years)
    rate = scenario.horizon.discount_rate
    seats, places, costs, measures = [], [], [], []
    for ward, row in region.wards.iterrows():
        own = region.sites[region.sites["ward_code"] == ward]
        used = rng.sample(list(own.index), min(len(own), rng.choice([1, 2, 3])))
        for part, body in norms.parts.loc[norms.parts["extra"] == 0, "body"].items():
            site, tight = rng.choice(used), rng.randrange(50, 600)
            norm = tight + rng.randrange(300)
            seats += [(ward, row["name"], y, body, part, site, tight, norm, basis) for y in years]
        sitting = {one[5] for one in seats if one[0] == ward}
        for site in own.index:
            status = "in_use" if site in sitting else "released"
            floor, hall, kind = own.loc[site, ["floor_area_m2", "hall_seats", "kind"]]
            route = "" if status == "in_use" else "lease"
            places += [(site, ward, kind, y, status, route, floor, hall, "") for y in years]
        for item, heading in HEADING.items():
            if rng.random() < 0.2:
                continue
            vnd = rng.randrange(1_000_000, 9_000_000_000) * (-1 if heading == "income" else 1)
            when = [start] if heading == "capital" else years
            costs += [(ward, y, item, heading, vnd) for y in when]
        measures += _measure_rows(str(ward), rng, len(sitting))
    total = sum(value for _, measure, _, value in measures if measure == "premises")
    measures += _measure_rows("", rng, int(total))
    cost_table = pd.DataFrame(costs, columns=["ward_code", "year", "item", "heading", "vnd"])
    factors = {y: int(10**6 / (1 + rate) ** (y - start) + 0.5) for y in years}
    weighted = sum(
        int(vnd) * factors[y] for y, vnd in zip(cost_table["year"], cost_table["vnd"], strict=True)
    )
    places_table = pd.DataFrame(
        places,
        columns=[
            *("site_id", "ward_code", "kind", "year", "status", "route"),
            *("floor_area_m2", "hall_seats", "location"),
        ],
    )
    return Plan(
        scenario=scenario,
        region=region,
        norms=norms,
        assignments=pd.DataFrame(
            seats,
            columns=[
                *("ward_code", "ward_name", "year", "body", "part", "site_id"),
                *("tight_fit_m2", "norm_m2", "basis"),
            ],
        ),
        premises=places_table,
        costs=cost_table,
        years=year_table(scenario, places_table, cost_table),
        measures=pd.DataFrame(measures, columns=["ward_code", "measure", "unit", "value"]),
        facts={
            "scenario": scenario.name,
            "status": "optimal",
            "objective_vnd": (weighted * 2 + 10**6) // (2 * 10**6),
            "gap": 0.0,
            "surveyed_share": 0.0,
        },
    )


def make(
    folder: Path = REGION5, *, today: bool = True, hostile: bool = False, scenario: Scenario | None = None
) -> Plan:
    scenario = scenario or _norm_scenario()
    region, norms = read_region(folder), read_norms(ROOT / "data" / "norms")
    if hostile:
        region, norms, scenario = _with_hostile_text(region, norms, scenario)
    rng = random.Random(7)
    plan = _one_plan(region, norms, scenario, rng, "modelled")
    return replace(plan, today=_one_plan(region, norms, scenario, rng, "known")) if today else plan


def _with_hostile_text(region: Region, norms: Norms, scenario: Scenario) -> tuple[Region, Norms, Scenario]:
    """Put a hostile text into every text cell that is not a key, a code or a choice."""
    turn = 0

    def poison(table: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
        nonlocal turn
        table = table.copy()
        for column in columns:
            if column in table.columns:
                values = [HOSTILE[(turn + n) % len(HOSTILE)] for n in range(len(table))]
                turn += len(table)
                table[column] = pd.Series(values, index=table.index, dtype=object)
        return table

    region = replace(
        region,
        wards=poison(region.wards, ("name", "former_district")),
        sites=poison(region.sites, ("name", "address", "source", "note")),
    )
    texts = ("vi", "en", "source", "source_vi", "note", "note_vi", "unit", "status", "row")
    norms = replace(
        norms,
        **{
            name: poison(getattr(norms, name), texts)
            for name in ("settings", "parts", "positions", "space_norms", "trips", "detour", "land_zones")
        },
    )
    return region, norms, scenario.model_copy(update={"title_vi": HOSTILE[0], "title_en": HOSTILE[10]})


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make()


@pytest.fixture(scope="module")
def path(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("report") / "costs.xlsx"
    write_workbook(plan, target)
    return target


@pytest.fixture(scope="module")
def hostile_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("hostile") / "costs.xlsx"
    write_workbook(make(hostile=True), target)
    return target


def load(path: Path, *, values: bool = False) -> Any:
    return openpyxl.load_workbook(path, data_only=values)


def column_of(sheet: Any, label: str, row: int) -> int:
    return next(cell.column for cell in sheet[row] if cell.value == label)


def find(sheet: Any, label: str, column: int = 1) -> int:
    return next(
        row[0].row for row in sheet.iter_rows(min_col=column, max_col=column) if row[0].value == label
    )


# ----------------------------------------------------------------------------- numbers


def test_cost_rows_are_the_rows_of_the_plan(plan: Plan, path: Path) -> None:
    sheet = load(path, values=True)[VI["costs"]]
    rows = [
        [cell.value for cell in row]
        for row in sheet.iter_rows(min_row=6)
        if isinstance(row[2].value, int)  # a year
    ]
    for column, table in ((6, plan.costs), (5, plan.today.costs)):  # type: ignore[union-attr]
        got = {(row[0], row[2], row[3]): row[column] for row in rows if row[column]}
        expected = {
            (ward, year, TEXT[f"item.{item}"][0]): vnd
            for ward, year, item, vnd in zip(
                table["ward_code"], table["year"], table["item"], table["vnd"], strict=True
            )
        }
        assert got == expected


def test_cached_totals_agree_with_the_plan_to_the_dong(plan: Plan, path: Path) -> None:
    _check_totals(plan, load(path, values=True))


def _check_totals(plan: Plan, book: Any) -> None:
    assert plan.today is not None
    objective = plan.facts["objective_vnd"]
    items = book[VI["items"]]
    rows = [r for r in range(1, items.max_row + 1) if items.cell(r, 1).value == TEXT["present_total"][0]]
    last = items.max_column
    assert [items.cell(r, last).value for r in rows] == [
        objective,
        plan.today.facts["objective_vnd"],
        objective - plan.today.facts["objective_vnd"],
    ]
    units = book[VI["units"]]
    total = find(units, TEXT["total"][0], 3)
    assert units.cell(total, units.max_column).value == objective
    sums = {heading: 0 for heading in ("capital", "recurrent", "social", "income")}
    for heading, vnd in zip(plan.costs["heading"], plan.costs["vnd"], strict=True):
        sums[heading] += int(vnd)
    summary = book[VI["summary"]]
    for heading, expected in sums.items():
        assert summary.cell(find(summary, TEXT[f"heading.{heading}"][0]), 3).value == expected
    assert summary.cell(find(summary, TEXT["total"][0]), 3).value == int(plan.costs["vnd"].sum())
    costs = book[VI["costs"]]
    assert costs.cell(find(costs, TEXT["total"][0], 2), 7).value == int(plan.costs["vnd"].sum())
    verdicts = [
        cell.value for row in summary.iter_rows() for cell in row if cell.value == TEXT["check.ok"][0]
    ]
    assert len(verdicts) == 3
    assert not any(cell.value == TEXT["check.bad"][0] for row in summary.iter_rows() for cell in row)


def test_premises_of_the_summary(plan: Plan, path: Path) -> None:
    assert plan.today is not None
    summary = load(path, values=True)[VI["summary"]]
    row = find(summary, TEXT["measure.premises"][0])

    def used(one: Plan) -> int:
        return one.premises.loc[one.premises["status"] == "in_use", "site_id"].nunique()

    assert [summary.cell(row, n).value for n in (3, 4, 5)] == [
        used(plan.today),
        used(plan),
        used(plan) - used(plan.today),
    ]
    assert summary.cell(row, 2).value is None, "the city's 232 is for 126 units only"


def test_totals_are_formulas(path: Path) -> None:
    book = load(path)
    summary, units, items = book[VI["summary"]], book[VI["units"]], book[VI["items"]]
    for label in ("heading.capital", "heading.social", "budget", "total"):
        row = find(summary, TEXT[label][0])
        assert all(str(summary.cell(row, n).value).startswith("=") for n in (2, 3, 4, 5)), label
    total = find(units, TEXT["total"][0], 3)
    for n in range(5, units.max_column + 1):
        assert re.match(r"=(ROUND\()?SUM\(", units.cell(total, n).value)
        assert "SUBTOTAL(109," in units.cell(total + 1, n).value
    assert units.cell(6, 8).value.startswith("=SUMIFS(cost_plan,")
    assert units.cell(6, units.max_column).value.startswith("=SUMPRODUCT(SUMIFS(cost_plan,")
    row = find(items, TEXT["item.running"][0])
    assert items.cell(row, 2).value == f"=SUMIFS(cost_plan,cost_item,$A{row},cost_year,B$5)"
    assert items.cell(6, 2).value == "=ROUND(1/(1+discount_rate)^(B$5-start_year),6)"


def test_every_formula_carries_its_value(path: Path) -> None:
    formulas, values = load(path), load(path, values=True)
    count = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    count += 1
                    assert values[sheet.title][cell.coordinate].value is not None, (
                        sheet.title,
                        cell.coordinate,
                    )
    assert count > 200


def test_without_today_its_sheets_and_columns_are_left_out(tmp_path: Path) -> None:
    plan = make(today=False)
    write_workbook(plan, tmp_path / "costs.xlsx")
    book = load(tmp_path / "costs.xlsx", values=True)
    assert book.sheetnames == [VI[key] for key in SHEETS if key not in (*TODAY_SHEETS, *WITH_CENTRES)]
    labels = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert not labels & {TEXT["today"][0], TEXT["sites_today"][0], TEXT["site_today"][0]}
    assert not any("today" in name for name in load(tmp_path / "costs.xlsx").defined_names)
    summary = book[VI["summary"]]
    assert summary.cell(find(summary, TEXT["total"][0]), 2).value == int(plan.costs["vnd"].sum())


@pytest.mark.skipif(
    SOFFICE is None, reason="soffice (LibreOffice) is not installed: nothing here recalculates"
)
@pytest.mark.parametrize("hostile", [False, True])
def test_recalculated_totals_agree_with_the_plan(tmp_path: Path, hostile: bool) -> None:
    plan = make(hostile=hostile)
    write_workbook(plan, tmp_path / "costs.xlsx")
    book = load(recalculate(tmp_path / "costs.xlsx", tmp_path), values=True)
    _check_totals(plan, book)
    before = load(tmp_path / "costs.xlsx", values=True)
    formulas = load(tmp_path / "costs.xlsx")
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    old = before[sheet.title][cell.coordinate].value
                    new = book[sheet.title][cell.coordinate].value
                    place = (sheet.title, cell.coordinate, cell.value)
                    if isinstance(old, (int, float)):
                        assert new == pytest.approx(old, rel=1e-12, abs=1e-3), place
                    else:
                        assert (new or "") == (old or ""), place


def recalculate(path: Path, folder: Path) -> Path:
    """Open the workbook in LibreOffice, compute every formula anew, and save it."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        '<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" '
        'oor:op="fuse"><value>0</value></prop></item></oor:items>',
        encoding="utf-8",
    )
    out = folder / "recalculated"
    subprocess.run(
        [
            *(str(SOFFICE), f"-env:UserInstallation={profile.as_uri()}", "--headless"),
            *("--convert-to", "xlsx", "--outdir", str(out), str(path)),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return out / path.name


# ----------------------------------------------------------------------------- text of users


def test_hostile_text_is_text(hostile_path: Path) -> None:
    book = load(hostile_path)
    own = re.compile(
        r"=-?(ROUND|SUM|SUMIFS|COUNTIFS|SUMPRODUCT|SUBTOTAL|IF)\(|=(plan|today|rows|units|discount)_"
        r"|=-?\(?\$?[A-Z]+\$?\d+([-+*]|$)"
    )
    seen = set()
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert own.match(cell.value), (sheet.title, cell.coordinate, cell.value)
                elif isinstance(cell.value, str):
                    assert cell.data_type == "s"
                    assert len(cell.value) <= 32767
                    assert not BIDI.search(cell.value)
                    assert all(ch.isprintable() or ch == "\n" for ch in cell.value), repr(cell.value)
                    seen.add(cell.value)
                    if cell.value.lstrip()[:1] in tuple("=+-@"):
                        assert cell.quotePrefix, (sheet.title, cell.coordinate)
                assert cell.hyperlink is None
    assert HOSTILE[0] in seen
    assert HOSTILE[1] in seen
    assert "_x0041_" in seen or clean("_x0041_") in seen


def test_no_part_of_the_file_reaches_outside(hostile_path: Path) -> None:
    with zipfile.ZipFile(hostile_path) as archive:
        for name in archive.namelist():
            assert not re.search(
                r"external|connection|query|vba|embed|activeX|ddeLink|oleObject", name, re.IGNORECASE
            )
            text = archive.read(name).decode("utf-8")
            assert "TargetMode" not in text
            assert "<hyperlink" not in text
            for formula in re.findall(r"<f[^>]*>(.*?)</f>", text):
                assert not re.search(r"HYPERLINK|WEBSERVICE|DDE|cmd|\[\d+\]|http", formula, re.IGNORECASE), (
                    formula
                )


def test_header_and_footer_codes_are_escaped(tmp_path: Path) -> None:
    title = "A & B &P &12 &L &G"  # &G would ask for a picture that is not there
    scenario = _norm_scenario().model_copy(update={"title_vi": title})
    write_workbook(make(scenario=scenario), tmp_path / "costs.xlsx")
    with zipfile.ZipFile(tmp_path / "costs.xlsx") as archive:
        footer = re.findall(
            r"<oddFooter>(.*?)</oddFooter>", archive.read("xl/worksheets/sheet1.xml").decode()
        )[0]
    assert "A &amp;&amp; B &amp;&amp;P &amp;&amp;12 &amp;&amp;L &amp;&amp; G" in footer
    assert len(footer) < 600


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        (float("nan"), ""),
        ("a\x00b", "a b"),
        ("a\u202eb", "ab"),
        ("\ud800", "?"),
        ("e\u0302", "ê"),
        ("x" * 40000, "x" * 32767),
    ],
)
def test_clean(value: object, expected: str) -> None:
    assert clean(value) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("8%", 0.08),
        ("59.71%", 0.5971),
        ("16000", 16000),
        ("1.5", 1.5),
        ("", None),
        ("rest", None),
        ("inf", None),
    ],
)
def test_number_of(text: str, value: float | None) -> None:
    assert number_of(text) == value


# ----------------------------------------------------------------------------- languages and order


def test_both_languages_have_every_text() -> None:
    for key, pair in TEXT.items():
        assert len(pair) == 2
        assert all(pair), key
    for column in (0, 1):
        sheets = [TEXT[f"sheet.{key}"][column] for key in SHEETS]
        assert len(set(sheets)) == len(SHEETS)
        assert all(len(name) <= 31 and not re.search(r"[\[\]:*?/\\']", name) for name in sheets)
    settings = pd.read_csv(ROOT / "data" / "norms" / "settings.csv")
    assert set(settings["unit"]) <= set(UNITS_VI)


def test_both_languages_have_the_same_structure(plan: Plan, path: Path, tmp_path: Path) -> None:
    write_workbook(plan, tmp_path / "en.xlsx", "en")
    vi, en = load(path, values=True), load(tmp_path / "en.xlsx", values=True)
    assert en.sheetnames == [TEXT[f"sheet.{key}"][1] for key in SHEETS if key not in WITH_CENTRES]
    for one, other in zip(vi, en, strict=True):
        assert one.dimensions == other.dimensions, one.title
        for row, row_en in zip(one.iter_rows(), other.iter_rows(), strict=True):
            for a, b in zip(row, row_en, strict=True):
                assert a.data_type == b.data_type, (one.title, a.coordinate)
                if a.data_type == "n":
                    assert a.value == b.value
    formats = {cell.number_format for row in vi[VI["costs"]].iter_rows(min_row=6) for cell in row}
    assert any(code.startswith("[$-42A]#,##0") for code in formats)
    assert not any(
        "[$-42A]" in cell.number_format for sheet in en for row in sheet.iter_rows() for cell in row
    )


def test_units_are_in_vietnamese_order(path: Path) -> None:
    sheet = load(path, values=True)[VI["units"]]
    rows = [
        (sheet.cell(r, 4).value, sheet.cell(r, 3).value)
        for r in range(6, sheet.max_row)
        if isinstance(sheet.cell(r, 1).value, int)
    ]
    assert len(rows) == 5
    assert rows == sorted(rows, key=lambda row: (row[0], collation_key(row[1])))


def test_vietnamese_order_of_names(tmp_path: Path) -> None:
    plan = make()
    names = ["Ô Chợ Dừa", "Đống Đa", "Dương Nội", "Ấn Thi", "Bồ Đề"]
    wards = plan.region.wards.copy()
    wards["name"], wards["type"] = names, "phường"
    write_workbook(replace(plan, region=replace(plan.region, wards=wards)), tmp_path / "costs.xlsx")
    sheet = load(tmp_path / "costs.xlsx", values=True)[VI["units"]]
    got = [sheet.cell(r, 3).value for r in range(6, 11)]
    assert got == ["Ấn Thi", "Bồ Đề", "Dương Nội", "Đống Đa", "Ô Chợ Dừa"]


# ----------------------------------------------------------------------------- assumptions


def test_every_setting_is_there_with_source_and_status(path: Path, plan: Plan) -> None:
    sheet = load(path, values=True)[VI["assumptions"]]
    rows = {sheet.cell(r, 12).value: [cell.value for cell in sheet[r]] for r in range(6, sheet.max_row + 1)}
    dump = plan.scenario.model_dump()
    keys = {f"{section}.{name}" for section, part in dump.items() if isinstance(part, dict) for name in part}
    assert keys <= set(rows)
    assert set(plan.norms.settings.index) <= set(rows)
    statuses = {TEXT[key][0] for key in TEXT if key.startswith("status.")} - {TEXT["status.none"][0]}
    for key, row in rows.items():
        assert row[7] in statuses, key
        assert row[8], key
    assert rows["horizon.discount_rate"][2] == 0.08
    assert rows["reception.online_share"][2] == pytest.approx(0.5971)
    assert rows["rules.hall"][2] == TEXT["option.enforce"][0]
    assert not any(str(row[1]).startswith(TEXT["choice.other"][0]) for row in rows.values())


NORM_TABLES = ("settings", "parts", "positions", "space_norms", "trips", "detour", "land_zones")


@pytest.mark.parametrize("table", NORM_TABLES)
def test_every_source_and_note_is_there_in_vietnamese(table: str) -> None:
    data = (ROOT / "data" / "norms" / f"{table}.csv").read_bytes()
    assert b"\r" not in data
    assert unicodedata.is_normalized("NFC", data.decode("utf-8"))
    rows = getattr(read_norms(ROOT / "data" / "norms"), table).to_dict("records")
    for row in rows:
        assert row["source_vi"], row
        assert bool(row.get("note")) == bool(row.get("note_vi")), row


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_sources_and_notes_are_in_the_language_of_the_book(plan: Plan, tmp_path: Path, lang: str) -> None:
    write_workbook(plan, tmp_path / "costs.xlsx", lang)
    book = load(tmp_path / "costs.xlsx", values=True)
    column = 0 if lang == "vi" else 1
    sheet = book[TEXT["sheet.assumptions"][column]]
    rows = {sheet.cell(r, 12).value: [cell.value for cell in sheet[r]] for r in range(6, sheet.max_row + 1)}
    suffix = "_vi" if lang == "vi" else ""
    for key, row in plan.norms.settings.iterrows():
        assert rows[key][8] == row[f"source{suffix}"]
        assert (rows[key][9] or "") == row[f"note{suffix}"]
    shown = {row[7] for row in book[TEXT["sheet.norms"][column]].iter_rows(min_row=6, values_only=True)}
    for table in NORM_TABLES[1:]:
        assert set(getattr(plan.norms, table)[f"source{suffix}"]) <= shown


def test_a_table_without_vietnamese_sources_shows_the_others(plan: Plan, tmp_path: Path) -> None:
    settings = plan.norms.settings.drop(columns=["source_vi", "note_vi"])
    write_workbook(replace(plan, norms=replace(plan.norms, settings=settings)), tmp_path / "costs.xlsx")
    sheet = load(tmp_path / "costs.xlsx", values=True)[VI["assumptions"]]
    assert sheet.cell(6, 9).value == settings["source"].iloc[0]


def test_settings_changed_by_the_scenario_are_marked(tmp_path: Path) -> None:
    scenario = _norm_scenario()
    prices = scenario.prices.model_copy(update={"move_vnd_per_person": 3_000_000})
    write_workbook(make(scenario=scenario.model_copy(update={"prices": prices})), tmp_path / "costs.xlsx")
    sheet = load(tmp_path / "costs.xlsx", values=True)[VI["assumptions"]]
    changed = {
        sheet.cell(r, 12).value: (sheet.cell(r, 3).value, sheet.cell(r, 5).value)
        for r in range(6, sheet.max_row + 1)
        if str(sheet.cell(r, 11).value).startswith(TEXT["changed.yes"][0])
    }
    assert changed == {"prices.move_vnd_per_person": (3_000_000, 2_000_000)}


def test_norm_tables_have_status_and_source(path: Path, plan: Plan) -> None:
    sheet = load(path, values=True)[VI["norms"]]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=6)]
    norms = plan.norms
    tables = (norms.parts, norms.positions, norms.space_norms, norms.trips, norms.detour)
    assert len(rows) == sum(len(table) for table in tables) + 2 * len(norms.land_zones)
    assert all(row[6] and row[7] for row in rows)


def test_estimates_are_marked(path: Path, plan: Plan) -> None:
    book = load(path, values=True)
    sheet = book[VI["premises"]]
    column = column_of(sheet, TEXT["floor_basis"][0], 5)
    floor = column_of(sheet, TEXT["floor"][0], 5)
    for r in range(6, 6 + len(plan.region.sites)):
        assert sheet.cell(r, column).value == TEXT["basis.estimated"][0]
        assert sheet.cell(r, floor).font.i
    summary = book[VI["summary"]]
    assert summary.cell(find(summary, TEXT["surveyed"][0]), 2).value == 0
    assert any(
        "Số ước tính không phải số khảo sát" in str(c.value) for row in summary.iter_rows() for c in row
    )


# ----------------------------------------------------------------------------- print, bytes, time


def test_print_set_up(path: Path) -> None:
    book = load(path)
    one_page = {VI[key] for key in ("items", "years", "sensitivity")}
    for sheet in book:
        assert sheet.page_setup.paperSize in (9, "9")
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (0 if sheet.page_setup.fitToHeight == 0 or sheet.page_setup.fitToHeight == "0" else 1) == (
            1 if sheet.title in one_page else 0
        )
        portrait = sheet.title in (VI["summary"], VI["costs"])
        assert sheet.page_setup.orientation == ("portrait" if portrait else "landscape")
        assert "&P/&N" in str(sheet.oddFooter.right.text) or "&P" in str(sheet.oddFooter.right.text)
        assert sheet.print_area
        if sheet.title != VI["summary"]:
            assert sheet.print_title_rows
            assert sheet.freeze_panes
        if sheet.title not in (VI["summary"], *one_page):
            assert sheet.auto_filter.ref


def test_same_plan_same_bytes(plan: Plan, path: Path, tmp_path: Path) -> None:
    time.sleep(1.1)  # a clock in the file would show
    write_workbook(plan, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == path.read_bytes()


def test_bodies_have_names(plan: Plan, path: Path) -> None:
    sheet = load(path, values=True)[VI["arrangement"]]
    column = column_of(sheet, TEXT["body"][0], 5)
    labels = {sheet.cell(r, column).value for r in range(6, 6 + 30)}
    assert labels == {TEXT[f"body.{body}"][0] for body in BODIES}


def test_years_that_repeat_are_written_once(plan: Plan, path: Path) -> None:
    sheet = load(path, values=True)[VI["arrangement"]]
    total = find(sheet, TEXT["total"][0], 2)
    everywhere = plan.norms.parts["extra"].eq(0).sum()
    assert total - 6 == len(plan.region.wards) * everywhere
    assert "2025–2029" in sheet.cell(3, 1).value


def test_years_stand_in_a_column_where_something_changes(plan: Plan, tmp_path: Path) -> None:
    seats = plan.assignments.copy()
    was = seats.loc[0, "site_id"]
    seats.loc[3:4, "site_id"] = next(site for site in plan.region.sites.index if site != was)
    write_workbook(replace(plan, assignments=seats), tmp_path / "costs.xlsx")
    sheet = load(tmp_path / "costs.xlsx", values=True)[VI["arrangement"]]
    column = column_of(sheet, TEXT["years"][0], 5)
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=6)]
    changed = [row for row in rows if row[column - 1] in ("2025–2027", "2028–2029")]
    assert len(changed) == 2
    assert {row[4] for row in changed} >= {was}


def test_the_city_is_set_against_its_own_count(tmp_path: Path) -> None:
    plan = make(ROOT / "data" / "geo")
    write_workbook(plan, tmp_path / "costs.xlsx")
    book = openpyxl.load_workbook(tmp_path / "costs.xlsx", read_only=True, data_only=True)
    rows = list(book[VI["summary"]].iter_rows(min_row=5, max_row=20, values_only=True))
    used = plan.premises.loc[plan.premises["status"] == "in_use", "site_id"].nunique()
    headline = dict(zip(rows[0], rows[1], strict=True))
    assert headline[TEXT["headline.premises"][0]] == used
    assert headline[TEXT["headline.against_city"][0]] == used - 232
    assert headline[TEXT["headline.present"][0]] == plan.facts["objective_vnd"]
    assert any(row[0] == TEXT["measure.premises"][0] and row[1] == 232 for row in rows)
    book.close()


@pytest.mark.solver
def test_a_saved_plan_gives_the_same_workbook(tmp_path: Path) -> None:
    scenario = _norm_scenario().model_copy(update={"geo": "tests/data/region5"})
    plan = make_plan(scenario, read_region(scenario.geo_folder), read_norms(scenario.norms_folder))
    plan.write_tables(tmp_path)
    write_workbook(plan, tmp_path / "made.xlsx")
    write_workbook(load_plan(tmp_path, ROOT), tmp_path / "loaded.xlsx")
    _check_totals(plan, load(tmp_path / "made.xlsx", values=True))
    made, loaded = load(tmp_path / "made.xlsx"), load(tmp_path / "loaded.xlsx")
    for one, other in zip(made, loaded, strict=True):
        for row, row_loaded in zip(one.iter_rows(), other.iter_rows(), strict=True):
            for a, b in zip(row, row_loaded, strict=True):
                assert (a.value, a.number_format) == (b.value, b.number_format), (one.title, a.coordinate)
