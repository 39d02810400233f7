"""Choosing one plan per ward: what is called optimal, what is printed, why there is no plan."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner import program, solve
from planner.clash import ONE_OF
from planner.errors import Infeasible, InputError, NoPlanFound
from planner.model.columns import PlanColumns
from planner.wording import in_language

pytestmark = pytest.mark.solver

SOLVERS = ("highs", "cbc")
DONG = 1_000_000
"""Costs are in millionths of a dong."""


def make_columns(ward: Any, cost: Any, premises: Any, capital: Any) -> PlanColumns:
    """Return plan columns, cheapest first within a ward."""
    ward, cost, premises, capital = (
        np.asarray(values, np.int64) for values in (ward, cost, premises, capital)
    )
    order = np.lexsort((cost, ward))
    nothing = np.zeros(len(ward), np.int64)
    use = {"premises": premises[order], "capital": capital[order]}
    return PlanColumns(ward[order], cost[order], use, nothing, nothing, np.zeros((len(ward), 1), np.int64))


def names(columns: PlanColumns) -> list[str]:
    return [f"{place:05}" for place in range(int(columns.ward.max()) + 1)]


def close_costs(seed: int, base: int = 10**11) -> tuple[PlanColumns, dict[str, int]]:
    """Return 12 wards of 6 plans whose costs differ by a few dong, and limits that bind."""
    rng = np.random.default_rng(seed)
    ward = np.repeat(np.arange(12), 6)
    cost = (base + rng.integers(0, 40, 72)) * DONG + rng.integers(0, DONG, 72)
    columns = make_columns(ward, cost, rng.integers(1, 7, 72), rng.integers(1, 50, 72) * 100_000_000)
    return columns, {"premises": 30, "capital": 24_000_000_000}


def hard_columns() -> tuple[PlanColumns, dict[str, int]]:
    """Return a problem that no solver proves within half a minute: cost and capital almost add up to a constant."""
    rng, wards, each = np.random.default_rng(0), 30, 20
    ward = np.repeat(np.arange(wards), each)
    capital = rng.integers(1_000_000_000, 30_000_000_000, wards * each)
    premises = rng.integers(1, 5, wards * each)
    cost = 90_000_000_000 - capital - premises * 3_000_000_000 + rng.integers(0, 2_000_000, wards * each)
    limits = {"premises": 69, "capital": 12_345_678_901 * wards}
    return make_columns(ward, cost * DONG, premises, capital), limits


def by_hand(columns: PlanColumns, limits: dict[str, int]) -> int | None:
    """Return the least cost within the limits, ward by ward over all sums of use that can be reached."""
    reached = {(0, 0): 0}
    for place in np.unique(columns.ward):
        rows = np.flatnonzero(columns.ward == place)
        plans = [
            (
                int(columns.resources["premises"][r]),
                int(columns.resources["capital"][r]),
                int(columns.cost[r]),
            )
            for r in rows
        ]
        longer: dict[tuple[int, int], int] = {}
        for (premises, capital), cost in reached.items():
            for more_premises, more_capital, more_cost in plans:
                use = (premises + more_premises, capital + more_capital)
                if use[0] <= limits["premises"] and use[1] <= limits["capital"]:
                    longer[use] = min(longer.get(use, cost + more_cost), cost + more_cost)
        reached = longer
    return min(reached.values(), default=None)


def need(solver: str) -> None:
    if solver == "cbc" and not shutil.which(program._cbc_path()):
        pytest.skip(f"no CBC at {program._cbc_path()!r}: pip install planner[cbc]")


# --- what is called optimal --------------------------------------------------------------------------------------


@pytest.mark.parametrize("base", [10**8, 10**11, 3 * 10**12])
@pytest.mark.parametrize("seed", range(6))
def test_optimal_means_to_the_dong(seed: int, base: int) -> None:
    columns, limits = close_costs(seed, base)
    best = by_hand(columns, limits)
    outcome = solve.choose(columns, names(columns), limits)
    assert best is not None
    assert outcome.status == "optimal"
    assert outcome.cost - best < DONG
    assert outcome.certified_bound <= best
    assert sum(columns.cost[outcome.rows].tolist()) == outcome.cost


@pytest.mark.parametrize("seed", range(4))
def test_cbc_finds_plans_but_proves_nothing_under_limits(seed: int) -> None:
    need("cbc")
    columns, limits = close_costs(seed)
    best = by_hand(columns, limits)
    outcome = solve.choose(columns, names(columns), limits, program.Effort("cbc"))
    assert best is not None
    assert best <= outcome.cost <= best + 30 * DONG
    if outcome.status == "optimal":
        assert outcome.cost - best < DONG
    assert outcome.bound <= best


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("effort", [{"time_limit": 0.3}, {"gap": 0.05}])
def test_a_search_that_was_cut_short_is_not_optimal(solver: str, effort: dict[str, float]) -> None:
    need(solver)
    columns, limits = hard_columns()
    outcome = solve.choose(columns, names(columns), limits, program.Effort(solver, **effort))
    assert outcome.status == "feasible"
    assert outcome.certified_bound <= outcome.bound < outcome.cost
    for resource, limit in limits.items():
        assert columns.resources[resource][outcome.rows].sum() <= limit
    assert columns.ward[outcome.rows].tolist() == list(range(30))


@settings(max_examples=12)
@given(st.integers(0, 10_000), st.sampled_from([0.0005, 0.02, 0.2]), st.sampled_from([0.0, 0.001]))
def test_optimal_is_never_claimed_without_being_so(seed: int, time_limit: float, gap: float) -> None:
    columns, limits = close_costs(seed)
    best = by_hand(columns, limits)
    try:
        outcome = solve.choose(columns, names(columns), limits, program.Effort("highs", time_limit, gap))
    except (NoPlanFound, Infeasible):
        return
    assert best is not None
    assert outcome.cost >= best
    if outcome.status == "optimal":
        assert outcome.cost - best < DONG
    assert outcome.bound - DONG < best


@pytest.mark.parametrize("solver", SOLVERS)
def test_without_limits_the_cheapest_plans_prove_themselves(solver: str) -> None:
    need(solver)
    columns, _ = close_costs(1)
    outcome = solve.choose(columns, names(columns), {}, program.Effort(solver))
    least = sum(int(columns.cost[columns.ward == w].min()) for w in range(12))
    assert outcome.status == "optimal"
    assert outcome.cost == outcome.bound == outcome.certified_bound == least
    assert outcome.prices == {}


def test_totals_beyond_63_bits_are_right() -> None:
    # Three wards of nine billion billion millionths: the sum is past 2^63.
    most = 9 * 10**18
    columns = make_columns([0, 1, 2], [most, most, most], [1, 1, 1], [0, 0, 0])
    assert solve.choose(columns, names(columns), {"premises": 3}).cost == 3 * most
    columns = make_columns([0, 1, 2], [-most, -most, -most], [1, 1, 1], [0, 0, 0])
    outcome = solve.choose(columns, names(columns), {})
    assert outcome.cost == outcome.certified_bound == -3 * most
    assert outcome.status == "optimal"


def test_income_may_exceed_the_costs() -> None:
    columns = make_columns([0, 0, 1], [-5 * DONG, -7 * DONG, -1 * DONG], [1, 2, 1], [0, 0, 0])
    assert solve.choose(columns, names(columns), {"premises": 3}).cost == -8 * DONG
    assert solve.choose(columns, names(columns), {"premises": 2}).cost == -6 * DONG


def test_the_price_of_a_limit_is_what_one_more_saves() -> None:
    # Ward 0 pays 10 million dong less for a second site, ward 1 pays 4 million less; three sites are allowed.
    million = 10**6 * DONG
    columns = make_columns(
        [0, 0, 1, 1], [100 * million, 90 * million, 100 * million, 96 * million], [1, 2, 1, 2], [0] * 4
    )
    outcome = solve.choose(columns, names(columns), {"premises": 3})
    assert outcome.cost == 190 * million
    assert 4_000_000 <= round(outcome.prices["premises"]) <= 10_000_000
    assert outcome.certified_bound == outcome.cost


# --- no plan -----------------------------------------------------------------------------------------------------


def _reasons(columns: PlanColumns, limits: dict[str, int], solver: str = "highs") -> list[Any]:
    with pytest.raises(Infeasible) as caught:
        solve.choose(columns, names(columns), limits, program.Effort(solver))
    return caught.value.problems


@pytest.mark.parametrize("solver", SOLVERS)
def test_the_smallest_limit_that_works_is_told(solver: str) -> None:
    need(solver)
    columns = make_columns([0, 0, 1, 1], [9, 8, 9, 8], [1, 3, 2, 3], [4_123_456, 1, 5_000_001, 2])
    (problem,) = _reasons(columns, {"premises": 2}, solver)
    assert (problem.code, problem.where) == ("E603", "rules.premises_max")
    assert problem.fix == "The smallest value that works is 3."
    (problem,) = _reasons(columns, {"capital": 2}, solver)
    assert problem.where == "rules.capital_max_vnd"
    assert problem.fix == "The smallest value that works is 3."
    both = _reasons(columns, {"premises": 3, "capital": 9_123_456}, solver)
    assert [(p.code, p.where) for p in both] == [
        ("E603", "rules.premises_max"),
        ("E603", "rules.capital_max_vnd"),
    ]
    # With at most 9,123,456 dong a ward must take three sites; with three sites both must spend.
    assert both[0].fix == f"The smallest value that works is 4. {ONE_OF}"
    assert both[1].fix == f"The smallest value that works is 9,123,457. {ONE_OF}"
    assert "Chỉ cần một trong" in in_language(both[1], "vi").fix


def test_limits_that_no_single_change_can_save() -> None:
    columns = make_columns([0, 1], [9, 9], [2, 2], [10, 10])
    (problem,) = _reasons(columns, {"premises": 1, "capital": 1})
    assert problem.code == "E604"
    assert "rules.premises_max, rules.capital_max_vnd" in problem.where


def test_no_plan_in_time_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    columns, limits = close_costs(0)
    monkeypatch.setattr(program, "run", lambda program, effort: ("limit", None, "log"))
    with pytest.raises(NoPlanFound) as caught:
        solve.choose(columns, names(columns), limits)
    assert caught.value.problems[0].code == "E701"
    assert caught.value.exit_status == 5


def test_a_missing_cbc_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    columns, _ = close_costs(0)
    monkeypatch.setattr(program, "_cbc_path", lambda: "/no/such/cbc")
    with pytest.raises(InputError) as caught:
        solve.choose(columns, names(columns), {}, program.Effort("cbc"))
    assert caught.value.problems[0].code == "E702"


@pytest.mark.parametrize("step", [1, 100_000])
@pytest.mark.parametrize("less", [0, 1, 5])
@pytest.mark.parametrize("seed", range(4))
def test_limits_are_kept_to_the_dong(seed: int, less: int, step: int) -> None:
    # The limit is what the cheapest plans spend, or a few dong less: within the tolerance of every solver.
    rng = np.random.default_rng(seed)
    cost, capital = rng.integers(10**9, 10**11, 30) * DONG, rng.integers(10**3, 2 * 10**5, 30) * 10**5
    if step == 1:
        capital = capital + rng.integers(0, 10**5, 30)
    columns = make_columns(np.repeat(np.arange(6), 5), cost, rng.integers(1, 4, 30), capital)
    free = solve.choose(columns, names(columns), {})
    limit = int(columns.resources["capital"][free.rows].sum()) - less
    outcome = solve.choose(columns, names(columns), {"capital": limit})
    assert columns.resources["capital"][outcome.rows].sum() <= limit
    best = by_hand(columns, {"premises": 99, "capital": limit})
    assert best is not None
    assert outcome.cost - best < DONG
    assert outcome.status == "optimal"


@pytest.mark.parametrize("seed", range(4))
def test_cbc_keeps_limits_to_the_dong_or_says_that_it_cannot(seed: int) -> None:
    need("cbc")
    columns, _ = close_costs(seed)
    rng = np.random.default_rng(seed)
    columns.resources["capital"] += rng.integers(0, 10**5, 72)
    free = solve.choose(columns, names(columns), {})
    limit = int(columns.resources["capital"][free.rows].sum()) - 1
    try:
        outcome = solve.choose(columns, names(columns), {"capital": limit}, program.Effort("cbc"))
    except NoPlanFound as error:
        if "E703" in str(error):
            return
        raise
    assert columns.resources["capital"][outcome.rows].sum() <= limit


def test_a_choice_over_the_limit_is_never_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    columns, _ = close_costs(0)
    rows = np.arange(0, 72, 6)
    monkeypatch.setattr(program, "run", lambda program, effort: ("optimal", None, ""))
    monkeypatch.setattr(program, "_read_choice", lambda columns, chosen, wards: rows)
    with pytest.raises(NoPlanFound) as caught:
        solve.choose(columns, names(columns), {"premises": 1})
    assert caught.value.problems[0].code == "E703"


# --- manners -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("solver", SOLVERS)
def test_nothing_is_printed_and_the_log_is_kept(solver: str, capfd: pytest.CaptureFixture[str]) -> None:
    need(solver)
    columns, limits = close_costs(2)
    outcome = solve.choose(columns, names(columns), limits, program.Effort(solver))
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")
    assert re.search("HiGHS|Cbc|CBC|cbc", outcome.log)


def test_output_works_again_after_a_failure(capfd: pytest.CaptureFixture[str], tmp_path: Any) -> None:
    with pytest.raises(ZeroDivisionError), program.printing_to(tmp_path / "log"):
        print(1 // 0)
    print("still here")
    assert capfd.readouterr().out == "still here\n"


@pytest.mark.parametrize("solver", SOLVERS)
def test_the_same_problem_gives_the_same_rows(solver: str) -> None:
    need(solver)
    columns, limits = close_costs(3)
    first, second = (solve.choose(columns, names(columns), limits, program.Effort(solver)) for _ in range(2))
    assert first.rows.tolist() == second.rows.tolist()


def test_the_program_is_one_row_a_ward_and_a_limit() -> None:
    columns, limits = close_costs(4)
    built, chosen = program.build_program(columns, names(columns), limits)
    assert len(chosen) == len(columns)
    assert built.numConstraints() == 12 + len(limits)
    relaxed, _ = program.build_program(columns, names(columns), limits, relaxed=True)
    assert not relaxed.isMIP()


# --- near the bound ----------------------------------------------------------------------------------------------


def random_pairs(seed: int) -> tuple[PlanColumns, dict[str, int]]:
    """Return five wards of four plans each, some plans of two wards that are dearer or cheaper, and a limit."""
    rng = np.random.default_rng(seed)
    own = make_columns(
        np.repeat(np.arange(5), 4),
        rng.integers(10**9, 3 * 10**9, 20) * DONG,
        rng.integers(1, 5, 20),
        [0] * 20,
    )
    pairs = [(0, 1), (1, 2), (3, 4)][: int(rng.integers(1, 4))]
    owners = np.repeat([owner for owner, _ in pairs], 2)
    guests = np.repeat([guest for _, guest in pairs], 2)
    m = len(owners)
    zero = np.zeros(m, np.int64)
    both = make_columns(owners, rng.integers(2 * 10**9, 5 * 10**9, m) * DONG, rng.integers(1, 6, m), zero)
    whole = {
        name: np.append(getattr(own, name), getattr(both, name))
        for name in ("ward", "cost", "missing_m2", "missing_seats")
    }
    uses = {name: np.append(own.resources[name], both.resources[name]) for name in own.resources}
    seats = np.zeros((20 + m, 1), np.int64)
    none = np.zeros((m, 1), np.int64)
    lodgers = PlanColumns(guests, zero, {k: zero for k in uses}, zero, zero, none)
    columns = PlanColumns(
        whole["ward"], whole["cost"], uses, whole["missing_m2"], whole["missing_seats"], seats,
        guest=np.append(np.full(20, -1), np.arange(m)), guests=lodgers,
    )  # fmt: skip
    return columns.take(np.lexsort((columns.cost, columns.ward))), {"premises": int(rng.integers(8, 14))}


def choices(columns: PlanColumns, wards: frozenset[int]) -> Iterator[list[int]]:
    """Yield every choice of rows that covers some wards once."""
    if not wards:
        yield []
        return
    first, partner = min(wards), columns.partner.tolist()
    for row, ward in enumerate(columns.ward.tolist()):
        covered = {ward, partner[row]} - {-1}
        if first in covered and covered <= wards:
            for rest in choices(columns, wards - covered):
                yield [row, *rest]


@pytest.mark.parametrize("seed", range(12))
def test_nothing_lies_nearer_to_the_bound_than_is_said(seed: int) -> None:
    columns, limits = random_pairs(seed)
    least = np.full(len(columns), np.inf)
    uses, costs = columns.resources["premises"].tolist(), columns.cost.tolist()
    for rows in choices(columns, frozenset(range(5))):
        if sum(uses[row] for row in rows) <= limits["premises"]:
            least[rows] = np.minimum(least[rows], sum(costs[row] for row in rows))
    prices = program.resource_prices(columns, names(columns), limits)
    bound = solve.lagrangian_bound(columns, limits, prices)
    above = solve.above_cheapest(columns, prices)
    assert (least >= bound + above - DONG).all()
    if not np.isfinite(least).any():
        with pytest.raises(Infeasible):
            solve.choose(columns, names(columns), limits, program.Effort(gap=0.01))
        return
    for gap in (1e-4, 0.01, 0.2):
        outcome = solve.choose(columns, names(columns), limits, program.Effort(gap=gap))
        assert outcome.bound <= least.min() <= outcome.cost <= least.min() * (1 + gap) + DONG
        assert (outcome.cost - outcome.bound) <= gap * outcome.cost + DONG
