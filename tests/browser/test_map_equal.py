"""What the page shows is the plan: every unit, year, state and scenario, read from the page in real Chromium."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import pytest

from planner.explain.table import reasons_table
from planner.maps.words import labels, say_measure, say_money
from planner.plan import Plan, make_plan
from planner.region import read_norms, read_region
from planner.scenario import read_scenario
from planner.wording import COST_ITEMS, number
from planner.yearly import COLUMNS
from tests.browser.mapplans import ROOT, centres, hanoi
from tests.browser.netplans import small

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]
ROWS = """css => [...document.querySelectorAll('table.units tbody tr')].map(row => {
    const found = {};
    document.querySelectorAll('table.units thead th').forEach((head, at) => {
        const cell = row.children[at];
        found[head.className] = head.className.startsWith('c_seats')
            ? [...cell.children].map(line => line.textContent) : cell.textContent;
    });
    found.unit = row.querySelector('button.unit').dataset.unit;
    return found;
})"""
TILES = """() => Object.fromEntries([...document.querySelectorAll('#figures [data-key]')].map(tile =>
    [tile.dataset.key, tile.querySelector('.big').textContent]))"""

# The units are clicked on the map, which stays where it is; the address is left alone, as browsers count its changes.
CARDS = """() => {
    const remember = history.replaceState;
    history.replaceState = () => {};
    const found = [...document.querySelectorAll('path.unit-shape')].map(shape => {
        shape.dispatchEvent(new MouseEvent('click', { bubbles: true }));
        const card = document.getElementById('card');
        const rows = [...card.querySelectorAll('table tbody tr')].map(row => {
            const [key, ...said] = [...row.children].map(one => one.textContent);
            return [key, said];
        });
        return [card.querySelector('.about').textContent, Object.fromEntries(rows)];
    });
    history.replaceState = remember;
    return found;
}"""
LEGEND = """() => [...document.querySelectorAll('#classes .count')].map(one => one.textContent)"""


def of_year(plan: Plan, year: int) -> pd.DataFrame:
    """Return the measures of the units in a year by unit, those of the whole city with unit ""."""
    rows = plan.measures_by_year
    if len(rows):
        return (
            rows[rows.year == year].set_index("ward_code").rename(columns={v: k for k, v in COLUMNS.items()})
        )
    return plan.measures.pivot(index="ward_code", columns="measure", values="value")


def classes(how: dict[str, Any], values: list[float]) -> list[int]:
    """Return how many of the values lie in every class of a measure."""
    found = [0] * (len(how["breaks"]) + 1 + how["zero"])
    for value in values:
        of_value = how["zero"] + sum(value >= bound for bound in how["breaks"])
        found[0 if how["zero"] and value <= 0 else of_value] += 1
    return found


def check_cards(page: Any, codes: list[str], right: pd.DataFrame, today: Plan) -> None:
    """Hold the figures of every unit's card, the plan's and today's, against the tables."""
    words, before = labels("vi"), today.ward_measures()
    keys = ("premises", "citizen_travel_mean", "citizen_travel_max", "body_distance_mean", "floor_in_use")
    cards = {re.search(r"\d{5}", about).group(): card for about, card in page.evaluate(CARDS)}  # type: ignore[union-attr]
    assert sorted(cards) == sorted(codes)
    for code, card in cards.items():
        for key in (*keys, "surplus_floor", "missing_to_norm"):
            said = [say_measure(key, table[key][code], "vi") for table in (before, right)]
            assert card[words[f"m_{key}"]] == said, (key, code)


def check_colours(page: Any, data: dict[str, Any], right: pd.DataFrame) -> None:
    """Hold the counts of the legend against the tables, for every measure that follows the year."""
    for how in data["colours"]:
        if how["key"] in COLUMNS:
            page.locator("#measure").select_option(value=how["key"])
            wanted = classes(how, right[how["key"]].drop("").to_list())
            assert page.evaluate(LEGEND) == [f"{count} đơn vị" for count in wanted], how["key"]


def go(page: Any, fragment: str) -> None:
    """Follow a link within the page and wait until it is shown."""
    page.evaluate("to => { location.hash = to; }", fragment)
    page.evaluate("() => new Promise(done => setTimeout(done, 0))")


def seat_lines(plan: Plan, year: int, assumed: bool, sites: dict[str, str]) -> dict[str, set[str]]:
    """Return unit code to lines "site: bodies", from the table of assignments."""
    words, names = labels("vi"), plan.norms.parts.vi
    rows = plan.assignments[plan.assignments.year == year]
    spread = rows.groupby(["ward_code", "body"]).site_id.nunique()
    found: dict[str, dict[str, dict[str, bool]]] = {}
    for row in rows.itertuples():
        lead = plan.norms.parts.kind[row.part] != "department"
        whole = spread[row.ward_code, row.body] == 1 or plan.norms.parts.kind[row.part] == "body"
        name = words[f"body_{row.body}"] if whole else names[row.part]
        on_site = found.setdefault(row.ward_code, {}).setdefault(sites[row.site_id], {})
        if lead or name not in on_site:
            on_site[name] = assumed and row.basis == "modelled"
    return {
        ward: {
            f"{site}: " + "; ".join(sorted(name + " (giả định)" * guess for name, guess in on_site.items()))
            for site, on_site in seats.items()
        }
        for ward, seats in found.items()
    }


def as_sets(lines: list[str]) -> set[str]:
    """Return lines whose bodies are in a fixed order."""
    pairs = [line.split(": ", 1) for line in lines]
    return {f"{site}: " + "; ".join(sorted(who.split("; "))) for site, who in pairs}


def site_names(plan: Plan) -> dict[str, str]:
    names = dict(plan.region.sites.name)
    centres = plan.premises[plan.premises.kind == "joint_centre"].site_id
    return names | dict.fromkeys(centres, labels("vi")["centre_name"])


def changes(plan: Plan) -> bool:
    """Return whether a plan is another in a later year: seats, premises or points."""
    tables = [plan.assignments, plan.premises[["site_id", "status", "route", "year"]]]
    tables += [plan.points] if len(plan.points) else []
    found = False
    for table in tables:
        years = [
            rows.drop(columns="year").to_csv(index=False) for _, rows in table.groupby("year", sort=True)
        ]
        found = found or len(set(years)) > 1
    return found


def others() -> list[Plan]:
    """Return the further plans of Hanoi: the whole reception network, premises that two share, the fewest premises."""
    region, norms = read_region(ROOT / "data/geo"), read_norms(ROOT / "data/norms")
    names = ("hanoi-digital", "hanoi-shared", "hanoi-thrift")
    return [make_plan(read_scenario(name, ROOT), region, norms) for name in names]


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(lambda: [hanoi(), centres()], marks=pytest.mark.slow),
        lambda: [small()],
        pytest.param(others, marks=pytest.mark.slow),
    ],
    ids=["two", "network", "others"],
)
def test_table_and_figures_equal_the_plan_for_every_scenario_year_and_unit(
    open_page: Opener, made: Callable[[], list[Plan]]
) -> None:
    plans = made()
    page = open_page(plans)
    data = page.evaluate("JSON.parse(document.getElementById('plan-data').textContent)")
    codes = data["units"]["code"]
    seen = 0
    for plan, scene in zip(plans, data["scenarios"], strict=True):
        today = plan.today
        assert today is not None
        start = int(plan.assignments.year.min())
        # A plan that stays as it is has no years to choose on the page.
        years = sorted(set(plan.assignments.year)) if scene["course"] else [start]
        assert bool(scene["course"]) == changes(plan)
        measures, before = plan.ward_measures(), today.ward_measures()
        said_before = None
        sites = site_names(plan)
        today_lines = seat_lines(today, start, True, sites)
        for year in years:
            go(page, f"#scenario={plan.scenario.name}&year={year}")
            lines = seat_lines(plan, year, False, sites)
            premises = plan.premises[(plan.premises.year == year) & (plan.premises.status == "in_use")]
            count = premises.groupby("ward_code").site_id.nunique()
            rows, right = page.evaluate(ROWS), of_year(plan, year)
            assert len(rows) == len(plan.region.wards)
            for row in rows:
                code = codes[int(row["unit"])]
                assert row["c_unit"] == plan.region.wards.name[code]
                assert as_sets(row["c_seats"]) == lines[code], (plan.scenario.name, year, code)
                assert as_sets(row["c_seats_today"]) == today_lines[code]
                assert row["c_sites"] == str(count.get(code, 0))
                assert row["c_sites_today"] == str(int(before.premises[code]))
                assert row["c_cost"] == number(measures.net_present_cost[code] / 1e9, "vi", 1)
                for key, column in (
                    ("citizen_travel_mean", "c_travel"),
                    ("citizen_travel_max", "c_travel_max"),
                ):
                    assert row[column] == number(right[key][code] / 1e3, "vi", 1), (key, year, code)
                seen += 1
            tiles = page.evaluate(TILES)
            assert tiles["premises"] == str(len(premises))
            free = plan.premises[
                (plan.premises.year == year)
                & (plan.premises.status == "released")
                & (plan.premises.route != "centre")
            ]
            assert tiles["surplus_floor"] == f"{number(free.floor_area_m2.sum(), 'vi')} m²"
            assert tiles["net_present_cost"] == say_measure(
                "net_present_cost", plan.city("net_present_cost"), "vi"
            )
            for key in set(tiles) & set(COLUMNS):
                assert tiles[key] == say_measure(key, right[key][""], "vi"), (key, year)
            # Cards take their time: they are read in the years in which something changes.
            if said_before is None or not right.drop(columns="year").equals(said_before):
                check_colours(page, data, right)
                check_cards(page, codes, right, today)
                said_before = right.drop(columns="year", errors="ignore")
        go(page, f"#scenario={plan.scenario.name}&state=today")
        tiles = page.evaluate(TILES)
        for key, said in tiles.items():
            assert said == say_measure(key, today.city(key), "vi"), key
    assert seen >= (5 * 5 if len(plans) == 1 else 126 * (1 + 10))


@pytest.mark.slow
def test_the_first_sight_of_figures_and_table_is_what_stands_in_the_file(open_page: Opener) -> None:
    """The script shows anew what the file says without it: both must be the same words."""
    for plan in (hanoi(), centres(), small()):
        read = """() => [
            [...document.querySelectorAll('#figures dl > div')].map(one => one.textContent),
            [...document.querySelectorAll('table.units tbody tr')]
                .map(row => [...row.children].map(one => one.textContent)),
        ]"""
        still = open_page(plan, java_script_enabled=False).evaluate(read)
        live = open_page(plan).evaluate(read)
        assert live[0] == still[0]
        course = plan is not hanoi()
        for shown, written in zip(live[1], still[1], strict=True):
            if course:  # Without the script a cell of the table lists all years.
                assert written[4].startswith(shown[1 + 4]), written
                shown, written = shown[:5] + shown[6:], written[:4] + written[5:]
            assert shown[1:] == written


def test_a_body_alone_shows_the_premises_where_it_sits(open_page: Opener) -> None:
    plan = hanoi()
    page = open_page(plan)
    rows = plan.assignments[plan.assignments.year == plan.assignments.year.min()]
    for body in ("party", "council_committee", "front", "reception"):
        page.locator("#body").select_option(label=labels("vi")[f"body_{body}"])
        mine = rows[rows.body == body]
        assert page.locator(".sign.used").count() == len(mine[["ward_code", "site_id"]].drop_duplicates())
        assert page.locator(".sign.released").count() == 0
        assert f"body={body}" in page.evaluate("location.hash")
    page.locator("#body").select_option(label=labels("vi")["body_all"])
    assert page.locator(".sign.used").count() == len(rows[["ward_code", "site_id"]].drop_duplicates())


@pytest.mark.slow
def test_rivers_run_between_banks_and_districts_between_old_districts(open_page: Opener) -> None:
    page = open_page(hanoi())
    data = page.evaluate("JSON.parse(document.getElementById('plan-data').textContent)")
    names = {one["name"] for one in data["rivers"]}
    assert names == set(hanoi().norms.bridges.river)
    shown = page.locator(".river-name").all_text_contents()
    assert {re.sub("^sông ", "", name) for name in shown} == names
    assert page.locator("path.outline").count() == 1
    assert page.locator("path.district").count() == 0
    page.locator("#layers .of-districts input").check()
    assert page.locator("path.district").count() == 1
    page.locator("#layers .of-rivers input").uncheck()
    assert page.locator("path.river").count() == 0


@pytest.mark.slow
def test_every_card_says_why_in_the_figures_of_the_reasons_file(open_page: Opener) -> None:
    plan = replace(hanoi(), reasons=reasons_table(hanoi()))
    page = open_page(plan, "en")
    cards = page.evaluate(
        """head => [...document.querySelectorAll('table.units button.unit')].map(button => {
            button.click();
            const card = document.getElementById('card');
            const title = [...card.querySelectorAll('h4')].find(one => one.textContent === head);
            return [location.hash, title.nextSibling.innerText];
        })""",
        labels("en")["card_why"],
    )
    words, names, money = labels("en"), plan.region.sites.name, partial(say_money, lang="en")
    by_ward = plan.reasons.set_index("ward_code")
    assert len(cards) == len(by_ward) == 126
    for address, said in cards:
        row = by_ward.loc[re.search(r"ward=(\d{5})", address).group(1)]  # type: ignore[union-attr]
        assert words[f"why_{row.why}"] in said
        if row.next_sites:
            assert "; ".join(names[site] for site in row.next_sites.split(";")) in said
            assert f"{money(abs(row.next_extra_vnd))} {'more' if row.next_extra_vnd >= 0 else 'less'}" in said
            assert not row.next_item or COST_ITEMS[row.next_item][1] in said
            if row.next_item:  # more income is less cost
                more = (row.next_item_vnd > 0) != (row.next_item == "release_income")
                assert f"{COST_ITEMS[row.next_item][1]} {'+' if more else '−'}" in said
        if row.single_missing_m2:
            assert f"{names[row.single_site]} lacks {number(row.single_missing_m2, 'en')} m²" in said
        assert ("Today's arrangement" in said) == bool(row.today_extra_vnd)


@pytest.mark.slow
def test_a_result_without_reasons_has_cards_without_why(open_page: Opener) -> None:
    page = open_page(hanoi())
    page.locator("table.units button.unit").first.click()
    assert labels("vi")["card_why"] not in page.locator("#card h4").all_text_contents()
