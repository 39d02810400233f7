"""The sheets Assumptions and Norms: every setting and every norm with its source and status."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from planner.report.book import Book
from planner.report.cells import Cell, clean, number_of
from planner.report.figures import Figures, records
from planner.report.table import Column, Row, Table
from planner.report.words import TEXT, Words
from planner.wording import number

if TYPE_CHECKING:
    from planner.plan import Plan

_NO_CHOICE = ("schema", "schema_", "name", "title_vi", "title_en")


def write_assumptions(book: Book, figures: Figures) -> None:
    """Write the settings, then the choices of the scenario; coloured where the scenario changed a default."""
    used = used_settings(figures.plan)
    settings = records(figures.plan.norms.settings, "key")
    origins = getattr(figures.plan.scenario, "origins", None)
    origins = origins if isinstance(origins, Mapping) else {}
    rows: list[Row] = [
        _setting(book.words, key, row, used.get(key, number_of(row.get("value"))), origins.get(key))
        for key, row in settings.items()
    ]
    for key, value in used.items():
        if key not in settings and key not in _NO_CHOICE:
            origin = clean(origins.get(key)) or f"{book.words('scenario')} {figures.name}"
            rows.append(_choice(book.words, key, value, origin))
    columns = [
        Column("section", 18),
        Column("name", 38),
        Column("value", 16, "int"),
        Column("measure_unit", 24),
        Column("default", 14, "int"),
        Column("low", 13, "int"),
        Column("high", 13, "int"),
        Column("status", 15, "centre"),
        Column("source", 50),
        Column("note", 36),
        Column("changed", 18, "centre"),
        Column("key", 40),
    ]
    table = Table(book, "assumptions", columns, rows, unit="unit.assumptions")
    places = {key: n for n, key in enumerate(settings)}
    for name, value in (("discount_rate", figures.rate), ("start_year", figures.start_year)):
        place = places.get(f"horizon.{name}")
        if place is None:
            book.workbook.define_name(name, f"={value}")
        else:
            table.name(name, table.cell_of("value", place))


def used_settings(plan: Plan) -> dict[str, object]:
    """Return the value of every setting of the scenario, by key ``section.name``."""
    scenario = plan.scenario
    raw: Mapping[str, Any] = scenario.model_dump() if hasattr(scenario, "model_dump") else {}
    used: dict[str, object] = {}
    for section, values in raw.items():
        if isinstance(values, Mapping):
            used.update({f"{section}.{name}": value for name, value in values.items()})
        else:
            used[section] = values
    return used


def _setting(words: Words, key: str, row: Mapping[str, Any], used: object, origin: object) -> Row:
    """Return the row of a setting: value used, default and range, where it comes from."""
    default = number_of(row.get("value"))
    value = number_of(used)
    changed = value is not None and default is not None and not math.isclose(value, default, rel_tol=1e-9)
    mark = "changed" if changed else ""
    unit = row.get("unit")
    return {
        "section": words.of("section", key.split(".")[0]),
        "name": words.pick(row),
        "value": _setting_cell(key, value, unit, mark),
        "measure_unit": words.unit(unit),
        "default": _setting_cell(key, default, unit),
        "low": _setting_cell(key, number_of(row.get("low")), unit),
        "high": _setting_cell(key, number_of(row.get("high")), unit),
        "status": words.status(row),
        "source": words.source(row),
        "note": words.note(row),
        "changed": Cell(_changed_text(words, origin) if changed else "", mark),
        "key": key,
    }


def _setting_cell(key: str, value: float | None, unit: object, style: str = "") -> Cell:
    """Return the value of a setting as its unit looks: a share, a year, a whole or a decimal number."""
    if value is None:
        return Cell("", style, "centre")
    if str(unit) == "share":
        return Cell(value, style, "share_exact")
    if key == "horizon.start_year":
        return Cell(value, style, "year")
    return Cell(value, style, "int" if float(value).is_integer() else "decimal")


def _changed_text(words: Words, origin: object) -> str:
    place = clean(origin)
    return f"{words('changed.yes')}: {place}" if ".yaml" in place else words("changed.yes")


def _choice(words: Words, key: str, value: object, origin: str) -> Row:
    """Return the row of a choice of the scenario that is no row of the settings table."""
    known = f"choice.{key}" in TEXT
    shown = _shown(words, value)
    return {
        "section": words.of("section", key.split(".")[0] if "." in key else "scenario"),
        "name": words(f"choice.{key}") if known else f"{words('choice.other')}: {key}",
        "value": Cell(shown, "", "centre" if isinstance(shown, str) else ""),
        "status": words("status.scenario"),
        "source": origin,
        "key": key,
    }


def _shown(words: Words, value: object) -> object:
    """Return a scenario choice as people read it."""
    if value is None or value == () or value == [] or value == {}:
        return words("nothing")
    if isinstance(value, bool):
        return words("yes") if value else words("no_")
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, Mapping):
        return "; ".join(
            f"{clean(key)}: {number(one, words.lang) if isinstance(one, (int, float)) else clean(one)}"
            for key, one in value.items()
        )
    if isinstance(value, (list, tuple)):
        return ", ".join(clean(one) for one in value)
    return words.of("option", value)


def write_norms(book: Book, figures: Figures) -> None:
    """Write the tables of data/norms one below the other."""
    columns = [
        Column("table", 26),
        Column("code", 20, "code"),
        Column("name_of", 44),
        Column("applies", 44),
        Column("value", 15, "int"),
        Column("measure_unit", 24),
        Column("status", 15, "centre"),
        Column("source", 56),
    ]
    Table(book, "norms", columns, list(_norm_rows(figures)), unit="unit.norms", frozen=0)


def _norm_rows(figures: Figures) -> Iterator[Row]:
    """Return the norm tables as rows."""
    words, norms = figures.words, figures.plan.norms
    areas = records(norms.space_norms, "norm")

    def line(
        table: str, row: Mapping[str, Any], code: str, name: str, applies: str, value: object, unit: str
    ) -> Row:
        kind = "centre" if isinstance(value, str) else "decimal" if isinstance(value, float) else "int"
        return {
            "table": words(f"table.{table}"),
            "code": clean(code),
            "name_of": name,
            "applies": applies,
            "value": Cell(value, "", kind),
            "measure_unit": words(f"norms.{unit}"),
            "status": words.status(row),
            "source": words.source(row),
        }

    def part(code: object) -> str:
        text = str(code)
        return words("norms.department") if text == "department" else figures.part_name(text)

    def types(row: Mapping[str, Any]) -> str:
        return ", ".join(words.of("type", one).lower() for one in str(row.get("types", "")).split("|"))

    for code, row in records(norms.parts, "part").items():
        applies = f"{words.of('body', row.get('body'))}; {types(row)}"
        share = number_of(row.get("share_of_rest"))
        yield line("parts", row, code, words.pick(row), applies, share, "share_of_rest")
    for code, row in records(norms.positions, "position").items():
        count = number_of(row.get("count"))
        norm = str(row.get("norm"))
        area = number_of(areas.get(norm, {}).get("m2_net"))
        shown = f"{number(area, words.lang)} {words('norms.m2')}" if area is not None else clean(norm)
        applies = f"{part(row.get('part'))}; {types(row)}; {words.of('post', norm)}: {shown}"
        if str(row.get("switch")) != "on":
            applies += f"; {words('norms.off')}"
        people: object = words("norms.rest") if count is None else count
        yield line("positions", row, code, words.pick(row), applies, people, "count")
    for code, row in areas.items():
        name, applies = words.of("post", code), words.of("row", row.get("row"))
        yield line("space_norms", row, code, name, applies, number_of(row.get("m2_net")), "m2")
    for row in norms.trips.reset_index().to_dict("records"):
        pair = f"{part(row['part_a'])} – {part(row['part_b'])}"
        code = f"{row['part_a']}, {row['part_b']}"
        yield line("trips", row, code, pair, "", number_of(row["trips_per_day"]), "trips")
    for row in norms.detour.reset_index().to_dict("records"):
        distance = number(number_of(row["straight_km"]) or 0, words.lang, 2)
        name = f"{distance} {words('norms.straight')}"
        yield line("detour", row, distance, name, "", number_of(row["detour"]), "detour")
    for code, row in records(norms.land_zones, "zone").items():
        zone = f"{words('norms.zone')} {clean(code)}"
        yield line("land_zones", row, code, zone, "", number_of(row["land_vnd_per_m2"]), "land")
        yield line("land_zones", row, code, zone, "", number_of(row["rent_vnd_per_m2_month"]), "rent")
