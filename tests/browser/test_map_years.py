"""The slider of years and the choice of scenarios in real Chromium, opened from a file with the network off."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest

from planner.maps.words import labels, say_measure, say_money
from planner.plan import Plan
from planner.wording import number
from planner.yearly import COLUMNS
from tests.browser.mapplans import centres, hanoi, over_time, plan_of, region5, renamed

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]
PHONE = {"viewport": {"width": 360, "height": 780}, "is_mobile": True, "has_touch": True}


def figures(page: Any) -> list[str]:
    """Return the large figures of the year: in use, released, under construction, open, capital."""
    said: list[str] = page.eval_on_selector_all(
        "#year-figures .big", "all => all.map(one => one.textContent)"
    )
    return said


def drawn(page: Any) -> dict[str, int]:
    """Return how many signs of each kind stand on the map."""
    kinds = {
        "used": ".sign.used", "open": ".sign.used.centre", "building": ".sign.building",
        "kept": ".sign.kept", "released": ".sign.released",
    }  # fmt: skip
    return {name: page.locator(css).count() for name, css in kinds.items()}


def expected(plan: Plan, year: int) -> dict[str, int]:
    """Return the same from the tables: ground is no longer marked once its centre is being built on it."""
    rows = plan.premises[plan.premises.year == year]
    centre = rows.kind == "joint_centre"
    used, released = rows.status == "in_use", rows.status == "released"
    on_site = set(rows[centre].location)
    kept = rows[released & (rows.route == "centre")]
    return {
        "used": int(used.sum()),
        "open": int((used & centre).sum()),
        "building": int((rows.status == "under_construction").sum()),
        "kept": int((~kept.site_id.isin(on_site)).sum()),
        "released": int((released & (rows.route != "centre")).sum()),
    }


def test_keys_move_the_year_and_all_that_hangs_on_it(open_page: Opener) -> None:
    plan = centres()
    page = open_page(plan)
    rows = {row.year: row for row in plan.years.itertuples()}
    slider = page.locator("#year")
    slider.focus()
    for at, year in enumerate(sorted(rows)):
        if at:
            page.keyboard.press("ArrowRight")
        assert page.locator("#year-now").text_content() == str(year)
        assert slider.get_attribute("aria-valuetext") == str(year)
        assert drawn(page) == expected(plan, year)
        row = rows[year]
        opened = sum(rows[one].opened for one in rows if one <= year)
        assert figures(page)[:4] == [str(n) for n in (row.premises, row.released, row.building, opened)]
        assert figures(page)[4] == say_money(row.capital_vnd, "vi")
        seats = plan.assignments[plan.assignments.year == year].groupby("ward_code").site_id.nunique()
        assert page.locator("path.link").count() - 1 == (seats - 1).sum()  # one is in the legend
        shown = page.eval_on_selector_all(
            "#classes .what, #classes .count", "all => all.map(one => one.textContent)"
        )
        one_site = int((seats == 1).sum())
        assert shown[:2] == [labels("vi")["premises_1"], f"{one_site} đơn vị"]
    page.keyboard.press("Home")
    assert drawn(page) == expected(plan, min(rows))


@pytest.mark.slow
def test_the_card_of_a_unit_before_and_after_its_centre_opens(open_page: Opener) -> None:
    plan = centres()
    page = open_page(plan, "en", "#year=2025")
    rows = plan.premises[(plan.premises.kind == "joint_centre") & (plan.premises.status == "in_use")]
    ward = rows[rows.year == 2032].ward_code.iloc[0]
    opens = int(rows[rows.ward_code == ward].year.min())
    page.locator("#q").fill(ward)
    page.keyboard.press("Enter")
    card = page.locator("#card")
    for year in (2025, opens - 1, opens, 2034):
        page.locator("#year").fill(str(year - 2025))
        text = card.inner_text()
        assert f"open from the beginning of {opens}" in text
        before, state = year < opens, "not started" if year == 2025 else "under construction"
        assert f"{year}: {state if before else 'open'}." in text
        listed = page.locator(f"h4:text-is('In the plan, {year}') + ul > li").all_inner_texts()
        assert len(listed) >= 1
        assert any("Joint-agency centre" in item for item in listed) == (not before)
        if not before:
            assert len(listed) == 1
            for body in ("party", "council_committee", "front", "reception"):
                assert labels("en")[f"body_{body}"] in listed[0]
    # Looking at a unit on the map says the same.
    page.locator("button.home").click()
    page.locator(".sign.used.centre svg").first.hover(force=True)
    assert "Joint-agency centre" in page.locator(".leaflet-tooltip").inner_text()


@pytest.mark.slow
def test_released_premises_say_what_they_are_for(open_page: Opener) -> None:
    plan, words = centres(), labels("vi")
    page = open_page(plan)
    released = plan.premises[(plan.premises.status == "released") & (plan.premises.year == 2025)]
    for route, count in released[released.route != "centre"].route.value_counts().items():
        signs = page.locator(".sign.released", has=page.locator(f"text={words[f'letter_{route}']}"))
        assert signs.count() == count
        assert page.locator("#signs li", has_text=words[f"route_{route}"]).count() == 1
    page.locator("#state input[value=today]").check()
    assert page.locator(".sign.released .use").count() == 0


@pytest.mark.slow
def test_the_legend_explains_the_signs_that_occur_and_no_others(open_page: Opener) -> None:
    words = labels("vi")
    page = open_page([centres(), hanoi()])
    centre_words = ("sign_centre", "sign_building", "sign_kept", "route_health", "route_lease")
    said = "#signs li span"
    assert {words[key] for key in centre_words} <= set(page.locator(said).all_inner_texts())
    page.locator("#choice input").nth(1).check()
    after = set(page.locator(said).all_inner_texts())
    assert not after & {words[key] for key in centre_words}
    assert words["route_public_use"] in after


def tiles(page: Any) -> dict[str, list[str]]:
    """Return the figures at the head: the large one, then the lines below it."""
    found: dict[str, list[str]] = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('#figures [data-key]')].map(tile =>
            [tile.dataset.key, [...tile.querySelectorAll('dd')].map(one => one.textContent)]))"""
    )
    return found


def test_figures_colours_table_and_card_are_those_of_the_year(open_page: Opener) -> None:
    plan, words = centres(), labels("en")
    assert plan.today is not None
    page = open_page(plan, "en", "#year=2032&measure=missing_to_norm")
    of_year = plan.measures_by_year[plan.measures_by_year.year == 2032].set_index("ward_code")
    first = plan.ward_measures()
    city = plan.city_by_year()[2032]
    said = tiles(page)
    for key in ("citizen_travel_mean", "citizen_travel_max", "body_distance_mean", "missing_to_norm"):
        assert said[key][0] == say_measure(key, city[key], "en")
    farthest = plan.region.wards.name[of_year.citizen_travel_max_m.drop("").idxmax()]
    assert said["citizen_travel_max"][1] == farthest
    most = say_measure("body_distance_max", city["body_distance_max"], "en")
    assert said["body_distance_mean"][-1] == f"farthest {most}"
    today = plan.today.city("missing_to_norm")
    more = number(100 * (city["missing_to_norm"] - today) / today, "en", 1)
    assert f"{more}% more" in said["missing_to_norm"][1].replace("\u00a0", " ")
    # Cost is that of all years, as its tile says, and nothing more needs to be said.
    assert said["net_present_cost"][0] == say_measure("net_present_cost", plan.city("net_present_cost"), "en")
    assert page.locator(".figures dl:visible dt").nth(1).text_content().startswith("Cost over 10 years")
    assert page.locator("#figures .hint").count() == 0
    assert page.locator("#measure-year").text_content() == "2032"
    page.locator("#measure").select_option(value="net_present_cost")
    assert page.locator("#measure-year").text_content() == ""
    # A unit that has moved into its centre.
    moved = of_year.index[(of_year.body_distance_mean_m == 0) & (of_year.index != "")]
    ward = next(
        code for code in moved if first.body_distance_mean[code] > 0 and first.missing_to_norm[code] > 0
    )
    page.locator("#q").fill(ward)
    page.keyboard.press("Enter")
    rows = page.locator("#card table tbody tr").evaluate_all(
        """all => Object.fromEntries(all.map(row => {
            const [key, ...rest] = [...row.children].map(one => one.textContent);
            return [key, rest];
        }))"""
    )
    assert page.locator("#card h4", has_text=f"{words['card_numbers']}, 2032").count() == 1
    for key in (
        "citizen_travel_mean",
        "body_distance_mean",
        "floor_in_use",
        "missing_to_norm",
        "surplus_floor",
    ):
        column = COLUMNS[key]
        assert rows[words[f"m_{key}"]][-1] == say_measure(key, of_year[column][ward], "en"), key
    assert rows[f"{words['m_net_present_cost']} (2025–2034)"][-1] == say_measure(
        "net_present_cost", first.net_present_cost[ward], "en"
    )
    assert f"{words['m_cost_recurrent_year']} (2025)" in rows
    # Today stays what it is.
    page.locator("#state input[value=today]").check()
    assert tiles(page)["missing_to_norm"][0] == say_measure("missing_to_norm", today, "en")


@pytest.mark.slow
def test_both_sides_of_a_comparison_follow_the_year(open_page: Opener) -> None:
    plan = centres()
    page = open_page([hanoi(), plan], "en", "#scenario=hanoi-2025&beside=hanoi-centres&year=2033")
    city = plan.city_by_year()[2033]
    said = tiles(page)["missing_to_norm"]
    assert said[0] == say_measure("missing_to_norm", hanoi().city("missing_to_norm"), "en")
    other = say_measure("missing_to_norm", city["missing_to_norm"], "en").replace(" ", "\u00a0")
    assert said[1].startswith(f"{plan.scenario.title_en}: {other} · ")


@pytest.mark.slow
def test_results_without_measures_by_year_show_those_of_the_first(open_page: Opener) -> None:
    plan = replace(centres(), measures_by_year=pd.DataFrame())
    page = open_page(plan, "en", "#year=2032&measure=missing_to_norm")
    assert tiles(page)["missing_to_norm"][0] == say_measure(
        "missing_to_norm", plan.city("missing_to_norm"), "en"
    )
    row = plan.years[plan.years.year == 2032].iloc[0]
    assert tiles(page)["premises"][0] == str(row.premises)
    assert page.locator("#measure-year").text_content() == "2025"
    assert "those of the first year (2025)" in page.locator("#figures .hint").inner_text()


def test_dragging_and_touching_move_the_year(open_page: Opener) -> None:
    page = open_page(centres(), **PHONE)
    page.locator("#time").scroll_into_view_if_needed()
    box = page.locator("#year").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] * 0.67, box["y"] + box["height"] / 2)
    assert page.locator("#year-now").text_content() == "2031"
    page.mouse.move(box["x"] + box["width"] * 0.67, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 3, box["y"] + box["height"] / 2, steps=6)
    page.mouse.up()
    assert page.locator("#year-now").text_content() == "2034"
    page.locator("#ticks li").nth(4).tap()
    assert page.locator("#year-now").text_content() == "2029"
    assert drawn(page) == expected(centres(), 2029)


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_narrow_phone_shows_years_and_choice_without_sideways_scrolling(
    open_page: Opener, lang: str
) -> None:
    page = open_page([centres(), hanoi()], lang, "#year=2032", **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    ticks = page.eval_on_selector_all(
        "#ticks li", "all => all.map(one => one.getBoundingClientRect().toJSON())"
    )
    assert all(one["left"] >= 0 and one["right"] <= 360 for one in ticks)
    assert all(a["right"] <= b["left"] for a, b in pairwise(ticks))
    # The slider and the whole map fit on one screen.
    top = page.locator("#time").bounding_box()["y"]
    map_box = page.locator(".folium-map").bounding_box()
    assert map_box["y"] - top <= 340
    assert map_box["width"] >= 320


@pytest.mark.slow
def test_the_years_play_and_stop(open_page: Opener) -> None:
    page = open_page(over_time(), "en")
    page.clock.install()
    play = page.locator("#play")
    play.click()
    assert play.get_attribute("aria-label") == "Stop"
    page.clock.run_for(1300)
    assert page.locator("#year-now").text_content() == "2027"
    play.click()
    page.clock.run_for(5000)
    assert page.locator("#year-now").text_content() == "2027"
    play.click()
    page.clock.run_for(10_000)
    assert page.locator("#year-now").text_content() == "2030"
    assert play.get_attribute("aria-label") == "Play the years"


@pytest.mark.slow
def test_today_is_outside_the_years_and_the_slider_leads_back(open_page: Opener) -> None:
    plan = centres()
    assert plan.today is not None
    page = open_page(plan, "en", "#year=2033")
    page.locator("#state input[value=today]").check()
    assert page.locator("#year-now").text_content() == "Today"
    assert figures(page) == [str(int(plan.today.city("premises")))]
    assert drawn(page)["building"] == drawn(page)["open"] == 0
    page.locator("#year").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#state input[value=plan]").is_checked()
    assert page.locator("#year-now").text_content() == "2034"


@pytest.mark.slow
def test_a_scenario_brings_its_title_figures_table_and_map(open_page: Opener) -> None:
    plans = [centres(), hanoi()]
    page = open_page(plans)
    for at, plan in enumerate(plans):
        page.locator("#choice input").nth(at).check()
        assert page.locator("h1").text_content() == plan.scenario.title_vi
        assert page.title().startswith(plan.scenario.title_vi)
        assert page.locator(".figures dl:visible").count() == 1
        tile = page.locator(".figures dl:visible [data-key=premises] .big").text_content()
        assert tile == str(int(plan.city("premises")))
        assert page.locator("table.units:visible tbody tr").count() == 126
        assert page.locator("#time").is_visible() == (at == 0)
        assert drawn(page) == expected(plan, 2025)
        page.locator("#state input[value=today]").check()
        assert plan.today is not None
        assert drawn(page)["used"] == plan.today.city("premises")
        page.locator("#state input[value=plan]").check()
    # Each table has its own order and leads to the map.
    page.locator("table.units:visible th.c_cost button").click()
    page.locator("table.units:visible button.unit").first.click()
    assert page.locator("#card").is_visible()
    # The choice is one stop for the keyboard, with arrows inside.
    page.locator("#choice input:checked").focus()
    page.keyboard.press("ArrowLeft")
    assert page.locator("h1").text_content() == plans[0].scenario.title_vi


@pytest.mark.slow
def test_the_address_keeps_scenario_year_and_state(open_page: Opener) -> None:
    page = open_page([hanoi(), centres()])
    assert page.evaluate("location.hash") == ""
    page.locator("#choice input").nth(1).check()
    page.locator("#year").fill("6")
    assert page.evaluate("location.hash") == "#scenario=hanoi-centres&year=2031"
    page.reload()
    page.wait_for_function("document.documentElement.dataset.ready === 'yes'")
    assert page.locator("h1").text_content() == centres().scenario.title_vi
    assert page.locator("#year-now").text_content() == "2031"
    assert drawn(page) == expected(centres(), 2031)
    page.locator("#state input[value=today]").check()
    page.reload()
    page.wait_for_function("document.documentElement.dataset.ready === 'yes'")
    assert page.locator("#state input[value=today]").is_checked()
    page.evaluate("location.hash = '#scenario=hanoi-centres&year=2029'")
    page.wait_for_function("document.getElementById('year-now').textContent === '2029'")
    # What is not known is left alone; the skip link keeps what is shown.
    page.evaluate("location.hash = '#scenario=zzz&year=1900'")
    page.locator("a.skip").focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(100)
    assert page.locator("#year-now").text_content() == "2029"


@pytest.mark.slow
def test_the_year_is_kept_on_the_way_through_a_scenario_without_years(open_page: Opener) -> None:
    page = open_page([centres(), hanoi()], "vi", "#scenario=hanoi-centres&year=2033")
    page.locator("#choice input").nth(1).check()
    page.locator("#choice input").nth(0).check()
    assert page.locator("#year-now").text_content() == "2033"


@pytest.mark.slow
def test_one_plan_without_years_has_no_slider_and_no_choice(open_page: Opener) -> None:
    page = open_page(hanoi())
    assert page.locator("#time").is_hidden()
    assert page.locator("#choice").is_hidden()
    page.locator("#state input[value=today]").check()
    assert page.evaluate("location.hash") == ""


def test_hostile_titles_and_names_over_time_are_text(open_page: Opener) -> None:
    plan = over_time(hostile=True)
    other = plan_of(*region5(hostile=True), hostile=True)
    bad = "\"><img src=x onerror=window.__hacked=1>&year=9#'"
    page = open_page([plan, renamed(other, bad)], **PHONE)
    for at in (1, 0):
        page.locator("#choice input").nth(at).check()
        for button in page.locator("table.units:visible button.unit").all():
            button.evaluate("one => one.click()")
    for at in range(5):
        page.locator("#year").fill(str(at))
    page.locator("#choice input").nth(1).check()
    assert page.evaluate("new URLSearchParams(location.hash.slice(1)).get('scenario')") == bad
    page.reload()
    page.wait_for_function("document.documentElement.dataset.ready === 'yes'")
    assert page.locator("#choice input").nth(1).is_checked()
    assert page.locator("#choice b").nth(1).text_content() == f"Kịch bản {bad}"
    assert page.evaluate("window.__hacked") is None
    assert page.locator("img").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_without_script_a_table_compares_the_scenarios_and_one_shows_the_first(open_page: Opener) -> None:
    plans = [centres(), hanoi()]
    page = open_page(plans, java_script_enabled=False)
    assert page.locator("table.units:visible").count() == 2
    assert page.locator(".data .which").all_text_contents() == [centres().scenario.title_vi]
    rows = page.locator("table.units").first.locator("tbody tr")
    measures = [plan.ward_measures().join(plan.region.wards.name).set_index("name") for plan in plans]
    for name, *cells in rows.evaluate_all(
        "all => all.map(row => [...row.children].map(one => one.textContent))"
    ):
        wanted = []
        for table in measures:
            wanted += [str(int(table.premises[name])), number(table.net_present_cost[name] / 1e9, "vi", 1)]
        assert cells == wanted, name


@pytest.mark.slow
def test_print_shows_the_year_and_one_scenario(open_page: Opener) -> None:
    page = open_page([centres(), hanoi()], "vi", "#scenario=hanoi-centres&year=2031")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#year-now").is_visible()
    assert page.locator("#year").is_hidden()
    assert page.locator("#choice").is_hidden()
    assert page.locator("table.units:visible").count() == 1
    # An A4 page in landscape with 10 mm of margin is 718 px high.
    page.set_viewport_size({"width": 1047, "height": 718})
    bottom = page.evaluate("document.querySelector('.work').getBoundingClientRect().bottom + scrollY")
    assert bottom <= 718
