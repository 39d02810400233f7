"""Sweeps: values checked like scenario files, rows as separate solves give them, nothing solved twice after kill -9."""

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import cli as command_line
from planner.errors import Infeasible, NoPlanFound, Problem
from planner.plan import make_plan, prepare
from planner.program import Effort
from planner.sweep import read_sweep, run_sweep, solver
from planner.sweep.axes import Axis
from planner.sweep.grid import Point
from planner.sweep.solver import Solver

REGION = Path(__file__).parent / "data" / "region5"


@pytest.fixture
def project(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Build a small project of five units with the real norms, and stand in it."""
    shutil.copytree(REGION, tmp_path / "data" / "geo")
    shutil.copytree(root / "data" / "norms", tmp_path / "data" / "norms")
    shutil.copytree(root / "scenarios", tmp_path / "scenarios")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*args: str) -> int:
    return command_line.main(["sweep", *args])


def table(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / "sweep.csv").read_text(encoding="utf-8"))))


def times(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in (folder / "points").iterdir()}


def axis(spec: str, points: int | None = None) -> Axis:
    (found,) = read_sweep("hanoi-2025", [spec], points).axes
    return found


# --- what is asked for ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "points", "values"),
    [
        ("rules.max_sites=1..4", None, (1, 2, 3, 4)),
        ("rules.premises_max=10..34", None, tuple(range(10, 35))),
        ("rules.premises_max=10..110", None, tuple(range(10, 111, 10))),
        ("rules.premises_max=10..13", 9, (10, 11, 12, 13)),
        ("rules.premises_max=10..20/4", None, (10, 14, 18)),
        ("rules.premises_max=null,12", None, (None, 12)),
        ("rules.premises_max=1..3,5,3", None, (1, 2, 3, 5)),
        ("horizon.discount_rate=6%..10%/1%", None, (0.06, 0.07, 0.08, 0.09, 0.1)),
        ("horizon.discount_rate=0..8%", 3, (0.0, 0.04, 0.08)),
        ("prices.move_vnd_per_person=1 triệu..2 triệu/0.5 triệu", None, (1_000_000, 1_500_000, 2_000_000)),
        ("prices.move_vnd_per_person=1.2 triệu,1_500_000 đồng", None, (1_200_000, 1_500_000)),
        ("prices.speed_kmh=20 km/h..30 km/h/5 km/h", None, (20, 25, 30)),
        ("rules.one_site_where_enough=any,off", None, ("any", "off")),
        ("rules.departments_apart=true,false", None, (True, False)),
        ("space.tight_m2_per_person=8..9/0.25", None, (8.0, 8.25, 8.5, 8.75, 9.0)),
        ("arrangement=free,today", None, ("free", "today")),
    ],
)
def test_values(project: Path, spec: str, points: int | None, values: tuple[object, ...]) -> None:
    found = axis(spec, points)
    assert found.values == values
    assert [type(value) for value in found.values] == [type(value) for value in values]


def test_lists_of_sites(project: Path) -> None:
    site = next(csv.DictReader(io.StringIO((project / "data/geo/sites.csv").read_text(encoding="utf-8"))))[
        "site_id"
    ]
    assert axis(f"rules.excluded=[],[{site}]").values == ((), (site,))


@pytest.mark.parametrize(
    ("spec", "code", "words"),
    [
        ("rules.max_sitez=1..3", "E204", "rules.max_sites"),
        ("max_sites=1..3", "E204", "rules.max_sites"),
        ("rules.max_sites=1..9", "E207", "1 … 4"),
        ("rules.max_sites=two", "E206", "two"),
        ("rules.max_sites=1.5", "E225", "1.5"),
        ("rules.max_sites=", "E230", "KEY=a..b"),
        ("rules.max_sites", "E230", "KEY=a..b"),
        ("=1..3", "E230", "KEY=a..b"),
        ("rules.max_sites=1,,3", "E230", "1,,3"),
        ("rules.max_sites=3..1", "E231", "3..1"),
        ("rules.max_sites=..3", "E231", "..3"),
        ("rules.premises_max=1..9/0", "E207", "0"),
        ("rules.premises_max=1..9/-1", "E207", "-1"),
        ("rules.capital_max_vnd=0..1_000_000_000_000_000/1", "E232", "10000"),
        ("prices.move_vnd_per_person=1,5 triệu", "E233", "1,5 triệu"),
        ("horizon.discount_rate=8%, 0.06", "E233", "0.06"),
        ("prices.move_vnd_per_person=1..3 triệu", "E233", "1..3 triệu"),
        ("prices.move_vnd_per_person=16.000", "E208", "16.000"),
        ("prices.move_vnd_per_person=3 kg", "E215", "kg"),
        ("rules.hall=enforced,off", "E209", "enforce"),
        ("rules.departments_apart=yes", "E206", "true"),
        ("rules.required=[HC-99999]", "E203", "HC-99999"),
        ("reception.online_share=90%,99.9%", "E226", "--over reception.online_share"),
        ("geo=data/geo,other", "E234", "rules"),
        ("schema=1", "E234", "schema"),
        ("name=a,b", "E204", "name"),
        ("origins=a", "E204", "origins"),
        ("root=/", "E204", "root"),
        ("rules=1", "E204", "rules"),
        ("rules.max_sites=*x", "E213", "rules.max_sites"),
        ("rules.max_sites=!!python/object:os.system 1", "E213", "rules.max_sites"),
        ("rules.max_sites={a: 1}", "E206", "{...}"),
        ("rules.max_sites=[1, 2]", "E206", "[1, 2]"),
        ("rules.max_sites=[[[[[[[[[[1", "E2", "rules.max_sites"),
        ("rules.max_sites=1\nprices: 3", "E2", "rules.max_sites"),
        ("rules.max_sites=\x1b[31m3", "E2", "rules.max_sites"),
        ("rules.max_sites=" + "1," * 6000 + "1", "E230", "KEY=a..b"),
        ("rules.max_sites=" + "9" * 400, "E206", "999"),
        ("horizon.discount_rate=nan", "E206", "nan"),
        ("horizon.discount_rate=0..inf", "E206", "inf"),
    ],
)
def test_wrong_values(
    project: Path, capsys: pytest.CaptureFixture[str], spec: str, code: str, words: str
) -> None:
    assert run("hanoi-2025", "--over", spec) == 3
    text = capsys.readouterr().err
    assert code in text
    assert words in text
    assert "\x1b" not in text
    assert not (project / "results").exists()


def test_every_mistake_at_once(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "scenarios" / "a.yaml").write_text("extends: hanoi-2025\nrules:\n  hal: off\n", "utf-8")
    over = ("rules.max_sites=0..9", "rules.hall=on", "horizon.years=3,5", "horizon.years=7")
    assert run("a", "--lang", "vi", *(word for spec in over for word in ("--over", spec))) == 3
    text = capsys.readouterr().err
    for words in ("a.yaml:3", "--over rules.max_sites: ", '"0"', '"9"', '"on"', "--over horizon.years"):
        assert words in text
    assert "Ý bạn là" in text
    assert not (project / "results").exists()


def test_too_large_a_grid(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    over = ("rules.premises_max=1..5000/1", "horizon.years=1..15")
    assert run("hanoi-2025", *(word for spec in over for word in ("--over", spec))) == 3
    assert "75000" in capsys.readouterr().err


# --- rows -----------------------------------------------------------------------------------------------------------


def test_grid_order_and_rows_as_separate_solves(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    over = ("rules.premises_max=9,null,8", "horizon.discount_rate=10%,6%", "rules.one_site_where_enough=off")
    assert run("hanoi-2025", *(word for spec in over for word in ("--over", spec))) == 0
    capsys.readouterr()
    (folder,) = (project / "results").iterdir()
    rows = table(folder)
    grid = [(row["rules.premises_max"], row["horizon.discount_rate"]) for row in rows]
    assert grid == [
        ("9", "0.1"),
        ("9", "0.06"),
        ("null", "0.1"),
        ("null", "0.06"),
        ("8", "0.1"),
        ("8", "0.06"),
    ]
    for row, (most, rate) in zip(rows, grid, strict=True):
        (project / "scenarios" / "one.yaml").write_text(
            f"extends: hanoi-2025\nrules:\n  premises_max: {most}\n  one_site_where_enough: 'off'\n"
            f"horizon:\n  discount_rate: {rate}\n",
            encoding="utf-8",
        )
        assert command_line.main(["solve", "one", "--json", "-o", "single"]) == 0
        (facts,) = json.loads(capsys.readouterr().out)
        today = json.loads((project / "single" / "one" / "today" / "plan.json").read_text("utf-8"))
        for name in ("status", "objective_vnd", "bound_vnd", "gap"):
            assert row[name] == str(facts[name])
        assert int(row["today_vnd"]) == today["objective_vnd"]
        assert int(row["saving_vnd"]) == today["objective_vnd"] - facts["objective_vnd"]
        assert {name: float(row[name]) for name in facts["measures"]} == facts["measures"]


@pytest.mark.slow
def test_limits_that_share_their_arrangements(project: Path) -> None:
    """Points of a family reuse what was enumerated: the rows are those of plans made alone."""
    sweep = read_sweep(
        "hanoi-2025",
        [
            "rules.capital_max_vnd=null,30 tỷ,15 tỷ,22 tỷ,1 tỷ",
            "rules.premises_max=null,9",
            "rules.max_sites=2,3",
        ],
    )
    assert len({point.family for point in sweep.points}) == 4
    alone = []
    for point in sweep.points:
        try:
            plan = make_plan(point.scenario, sweep.region, sweep.norms)
        except Infeasible as error:
            alone.append(("infeasible", " ".join(dict.fromkeys(each.code for each in error.problems))))
            continue
        assert plan.today is not None
        alone.append((plan.facts["objective_vnd"], plan.today.facts["objective_vnd"]))
    rows = run_sweep(sweep, project / "s").rows
    found = [
        (row["objective_vnd"], row["today_vnd"]) if row["measures"] else (row["status"], row["problem"])
        for row in rows
    ]
    assert found == alone
    assert len(set(found)) >= 3


FIVE = """extends: hanoi-2025
horizon: {years: 8}
rules: {centres_min: 2, centres_building_max: 1, surplus_min: {2032: 10}}
centres: {allowed: true, coverage_share: 60%}
budget: {yearly_vnd: 15 tỷ, by_year_vnd: {2026: 8 tỷ}}
release: {route: priority, cash_route: best}
"""


@pytest.fixture
def five(project: Path) -> Path:
    """Stand in a project whose scenario `five` builds centres of five units on yearly budgets."""
    (project / "scenarios" / "five.yaml").write_text(FIVE, encoding="utf-8")
    return project


def test_plans_over_time_share_what_was_enumerated(five: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of points that reuse columns are those of plans made alone, whichever rules are set and how."""
    specs = [
        "budget.yearly_vnd=1 tỷ,15 tỷ",
        "budget.carry_over=true,false",
        "budget.recycle_income=true,false",
        "rules.centres_min=1,2",
    ]
    sweep = read_sweep("five", specs)
    assert len({point.family for point in sweep.points}) == 4  # carried over or not, recycled or not
    prepared = []
    real = solver.prepare
    monkeypatch.setattr(
        solver, "prepare", lambda *arguments: prepared.append(arguments[0]) or real(*arguments)
    )
    rows = run_sweep(sweep, five / "s").rows
    assert len(prepared) == 4
    found = []
    for point, row in zip(sweep.points, rows, strict=True):
        try:
            plan = make_plan(point.scenario, sweep.region, sweep.norms, with_today=False, advice=False)
        except Infeasible as error:
            codes = " ".join(dict.fromkeys(each.code for each in error.problems))
            assert (row["status"], row["problem"]) == ("infeasible", codes)
            continue
        assert row["objective_vnd"] == plan.facts["objective_vnd"]
        assert row["measures"]["centres"] == plan.city("centres")
        found.append(row["objective_vnd"])
    assert 3 < len(found) < len(rows)
    assert len(set(found)) >= 3


def test_columns_of_a_family_are_the_same(five: Path) -> None:
    specs = [
        "budget.yearly_vnd=15 tỷ,40 tỷ", "rules.centres_min=0,2", "rules.centres_building_max=0,3",
        "rules.premises_max=null,9", "budget.carry_over=true,false",
    ]  # fmt: skip
    sweep = read_sweep("five", specs)
    seen: dict[str, list[list[int]]] = {}
    for point in sweep.points:
        _, columns = prepare(point.scenario, sweep.region, sweep.norms)
        arrays = [columns.ward, columns.cost, columns.centre, columns.cash, columns.site_of_part.ravel()]
        arrays += [columns.resources[name] for name in sorted(columns.resources)]
        now = [array.tolist() for array in arrays]
        assert seen.setdefault(point.family, now) == now
    assert len(seen) == 4


def test_no_plan_over_time_is_told_quickly(five: Path) -> None:
    sweep = read_sweep("five", ["budget.yearly_vnd=1 tỷ,2 tỷ", "budget.carry_over=true"])
    rows = run_sweep(sweep, five / "s").rows
    assert [row["status"] for row in rows] == ["infeasible"] * 2
    for row in rows:
        (told,) = [each for each in row["problems"] if each["where"] == "budget.yearly_vnd"]
        assert told["code"] == "E603"
        assert told["fix"].startswith("It must be at least ")


def test_a_looser_limit_never_costs_more(project: Path) -> None:
    sweep = read_sweep("hanoi-2025", ["rules.premises_max=5..15"])
    rows = run_sweep(sweep, project / "s").rows
    costs = [row["objective_vnd"] for row in rows if row["status"] == "optimal"]
    assert len(costs) >= 3
    assert costs == sorted(costs, reverse=True)


def test_no_plan_is_a_row(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    over = "space.tight_m2_per_person=12,60"
    assert run("hanoi-2025", "--over", over) == 0
    text = capsys.readouterr().out
    assert "no plan (E602)" in text
    first, second = table(project / "results" / "hanoi-2025-sweep-space.tight_m2_per_person")
    assert (first["status"], first["problem"]) == ("optimal", "")
    assert (second["status"], second["problem"]) == ("infeasible", "E602")
    assert second["objective_vnd"] == second["premises"] == ""
    assert run("hanoi-2025", "--over", "rules.premises_max=1..3", "--json") == 4
    plans = json.loads(capsys.readouterr().out)["plans"]
    assert [plan["problem"] for plan in plans] == ["E603"] * 3
    assert plans[0]["problems"][0]["fix"].startswith("It must be at least ")


def test_prices_too_large_to_count_are_a_row(project: Path) -> None:
    sweep = read_sweep("hanoi-2025", ["prices.crowding_vnd_per_m2_year=0,100_000_000_000"])
    rows = run_sweep(sweep, project / "s").rows
    assert rows[0]["status"] == "optimal"
    assert (rows[1]["status"], rows[1]["problem"]) == ("refused", "E605")


def test_the_arrangement_in_force_saves_nothing(project: Path) -> None:
    rows = run_sweep(read_sweep("today", ["horizon.years=3,5"]), project / "s").rows
    assert [row["saving_vnd"] for row in rows] == [0, 0]
    assert rows[0]["today_vnd"] < rows[1]["today_vnd"]


def test_vietnamese_table(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("hanoi-2025", "--over", "horizon.discount_rate=6.5%,8%", "--lang", "vi") == 0
    head, first, *_ = capsys.readouterr().out.splitlines()
    for words in ("Trụ sở", "Tổng chi phí quy về hiện tại", "Tiết kiệm so với hiện nay", "Người dân đi lại"):
        assert words in head
    assert first.startswith("6,5%")
    assert "tỷ đồng" in first


def test_one_process_or_two_give_the_same_bytes(project: Path) -> None:
    specs = [
        "rules.premises_max=6..12/2",
        "prices.crowding_vnd_per_m2_year=0.5 triệu,1 triệu",
    ]
    sweep = read_sweep("hanoi-2025", specs)
    one, two = run_sweep(sweep, project / "one", 1), run_sweep(sweep, project / "two", 2)
    for name in ("sweep.csv", "sweep.json"):
        assert (project / "one" / name).read_bytes() == (project / "two" / name).read_bytes()
    assert len(one.rows) == len(two.rows) == 8
    assert times(project / "one").keys() == times(project / "two").keys()


# --- resuming -------------------------------------------------------------------------------------------------------


@pytest.fixture
def solved(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """Return a list that grows by the values of every point that is solved."""
    seen: list[tuple[object, ...]] = []
    real: Callable[..., dict[str, object]] = Solver.solve

    def counted(self: object, point: Point) -> dict[str, object]:
        seen.append(point.values)
        return real(self, point)

    monkeypatch.setattr(Solver, "solve", counted)
    return seen


def test_finished_points_are_not_solved_again(project: Path, solved: list[tuple[object, ...]]) -> None:
    run_sweep(read_sweep("hanoi-2025", ["rules.premises_max=8..10"]), project / "s")
    before = (project / "s" / "sweep.csv").read_bytes()
    again = run_sweep(read_sweep("hanoi-2025", ["rules.premises_max=8..10"]), project / "s")
    assert (again.reused, len(solved)) == (3, 3)
    assert (project / "s" / "sweep.csv").read_bytes() == before
    wider = run_sweep(read_sweep("hanoi-2025", ["rules.premises_max=7..11"]), project / "s")
    assert wider.reused == 3
    assert solved[3:] == [(7,), (11,)]
    assert [row["rules.premises_max"] for row in table(project / "s")] == ["7", "8", "9", "10", "11"]


@pytest.mark.parametrize("what", ["data", "norms", "setting", "effort"])
def test_changed_ground_is_not_reused(project: Path, solved: list[tuple[object, ...]], what: str) -> None:
    specs = ["rules.premises_max=8..10"]
    run_sweep(read_sweep("hanoi-2025", specs), project / "s")
    effort = None
    if what == "data":
        sites = project / "data" / "geo" / "sites.csv"
        sites.write_text(sites.read_text("utf-8").replace(",B,", ",C,", 1), encoding="utf-8")
    elif what == "norms":
        trips = project / "data" / "norms" / "trips.csv"
        trips.write_text(trips.read_text("utf-8") + "\n", encoding="utf-8")
    elif what == "setting":
        file = project / "scenarios" / "hanoi-2025.yaml"
        file.write_text(file.read_text("utf-8") + "horizon:\n  years: 4\n", encoding="utf-8")
    else:
        effort = Effort(gap=0.01)
    changed = run_sweep(read_sweep("hanoi-2025", specs, effort=effort), project / "s")
    assert (changed.reused, len(solved)) == (0, 6)
    fresh = run_sweep(read_sweep("hanoi-2025", specs, effort=effort), project / "fresh")
    assert (project / "s" / "sweep.csv").read_bytes() == (project / "fresh" / "sweep.csv").read_bytes()
    assert fresh.reused == 0


def test_another_title_changes_nothing(project: Path, solved: list[tuple[object, ...]]) -> None:
    run_sweep(read_sweep("hanoi-2025", ["horizon.years=5"]), project / "s")
    file = project / "scenarios" / "hanoi-2025.yaml"
    file.write_text(file.read_text("utf-8").replace("Interim", "The interim"), encoding="utf-8")
    assert run_sweep(read_sweep("hanoi-2025", ["horizon.years=5"]), project / "s").reused == 1
    assert len(solved) == 1


@pytest.mark.parametrize("text", ["", "{", "null", "[]", '{"id": 1, "row": {}}', '{"id": "x"}', "\x00"])
def test_a_broken_point_is_solved_again(project: Path, solved: list[tuple[object, ...]], text: str) -> None:
    sweep = read_sweep("hanoi-2025", ["rules.premises_max=9,10"])
    run_sweep(sweep, project / "s")
    before = (project / "s" / "sweep.csv").read_bytes()
    broken = project / "s" / "points" / f"{sweep.points[0].id[:32]}.json"
    broken.write_text(text, encoding="utf-8")
    assert run_sweep(sweep, project / "s").reused == 1
    assert len(solved) == 3
    assert (project / "s" / "sweep.csv").read_bytes() == before


def test_a_stopped_point_is_tried_again(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped(*args: object, **kwargs: object) -> None:
        raise NoPlanFound(Problem("E701", "solver", "highs stopped (limit) before it had a plan", ""))

    with monkeypatch.context() as patch:
        patch.setattr("planner.sweep.solver.make_plan", stopped)
        assert run("hanoi-2025", "--over", "horizon.years=3,5") == 5
    assert "stopped (E701)" in capsys.readouterr().out
    folder = project / "results" / "hanoi-2025-sweep-horizon.years"
    assert [(row["status"], row["problem"]) for row in table(folder)] == [("stopped", "E701")] * 2
    assert run("hanoi-2025", "--over", "horizon.years=3,5", "--json") == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["reused"] == 0
    assert [plan["status"] for plan in facts["plans"]] == ["optimal"] * 2


def test_foreign_folder_is_not_touched(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = project / "results" / "hanoi-2025-sweep-horizon.years"
    folder.mkdir(parents=True)
    (folder / "sweep.csv").write_text("years of work")
    assert run("hanoi-2025", "--over", "horizon.years=3,5") == 3
    assert "E805" in capsys.readouterr().err
    assert [path.name for path in folder.iterdir()] == ["sweep.csv"]
    assert (folder / "sweep.csv").read_text() == "years of work"


def test_an_interrupt_keeps_what_is_finished(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Solver.solve

    def broken(self: object, point: Point) -> dict[str, object]:
        if point.values == (10,):
            raise KeyboardInterrupt
        return real(self, point)

    monkeypatch.setattr(Solver, "solve", broken)
    assert run("hanoi-2025", "--over", "rules.premises_max=8..12") == 130
    folder = project / "results" / "hanoi-2025-sweep-rules.premises_max"
    assert [row["rules.premises_max"] for row in table(folder)] == ["8", "9"]
    assert len(times(folder)) == 2


def started(project: Path, root: Path, *args: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(root / "cli.py"), "sweep", *args],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Tests that run in the background of a shell inherit "ignore" for Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def until_finished(process: subprocess.Popen[str], folder: Path, count: int) -> None:
    end = time.monotonic() + 600
    while time.monotonic() < end and process.poll() is None:
        if folder.is_dir() and len(list(folder.glob("points/[!.]*.json"))) >= count:
            return
        time.sleep(0.005)
    raise AssertionError(f"{count} points were not seen: {process.communicate()}")


def runs(process: str) -> bool:
    """Return whether a process is there and no zombie that nobody has waited for."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


SPEC = "prices.crowding_vnd_per_m2_year=500_000..1_500_000/25_000"


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("jobs", [pytest.param("1", marks=pytest.mark.slow), "2"])
def test_killed_in_the_middle_and_started_again(project: Path, root: Path, jobs: str) -> None:
    folder = project / "results" / "hanoi-2025-sweep-prices.crowding_vnd_per_m2_year"
    process = started(project, root, "hanoi-2025", "--over", SPEC, "--jobs", jobs)
    until_finished(process, folder, 7)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    workers = children.read_text().split() if children.exists() else []
    process.kill()
    assert process.wait() == -signal.SIGKILL
    end = time.monotonic() + 200
    while any(runs(worker) for worker in workers) and time.monotonic() < end:
        time.sleep(0.05)
    assert not [worker for worker in workers if runs(worker)]
    process.communicate()
    before = times(folder)
    finished = {name: at for name, at in before.items() if not name.startswith(".")}
    assert 7 <= len(finished) < 41
    assert all(row["status"] == "optimal" for row in table(folder))
    again = started(project, root, "hanoi-2025", "--over", SPEC, "--jobs", jobs, "--json")
    out, err = again.communicate(timeout=900)
    assert (again.returncode, err) == (0, "")
    assert json.loads(out)["reused"] == len(finished)
    after = times(folder)
    assert len(after) == 41
    assert not any(name.startswith(".") for name in after)
    assert {name: after[name] for name in finished} == finished
    rows = table(folder)
    assert [int(row["prices.crowding_vnd_per_m2_year"]) for row in rows] == list(
        range(500_000, 1_500_001, 25_000)
    )
    assert all(row["net_present_cost"] == row["objective_vnd"] for row in rows)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_interrupted_by_the_keyboard(project: Path, root: Path, jobs: str) -> None:
    folder = project / "results" / "hanoi-2025-sweep-prices.crowding_vnd_per_m2_year"
    process = started(project, root, "hanoi-2025", "--over", SPEC, "--jobs", jobs)
    until_finished(process, folder, 3)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to every process of the group
    out, err = process.communicate(timeout=600)
    assert process.returncode == 130, err
    assert out == ""
    assert "goes on from there" in err
    assert "Traceback" not in err
    assert len(table(folder)) == len(times(folder)) >= 3


def test_a_worker_that_is_ended(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was finished stays; the message says what to do."""
    from concurrent.futures.process import BrokenProcessPool

    def ended(*args: object, **kwargs: object) -> None:
        raise BrokenProcessPool

    monkeypatch.setattr("planner.sweep.workers.wait", ended)
    with pytest.raises(NoPlanFound, match="E704"):
        run_sweep(read_sweep("hanoi-2025", ["rules.premises_max=8..12"]), project / "s", 2)
    assert table(project / "s") == []
