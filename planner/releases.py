"""What becomes of premises that are not needed any more: route and income, by the year in which they are free.

Docs: docs/model.md, section 5 "Release". The order of public needs is that of Công điện 213/CĐ-TTg and Kết luận
202-KL/TW: health, education, culture, sport, police, other public use; leases and auctions come last.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from planner import costs

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from planner.costs import Ints, Money
    from planner.region import Norms, Region
    from planner.scenario import Scenario

PUBLIC_ROUTES = ("health", "education", "culture", "sport", "police", "other_public")
CASH_ROUTES = ("lease", "auction")
LEASE, AUCTION = 0, 1
NO_CASH = -1


@dataclass(frozen=True)
class Releases:
    """Values of all sites, and the rule that gives a free site its route.

    Attributes
    ----------
    values : int64, shape (2, sites)
        Dong at first-year prices: a year's rent, and the price at an auction.
    present : int64, shape (2, sites, years + 1)
        Worth of a lease from a year on, and of an auction in it, in millionths of a dong; zero beyond the last year.
    growth : tuple of int
        Price level of every year in parts per million.
    needs : tuple of str
        Public routes, one an entry, in the order in which a ward's free sites take them; empty but for ``priority``.
    choices : tuple of int
        Cash routes a ward may take: `LEASE`, `AUCTION`, or `NO_CASH` for public use only.
    fixed : str
        The route of every free site where the scenario names one; empty for ``priority``.
    """

    values: Ints
    present: Ints
    growth: tuple[int, ...]
    needs: tuple[str, ...]
    choices: tuple[int, ...]
    fixed: str

    def with_more_sites(self, count: int) -> Releases:
        """Return the same with so many more sites that are worth nothing: shared ones, as guests find them."""
        values = np.pad(self.values, ((0, 0), (0, count)))
        return replace(self, values=values, present=np.pad(self.present, ((0, 0), (0, count), (0, 0))))

    def to_cash(self, sites: Ints, free: Ints, choice: int) -> NDArray[np.bool_]:
        """Say which sites go to the cash route.

        Parameters
        ----------
        sites : int64, shape (n,)
            Positions of the ward's sites, in order of their ids.
        free : int64, shape (..., n)
            Year index from which each is free; ``years`` and more: never.
        """
        ever = free < len(self.growth)
        if choice == NO_CASH:
            return np.zeros_like(ever)
        if not self.needs:
            return ever
        return ever & (self.places(sites, free, choice) >= len(self.needs))

    def places(self, sites: Ints, free: Ints, choice: int) -> Ints:
        """Return the place of every site in the order (year free, cash value, site id), shape as ``free``."""
        by_value = np.argsort(self.values[max(choice, 0), sites], kind="stable")
        order = by_value[np.argsort(free[..., by_value], axis=-1, kind="stable")]
        place = np.empty_like(order)
        np.put_along_axis(place, order, np.broadcast_to(np.arange(len(sites)), order.shape), axis=-1)
        return place

    def income(self, sites: Ints, free: Ints, choice: int) -> Ints:
        """Return the present value of the income of one ward in millionths of a dong, shape (...)."""
        if choice == NO_CASH:
            return np.zeros(free.shape[:-1], np.int64)
        worth = self.present[choice][sites[:, None], np.arange(len(self.growth) + 1)]
        year = np.minimum(free, len(self.growth))
        amounts = worth[np.arange(len(sites)), year]
        return np.asarray((amounts * self.to_cash(sites, free, choice)).sum(axis=-1), np.int64)

    def cash_by_year(self, sites: Ints, free: Ints, choice: int) -> Ints:
        """Return the dong received in every year, shape (..., years)."""
        years = len(self.growth)
        if choice == NO_CASH:
            return np.zeros((*free.shape[:-1], years), np.int64)
        cash = self.to_cash(sites, free, choice)
        found = []
        for t in range(years):
            now = (free <= t) if choice == LEASE else (free == t)
            value = costs.escalated(self.values[choice, sites], self.growth[t])
            found.append(((now & cash) * value).sum(axis=-1))
        return np.stack(found, axis=-1)

    def route(self, sites: Ints, free: Ints, choice: int) -> list[str]:
        """Return the route of every site of one ward, "" where it is never free; ``free`` has shape (n,)."""
        if self.fixed:
            return [self.fixed if year < len(self.growth) else "" for year in free.tolist()]
        cash = CASH_ROUTES[choice] if choice != NO_CASH else PUBLIC_ROUTES[-1]
        places = self.places(sites, free, choice).tolist()
        return [
            "" if year >= len(self.growth) else self.needs[place] if place < len(self.needs) else cash
            for year, place in zip(free.tolist(), places, strict=True)
        ]


def build_releases(region: Region, norms: Norms, scenario: Scenario, prices: Money) -> Releases:
    """Return values and rule of a scenario."""
    release = scenario.release
    values = np.stack(cash_values(region, norms, scenario))
    needs: tuple[str, ...] = ()
    fixed = "" if release.route == "priority" else release.route
    if release.route == "priority":
        counts = (
            release.needs_health, release.needs_education, release.needs_culture, release.needs_sport,
            release.needs_police, release.needs_other,
        )  # fmt: skip
        needs = tuple(route for route, count in zip(PUBLIC_ROUTES, counts, strict=True) for _ in range(count))
        choices = (
            (LEASE, AUCTION) if release.cash_route == "best" else (CASH_ROUTES.index(release.cash_route),)
        )
    elif release.route == "public_use":
        choices = (NO_CASH,)
    else:
        choices = (CASH_ROUTES.index(release.route),)
    years = prices.years
    present = np.zeros((2, values.shape[1], years + 1), np.int64)
    for t in reversed(range(years)):
        in_year = costs.escalated(values, prices.growth[t]) * prices.factors[t]
        present[LEASE, :, t] = in_year[LEASE] + present[LEASE, :, t + 1]
        present[AUCTION, :, t] = in_year[AUCTION]
    return Releases(values, present, prices.growth, needs, choices, fixed)


def cash_values(region: Region, norms: Norms, scenario: Scenario) -> tuple[Ints, Ints]:
    """Return what every site brings: a year's rent, and the price at an auction, in dong of the first year."""
    table, release = region.sites, scenario.release
    zone = norms.land_zones.loc[region.wards.loc[table["ward_code"], "land_price_zone"]]
    net = _floor_product(table["floor_area_m2"], scenario.space.net_to_gross)
    rent = zone["rent_vnd_per_m2_month"].to_numpy(np.int64) * 12
    land = table["land_area_m2"].to_numpy(np.int64) * zone["land_vnd_per_m2"].to_numpy(np.int64)
    return (
        _floor_product(net * rent, release.lease_share),
        _floor_product(land, release.auction_price_share),
    )


def release_value(region: Region, norms: Norms, scenario: Scenario) -> tuple[Ints, Ints]:
    """Return what every site brings once and every year when it is released by the scenario's one route."""
    nothing = np.zeros(len(region.sites), np.int64)
    if scenario.release.route in ("public_use", "priority"):
        return nothing, nothing
    rent, price = cash_values(region, norms, scenario)
    return (nothing, rent) if scenario.release.route == "lease" else (price, nothing)


def _floor_product(amounts: pd.Series | Ints, share: float) -> Ints:
    """Return ⌊amount × share⌋ exactly: shares are taken as the decimal that was written."""
    ratio = Fraction(str(share))
    return np.array([int(a) * ratio.numerator // ratio.denominator for a in amounts], np.int64)
