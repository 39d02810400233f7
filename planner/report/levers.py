"""What the present cost of a plan, kept as it is, comes to under another discount rate or other unit prices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.costs import MILLION
from planner.report.assumptions import used_settings
from planner.report.cells import number_of
from planner.report.figures import Figures, records

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_CONSTRUCTION = tuple(f"centres.cost_{storeys}_vnd_per_m2" for storeys in ("le5", "6_7", "8_10", "11_15"))
_RENOVATION = tuple(f"prices.renovation_{condition}_vnd_per_m2" for condition in "bcd")
_CASH = {"lease": "release.lease_share", "auction": "release.auction_price_share"}


@dataclass(frozen=True)
class Lever:
    """Unit prices that are changed together: the items that follow, and the range of the settings."""

    key: str
    items: tuple[str, ...]
    low: float | None
    high: float | None
    status: str


def levers_of(figures: Figures) -> list[Lever]:
    """Return the unit prices that can be tried; those of items that do not occur are left out."""
    routes = set(figures.plan.premises["route"])
    cash = [route for route in _CASH if route in routes]
    cash_key = "cash" if len(cash) != 1 else "rent" if cash == ["lease"] else "auction"
    wanted: list[tuple[str, tuple[str, ...], Sequence[str]]] = [
        ("construction", ("construction", "contingency"), _CONSTRUCTION),
        ("land", ("land",), ("centres.land_price_share",)),
        ("renovation", ("renovation",), _RENOVATION),
        ("fit_out", ("fit_out",), ("prices.furniture_vnd_per_person",)),
        ("running", ("running",), ("prices.running_vnd_per_m2_year",)),
        ("site_fixed", ("site_fixed",), ("prices.site_fixed_vnd_year",)),
        (cash_key, ("release_income",), [_CASH[route] for route in cash]),
        ("crowding", ("crowding",), ("prices.crowding_vnd_per_m2_year",)),
    ]
    settings, used = records(figures.plan.norms.settings, "key"), used_settings(figures.plan)
    found = []
    for key, items, names in wanted:
        if not any(item in figures.heading_of for item in items):
            continue
        shares: dict[str, list[float]] = {"low": [], "high": []}
        for name in names:
            row, value = settings.get(name, {}), number_of(used.get(name))
            for side, ratios in shares.items():
                end = number_of(row.get(side))
                if end is not None and value:
                    ratios.append(end / value)
        status = figures.words.status(settings.get(names[0], {})) if names else ""
        low, high = min(shares["low"], default=None), max(shares["high"], default=None)
        found.append(Lever(key, items, low, high, status))
    return found


class Trial:
    """A plan's amounts by item and year, and what they come to when assumptions change.

    Attributes
    ----------
    levers : list of Lever
        The unit prices that can be tried.
    rates : tuple of float or None
        Low and high of the discount rate.
    amounts : dict of str to list of int
        Dong of every item by year.
    """

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self.levers = levers_of(figures)
        row = records(figures.plan.norms.settings, "key").get("horizon.discount_rate", {})
        self.rates = (number_of(row.get("low")), number_of(row.get("high")))
        items = [item for items in figures.items.values() for item in items]
        self.amounts = {
            item: [figures.item_cost("plan", [item], year) for year in figures.years] for item in items
        }

    def change(self, key: str, share: float) -> float:
        """Return by how many dong the present cost changes where a unit price is so many times the plan's."""
        return self.present(self.by_year(self.shares({key: share}))) - self.present(self.by_year({}))

    def change_at_rate(self, rate: float) -> float:
        """Return by how many dong another discount rate changes the present cost."""
        return self.present(self.by_year({}), rate) - self.figures.objective("plan")

    def shares(self, changed: Mapping[str, float]) -> dict[str, float]:
        """Return the factor of every item where the factors of some unit prices are not 1."""
        found = dict.fromkeys(self.amounts, 1.0)
        for lever in self.levers:
            found |= {item: changed.get(lever.key, 1.0) for item in lever.items if item in self.amounts}
        residual = sum(self.amounts.get("residual_value", []))
        if residual and any(lever.key == "construction" for lever in self.levers):
            land = sum(self.amounts.get("land", []))
            build, price = changed.get("construction", 1.0), changed.get("land", 1.0)
            found["residual_value"] = (build * (residual + land) - price * land) / residual
        return found

    def by_year(self, shares: Mapping[str, float]) -> list[float]:
        """Return dong by year with the factors of the items; an item without one stays as it is."""
        columns = zip(*self.amounts.values(), strict=True)
        factors = [shares.get(item, 1.0) for item in self.amounts]
        return [sum(vnd * share for vnd, share in zip(column, factors, strict=True)) for column in columns]

    def following(self, key: str) -> list[float]:
        """Return what follows a unit price by year."""
        more = self.by_year(self.shares({key: 2.0}))
        return [a - b for a, b in zip(more, self.by_year(self.shares({})), strict=True)]

    def present(self, amounts: Sequence[float], rate: float | None = None) -> float:
        """Return the present value of yearly amounts, at the plan's rate or another."""
        figures = self.figures
        if rate is None:
            ppm = [figures.ppm[year] for year in figures.years]
        else:
            ppm = [int(MILLION / (1 + rate) ** (year - figures.start_year) + 0.5) for year in figures.years]
        return sum(vnd * one for vnd, one in zip(amounts, ppm, strict=True)) / MILLION
