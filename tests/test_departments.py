"""Departments that a plan allots: workload, overload, people and parts, and the limit of the city."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from planner import solve
from planner.demand import government_block, workload
from planner.instance import with_departments
from planner.model import as_chosen, enumerate_plans
from planner.model.assemble import build_instance
from planner.pricing import cost_table
from tests.oracle.instances import Case, make_scenario
from tests.rules.tiny import further_departments, tiny_case


def open_case(**sections: Any) -> Case:
    """Return the tiny region in which a ward may have up to two more departments."""
    sections["departments"] = {"open": True, **sections.get("departments", {})}
    return further_departments(tiny_case(**sections))


@pytest.mark.parametrize(
    ("people", "mountain", "posts"),
    [
        (16_000, False, 32),
        (17_999, False, 32),
        (18_000, False, 33),
        (18_000, True, 34),
        (199_414, False, 32 + 91),  # 183,414 / 2,000
        (0, False, 32),
    ],
)
def test_workload_knows_no_cap(people: int, mountain: bool, posts: int) -> None:
    scenario = make_scenario()
    assert workload(people, mountain, scenario) == posts
    assert government_block(people, "phường", mountain, scenario) == min(70, posts)


def test_a_larger_share_of_posts_does_not_change_the_workload() -> None:
    assert workload(30_000, False, make_scenario(staffing={"government_scale": 2.0})) == 39


def test_parts_and_people_by_hand() -> None:
    instance = build_instance((case := open_case()).region, case.norms, case.scenario)
    found = [
        {
            str(part): int(people)
            for code, part, people in zip(
                level.demand.parts["ward_code"], level.demand.parts["part"], level.demand.parts["people"],
                strict=True,
            )
            if code == "00001"
        }
        for level in instance.levels
    ]  # fmt: skip
    # The block of 39 less 3 at the counters. Two heads of the office: 34 to share by 50 : 50.
    assert found[0] == {"party": 17, "office": 19, "economy": 17, "front": 10, "reception": 3}
    # The head of culture too: 33 by 50 : 50 : 25, which is 13.2 each and 6.6: the largest remainder gets one more.
    assert found[1] == {"party": 17, "office": 15, "economy": 13, "culture": 8, "front": 10, "reception": 3}
    # By 50 : 50 : 25 : 25: 11 each and 5.5 twice; the earlier of the two gets one more.
    assert found[2] == {
        "party": 17, "office": 13, "economy": 11, "culture": 7, "justice": 5, "front": 10, "reception": 3,
    }  # fmt: skip


def test_people_of_a_ward_are_the_same_with_more_departments() -> None:
    instance = build_instance((case := open_case()).region, case.norms, case.scenario)
    staff = [level.demand.wards["staff"].tolist() for level in instance.levels]
    assert staff == [[66, 59]] * 3  # 39 + 17 + 10 and 32 + 17 + 10
    for level in instance.levels:
        by_parts = level.demand.parts.groupby("ward_code")["people"].sum()
        assert by_parts.tolist() == level.demand.wards["staff"].tolist()


def test_departments_and_their_duties_by_hand() -> None:
    case = open_case(departments={"posts_each": 9, "extra_vnd_year": 7, "overload_vnd_per_post_year": 100})
    instance = build_instance(case.region, case.norms, case.scenario)
    # Ward 00001: office, economy and the reception, which counts as one; ward 00002 has no department of economy.
    assert [level.departments.tolist() for level in instance.levels] == [[3, 2], [4, 3], [5, 4]]
    # Workloads 39 and 32; nine posts each.
    assert [level.duty.tolist() for level in instance.levels] == [
        [[0, 1_200], [0, 1_400]],
        [[7, 300], [7, 500]],
        [[14, 0], [14, 0]],
    ]


def test_reception_need_not_count() -> None:
    case = open_case(departments={"count_reception": 0})
    instance = build_instance(case.region, case.norms, case.scenario)
    assert instance.departments.tolist() == [2, 1]


def test_not_open_no_duty_and_no_further_departments() -> None:
    case = open_case(departments={"open": False, "posts_each": 1})
    instance = build_instance(case.region, case.norms, case.scenario)
    assert instance.further == ()
    assert not instance.duty.any()
    assert instance.departments.tolist() == [3, 2]


def _allotted(case: Case) -> tuple[list[int], dict[str, Any]]:
    instance = build_instance(case.region, case.norms, case.scenario)
    columns = enumerate_plans(instance)
    outcome = solve.choose(columns, instance.wards, solve.city_limits(case.scenario))
    chosen = columns.take(outcome.rows)
    priced, rows = as_chosen(instance, chosen)
    return chosen.extra.tolist(), cost_table(priced, rows)


ROOMY = {"one_site_where_enough": "off", "hall": "off", "floor_area": "report"}


@pytest.mark.solver
@pytest.mark.parametrize(
    ("most", "allotted"),
    [
        (9, [2, 2]),
        (8, [1, 2]),  # 00001 lacks 39 − 36 = 3 posts then, 00002 would lack 32 − 27 = 5
        (7, [1, 1]),  # 3 and 5 posts; with [0, 2] 12 and none: more
        (5, [0, 0]),
    ],
)
def test_the_limit_of_the_city_is_allotted_by_workload(most: int, allotted: list[int]) -> None:
    case = open_case(
        departments={"posts_each": 9, "extra_vnd_year": 0, "overload_vnd_per_post_year": 10**9},
        rules={**ROOMY, "departments_max": most},
    )
    extra, table = _allotted(case)
    assert extra == allotted
    lacking = [[12, 3, 0][extra[0]], [14, 5, 0][extra[1]]]
    assert table["overload"][:, 0].tolist() == [posts * 10**9 for posts in lacking]


@pytest.mark.solver
def test_a_department_that_costs_more_than_it_saves_is_not_set_up() -> None:
    prices = {"posts_each": 9, "overload_vnd_per_post_year": 10**9}
    dear = open_case(departments={**prices, "extra_vnd_year": 10**10}, rules=ROOMY)
    assert _allotted(dear)[0] == [0, 0]
    cheap = open_case(departments={**prices, "extra_vnd_year": 4 * 10**9}, rules=ROOMY)
    extra, table = _allotted(cheap)
    assert extra == [1, 2]  # the second of 00001 would save three posts for four
    assert table["departments"][:, 0].tolist() == [4 * 10**9, 8 * 10**9]
    assert table["overload"][:, 0].tolist() == [3 * 10**9, 0]


def test_a_ward_has_as_many_departments_as_its_plan_says() -> None:
    case = open_case(departments={"posts_each": 9, "extra_vnd_year": 7})
    instance = build_instance(case.region, case.norms, case.scenario)
    mixed = with_departments(instance, np.array([2, 1]))
    assert mixed.departments.tolist() == [5, 3]
    assert mixed.duty[:, 0].tolist() == [14, 7]
    parts = mixed.demand.parts
    assert parts.loc[parts["ward_code"] == "00001", "part"].tolist() == [
        "party", "office", "economy", "culture", "justice", "front", "reception",
    ]  # fmt: skip
    assert parts.loc[parts["ward_code"] == "00002", "part"].tolist() == [
        "party", "office", "culture", "front", "reception",
    ]  # fmt: skip
    assert sorted(place for group in mixed.groups for place in group.wards.tolist()) == [0, 1]
    assert mixed.further == ()
