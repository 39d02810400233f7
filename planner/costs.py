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
ONE_OFF_ITEMS = ("renovation", "fit_out", "moves")
"""Items of the first year of an arrangement."""
YEARLY_ITEMS = (
    "running", "site_fixed", "hall_rent", "staff_travel", "cohesion", "citizen_travel", "crowding",
    "departments", "overload",
)  # fmt: skip
"""Items of every year, in the order in which growth is spread over them."""
CAPITAL_ITEMS = (*ONE_OFF_ITEMS, "construction", "contingency", "land")
RECURRENT_ITEMS = ("running", "site_fixed", "hall_rent", "departments", "points", "city_points")
SOCIAL_ITEMS = ("staff_travel", "cohesion", "citizen_travel", "crowding", "overload", "residual_value")
HEADING = (
    dict.fromkeys(CAPITAL_ITEMS, "capital")
    | dict.fromkeys(RECURRENT_ITEMS, "recurrent")
    | dict.fromkeys(SOCIAL_ITEMS, "social")
    | {"release_income": "income"}
)
"""Heading of every item, in the order of the rows of ``costs.csv``."""


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
    growth: tuple[int, ...]
    building_growth: tuple[int, ...]

    @property
    def years(self) -> int:
        """Number of years that are costed."""
        return len(self.factors)

    def present(self, yearly: Ints, first: int = 0, stop: int | None = None) -> Ints:
        """Return what yearly amounts from year ``first`` to before ``stop`` are worth, in millionths of a dong.

        Amounts are those of the first year's prices; each year's is escalated and rounded down to whole dong.
        """
        total = np.zeros_like(yearly)
        flat = 0
        for t in range(first, self.years if stop is None else stop):
            if self.growth[t] == MILLION:
                flat += self.factors[t]
            else:
                total = total + escalated(yearly, self.growth[t]) * self.factors[t]
        return np.asarray(total + yearly * flat, np.int64)


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
        growth=growth_factors(horizon.years, horizon.price_growth),
        building_growth=growth_factors(horizon.years, horizon.construction_growth),
    )


def discount_factors(years: int, rate: float) -> tuple[int, ...]:
    """Return the factor of every year in parts per million; the first year counts in full."""
    return tuple(int(MILLION / (1 + rate) ** t + 0.5) for t in range(years))


def growth_factors(years: int, rate: float) -> tuple[int, ...]:
    """Return the price level of every year in parts per million of the first year's."""
    return tuple(int(MILLION * (1 + rate) ** t + 0.5) for t in range(years))


def escalated(amount: Ints, growth: int) -> Ints:
    """Return ⌊amount × growth / 10⁶⌋ without leaving 63 bits; amounts are not negative."""
    return np.asarray(amount // MILLION * growth + amount % MILLION * growth // MILLION, np.int64)


def spread_growth(amounts: dict[str, Ints], growth: int) -> dict[str, Ints]:
    """Escalate items of one year so that their sum is the escalated sum: each gets its share of the running total."""
    if growth == MILLION:
        return amounts
    found = {}
    total = so_far = np.zeros(1, np.int64)
    for item in (name for name in YEARLY_ITEMS if name in amounts):
        total = total + amounts[item]
        reached = escalated(total, growth)
        found[item] = reached - so_far
        so_far = reached
    return found


@dataclass(frozen=True)
class Block:
    """Arrangements of O open sets of n sites and P patterns of k parts.

    Attributes
    ----------
    slot_of_part : int8, shape (P, k)
        The slot, 0 to n-1, on which the pattern puts each part.
    load, norm, people : int64, shape (n, O or 1, P)
        Tight-fit m², norm m² and people on each slot.
    room, floor, workplaces, renovation, furniture, citizen_travel : int64, shape (O, n)
        Of the sites of the open set; room is the m² for the tight fit, floor those for the norm (they differ on
        premises shared with another ward); renovation and furniture are unit prices in dong, citizen_travel is dong a
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
    charged : int64, shape (O,)
        Sites whose fixed cost is the ward's.
    duty : int64, shape (O, 2)
        Dong a year for further departments, and for overload.
    """

    slot_of_part: NDArray[np.int8]
    load: Ints
    norm: Ints
    people: Ints
    room: Ints
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
    charged: Ints
    duty: Ints

    @property
    def sites_in_use(self) -> int:
        """Number of sites of every arrangement of the block."""
        return int(self.floor.shape[1])

    def missing_to_tight(self) -> Ints:
        """Return the m² missing below the tight fit, shape (O, P), summed over the sites."""
        missing = np.zeros((len(self.floor), len(self.slot_of_part)), np.int64)
        for slot in range(self.sites_in_use):
            missing += np.maximum(0, self.load[slot] - self.room[:, slot, None])
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
        "site_fixed": block.charged[:, None] * prices.site_fixed,
        "hall_rent": block.hall_missing_to_norm[:, None] * prices.hall_rent,
        "staff_travel": metre_trips * (prices.working_days * prices.staff_km) // 1000,
        "cohesion": block.parts_apart[None, :] * prices.cohesion,
        "citizen_travel": citizen_travel,
        "crowding": short * prices.crowding,
        "departments": block.duty[:, :1],
        "overload": block.duty[:, 1:],
    }


def totals(block: Block, prices: Money) -> tuple[Ints, Ints]:
    """Return the dong of the first year alone and of every year, of every arrangement, shape (O, P) each."""
    shape = (len(block.floor), len(block.slot_of_part))
    first = sum(one_off(block, prices).values())
    every = sum(yearly(block, prices).values())
    return (
        np.broadcast_to(np.asarray(first, np.int64), shape),
        np.broadcast_to(np.asarray(every, np.int64), shape),
    )
