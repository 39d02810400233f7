"""How every layer looks and what it says of a feature, as data without a language: rules, signs, labels, tips.

Colours and signs are those of the map page. Words are keys of `planner.layers.words.LEGEND`; expressions are QGIS's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.layers.words import IMPORTED, LEGEND, SCHEMATIC_LONG, VALUES, Pair

if TYPE_CHECKING:
    import pandas as pd

INK, PAPER, GREY, MARK = "#14222e", "#ffffff", "#6b757c", "#a02c0c"
RAMP = ("#eef6f4", "#b9dcd6", "#6fb0a6", "#1f6f68")
NONE, BORDER = "#e9e9e9", "#5d7f7b"
GOLD = ("#fff1b8", "#ffd54a", "#e3a008", "#a86f00", "#6b4500")
ROUTES = {
    "health": "#cc79a7", "education": "#0072b2", "culture": "#e69f00", "sport": "#56b4e9", "police": "#009e73",
    "other_public": "#8d99a0", "public_use": "#c6d3d9", "lease": "#f0e442", "auction": "#d55e00",
}  # fmt: skip
"""Okabe and Ito's colours, as on the map page: told apart by colour-blind people."""
SIZE = "scale_linear(@map_scale, 20000, 400000, {near}, {far})"
LEAD = "array_contains(string_to_array(\"parts\", ', '), 'office')"


@dataclass(frozen=True)
class Sign:
    """A symbol of one layer.

    Attributes
    ----------
    kind : {"fill", "line", "marker"}
    colour, edge : str
        ``#rrggbb``; an empty colour is no filling, an empty edge no outline.
    width : float
        Of the outline or line, mm.
    dash : bool
        A broken line.
    shape : str
        QGIS's name of a marker; an expression where it begins with ``=``.
    near, far : float
        Size in mm at 1:20,000 and at 1:400,000.
    level : int
        Signs of a higher level are drawn over the others.
    """

    kind: str
    colour: str = ""
    edge: str = ""
    width: float = 0.2
    dash: bool = False
    shape: str = "circle"
    near: float = 3.0
    far: float = 1.6
    level: int = 0


@dataclass(frozen=True)
class Rule:
    """A line of the legend; a rule with children is their heading."""

    label: Pair
    sign: Sign | None = None
    where: str = ""
    children: tuple[Rule, ...] = ()
    shown: bool = True
    values: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True)
class Label:
    """Labels of features: an expression, shown from this scale on."""

    text: str
    scale: int
    size: float = 8.0
    bold: bool = False


@dataclass(frozen=True)
class Look:
    """The look of a layer.

    Attributes
    ----------
    rules : tuple of Rule
        Signs and legend.
    title : str
        What a feature is called, an expression.
    tip : tuple of str
        Columns of the tip.
    estimated : tuple of str
        Columns of areas, marked where ``floor_area_basis`` says that they were not surveyed.
    parts : bool
        The codes of column ``parts`` are also said in words.
    """

    rules: tuple[Rule, ...]
    title: str
    tip: tuple[str, ...]
    label: Label | None = None
    estimated: tuple[str, ...] = ()
    parts: bool = False


def rule(key: str, sign: Sign | None = None, where: str = "", **values: object) -> Rule:
    """Return a rule with a word of the legend."""
    return Rule(LEGEND[key], sign, where, values=tuple(values.items()))


def heading(key: str, *children: Rule, shown: bool = True, where: str = "", **values: object) -> Rule:
    """Return a heading with its rules."""
    return Rule(LEGEND[key], None, where, children, shown, tuple(values.items()))


def text(value: str) -> str:
    """Return a text as an expression."""
    quoted = value.replace("\\", "\\\\").replace("'", "''")
    return f"'{quoted}'"


def wards(table: pd.DataFrame, first: int) -> Look:
    """Colour units by premises in use; a schematic boundary is broken and says so in the legend."""
    ground = [rule(f"premises_{n}", Sign("fill", RAMP[n - 1]), f'"premises" = {n}') for n in range(1, 4)]
    ground.append(rule("premises_more", Sign("fill", RAMP[3]), '"premises" >= 4'))
    if (table["premises"] < 1).any():
        ground.append(rule("premises_0", Sign("fill", NONE), '"premises" < 1'))
    rules = [heading("premises", *ground, first=first)]
    basis = set(table["boundary_basis"]) if "boundary_basis" in table else set()
    drawn = "lower(coalesce(\"boundary_basis\", '')) IN ('', 'schematic')"
    if any(str(value).lower() in ("", "schematic") for value in basis):
        rules.append(Rule(SCHEMATIC_LONG, Sign("fill", "", BORDER, 0.3, dash=True, level=1), drawn))
    if any(str(value).lower() not in ("", "schematic") for value in basis):
        rules.append(Rule(IMPORTED, Sign("fill", "", BORDER, 0.3, level=1), f"NOT ({drawn})"))
    tip = (
        "ward_code", "type", "former_district", "population", "premises", "premises_released", "floor_in_use",
        "norm", "missing_to_norm", "citizen_travel_mean", "centre_open_year", "net_present_cost", "boundary_basis",
    )  # fmt: skip
    return Look(tuple(rules), '"name"', tip, Label('"name"', 250_000, 7, bold=True))


def premises(table: pd.DataFrame, first: int, last: int) -> Look:
    """Draw premises in use dark where the Committee sits, surplus ones grey or in the colour of their route."""
    district = "\"kind\" = 'former_district_hq'"
    used = [
        rule(f"{key}{'_lead' if lead else ''}", _used(key, lead), f"{'' if key == 'district' else 'NOT '}({district})"
             f" AND {'' if lead else 'NOT '}{LEAD}")
        for key in ("district", "other")
        for lead in (True, False)
    ]  # fmt: skip
    if ((table["status"] == "in_use") & (table["used_until"] < last)).any():
        ring = Sign("marker", "", GOLD[2], 0.5, near=6.6, far=3.4, level=4)
        used.append(rule("until", ring, f'"used_until" < {last}'))
    rules = [heading("in_use", *used, where="\"status\" = 'in_use'", first=first)]
    if (table["status"] == "under_construction").any():
        built = Sign("marker", GOLD[1], INK, 0.4, shape="diamond", near=4.6, far=2.4, level=3)
        rules.append(rule("building", built, "\"status\" = 'under_construction'"))
    here = table.loc[table["status"] == "released", "route"]
    free = [
        Rule(VALUES["route"][route], _released(colour), f'"route" = {text(route)}')
        for route, colour in ROUTES.items()
        if (here == route).any()
    ]
    if (~here.isin([*ROUTES, "centre"])).any():
        known = ", ".join(text(route) for route in (*ROUTES, "centre"))
        free.append(Rule(VALUES["route"][""], _released(PAPER), f"coalesce(\"route\", '') NOT IN ({known})"))
    if free:
        rules.append(heading("released", *free, where="\"status\" = 'released'", first=first))
    if (here == "centre").any():
        kept = Sign("marker", PAPER, INK, 0.3, dash=True, shape="diamond", near=3.8, far=2.0, level=1)
        rules.append(rule("kept", kept, "\"status\" = 'released' AND \"route\" = 'centre'"))
    tip = (
        "address", "kind", "status", "route", "free_from", "free_route", "parts", "floor_area_m2", "floor_area_basis",
        "floor_area_low_m2", "floor_area_high_m2", "condition", "hall_seats",
    )  # fmt: skip
    areas = ("floor_area_m2", "floor_area_low_m2", "floor_area_high_m2")
    said = "\"name\" || '\\n' || format_number(\"floor_area_m2\", 0) || ' m²'{estimated}"
    return Look(tuple(rules), '"name"', tip, Label(said, 25_000, 7), areas, parts=True)


def _used(key: str, lead: bool) -> Sign:
    shape = "square" if key == "district" else "circle"
    return Sign("marker", INK if lead else PAPER, PAPER if lead else INK, 0.3 if lead else 0.5, shape=shape,
                near=4.4, far=2.0, level=3 if lead else 2)  # fmt: skip


def _released(colour: str) -> Sign:
    shape = "=if(\"kind\" = 'former_district_hq', 'square', 'circle')"
    return Sign("marker", colour, GREY, 0.25, shape=shape, near=2.8, far=1.0)


def centres(table: pd.DataFrame) -> Look:
    """Draw centres as diamonds, the later they open the darker."""
    years = sorted({int(year) for year in table["opens"]})

    def sign(colour: str) -> Sign:
        return Sign("marker", colour, INK, 0.5, shape="diamond", near=7.0, far=4.0, level=1)

    if not years:
        rules: tuple[Rule, ...] = (rule("centre", sign(GOLD[1])),)
    else:
        step = (len(GOLD) - 1) / max(1, len(years) - 1)
        by_year = [
            Rule((str(year), str(year)), sign(GOLD[round(at * step)]), f'"opens" = {year}')
            for at, year in enumerate(years)
        ]
        rules = (heading("opens", *by_year),)
    tip = ("ward_code", "location", "starts", "opens", "floor_m2", "hall_seats", "capital_vnd")
    return Look(rules, '"ward_name"', tip, Label('"ward_name" || \' \' || "opens"', 60_000, 7.5, bold=True))


def links() -> Look:
    """Draw broken lines between the sites of a unit."""
    return Look(
        (rule("same_unit", Sign("line", "#14324a", width=0.5, dash=True)),),
        '"ward_code"',
        ("ward_code", "site_id_a", "site_id_b"),
    )


def points(years: list[int]) -> Look:
    """Draw the points of the last stage; the other stages wait in the legend."""
    signs = (
        ("ward", Sign("marker", "#0072b2", INK, 0.4, near=4.4, far=2.4, level=1),
         "\"kind\" = 'ward' AND \"status\" IN ('own', 'kept')"),
        ("city", Sign("marker", "#ffb000", INK, 0.4, shape="square", near=5.2, far=3.2, level=2),
         "\"kind\" = 'city' AND \"status\" IN ('own', 'kept') AND \"people\" > 0"),
        ("idle", Sign("marker", PAPER, "#9a6a00", 0.6, shape="square", near=4.6, far=2.6, level=2),
         "\"kind\" = 'city' AND \"status\" IN ('own', 'kept') AND \"people\" = 0"),
        ("gone", Sign("marker", "", MARK, 0.5, shape="cross2", near=3.6, far=1.5),
         "\"status\" IN ('handed_over', 'closed')"),
    )  # fmt: skip
    rules = [
        heading("from_year", *(rule(f"point_{key}", sign, where) for key, sign, where in signs),
                shown=year == years[-1], where=f'"year" = {year}', year=year)
        for year in years
    ]  # fmt: skip
    tip = (
        "point_id", "kind", "year", "status", "counters", "counters_needed", "load_files", "capacity_files", "people",
    )  # fmt: skip
    return Look(tuple(rules), '"name"', tip, Label('"name"', 60_000, 7))


def catchments(years: list[int]) -> Look:
    """Draw the ways of the last stage, the longer the stronger; the other stages wait in the legend."""
    signs = (
        ("15", Sign("line", "#5b7a9a", width=0.3), '"minutes" <= 15'),
        ("30", Sign("line", "#2f5580", width=0.45, level=1), '"minutes" > 15 AND "minutes" <= 30'),
        ("more", Sign("line", MARK, width=0.7, level=2), '"minutes" > 30'),
    )
    rules = [
        heading("from_year", *(rule(f"way_{key}", sign, where) for key, sign, where in signs),
                shown=year == years[-1], where=f'"year" = {year}', year=year)
        for year in years
    ]  # fmt: skip
    tip = ("commune_code", "year", "people", "files", "point_id", "road_m", "minutes")
    return Look(tuple(rules), '"commune_code" || \' → \' || "point_id"', tip)


def look_of(layer: str, table: pd.DataFrame, first: int, last: int) -> Look:
    """Return the look of a layer of a plan that runs from `first` to `last` year."""
    if layer in ("points", "catchments"):
        years = sorted({int(year) for year in table["year"]})
        return points(years) if layer == "points" else catchments(years)
    if layer == "wards":
        return wards(table, first)
    if layer == "premises":
        return premises(table, first, last)
    return centres(table) if layer == "centres" else links()
