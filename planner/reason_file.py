"""The file ``reasons.csv``: its columns, the codes of ``why``, and how it is read back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from planner.costs import HEADING

if TYPE_CHECKING:
    from pathlib import Path

    from planner.region import Region

COLUMNS = (
    "ward_code why next_sites next_extra_vnd next_item next_item_vnd single_site single_missing_m2 "
    "single_missing_seats today_extra_vnd"
)
NUMBERS = ("next_extra_vnd", "next_item_vnd", "single_missing_m2", "single_missing_seats", "today_extra_vnd")
"""Whole numbers, empty where there is nothing to say."""
ABOUT = {
    "next_extra_vnd": "next_sites",
    "next_item_vnd": "next_item",
    "single_missing_m2": "single_site",
    "single_missing_seats": "single_site",
}
"""The text that says what a number is about: both are empty or neither is."""
WHY = {
    "in_force": "the scenario asks for the arrangement in force",
    "centre": "the unit moves into a joint-agency centre",
    "shared": "the unit shares premises with a neighbour",
    "only": "no other set of sites keeps the rules",
    "network": "a cheaper one exists for the unit alone; this one was chosen together with the reception network",
    "city_rule": "a cheaper one exists for the unit alone, but a rule, mostly of the whole city, stands against it",
    "one_site_rule": "the scenario asks for one site where one holds everybody",
    "cheapest": "the cheapest of all sets of sites that keep the rules",
}
"""Every code of ``why``; the first that is true of a unit counts."""


def typed(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with the file's columns: texts, and whole numbers or their texts, empty where there is none."""
    columns = {
        name: pd.Series([None if cell in ("", None) else int(cell) for cell in table[name]], dtype="Int64")
        if name in NUMBERS
        else table[name].astype("object")
        for name in COLUMNS.split()
    }
    return pd.DataFrame(columns)


def no_reasons() -> pd.DataFrame:
    """Return the table without rows: that of plans whose reasons were not asked for."""
    return typed(pd.DataFrame(columns=COLUMNS.split()))


def read_reasons(path: Path) -> pd.DataFrame:
    """Return the file's cells as texts.

    Raises
    ------
    OSError, ValueError
        It cannot be read.
    """
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")


def fault_in(table: pd.DataFrame, region: Region) -> str:
    """Say what is wrong with a table of texts that was read; empty if nothing is."""
    missing = [name for name in COLUMNS.split() if name not in table.columns]
    if missing:
        return f"no column {missing[0]}"
    if table["ward_code"].tolist() != [str(ward) for ward in region.wards.index]:
        return "other units than wards.csv"
    sites = set(region.sites.index)
    numbers = {name: table[name].str.fullmatch(r"(-?[0-9]{1,18})?") for name in NUMBERS}
    known = {
        "why": table["why"].isin(WHY),
        "next_sites": table["next_sites"].map(lambda text: not text or set(text.split(";")) <= sites),
        "next_item": table["next_item"].isin(["", *HEADING]),
        "single_site": table["single_site"].isin(["", *sites]),
    }
    # A number goes with what it is about.
    together = {name: (table[name] == "") == (table[about] == "") for name, about in ABOUT.items()}
    for text, fits in (("not a number in", numbers), ("not known in", known), ("not complete in", together)):
        for name, rows in fits.items():
            if not rows.all():
                return f"{text} {name}"
    return ""
