"""The reception network on the map, in real Chromium with the network off: what it says is what the tables say."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from planner.catchments import minutes, stages, ways, worst
from planner.maps.words import clean, network_labels
from planner.plan import Plan
from planner.wording import number
from tests.browser.netplans import small, without

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def big(page: Any) -> list[str]:
    said: list[str] = page.eval_on_selector_all(
        "#year-figures .big", "all => all.map(one => one.textContent)"
    )
    return said


def expected(stage: Any) -> list[str]:
    """Return the figures of a stage: points, of the city, counters, mean way, share within 15 minutes."""
    counts = [number(n, "vi") for n in (stage.points, stage.of_city, stage.counters)]
    near = number(stage.within_15 * 100 + 1e-9, "vi", 1)
    return [*counts, f"{number(stage.mean_m / 1000 + 1e-9, 'vi', 2)} km", f"{near}%"]


def signs(page: Any) -> tuple[int, int, int]:
    """Return how many points are drawn: open of wards, open of the city, closed."""
    count = lambda css: page.locator(css).count()  # noqa: E731
    return count(".np:not(.gone):not(.city)"), count(".np.city:not(.gone)"), count(".np.gone")


def worst_said(page: Any) -> list[str]:
    said: list[str] = page.eval_on_selector_all("#worst small", "all => all.map(one => one.textContent)")
    return said


def check_year(page: Any, plan: Plan, stage: Any) -> None:
    assert big(page) == expected(stage)
    assert signs(page) == (stage.of_wards, stage.of_city, stage.closed)
    found = worst(plan, stage.year)
    assert len(worst_said(page)) == len(found)
    for text, way in zip(worst_said(page), found, strict=True):
        assert text.startswith(
            f"{number(minutes(plan, way.road_m), 'vi', 1)} phút · {number(way.people, 'vi')} người"
        )


def test_every_year_says_what_the_tables_say(open_page: Opener) -> None:
    plan = small()
    page = open_page(plan, fragment="#view=network&year=2025")
    assert page.locator('input[name="mode"][value="network"]').is_checked()
    slider = page.locator("#year")
    slider.focus()
    found = stages(plan)
    for year in range(2025, 2030):
        if year > 2025:
            page.keyboard.press("ArrowRight")
        assert page.locator("#year-now").text_content() == str(year)
        check_year(page, plan, next(one for one in reversed(found) if one.year <= year))
        said = page.evaluate("location.hash").removeprefix("#").split("&")
        assert {f"year={year}", "view=network"} <= set(said)
    page.locator('input[name="state"][value="today"]').check(force=True)
    assert plan.today is not None
    check_year(page, plan.today, stages(plan.today)[-1])
    page.locator('input[name="mode"][value="premises"]').check(force=True)
    assert signs(page) == (0, 0, 0)
    assert page.locator(".sign.used").count() > 0
    assert page.locator("#worst").is_hidden()


def test_a_unit_and_a_point_show_their_catchments(open_page: Opener) -> None:
    plan = small()
    page = open_page(plan, fragment="#view=network&year=2028")
    ward = str(plan.points[plan.points.status == "handed_over"].ward_code.iloc[0])
    mine = [way for way in ways(plan, 2028) if way.ward == ward]
    page.locator("#q").fill(ward)
    page.keyboard.press("Enter")
    card = page.locator("#card")
    assert (
        f"bàn giao từ năm {plan.points[plan.points.status == 'handed_over'].year.min()}" in card.inner_text()
    )
    assert card.locator(".reception li").count() == len({way.point for way in mine})
    assert page.locator("path.np-from").count() == len(mine)
    button = card.locator(".to-point").first
    button.focus()
    page.keyboard.press("Enter")
    point = max({way.point for way in mine}, key=lambda one: sum(w.people for w in mine if w.point == one))
    served = [way for way in ways(plan, 2028) if way.point == point]
    assert page.locator("path.np-from").count() == len(served)
    assert card.locator("li").count() == len(served)
    page.keyboard.press("Escape")
    assert card.is_hidden()
    assert page.locator("path.np-from").count() == 0
    page.locator("#layer-ways input").check()
    assert page.locator("path.np-way").count() == 1


def test_the_colours_follow_the_year(open_page: Opener) -> None:
    page = open_page(small(), fragment="#view=network&year=2025")
    fills = "all => all.map(one => one.getAttribute('fill'))"
    seen = [page.eval_on_selector_all(".unit-shape", fills)]
    for _ in range(3):
        page.locator("#year").focus()
        page.keyboard.press("ArrowRight")
        seen.append(page.eval_on_selector_all(".unit-shape", fills))
    assert seen[0] == seen[1]  # 2026 is of the same stage
    assert any(one != other for one, other in pairwise(seen))
    assert page.locator("#measure").input_value() == "reception_minutes"


def test_hostile_names_are_text(open_page: Opener) -> None:
    plan = small(hostile=True)
    page = open_page(plan, fragment="#view=network&year=2028")
    for unit in range(len(plan.region.wards)):
        page.locator(f'button.unit[data-unit="{unit}"]').first.click()
        for at in range(page.locator("#card .to-point").count()):
            page.locator("#card .to-point").nth(at).click()
            page.locator(f'button.unit[data-unit="{unit}"]').first.click()
    name = clean(plan.region.city_points.name.iloc[0])
    page.locator("#q").fill(name)
    assert page.evaluate("window.__hacked") is None
    assert page.locator("img, #card script, #worst script").count() == 0


def test_on_a_phone_nothing_runs_over_the_edge(open_page: Opener) -> None:
    page = open_page(small(), fragment="#view=network&year=2028", **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("#q").fill("CP")
    page.locator('button.unit[data-unit="1"]').first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_page_of_plans_with_and_without_a_network(open_page: Opener) -> None:
    one = small()
    page = open_page([one, without()], fragment="#scenario=mang-luoi&view=network&year=2027")
    assert page.locator("#mode").is_visible()
    page.locator('input[name="scenario"][value="1"]').check(force=True)
    assert page.locator("#mode").is_hidden()
    assert signs(page) == (0, 0, 0)
    assert page.locator(".sign.used").count() > 0


def test_english_is_complete() -> None:
    vietnamese, english = network_labels("vi"), network_labels("en")
    assert vietnamese.keys() == english.keys()
    assert all(english.values())
    same = {key for key in english if english[key] == vietnamese[key]}
    assert same == {"way_is"}
