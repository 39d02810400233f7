"""Bad tables, one fault each, named by the fault: code, place and value must be told."""

import csv
import io
import os
import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from planner.check import read_inputs
from planner.errors import InputError, Problem
from planner.region import Region, read_norms, read_region
from planner.tables import MAX_SAME_PROBLEM
from planner.wording import MESSAGES, in_language

ROOT = Path(__file__).resolve().parent.parent
REGION5 = ROOT / "tests" / "data" / "region5"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of five units: region5, the real norms and one scenario."""
    (tmp_path / "scenarios").mkdir()
    shutil.copy(ROOT / "scenarios" / "_base.yaml", tmp_path / "scenarios")
    (tmp_path / "scenarios" / "five.yaml").write_text("extends: _base\ntitle_en: Five\n", encoding="utf-8")
    shutil.copytree(REGION5, tmp_path / "data" / "geo")
    shutil.copytree(ROOT / "data" / "norms", tmp_path / "data" / "norms")
    return tmp_path


def problems_of(project: Path) -> list[Problem]:
    """Everything that is wrong with the project, or nothing."""
    try:
        read_inputs("five", project)
    except InputError as error:
        return error.problems
    return []


Edit = Callable[[bytes], bytes]


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))


def bytes_of(rows: list[list[str]], separator: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n", delimiter=separator).writerows(rows)
    return text.getvalue().encode("utf-8")


def cell(row: int, column: str, value: str) -> Edit:
    """Set a cell; the header is row 1."""

    def edit(data: bytes) -> bytes:
        rows = rows_of(data)
        rows[row - 1][rows[0].index(column)] = value
        return bytes_of(rows)

    return edit


def line(row: int, change: Callable[[str], str]) -> Edit:
    """Change the text of a line."""

    def edit(data: bytes) -> bytes:
        lines = data.decode("utf-8").split("\n")
        lines[row - 1] = change(lines[row - 1])
        return "\n".join(lines).encode("utf-8")

    return edit


def without(row: int) -> Edit:
    return lambda data: bytes_of([cells for at, cells in enumerate(rows_of(data), 1) if at != row])


def rename(column: str, name: str) -> Edit:
    return line(1, lambda text: ",".join(name if cell == column else cell for cell in text.split(",")))


def drop_column(column: str) -> Edit:
    def edit(data: bytes) -> bytes:
        rows = rows_of(data)
        at = rows[0].index(column)
        return bytes_of([cells[:at] + cells[at + 1 :] for cells in rows])

    return edit


def twice(column: str) -> Edit:
    def edit(data: bytes) -> bytes:
        rows = rows_of(data)
        at = rows[0].index(column)
        return bytes_of([[*cells, cells[at]] for cells in rows])

    return edit


def recode(encoding: str) -> Edit:
    """Save in a legacy encoding the way Windows does: letters with tones as base and combining mark."""

    def edit(data: bytes) -> bytes:
        text = data.decode("utf-8")
        if encoding == "cp1258":
            text = "".join(_decomposed_for_1258(character) for character in text)
        return text.encode(encoding, errors="replace")

    return edit


def _decomposed_for_1258(character: str) -> str:
    try:
        character.encode("cp1258")
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", character)
        if len(parts) < 3:
            return parts
        mark = parts[-1] if parts[-1] in "\u0300\u0301\u0303\u0309\u0323" else parts[1]
        rest = parts[:-1] if mark == parts[-1] else parts[0] + parts[2]
        return unicodedata.normalize("NFC", rest) + mark
    return character


def all_cells(column: str, change: Callable[[str], str]) -> Edit:
    def edit(data: bytes) -> bytes:
        rows = rows_of(data)
        at = rows[0].index(column)
        return bytes_of(
            [rows[0], *([*cells[:at], change(cells[at]), *cells[at + 1 :]] for cells in rows[1:])]
        )

    return edit


class Bad(NamedTuple):
    """A fault: the file, how it is broken, and what must be told about it."""

    file: str
    edit: Edit
    code: str
    place: str
    names: str = ""


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


# Rows of region5: wards 2 = 00316, 3 = 00328, 4 = 00352, 5 = 00367, 6 = 10210; sites 2 = HC-00307 … 17 = HD-009.
BAD: dict[str, Bad] = {
    # the file as such
    "utf16": Bad("wards.csv", recode("utf-16"), "E103", "wards.csv:1", "UTF-16"),
    "utf16-without-mark": Bad("wards.csv", recode("utf-16-le"), "E103", "wards.csv:1", "UTF-16"),
    "cp1258": Bad("wards.csv", recode("cp1258"), "E103", "wards.csv:2", "Windows-1258"),
    "one-byte-of-latin1": Bad(
        "communes.csv", lambda d: d.replace("Phường".encode(), b"Ph\xfa", 1), "E103", "communes.csv:2", "0xFA"
    ),
    "mark-inside": Bad(
        "sites.csv", lambda d: d.replace(b"HC-00316", b"\xef\xbb\xbfHC-00316", 1), "E104", "sites.csv:3"
    ),
    "two-marks": Bad("sites.csv", lambda d: b"\xef\xbb\xbf\xef\xbb\xbf" + d, "E104", "sites.csv:1"),
    "empty-file": Bad("today.csv", lambda d: b"", "E105", "today.csv"),
    "blank-file": Bad("sites.csv", lambda d: b"\n\n  \n", "E105", "sites.csv"),
    "header-only": Bad("sites.csv", lambda d: d.split(b"\n")[0] + b"\n", "E106", "sites.csv"),
    "semicolons": Bad("wards.csv", lambda d: bytes_of(rows_of(d), ";"), "E107", "wards.csv:1", "semicolon"),
    "tabs": Bad("wards.csv", lambda d: bytes_of(rows_of(d), "\t"), "E107", "wards.csv:1", "tab"),
    "sep-line": Bad("wards.csv", lambda d: b"sep=;\n" + d, "E134", "wards.csv:1", "sep=;"),
    "column-missing": Bad("sites.csv", drop_column("condition"), "E108", "sites.csv:1", "condition"),
    "column-misspelt": Bad(
        "sites.csv", rename("hall_seats", "hall_seat"), "E108", "sites.csv:1", "Did you mean hall_seat?"
    ),
    "column-twice": Bad("sites.csv", twice("ward_code"), "E109", "sites.csv:1 ward_code", "ward_code"),
    "column-nameless": Bad("wards.csv", lambda d: d.replace(b"\n", b",\n"), "E128", "wards.csv:1", "1"),
    "header-with-space": Bad("wards.csv", rename("status", " status"), "E113", "wards.csv:1", " status"),
    "row-too-long": Bad("wards.csv", line(3, lambda t: t + ",x"), "E110", "wards.csv:3", "15"),
    "row-too-short": Bad("wards.csv", line(4, lambda t: t.rsplit(",", 1)[0]), "E110", "wards.csv:4", "13"),
    "address-without-quotes": Bad(
        "sites.csv",
        line(4, lambda t: t.replace('"Số 669, đường Lĩnh Nam"', "Số 669, đường Lĩnh Nam")),
        "E110",
        "sites.csv:4",
        "22",
    ),
    "decimal-comma-without-quotes": Bad(
        "wards.csv", line(2, lambda t: t.replace("5.34", "5,34")), "E110", "wards.csv:2", "15"
    ),
    "blank-row": Bad("wards.csv", line(6, lambda t: t + "\n" + "," * 13), "E131", "wards.csv:7"),
    "quote-open": Bad(
        "wards.csv",
        line(3, lambda t: t.replace("Lĩnh Nam", '"Lĩnh Nam', 1)),
        "E127",
        "wards.csv:3",
        "unexpected end of data",
    ),
    "quote-inside": Bad(
        "wards.csv", line(3, lambda t: t.replace("Lĩnh Nam", '"Lĩnh" Nam', 1)), "E127", "wards.csv:3"
    ),
    "cell-of-100k": Bad("sites.csv", cell(3, "note", "x" * 100_000), "E130", "sites.csv:3 note", "100000"),
    "cell-of-200k": Bad("sites.csv", cell(3, "note", "x" * 200_000), "E130", "sites.csv:3", "2000"),
    # any cell
    "nfd-name": Bad("wards.csv", cell(3, "name", nfd("Lĩnh Nam")), "E112", "wards.csv:3 name", "nh Nam"),
    "nfd-type": Bad("wards.csv", cell(3, "type", nfd("phường")), "E112", "wards.csv:3 type"),
    "space-before-code": Bad(
        "sites.csv", cell(3, "ward_code", " 00316"), "E113", "sites.csv:3 ward_code", "00316"
    ),
    "nbsp-after-name": Bad(
        "wards.csv", cell(2, "name", "Định Công\u00a0"), "E113", "wards.csv:2 name", "Định Công"
    ),
    "nul": Bad("wards.csv", cell(2, "name", "Định\x00Công"), "E111", "wards.csv:2 name", "U+0000"),
    "escape-sequence": Bad(
        "sites.csv", cell(3, "name", "Trụ\x1b[2Jsở"), "E111", "sites.csv:3 name", "\\u{001b}"
    ),
    "soft-hyphen": Bad("wards.csv", cell(2, "name", "Định\u00ad Công"), "E111", "wards.csv:2 name", "U+00AD"),
    "line-end-in-cell": Bad("sites.csv", cell(3, "name", "Trụ\nsở"), "E111", "sites.csv:3 name", "U+000A"),
    "right-to-left-override": Bad(
        "sites.csv", cell(3, "name", "Trụ\u202esở"), "E111", "sites.csv:3 name", "U+202E"
    ),
    "name-empty": Bad("wards.csv", cell(2, "name", ""), "E114", "wards.csv:2 name"),
    "number-empty": Bad("sites.csv", cell(5, "floor_area_m2", ""), "E114", "sites.csv:5 floor_area_m2"),
    # numbers
    "decimal-comma": Bad("wards.csv", cell(2, "area_km2", "5,34"), "E115", "wards.csv:2 area_km2", "5.34"),
    "thousands-point": Bad(
        "sites.csv", cell(3, "floor_area_m2", "1.950"), "E116", "sites.csv:3 floor_area_m2", "1950"
    ),
    "thousands-comma": Bad(
        "wards.csv", cell(2, "population", "85,502"), "E116", "wards.csv:2 population", "85502"
    ),
    "thousands-space": Bad(
        "wards.csv", cell(2, "population", "85 502"), "E116", "wards.csv:2 population", "85502"
    ),
    "unit-in-cell": Bad(
        "sites.csv", cell(3, "floor_area_m2", "1950 m2"), "E117", "sites.csv:3 floor_area_m2", "1950 m2"
    ),
    "full-width-digits": Bad(
        "sites.csv", cell(3, "hall_seats", "２００"), "E117", "sites.csv:3 hall_seats", "２００"
    ),
    "excel-scientific": Bad(
        "wards.csv", cell(2, "population", "8.55E+04"), "E118", "wards.csv:2 population", "8.55E+04"
    ),
    "excel-date": Bad("wards.csv", cell(2, "area_km2", "5-Mar"), "E119", "wards.csv:2 area_km2", "5-Mar"),
    "excel-date-iso": Bad(
        "sites.csv",
        cell(3, "workplaces", "2025-04-01 00:00:00"),
        "E119",
        "sites.csv:3 workplaces",
        "2025-04-01",
    ),
    "nan": Bad("sites.csv", cell(3, "hall_seats", "NaN"), "E120", "sites.csv:3 hall_seats", "NaN"),
    "infinity": Bad("wards.csv", cell(2, "area_km2", "-inf"), "E120", "wards.csv:2 area_km2", "-inf"),
    "excel-error": Bad(
        "sites.csv", cell(3, "land_area_m2", "#REF!"), "E129", "sites.csv:3 land_area_m2", "#REF!"
    ),
    "not-whole": Bad("sites.csv", cell(3, "hall_seats", "200.5"), "E132", "sites.csv:3 hall_seats", "200.5"),
    "floor-zero": Bad(
        "sites.csv", cell(3, "floor_area_m2", "0"), "E121", "sites.csv:3 floor_area_m2", "1 … 200000"
    ),
    "floor-negative": Bad(
        "sites.csv", cell(3, "floor_area_m2", "-1950"), "E121", "sites.csv:3 floor_area_m2", "-1950"
    ),
    "floor-absurd": Bad(
        "sites.csv",
        cell(3, "floor_area_high_m2", "2000000"),
        "E121",
        "sites.csv:3 floor_area_high_m2",
        "2000000",
    ),
    "floor-of-30-digits": Bad(
        "sites.csv", cell(3, "floor_area_m2", "9" * 30), "E121", "sites.csv:3 floor_area_m2", "999"
    ),
    "area-zero": Bad("wards.csv", cell(2, "area_km2", "0"), "E121", "wards.csv:2 area_km2", "> 0"),
    "population-zero": Bad(
        "wards.csv", cell(2, "population", "0"), "E121", "wards.csv:2 population", "1 … 2000000"
    ),
    "people-of-pair-negative": Bad(
        "commune_ward.csv", cell(2, "population", "-5"), "E121", "commune_ward.csv:2 population", "-5"
    ),
    "point-out-of-country": Bad("sites.csv", cell(3, "lat", "48.85"), "E121", "sites.csv:3 lat", "48.85"),
    "formula": Bad("sites.csv", cell(3, "hall_seats", "=1+1"), "E117", "sites.csv:3 hall_seats", "=1+1"),
    # codes
    "excel-code-4-digits": Bad(
        "sites.csv", cell(3, "ward_code", "316"), "E122", "sites.csv:3 ward_code", "00316"
    ),
    "excel-code-decimal": Bad(
        "wards.csv", cell(2, "ward_code", "316.0"), "E122", "wards.csv:2 ward_code", "00316"
    ),
    "excel-codes-all": Bad(
        "today.csv", all_cells("ward_code", lambda v: str(int(v))), "E122", "today.csv:3 ward_code", "00316"
    ),
    "excel-code-of-nobody": Bad(
        "sites.csv", cell(3, "ward_code", "9"), "E301", "sites.csv:3 ward_code", '"9"'
    ),
    "code-with-letters": Bad(
        "wards.csv", cell(2, "ward_code", "HN316"), "E123", "wards.csv:2 ward_code", "HN316"
    ),
    "site-id-with-space": Bad(
        "sites.csv", cell(3, "site_id", "HC 00316"), "E123", "sites.csv:3 site_id", "HC 00316"
    ),
    "site-id-of-a-centre": Bad(
        "sites.csv", cell(3, "site_id", "centre-00316"), "E325", "sites.csv:3 site_id", "centre-00316"
    ),
    "ward-twice": Bad("wards.csv", cell(3, "ward_code", "00316"), "E124", "wards.csv:3 ward_code", "row 2"),
    "commune-twice": Bad(
        "communes.csv", cell(3, "commune_code", "00175"), "E124", "communes.csv:3 commune_code", "00175"
    ),
    "pair-twice": Bad(
        "commune_ward.csv",
        line(6, lambda t: "00307,00316,remainder,some,20091,estimated"),
        "E124",
        "commune_ward.csv:6 ward_code",
        "00307 00316",
    ),
    "site-twice": Bad("sites.csv", cell(5, "site_id", "HC-00328"), "E124", "sites.csv:5 site_id", "HC-00328"),
    "body-twice": Bad("today.csv", cell(3, "body", "party"), "E124", "today.csv:3 body", "00316 party"),
    # choices
    "unknown-kind": Bad(
        "sites.csv",
        cell(3, "kind", "former_comune_hq"),
        "E125",
        "sites.csv:3 kind",
        "Did you mean former_commune_hq?",
    ),
    "unknown-condition": Bad(
        "sites.csv", cell(3, "condition", "E"), "E125", "sites.csv:3 condition", "A, B, C, D"
    ),
    "unknown-use": Bad(
        "sites.csv", cell(3, "use", "Required"), "E125", "sites.csv:3 use", "Did you mean required?"
    ),
    "unknown-type": Bad("wards.csv", cell(2, "type", "quận"), "E125", "wards.csv:2 type", "quận"),
    "unknown-body": Bad("today.csv", cell(2, "body", "police"), "E125", "today.csv:2 body", "police"),
    "unknown-pop-rule": Bad(
        "commune_ward.csv", cell(2, "pop_rule", "half"), "E125", "commune_ward.csv:2 pop_rule", "half"
    ),
    "unknown-pair-kind": Bad(
        "commune_ward.csv", cell(2, "kind", "parts"), "E125", "commune_ward.csv:2 kind", "Did you mean part?"
    ),
    # tables against each other
    "unknown-ward-of-site": Bad(
        "sites.csv", cell(3, "ward_code", "00317"), "E301", "sites.csv:3 ward_code", "Did you mean 00316?"
    ),
    "unknown-ward-of-pair": Bad(
        "commune_ward.csv", cell(2, "ward_code", "99999"), "E301", "commune_ward.csv:2 ward_code", "99999"
    ),
    "unknown-ward-of-today": Bad(
        "today.csv", cell(2, "ward_code", "00317"), "E301", "today.csv:2 ward_code", "00317"
    ),
    "unknown-commune": Bad(
        "commune_ward.csv",
        cell(2, "commune_code", "00176"),
        "E316",
        "commune_ward.csv:2 commune_code",
        "00176",
    ),
    "site-of-two-wards": Bad(
        "sites.csv",
        cell(5, "site_id", "HC-00316"),
        "E302",
        "sites.csv:5 site_id",
        "00328 here, 00316 in row 3",
    ),
    "ward-without-site": Bad("sites.csv", without(3), "E303", "wards.csv:2 ward_code", "00316 Định Công"),
    "ward-without-commune": Bad(
        "commune_ward.csv",
        lambda d: bytes_of([c for c in rows_of(d) if c[1] != "10210"]),
        "E304",
        "wards.csv:6 ward_code",
        "10210 Hồng Vân",
    ),
    "commune-without-ward": Bad(
        "commune_ward.csv", without(31), "E305", "communes.csv:29 commune_code", "10213"
    ),
    "people-do-not-sum": Bad(
        "wards.csv", cell(2, "population", "86502"), "E307", "wards.csv:2 population", "85502"
    ),
    "site-in-the-sea": Bad("sites.csv", cell(3, "lon", "107.9"), "E308", "sites.csv:3 lat", "HC-00316"),
    "site-in-other-ward": Bad(
        "sites.csv", cell(17, "ward_code", "10210"), "E309", "sites.csv:17 lat", "HD-009"
    ),
    "seat-of-today-elsewhere": Bad(
        "today.csv", cell(2, "lat", "21.6"), "E308", "today.csv:2 lat", "HC-00316"
    ),
    "floors-out-of-order": Bad(
        "sites.csv",
        cell(3, "floor_area_low_m2", "2000"),
        "E310",
        "sites.csv:3 floor_area_m2",
        "low 2000, middle 1950",
    ),
    "today-unknown-site": Bad(
        "today.csv", cell(2, "site_id", "HC-00361"), "E311", "today.csv:2 site_id", "HC-00361"
    ),
    "today-site-of-other-ward": Bad(
        "today.csv", cell(2, "site_id", "HD-009"), "E312", "today.csv:2 site_id", "00367 Thanh Xuân"
    ),
    "unknown-land-zone": Bad(
        "wards.csv", cell(2, "land_price_zone", "18"), "E313", "wards.csv:2 land_price_zone", "18"
    ),
    "lat-lon-swapped": Bad(
        "sites.csv",
        lambda d: cell(3, "lat", "105.822541")(cell(3, "lon", "20.977645")(d)),
        "E314",
        "sites.csv:3 lat",
        "105.822541",
    ),
    "metres-for-degrees": Bad(
        "sites.csv",
        lambda d: cell(3, "lat", "2320145.3")(cell(3, "lon", "585422.1")(d)),
        "E133",
        "sites.csv:3 lat",
        "2320145.3",
    ),
    "whole-in-two-wards": Bad(
        "commune_ward.csv", cell(5, "kind", "whole"), "E315", "commune_ward.csv:5 kind", "00307"
    ),
    "people-where-none": Bad(
        "commune_ward.csv", cell(14, "population", "3"), "E319", "commune_ward.csv:14 population", "3"
    ),
    "all-and-some": Bad(
        "commune_ward.csv", cell(5, "pop_rule", "all"), "E322", "commune_ward.csv:5 pop_rule", "00307"
    ),
    "all-sites-excluded": Bad(
        "sites.csv", cell(3, "use", "excluded"), "E320", "wards.csv:2 ward_code", "00316 Định Công"
    ),
    "ward-point-far": Bad(
        "wards.csv", cell(6, "lat", "20.1797"), "E321", "wards.csv:6 lat", "10210 Hồng Vân"
    ),
    "commune-point-far": Bad(
        "communes.csv", cell(26, "lat", "20.5"), "E323", "communes.csv:26 lat", "Hồng Vân"
    ),
}

BAD_NORMS: dict[str, Bad] = {
    "setting-unknown": Bad(
        "settings.csv",
        cell(2, "key", "horizon.start_yaer"),
        "E317",
        "settings.csv:2 key",
        "Did you mean horizon.start_year?",
    ),
    "setting-twice": Bad(
        "settings.csv",
        cell(3, "key", "horizon.start_year"),
        "E124",
        "settings.csv:3 key",
        "horizon.start_year",
    ),
    "setting-decimal-comma": Bad(
        "settings.csv", cell(4, "value", "8,5%"), "E208", "settings.csv:4 value", "8,5%"
    ),
    "setting-out-of-range": Bad(
        "settings.csv", cell(4, "value", "80%"), "E207", "settings.csv:4 value", "0% … 50%"
    ),
    "setting-low-above-high": Bad("settings.csv", cell(4, "low", "20%"), "E324", "settings.csv:4 low", "20%"),
    "setting-low-not-a-number": Bad(
        "settings.csv", cell(4, "low", "few"), "E206", "settings.csv:4 low", "few"
    ),
    "unknown-status": Bad(
        "settings.csv", cell(4, "status", "guessed"), "E125", "settings.csv:4 status", "guessed"
    ),
    "part-of-unknown-body": Bad(
        "parts.csv", cell(2, "body", "pary"), "E125", "parts.csv:2 body", "Did you mean party?"
    ),
    "part-without-body": Bad(
        "parts.csv",
        lambda d: bytes_of([r for r in rows_of(d) if r[0] != "front"]),
        "E326",
        "parts.csv",
        "front",
    ),
    "front-in-two-parts": Bad(
        "parts.csv",
        lambda d: bytes_of([*rows_of(d), ["front-2", *next(r for r in rows_of(d) if r[0] == "front")[1:]]]),
        "E326",
        "parts.csv",
        "2 parts of front",
    ),
    "reception-under-another-name": Bad(
        "parts.csv",
        lambda d: bytes_of([["desk", *r[1:]] if r[0] == "reception" else r for r in rows_of(d)]),
        "E328",
        "parts.csv:9 part",
        "reception",
    ),
    "two-rest-rows": Bad(
        "positions.csv",
        lambda d: bytes_of([*rows_of(d), ["P98", *next(r for r in rows_of(d) if r[0] == "P99")[1:]]]),
        "E329",
        "positions.csv:26 count",
        "party",
    ),
    "two-leaders": Bad("parts.csv", cell(4, "kind", "leaders"), "E326", "parts.csv", "2 parts"),
    "unknown-unit-type": Bad(
        "parts.csv", cell(2, "types", "phường|xa"), "E125", "parts.csv:2 types", "phường|xa"
    ),
    "position-of-unknown-part": Bad(
        "positions.csv", cell(2, "part", "partty"), "E318", "positions.csv:2 part", "Did you mean party?"
    ),
    "position-of-unknown-norm": Bad(
        "positions.csv",
        cell(2, "norm", "secretery"),
        "E318",
        "positions.csv:2 norm",
        "Did you mean secretary?",
    ),
    "position-count": Bad("positions.csv", cell(2, "count", "one"), "E117", "positions.csv:2 count", "one"),
    "trips-of-unknown-part": Bad(
        "trips.csv", cell(2, "part_a", "ofice"), "E318", "trips.csv:2 part_a", "Did you mean office?"
    ),
    "detour-below-one": Bad("detour.csv", cell(2, "detour", "0.9"), "E121", "detour.csv:2 detour", "0.9"),
    "detour-not-ascending": Bad(
        "detour.csv", cell(3, "straight_km", "0.5"), "E327", "detour.csv:3 straight_km", "0.5"
    ),
    "land-zone-twice": Bad("land_zones.csv", cell(3, "zone", "1"), "E124", "land_zones.csv:3 zone", "1"),
    "land-price-negative": Bad(
        "land_zones.csv", cell(3, "land_vnd_per_m2", "-1"), "E121", "land_zones.csv:3 land_vnd_per_m2", "-1"
    ),
    "space-norm-zero": Bad(
        "space_norms.csv", cell(3, "m2_net", "0"), "E121", "space_norms.csv:3 m2_net", "> 0"
    ),
}


def test_region5_is_good(project: Path) -> None:
    """The region all faults start from has none."""
    assert problems_of(project) == []


def check_case(project: Path, folder: str, bad: Bad) -> list[Problem]:
    path = project / "data" / folder / bad.file
    before = path.read_bytes()
    after = bad.edit(before)
    assert after != before, "the fault was not put in"
    path.write_bytes(after)
    problems = problems_of(project)
    place = f"data/{folder}/{bad.place}"
    hits = [found for found in problems if found.code.startswith(bad.code) and found.where == place]
    assert hits, f"no {bad.code} at {place} in:\n" + "\n".join(map(str, problems))
    assert any(bad.names in str(hit) for hit in hits), str(hits[0])
    return problems


@pytest.mark.parametrize("name", BAD)
def test_bad_geo_table(project: Path, name: str) -> None:
    """The fault is told with code, place and value, and nothing else much is."""
    problems = check_case(project, "geo", BAD[name])
    if name not in ("excel-codes-all", "ward-twice", "ward-without-commune"):
        assert len(problems) <= 4, "\n".join(map(str, problems))
    assert all(len(str(found)) < 700 for found in problems)


@pytest.mark.parametrize("name", BAD_NORMS)
def test_bad_norms_table(project: Path, name: str) -> None:
    """The same for the norms; a table read twice is told once."""
    problems = check_case(project, "norms", BAD_NORMS[name])
    assert len(problems) <= 7, "\n".join(map(str, problems))


@pytest.mark.parametrize("name", [*BAD, *BAD_NORMS])
def test_problems_in_vietnamese(project: Path, name: str) -> None:
    """Every problem reads differently in Vietnamese, and still names code, place and value."""
    bad, folder = (BAD[name], "geo") if name in BAD else (BAD_NORMS[name], "norms")
    path = project / "data" / folder / bad.file
    path.write_bytes(bad.edit(path.read_bytes()))
    for found in problems_of(project):
        other = in_language(found, "vi")
        assert (other.code, other.where) == (found.code, found.where)
        assert other.what != found.what
        assert in_language(other, "en") == found
        assert "Did you mean" not in str(other)


def test_quiet_faults_bring_no_avalanche(project: Path) -> None:
    """One bad code in wards.csv is one problem, though three other tables name the unit."""
    path = project / "data" / "geo" / "wards.csv"
    path.write_bytes(cell(2, "ward_code", "316")(path.read_bytes()))
    assert [found.code for found in problems_of(project)] == ["E122"]


def test_many_faults_in_one_list(project: Path) -> None:
    """Faults of five tables and of the scenario come together."""
    for folder, file, edit in (
        ("geo", "wards.csv", cell(2, "population", "0")),
        ("geo", "wards.csv", cell(6, "area_km2", "24,53")),
        ("geo", "communes.csv", cell(2, "type", "phường")),
        ("geo", "sites.csv", cell(3, "condition", "E")),
        ("geo", "sites.csv", cell(4, "ward_code", "328")),
        ("geo", "today.csv", cell(2, "site_id", "HC-99999")),
        ("norms", "trips.csv", cell(2, "trips_per_day", "-1")),
        ("norms", "positions.csv", drop_column("switch")),
    ):
        path = project / "data" / folder / file
        path.write_bytes(edit(path.read_bytes()))
    scenario = project / "scenarios" / "five.yaml"
    scenario.write_text("extends: _base\nrules:\n  max_site: 2\n  hall: maybe\n", encoding="utf-8")
    found = {(problem.code, problem.where) for problem in problems_of(project)}
    assert found == {
        ("E121", "data/geo/wards.csv:2 population"),
        ("E115", "data/geo/wards.csv:6 area_km2"),
        ("E125", "data/geo/communes.csv:2 type"),
        ("E125", "data/geo/sites.csv:3 condition"),
        ("E122", "data/geo/sites.csv:4 ward_code"),
        ("E311", "data/geo/today.csv:2 site_id"),
        ("E121", "data/norms/trips.csv:2 trips_per_day"),
        ("E108", "data/norms/positions.csv:1"),
        ("E204", "scenarios/five.yaml:3 rules.max_site"),
        ("E209", "scenarios/five.yaml:4 rules.hall"),
    }


def test_same_fault_in_every_row_is_counted(project: Path) -> None:
    """A thousand rows with the same fault do not scroll the others away."""
    path = project / "data" / "geo" / "communes.csv"
    rows = rows_of(path.read_bytes())
    more = [
        [f"{code:05d}", "Tên", "Huyện", "", "21.0", "105.8", "1", "x", "x"] for code in range(20_000, 20_500)
    ]
    path.write_bytes(bytes_of([*rows, *more]))
    with pytest.raises(InputError) as caught:
        read_region(project / "data" / "geo")
    codes = [found.code for found in caught.value.problems]
    assert codes.count("E125") == MAX_SAME_PROBLEM
    assert any("400 more" in found.what for found in caught.value.problems if found.code == "E199")


def test_file_missing(project: Path) -> None:
    """A missing file is named, with the nearest name that exists."""
    (project / "data" / "geo" / "sites.csv").rename(project / "data" / "geo" / "site.csv")
    problems = problems_of(project)
    assert [(found.code, found.where) for found in problems] == [("E101", "data/geo/sites.csv")]
    assert "site.csv" in problems[0].fix


def test_folder_for_file(project: Path) -> None:
    """A folder of that name is told, not a traceback."""
    path = project / "data" / "geo" / "today.csv"
    path.unlink()
    path.mkdir()
    assert [(found.code, found.where) for found in problems_of(project)] == [("E102", "data/geo/today.csv")]


def test_file_without_permission(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that may not be read is told, not a traceback."""

    def refuse(self: Path) -> bytes:
        raise PermissionError(13, os.strerror(13), str(self))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(InputError) as caught:
        read_norms(project / "data" / "norms")
    assert {found.code for found in caught.value.problems} == {"E102"}
    assert "Permission denied" in str(caught.value)
    assert "không có quyền" in in_language(caught.value.problems[0], "vi").what


def test_folder_missing(tmp_path: Path) -> None:
    """A folder that does not exist lists every missing table."""
    with pytest.raises(InputError) as caught:
        read_region(tmp_path / "nowhere")
    assert [found.code for found in caught.value.problems] == ["E101"] * 5


def test_mark_at_the_start_is_accepted(project: Path) -> None:
    """Excel writes CSV UTF-8 with a byte-order mark and CR LF: both are read as if they were not there."""
    plain = read_region(project / "data" / "geo")
    for path in (project / "data" / "geo").glob("*.csv"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    marked = read_region(project / "data" / "geo")
    for name in ("wards", "communes", "pairs", "sites", "today"):
        assert getattr(plain, name).equals(getattr(marked, name))


def test_formulas_in_text_are_text(project: Path) -> None:
    """Text that a spreadsheet could run is read as it is; what writes workbooks makes it harmless."""
    path = project / "data" / "geo" / "sites.csv"
    path.write_bytes(cell(3, "name", '=HYPERLINK("http://x","y")')(path.read_bytes()))
    region = read_region(project / "data" / "geo")
    assert region.sites.loc["HC-00316", "name"] == '=HYPERLINK("http://x","y")'


def test_region_types(project: Path) -> None:
    """Indexes are sorted texts, numbers are numbers, empty texts are empty texts."""
    region = read_region(project / "data" / "geo")
    assert isinstance(region, Region)
    assert list(region.wards.index) == ["00316", "00328", "00352", "00367", "10210"]
    assert list(region.sites.index) == sorted(region.sites.index)
    for column in (
        "floor_area_m2",
        "floor_area_low_m2",
        "floor_area_high_m2",
        "hall_seats",
        "land_area_m2",
        "workplaces",
    ):
        assert region.sites[column].dtype == "int64"
    for column in ("population", "land_price_zone", "mountain"):
        assert region.wards[column].dtype == "int64"
    assert region.pairs["population"].dtype == "int64"
    assert region.sites.loc["HD-009", "commune_code"] == ""
    assert [found.path for found in region.inputs] == [
        f"data/geo/{name}.csv" for name in ("wards", "communes", "commune_ward", "sites", "today")
    ]


def test_every_message_has_two_languages() -> None:
    """The catalogue is whole: both languages, the same values in both."""
    for code, message in MESSAGES.items():
        assert all(message), code
        assert _fields(message.what + message.fix) == _fields(message.what_vi + message.fix_vi), code


def _fields(text: str) -> set[str]:
    import string

    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
