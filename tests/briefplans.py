"""Plans for the tests of the brief: five units solved in a moment, hostile texts where asked."""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from planner.plan import Plan, make_plan
from planner.region import read_norms, read_region
from planner.scenario import read_scenario

ROOT = Path(__file__).resolve().parents[1]
REGION5 = ROOT / "tests" / "data" / "region5"
CENTRES = """
extends: hanoi-centres
title_vi: Năm khu liên cơ
title_en: Centres
rules: {centres_min: 3, centres_min_phuong: null, relocations_max: 2, surplus_min: {2030: 1}}
centres: {allowed: true, parcels: data/parcels.csv}
budget: {yearly_vnd: 200 tỷ, by_year_vnd: {2026: 100 tỷ}, carry_over: true}
"""


def _module(name: str) -> ModuleType:
    """Return another module of tests, which are no package."""
    spec = importlib.util.spec_from_file_location(
        f"brief_{name.replace('/', '_')}", ROOT / "tests" / f"{name}.py"
    )
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def _solved(name: str, text: str = "") -> Plan:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copytree(REGION5, root / "data" / "geo")
        shutil.copy(REGION5 / "parcels.csv", root / "data" / "parcels.csv")
        shutil.copytree(ROOT / "data" / "norms", root / "data" / "norms")
        shutil.copytree(ROOT / "scenarios", root / "scenarios")
        if text:
            (root / "scenarios" / f"{name}.yaml").write_text(text, encoding="utf-8")
        scenario = read_scenario(name, root)
        region = read_region(scenario.geo_folder, scenario.parcels_file)
        plan = make_plan(scenario, region, read_norms(scenario.norms_folder))
    # Boundaries are read when a map asks for them: from the folder that stays.
    folders: dict[str, Any] = {"region": replace(region, folder=REGION5)}
    today = None if plan.today is None else replace(plan.today, **folders)
    return replace(plan, **folders, today=today)


def interim() -> Plan:
    """Return the plan of five years in which nothing changes."""
    return _solved("hanoi-2025")


def today() -> Plan:
    """Return the arrangement in force as a result of its own."""
    return _solved("today")


def thrift() -> Plan:
    """Return the plan of five years at another price of crowding."""
    return _solved("hanoi-thrift")


def centres() -> Plan:
    """Return the plan of ten years with centres, budgets and routes of release."""
    return _solved("case", CENTRES)


def network(*, hostile: bool = False) -> Plan:
    """Return the plan with a reception network; hostile, every free text of its tables is markup."""
    plan: Plan = _module("browser/netplans").small(hostile)
    return plan


def made(*, hostile: bool = False, today: bool = True, name: str = "hanoi-2025") -> Plan:
    """Return a plan of random numbers in tables that agree, for texts of the norms and for plans without today."""
    scenario = read_scenario(name, ROOT)
    plan: Plan = _module("test_report").make(hostile=hostile, today=today, scenario=scenario)
    return plan


def named(plan: Plan, name: str, title: str = "") -> Plan:
    """Return a plan under another name."""
    titles = {"title_vi": title, "title_en": title} if title else {}
    return replace(plan, scenario=plan.scenario.model_copy(update={"name": name, **titles}))
