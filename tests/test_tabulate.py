"""The tables of a result folder: where everything is before and after a centre opens, and the money of each year."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner import tabulate
from planner.instance import Instance
from planner.model import PlanColumns, enumerate_plans
from planner.model.assemble import build_instance
from planner.pricing import cost_table
from planner.releases import AUCTION, LEASE
from tests.oracle.instances import Case, make_scenario
from tests.rules.tiny import tiny_case

YEARS = [2025, 2026, 2027, 2028, 2029, 2030]


def _case(**sections: Any) -> Case:
    """Return the tiny region with land for centres, six years, in which the first ward may build from 2027 to 2028."""
    case = tiny_case(
        **{
            "centres": {"allowed": True},
            "horizon": {"years": 6},
            "rules": {"centres_min": 1, "one_site_where_enough": "off"},
            **sections,
        }
    )
    land = [4_000, 1_000, 100, 100]
    return case.with_tables(sites=case.region.sites.assign(use="candidate", land_area_m2=land))


def _plan(case: Case, on: str, start: int, cash: int) -> tuple[Instance, PlanColumns]:
    """Return the plan in which ward 00001 builds on a site from a year on, and ward 00002 stays on B1 and B2."""
    instance = build_instance(case.region, case.norms, case.scenario)
    found = enumerate_plans(instance, every_set=True)
    place = {name: i for i, name in enumerate(instance.sites.index)}
    centre = next(
        i for i, one in enumerate(instance.centres[0]) if (one.place.name, one.start) == (on, start)
    )
    rows = []
    for ward, sites, number in ((0, {"A1"}, centre), (1, {"B1", "B2"}, -1)):
        wanted = {place[site] for site in sites}
        rows += [
            row
            for row in range(len(found))
            if found.ward[row] == ward
            and set(found.site_of_part[row].tolist()) - {-1} == wanted
            and found.centre[row] == number
            and found.cash[row] == cash
        ][:1]
    assert len(rows) == 2
    return instance, found.take(np.array(rows))


def _by_year(table: pd.DataFrame, site: str, column: str) -> dict[int, Any]:
    rows = table[table["site_id"] == site]
    return dict(zip(rows["year"].tolist(), rows[column].tolist(), strict=True))


def test_parts_move_when_the_centre_opens() -> None:
    case = _case(release={"route": "lease"})
    instance, chosen = _plan(case, "A1", 2, LEASE)
    table = tabulate.assignments(case.region, instance, chosen)
    assert len(table) == (5 + 4) * 6
    sites = table.groupby(["ward_code", "year"])["site_id"].agg(set)
    assert [sites["00001", year] for year in YEARS] == [{"A1"}] * 4 + [{"centre-00001"}] * 2
    assert [sites["00002", year] for year in YEARS] == [{"B1", "B2"}] * 6
    # Needs are the same wherever a part sits; rows go by ward, year, part.
    assert table.groupby(["ward_code", "part"])["norm_m2"].nunique().max() == 1
    assert table["part"].tolist()[:5] == ["party", "office", "economy", "front", "reception"]
    assert table["year"].tolist()[:10] == [2025] * 5 + [2026] * 5
    assert set(table["basis"]) == {"modelled"}


def test_the_land_of_a_centre_is_kept_and_other_sites_are_released() -> None:
    case = _case(release={"route": "lease"})
    instance, chosen = _plan(case, "A1", 2, LEASE)
    table = tabulate.premises(case.region, instance, chosen)
    assert _by_year(table, "A1", "status") == dict(zip(YEARS, ["in_use"] * 4 + ["released"] * 2, strict=True))
    assert _by_year(table, "A1", "route") == dict(zip(YEARS, [""] * 4 + ["centre"] * 2, strict=True))
    assert _by_year(table, "A2", "status") == dict.fromkeys(YEARS, "released")
    assert _by_year(table, "A2", "route") == dict.fromkeys(YEARS, "lease")
    assert _by_year(table, "B1", "status") == dict.fromkeys(YEARS, "in_use")
    # Construction in 2027 and 2028; it stands in the table from its start.
    centre = table[table["site_id"] == "centre-00001"]
    assert _by_year(table, "centre-00001", "status") == {
        2027: "under_construction",
        2028: "under_construction",
        2029: "in_use",
        2030: "in_use",
    }
    assert set(centre["kind"]) == {"joint_centre"}
    assert set(centre["floor_area_m2"]) == {1_904 + 199}
    assert set(centre["hall_seats"]) == {139}
    assert set(centre["location"]) == {"A1"}
    assert set(table.loc[table["kind"] != "joint_centre", "location"]) == {""}


def test_a_site_where_nobody_sits_waits_for_the_centre() -> None:
    case = _case(release={"route": "lease"})
    instance, chosen = _plan(case, "A2", 3, LEASE)
    table = tabulate.premises(case.region, instance, chosen)
    # A2 is never free, although nobody sits there; A1 is when the centre opens.
    assert _by_year(table, "A2", "route") == dict.fromkeys(YEARS, "centre")
    assert _by_year(table, "A1", "route") == dict(zip(YEARS, [""] * 5 + ["lease"], strict=True))
    assert set(_by_year(table, "centre-00001", "status")) == {2028, 2029, 2030}


@pytest.mark.parametrize(("needs", "routes"), [(0, "auction"), (1, "health")])
def test_routes_by_priority(needs: int, routes: str) -> None:
    release = {"route": "priority", "needs_health": needs, "needs_education": 0, "needs_culture": 0}
    case = _case(release=release)
    instance, chosen = _plan(case, "A2", 2, AUCTION)
    table = tabulate.premises(case.region, instance, chosen)
    assert _by_year(table, "A1", "route") == dict(zip(YEARS, [""] * 4 + [routes] * 2, strict=True))


def test_every_year_of_the_city_by_hand() -> None:
    case = _case(
        release={"route": "lease"},
        budget={"yearly_vnd": 20_000_000_000, "from_year": 2027, "carry_over": True, "recycle_income": True},
    )
    instance, chosen = _plan(case, "A1", 2, LEASE)
    money = tabulate.cost_rows(instance, cost_table(instance, chosen))
    premises = tabulate.premises(case.region, instance, chosen)
    table = tabulate.years(case.scenario, premises, money).set_index("year")
    # 2,103 m² at 11 million and a tenth more in two halves; 66 people move in at 27 million each.
    half, fitting = 2_103 * 11_000_000 * 11 // 20, 66 * 27_000_000
    assert table["capital_vnd"].tolist()[1:] == [0, half, half, fitting, 0]
    # A2, let from the first year on: ⌊500 × 0.7⌋ × 1,440,000.
    rent = 350 * 1_440_000
    assert table["income_vnd"].tolist() == [-rent] * 6
    assert table["budget_vnd"].tolist() == ["", "", *[20_000_000_000] * 4]
    assert table["recycled_vnd"].tolist() == [0, 0, rent, rent, rent, rent]
    left = [20_000_000_000 + rent - half]
    for spent in (half, fitting):
        left.append(left[-1] + 20_000_000_000 + rent - spent)
    assert table["carried_in_vnd"].tolist() == [0, 0, 0, *left]
    assert table["premises"].tolist() == [3] * 6
    # A2 only: the land of the centre, A1, is not free.
    assert table["released"].tolist() == [1] * 6
    assert table["surplus_m2"].tolist() == [500] * 6
    assert table["building"].tolist() == [0, 0, 1, 1, 0, 0]
    assert table["opened"].tolist() == [0, 0, 0, 0, 1, 0]
    assert table["recurrent_vnd"].tolist()[4] > table["recurrent_vnd"].tolist()[0] > 0


def test_what_is_used_of_a_budget_is_what_stands_in_the_table() -> None:
    budget = {"yearly_vnd": 10**12, "from_year": 2026, "carry_over": False, "recycle_income": True}
    for carry_over in (False, True):
        case = _case(release={"route": "auction"}, budget={**budget, "carry_over": carry_over})
        instance, chosen = _plan(case, "A2", 2, AUCTION)
        money = tabulate.cost_rows(instance, cost_table(instance, chosen))
        table = tabulate.years(case.scenario, tabulate.premises(case.region, instance, chosen), money)
        spent = 0
        for year, capital, recycled in zip(
            table["year"], table["capital_vnd"], table["recycled_vnd"], strict=True
        ):
            if year == 2025:
                continue
            spent = capital - recycled + (spent if carry_over else 0)
            assert sum(chosen.resources[f"budget_{year}"].tolist()) == spent
        # 30,000,000 × 0.356 a m². A1 is sold in 2029, when the centre opens: the money can be spent in 2030.
        assert table["recycled_vnd"].tolist() == [0, 0, 0, 0, 0, 4_000 * 10_680_000]


def test_without_budget_nothing_is_carried_or_recycled() -> None:
    scenario = make_scenario(horizon={"years": 2})
    money = pd.DataFrame(
        [("1", 2025, "renovation", "capital", 5), ("1", 2025, "release_income", "income", -3)],
        columns=["ward_code", "year", "item", "heading", "vnd"],
    )
    premises = pd.DataFrame(
        [("S", "1", "other", 2025, "in_use", "", 9, 0, "")],
        columns=[
            "site_id", "ward_code", "kind", "year", "status", "route", "floor_area_m2", "hall_seats", "location",
        ],
    )  # fmt: skip
    table = tabulate.years(scenario, premises, money)
    assert table["budget_vnd"].tolist() == ["", ""]
    for name in (
        "carried_in_vnd",
        "recycled_vnd",
        "building",
        "opened",
        "released",
        "surplus_m2",
        "social_vnd",
    ):
        assert table[name].tolist() == [0, 0], name
    assert table["capital_vnd"].tolist() == [5, 0]
    assert table["income_vnd"].tolist() == [-3, 0]
    assert table["premises"].tolist() == [1, 0]


def test_no_row_of_costs_is_zero() -> None:
    case = _case()
    instance, chosen = _plan(case, "A1", 2, -1)
    table = cost_table(instance, chosen)
    rows = tabulate.cost_rows(instance, table)
    assert (rows["vnd"] != 0).all()
    assert rows["vnd"].sum() == sum(int(amounts.sum()) for amounts in table.values())
    assert list(rows.columns) == ["ward_code", "year", "item", "heading", "vnd"]
    assert rows[["ward_code", "year"]].drop_duplicates().to_numpy().tolist() == [
        [ward, year] for ward in ("00001", "00002") for year in YEARS
    ]
