"""The page with official borders: five scenarios in one file, small, said to be real, and their areas held to account.

The borders are no part of the project (nobody has cleared their terms): the test is skipped where they are not.
"""

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from planner.boundaries.importing import import_boundaries
from planner.explain.table import reasons_table
from planner.maps import render_map
from planner.maps.words import labels
from planner.plan import Plan, make_plan
from planner.region import read_norms, read_region
from planner.scenario import read_scenario
from tests.browser.mapplans import ROOT
from tests.browser.test_map_access import RULES
from tests.test_boundaries_import import REAL, needs_real

pytestmark = [pytest.mark.browser, pytest.mark.slow, needs_real]

SCENARIOS = ("hanoi-2025", "hanoi-centres", "hanoi-digital", "hanoi-shared", "hanoi-thrift")


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> list[Plan]:
    geo = tmp_path_factory.mktemp("real") / "geo"
    shutil.copytree(ROOT / "data" / "geo", geo)
    import_boundaries(REAL, geo, today=date(2026, 11, 30))
    region, norms = read_region(geo), read_norms(ROOT / "data" / "norms")
    made = [make_plan(read_scenario(name, ROOT), region, norms) for name in SCENARIOS]
    return [replace(plan, reasons=reasons_table(plan)) for plan in made]


def test_five_scenarios_with_real_borders_are_one_small_page(
    open_page: Callable[..., Any], plans: list[Plan]
) -> None:
    text = render_map(plans)
    assert len(text.encode()) <= 1_000_000
    assert text == render_map(plans)
    page = open_page(plans, bypass_csp=True)
    assert page.locator("path.unit-shape").count() == 126
    assert page.locator(".stamp").text_content() == ""
    truth = page.locator(".truth li:visible").all_text_contents()
    assert any("wards.geojson" in line and "30/11/2026" in line for line in truth)
    assert not any(labels("vi")["schematic"] in line for line in truth)
    foot = page.locator(".foot").inner_text()
    differing = re.search(r"quá 5%[^:]*: (.*)\.", foot)
    assert differing is not None
    assert differing.group(1) == "Hòa Lạc (+22,8%), Yên Xuân (−9,3%)"
    # Rivers and districts follow the real borders: vertices of the units, none of their own.
    assert page.locator(".river-name").count() == 4
    assert Axe().run(page, options={"runOnly": RULES}).violations_count == 0
    for at, plan in enumerate(plans):
        page.locator("#choice input").nth(at).check()
        used = plan.premises[
            (plan.premises.status == "in_use") & (plan.premises.year == plan.premises.year.min())
        ]
        assert page.locator(".sign.used").count() == len(used)
