"""The audit passes a small plan with a reception network and fails every tampered copy, each named by the fault."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.audit import format_report
from planner.audit.network_measures import UNITS
from planner.errors import InputError
from tests.network_example import SCENARIO, Example, add_input
from tests.test_audit import ROOT, A, C, Copy, M, P, by, codes, drop, new_project, put, solve

N, K, V = "points.csv", "catchments.csv", "network_prices.csv"


@pytest.fixture(scope="session")
def network_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = new_project(tmp_path_factory.mktemp("network") / "project", five=SCENARIO)
    folder = solve(project, "five")
    add_input(project)
    Example(project, folder, hands_over=True).write()
    Example(project, folder / "today", hands_over=False).write()
    return project


@pytest.fixture
def copy(network_project: Path, tmp_path: Path) -> Copy:
    shutil.copytree(network_project, tmp_path / "project")
    return Copy(tmp_path / "project")


def test_an_untouched_plan_passes(copy: Copy) -> None:
    report = copy.audit()
    assert report.ok, format_report(report)
    assert report.facts["plan"]["other_settings"] == ["network.allowed"]
    assert report.facts["plan"]["least_vnd"] is None
    assert report.facts["today"]["least_vnd"] == report.facts["today"]["objective_vnd"]


def test_rows_may_stand_in_any_order(copy: Copy) -> None:
    for file in (A, P, C, M, N, K):
        copy.write(file, copy.rows(file)[::-1])
    report = copy.audit(with_search=False)
    assert report.ok, format_report(report)


def network(key: str, value: object) -> Callable[[Copy], object]:
    return lambda copy: copy.setting(f"network.{key}", value)


def no_bridge(copy: Copy) -> None:
    """Take the bridge away, and list the table as it is now."""
    path = copy.project / "data" / "norms" / "bridges.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    relist(copy, path)


def relist(copy: Copy, path: Path) -> None:
    def edit(facts: dict) -> None:
        for entry in facts["inputs"]:
            if entry["path"].endswith(path.name):
                entry["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()

    copy.plan_json(edit)
    copy.plan_json(edit, "today")


def travel(copy: Copy) -> None:
    """Name a table of road metres that says otherwise of one pair."""
    text = "demand_id,point_id,road_m\n10213-10210,CP-2,1\n"
    (copy.project / "travel.csv").write_text(text, encoding="utf-8")
    copy.setting("network.travel", "travel.csv")
    copy.setting("network.travel", "travel.csv", "today")


HANDED = {"point_id": "ward-10210"}
FROM = {"demand_id": "10213-10210", "year": "2026"}

TAMPERINGS: dict[str, tuple[str, Callable[[Copy], object]]] = {
    "a row of points missing": ("E512", lambda c: c.change(N, drop, point_id="ward-00352", year="2026")),
    "a row of points twice": ("E513", lambda c: c.repeat(N, point_id="CP-2", year="2028")),
    "a point of an excluded row": ("E514", lambda c: c.add(N, point_id="CP-9", year="2026", kind="city")),
    "a city's point closed before the hand-over": (
        "E516",
        lambda c: c.change(N, put(status="closed"), point_id="CP-2", year="2025"),
    ),
    "a point in a year that starts no stage": ("E514", lambda c: c.add(N, year="2027")),
    "a ward's point with other counters": ("E515", lambda c: c.change(N, by("counters", 1), **HANDED)),
    "more capacity than counters give": ("E515", lambda c: c.change(N, by("capacity_files", 1), **HANDED)),
    "a load too small": ("E515", lambda c: c.change(N, by("load_files", -1), point_id="CP-2", year="2026")),
    "a counter too few": ("E515", lambda c: c.change(N, by("counters_needed", -1), point_id="CP-2")),
    "people left out": ("E515", lambda c: c.change(N, by("people", -1), point_id="ward-00352")),
    "a point moved": ("E515", lambda c: c.change(N, put(lat="20.9"), point_id="CP-1")),
    "a point on another site": ("E515", lambda c: c.change(N, put(site_id="HC-10225"), **HANDED)),
    "a city's point renamed": ("E515", lambda c: c.change(N, put(name="Điểm"), point_id="CP-1")),
    "a ward's point called a city's": ("E515", lambda c: c.change(N, put(kind="city"), **HANDED)),
    "own after the hand-over": ("E516", lambda c: c.change(N, put(status="own"), **HANDED, year="2026")),
    "a ward's point closed like a city's": (
        "E516",
        lambda c: c.change(N, put(status="closed"), **HANDED, year="2026"),
    ),
    "a point open again": ("E517", lambda c: c.change(N, put(status="kept"), **HANDED, year="2028")),
    "a city's point open again": (
        "E517",
        lambda c: (
            c.change(N, put(status="closed"), point_id="CP-1", year="2026"),
            c.change(N, put(status="kept"), point_id="CP-1", year="2028"),
        ),
    ),
    "too few points": ("E518", lambda c: c.setting("rules.points_min", 5)),
    "too few people near": ("E519", network("share_min", 1)),
    "a reception after the hand-over": (
        "E522",
        lambda c: c.change(A, put(part="reception", body="reception"), ward_code="10210", part="front"),
    ),
    "a reception missing before the hand-over": (
        "E520",
        lambda c: c.change(A, drop, ward_code="00316", part="reception", year="2027"),
    ),
    "no release": (
        "E543",
        lambda c: c.change(P, put(status="in_use", route=""), site_id="HC-10213", year="2026"),
    ),
    "a release too early": (
        "E543",
        lambda c: c.change(P, put(status="released", route="public_use"), site_id="HC-10213", year="2025"),
    ),
    "a catchment missing": ("E581", lambda c: c.change(K, drop, **FROM)),
    "a catchment twice": ("E582", lambda c: c.repeat(K, **FROM)),
    "people of no demand point": ("E583", lambda c: c.add(K, demand_id="1-10210")),
    "people in a year that starts no stage": ("E583", lambda c: c.add(K, year="2027")),
    "a metre too few": ("E584", lambda c: c.change(K, by("road_m", -1), **FROM)),
    "a minute too few": ("E584", lambda c: c.change(K, put(minutes="1.0"), **FROM)),
    "a file too few": ("E584", lambda c: c.change(K, by("files", -1), **FROM)),
    "a trip too few": ("E584", lambda c: c.change(K, by("trips", -2), **FROM)),
    "a person too few": ("E584", lambda c: c.change(K, by("people", -1), **FROM)),
    "another old unit": ("E584", lambda c: c.change(K, put(commune_code="10186"), **FROM)),
    "metres over the river without the bridge": (
        "E584",
        lambda c: c.input("data/norms/bridges.csv", "20.89,", "20.95,"),
    ),
    "a table of metres that says otherwise": ("E584", travel),
    "served by a closed point": ("E585", lambda c: c.change(K, put(point_id="ward-10210"), **FROM)),
    "served by no point": ("E585", lambda c: c.change(K, put(point_id=""), **FROM)),
    "served by another unit before the hand-over": (
        "E585",
        lambda c: c.change(K, put(point_id="ward-00352"), demand_id="10213-10210", year="2025"),
    ),
    "too far": ("E586", network("max_minutes", 5)),
    "no way": ("E586", no_bridge),
    "more files than a point takes": ("E587", lambda c: c.change(K, put(point_id="CP-1"), year="2026")),
    "a required point handed over": ("E588", network("required", ["ward-10210"])),
    "a required point of the city closed": ("E588", network("required", ["CP-1"])),
    "an excluded point open": ("E589", network("excluded", ["ward-00352"])),
    "an excluded point handed over later": ("E589", network("excluded", ["ward-00316"])),
    "a required site freed": ("E598", lambda c: c.setting("rules.required", ["HC-10213"])),
    "trips a dong too cheap": (
        "E553",
        lambda c: c.change(C, by("vnd", -1), item="citizen_travel", ward_code="10210", year="2027"),
    ),
    "a point a dong too cheap": (
        "E553",
        lambda c: c.change(C, by("vnd", -1), item="points", ward_code="00352", year="2028"),
    ),
    "a city's point a dong too cheap": (
        "E553",
        lambda c: c.change(C, by("vnd", -1), item="city_points", ward_code="00328", year="2026"),
    ),
    "a hand-over without moves": (
        "E550",
        lambda c: c.change(C, drop, item="moves", ward_code="10210", year="2026"),
    ),
    "a point that costs after it was handed over": (
        "E552",
        lambda c: c.add(C, item="points", ward_code="10210", year="2026", vnd="1"),
    ),
    "trips of staff to a reception that is gone": (
        "E552",
        lambda c: c.add(C, item="staff_travel", ward_code="10210", year="2026", vnd="1"),
    ),
    "points under another heading": ("E554", lambda c: c.change(C, put(heading="social"), item="points")),
    "a measure missing": ("E560", lambda c: c.change(M, drop, measure="counters_end")),
    "a measure of the network for a unit": (
        "E562",
        lambda c: c.add(M, ward_code="10210", measure="counters_end", value="1", unit="counters"),
    ),
    "a wrong year of the hand-over": (
        "E563",
        lambda c: c.change(M, put(value="2027"), measure="handed_over_year", ward_code="10210"),
    ),
    "a wrong share": ("E563", lambda c: c.change(M, put(value="1"), measure="within_15_end")),
    "a wrong unit": ("E564", lambda c: c.change(M, put(unit="km"), measure="reception_travel_mean_end")),
    "premises of a year": ("E568", lambda c: c.change("years.csv", by("premises", 1), year="2027")),
    "other online shares today": (
        "E580",
        lambda c: c.setting("network.online_by_year", {"2027": 0.8}, "today"),
    ),
    "a limit of the network": ("E577", lambda c: c.plan_json(lambda facts: facts["limits"].pop())),
    "a table that is not listed": (
        "E511",
        lambda c: c.plan_json(lambda facts: facts["inputs"].pop()),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_tampered_copy_fails(copy: Copy, name: str) -> None:
    code, tamper = TAMPERINGS[name]
    tamper(copy)
    found = codes(copy.audit(with_search=False))
    assert code in found


@pytest.mark.parametrize("key", ["hand_over_years"])
@pytest.mark.parametrize("value", [[2025, 2028], [2028, 2026], [2026, 2026], [2029], ["2026"], 2026])
def test_hand_over_years_stand_in_order_within_the_horizon(copy: Copy, key: str, value: object) -> None:
    copy.setting(f"network.{key}", value)
    with pytest.raises(InputError, match="E504"):
        copy.audit(with_search=False)


@pytest.mark.parametrize("file", [N, K, V])
@pytest.mark.parametrize("folder", ["", "today"])
def test_a_result_with_a_network_has_its_tables(copy: Copy, file: str, folder: str) -> None:
    (copy.folder / folder / file).unlink()
    with pytest.raises(InputError, match="E501"):
        copy.audit(with_search=False)


def test_a_wrong_cell_is_the_only_finding(copy: Copy) -> None:
    copy.change(K, by("road_m", 1), **FROM)
    [finding] = copy.audit(with_search=False).findings
    assert (finding.code, finding.file, finding.ward) == ("E584", K, "10210")
    assert finding.item == "2026 10213-10210 road_m"
    assert int(finding.found) == int(finding.expected) + 1


def test_people_of_an_unknown_point_spoil_nothing_else(copy: Copy) -> None:
    """Costs that follow from their way cannot be recomputed and are left alone; the loads of points can."""
    copy.change(K, put(point_id="CP-7"), **FROM)
    findings = copy.audit(with_search=False).findings
    assert {finding.code for finding in findings} == {"E585", "E515"}


def test_hand_over_may_not_leave_too_few_seats(copy: Copy) -> None:
    path = copy.project / "data" / "geo" / "sites.csv"
    text = path.read_text(encoding="utf-8").splitlines()
    lines = [line.replace(",200,2800", ",10,2800") if line.startswith("HC-10225") else line for line in text]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    relist(copy, path)
    assert "E599" in codes(copy.audit(with_search=False))


def test_missing_tables_of_the_network_are_no_rule(copy: Copy) -> None:
    """Without banks all points are on one bank."""
    for name in ("banks.csv", "bridges.csv"):
        (copy.project / "data" / "norms" / name).unlink()

    def edit(facts: dict) -> None:
        facts["inputs"] = [
            e for e in facts["inputs"] if "banks" not in e["path"] and "bridges" not in e["path"]
        ]

    copy.plan_json(edit)
    copy.plan_json(edit, "today")
    found = [finding for finding in copy.audit(with_search=False).findings if finding.code == "E584"]
    assert found
    assert all(int(f.expected) < int(f.found) for f in found if f.item.endswith("road_m"))


def test_every_measure_of_the_network_is_documented() -> None:
    text = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
    for measure, unit in UNITS.items():
        assert f"| `{measure}` | {unit} |" in text


def test_findings_of_a_network_are_told_in_json(copy: Copy) -> None:
    copy.change(N, put(status="kept"), **HANDED, year="2028")
    whole = json.loads(copy.audit(with_search=False).to_json())
    assert any(finding["what"] == "the point was closed before" for finding in whole["findings"])
