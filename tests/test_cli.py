"""The command line as people meet it: what is printed where, exit statuses, nothing half-written."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

import cli as command_line
from planner.errors import Problem


def run(*args: str) -> int:
    return command_line.main(list(args))


def scenario(project: Path, name: str, text: str) -> None:
    (project / "scenarios" / f"{name}.yaml").write_text("extends: hanoi-2025\n" + text, encoding="utf-8")


def test_solve_writes_the_whole_folder(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("solve", "hanoi-2025") == 0
    printed = capsys.readouterr()
    assert "5 units × 4 bodies assigned, proven optimal, gap 0, audit passed" in printed.out
    assert printed.err == ""
    names = {p.name for p in (project / "results" / "hanoi-2025").iterdir()}
    tables = {"assignments.csv", "premises.csv", "costs.csv", "measures.csv", "years.csv", "plan.json"}
    assert names == tables | {"reasons.csv", "map.html", "costs.xlsx", "plan.gpkg", "solver.log", "today"}
    assert [p.name for p in (project / "results").iterdir()] == ["hanoi-2025"]


def test_same_input_gives_the_same_bytes(project: Path) -> None:
    def state() -> dict[str, bytes]:
        folder = project / "results" / "hanoi-2025"
        return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}

    assert run("solve", "hanoi-2025") == 0
    first = state()
    assert run("solve", "hanoi-2025") == 0
    second = state()
    assert first.keys() == second.keys()
    differing = {name for name in first if first[name] != second[name]}
    # Only the times may differ: plan.json holds seconds, the solver's log too.
    assert differing <= {"plan.json", "solver.log", "today/plan.json", "today/solver.log"}
    one, two = (json.loads(s["plan.json"]) for s in (first, second))
    assert {k: v for k, v in one.items() if k != "seconds"} == {
        k: v for k, v in two.items() if k != "seconds"
    }


def test_json_of_solve(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("solve", "hanoi-2025", "--json") == 0
    (facts,) = json.loads(capsys.readouterr().out)
    assert facts["status"] == "optimal"
    assert facts["gap"] == 0
    assert facts["audit"] is True
    assert facts["measures"]["premises"] >= 5


def test_every_mistake_is_told_before_anything_is_solved(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario(project, "a", "rules:\n  max_sitez: 3\n")
    scenario(project, "b", "prices:\n  move_vnd_per_person: -1\n")
    assert run("solve", "a", "hanoi-2025", "b", "hanoi-2024") == 3
    printed = capsys.readouterr()
    assert printed.out == ""
    for word in ("scenarios/a.yaml:3", "max_sites", "scenarios/b.yaml:3", "-1", "hanoi-2024", "hanoi-2025"):
        assert word in printed.err
    assert not (project / "results").exists()


def test_no_plan_names_the_unit_the_metres_and_the_change(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario(project, "tight", "space:\n  tight_m2_per_person: 60\n")
    assert run("solve", "tight") == 4
    text = capsys.readouterr().err
    assert "E602" in text
    assert "m2 of floor area missing" in text
    assert "Smallest change" in text
    assert not (project / "results").exists()


def test_the_smallest_change_helps(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every unit that was named has a plan at the figure that was advised, and none just above."""
    import re

    scenario(project, "tight", "space:\n  tight_m2_per_person: 60\n")
    run("solve", "tight")
    advised = [float(x) for x in re.findall(r"space\.tight_m2_per_person ([0-9.]+)", capsys.readouterr().err)]
    assert advised
    scenario(project, "tight", f"space:\n  tight_m2_per_person: {min(advised)}\n")
    assert run("solve", "tight") == 0
    scenario(project, "tight", f"space:\n  tight_m2_per_person: {min(advised) + 0.6}\n")
    assert run("solve", "tight") == 4


def test_missing_hall_seats_are_named(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario(project, "hall", "hall:\n  party_executive_members: 900\n")
    assert run("solve", "hall") == 4
    assert "hall seats missing" in capsys.readouterr().err


def test_city_limit_that_cannot_be_kept_names_the_smallest_that_can(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario(project, "few", "rules:\n  premises_max: 1\n")
    assert run("solve", "few") == 4
    text = capsys.readouterr().err
    assert "E603" in text
    least = int(text.split("The smallest value that works is ")[1].split(".")[0])
    scenario(project, "few", f"rules:\n  premises_max: {least}\n")
    assert run("solve", "few") == 0
    scenario(project, "few", f"rules:\n  premises_max: {least - 1}\n")
    assert run("solve", "few") == 4


def test_compare_always_shows_today(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("solve", "today", "hanoi-2025")
    capsys.readouterr()
    for given in (["today", "hanoi-2025"], ["hanoi-2025"], ["results/hanoi-2025", "today"]):
        assert run("compare", *given) == 0
        text = capsys.readouterr().out
        assert text.splitlines()[0].split() == ["today", "hanoi-2025"]
        for words in (
            "Premises in use",
            "Citizens to reception, farthest",
            "Distance between bodies, average",
        ):
            assert words in text
        for words in ("SAVING against today", "Fixed cost of premises", "ACTIONS against today"):
            assert words in text


def test_compare_json_adds_up(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("solve", "hanoi-2025")
    capsys.readouterr()
    assert run("compare", "hanoi-2025", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    table = {(row["kind"], row["key"]): row for row in found["table"]}
    total = table["measure", "net_present_cost"]
    assert found["saving_vnd"]["hanoi-2025"] == total["today"] - total["hanoi-2025"]
    for name in ("today", "hanoi-2025"):
        items = sum(row[name] for row in found["table"] if row["kind"] == "item")
        assert abs(items - total[name]) <= len(found["table"])
    moved = {(a["ward_code"], a["part"]) for a in found["actions"] if a["action"] == "move_in"}
    opened = {a["site_id"] for a in found["actions"] if a["action"] == "open"}
    closed = {a["site_id"] for a in found["actions"] if a["action"] == "close"}
    change = table["measure", "premises"]
    assert len(opened) - len(closed) == change["hanoi-2025"] - change["today"]
    assert moved or not (opened or closed)


@pytest.mark.parametrize("ask", ["00352", "352", "phuong liet", "Phương Liệt", "PHƯƠNG LIỆT"])
def test_explain_takes_codes_and_names(project: Path, capsys: pytest.CaptureFixture[str], ask: str) -> None:
    assert run("explain", "hanoi-2025", "--ward", ask) == 0
    text = capsys.readouterr().out
    assert text.startswith("00352 Phương Liệt")
    assert "Chosen" in text


def test_explain_names_the_nearest_unit(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain", "hanoi-2025", "--ward", "phuong leit", "--ward", "00353") == 3
    text = capsys.readouterr().err
    assert text.count("E809") == 2
    assert "Did you mean Phương Liệt?" in text
    assert "Did you mean 00352?" in text  # of codes the one with the fewest other digits


def test_explain_says_what_the_next_best_costs(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Forbidding the chosen set of sites makes the plan dearer by what was announced for the next best."""
    run("solve", "hanoi-2025")
    capsys.readouterr()
    run("explain", "hanoi-2025", "--json")
    checked = 0
    for found in json.loads(capsys.readouterr().out):
        if not found["next_best"] or found["one_site_rule"]:
            continue
        best = found["next_best"][0]
        gone = set(found["chosen"]["seats"].values()) - set(best["seats"].values())
        if len(gone) != 1:
            continue
        scenario(project, "other", f"rules:\n  excluded: [{gone.pop()}]\n")
        assert run("explain", "other", "--ward", found["ward_code"], "--json") == 0
        (again,) = json.loads(capsys.readouterr().out)
        assert again["chosen"]["cost_vnd"] <= best["cost_vnd"]
        checked += 1
    assert checked


def test_foreign_folder_is_not_replaced(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = project / "out" / "hanoi-2025"
    folder.mkdir(parents=True)
    (folder / "thesis.docx").write_text("years of work")
    assert run("solve", "hanoi-2025", "-o", "out") == 3
    assert "E805" in capsys.readouterr().err
    assert (folder / "thesis.docx").read_text() == "years of work"
    assert run("solve", "hanoi-2025", "-o", "out", "--force") == 0
    assert not (folder / "thesis.docx").exists()


def test_a_file_where_the_folder_should_be(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "results").write_text("a file")
    assert run("solve", "hanoi-2025") == 3
    assert "Traceback" not in capsys.readouterr().err


def test_map_and_report_by_result(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("solve", "hanoi-2025")
    capsys.readouterr()
    assert run("map", "results/hanoi-2025", "-o", "m.html", "--lang", "en") == 0
    assert run("report", "results/hanoi-2025", "-o", "c.xlsx", "--lang", "en") == 0
    assert capsys.readouterr().out.split() == ["m.html", "c.xlsx"]
    assert '<html lang="en"' in (project / "m.html").read_text(encoding="utf-8")
    assert not list(project.glob(".*.part"))
    assert run("map", "results/hanoi-2025", "results/hanoi-2025", "--lang", "en") == 2
    assert "-o" in capsys.readouterr().err
    assert run("map", "results/hanoi-2025", "results/hanoi-2025", "-o", "m2.html", "--lang", "en") == 3
    assert "E807" in capsys.readouterr().err


def test_annex_and_page_beside_the_workbook(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("solve", "hanoi-2025")
    capsys.readouterr()
    assert run("report", "results/hanoi-2025", "--format", "docx, html") == 0
    folder = project / "results" / "hanoi-2025"
    assert [Path(line) for line in capsys.readouterr().out.splitlines()] == [
        Path("results/hanoi-2025/costs.docx"), Path("results/hanoi-2025/costs.html"),
    ]  # fmt: skip
    assert (folder / "costs.docx").read_bytes().startswith(b"PK")
    assert run("solve", "hanoi-2025") == 0, "the folder is still one of ours"


def test_broken_boundaries_are_told_before_solving(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "data" / "geo" / "wards.geojson").write_text("not json", encoding="utf-8")
    assert run("solve", "hanoi-2025") == 3
    assert "E401 data/geo/wards.geojson" in capsys.readouterr().err
    assert not (project / "results").exists()


def test_no_boundaries_at_all_is_no_fault(project: Path) -> None:
    (project / "data" / "geo" / "wards.geojson").unlink()
    assert run("solve", "hanoi-2025") == 0


def test_changed_data_are_noticed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("solve", "hanoi-2025")
    capsys.readouterr()
    sites = project / "data" / "geo" / "sites.csv"
    lines = sites.read_text(encoding="utf-8").splitlines()
    sites.write_text("\n".join([*lines, ""]).replace(",B,", ",C,", 1), encoding="utf-8")
    assert run("map", "results/hanoi-2025") == 3
    assert "E804 data/geo/sites.csv" in capsys.readouterr().err
    assert run("audit", "results/hanoi-2025") == 3


def test_audit_fails_on_a_moved_body(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("solve", "hanoi-2025")
    assert run("audit", "results/hanoi-2025") == 0
    path = project / "results" / "hanoi-2025" / "costs.csv"
    rows = path.read_text(encoding="utf-8").splitlines()
    head, _, vnd = rows[1].rpartition(",")
    rows[1] = f"{head},{int(vnd) + 1}"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    capsys.readouterr()
    assert run("audit", "results/hanoi-2025") == 3
    assert "failed" in capsys.readouterr().out.lower()


def test_both_solvers_agree(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario(project, "capped", "rules:\n  premises_max: 9\n  one_site_where_enough: 'off'\n")
    found = []
    for solver in ("highs", "cbc"):
        assert run("solve", "capped", "--solver", solver, "--json") == 0
        found.append(json.loads(capsys.readouterr().out)[0]["objective_vnd"])
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (["slove"], "solve"),
        (["solve"], "SCENARIOS"),
        (["solve", "hanoi-2025", "--time-limit", "soon"], "5m"),
        (["solve", "hanoi-2025", "--gap", "2"], "0.1%"),
        (["solve", "hanoi-2025", "--solver", "gurobi"], "highs"),
        (["report", "hanoi-2025", "--format", "csv"], "xlsx"),
    ],
)
def test_usage_mistakes(
    project: Path, capsys: pytest.CaptureFixture[str], args: list[str], word: str
) -> None:
    assert run(*args) == 2
    assert word in capsys.readouterr().err


def test_check_lists_problems_in_vietnamese(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check") == 0
    scenario(project, "a", "rules:\n  max_sitez: 3\n")
    assert run("check", "--json") == 3
    (problem,) = json.loads(capsys.readouterr().out.split("No problems.\n")[-1])
    assert problem["code"].startswith("E2")
    assert run("check", "--lang", "vi") == 3
    assert "Ý bạn là max_sites" in capsys.readouterr().out


def test_new_scenario_solves(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("new", "mine", "--from", "hanoi-2025") == 0
    assert capsys.readouterr().out.strip().endswith("mine.yaml")
    assert run("solve", "mine") == 0
    assert run("new", "mine") == 3
    assert run("new", "../evil") in (2, 3)


def test_a_fault_shows_no_traceback(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("planner.check.check", broken)
    assert run("check") == 1
    text = capsys.readouterr().err
    assert "E999" in text
    assert "Traceback" not in text
    kept = Path(text.split("the file ")[1].strip().rstrip("."))
    assert "boom" in kept.read_text(encoding="utf-8")
    kept.unlink()


def test_interrupt_leaves_nothing(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("planner.maps.write_map", interrupted)
    assert run("solve", "hanoi-2025") == 130
    assert list((project / "results").iterdir()) == []


def shell(project: Path, root: Path, *args: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, str(root / "cli.py"), *args],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(root), **env},
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp1258"])
def test_a_console_that_is_not_utf8(project: Path, root: Path, encoding: str) -> None:
    found = shell(
        project, root, "explain", "hanoi-2025", "--lang", "vi", PYTHONIOENCODING=encoding, PYTHONUTF8="0"
    )
    assert found.returncode == 0, found.stderr
    assert found.stderr == b""


def test_stdout_holds_results_only(project: Path, root: Path) -> None:
    """Compiled code prints past Python: look at the real file descriptors."""
    found = shell(project, root, "solve", "hanoi-2025", "--json")
    assert found.returncode == 0, found.stderr
    assert found.stderr == b""
    json.loads(found.stdout)


def test_help_of_every_verb_is_in_the_docs(root: Path) -> None:
    sys.path.insert(0, str(root / "tools"))
    from build_cli_docs import PAGE, refreshed

    page = PAGE.read_text(encoding="utf-8")
    assert refreshed(page) == page
    for verb, command in command_line.cli.commands.items():
        assert f"## {verb}\n" in page
        assert command.help
        assert all(p.help for p in command.params if isinstance(p, click.Option))


def test_importing_the_command_line_loads_nothing_heavy(root: Path) -> None:
    code = "import sys, cli; print([m for m in ('pandas', 'numpy', 'pulp', 'folium', 'pydantic') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_problem_text_has_no_gap() -> None:
    assert str(Problem("E1", "x", "is wrong")) == "E1 x: is wrong"
    assert str(Problem("E1", "x", "is wrong", "Mend it.")) == "E1 x: is wrong. Mend it."
    assert str(Problem("E1", "x", "is wrong.", "Mend it.")) == "E1 x: is wrong. Mend it."
