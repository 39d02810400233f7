"""How near the model comes to what the city did: ``python benchmarks/calibration.py``.

Prints, for a few values of the two global numbers that were calibrated (tight fit, price of crowding), how many
premises the free plan and the arrangement in force (completed by the model) use, how often the free plan agrees
with the known arrangement, and which units' known arrangement does not keep the tight fit. Nothing is tuned here.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from planner import model
from planner.check import read_inputs
from planner.instance import Instance
from planner.model.assemble import build_instance
from planner.plan import as_today
from planner.region import Region
from planner.scenario import Scenario

TIGHT = (12.0, 13.0, 14.0, 15.0)
CROWDING = (300_000, 900_000, 1_200_000, 1_300_000, 1_500_000)


def changed(scenario: Scenario, tight: float, crowding: int) -> Scenario:
    """Return the scenario with other values of the two numbers."""
    space = scenario.space.model_copy(update={"tight_m2_per_person": tight})
    prices = scenario.prices.model_copy(update={"crowding_vnd_per_m2_year": crowding})
    return scenario.model_copy(update={"space": space, "prices": prices})


def cheapest(scenario: Scenario, region: Region, norms: object) -> tuple[Instance, model.PlanColumns]:
    """Return every ward's cheapest arrangement; wards without any are left out."""
    instance = build_instance(region, norms, scenario)  # type: ignore[arg-type]
    columns = model.enumerate_plans(instance)
    first = np.flatnonzero(np.r_[True, columns.ward[1:] != columns.ward[:-1]])
    return instance, columns.take(first)


def agreement(instance: Instance, columns: model.PlanColumns, region: Region) -> str:
    """Compare a free plan with what is known of today: apart or together, and the very sites."""
    known = {(r.ward_code, r.body): r.site_id for r in region.today.itertuples() if r.site_id}
    parts = instance.groups[0].parts
    party, office = parts.index("party"), parts.index("office")
    ids = instance.sites.index
    same = total = committee = apart = 0
    for ward, seats in zip(columns.ward, columns.site_of_part, strict=True):
        code = instance.wards[ward]
        apart += seats[party] != seats[office]
        committee += ids[seats[office]] == known.get((code, "council_committee"))
        if (code, "party") in known:
            total += 1
            is_apart = known[code, "party"] != known[code, "council_committee"]
            same += is_apart == (seats[party] != seats[office])
    wards = len(columns)
    return f"apart {apart:3d}/{wards}  as known {same}/{total}  committee's site as known {committee}/{wards}"


def main() -> None:
    """Print the table."""
    scenario, region, norms = read_inputs("hanoi-2025")
    district = set(region.sites.index[region.sites["kind"] == "former_district_hq"])
    print(
        "tight  crowding | free plan: premises 1/2/3 sites none district | agreement | today: premises, short units"
    )
    for tight in TIGHT:
        for crowding in CROWDING:
            varied = changed(scenario, tight, crowding)
            instance, free = cheapest(varied, region, norms)
            used = free.resources["premises"]
            ids = instance.sites.index
            in_district = sum(any(ids[s] in district for s in row if s >= 0) for row in free.site_of_part)
            today, now = cheapest(as_today(varied, region), region, norms)
            short = [
                f"{today.wards[w]} {region.wards.loc[today.wards[w], 'name']} ({m2} m2)"
                for w, m2 in zip(now.ward, now.missing_m2, strict=True)
                if m2
            ]
            counts = "/".join(str(n) for n in np.bincount(used, minlength=4)[1:])
            print(
                f"{tight:5.1f} {crowding:9,d} | {used.sum():3d} {counts:>10s} none {len(instance.wards) - len(free)} "
                f"district {in_district} | {agreement(instance, free, region)} | "
                f"{now.resources['premises'].sum()} {'; '.join(short)}"
            )


if __name__ == "__main__":
    main()
