"""The brief of one or several plans: its four pages, the first plan being the recommended one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from planner.brief.choices import choices_page
from planner.brief.option import Option
from planner.brief.outlook import outlook_page
from planner.brief.pages import Brief
from planner.brief.question import question_page, version_of
from planner.brief.recommended import recommended_page
from planner.brief.words import Say, short
from planner.wording import Lang

if TYPE_CHECKING:
    from planner.plan import Plan


def brief_of(plans: Sequence[Plan], lang: Lang = "vi") -> Brief:
    """Return the brief of plans of the same units; the first is recommended, today is always the first option."""
    words = Say(lang)
    options = [Option.of(plan, words) for plan in plans]
    first = options[0]
    return Brief(
        lang=lang,
        title=words.say("brief.title", units=len(first.figures.wards)),
        subject=first.title,
        foot=words.say(
            "brief.foot",
            name=short(first.name, 40),
            hash=first.plan.input_code,
            version=version_of(first.plan),
        ),
        pages=[
            question_page(options, words),
            choices_page(options, words),
            recommended_page(first, words),
            outlook_page(first, words),
        ],
    )
