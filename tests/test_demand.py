"""What wards need, against numbers worked out by hand (docs/model.md, section 1)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.demand import Demand, council_delegates, estimate_demand, government_block, largest_remainder
from tests.oracle.instances import BOTH, make_norms, make_region, make_scenario

NORMS = make_norms(
    parts=[
        ("party", "party", "body", BOTH, 0.0),
        ("office", "council_committee", "leaders", BOTH, 40.0),
        ("economy", "council_committee", "department", BOTH, 35.0),
        ("culture", "council_committee", "department", BOTH, 25.0),
        ("front", "front", "body", BOTH, 0.0),
        ("reception", "reception", "body", BOTH, 0.0),
    ],
    positions=[
        ("party", BOTH, "1", "secretary", "on"),
        ("party", BOTH, "3", "head", "on"),
        ("party", BOTH, "5", "head", "off"),
        ("party", BOTH, "rest", "staff", "on"),
        ("office", BOTH, "2", "head", "on"),
        ("office", BOTH, "rest", "staff", "on"),
        ("economy", BOTH, "1", "head", "on"),
        ("economy", BOTH, "rest", "staff", "on"),
        ("culture", "xã", "1", "head", "on"),
        ("culture", BOTH, "rest", "staff", "on"),
        ("front", BOTH, "1", "head", "on"),
        ("front", BOTH, "rest", "staff", "on"),
        ("reception", BOTH, "rest", "staff", "on"),
    ],
    space={"secretary": 30.0, "head": 20.0, "staff": 10.0},
    trips=[],
    detour=[(1.0, 1.25)],
    zones=[(1, 1, 1)],
)


def _demand(kind: str, population: int, *, mountain: int = 0, **sections: Any) -> Demand:
    point = {"lat": 21.0, "lon": 105.8}
    ward = {"ward_code": "00001", "name": "W", "type": kind, "population": population, "mountain": mountain}
    region = make_region(
        [{**ward, "land_price_zone": 1, **point}],
        [{"commune_code": "00002", "name": "C", **point}],
        [{"commune_code": "00002", "ward_code": "00001", "kind": "whole", "population": population}],
        [{"site_id": "S", "ward_code": "00001", "floor_area_m2": 1, **point}],
        [],
    )
    return estimate_demand(region, NORMS, make_scenario(**sections))


def _column(demand: Demand, name: str) -> dict[str, int]:
    return dict(zip(demand.parts["part"], demand.parts[name], strict=True))


def test_a_large_inner_ward() -> None:
    # 65,000 people, phường. Files 65,000 × 0.256 = 16,640; in person × 0.4005 = 6,664.32 → 6,664.
    # Counters: 6,664 × 1.5 × 20 / (250 × 420 × 0.7) = 2.72 → 3, which is the least too.
    # Block: 32 + (65,000 − 16,000) / 2,000 = 32 + 24 = 56. Fixed of the committee: 2 + 1 + 0 (culture: xã only) = 3;
    # reception 3; rest 50, shared 40 : 35 : 25 = 20, 17.5, 12.5 → 20, 17, 12, the last one to the earlier: 18.
    # Party 17, front 10.
    demand = _demand("phường", 65_000)
    people = {"party": 17, "office": 22, "economy": 19, "culture": 12, "front": 10, "reception": 3}
    assert _column(demand, "people") == people
    # Tight fit: people × 12 / 0.7 up; reception: max(80, 3 × (12 + 1.5 × 6)) = 80 / 0.7 = 114.3 → 115.
    tight = {"party": 292, "office": 378, "economy": 326, "culture": 206, "front": 172, "reception": 115}
    assert _column(demand, "tight_fit_m2") == tight
    # Norm: m² × 1.85 / 0.7. Party 30 + 3×20 + 13×10 = 220; office 2×20 + 20×10 = 240; economy 20 + 180 = 200;
    # culture 120; front 20 + 90 = 110; reception (80 + 3 × 10) / 0.7.
    norm = {"party": 582, "office": 635, "economy": 529, "culture": 318, "front": 291, "reception": 158}
    assert _column(demand, "norm_m2") == norm
    ward = demand.wards.loc["00001"]
    assert ward["staff"] == 83
    assert ward["in_person_year"] == 6_664
    assert ward["in_person_day"] == pytest.approx(26.656)
    assert ward["counters"] == 3
    # Delegates: 15 + (45,000 − 15,000) / 6,000 + (65,000 − 45,000) / 7,000 = 15 + 5 + 2 = 22.
    assert ward["hall_seats_tight"] == 22 + 22
    assert ward["hall_seats_norm"] == 22 + 22 + 60 + 40


def test_a_commune_of_the_plain() -> None:
    # 12,345 people, xã: block 32 (below 16,000). Files 3,160; in person 1,265; counters 3 (least).
    # Rest of the committee 32 − (2 + 1 + 1) − 3 = 25: 10, 8.75, 6.25 → 10, 8, 6, the last one to the largest: economy.
    demand = _demand("xã", 12_345)
    people = {"party": 17, "office": 12, "economy": 10, "culture": 7, "front": 10, "reception": 3}
    assert _column(demand, "people") == people
    # Culture 7 × 12 / 0.7 is 120 exactly (in binary a little more), office's norm 140 × 1.85 / 0.7 is 370 exactly.
    tight = {"party": 292, "office": 206, "economy": 172, "culture": 120, "front": 172, "reception": 115}
    assert _column(demand, "tight_fit_m2") == tight
    norm = {"party": 582, "office": 370, "economy": 291, "culture": 212, "front": 291, "reception": 158}
    assert _column(demand, "norm_m2") == norm
    ward = demand.wards.loc["00001"]
    assert ward["staff"] == 59
    assert ward["in_person_year"] == 1_265
    # Delegates: 15 + (12,345 − 10,000) / 2,000 = 16.
    assert ward["hall_seats_tight"] == 38
    assert ward["hall_seats_norm"] == 138


def test_a_mountain_commune() -> None:
    # 17,800 people: one post per full 1,000 above 16,000 → 33. Rest 33 − 4 − 3 = 26: 10.4, 9.1, 6.5 → culture one more.
    demand = _demand("xã", 17_800, mountain=1)
    people = {"party": 17, "office": 12, "economy": 10, "culture": 8, "front": 10, "reception": 3}
    assert _column(demand, "people") == people
    ward = demand.wards.loc["00001"]
    assert ward["staff"] == 60
    assert ward["in_person_year"] == 1_824
    # Delegates: 15 + (10,000 − 5,000) / 1,000 + (17,800 − 10,000) / 3,000 = 15 + 5 + 2 = 22.
    assert ward["hall_seats_tight"] == 44


def test_a_busy_reception() -> None:
    # 300,000 people, nothing online: files 76,800, all in person but 0.24 % by post: 76,615 (76,615.68).
    # 76,615 × 30 / 73,500 = 31.3 → 32 counters; room 32 × 21 = 672 m².
    demand = _demand("phường", 300_000, reception={"online_share": 0.0})
    ward = demand.wards.loc["00001"]
    assert ward["in_person_year"] == 76_615
    assert ward["counters"] == 32
    assert _column(demand, "tight_fit_m2")["reception"] == 960
    assert _column(demand, "people")["reception"] == 32
    # The block is 70 (cap); 3 fixed, 32 at the counters, 35 shared: 14, 12.25, 8.75.
    assert _column(demand, "people")["office"] == 2 + 14
    assert _column(demand, "people")["economy"] == 1 + 12
    assert _column(demand, "people")["culture"] == 9


def test_fixed_positions_stay_when_the_block_is_too_small() -> None:
    demand = _demand("xã", 5_000, staffing={"government_base": 4, "party": 2})
    people = {"party": 4, "office": 2, "economy": 1, "culture": 1, "front": 10, "reception": 3}
    assert _column(demand, "people") == people


def test_everything_online_leaves_the_least_counters() -> None:
    demand = _demand("xã", 5_000, reception={"online_share": 0.9, "postal_share": 0.2})
    assert demand.wards.loc["00001", "in_person_year"] == 0
    assert demand.wards.loc["00001", "counters"] == 3


def test_the_norm_is_never_below_the_tight_fit() -> None:
    demand = _demand("xã", 5_000, space={"common_use_share": 0.0, "tight_m2_per_person": 30.0})
    assert (demand.parts["norm_m2"] >= demand.parts["tight_fit_m2"]).all()
    assert _column(demand, "norm_m2")["front"] == _column(demand, "tight_fit_m2")["front"] == 429


@pytest.mark.parametrize(
    ("kind", "mountain", "population", "delegates"),
    [
        # Luật 72/2025/QH15 Điều 30.2, counted by hand at both sides of every step.
        ("phường", False, 900, 15), ("phường", False, 15_000, 15), ("phường", False, 20_999, 15),
        ("phường", False, 21_000, 16), ("phường", False, 44_999, 19), ("phường", False, 45_000, 20),
        ("phường", False, 51_999, 20), ("phường", False, 52_000, 21), ("phường", False, 114_999, 29),
        ("phường", False, 115_000, 30), ("phường", False, 400_000, 30),
        ("xã", False, 10_000, 15), ("xã", False, 11_999, 15), ("xã", False, 12_000, 16), ("xã", False, 20_000, 20),
        ("xã", False, 25_999, 20), ("xã", False, 26_000, 21), ("xã", False, 80_000, 30), ("xã", False, 90_000, 30),
        ("xã", True, 5_000, 15), ("xã", True, 5_999, 15), ("xã", True, 6_000, 16), ("xã", True, 10_000, 20),
        ("xã", True, 12_999, 20), ("xã", True, 13_000, 21), ("xã", True, 40_000, 30), ("xã", True, 50_000, 30),
    ],
)  # fmt: skip
def test_council_delegates(kind: str, mountain: bool, population: int, delegates: int) -> None:
    assert council_delegates(population, kind, mountain) == delegates


@pytest.mark.parametrize(
    ("kind", "mountain", "population", "scale", "posts"),
    [
        ("phường", False, 3_000, 1.0, 32), ("phường", False, 17_999, 1.0, 32), ("phường", False, 18_000, 1.0, 33),
        ("phường", False, 500_000, 1.0, 70), ("xã", False, 500_000, 1.0, 50), ("xã", True, 18_000, 1.0, 34),
        # Half up: 33 × 0.5 = 16.5 → 17; 33 × 1.15 = 37.95 → 38.
        ("phường", False, 18_000, 0.5, 17), ("phường", False, 18_000, 1.15, 38),
    ],
)  # fmt: skip
def test_government_block(kind: str, mountain: bool, population: int, scale: float, posts: int) -> None:
    scenario = make_scenario(staffing={"government_scale": scale})
    assert government_block(population, kind, mountain, scenario) == posts


WEIGHTS = st.lists(st.decimals(0, 1000, places=2).map(float), min_size=1, max_size=7)


@given(st.integers(0, 500), WEIGHTS)
def test_largest_remainder_shares_everything_fairly(total: int, weights: list[float]) -> None:
    shares = largest_remainder(total, weights)
    whole = sum(Fraction(str(weight)) for weight in weights)
    if not whole:
        assert shares == [0] * len(weights)
        return
    assert sum(shares) == total
    over = []
    for share, weight in zip(shares, weights, strict=True):
        exact = total * Fraction(str(weight)) / whole
        assert exact - 1 < share < exact + 1
        over.append((share > exact, exact - exact.__floor__()))
    # Who got one more had no smaller a remainder than who did not.
    more = [remainder for got, remainder in over if got]
    less = [remainder for got, remainder in over if not got]
    assert min(more, default=1) >= max(less, default=0) or not more


def test_largest_remainder_gives_ties_to_the_earlier() -> None:
    assert largest_remainder(1, [5, 5, 5]) == [1, 0, 0]
    assert largest_remainder(5, [35, 25, 40]) == [2, 1, 2]
    assert largest_remainder(3, [0.5, 0.5]) == [2, 1]
    assert largest_remainder(4, []) == []
