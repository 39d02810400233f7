"""The largest amounts of a planning problem: whole numbers in arrays have 63 bits and would run over silently."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner import costs
from planner.errors import InputError, Problem
from planner.releases import AUCTION, LEASE, NO_CASH

if TYPE_CHECKING:
    from planner.costs import Ints
    from planner.instance import Group, Instance

# Costs are millionths of a dong in 63 bits; what a ward could cost must stay below.
MOST_MICRO = 2**63 - 1


def check_amounts(instance: Instance, only: int | None = None) -> None:
    """Refuse prices at which the whole numbers of the arrays (63 bits) could run over: they would do so silently.

    For every ward each item is bounded from above as if the dearest site took everything; income and what a building
    is worth in the end are not set off. Of two wards that may share premises the sum is kept.
    """
    most = MOST_MICRO // 2 if instance.pairs else MOST_MICRO
    site = {name: instance.sites[name].to_numpy() for name in ("renovation", "furniture", "citizen_travel")}
    for group in instance.groups:
        for m, place in enumerate(group.wards.tolist()):
            largest = _largest_amount(instance, site, group, m, place) if only in (None, place) else 0
            if largest > most:
                amount = f"{largest / costs.MILLION:.3g} dong".replace("e+", " x 10^")
                raise InputError(
                    Problem(
                        "E605",
                        f"{instance.scenario.name} {instance.wards[place]}",
                        f"a plan of this unit could cost {amount}, more than can be counted exactly",
                        f"At most {most // 10**18} x 10^12 dong a unit. Lower the prices: are they in dong?",
                    )
                )


def _largest_amount(instance: Instance, site: dict[str, Ints], group: Group, member: int, place: int) -> int:
    """Return what no plan of a ward can cost more than, nor any amount on the way to it; millionths of a dong."""
    p, rows = instance.money, instance.ward_sites[place].sites

    def most(values: Ints) -> int:
        return int(values.max(initial=0))

    norm, people = int(group.norm[member].sum()), int(group.people[member].sum())
    trips = int(group.trips.sum()) // 2
    metre_trips = trips * most(instance.ward_sites[place].distance) * p.working_days * p.staff_km
    once = norm * most(site["renovation"][rows]) + people * (most(site["furniture"][rows]) + p.move)
    every = norm * max(p.running, p.crowding) + len(rows) * p.site_fixed + len(group.parts) * p.cohesion
    every += int(instance.hall_norm[place]) * p.hall_rent + int(instance.duty[place].sum())
    every += most(site["citizen_travel"][rows]) + metre_trips // 1000
    grown = [-(-factor * growth // costs.MILLION) for factor, growth in zip(p.factors, p.growth, strict=True)]
    rent, price = (int(sum(values.tolist())) for values in instance.releases.values[:, rows])
    brings = {LEASE: rent * sum(grown), AUCTION: price * max(grown), NO_CASH: 0}
    building = max((centre.paid(p.factors) for centre in instance.centres[place]), default=0)
    income = max(brings[choice] for choice in instance.releases.choices)
    return max(every * sum(grown) + once * p.factors[0] + building + income, metre_trips)
