"""Read and write the project's CSV files the one way they are kept: UTF-8, LF, NFC, codes as text."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

Row = dict[str, str]


def read_rows(path: Path) -> list[Row]:
    """Read a CSV file as text cells, without guessing numbers (``00004`` stays ``00004``)."""
    with path.open(encoding="utf-8", newline="") as handle:
        return [
            {k: unicodedata.normalize("NFC", v or "") for k, v in row.items()}
            for row in csv.DictReader(handle)
        ]


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    """Write rows with exactly these columns.

    Raises
    ------
    ValueError
        If a row has a cell that is not one of the columns, so that no fact is dropped in silence.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, fieldnames=list(columns), lineterminator="\n", extrasaction="raise")
        writer.writeheader()
        for row in rows:
            writer.writerow({k: unicodedata.normalize("NFC", _text(v)) for k, v in row.items()})


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        # Six decimals are a tenth of a metre: more would pretend to a survey.
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return str(value)
