"""The page of a plan in real Chromium, opened from a file with the network off."""

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from planner.maps.words import labels
from planner.plan import Plan
from planner.wording import number
from tests.browser.mapplans import hanoi, plan_of, region5

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]
CARDS = """() => [...document.querySelectorAll('table.units button.unit')].map(button => {
    button.click();
    const card = document.getElementById('card'), lists = {};
    let head = '';
    for (const node of card.children) {
        if (node.tagName === 'H4') head = node.textContent;
        if (node.tagName === 'UL') lists[head] = [...node.children].map(item => ({
            site: item.querySelector('b') ? item.querySelector('b').textContent : '',
            who: item.querySelector('.who') ? item.querySelector('.who').textContent : '',
            text: item.textContent,
        }));
    }
    const text = css => card.querySelector(css).textContent;
    const cells = row => [...row.children].map(cell => cell.textContent);
    const rows = [...card.querySelectorAll('tbody tr')].map(cells);
    return { name: text('h3'), about: text('.about'), lists, rows };
})"""


def legend(page: Any) -> list[list[str]]:
    """Return the words and counts of the legend."""
    items: list[list[str]] = page.eval_on_selector_all(
        "#classes li",
        "items => items.map(one => [...one.children].slice(1).map(node => node.textContent))",
    )
    return items


def whole(text: str) -> int:
    """Return the number at the head of a text."""
    return int(re.sub(r"\D", "", text.split()[0]))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_page_draws_every_unit_and_asks_for_nothing(open_page: Opener, lang: str) -> None:
    page = open_page(hanoi(), lang)
    assert page.evaluate("document.documentElement.lang") == lang
    assert page.locator("path.unit-shape").count() == 126
    assert page.locator("table.units tbody tr").count() == 126
    assert page.locator(".stamp").text_content() == labels(lang)["schematic"]
    assert labels(lang)["plan"] == page.locator("#state input:checked + span").text_content()


def test_signs_and_lines_are_those_of_the_plan_and_of_today(open_page: Opener) -> None:
    plan = hanoi()
    page = open_page(plan)
    for key, one in (("plan", plan), ("today", plan.today)):
        assert one is not None
        page.locator(f"#state input[value={key}]").check()
        seats = one.assignments[one.assignments.year == one.assignments.year.min()]
        sites = seats.groupby("ward_code").site_id.nunique()
        assert page.locator(".sign.used").count() == sites.sum()
        assert page.locator("path.link").count() - 1 == (sites - 1).sum()  # one is in the legend
        released = one.premises[(one.premises.status == "released") & (one.premises.year == seats.year.min())]
        assert page.locator(".sign.released").count() == len(released)
        district = one.region.sites.kind[seats.site_id.unique()].eq("former_district_hq").sum()
        assert page.locator(".sign.used rect").count() == district
    page.locator("#layers input").first.uncheck()
    assert page.locator(".sign.used").count() == 0


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["vi", pytest.param("en", marks=pytest.mark.slow)])
def test_the_legend_counts_the_units_of_the_shown_measure(open_page: Opener, lang: str) -> None:
    plan = hanoi()
    page = open_page(plan, lang)
    for key, one in (("plan", plan), ("today", plan.today)):
        assert one is not None
        page.locator(f"#state input[value={key}]").check()
        page.locator("#measure").select_option("premises")
        counts = one.ward_measures().premises.value_counts()
        said = {whole(word): whole(count) for word, count in legend(page)}
        assert {n: c for n, c in said.items() if c} == {int(n): int(c) for n, c in counts.items()}
        for option in page.eval_on_selector_all("#measure option", "all => all.map(one => one.value)"):
            page.locator("#measure").select_option(option)
            lines = legend(page)
            assert sum(whole(count) for _, count in lines) == 126
            # Colour of every unit: as many as the legend says.
            fills = page.eval_on_selector_all(
                "path.unit-shape", "all => all.map(one => one.getAttribute('fill'))"
            )
            assert len(set(fills)) == sum(whole(count) > 0 for _, count in lines)


def expected_cards(plan: Plan, lang: str) -> dict[str, dict[str, set[str]]]:
    """Return unit code to site name to the bodies on it, from the table of assignments."""
    names = plan.region.sites.name
    found: dict[str, dict[str, set[str]]] = {}
    for row in plan.assignments[plan.assignments.year == plan.assignments.year.min()].itertuples():
        found.setdefault(row.ward_code, {}).setdefault(names[row.site_id], set()).add(row.body)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_cards_equal_the_plan_for_every_unit(open_page: Opener, lang: str) -> None:
    plan, words = hanoi(), labels(lang)
    assert plan.today is not None
    page = open_page(plan, lang)
    cards = page.evaluate(CARDS)
    assert len(cards) == 126
    by_code = {}
    for card in cards:
        code = re.search(r"\b\d{5}\b", card["about"])
        assert code is not None
        by_code[code.group()] = card
    assert set(by_code) == set(plan.region.wards.index)
    for head, one in ((words["card_plan"], plan), (words["card_today"], plan.today)):
        for code, wanted in expected_cards(one, lang).items():
            shown = {item["site"]: item["who"] for item in by_code[code]["lists"][head]}
            assert set(shown) == set(wanted)
            for site, bodies in wanted.items():
                for body in bodies - {"council_committee"}:
                    assert words[f"body_{body}"] in shown[site]
                if len({s for s, b in wanted.items() if "council_committee" in b}) == 1:
                    assert (words["body_council_committee"] in shown[site]) == ("council_committee" in bodies)
    measures, before = plan.ward_measures(), plan.today.ward_measures()
    for code, card in by_code.items():
        assert plan.region.wards.name[code] in card["name"]
        assert card["rows"][0][1:] == [str(int(one.premises[code])) for one in (before, measures)]
        cost = number(measures.net_present_cost[code] / 1e9, lang, 1)  # type: ignore[arg-type]
        assert card["rows"][1][2].startswith(cost), code
        actions = card["lists"][words["card_actions"]]
        assert (actions[0]["text"] == words["card_no_actions"]) == (not page_actions(page, code))


def page_actions(page: Any, code: str) -> list[Any]:
    """Return what the page's data say is to do in a unit."""
    if not hasattr(page, "actions"):
        data = page.evaluate("JSON.parse(document.getElementById('plan-data').textContent)")
        page.actions = dict(zip(data["units"]["code"], data["scenarios"][0]["actions"], strict=True))
    found: list[Any] = page.actions[code]
    return found


def test_search_finds_units_without_accents(open_page: Opener) -> None:
    page = open_page(hanoi())
    for typed, unit in (
        ("hoan kiem", "Phường Hoàn Kiếm"),
        ("HOÀN KIẾM", "Phường Hoàn Kiếm"),
        ("dong da", "Phường Đống Đa"),
        ("đống đa", "Phường Đống Đa"),
        ("hang trong", "Phường Hoàn Kiếm"),
        ("126 Hàng Trống", "Phường Hoàn Kiếm"),
        ("00070", "Phường Hoàn Kiếm"),
        ("xa ba vi", "Xã Ba Vì"),
    ):
        page.locator("#card").press("Escape") if page.locator("#card").is_visible() else None
        page.locator("#q").fill(typed)
        page.keyboard.press("Enter")
        assert page.locator("#card h3").text_content() == unit, typed
        assert page.locator("path.unit-shape[stroke='#111']").count() == 1


@pytest.mark.slow
def test_search_says_when_nothing_is_found(open_page: Opener) -> None:
    page = open_page(hanoi())
    page.locator("#q").fill("zzzz")
    assert page.locator("#q-count").text_content() == labels("vi")["found_none"]
    page.locator("#q").fill("")
    assert page.locator("#q-list li").count() == 0


def test_hostile_text_is_shown_as_text_and_never_runs(open_page: Opener) -> None:
    plan = plan_of(*region5(hostile=True), hostile=True)
    page = open_page(plan)
    assert (
        page.locator("h1").text_content()
        == plan.scenario.title_vi.replace("\u2028", " ").replace("\u2029", " ").strip()
    )
    cards = page.evaluate(CARDS)
    assert len(cards) == 5
    shown = "".join(item["text"] for card in cards for items in card["lists"].values() for item in items)
    for name in plan.region.sites.name[plan.assignments.site_id.unique()]:
        assert re.sub("[\u2028\u2029]", " ", name).strip() in shown
    for typed in ("img", "script", "{{", "`", "<", "rat dai"):
        page.locator("#q").fill(typed)
        page.locator("#q-list button").first.hover()
    for value in ("today", "plan"):
        page.locator(f"#state input[value={value}]").check()
        page.locator("button.home").click()
        for shape in page.locator("path.unit-shape").all():
            shape.hover(force=True)
        for sign in page.locator(".sign.used svg").all()[:4]:
            sign.hover(force=True)
    assert page.locator(".leaflet-tooltip").count() >= 1
    assert page.evaluate("window.__hacked") is None
    assert page.locator("img, iframe, object, embed").count() == 0
    assert page.locator("script").count() == 3
    assert "1337" not in page.content()


@pytest.mark.slow
def test_the_second_wall_stands_where_markup_gets_in(open_page: Opener) -> None:
    """The policy stops a script even if some later change lets markup through."""
    page = open_page(plan_of(*region5()))
    blocked = page.evaluate(
        """() => new Promise(done => {
            document.addEventListener('securitypolicyviolation', event => done(event.effectiveDirective));
            const node = document.createElement('div');
            node.setAttribute('onclick', 'window.__hacked = 1');
            document.body.append(node);
            node.click();
            setTimeout(() => done('nothing was blocked'), 500);
        })"""
    )
    assert len(open_page.noise) == 1  # type: ignore[attr-defined]
    open_page.noise.clear()  # type: ignore[attr-defined]
    assert blocked == "script-src-attr"
    assert page.evaluate("window.__hacked") is None


def test_everything_can_be_done_with_keys(open_page: Opener) -> None:
    page = open_page(hanoi())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "table"
    page.locator("#q").focus()
    page.keyboard.type("thanh xuan")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.className") == "hit"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "card"
    assert page.locator("#card h3").text_content() == "Phường Thanh Xuân"
    page.keyboard.press("Escape")
    assert page.locator("#card").is_hidden()
    assert page.evaluate("document.activeElement.id") == "q"
    page.locator("#state input[value=plan]").focus()
    page.keyboard.press("ArrowLeft")
    assert page.locator("#state input[value=today]").is_checked()
    focusable = page.eval_on_selector_all(
        ".leaflet-pane [tabindex], .leaflet-pane a, .leaflet-pane button", "all => all.length"
    )
    assert focusable == 0  # hundreds of signs are not stops on the way
    outline = page.evaluate(
        "document.querySelector('#q').focus(), getComputedStyle(document.querySelector('#q')).outlineStyle"
    )
    assert outline == "solid"


@pytest.mark.slow
def test_a_row_zooms_to_its_unit_and_columns_sort(open_page: Opener) -> None:
    page = open_page(hanoi())
    zoom = page.evaluate("plannerMap.getZoom()")
    page.locator("table.units button.unit").first.click()
    assert page.evaluate("plannerMap.getZoom()") > zoom
    assert page.locator("#card").is_visible()
    page.locator("table.units th.c_cost button").click()
    column = "all => all.map(row => Number(row.children[8].dataset.v))"
    costs = page.eval_on_selector_all("table.units tbody tr", column)
    assert costs == sorted(costs)
    ranks = page.eval_on_selector_all(
        "table.units tbody tr", "all => all.map(row => row.children[0].textContent)"
    )
    assert ranks == [str(1 + sum(other < cost for other in costs)) for cost in costs]
    page.locator("table.units th.c_cost button").click()
    assert page.eval_on_selector_all("table.units tbody tr", column) == sorted(costs, reverse=True)
    assert page.locator("table.units th.c_cost").get_attribute("aria-sort") == "descending"


@pytest.mark.slow
def test_a_page_without_today_offers_no_choice(open_page: Opener) -> None:
    page = open_page(plan_of(*region5(), today=False))
    assert page.locator("#state").is_hidden()
    page.locator("table.units button.unit").first.click()
    assert labels("vi")["card_actions"] not in page.locator("#card").text_content()


@pytest.mark.slow
def test_a_region_without_boundaries_still_has_a_map(open_page: Opener, tmp_path: Path) -> None:
    region, norms = region5()
    plan = plan_of(replace(region, folder=tmp_path), norms)
    page = open_page(plan)
    assert page.locator(".sign.used").count() >= 5
    assert page.locator(".stamp").text_content() == ""
    page.locator("table.units button.unit").first.click()
    assert page.locator("#card").is_visible()


@pytest.mark.slow
def test_the_english_page_is_english(open_page: Opener) -> None:
    page = open_page(hanoi(), "en")
    page.locator("table.units button.unit").first.click()
    fixed = page.eval_on_selector_all(
        "legend, label, option, h1, h2, h4, caption, thead, dt, .hint, .truth, .kicker, .what, .bodies, .about",
        "all => all.map(one => one.textContent).join('\\n')",
    )
    names = "|".join(
        map(re.escape, sorted({*hanoi().region.communes.name, *hanoi().region.wards.former_district}))
    )
    assert re.findall(r"[À-ỹ]+", re.sub(names, "", fixed)) == []
    assert "billion VND" in page.locator(".figures").text_content()


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_phone_shows_it_without_sideways_scrolling(open_page: Opener, lang: str) -> None:
    page = open_page(hanoi(), lang, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("#q").fill("ba vi")
    page.locator("#q-list button").first.click()
    page.wait_for_timeout(100)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    top = page.evaluate("document.getElementById('card').getBoundingClientRect().top")
    assert -5 <= top <= 400
    assert page.locator(".folium-map").bounding_box()["width"] > 320


@pytest.mark.slow
def test_hostile_text_does_not_break_the_phone_layout(open_page: Opener) -> None:
    plan = plan_of(*region5(hostile=True), hostile=True)
    page = open_page(plan, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    page.evaluate(CARDS)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_print_gives_landscape_pages_with_the_table_head_on_each(open_page: Opener, tmp_path: Path) -> None:
    page = open_page(hanoi())
    file = tmp_path / "map.pdf"
    page.pdf(path=str(file), prefer_css_page_size=True)
    content = file.read_bytes()
    pages = len(re.findall(rb"/Type\s*/Page\b", content))
    assert 5 <= pages <= 20
    box = re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", content)
    assert box is not None
    assert [round(float(side)) for side in box.groups()] == [842, 595]
    if shutil.which("pdftotext"):
        for at in (2, 3, pages - 1):
            command = ["pdftotext", "-f", str(at), "-l", str(at), "-layout", str(file), "-"]
            text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
            assert labels("vi")["c_seats"] in re.sub(r"\s+", " ", text), at
    # Afterwards the map is as it was.
    assert page.evaluate("document.body.className") == ""


def test_without_script_the_table_is_complete(open_page: Opener) -> None:
    page = open_page(hanoi(), java_script_enabled=False)
    assert page.locator("table.units tbody tr").count() == 126
    assert page.locator(".noscript").is_visible()
