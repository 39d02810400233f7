"""Settings over time: maps of years and names, parcels for centres, what is swept; read back as they were written."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from planner.check import READ_BY_CHECK, check, check_scenario, read_inputs
from planner.errors import InputError, Problem, ProblemList
from planner.region import PARCELS, read_region
from planner.scenario import Scenario, keys, read_scenario
from planner.settings import LARGEST, MISSING, Key, ValueReader
from planner.sweep import read_sweep
from planner.sweep.axes import NOT_SWEPT, SHORT
from planner.template import _DESCRIBED, _SECTION_NOTES, _value, new_scenario
from planner.wording import in_language
from planner.yamlfile import parse_yaml

PARCEL_ROWS = (Path(__file__).parent / "data" / "region5" / "parcels.csv").read_text(encoding="utf-8")
CENTRES = "extends: hanoi-2025\ncentres:\n  allowed: true\n  parcels: data/parcels.csv\n"
MAPS = [key for key, leaf in keys().items() if leaf.is_map()]


def write(project: Path, text: str, name: str = "x") -> str:
    (project / "scenarios" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return name


def with_parcels(project: Path, text: str = PARCEL_ROWS, scenario: str = CENTRES) -> str:
    (project / "data" / "parcels.csv").write_text(text, encoding="utf-8")
    return write(project, scenario)


def problems_of(project: Path, name: str = "x") -> list[Problem]:
    with pytest.raises(InputError) as caught:
        read_inputs(name, project)
    found = caught.value.problems
    checked = [one for one in check([name], project) if not one.code.startswith("E4")]
    assert set(told(checked)) == set(told(found))
    return found


def told(found: list[Problem]) -> list[tuple[str, str]]:
    return [(one.code, one.where) for one in found]


# --- maps of years and names ----------------------------------------------------------------------------------------


def test_maps_are_read_with_units(project: Path) -> None:
    """Years are numbers, amounts carry their units, names keep their accents, and each entry knows its line."""
    write(
        project,
        "extends: _base\ncentres: {allowed: true}\nrules:\n  surplus_min: {2028: 3 }\n  surplus_m2_min:\n"
        "    '2028': 3_000 m2\n  centres_min_by_district: {Quận Hoàng Mai: 1, Huyện Thường Tín: 0}\n"
        "budget:\n  by_year_vnd:\n    2027: 1.5 tỷ\n    2028: 200 triệu đồng\n",
    )
    scenario, _, _ = read_inputs("x", project)
    assert scenario.rules.surplus_min == {2028: 3}
    assert scenario.rules.surplus_m2_min == {2028: 3000}
    assert scenario.rules.centres_min_by_district == {"Quận Hoàng Mai": 1, "Huyện Thường Tín": 0}
    assert scenario.budget.by_year_vnd == {2027: 1_500_000_000, 2028: 200_000_000}
    assert scenario.origins["budget.by_year_vnd"] == "scenarios/x.yaml:9"
    assert set(scenario.origins) <= {*keys(), "geo", "norms"}


def test_a_map_is_one_value(project: Path) -> None:
    """The map of a child replaces that of its parent; an empty one empties it; null does too."""
    write(project, "extends: _base\nbudget:\n  by_year_vnd: {2026: 1, 2027: 2}\n", "a")
    for name, text, expected in (
        ("b", "{2028: 3}", {2028: 3}),
        ("c", "{}", {}),
        ("d", "null", {}),
        ("e", "", {}),
    ):
        write(project, f"extends: a\nbudget:\n  by_year_vnd: {text}\n", name)
        assert read_scenario(name, project).budget.by_year_vnd == expected


def test_every_fault_of_a_map_at_once(project: Path) -> None:
    """Each bad entry is told at its line, and nothing is said of a budget that could not be read."""
    write(
        project,
        "extends: _base\nbudget:\n  by_year_vnd:\n    2026: 200,5 tỷ\n    next year: 5\n    2027: -1\n"
        "    2028: 3 km\n    2028: 4\n    2029: yes\n  carry_over: true\n  recycle_income: true\n"
        "rules:\n  centres_min_by_district: {Ba Đình: x}\n",
    )
    where = "scenarios/x.yaml"
    found = problems_of(project)
    assert sorted(told(found)) == [
        ("E205", f"{where}:8"),
        ("E206", f"{where}:13 rules.centres_min_by_district.Ba Đình"),
        ("E206", f"{where}:9 budget.by_year_vnd.2029"),
        ("E207", f"{where}:6 budget.by_year_vnd.2027"),
        ("E208", f"{where}:4 budget.by_year_vnd.2026"),
        ("E215", f"{where}:7 budget.by_year_vnd.2028"),
        ("E227", f"{where}:5 budget.by_year_vnd.next year"),
    ]
    assert all(in_language(one, "vi").what != one.what for one in found)
    (other,) = [in_language(one, "vi") for one in found if one.code == "E227"]
    assert "{2027: số, 2028: số}" in other.fix


def test_fault_in_a_map_of_a_parent(project: Path) -> None:
    """An entry of the parent is told in the parent's file, and districts of a good map with a bad neighbour too."""
    write(project, "extends: _base\nrules:\n  surplus_min:\n    2028: 3\n    2040: 4\n", "parent")
    write(project, "extends: parent\nrules:\n  hall: maybe\n")
    assert told(problems_of(project)) == [
        ("E209", "scenarios/x.yaml:3 rules.hall"),
        ("E228", "scenarios/parent.yaml:5 rules.surplus_min.2040"),
    ]


def test_a_long_name_keeps_the_place_readable(project: Path) -> None:
    """A name of any length or kind does not push the file out of the place."""
    write(project, f"extends: _base\nrules:\n  centres_min_by_district: {{? '{'x' * 900}' : 0}}\n")
    (found,) = problems_of(project)
    assert found.code == "E229"
    assert found.where.startswith("scenarios/x.yaml:3 rules.centres_min_by_district.xxx")
    assert len(str(found)) < 400


HOSTILE = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["2027", "2_027", "27", "٢٠٢٧", "2027.0", "~", "null", "-1", "1e3", "true", "Ba Đình", "5 tỷ", "<<"]
    ),
    st.integers(-(10**20), 10**20).map(str),
)


@given(st.sampled_from(MAPS), st.lists(st.tuples(HOSTILE, HOSTILE), max_size=5), st.booleans())
@example("budget.by_year_vnd", [("2027", "9" * 16 + " tỷ")], False)
@example("rules.surplus_min", [("２０２７", "1")], True)
def test_any_map_is_read_or_refused(key: str, entries: list[tuple[str, str]], quoted: bool) -> None:
    """Any texts as keys and values give numbers within bounds, or problems at their line; never an exception."""
    one = ["'" + text.replace("'", "''") + "'" if quoted else text for pair in entries for text in pair]
    body = "\n".join(f"{name}: {value}" for name, value in zip(one[::2], one[1::2], strict=True)) or "{}"
    problems = ProblemList()
    tree = parse_yaml(body, "x.yaml", problems)
    if tree is None:
        assert problems.problems
        return
    leaf = keys()[key]
    found = ValueReader(f"x.yaml:1 {key}", "VND", problems, "x.yaml").read(leaf, tree)
    if found is MISSING:
        assert problems.problems
        assert all(str(in_language(fault, "vi")).isprintable() for fault in problems.problems)
        assert all(fault.where.startswith("x.yaml:") for fault in problems.problems)
        return
    assert isinstance(found, dict)
    assert all(0 <= value <= LARGEST for value in found.values())
    kind = int if "district" not in key else str
    assert all(type(name) is kind for name in found)


NAMES = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=("C", "Z", "M"))
    | st.sampled_from(" ,:'\"{}[]#-"),
    min_size=1,
    max_size=20,
)


@given(
    st.one_of(
        st.dictionaries(st.integers(2000, 2999), st.integers(0, LARGEST), max_size=6),
        st.dictionaries(NAMES, st.integers(0, LARGEST), max_size=6),
    )
)
@example({"Yes, no": 1, "null": 2, " a ": 3, "2027": 4, "~": 5, "- x": 6, "a: b": 7})
def test_maps_round_trip(numbers: dict[int | str, int]) -> None:
    """What the template writes of a map is what is read back."""
    kind = dict[int, int] if all(isinstance(name, int) for name in numbers) else dict[str, int]
    leaf = Key("x", kind, None, None, above=False)
    problems = ProblemList()
    tree = parse_yaml(_value(numbers, "VND"), "x", problems)
    assert tree is not None
    assert [fault for fault in problems.problems if fault.code != "E222"] == []
    assert ValueReader("x", "VND", problems).read(leaf, tree) == numbers


@given(
    surplus=st.dictionaries(st.integers(2025, 2029), st.integers(0, 10**6), max_size=5),
    yearly=st.none() | st.integers(0, 10**15),
    single=st.dictionaries(st.integers(2025, 2029), st.integers(0, 10**15), max_size=5),
    first=st.none() | st.integers(2025, 2029),
    districts=st.dictionaries(st.sampled_from(["Quận Hoàng Mai", "Huyện Thường Tín"]), st.integers(0, 3)),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
def test_saved_settings_read_back(
    root: Path,
    surplus: dict[int, int],
    yearly: int | None,
    single: dict[int, int],
    first: int | None,
    districts: dict[str, int],
) -> None:
    """plan.json holds settings as JSON, where years are texts: they come back as numbers, and all is equal."""
    base = read_scenario("hanoi-centres", root)
    rules = {"surplus_min": surplus, "surplus_m2_min": surplus, "centres_min_by_district": districts}
    budget = {"yearly_vnd": yearly, "from_year": first, "by_year_vnd": single}
    scenario = base.model_copy(
        update={"rules": base.rules.model_copy(update=rules), "budget": base.budget.model_copy(update=budget)}
    )
    text = json.dumps(scenario.model_dump(mode="json", by_alias=True))
    again = Scenario.model_validate(json.loads(text))
    assert again == scenario
    for years in (again.rules.surplus_min, again.rules.surplus_m2_min, again.budget.by_year_vnd):
        assert all(type(year) is int for year in years)
    assert json.dumps(again.model_dump(mode="json", by_alias=True)) == text


# --- what fits together ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "rules: {departments_max: 30}",
        "budget: {by_year_vnd: {2026: 1 tỷ, 2028: 2 tỷ}}",
        "budget: {by_year_vnd: {2027: 1 tỷ, 2028: 2 tỷ, 2029: 3 tỷ}, carry_over: true}",
        "budget: {yearly_vnd: 1 tỷ, carry_over: true, recycle_income: true}",
        "budget: {yearly_vnd: 1 tỷ, from_year: 2028, by_year_vnd: {2027: 2 tỷ}, carry_over: true}",
        "budget: {carry_over: true}",
        "budget: {by_year_vnd: {2029: 0}, recycle_income: true}",
        "horizon: {years: 1}\nbudget: {yearly_vnd: 1 tỷ, carry_over: true, recycle_income: true}",
        "arrangement: today\ncentres: {allowed: true}",
        "arrangement: today\ncentres: {allowed: true}\nrules: {centres_min: 3}\nhorizon: {years: 2}",
        "centres: {allowed: true}\nhorizon: {years: 2}",
        "centres: {allowed: true}\nrules: {centres_min: 2, centres_min_by_district: {Quận Hoàng Mai: 1}}",
        "rules: {centres_min: 0, centres_min_phuong: null, centres_min_by_district: {Quận Hoàng Mai: 0}}",
        "rules: {shared: [HD-009 00352, HD-009 00352, HD-009 00316]}",
        "rules: {surplus_min: {2025: 0, 2029: 99}}",
    ],
)
def test_what_is_no_fault(project: Path, text: str) -> None:
    """Settings that are merely of no use, or just possible, pass."""
    write(project, f"extends: _base\n{text}\n")
    scenario, region, _ = read_inputs("x", project)
    assert check(["x"], project) == []
    assert check_scenario(scenario, region) == []


def test_a_pair_named_twice_is_one(project: Path) -> None:
    """As in the other lists, a name that stands twice counts once."""
    write(project, "extends: _base\nrules: {shared: [HD-009 00352, HD-009 00352]}\n")
    assert read_scenario("x", project).rules.shared == ("HD-009 00352",)


def test_an_excluded_office_that_is_required_again(project: Path) -> None:
    """A site that the table excludes cannot be shared unless the scenario requires it."""
    path = project / "data" / "geo" / "sites.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    for row in rows:
        row["use"] = "excluded" if row["site_id"] == "HD-009" else row["use"]
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")
    write(project, "extends: _base\nrules: {shared: [HD-009 00352]}\n")
    assert told(problems_of(project)) == [("E241", "scenarios/x.yaml:2 rules.shared")]
    write(project, "extends: _base\nrules: {shared: [HD-009 00352], required: [HD-009]}\n")
    assert check(["x"], project) == []


def test_a_broken_table_brings_no_unknown_names(project: Path) -> None:
    """Where a row of the units is broken, neither its district nor its code is called unknown."""
    path = project / "data" / "geo" / "wards.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("10210,", "10210,x,", 1), encoding="utf-8")
    write(
        project,
        "extends: _base\nrules: {centres_min_by_district: {Huyện Thường Tín: 0}, shared: [HD-009 10210]}\n",
    )
    assert [found.code for found in problems_of(project)] == ["E110"]


def test_the_keys_that_are_read_exist() -> None:
    """The lists of keys in check and sweep name keys of scenarios."""
    assert set(READ_BY_CHECK) <= set(keys())
    assert {*SHORT.values(), *NOT_SWEPT} <= set(keys())


# --- parcels --------------------------------------------------------------------------------------------------------


def test_parcels(project: Path) -> None:
    """A good file becomes the parcels of the region, in order, and one of the inputs."""
    with_parcels(project)
    scenario, region, _ = read_inputs("x", project)
    assert list(region.parcels.index) == ["KD-01", "KD-02"]
    assert region.parcels["land_area_m2"].tolist() == [6200, 9000]
    assert region.parcels["land_vnd_per_m2"].isna().tolist() == [True, False]
    assert "data/parcels.csv" in [found.path for found in region.inputs]
    assert scenario.parcels_file == project / "data" / "parcels.csv"
    assert check(["x"], project) == []
    again = Scenario.model_validate(scenario.model_dump(mode="json", by_alias=True))
    assert again == scenario
    assert read_region(project / "data" / "geo", project / again.centres.parcels).parcels.equals(
        region.parcels
    )


def test_parcels_beside_the_scenario(project: Path) -> None:
    """A file beside the scenario that names it is meant before one of the project, also from a child."""
    with_parcels(project)
    (project / "mine" / "data").mkdir(parents=True)
    first = "".join(PARCEL_ROWS.splitlines(keepends=True)[:2])
    (project / "mine" / "data" / "parcels.csv").write_text(first, encoding="utf-8")
    (project / "mine" / "parent.yaml").write_text(CENTRES, encoding="utf-8")
    write(project, "extends: mine/parent.yaml\n", "child")
    for name in (project / "mine" / "parent.yaml", "child"):
        scenario, region, _ = read_inputs(name, project)
        assert scenario.centres.parcels == "mine/data/parcels.csv"
        assert list(region.parcels.index) == ["KD-02"]


def test_each_scenario_is_checked_with_its_own_parcels(project: Path) -> None:
    """Of two scenarios over one region, the parcels of each are read."""
    with_parcels(project)
    (project / "data" / "bad.csv").write_text(PARCEL_ROWS.replace("6200", "0"), encoding="utf-8")
    write(project, CENTRES.replace("parcels.csv", "bad.csv"), "y")
    assert told(check((), project)) == [("E121", "data/bad.csv:3 land_area_m2")]
    assert check(["x"], project) == []


@pytest.mark.parametrize(
    ("old", "new", "code", "place", "words"),
    [
        ("00328", "00329", "E301", ":3 ward_code", "Did you mean 00328?"),
        ("00328", "328", "E122", ":3 ward_code", "00328"),
        ("00328", "", "E114", ":3 ward_code", ""),
        ("6200", "", "E114", ":3 land_area_m2", ""),
        ("6200", "0", "E121", ":3 land_area_m2", "1 … 10000000"),
        ("6200", "6.200", "E116", ":3 land_area_m2", "6200"),
        ("4500000", "-1", "E121", ":2 land_vnd_per_m2", "0 … "),
        ("4500000", "4.5 triệu", "E117", ":2 land_vnd_per_m2", "4.5 triệu"),
        ("KD-02", "KD-01", "E302", ":3 parcel_id", "row 2"),
        ("KD-02", "HC-00328", "E330", ":2 parcel_id", "data/geo/sites.csv"),
        ("KD-02", "centre-10210", "E325", ":2 parcel_id", "centre-10210"),
        ("KD-02", "KD 02", "E123", ":2 parcel_id", "KD 02"),
        ("20.8812,105.8902", "105.8902,20.8812", "E314", ":2 lat", "swapped"),
        ("20.8812,105.8902", "20.9995,105.805", "E309", ":2 lat", "KD-02"),
        ("20.8812,105.8902", "21.5,105.2", "E308", ":2 lat", "KD-02"),
        ("estimated,example\nKD-01", "guessed,example\nKD-01", "E125", ":2 status", "guessed"),
        ("land_area_m2,", "land_area,", "E108", ":1", "land_area"),
    ],
)
def test_bad_parcels(project: Path, old: str, new: str, code: str, place: str, words: str) -> None:
    """Rows of parcels are reported as those of other tables are, by check and by what solves."""
    assert old in PARCEL_ROWS
    with_parcels(project, PARCEL_ROWS.replace(old, new, 1))
    (found,) = problems_of(project)
    assert (found.code, found.where) == (code, f"data/parcels.csv{place}")
    assert words in str(found)
    assert in_language(found, "vi").what != found.what


def test_a_parcel_named_twice_beside_an_unreadable_unit(project: Path) -> None:
    with_parcels(project, PARCEL_ROWS.replace("KD-02", "KD-01").replace("00328", "328"))
    found = problems_of(project)
    assert {problem.code for problem in found} == {"E122", "E124"}
    assert not any("nan" in str(problem) for problem in found)


def test_parcels_without_the_price(project: Path) -> None:
    """The column of own prices may be missing."""
    rows = [row for row in csv.reader(io.StringIO(PARCEL_ROWS))]
    at = rows[0].index("land_vnd_per_m2")
    with_parcels(project, "\n".join(",".join(row[:at] + row[at + 1 :]) for row in rows) + "\n")
    _, region, _ = read_inputs("x", project)
    assert region.parcels["land_vnd_per_m2"].isna().all()
    assert {column.name for column in PARCELS} == {"parcel_id", *region.parcels.columns}


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ("data/parcel.csv", "E244"),
        ("data", "E244"),
        ("/etc/passwd", "E245"),
        ("../../parcels.csv", "E245"),
        ("data/../../../x.csv", "E245"),
        ("../parcels.csv", "E244"),
        ('"a\\0b"', "E222"),
        ("x" * 190, "E244"),
        ("''", "E206"),
        ("[data/parcels.csv]", "E206"),
    ],
)
def test_parcels_that_are_no_file(project: Path, named: str, code: str) -> None:
    """What leads nowhere or out of the project is told at the line that names it, with a file that is near."""
    with_parcels(project, scenario=f"extends: hanoi-2025\ncentres:\n  parcels: {named}\n")
    found = problems_of(project)
    assert found[0].code == code
    assert all(one.where.startswith("scenarios/x.yaml:3") for one in found)
    assert named != "data/parcel.csv" or "Did you mean data/parcels.csv?" in found[0].fix


@given(st.text(max_size=30))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
def test_any_name_of_parcels(project: Path, text: str) -> None:
    """Any text as the name of the file is found or told, never an exception."""
    quoted = "'" + text.replace("'", "''") + "'"
    path = project / "scenarios" / "x.yaml"
    path.write_bytes(f"extends: _base\ncentres:\n  parcels: {quoted}\n".encode("utf-8", "surrogatepass"))
    assert all(str(found).isprintable() for found in check(["x"], project))


# --- further departments --------------------------------------------------------------------------------------------


def edit_parts(project: Path, **extra: str | None) -> None:
    path = project / "data" / "norms" / "parts.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    kept = [{**row, "extra": extra.get(row["part"], row["extra"])} for row in rows]
    kept = [row for row in kept if row["extra"] is not None]
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(kept)
    path.write_text(text.getvalue(), encoding="utf-8")


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ({"department_4": "2"}, [("E331", ":6 extra"), ("E331", ":6 extra")]),
        ({"department_5": "1"}, [("E331", ":7 extra"), ("E331", ":7 extra")]),
        ({"department_4": "0", "department_5": "1"}, []),
        ({"department_4": "", "department_5": "1"}, []),
        ({"department_5": "3"}, [("E121", ":7 extra")]),
        ({"front": "1", "department_4": "0", "department_5": "0"}, [("E332", ":8 extra")]),
    ],
)
def test_numbers_of_further_departments(
    project: Path, extra: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    """Further departments are the first and the second, each once."""
    edit_parts(project, **extra)
    found = [
        (one.code, one.where.removeprefix("data/norms/parts.csv")) for one in check(["hanoi-2025"], project)
    ]
    assert found == expected


def test_more_departments_than_the_norms_name(project: Path) -> None:
    """A unit may not get departments that have no posts."""
    edit_parts(project, department_5="0")
    write(project, "extends: _base\ndepartments:\n  open: true\n  extra_max: 2\n")
    found = problems_of(project)
    assert told(found) == [("E246", "scenarios/x.yaml:4 departments.extra_max")] * 2
    write(project, "extends: _base\ndepartments:\n  open: true\n  extra_max: 1\n")
    assert check(["x"], project) == []


# --- a new scenario -------------------------------------------------------------------------------------------------


def test_a_new_scenario_reads_back(project: Path) -> None:
    """Every key of a scenario with maps, pairs and parcels, uncommented, reads as its parent does."""
    with_parcels(
        project,
        scenario=CENTRES
        + "horizon: {years: 12}\nrules:\n  shared: [HD-009 00352]\n  surplus_min: {2028: 1, 2036: 2}\n"
        "  centres_min_by_district: {Quận Hoàng Mai: 1}\nbudget:\n  by_year_vnd: {2030: 1.5 tỷ}\n",
    )
    path = new_scenario("copy", "x", project)
    lines = path.read_text(encoding="utf-8").splitlines()
    named = {key.rpartition(".")[2] for key in keys()}
    for at, line in enumerate(lines):
        indent, mark, rest = line.partition("# ")
        if mark and not indent.strip() and rest.partition(":")[0] in named:
            lines[at] = indent + rest
    path.write_text("\n".join(lines), encoding="utf-8")
    parent, again = read_scenario("x", project), read_scenario("copy", project)
    assert again.model_copy(update={"name": "x"}) == parent
    own = {key for key, origin in again.origins.items() if origin.startswith("scenarios/copy.yaml")}
    assert own >= set(keys()) - {"schema"}


def test_every_key_is_described(project: Path, root: Path) -> None:
    """A new scenario says of every key what it is, from the settings table or in its own words."""
    table = csv.DictReader(io.StringIO((root / "data/norms/settings.csv").read_text(encoding="utf-8")))
    rows = {row["key"] for row in table}
    assert set(keys()) - {"schema", "title_vi", "title_en"} == rows | set(_DESCRIBED)
    assert not rows & set(_DESCRIBED)
    assert {key.partition(".")[0] for key in keys() if "." in key} == set(_SECTION_NOTES)
    assert all(" / " in text for text in _DESCRIBED.values())


# --- sweeps ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "key", "values"),
    [
        ("budget=100 tỷ..500 tỷ/50 tỷ", "budget.yearly_vnd", tuple(n * 10**9 for n in range(100, 501, 50))),
        ("budget=null,1.5 tỷ", "budget.yearly_vnd", (None, 1_500_000_000)),
        ("budget.yearly_vnd=0..20 tỷ/10 tỷ", "budget.yearly_vnd", (0, 10 * 10**9, 20 * 10**9)),
        ("budget.from_year=null,2026..2028", "budget.from_year", (None, 2026, 2027, 2028)),
        ("budget.carry_over=true,false", "budget.carry_over", (True, False)),
        ("centres=false,true", "centres.allowed", (False, True)),
        ("departments=false,true", "departments.open", (False, True)),
        ("release=lease,priority", "release.route", ("lease", "priority")),
        ("rules.departments_max=null,20..22", "rules.departments_max", (None, 20, 21, 22)),
        ("rules.surplus_min=1", "", ()),
        ("rules.shared=[],[HD-009 00352]", "rules.shared", ((), ("HD-009 00352",))),
        ("horizon.price_growth=0%,3%", "horizon.price_growth", (0.0, 0.03)),
    ],
)
def test_swept(project: Path, spec: str, key: str, values: tuple[object, ...]) -> None:
    """Sections stand for their obvious key; keys that may be null are swept like others."""
    if not key:
        with pytest.raises(InputError, match="E235"):
            read_sweep("hanoi-2025", [spec])
        return
    (axis,) = read_sweep("hanoi-2025", [spec]).axes
    assert (axis.key, axis.values) == (key, values)


@pytest.mark.parametrize(
    ("spec", "code", "words"),
    [
        ("budget=500 tỷ..100 tỷ", "E231", "500 tỷ..100 tỷ"),
        ("budget=100..500 tỷ", "E233", "100..500 tỷ"),
        ("budget=5 km", "E215", "--over budget.yearly_vnd"),
        ("budget.by_year_vnd={2027: 5},{}", "E235", "budget.yearly_vnd"),
        ("rules.centres_min_by_district={}", "E235", "extending this one"),
        ("rules.surplus_m2_min=1..3", "E235", "rules.surplus_m2_min"),
        ("centres.parcels=a.csv,b.csv", "E234", "centres.parcels"),
        ("budget.from_year=2026,2035", "E228", "--over budget.from_year"),
        ("rules.centres_min=null,0,1", "E242", "--over rules.centres_min"),
        ("rules.shared=[HD-009 00367]", "E240", "--over rules.shared"),
    ],
)
def test_not_swept(project: Path, spec: str, code: str, words: str) -> None:
    """Maps and files are not swept, and what is swept fits together at every point."""
    with pytest.raises(InputError) as caught:
        read_sweep("hanoi-2025", [spec])
    assert {found.code for found in caught.value.problems} == {code}
    assert words in str(caught.value)
    assert all(in_language(found, "vi").what != found.what for found in caught.value.problems)


def test_a_sweep_of_two_names_of_one_key(project: Path) -> None:
    """A key and its short name are the same key."""
    with pytest.raises(InputError, match="E234"):
        read_sweep("hanoi-2025", ["budget=1 tỷ", "budget.yearly_vnd=2 tỷ"])


def test_points_that_clash_are_told(project: Path) -> None:
    """Each point is checked with all of its values: only one of four has a hole in its budget."""
    write(project, "extends: hanoi-2025\nbudget: {by_year_vnd: {2026: 1 tỷ}}\n")
    assert len(read_sweep("x", ["budget=1 tỷ,2 tỷ", "budget.carry_over=true,false"]).points) == 4
    with pytest.raises(InputError) as caught:
        read_sweep("x", ["budget=null,2 tỷ", "budget.carry_over=true,false"])
    assert told(caught.value.problems) == [("E236", "--over budget.carry_over")]
