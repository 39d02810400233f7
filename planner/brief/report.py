"""The files of `planner report`: checked together before anything is written, then written one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from planner.errors import InputError
from planner.wording import Lang

if TYPE_CHECKING:
    from planner.errors import Problem
    from planner.plan import Plan

FORMATS = ("xlsx", "html", "pdf", "docx")
"""What `planner report` writes; all but the workbook hold the brief of all results together."""
TOGETHER = ("html", "pdf", "docx")
NAMES = {"xlsx": "costs.xlsx", "html": "costs.html", "pdf": "brief.pdf", "docx": "costs.docx"}
SHEETS = Path(__file__).parent / "sheets.css"


class Result(NamedTuple):
    """A plan, and the folder that it was read from."""

    plan: Plan
    folder: Path


class File(NamedTuple):
    """A file to be written: where by default, and what writes it."""

    path: Path
    write: Callable[[Path], None]


def files_of(results: Sequence[Result], formats: Sequence[str], lang: Lang) -> list[File]:
    """Return what is to be written, in order of the formats; nothing is written yet.

    Parameters
    ----------
    results : sequence of Result
        The first is the recommended one.
    formats : sequence of str
        Of `FORMATS`. A workbook is written for every result, everything else once for all of them.
    lang : str
        ``vi`` or ``en``.

    Raises
    ------
    InputError
        Every problem at once: the results cannot share a brief (E807, E811), there is no Chromium (E813).
    """
    problems: list[Problem] = []
    program = ""
    plans = [result.plan for result in results]
    if set(formats) & set(TOGETHER):
        from planner.maps.content import check_together

        try:
            check_together(plans)
        except InputError as error:
            problems += error.problems
    if "pdf" in formats:
        from planner.brief.chromium import find_chromium

        try:
            program = find_chromium()
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    found = []
    for name in formats:
        for result in results if name == "xlsx" else results[:1]:
            write = partial(_write, name, [result.plan] if name == "xlsx" else plans, lang, program)
            found.append(File(result.folder / NAMES[name], write))
    return found


def _write(name: str, plans: Sequence[Plan], lang: Lang, program: str, path: Path) -> None:
    """Write one file; libraries are loaded only when they are needed."""
    if name == "xlsx":
        from planner.report import write_workbook

        write_workbook(plans[0], path, lang)
    elif name == "html":
        write_brief_html(plans, path, lang)
    elif name == "pdf":
        write_brief_pdf(plans, path, lang, program)
    else:
        write_brief_docx(plans, path, lang)


def write_brief_html(plans: Sequence[Plan], path: Path, lang: Lang = "vi") -> None:
    """Write the brief as a page, with the sheets of the recommended plan below it."""
    from planner.brief.content import brief_of
    from planner.brief.html import brief_html
    from planner.brief.svg import text
    from planner.brief.words import Say
    from planner.report.html import sheets_html
    from planner.report.words import Words

    words = Say(lang)
    sheets = sheets_html(plans[0], Words(lang))
    heading = text(words("brief.appendix"))
    appendix = f'<div class="sheets" lang="{lang}"><h2>{heading}</h2>{"".join(sheets.sections)}</div>'
    page = brief_html(
        brief_of(plans, lang), words, sheets.links, appendix, SHEETS.read_text(encoding="utf-8")
    )
    path.write_text(page, encoding="utf-8", newline="\n")


def write_brief_pdf(plans: Sequence[Plan], path: Path, lang: Lang = "vi", program: str = "") -> None:
    """Write the four pages of the brief as PDF, printed by ``program`` or by the Chromium of this machine."""
    from planner.brief.chromium import find_chromium
    from planner.brief.content import brief_of
    from planner.brief.pdf import brief_pdf

    path.write_bytes(brief_pdf(brief_of(plans, lang), program or find_chromium()))


def write_brief_docx(plans: Sequence[Plan], path: Path, lang: Lang = "vi") -> None:
    """Write the brief as a Word document, with the annex of the recommended plan behind it."""
    from planner.brief.content import brief_of
    from planner.brief.docx import brief_docx
    from planner.brief.words import Say

    path.write_bytes(brief_docx(brief_of(plans, lang), Say(lang), plans[0]))
