"""The brief as PDF: its four sheets of HTML, printed by a Chromium of this machine."""

from __future__ import annotations

from planner.brief.chromium import print_pdf
from planner.brief.html import brief_html
from planner.brief.pages import Brief
from planner.brief.words import Say


def brief_pdf(brief: Brief, program: str) -> bytes:
    """Return the four pages as a file; ``program`` is what `find_chromium` found."""
    return print_pdf(brief_html(brief, Say(brief.lang)), program)
