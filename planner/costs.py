"""Price of arrangements, item by item, in whole dong: pure functions on arrays (docs/model.md, section 4).

A *block* is a set of arrangements with the same parts and the same number of sites: every open set of sites (rows)
times every way of putting the parts on its slots (columns).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.scenario import Scenario

    Ints = NDArray[np.int64]

MILLION = 1_000_000
CAPITAL_ITEMS = ("renovation", "fit_out", "moves")
RECURRENT_ITEMS = ("running", "site_fixed", "hall_rent")
SOCIAL_ITEMS = ("staff_travel", "cohesion", "citizen_travel", "crowding")
HEADING = (
    dict.fromkeys(CAPITAL_ITEMS, "capital")
    | dict.fromkeys(RECURRENT_ITEMS, "recurrent")
    | dict.fromkeys(SOCIAL_ITEMS, "social")
    | {"release_income": "income"}
)


@dataclass(frozen=True)
class Money:
    """Unit prices of a scenario in whole dong, and its discount factors in parts per million."""

    renovation: dict[str, int]
    furniture: int
    move: int
    running: int
    site_fixed: int
    hall_rent: int
    crowding: int
    cohesion: int
    staff_km: int
    citizen_km: int
    working_days: int
    factors: tuple[int, ...]

    @property
    def annuity(self) -> int:
        """Sum of the discount factors: what one dong every year is worth, in millionths."""
        return sum(self.factors)


def money(scenario: Scenario) -> Money:
    """Read the unit prices out of a scenario."""
    p, horizon = scenario.prices, scenario.horizon
    return Money(
        renovation={
            "A": p.renovation_a_vnd_per_m2,
            "B": p.renovation_b_vnd_per_m2,
            "C": p.renovation_c_vnd_per_m2,
            "D": p.renovation_d_vnd_per_m2,
        },
        furniture=p.furniture_vnd_per_person,
        move=p.move_vnd_per_person,
        running=p.running_vnd_per_m2_year,
        site_fixed=p.site_fixed_vnd_year,
        hall_rent=p.hall_rent_vnd_per_seat_year if scenario.rules.hall != "off" else 0,
        crowding=p.crowding_vnd_per_m2_year,
        cohesion=p.cohesion_vnd_per_part_year,
        staff_km=p.vnd_per_km + p.staff_vnd_per_hour // p.speed_kmh,
        citizen_km=p.vnd_per_km + p.citizen_vnd_per_hour // p.speed_kmh,
        working_days=scenario.reception.working_days,
        factors=discount_factors(horizon.years, horizon.discount_rate),
    )


def discount_factors(years: int, rate: float) -> tuple[int, ...]:
    """Return the factor of every year in parts per million; the first year counts in full."""
    return tuple(int(MILLION / (1 + rate) ** t + 0.5) for t in range(years))


@dataclass(frozen=True)
class Block:
    """Arrangements of O open sets of n sites and P patterns of k parts.

    Attributes
    ----------
    slot_of_part : int8, shape (P, k)
        The slot, 0 to n-1, on which the pattern puts each part.
    load, norm, people : int64, shape (n, O or 1, P)
        Tight-fit m², norm m² and people on each slot.
    floor, workplaces, renovation, furniture, citizen_travel : int64, shape (O, n)
        Of the sites of the open set; renovation and furniture are unit prices in dong, citizen_travel is dong a
        year when the reception is there.
    hall_missing_to_norm : int64, shape (O,)
    distance : int64, shape (O, pairs of slots)
        Road metres.
    trips : int64, shape (P, pairs of slots)
        One-way trips a day between slots.
    parts_apart : int64, shape (P,)
        Departments away from the office.
    reception_slot : int8, shape (P,)
    movers : int64, shape (O or 1, P)
        People that move.
    income_once, income_yearly : int64, shape (O,)
        Dong from the sites that are released (positive).
    """

    slot_of_part: NDArray[np.int8]
    load: Ints
    norm: Ints
    people: Ints
    floor: Ints
    workplaces: Ints
    renovation: Ints
    furniture: Ints
    citizen_travel: Ints
    hall_missing_to_norm: Ints
    distance: Ints
    trips: Ints
    parts_apart: Ints
    reception_slot: NDArray[np.int8]
    movers: Ints
    income_once: Ints
    income_yearly: Ints

    @property
    def sites_in_use(self) -> int:
        """Number of sites of every arrangement of the block."""
        return int(self.floor.shape[1])

    def missing_to_tight(self) -> Ints:
        """Return the m² missing below the tight fit, shape (O, P), summed over the sites."""
        missing = np.zeros((len(self.floor), len(self.slot_of_part)), np.int64)
        for slot in range(self.sites_in_use):
            missing += np.maximum(0, self.load[slot] - self.floor[:, slot, None])
        return missing


def one_off(block: Block, prices: Money) -> dict[str, Ints]:
    """Return the amounts of the first year by item, each broadcastable to (O, P)."""
    renovation = np.zeros((len(block.floor), len(block.slot_of_part)), np.int64)
    fit_out = np.zeros_like(renovation)
    for slot in range(block.sites_in_use):
        used = np.minimum(block.norm[slot], block.floor[:, slot, None])
        renovation += used * block.renovation[:, slot, None]
        beyond = np.maximum(0, block.people[slot] - block.workplaces[:, slot, None])
        fit_out += beyond * block.furniture[:, slot, None]
    return {
        "renovation": renovation,
        "fit_out": fit_out,
        "moves": block.movers * prices.move,
        "release_income": -block.income_once[:, None],
    }


def yearly(block: Block, prices: Money) -> dict[str, Ints]:
    """Return the amounts of every year by item, each broadcastable to (O, P)."""
    used = np.zeros((len(block.floor), len(block.slot_of_part)), np.int64)
    citizen_travel = np.zeros_like(used)
    for slot in range(block.sites_in_use):
        used += np.minimum(block.norm[slot], block.floor[:, slot, None])
        citizen_travel += (block.reception_slot == slot) * block.citizen_travel[:, slot, None]
    short = block.norm.sum(axis=0) - used
    metre_trips = block.distance @ block.trips.T
    return {
        "running": used * prices.running,
        "site_fixed": np.array([[block.sites_in_use * prices.site_fixed]], np.int64),
        "hall_rent": block.hall_missing_to_norm[:, None] * prices.hall_rent,
        "staff_travel": metre_trips * (prices.working_days * prices.staff_km) // 1000,
        "cohesion": block.parts_apart[None, :] * prices.cohesion,
        "citizen_travel": citizen_travel,
        "crowding": short * prices.crowding,
        "release_income": -block.income_yearly[:, None],
    }


def net_present_cost(block: Block, prices: Money) -> Ints:
    """Return the net present cost of every arrangement in millionths of a dong, shape (O, P)."""
    first = sum(one_off(block, prices).values())
    every = sum(yearly(block, prices).values())
    return np.asarray(first * prices.factors[0] + every * prices.annuity, np.int64)
