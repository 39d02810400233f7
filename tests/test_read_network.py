"""Points of the city, banks, bridges and given road metres: read, checked, named by their fault."""

import contextlib
import csv
import io
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from planner.check import check, read_inputs
from planner.errors import InputError, Problem, ProblemList
from planner.region import read_norms, read_region
from planner.scenario import Scenario, keys, read_scenario
from planner.settings import MISSING, ValueReader
from planner.wording import in_language
from planner.yamlfile import parse_yaml

POINTS = """point_id,ward_code,name,lat,lon,counters,use,branch
CP-2,00352,Điểm Hai,20.9968,105.829,11,candidate,7
CP-1,10210,Điểm Một,20.8731,105.897,,required,
"""
BANKS = "commune_code,bank,status,source\n"
BRIDGES = """bridge_id,name,river,bank_a,bank_b,lat,lon,status,source
B-1,Cầu Một,Sông,centre,west,20.95,105.85,estimated,x
"""
TRAVEL = "demand_id,point_id,road_m\n00316-00328,HC-00328,700\n00316-00328,CP-2,4200\n"
SCENARIO = "extends: hanoi-2025\nnetwork:\n  allowed: true\n  hand_over_years: [2027]\n"


@pytest.fixture
def project(project: Path) -> Path:
    """The small project with all four files, and a scenario that uses them."""
    geo, norms = project / "data" / "geo", project / "data" / "norms"
    demand = [line.split(",")[:2] for line in (geo / "commune_ward.csv").read_text().splitlines()[1:]]
    communes = dict.fromkeys(commune for commune, _ in demand)
    rows = "".join(f"{code},{'west' if code == '10210' else 'centre'},estimated,x\n" for code in communes)
    (geo / "city_points.csv").write_text(POINTS, encoding="utf-8")
    (norms / "banks.csv").write_text(BANKS + rows, encoding="utf-8")
    (norms / "bridges.csv").write_text(BRIDGES, encoding="utf-8")
    pair = "-".join(demand[0])
    (project / "data" / "travel.csv").write_text(TRAVEL.replace("00316-00328", pair), encoding="utf-8")
    (project / "scenarios" / "x.yaml").write_text(SCENARIO + "  travel: data/travel.csv\n", encoding="utf-8")
    return project


def problems_of(project: Path, name: str = "x") -> list[Problem]:
    with pytest.raises(InputError) as caught:
        read_inputs(name, project)
    found = caught.value.problems
    checked = [one for one in check([name], project) if not one.code.startswith("E4")]
    assert {(one.code, one.where) for one in checked} == {(one.code, one.where) for one in found}
    return found


def test_the_four_tables(project: Path) -> None:
    """Good files become tables in order, and inputs; a scenario saved with its file reads back."""
    scenario, region, norms = read_inputs("x", project)
    assert check(["x"], project) == []
    assert list(region.city_points.index) == ["CP-1", "CP-2"]
    assert region.city_points["counters"].isna().tolist() == [True, False]
    assert region.city_points["branch"].tolist()[1] == 7
    assert region.travel["road_m"].tolist() == [700, 4200]
    assert norms.banks.loc["10210", "bank"] == "west"
    assert list(norms.bridges.index) == ["B-1"]
    read = {found.path for found in (*region.inputs, *norms.inputs)}
    assert {"data/geo/city_points.csv", "data/travel.csv"} <= read
    assert {"data/norms/banks.csv", "data/norms/bridges.csv"} <= read
    assert scenario.travel_file == project / "data" / "travel.csv"
    again = Scenario.model_validate(scenario.model_dump(mode="json", by_alias=True))
    assert again == scenario


def test_folders_without_the_files(project: Path) -> None:
    """All four are optional: tables without rows, and no inputs."""
    for name in ("geo/city_points.csv", "norms/banks.csv", "norms/bridges.csv"):
        (project / "data" / name).unlink()
    region, norms = read_region(project / "data" / "geo"), read_norms(project / "data" / "norms")
    for table, columns in (
        (region.city_points, {"ward_code", "lat", "lon", "counters", "use"}),
        (region.travel, {"demand_id", "point_id", "road_m"}),
        (norms.banks, {"bank"}),
        (norms.bridges, {"bank_a", "bank_b", "lat", "lon"}),
    ):
        assert table.empty
        assert columns <= set(table.columns)
    read = [found.path for found in (*region.inputs, *norms.inputs)]
    assert not [path for path in read if path.endswith(("points.csv", "banks.csv", "bridges.csv"))]
    path = project / "scenarios" / "x.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    assert check(["x"], project) == []


FAULTS = [
    ("geo/city_points.csv", "CP-1,", "ward-00316,", "E333", ":3 point_id", "ward-00316"),
    ("geo/city_points.csv", "CP-1,", "Centre-00316,", "E333", ":3 point_id", "Centre-00316"),
    ("geo/city_points.csv", "CP-1,", "HC-00328,", "E334", ":3 point_id", "HC-00328"),
    ("geo/city_points.csv", "CP-1,", "CP-2,", "E302", ":3 point_id", "CP-2"),
    ("geo/city_points.csv", "CP-1,", "điểm 1,", "E123", ":3 point_id", "điểm 1"),
    ("geo/city_points.csv", "CP-1,", ",", "E114", ":3 point_id", ""),
    ("geo/city_points.csv", ",10210,", ",10211,", "E301", ":3 ward_code", "10211"),
    ("geo/city_points.csv", ",10210,", ",4,", "E301", ":3 ward_code", "4"),
    ("geo/city_points.csv", "20.8731,105.897", "105.897,20.8731", "E314", ":3 lat", "105.897"),
    ("geo/city_points.csv", "20.8731,105.897", "20.9968,105.829", "E309", ":3 lat", "CP-1"),
    ("geo/city_points.csv", ",11,", ",0,", "E121", ":2 counters", "0"),
    ("geo/city_points.csv", ",11,", ",7.5,", "E132", ":2 counters", "7.5"),
    ("geo/city_points.csv", ",required,", ",Required,", "E125", ":3 use", "Required"),
    ("geo/city_points.csv", "Điểm Một", "Điểm\u202eMột", "E111", ":3 name", "\\u{202e}"),
    ("geo/city_points.csv", "point_id,", "point,", "E108", ":1", "point_id"),
    ("geo/city_points.csv", POINTS, POINTS.splitlines()[0] + "\n", "E106", "", ""),
    ("norms/banks.csv", "10210,west", "10210,", "E114", "bank", ""),
    ("norms/banks.csv", "10210,west", "210,west", "E122", "commune_code", "210"),
    ("norms/banks.csv", "10210,west", "10211,west", "E337", "", "10210"),
    ("norms/banks.csv", "10210,west", "10210,east", "E338", ":2 bank_b", "west"),
    ("norms/banks.csv", "10210,west,estimated", "10210,west,guessed", "E125", "status", "guessed"),
    ("norms/bridges.csv", "centre,west", "west,west", "E339", ":2 bank_b", "west"),
    ("norms/bridges.csv", "centre,west", "center,west", "E338", ":2 bank_a", "center"),
    ("norms/bridges.csv", "20.95,", "2316000,", "E121", ":2 lat", "2316000"),
    ("norms/bridges.csv", "B-1,", "=1+1,", "E123", ":2 bridge_id", "=1+1"),
    ("travel.csv", ",HC-00328,", ",HC-00329,", "E336", ":2 point_id", "HC-00329"),
    ("travel.csv", ",CP-2,", ",CP-3,", "E336", ":3 point_id", "CP-3"),
    ("travel.csv", ",CP-2,", ",ward-00328,", "E336", ":3 point_id", "ward-00328"),
    ("travel.csv", ",CP-2,", ",HC-00328,", "E124", ":3 point_id", "HC-00328"),
    ("travel.csv", ",4200", ",-1", "E121", ":3 road_m", "-1"),
    ("travel.csv", ",4200", ",4.2", "E132", ":3 road_m", "4.2"),
    ("travel.csv", ",4200", ',"4,200"', "E116", ":3 road_m", "4,200"),
    ("travel.csv", ",4200", ",", "E114", ":3 road_m", ""),
]


@pytest.mark.parametrize(("file", "old", "new", "code", "place", "value"), FAULTS)
def test_faults(project: Path, file: str, old: str, new: str, code: str, place: str, value: str) -> None:
    """One fault, told once with file, row, column and value, in both languages."""
    path = project / "data" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = problems_of(project)
    hits = [one for one in found if one.code == code]
    assert hits, "\n".join(map(str, found))
    if code == "E338" and file == "norms/banks.csv":
        file = "norms/bridges.csv"
    assert hits[0].where.startswith(f"data/{file}")
    assert hits[0].where.endswith(place)
    assert value in hits[0].what
    others = {one.code for one in found} - {code}
    # A row that cannot be read takes its name away from the tables that use it, which is told there.
    assert others <= {"E114", "E337", "E338"}, "\n".join(map(str, found))
    for one in found:
        assert in_language(one, "vi").what != one.what
        assert str(one).isprintable()


def test_demand_without_people(project: Path) -> None:
    """Only places with people are places that citizens set out from; the nearest one is named."""
    path = project / "data" / "travel.csv"
    path.write_text("demand_id,point_id,road_m\n00316-10210,HC-00328,700\n", encoding="utf-8")
    (found,) = problems_of(project)
    assert (found.code, found.where) == ("E335", "data/travel.csv:2 demand_id")
    assert "commune_ward.csv" in found.fix


@pytest.mark.parametrize("name", ["banks.csv", "bridges.csv"])
def test_one_without_the_other(project: Path, name: str) -> None:
    """Banks without bridges cut a city in two: both or none."""
    (project / "data" / "norms" / name).unlink()
    (found,) = problems_of(project)
    assert (found.code, found.where) == ("E340", f"data/norms/{name}")


def test_banks_of_another_city(project: Path) -> None:
    """Old communes without a bank matter only where a network is planned; more banks than communes are no fault."""
    path = project / "data" / "norms" / "banks.csv"
    path.write_text(BANKS + "99999,west,estimated,x\n99998,centre,estimated,x\n", encoding="utf-8")
    (found,) = problems_of(project)
    assert found.code == "E337"
    assert check(["hanoi-2025"], project) == []


def test_a_folder_for_a_file(project: Path) -> None:
    """A folder of that name is told, not a traceback."""
    path = project / "data" / "geo" / "city_points.csv"
    path.unlink()
    path.mkdir()
    assert [(one.code, one.where) for one in problems_of(project)] == [("E102", "data/geo/city_points.csv")]


def test_points_of_the_table_and_of_the_scenario(project: Path) -> None:
    """A point that the table excludes cannot be required; one that it requires cannot be excluded."""
    path = project / "scenarios" / "x.yaml"
    table = project / "data" / "geo" / "city_points.csv"
    path.write_text(SCENARIO + "  required: [CP-2]\n", encoding="utf-8")
    assert check(["x"], project) == []
    table.write_text(POINTS.replace("candidate", "excluded"), encoding="utf-8")
    assert [one.code for one in problems_of(project)] == ["E251"]
    path.write_text(SCENARIO + "  excluded: [CP-1, ward-00316]\n", encoding="utf-8")
    assert [one.code for one in problems_of(project)] == ["E252"]
    # Five units and one point of the city are left; CP-2 is excluded by the table.
    path.write_text(SCENARIO + "rules: {points_min: 6}\n", encoding="utf-8")
    assert check(["x"], project) == []
    path.write_text(SCENARIO + "rules: {points_min: 7}\n", encoding="utf-8")
    assert [one.code for one in problems_of(project)] == ["E253"]


def test_a_broken_table_brings_no_unknown_points(project: Path) -> None:
    """Where a row of the points is broken, no point is called unknown, here or in the table of road metres."""
    path = project / "data" / "geo" / "city_points.csv"
    path.write_text(POINTS.replace("CP-2,", "CP-2,x,"), encoding="utf-8")
    scenario = project / "scenarios" / "x.yaml"
    scenario.write_text(scenario.read_text() + "  required: [CP-2]\n", encoding="utf-8")
    assert [one.code for one in problems_of(project)] == ["E110"]


# --- keys -----------------------------------------------------------------------------------------------------------


def test_keys_are_read(project: Path) -> None:
    """Years stand in a list, shares take a per cent sign, and each entry knows its line."""
    path = project / "scenarios" / "x.yaml"
    path.write_text(
        "extends: _base\nrules: {points_min: 3}\nnetwork:\n  allowed: true\n  hand_over_years: [2026, 2028, 2028]\n"
        "  online_by_year:\n    2026: 70%\n    2028: 0.8\n  max_minutes: 45 phút\n  share_min: 90%\n"
        "  required: [ward-00316, CP-1]\n  city_point_counters: 9\n  point_vnd_year: 200 triệu\n",
        encoding="utf-8",
    )
    scenario, _, _ = read_inputs("x", project)
    network = scenario.network
    assert network.hand_over_years == (2026, 2028)
    assert network.online_by_year == {2026: 0.7, 2028: 0.8}
    assert (network.max_minutes, network.share_min, network.share_minutes) == (45, 0.9, 30)
    assert network.required == ("ward-00316", "CP-1")
    assert (network.city_point_counters, network.point_vnd_year) == (9, 200_000_000)
    assert scenario.rules.points_min == 3
    assert scenario.origins["network.online_by_year"] == "scenarios/x.yaml:6"


@pytest.mark.parametrize(
    "text",
    [
        "network: {allowed: true}",
        "network: {allowed: true, online_by_year: {2025: 100%}}\nreception: {postal_share: 0%}",
        "network: {allowed: true, hand_over_years: [2029], share_min: 0%, share_minutes: 1}",
        "network: {allowed: true, hand_over_years: null, required: [], excluded: null}",
        "network: {allowed: true, online_by_year: {2027: 70%}}\narrangement: today",
        "network: {share_min: 0%, travel: data/travel.csv}\nrules: {points_min: 0}",
    ],
)
def test_what_is_no_fault(project: Path, text: str) -> None:
    """Settings that are merely of no use, or just possible, pass."""
    (project / "scenarios" / "x.yaml").write_text(f"extends: _base\n{text}\n", encoding="utf-8")
    assert check(["x"], project) == []


def test_every_fault_of_the_network_at_once(project: Path) -> None:
    """What clashes is told together, each at its line."""
    (project / "scenarios" / "x.yaml").write_text(
        "extends: _base\ncentres: {allowed: true}\nnetwork:\n  allowed: true\n  hand_over_years: [2028, 2027, 2035]\n"
        "  online_by_year: {2034: 99.9%}\n  required: [CP-9]\nrules: {points_min: 99}\n",
        encoding="utf-8",
    )
    assert sorted(
        (one.code, one.where.removeprefix("scenarios/x.yaml:")) for one in problems_of(project)
    ) == [
        ("E226", "6 network.online_by_year.2034"),
        ("E228", "5 network.hand_over_years"),
        ("E228", "6 network.online_by_year.2034"),
        ("E247", "4 network.allowed"),
        ("E249", "5 network.hand_over_years"),
        ("E250", "7 network.required"),
        ("E253", "8 rules.points_min"),
    ]


def test_scenarios_of_the_project(root: Path) -> None:
    """The digital scenario names years of its horizon and at most as many points as there are."""
    scenario, region, norms = read_inputs("hanoi-digital", root)
    assert scenario.network.hand_over_years == (2027, 2029, 2032)
    assert scenario.rules.points_min == 126
    assert len(region.city_points) == 30
    assert len(norms.banks) == 526
    assert read_scenario("hanoi-2025", root).network.allowed is False


@given(
    st.lists(
        st.one_of(
            st.text(max_size=8), st.integers(1990, 3100).map(str), st.sampled_from(["2_027", "٢٠٢٧", "~"])
        ),
        max_size=4,
    ),
    st.booleans(),
)
@example(["2027", "2027"], False)
def test_any_list_of_years(texts: list[str], quoted: bool) -> None:
    """Any texts in a list give years, or problems; never an exception."""
    body = ", ".join("'" + text.replace("'", "''") + "'" if quoted else text for text in texts)
    problems = ProblemList()
    tree = parse_yaml(f"[{body}]", "x.yaml", problems)
    if tree is None:
        assert problems.problems
        return
    found = ValueReader("x.yaml:1 k", "", problems, "x.yaml").read(keys()["network.hand_over_years"], tree)
    if found is MISSING:
        assert {one.code for one in problems.problems} & {"E206", "E227"}
        assert all(str(in_language(one, "vi")).isprintable() for one in problems.problems)
    else:
        assert isinstance(found, tuple)
        assert all(2000 <= year <= 2999 for year in found)
        assert len(set(found)) == len(found)


@given(st.binary(max_size=60), st.sampled_from(["geo/city_points.csv", "norms/banks.csv", "travel.csv"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
def test_any_bytes(project: Path, data: bytes, file: str) -> None:
    """Any bytes in one of the files are reported, never an exception."""
    copy = project / "data" / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    for name in ("geo", "norms"):
        shutil.copytree(project / "data" / name, copy / name)
    shutil.copy(project / "data" / "travel.csv", copy)
    path = copy / file
    path.write_bytes(path.read_bytes()[: 3 * len(data)] + data)
    for read in (
        lambda: read_region(copy / "geo", None, copy / "travel.csv"),
        lambda: read_norms(copy / "norms"),
    ):
        with contextlib.suppress(InputError):
            read()


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
def test_any_cells(project: Path, data: st.DataObject) -> None:
    """Broken cells in any of the four tables at once are reported, never an exception, whatever is then asked."""
    copy = project / "data" / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    for name in ("geo", "norms"):
        shutil.copytree(project / "data" / name, copy / name)
    shutil.copy(project / "data" / "travel.csv", copy)
    junk = st.text(max_size=5) | st.sampled_from(
        ["", "0", "-1", "00316", "HC-00328", "CP-1", "1e5", "NaN", "west"]
    )
    files = ["geo/city_points.csv", "norms/banks.csv", "norms/bridges.csv", "travel.csv"]
    for _ in range(data.draw(st.integers(1, 5))):
        path = copy / data.draw(st.sampled_from(files))
        rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8"), newline="")))
        row = data.draw(st.integers(0, len(rows) - 1))
        if rows[row]:
            rows[row][data.draw(st.integers(0, len(rows[row]) - 1))] = data.draw(junk)
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(rows)
        path.write_bytes(text.getvalue().encode("utf-8", "surrogatepass"))
    scenario = project / "scenarios" / "fuzz.yaml"
    scenario.write_text(
        "extends: x\ngeo: data/copy/geo\nnorms: data/copy/norms\nrules: {points_min: 3}\n"
        "network: {travel: data/copy/travel.csv, required: [CP-2], excluded: [ward-00316]}\n",
        encoding="utf-8",
    )
    assert all(str(in_language(one, "vi")).isprintable() for one in check(["fuzz"], project))
