"""Two wards in one former district headquarters: who may, who does, who pays for what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner import solve, tabulate
from planner.check import read_inputs
from planner.costs import MILLION
from planner.errors import Infeasible
from planner.explain import explain
from planner.instance import Instance
from planner.model import PlanColumns, as_chosen, enumerate_plans
from planner.model.assemble import build_instance
from planner.plan import make_plan, plan_columns
from planner.pricing import cost_table
from tests.oracle.instances import Case
from tests.rules.tiny import tiny_case

pytestmark = pytest.mark.solver

NEAR = {"vnd_per_km": 0, "staff_vnd_per_hour": 0, "citizen_vnd_per_hour": 0}
"""The wards of `tiny_case` lie eleven kilometres apart: here nobody counts them."""
SHARED = ("A1 00002",)


def case(
    shared: tuple[str, ...] = SHARED, *, sites: dict[str, dict[str, Any]] | None = None, **sections: Any
) -> Case:
    """Return the tiny region, no site required, in which ward 00002 may be a guest of A1.

    Ward 00001 needs 1,197 m² (tight fit; norm 1,904), 66 people, and 139 seats; ward 00002 1,077 m² and 59 people.
    """
    rules = {"shared": shared, **sections.pop("rules", {})}
    found = tiny_case(rules=rules, prices={**NEAR, **sections.pop("prices", {})}, **sections)
    table = found.region.sites.assign(use="candidate")
    for site, values in (sites or {}).items():
        for name, value in values.items():
            table.loc[site, name] = value
    return found.with_tables(sites=table)


def with_third_ward(found: Case) -> Case:
    """Return the region with ward 00003: the same as 00002, with sites C1 and C2."""

    def and_again(table: pd.DataFrame, rows: pd.DataFrame, index: list[str] | None) -> pd.DataFrame:
        rows = rows.copy()
        if index is not None:
            rows.index = pd.Index(index, name=table.index.name)
        if "ward_code" in rows:
            rows["ward_code"] = "00003"
        if "commune_code" in rows:
            rows["commune_code"] = "00031"
        return pd.concat([table, rows], ignore_index=index is None)

    region = found.region
    sites = region.sites[region.sites["ward_code"] == "00002"]
    return found.with_tables(
        wards=and_again(region.wards, region.wards.loc[["00002"]], ["00003"]),
        communes=and_again(region.communes, region.communes.loc[["00021"]], ["00031"]),
        pairs=and_again(region.pairs, region.pairs[region.pairs["ward_code"] == "00002"], None),
        sites=and_again(region.sites, sites, ["C1", "C2"]),
    )


def _instance(found: Case) -> Instance:
    return build_instance(found.region, found.norms, found.scenario)


def _chosen(found: Case) -> tuple[Instance, PlanColumns, solve.Outcome]:
    instance = _instance(found)
    columns = plan_columns(instance, found.region)
    outcome = solve.choose(columns, instance.wards, solve.city_limits(found.scenario))
    return instance, columns.take(outcome.rows), outcome


def _sites(instance: Instance, columns: PlanColumns) -> list[set[str]]:
    """Return the sites of every ward that chosen plans use, as they are called in ``sites.csv``."""
    real = instance.sites["real"].to_numpy()
    ids = instance.sites.index.to_numpy()
    return [set(ids[real[row[row >= 0]]]) for row in columns.unfolded().site_of_part]


def _pairs(columns: PlanColumns) -> list[tuple[int, int]]:
    """Return owner and guest of every row of a pair, each once."""
    rows = zip(columns.ward.tolist(), columns.partner.tolist(), strict=True)
    return sorted({(owner, guest) for owner, guest in rows if guest >= 0})


# --- may they? ---------------------------------------------------------------------------------------------------


def test_without_pairs_nobody_shares() -> None:
    columns = enumerate_plans(_instance(case(())))
    assert columns.guests is None
    assert set(columns.partner.tolist()) == {-1}


def test_what_is_left_for_a_guest() -> None:
    instance = _instance(case())
    (pair,) = instance.pairs
    assert (pair.site, pair.owner, pair.guest) == (0, 0, 1)
    # Everything of the owner: tight fit 292 + 326 + 292 + 172 + 115, norm 1,904, 66 people; 60 workplaces.
    everything = instance.sites.iloc[pair.left[1_197, 1_904, 66]]
    assert everything[["floor", "room", "workplaces", "fixed", "hall"]].tolist() == [96, 803, 0, 0, 150]
    # The Party only: norm 476, 17 people.
    party = instance.sites.iloc[pair.left[292, 476, 17]]
    assert party[["floor", "room", "workplaces"]].tolist() == [1_524, 1_708, 43]
    # Five parts: 31 sets that are not empty, and all but those that come out alike.
    assert len(pair.left) <= 31
    assert instance.own_sites == 4


def test_a_pair_named_twice_is_one() -> None:
    once, twice = (_instance(case(shared)) for shared in (SHARED, ("A1 00002", "A1   00002", "A1 00002")))
    assert len(twice.pairs) == 1
    assert twice.sites.equals(once.sites)
    assert enumerate_plans(twice).cost.tolist() == enumerate_plans(once).cost.tolist()


@pytest.mark.parametrize(("floor", "may"), [(1_197 + 115, True), (1_197 + 114, False)])
def test_both_must_fit(floor: int, may: bool) -> None:
    # A1 holds the owner, who then sits there as a whole: what is left must hold the smallest part of the guest.
    columns = enumerate_plans(_instance(case(sites={"A1": {"floor_area_m2": floor}})))
    assert _pairs(columns) == ([(0, 1)] if may else [])


@pytest.mark.parametrize("floor_area", ["enforce", "report"])
def test_both_keep_the_rule_also_where_it_is_only_reported(floor_area: str) -> None:
    tight = {"A1": {"floor_area_m2": 1_197 + 114}}
    columns = enumerate_plans(_instance(case(sites=tight, rules={"floor_area": floor_area})))
    assert _pairs(columns) == []


@pytest.mark.parametrize(
    ("rule", "kind", "may"),
    [
        ("any", "former_commune_hq", False),
        ("former_district_hq", "former_commune_hq", True),
        ("former_district_hq", "former_district_hq", False),
        ("off", "former_commune_hq", True),
    ],
)
def test_a_ward_that_its_own_site_holds_is_no_guest(rule: str, kind: str, may: bool) -> None:
    roomy = {"B1": {"floor_area_m2": 1_077, "kind": kind}}
    columns = enumerate_plans(_instance(case(sites=roomy, rules={"one_site_where_enough": rule})))
    assert _pairs(columns) == ([(0, 1)] if may else [])


def test_an_owner_that_another_site_holds_keeps_to_the_rule() -> None:
    # A2 holds the owner as well: with the rule it sits on A1 or A2 as a whole, and shares only on A1.
    instance = _instance(case(sites={"A2": {"floor_area_m2": 2_000, "hall_seats": 150}}))
    columns = enumerate_plans(instance)
    shared = columns.take(np.flatnonzero(columns.partner >= 0))
    assert len(shared)
    assert set(shared.site_of_part[:, :5].ravel().tolist()) == {0}


def test_the_guests_sites_with_the_shared_one_are_not_too_many() -> None:
    # On A1 803 m² are left; the guest needs 1,077: one site more.
    assert _pairs(enumerate_plans(_instance(case(rules={"max_sites": 1, "floor_area": "report"})))) == []
    assert _pairs(enumerate_plans(_instance(case(rules={"max_sites": 2})))) == [(0, 1)]


def test_a_required_site_of_the_guest_is_used_too() -> None:
    columns = enumerate_plans(_instance(case(sites={"B2": {"use": "required"}})))
    assert _pairs(columns) == [(0, 1)]
    assert columns.guests is not None
    b2 = 3
    assert (columns.guests.site_of_part == b2).any(axis=1).all()


def test_a_required_site_may_be_the_shared_one() -> None:
    columns = enumerate_plans(_instance(case(rules={"required": ("A1",)})))
    assert _pairs(columns) == [(0, 1)]
    # Where the owner must sit elsewhere and has all it may use there, it does not share.
    elsewhere = case(
        rules={"required": ("A2",), "max_sites": 1}, sites={"A2": {"floor_area_m2": 2_000, "hall_seats": 150}}
    )
    assert _pairs(enumerate_plans(_instance(elsewhere))) == []


# --- do they? ----------------------------------------------------------------------------------------------------


def test_sharing_saves_premises() -> None:
    alone, apart, _ = _chosen(case(()))
    together, chosen, outcome = _chosen(case())
    assert _sites(alone, apart) == [{"A1"}, {"B1", "B2"}]
    assert _sites(together, chosen) == [{"A1"}, {"A1", "B1"}]
    assert chosen.resources["premises"].tolist() == [2]
    assert outcome.status == "optimal"
    assert outcome.cost < int(apart.cost.sum())


def test_who_pays_for_what() -> None:
    alone, apart, _ = _chosen(case(()))
    together, chosen, outcome = _chosen(case())
    before = cost_table(*as_chosen(alone, apart))
    priced, rows = as_chosen(together, chosen)
    after = cost_table(priced, rows)
    for item, amounts in after.items():
        assert amounts[0].tolist() == before[item][0].tolist(), item  # the owner comes first
    # The guest pays for one site, and for the m² that the owner's norm leaves: 900 on B1 and at most 96 on A1.
    assert after["site_fixed"][1].tolist() == [471_000_000] * 5
    on_a1 = rows.site_of_part[1] >= together.own_sites
    group = next(group for group in priced.groups if 1 in group.wards)
    norm, people = int(group.norm.sum()), group.people[0]
    here = int(group.norm[0][on_a1[: len(group.parts)]].sum())
    used = min(96, here) + min(900, norm - here)
    assert after["running"][1, 0] == used * 300_000
    assert after["crowding"][1, 0] == (norm - used) * 1_200_000
    # A1 in condition B, B1 in A. The owner has taken its 60 workplaces; 40 stand on B1.
    assert after["renovation"][1, 0] == min(96, here) * 1_500_000
    there = int(people[on_a1[: len(group.parts)]].sum())
    assert after["fit_out"][1, 0] == (there + max(0, 59 - there - 40)) * 25_000_000
    factors = (1_000_000, 925_926, 857_339, 793_832, 735_030)
    assert outcome.cost == sum(int(table.sum(axis=0) @ factors) for table in after.values())


def test_the_guest_meets_in_the_hall_of_the_shared_site() -> None:
    small = {"B1": {"hall_seats": 0}, "B2": {"hall_seats": 0}}
    with pytest.raises(Infeasible):
        _chosen(case((), sites=small))
    instance, chosen, _ = _chosen(case(sites=small))
    assert _sites(instance, chosen) == [{"A1"}, {"A1", "B1"}]
    table = cost_table(*as_chosen(instance, chosen))
    # A1 seats 150 at a time; the norm is 139 and less.
    assert table["hall_rent"].tolist() == [[0] * 5, [0] * 5]


def test_the_hall_of_the_shared_site_may_be_too_small() -> None:
    # 15 delegates and 22 members: 37 seats in ward 00002; 17 + 22 = 39 in ward 00001.
    small = {"B1": {"hall_seats": 0}, "B2": {"hall_seats": 0}, "A1": {"hall_seats": 36}}
    with pytest.raises(Infeasible) as caught:
        _chosen(case(sites=small))
    assert [problem.code for problem in caught.value.problems] == ["E602"]


def test_both_are_in_the_tables_and_the_site_stands_once() -> None:
    found = case(release={"route": "lease"})
    instance, chosen, _ = _chosen(found)
    priced, rows = as_chosen(instance, chosen)
    seats = tabulate.assignments(found.region, priced, rows)
    by_ward = seats[seats["year"] == 2025].groupby("ward_code")["site_id"].agg(set).to_dict()
    assert by_ward == {"00001": {"A1"}, "00002": {"A1", "B1"}}
    premises = tabulate.premises(found.region, priced, rows)
    first = premises[premises["year"] == 2025].set_index("site_id")
    assert first["ward_code"].to_dict() == {"A1": "00001", "A2": "00001", "B1": "00002", "B2": "00002"}
    assert first["status"].to_dict() == {"A1": "in_use", "A2": "released", "B1": "in_use", "B2": "released"}
    assert first["route"].to_dict() == {"A1": "", "A2": "lease", "B1": "", "B2": "lease"}
    assert len(premises) == 4 * 5
    # ⌊700 × 0.7⌋ × 1,440,000 a year for what the guest does not use.
    table = cost_table(priced, rows)
    assert table["release_income"][1].tolist() == [-490 * 1_440_000] * 5


def test_pairs_that_share_build_no_centre() -> None:
    columns = enumerate_plans(_instance(case(centres={"allowed": True}, rules={"centres_min": 0})))
    shared = columns.partner >= 0
    assert shared.any()
    assert set(columns.centre[shared].tolist()) == {-1}
    assert (columns.centre[~shared] >= 0).any()


def test_the_use_of_a_pair_is_that_of_both() -> None:
    names = {
        "departments_max": 99,
        "capital_max_vnd": 10**14,
        "surplus_min": {2026: 0},
        "surplus_m2_min": {2025: 0},
    }
    found = case(rules=names)
    instance = _instance(found)
    columns = enumerate_plans(instance)
    row = int(np.flatnonzero(columns.partner >= 0)[0])
    pair = columns.take(np.array([row]))
    table = cost_table(*as_chosen(instance, pair))
    assert pair.resources["capital"].tolist() == [
        sum(int(table[item][:, 0].sum()) for item in ("renovation", "fit_out", "moves"))
    ]
    used = _sites(instance, pair)
    free = {"A1", "A2", "B1", "B2"} - set().union(*used)
    floors = found.region.sites["floor_area_m2"]
    assert pair.resources["premises"].tolist() == [4 - len(free)]
    assert pair.resources["surplus_2026"].tolist() == [-len(free)]
    assert pair.resources["surplus_m2_2025"].tolist() == [-int(floors[sorted(free)].sum())]
    assert pair.resources["departments"].tolist() == [3 + 2]  # office, economy, reception; office, reception


def test_growth_and_departments_with_a_pair_are_priced_to_the_dong() -> None:
    found = case(
        departments={"open": True, "extra_max": 0},
        horizon={"years": 4, "price_growth": 0.0333},
        release={"route": "priority", "needs_health": 1, "needs_education": 0, "needs_culture": 0},
    )
    instance, chosen, outcome = _chosen(found)
    assert _pairs(chosen) == [(0, 1)]
    table = cost_table(*as_chosen(instance, chosen))
    factors = np.array(instance.money.factors)
    assert outcome.cost == sum(int((amounts * factors).sum()) for amounts in table.values())


# --- who with whom? ----------------------------------------------------------------------------------------------


def test_one_site_has_one_guest() -> None:
    found = with_third_ward(case(("A1 00002", "A1 00003")))
    instance = _instance(found)
    columns = enumerate_plans(instance)
    assert _pairs(columns) == [(0, 1), (0, 2)]
    instance, chosen, outcome = _chosen(found)
    assert len(_pairs(chosen)) == 1
    assert sorted(map(len, _sites(instance, chosen))) == [1, 2, 2]
    assert outcome.cost == outcome.certified_bound


def test_the_guest_that_saves_more_is_taken() -> None:
    # Ward 00003 would have to repair a site in worse condition.
    for worse, guest in (("B2", 1), ("C2", 2)):
        found = with_third_ward(case(("A1 00002", "A1 00003"), sites={"B2": {"condition": "A"}}))
        sites = found.region.sites.copy()
        sites.loc[worse, "condition"] = "D"
        _, chosen, _ = _chosen(found.with_tables(sites=sites))
        assert _pairs(chosen) == [(0, guest)]


def test_a_guest_with_nowhere_else_to_go_comes_first() -> None:
    found = with_third_ward(case(("A1 00002", "A1 00003")))
    sites = found.region.sites.copy()
    sites.loc[["C1", "C2"], "hall_seats"] = 0
    sites.loc["B2", "condition"] = "D"
    sites.loc["C2", "condition"] = "A"
    instance, chosen, outcome = _chosen(found.with_tables(sites=sites))
    assert _pairs(chosen) == [(0, 2)]
    assert _sites(instance, chosen)[:2] == [{"A1"}, {"B1", "B2"}]
    assert "A1" in _sites(instance, chosen)[2]
    assert outcome.certified_bound == outcome.cost


def test_a_ward_is_owner_or_guest_not_both() -> None:
    # B1 becomes a former district headquarters that could take 00003, while 00002 could go to A1.
    district = {"B1": {"kind": "former_district_hq"}}
    found = with_third_ward(case(("A1 00002", "B1 00003"), sites=district))
    _, chosen, _ = _chosen(found)
    assert len(_pairs(chosen)) <= 1
    covered = chosen.ward.tolist() + [guest for guest in chosen.partner.tolist() if guest >= 0]
    assert sorted(covered) == [0, 1, 2]


@pytest.mark.parametrize("rules", [{}, {"premises_max": 9, "capital_max_vnd": 10**15}])
def test_two_homeless_guests_of_one_site_are_told_why(rules: dict[str, Any]) -> None:
    found = with_third_ward(case(("A1 00002", "A1 00003"), rules=rules))
    sites = found.region.sites.copy()
    sites.loc[["B1", "B2", "C1", "C2"], "hall_seats"] = 0
    with pytest.raises(Infeasible) as caught:
        _chosen(found.with_tables(sites=sites))
    (problem,) = caught.value.problems
    assert problem.where == "rules.shared"
    assert "00002" in problem.what
    assert "00003" in problem.what


def test_the_bound_of_pairs_is_the_least_of_all_ways() -> None:
    # Wards 0 and 1, 1 and 2 may share: the pair of 1 and 2 is cheaper, but leaves 0 alone.
    nothing = np.zeros(5, np.int64)
    alone = np.full((5, 1), 0, np.int64)
    guests = PlanColumns(np.array([1, 2]), nothing[:2], {}, nothing[:2], nothing[:2], alone[:2])
    columns = PlanColumns(
        np.array([0, 0, 1, 1, 2]), np.array([50, 60, 40, 45, 30]) * MILLION, {}, nothing, nothing, alone,
        guest=np.array([-1, 0, -1, 1, -1]), guests=guests,
    )  # fmt: skip
    # Alone: 120; 0 with 1: 60 + 30 = 90; 1 with 2: 50 + 45 = 95.
    outcome = solve.choose(columns, ["a", "b", "c"], {})
    assert outcome.cost == outcome.certified_bound == 90 * MILLION
    assert outcome.rows.tolist() == [1, 4]


def test_the_bound_of_many_wards_in_a_chain_is_found_at_once() -> None:
    # 60 wards, each 10 alone; the pairs of neighbours cost 19, 18, 19 ...: every second pair shares. There are more
    # than 10^12 ways.
    chain = range(59)
    shared = {(a, a + 1): 19 - a % 2 for a in chain}
    # Wards 1 and 2, 3 and 4 ... 57 and 58 at 18; 0 and 59 alone. Or 0 and 1, 2 and 3 ... 58 and 59 at 19.
    assert solve._least_with_pairs(dict.fromkeys(range(60), 10), shared, list(range(60))) == 29 * 18 + 20
    # Without a plan of its own ward 0 takes 1, and the others go on at 19: 30 pairs; or one of them stays alone.
    alone = dict.fromkeys(range(1, 60), 10)
    assert solve._least_with_pairs(alone, shared, list(range(60))) == 19 + 10 + 28 * 18 + 10


def test_a_guest_is_explained_at_the_price_it_pays(root: Path) -> None:
    plan = make_plan(*read_inputs("hanoi-shared", root))
    (pair,) = plan.facts["shared"]
    for ward, other in ((pair["guest"], pair["owner"]), (pair["owner"], pair["guest"])):
        found = explain(plan, ward)
        assert found.chosen.cost_vnd == plan.ward_measures().loc[ward, "net_present_cost"]
        assert found.shared_with == other
        assert pair["site_id"] in found.chosen.sites
    assert not explain(plan, pair["guest"]).one_site_rule
