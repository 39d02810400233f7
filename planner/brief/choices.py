"""Page 2: the options side by side, what each costs by heading, and what distinguishes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from planner.brief.charts import Bar, present_cost
from planner.brief.option import Option
from planner.brief.pages import Block, Bullets, Column, Figure, Heading, Page, Paragraph, Row, Table
from planner.brief.rules import other_rules, other_settings
from planner.brief.words import Say, short
from planner.wording import number

MOST = 5
"""So many options stand beside today; more would not be read."""
RULES, SETTINGS = 190, 120
"""Characters that what distinguishes an option may take."""

TO = " → "
"""Between what a measure is in the first and in the last year."""

Value = Callable[[Option], str]


def choices_page(options: Sequence[Option], words: Say) -> Page:
    """Return the page; the first option is marked by a star, a frame and a tint."""
    shown = options[:MOST]
    names = name_options(shown, words)
    columns = [Column(words("p2.measure"), 52, "left")]
    every = list(shown)
    if shown[0].today:
        every.insert(0, shown[0].today)
        columns.append(Column(words("p2.today_of"), 20))
    for option, name in zip(shown, names, strict=True):
        star = f"{words('p2.star')}\n" if option is shown[0] else ""
        label = f"{star}{name}\n{short(option.title, 58)}"
        columns.append(Column(label, 24, marked=option is shown[0]))
    rows = list(_rows(every, words))
    blocks: list[Block] = [Table(words("p2.table"), columns, rows)]
    if any(TO in cell for row in rows for cell in row.cells):
        blocks.append(Paragraph(words("p2.first_to_last"), "note"))
    if len({option.basis for option in shown}) > 1:
        blocks.append(Paragraph(words("p2.bases"), "note"))
    if len(options) > MOST:
        titles = "; ".join(short(option.title, 40) for option in options[MOST:])
        blocks.append(Paragraph(words.say("p2.left_out", titles=short(titles, 240)), "note"))
    bars = _bars(shown, names, words)
    heading = words.say("p2.chart_note", chart=words("p2.chart"))
    blocks += [Heading(heading), Figure(present_cost(bars, words, _pitch(len(bars))))]
    blocks += [Heading(words("p2.differ")), *_differ(shown, names, words)]
    return Page(
        words("p2.heading"), blocks, "small" if len(shown) > 3 else "large" if len(shown) == 1 else ""
    )


def _pitch(bars: int) -> float:
    """Return the height of a bar in points: few may be thick."""
    return 24.0 if bars < 4 else 18.0 if bars < 7 else 14.0


def name_options(options: Sequence[Option], words: Say) -> list[str]:
    """Return what options are called for short: plan 1, plan 2 and so on."""
    return [words.say("p2.option", n=n) for n in range(1, len(options) + 1)]


# --- the table ---------------------------------------------------------------------------------------------------


def _rows(options: Sequence[Option], words: Say) -> Iterator[Row]:
    def row(key: str, value: Value) -> Row:
        return Row([words(f"row.{key}"), *(value(option) for option in options)])

    def count(name: str, *, end: bool = False) -> Value:
        return lambda option: words.count(option.end(name) if end else option.measure(name))

    def course(name: str, said: Callable[[float], str]) -> Value:
        return lambda option: TO.join(dict.fromkeys([said(option.measure(name)), said(option.end(name))]))

    def group(key: str) -> Row:
        return Row([words(f"row.group_{key}"), *("" for _ in options)], "group")

    most = max(count for option in options for count in option.spread(option.last))
    spread = (1, 2, 3, 4)[: 4 if most > 3 else 3]
    yield group("sites")
    yield row("first", lambda option: words.count(option.premises))
    yield row("end", lambda option: words.count(option.premises_end))
    key = "sites_1234" if most > 3 else "sites_123"
    yield row(key, lambda option: " / ".join(str(option.spread(option.last)[n]) for n in spread))
    yield row("centres", lambda option: words.count(option.centres_opened))
    yield row("surplus", count("premises_released", end=True))
    yield row("surplus_m2", count("surplus_floor", end=True))
    yield row("missing", course("missing_to_norm", words.count))
    yield group("money")
    basis = options[0].basis

    def money(value: Callable[[Option], int]) -> Value:
        return lambda option: words.billions(value(option)) + ("" if option.basis == basis else "\u00a0*")

    yield row("npc", money(lambda option: option.objective))
    yield row("against", lambda option: _against(option, words))
    yield row("capital", money(lambda option: option.part("capital")))
    yield row("running", money(lambda option: option.part("recurrent", option.first)))
    yield row("citizens", money(_citizens))
    yield group("people")
    yield row("mean", course("citizen_travel_mean", words.km_plain))
    yield row("most", course("citizen_travel_max", words.km_plain))
    yield row("apart", course("body_distance_mean", words.km_plain))
    yield row("points", lambda option: words.count(option.points_end))
    yield group("proof")
    yield row("years", lambda option: option.years)
    yield row("gap", lambda option: _gap(option, words))


def _citizens(option: Option) -> int:
    return option.figures.item_cost(option.which, ["citizen_travel"], option.first)


def _against(option: Option, words: Say) -> str:
    return "–" if option.against is None else words.billions(option.against, sign=True)


def _gap(option: Option, words: Say) -> str:
    if option.which == "today" or option.gap is None:
        return "–"
    return words.gap(option.gap)


# --- the chart ---------------------------------------------------------------------------------------------------


def _bars(options: Sequence[Option], names: Sequence[str], words: Say) -> list[Bar]:
    """Return the bars: options that are reckoned alike stand together below today reckoned like them."""
    bars = []
    for basis in dict.fromkeys(option.basis for option in options):
        alike = [(option, name) for option, name in zip(options, names, strict=True) if option.basis == basis]
        today = alike[0][0].today
        if today:
            bars.append(Bar(words.say("p2.basis", years=today.years), today.parts(), head=True))
        for option, name in alike:
            note = _against(option, words) if option.today else ""
            label = f"{'★ ' if option is options[0] else ''}{name}: {option.title}"
            note = f"({note})" if note else ""
            bars.append(Bar(label, option.parts(), note, marked=option is options[0]))
    return bars


# --- in words ----------------------------------------------------------------------------------------------------


def _differ(options: Sequence[Option], names: Sequence[str], words: Say) -> Iterator[Block]:
    if len(options) == 1:
        yield Paragraph(words("p2.alone"))
    yield Bullets(
        [
            (f"{name} – {short(option.title, 70)}:", _difference(option, options[0], words))
            for option, name in zip(options, names, strict=True)
        ]
    )


def _difference(option: Option, first: Option, words: Say) -> str:
    parts = []
    if option.against is not None and option.today and option is first:
        whole = option.today.objective
        parts.append(
            words.say(
                "p2.against",
                difference=words.money(option.against, sign=True),
                share=words.signed_share(option.against / whole) if whole > 0 else number(0, words.lang),
            )
        )
    if option is not first:
        if option.years != first.years:
            parts.append(words.say("p2.other_years", years=option.years))
        rules = other_rules(option.plan, first.plan, words)
        if rules:
            parts.append(words.say("p2.asks", rules=short("; ".join(rules), RULES)))
        settings = other_settings(option.plan, first.plan, words)
        if settings:
            parts.append(words.say("p2.other_prices", settings=short("; ".join(settings), SETTINGS)))
        elif not rules:
            parts.append(words("p2.same_rules"))
    return "; ".join(parts) + "."
