"""Page 3: the map of the recommended plan, how many units change what, and where costs change most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from planner.brief.citymap import centre_map, city_map
from planner.brief.option import Option
from planner.brief.pages import Beside, Block, Bullets, Column, Figure, Heading, Page, Paragraph, Row, Table
from planner.brief.words import BILLION, Say
from planner.compare import actions
from planner.plan import BODIES

TEN = 10
MAP_WIDTH, MAP_HEIGHT = 330.0, 425.0
INSET_WIDTH, INSET_HEIGHT = 170.0, 190.0
"""Points; the changes stand beside the map."""


class Change(NamedTuple):
    """A unit with its present cost against today in dong, and its sites today and in the last year."""

    ward: str
    vnd: float
    before: int | None
    after: int


def recommended_page(option: Option, words: Say) -> Page:
    """Return the page."""
    figure = Figure(city_map(option, words, MAP_WIDTH, MAP_HEIGHT))
    counts = [("", text) for text in changes_of(option, words)]
    beside: list[Block] = [Heading(words("p3.changes")), Bullets(counts)] if counts else []
    inset = centre_map(option, words, INSET_WIDTH, INSET_HEIGHT)
    if inset is not None:
        beside += [Heading(inset.title), Figure(inset)]
    blocks: list[Block] = [
        Paragraph(words.say("p3.lead", title=option.title), "lead"),
        Beside([Heading(words.say("p3.map", year=option.last)), figure], beside, 0.66),
    ]
    costs = ward_changes(option)
    if option.today:
        saves = [one for one in costs if _told(one.vnd) < 0][:TEN]
        more = [one for one in reversed(costs) if _told(one.vnd) > 0][:TEN]
        tables = [_table("p3.saves", saves, option, words), _table("p3.costs", more, option, words)]
        blocks.append(Beside([tables[0]], [tables[1]]))
        blocks.append(Paragraph(words.say("p3.order", years=option.years, last=option.last), "note"))
    else:
        blocks.append(_table("p3.dearest", list(reversed(costs))[:TEN], option, words))
    return Page(words("p3.heading"), blocks)


def ward_changes(option: Option) -> list[Change]:
    """Return all units from the largest saving to the largest increase; equals in Vietnamese order."""
    after = option.sites(option.last)
    before = option.today.sites(option.today.first) if option.today else {}
    found = []
    for ward in option.figures.wards:
        today = option.today.ward_present(ward.code) if option.today else 0.0
        vnd = option.ward_present(ward.code) - today
        found.append(Change(ward.code, vnd, before.get(ward.code), after.get(ward.code, 0)))
    return sorted(found, key=lambda one: one.vnd)


def _told(vnd: float) -> float:
    """Return dong as they are told, in tenths of a billion: what reads 0,0 is no change."""
    return round(vnd / BILLION, 1)


def changes_of(option: Option, words: Say) -> Iterator[str]:
    """Yield how many units change what between today and the last year of the plan."""
    today = option.today
    if today is None:
        return
    before, after = today.sites(today.first), option.sites(option.last)
    for key, wanted in (("fewer", -1), ("more", 1), ("equal", 0)):
        count = sum(_sign(after.get(ward, 0) - before.get(ward, 0)) == wanted for ward in before)
        yield words.say(f"p3.{key}", count=count)
    seats, now = option.seats(option.last), today.seats(today.first)
    for body in BODIES:
        moved = [
            ward for ward in before if (then := seats.get((ward, body))) and then != now.get((ward, body))
        ]
        if moved:
            yield words.say("p3.body", body=words.of("body", body), count=len(moved))
    if option.centres_opened:
        yield words.say("p3.built", count=option.centres_opened)
    if len(option.plan.points):
        handed = option.plan.points["status"] == "handed_over"
        yield words.say("p3.handed", count=option.plan.points.loc[handed, "point_id"].nunique())
    todo = actions(option.plan)
    people = int(todo.loc[todo["action"] == "move_in", "people"].sum())
    yield words.say("p3.people", count=words.count(people))


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)


def _table(key: str, changes: Sequence[Change], option: Option, words: Say) -> Table:
    columns = [
        Column(words("p3.unit"), 46, "left"),
        Column(words("p3.sites_head"), 20, "center"),
        Column(words("p3.difference"), 24),
    ]
    rows = [
        Row(
            [
                option.unit(one.ward),
                str(one.after) if one.before is None else f"{one.before} → {one.after}",
                words.billions(one.vnd, sign=option.today is not None),
            ]
        )
        for one in changes
    ] or [Row([words("p3.nobody"), "", ""])]
    return Table(words(key), columns, rows)
