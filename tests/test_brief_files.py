"""The files of the brief: text of users is only ever text, the same plan gives the same bytes, checks come first."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import zipfile
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import docx
import pytest

from cli import main
from planner.brief import chromium
from planner.brief.content import brief_of
from planner.brief.docx import brief_docx
from planner.brief.drawing import Drawing, Group, Line, Rect, Text, fitted, text_width
from planner.brief.drawing import Path as Shape
from planner.brief.drawingml import drawing_run
from planner.brief.html import brief_html
from planner.brief.report import Result, files_of, write_brief_docx, write_brief_html
from planner.brief.svg import svg
from planner.brief.words import NAME, TITLE, Say, short
from planner.errors import InputError
from planner.plan import Plan
from planner.report.words import TEXT
from planner.wording import in_language
from tests import briefplans

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WPS = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
TAGS = """
html head meta link title style body nav a main section div b span h1 h2 h3 p ul ol li dl dt dd small table caption
colgroup col thead tbody tr th td svg desc g path rect line text
"""
ATTRIBUTES = """
lang charset http-equiv content name rel href id class aria-label aria-labelledby scope width height xmlns viewbox
role d fill fill-rule stroke stroke-width stroke-dasharray x y x1 x2 y1 y2 font-size font-weight text-anchor data-key
colspan tabindex
"""
VOID = ("meta", "link", "col", "path", "rect", "line")


class Reader(HTMLParser):
    """Collects tags, attributes and text; every element must be closed."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str | None]] = []
        self.text: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(path: Path) -> Reader:
    reader = Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    reader.close()
    assert reader.open == []
    return reader


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def body(path: Path) -> ET.Element:
    return ET.fromstring(parts(path)["word/document.xml"])  # noqa: S314 - our own file


@pytest.fixture(scope="module")
def hostile() -> list[Plan]:
    """Return plans with hostile text in every text column of the region, in titles, names and labels of the norms."""
    return [briefplans.network(hostile=True), briefplans.made(hostile=True)]


# --- html --------------------------------------------------------------------------------------------------------


@pytest.mark.solver
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_hostile_text_is_text_on_the_page(hostile: list[Plan], tmp_path: Path, lang: str) -> None:
    for n, plan in enumerate(hostile):
        write_brief_html([plan], tmp_path / f"{n}.html", lang)  # type: ignore[arg-type]
        reader = read(tmp_path / f"{n}.html")
        assert set(reader.tags) <= set(TAGS.split())
        assert {name for name, _ in reader.attributes} <= set(ATTRIBUTES.split())
        links = [value for name, value in reader.attributes if name == "href"]
        assert all(str(link).startswith("#") or link == "data:," for link in links)
        title = plan.scenario.title_vi if lang == "vi" else plan.scenario.title_en
        assert short(title, TITLE) in " ".join(reader.text)
        assert any(short(name) in " ".join(reader.text) for name in plan.region.wards["name"])


@pytest.mark.solver
def test_page_allows_only_its_own_style(tmp_path: Path) -> None:
    write_brief_html([briefplans.interim()], tmp_path / "a.html")
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    style = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    assert len(style) == 1
    digest = base64.b64encode(hashlib.sha256(style[0].encode()).digest()).decode()
    policy = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy == [
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    ]
    assert "style=" not in page
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", page.split("<main>")[0])


@pytest.mark.solver
def test_page_has_four_sheets_then_the_tables(tmp_path: Path) -> None:
    write_brief_html([briefplans.interim(), briefplans.centres()], tmp_path / "a.html")
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert page.count('<section class="page') == 4
    assert page.index('id="page-4"') < page.index('id="summary"')
    assert TEXT["title.costs"][0].upper() not in page
    reader = read(tmp_path / "a.html")
    targets = {value for name, value in reader.attributes if name == "id"}
    links = {str(value)[1:] for name, value in reader.attributes if name == "href" and value != "data:,"}
    assert links <= targets
    # The tables are those of the first plan.
    assert f"{briefplans.interim().facts['objective_vnd']:,}".replace(",", ".") in page


@pytest.mark.solver
def test_drawings_are_well_formed_and_say_their_numbers() -> None:
    words = Say("vi")
    page = brief_html(brief_of([briefplans.centres()]), words)
    drawings = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(drawings) >= 3
    for drawing in drawings:
        root = ET.fromstring(drawing)  # noqa: S314 - our own file
        assert root.get("role") == "img"
        labels = str(root.get("aria-labelledby")).split()
        assert [child.get("id") for child in list(root)[:2]] == labels
        assert all(child.text for child in list(root)[:2])


def test_hostile_names_of_settings_are_text_where_options_differ_in_them() -> None:
    plans = [briefplans.made(hostile=True), briefplans.made(hostile=True, name="hanoi-thrift")]
    page = brief_html(brief_of(plans), Say("vi"))
    row = plans[0].norms.settings.loc["prices.crowding_vnd_per_m2_year"]
    reader = Reader()
    reader.feed(page)
    assert set(reader.tags) <= set(TAGS.split())
    assert "300.000 thay vì 1.200.000" in page
    assert short(row["vi"], 60).strip() in " ".join(reader.text)


# --- docx --------------------------------------------------------------------------------------------------------


@pytest.mark.solver
def test_hostile_text_is_text_in_the_document(hostile: list[Plan], tmp_path: Path) -> None:
    for n, plan in enumerate(hostile):
        write_brief_docx([plan], tmp_path / f"{n}.docx")
        for name, content in parts(tmp_path / f"{n}.docx").items():
            if name.endswith((".xml", ".rels")):
                ET.fromstring(content)  # noqa: S314 - our own file
        root = body(tmp_path / f"{n}.docx")
        names = {element.tag.split("}")[1] for element in root.iter()}
        assert not names & {"script", "img", "hyperlink", "instrText", "object", "altChunk", "fldChar"}
        relations = b"".join(c for k, c in parts(tmp_path / f"{n}.docx").items() if k.endswith(".rels"))
        assert b'TargetMode="External"' not in relations
        said = "".join(element.text or "" for element in root.iter(f"{W}t"))
        assert short(plan.scenario.title_vi, TITLE) in said
    clean_names = {e.tag for e in _document([briefplans.network()], tmp_path).iter()}
    assert {element.tag for element in body(tmp_path / "0.docx").iter()} == clean_names


def _document(plans: list[Plan], folder: Path) -> ET.Element:
    write_brief_docx(plans, folder / "clean.docx")
    return body(folder / "clean.docx")


@pytest.mark.solver
def test_document_has_four_pages_charts_and_the_annex(tmp_path: Path) -> None:
    plan = briefplans.centres()
    write_brief_docx([plan, briefplans.interim()], tmp_path / "a.docx")
    read_back = docx.Document(str(tmp_path / "a.docx"))
    text = [paragraph.text for paragraph in read_back.paragraphs]
    made = brief_of([plan, briefplans.interim()])
    places = [text.index(page.heading) for page in made.pages]
    assert places == sorted(places)
    assert places[-1] < text.index("I. TỔNG HỢP")
    breaks = [p for p in read_back.paragraphs if p._p.xpath("./w:pPr/w:pageBreakBefore")]
    assert len(breaks) == 3
    root = body(tmp_path / "a.docx")
    about = list(root.iter(f"{WP}docPr"))
    assert len({one.get("id") for one in about}) == len(about) >= 3
    assert all(one.get("descr") for one in about)
    assert len(list(root.iter(f"{WPS}wsp"))) > 50
    orientations = [section.orientation for section in read_back.sections]
    assert len(set(orientations)) == 2, "the annex keeps its tables that lie across"


def test_drawing_in_both_formats() -> None:
    items = [
        Group([Rect(1, 2, 30, 4, "#112233", key="a"), Line(0, 10, 50, 0, dashed=True)]),
        Shape([[(0, 0), (10, 0), (10, 10)], [(2, 1), (8, 1), (8, 7)]], "#445566", "#000000", 0.5),
        Text(25, 20, '<b> & "x"', 8, "middle", bold=True),
    ]
    drawing = Drawing(50, 40, "A & <b>", 'say "1 < 2"', items)
    root = ET.fromstring(svg(drawing, "d1"))  # noqa: S314 - our own text
    assert [child.tag.split("}")[1] for child in root] == ["title", "desc", "g", "path", "text"]
    assert root[-1].text == '<b> & "x"'
    run = ET.fromstring(drawing_run(drawing, 3, 100))  # noqa: S314 - our own text
    shapes = list(run.iter(f"{WPS}wsp"))
    assert len(shapes) == 4
    extent = next(run.iter(f"{WP}extent"))
    assert (extent.get("cx"), extent.get("cy")) == (str(100 * 12700), str(80 * 12700))
    rect = next(shapes[0].iter("{http://schemas.openxmlformats.org/drawingml/2006/main}ext"))
    assert rect.get("cx") == str(60 * 12700)
    assert [element.text for element in run.iter(f"{W}t")] == ['<b> & "x"', 'say "1 < 2"']


def test_cut_text_is_marked() -> None:
    assert fitted("Phường Hoàn Kiếm", 8, 400) == "Phường Hoàn Kiếm"
    cut = fitted("Phường Hoàn Kiếm" * 9, 8, 100)
    assert cut.endswith("…")
    assert text_width(cut, 8) <= 100
    assert len(short("x" * 4000)) == NAME


# --- same bytes --------------------------------------------------------------------------------------------------


@pytest.mark.solver
def test_same_plans_same_bytes(tmp_path: Path) -> None:
    plans = [briefplans.interim(), briefplans.centres()]
    for name in ("a", "b"):
        write_brief_html(plans, tmp_path / f"{name}.html")
        write_brief_docx(plans, tmp_path / f"{name}.docx")
    for kind in ("html", "docx"):
        assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()
    assert zipfile.is_zipfile(io.BytesIO(brief_docx(brief_of(plans), Say("vi"), plans[0])))


def test_a_pdf_loses_its_dates_but_keeps_its_places() -> None:
    pdf = (
        b"1 0 obj<</CreationDate (D:20261130031500+07'00')\n/ModDate (D:20261130031500Z)>>/ID [<AB12> <CD34>]"
    )
    found = chromium.timeless(pdf)
    assert len(found) == len(pdf)
    assert b"2026" not in found
    assert b"AB12" not in found
    other = b"/ID (node00000129)/H [(node00000129) (node00000134)]"
    assert chromium.timeless(other) == b"/ID (node00000001)/H [(node00000001) (node00000002)]"
    assert found == chromium.timeless(pdf.replace(b"AB12", b"FFFF").replace(b"031500", b"101112"))


# --- what is checked before anything is written ------------------------------------------------------------------


def _results(plans: list[Plan], folder: Path) -> list[Result]:
    return [Result(plan, folder / str(n)) for n, plan in enumerate(plans)]


@pytest.mark.solver
def test_every_problem_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "nowhere"))
    plans = [briefplans.interim(), briefplans.interim()]
    with pytest.raises(InputError) as caught:
        files_of(_results(plans, tmp_path), ["html", "pdf"], "vi")
    assert [problem.code for problem in caught.value.problems] == ["E807", "E813"]
    told = [in_language(problem, "vi") for problem in caught.value.problems]
    assert "Chromium" in told[1].what
    assert "html" in told[1].fix
    assert files_of(_results(plans, tmp_path), ["xlsx"], "vi"), "workbooks stand alone"


@pytest.mark.solver
def test_no_chromium_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    for variable in chromium.VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    with pytest.raises(InputError, match="E813"):
        chromium.find_chromium()


def test_a_browser_that_fails_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\necho 'cannot start' >&2\nexit 7\n", encoding="utf-8")
    broken.chmod(0o755)
    with pytest.raises(InputError, match=r"E814.*cannot start"):
        chromium.print_pdf("<p>", str(broken))


def test_a_browser_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromium, "SECONDS", 0.3)
    slow = tmp_path / "chromium"
    slow.write_text("#!/bin/sh\nsleep 60\n", encoding="utf-8")
    slow.chmod(0o755)
    with pytest.raises(InputError, match="E814"):
        chromium.print_pdf("<p>", str(slow))


@pytest.mark.slow
@pytest.mark.solver
def test_one_brief_for_all_results_and_a_workbook_for_each(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    results = ["results/hanoi-2025", "results/hanoi-thrift"]
    assert main(["solve", "hanoi-2025", "hanoi-thrift"]) == 0
    capsys.readouterr()
    assert main(["report", *results, "--format", "html,docx,xlsx"]) == 0
    told = [Path(line) for line in capsys.readouterr().out.splitlines()]
    first, second = (Path(result) for result in results)
    assert told == [first / "costs.html", first / "costs.docx", first / "costs.xlsx", second / "costs.xlsx"]
    assert "Ít trụ sở nhất" in (project / first / "costs.html").read_text(encoding="utf-8")
    assert main(["report", *results, "--format", "html", "-o", "b.html", "--lang", "en"]) == 0
    assert "Fewest premises" in (project / "b.html").read_text(encoding="utf-8")
    assert main(["report", *results, "-o", "c.xlsx"]) == 2
    monkeypatch.setenv("CHROMIUM", "nowhere")
    (project / first / "costs.html").unlink()
    capsys.readouterr()
    assert main(["report", *results, "--format", "html,pdf"]) == 3
    assert "E813" in capsys.readouterr().err
    assert not (project / first / "costs.html").exists()
    assert not list(project.rglob("*.part"))
