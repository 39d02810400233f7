"""Everybody can use the page: axe finds nothing, keys do everything, on paper, on a phone, in the dark."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from planner.maps.words import labels
from planner.plan import Plan
from tests.browser.mapplans import centres, hanoi, over_time, plan_of, region5, renamed
from tests.browser.netplans import small

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
WIDE = {"viewport": {"width": 1440, "height": 1000}}


def violations(page: Any) -> list[str]:
    """Return what axe-core objects to, with the place."""
    found = Axe().run(page, options={"runOnly": RULES}).response
    assert len(found["passes"]) >= 30
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found["violations"]]


def few() -> list[Plan]:
    """Return two plans of five units: axe looks at every cell of every row."""
    return [over_time(), renamed(plan_of(*region5()), "other")]


@pytest.mark.parametrize(
    ("made", "scheme", "size"),
    [
        (few, "light", WIDE),
        pytest.param(few, "dark", PHONE, marks=pytest.mark.slow),
        pytest.param(few, "dark", WIDE, marks=pytest.mark.slow),
        pytest.param(few, "light", PHONE, marks=pytest.mark.slow),
    ],
)
def test_axe_finds_nothing(
    open_page: Opener, made: Callable[[], list[Plan]], scheme: str, size: dict[str, Any]
) -> None:
    plans = made()
    # axe is put into the page by a script of its own, which the page's policy would stop.
    page = open_page(plans, bypass_csp=True, color_scheme=scheme, **size)
    assert violations(page) == []
    first, other = (plan.scenario.name for plan in plans)
    ward = plans[0].region.wards.index[0]
    for fragment in (
        f"#scenario={first}&year=2029&ward={ward}",
        f"#scenario={other}&beside={first}&year=2029&split=40&body=reception",
        "#scenario=nothing&state=today&measure=net_present_cost",
    ):
        page.evaluate("to => { location.hash = to; }", fragment)
        page.wait_for_timeout(50)
        assert violations(page) == [], fragment
    page.locator("#q").fill("h")
    assert page.locator("#q-list button").count() >= 1
    assert violations(page) == []


def test_axe_finds_nothing_on_the_page_of_a_network(open_page: Opener) -> None:
    page = open_page(small(), "en", "#view=network&year=2028", bypass_csp=True)
    assert page.locator("#mode input[value=network]").is_checked()
    assert violations(page) == []


def clip(page: Any, side: str) -> tuple[float, float]:
    """Return from where to where, in pixels of the map's frame, a side is shown."""
    cut = page.evaluate(f"document.querySelector('.leaflet-{side}-units-pane').style.clipPath")
    found = [float(x) for x in re.findall(r"(-?[\d.]+)px -?[\d.]+px", cut)]
    return min(found), max(found)


def test_the_split_is_moved_by_keys_and_by_the_mouse(open_page: Opener) -> None:
    plans = few()[::-1]
    page = open_page(plans)
    assert page.locator("#split").is_hidden()
    page.locator("#beside").select_option(plans[1].scenario.name)
    assert page.locator("#split").is_visible()
    assert page.locator("#split-right").text_content() == f"{plans[1].scenario.title_vi}, 2026"
    width = page.locator(".folium-map").bounding_box()["width"]
    left, right = clip(page, "here"), clip(page, "beside")
    assert left[1] == right[0]
    assert abs((left[1] - left[0]) - width / 2) < 3
    handle = page.locator("#split-at")
    handle.focus()
    page.keyboard.press("Home")
    assert clip(page, "here")[1] - clip(page, "here")[0] < 20
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    assert handle.input_value() == "30"
    assert "30%" in handle.get_attribute("aria-valuetext")
    assert abs(clip(page, "here")[1] - clip(page, "here")[0] - 0.3 * width) < 16
    box = handle.bounding_box()
    page.mouse.move(box["x"] + 14 + 0.3 * (box["width"] - 28), box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    assert 78 <= int(handle.input_value()) <= 82
    # The cut stays where it is on the screen when the map below it moves.
    page.evaluate("plannerMap.panBy([120, 40], { animate: false })")
    assert abs(clip(page, "here")[1] - clip(page, "here")[0] - 0.8 * width) < 16


@pytest.mark.slow
def test_each_side_shows_its_own_plan_and_year(open_page: Opener) -> None:
    plans = [hanoi(), centres()]
    page = open_page(plans, "vi", "#scenario=hanoi-2025&beside=hanoi-centres&year=2034")
    signs = {
        side: page.locator(f".leaflet-{side}-signs-pane .sign.used").count() for side in ("here", "beside")
    }
    for plan, side, year in ((plans[0], "here", 2025), (plans[1], "beside", 2034)):
        used = plan.premises[(plan.premises.year == year) & (plan.premises.status == "in_use")]
        assert signs[side] == len(used)
    counts = page.locator("#classes .count").all_text_contents()
    last = plans[1].assignments[plans[1].assignments.year == 2034].groupby("ward_code").site_id.nunique()
    first = plans[0].ward_measures().premises
    assert counts[0] == f"{int((first == 1).sum())} | {int((last == 1).sum())} đơn vị"
    heads = page.locator("table.units thead .c_seats_today").text_content()
    assert heads == plans[1].scenario.title_vi
    # Costs of five years and of ten are not subtracted from each other.
    cost = page.locator("#figures [data-key=net_present_cost]").inner_text()
    assert "trong 10 năm" in cost
    assert "giảm" not in cost
    page.locator("#beside").select_option("")
    assert page.locator(".leaflet-beside-signs-pane .sign").count() == 0
    assert page.evaluate("document.querySelector('.leaflet-here-units-pane').style.clipPath") == ""


@pytest.mark.slow
def test_today_beside_the_plan_follows_the_year_of_the_plan(open_page: Opener) -> None:
    plan = centres()
    assert plan.today is not None
    page = open_page(plan, "vi", "#state=today")
    page.locator("#beside").select_option(plan.scenario.name)
    page.locator("#year").fill("9")
    assert page.locator("#state input[value=today]").is_checked()
    assert page.locator("#split-right").text_content() == f"{plan.scenario.title_vi}, 2034"
    used = plan.premises[(plan.premises.year == 2034) & (plan.premises.status == "in_use")]
    assert page.locator(".leaflet-beside-signs-pane .sign.used").count() == len(used)
    assert page.locator(".leaflet-here-signs-pane .sign.used").count() == plan.today.city("premises")


def test_a_link_opens_a_unit_in_a_year_of_a_scenario(open_page: Opener) -> None:
    page = open_page(
        [hanoi(), centres()], "vi", "#ward=00070&year=2028&scenario=hanoi-centres&measure=surplus_floor"
    )
    assert page.locator("#card h3").text_content() == "Phường Hoàn Kiếm"
    assert page.locator("#year-now").text_content() == "2028"
    assert page.locator("#measure").input_value() == "surplus_floor"
    assert page.evaluate("plannerMap.getZoom()") > 11
    page.locator("#card .close").click()
    assert "ward=" not in page.evaluate("location.hash")
    page.locator("#q").fill("ba vi")
    page.keyboard.press("Enter")
    code = hanoi().region.wards.index[hanoi().region.wards.name == "Ba Vì"][0]
    assert f"ward={code}" in page.evaluate("location.hash")
    page.reload()
    page.wait_for_function("document.documentElement.dataset.ready === 'yes'")
    assert page.locator("#card h3").text_content() == "Xã Ba Vì"


@pytest.mark.slow
def test_a_link_to_what_the_page_does_not_have_says_so(open_page: Opener) -> None:
    page = open_page(hanoi(), "en", "#ward=99999&scenario=<b>x&body=king&measure=beauty&split=900")
    notice = page.locator("#notice")
    assert notice.is_visible()
    for word in ("ward=99999", "scenario=<b>x", "body=king", "measure=beauty"):
        assert word in notice.text_content()
    assert page.locator("#card").is_hidden()
    assert page.locator(".sign.used").count() > 126
    page.evaluate("location.hash = 'ward=00070'")
    page.wait_for_function("!document.getElementById('card').hidden")
    assert notice.is_hidden()


@pytest.mark.slow
def test_the_page_says_scenario_day_and_input_code(open_page: Opener) -> None:
    page = open_page([hanoi(), centres()], "vi", "#scenario=hanoi-centres")
    said = page.locator(".stamps span:visible").all_text_contents()
    year, month, of_month = centres().facts["solved_on"].split("-")
    # Decree 30/2020: days to 9 and months to 2 take a zero.
    day = f"{of_month}/{month if int(month) < 3 else int(month)}/{year}"
    assert len(said) == 1
    assert f"Kịch bản: hanoi-centres · lập ngày {day} · mã dữ liệu " in said[0]
    # What rests on floor areas nobody has measured looks it.
    guessed = page.eval_on_selector_all(
        "#figures .guess", "all => all.map(one => one.closest('div').dataset.key)"
    )
    assert guessed == ["net_present_cost", "surplus_floor", "missing_to_norm"]


@pytest.mark.slow
def test_a3_is_a_choice(open_page: Opener, tmp_path: Path) -> None:
    page = open_page(hanoi())
    page.locator("input[name=paper][value=a3]").check()
    file = tmp_path / "map.pdf"
    page.pdf(path=str(file), prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", file.read_bytes())
    assert {tuple(round(float(side)) for side in box) for box in boxes} == {(1191, 842)}


@pytest.mark.slow
def test_what_has_no_value_is_hatched(open_page: Opener) -> None:
    region, norms = region5()
    plan = plan_of(region, norms)
    measures = plan.measures[
        ~((plan.measures.ward_code == region.wards.index[0]) & (plan.measures.measure == "premises"))
    ]
    from dataclasses import replace

    page = open_page(replace(plan, measures=measures))
    fills = page.eval_on_selector_all("path.unit-shape", "all => all.map(one => one.getAttribute('fill'))")
    assert fills.count("url(#hatch)") == 1
    assert labels("vi")["no_value"] in page.locator("#classes .what").all_text_contents()
