"""One CSV file in, one checked table out: every problem with its row and column.

The files are written by people, often in Excel, so this reader expects what Excel does to a table: codes
without their zeros, dates for fractions, semicolons, decimal commas, legacy encodings. It never guesses: a
cell is right, or it is reported with what to do.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from planner.errors import ProblemList
from planner.wording import problem

Kind = Literal["text", "code", "id", "int", "number", "choice"]

MAX_FILE_BYTES = 64_000_000
MAX_CELL_CHARACTERS = 2_000
MAX_SAME_PROBLEM = 100
MAX_DIGITS = {"int": 18, "number": 40}
"""Whole numbers must fit 64 bits; programs write numbers with up to 17 digits after any number of zeros."""

_INT = re.compile(r"-?[0-9]+")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_CODE = re.compile(r"[0-9]{5}")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_DECIMAL_COMMA = re.compile(r"-?[0-9]+,[0-9]+")
_THOUSANDS = re.compile(
    r"-?[0-9]{1,3}(?:(?:[.][0-9]{3}){2,}|(?:[,\s’'][0-9]{3})+|(?:[.][0-9]{3})+,[0-9]+)(?:[.][0-9]+)?"
)
_INT_THOUSANDS = re.compile(r"-?[0-9]{1,3}(?:[.,\s][0-9]{3})+")
_SCIENTIFIC = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+")
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_DATE = re.compile(
    rf"\d{{1,4}}[-/]\d{{1,2}}[-/]\d{{1,4}}(?: .*)?"
    rf"|\d{{1,2}}[-/]{_MONTH}|{_MONTH}[-/]\d{{2,4}}|\d{{1,2}}[-/]Thg\d{{1,2}}",
    re.IGNORECASE | re.ASCII,
)
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity|null|none|na|n/a)", re.IGNORECASE)
_EXCEL_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)|#{3,}")
# Control characters, line ends in a cell, direction overrides, invisible marks: none belongs in a table.
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufffe\uffff]"
)
_CONTROL_IN_CELL = re.compile("[\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufffe\uffff]")


@dataclass(frozen=True)
class Input:
    """A file that was read: its path as shown to the user, and its SHA-256."""

    path: str
    sha256: str


@dataclass(frozen=True)
class Column:
    """What a column of a table may hold.

    Attributes
    ----------
    kind : {"text", "code", "id", "int", "number", "choice"}
        ``code`` is a unit's five-digit code, ``id`` a short name without spaces, ``choice`` one of `allowed`.
    low, high : float, optional
        Bounds of a number, both allowed.
    above : bool
        True when `low` itself is not allowed.
    empty : bool
        True when a cell may be empty: a number becomes NaN, a text ``""``.
    optional : bool
        True when the whole column may be missing.
    known : mapping, optional
        The codes that exist, when they were read from the table `known_in`.
    """

    name: str
    kind: Kind = "text"
    low: float | None = None
    high: float | None = None
    above: bool = False
    allowed: tuple[str, ...] = ()
    empty: bool = False
    optional: bool = False
    known: Mapping[str, object] | None = None
    known_in: str = ""

    def is_number(self) -> bool:
        """Return whether the cells are numbers."""
        return self.kind in ("int", "number")

    def admits(self, number: float) -> bool:
        """Return whether a number is within the bounds."""
        if self.low is not None and (number < self.low or (self.above and number == self.low)):
            return False
        return self.high is None or number <= self.high

    def range_text(self) -> str:
        """Return the range as shown in messages: ``1 … 200000``."""
        low = "" if self.low is None else f"{'> ' if self.above else ''}{_plain(self.low)}"
        high = "" if self.high is None else _plain(self.high)
        return f"{low} … {high}".strip()


@dataclass(frozen=True)
class Table:
    """A checked table.

    Attributes
    ----------
    frame : pandas.DataFrame
        The rows; cells that were reported are missing (NaN or None).
    shown : str
        The file as named in messages.
    lines : list of int
        The row of the file each row of `frame` comes from; the header is row 1.
    complete : bool
        False when rows or columns were dropped, so that other tables cannot be checked against this one.
    """

    frame: pd.DataFrame
    shown: str
    lines: list[int]
    complete: bool
    source: Input | None

    def place(self, position: int, column: str = "") -> str:
        """Return ``file:row column`` of the row at a position of `frame`."""
        return f"{self.shown}:{self.lines[position]} {column}".strip()


@dataclass
class _Reader:
    shown: str
    problems: ProblemList
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, code: str, row: int | None, column: str, /, **values: object) -> None:
        """Note a problem; the same problem of one column is listed so often, then counted."""
        self.counts[code, column] += 1
        if self.counts[code, column] <= MAX_SAME_PROBLEM:
            where = self.shown if row is None else f"{self.shown}:{row}"
            self.problems.problems.append(problem(code, f"{where} {column}".strip(), **values))

    def close(self) -> None:
        """Say how many problems of each kind were left out of the list."""
        for (code, column), count in self.counts.items():
            if count > MAX_SAME_PROBLEM:
                where = f"{self.shown} {column}".strip()
                more = count - MAX_SAME_PROBLEM
                self.problems.problems.append(problem("E199", where, same=code, count=more))


def _plain(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else str(value)


def project_root(start: Path | None = None) -> Path:
    """Return the nearest folder at or above `start` with ``scenarios/`` in it, else the program's own."""
    here = (start or Path.cwd()).absolute()
    for folder in (here, *here.parents):
        if (folder / "scenarios").is_dir():
            return folder
    own = Path(__file__).absolute().parent.parent
    return own if (own / "scenarios").is_dir() else here


def shown_path(path: Path) -> str:
    """Return a path as messages and ``plan.json`` name it: from the project's root, else from here."""
    absolute = path.absolute()
    for base in (project_root(absolute.parent), Path.cwd()):
        try:
            return absolute.relative_to(base).as_posix()
        except ValueError:
            continue
    return absolute.as_posix()


def read_bytes(path: Path, shown: str, problems: ProblemList, limit: int = MAX_FILE_BYTES) -> bytes | None:
    """Read a file; a folder, a missing or a locked file is a problem, not an exception."""
    try:
        if not path.exists():
            here = sorted(other.name for other in path.parent.iterdir()) if path.parent.is_dir() else []
            problems.problems.append(problem("E101", shown, near=(path.name, here)))
            return None
        if path.is_dir():
            problems.problems.append(problem("E102", shown, reason="is a folder"))
            return None
        if path.stat().st_size > limit:
            problems.problems.append(problem("E126", shown, size=path.stat().st_size, limit=limit))
            return None
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        problems.problems.append(problem("E102", shown, reason=reason))
        return None


def decode(data: bytes, shown: str, problems: ProblemList) -> str | None:
    """Decode UTF-8; a byte-order mark at the start is dropped, another encoding is named with its row."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        problems.problems.append(problem("E103", f"{shown}:1", guess="UTF-16", byte=f"0x{data[0]:02X}"))
        return None
    if data.count(b"\x00") > len(data) // 4:
        problems.problems.append(problem("E103", f"{shown}:1", guess="UTF-16", byte="0x00"))
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        byte = f"0x{data[error.start]:02X}"
        problems.problems.append(problem("E103", f"{shown}:{row}", guess=_guess_encoding(data), byte=byte))
        return None
    if "\ufeff" in text:
        row = text.count("\n", 0, text.index("\ufeff")) + 1
        problems.problems.append(problem("E104", f"{shown}:{row}"))
        return None
    return text


def _guess_encoding(data: bytes) -> str:
    # Windows-1258 writes Vietnamese tones as combining bytes of their own; 1252 has accented capitals there.
    if any(byte in data for byte in (0xCC, 0xD2, 0xDE, 0xEC, 0xF2)):
        return "Windows-1258"
    return "Windows-1252, Windows-1258, TCVN3 or VNI"


def read_table(
    path: Path,
    columns: Sequence[Column],
    key: Sequence[str],
    problems: ProblemList,
    *,
    owner: str | None = None,
    shown: str | None = None,
    limit: int = MAX_FILE_BYTES,
) -> Table:
    """Read a CSV file and check its form and every cell.

    Parameters
    ----------
    path : Path
        The file.
    columns : sequence of Column
        What it must hold; further columns are kept as text.
    key : sequence of str
        The columns that together name a row; twice the same is a problem.
    problems : ProblemList
        Where problems are noted; nothing is raised.
    owner : str, optional
        The column that says whose a row is: the same key under two owners is a problem of its own.
    shown : str, optional
        How messages name the file.
    limit : int
        Bytes a file may have.
    """
    shown = shown or shown_path(path)
    reader = _Reader(shown, problems)
    no_rows = pd.DataFrame({c.name: pd.Series(dtype=float if c.is_number() else object) for c in columns})
    empty = Table(no_rows, shown, [], False, None)
    data = read_bytes(path, shown, problems, limit)
    if data is None:
        return empty
    source = Input(shown, hashlib.sha256(data).hexdigest())
    text = decode(data, shown, problems)
    if text is None:
        return empty
    parsed = _parse(text, reader)
    if parsed is None:
        return empty
    header, rows, lines, complete = parsed
    if not _check_header(header, columns, reader):
        complete = False
    if not rows:
        if complete:
            reader.add("E106", None, "")
        return empty
    _check_text(text, header, rows, lines, reader)
    known = {column.name: column for column in columns}
    cells: dict[str, Any] = {}
    by_name = dict(zip(reversed(header), reversed(list(zip(*rows, strict=True))), strict=True))
    skip = _check_points(by_name, known, lines, reader)
    for name, values in by_name.items():
        if name:
            left = skip if name in ("lat", "lon") else ()
            cells[name] = _convert(known.get(name, Column(name, empty=True)), values, lines, reader, left)
    for column in columns:
        if column.name not in cells:
            cells[column.name] = ["" if column.optional and column.kind == "text" else None] * len(rows)
        if column.is_number() and None in cells[column.name]:
            cells[column.name] = [math.nan if value is None else value for value in cells[column.name]]
    frame = pd.DataFrame({name: cells[name] for name in dict.fromkeys([*header, *known]) if name})
    if all(name in header for name in key) and not _check_key(frame, key, owner, lines, reader):
        complete = False
    reader.close()
    return Table(frame, shown, lines, complete, source)


def _parse(text: str, reader: _Reader) -> tuple[list[str], list[list[str]], list[int], bool] | None:
    """Split into rows of equal length; None when there is no usable header."""
    if not text.strip():
        reader.add("E105", None, "")
        return None
    first = text.lstrip().splitlines()[0]
    if re.fullmatch(r"\"?sep=.\"?", first.strip(), re.IGNORECASE):
        reader.add("E134", 1, "", found=first)
        return None
    for separator, name in ((";", "semicolon"), ("\t", "tab")):
        if separator in first and "," not in first:
            reader.add("E107", 1, "", separator=name, found=first)
            return None
    header: list[str] | None = None
    rows: list[list[str]] = []
    lines: list[int] = []
    complete = True
    source = csv.reader(io.StringIO(text, newline=""), strict=True)
    row = 0
    while True:
        row += 1
        try:
            cells = next(source)
        except StopIteration:
            break
        except csv.Error as error:
            if "field larger" in str(error):
                reader.add("E130", row, "", length=f"> {csv.field_size_limit()}", limit=MAX_CELL_CHARACTERS)
            else:
                reader.add("E127", row, "", reason=str(error))
            complete = False
            break
        if not any(cells):
            if header is not None and cells:
                reader.add("E131", row, "")
            continue
        if header is None:
            header = cells
        elif len(cells) != len(header):
            reader.add("E110", row, "", found=len(cells), expected=len(header))
            complete = False
        else:
            rows.append(cells)
            lines.append(row)
    if header is None:
        if complete:
            reader.add("E105", None, "")
        return None
    return header, rows, lines, complete


def _check_header(header: list[str], columns: Sequence[Column], reader: _Reader) -> bool:
    """Report missing, repeated and nameless columns; True when none is missing or repeated."""
    whole = True
    for name, count in Counter(header).items():
        if not name:
            reader.add("E128", 1, "", count=count)
        elif count > 1:
            reader.add("E109", 1, name, found=name)
            whole = False
        elif name != name.strip() or _CONTROL_IN_CELL.search(name):
            reader.add("E113", 1, "", found=name)
    wanted = [column.name for column in columns]
    unknown = [name for name in header if name not in wanted]
    for column in columns:
        if column.name not in header and not column.optional:
            reader.add("E108", 1, "", found=column.name, near=(column.name, unknown))
            whole = False
    return whole


def _check_text(
    text: str, header: list[str], rows: list[list[str]], lines: list[int], reader: _Reader
) -> None:
    """Check spaces, control characters, Unicode form and length; nearly all files pass the quick tests."""
    normal = unicodedata.is_normalized("NFC", text)
    clean = not _CONTROL.search(text)
    for cells, row in zip(rows, lines, strict=True):
        for name, cell in zip(header, cells, strict=True):
            if not cell:
                continue
            if cell[0].isspace() or cell[-1].isspace():
                reader.add("E113", row, name, found=cell)
            if len(cell) > MAX_CELL_CHARACTERS:
                reader.add("E130", row, name, length=len(cell), limit=MAX_CELL_CHARACTERS)
            if (not clean or "\n" in cell or "\r" in cell or "\t" in cell) and (
                bad := _CONTROL_IN_CELL.search(cell)
            ):
                reader.add("E111", row, name, found=cell, character=f"U+{ord(bad.group()):04X}")
            if not normal and not unicodedata.is_normalized("NFC", cell):
                reader.add("E112", row, name, found=cell)


def _check_points(
    cells: Mapping[str, tuple[str, ...]], known: Mapping[str, Column], lines: list[int], reader: _Reader
) -> set[int]:
    """Report points that are swapped or in metres; return their rows, which need no further word."""
    bad: set[int] = set()
    if not all(name in cells and name in known for name in ("lat", "lon")):
        return bad
    limits = [(known[name].low, known[name].high) for name in ("lat", "lon")]
    (south, north), (west, east) = [(low or -90.0, high or 90.0) for low, high in limits]
    for lat_text, lon_text, row in zip(cells["lat"], cells["lon"], lines, strict=True):
        if not _NUMBER.fullmatch(lat_text) or not _NUMBER.fullmatch(lon_text):
            continue
        lat, lon = float(lat_text), float(lon_text)
        if south <= lat <= north and west <= lon <= east:
            continue
        if south <= lon <= north and west <= lat <= east:
            reader.add("E314", row, "lat", lat=lat_text, lon=lon_text)
            bad.add(row)
        elif abs(lat) > 10_000 and abs(lon) > 10_000:
            reader.add("E133", row, "lat", lat=lat_text, lon=lon_text)
            bad.add(row)
    return bad


def _convert(
    column: Column, values: tuple[str, ...], lines: list[int], reader: _Reader, skip: Collection[int] = ()
) -> list[Any]:
    """Turn the cells of a column into values; cells that cannot be are reported and missing."""
    if column.kind == "text" and column.empty:
        return list(values)
    convert: Callable[[str], Any]
    if column.kind == "int":
        pattern, convert = _INT, int
    elif column.kind == "number":
        pattern, convert = _NUMBER, float
    else:
        return [_text_cell(column, value, row, reader) for value, row in zip(values, lines, strict=True)]
    result: list[Any] = []
    for raw, row in zip(values, lines, strict=True):
        value = raw.strip()
        if row in skip:
            result.append(None)
            continue
        if not pattern.fullmatch(value) or len(value) > MAX_DIGITS[column.kind]:
            result.append(None)
            if value or not column.empty:
                _report_number(column, value, row, reader)
            continue
        number: float | None = convert(value)
        if number is None or not column.admits(number):
            reader.add("E121", row, column.name, found=value, allowed=column.range_text())
            number = None
        result.append(number)
    return result


def _text_cell(column: Column, raw: str, row: int, reader: _Reader) -> str | None:
    value = raw.strip()
    if not value:
        if not column.empty:
            reader.add("E114", row, column.name)
            return None
        return ""
    if column.kind == "choice" and value not in column.allowed:
        normal = unicodedata.normalize("NFC", value)
        if normal in column.allowed:
            return normal
        reader.add(
            "E125", row, column.name, found=value, allowed=column.allowed, near=(value, column.allowed)
        )
        return None
    if column.kind == "code" and not _CODE.fullmatch(value):
        _report_code(column, value, row, reader)
        return None
    if column.known is not None and value not in column.known:
        _report_unknown(column, value, row, reader)
        return None
    if column.kind == "id" and not _ID.fullmatch(value):
        code = "E129" if _EXCEL_ERROR.fullmatch(value) else "E123"
        reader.add(code, row, column.name, found=value, allowed="A-Z a-z 0-9 . _ -")
        return None
    return value


def _report_unknown(column: Column, value: str, row: int, reader: _Reader) -> None:
    code = "E316" if column.name == "commune_code" else "E301"
    near = (value, tuple(column.known or ()))
    reader.add(code, row, column.name, found=value, near=near, table=column.known_in)


def _report_code(column: Column, value: str, row: int, reader: _Reader) -> None:
    """Say what became of a five-digit code: zeros lost, a decimal ending, a date, scientific form."""
    if re.fullmatch(r"[0-9]{1,5}(?:[.,]0+)?", value):
        code = re.split("[.,]", value)[0].zfill(5)
        if column.known is not None and code not in column.known:
            _report_unknown(column, value, row, reader)
        else:
            reader.add("E122", row, column.name, found=value, code=code)
    elif _SCIENTIFIC.fullmatch(value):
        reader.add("E118", row, column.name, found=value)
    elif _DATE.fullmatch(value):
        reader.add("E119", row, column.name, found=value)
    elif _EXCEL_ERROR.fullmatch(value):
        reader.add("E129", row, column.name, found=value)
    else:
        reader.add("E123", row, column.name, found=value, allowed="00000")


def _report_number(column: Column, value: str, row: int, reader: _Reader) -> None:
    """Say why a cell is no number, in the words of whoever typed it."""
    name = column.name
    if not value:
        reader.add("E114", row, name)
    elif _THOUSANDS.fullmatch(value) or (column.kind == "int" and _INT_THOUSANDS.fullmatch(value)):
        reader.add("E116", row, name, found=value, plain=re.sub(r"[.,\s’']", "", value))
    elif _DECIMAL_COMMA.fullmatch(value):
        reader.add("E115", row, name, found=value, plain=value.replace(",", "."))
    elif _SCIENTIFIC.fullmatch(value):
        reader.add("E118", row, name, found=value)
    elif _DATE.fullmatch(value):
        reader.add("E119", row, name, found=value)
    elif _NOT_FINITE.fullmatch(value):
        reader.add("E120", row, name, found=value)
    elif _EXCEL_ERROR.fullmatch(value):
        reader.add("E129", row, name, found=value)
    elif _NUMBER.fullmatch(value) and column.kind == "int" and len(value) <= 18:
        reader.add("E132", row, name, found=value, plain=str(math.floor(float(value) + 0.5)))
    elif _NUMBER.fullmatch(value):
        reader.add("E121", row, name, found=value, allowed=column.range_text())
    else:
        reader.add("E117", row, name, found=value, allowed=column.range_text())


def _check_key(
    frame: pd.DataFrame, key: Sequence[str], owner: str | None, lines: list[int], reader: _Reader
) -> bool:
    """Report keys that occur twice; True when every row has a key of its own."""
    whole = True
    seen: dict[tuple[Any, ...], int] = {}
    for position, values in enumerate(zip(*(frame[name] for name in key), strict=True)):
        if any(value is None or value != value for value in values):
            whole = False
        elif values in seen:
            found, first = " ".join(map(str, values)), seen[values]
            here, there = (frame[owner].iloc[row] if owner in frame else None for row in (position, first))
            # A unit that could not be read has been told by itself, and is no other unit.
            if isinstance(here, str) and isinstance(there, str) and here != there:
                reader.add(
                    "E302", lines[position], key[-1], found=found, ward=here, other=there, first=lines[first]
                )
            else:
                reader.add("E124", lines[position], key[-1], found=found, first=lines[first])
        else:
            seen[values] = position
    return whole
