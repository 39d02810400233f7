"""Arrangements of units with their prices: what a plan chose, and other rows of plan columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner import costs, pricing
from planner.instance import NOT_FIXED, as_guests, with_departments
from planner.model import PlanColumns
from planner.model.assemble import build_instance
from planner.releases import CASH_ROUTES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.instance import Instance
    from planner.plan import Plan

ROWS_AT_ONCE = 64
"""`pricing.itemise` works on tables of rows × rows."""


@dataclass(frozen=True)
class Alternative:
    """An arrangement of one ward with its price.

    Attributes
    ----------
    seats : dict of str to str
        Site of every part.
    cost_vnd : int
        Net present cost.
    items_vnd : dict of str to int
        Present value by cost item.
    """

    seats: dict[str, str]
    cost_vnd: int
    items_vnd: dict[str, int]

    @property
    def sites(self) -> tuple[str, ...]:
        """The sites in use, in order of their ids."""
        return tuple(sorted(set(self.seats.values())))

    def changes_from(self, other: Alternative) -> dict[str, int]:
        """Return the cost items that differ from another arrangement's, in dong, largest difference first."""
        keys = sorted(set(self.items_vnd) | set(other.items_vnd))
        change = {key: self.items_vnd.get(key, 0) - other.items_vnd.get(key, 0) for key in keys}
        return {key: change[key] for key in sorted(keys, key=lambda key: -abs(change[key])) if change[key]}


def instance_of(plan: Plan) -> Instance:
    """Return the problem of a plan without centres, in which every ward has the departments that the plan gives it."""
    scenario = plan.scenario
    centres = scenario.centres.model_copy(update={"allowed": False})
    instance = build_instance(plan.region, plan.norms, scenario.model_copy(update={"centres": centres}))
    if not instance.further:
        return instance
    extra = plan.further_departments()
    return with_departments(instance, np.array([extra.get(ward, 0) for ward in instance.wards], np.int64))


def pairs_of(plan: Plan) -> list[dict[str, str]]:
    """Return the premises that two wards share: site_id, owner, guest."""
    found: list[dict[str, str]] = plan.facts.get("shared", [])
    return found


def in_dong(micro: int) -> int:
    """Return whole dong of millionths, rounded half up."""
    return (2 * micro + costs.MILLION) // (2 * costs.MILLION)


def price(instance: Instance, columns: PlanColumns) -> list[Alternative]:
    """Return rows of plan columns with their prices, item by item."""
    parts = {int(place): group.parts for group in instance.groups for place in group.wards}
    ids = instance.sites.index[instance.sites["real"].to_numpy()].tolist()
    factors = np.array(instance.money.factors, dtype=object)
    found = []
    for start in range(0, len(columns), ROWS_AT_ONCE):
        some = columns.take(np.arange(start, min(start + ROWS_AT_ONCE, len(columns))))
        table = pricing.cost_table(instance, some)
        # Python's whole numbers: a present value in millionths may leave 63 bits.
        micro = {item: (dong.astype(object) * factors).sum(axis=1) for item, dong in table.items()}
        for row, place in enumerate(some.ward.tolist()):
            placed = some.site_of_part[row].tolist()
            seats = {part: str(ids[site]) for part, site in zip(parts[place], placed, strict=False)}
            items = {item: int(amounts[row]) for item, amounts in micro.items()}
            rounded = {item: in_dong(amount) for item, amount in items.items() if amount}
            found.append(Alternative(seats, in_dong(sum(items.values())), rounded))
    return found


def chosen_in(plan: Plan, instance: Instance, wards: Sequence[str]) -> list[Alternative]:
    """Return what a plan chose for some wards; ``instance`` is its problem."""
    position = {str(site): place for place, site in enumerate(instance.sites.index)}
    place_of = {ward: place for place, ward in enumerate(instance.wards)}
    parts = {int(place): group.parts for group in instance.groups for place in group.wards}
    places = np.array([place_of[ward] for ward in wards], np.int64)
    seats, hosts, cash = _seats(plan), _hosts(plan, instance, wards), _cash(plan, instance)
    site_of_part = np.full((len(wards), max(map(len, parts.values()))), NOT_FIXED, np.int64)
    for row, (ward, place) in enumerate(zip(wards, places.tolist(), strict=True)):
        # The site that a guest shares stands where the guest finds it.
        seen = {**position, **dict([hosts[ward]])} if ward in hosts else position
        mine = seats[ward]
        site_of_part[row, : len(parts[place])] = [seen[mine[part]] for part in parts[place]]
    zero = np.zeros(len(wards), np.int64)
    routes = np.array([cash.get(ward, instance.releases.choices[0]) for ward in wards], np.int64)
    columns = PlanColumns(places, zero, {}, zero, zero, site_of_part, zero - 1, routes, zero)
    lodgings = {place_of[ward]: host[1] for ward, host in hosts.items()}
    return price(as_guests(instance, lodgings), columns)


def _seats(plan: Plan) -> dict[str, dict[str, str]]:
    """Return the site of every part by ward, in the first year."""
    rows = plan.first_year()
    found: dict[str, dict[str, str]] = {}
    for ward, part, site in zip(rows["ward_code"], rows["part"], rows["site_id"], strict=True):
        found.setdefault(ward, {})[part] = site
    return found


def _cash(plan: Plan, instance: Instance) -> dict[str, int]:
    """Return the cash route of every ward; where the plan sends none of its sites there, any will do."""
    choices = [choice for choice in instance.releases.choices if choice >= 0]
    table = plan.premises
    found: dict[str, int] = {}
    for choice in reversed(choices):
        found |= dict.fromkeys(table.loc[table["route"] == CASH_ROUTES[choice], "ward_code"], choice)
    return found


def _hosts(plan: Plan, instance: Instance, wards: Sequence[str]) -> dict[str, tuple[str, int]]:
    """Return the site that every guest shares, and its position beside what the owner has there."""
    mine = [pair for pair in pairs_of(plan) if pair["guest"] in wards]
    if not mine:
        return {}
    people = plan.demand.parts.set_index(["ward_code", "part"])["people"]
    found = {}
    for entry in mine:
        rows = plan.first_year()
        rows = rows[(rows["ward_code"] == entry["owner"]) & (rows["site_id"] == entry["site_id"])]
        state = (
            int(rows["tight_fit_m2"].sum()),
            int(rows["norm_m2"].sum()),
            sum(int(people[entry["owner"], part]) for part in rows["part"]),
        )
        site, guest = instance.sites.index.get_loc(entry["site_id"]), instance.wards.index(entry["guest"])
        pair = next(pair for pair in instance.pairs if (pair.site, pair.guest) == (site, guest))
        found[entry["guest"]] = (entry["site_id"], pair.left[state])
    return found
