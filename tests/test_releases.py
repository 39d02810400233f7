"""Released premises: which public need or cash route a free site takes, and what it brings year by year."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from planner import costs
from planner.releases import AUCTION, LEASE, NO_CASH, Releases, build_releases
from tests.rules.tiny import tiny_case

NO_NEEDS = {f"needs_{name}": 0 for name in ("health", "education", "culture", "sport", "police", "other")}
NEVER = 5
"""The number of years."""
SITES = np.arange(4)


def _releases(
    floors: tuple[int, ...] = (2_000, 500, 900, 700),
    lands: tuple[int, ...] = (100, 300, 200, 400),
    horizon: dict[str, Any] | None = None,
    **release: Any,
) -> Releases:
    """Return the releases of A1, A2, B1, B2 with floor and land as given; prices as in `tiny_case`."""
    case = tiny_case(release={**NO_NEEDS, **release}, horizon=horizon or {})
    sites = case.region.sites.assign(floor_area_m2=floors, land_area_m2=lands)
    case = case.with_tables(sites=sites)
    return build_releases(case.region, case.norms, case.scenario, costs.money(case.scenario))


def _routes(releases: Releases, free: list[int], choice: int) -> list[str]:
    return releases.route(SITES, np.array(free), choice)


def test_values_by_hand() -> None:
    found = _releases(route="lease")
    # ⌊floor × 0.7⌋ × 150,000 × 12 × 0.8, and land × 30,000,000 × 0.356
    assert found.values[LEASE].tolist() == [
        1_400 * 1_440_000,
        350 * 1_440_000,
        630 * 1_440_000,
        490 * 1_440_000,
    ]
    assert found.values[AUCTION].tolist() == [1_068_000_000, 3_204_000_000, 2_136_000_000, 4_272_000_000]


@pytest.mark.parametrize(
    ("route", "choices"), [("public_use", (NO_CASH,)), ("lease", (LEASE,)), ("auction", (AUCTION,))]
)
def test_one_route_for_every_site(route: str, choices: tuple[int, ...]) -> None:
    # Needs are asked for the route `priority` only.
    found = _releases(route=route, needs_health=9)
    assert (found.choices, found.needs) == (choices, ())
    assert _routes(found, [0, NEVER, 3, 4], choices[0]) == [route, "", route, route]


def test_needs_come_in_the_order_of_the_law() -> None:
    every = {name: 1 for name in NO_NEEDS} | {"needs_education": 2}
    found = _releases(route="priority", **every)
    assert found.needs == (
        "health", "education", "education", "culture", "sport", "police", "other_public",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cash_route", "choices"), [("lease", (LEASE,)), ("auction", (AUCTION,)), ("best", (LEASE, AUCTION))]
)
def test_cash_routes_of_priority(cash_route: str, choices: tuple[int, ...]) -> None:
    assert _releases(route="priority", cash_route=cash_route).choices == choices


def test_cheap_sites_go_to_public_needs_first() -> None:
    found = _releases(route="priority", needs_health=1, needs_culture=1)
    # By rent: A2, B2, B1, A1. By price: A1, B1, A2, B2.
    assert _routes(found, [0, 0, 0, 0], LEASE) == ["lease", "health", "lease", "culture"]
    assert _routes(found, [0, 0, 0, 0], AUCTION) == ["health", "auction", "culture", "auction"]


def test_sites_free_earlier_come_first() -> None:
    found = _releases(route="priority", needs_health=1, needs_culture=1)
    # B1 is free at once; of the two that are free in year 2, B2 is let for less than A1; A2 is never free.
    assert _routes(found, [2, NEVER, 0, 2], LEASE) == ["lease", "", "health", "culture"]
    # A site that is never free takes no need, however cheap.
    assert _routes(found, [2, NEVER, NEVER, NEVER], LEASE) == ["health", "", "", ""]
    assert _routes(found, [NEVER] * 4, LEASE) == [""] * 4


def test_ties_go_by_site_id() -> None:
    found = _releases((500,) * 4, (100,) * 4, route="priority", needs_health=1, needs_education=1)
    for choice, cash in ((LEASE, "lease"), (AUCTION, "auction")):
        assert _routes(found, [0, 0, 0, 0], choice) == ["health", "education", cash, cash]
        assert _routes(found, [1, 0, 1, 0], choice) == [cash, "health", cash, "education"]


def test_no_needs_all_cash_and_all_needs_no_cash() -> None:
    free = np.array([0, 1, NEVER, 4])
    nothing, every = _releases(route="priority"), _releases(route="priority", needs_other=3)
    assert nothing.to_cash(SITES, free, LEASE).tolist() == [True, True, False, True]
    assert _routes(every, free.tolist(), LEASE) == ["other_public", "other_public", "", "other_public"]
    assert not every.to_cash(SITES, free, LEASE).any()
    assert every.income(SITES, free, LEASE) == 0
    assert every.cash_by_year(SITES, free, AUCTION).tolist() == [0] * 5


def test_rent_from_the_year_on_a_price_in_it() -> None:
    free = np.array([1, NEVER, 3, 0])
    found = _releases(route="priority", needs_health=1)  # B2, free first, becomes a health station
    a1, b1 = 1_400 * 1_440_000, 630 * 1_440_000
    assert found.cash_by_year(SITES, free, LEASE).tolist() == [0, a1, a1, a1 + b1, a1 + b1]
    assert found.cash_by_year(SITES, free, AUCTION).tolist() == [0, 1_068_000_000, 0, 2_136_000_000, 0]
    assert found.cash_by_year(SITES, free, NO_CASH).tolist() == [0] * 5


def test_cash_grows_site_by_site_and_is_rounded_down() -> None:
    # ⌊3 × 0.7⌋ = 2 m² × 1,440,000; with 3.3333 % a year: 1.033333, 1.067777, 1.103369 (to millionths).
    found = _releases((3,) * 4, (0,) * 4, {"price_growth": 0.033333}, route="lease")
    assert found.growth[:4] == (1_000_000, 1_033_333, 1_067_777, 1_103_369)
    by_year = [2_880_000, 2_975_999, 3_075_197, 3_177_702]  # 2,975,999.04, 3,075,197.76, 3,177,702.72
    one = found.cash_by_year(SITES, np.array([0, NEVER, NEVER, NEVER]), LEASE)
    two = found.cash_by_year(SITES, np.array([0, 2, NEVER, NEVER]), LEASE)
    assert one[:4].tolist() == by_year
    assert two[:4].tolist() == [by_year[0], by_year[1], 2 * by_year[2], 2 * by_year[3]]


def test_present_value_is_that_of_the_years() -> None:
    found = _releases(route="priority", needs_health=1, horizon={"price_growth": 0.07, "discount_rate": 0.08})
    factors = np.array([1_000_000, 925_926, 857_339, 793_832, 735_030])
    for choice in (LEASE, AUCTION, NO_CASH):
        for free in ([0, 0, 0, 0], [4, 3, 2, 1], [0, NEVER, 2, 2], [NEVER] * 4, [9, 9, 0, 0]):
            by_year = found.cash_by_year(SITES, np.array(free), choice)
            assert found.income(SITES, np.array(free), choice) == (by_year * factors).sum()


def test_many_plans_at_once_are_the_same_as_one_by_one() -> None:
    found = _releases(route="priority", needs_health=1, needs_sport=1, horizon={"price_growth": 0.07})
    free = np.random.default_rng(0).integers(0, NEVER + 1, (3, 4, 4))
    for choice in (LEASE, AUCTION):
        income, cash = found.income(SITES, free, choice), found.cash_by_year(SITES, free, choice)
        for place in np.ndindex(3, 4):
            assert income[place] == found.income(SITES, free[place], choice)
            assert cash[place].tolist() == found.cash_by_year(SITES, free[place], choice).tolist()


def test_shared_sites_as_guests_find_them_bring_nothing() -> None:
    found = _releases(route="lease").with_more_sites(2)
    assert found.values[:, 4:].tolist() == [[0, 0], [0, 0]]
    sites, free = np.array([2, 3, 5]), np.array([0, NEVER, NEVER])
    assert found.cash_by_year(sites, free, LEASE)[0] == 630 * 1_440_000
