"""Plans for the map's tests, made by hand from tables: no solver needed, every text hostile where asked."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from planner.plan import Plan, make_plan
from planner.region import Norms, Region, read_norms, read_region
from planner.scenario import Scenario, read_scenario

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = (
    "<img src=x onerror=\"window.__hacked='img'\">",
    "</script><script>window.__hacked='script'</script>",
    "{{ 7 * 191 }}{% raw %}",
    "`${window.__hacked='template'}`",
    "@@DATA@@ @@TITLE@@ {n} {{label.skip}}",
    "'\"><svg onload=window.__hacked='svg'>&lt;b&gt;&amp;",
    "Ti\u1ebfng Vie\u0323\u0302t NFD\u2028\u2029",
    "]]><!--<script>",
    '=HYPERLINK("x") \\u003c \\',
    "Rất dài " * 25,
)
MEASURES = {
    "premises": "sites",
    "net_present_cost": "VND",
    "cost_capital": "VND",
    "cost_recurrent_year": "VND",
    "cost_social_year": "VND",
    "citizen_travel_mean": "m",
    "citizen_travel_max": "m",
    "body_distance_mean": "m",
    "body_distance_max": "m",
    "floor_in_use": "m2",
    "premises_released": "sites",
    "surplus_floor": "m2",
    "tight_fit": "m2",
    "norm": "m2",
    "missing_to_norm": "m2",
    "staff": "people",
    "counters": "counters",
    "parts_apart": "parts",
}


def hostile_text(seed: int) -> str:
    """Return one of the hostile texts, made unique by its number."""
    return f"{HOSTILE[seed % len(HOSTILE)]} #{seed}"


def region5(hostile: bool = False) -> tuple[Region, Norms]:
    """Return the small region of five units; with `hostile` every free text is replaced."""
    region, norms = read_region(ROOT / "tests/data/region5"), read_norms(ROOT / "data/norms")
    if not hostile:
        return region, norms
    seeds = iter(range(10_000))

    def soiled(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
        dirty = {name: [hostile_text(next(seeds)) for _ in range(len(frame))] for name in columns}
        return frame.assign(**dirty)

    return (
        replace(
            region,
            wards=soiled(region.wards, ["name", "former_district", "source"]),
            communes=soiled(region.communes, ["name", "type", "former_district"]),
            sites=soiled(
                region.sites,
                ["name", "address", "floor_area_basis", "point_basis", "source", "status", "note"],
            ),
            today=soiled(region.today, ["address", "source", "note"]),
        ),
        replace(norms, parts=soiled(norms.parts, ["vi", "en"])),
    )


@cache
def hanoi() -> Plan:
    """Return the proven plan of Hanoi's 126 units."""
    return make_plan(
        read_scenario("hanoi-2025"), read_region(ROOT / "data/geo"), read_norms(ROOT / "data/norms")
    )


@cache
def centres() -> Plan:
    """Return the proven plan with joint-agency centres over ten years."""
    return make_plan(
        read_scenario("hanoi-centres"), read_region(ROOT / "data/geo"), read_norms(ROOT / "data/norms")
    )


def over_time(hostile: bool = False) -> Plan:
    """Return a plan of five years: the first unit gets a centre, built in 2027 and 2028, open from 2029."""
    plan = plan_of(*region5(hostile), hostile=hostile)
    ward = str(plan.region.wards.index[0])
    ground = str(plan.region.sites.index[plan.region.sites.ward_code == ward][-1])
    seats, places, years = [], [], []
    for year in range(2026, 2031):
        rows = plan.assignments.assign(year=year)
        sites = plan.premises.assign(year=year, location="")
        mine = sites.ward_code == ward
        on_ground = (sites.site_id == ground) & (sites.status == "released")
        if year >= 2029:
            rows.loc[rows.ward_code == ward, "site_id"] = f"centre-{ward}"
            sites.loc[mine, "status"] = "released"
            on_ground = sites.site_id == ground
        free = sites.status == "released"
        sites.loc[free, "route"] = "health"
        sites.loc[free & ~mine, "route"] = "lease"
        sites.loc[~free, "route"] = ""
        sites.loc[on_ground, "route"] = "centre"
        if year >= 2027:
            status = "in_use" if year >= 2029 else "under_construction"
            new = ["centre-" + ward, ward, "joint_centre", year, status, "", 3000, 100, ground]
            names = "site_id ward_code kind year status route floor_area_m2 hall_seats location"
            sites = pd.concat([sites, pd.DataFrame([new], columns=names.split())], ignore_index=True)
        seats.append(rows)
        places.append(sites)
        years.append(
            {
                "year": year, "budget_vnd": "" if year == 2026 else 50 * 10**9, "carried_in_vnd": 0,
                "recycled_vnd": 10**9 if year == 2028 else 0, "capital_vnd": (year - 2025) * 10**9,
                "recurrent_vnd": 0, "income_vnd": 0, "social_vnd": 0,
                "premises": int((sites.status == "in_use").sum()),
                "released": int(((sites.status == "released") & (sites.route != "centre")).sum()),
                "surplus_m2": 0, "building": int(year in (2027, 2028)), "opened": int(year == 2029),
            }
        )  # fmt: skip
    return replace(
        plan,
        assignments=pd.concat(seats, ignore_index=True),
        premises=pd.concat(places, ignore_index=True),
        years=pd.DataFrame(years),
    )


def renamed(plan: Plan, name: str) -> Plan:
    """Return the plan as that of a scenario of another name."""
    scene = plan.scenario.model_copy(update={"name": name, "title_vi": f"Kịch bản {name}", "title_en": name})
    return replace(plan, scenario=scene)


def scenario(hostile: bool = False, arrangement: str = "free") -> Scenario:
    """Return a scenario with titles to recognise."""
    titles = {"name": "thu-nghiem", "title_vi": "Phương án thử nghiệm", "title_en": "A trial plan"}
    if hostile:
        titles = {key: hostile_text(900 + at) for at, key in enumerate(titles)}
    return read_scenario("hanoi-2025").model_copy(update={**titles, "arrangement": arrangement})


def plan_of(region: Region, norms: Norms, *, hostile: bool = False, today: bool = True) -> Plan:
    """Return a plan that seats every part by a fixed rule, and the arrangement in force by another."""
    found = _arrangement(region, norms, scenario(hostile), shift=0, hostile=hostile)
    if not today:
        return found
    now = _arrangement(region, norms, scenario(hostile, "today"), shift=1, hostile=hostile)
    return replace(found, today=now)


def _arrangement(region: Region, norms: Norms, scene: Scenario, *, shift: int, hostile: bool) -> Plan:
    seats: list[dict[str, Any]] = []
    premises: list[dict[str, Any]] = []
    measures: list[dict[str, Any]] = []
    used: set[str] = set()
    for at, (code, ward) in enumerate(region.wards.iterrows()):
        sites = list(region.sites.index[region.sites.ward_code == code])
        count = min(len(sites), (at + shift) % 3 + 1)
        for order, (part, row) in enumerate(norms.parts[norms.parts.extra == 0].iterrows()):
            seats.append(
                {
                    "ward_code": code, "ward_name": ward["name"], "year": 2026, "body": row.body,
                    "part": part,
                    "site_id": sites[(order * (at % 2 + 1) + shift) % count], "tight_fit_m2": 200 + order,
                    "norm_m2": 300 + order, "basis": "modelled" if (at + order) % 4 == 0 else "known",
                }
            )  # fmt: skip
        mine = {row["site_id"] for row in seats if row["ward_code"] == code}
        used |= mine
        for k, (name, unit) in enumerate(MEASURES.items()):
            value = len(mine) if name == "premises" else (at * 37 + k * 11 + shift * 5) % 101 * 10**7 / 3
            if unit not in ("VND", "sites"):
                value = round(value / 10**5, 1)
            elif unit == "VND":
                value = round(value) * 100
            measures.append({"ward_code": code, "measure": name, "unit": unit, "value": value})
    for site, row in region.sites.iterrows():
        premises.append(
            {
                "site_id": site, "ward_code": row.ward_code, "kind": row.kind, "year": 2026,
                "status": "in_use" if site in used else "released",
                "route": hostile_text(77) if hostile else "public_use",
                "floor_area_m2": row.floor_area_m2, "hall_seats": row.hall_seats,
            }
        )  # fmt: skip
    table = pd.DataFrame(measures)
    for name, unit in MEASURES.items():
        values = table[table.measure == name].value
        total = values.sum() if unit in ("sites", "VND", "m2", "people") else values.mean()
        measures.append({"ward_code": "", "measure": name, "unit": unit, "value": float(total)})
    return Plan(
        scenario=scene,
        region=region,
        norms=norms,
        assignments=pd.DataFrame(seats),
        premises=pd.DataFrame(premises),
        costs=pd.DataFrame(columns=["ward_code", "year", "item", "heading", "vnd"]),
        measures=pd.DataFrame(measures),
        facts={
            "status": "optimal", "gap": 0.0, "certified_gap": 0.0, "surveyed_share": 0.013,
            "inputs": [{"path": "data/geo/sites.csv", "sha256": "ab" * 32}],
        },
    )  # fmt: skip
