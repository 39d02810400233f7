"""One self-contained Folium page of a plan: map, unit cards, search and table, for readers without a network.

No data passes through a template engine. Folium renders an empty shell with tokens; data replace the tokens
afterwards in one pass, escaped for the place where they stand. In the page everything is put in as text,
never as markup.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.compare import NOTICED_PREMISES, NOTICED_UNITS, actions
from planner.polygons import boundary_file
from planner.wording import collation_key, number, share

if TYPE_CHECKING:
    import pandas as pd

    from planner.plan import Plan
    from planner.wording import Lang

WEB = Path(__file__).parent / "web"
BODIES = ("party", "council_committee", "front", "reception")
COLOURED = ("premises", "net_present_cost", "citizen_travel_mean", "body_distance_mean", "missing_to_norm")
"""Measures that the map can be coloured by."""
COMPARED = (
    "premises",
    "net_present_cost",
    "cost_capital",
    "cost_recurrent_year",
    "cost_social_year",
    "citizen_travel_mean",
    "citizen_travel_max",
    "body_distance_mean",
    "floor_in_use",
    "tight_fit",
    "norm",
    "missing_to_norm",
    "staff",
    "counters",
    "parts_apart",
)
"""Measures of a unit's card, in this order; one that a plan does not have is left out."""
SCALE = 100_000
"""Coordinates are whole hundred-thousandths of a degree, about a metre."""
MOST_VERTICES = 40_000
"""Boundaries with more are simplified for the page, shared borders kept; the model never sees that."""
SIMPLIFY_DEGREES = 0.0005
CLASSES = 5
NOTICED_FIRST = "00004"

_TOKEN = re.compile(r"@@([A-Z_]+)@@")
_LABEL = re.compile(r"\{\{label\.(\w+)\}\}")
_LINK = re.compile(r'<script src="([^"]*)"></script>|<link rel="stylesheet" href="([^"]*)"\s*/?>')
_INLINE = re.compile(r"<(script|style)>(.*?)</\1>", re.DOTALL)
_URL = re.compile(r"url\((?!data:)[^)]*\)")
_POLICY = (
    "default-src 'none'; script-src {script}; style-src {style}; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)

Numbers = list[float | int | None]
Action = list[Any]
"""What to do, the site, the parts that move, people, dong once, dong a year."""


def write_map(plan: Plan, path: Path, lang: Lang = "vi") -> None:
    """Write the page of a plan as one file: UTF-8, LF, the same bytes for the same plan."""
    path.write_bytes(render_map(plan, lang).encode("utf-8"))


def render_map(plan: Plan, lang: Lang = "vi") -> str:
    """Return the page of a plan in one language."""
    words = labels(lang)
    content = page_content(plan, lang)
    page = _shell(lang)
    values = {
        "HEAD": _head(page, f"{content.title} – {content.kicker}"),
        "KICKER": _text(content.kicker),
        "TITLE": _text(content.title),
        "TRUTH": "".join(f"<li>{_text(line)}</li>" for line in content.truth),
        "STAMP": _text(words["schematic"] if content.schematic else ""),
        "FIGURES": _figures(content),
        "TABLE": _table(content),
        "FOOT": "".join(f"<p>{_text(line)}</p>" for line in content.foot),
        "DATA": json_for_page({**content.data, "labels": words}),
    }
    return _fill(page, values)


@cache
def labels(lang: str) -> dict[str, str]:
    """Return the fixed words of the page."""
    words: dict[str, dict[str, str]] = json.loads((WEB / "labels.json").read_text(encoding="utf-8"))
    return words[lang]


def json_for_page(value: object) -> str:
    """Return JSON that may stand inside a script element: no ``<``, ``>``, ``&`` or line separator in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text = re.sub("[<>&\u2028\u2029]", _escaped, text)
    # A lone surrogate cannot be written as UTF-8; as an escape it can, and shows as a replacement character.
    return re.sub("[\ud800-\udfff]", _escaped, text)


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found.group()):04x}"


# ------------------------------------------------------------------------------------------------------------
# What the page says
# ------------------------------------------------------------------------------------------------------------


@dataclass
class State:
    """The plan or the arrangement in force, by position of unit and site.

    Attributes
    ----------
    seats : list of list
        Per unit: (part, site, tight fit m2, norm m2, 1 where the program assumed the seat).
    status : list of int
        Per site: 1 in use, 2 released, 0 neither.
    routes : list of str
        Per site.
    values : dict
        Measure to one number per unit.
    city : dict
        Measure to the number of the whole city.
    """

    seats: list[list[tuple[int, int, int, int, int]]]
    status: list[int]
    routes: list[str]
    values: dict[str, Numbers]
    city: dict[str, float]


@dataclass
class Tile:
    """One headline figure with the lines below it."""

    key: str
    label: str
    value: str
    lines: list[str]


@dataclass
class Content:
    """Everything the page says, ready to be put in."""

    lang: Lang
    title: str
    kicker: str
    truth: list[str]
    foot: list[str]
    tiles: list[Tile]
    rows: list[list[Cell]]
    has_today: bool
    schematic: bool
    data: dict[str, Any]


@dataclass
class Cell:
    """A cell of the table: lines of (text, tag) pairs; `sort` is the number a column is sorted by."""

    lines: list[list[tuple[str, str]]]
    sort: float | int | None = None
    kind: str = "text"
    extra: dict[str, str] = field(default_factory=dict)


def page_content(plan: Plan, lang: Lang) -> Content:
    """Collect what the page of a plan says, in one language."""
    words = labels(lang)
    index = _Index(plan, lang)
    state = index.state(plan)
    today = index.state(plan.today) if plan.today is not None else None
    basis, shapes = _shapes(plan, index.codes)
    schematic = sum(word.lower() in ("", "schematic") for word in basis)
    approximate = any(index.approximate)
    title = _clean(plan.scenario.title_vi if lang == "vi" else plan.scenario.title_en)
    foot = []
    if schematic:
        whole = schematic == len(index.codes)
        foot.append(
            words["schematic_long"] if whole else _say(words["schematic_some"], n=number(schematic, lang))
        )
    if approximate:
        foot.append(words["points_approximate"])
    foot += [words["estimates_note"]]
    if any(seat[4] for unit in (today or state).seats for seat in unit):
        foot.append(words["modelled_note"])
    foot.append(words["offline"])
    foot.append(f"{words['scenario']}: {_clean(plan.scenario.name)} · {words['inputs']}: {input_code(plan)}")
    to_do = _actions(plan, index)
    return Content(
        lang=lang,
        title=title,
        kicker=_say(words["kicker"], n=number(len(index.codes), lang)),
        truth=_truth(plan, lang, bool(schematic)),
        foot=foot,
        tiles=_tiles(plan, index, state, today, lang),
        rows=[_row(i, index, state, today, to_do[i], lang) for i in range(len(index.codes))],
        has_today=today is not None,
        schematic=bool(schematic),
        data={
            "lang": lang,
            "scale": SCALE,
            "shapes": shapes,
            "units": index.units,
            "communes": index.communes,
            "sites": index.sites,
            "parts": index.parts,
            "bodies": [{"key": body, "name": words[f"body_{body}"]} for body in BODIES],
            "colours": _colours(state, today),
            "compared": [key for key in COMPARED if key in state.values],
            "states": {"plan": _state_data(state), "today": _state_data(today) if today else None},
            "actions": to_do,
        },
    )


def input_code(plan: Plan) -> str:
    """Return a short code of the input files: the same for the same content, whatever the folder."""
    inputs = plan.facts.get("inputs") or []
    joined = "\n".join(sorted(f"{Path(str(item['path'])).name} {item['sha256']}" for item in inputs))
    return hashlib.sha256(joined.encode()).hexdigest()[:10] if inputs else "–"


class _Index:
    """Units in Vietnamese order and sites, numbered, with what the page says about them."""

    def __init__(self, plan: Plan, lang: Lang) -> None:
        region = plan.region
        self.lang: Lang = lang
        self.words = labels(lang)
        wards = _records(region.wards.reset_index())
        wards.sort(key=lambda ward: (collation_key(_clean(ward["name"])), str(ward["ward_code"])))
        self.codes = [str(ward["ward_code"]) for ward in wards]
        self.unit_at = {code: i for i, code in enumerate(self.codes)}
        communes = _records(region.communes.reset_index())
        commune_at = {str(commune["commune_code"]): i for i, commune in enumerate(communes)}
        members: list[list[list[int]]] = [[] for _ in wards]
        for pair in _records(region.pairs):
            if str(pair["ward_code"]) in self.unit_at and str(pair["commune_code"]) in commune_at:
                member = [commune_at[str(pair["commune_code"])], _whole(pair["population"]) or 0]
                members[self.unit_at[str(pair["ward_code"])]].append(member)
        for unit in members:
            unit.sort(key=lambda member: -member[1])
        self.communes = {
            "code": [str(commune["commune_code"]) for commune in communes],
            "name": [_clean(commune["name"]) for commune in communes],
            "type": [self._label("otype", commune["type"]) for commune in communes],
        }
        self.names = [_clean(ward["name"]) for ward in wards]
        self.types = [self._label("type", ward["type"]) for ward in wards]
        self.units: dict[str, list[Any]] = {
            "code": self.codes,
            "name": self.names,
            "type": self.types,
            "district": [_clean(ward.get("former_district")) for ward in wards],
            "people": [_whole(ward["population"]) for ward in wards],
            "area": [_finite(ward["area_km2"]) for ward in wards],
            "at": [_place(ward["lat"], ward["lon"]) for ward in wards],
            "communes": members,
        }
        self._read_parts(plan)
        self._read_sites(plan)

    def _label(self, group: str, value: object) -> str:
        text = _clean(value)
        return self.words.get(f"{group}_{text}", text)

    def _read_parts(self, plan: Plan) -> None:
        self.part_at: dict[str, int] = {}
        self.parts: list[dict[str, Any]] = []
        for part in _records(plan.norms.parts.reset_index()):
            self.part_at[str(part["part"])] = len(self.parts)
            body = str(part["body"])
            whole = str(part["kind"]) == "body"
            self.parts.append(
                {
                    "name": self.words[f"body_{body}"] if whole else _clean(part[self.lang]),
                    "body": BODIES.index(body),
                    "bodyname": self.words[f"body_{body}"],
                    "lead": int(str(part["kind"]) != "department"),
                    "key": str(part["part"]),
                }
            )

    def _read_sites(self, plan: Plan) -> None:
        addresses: dict[str, str] = {}
        for row in _records(plan.region.today):
            if _clean(row["site_id"]) and _clean(row["address"]):
                addresses.setdefault(str(row["site_id"]), _clean(row["address"]))
        known = {str(site["site_id"]): site for site in _records(plan.region.sites.reset_index())}
        places = {str(row["site_id"]): row for row in _records(plan.premises)}
        if plan.today is not None:
            places = {**{str(row["site_id"]): row for row in _records(plan.today.premises)}, **places}
        ids = sorted(
            key
            for key in known.keys() | places.keys()
            if str(_of(key, known, places)["ward_code"]) in self.unit_at
        )
        self.site_at = {key: i for i, key in enumerate(ids)}
        self.sites_of: list[list[int]] = [[] for _ in self.codes]
        self.approximate: list[int] = []
        columns: dict[str, list[Any]] = {
            name: []
            for name in ("id", "unit", "name", "address", "at", "kind", "area", "range", "estimated", "hall")
        }
        for key in ids:
            site = _of(key, known, places)
            unit = self.unit_at[str(site["ward_code"])]
            self.sites_of[unit].append(self.site_at[key])
            at = _place(site.get("lat"), site.get("lon")) or self.units["at"][unit]
            address = _clean(site.get("address")) or addresses.get(key, "")
            kind = str(site["kind"])
            columns["id"].append(key)
            columns["unit"].append(unit)
            columns["name"].append(_clean(site.get("name")) or self._label("kind", kind))
            columns["address"].append(address)
            columns["at"].append(at)
            columns["kind"].append(kind)
            columns["area"].append(_whole(places.get(key, site)["floor_area_m2"]))
            columns["range"].append(
                [_whole(site.get("floor_area_low_m2")), _whole(site.get("floor_area_high_m2"))]
            )
            columns["estimated"].append(int(_clean(site.get("floor_area_basis")) != "surveyed"))
            columns["hall"].append(_whole(site.get("hall_seats")))
            self.approximate.append(int("label point" in _clean(site.get("point_basis"))))
        self.sites = columns

    def state(self, plan: Plan) -> State:
        """Return the seats, the status of sites and the measures of a plan's first year."""
        year = min((int(row["year"]) for row in _records(plan.assignments)), default=0)
        seats: list[list[tuple[int, int, int, int, int]]] = [[] for _ in self.codes]
        for row in _records(plan.assignments):
            if int(row["year"]) != year or str(row["ward_code"]) not in self.unit_at:
                continue
            assumed = int(str(row.get("basis", "known")) == "modelled" and _is_today(plan))
            seat = (
                self.part_at[str(row["part"])],
                self.site_at[str(row["site_id"])],
                int(row["tight_fit_m2"]),
                int(row["norm_m2"]),
                assumed,
            )
            seats[self.unit_at[str(row["ward_code"])]].append(seat)
        for unit in seats:
            unit.sort()
        status = [0] * len(self.site_at)
        routes = [""] * len(self.site_at)
        for row in _records(plan.premises):
            at = self.site_at.get(str(row["site_id"]))
            if int(row["year"]) == year and at is not None:
                status[at] = (
                    1 if str(row["status"]) == "in_use" else 2 if str(row["status"]) == "released" else 0
                )
                routes[at] = _clean(row.get("route")) if status[at] == 2 else ""
        values: dict[str, Numbers] = {}
        city: dict[str, float] = {}
        for row in _records(plan.measures):
            value, code, key = _finite(row["value"]), _clean(row["ward_code"]), str(row["measure"])
            if code in self.unit_at:
                values.setdefault(key, [None] * len(self.codes))[self.unit_at[code]] = value
            elif code == "" and value is not None:
                city[key] = value
        return State(seats, status, routes, values, city)


def _of(
    key: str, known: Mapping[str, dict[str, Any]], places: Mapping[str, dict[str, Any]]
) -> dict[str, Any]:
    return known[key] if key in known else places[key]


def _is_today(plan: Plan) -> bool:
    return plan.scenario.arrangement == "today"


def _state_data(state: State) -> dict[str, Any]:
    keys = dict.fromkeys((*COMPARED, *COLOURED))
    values = {key: state.values[key] for key in keys if key in state.values}
    return {"seats": state.seats, "status": state.status, "routes": state.routes, "values": values}


def _actions(plan: Plan, index: _Index) -> list[list[Action]]:
    """Return what to do in every unit to come from today to the plan; moves to one site are one action."""
    found: list[list[Action]] = [[] for _ in index.codes]
    if plan.today is None:
        return found
    moves: dict[tuple[int, int], Action] = {}
    for row in _records(actions(plan)):
        unit, site = index.unit_at[str(row["ward_code"])], index.site_at[str(row["site_id"])]
        amounts = [int(row["people"]), int(row["one_off_vnd"]), int(row["yearly_vnd"])]
        if row["action"] != "move_in":
            found[unit].append([str(row["action"]), site, [], *amounts])
        elif (unit, site) in moves:
            one = moves[unit, site]
            one[2].append(index.part_at[str(row["part"])])
            one[3:] = [before + more for before, more in zip(one[3:], amounts, strict=True)]
        else:
            moves[unit, site] = ["move_in", site, [index.part_at[str(row["part"])]], *amounts]
            found[unit].append(moves[unit, site])
    return found


def _colours(plan: State, today: State | None) -> list[dict[str, Any]]:
    found = []
    for key in COLOURED:
        if key not in plan.values:
            continue
        values = [
            value
            for state in (plan, today)
            if state
            for value in state.values.get(key, [])
            if value is not None
        ]
        if key == "premises":
            found.append(
                {"key": key, "zero": 0, "breaks": list(range(2, max(2, int(max(values, default=1))) + 1))}
            )
        else:
            zero, breaks = class_breaks(values)
            found.append({"key": key, "zero": int(zero), "breaks": breaks})
    return found


def class_breaks(values: Sequence[float], classes: int = CLASSES) -> tuple[bool, list[float]]:
    """Return whether zero is a class of its own, and the lower bounds of the classes but the first.

    Bounds are quantiles rounded to two digits, so that legends read well.
    """
    ordered = sorted(values)
    zero = (
        bool(ordered) and ordered[0] <= 0 and sum(value <= 0 for value in ordered) * classes >= len(ordered)
    )
    positive = [value for value in ordered if value > 0] if zero else ordered
    count = classes - 1 if zero else classes
    if not positive:
        return zero, []
    bounds = {_two_digits(positive[len(positive) * k // count]) for k in range(1, count)}
    return zero, sorted(bound for bound in bounds if positive[0] < bound <= positive[-1])


def _two_digits(value: float) -> float:
    rounded = float(f"{value:.2g}")
    return int(rounded) if rounded >= 10 else rounded


def _truth(plan: Plan, lang: Lang, schematic: bool) -> list[str]:
    words = labels(lang)
    lines = [proof_line(plan, lang)]
    surveyed = float(plan.facts.get("surveyed_share") or 0)
    if surveyed <= 0:
        lines.append(words["surveyed_none"])
    elif surveyed >= 1:
        lines.append(words["surveyed_all"])
    else:
        lines.append(_say(words["surveyed"], x=share(surveyed, lang, 1)))
    if schematic:
        lines.append(f"{words['schematic']}.")
    return lines


def proof_line(plan: Plan, lang: Lang) -> str:
    """Say how far the plan is proven: never more than its bound shows."""
    words = labels(lang)
    gap = _finite_exact(plan.facts.get("gap"))
    if gap is None or plan.facts.get("status") not in ("optimal", "feasible"):
        return words["proof_open"]
    text = share(math.ceil(gap * 1e4 - 1e-9) / 1e4, lang, 0 if gap <= 0 else 2)
    return _say(words["proof_optimal" if plan.facts["status"] == "optimal" else "proof_feasible"], gap=text)


def _tiles(plan: Plan, index: _Index, state: State, today: State | None, lang: Lang) -> list[Tile]:
    words = labels(lang)
    years = number(plan.scenario.horizon.years, lang)
    tiles = []
    for key, label, unit_key in (
        ("premises", words["tile_premises"], None),
        ("net_present_cost", _say(words["tile_cost"], years=years), None),
        ("citizen_travel_mean", words["tile_travel_mean"], None),
        ("citizen_travel_max", words["tile_travel_max"], "citizen_travel_max"),
        ("body_distance_mean", words["tile_bodies"], None),
        ("missing_to_norm", words["tile_missing"], None),
    ):
        value = state.city.get(key)
        if value is None:
            continue
        lines = []
        if unit_key and (farthest := _where_most(state.values.get(unit_key, []), index.names)):
            lines.append(farthest)
        if today and key in today.city:
            change = _change(value, today.city[key], key, lang)
            assumed = key == "premises" and any(seat[4] for unit in today.seats for seat in unit)
            pattern = words["tile_today_assumed" if assumed else "tile_today"]
            said = say_measure(key, today.city[key], lang)
            lines.append(_say(pattern, x=_unbroken(said), change=_unbroken(change)))
        if key == "premises":
            notice = _noticed(plan)
            if notice is not None:
                lines.append(_say(words["tile_notice"], x=number(notice, lang)))
        if key == "body_distance_mean" and "body_distance_max" in state.city:
            lines.append(_say(words["tile_max"], x=say_measure(key, state.city["body_distance_max"], lang)))
        tiles.append(Tile(key, label, say_measure(key, value, lang), lines))
    return tiles


def _noticed(plan: Plan) -> int | None:
    wards = plan.region.wards
    if "noticed_premises" in plan.facts:
        return _whole(plan.facts["noticed_premises"])
    return NOTICED_PREMISES if len(wards) == NOTICED_UNITS and NOTICED_FIRST in wards.index else None


def _where_most(values: Numbers, names: Sequence[str]) -> str:
    known = [(value, -i) for i, value in enumerate(values) if value is not None]
    return names[-max(known)[1]] if known else ""


def _change(value: float, before: float, key: str, lang: Lang) -> str:
    words = labels(lang)
    difference = value - before
    if say_measure(key, abs(difference), lang) == say_measure(key, 0, lang):
        return words["same"]
    text = say_measure(key, abs(difference), lang)
    if before and key in ("net_present_cost", "missing_to_norm"):
        text = share(abs(difference) / abs(before), lang, 1)
    return _say(words["less" if difference < 0 else "more"], x=text)


def say_measure(key: str, value: float, lang: Lang) -> str:
    """Return a measure with its unit, for people."""
    if key in ("net_present_cost", "income") or key.startswith("cost_"):
        return say_money(value, lang)
    if key.startswith(("citizen_travel", "body_distance")):
        return f"{number(value / 1000, lang, 1)} km" if abs(value) >= 1000 else f"{number(value, lang)} m"
    if key in ("missing_to_norm", "floor_in_use", "tight_fit", "norm"):
        return f"{number(value, lang)} m²"
    return number(value, lang)


def say_money(vnd: float, lang: Lang) -> str:
    """Return an amount in billions, or millions where it is less than one billion."""
    words = labels(lang)
    for size, word in ((1e9, "billion"), (1e6, "million")):
        if round(abs(vnd) / size, 1) >= 1:
            return f"{number(vnd / size, lang, 0 if abs(vnd) / size >= 100 else 1)} {words[word]}"
    return f"{number(vnd, lang)} {words['dong']}"


def _row(
    unit: int, index: _Index, plan: State, today: State | None, to_do: Sequence[Action], lang: Lang
) -> list[Cell]:
    words = labels(lang)
    cells = [
        Cell([[(index.names[unit], "button")]], unit, "head", {"unit": str(unit)}),
        Cell([[(index.types[unit], "")]]),
        _number_cell(plan, "premises", unit, lang),
    ]
    if today:
        cells.append(_number_cell(today, "premises", unit, lang))
    cells.append(_seats_cell(unit, plan, index))
    if today:
        cells.append(_seats_cell(unit, today, index))
        counts = {verb: 0 for verb in ("open", "close", "move_in")}
        for verb, _site, parts, *_ in to_do:
            if verb in counts:
                counts[verb] += len(parts) or 1
        said = [_say(words[f"n_{verb}"], n=number(count, lang)) for verb, count in counts.items() if count]
        cells.append(Cell([[(line, "")] for line in said or [words["n_none"]]], sum(counts.values())))
    cells.append(_number_cell(plan, "net_present_cost", unit, lang, 1e9, 1))
    if today:
        cells.append(_number_cell(today, "net_present_cost", unit, lang, 1e9, 1))
    cells.append(_number_cell(plan, "citizen_travel_mean", unit, lang, 1e3, 1))
    cells.append(_number_cell(plan, "citizen_travel_max", unit, lang, 1e3, 1))
    return cells


def _number_cell(state: State, key: str, unit: int, lang: Lang, divide: float = 1, decimals: int = 0) -> Cell:
    value = state.values.get(key, [None] * (unit + 1))[unit]
    text = "–" if value is None else number(value / divide, lang, decimals)
    return Cell([[(text, "")]], value, "number")


def _seats_cell(unit: int, state: State, index: _Index) -> Cell:
    lines = []
    for site, names in seats_by_site(unit, state, index.parts):
        line = [(f"{index.sites['name'][site]}: ", "b")]
        for at, (name, assumed) in enumerate(names):
            line.append((("; " if at else "") + name, ""))
            if assumed:
                line.append((f" ({index.words['modelled_short']})", "i"))
        lines.append(line)
    return Cell(lines)


def seats_by_site(
    unit: int, state: State, parts: Sequence[Mapping[str, Any]]
) -> list[tuple[int, list[tuple[str, bool]]]]:
    """Return the sites of a unit, each with (name of a body or part, whether the program assumed its seat).

    A body is named as a whole where all its parts sit on one site, else part by part. For the whole the seat
    of its leaders counts: an address that was published for the People's Committee is its office's.
    """
    sites_of_body: dict[int, set[int]] = {}
    for part, site, *_ in state.seats[unit]:
        sites_of_body.setdefault(parts[part]["body"], set()).add(site)
    found: dict[int, dict[str, bool]] = {}
    for part, site, _tight, _norm, assumed in state.seats[unit]:
        what = parts[part]
        name = what["bodyname"] if len(sites_of_body[what["body"]]) == 1 else what["name"]
        names = found.setdefault(site, {})
        if what["lead"] or name not in names:
            names[name] = bool(assumed)
    return [(site, list(names.items())) for site, names in found.items()]


# ------------------------------------------------------------------------------------------------------------
# Boundaries
# ------------------------------------------------------------------------------------------------------------


def _shapes(plan: Plan, codes: Sequence[str]) -> tuple[list[str], list[list[list[list[int]]]]]:
    """Return the boundary basis, and per unit its polygons, their rings, flat steps between points."""
    if boundary_file(plan.region.folder) is None:
        return [], [[] for _ in codes]
    from shapely.geometry import mapping

    layer = plan.region.boundaries()
    geometries = {str(code): mapping(shape) for code, shape in layer.geometry.items()}
    basis = {str(code): str(word) for code, word in layer["boundary_basis"].items()}
    kept = [code for code in codes if code in geometries]
    polygons = {code: _polygons(geometries[code]) for code in kept}
    if sum(len(ring) for unit in polygons.values() for polygon in unit for ring in polygon) > MOST_VERTICES:
        polygons = _simplified(geometries, kept)
    shapes = [[[_steps(ring) for ring in polygon] for polygon in polygons.get(code, [])] for code in codes]
    return [basis[code] for code in kept], shapes


def _polygons(geometry: Mapping[str, Any]) -> list[Any]:
    return [geometry["coordinates"]] if geometry["type"] == "Polygon" else list(geometry["coordinates"])


def _simplified(geometries: Mapping[str, dict[str, Any]], codes: Sequence[str]) -> dict[str, list[Any]]:
    import shapely
    from shapely.geometry import mapping, shape

    simple = shapely.coverage_simplify([shape(geometries[code]) for code in codes], SIMPLIFY_DEGREES)
    return {code: _polygons(mapping(one)) for code, one in zip(codes, simple, strict=True)}


def _steps(ring: Sequence[Sequence[float]]) -> list[int]:
    """Return lon, lat of the first point, then the step to each next one; the closing point is left out."""
    points = [(round(point[0] * SCALE), round(point[1] * SCALE)) for point in ring[:-1]]
    flat: list[int] = []
    before = (0, 0)
    for point in points:
        flat += (point[0] - before[0], point[1] - before[1])
        before = point
    return flat


# ------------------------------------------------------------------------------------------------------------
# The page around it
# ------------------------------------------------------------------------------------------------------------


def _shell(lang: Lang) -> str:
    """Return the page with Leaflet, script and style in it, and tokens where data go."""
    page = _rendered()
    page = _LINK.sub(_inlined, page)
    page = _once(page, "<html>", f'<html lang="{lang}">')
    page = _once(page, "<head>", "<head>@@HEAD@@")
    words = labels(lang)
    before, after = _LABEL.sub(lambda found: _text(words[found.group(1)]), _web("shell.html")).split(
        "@@MAP@@"
    )
    page = _fill(
        page,
        {"BEFORE": before, "AFTER": after, "PAGE_JS": _web("page.js"), "PAGE_CSS": _web("page.css")},
        rest=True,
    )
    return "\n".join(line.rstrip() for line in page.splitlines() if line.strip()) + "\n"


@cache
def _rendered() -> str:
    """Return Folium's rendering of an empty map; it sees no data, only tokens."""
    import folium
    from branca.element import Element
    from folium.template import Template

    class OfflineMap(folium.Map):
        """A map that asks for nothing but Leaflet, by file name; `_inlined` puts the file in."""

        default_js = [("leaflet", "leaflet.js")]  # noqa: RUF012 - Folium's own way
        default_css = [("leaflet_css", "leaflet.css")]  # noqa: RUF012
        _template = Template(
            """
            {% macro header(this, kwargs) %}<style>@@PAGE_CSS@@</style>{% endmacro %}
            {% macro html(this, kwargs) %}
            @@BEFORE@@<div class="folium-map" id={{ this.get_name()|tojson }}></div>@@AFTER@@
            {% endmacro %}
            {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {
              center: {{ this.location|tojson }}, crs: L.CRS.{{ this.crs }},
              ...{{ this.options|tojavascript }}});
            window.plannerMap = {{ this.get_name() }};
            @@PAGE_JS@@
            {% endmacro %}
            """
        )

    with _counted_ids(Element):
        found = OfflineMap(location=(21.0, 105.8), zoom_start=10, tiles=None, zoom_control=False)
        found.options.update(zoomSnap=0.1, zoomDelta=0.5, wheelPxPerZoomLevel=120, minZoom=7, maxZoom=17)
        return str(found.get_root().render())


@contextmanager
def _counted_ids(element: Any) -> Iterator[None]:
    """Let Folium number its elements instead of drawing random names: two pages are then the same bytes."""
    original = element.__dict__["_generate_id"]
    count = iter(range(1_000_000))
    element._generate_id = classmethod(lambda _cls: f"{next(count):06d}")
    try:
        yield
    finally:
        element._generate_id = original


def _inlined(found: re.Match[str]) -> str:
    name = found.group(1) or found.group(2)
    if name not in ("leaflet.js", "leaflet.css"):
        raise ValueError(f"the page refers to {name}, which is not vendored")
    text = _web(f"vendor/{name}")
    if name.endswith(".css"):
        # Pictures of controls and markers that the page does not use, and a rule for Internet Explorer.
        return f"<style>{_URL.sub('none', text)}</style>"
    return f"<script>{re.sub(r'//# sourceMappingURL=.*', '', text)}</script>"


@cache
def _web(name: str) -> str:
    return (WEB / name).read_text(encoding="utf-8")


def _head(page: str, title: str) -> str:
    hashes: dict[str, list[str]] = {"script": [], "style": []}
    for tag, text in _INLINE.findall(page):
        digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()
        hashes[tag].append(f"'sha256-{digest}'")
    policy = _POLICY.format(script=" ".join(hashes["script"]), style=" ".join(hashes["style"]))
    return (
        '<meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f'<link rel="icon" href="data:,"><title>{_text(title)}</title>'
    )


def _figures(content: Content) -> str:
    parts = []
    for tile in content.tiles:
        figure, gap, unit = tile.value.partition(" ")
        lines = "".join(f'<dd class="line">{_text(line)}</dd>' for line in tile.lines)
        parts.append(
            f'<div data-key="{_text(tile.key)}"><dt>{_text(tile.label)}</dt>'
            f'<dd class="big">{_text(figure)}<small>{_text(gap + unit)}</small></dd>{lines}</div>'
        )
    return "".join(parts)


def _table(content: Content) -> str:
    words = labels(content.lang)
    heads = [
        "c_unit",
        "c_type",
        "c_sites",
        "c_sites_today",
        "c_seats",
        "c_seats_today",
        "c_actions",
        "c_cost",
    ]
    heads += ["c_cost_today", "c_travel", "c_travel_max"]
    only_with_today = {"c_sites_today", "c_seats_today", "c_actions", "c_cost_today"}
    kept = [key for key in heads if content.has_today or key not in only_with_today]
    unsorted = {"c_seats", "c_seats_today"}
    head = "".join(_head_cell(key, words[key], sortable=key not in unsorted) for key in kept)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in content.rows)
    caption = _text(_say(words["caption"], n=number(len(content.rows), content.lang)))
    head = f"<caption><span>{caption}</span></caption><thead><tr>{head}</tr></thead>"
    return f'<table id="units">{head}<tbody>{body}</tbody></table>'


def _head_cell(key: str, word: str, *, sortable: bool) -> str:
    order = ' aria-sort="ascending"' if key == "c_unit" else ""
    inner = f'<button type="button" class="sort">{_text(word)}</button>' if sortable else _text(word)
    return f'<th scope="col" class="{key}"{order}>{inner}</th>'


def _cell(cell: Cell) -> str:
    lines = ["".join(_span(text, tag, cell.extra) for text, tag in line) for line in cell.lines]
    inner = lines[0] if len(lines) == 1 else "".join(f"<div>{line}</div>" for line in lines)
    sort = "" if cell.sort is None else f' data-v="{cell.sort}"'
    if cell.kind == "head":
        return f'<th scope="row"{sort}>{inner}</th>'
    return f"<td{' class=n' if cell.kind == 'number' else ''}{sort}>{inner}</td>"


def _span(text: str, tag: str, extra: Mapping[str, str]) -> str:
    if tag == "button":
        return f'<button type="button" class="unit" data-unit="{_text(extra["unit"])}">{_text(text)}</button>'
    return f"<{tag}>{_text(text)}</{tag}>" if tag else _text(text)


def _text(value: str) -> str:
    """Return text that may stand in an element or a quoted attribute; no character of it is markup."""
    return html.escape(value.encode("utf-8", "replace").decode("utf-8"), quote=True)


def _fill(page: str, values: Mapping[str, str], *, rest: bool = False) -> str:
    """Put values in for tokens, in one pass, so that a token inside a value stays as it was typed."""

    def value(found: re.Match[str]) -> str:
        return values.get(found.group(1), found.group()) if rest else values[found.group(1)]

    return _TOKEN.sub(value, page)


def _once(page: str, old: str, new: str) -> str:
    if page.count(old) != 1:
        raise ValueError(f"Folium's page has {page.count(old)} times {old}; one was expected")
    return page.replace(old, new)


def _unbroken(text: str) -> str:
    return text.replace(" ", "\u00a0")


def _say(pattern: str, **values: str) -> str:
    """Fill a label; a value may hold braces."""
    return re.sub(r"\{(\w+)\}", lambda found: values[found.group(1)], pattern)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    columns = {str(name): frame[name].tolist() for name in frame.columns}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _clean(value: object) -> str:
    """Return text as the page shows it: a missing value is empty, control characters are gone."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return "".join(ch if ch.isprintable() or ch == " " else " " for ch in str(value)).strip()


def _finite(value: object) -> float | int | None:
    if isinstance(value, (int, float)) and math.isfinite(value):
        return int(value) if float(value).is_integer() else round(float(value), 3)
    return None


def _finite_exact(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and math.isfinite(value) else None


def _whole(value: object) -> int | None:
    found = _finite(value)
    return None if found is None else round(found)


def _place(lat: object, lon: object) -> list[float] | None:
    if not isinstance(lat, (int, float)) or not isinstance(lon, (int, float)) or not math.isfinite(lat + lon):
        return None
    return [round(float(lat), 5), round(float(lon), 5)]
