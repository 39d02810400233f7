"""Networks in words and figures: one column an online share, in Vietnamese or English."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from planner.wording import money, number, share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.reception.answer import Answer
    from planner.wording import Lang

# key: (English, Vietnamese)
WORDS: dict[str, tuple[str, str]] = {
    "title": (
        "Reception network of {name}, {year}, model {model}",
        "Mạng lưới tiếp nhận của {name}, {year}, mô hình {model}",
    ),
    "online": ("Online share", "Tỷ lệ nộp trực tuyến"),
    "points_ward": ("Ward points kept", "Điểm của xã, phường giữ lại"),
    "points_city": ("City points kept", "Điểm của thành phố giữ lại"),
    "handed_over": ("Ward points handed over", "Điểm của xã, phường chuyển giao"),
    "closed": ("City points closed", "Điểm của thành phố đóng"),
    "counters_needed": ("Counters needed", "Số quầy cần có"),
    "people_not_served": ("People not served", "Số người không được phục vụ"),
    "mean_km": ("Mean way, km", "Quãng đường trung bình, km"),
    "farthest_minutes": ("Farthest way, minutes", "Đi xa nhất, phút"),
    "share_within_15": ("People within 15 minutes", "Người dân trong vòng 15 phút"),
    "share_within_30": ("People within 30 minutes", "Người dân trong vòng 30 phút"),
    "waiting_mean_minutes": ("Wait at the peak, mean minutes", "Chờ lúc cao điểm, phút trung bình"),
    "waiting_worst_minutes": ("Wait at the peak, worst point", "Chờ lúc cao điểm, điểm lâu nhất"),
    "points_vnd_year": ("Points, a year", "Chi cho các điểm mỗi năm"),
    "travel_vnd_year": ("Citizens' travel, a year", "Người dân đi lại mỗi năm"),
    "before": (
        "TODAY'S NETWORK: everybody files at the point of his ward",
        "MẠNG LƯỚI HIỆN NAY: ai cũng nộp tại điểm của xã, phường mình",
    ),
    "proof": ("PROOF", "CHỨNG MINH"),
    "status": ("Status", "Trạng thái"),
    "optimal": ("proven", "đã chứng minh"),
    "feasible": ("not proven", "chưa chứng minh"),
    "objective": ("Objective", "Giá trị mục tiêu"),
    "gap": ("Gap to the bound", "Sai lệch so với cận"),
    "seconds": ("Seconds", "Giây"),
    "worst": (
        "Worst served at {online}: {list}.",
        "Đi xa nhất khi nộp trực tuyến {online}: {list}.",
    ),
    "commune": ("{name} ({ward}) {minutes} min", "{name} ({ward}) {minutes} phút"),
    "points_min": (
        "rules.points_min ({n}) does not count here: --p sets the number of points.",
        "Ở đây không tính rules.points_min ({n}): đặt số điểm bằng --p.",
    ),
    "proven_note": (
        "Proven means: within the gap asked for (--gap, here {gap}). Costs a year in prices of the first year.",
        "Đã chứng minh: trong sai lệch cho phép (--gap, ở đây {gap}). Chi phí mỗi năm theo giá năm đầu.",
    ),
    "waiting_note": (
        "Waits are information: M/M/c (Erlang C) with the counters needed.",
        "Thời gian chờ để tham khảo: M/M/c (Erlang C) với số quầy cần có.",
    ),
}
NETWORK = (
    "points_ward", "points_city", "handed_over", "closed", "counters_needed", "people_not_served", "mean_km",
    "farthest_minutes", "share_within_15", "share_within_30", "waiting_mean_minutes", "waiting_worst_minutes",
    "points_vnd_year", "travel_vnd_year",
)  # fmt: skip
BEFORE = (
    "points_ward", "points_city", "counters_needed", "mean_km", "farthest_minutes", "share_within_15",
    "share_within_30", "waiting_mean_minutes", "waiting_worst_minutes", "points_vnd_year", "travel_vnd_year",
)  # fmt: skip
UNUSUAL = ("closed", "people_not_served")
"""Lines that are left out where they are zero in every column."""


def say(key: str, lang: Lang, **values: object) -> str:
    """Return a text of the table above."""
    return WORDS[key][0 if lang == "en" else 1].format(**values)


def shown(key: str, value: Any, lang: Lang) -> str:
    """Return a figure for people to read."""
    if key.endswith("_vnd_year"):
        return money(value, lang)
    if key.startswith("share_"):
        return share(value, lang, 1)
    if isinstance(value, float) and math.isinf(value):
        return "∞"
    return number(value, lang, 0 if isinstance(value, int) else 2 if key == "mean_km" else 1)


def percent(value: float, lang: Lang) -> str:
    """Return an online share with as many decimals as it has: 60%, 59.71%."""
    exact = round(value * 100, 6)
    decimals = next(n for n in range(7) if round(exact, n) == exact)
    return share(value, lang, decimals)


def reception_text(answers: Sequence[Answer], lang: Lang, gap: float, p: int | None = None) -> str:
    """Return the table of all shares, the communes worst served, and what to know of the figures."""
    first = answers[0]
    scenario = first.question.ground.scenario
    model = first.location.model
    rows = [[say("online", lang), *(percent(each.question.online_share, lang) for each in answers)]]
    for key in NETWORK:
        values = [each.summary[key] for each in answers]
        if key not in UNUSUAL or any(values):
            rows.append([say(key, lang), *(shown(key, value, lang) for value in values)])
    rows.append([say("before", lang)])
    rows += [
        [say(key, lang), *(shown(key, each.summary["before"][key], lang) for each in answers)]
        for key in BEFORE
    ]
    rows.append([say("proof", lang)])
    found = [each.location for each in answers]
    rows.append([say("status", lang), *(say(each.status, lang) for each in found)])
    rows.append([say("objective", lang), *(_objective(each.objective, model, lang) for each in found)])
    rows.append([say("gap", lang), *(share(each.gap, lang, 3) for each in found)])
    rows.append([say("seconds", lang), *(number(each.seconds, lang, 1) for each in found)])
    lines = [
        say("title", lang, name=scenario.name, year=first.question.year, model=model),
        "",
        _aligned(rows),
        "",
    ]
    for each in answers:
        worst = ", ".join(
            say(
                "commune",
                lang,
                name=row["commune"],
                ward=row["ward"],
                minutes=number(row["minutes"], lang, 1),
            )
            for row in each.summary["worst_served"]
        )
        lines.append(say("worst", lang, online=percent(each.question.online_share, lang), list=worst))
    least = scenario.rules.points_min
    if least is not None and (p is None or p < least):
        lines.append(say("points_min", lang, n=least))
    lines += [say("proven_note", lang, gap=share(gap, lang, 3)), say("waiting_note", lang)]
    return "\n".join(lines)


def _objective(value: float, model: str, lang: Lang) -> str:
    if model in ("fixed-charge", "p-median", "capacitated-p-median"):
        return money(value, lang)
    return number(value, lang)


def _aligned(rows: list[list[str]]) -> str:
    """Return rows as columns, text left and figures right; a row of one cell is a heading."""
    wide = [row for row in rows if len(row) > 1]
    widths = [max(len(row[n]) for row in wide) for n in range(len(wide[0]))]
    lines = []
    for row in rows:
        if len(row) == 1:
            lines += ["", row[0]]
            continue
        cells = [row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
