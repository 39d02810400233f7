"""Random instances: what the planner makes with arrays and a solver, the audit confirms to the dong without them.

Both follow docs/model.md and share no code, so an error has to be made twice, in the same way, to stay unseen here.
"""

import csv
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from planner.audit import audit, format_report
from planner.errors import Infeasible, InputError
from planner.plan import make_plan
from planner.region import read_norms, read_region
from planner.scenario import Scenario, read_scenario

ROOT = Path(__file__).resolve().parent.parent
Row = dict[str, str]


def edit(path: Path, change: Callable[[Row], object]) -> None:
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        change(row)
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def shake_tables(geo: Path, norms: Path, rnd: random.Random) -> None:
    """Give sites, wards, today's arrangement and sometimes the norms random values."""
    ids: dict[str, list[str]] = {}
    scale = rnd.choice([0.5, 0.8, 1, 1.5])

    def site(row: Row) -> None:
        floor = str(max(10, int(int(row["floor_area_m2"]) * scale * rnd.uniform(0.5, 1.5))))
        row.update(floor_area_m2=floor, floor_area_low_m2=floor, floor_area_high_m2=floor)
        row.update(
            hall_seats=str(rnd.choice([0, 30, 40, 50, 60, 120, 200])), workplaces=str(rnd.randint(0, 80))
        )
        row.update(condition=rnd.choice("ABCD"))
        if rnd.random() < 0.2:
            row.update(kind="former_district_hq")
        if rnd.random() < 0.3:
            row.update(floor_area_basis="surveyed")
        # Excluding a unit's only site is an input error, so the first one of each unit stays.
        if row["ward_code"] in ids:
            row.update(use=rnd.choice(["candidate"] * 8 + ["required", "excluded"]))
        ids.setdefault(row["ward_code"], []).append(row["site_id"])

    def ward(row: Row) -> None:
        row.update(
            mountain=rnd.choice("01") if row["type"] == "xã" else "0", land_price_zone=str(rnd.randint(1, 17))
        )

    edit(geo / "sites.csv", site)
    edit(geo / "wards.csv", ward)
    edit(geo / "today.csv", lambda row: row.update(site_id=rnd.choice([*ids[row["ward_code"]], ""])))
    if rnd.random() < 0.3:
        edit(norms / "positions.csv", lambda row: row.update(switch=rnd.choice(["on", "on", "on", "off"])))
    if rnd.random() < 0.3:
        edit(norms / "trips.csv", lambda row: row.update(trips_per_day=str(rnd.choice([0, 1, 3, 7, 12]))))


def shaken_scenario(project: Path, rnd: random.Random) -> Scenario:
    """Return hanoi-2025 with random settings on the tables of a project."""
    scenario = read_scenario("hanoi-2025", ROOT)
    changes: dict[str, dict[str, Any]] = {
        "horizon": {"years": rnd.randint(1, 8), "discount_rate": rnd.choice([0, 0.05, 0.0825, 0.1])},
        "staffing": {"government_scale": rnd.choice([0.7, 1, 1.056, 2]), "party": rnd.randint(5, 25)},
        "space": {
            "tight_m2_per_person": rnd.choice([6, 8, 10.5, 13]),
            "net_to_gross": rnd.choice([0.7, 0.62, 0.75]),
            "common_use_share": rnd.choice([0, 0.85, 0.333]),
        },
        "reception": {
            "online_share": rnd.choice([0.5971, 0.2, 0.95, 1.0]),
            "visits_per_file": rnd.randint(0, 3),
            "minutes_per_file": rnd.choice([7.5, 20, 33.3]),
            "files_per_1000_people_year": rnd.choice([256, 199.7, 900]),
        },
        "rules": {
            "max_sites": rnd.choice([1, 2, 3, 3, 3, 4]),
            "one_site_where_enough": rnd.choice(["any", "former_district_hq", "off"]),
            "floor_area": rnd.choice(["enforce", "report", "report"]),
            "hall": rnd.choice(["enforce", "report", "off", "report"]),
            "departments_apart": rnd.random() < 0.7,
            "premises_max": rnd.choice([None, None, rnd.randint(6, 14)]),
        },
        "prices": {
            "cohesion_vnd_per_part_year": rnd.choice([0, 120_000_000]),
            "crowding_vnd_per_m2_year": rnd.choice([0, 300_000, 1_500_000]),
            "site_fixed_vnd_year": rnd.choice([0, 1_000_000, 471_000_000]),
            "speed_kmh": rnd.randint(15, 40),
        },
        "release": {
            "route": rnd.choice(["public_use", "lease", "auction"]),
            "lease_share": rnd.choice([0.8, 0.777, 0.333]),
            "auction_price_share": rnd.choice([0.356, 0.1]),
        },
    }
    values = scenario.model_dump(by_alias=True)
    for section, settings in changes.items():
        values[section].update(settings)
    values.update(
        start=rnd.choice(["before_reform", "today"]), arrangement=rnd.choice(["free", "free", "today"])
    )
    values.update(geo=str(project / "geo"), norms=str(project / "norms"), root=ROOT)
    return Scenario.model_validate(values)


def plan_and_audit(seed: int, folder: Path) -> bool:
    """Plan one random instance; return whether there was a plan to audit."""
    rnd = random.Random(seed)
    project = folder / str(seed)
    shutil.copytree(ROOT / "tests" / "data" / "region5", project / "geo")
    shutil.copytree(ROOT / "data" / "norms", project / "norms")
    shake_tables(project / "geo", project / "norms", rnd)
    scenario = shaken_scenario(project, rnd)
    try:
        plan = make_plan(scenario, read_region(scenario.geo_folder), read_norms(scenario.norms_folder))
    except (Infeasible, InputError):
        return False
    (project / "result").mkdir()
    plan.write_tables(project / "result")
    report = audit(project / "result")
    assert report.ok, f"seed {seed}\n{format_report(report)}"
    for facts in report.facts.values():
        assert facts["least_vnd"] == facts["objective_vnd"], seed
    return True


@pytest.mark.solver
def test_the_audit_agrees_on_random_instances(tmp_path: Path) -> None:
    assert sum(plan_and_audit(seed, tmp_path) for seed in range(25)) >= 8


@pytest.mark.slow
@pytest.mark.solver
def test_the_audit_agrees_on_many_random_instances(tmp_path: Path) -> None:
    assert sum(plan_and_audit(seed, tmp_path) for seed in range(1000, 1300)) >= 100
