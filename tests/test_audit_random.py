"""Random instances: what the planner makes with arrays and a solver, the audit confirms to the dong without them.

Both follow docs/model.md and share no code, so an error has to be made twice, in the same way, to stay unseen here.
"""

import csv
import random
import shutil
from collections.abc import Callable, Sequence
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
KIND = "former_district_hq"
FLOORS = ("floor_area_m2", "floor_area_low_m2", "floor_area_high_m2")


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


def grow_sites(geo: Path, parcels: Path, rnd: random.Random) -> None:
    """Give some sites land that a centre fits on, and some wards a new parcel."""
    edit(geo / "sites.csv", lambda row: row.update(land_area_m2=str(rnd.choice([400, 1500, 4000, 9000]))))
    with (geo / "wards.csv").open(encoding="utf-8", newline="") as lines:
        wards = list(csv.DictReader(lines))
    cells = ["parcel_id,ward_code,name,lat,lon,land_area_m2,land_vnd_per_m2,source,date,status"]
    for i, ward in enumerate(wards):
        if rnd.random() < 0.5:
            price, land = rnd.choice(["", "31000000"]), rnd.choice([2000, 5000])
            cells.append(
                f"L{i},{ward['ward_code']},Lô {i},{ward['lat']},{ward['lon']},{land},{price},x,2025-07-01,estimated"
            )
    parcels.write_text("\n".join(cells) + "\n", encoding="utf-8")


def random_pairs(geo: Path, rnd: random.Random) -> list[str]:
    """Return some pairs of wards that may share a former district headquarters, made spacious before."""

    def site(row: Row) -> None:
        if row["kind"] == KIND:
            row.update(dict.fromkeys(FLOORS, str(rnd.choice([3000, 6000, 9000]))))

    edit(geo / "sites.csv", site)
    with (geo / "sites.csv").open(encoding="utf-8", newline="") as lines:
        sites = [row for row in csv.DictReader(lines) if row["kind"] == KIND and row["use"] != "excluded"]
    wards = ("00316", "00328", "00352", "00367", "10210")
    pairs = [f"{row['site_id']} {ward}" for row in sites for ward in wards if ward != row["ward_code"]]
    return rnd.sample(pairs, min(len(pairs), rnd.choice([0, 0, 1, 2, 4])))


def shaken_over_time(
    scenario: Scenario, parcels: Path, rnd: random.Random, pairs: Sequence[str] = ()
) -> Scenario:
    """Return a scenario with random settings of section 5 of docs/model.md."""
    values = scenario.model_dump(by_alias=True)
    years = rnd.randint(3, 9)
    start = values["horizon"]["start_year"]
    some = lambda *choices: rnd.choice(choices)  # noqa: E731
    allowed = rnd.random() < 0.85
    fewest: dict[str, Any] = {}
    if allowed:
        fewest = {
            "centres_min": some(None, None, 1, 2),
            "centres_min_phuong": some(None, None, None, 1),
            "centres_min_xa": some(None, None, None, 1),
            "centres_min_by_district": some({}, {}, {}, {"Quận Thanh Xuân": 1}),
            "centres_building_max": some(None, None, 1, 2),
            "relocations_max": some(None, None, 1),
        }
    changes: dict[str, dict[str, Any]] = {
        "horizon": {
            "years": years,
            "price_growth": some(0, 0, 0.03, 0.0277),
            "construction_growth": some(0, 0.05, 0.0333),
        },
        "rules": {
            "floor_area": some("report", "report", "enforce"),
            "hall": some("report", "off", "enforce"),
            "premises_max": some(None, None, None, 10),
            "capital_max_vnd": some(None, None, None, 60 * 10**9),
            "surplus_min": some({}, {}, {start: 4}, {start + 1: 3, start + years - 1: 5}),
            "surplus_m2_min": some({}, {}, {start + years - 1: 4000}),
            "departments_max": some(None, None, None, 24),
            "shared": list(pairs),
            **fewest,
        },
        "centres": {
            "allowed": allowed,
            "parcels": some(None, str(parcels)),
            "first_start_after_years": rnd.randint(0, 2),
            "build_years": rnd.randint(1, 2),
            "build_years_large": rnd.randint(1, 3),
            "large_m2": some(3000, 5000),
            "storeys_phuong": rnd.randint(2, 12),
            "storeys_xa": rnd.randint(2, 8),
            "cost_le5_vnd_per_m2": some(10**6, 10**7),
            "cost_6_7_vnd_per_m2": some(10**6, 10**7),
            "contingency_share": some(0.1, 0.0777),
            "old_storeys": rnd.randint(1, 3),
            "life_years": some(3, 25, 50),
            "land_price_share": some(0, 0.1, 1),
        },
        "budget": {
            "yearly_vnd": some(None, None, 90 * 10**9, 250 * 10**9),
            "from_year": some(None, None, start + 2),
            "by_year_vnd": some({}, {}, {start + 1: 70 * 10**9}, {start + 2: 20 * 10**9}),
            "carry_over": rnd.random() < 0.5,
            "recycle_income": rnd.random() < 0.5,
        },
        "departments": {
            "open": rnd.random() < 0.4,
            "extra_max": rnd.randint(0, 2),
            "posts_each": some(8, 10, 12),
            "count_reception": rnd.randint(0, 1),
        },
        "release": {
            "route": some("priority", "priority", "lease", "auction", "public_use"),
            "cash_route": some("lease", "auction", "best", "best"),
            "needs_health": rnd.randint(0, 1),
            "needs_education": rnd.randint(0, 1),
            "needs_culture": rnd.randint(0, 1),
            "needs_other": rnd.randint(0, 1),
        },
    }
    if changes["budget"]["yearly_vnd"] is None:
        changes["budget"]["carry_over"] = False
    for section, settings in changes.items():
        values[section].update(settings)
    return Scenario.model_validate({**values, "root": ROOT})


def plan_and_audit(seed: int, folder: Path, *, over_time: bool = False) -> bool:
    """Plan one random instance; return whether there was a plan to audit."""
    rnd = random.Random(seed)
    project = folder / str(seed)
    shutil.copytree(ROOT / "tests" / "data" / "region5", project / "geo")
    shutil.copytree(ROOT / "data" / "norms", project / "norms")
    shake_tables(project / "geo", project / "norms", rnd)
    scenario = shaken_scenario(project, rnd)
    if over_time:
        grow_sites(project / "geo", project / "parcels.csv", rnd)
        pairs = random_pairs(project / "geo", rnd)
        scenario = shaken_over_time(scenario, project / "parcels.csv", rnd, pairs)
    try:
        region = read_region(scenario.geo_folder, scenario.parcels_file)
        plan = make_plan(scenario, region, read_norms(scenario.norms_folder))
    except (Infeasible, InputError):
        return False
    (project / "result").mkdir()
    plan.write_tables(project / "result")
    report = audit(project / "result")
    assert report.ok, f"seed {seed}\n{format_report(report)}"
    for facts in report.facts.values():
        if facts["least_vnd"] is not None:
            assert facts["least_vnd"] == facts["objective_vnd"], seed
        else:
            assert over_time
    # The certificate of the planner and the auditor's are the same sum of the same minima.
    assert report.facts["plan"]["certified_bound_vnd"] == plan.facts["certified_bound_vnd"], seed
    return True


@pytest.mark.solver
def test_the_audit_agrees_on_random_instances(tmp_path: Path) -> None:
    assert sum(plan_and_audit(seed, tmp_path) for seed in range(10)) >= 3


@pytest.mark.solver
def test_the_audit_agrees_on_random_plans_over_time(tmp_path: Path) -> None:
    assert sum(plan_and_audit(seed, tmp_path, over_time=True) for seed in range(5)) >= 1


@pytest.mark.slow
@pytest.mark.solver
def test_the_audit_agrees_on_many_random_plans_over_time(tmp_path: Path) -> None:
    assert (
        sum(plan_and_audit(seed, tmp_path, over_time=True) for seed in [*range(5, 30), *range(2000, 2020)])
        >= 11
    )


@pytest.mark.slow
@pytest.mark.solver
def test_the_audit_agrees_on_many_random_instances(tmp_path: Path) -> None:
    assert sum(plan_and_audit(seed, tmp_path) for seed in range(1000, 1040)) >= 12
