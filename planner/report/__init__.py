"""The workbook for budget staff: every dong as a number, totals as formulas, assumptions with sources.

From what a plan says to a sheet: ``figures.py`` sums and names what the plan holds; one module for each sheet or
pair of sheets says its columns and rows; ``table.py`` makes a table of them, ``book.py`` writes it in the formats
of ``formats.py`` and the words of ``words.py``; ``cells.py`` keeps text harmless, ``levers.py`` tries
other assumptions. ``html.py`` prints the same
sheets as one page. ``annex.py`` writes the annex of a submission: ``timeline.py`` says who is where and when,
``paper.py`` lays it out, ``clauses.py`` adds its words.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from planner.catchments import has_network
from planner.report.arrangement import write_arrangement, write_premises
from planner.report.assumptions import write_assumptions, write_norms
from planner.report.book import Book
from planner.report.capital import write_capital
from planner.report.compare import write_actions, write_compare
from planner.report.costs import write_costs
from planner.report.figures import Figures
from planner.report.limits import write_limits
from planner.report.network import write_catchments, write_points
from planner.report.release import has_routes, write_release
from planner.report.sensitivity import write_sensitivity
from planner.report.summary import write_summary
from planner.report.units import write_items, write_units
from planner.report.words import Words
from planner.report.years import write_years

if TYPE_CHECKING:
    from planner.plan import Plan

Writer = Callable[[Book, Figures], None]
SHEETS: dict[str, Writer] = {
    "summary": write_summary,
    "units": write_units,
    "items": write_items,
    "years": write_years,
    "capital": write_capital,
    "release": write_release,
    "limits": write_limits,
    "sensitivity": write_sensitivity,
    "costs": write_costs,
    "arrangement": write_arrangement,
    "premises": write_premises,
    "points": write_points,
    "catchments": write_catchments,
    "compare": write_compare,
    "actions": write_actions,
    "assumptions": write_assumptions,
    "norms": write_norms,
}
"""The sheets in order, and what writes each."""
TODAY_SHEETS = ("compare", "actions")
"""Left out where there is no arrangement in force to compare with."""


def write_workbook(plan: Plan, path: Path, lang: str = "vi") -> None:
    """Write ``costs.xlsx`` for budget staff.

    Parameters
    ----------
    plan : Plan
        A plan; with ``today`` the workbook also compares, without it those sheets and columns are left out.
    path : Path
        Where the workbook goes; an existing file is replaced.
    lang : str
        ``vi`` (default) or ``en``.
    """
    words = Words("en" if lang == "en" else "vi")
    with _no_collection():
        figures = Figures(plan, words)
        book = Book(words, figures.title, figures.name)
        for write in writers_of(figures).values():
            write(book, figures)
        content = book.finish()
    Path(path).write_bytes(content)


def writers_of(figures: Figures) -> dict[str, Writer]:
    """Return the sheets that a plan fills, and what writes each."""
    matter = {
        **dict.fromkeys(TODAY_SHEETS, figures.compared),
        "years": len(figures.plan.years) > 0,
        "capital": bool(figures.centres) and len(figures.plan.years) > 0,
        "release": has_routes(figures),
        "limits": bool(figures.limits),
        "sensitivity": bool(figures.heading_of),
        "points": has_network(figures.plan),
        "catchments": has_network(figures.plan),
    }
    return {key: write for key, write in SHEETS.items() if matter.get(key, True)}


@contextmanager
def _no_collection() -> Iterator[None]:
    """Leave the garbage collector out: a workbook is many small objects that all stay, searched in vain."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
