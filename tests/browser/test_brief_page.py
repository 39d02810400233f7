"""The brief in a real Chromium with the network off: four sheets of A4, nothing cut, nothing asked for, no barrier."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cli import main
from planner.brief.phrases import BRIEF
from planner.brief.report import write_brief_docx, write_brief_html, write_brief_pdf
from planner.plan import Plan
from tests import briefplans
from tests.browser.mapplans import centres as hanoi_centres
from tests.browser.mapplans import hanoi

pytestmark = [pytest.mark.browser, pytest.mark.solver]

LANGUAGES = ["vi", pytest.param("en", marks=pytest.mark.slow)]
PDFTOTEXT, SOFFICE = shutil.which("pdftotext"), shutil.which("soffice")
SHEETS = """() => [...document.querySelectorAll('.page')].map(page => {
    const main = page.querySelector('.main'), box = main.getBoundingClientRect();
    const last = main.lastElementChild.getBoundingClientRect();
    const wide = [...main.querySelectorAll('*')].filter(e => !e.closest('svg') && e.clientWidth
        && e.scrollWidth > e.clientWidth + 1).map(e => e.tagName + ' ' + e.textContent.slice(0, 40));
    const out = [...main.querySelectorAll('svg')].flatMap(svg => {
        const edge = svg.getBoundingClientRect();
        return [...svg.querySelectorAll('text')].filter(t => {
            const r = t.getBoundingClientRect();
            return r.right > edge.right + 1 || r.left < edge.left - 1 || r.bottom > edge.bottom + 1;
        }).map(t => t.textContent);
    });
    return {height: page.getBoundingClientRect().height, spare: box.bottom - last.bottom, wide, out};
})"""


@pytest.fixture
def opened(chromium: Any, tmp_path: Path) -> Iterator[Any]:
    """Return a function that writes and opens the brief of plans; what it asked for and said is checked at the end."""
    requests: list[str] = []
    noise: list[str] = []
    contexts: list[Any] = []

    def opening(plans: list[Plan], lang: Any = "vi") -> Any:
        file = tmp_path / f"brief-{lang}.html"
        write_brief_html(plans, file, lang)
        context = chromium.new_context(offline=True, viewport={"width": 1200, "height": 1000})
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: noise.append(message.text))
        page.on("pageerror", lambda error: noise.append(str(error)))
        page.on("dialog", lambda dialog: noise.append(dialog.message))
        page.goto(file.as_uri())
        return page

    yield opening
    for context in contexts:
        context.close()
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
    assert noise == []


def fits(page: Any) -> None:
    """Check that every sheet is one of A4 and that nothing on it is cut."""
    page.emulate_media(media="print")
    sheets = page.evaluate(SHEETS)
    assert len(sheets) == 4
    for sheet in sheets:
        assert sheet["height"] == pytest.approx(297 / 25.4 * 96, abs=1)
        assert sheet["spare"] >= 0
        assert sheet["wide"] == []
        assert sheet["out"] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sheets_hold_what_they_say(opened: Any, lang: str) -> None:
    page = opened([briefplans.centres(), briefplans.interim(), briefplans.thrift()], lang)
    fits(page)
    headings = [BRIEF[f"p{n}.heading"][0 if lang == "vi" else 1] for n in range(1, 5)]
    assert page.locator(".page h2").all_inner_texts() == headings
    assert page.locator("h1").count() == 1


def test_hostile_text_runs_nowhere_and_breaks_no_sheet(opened: Any) -> None:
    page = opened([briefplans.network(hostile=True)])
    assert page.evaluate("window.__hacked") is None
    assert page.locator("script, img, iframe, object").count() == 0
    fits(page)


@pytest.mark.slow
def test_long_titles_of_many_options_break_no_sheet(opened: Any) -> None:
    long = "Phương án bố trí trụ sở có tên rất dài để xem bảng còn đứng được trên một trang hay không " * 3
    plans = [
        briefplans.centres(),
        briefplans.thrift(),
        briefplans.interim(),
        briefplans.network(),
        briefplans.centres(),
    ]
    more = [*plans, briefplans.thrift(), briefplans.interim()]
    named = [briefplans.named(plan, f"ten-rat-dai-{n}", f"{n} {long}") for n, plan in enumerate(more)]
    fits(opened(named))


def test_without_today_and_without_borders_sheets_hold(opened: Any, tmp_path: Path) -> None:
    plan = briefplans.interim()
    bare = replace(plan, today=None, region=replace(plan.region, folder=tmp_path))
    page = opened([bare])
    fits(page)
    assert BRIEF["p3.no_borders"][0] in page.content()


@pytest.mark.slow
def test_today_may_be_what_is_recommended(opened: Any) -> None:
    page = opened([briefplans.today(), briefplans.interim()])
    fits(page)
    # Reckoned alike: the plan's present cost carries no mark.
    assert page.locator("#page-2 ~ table td", has_text="*").count() == 0


def barriers(page: Any) -> list[Any]:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    found = axe.Axe().run(page).response["violations"]
    return [(one["id"], [node["html"][:90] for node in one["nodes"][:3]]) for one in found]


def test_no_barriers_by_axe(opened: Any) -> None:
    page = opened([briefplans.interim()])
    # The tables below the four sheets are long; they are looked at by the slow tests.
    page.evaluate("document.querySelector('.sheets').remove()")
    assert barriers(page) == []


@pytest.mark.slow
def test_no_barriers_in_the_tables(opened: Any) -> None:
    assert barriers(opened([briefplans.centres(), briefplans.interim()])) == []


@pytest.mark.usefixtures("chromium")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_pdf_has_four_pages_and_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: Any
) -> None:
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    plans = [briefplans.centres(), briefplans.interim()]
    for name in ("a", "b"):
        write_brief_pdf(plans, tmp_path / f"{name}.pdf", lang)
    assert list(folder.iterdir()) == [], "the browser's profile is gone"
    pdf = (tmp_path / "a.pdf").read_bytes()
    assert pdf.startswith(b"%PDF")
    assert len(re.findall(rb"/Type ?/Page\b", pdf)) == 4
    assert pdf == (tmp_path / "b.pdf").read_bytes()
    if PDFTOTEXT:
        for n in range(1, 5):
            command = [PDFTOTEXT, "-f", str(n), "-l", str(n), str(tmp_path / "a.pdf"), "-"]
            said = " ".join(subprocess.run(command, capture_output=True, check=True).stdout.decode().split())
            assert BRIEF[f"p{n}.heading"][0 if lang == "vi" else 1] in said


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_hanoi_fits(opened: Any, lang: str) -> None:
    fits(opened([hanoi(), hanoi_centres()], lang))
    fits(opened([hanoi_centres()], lang))


@pytest.mark.slow
@pytest.mark.usefixtures("chromium")
def test_report_writes_the_pdf(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", "hanoi-2025"]) == 0
    capsys.readouterr()
    assert main(["report", "results/hanoi-2025", "--format", "pdf"]) == 0
    assert Path(capsys.readouterr().out.strip()) == Path("results/hanoi-2025/brief.pdf")
    assert (project / "results/hanoi-2025/brief.pdf").read_bytes().startswith(b"%PDF")
    assert main(["solve", "hanoi-2025"]) == 0, "the folder is still one of ours"


@pytest.mark.slow
@pytest.mark.skipif(not (SOFFICE and PDFTOTEXT), reason="needs LibreOffice and pdftotext")
def test_writer_lays_the_document_out_on_four_pages(tmp_path: Path) -> None:
    assert SOFFICE
    assert PDFTOTEXT
    write_brief_docx([hanoi_centres(), hanoi()], tmp_path / "a.docx")
    command = [
        SOFFICE,
        f"-env:UserInstallation={(tmp_path / 'lo').as_uri()}",
        "--headless",
        "--convert-to",
        "pdf",
    ]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), str(tmp_path / "a.docx")], check=True, capture_output=True
    )
    for n in range(1, 5):
        pages = [PDFTOTEXT, "-f", str(n), "-l", str(n), str(tmp_path / "a.pdf"), "-"]
        said = subprocess.run(pages, capture_output=True, check=True).stdout.decode()
        assert f"{n}/4" in said
        # Words of the drawings: shapes are drawn, the fallback is not.
        if n in (2, 4):
            assert BRIEF["part.recurrent"][0] in said
