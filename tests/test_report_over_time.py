"""The workbook of a plan over time: budgets, centres, released premises, city-wide rules, what-if."""

from __future__ import annotations

import csv
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from planner.plan import Plan, make_plan
from planner.region import read_norms, read_region
from planner.report import write_workbook
from planner.report.formats import number_format
from planner.report.html import write_report_html
from planner.report.words import TEXT
from planner.report.years import SERVICE
from planner.scenario import Scenario, read_scenario
from planner.wording import collation_key
from tests.test_report import HOSTILE, SOFFICE, find, load, recalculate

ROOT = Path(__file__).parents[1]
VI = {key.removeprefix("sheet."): pair[0] for key, pair in TEXT.items() if key.startswith("sheet.")}
OVER_TIME = ("years", "capital", "release", "limits", "sensitivity")
PARCEL = HOSTILE[0]
"""What the parcel is called: it reads as a formula."""

pytestmark = pytest.mark.solver
needs_office = pytest.mark.skipif(SOFFICE is None, reason="soffice (LibreOffice) is not installed")


def _parcels(folder: Path) -> Path:
    """Write a file with one cheap parcel in the first ward, named by somebody hostile."""
    with (ROOT / "tests" / "data" / "region5" / "wards.csv").open(encoding="utf-8", newline="") as lines:
        ward = next(iter(csv.DictReader(lines)))
    path = folder / "parcels.csv"
    head = ["parcel_id", "ward_code", "name", "lat", "lon", "land_area_m2", "land_vnd_per_m2"]
    head += ["source", "date", "status"]
    row = ["L1", ward["ward_code"], PARCEL, ward["lat"], ward["lon"]]
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(
            [head, [*row, "5000", "1000003", "x", "2025-07-01", "estimated"]]
        )
    return path


def _scenario(folder: Path, **changes: dict[str, Any]) -> Scenario:
    values = read_scenario("hanoi-2025", ROOT).model_dump(by_alias=True)
    wanted: dict[str, dict[str, Any]] = {
        "horizon": {"years": 7, "price_growth": 0.0277, "construction_growth": 0.0333},
        "rules": {
            "centres_min": 3,
            "centres_building_max": 2,
            "relocations_max": 2,
            "surplus_min": {2031: 4},
            "centres_min_by_district": {"Quận Thanh Xuân": 0},
        },
        "centres": {
            "allowed": True,
            "parcels": str(_parcels(folder)),
            "first_start_after_years": 1,
            "build_years_large": 2,
        },
        "budget": {"yearly_vnd": 70 * 10**9, "carry_over": True, "recycle_income": True},
        "release": {"route": "priority", "cash_route": "best", "needs_education": 0, "needs_culture": 0},
    }
    for section in {*wanted, *changes}:
        values[section].update(wanted.get(section, {}) | changes.get(section, {}))
    values.update(geo=str(ROOT / "tests" / "data" / "region5"), norms=str(ROOT / "data" / "norms"), root=ROOT)
    return Scenario.model_validate(values)


def _solve(scenario: Scenario) -> Plan:
    region = read_region(scenario.geo_folder, scenario.parcels_file)
    return make_plan(scenario, region, read_norms(scenario.norms_folder))


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return _solve(_scenario(tmp_path_factory.mktemp("parcels")))


@pytest.fixture(scope="module")
def path(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("over-time") / "costs.xlsx"
    write_workbook(plan, target)
    return target


@pytest.fixture(scope="module")
def book(path: Path) -> Any:
    return load(path, values=True)


def table(sheet: Any, head: int = 6) -> list[dict[str, Any]]:
    """Return the rows between the heading and the totals, by the labels of their columns."""
    labels = [cell.value if cell.value else sheet.cell(head - 1, cell.column).value for cell in sheet[head]]
    rows = []
    for row in sheet.iter_rows(min_row=head + 1, values_only=True):
        if not isinstance(row[0], int):
            break
        rows.append(dict(zip(labels, row, strict=True)))
    return rows


def word(key: str) -> str:
    return TEXT[key][0]


def spent(plan: Plan, heading: str) -> dict[tuple[str, int], int]:
    """Return the dong of a heading by ward and year, and of the whole city under ward ``""``."""
    found: dict[tuple[str, int], int] = defaultdict(int)
    for ward, year, one, vnd in plan.costs[["ward_code", "year", "heading", "vnd"]].itertuples(index=False):
        if one == heading:
            found[ward, int(year)] += int(vnd)
            found["", int(year)] += int(vnd)
    return found


def years_of(plan: Plan) -> range:
    start = plan.scenario.horizon.start_year
    return range(start, start + plan.scenario.horizon.years)


# ----------------------------------------------------------------------------- the plan is worth testing


def test_the_plan_has_all_that_the_sheets_show(plan: Plan) -> None:
    premises = plan.premises
    centres = premises[premises["kind"] == "joint_centre"]
    assert centres["site_id"].nunique() >= 3
    assert set(centres["location"]) & set(plan.region.parcels.index), "a parcel is built on"
    assert set(centres["location"]) & set(plan.region.sites.index), "a site is built on"
    assert {"health", "centre"} <= set(premises["route"])
    assert {"lease", "auction"} & set(premises["route"])
    assert (plan.years["recycled_vnd"] > 0).any()
    assert (plan.years["carried_in_vnd"] > 0).any()
    assert {"land", "residual_value", "construction"} <= set(plan.costs["item"])


# ----------------------------------------------------------------------------- by year


def test_years_are_those_of_the_plan_to_the_dong(plan: Plan, book: Any) -> None:
    rows = table(book[VI["years"]])
    assert [row[word("year")] for row in rows] == list(years_of(plan))
    columns = {
        "carried_in": "carried_in_vnd",
        "recycled": "recycled_vnd",
        "capital": "capital_vnd",
        "recurrent": "recurrent_vnd",
        "income": "income_vnd",
        "social": "social_vnd",
        "in_use": "premises",
        "released": "released",
        "surplus_m2": "surplus_m2",
        "building": "building",
        "opened": "opened",
    }
    for row, (_, expected) in zip(rows, plan.years.iterrows(), strict=True):
        budget = expected["budget_vnd"]
        for key, column in columns.items():
            limited = key in ("carried_in", "recycled") and budget == ""
            assert row[word(key)] == (None if limited else expected[column]), key
        assert row[word("city_budget")] == (None if budget == "" else budget)
        if budget != "":
            left = budget + expected["carried_in_vnd"] + expected["recycled_vnd"] - expected["capital_vnd"]
            assert row[word("left_over")] == left
    sheet = book[VI["years"]]
    total = find(sheet, word("total"))
    labels = [cell.value for cell in sheet[6]]
    assert sheet.cell(total, labels.index(word("discounted_year")) + 1).value == plan.facts["objective_vnd"]
    assert sheet.cell(total, labels.index(word("opened")) + 1).value == plan.city("centres")


def test_years_tell_what_the_city_comes_to(plan: Plan, book: Any) -> None:
    sheet, rows = book[VI["years"]], table(book[VI["years"]])
    by_year = plan.city_by_year()
    assert list(by_year) == list(years_of(plan))
    assert len({tuple(year.values()) for year in by_year.values()}) > 1
    labels = [cell.value for cell in sheet[6]]
    for key, measure in SERVICE.items():
        assert [row[word(key)] for row in rows] == [year[measure] for year in by_year.values()], key
        shown = sheet.cell(7, labels.index(word(key)) + 1).number_format
        # Cells hold whole metres; the format shows kilometres.
        assert shown == number_format("int" if key == "year_missing" else "km", "vi")


def test_years_follow_by_formula(path: Path) -> None:
    sheet = load(path)[VI["years"]]
    rows = table(sheet)
    label = word("heading.capital")
    assert rows[2][word("capital")] == f'=SUMIFS(cost_plan,cost_heading,"{label}",cost_year,$A9)'
    assert re.fullmatch(r"=\$B9\+\$C9\+\$D9", rows[2][word("available")])
    assert re.fullmatch(r"=\$E9-\$F9", rows[2][word("left_over")])
    assert rows[2][word("carried_in")] == "=$G8"
    assert rows[2][word("recycled")] == "=-$I8"


def test_items_by_year_are_those_of_the_plan(plan: Plan, book: Any) -> None:
    sheet = book[VI["years"]]
    head = find(sheet, word("block.year_items")) + 1
    rows = {row[word("year")]: row for row in table(sheet, head)}
    assert set(rows) == set(years_of(plan))
    sums = plan.costs.groupby(["year", "item"])["vnd"].sum().to_dict()
    shown = 0
    for year, row in rows.items():
        for item in set(plan.costs["item"]):
            assert row[word(f"item.{item}")] == sums.get((year, item), 0)
            shown += row[word(f"item.{item}")]
    assert shown == int(plan.costs["vnd"].sum())


def _charts(path: Path) -> dict[str, str]:
    """Return the XML of the charts by their title."""
    with zipfile.ZipFile(path) as archive:
        texts = [
            archive.read(name).decode("utf-8")
            for name in archive.namelist()
            if name.startswith("xl/charts/chart")
        ]
    return {re.findall(r"<a:t>(.*?)</a:t>", text)[0]: text for text in texts}


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_charts_stand_over_the_right_cells(plan: Plan, tmp_path: Path, lang: str) -> None:
    write_workbook(plan, tmp_path / "costs.xlsx", lang)
    column = 0 if lang == "vi" else 1
    charts = _charts(tmp_path / "costs.xlsx")
    keys = ("capital", "costs", "premises", "cash", "tornado")
    assert set(charts) == {TEXT[f"chart.{key}"][column] for key in keys}
    sheet = load(tmp_path / "costs.xlsx")[TEXT["sheet.years"][column]]
    labels = {cell.value: cell.column_letter for cell in sheet[6]}
    last = 6 + len(years_of(plan))
    name = re.escape(sheet.title)

    def ranges(chart: str) -> list[str]:
        found = re.findall(
            rf"<c:val>.*?<c:f>'?{name}'?!\$([A-Z]+)\$7:\$([A-Z]+)\${last}</c:f>", charts[chart]
        )
        assert all(left == right for left, right in found)
        return [left for left, _ in found]

    def columns(*words: str) -> list[str]:
        return [labels[TEXT[one][column]] for one in words]

    assert ranges(TEXT["chart.capital"][column]) == columns("capital", "city_budget", "available")
    assert ranges(TEXT["chart.costs"][column]) == columns("capital", "recurrent", "social", "income")
    assert ranges(TEXT["chart.premises"][column]) == columns("in_use", "released")
    capital = charts[TEXT["chart.capital"][column]]
    assert "<c:barChart>" in capital
    assert "<c:lineChart>" in capital
    assert f"<a:t>{TEXT['chart.billion'][column]}</a:t>" in capital
    assert f"<a:t>{TEXT['year'][column]}</a:t>" in capital
    assert f'formatCode="{"[$-42A]" if lang == "vi" else ""}#,##0,,,"' in capital
    assert 'grouping val="stacked"' in charts[TEXT["chart.costs"][column]]
    # Excel shows the numbers that the file carries before it calculates.
    cached = re.findall(r"<c:val>.*?</c:val>", capital)[0]
    assert str(int(plan.years["capital_vnd"].iloc[0])) in cached


# ----------------------------------------------------------------------------- capital plan


def test_capital_plan_is_every_capital_row_of_every_centre(plan: Plan, book: Any) -> None:
    rows = table(book[VI["capital"]])
    built = plan.premises[plan.premises["kind"] == "joint_centre"]
    assert {row[word("code")] for row in rows} == set(built["ward_code"])
    order = [(row[word("starts")], collation_key(row[word("unit")])) for row in rows]
    assert order == sorted(order)
    capital = spent(plan, "capital")
    for row in rows:
        ward = row[word("code")]
        mine = built[built["ward_code"] == ward]
        assert row[word("starts")] == mine["year"].min()
        assert row[word("opens")] == mine.loc[mine["status"] == "in_use", "year"].min()
        assert row[word("floor_new")] == mine["floor_area_m2"].iloc[0]
        assert row[word("district")] == plan.region.wards.loc[ward, "former_district"]
        for year in years_of(plan):
            assert row[str(year)] == capital[ward, year], (ward, year)
        assert row[word("sum_all")] == sum(capital[ward, year] for year in years_of(plan))


def _line(sheet: Any, label: str, count: int) -> list[Any]:
    """Return the last cells of the line of a label; the last of all is the sum."""
    row = find(sheet, label)
    return [cell.value for cell in sheet[row]][-count:]


def test_capital_of_the_city_stands_against_its_budget(plan: Plan, book: Any) -> None:
    sheet, years = book[VI["capital"]], list(years_of(plan))
    count = len(years) + 1
    capital = spent(plan, "capital")
    city = [capital["", year] for year in years]
    assert _line(sheet, word("capital.city"), count) == [*city, sum(city)]
    total = [cell.value for cell in sheet[find(sheet, word("total"), 3)]][-count:]
    others = _line(sheet, word("capital.others"), count)
    assert [a + b for a, b in zip(total, others, strict=True)] == [*city, sum(city)]
    assert others[0] > 0, "the interim arrangement of the units that build nothing"
    budgets = [0 if budget == "" else budget for budget in plan.years["budget_vnd"]]
    assert _line(sheet, word("capital.city_budget"), count) == [*budgets, sum(budgets)]
    left = _line(sheet, word("capital.left_over"), count)[:-1]
    by_year = table(book[VI["years"]])
    assert left == [row[word("left_over")] or 0 for row in by_year]
    assert any(left)


# ----------------------------------------------------------------------------- released premises


@pytest.mark.parametrize("route", ["best", "lease", "auction"])
def test_released_premises_bring_what_the_cost_rows_say(tmp_path: Path, route: str) -> None:
    plan = _solve(_scenario(tmp_path, release={"cash_route": route}))
    write_workbook(plan, tmp_path / "costs.xlsx")
    sheet = load(tmp_path / "costs.xlsx", values=True)[VI["release"]]
    rows, income = table(sheet), spent(plan, "income")
    gone = plan.premises[(plan.premises["status"] == "released") & (plan.premises["route"] != "centre")]
    assert sorted(row[word("site_id")] for row in rows) == sorted(set(gone["site_id"]))
    first = gone.groupby("site_id")["year"].min()
    years = list(years_of(plan))
    cash: dict[tuple[str, int], int] = defaultdict(int)
    for row in rows:
        assert row[word("free_from")] == first[row[word("site_id")]]
        for year in years:
            amount = row[str(year)] or 0
            assert amount >= 0
            cash[row[word("code")], year] += amount
            cash["", year] += amount
            assert not amount or year >= row[word("free_from")]
            if amount and row[word("route")] == word("route.auction"):
                assert year == row[word("free_from")]
    assert {key: -vnd for key, vnd in cash.items() if vnd} == {k: v for k, v in income.items() if v}
    assert any(income.values())
    assert {row[word("free_from")] for row in rows} > {years[0]}, "some are given up later"
    differences = _line(sheet, word("release.check"), len(years) + 1)
    assert differences == [0] * (len(years) + 1)
    routes = {row[word("route")] for row in rows}
    block = find(sheet, word("block.routes")) + 2
    labels = [sheet.cell(block + n, 1).value for n in range(len(routes))]
    assert set(labels) == routes
    for n, label in enumerate(labels):
        mine = [row for row in rows if row[word("route")] == label]
        assert sheet.cell(block + n, 5).value == len(mine)
        assert sheet.cell(block + n, 7).value == sum(row[word("floor")] for row in mine)


def test_a_wrong_amount_shows(plan: Plan, tmp_path: Path) -> None:
    costs = plan.costs.copy()
    place = costs.index[costs["item"] == "release_income"][0]
    costs.loc[place, "vnd"] -= 5
    write_workbook(replace(plan, costs=costs), tmp_path / "costs.xlsx")
    sheet = load(tmp_path / "costs.xlsx", values=True)[VI["release"]]
    assert _line(sheet, word("release.check"), 1) == [-5]


# ----------------------------------------------------------------------------- city-wide rules


def test_city_wide_rules_are_those_of_the_plan(plan: Plan, book: Any) -> None:
    rows = table(book[VI["limits"]], head=5)
    facts = plan.facts["limits"]
    assert len(rows) == len(facts)
    for row, fact in zip(rows, facts, strict=True):
        least = row[word("sense")] == word("sense.least")
        assert least == fact["name"].startswith(("centres", "surplus"))
        sign = -1 if least else 1
        assert row[word("limit")] == sign * fact["limit"]
        assert row[word("used")] == sign * fact["used"]
        assert row[word("left")] == fact["limit"] - fact["used"]
        assert row[word("year")] == fact["year"]
        assert (row[word("price")] or 0) == pytest.approx(fact["price"], abs=0.5)
    assert any(fact["price"] for fact in facts)
    names = {row[word("rule")] for row in rows}
    assert f"{word('rule.centres_district')} Quận Thanh Xuân" in names
    assert word("rule.budget_summed") in names


def _with_limit(plan: Plan, **limit: Any) -> Plan:
    entry = {"setting": "x", "year": None, "limit": 10, "used": 9, "price": 0.0} | limit
    return replace(plan, facts={**plan.facts, "limits": [entry]})


@pytest.mark.parametrize(
    ("limit", "vi", "en"),
    [
        (
            {"name": "budget_2031", "year": 2031, "price": 0.4},
            "thêm 1 tỷ đồng vốn cộng đến năm 2031: giảm được 400 triệu đồng chi phí",
            "1 billion VND more in all up to 2031: saves 400 million VND of cost",
        ),
        (
            {"name": "centres_district:Huyện Ba Vì", "price": 2.5e9, "limit": -3, "used": -3},
            "bớt 1 khu liên cơ bắt buộc: giảm được 2,5 tỷ đồng chi phí",
            "one centre less to build: saves 2.5 billion VND of cost",
        ),
        (
            {"name": "surplus_m2_2030", "year": 2030, "price": 3e6, "limit": -9000, "used": -9100},
            "bớt 1.000 m² phải giao trả năm 2030: giảm được 3 tỷ đồng chi phí",
            "1,000 m² less to give up in 2030: saves 3 billion VND of cost",
        ),
        ({"name": "premises"}, "nới thêm không giảm chi phí", "more would save nothing"),
    ],
)
def test_prices_are_said_in_words(
    plan: Plan, tmp_path: Path, limit: dict[str, Any], vi: str, en: str
) -> None:
    for column, (lang, text) in enumerate((("vi", vi), ("en", en))):
        write_workbook(_with_limit(plan, **limit), tmp_path / "costs.xlsx", lang)
        sheet = load(tmp_path / "costs.xlsx", values=True)[TEXT["sheet.limits"][column]]
        assert table(sheet, head=5)[0][TEXT["price_words"][column]] == text


# ----------------------------------------------------------------------------- sensitivity


def _present(plan: Plan, rate: float, factors: dict[str, float]) -> float:
    """Return the present cost of the plan's rows under another rate and other unit prices; said another way."""
    start = plan.scenario.horizon.start_year
    total = 0.0
    land = plan.costs.loc[plan.costs["item"] == "land", "vnd"].sum()
    for year, item, vnd in plan.costs[["year", "item", "vnd"]].itertuples(index=False):
        factor = round(1 / (1 + rate) ** (year - start), 6)
        if item != "residual_value":
            total += vnd * factors.get(item, 1) * factor
    last = round(1 / (1 + rate) ** (plan.scenario.horizon.years - 1), 6)
    residual = plan.costs.loc[plan.costs["item"] == "residual_value", "vnd"].sum()
    building = residual + land
    changed = building * factors.get("construction", 1) - land * factors.get("land", 1)
    return total + changed * last


LEVERS = {
    "construction": ("construction", "contingency"),
    "land": ("land",),
    "renovation": ("renovation",),
    "fit_out": ("fit_out",),
    "running": ("running",),
    "site_fixed": ("site_fixed",),
    "crowding": ("crowding",),
}


def _factors(key: str, share: float) -> dict[str, float]:
    return dict.fromkeys(LEVERS[key], share)


def test_the_range_of_every_assumption(plan: Plan, book: Any) -> None:
    sheet = book[VI["sensitivity"]]
    objective, rate = plan.facts["objective_vnd"], plan.scenario.horizon.discount_rate
    row = find(sheet, word("sensitivity.rate"))
    label, base, trial, low, high, at_low, at_high, status = (sheet.cell(row, n).value for n in range(1, 9))
    assert (base, trial, low, high, status) == (0.08, 0.08, 0.05, 0.1, word("status.estimated"))
    assert at_low == pytest.approx(_present(plan, 0.05, {}) - objective, abs=2)
    assert at_high == pytest.approx(_present(plan, 0.1, {}) - objective, abs=2)
    for key in LEVERS:
        row = find(sheet, word(f"sensitivity.{key}"))
        label, base, trial, low, high, at_low, at_high, status = (
            sheet.cell(row, n).value for n in range(1, 9)
        )
        assert (base, trial) == (1, 1), label
        assert low < 1 < high or key == "land", label
        for share, change in ((low, at_low), (high, at_high)):
            expected = _present(plan, rate, _factors(key, share)) - _present(plan, rate, {})
            assert change == pytest.approx(expected, abs=2), label
    settings = plan.norms.settings
    row = find(sheet, word("sensitivity.running"))
    setting = settings.loc["prices.running_vnd_per_m2_year"]
    assert sheet.cell(row, 4).value == pytest.approx(int(setting["low"]) / int(setting["value"]))


def _two_way(sheet: Any) -> Iterator[tuple[float, float, float]]:
    """Return discount rate, factor and present cost of every cell of the table of two assumptions."""
    top = find(sheet, word("block.two_way")) + 2
    for row in range(top + 1, top + 6):
        for column in (2, 3, 4):
            yield sheet.cell(top, column).value, sheet.cell(row, 1).value, sheet.cell(row, column).value


def test_two_assumptions_at_once(plan: Plan, book: Any) -> None:
    cells = list(_two_way(book[VI["sensitivity"]]))
    assert {rate for rate, _, _ in cells} == {0.05, 0.08, 0.1}
    assert [share for _, share, _ in cells[::3]] == [0.8, 0.9, 1.0, 1.1, 1.2]
    for rate, share, value in cells:
        assert value == pytest.approx(_present(plan, rate, _factors("construction", share)), abs=2)
    assert (0.08, 1.0, pytest.approx(plan.facts["objective_vnd"], abs=1)) in cells


@needs_office
def test_recalculated_cells_agree_and_follow_the_trial(plan: Plan, path: Path, tmp_path: Path) -> None:
    """As written, LibreOffice computes the same; with changed inputs, what the test computes by itself."""
    before, after = load(path, values=True), load(recalculate(path, tmp_path / "a"), values=True)
    for sheet in load(path):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    old, new = (one[sheet.title][cell.coordinate].value for one in (before, after))
                    place = (sheet.title, cell.coordinate, cell.value)
                    if isinstance(old, (int, float)):
                        assert new == pytest.approx(old, rel=1e-12, abs=1e-3), place
                    else:
                        assert (new or "") == (old or ""), place
    book = openpyxl.load_workbook(path)
    sheet = book[VI["sensitivity"]]
    trial = {"construction": 1.2, "land": 0.5, "running": 0.9, "crowding": 2.5}
    for key, share in trial.items():
        sheet.cell(find(sheet, word(f"sensitivity.{key}")), 3).value = share
    sheet.cell(find(sheet, word("sensitivity.rate")), 3).value = 0.1
    book.save(tmp_path / "trial.xlsx")
    sheet = load(recalculate(tmp_path / "trial.xlsx", tmp_path / "b"), values=True)[VI["sensitivity"]]
    factors = {item: share for key, share in trial.items() for item in LEVERS[key]}
    expected = _present(plan, 0.1, factors)
    objective = plan.facts["objective_vnd"]
    result = find(sheet, word("block.result"))
    base, changed, difference = (sheet.cell(result + n, 2).value for n in (1, 2, 3))
    assert base == objective
    assert changed == pytest.approx(expected, abs=3)
    assert difference == changed - base
    for rate, share, value in _two_way(sheet):
        assert value == pytest.approx(
            _present(plan, rate, factors | _factors("construction", share)), abs=3
        ), (rate, share)


# ----------------------------------------------------------------------------- what is left out, languages, text


def test_sheets_without_matter_are_left_out(tmp_path: Path) -> None:
    scenario = _scenario(
        tmp_path,
        rules={
            "centres_min": None,
            "surplus_min": {},
            "centres_min_by_district": {},
            "centres_building_max": None,
            "relocations_max": None,
        },
        centres={"allowed": False},
        budget={"yearly_vnd": None, "carry_over": False, "recycle_income": False},
        release={"route": "public_use"},
    )
    plan = _solve(scenario)
    write_workbook(plan, tmp_path / "costs.xlsx")
    book = load(tmp_path / "costs.xlsx", values=True)
    assert [key for key in OVER_TIME if VI[key] in book.sheetnames] == ["years", "sensitivity"]
    labels = {cell.value for cell in book[VI["years"]][6]}
    assert not labels & {word("city_budget"), word("left_over"), word("building")}
    titles = set(_charts(tmp_path / "costs.xlsx"))
    assert titles == {word(f"chart.{key}") for key in ("capital_only", "costs", "premises", "tornado")}
    sheet = book[VI["sensitivity"]]
    assert sheet.cell(find(sheet, word("block.two_way")) + 1, 1).value == word("sensitivity.renovation")
    for rate, share, value in _two_way(sheet):
        assert value == pytest.approx(_present(plan, rate, _factors("renovation", share)), abs=2)
    words = {cell.value for row in sheet.iter_rows() for cell in row}
    assert word("sensitivity.construction") not in words


def test_both_languages_have_the_same_structure(plan: Plan, book: Any, tmp_path: Path) -> None:
    write_workbook(plan, tmp_path / "en.xlsx", "en")
    english = load(tmp_path / "en.xlsx", values=True)
    assert [VI[key] for key in OVER_TIME] == [VI[key] for key in OVER_TIME if VI[key] in book.sheetnames]
    for key in OVER_TIME:
        one, other = book[VI[key]], english[TEXT[f"sheet.{key}"][1]]
        assert one.dimensions == other.dimensions, key
        for row, row_en in zip(one.iter_rows(), other.iter_rows(), strict=True):
            for a, b in zip(row, row_en, strict=True):
                assert a.data_type == b.data_type, (key, a.coordinate)
                if a.data_type == "n":
                    assert a.value == b.value
    assert english["Sensitivity"].cell(5, 1).value.startswith("The plan is KEPT as it is")
    assert "planner sweep" in book[VI["sensitivity"]].cell(5, 1).value


def test_names_of_users_stay_text(plan: Plan, tmp_path: Path) -> None:
    wards = plan.region.wards.copy()
    wards["former_district"] = HOSTILE[1]
    hostile = replace(plan, region=replace(plan.region, wards=wards))
    hostile = _with_limit(hostile, name=f"centres_district:{HOSTILE[3]}", limit=-1, used=-2)
    write_workbook(hostile, tmp_path / "costs.xlsx")
    book = load(tmp_path / "costs.xlsx")
    capital = table(book[VI["capital"]])
    assert {row[word("district")] for row in capital} == {HOSTILE[1]}
    assert f"{word('location.parcel')}: {PARCEL}" in {row[word("location")] for row in capital}
    assert table(book[VI["limits"]], head=5)[0][word("rule")].endswith(HOSTILE[3])
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.hyperlink is None
                if cell.data_type == "f":
                    assert not re.search(r"HYPERLINK|cmd|http", cell.value)
                elif isinstance(cell.value, str) and cell.value.lstrip()[:1] in tuple("=+-@"):
                    assert cell.quotePrefix, (sheet.title, cell.coordinate)


def test_a_centre_is_called_by_its_unit(plan: Plan, book: Any) -> None:
    centre = plan.premises[plan.premises["kind"] == "joint_centre"].iloc[0]
    name = f"{word('kind.joint_centre')} {plan.region.wards.loc[centre['ward_code'], 'name']}"
    sheet = book[VI["arrangement"]]
    seats = [row[5] for row in sheet.iter_rows(min_row=6, values_only=True)]
    assert name in seats
    rows = [row for row in book[VI["premises"]].iter_rows(min_row=6, values_only=True) if row[3] == name]
    assert {row[7] for row in rows} == {word("site.under_construction"), word("site.in_use")}
    assert {row[12] for row in rows} == {word("basis.planned")}


def test_the_page_has_the_sheets_over_time_without_the_trial(plan: Plan, tmp_path: Path) -> None:
    write_report_html(plan, tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    for key in OVER_TIME:
        assert f'<section id="{key}">' in text
    assert word("sensitivity.trial") not in text
    assert word("block.amounts") not in text
    assert word("block.range") in text
    assert "&lt;script" not in text
    assert "=HYPERLINK(&quot;http://evil.example&quot;,&quot;x&quot;)" in text
    assert "<script" not in text
