"""Bad scenarios: the files of ``tests/bad/scenarios`` are named by their fault, ``scenarios.tsv`` says what is told."""

import os
import shutil
import unicodedata
from pathlib import Path

import pytest

from planner.check import check, read_inputs
from planner.errors import InputError, Problem
from planner.scenario import Scenario, read_scenario
from planner.template import new_scenario
from planner.wording import in_language

ROOT = Path(__file__).resolve().parent.parent
BAD = ROOT / "tests" / "bad"


def cases() -> list[list[str]]:
    lines = (BAD / "scenarios.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines[1:]]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of five units with the real base scenario and norms."""
    (tmp_path / "scenarios").mkdir()
    for name in ("_base.yaml", "today.yaml", "hanoi-2025.yaml"):
        shutil.copy(ROOT / "scenarios" / name, tmp_path / "scenarios")
    shutil.copytree(ROOT / "tests" / "data" / "region5", tmp_path / "data" / "geo")
    shutil.copytree(ROOT / "data" / "norms", tmp_path / "data" / "norms")
    return tmp_path


def problems_of(name: str, project: Path) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        read_inputs(name, project)
    return caught.value.problems


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def write(project: Path, text: str, name: str = "x") -> str:
    (project / "scenarios" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return name


def test_every_bad_file_is_listed() -> None:
    """No bad file lies about untested."""
    assert {case[0] for case in cases()} == {path.stem for path in (BAD / "scenarios").glob("*.yaml")}


@pytest.mark.parametrize(("name", "place", "names", "allows"), cases(), ids=[case[0] for case in cases()])
def test_bad_scenario(project: Path, name: str, place: str, names: str, allows: str) -> None:
    """Code, file and line, key, value and what is allowed are told, in both languages."""
    shutil.copy(BAD / "scenarios" / f"{name}.yaml", project / "scenarios")
    problems = problems_of(name, project)
    code, _, rest = place.partition(":")
    if " " in code:
        code, _, rest = code.partition(" ")
        where = f"scenarios/{name}.yaml {rest}"
    else:
        where = f"scenarios/{name}.yaml:{rest}"
    hits = [found for found in problems if found.code == code and found.where.startswith(where)]
    assert hits, "\n".join(map(str, problems))
    assert any(names in nfc(found.what) and allows in str(found) for found in hits), str(hits[0])
    if name != "no-parent":
        assert len(problems) == 1, "\n".join(map(str, problems))
    for found in problems:
        assert len(str(found)) < 400
        other = in_language(found, "vi")
        assert other.what != found.what
        assert "Did you mean" not in str(other)


def test_required_site_of_the_design(project: Path) -> None:
    """The message reads as the design has it."""
    write(project, "extends: _base\nrules:\n  required: [HC-00329]\n", "merged")
    assert [str(found) for found in problems_of("merged", project)] == [
        'E203 scenarios/merged.yaml:3 rules.required: no site "HC-00329". Did you mean HC-00328? '
        "Sites are in data/geo/sites.csv."
    ]


def test_sites_are_checked_in_a_scenario_with_other_faults(project: Path) -> None:
    """A misspelt key does not hide a site that does not exist."""
    write(
        project,
        "extends: _base\nrules:\n  max_site: 2\n  required: [HC-00329]\nspace:\n  tight_m2_per_person: 13,5\n",
    )
    assert {(found.code, found.where) for found in problems_of("x", project)} == {
        ("E204", "scenarios/x.yaml:3 rules.max_site"),
        ("E203", "scenarios/x.yaml:4 rules.required"),
        ("E208", "scenarios/x.yaml:6 space.tight_m2_per_person"),
    }
    assert {found.code for found in check(["x"], project)} == {"E204", "E203", "E208"}


def test_a_site_whose_row_is_broken_is_not_called_unknown(project: Path) -> None:
    """A row that could not be read is told; that its site is missing then says nothing more."""
    write(project, "extends: _base\nrules:\n  required: [HC-00328]\n")
    path = project / "data" / "geo" / "sites.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("HC-00328,", "HC-00328,x,", 1), encoding="utf-8")
    assert [found.code for found in problems_of("x", project)] == ["E110"]


def test_unknown_scenario(project: Path) -> None:
    """An unknown name brings the nearest one."""
    (found,) = problems_of("hanoi-2026", project)
    assert (found.code, found.where) == ("E201", "scenarios")
    assert "Did you mean hanoi-2025?" in found.fix
    assert "Ý bạn là hanoi-2025?" in in_language(found, "vi").fix


@pytest.mark.parametrize("name", ["", "a\nb", "x" * 5000, "\x00", "*", "..", "con"])
def test_hostile_names(project: Path, name: str) -> None:
    """A name that is no name is told in one short line."""
    (found,) = problems_of(name, project)
    assert found.code == "E201"
    assert len(str(found)) < 400
    assert "\n" not in str(found)


@pytest.mark.parametrize("path", ["nowhere/x.yaml", "x/../y.yml", "a\x00b.yaml", "x" * 5000 + ".yaml", "./"])
def test_hostile_paths(project: Path, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path that leads nowhere is told, whatever it is made of."""
    monkeypatch.chdir(project)
    problems = problems_of(path, project)
    assert {found.code for found in problems} <= {"E101", "E102", "E218"}
    assert all("\n" not in str(found) and len(str(found)) < 700 for found in problems)


def test_path_from_the_current_folder(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path counts from the current folder, parents from the project."""
    (project / "mine").mkdir()
    (project / "mine" / "my.yml").write_text("extends: _base\ntitle_vi: Thử\n", encoding="utf-8")
    monkeypatch.chdir(project / "mine")
    scenario = read_scenario("./my.yml")
    assert (scenario.name, scenario.title_vi) == ("my", "Thử")
    assert scenario.origins["title_vi"] == "mine/my.yml:2"
    assert scenario.geo_folder == project / "data" / "geo"
    assert read_scenario("my.yml") == scenario


def test_folder_beside_the_scenario(project: Path) -> None:
    """A data folder that lies beside the scenario file is meant before one of the project."""
    shutil.copytree(project / "data" / "geo", project / "mine" / "geo5")
    (project / "mine" / "my.yaml").write_text("extends: _base\ngeo: geo5\n", encoding="utf-8")
    scenario = read_scenario(project / "mine" / "my.yaml")
    assert scenario.geo == "mine/geo5"
    assert scenario.geo_folder == project / "mine" / "geo5"


def test_extends_in_a_circle(project: Path) -> None:
    """Three files in a circle are named in order, in the file that closes it."""
    for name, parent in (("a", "b"), ("b", "c"), ("c", "a")):
        write(project, f"extends: {parent}\n", name)
    (found,) = problems_of("a", project)
    assert (found.code, found.where) == ("E211", "scenarios/c.yaml:1 extends")
    assert "a > b > c > a" in found.what


def test_problem_in_the_parent(project: Path) -> None:
    """A fault of the parent is told at the parent's line, also when the child sets the key well."""
    write(project, "extends: _base\nrules:\n  max_sites: many\n", "parent")
    write(project, "extends: parent\nrules:\n  max_sites: 2\n", "child")
    (found,) = problems_of("child", project)
    assert found.where == "scenarios/parent.yaml:3 rules.max_sites"


def test_chain_merges_maps_and_replaces_lists(project: Path) -> None:
    """Of two files that set keys of one section both count, the later wins; lists replace."""
    write(project, "extends: _base\nrules:\n  max_sites: 2\n  required: [HC-00328]\n", "parent")
    write(project, "extends: parent\nrules:\n  required: [HC-00334]\n  hall: off\nspace:\n", "child")
    scenario, _, _ = read_inputs("child", project)
    assert scenario.rules.max_sites == 2
    assert scenario.rules.required == ("HC-00334",)
    assert scenario.rules.hall == "off"
    assert scenario.origins["rules.max_sites"] == "scenarios/parent.yaml:3"
    assert scenario.origins["rules.required"] == "scenarios/child.yaml:3"
    assert scenario.origins["horizon.years"] == "data/norms/settings.csv"
    assert [found.path for found in scenario.inputs] == [
        "scenarios/child.yaml",
        "scenarios/parent.yaml",
        "scenarios/_base.yaml",
    ]


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("horizon.discount_rate", "8%", 0.08),
        ("horizon.discount_rate", "0.08", 0.08),
        ("horizon.discount_rate", "7.5 %", 0.075),
        ("horizon.years", "5 years", 5),
        ("horizon.years", "5 năm", 5),
        ("space.tight_m2_per_person", "13.5 m2", 13.5),
        ("space.tight_m2_per_person", "13.5 m²", 13.5),
        ("reception.minutes_per_file", "20 phút", 20.0),
        ("reception.minutes_per_file", "20m", 20.0),
        ("reception.online_share", "59.71%", 0.5971),
        ("prices.site_fixed_vnd_year", "471_000_000", 471_000_000),
        ("prices.site_fixed_vnd_year", "471 triệu", 471_000_000),
        ("prices.site_fixed_vnd_year", "0.471 tỷ", None),
        ("prices.site_fixed_vnd_year", "1.5 tỷ đồng", 1_500_000_000),
        ("prices.site_fixed_vnd_year", "0.4715 billion VND", 471_500_000),
        ("prices.vnd_per_km", "3000 đồng", 3000),
        ("prices.speed_kmh", "25 km/h", 25),
        ("rules.premises_max", "null", None),
        ("rules.premises_max", "232", 232),
        ("rules.capital_max_vnd", "50 tỷ", 50_000_000_000),
        ("rules.hall", "'off'", "off"),
        ("rules.hall", "off", "off"),
        ("rules.departments_apart", "False", False),
    ],
)
def test_values(project: Path, key: str, text: str, value: object) -> None:
    """Numbers carry their units."""
    section, name = key.split(".")
    write(project, f"extends: _base\n{section}:\n  {name}: {text}\n")
    if text == "0.471 tỷ":
        # Three digits behind a point with a unit of money could be thousands: asked, not guessed.
        assert problems_of("x", project)[0].code == "E208"
        return
    scenario = read_scenario("x", project)
    assert getattr(getattr(scenario, section), name) == value
    assert scenario.origins[key] == "scenarios/x.yaml:3"


def test_value_beyond_the_plausible_range_is_taken(project: Path) -> None:
    """Low and high of the settings table say what is plausible, not what is allowed."""
    write(project, "extends: _base\nspace:\n  tight_m2_per_person: 5\n")
    assert read_scenario("x", project).space.tight_m2_per_person == 5


def test_scenario_equality(project: Path) -> None:
    """Where a value comes from does not make two scenarios different; what it is does."""
    one = read_scenario("today", project)
    two = read_scenario("today", ROOT)
    assert one == Scenario.model_validate(one.model_dump(by_alias=True))
    assert hash(one) == hash(two)
    write(project, "extends: today\nhorizon:\n  years: 7\n", "other")
    assert read_scenario("other", project).model_copy(update={"name": "today"}) != one


def test_mark_and_windows_line_ends(project: Path) -> None:
    """Notepad saves UTF-8 with a byte-order mark and CR LF."""
    text = "extends: _base\r\nrules:\r\n  max_sites: 2\r\n"
    (project / "scenarios" / "x.yaml").write_bytes(b"\xef\xbb\xbf" + text.encode())
    scenario = read_scenario("x", project)
    assert (scenario.rules.max_sites, scenario.origins["rules.max_sites"]) == (2, "scenarios/x.yaml:3")


@pytest.mark.parametrize(
    ("data", "code", "where"),
    [
        ("title_vi: Tạm\n".encode("utf-16"), "E103", "scenarios/x.yaml:1"),
        (b"extends: _base\ntitle_vi: T\xe2\xcc\n", "E103", "scenarios/x.yaml:2"),
        (b"extends: _base\n# " + b"x" * 200_000, "E126", "scenarios/x.yaml"),
        (b"a: &a [x,x]\n" + b"b: [*a,*a]\n" * 50, "E213", "scenarios/x.yaml:1"),
        (b"[" * 50_000, "E214", "scenarios/x.yaml:1"),
        (b"{a: " * 20_000, "E214", "scenarios/x.yaml:1"),
        (b"- " * 40_000, "E214", "scenarios/x.yaml:1"),
        (b"extends: _base\ntitle_vi: \x00\n", "E202", "scenarios/x.yaml:2"),
    ],
    ids=["utf16", "cp1258", "huge", "billion-laughs", "brackets", "braces", "dashes", "nul"],
)
def test_hostile_files(project: Path, data: bytes, code: str, where: str) -> None:
    """Wrong encodings and bombs end in one short problem, soon."""
    (project / "scenarios" / "x.yaml").write_bytes(data)
    problems = problems_of("x", project)
    assert [(found.code, found.where) for found in problems] == [(code, where)]


def test_scenario_is_a_folder(project: Path) -> None:
    """A folder with the name of a scenario is told."""
    (project / "scenarios" / "x.yaml").mkdir()
    assert [(found.code, found.where) for found in problems_of("x", project)] == [
        ("E102", "scenarios/x.yaml")
    ]


def test_check_of_everything(project: Path) -> None:
    """`check` without names takes all scenarios of the project, and tells what is wrong with any."""
    assert check((), project) == []
    write(project, "extends: _base\nrules:\n  hall: maybe\n", "one")
    write(project, "extends: _base\nrules:\n  required: [X-1]\n", "two")
    assert [(found.code, found.where) for found in check((), project)] == [
        ("E209", "scenarios/one.yaml:3 rules.hall"),
        ("E203", "scenarios/two.yaml:3 rules.required"),
    ]
    assert [found.code for found in check(["two", "none"], project)] == ["E203", "E201"]


def test_shared_faults_are_told_once(project: Path) -> None:
    """A fault of data that three scenarios share is one problem."""
    path = project / "data" / "geo" / "sites.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",1950,", ",0,", 1), encoding="utf-8")
    assert [found.code for found in check((), project)] == ["E121"]


def test_check_of_the_real_project() -> None:
    """What ships is in order."""
    assert check((), ROOT) == []


def test_new_scenario_lists_every_key(project: Path) -> None:
    """The template reads as its parent does, as it is and with every key uncommented."""
    path = new_scenario("thu-1", "hanoi-2025", project)
    assert path == project / "scenarios" / "thu-1.yaml"
    parent = read_scenario("hanoi-2025", project)
    assert read_scenario("thu-1", project).model_copy(update={"name": parent.name}) == parent
    text = path.read_text(encoding="utf-8")
    keys = parent.model_dump(by_alias=True)
    lines = text.splitlines()
    for section, values in keys.items():
        if isinstance(values, dict):
            (start,) = [number for number, line in enumerate(lines) if line.startswith(f"{section}:")]
            for key in values:
                # Two sections have a key of this name: the first one below the section's own line is meant.
                at = next(at for at in range(start, len(lines)) if lines[at].startswith(f"  # {key}: "))
                lines[at] = lines[at].replace("# ", "", 1)
    path.write_text("\n".join(lines), encoding="utf-8")
    scenario = read_scenario("thu-1", project)
    assert scenario.model_copy(update={"name": parent.name}) == parent
    assert all("thu-1" in scenario.origins[f"prices.{key}"] for key in keys["prices"])


def test_new_scenario_overwrites_nothing(project: Path) -> None:
    """A name that is taken is refused, and the file stays."""
    before = (project / "scenarios" / "today.yaml").read_bytes()
    with pytest.raises(InputError, match=r"E217 scenarios/today.yaml"):
        new_scenario("today", "_base", project)
    assert (project / "scenarios" / "today.yaml").read_bytes() == before


@pytest.mark.parametrize("name", ["", "../x", "a b", "Hà Nội", "a/b", "x" * 99, "con", "_base", "x.yaml"])
def test_new_scenario_with_a_bad_name(project: Path, name: str) -> None:
    """Names that would leave the folder or trouble a file system are refused."""
    with pytest.raises(InputError, match="E218"):
        new_scenario(name, "_base", project)
    assert len(list((project / "scenarios").iterdir())) == 3


def test_new_scenario_of_a_bad_parent(project: Path) -> None:
    """A parent that does not exist is told, and nothing is written."""
    with pytest.raises(InputError, match=r"E201.*Did you mean hanoi-2025"):
        new_scenario("thu", "hanoi-2026", project)
    assert not (project / "scenarios" / "thu.yaml").exists()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_new_scenario_where_nobody_may_write(project: Path) -> None:
    """A folder without permission is told, not a traceback."""
    (project / "scenarios").chmod(0o500)
    with pytest.raises(InputError, match="E102"):
        new_scenario("thu", "_base", project)
