"""Road metres over bridges: by hand, against plain Python on small instances, and in Hanoi."""

import itertools
import math
import random
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.demand import demand_points, estimate_demand
from planner.region import Norms, Region, read_norms, read_region
from planner.roads import NO_WAY, Roads, build_roads, places_of
from planner.scenario import read_scenario
from planner.travel import metric_points, road_metres

STRAIGHT = pd.DataFrame({"straight_km": [1.0], "detour": [1.0]})
BENT = pd.DataFrame({"straight_km": [0.65, 2.0, 6.0], "detour": [1.45, 1.3, 1.2]})
LAT, LON = 21.0, 105.8


@pytest.fixture(scope="module")
def hanoi(root) -> tuple[Region, Norms, pd.DataFrame, pd.DataFrame]:
    scenario = read_scenario("hanoi-digital", root)
    region, norms = read_region(scenario.geo_folder), read_norms(scenario.norms_folder)
    demand = demand_points(
        region, estimate_demand(region, norms, scenario), scenario.reception.visits_per_file
    )
    return region, norms, demand, places_of(region.sites, region.city_points)


def small(hanoi, communes, banks, bridges, travel=(), detour=STRAIGHT) -> Roads:
    """Build roads from rows: communes (code, lat, lon), bank by code, bridges (id, bank, bank, lat, lon)."""
    region, norms = hanoi[:2]
    names = ["bridge_id", "bank_a", "bank_b", "lat", "lon"]
    here = replace(
        region,
        communes=pd.DataFrame(communes, columns=["commune_code", "lat", "lon"]).set_index("commune_code"),
        travel=pd.DataFrame(travel, columns=["demand_id", "point_id", "road_m"]),
        rows={"communes": {code: row for row, (code, *_) in enumerate(communes, start=2)}},
    )
    return build_roads(
        here,
        replace(
            norms,
            banks=pd.DataFrame(list(banks.items()), columns=["commune_code", "bank"]).set_index(
                "commune_code"
            ),
            bridges=pd.DataFrame(bridges, columns=names).set_index("bridge_id"),
            detour=detour,
        ),
    )


def demand_of(rows: list[tuple[str, str, float, float]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["commune_code", "ward_code", "lat", "lon"])


def places(rows: list[tuple[str, str, float, float]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["place_id", "ward_code", "lat", "lon"]).set_index("place_id")


def metres_between(a: tuple[float, float], b: tuple[float, float], detour: pd.DataFrame = STRAIGHT) -> int:
    points = metric_points(np.array([a[0], b[0]]), np.array([a[1], b[1]]))
    return int(road_metres(points[:1], points[1:], detour)[0, 0])


# --- by hand --------------------------------------------------------------------------------------------------------

A, B, C = ("00001", 21.0, 105.80), ("00002", 21.0, 105.82), ("00003", 21.0, 105.84)
BANKS = {"00001": "a", "00002": "b", "00003": "c"}
AB, BC = ("B1", "a", "b", 21.01, 105.81), ("B2", "c", "b", 21.0, 105.83)


def test_one_bridge_and_two(hanoi) -> None:
    """The way to the other bank is that over the bridge; to the third bank over both bridges."""
    roads = small(hanoi, [A, B, C], BANKS, [AB, BC])
    demand = demand_of([("00001", "00010", 21.0, 105.80)])
    found = roads.metres(
        demand, places([("S1", "00011", 21.0, 105.801), ("S2", "00012", *B[1:]), ("S3", "00013", *C[1:])])
    )
    first = metres_between(A[1:], AB[3:])
    second = first + metres_between(AB[3:], B[1:])
    third = first + metres_between(AB[3:], BC[3:]) + metres_between(BC[3:], C[1:])
    assert found.dtype == np.int64
    assert found.tolist() == [[metres_between(A[1:], (21.0, 105.801)), second, third]]
    # 0.01 degrees of longitude are about 1,040 m here, of latitude 1,107 m: two sides of a triangle over B1.
    assert abs(second - 2 * math.hypot(1040, 1107)) < 30


def test_the_shorter_of_two_bridges(hanoi) -> None:
    """Of two bridges the one with the shorter way is taken, not the nearer one."""
    near, better = ("B1", "a", "b", 21.008, 105.801), ("B2", "b", "a", 21.004, 105.812)
    roads = small(hanoi, [A, B], {"00001": "a", "00002": "b"}, [near, better])
    (found,) = roads.metres(demand_of([("00001", "1", *A[1:])]), places([("S", "2", *B[1:])])).ravel()
    assert found == metres_between(A[1:], better[3:]) + metres_between(better[3:], B[1:])
    assert metres_between(A[1:], near[3:]) < metres_between(A[1:], better[3:])


def test_no_chain_is_no_way(hanoi) -> None:
    """A bank that no bridge reaches cannot be reached from another one."""
    roads = small(hanoi, [A, B, C], BANKS, [AB])
    demand = demand_of([("00001", "1", *A[1:]), ("00003", "3", *C[1:])])
    where = places([("S1", "", *A[1:]), ("S3", "", *C[1:])])
    assert roads.metres(demand, where).tolist() == [[0, NO_WAY], [NO_WAY, 0]]
    assert roads.crosses(demand, where).tolist() == [[False, True], [True, False]]
    without = small(hanoi, [A, B, C], BANKS, [])
    assert without.metres(demand, where).tolist() == [[0, NO_WAY], [NO_WAY, 0]]


def test_within_a_ward_no_river_counts(hanoi) -> None:
    """The site of one's own ward is reached as before; a point of the city at the same place is not."""
    roads = small(hanoi, [A, B], {"00001": "a", "00002": "b"}, [AB])
    demand = demand_of([("00001", "00010", *A[1:])])
    where = places([("S", "00010", *B[1:]), ("CP", "", *B[1:])])
    straight = metres_between(A[1:], B[1:])
    over = metres_between(A[1:], AB[3:]) + metres_between(AB[3:], B[1:])
    assert roads.metres(demand, where).tolist() == [[straight, over]]
    assert roads.crosses(demand, where).tolist() == [[False, True]]


def test_given_metres_come_first(hanoi) -> None:
    """A pair of the table takes its metres, in a ward, over a river or where there is no way; others keep theirs."""
    given = [
        ("00001-00010", "S1", 7),
        ("00001-00010", "S3", 9),
        ("00001-00010", "elsewhere", 1),
        ("x", "S1", 2),
    ]
    roads = small(hanoi, [A, B, C], BANKS, [AB], given)
    demand = demand_of([("00001", "00010", *A[1:]), ("00001", "00011", *A[1:])])
    where = places([("S1", "00010", *B[1:]), ("S3", "", *C[1:])])
    over = metres_between(A[1:], AB[3:]) + metres_between(AB[3:], B[1:])
    assert roads.metres(demand, where).tolist() == [[7, 9], [over, NO_WAY]]


def test_equally_near_communes_follow_the_file(hanoi) -> None:
    """A place between two old communes has the bank of the first in the file, whatever the codes."""
    demand, where = demand_of([("00009", "1", 21.0, 105.8)]), places([("S", "", 21.0, 105.8)])
    for order in (["00009", "00001"], ["00001", "00009"]):
        communes = [(code, 21.0, 105.8) for code in order]
        roads = small(hanoi, communes, {"00009": "a", "00001": "b"}, [AB])
        assert bool(roads.crosses(demand, where)[0, 0]) == (order[0] == "00001")


# --- against plain Python -------------------------------------------------------------------------------------------


def plain_metres(case: dict[str, object], i: int, j: int) -> int:
    """Section 7 of docs/model.md word by word: every chain of bridges without repetition is tried."""
    code, ward, *start = case["demand"][i]
    place, owner, *end = case["places"][j]
    given = {(a, b): metres for a, b, metres in case["travel"]}
    if (f"{code}-{ward}", place) in given:
        return given[f"{code}-{ward}", place]

    def leg(a: tuple[float, float], b: tuple[float, float]) -> int:
        return metres_between(a, b, case["detour"])

    def straight(a: tuple[float, float], b: tuple[float, float]) -> float:
        points = metric_points(np.array([a[0], b[0]]), np.array([a[1], b[1]]))
        return math.hypot(*(points[0] - points[1]))

    nearest = min(case["communes"], key=lambda row: straight(row[1:], end))
    here, there = case["banks"][code], case["banks"][nearest[0]]
    if ward == owner or here == there:
        return leg(start, end)
    best = NO_WAY
    for count in range(1, len(case["bridges"]) + 1):
        for chain in itertools.permutations(case["bridges"], count):
            ends = [{a, b} for _, a, b, *_ in chain]
            if here not in ends[0] or there not in ends[-1]:
                continue
            if any(not one & other for one, other in itertools.pairwise(ends)):
                continue
            stops = [start, *(bridge[3:] for bridge in chain), end]
            total = sum(leg(a, b) for a, b in itertools.pairwise(stops))
            best = total if best == NO_WAY else min(best, total)
    return best


def random_case(seed: int) -> dict[str, object]:
    rng = random.Random(seed)
    names = "abcd"[: rng.randint(1, 4)]

    def point() -> tuple[float, float]:
        return LAT + rng.uniform(-0.1, 0.1), LON + rng.uniform(-0.1, 0.1)

    communes = [(f"{n:05}", *point()) for n in rng.sample(range(90_000), rng.randint(1, 6))]
    banks = {code: rng.choice(names) for code, *_ in communes}
    known = sorted(set(banks.values()))
    bridges = [
        (f"B{n}", *rng.sample(known, 2), *point()) for n in range(rng.randint(0, 4) if len(known) > 1 else 0)
    ]
    demand = [(code, rng.choice(("00001", "00002", "00003")), *point()) for code, *_ in communes]
    where = [(f"S{n}", rng.choice(("00001", "00002", "")), *point()) for n in range(rng.randint(1, 5))]
    travel = [
        (f"{code}-{ward}", place, rng.randint(0, 9999))
        for code, ward, *_ in demand
        for place, *_ in where
        if rng.random() < 0.1
    ]
    detour = rng.choice((STRAIGHT, BENT))
    return {
        "communes": communes, "banks": banks, "bridges": bridges, "demand": demand, "places": where, "travel": travel,
        "detour": detour,
    }  # fmt: skip


def roads_of(hanoi, case: dict[str, object]) -> Roads:
    names = ("communes", "banks", "bridges", "travel", "detour")
    return small(hanoi, *(case[name] for name in names))


@pytest.mark.parametrize("block", range(6))
def test_as_plain_python(hanoi, block: int) -> None:
    """Every pair of small random instances has the metres that trying all chains gives."""
    for seed in range(20 * block, 20 * block + 20):
        case = random_case(seed)
        found = roads_of(hanoi, case).metres(demand_of(case["demand"]), places(case["places"]))
        expected = [
            [plain_metres(case, i, j) for j in range(len(case["places"]))] for i in range(len(case["demand"]))
        ]
        assert found.tolist() == expected, seed


# --- properties -----------------------------------------------------------------------------------------------------


@given(st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_a_way_over_a_bridge_is_no_shorter_than_the_straight_line(hanoi, seed: int) -> None:
    """But for the rounding of each leg; and the way back from point to point is the same length."""
    case = random_case(seed) | {"travel": []}
    demand, where = demand_of(case["demand"]), places(case["places"])
    found = roads_of(hanoi, case).metres(demand, where)
    start, end = (metric_points(f["lat"].to_numpy(), f["lon"].to_numpy()) for f in (demand, where))
    straight = np.hypot(*np.moveaxis(start[:, None, :] - end[None, :, :], 2, 0))
    legs = len(case["bridges"]) + 1
    assert ((found == NO_WAY) | (found >= straight - legs / 2)).all()


@given(st.integers(0, 10**6), st.floats(-0.1, 0.1), st.floats(-0.1, 0.1), st.randoms())
@settings(max_examples=40, deadline=None)
def test_one_more_bridge_lengthens_no_way(hanoi, seed: int, north: float, east: float, rng) -> None:
    """A bridge more makes ways shorter or leaves them; a bridge less closes at most some."""
    case = random_case(seed)
    known = sorted(set(case["banks"].values()))
    if len(known) < 2:
        return
    more = case | {"bridges": [*case["bridges"], ("B9", *rng.sample(known, 2), LAT + north, LON + east)]}
    demand, where = demand_of(case["demand"]), places(case["places"])
    before, after = (roads_of(hanoi, one).metres(demand, where) for one in (case, more))
    assert ((before == NO_WAY) | ((after <= before) & (after != NO_WAY))).all()


@given(st.integers(0, 10**6))
@settings(max_examples=30, deadline=None)
def test_without_banks_ways_are_those_of_travel(hanoi, seed: int) -> None:
    """No banks: one bank, nothing crosses, and metres are those of section 2."""
    case = random_case(seed) | {"travel": [], "banks": {}, "bridges": []}
    demand, where = demand_of(case["demand"]), places(case["places"])
    roads = roads_of(hanoi, case)
    start, end = (metric_points(f["lat"].to_numpy(), f["lon"].to_numpy()) for f in (demand, where))
    assert (roads.metres(demand, where) == road_metres(start, end, case["detour"])).all()
    assert not roads.crosses(demand, where).any()


# --- Hanoi ----------------------------------------------------------------------------------------------------------


def test_rivers_of_hanoi(hanoi) -> None:
    """Over the Red River, the Đuống and the Đáy ways cross; on one side of them they do not."""
    region, norms, demand, where = hanoi
    roads = build_roads(region, norms)
    crosses = roads.crosses(demand, where)
    district = demand["commune_code"].map(region.communes["former_district"]).to_numpy()

    def pair(start: str, point: str) -> np.ndarray:
        return crosses[district == start, where.index.get_loc(point)]

    assert pair("Quận Long Biên", "CP-002").all()
    assert pair("Huyện Mỹ Đức", "CP-281").all()
    assert pair("Huyện Ứng Hòa", "CP-282").all()
    assert pair("Huyện Đông Anh", "CP-004").all()
    assert pair("Thị xã Sơn Tây", "CP-001").all()
    assert not pair("Quận Cầu Giấy", "CP-001").any()
    assert not pair("Huyện Mê Linh", "CP-017").any()
    assert not pair("Huyện Ba Vì", "CP-277").any()
    assert not pair("Huyện Phú Xuyên", "CP-281").any()


def test_ways_of_hanoi(hanoi) -> None:
    """Every pair has a way; ways on one bank and within a ward are those of section 2, others are longer."""
    region, norms, demand, where = hanoi
    roads = build_roads(region, norms)
    metres, crosses = roads.metres(demand, where), roads.crosses(demand, where)
    start, end = (metric_points(f["lat"].to_numpy(float), f["lon"].to_numpy(float)) for f in (demand, where))
    plain = road_metres(start, end, norms.detour)
    assert metres.shape == (734, 606)
    assert (metres != NO_WAY).all()
    own = demand["ward_code"].to_numpy()[:, None] == where["ward_code"].to_numpy()[None, :]
    assert (metres[own | ~crosses] == plain[own | ~crosses]).all()
    # Each of a few legs is rounded by itself.
    assert (metres >= plain - 3).all()
    assert 0.2 < crosses.mean() < 0.8
    # Mỹ Đức (Phùng Xá) to Ứng Hòa (Vân Đình) over the Phùng Xá bridge: next to the straight line.
    i = int(np.flatnonzero(demand["commune_code"] == "10474")[0])
    j = where.index.get_loc("HC-10354")
    assert crosses[i, j]
    assert metres[i, j] < 1.5 * plain[i, j]


def test_places_keep_their_order(hanoi) -> None:
    """Sites first, then points of the city, which are nobody's own."""
    region, *_, where = hanoi
    assert list(where.index) == [*region.sites.index, *region.city_points.index]
    assert (where.loc[region.city_points.index, "ward_code"] == "").all()
    assert len(places_of(region.sites, region.city_points.iloc[:0])) == len(region.sites)
