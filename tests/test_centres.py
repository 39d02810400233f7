"""Joint-agency centres: size, land, time and every dong, worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner import costs
from planner.centres import PARCEL, Centre, Need, Place, centres_of, floor_of, land_needed, unit_cost
from planner.instance import Instance
from planner.model.assemble import build_instance
from tests.oracle.instances import make_scenario
from tests.rules.tiny import tiny_case

NEED = Need("phường", norm=2_000, seats=139, people=66, departments=0, overload=0)


def _place(land: int, *, site: int = 0, old: int = 500, price: int = 0, travel: int = 7) -> Place:
    return Place("A1", site, land, old, price, travel, 0)


def _centres(places: list[Place], need: Need = NEED, **sections: Any) -> list[Centre]:
    scenario = make_scenario(**sections)
    return centres_of(places, need, scenario, costs.money(scenario))


def _item(centre: Centre, item: str) -> dict[int, int]:
    return {t: vnd for (t, name), vnd in centre.rows.items() if name == item}


# --- size --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seats", "per_seat", "net_to_gross", "floor"),
    [
        (139, 1.0, 0.7, 2_199),  # 139 / 0.7 = 198.57
        (140, 1.0, 0.7, 2_200),  # 200 and a binary fraction more
        (0, 1.0, 0.7, 2_000),
        (139, 0.0, 0.7, 2_000),
        (100, 1.5, 1.0, 2_150),
    ],
)
def test_floor_is_the_norm_and_the_hall(seats: int, per_seat: float, net_to_gross: float, floor: int) -> None:
    need = Need("xã", 2_000, seats, 66, 0, 0)
    scenario = make_scenario(centres={"hall_m2_per_seat": per_seat}, space={"net_to_gross": net_to_gross})
    assert floor_of(need, scenario) == floor


@pytest.mark.parametrize(
    ("floor", "storeys", "coverage", "land"),
    [
        (2_199, 7, 0.4, 788),  # 314.1 up: 315; 315 / 0.4 = 787.5
        (2_100, 7, 0.4, 750),
        (2_101, 7, 0.4, 753),  # 301 / 0.4 = 752.5
        (2_100, 7, 1.0, 300),
        (0, 2, 0.4, 0),
        (1, 15, 0.4, 3),
        (4_200, 7, 0.3, 2_000),  # 600 / 0.3 is 2,000.0000000000002 in binary fractions
    ],
)
def test_land_needed(floor: int, storeys: int, coverage: float, land: int) -> None:
    assert land_needed(floor, storeys, coverage) == land


@pytest.mark.parametrize(
    ("storeys", "price"), [(1, 1), (5, 1), (6, 2), (7, 2), (8, 3), (10, 3), (11, 4), (15, 4)]
)
def test_price_by_storeys(storeys: int, price: int) -> None:
    rule = make_scenario(
        centres={
            "cost_le5_vnd_per_m2": 1, "cost_6_7_vnd_per_m2": 2, "cost_8_10_vnd_per_m2": 3,
            "cost_11_15_vnd_per_m2": 4,
        }
    ).centres  # fmt: skip
    assert unit_cost(rule, storeys) == price


def test_storeys_are_those_of_the_type_of_ward() -> None:
    # 2,199 m² on 7 storeys takes 788 m² of land, on 4 storeys ⌈550 / 0.4⌉ = 1,375 m².
    commune = Need("xã", 2_000, 139, 66, 0, 0)
    assert len(_centres([_place(788)])) == 1
    assert not _centres([_place(787)])
    assert len(_centres([_place(1_375)], commune)) == 1
    assert not _centres([_place(1_374)], commune)


def test_beside_the_old_building_or_on_its_place() -> None:
    # The old building of 501 m² on 2 storeys stands on 251 m²: ⌈251 / 0.4⌉ = 628 m² of land; with the new one 1,416.
    beside, tight = _place(788 + 628, old=501), _place(788 + 627, old=501)
    assert [centre.vacant for centre in _centres([beside, tight])] == [False, True]
    # Nobody sits on a parcel.
    assert [centre.vacant for centre in _centres([_place(788, site=PARCEL, old=0)])] == [False]


# --- time --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("years", "first", "build", "spans"),
    [
        (5, 2, 2, [(2, 4)]),
        (5, 0, 2, [(0, 2), (1, 3), (2, 4)]),
        (6, 2, 2, [(2, 4), (3, 5)]),
        (5, 3, 2, []),  # would open in the year after the last
        (5, 0, 5, []),
        (5, 0, 4, [(0, 4)]),
        (15, 4, 10, [(4, 14)]),
        (15, 5, 10, []),
        (1, 0, 1, []),
        (2, 0, 1, [(0, 1)]),
        (5, 15, 1, []),
    ],
)
def test_opens_by_the_end(years: int, first: int, build: int, spans: list[tuple[int, int]]) -> None:
    found = _centres(
        [_place(9_000)],
        horizon={"years": years},
        centres={"first_start_after_years": first, "build_years": build},
    )
    assert [(centre.start, centre.opens) for centre in found] == spans


@pytest.mark.parametrize(("large", "opens"), [(2_198, 5), (2_199, 4), (2_200, 4)])
def test_large_centres_take_longer(large: int, opens: int) -> None:
    found = _centres([_place(9_000)], horizon={"years": 6}, centres={"large_m2": large})
    assert min(centre.opens for centre in found) == opens


# --- money -------------------------------------------------------------------------------------------------------


def test_every_row_of_a_centre_without_growth() -> None:
    # 2,199 m² on 7 storeys at 11 million: 24,189,000,000; a tenth for the unforeseen.
    (centre,) = _centres([_place(9_000)])
    assert (centre.start, centre.opens, centre.floor) == (2, 4, 2_199)
    paid = 24_189_000_000 + 2_418_900_000
    assert centre.rows == {
        (2, "construction"): 12_094_500_000,
        (3, "construction"): 12_094_500_000,
        (2, "contingency"): 1_209_450_000,
        (3, "contingency"): 1_209_450_000,
        (2, "land"): 0,
        (4, "fit_out"): 66 * 25_000_000,
        (4, "moves"): 66 * 2_000_000,
        # In use for one of 50 years: 49 are left.
        (4, "residual_value"): -(paid * 49 // 50),
        (4, "running"): 2_199 * 300_000,
        (4, "site_fixed"): 471_000_000,
        (4, "citizen_travel"): 7,
        (4, "departments"): 0,
        (4, "overload"): 0,
    }


def test_construction_is_spread_to_the_dong() -> None:
    # 2,199 m² at 5 dong: 10,995; 0.01 of it: 109 (not 109.95). Four years: ⌊10,995 k / 4⌋ = 2,748, 5,497, 8,246.
    (centre,) = _centres(
        [_place(9_000)],
        horizon={"years": 7},
        centres={"build_years": 4, "cost_6_7_vnd_per_m2": 5, "contingency_share": 0.01},
    )
    assert list(_item(centre, "construction").values()) == [2_748, 2_749, 2_749, 2_749]
    assert list(_item(centre, "contingency").values()) == [27, 27, 27, 28]


def test_shares_are_taken_as_the_decimals_that_were_written() -> None:
    # 0.07 × 2,199 × 10,000 = 1,539,300; as a binary fraction 0.07 is a little more, 0.29 a little less.
    for share, part in ((0.07, 1_539_300), (0.29, 6_377_100)):
        (centre,) = _centres(
            [_place(9_000)], centres={"cost_6_7_vnd_per_m2": 10_000, "contingency_share": share}
        )
        assert sum(_item(centre, "contingency").values()) == part


def test_growth_raises_each_row_alone() -> None:
    found = _centres(
        [_place(9_000, site=PARCEL, old=0, price=1_000_003)],
        Need("phường", 2_000, 139, 66, departments=150_000_001, overload=30_000_001),
        horizon={"years": 6, "price_growth": 0.03, "construction_growth": 0.05},
        centres={"cost_6_7_vnd_per_m2": 11},
    )
    centre = found[0]
    assert (centre.start, centre.opens) == (2, 4)
    # 1.05²: 1.1025, 1.05³: 1.157625, 1.05⁴: 1.21550625, to millionths 1.215506. 24,189 dong: 12,094 and 12,095.
    assert _item(centre, "construction") == {2: 13_333, 3: 14_001}  # 13,333.6 and 14,001.5
    # ⌊2,418.9⌋ in two halves of 1,209: 1,332.9 and 1,399.6
    assert _item(centre, "contingency") == {2: 1_332, 3: 1_399}
    assert _item(centre, "land") == {2: 1_102_503}  # 1,102,503.3
    assert _item(centre, "fit_out") == {4: 2_005_584_900}
    assert _item(centre, "moves") == {4: 160_446_792}
    # In use for two of 50 years: ⌊30,065 × 48 / 50⌋ = 28,862, and the land for what was paid.
    assert _item(centre, "residual_value") == {5: -(28_862 + 1_102_503)}
    # 1.03⁴ to millionths: 1.125509. Sums 659,700,000 · 1,130,700,000 · 1,130,700,007 · 1,280,700,008 · 1,310,700,009.
    of_year_4 = {item: vnd for (t, item), vnd in centre.rows.items() if t == 4 and item in costs.YEARLY_ITEMS}
    assert of_year_4 == {
        "running": 742_498_287,
        "site_fixed": 1_272_613_026 - 742_498_287,
        "citizen_travel": 1_272_613_034 - 1_272_613_026,
        "departments": 1_441_439_385 - 1_272_613_034,
        "overload": 1_475_204_656 - 1_441_439_385,
    }
    # The one that starts a year later pays more for its land, and is worth more in the end.
    assert _item(found[1], "land") == {3: 1_157_628}


@pytest.mark.parametrize(("life", "share"), [(1, 0), (2, 0), (3, 1), (200, 198)])
def test_what_is_left_of_a_short_life(life: int, share: int) -> None:
    found = _centres([_place(9_000)], horizon={"years": 6}, centres={"life_years": life})
    paid = 24_189_000_000 + 2_418_900_000
    assert _item(found[0], "residual_value") == {5: -(paid * share // life)}


def test_capital_and_present_value_are_sums_of_rows() -> None:
    (centre,) = _centres([_place(9_000)])
    assert centre.capital(5).tolist() == [0, 0, 13_303_950_000, 13_303_950_000, 1_782_000_000]
    # 8 %: 1, 0.925926, 0.857339, 0.793832, 0.735030.
    last = 1_782_000_000 - 26_607_900_000 * 49 // 50 + 659_700_000 + 471_000_000 + 7
    expected = 13_303_950_000 * (857_339 + 793_832) + last * 735_030
    assert centre.present((1_000_000, 925_926, 857_339, 793_832, 735_030)) == expected


# --- where -------------------------------------------------------------------------------------------------------


def parcels(*rows: tuple[str, str, int, int | None]) -> pd.DataFrame:
    """Return parcels from id, ward, m² and dong a m²; all at the point of ward 00001."""
    table = pd.DataFrame(rows, columns=["parcel_id", "ward_code", "land_area_m2", "land_vnd_per_m2"])
    table = table.assign(name="đất", lat=21.0, lon=105.81, status="estimated", source="test")
    return table.set_index("parcel_id")


def _tiny(lots: pd.DataFrame | None = None, **sections: Any) -> Instance:
    centres = {"allowed": True, "storeys_xa": 7, **sections.pop("centres", {})}
    case = tiny_case(centres=centres, **sections)
    case = case.with_tables(parcels=lots) if lots is not None else case
    return build_instance(case.region, case.norms, case.scenario)


def _names(instance: Instance) -> list[list[str]]:
    return [[centre.place.name for centre in found] for found in instance.centres]


def test_where_a_ward_may_build() -> None:
    lots = parcels(("P2", "00001", 900, None), ("P1", "00002", 900, 5), ("P3", "00001", 100, 5))
    # Ward 00001: 1,904 m² of norm and 139 seats: 2,103 m², 301 of them on the ground: 753 m² of land. P3 is too small.
    # Ward 00002 has a required site: no centre elsewhere.
    assert _names(_tiny(lots)) == [["A1", "A2", "P2"], ["B2"]]
    assert _names(_tiny(rules={"excluded": ("A1",)})) == [["A2"], ["B2"]]
    assert _names(_tiny(rules={"required": ("A2",)})) == [["A2"], ["B2"]]
    assert _names(_tiny(lots, arrangement="today")) == [[], []]
    assert _names(_tiny(lots, centres={"allowed": False})) == [[], []]


def test_land_is_paid_for_at_its_own_price_or_that_of_the_zone() -> None:
    lots = parcels(("P1", "00001", 1_001, None), ("P2", "00001", 1_001, 7), ("P3", "00001", 1_001, 0))
    instance = _tiny(lots, centres={"land_price_share": 0.35})
    paid = {centre.place.name: _item(centre, "land")[2] for centre in instance.centres[0]}
    # ⌊1,001 × 30,000,000 × 0.35⌋ and ⌊7,007 × 0.35⌋ = ⌊2,452.45⌋; a site belongs to the ward.
    assert paid == {"A1": 0, "A2": 0, "P1": 10_510_500_000, "P2": 2_452, "P3": 0}


def test_citizens_go_to_the_point_of_the_parcel() -> None:
    instance = _tiny(parcels(("P1", "00001", 1_001, None)))
    of = {centre.place.name: centre.place for centre in instance.centres[0]}
    # The parcel lies where A2 stands.
    assert of["P1"].citizen_travel == of["A2"].citizen_travel == instance.sites["citizen_travel"]["A2"] > 0
    assert of["P1"].people_metres == instance.sites["people_metres"]["A2"] > 0
    assert (of["P1"].site, of["P1"].old_floor) == (PARCEL, 0)


def test_a_centre_offers_the_norm_of_the_ward() -> None:
    instance = _tiny()
    floors = [found[0].floor for found in instance.centres]
    # Ward 00001 by hand in test_model: norm 1,904 m², 139 seats / 0.7.
    assert floors[0] == 1_904 + 199
    norms = [int(group.norm.sum()) for group in instance.groups]
    seats = instance.hall_norm.tolist()
    assert floors == [norm + int(np.ceil(count / 0.7)) for norm, count in zip(norms, seats, strict=True)]
