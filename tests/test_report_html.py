"""The printable page: the workbook's tables, nothing that runs, text of users shown as text."""

from __future__ import annotations

import importlib.util
import re
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import pytest

from planner.report.html import write_report_html
from planner.report.words import TEXT
from planner.wording import number

HERE = Path(__file__).parent


def _helpers() -> ModuleType:
    """Return test_report.py, which makes plans out of random numbers."""
    spec = importlib.util.spec_from_file_location("report_plans", HERE / "test_report.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Reader(HTMLParser):
    """Counts tags and collects text and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag != "meta":
            self.open.append(tag)

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


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_hostile_text_is_shown_as_text(tmp_path: Path, lang: str) -> None:
    helpers = _helpers()
    write_report_html(helpers.make(hostile=True), tmp_path / "report.html", lang)
    reader = read(tmp_path / "report.html")
    assert set(reader.tags) <= set(
        "html head meta title style body h1 h2 nav a section p div table thead tbody tr th td".split()  # noqa: SIM905
    )
    names = {name for name, _ in reader.attributes}
    allowed = "lang charset http-equiv content name href id class colspan tabindex role aria-label"
    assert names <= set(allowed.split())
    links = [value for name, value in reader.attributes if name == "href"]
    assert all(str(link).startswith("#") for link in links)
    assert '<script>alert("x")</script>&amp;' in reader.text
    assert "default-src 'none'" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_totals_are_there_and_cost_rows_are_not(tmp_path: Path) -> None:
    helpers = _helpers()
    plan = helpers.make()
    write_report_html(plan, tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert number(plan.facts["objective_vnd"]) in text
    assert number(int(plan.costs["vnd"].sum())) in text
    assert TEXT["title.costs"][0].upper() not in text
    assert f">{TEXT['check.bad'][0]}<" not in text
    assert TEXT["note.formula"][0] not in text
    assert len(re.findall("<section", text)) == 12


def test_same_plan_same_page_and_today_may_be_missing(tmp_path: Path) -> None:
    helpers = _helpers()
    plan = helpers.make(today=False)
    for name in ("a", "b"):
        write_report_html(plan, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert TEXT["sheet.compare"][0] not in (tmp_path / "a").read_text(encoding="utf-8")
