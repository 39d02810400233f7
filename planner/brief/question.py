"""Page 1: what is to be decided, what was asked, what is recommended, and what the figures rest on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from planner.brief.option import Option
from planner.brief.pages import Beside, Boxed, Bullets, Facts, Heading, Page, Paragraph, Tile, Tiles
from planner.brief.risks import settings_estimated
from planner.brief.rules import rules_of
from planner.brief.words import ABOUT, Say, short
from planner.catchments import has_network, stages
from planner.maps.shapes import shapes_of
from planner.plan import Plan
from planner.report.figures import known_share
from planner.wording import date

FEW = 700
"""Rules of fewer characters leave room for larger type."""


def question_page(options: Sequence[Option], words: Say) -> Page:
    """Return the page; the first option is the recommended one."""
    option = options[0]
    types = Counter(ward.type for ward in option.figures.wards)
    many = len(options) > 1
    choice = words.say("p1.choice_many", count=len(options)) if many else words("p1.choice_one")
    question = words.say(
        "p1.question",
        units=len(option.figures.wards),
        phuong=types["phường"],
        xa=types["xã"],
        years=option.years,
        choice=choice,
    )
    rules = rules_of(option.plan, words)
    large = sum(len(subject) + len(rule) for subject, rule in rules) < FEW
    return Page(
        words("p1.heading"),
        [
            Paragraph(question, "lead"),
            Boxed(words.say("p1.recommended", title=option.title), list(_sentences(option, words))),
            Tiles(list(_tiles(option, words))),
            Beside(
                [Heading(words("p1.asked")), Bullets([(f"{subject}:", rule) for subject, rule in rules])],
                [Facts(words("p1.truth"), list(_facts(option, words)))],
                0.5,
            ),
        ],
        "large" if large else "",
    )


def version_of(plan: Plan) -> str:
    """Return the version of the program that made a plan."""
    versions = plan.facts.get("versions")
    return short(versions.get("planner", "?") if isinstance(versions, dict) else "?")


# --- the recommendation ------------------------------------------------------------------------------------------


def _sentences(option: Option, words: Say) -> Iterator[str]:
    yield _premises(option, words)
    yield _cost(option, words)
    yield _travel(option, words)
    if has_network(option.plan):
        stage = stages(option.plan)[-1]
        handed = option.plan.points["status"] == "handed_over"
        yield words.say(
            "p1.network",
            year=stage.year,
            points=stage.points,
            city=stage.of_city,
            handed=option.plan.points.loc[handed, "point_id"].nunique(),
            mean=words.km(stage.mean_m),
        )
    yield words.say(
        "p1.surplus",
        count=words.count(option.end("premises_released")),
        area=words.area(option.end("surplus_floor")),
        last=option.last,
    )
    opened = sorted({c.opens for c in option.figures.centres.values() if c.opens is not None})
    if opened:
        key = "p1.centres" if len(opened) > 1 else "p1.centres_one_year"
        yield words.say(key, count=option.centres_opened, first=opened[0], last=opened[-1])


def _premises(option: Option, words: Say) -> str:
    end = ""
    if option.premises_end != option.premises:
        end = words.say("p1.premises_end", end=words.count(option.premises_end), last=option.last)
    today = option.today.premises if option.today else None
    key = "p1.premises_alone"
    if today is not None:
        key = {True: "p1.premises", False: "p1.premises_more"}[option.premises < today]
        key = "p1.premises_same" if option.premises == today else key
    return words.say(
        key, today=words.count(today), plan=words.count(option.premises), first=option.first, end=end
    )


def _cost(option: Option, words: Say) -> str:
    against, difference = "", option.against
    if difference is not None and option.today:
        against = words.say(
            "p1.less" if difference <= 0 else "p1.more",
            saving=words.money(abs(difference)),
            share=_relative(abs(difference), option.today.objective, words),
        )
    return words.say(
        "p1.cost",
        years=option.years,
        cost=words.money(option.objective),
        against=against,
        capital=words.money(option.part("capital")),
        running=words.money(option.part("recurrent", option.first)),
        first=option.first,
    )


def _relative(part: float, whole: float, words: Say) -> str:
    return words.share(part / whole) if whole > 0 else "–"


def _travel(option: Option, words: Say) -> str:
    today = ""
    if option.today:
        today = words.say("p1.travel_today", mean=words.km(option.today.measure("citizen_travel_mean")))
    code, most = option.largest("citizen_travel_max")
    return words.say(
        "p1.travel",
        first=option.first,
        mean=words.km(option.measure("citizen_travel_mean")),
        today=today,
        most=words.km(most),
        unit=option.unit(code),
    )


# --- tiles -------------------------------------------------------------------------------------------------------


def _tiles(option: Option, words: Say) -> Iterator[Tile]:
    today, first, last = option.today, option.first, option.last
    counts = [words.count(option.premises_end)]
    note = words.say("tile.premises_alone", year=last)
    if today:
        counts.insert(0, words.count(today.premises))
        note = words.say("tile.premises_note", year=last)
    yield Tile(words("tile.premises"), " → ".join(counts), note=note)
    note = ""
    if today and option.against is not None:
        share = words.signed_share(option.against / today.objective) if today.objective > 0 else "–"
        text = f"{words.billions(option.against, sign=True)} ({share})"
        note = words.say("tile.cost_note", difference=text)
    yield _money_tile(words.say("tile.cost", years=option.years), option.objective, note, words)
    then = today and words.say("tile.today", value=f"{ABOUT}{words.billions(today.part('capital'))}")
    yield _money_tile(words("tile.capital"), option.part("capital"), then or "", words)
    then = today and words.say("tile.today", value=f"{ABOUT}{words.billions(today.part('recurrent', first))}")
    label = words.say("tile.running", year=first)
    yield _money_tile(label, option.part("recurrent", first), then or "", words)
    mean = f"{ABOUT}{words.km_plain(option.measure('citizen_travel_mean'))}"
    most = words.km(option.largest("citizen_travel_max")[1])
    yield Tile(words("tile.travel"), mean, "km", words.say("tile.travel_note", most=most))
    area = words.area(option.end("surplus_floor"))
    note = words.say("tile.surplus_note", area=area, year=last)
    yield Tile(words("tile.surplus"), words.count(option.end("premises_released")), note=note)


def _money_tile(label: str, vnd: int, note: str, words: Say) -> Tile:
    return Tile(label, f"{ABOUT}{words.billions(vnd)}", words("billions"), note)


# --- what the figures rest on ------------------------------------------------------------------------------------


def _facts(option: Option, words: Say) -> Iterator[tuple[str, str]]:
    plan, facts = option.plan, option.plan.facts
    yield words("fact.borders"), _borders(option, words)
    surveyed = words("fact.surveyed_none")
    if option.surveyed:
        surveyed = words.say("fact.surveyed_value", share=words.share(option.surveyed))
    yield words("fact.surveyed"), surveyed
    known = option.figures.known_bodies
    if known:
        yield words("fact.known"), words.say("fact.known_value", share=words.share(known_share(known)))
    estimated, every = settings_estimated(option)
    yield words("fact.settings"), words.say("fact.settings_value", estimated=estimated, all=every)
    gap, certified = option.gap, facts.get("certified_gap")
    proof = words.say(
        "fact.proof_value",
        status=words.of("solved", facts.get("status", "")),
        gap="–" if gap is None else words.gap(gap),
    )
    if isinstance(certified, (int, float)):
        proof += words.say("fact.certified", gap=words.gap(certified))
    yield words("fact.proof"), proof
    yield words("fact.money"), words.say("fact.money_value", rate=words.share(option.figures.rate))
    yield words("fact.scenario"), short(option.name, 60)
    if plan.solved_on:
        yield words("fact.solved_on"), date(plan.solved_on, words.lang)
    inputs = facts.get("inputs") or ()
    text = words.say("fact.inputs_value", count=len(inputs), hash=plan.input_code)
    yield words("fact.inputs"), text
    yield words("fact.version"), f"planner {version_of(plan)}"


def _borders(option: Option, words: Say) -> str:
    basis, _ = shapes_of(option.plan.region, [ward.code for ward in option.figures.wards])
    if not basis:
        return words("fact.none")
    schematic = sum(word.lower() in ("", "schematic") for word in basis)
    if schematic == len(basis):
        return words("fact.schematic")
    official = "; ".join(sorted({short(word, 80) for word in basis if word.lower() not in ("", "schematic")}))
    if schematic:
        return words.say("fact.schematic_some", count=schematic, basis=short(official, 120))
    return short(official, 160)
