"""Three tables in: what is read, and every fault by its name."""

import json
from pathlib import Path

import numpy as np
import pytest

import cli
from planner.errors import InputError
from planner.location.location import Location
from planner.location.tables import read_network
from planner.location.text import location_text

DEMAND = "demand_id,weight,load\nd1,2,1\nd2,3,\nd3,1.5,4\n"
CANDIDATES = "candidate_id,capacity,fixed_cost,use\nc1,10,5,required\nc2,,,\nc3,7,1,excluded\n"
DISTANCES = "demand_id,candidate_id,distance\nd1,c1,4\nd1,c2,1.25\nd2,c2,0\nd3,c1,2\nd3,c3,1\nd2,c1,9\n"


@pytest.fixture
def tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)

    def write(demand: str = DEMAND, candidates: str = CANDIDATES, distances: str = DISTANCES) -> list[Path]:
        for name, text in (("demand", demand), ("candidates", candidates), ("distances", distances)):
            Path(f"{name}.csv").write_text(text, encoding="utf-8")
        return [Path(f"{name}.csv") for name in ("demand", "candidates", "distances")]

    return write


def run(*options: str, model: str = "p-median") -> int:
    tables = ["--demand", "demand.csv", "--candidates", "candidates.csv", "--distances", "distances.csv"]
    return cli.main(["reception", *tables, "--model", model, *options])


def test_defaults_and_order(tables) -> None:
    network, inputs = read_network(*tables())
    assert network.weight.tolist() == [2, 3, 1.5]
    assert network.load.tolist() == [1, 3, 4]
    assert network.capacity.tolist() == [10, np.inf, 7]
    assert network.fixed_cost.tolist() == [5, 0, 1]
    assert network.required.tolist() == [True, False, False]
    assert network.allowed.tolist() == [True, True, False]
    assert network.candidate.tolist() == [1, 0, 1, 0, 0]  # nearest first, no pair with an excluded point
    assert [each.path for each in inputs] == ["demand.csv", "candidates.csv", "distances.csv"]


def test_columns_that_may_be_missing(tables) -> None:
    paths = tables(
        "weight,demand_id\n1,a\n", "candidate_id\nb\n", "distance,candidate_id,demand_id\n7.5,b,a\n"
    )
    network, _ = read_network(*paths)
    assert (network.load.tolist(), network.capacity.tolist()) == ([1], [np.inf])
    assert network.distance.tolist() == [7.5]


FAULTS = {
    "a demand twice": ({"demand": DEMAND + "d1,1,1\n"}, "E124 demand.csv:5"),
    "a candidate twice": ({"candidates": CANDIDATES + "c2,1,1,\n"}, "E124 candidates.csv:5"),
    "a pair twice": ({"distances": DISTANCES + "d1,c1,4\n"}, "E124 distances.csv:8"),
    "an unknown demand": ({"distances": DISTANCES + "d9,c1,4\n"}, "E901 distances.csv:8 demand_id"),
    "an unknown candidate": ({"distances": DISTANCES + "d1,c9,4\n"}, "E901 distances.csv:8 candidate_id"),
    "NaN as weight": ({"demand": DEMAND.replace("d1,2", "d1,NaN")}, "E120 demand.csv:2 weight"),
    "NaN as distance": ({"distances": DISTANCES.replace("c1,4", "c1,nan")}, "E120 distances.csv:2 distance"),
    "infinite distance": (
        {"distances": DISTANCES.replace("c1,4", "c1,inf")},
        "E120 distances.csv:2 distance",
    ),
    "no distance": ({"distances": DISTANCES.replace("c1,4", "c1,")}, "E114 distances.csv:2 distance"),
    "negative weight": ({"demand": DEMAND.replace("d1,2", "d1,-2")}, "E121 demand.csv:2 weight"),
    "negative load": ({"demand": DEMAND.replace("d1,2,1", "d1,2,-1")}, "E121 demand.csv:2 load"),
    "negative distance": ({"distances": DISTANCES.replace("c1,4", "c1,-4")}, "E121 distances.csv:2 distance"),
    "negative capacity": (
        {"candidates": CANDIDATES.replace("c1,10", "c1,-1")},
        "E121 candidates.csv:2 capacity",
    ),
    "text as distance": ({"distances": DISTANCES.replace("c1,4", "c1,far")}, "E117 distances.csv:2 distance"),
    "text as weight": ({"demand": DEMAND.replace("d1,2", "d1,two")}, "E117 demand.csv:2 weight"),
    "decimal comma": ({"distances": DISTANCES.replace("c1,4", 'c1,"4,5"')}, "E115 distances.csv:2 distance"),
    "unknown use": ({"candidates": CANDIDATES.replace("required", "must")}, "E125 candidates.csv:2 use"),
    "a demand without pair": ({"demand": DEMAND + "d4,1,1\n"}, "E904 demand.csv:5"),
    "only an excluded candidate": ({"distances": DISTANCES.replace("d3,c1,2\n", "")}, "E904 demand.csv:4"),
    "a column missing": ({"distances": DISTANCES.replace("distance", "metres")}, "E108 distances.csv:1"),
    "a short row": ({"distances": DISTANCES + "d1,c1\n"}, "E110 distances.csv:8"),
    "an empty file": ({"distances": ""}, "E105 distances.csv"),
    "only a header": ({"distances": "demand_id,candidate_id,distance\n"}, "E106 distances.csv"),
    "semicolons": ({"demand": DEMAND.replace(",", ";")}, "E107 demand.csv:1"),
    "another encoding": ({"distances": DISTANCES + "d1,c\u00ed,4\n"}, "E901 distances.csv:8"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_a_table_is_named(tables, capsys, fault: str) -> None:
    changed, expected = FAULTS[fault]
    tables(**changed)
    assert run("--p", "2") == 3
    printed = capsys.readouterr()
    assert printed.out == ""
    assert expected in printed.err
    assert printed.err.count("\n") == 1, "one fault, one message"


def test_every_fault_at_once(tables) -> None:
    paths = tables(DEMAND + "d1,x,\n", CANDIDATES + ",1,1,\n", DISTANCES + "d1,c1,-1\nd1,c2,NaN\n")
    with pytest.raises(InputError) as caught:
        read_network(*paths)
    codes = [problem.code for problem in caught.value.problems]
    assert {"E124", "E117", "E114", "E121", "E120"} <= set(codes)


QUESTIONS = {
    "p larger than the candidates": (["--p", "3"], {}, 3, "E902"),
    "p smaller than the required": (
        ["--p", "1"],
        {"candidates": CANDIDATES.replace("c2,,,", "c2,,,required")},
        3,
        "E903",
    ),
    "a load no candidate holds": (["--p", "1"], {"demand": DEMAND.replace("4\n", "11\n")}, 3, "E905"),
    "capacities too small in all": (
        ["--p", "1"],
        {"candidates": CANDIDATES.replace("c1,10", "c1,7")},
        3,
        "E906",
    ),
    "limit out of reach": (["--p", "2", "--limit", "1"], {}, 4, "E911"),
    "no pack": (
        ["--p", "2"],
        {
            "demand": "demand_id,weight,load\nd1,1,3\nd2,1,3\nd3,1,3\n",
            "candidates": "candidate_id,capacity\nc1,5\nc2,5\n",
            "distances": "demand_id,candidate_id,distance\n"
            + "".join(f"d{i},c{j},1\n" for i in (1, 2, 3) for j in (1, 2)),
        },
        4,
        "E910",
    ),
    "p points that do not reach everyone": (
        ["--p", "1"],
        {
            "demand": "demand_id,weight\nd1,1\nd2,1\n",
            "candidates": "candidate_id\nc1\nc2\n",
            "distances": "demand_id,candidate_id,distance\nd1,c1,1\nd2,c2,1\n",
        },
        4,
        "E909",
    ),
}


@pytest.mark.solver
@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("lang", ["en", "vi"])
def test_a_question_without_answer(tables, capsys, name: str, lang: str) -> None:
    options, changed, status, code = QUESTIONS[name]
    tables(**changed)
    assert run(*options, "--lang", lang) == status
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(code)
    assert "{" not in printed.err


@pytest.mark.solver
def test_json_and_files(tables, capsys, tmp_path: Path) -> None:
    tables()
    assert run("--p", "2", "--json", "-o", "out") == 0
    facts = json.loads(capsys.readouterr().out)
    assert list(facts) == ["model", "status", "objective", "bound", "gap", "seconds", "open", "assignment"]
    assert facts["objective"] == facts["bound"] == 5.5
    assert facts["open"] == ["c1", "c2"]
    assert facts["assignment"] == {"d1": "c2", "d2": "c2", "d3": "c1"}
    assert sorted(path.name for path in Path("out").iterdir()) == [
        "assignment.csv",
        "location.json",
        "open.csv",
    ]
    lines = Path("out/assignment.csv").read_text().splitlines()
    assert lines == [
        "demand_id,candidate_id,distance,weight,load",
        "d1,c2,1.25,2.0,1.0",
        "d2,c2,0.0,3.0,3.0",
        "d3,c1,2.0,1.5,4.0",
    ]
    assert run("--p", "2", "-o", "out") == 0  # our own folder is replaced
    Path("other").mkdir()
    Path("other/mine.txt").write_text("mine")
    assert run("--p", "2", "-o", "other") == 3
    assert Path("other/mine.txt").exists()


@pytest.mark.solver
def test_text_in_both_languages(tables, capsys) -> None:
    tables()
    assert run(model="fixed-charge") == 0
    assert "proven optimal" in capsys.readouterr().out
    assert run("--lang", "vi", model="fixed-charge") == 0
    assert "đã chứng minh tối ưu" in capsys.readouterr().out


@pytest.mark.solver
def test_what_is_easily_overlooked_is_said(tables, capsys) -> None:
    tables(candidates="candidate_id,capacity\nc1,5\nc2,4\nc3,4\n")
    assert run("--p", "2") == 0
    assert "capacities of the table are kept" in capsys.readouterr().out
    assert run(model="fixed-charge") == 0
    assert "opening points costs nothing" in capsys.readouterr().out


def test_a_gap_that_was_asked_for_is_not_called_optimal(tables) -> None:
    network, _ = read_network(*tables())
    found = Location("p-median", "optimal", 1005.0, 996.0, 0.009, 1.0, ["c1"], {})
    assert "(proven to the gap asked for; bound 996, gap 0.9000%)" in location_text(found, network, "en")
    assert "proven optimal" not in location_text(found, network, "en")


@pytest.mark.parametrize(
    "options",
    [
        ["reception"],
        ["reception", "hanoi-2025", "--demand", "demand.csv"],
        ["reception", "--demand", "demand.csv", "--model", "lscp"],
    ],
)
def test_what_the_command_line_needs(options: list[str], capsys) -> None:
    assert cli.main(options) == 2
    assert "--demand" in capsys.readouterr().err


def test_p_and_limit_are_asked_for(tables, capsys) -> None:
    tables()
    assert run() == 2
    assert run(model="lscp") == 2
    assert run("--p", "1", model="mclp") == 2
    assert run("--p", "0") == 2


@pytest.mark.slow
def test_a_million_rows_are_read(tmp_path: Path) -> None:
    n = 1000
    rng = np.random.default_rng(1)
    far = rng.integers(0, 100_000, (n, n))
    (tmp_path / "demand.csv").write_text("demand_id,weight\n" + "".join(f"d{i},1\n" for i in range(n)))
    (tmp_path / "candidates.csv").write_text("candidate_id\n" + "".join(f"c{i}\n" for i in range(n)))
    rows = [f"d{i},c{j},{far[i, j] / 8}\n" for i in range(n) for j in range(n)]
    (tmp_path / "distances.csv").write_text("demand_id,candidate_id,distance\n" + "".join(rows))
    network, _ = read_network(*(tmp_path / f"{name}.csv" for name in ("demand", "candidates", "distances")))
    assert len(network.candidate) == n * n
    assert network.distance[:2].tolist() == sorted(far[0] / 8)[:2]
