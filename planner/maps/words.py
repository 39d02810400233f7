"""Fixed words of the page, and values as the page says them: text, numbers, money."""

from __future__ import annotations

import json
import math
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.wording import number

if TYPE_CHECKING:
    import pandas as pd

    from planner.wording import Lang

WEB = Path(__file__).parents[1] / "web"


@cache
def labels(lang: str) -> dict[str, str]:
    """Return the fixed words of the page."""
    words: dict[str, dict[str, str]] = json.loads((WEB / "labels.json").read_text(encoding="utf-8"))
    return words[lang]


@cache
def network_labels(lang: str) -> dict[str, str]:
    """Return the further words of a page on which a plan has a reception network."""
    words: dict[str, dict[str, str]] = json.loads((WEB / "network.json").read_text(encoding="utf-8"))
    return words[lang]


def say_measure(key: str, value: float, lang: Lang) -> str:
    """Return a measure with its unit, for people."""
    if key in ("net_present_cost", "income") or key.startswith("cost_"):
        return say_money(value, lang)
    if key.startswith(("citizen_travel", "body_distance")):
        return f"{number(value / 1000, lang, 1)} km" if abs(value) >= 1000 else f"{number(value, lang)} m"
    if key in ("missing_to_norm", "floor_in_use", "tight_fit", "norm", "surplus_floor"):
        return f"{number(value, lang)} m²"
    return number(value, lang)


def say_money(vnd: float, lang: Lang) -> str:
    """Return an amount in billions, or millions where it is less than one billion."""
    words = labels(lang)
    for size, word in ((1e9, "billion"), (1e6, "million")):
        # Halves up, as the page's script rounds: both must choose the same unit.
        if math.floor(abs(vnd) / size * 10 + 0.5) >= 10:
            return f"{number(vnd / size, lang, 0 if abs(vnd) / size >= 100 else 1)} {words[word]}"
    return f"{number(vnd, lang)} {words['dong']}"


def unbroken(text: str) -> str:
    """Return text that stays on one line."""
    return text.replace(" ", "\u00a0")


def say(pattern: str, **values: str) -> str:
    """Fill a label; a value may hold braces."""
    return re.sub(r"\{(\w+)\}", lambda found: values[found.group(1)], pattern)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table."""
    columns = {str(name): frame[name].tolist() for name in frame.columns}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def clean(value: object) -> str:
    """Return text as the page shows it: a missing value is empty, control characters are gone."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    text = str(value)
    if not text.isprintable():
        text = "".join(ch if ch.isprintable() else " " for ch in text)
    return text.strip()


def finite(value: object) -> float | int | None:
    """Return a number to three decimals, whole where it is; None where there is none."""
    if isinstance(value, (int, float)) and math.isfinite(value):
        return int(value) if float(value).is_integer() else round(float(value), 3)
    return None


def finite_exact(value: object) -> float | None:
    """Return a number as it is; None where there is none."""
    return float(value) if isinstance(value, (int, float)) and math.isfinite(value) else None


def whole(value: object) -> int | None:
    """Return a whole number; None where there is none."""
    found = finite(value)
    return None if found is None else round(found)


def place(lat: object, lon: object) -> list[float] | None:
    """Return a point to about a metre; None where there is none."""
    if not isinstance(lat, (int, float)) or not isinstance(lon, (int, float)) or not math.isfinite(lat + lon):
        return None
    return [round(float(lat), 5), round(float(lon), 5)]
