"""A small project in which every free text of every input is hostile, found from the tables' own descriptions."""

from __future__ import annotations

import csv
import io
import json
import shutil
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, get_args, get_origin

from pydantic import BaseModel

from planner import region
from planner.scenario import Scenario
from planner.tables import Column

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ROOT = Path(__file__).resolve().parents[2]
LEGAL = (
    '=HYPERLINK("http://evil.example","x")',
    "<img src=x onerror=window.__hacked=1>",
    "'=1+1",
    "</script><script>window.__hacked=2</script>",
    "{{ 7 * 191 }}",
    "[% 7 * 191 %]",
    "`${window.__hacked=3}`",
    "{% raw %}{# x #}",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1",
    "-2+3",
    "@SUM(A1)",
    "''+1+1",
    "＝1+1",
    "|calc",
    "%0A%0D",
    "'; DROP TABLE wards; --",
    "[% eval('x') %]<b>[% \"name\" %]",
    "]]><![CDATA[x",
    '?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>&b;',
    "&lt;b&gt;&amp;&#60;",
    "\"><svg onload=window.__hacked=4>'",
    "\\u003cscript\\u003e \\x1b[31m \\",
    "$(touch hacked) `id` %PATH% $HOME",
    "%s %(x)s {0} {n} {label.skip}",
    "@@DATA@@ @@TITLE@@ {estimated}",
    "nan",
    "null",
    "TRUE",
    "1e5",
    "00004",
    "#REF!",
    "a,b;c\"d'e",
    "http://evil.example/?a=1&b=2",
    "javascript:window.__hacked=5",
    "&G &L&D [Picture] _x0041_",
    "- name: x",
    "# x: !!python/object:os.system",
    "Rất dài: " + "đường " * 32 + "hết",
)
"""Texts that every table may hold: printable, precomposed, without spaces at the ends."""
ILLEGAL = {
    "escape": "đỏ \x1b[31m",
    "title": "\x1b]0;x\x07",
    "null": "a\x00b",
    "tab": "a\tb",
    "return": "a\rb",
    "line": "a\nb",
    "override": "a\u202eb",
    "isolate": "a\u2066b",
    "zero width": "a\u200bb",
    "mark inside": "a\ufeffb",
    "separator": "a\u2028b",
    "next line": "a\x85b",
    "decomposed": "Tie\u0302\u0301ng Vie\u0323\u0302t",
    "noncharacter": "a\uffffb",
    "too long": "x" * 2001,
}
"""Texts that no table may hold."""

TABLES: dict[str, tuple[str, tuple[Column, ...]]] = {
    "WARDS": ("data/geo/wards.csv", region.WARDS),
    "COMMUNES": ("data/geo/communes.csv", region.COMMUNES),
    "PAIRS": ("data/geo/commune_ward.csv", region.PAIRS),
    "SITES": ("data/geo/sites.csv", region.SITES),
    "TODAY": ("data/geo/today.csv", region.TODAY),
    "PARCELS": ("data/geo/parcels.csv", region.PARCELS),
    "CITY_POINTS": ("data/geo/city_points.csv", region.CITY_POINTS),
    "SETTINGS": ("data/norms/settings.csv", region.SETTINGS),
    "PARTS": ("data/norms/parts.csv", region.PARTS),
    "POSITIONS": ("data/norms/positions.csv", region.POSITIONS),
    "SPACE_NORMS": ("data/norms/space_norms.csv", region.SPACE_NORMS),
    "TRIPS": ("data/norms/trips.csv", region.TRIPS),
    "DETOUR": ("data/norms/detour.csv", region.DETOUR),
    "LAND_ZONES": ("data/norms/land_zones.csv", region.LAND_ZONES),
    "BANKS": ("data/norms/banks.csv", region.BANKS),
    "BRIDGES": ("data/norms/bridges.csv", region.BRIDGES),
}
"""Every table by the name of its description in `planner.region`; the road metres of TRAVEL hold ids and numbers."""
STRUCTURED = {
    "data/norms/settings.csv": {"key", "value", "unit", "low", "high"},
    "data/norms/parts.csv": {"types"},
    "data/norms/positions.csv": {"types", "count"},
}
"""Columns of text with a grammar of their own: what is not of it is refused."""
FREE_KEYS = {"title_vi", "title_en"}
CHECKED_KEYS = {
    "name", "geo", "norms", "network.travel", "centres.parcels", "rules.required", "rules.excluded", "rules.shared",
    "network.required", "network.excluded", "rules.centres_min_by_district", "origins",
}  # fmt: skip
"""Keys of a scenario that hold text which must name something: a file, a folder, a site, a point, a district."""

POINTS = """point_id,ward_code,name,lat,lon,counters,use,status,source
CP-1,10210,Điểm Một,20.8731,105.897,,candidate,,
CP-2,00352,Điểm Hai,20.9968,105.829,11,candidate,,
"""
SCENARIOS = {
    "xay": """extends: hanoi-2025
horizon: {years: 8}
rules: {centres_min: 2, centres_building_max: 1, surplus_min: {2032: 10}, centres_min_by_district: DISTRICT}
centres: {allowed: true, coverage_share: 60%, parcels: data/geo/parcels.csv}
budget: {yearly_vnd: 14 tỷ, by_year_vnd: {2026: 8 tỷ}, carry_over: true}
release: {route: priority, cash_route: lease}
""",
    "mang": """extends: hanoi-2025
horizon: {years: 5}
rules: {points_min: 4}
network:
  allowed: true
  hand_over_years: [2027, 2028]
  online_by_year: {2027: 70%, 2028: 95%}
  point_vnd_year: 1 tỷ
""",
}


def schemas() -> dict[str, tuple[Column, ...]]:
    """Return every description of a table in `planner.region`, by its name."""
    return {
        name: value
        for name, value in vars(region).items()
        if isinstance(value, tuple) and value and all(isinstance(one, Column) for one in value)
        and not name.startswith("_")
    }  # fmt: skip


def free_columns(path: str, columns: Sequence[Column], header: Iterable[str]) -> list[str]:
    """Return the columns of a file that may hold any text: described so, or not described at all."""
    described = {column.name: column for column in columns}
    bound = {name for name, column in described.items() if column.kind != "text"} | STRUCTURED.get(
        path, set()
    )
    return [name for name in header if name not in bound]


def read(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Return header and rows of a CSV file."""
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    return list(rows[0]), rows


def write(path: Path, header: Sequence[str], rows: Iterable[dict[str, str]]) -> None:
    """Write a CSV file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, header, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")


def clean_project(folder: Path) -> None:
    """Lay out a project of five units with two points of the city, two parcels and two scenarios."""
    shutil.copytree(ROOT / "tests/data/region5", folder / "data/geo")
    shutil.copytree(ROOT / "data/norms", folder / "data/norms")
    (folder / "data/geo/city_points.csv").write_text(POINTS, encoding="utf-8")
    (folder / "scenarios").mkdir()
    for name in ("_base", "hanoi-2025"):
        shutil.copy(ROOT / f"scenarios/{name}.yaml", folder / f"scenarios/{name}.yaml")
    for name, text in SCENARIOS.items():
        (folder / f"scenarios/{name}.yaml").write_text(text.replace("DISTRICT", "{}"), encoding="utf-8")


def soil(
    folder: Path, texts: Sequence[str] = LEGAL, rows_of_each: int | None = None
) -> dict[tuple[str, str], list[str]]:
    """Put texts, one after the other, into the free cells of a clean project; return the columns by file and name.

    Parameters
    ----------
    rows_of_each : int, optional
        So many rows of every table are soiled; all without it.
    """
    turn: Iterator[str] = cycle(texts)
    found: dict[tuple[str, str], list[str]] = {}
    for path, columns in TABLES.values():
        header, rows = read(folder / path)
        header += [column.name for column in columns if column.name not in header and column.kind == "text"]
        header += [name for name in ("source_vi", "note_vi", "them") if name not in header]
        for column in free_columns(path, columns, header):
            values = [
                next(turn) if rows_of_each is None or n < rows_of_each else row.get(column, "")
                for n, row in enumerate(rows)
            ]
            next(turn)  # so that the columns of a short table do not all begin alike
            for row, value in zip(rows, values, strict=True):
                row[column] = value
            found[path, column] = values
        write(folder / path, header, rows)
    district = found["data/geo/wards.csv", "former_district"][0]
    for name, text in SCENARIOS.items():
        titles = [next(turn)[:200] for _ in range(2)]
        found[f"scenarios/{name}.yaml", "title_vi"], found[f"scenarios/{name}.yaml", "title_en"] = (
            [t] for t in titles
        )
        text = text.replace("DISTRICT", "{" + json.dumps(district, ensure_ascii=False) + ": 0}")
        keys = "".join(
            f"{key}: {json.dumps(t, ensure_ascii=False)}\n"
            for key, t in zip(FREE_TITLES, titles, strict=True)
        )
        (folder / f"scenarios/{name}.yaml").write_text(text + keys, encoding="utf-8")
    soil_boundaries(folder, texts)
    return found


FREE_TITLES = ("title_vi", "title_en")


def soil_boundaries(folder: Path, texts: Sequence[str]) -> list[str]:
    """Give every polygon a text as its basis, and columns of texts besides; return the bases."""
    path = folder / "data/geo/wards.geojson"
    layer = json.loads(path.read_text(encoding="utf-8"))
    turn = cycle(texts)
    bases = []
    for feature in layer["features"]:
        feature["properties"]["boundary_basis"] = next(turn)
        bases.append(feature["properties"]["boundary_basis"])
        feature["properties"].update({"name": next(turn), "ten": next(turn)})
    path.write_text(json.dumps(layer), encoding="utf-8")
    return bases


def text_keys(model: type[BaseModel] = Scenario, before: str = "") -> set[str]:
    """Return every key of a scenario that holds text of any kind."""
    found = set()
    for name, field in model.model_fields.items():
        kinds = [field.annotation, *get_args(field.annotation)]
        inner = next((k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel)), None)
        if inner:
            found |= text_keys(inner, f"{before}{name}.")
        elif str in kinds or (get_origin(field.annotation) is dict and get_args(field.annotation)[0] is str):
            found.add(before + name)
    return found
