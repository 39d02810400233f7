"""The reception network of a scenario: against brute force, against the table interface, and what it says."""

import itertools
import json
import math
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

import cli
from planner.check import read_inputs
from planner.demand import counters_for, in_person_files
from planner.network.tables import minutes_of
from planner.reception.answer import Answer, answer
from planner.reception.question import Ground, metres_of, share_of_year, survey

pytestmark = pytest.mark.solver
CITY = (
    "point_id,ward_code,name,lat,lon,counters,use\n"
    "CP-1,00352,Điểm Phương Liệt,20.990,105.835,12,required\n"
    "CP-2,10210,Điểm Hồng Vân,20.880,105.889,,candidate\n"
    "CP-3,00367,Điểm bị loại,20.999,105.805,5,excluded\n"
)
SCENARIO = (
    "extends: hanoi-2025\ntitle_vi: Thử\ntitle_en: Trial\nhorizon:\n  years: 10\nrules:\n  points_min: 3\n"
    "network:\n  allowed: true\n  hand_over_years: [2027, 2029, 2032]\n"
    "  online_by_year: {{2027: 70%, 2029: 80%, 2032: 95%}}\n  point_vnd_year: {}\n"
)
KEYS = ["model", "status", "objective", "bound", "gap", "seconds", "open", "assignment"]


@pytest.fixture
def trial(project: Path) -> Path:
    (project / "data" / "geo" / "city_points.csv").write_text(CITY, encoding="utf-8")
    (project / "scenarios" / "trial.yaml").write_text(SCENARIO.format("300000000"), encoding="utf-8")
    return project


@pytest.fixture
def ground(trial: Path) -> Ground:
    return survey(*read_inputs("trial"))


def best_by_force(found: Answer, sizes=range(1, 9), limit: float = math.inf) -> float:
    """Return the least Σ fixed + Σ weight · metres over every set of points and every assignment."""
    points, metres = found.question.ground.points, found.question.ground.metres
    network = found.question.network
    must = set(np.flatnonzero(points["use"] == "required"))
    may = [j for j in range(len(points)) if points["use"][j] != "excluded"]
    best = math.inf
    for size in sizes:
        for chosen in itertools.combinations(may, size):
            if not must <= set(chosen):
                continue
            cost = np.where(metres[:, chosen] <= limit, metres[:, chosen] * network.weight[:, None], np.inf)
            fixed = float(points["fixed_cost"].to_numpy()[list(chosen)].sum())
            least = cost.min(axis=1)
            if fixed + least.sum() < best:
                capacity = points["capacity_files"].to_numpy()[list(chosen)].astype(float)
                best = min(best, fixed + _packed(cost, network.load, capacity, best - fixed))
    return best


def _packed(cost: np.ndarray, load: np.ndarray, capacity: np.ndarray, below: float) -> float:
    order = np.argsort(-load)
    rest = np.r_[np.cumsum(cost.min(axis=1)[order][::-1])[::-1], 0.0]
    best = below

    def go(place: int, left: np.ndarray, so_far: float) -> None:
        nonlocal best
        if so_far + rest[place] >= best - 1e-6:
            return
        if place == len(order):
            best = so_far
            return
        i = order[place]
        for j in np.argsort(cost[i]):
            if load[i] <= left[j] and cost[i, j] < np.inf:
                left[j] -= load[i]
                go(place + 1, left, so_far + cost[i, j])
                left[j] += load[i]

    go(0, capacity.copy(), 0.0)
    return best


@pytest.mark.parametrize("share", [0.6, 0.8, 0.95])
@pytest.mark.parametrize("vnd", ["300000000", "0", "20000000"])
def test_fixed_charge_is_best(trial: Path, share: float, vnd: str) -> None:
    (trial / "scenarios" / "trial.yaml").write_text(SCENARIO.format(vnd), encoding="utf-8")
    found = answer(survey(*read_inputs("trial")), "fixed-charge", share, 2030)
    assert found.location.objective <= best_by_force(found) * 1.001
    assert found.location.gap <= 1e-3
    summary = found.summary
    assert summary["points_vnd_year"] + summary["travel_vnd_year"] == pytest.approx(
        found.location.objective, rel=1e-6
    )


def test_points_and_counters(ground: Ground) -> None:
    points = ground.points.set_index("point_id")
    assert points.index.tolist()[-2:] == ["CP-1", "CP-2"]
    assert points.loc["CP-1", "use"] == "required"
    assert points.loc["CP-2", "counters"] == ground.scenario.network.city_point_counters
    found = answer(ground, "fixed-charge", 0.6, 2030)
    rows = found.points.set_index("point_id")
    for name, row in rows.iterrows():
        mine = found.catchments[found.catchments["point_id"] == name]
        assert row["load_files"] == mine["files"].sum() <= row["capacity_files"]
        needed = max(1, counters_for(int(row["load_files"]), ground.scenario))
        assert row["counters_needed"] == (needed if row["status"] == "kept" else 0)
    total = sum(in_person_files(int(n), ground.scenario, 0.6) for n in ground.region.wards["population"])
    assert total - len(found.catchments) <= found.summary["files_year"] <= total


def test_before_is_everybody_at_his_own_ward(ground: Ground) -> None:
    found = answer(ground, "fixed-charge", 0.95, 2030)
    rows = found.catchments
    assert (rows["before_point_id"] == "ward-" + rows["ward_code"]).all()
    before = found.summary["before"]
    mean = (rows["people"] * rows["before_road_m"]).sum() / rows["people"].sum() / 1000
    assert before["mean_km"] == pytest.approx(mean)
    assert before["farthest_minutes"] == rows["before_minutes"].max()
    assert (before["points_ward"], before["points_city"]) == (len(ground.region.wards), 2)


def test_minutes_become_metres(ground: Ground) -> None:
    speed = ground.scenario.prices.speed_kmh
    assert metres_of(15, speed) == 15 * speed * 1000 // 60
    found = answer(ground, "lscp", 0.8, 2030, limit=20)
    assert found.summary["farthest_minutes"] <= 20
    assert found.location.objective == len(found.location.open)


def test_mclp_leaves_out_who_is_not_covered(ground: Ground) -> None:
    found = answer(ground, "mclp", 0.8, 2030, p=1, limit=5)
    missing = found.catchments[found.catchments["point_id"] == ""]
    assert len(missing) == len(found.catchments) - len(found.location.assignment) > 0
    assert found.summary["people_not_served"] == missing["people"].sum()
    assert found.location.objective == found.catchments["people"].sum() - missing["people"].sum()


def test_p_centre_counts_metres(ground: Ground) -> None:
    found = answer(ground, "p-centre", 0.95, 2030, p=2)
    assert found.location.objective == found.catchments["road_m"].max()
    speed = ground.scenario.prices.speed_kmh
    assert found.summary["farthest_minutes"] == minutes_of(int(found.location.objective), speed)


def test_years(trial: Path) -> None:
    scenario = read_inputs("trial")[0]
    assert share_of_year(scenario, None) == (2034, 0.95)
    assert share_of_year(scenario, 2030) == (2030, 0.8)
    assert share_of_year(scenario, 2025) == (2025, scenario.reception.online_share)


@pytest.mark.parametrize("model", [["fixed-charge"], ["p-median", "--p", "3"], ["lscp", "--limit", "20"]])
def test_the_tables_give_the_same_objective(trial: Path, capsys, model: list[str]) -> None:
    options = ["--model", *model, "--gap", "0", "--json"]
    assert cli.main(["reception", "trial", "--online", "60%", "--online", "95%", "-o", "out", *options]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert [each["online_share"] for each in printed] == [0.6, 0.95]
    speed = read_inputs("trial")[0].prices.speed_kmh
    for each in printed:
        assert list(each) == [*KEYS, "online_share", "year", "summary"]
        folder = Path("out") / f"online-{each['online_share'] * 100:g}"
        tables = [
            text
            for name in ("demand", "candidates", "distances")
            for text in (f"--{name}", f"{folder}/{name}.csv")
        ]
        same = [*options]
        if "--limit" in same:
            same[same.index("--limit") + 1] = str(metres_of(20, speed))
        assert cli.main(["reception", *tables, *same]) == 0
        again = json.loads(capsys.readouterr().out)
        assert again["objective"] == each["objective"]
        assert again["status"] == each["status"]
        assert each["gap"] <= 1e-6


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_folder_is_whole(trial: Path, capsys, lang: str) -> None:
    arguments = ["reception", "trial", "--online", "60%", "--online", "59.71%", "-o", "out", "--lang", lang]
    assert cli.main(arguments) == 0
    text = capsys.readouterr().out
    assert ("Ward points kept" in text) == (lang == "en")
    assert ("Điểm của xã, phường giữ lại" in text) == (lang == "vi")
    assert "rules.points_min (3)" in text
    out = Path("out")
    assert sorted(path.name for path in out.iterdir()) == [
        "online-59.71", "online-60", "reception.json", "reception.xlsx", "summary.csv",
    ]  # fmt: skip
    assert sorted(path.name for path in (out / "online-60").iterdir()) == [
        "candidates.csv", "catchments.csv", "demand.csv", "distances.csv", "points.csv",
    ]  # fmt: skip
    heads = {
        "demand": "demand_id,weight,load",
        "candidates": "candidate_id,capacity,fixed_cost,use",
        "distances": "demand_id,candidate_id,distance",
    }
    for name, head in heads.items():
        assert (out / "online-60" / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0] == head
    assert pd.read_csv(out / "summary.csv")["online_share"].tolist() == [0.6, 0.5971]
    book = openpyxl.load_workbook(out / "reception.xlsx")
    assert book.sheetnames[0] == ("Figures" if lang == "en" else "Chỉ tiêu")
    assert cli.main(arguments) == 0  # our own folder is replaced
    (out / "reception.json").unlink()
    assert cli.main(arguments) == 3
    assert "E805" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "status", "code"),
    [
        (["nowhere"], 3, "E201"),
        (["trial", "--model", "p-median", "--p", "99"], 3, "E902"),
        (["trial", "--model", "lscp", "--limit", "0.1"], 4, "E911"),
        (["trial", "--p", "1", "--online", "10%"], 3, "E906"),
        (["trial", "--year", "2060"], 3, "E908"),
    ],
)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_messages(trial: Path, capsys, options: list[str], status: int, code: str, lang: str) -> None:
    assert cli.main(["reception", *options, "--lang", lang, "-o", "out"]) == status
    assert code in capsys.readouterr().err
    assert not Path("out").exists()


@pytest.mark.parametrize(
    "options",
    [
        ["trial", "--demand", "d.csv"],
        ["--online", "60%", "--demand", "a", "--candidates", "b", "--distances", "c", "--model", "lscp"],
        ["trial", "--model", "p-median"],
        ["trial", "--model", "mclp", "--p", "2"],
        ["trial", "--online", "160%"],
    ],
)
def test_usage(trial: Path, options: list[str]) -> None:
    assert cli.main(["reception", *options]) == 2


def test_nobody_within_the_minutes_of_the_scenario(trial: Path, capsys) -> None:
    with (trial / "scenarios" / "trial.yaml").open("a", encoding="utf-8") as file:
        file.write("  max_minutes: 1\n")
    assert cli.main(["reception", "trial"]) == 4
    assert "E913 trial: " in (text := capsys.readouterr().err)
    assert "network.max_minutes" in text


@pytest.mark.slow
def test_hanoi_nearly_all_online(root: Path) -> None:
    found = answer(survey(*read_inputs("hanoi-digital", root)), "fixed-charge", 0.95, 2034)
    assert found.location.status == "optimal"
    assert found.summary["points_ward"] + found.summary["handed_over"] == 126
    assert found.summary["points_city"] == 30
    assert len(found.catchments) == len(found.location.assignment)
