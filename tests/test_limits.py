"""City-wide rules: their names, what each limits and by how much."""

from __future__ import annotations

from typing import Any

import pytest

from planner.limits import Family, Limit, budgets, city_limits, families, families_of, kind_of, limit_of
from tests.oracle.instances import make_scenario


def _most(**sections: Any) -> dict[str, int]:
    return {name: limit.most for name, limit in city_limits(make_scenario(**sections)).items()}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("premises", "premises"),
        ("capital_all", "capital_all"),
        ("budget_2028", "budget"),
        ("surplus_2030", "surplus"),
        ("surplus_m2_2030", "surplus_m2"),
        ("centres_phuong", "centres_phuong"),
        ("centres_district:Huyện Ba Vì", "centres_district"),
        ("centres_district:Huyện_2030", "centres_district"),
        ("centres_district:A: B\n(C)", "centres_district"),
        ("budget_1999", "budget_1999"),
    ],
)
def test_kind_of_a_name(name: str, kind: str) -> None:
    assert kind_of(name) == kind


def test_nothing_set_nothing_limited() -> None:
    assert _most() == {}


def test_rules_that_are_set_stand_also_where_nothing_can_be_built() -> None:
    # The auditor asks for an entry of every rule that is set.
    found = _most(horizon={"years": 2}, rules={"centres_building_max": 3, "relocations_max": 2})
    assert found == {"building_2025": 3, "building_2026": 3, "relocations_2026": 2}


def test_a_rule_of_each_kind() -> None:
    found = city_limits(
        make_scenario(
            centres={"allowed": True},
            horizon={"years": 3},
            rules={
                "premises_max": 9, "capital_max_vnd": 7, "departments_max": 5, "centres_min": 4,
                "centres_min_phuong": 1, "centres_min_xa": 0, "centres_min_by_district": {"Huyện Ba Vì": 2},
                "centres_building_max": 0, "relocations_max": 6, "surplus_min": {2027: 8, 2026: 3},
                "surplus_m2_min": {2026: 500},
            },
        )
    )  # fmt: skip
    assert {name: (one.setting, one.most) for name, one in found.items()} == {
        "premises": ("rules.premises_max", 9),
        "capital": ("rules.capital_max_vnd", 7),
        "departments": ("rules.departments_max", 5),
        "centres": ("rules.centres_min", -4),
        "centres_phuong": ("rules.centres_min_phuong", -1),
        "centres_xa": ("rules.centres_min_xa", 0),
        "centres_district:Huyện Ba Vì": ("rules.centres_min_by_district", -2),
        "building_2025": ("rules.centres_building_max", 0),
        "building_2026": ("rules.centres_building_max", 0),
        "building_2027": ("rules.centres_building_max", 0),
        # Nothing opens in the first year.
        "relocations_2026": ("rules.relocations_max", 6),
        "relocations_2027": ("rules.relocations_max", 6),
        "surplus_2026": ("rules.surplus_min", -3),
        "surplus_2027": ("rules.surplus_min", -8),
        "surplus_m2_2026": ("rules.surplus_m2_min", -500),
    }
    assert all(one.name == name and one.kind == kind_of(name) for name, one in found.items())
    assert [n for n in found if n.startswith("surplus_2")] == ["surplus_2026", "surplus_2027"]
    district = found["centres_district:Huyện Ba Vì"]
    assert (district.group, district.year) == ("Huyện Ba Vì", None)
    assert (found["surplus_m2_2026"].group, found["surplus_m2_2026"].year) == (None, 2026)


@pytest.mark.parametrize(
    ("budget", "expected"),
    [
        ({}, {}),
        # The first year has none of its own: what is spent then is spent by the reform itself.
        ({"yearly_vnd": 5}, {2026: 5, 2027: 5, 2028: 5}),
        ({"yearly_vnd": 5, "from_year": 2025}, {2025: 5, 2026: 5, 2027: 5, 2028: 5}),
        ({"yearly_vnd": 5, "from_year": 2028}, {2028: 5}),
        (
            {"yearly_vnd": 5, "from_year": 2027, "by_year_vnd": {2028: 0, 2025: 9}},
            {2025: 9, 2027: 5, 2028: 0},
        ),
        ({"by_year_vnd": {2027: 3}}, {2027: 3}),
    ],
)
def test_budget_of_every_year(budget: dict[str, Any], expected: dict[int, int]) -> None:
    scenario = make_scenario(horizon={"years": 4}, budget=budget)
    assert budgets(scenario) == expected
    assert list(budgets(scenario)) == sorted(expected)
    assert {limit.year: limit.most for limit in city_limits(scenario).values()} == expected


def test_a_horizon_of_one_year_has_no_second_year() -> None:
    assert _most(horizon={"years": 1}, budget={"yearly_vnd": 5}, rules={"relocations_max": 1}) == {}


def test_what_is_left_over_is_added() -> None:
    budget = {"yearly_vnd": 10, "by_year_vnd": {2027: 4, 2025: 0}, "carry_over": True}
    assert _most(horizon={"years": 4}, budget=budget) == {
        "budget_2025": 0,
        "budget_2026": 10,
        "budget_2027": 14,
        "budget_2028": 24,
    }


def test_the_setting_of_a_budget_is_where_the_year_stands() -> None:
    found = city_limits(make_scenario(budget={"yearly_vnd": 10, "by_year_vnd": {2027: 4}}))
    assert found["budget_2026"].setting == "budget.yearly_vnd"
    assert found["budget_2027"] == Limit("budget_2027", "budget", "budget.by_year_vnd", 2027, None, 4)


@pytest.mark.parametrize("name", ["centres", "centres_district:X", "surplus_2030", "surplus_m2_2030"])
def test_at_least_is_a_limit_on_the_negative(name: str) -> None:
    assert limit_of(name, 3, make_scenario()).most == -3


def test_families_are_what_one_setting_sets() -> None:
    names = ["premises", "budget_2026", "building_2025", "budget_2027", "building_2026", "surplus_2026",
             "surplus_2027", "surplus_m2_2027", "centres_district:B", "centres_district:A"]  # fmt: skip
    limits = {name: (-7 if name.startswith(("surplus", "centres")) else 7) for name in names}
    assert families(limits) == [
        Family("premises", "rules.premises_max", {"premises": 1}, 7),
        Family("budget", "budget.yearly_vnd", {"budget_2026": 1, "budget_2027": 1}, 7),
        Family("building", "rules.centres_building_max", {"building_2025": 1, "building_2026": 1}, 7),
        Family("surplus", "rules.surplus_min 2026", {"surplus_2026": 1}, 7),
        Family("surplus", "rules.surplus_min 2027", {"surplus_2027": 1}, 7),
        Family("surplus_m2", "rules.surplus_m2_min 2027", {"surplus_m2_2027": 1}, 7),
        Family("centres_district", "rules.centres_min_by_district B", {"centres_district:B": 1}, 7),
        Family("centres_district", "rules.centres_min_by_district A", {"centres_district:A": 1}, 7),
    ]


def test_one_dong_more_a_year_adds_up_where_it_is_carried_over() -> None:
    years = range(2026, 2030)
    money = {"yearly_vnd": 10, "by_year_vnd": {2027: 4}, "carry_over": True}
    usual, every = (
        family.weights for family in families_of(make_scenario(horizon={"years": 5}, budget=money))
    )
    assert usual == dict(zip([f"budget_{year}" for year in years], [1, 1, 2, 3], strict=True))
    assert every == dict(zip([f"budget_{year}" for year in years], [1, 2, 3, 4], strict=True))
    money["carry_over"] = False
    usual, every = (
        family.weights for family in families_of(make_scenario(horizon={"years": 5}, budget=money))
    )
    assert usual == {"budget_2026": 1, "budget_2028": 1, "budget_2029": 1}
    assert every == {f"budget_{year}": 1 for year in years}
