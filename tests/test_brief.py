"""The four pages of the brief: every figure is that of the plan's tables, counted here anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pandas as pd
import pytest

from planner.brief.charts import cost_by_year, present_cost, scale_of
from planner.brief.choices import MOST, _bars, name_options
from planner.brief.content import brief_of
from planner.brief.drawing import Rect, Text, flat
from planner.brief.option import Option
from planner.brief.pages import (
    Beside,
    Block,
    Boxed,
    Brief,
    Bullets,
    Facts,
    Figure,
    Page,
    Paragraph,
    Table,
    Tiles,
)
from planner.brief.phrases import BRIEF
from planner.brief.risks import CLOSE, price_ranges, spare_floor
from planner.brief.sentences import SENTENCES
from planner.brief.words import Say
from planner.costs import MILLION
from planner.plan import Plan
from planner.wording import date, number
from tests import briefplans

VI = Say("vi")
BILLION = 10**9


def blocks(page: Page) -> Iterator[Block]:
    def walk(some: Iterable[Block]) -> Iterator[Block]:
        for block in some:
            if isinstance(block, Beside):
                yield from walk(block.left)
                yield from walk(block.right)
            else:
                yield block

    return walk(page.blocks)


def text_of(page: Page) -> str:
    found = [page.heading]
    for block in blocks(page):
        if isinstance(block, Boxed):
            found += [block.title, *block.sentences]
        elif isinstance(block, Bullets):
            found += [f"{name} {what}" for name, what in block.items]
        elif isinstance(block, Facts):
            found += [f"{name}: {value}" for name, value in block.rows]
        elif isinstance(block, Tiles):
            found += [f"{tile.label}: {tile.value} {tile.unit} ({tile.note})" for tile in block.tiles]
        elif isinstance(block, Table):
            found += [" | ".join(row.cells) for row in block.rows]
        elif isinstance(block, Figure):
            found += [block.drawing.title, block.drawing.description]
        else:
            found.append(block.text)
    return "\n".join(found)


def tables(page: Page) -> list[Table]:
    return [block for block in blocks(page) if isinstance(block, Table)]


def row_of(table: Table, label: str) -> list[str]:
    return next(list(row.cells[1:]) for row in table.rows if row.cells[0] == label)


def billions(vnd: float) -> str:
    """Return dong as the brief has them, worked out apart from it."""
    size = vnd / BILLION
    return "0" if not vnd else number(size, "vi", 0 if abs(size) >= 100 else 1).replace("-", "−")


def signed(vnd: float) -> str:
    return ("+" if vnd > 0 and billions(vnd) not in ("0", "0,0") else "") + billions(vnd)


def factors(plan: Plan) -> dict[int, int]:
    horizon = plan.scenario.horizon
    return {
        horizon.start_year + n: int(MILLION / (1 + horizon.discount_rate) ** n + 0.5)
        for n in range(horizon.years)
    }


def present(rows: pd.DataFrame, plan: Plan) -> float:
    ppm = factors(plan)
    return sum(int(v) * ppm[int(y)] for y, v in zip(rows["year"], rows["vnd"], strict=True)) / MILLION


def seats(plan: Plan, year: int) -> dict[str, set[str]]:
    rows = plan.assignments[plan.assignments["year"] == year]
    return {str(ward): set(own["site_id"]) for ward, own in rows.groupby("ward_code")}


@pytest.fixture(scope="module")
def three() -> list[Plan]:
    return [briefplans.interim(), briefplans.thrift(), briefplans.centres()]


@pytest.fixture(scope="module")
def brief(three: list[Plan]) -> Brief:
    return brief_of(three)


@pytest.fixture(scope="module")
def over_time() -> Plan:
    return briefplans.centres()


def today_of(plan: Plan) -> Plan:
    assert plan.today is not None
    return plan.today


# --- the whole ---------------------------------------------------------------------------------------------------


@pytest.mark.solver
@pytest.mark.parametrize(("lang", "column"), [("vi", 0), ("en", 1)])
def test_four_pages_with_their_headings(three: list[Plan], lang: Any, column: int) -> None:
    made = brief_of(three, lang)
    assert [page.heading for page in made.pages] == [BRIEF[f"p{n}.heading"][column] for n in range(1, 5)]
    assert "5" in made.title
    assert all(not re.search(r"\{\w*\}", text_of(page)) for page in made.pages)


def test_both_languages_say_the_same_things() -> None:
    for key, (vi, en) in (BRIEF | SENTENCES).items():
        assert vi
        assert en
        assert set(re.findall(r"\{(\w+)\}", vi)) == set(re.findall(r"\{(\w+)\}", en)), key


@pytest.mark.solver
def test_same_plans_same_brief(three: list[Plan], brief: Brief) -> None:
    assert brief_of(three) == brief


def test_without_an_arrangement_in_force_nothing_is_compared() -> None:
    made = brief_of([briefplans.made(today=False)])
    assert VI("today") not in tables(made.pages[1])[0].columns[1].label
    assert VI("p3.dearest") in [table.caption for table in tables(made.pages[2])]
    assert "so với giữ nguyên" not in text_of(made.pages[0])


# --- page 1 ------------------------------------------------------------------------------------------------------


@pytest.mark.solver
def test_recommendation_says_the_figures_of_the_first_plan(three: list[Plan], brief: Brief) -> None:
    plan, today = three[0], today_of(three[0])
    said = text_of(brief.pages[0]).replace("\u00a0", " ")
    in_use = {
        key: int(((one.premises["year"] == 2025) & (one.premises["status"] == "in_use")).sum())
        for key, one in (("plan", plan), ("today", today))
    }
    assert f"{in_use['today']} → {in_use['plan']}" in said
    cost, before = (round(present(one.costs, one)) for one in (plan, today))
    assert cost == plan.facts["objective_vnd"]
    assert f"≈ {billions(cost)} tỷ đồng" in said
    assert f"≈ {billions(abs(cost - before))} tỷ đồng" in said
    capital = plan.costs.loc[plan.costs["heading"] == "capital", "vnd"].sum()
    running = plan.costs.loc[
        (plan.costs["heading"] == "recurrent") & (plan.costs["year"] == 2025), "vnd"
    ].sum()
    assert f"chi đầu tư cả kỳ ≈ {billions(capital)} tỷ đồng" in said
    assert f"chi thường xuyên ≈ {billions(running)} tỷ đồng" in said
    travel = plan.measures[plan.measures["measure"] == "citizen_travel_max"]
    most = travel[travel["ward_code"] != ""].sort_values("value").iloc[-1]
    name = plan.region.wards.loc[most["ward_code"], "name"]
    assert f"xa nhất ≈ {number(most['value'] / 1000, 'vi', 1)} km, ở {name}" in said
    free = plan.premises[(plan.premises["year"] == 2029) & (plan.premises["status"] == "released")]
    assert f"Dôi dư {len(free)} trụ sở với ≈ {number(free['floor_area_m2'].sum())} m² sàn" in said


@pytest.mark.solver
def test_facts_tell_estimates_proof_and_inputs(brief: Brief, three: list[Plan]) -> None:
    facts = dict(next(block for block in blocks(brief.pages[0]) if isinstance(block, Facts)).rows)
    assert facts[VI("fact.borders")] == VI("fact.schematic")
    status = three[0].norms.settings["status"]
    counts = f"{(status == 'estimated').sum()} trong {len(status)}"
    assert facts[VI("fact.settings")].startswith(counts)
    # The same code as on the map page.
    assert (
        facts[VI("fact.inputs")] == f"{len(three[0].facts['inputs'])} tệp, mã dữ liệu {three[0].input_code}"
    )
    assert facts[VI("fact.solved_on")] == date(three[0].solved_on)
    assert facts[VI("fact.version")] == f"planner {three[0].facts['versions']['planner']}"
    assert "tối ưu, đã chứng minh" in facts[VI("fact.proof")]


@pytest.mark.solver
def test_rules_in_plain_words(over_time: Plan) -> None:
    said = text_of(brief_of([over_time]).pages[0]).replace("\u00a0", " ")
    for words in (
        "nhiều nhất 3 trụ sở", "ít nhất 3; cùng lúc xây nhiều nhất 20", "200 tỷ đồng mỗi năm từ năm 2026",
        "năm 2026: 100 tỷ đồng", "vốn chưa dùng được chuyển sang năm sau", "ít nhất 1 đến năm 2030",
    ):  # fmt: skip
        assert words in said


# --- page 2 ------------------------------------------------------------------------------------------------------


@pytest.mark.solver
def test_options_side_by_side(three: list[Plan], brief: Brief) -> None:
    table = tables(brief.pages[1])[0]
    every = [today_of(three[0]), *three]
    ends = [max(plan.assignments["year"]) for plan in every]
    assert [column.marked for column in table.columns] == [False, False, True, False, False]
    assert VI("p2.star") in table.columns[2].label

    def premises(plan: Plan, year: int, status: str) -> pd.DataFrame:
        rows = plan.premises
        return rows[(rows["year"] == year) & (rows["status"] == status) & (rows["route"] != "centre")]

    def said(key: str) -> list[str]:
        return [cell.split("\u00a0")[0] for cell in row_of(table, VI(f"row.{key}"))]

    assert said("first") == [str(len(premises(plan, 2025, "in_use"))) for plan in every]
    pairs = list(zip(every, ends, strict=True))
    assert said("end") == [str(len(premises(plan, end, "in_use"))) for plan, end in pairs]
    assert said("surplus") == [str(len(premises(plan, end, "released"))) for plan, end in pairs]
    floors = [premises(plan, end, "released")["floor_area_m2"].sum() for plan, end in pairs]
    assert said("surplus_m2") == [number(floor) for floor in floors]
    spread = []
    for plan, end in pairs:
        counts = [len(sites) for sites in seats(plan, end).values()]
        spread.append(" / ".join(str(counts.count(n)) for n in (1, 2, 3)))
    assert said("sites_123") == spread
    assert said("npc") == [billions(round(present(plan.costs, plan))) for plan in every]
    for key, heading in (("capital", "capital"),):
        sums = [plan.costs.loc[plan.costs["heading"] == heading, "vnd"].sum() for plan in every]
        assert said(key) == [billions(vnd) for vnd in sums]
    first = [plan.costs[plan.costs["year"] == 2025] for plan in every]
    assert said("running") == [billions(r.loc[r["heading"] == "recurrent", "vnd"].sum()) for r in first]
    assert said("citizens") == [billions(r.loc[r["item"] == "citizen_travel", "vnd"].sum()) for r in first]
    against = [round(present(p.costs, p)) - round(present(today_of(p).costs, p)) for p in three]
    assert said("against") == ["–", *map(signed, against)]
    opened = three[2].premises[
        (three[2].premises["kind"] == "joint_centre") & (three[2].premises["status"] == "in_use")
    ]
    assert said("centres") == ["0", "0", "0", str(opened["site_id"].nunique())]
    for key, measure in (
        ("mean", "citizen_travel_mean"),
        ("most", "citizen_travel_max"),
        ("apart", "body_distance_mean"),
    ):
        first_to_last = []
        for plan in every:
            ends = [plan.city(measure)]
            if len(plan.measures_by_year):
                city = plan.measures_by_year[plan.measures_by_year["ward_code"] == ""]
                ends.append(city[f"{measure}_m"].iloc[-1])
            shown = [number(end / 1000, "vi", 1) for end in ends]
            first_to_last.append(" → ".join(dict.fromkeys(shown)))
        assert said(key) == first_to_last
        assert " → " in first_to_last[3]
    assert VI("p2.first_to_last") in text_of(brief.pages[1])


@pytest.mark.solver
def test_other_years_and_prices_are_marked(brief: Brief) -> None:
    table = tables(brief.pages[1])[0]
    assert [cell.endswith("*") for cell in row_of(table, VI("row.npc"))] == [False, False, True, True]
    notes = [block.text for block in blocks(brief.pages[1]) if isinstance(block, Paragraph)]
    assert VI("p2.bases") in notes
    differ = text_of(brief.pages[1])
    assert "tính cho 2025–2034" in differ
    assert "300.000 thay vì 1.200.000" in differ


@pytest.mark.solver
def test_bars_are_as_long_as_their_numbers(three: list[Plan]) -> None:
    options = [Option.of(plan, VI) for plan in three]
    bars = _bars(options, name_options(options, VI), VI)
    drawing = present_cost(bars, VI)
    rects = {item.key: item for item in flat(drawing.items) if isinstance(item, Rect) and item.key}
    scales = []
    for n, bar in enumerate(bars):
        assert bar.total == pytest.approx(sum(bar.parts.values()))
        for part, vnd in bar.parts.items():
            scales.append(rects[f"{n}.{part}"].width / abs(vnd))
            assert billions(vnd) in drawing.description
    assert max(scales) == pytest.approx(min(scales))
    assert len(rects) == sum(len(bar.parts) for bar in bars)
    # Above every group of options stands today, reckoned like them.
    assert [bar.head for bar in bars] == [True, False] * 3
    for option in options:
        assert sum(option.parts().values()) == pytest.approx(option.objective, abs=1)
    right = max(rect.x + rect.width for rect in rects.values())
    assert right < drawing.width
    assert any(
        item.text == billions(options[2].objective) for item in flat(drawing.items) if isinstance(item, Text)
    )


@pytest.mark.solver
def test_more_options_than_fit_are_named_below(three: list[Plan]) -> None:
    more = [briefplans.named(three[0], f"n-{n}", f"Phương án số {n}") for n in range(7)]
    page = brief_of(more).pages[1]
    assert len(tables(page)[0].columns) == MOST + 2
    left_out = next(
        block.text for block in blocks(page) if isinstance(block, Paragraph) and "số 5" in block.text
    )
    assert "Phương án số 6" in left_out


def test_axis_holds_what_is_drawn() -> None:
    marks, low, high = scale_of(-1.66e12, 9.4e11, 7)
    assert low <= -1.66e12
    assert high >= 9.4e11
    assert 0 in marks
    assert marks == [n * 500 for n in range(-4, 3)]


# --- page 3 ------------------------------------------------------------------------------------------------------


@pytest.mark.solver
@pytest.mark.parametrize("make", [briefplans.interim, briefplans.centres])
def test_units_that_change_most(make: Callable[[], Plan]) -> None:
    over_time = make()
    last = int(over_time.assignments["year"].max())
    page = brief_of([over_time]).pages[2]
    today = today_of(over_time)
    changes = {
        str(ward): present(over_time.costs[over_time.costs["ward_code"] == ward], over_time)
        - present(today.costs[today.costs["ward_code"] == ward], over_time)
        for ward in over_time.region.wards.index
    }
    before, after = seats(today, 2025), seats(over_time, last)
    names = over_time.region.wards["name"]
    rows = [
        [names[ward], f"{len(before[ward])} → {len(after[ward])}", signed(vnd)]
        for ward, vnd in sorted(changes.items(), key=lambda one: one[1])
    ]
    saves, costs = ([list(row.cells) for row in table.rows] for table in tables(page))
    nobody = [[VI("p3.nobody"), "", ""]]
    assert saves == ([row for row in rows if row[2].startswith("−")] or nobody)
    assert costs == ([row for row in reversed(rows) if row[2].startswith("+")] or nobody)
    fewer = sum(len(after[ward]) < len(before[ward]) for ward in before)
    assert VI.say("p3.fewer", count=fewer) in text_of(page)


@pytest.mark.solver
def test_map_counts_units_and_says_that_borders_are_schematic(over_time: Plan) -> None:
    page = brief_of([over_time]).pages[2]
    drawing = next(block.drawing for block in blocks(page) if isinstance(block, Figure))
    counts = [len(sites) for sites in seats(over_time, 2034).values()]
    texts = [item.text for item in flat(drawing.items) if isinstance(item, Text)]
    assert VI("p3.schematic") in texts
    for n in set(counts):
        key = "p3.site" if n == 1 else "p3.sites"
        assert VI.say(key, n=n, count=counts.count(n)) in texts
    last = over_time.premises[
        (over_time.premises["year"] == 2034) & (over_time.premises["status"] == "in_use")
    ]
    built = int((last["kind"] == "joint_centre").sum())
    assert VI.say("p3.mark_centre", count=built) in texts
    assert VI.say("p3.mark_site", count=len(last) - built) in texts


# --- page 4 ------------------------------------------------------------------------------------------------------


@pytest.mark.solver
def test_years_are_those_of_the_plan(over_time: Plan) -> None:
    page = brief_of([over_time]).pages[3]
    table, released = tables(page)
    heads = [column.label for column in table.columns]
    for row, (_, year) in zip(table.rows[:-1], over_time.years.iterrows(), strict=True):
        cells = dict(zip(heads, row.cells, strict=True))
        own = over_time.costs[over_time.costs["year"] == year["year"]]
        residual = own.loc[own["item"] == "residual_value", "vnd"].sum()
        assert row.cells[0] == str(year["year"])
        assert cells[VI("p4.capital")] == billions(year["capital_vnd"])
        assert cells[VI("p4.recurrent")] == billions(year["recurrent_vnd"])
        assert cells[VI("p4.social")] == billions(year["social_vnd"] - residual)
        assert cells[VI("p4.residual")] == billions(residual)
        assert cells[VI("p4.sum")] == billions(own["vnd"].sum())
        assert row.cells[-1] == str(year["premises"])
        budget = year["budget_vnd"]
        assert cells[VI("p4.budget")] == ("–" if budget in ("", None) else billions(int(budget)))
    free = over_time.premises[
        (over_time.premises["year"] == 2034)
        & (over_time.premises["status"] == "released")
        & (over_time.premises["route"] != "centre")
    ]
    told = {row.cells[0]: list(row.cells[1:]) for row in released.rows}
    for route, rows in free.groupby("route"):
        assert told[VI.of("route", route)] == [str(len(rows)), number(rows["floor_area_m2"].sum())]
    assert told[VI("p4.total")] == [str(len(free)), number(free["floor_area_m2"].sum())]


@pytest.mark.solver
def test_columns_are_as_high_as_their_numbers(over_time: Plan) -> None:
    page = brief_of([over_time]).pages[3]
    drawing = next(block.drawing for block in blocks(page) if isinstance(block, Figure))
    rects = [item for item in flat(drawing.items) if isinstance(item, Rect) and item.key]
    option, scales = Option.of(over_time, VI), []
    for rect in rects:
        year, part = rect.key.split(".")
        scales.append(rect.height / abs(option.part(part, int(year))))
    assert max(scales) == pytest.approx(min(scales))
    assert cost_by_year({2025: {"capital": 1e9}}, {}, VI).description


@pytest.mark.solver
def test_risks_say_their_numbers(over_time: Plan) -> None:
    option = Option.of(over_time, VI)
    floors = over_time.premises[over_time.premises["status"] == "in_use"].set_index(["year", "site_id"])[
        "floor_area_m2"
    ]
    least: dict[str, float] = {}
    for (year, site), rows in over_time.assignments.groupby(["year", "site_id"]):
        margin = floors[year, site] / rows["tight_fit_m2"].sum() - 1
        for ward in rows["ward_code"].unique():
            least[ward] = min(least.get(ward, 99), margin)
    spare = spare_floor(option)
    assert {one.ward: one.share for one in spare} == pytest.approx(least)
    assert [one.share for one in spare] == sorted(least.values())
    said = text_of(brief_of([over_time]).pages[3]).replace("\u00a0", " ")
    close = sum(share < CLOSE for share in least.values())
    assert (f"{close} đơn vị có trụ sở" in said) == (close > 0)
    missing = over_time.measures[over_time.measures["measure"] == "missing_to_norm"]
    short = missing[(missing["ward_code"] != "") & (missing["value"] > 0)]
    if len(short):
        assert f"≈ {number(short['value'].sum())} m² so với tiêu chuẩn, ở {len(short)} đơn vị" in said
    # A price that moves one item in proportion moves the present cost by just so much of that item.
    ranges = {name: (low, high) for name, low, high in price_ranges(option, VI)}
    item = present(over_time.costs[over_time.costs["item"] == "site_fixed"], over_time)
    low, high = ranges[VI("sensitivity.site_fixed").lower()]
    row = over_time.norms.settings.loc["prices.site_fixed_vnd_year"]
    used = over_time.scenario.prices.site_fixed_vnd_year
    assert (low, high) == pytest.approx([(float(row[end]) / used - 1) * item for end in ("low", "high")])


@pytest.mark.solver
def test_network_is_told() -> None:
    plan = briefplans.network()
    made = brief_of([plan])
    last = plan.points[plan.points["year"] == plan.points["year"].max()]
    still = last["status"].isin(["own", "kept"])
    said = text_of(made.pages[0])
    assert f"có {still.sum()} điểm tiếp nhận mở cửa" in said
    handed = plan.points.loc[plan.points["status"] == "handed_over", "point_id"].nunique()
    assert f"{handed} đơn vị bàn giao" in said
    assert row_of(tables(made.pages[1])[0], VI("row.points"))[1] == str(still.sum())
    served = plan.catchments[plan.catchments["year"] == plan.points["year"].max()]
    most = served["road_m"].max()
    assert f"{number(most / 1000, 'vi', 1)}\u00a0km đến nơi nộp hồ sơ" in text_of(made.pages[3])
