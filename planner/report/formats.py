"""How cells look: a kind (text, code, vnd) says what is in the cell, a style (bold, total) where it stands."""

from __future__ import annotations

from typing import Any

from planner.wording import Lang

FONT = "Times New Roman"
WRAPPED = ("text", "code", "centre")
"""Kinds whose text may run over several lines."""

_NUMBERS = {
    "int": "#,##0;-#,##0;0",
    "vnd": '#,##0;-#,##0;"–"',
    "million": '#,##0,,;-#,##0,,;"–"',
    "billion": "#,##0.0,,,",
    "whole_billion": "#,##0,,,",
    "difference_billion": '+#,##0.0,,,;-#,##0.0,,,;"–"',
    "difference": '+#,##0;-#,##0;"–"',
    "difference_million": '+#,##0,,;-#,##0,,;"–"',
    "km": "#,##0.00,",
    "difference_km": '+#,##0.00,;-#,##0.00,;"–"',
    "tenths": "#,##0.0",
    "share": "0.0%",
    "share_exact": "0.0##%",
    "share_signed": '+0.0%;-0.0%;"–"',
    "decimal": "#,##0.##########",
    "factor": "0.000000",
    "year": "0",
}
_WITHOUT_BORDER = ("title", "subtitle", "unit", "plain", "sign", "signhint")
_STYLES: dict[str, dict[str, Any]] = {
    "bold": {"bold": True},
    "heading": {"bold": True, "bg_color": "#EDF2F7"},
    "indent": {"indent": 3},
    "total": {"bold": True, "bg_color": "#DCE6F1", "top": 2},
    "filtered": {"italic": True, "bg_color": "#F5F5F5"},
    "estimated": {"italic": True, "font_color": "#5A5A5A"},
    "quoted": {"quote_prefix": True},
    "input": {"bold": True, "bg_color": "#FFF2CC", "border": 2, "border_color": "#BF8F00"},
    "changed": {"bold": True, "bg_color": "#FFF2CC"},
    "figure": {"bold": True, "font_size": 18, "align": "center", "bg_color": "#EDF2F7"},
    "figure_label": {"align": "center", "font_color": "#404040", "bg_color": "#EDF2F7"},
    "header": {
        "bold": True,
        "align": "center",
        "text_wrap": True,
        "bg_color": "#1F3864",
        "font_color": "#FFFFFF",
    },
    "title": {"bold": True, "font_size": 15},
    "subtitle": {"font_size": 12},
    "unit": {"italic": True, "font_color": "#404040"},
    "sign": {"bold": True, "align": "center"},
    "signhint": {"italic": True, "align": "center"},
    "plain": {"text_wrap": True, "valign": "top"},
    "block": {"bold": True, "font_size": 12, "bg_color": "#DCE6F1"},
}


def properties(kind: str, style: str, lang: Lang) -> dict[str, Any]:
    """Return the format of a kind of cell in styles joined by ``+``, as XlsxWriter takes it."""
    found: dict[str, Any] = {"font_name": FONT, "font_size": 11, "valign": "vcenter"}
    if style not in _WITHOUT_BORDER:
        found |= {"border": 1, "border_color": "#A6A6A6"}
    if kind in _NUMBERS:
        found |= {"num_format": number_format(kind, lang), "align": "right"}
    if kind in ("code", "centre", "year"):
        found |= {"align": "center"}
    if kind in WRAPPED:
        found |= {"text_wrap": True}
    if kind in ("text", "no_wrap"):
        found |= {"indent": 1}
    for name in style.split("+"):
        found |= _STYLES.get(name, {})
    return found


def number_format(kind: str, lang: Lang) -> str:
    """Return the number format; in Vietnamese it carries the locale, so that separators are Vietnamese."""
    code = _NUMBERS[kind]
    if lang == "en":
        return code
    return ";".join(part if part.startswith('"') else f"[$-42A]{part}" for part in code.split(";"))
