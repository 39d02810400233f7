"""Every free text of every input hostile, in real Chromium: nothing runs, nothing is asked for, all can be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from planner.check import read_inputs
from planner.maps.words import clean
from planner.plan import make_plan
from tests.browser.test_map_page import CARDS
from tests.hostile.inputs import clean_project, soil

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]
WATCH = """() => {
    window.seen = [];
    new MutationObserver(all => all.forEach(one => one.addedNodes.forEach(node => {
        for (const each of [node, ...(node.querySelectorAll ? node.querySelectorAll('*') : [])])
            if (each.tagName && /^(img|script|iframe|object|embed|link|base|form|style)$/i.test(each.tagName))
                window.seen.push(each.outerHTML);
    }))).observe(document, { subtree: true, childList: true });
}"""


def test_nothing_that_was_typed_runs_or_asks_for_anything(open_page: Opener, tmp_path: Path) -> None:
    clean_project(tmp_path)
    soil(tmp_path)
    plans = [make_plan(*read_inputs(name, tmp_path)) for name in ("xay", "mang")]
    region = plans[0].region
    page = open_page(plans)
    page.evaluate(WATCH)
    scripts = page.locator("script").count()
    for at, plan in enumerate(plans):
        page.locator(f'input[name="scenario"][value="{at}"]').check(force=True)
        assert page.locator("h1").text_content() == clean(plan.scenario.title_vi)
        cards = page.evaluate(CARDS)
        names = [card["name"].partition(" ")[2] for card in cards]  # behind the type of the unit
        assert set(names) == {clean(name) for name in region.wards["name"]}
        said = "".join(item["text"] for card in cards for items in card["lists"].values() for item in items)
        used = plan.premises.loc[plan.premises["status"] == "in_use", "site_id"].unique()
        for site in set(used) & set(region.sites.index):
            assert clean(region.sites.loc[site, "name"]) in said
        page.locator("#year").focus()
        for _ in plan.years["year"]:
            page.keyboard.press("ArrowRight")
    typed = [*region.wards["name"], *region.communes["name"], *region.sites["address"][:20]]
    for text in dict.fromkeys(typed):
        page.locator("#q").fill(text)
        hits = page.locator("#q-list button")
        if hits.count():
            hits.first.hover()
    for name in region.wards["name"]:
        page.locator("#q").fill(name)
        assert clean(name) in (page.locator("#q-list").text_content() or "")
    page.locator('input[name="mode"][value="network"]').check(force=True)
    for unit in range(len(region.wards)):
        page.locator(f'button.unit[data-unit="{unit}"]:visible').first.click()
    page.locator("button.home").click()
    for shape in page.locator("path.unit-shape").all():
        shape.hover(force=True)
    assert page.evaluate("window.__hacked") is None
    assert page.evaluate("window.seen") == []
    assert page.locator("script").count() == scripts
    assert page.locator("img, iframe, object, embed, base, form[action]").count() == 0
    assert "1337" not in page.content()
