"""Prices of the city-wide rules in words: what one more unit of each would save (``limits`` of ``plan.json``)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from planner.limits import group_of, kind_of
from planner.wording import money

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planner.wording import Lang

BILLION = 1_000_000_000
UNITS = {"budget": BILLION, "capital": BILLION, "surplus_m2": 1000, "within": 1000}
"""How much of a kind a sentence is about; one, if it is not here."""
SENTENCES = {
    "premises": ("One more premises allowed saves {saved}.", "Cho dùng thêm một trụ sở tiết kiệm {saved}."),
    "capital": (
        "One billion VND more of capital allowed in the first year saves {saved}.",
        "Cho thêm một tỷ đồng chi đầu tư năm đầu tiết kiệm {saved}.",
    ),
    "budget": (
        "One billion VND more of budget {when} saves {saved}.",
        "Thêm một tỷ đồng ngân sách {when} tiết kiệm {saved}.",
    ),
    "building": (
        "One centre more under construction {when} saves {saved}.",
        "Cho xây đồng thời thêm một khu liên cơ {when} tiết kiệm {saved}.",
    ),
    "relocations": (
        "One more unit moving into its centre {when} saves {saved}.",
        "Cho thêm một đơn vị chuyển vào khu liên cơ {when} tiết kiệm {saved}.",
    ),
    "surplus": (
        "One released premises fewer required by {year} saves {saved}.",
        "Bớt một trụ sở dôi dư phải bàn giao đến năm {year} tiết kiệm {saved}.",
    ),
    "surplus_m2": (
        "1,000 m² fewer to be released by {year} saves {saved}.",
        "Bớt 1.000 m² sàn phải bàn giao đến năm {year} tiết kiệm {saved}.",
    ),
    "centres": ("One centre fewer required saves {saved}.", "Bớt một khu liên cơ bắt buộc tiết kiệm {saved}."),
    "centres_phuong": (
        "One centre fewer required in phường saves {saved}.",
        "Bớt một khu liên cơ bắt buộc ở phường tiết kiệm {saved}.",
    ),
    "centres_xa": (
        "One centre fewer required in xã saves {saved}.",
        "Bớt một khu liên cơ bắt buộc ở xã tiết kiệm {saved}.",
    ),
    "centres_district": (
        "One centre fewer required in the former {group} saves {saved}.",
        "Bớt một khu liên cơ bắt buộc ở {group} (cũ) tiết kiệm {saved}.",
    ),
    "points": (
        "One reception point fewer required from {year} on saves {saved}.",
        "Bớt một điểm tiếp nhận bắt buộc từ năm {year} tiết kiệm {saved}.",
    ),
    "within": (
        "1,000 people fewer required within the minutes from {year} on saves {saved}.",
        "Bớt 1.000 người bắt buộc trong số phút quy định từ năm {year} tiết kiệm {saved}.",
    ),
    "departments": (
        "One more department allowed saves {saved}.",
        "Cho thêm một phòng tiết kiệm {saved}.",
    ),
}  # fmt: skip
"""By kind of rule: English, Vietnamese."""


@dataclass(frozen=True)
class Price:
    """What one unit (`UNITS`) more of a city-wide rule saves.

    Attributes
    ----------
    years : tuple of int
        Years in a row of which each is worth so much; empty for rules that hold for all years together.
    group : str
        Former district, or empty.
    saved_vnd : float
        Dong of net present cost.
    """

    kind: str
    years: tuple[int, ...]
    group: str
    saved_vnd: float


def rule_prices(limits: Iterable[dict[str, Any]]) -> list[Price]:
    """Return the prices above nothing, the largest saving first.

    A budget that is carried over is a limit on the sum up to its year, so that the money of a year counts in the
    limits of that year and of all later ones: it is worth all their prices together.
    """
    found: list[Price] = []
    money_of: dict[int, float] = {}
    for entry in limits:
        kind, year, price = kind_of(entry["name"]), entry["year"], float(entry["price"])
        if kind != "budget":
            years = () if year is None else (int(year),)
            found.append(Price(kind, years, group_of(entry["name"]), price * UNITS.get(kind, 1)))
            continue
        money_of.setdefault(int(year), 0.0)
        for earlier in money_of if entry.get("summed") else [int(year)]:
            money_of[earlier] += price
    # Years come in order: a summed limit adds to all budgets before it.
    found += [Price("budget", tuple(run), "", money_of[run[0]] * BILLION) for run in _runs(money_of)]
    found = [price for price in found if price.saved_vnd >= 1]
    return sorted(found, key=lambda price: (-price.saved_vnd, price.kind, price.years))


def price_sentences(limits: list[dict[str, Any]], lang: Lang) -> list[str]:
    """Return the prices of the rules as sentences, the largest first, without those that nothing would be paid for.

    Parameters
    ----------
    limits : list of dict
        ``plan.facts["limits"]``.
    """
    return [sentence(price, lang) for price in rule_prices(limits)]


def sentence(price: Price, lang: Lang) -> str:
    """Return one price as a sentence."""
    first, last = (price.years[0], price.years[-1]) if price.years else ("", "")
    if first == last:
        when = f"năm {first}" if lang == "vi" else f"in {first}"
    else:
        when = (
            f"ở một năm bất kỳ từ {first} đến {last}"
            if lang == "vi"
            else f"in any year from {first} to {last}"
        )
    saved = money(price.saved_vnd, lang)
    return SENTENCES[price.kind][lang == "vi"].format(when=when, year=first, group=price.group, saved=saved)


def _runs(worth: dict[int, float]) -> list[list[int]]:
    """Return years in a row whose money is worth the same to a millionth."""
    years = sorted(worth)
    runs = [years[:1]] if years else []
    for before, year in pairwise(years):
        alike = abs(worth[year] - worth[before]) <= 1e-6 * max(abs(worth[year]), 1e-9)
        if year == before + 1 and alike:
            runs[-1].append(year)
        else:
            runs.append([year])
    return runs
