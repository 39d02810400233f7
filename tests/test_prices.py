"""Prices of city-wide rules in words."""

from typing import Any

import pytest

from planner.prices import price_sentences, rule_prices


def entry(name: str, price: float, year: int | None = None, **more: Any) -> dict[str, Any]:
    return {"name": name, "setting": "", "year": year, "limit": 0, "used": 0, "price": price, **more}


def test_money_that_is_carried_over_is_worth_all_later_prices() -> None:
    limits = [entry(f"budget_{year}", price, year, summed=True) for year, price in
              ((2026, 0.0), (2027, 0.1), (2028, 0.0), (2029, 0.3))]  # fmt: skip
    worth = {price.years: price.saved_vnd for price in rule_prices(limits)}
    assert worth == pytest.approx({(2026, 2027): 0.4e9, (2028, 2029): 0.3e9})
    assert price_sentences(limits, "en") == [
        "One billion VND more of budget in any year from 2026 to 2027 saves 400 million VND.",
        "One billion VND more of budget in any year from 2028 to 2029 saves 300 million VND.",
    ]
    assert price_sentences(limits, "vi")[0] == (
        "Thêm một tỷ đồng ngân sách ở một năm bất kỳ từ 2026 đến 2027 tiết kiệm 400 triệu đồng."
    )


def test_money_of_single_years_is_worth_its_own_price() -> None:
    limits = [entry(f"budget_{year}", price, year, summed=False) for year, price in
              ((2027, 0.1), (2028, 0.0), (2029, 0.3))]  # fmt: skip
    assert price_sentences(limits, "en") == [
        "One billion VND more of budget in 2029 saves 300 million VND.",
        "One billion VND more of budget in 2027 saves 100 million VND.",
    ]


def test_every_kind_has_a_sentence_largest_first_and_none_for_nothing() -> None:
    limits = [
        entry("premises", 1e9), entry("capital", 0.5), entry("building_2031", 2e9, 2031),
        entry("relocations_2032", 3e9, 2032), entry("surplus_2033", 4e9, 2033), entry("surplus_m2_2033", 5e5, 2033),
        entry("centres", 8.8e9), entry("centres_phuong", 6e9), entry("centres_xa", 0.0),
        entry("centres_district:Huyện Ba Vì", 7e9), entry("departments", 9e9),
    ]  # fmt: skip
    english, vietnamese = (price_sentences(limits, lang) for lang in ("en", "vi"))
    assert len(english) == len(vietnamese) == 10
    assert english[:3] == [
        "One more department allowed saves 9 billion VND.",
        "One centre fewer required saves 8.8 billion VND.",
        "One centre fewer required in the former Huyện Ba Vì saves 7 billion VND.",
    ]
    assert "1,000 m² fewer to be released by 2033 saves 500 million VND." in english
    assert "One billion VND more of capital allowed in the first year saves 500 million VND." in english
    assert vietnamese[1] == "Bớt một khu liên cơ bắt buộc tiết kiệm 8,8 tỷ đồng."
    assert all("{" not in text and "VND" not in text for text in vietnamese)
    assert not [text for text in english if " xã" in text]
