"""Hostile text in every free cell of every input is inert in whatever comes out, and still there as it was typed."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pyogrio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.audit.tables import as_shown
from planner.csvtext import guarded, unguarded
from planner.layers.words import LAYERS
from planner.maps.words import clean
from planner.plan import Plan, load_plan
from tests.hostile.inputs import (
    CHECKED_KEYS,
    FREE_KEYS,
    ILLEGAL,
    LEGAL,
    SCENARIOS,
    STRUCTURED,
    TABLES,
    clean_project,
    free_columns,
    read,
    schemas,
    soil,
    soil_boundaries,
    text_keys,
    write,
)
from tests.test_cli import run

NAMES = tuple(SCENARIOS)
CALCULATED = re.compile(r"[\s]*[=+\-@＝＋－＠|%\t\r]")
A_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?")
NOT_SHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


@dataclass
class Made:
    """A project, what was typed into it, and what the command line printed."""

    folder: Path
    typed: dict[tuple[str, str], list[str]]
    printed: str

    def results(self, pattern: str) -> list[Path]:
        return sorted((self.folder / "results").rglob(pattern))


def printed_by(*commands: tuple[str, ...]) -> tuple[list[int], str]:
    """Run commands; return their exit statuses and everything that they printed."""
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        codes = [run(*command) for command in commands]
    return codes, out.getvalue()


@contextlib.contextmanager
def standing_in(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def make(folder: Path, texts: tuple[str, ...] | None, *, verbs: bool = True) -> Made:
    """Solve both scenarios of a project, clean or soiled, and run every verb that says what is in a plan."""
    clean_project(folder)
    typed = soil(folder, texts) if texts else {}
    results = [f"results/{name}" for name in NAMES]
    commands = [("check", *NAMES), ("solve", *NAMES)]
    if verbs:
        commands += [("report", result, "--format", "xlsx,html,docx") for result in results]
        commands += [
            ("audit", results[0]), ("audit", results[1]), ("compare", "xay", "mang", "--actions", "--lang", "vi"),
            ("explain", "xay", "--ward", "00328"), ("explain", "mang", "--ward", "10210", "--lang", "vi"),
            ("map", *results, "-o", "both.html", "--lang", "en"),
        ]  # fmt: skip
    with standing_in(folder):
        codes, printed = printed_by(*commands)
    assert codes == [0] * len(commands), printed
    return Made(folder, typed, printed)


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tmp_path_factory.mktemp("dirty"), LEGAL)


@pytest.fixture(scope="module")
def tidy(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Return the same project with its own texts: what pages and files look like."""
    made = make(tmp_path_factory.mktemp("tidy"), None, verbs=False)
    pages = [("report", f"results/{name}", "--format", "html") for name in NAMES]
    with standing_in(made.folder):
        codes, printed = printed_by(*pages, ("map", *(page[1] for page in pages), "-o", "both.html"))
    assert set(codes) == {0}, printed
    return made


# --- the inputs: nothing is forgotten ------------------------------------------------------------------------------


def test_every_table_and_key_is_known_here() -> None:
    """A new table, or a new key of a scenario that holds text, must find its place in tests/hostile/inputs.py."""
    assert {name: TABLES[name][1] for name in TABLES} == {n: c for n, c in schemas().items() if n != "TRAVEL"}
    assert all(column.kind != "text" for column in schemas()["TRAVEL"])
    assert text_keys() == FREE_KEYS | CHECKED_KEYS
    for path, columns in STRUCTURED.items():
        described = next(columns for where, columns in TABLES.values() if where == path)
        assert columns <= {column.name for column in described if column.kind == "text"}


def test_every_free_column_is_soiled_with_every_kind_of_text(dirty: Made) -> None:
    for path, columns in TABLES.values():
        header, rows = read(dirty.folder / path)
        for column in free_columns(path, columns, header):
            assert [row[column] for row in rows] == dirty.typed[path, column]
            assert set(dirty.typed[path, column]) <= set(LEGAL)
    assert {text for texts in dirty.typed.values() for text in texts} == set(LEGAL)


# --- what comes out ------------------------------------------------------------------------------------------------


def check_tables(made: Made) -> None:
    """Hold that no cell of a CSV file is a formula, and that the reader gives back what was typed."""
    files = made.results("*.csv")
    assert len(files) >= 26
    for path in files:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                for cell in row:
                    assert A_NUMBER.fullmatch(cell) or not CALCULATED.match(cell), (path, cell)
                    assert not NOT_SHOWN.search(cell)
    for name in NAMES:
        with standing_in(made.folder):
            plan = load_plan(made.folder / "results" / name)
        check_names(plan)


def check_names(plan: Plan) -> None:
    """Hold that the tables of a plan that was read name units and points as the inputs do."""
    wards = plan.region.wards["name"]
    assert plan.assignments["ward_name"].tolist() == wards.loc[plan.assignments["ward_code"]].tolist()
    for _, row in plan.points.iterrows():
        own = row["kind"] == "ward"
        assert row["name"] == (
            wards[row["ward_code"]] if own else plan.region.city_points.loc[row["point_id"], "name"]
        )


def check_layers(made: Made) -> None:
    """Hold that the GeoPackage has every text as typed, and that its own tables are as ever."""
    for path in made.results("plan.gpkg"):
        with standing_in(made.folder):
            plan = load_plan(path.parent)
        for layer, key, table, columns in (
            ("wards", "ward_code", plan.region.wards, ("name", "former_district")),
            ("premises", "site_id", plan.region.sites, ("name", "address")),
        ):
            frame = pyogrio.read_dataframe(path, layer=layer, read_geometry=False)
            for column in columns:
                assert frame[column].tolist() == table.loc[frame[key], column].tolist()
        with closing(sqlite3.connect(path)) as file:
            assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            layers = [
                row[0]
                for row in file.execute("SELECT table_name FROM gpkg_contents WHERE data_type = 'features'")
            ]
            assert set(layers) <= set(LAYERS)
            told = file.execute("SELECT identifier, description FROM gpkg_contents").fetchall()
            told += file.execute('SELECT "styleName", description FROM layer_styles').fetchall()
            qml = [row[0] for row in file.execute('SELECT "styleQML" FROM layer_styles')]
        assert len(qml) == 2 * len(layers)
        for text in qml:
            ElementTree.fromstring(text)  # noqa: S314 our own file
        assert not [pair for pair in told for text in LEGAL if text in pair[0] or text in pair[1]]


def functions(formula: str) -> set[str]:
    """Return the functions that a formula calls; what stands in quotes is no call."""
    return set(re.findall(r"([A-Za-z_.]+)\s*\(", re.sub(r'"[^"]*"', '""', formula)))


@cache
def calls(path: Path) -> set[str]:
    """Return the functions that the formulas of a workbook call."""
    cells = (cell for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows() for cell in row)
    return {name for cell in cells if cell.data_type == "f" for name in functions(str(cell.value))}


def check_workbooks(made: Made, like: Made) -> None:
    """Hold that no text is a formula or a link, and nothing reaches out of the workbook."""
    files = made.results("*.xlsx")
    assert len(files) >= 2
    for path in files:
        known = calls(like.folder / path.relative_to(made.folder))
        for sheet in openpyxl.load_workbook(path):
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.hyperlink is None
                    if cell.data_type == "f":
                        assert functions(cell.value) <= known, (sheet.title, cell.coordinate, cell.value)
                    elif isinstance(cell.value, str):
                        assert (
                            cell.quotePrefix or cell.value.lstrip()[:1] not in tuple("=+-@") or not cell.value
                        )
                        assert not NOT_SHOWN.search(cell.value)
        check_package(path)


def check_package(path: Path) -> None:
    """Hold that every part of an Office file is XML and none asks for anything outside it."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            assert not re.search(
                r"external|connection|query|vba|embed|activeX|oleObject", name, re.IGNORECASE
            )
            text = archive.read(name).decode("utf-8")
            if name.endswith((".xml", ".rels")):
                tree = ElementTree.fromstring(text)  # noqa: S314 our own file
                for one in tree.iter():
                    tag = one.tag.rpartition("}")[2]
                    assert one.get("TargetMode") != "External"
                    assert tag not in {"hyperlink", "object", "OLEObject", "altChunk", "attachedTemplate"}
                    if tag in ("fldSimple", "instrText"):
                        code = (
                            one.get("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}instr")
                            or one.text
                        )
                        assert (code or "").split()[:1] in (["PAGE"], ["NUMPAGES"]), code
                    if tag == "f" and one.text:
                        assert not re.search(
                            r"HYPERLINK|WEBSERVICE|DDE|cmd|\[\d+\]|http", one.text, re.IGNORECASE
                        )


class Parsed(HTMLParser):
    """Tags, names of attributes and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[tuple[str, str]] = set()
        self.text: list[str] = []
        self.scripts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}
        for name, value in attrs:
            if name in ("href", "src", "action", "formaction", "data"):
                assert (value or "").startswith(("#", "data:")), (tag, name, value)

    def handle_data(self, data: str) -> None:
        (self.scripts if self.tags[-1:] == ["script"] else self.text).append(data)


def check_pages(made: Made, like: Made) -> None:
    """Hold that pages have the elements and attributes of a clean project's, show what was typed, and parse."""
    names = {clean(text) for text in made.typed["data/geo/wards.csv", "name"]}
    pages = [*made.results("*.html"), made.folder / "both.html"]
    for path in pages:
        if not path.exists():
            continue
        page = Parsed(path.read_text(encoding="utf-8"))
        other = Parsed((like.folder / path.relative_to(made.folder)).read_text(encoding="utf-8"))
        assert set(page.tags) <= set(other.tags)
        assert page.attributes <= other.attributes
        assert page.tags.count("script") == other.tags.count("script")
        assert not [name for _, name in page.attributes if name.startswith("on")]
        assert "1337" not in "".join(page.text)
        shown = " ".join("".join(page.text).split())
        assert not [name for name in names if " ".join(name.split())[:60] not in shown], path
        assert not NOT_SHOWN.search("".join(page.text))
        for block in page.scripts:
            if block.lstrip().startswith("{"):
                json.loads(block)


def check_rest(made: Made) -> None:
    """Hold that plan.json is JSON, and that nothing printed or logged can steer a terminal."""
    for path in made.results("plan.json"):
        facts = json.loads(path.read_text(encoding="utf-8"))
        title = made.typed.get((f"scenarios/{facts['scenario']}.yaml", "title_vi"))
        assert path.parent.name == "today" or title is None or facts["settings"]["title_vi"] == title[0]
    for path in made.results("solver.log"):
        assert not NOT_SHOWN.search(path.read_text(encoding="utf-8"))
    assert not NOT_SHOWN.search(made.printed)
    assert not (made.folder / "hacked").exists()


def test_tables_hold_no_formula_and_give_back_what_was_typed(dirty: Made) -> None:
    check_tables(dirty)
    text = (dirty.folder / "results/xay/assignments.csv").read_text(encoding="utf-8")
    assert "'=HYPERLINK" in text
    assert "''=1+1" in text


def test_the_geopackage_holds_texts_as_values_only(dirty: Made) -> None:
    check_layers(dirty)


def test_workbooks_hold_no_formula_of_the_data(dirty: Made, tidy: Made) -> None:
    check_workbooks(dirty, tidy)


def test_annexes_are_xml_without_codes_and_links(dirty: Made) -> None:
    files = dirty.results("*.docx")
    assert len(files) == 2
    for path in files:
        check_package(path)


def test_pages_have_no_element_of_the_data(dirty: Made, tidy: Made) -> None:
    check_pages(dirty, tidy)


def test_nothing_steers_a_terminal(dirty: Made) -> None:
    check_rest(dirty)
    assert "=HYPERLINK" in dirty.printed


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, len(LEGAL), 4))
def test_a_few_texts_fill_every_free_cell(first: int, tmp_path: Path, tidy: Made) -> None:
    made = make(tmp_path / "one", LEGAL[first : first + 4], verbs=False)
    check_tables(made)
    check_layers(made)
    check_workbooks(made, tidy)
    check_pages(made, tidy)
    check_rest(made)


@pytest.mark.slow
@pytest.mark.parametrize("shift", range(0, len(LEGAL), 5))
def test_every_text_names_a_unit_once(shift: int, tmp_path: Path, tidy: Made) -> None:
    made = make(tmp_path / "one", (*LEGAL[shift:], *LEGAL[:shift]))
    check_tables(made)
    check_layers(made)
    check_workbooks(made, tidy)
    check_pages(made, tidy)
    check_rest(made)


# --- what is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_what_no_table_may_hold_is_refused_in_every_free_column(lang: str, tmp_path: Path) -> None:
    clean_project(tmp_path)
    kinds = {
        key: text for key, text in ILLEGAL.items() if key != "mark inside"
    }  # that one is of the whole file: E104
    typed = soil(tmp_path, tuple(kinds.values()), rows_of_each=1)
    with standing_in(tmp_path):
        codes, printed = printed_by(("check", "mang", "xay", "--lang", lang))
        refused, listed = printed_by(("check", "mang", "xay", "--json"))
        not_solved, said = printed_by(("solve", *NAMES, "--lang", lang))
    assert codes == refused == not_solved == [3]
    assert not (tmp_path / "results").exists()
    for text in (printed, said, listed):
        assert not NOT_SHOWN.search(text)
    problems = json.loads(listed)
    for path, column in typed:
        where = path if path.endswith(".yaml") else f"{path}:2 {column}"
        assert [one for one in problems if one["where"].startswith(where)], (path, column)


EVERY_DAY = ("escape", "override", "decomposed", "mark inside")


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=() if kind in EVERY_DAY else pytest.mark.slow) for kind in ILLEGAL]
)
def test_each_of_them_is_refused_in_the_name_of_a_unit(kind: str, tmp_path: Path) -> None:
    clean_project(tmp_path)
    path = tmp_path / "data/geo/wards.csv"
    header, rows = read(path)
    rows[0]["name"] = ILLEGAL[kind]
    write(path, header, rows)
    with standing_in(tmp_path):
        codes, printed = printed_by(("check", "xay"))
    assert codes == [3], printed
    assert not NOT_SHOWN.search(printed)
    assert re.search(r"E1(04|11|12|13|30)", printed)


def test_a_lone_surrogate_cannot_get_in(tmp_path: Path) -> None:
    clean_project(tmp_path)
    path = tmp_path / "data/geo/wards.csv"
    path.write_bytes(path.read_bytes().replace("Định Công".encode(), b"\xed\xa0\x80x"))
    title = tmp_path / "scenarios/mang.yaml"
    title.write_text(title.read_text(encoding="utf-8") + 'title_vi: "\\uD800x"\n', encoding="utf-8")
    with standing_in(tmp_path):
        codes, printed = printed_by(("check", "xay"), ("check", "mang"))
    assert codes == [3, 3]
    assert "E103" in printed
    printed.encode("utf-8")


def test_boundaries_may_say_anything_of_themselves(tmp_path: Path, tidy: Made) -> None:
    """A layer is made by other programs: its texts may hold what tables may not."""
    clean_project(tmp_path)
    odd = [
        *(text for key, text in ILLEGAL.items() if key != "null"),
        "a\ud800b",
        "imported; x\x1b[31m; y; sha256 1; z",
    ]
    bases = []
    for start in range(0, len(odd), 5):
        some = odd[start : start + 5]
        bases += soil_boundaries(tmp_path, some)
        with standing_in(tmp_path):
            codes, printed = printed_by(("solve", "hanoi-2025", "--force"))
        assert codes == [0], printed
        made = Made(tmp_path, {("data/geo/wards.csv", "name"): []}, printed)
        check_rest(made)
        for path in made.results("*.html"):
            page = Parsed(path.read_text(encoding="utf-8"))
            other = Parsed((tidy.folder / "results/xay/map.html").read_text(encoding="utf-8"))
            assert set(page.tags) <= set(other.tags)
            assert not NOT_SHOWN.search("".join(page.text))
        with closing(sqlite3.connect(tmp_path / "results/hanoi-2025/plan.gpkg")) as file:
            for (text,) in file.execute('SELECT "styleQML" FROM layer_styles'):
                ElementTree.fromstring(text)  # noqa: S314 our own file
    assert len(bases) >= len(odd)


def test_any_three_tables_of_hostile_ids(tmp_path: Path) -> None:
    ids = list(LEGAL)
    write(
        tmp_path / "demand.csv", ["demand_id", "weight"], [{"demand_id": one, "weight": "1"} for one in ids]
    )
    write(tmp_path / "candidates.csv", ["candidate_id"], [{"candidate_id": one} for one in ids])
    pairs = [
        {"demand_id": a, "candidate_id": b, "distance": str(abs(n - m))}
        for n, a in enumerate(ids)
        for m, b in enumerate(ids)
    ]
    write(tmp_path / "distances.csv", ["demand_id", "candidate_id", "distance"], pairs)
    with standing_in(tmp_path):
        files = [
            word for name in ("demand", "candidates", "distances") for word in (f"--{name}", f"{name}.csv")
        ]
        codes, printed = printed_by(("reception", *files, "--model", "p-median", "--p", "5", "-o", "found"))
    assert codes == [0], printed
    assert not NOT_SHOWN.search(printed)
    with (tmp_path / "found/assignment.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [unguarded(row["demand_id"]) for row in rows] == ids
    for row in rows:
        for cell in row.values():
            assert A_NUMBER.fullmatch(cell) or not CALCULATED.match(cell)


# --- the guard -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", [*LEGAL, "", "-5", "+1.5", "-1,5%", "'", "''", "'x", "'-1", "\t=1", "Ba Đình"]
)
def test_guarded_text_is_given_back(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert A_NUMBER.fullmatch(text) or guarded(text)[:1] not in tuple("=@+|") or text == "+1.5"
    assert guarded("Ba Đình") == "Ba Đình"
    assert guarded("-5") == "-5"


@given(st.text(alphabet="=+-@|%'0123456789.,ab ", max_size=8))
def test_the_audit_knows_the_form_by_itself(text: str) -> None:
    assert as_shown(text) == guarded(text)
    assert unguarded(guarded(text)) == text
