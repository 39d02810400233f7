"""Vietnamese and English wording: problems, numbers, money, dates, sorting, search without accents."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import date as Date
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from typing import Literal

from planner.errors import Problem, did_you_mean
from planner.messages import FREE_PHRASES, MESSAGES, PHRASES

Lang = Literal["vi", "en"]
LANGUAGES: tuple[Lang, ...] = ("vi", "en")
COST_ITEMS: dict[str, tuple[str, str]] = {
    "renovation": ("Sửa chữa, cải tạo", "Renovation"),
    "fit_out": ("Bàn ghế, thiết bị", "Furniture and equipment"),
    "moves": ("Di chuyển", "Moves"),
    "construction": ("Xây dựng khu liên cơ", "Construction of centres"),
    "contingency": ("Dự phòng xây dựng", "Contingency of construction"),
    "land": ("Tiền đất khu liên cơ", "Land of centres"),
    "running": ("Vận hành diện tích sử dụng", "Running the floor used"),
    "site_fixed": ("Chi cố định của trụ sở", "Fixed cost of premises"),
    "hall_rent": ("Thuê hội trường", "Hall rent"),
    "departments": ("Phòng chuyên môn thành lập thêm", "Further departments"),
    "staff_travel": ("Cán bộ đi lại giữa các trụ sở", "Staff travel between sites"),
    "cohesion": ("Phòng ở tách khỏi văn phòng", "Departments apart from the office"),
    "citizen_travel": ("Người dân đi lại nộp hồ sơ", "Citizens' travel to reception"),
    "crowding": ("Thiếu diện tích so với tiêu chuẩn", "Crowding below the norm"),
    "overload": ("Khối lượng việc vượt sức các phòng", "Workload beyond the departments"),
    "residual_value": (
        "Giá trị còn lại của khu liên cơ (số âm)",
        "Residual value of centres (negative)",
    ),
    "release_income": ("Thu từ cho thuê, đấu giá", "Lease or auction income"),
    "points": ("Điểm tiếp nhận của xã, phường", "Reception points of wards"),
    "city_points": ("Điểm tiếp nhận của thành phố", "Reception points of the city"),
    "other": ("Khoản khác", "Other item"),
}
"""Cost item to its name in Vietnamese and English."""
EARNED = frozenset({"release_income"})
"""Items whose name says what comes in, while their cost is negative: less cost is more of them."""
_EXACT = Context(prec=400)
"""Digits enough for every float as it is."""
MAX_SHOWN = 60
MAX_LISTED = 20


def shown(value: object) -> str:
    """Return a value as a message may show it: control characters escaped, long text cut."""
    text = str(value)
    cut = text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"
    return "".join(
        character if character.isprintable() else f"\\u{{{ord(character):04x}}}" for character in cut
    )


def problem(code: str, where: str, /, **values: object) -> Problem:
    """Build a problem from the catalogue, in English; `in_language` gives it in another language.

    Values are cut and escaped; ``near=(found, names)`` becomes ``Did you mean X?`` where a name is near.
    """
    kept = tuple(sorted((name, _kept(name, value)) for name, value in values.items()))
    what, fix = _render(code, kept, "en")
    return Problem(code, shown_place(where), what, fix, kept)


def in_language(found: Problem, lang: Lang) -> Problem:
    """Return the problem in the reader's language.

    Problems of the catalogue are built again from their values; of those that other modules word themselves the
    known phrases are translated.
    """
    if found.code not in MESSAGES or (not found.values and "{" in MESSAGES[found.code].what):
        return found if lang == "en" else replace(found, what=_phrased(found.what), fix=_phrased(found.fix))
    what, fix = _render(found.code, found.values, lang)
    return Problem(found.code, found.where, what, fix, found.values)


def _phrased(text: str) -> str:
    for pattern, vietnamese in _free_phrases():
        text = pattern.sub(vietnamese, text)
    return text


@cache
def _free_phrases() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(pattern), vietnamese) for pattern, vietnamese in FREE_PHRASES]


def shown_place(where: str) -> str:
    """Return a place without control characters; places are longer than values."""
    text = where if len(where) <= 4 * MAX_SHOWN else "…" + where[-4 * MAX_SHOWN :]
    return "".join(
        character if character.isprintable() else f"\\u{{{ord(character):04x}}}" for character in text
    )


def _kept(name: str, value: object) -> object:
    if name == "near" and isinstance(value, (list, tuple)):
        return shown(nearest(str(value[0])[:200], [str(item) for item in value[1]]))
    if isinstance(value, (list, tuple)):
        items = value if len(value) <= MAX_LISTED else (*value[:MAX_LISTED], "…")
        return tuple(_kept("", item) for item in items)
    if isinstance(value, (int, float)):
        return value
    return shown(value)


def nearest(value: str, names: list[str]) -> str:
    """Return the name that was probably meant, or an empty text."""
    stem = value.rstrip("0123456789")
    number = value[len(stem) :]
    if number:
        # Of numbered names: fewest digits changed, then nearest number; word matching knows nothing of numbers.
        near = [
            (
                sum(a != b for a, b in zip(name, value, strict=True)),
                abs(int(name[len(stem) :]) - int(number)),
                name,
            )
            for name in names
            if len(name) == len(value) and name.startswith(stem) and _is_number(name[len(stem) :])
        ]
        best = min(near, default=(9, 0, ""))
        if best[0] <= 2:
            return best[2]
    return did_you_mean(value, names)[len("Did you mean ") : -1]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _render(code: str, values: Iterable[tuple[str, object]], lang: Lang) -> tuple[str, str]:
    message = MESSAGES[code]
    texts = {name: _text(name, value, lang) for name, value in values}
    what, fix = (message.what, message.fix) if lang == "en" else (message.what_vi, message.fix_vi)
    return what.format(**texts), " ".join(fix.format(**texts).split())


def _text(name: str, value: object, lang: Lang) -> str:
    if name == "near":
        return "" if not value else f"Did you mean {value}?" if lang == "en" else f"Ý bạn là {value}?"
    if isinstance(value, tuple):
        return ", ".join(str(item) for item in value)
    text = str(value)
    if lang == "vi" and name in ("separator", "reason", "allowed", "limit"):
        for english, vietnamese in PHRASES.items():
            if text.startswith(english):
                return vietnamese + text[len(english) :]
    return text


def number(value: float, lang: Lang = "vi", decimals: int = 0) -> str:
    """Return a number for people: ``1.234,5`` in Vietnamese, ``1,234.5`` in English.

    Halves go away from zero, and a half is what its shortest decimals say (5.05 reads 5.1, though the nearest binary
    number is a little less): so do a workbook and the browser that shows the map page.
    """
    if math.isfinite(value):
        exact = Decimal(value if isinstance(value, int) else repr(float(value)))
        exact = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _EXACT)
        text = f"{exact:,.{decimals}f}"
    else:
        text = f"{value:,.{decimals}f}"
    if text.startswith("-") and not any(digit in text for digit in "123456789"):
        text = text[1:]
    return text if lang == "en" else text.translate(str.maketrans(",.", ".,"))


def share(value: float, lang: Lang = "vi", decimals: int = 0) -> str:
    """Return a share as per cent: ``59,7%``."""
    return f"{number(value * 100, lang, decimals)}%"


def money(vnd: float, lang: Lang = "vi") -> str:
    """Return an amount of money for people: ``1,5 tỷ đồng``, ``350 triệu đồng``, ``5.000 đồng``."""
    units = (
        (1_000_000_000_000, "nghìn tỷ đồng", "trillion VND"),
        (1_000_000_000, "tỷ đồng", "billion VND"),
        (1_000_000, "triệu đồng", "million VND"),
    )
    for size, vi, en in units:
        # Compare after rounding so that 999.96 million reads as 1 billion, not as 1,000 million.
        if round(abs(vnd) / size, 1) >= 1:
            decimals = (
                0 if round(abs(vnd) / size, 1) >= 100 or round(vnd / size, 1) == round(vnd / size) else 1
            )
            return f"{number(vnd / size, lang, decimals)} {vi if lang == 'vi' else en}"
    return f"{number(vnd, lang)} {'đồng' if lang == 'vi' else 'VND'}"


def date(day: Date, lang: Lang = "vi") -> str:
    """Return a date: ``01/7/2025`` in Vietnamese (days 1-9 and months 1-2 take a zero), ``1 July 2025``."""
    if lang == "vi":
        month = f"{day.month:02d}" if day.month < 3 else str(day.month)
        return f"{day.day:02d}/{month}/{day.year}"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_RANK = {letter: rank for rank, letter in enumerate(_LETTERS, start=20)}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_SHAPES = {"\u0306": {"a": "ă"}, "\u0302": {"a": "â", "e": "ê", "o": "ô"}, "\u031b": {"o": "ơ", "u": "ư"}}


def collation_key(text: str) -> tuple[tuple[int, ...], tuple[int, ...], str]:
    """Return a key that sorts Vietnamese: letters a ă â b c d đ e ê ..., then tones.

    Tones go ngang, huyền, hỏi, ngã, sắc, nặng and count only between words of the same letters.
    """
    letters: list[int] = []
    tones: list[int] = []
    previous = ""
    for character in unicodedata.normalize("NFD", text.casefold()):
        if character in _TONES:
            if tones:
                tones[-1] = _TONES[character]
        elif (shaped := _SHAPES.get(character, {}).get(previous)) and letters:
            letters[-1] = _LETTER_RANK[shaped]
        elif unicodedata.combining(character):
            continue
        elif character.isspace():
            letters.append(1)
            tones.append(0)
        elif character.isdecimal():
            letters.append(2 + int(character))
            tones.append(0)
        else:
            rank = _LETTER_RANK.get(character)
            letters.append(
                rank if rank is not None else (12 if ord(character) < 128 else 100 + ord(character))
            )
            tones.append(0)
        if not unicodedata.combining(character):
            previous = character
    return tuple(letters), tuple(tones), text


def fold(text: str) -> str:
    """Return text for search: lower case, no accents, ``đ`` as ``d``, single spaces."""
    bare = unicodedata.normalize("NFD", text.casefold())
    kept = "".join(character for character in bare if not unicodedata.combining(character))
    return " ".join(unicodedata.normalize("NFC", kept).replace("đ", "d").split())
