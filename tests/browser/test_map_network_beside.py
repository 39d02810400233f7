"""Two reception networks on one map: both sides say what their plans' tables say, in every stage, unit by unit."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

from planner.catchments import mean_way, minutes, stages, worst
from planner.maps import content
from planner.maps.reach import Reach, origins_of
from planner.maps.states import Index
from planner.maps.words import clean, network_labels
from planner.network.measures import travel_of
from planner.plan import Plan, make_plan
from planner.region import read_norms, read_region
from planner.scenario import read_scenario
from planner.travel import metric_points, paired_road_metres
from planner.wording import number
from tests.browser.mapplans import ROOT, hostile_text, over_time, renamed
from tests.browser.netplans import small, without
from tests.browser.test_map_access import RULES, clip
from tests.browser.test_map_equal import go
from tests.browser.test_map_network import PHONE, expected

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]
NAME = "mang-luoi"
HINTS = """side => {
    const panes = document.querySelector(`.leaflet-${side}-units-pane`);
    return [...panes.querySelectorAll('path.unit-shape')].map(shape => {
        shape.dispatchEvent(new MouseEvent('mouseover', { bubbles: true, clientX: 5, clientY: 5 }));
        const said = [...document.querySelectorAll('.leaflet-tooltip')].at(-1).innerText;
        shape.dispatchEvent(new MouseEvent('mouseout', { bubbles: true }));
        return said.split('\\n');
    });
}"""
FIGURES = """() => [...document.querySelectorAll('#year-figures > div')].map(one =>
    [...one.querySelectorAll('dd')].map(line => line.textContent))"""
WORST = """() => [...document.querySelectorAll('#worst > div')].map(side => [...side.querySelectorAll('button')]
    .map(one => [...one.querySelectorAll('small')].map(line => line.textContent)))"""


@cache
def later() -> Plan:
    """Return a second network of the same units: another year of handing over, a year more."""
    plan = small()
    network = plan.scenario.network.model_copy(update={"hand_over_years": (2028,)})
    horizon = plan.scenario.horizon.model_copy(update={"years": 6})
    titles = {"name": "muon-hon", "title_vi": "Bàn giao muộn hơn", "title_en": "Later"}
    scenario = plan.scenario.model_copy(update={**titles, "network": network, "horizon": horizon})
    return make_plan(scenario, plan.region, plan.norms)


def plain(name: str = "khong-mang-luoi") -> Plan:
    """Return a plan without a network whose reception of one unit moves into a centre in 2029."""
    return renamed(over_time(), name)


def stage_of(plan: Plan, year: int) -> Any:
    """Return the nearest stage: the first one before the plan begins, the last one after its end."""
    found = stages(plan)
    return next((one for one in reversed(found) if one.year <= year), found[0])


def ward_minutes(plan: Plan, year: int) -> dict[str, str]:
    """Return what the map says of every unit in a stage."""
    rows = plan.catchments[plan.catchments.year == year]
    by_ward = {str(code): minutes(plan, mean_way(mine)) for code, mine in rows.groupby("ward_code")}
    return {code: f"{number(value, 'vi', 1)} phút" for code, value in by_ward.items()}


def own_metres(plan: Plan, year: int) -> dict[str, tuple[list[int], list[int]]]:
    """Return people and metres by unit to its reception, worked out from places with plain numbers."""
    rows = plan.assignments[(plan.assignments.year == year) & (plan.assignments.body == "reception")]
    found = {}
    for code, mine in origins_of(plan).groupby("ward_code"):
        site = rows[rows.ward_code == code].site_id.iloc[0]
        if site not in plan.region.sites.index:
            site = plan.premises[
                (plan.premises.site_id == site) & (plan.premises.year == year)
            ].location.iloc[0]
        place = plan.region.sites.loc[site]
        end = metric_points(np.full(len(mine), place.lat), np.full(len(mine), place.lon))
        start = metric_points(mine.lat.to_numpy(float), mine.lon.to_numpy(float))
        metres = paired_road_metres(start, end, plan.norms.detour)
        found[str(code)] = ([int(n) for n in mine.people], [int(n) for n in metres])
    return found


def signs(page: Any, side: str) -> tuple[int, int, int]:
    """Return how many points a side shows: open of wards, open of the city, closed."""
    pane = f".leaflet-{side}-signs-pane .np"
    return tuple(
        page.locator(pane + css).count() for css in (":not(.gone):not(.city)", ".city:not(.gone)", ".gone")
    )  # type: ignore[return-value]


def check_side(page: Any, side: str, plan: Plan, stage: Any, codes: list[str]) -> None:
    """Hold signs and colours of a side against the tables of its plan, unit by unit."""
    assert signs(page, side) == (stage.of_wards, stage.of_city, stage.closed)
    said = page.evaluate(HINTS, side)
    assert len(said) == len(codes)
    for lines, code in zip(said, codes, strict=True):
        assert lines[-1].endswith(": " + ward_minutes(plan, stage.year)[code]), (side, code)


def check_worst(page: Any, at: int, plan: Plan, year: int) -> None:
    found, side = worst(plan, year), page.evaluate(WORST)[at]
    assert len(side) == len(found)
    for lines, way in zip(side, found, strict=True):
        assert lines[0].startswith(f"{number(way.minutes, 'vi', 1)} phút · {number(way.people, 'vi')} người")


def codes_of(page: Any) -> list[str]:
    found: list[str] = page.evaluate(
        "JSON.parse(document.getElementById('plan-data').textContent).units.code"
    )
    return found


def test_today_beside_the_network_in_every_year(open_page: Opener) -> None:
    """Year by key, both sides of everything, the line by key, and the address; a page in all."""
    plan = small()
    assert plan.today is not None
    today = stages(plan.today)[-1]
    page = open_page(plan, fragment="#view=network&year=2025&beside=today&split=40")
    codes = codes_of(page)
    assert page.locator("#split-right").text_content() == "Hiện nay"
    assert page.locator("#beside").input_value() == "today"
    for year in range(2025, 2030):
        if year > 2025:
            page.locator("#year").focus()
            page.keyboard.press("ArrowRight")
        stage = stage_of(plan, year)
        check_side(page, "here", plan, stage, codes)
        check_side(page, "beside", plan.today, today, codes)
        lines = page.evaluate(FIGURES)
        assert [one[0] for one in lines] == expected(stage)
        assert [one[1] for one in lines] == [f"hiện nay: {text}" for text in expected(today)]
        assert lines[0][2].startswith(f"xã, phường {stage.of_wards} | {today.of_wards}; ")
        check_worst(page, 0, plan, stage.year)
        check_worst(page, 1, plan.today, today.year)
        counts = [re.findall(r"\d+", one) for one in page.locator("#classes .count").all_text_contents()]
        assert [sum(int(pair[at]) for pair in counts) for at in (0, 1)] == [5, 5]
        said = set(page.evaluate("location.hash").removeprefix("#").split("&"))
        assert {f"year={year}", "view=network", "beside=today", "split=40"} <= said
    handle = page.locator("#split-at")
    handle.focus()
    page.keyboard.press("ArrowRight")
    assert handle.input_value() == "41"
    assert clip(page, "here")[1] == clip(page, "beside")[0]
    cut = "side => getComputedStyle(document.querySelector(`.leaflet-${side}-signs-pane`)).clipPath"
    assert page.evaluate(cut, "here") != page.evaluate(cut, "beside")
    # The other way round: today with the plan beside it, by the same slider.
    go(page, f"#state=today&beside={NAME}&view=network&year=2028")
    check_side(page, "here", plan.today, today, codes)
    check_side(page, "beside", plan, stage_of(plan, 2028), codes)
    assert [one[1] for one in page.evaluate(FIGURES)] == [
        f"bên phải: {x}" for x in expected(stage_of(plan, 2028))
    ]
    page.locator('input[name="mode"][value="premises"]').check(force=True)
    assert signs(page, "here") == signs(page, "beside") == (0, 0, 0)
    assert page.locator(".leaflet-beside-signs-pane .sign.used").count() > 0


def test_cards_say_both_sides(open_page: Opener) -> None:
    plan = small()
    assert plan.today is not None
    page = open_page(plan, "en", "#view=network&year=2028&beside=today", bypass_csp=True)
    ward = str(plan.points[plan.points.status == "handed_over"].ward_code.iloc[0])
    page.locator("#q").fill(ward)
    page.keyboard.press("Enter")
    both = page.locator("#card .reception").all_inner_texts()
    for text, one, year in zip(both, (plan, plan.today), (2028, 2025), strict=True):
        mine = one.catchments[(one.catchments.year == year) & (one.catchments.ward_code == ward)]
        assert f"{number(minutes(one, mean_way(mine)), 'en', 1)} min" in text
        for _, served in mine.groupby("point_id"):
            assert f"{number(int(served.people.sum()), 'en')} people" in text
    lines = page.locator(".leaflet-here-lines-pane path.np-from, .leaflet-beside-lines-pane path.np-from")
    assert lines.count() == 2 * len(mine)
    assert Axe().run(page, options={"runOnly": RULES}).violations_count == 0
    # Its own point is closed on the left and open today: the card of the point says so.
    page.locator("#card .reception").nth(1).locator(".to-point").first.click()
    words = network_labels("en")
    said = page.locator("#card").inner_text()
    assert said.index(words["point_status_closed"]) < said.index("Open: ")


def test_a_plan_without_a_network_is_said_and_shows_where_its_reception_sits(open_page: Opener) -> None:
    plan, other = small(), plain()
    page = open_page(
        [other, plan], fragment=f"#scenario={NAME}&view=network&beside={other.scenario.name}&year=2028"
    )
    codes, speed = codes_of(page), other.scenario.prices.speed_kmh
    assert page.locator(".np-note").inner_text().startswith(f"{other.scenario.title_vi} không có mạng lưới")
    for year in (2028, 2029):
        go(page, f"#scenario={NAME}&view=network&beside={other.scenario.name}&year={year}")
        assert page.locator("#split-right").text_content() == f"{other.scenario.title_vi}, {year}"
        ways = own_metres(other, year)
        assert signs(page, "beside") == (5, 0, 0)
        for lines, code in zip(page.evaluate(HINTS, "beside"), codes, strict=True):
            people, metres = ways[code]
            total, count = sum(n * m for n, m in zip(people, metres, strict=True)), sum(people)
            mean = number(minutes(other, (2 * total + count) // (2 * count)), "vi", 1)
            assert lines[-1].endswith(f": {mean} phút"), (year, code)
        flat = [np.array([x for pair in ways.values() for x in pair[at]], np.int64) for at in (0, 1)]
        travel = travel_of(flat[0], flat[1], speed)
        lines = page.evaluate(FIGURES)
        assert lines[3][1] == f"bên phải: {number(travel.mean_m / 1000 + 1e-9, 'vi', 2)} km"
        assert lines[4][1] == f"bên phải: {number(travel.within[15] * 100 + 1e-9, 'vi', 1)}%"
        assert lines[0][1] == "bên phải: 5"
        check_side(page, "here", plan, stage_of(plan, year), codes)
    page.locator("#beside").select_option("today")
    assert page.locator(".np-note").is_hidden()
    go(page, f"#scenario={other.scenario.name}&view=network")
    assert "view=network" in page.locator("#notice").inner_text()
    assert page.locator("#mode").is_hidden()
    assert signs(page, "here") == (0, 0, 0)


def test_a_second_network_shows_its_nearest_stage(open_page: Opener, tmp_path: Path) -> None:
    """Both ways round on a phone's width; then on paper, where the map stays on the first page."""
    plan, other = small(), later()
    page = open_page([plan, other], fragment="#view=network&beside=muon-hon&year=2027", **PHONE)
    codes = codes_of(page)
    for left, right, year in ((plan, other, 2027), (plan, other, 2028), (other, plan, 2030)):
        go(page, f"#scenario={left.scenario.name}&view=network&beside={right.scenario.name}&year={year}")
        for side, one in (("here", left), ("beside", right)):
            check_side(page, side, one, stage_of(one, year), codes)
        assert [one[1] for one in page.evaluate(FIGURES)] == [
            f"bên phải: {x}" for x in expected(stage_of(right, year))
        ]
        assert page.locator(".np-note").is_hidden()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1047, "height": 718})  # an A4 sheet within its margins
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#worst").evaluate("one => one.previousElementSibling.className") == "work"
    assert page.locator(".work").evaluate("one => one.getBoundingClientRect().bottom + scrollY") < 718
    assert page.locator(".work").evaluate("one => one.scrollWidth <= one.clientWidth")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("#worst").evaluate("one => one.closest('.legend') !== null")
    file = tmp_path / "network.pdf"
    page.pdf(path=str(file), prefer_css_page_size=True)
    assert file.read_bytes().startswith(b"%PDF")


def test_hostile_names_stay_text_on_both_sides(open_page: Opener) -> None:
    plan = small(hostile=True)
    names = {"name": "khac", "title_vi": hostile_text(971), "title_en": hostile_text(970)}
    other = replace(plan, scenario=plan.scenario.model_copy(update=names))
    page = open_page([plan, other], fragment="#view=network&year=2028&beside=khac")
    for unit in range(len(plan.region.wards)):
        page.locator(f'button.unit[data-unit="{unit}"]').first.click()
        page.locator("#card .to-point").last.click()
    assert page.locator("#split-right").text_content() == f"{clean(names['title_vi'])}, 2028"
    assert page.evaluate("window.__hacked") is None
    assert page.locator("#card img, #card script, #worst img, #worst script, .np-note *").count() == 0


@pytest.mark.slow
def test_hanoi_today_and_another_plan_beside_the_network_unit_by_unit(open_page: Opener) -> None:
    region, norms = read_region(ROOT / "data/geo"), read_norms(ROOT / "data/norms")
    plan, other = (
        make_plan(read_scenario(name, ROOT), region, norms) for name in ("hanoi-digital", "hanoi-2025")
    )
    assert plan.today is not None
    page = open_page([plan, other], fragment="#scenario=hanoi-digital&view=network")
    codes = codes_of(page)
    for stage in stages(plan):
        go(page, f"#scenario=hanoi-digital&view=network&beside=today&year={stage.year}")
        check_side(page, "here", plan, stage, codes)
        check_side(page, "beside", plan.today, stages(plan.today)[-1], codes)
        check_worst(page, 0, plan, stage.year)
        check_worst(page, 1, plan.today, stages(plan.today)[-1].year)
    go(page, "#scenario=hanoi-digital&view=network&beside=hanoi-2025&year=2032")
    means = other.ward_measures().citizen_travel_mean
    for lines, code in zip(page.evaluate(HINTS, "beside"), codes, strict=True):
        assert lines[-1].endswith(f": {number(minutes(other, int(means[code])), 'vi', 1)} phút"), code
    counters = page.evaluate(FIGURES)[2][1]
    assert counters == f"bên phải: {number(int(other.city('counters')), 'vi')}"


def test_ways_without_a_network_are_those_of_the_measures() -> None:
    """What the page adds up is what the plan says of citizens' travel: its mean and its longest way."""
    data = content.page_content([small(), without()], "vi").data
    plan, own = data["scenarios"][0]["network"], data["scenarios"][1]["own_points"]
    # Before any hand-over, and today, nobody goes elsewhere than the page knows from who sits where.
    assert plan["ways"][0] == plan["today"]["ways"] == []
    assert own["figures"][0]["mean"] == without().city("citizen_travel_mean")
    reach = Reach(Index([without()], "vi"), origins_of(without()))
    assert max(reach.by_year(without())[2025]) == without().city("citizen_travel_max")
    assert set(map(tuple, reach.data()[0])) <= set(map(tuple, data["reach"][0]))
