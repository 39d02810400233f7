"""Reads tables of a result folder and of the input, with the csv module only."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Literal

from planner.errors import ProblemList

Kind = Literal["text", "whole", "number", "optional"]
_WHOLE = re.compile(r"-?[0-9]{1,30}")
_SIGNED = re.compile(r"[+-]?[0-9]+([.,][0-9]+)*%?")
_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")


def columns_of(*, text: str = "", whole: str = "", number: str = "", optional: str = "") -> dict[str, Kind]:
    """Return the columns that are needed of a table, with what their cells must be.

    An optional column may be missing and its cells empty; what is written is a whole number.
    """
    columns: dict[str, Kind] = dict.fromkeys(text.split(), "text")
    columns |= dict.fromkeys(whole.split(), "whole")
    columns |= dict.fromkeys(number.split(), "number")
    return columns | dict.fromkeys(optional.split(), "optional")


@dataclass(frozen=True)
class Line:
    """One row of a table: its line in the file and its cells."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def whole(self, column: str) -> int:
        """Return a cell that the reader has found to be a whole number."""
        return int(self.cells[column])

    def number_of(self, column: str) -> Fraction:
        """Return a cell that the reader has found to be a number, exactly as written."""
        return _number(self.cells[column])


def read_table(path: Path, columns: dict[str, Kind], code: str, problems: ProblemList) -> list[Line]:
    """Read the needed columns of one CSV file; every cell that is not of its column's kind is a problem."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        problems.add(code, str(path), f"cannot be read as UTF-8: {error}.", "Solve again.")
        return []
    reader = csv.reader(io.StringIO(text, newline=""))
    lines: list[Line] = []
    try:
        header = next(reader, [])
        least = {column: kind != "optional" for column, kind in columns.items()}
        absent = [column for column, n in least.items() if not n <= header.count(column) <= 1]
        if absent:
            problems.add(code, str(path), f"needs the columns {', '.join(absent)} once each.")
            return []
        at = {column: header.index(column) for column in columns if column in header}
        empty: dict[str, str] = dict.fromkeys(columns, "")
        checked = [(column, kind) for column, kind in columns.items() if kind != "text"]
        for cells in reader:
            if not cells:
                continue
            if len(cells) != len(header):
                where = f"{path}:{reader.line_num}"
                problems.add(code, where, f"has {len(cells)} cells, the header has {len(header)}.")
                continue
            found = empty | {column: cells[i] for column, i in at.items()}
            bad = [column for column, kind in checked if not _is_of_kind(found[column], kind)]
            for column in bad:
                where = f"{path}:{reader.line_num} {column}"
                problems.add(code, where, f'"{found[column][:60]}" is not a {columns[column]}.')
            if not bad:
                lines.append(Line(reader.line_num, found))
    except csv.Error as error:
        problems.add(code, f"{path}:{reader.line_num}", f"cannot be read as CSV: {error}.")
    return lines


def as_shown(name: str) -> str:
    """Return a name as files of a result hold it: behind an apostrophe where a spreadsheet would calculate it."""
    first = name.lstrip("'")[:1]
    calculated = first != "" and first in "=+-@＝＋－＠|%" and not _SIGNED.fullmatch(name)
    return f"'{name}" if calculated else name


@lru_cache(maxsize=1 << 16)
def _number(text: str) -> Fraction:
    return Fraction(text)


@lru_cache(maxsize=1 << 16)
def _is_of_kind(cell: str, kind: Kind) -> bool:
    if kind == "text" or (kind == "optional" and not cell):
        return True
    return bool((_NUMBER if kind == "number" else _WHOLE).fullmatch(cell))
