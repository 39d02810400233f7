"""A location in words, for the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.wording import number, share

if TYPE_CHECKING:
    from planner.location.location import Location
    from planner.location.network import Network
    from planner.wording import Lang

# key: (English, Vietnamese)
WORDS: dict[str, tuple[str, str]] = {
    "p-median": ("Weight × distance", "Trọng số × khoảng cách"),
    "capacitated-p-median": ("Weight × distance", "Trọng số × khoảng cách"),
    "fixed-charge": ("Fixed costs + weight × distance", "Chi phí cố định + trọng số × khoảng cách"),
    "p-centre": ("Largest weight × distance", "Trọng số × khoảng cách lớn nhất"),
    "lscp": ("Points", "Số điểm"),
    "mclp": ("Weight covered", "Trọng số được phủ"),
    "optimal": ("proven optimal", "đã chứng minh tối ưu"),
    "within": ("proven to the gap asked for", "đã chứng minh tới sai lệch yêu cầu"),
    "feasible": ("not proven", "chưa chứng minh"),
    "second": ("proven; total distance not proven", "đã chứng minh; tổng khoảng cách chưa chứng minh"),
    "bound": ("bound {bound}, gap {gap}", "cận {bound}, sai lệch {gap}"),
    "served": (
        "{open} points serve {served} of {all} demands:",
        "{open} điểm phục vụ {served} trên {all} nhu cầu:",
    ),
    "capacities": (
        "The capacities of the table are kept in every model; leave the column empty to plan without.",
        "Mọi mô hình đều giữ đúng sức chứa trong bảng; để trống cột capacity nếu muốn tính không giới hạn.",
    ),
    "no_costs": (
        "No candidate has a fixed_cost: opening points costs nothing here.",
        "Không ứng viên nào có fixed_cost: ở đây mở điểm không tốn chi phí.",
    ),
}


def location_text(location: Location, network: Network, lang: Lang) -> str:
    """Return objective, proof, what is easily overlooked, and the open points, each with its number of demands."""
    side = 0 if lang == "en" else 1
    count = dict.fromkeys(location.open, 0)
    for point in location.assignment.values():
        count[point] += 1
    bound = WORDS["bound"][side].format(bound=_plain(location.bound, lang), gap=share(location.gap, lang, 4))
    served = WORDS["served"][side].format(
        open=len(location.open), served=len(location.assignment), all=network.n
    )
    value = f"{WORDS[location.model][side]}: {_plain(location.objective, lang)}"
    two = location.model in ("p-centre", "lscp", "mclp")
    status: str = location.status
    if two and status == "feasible" and location.gap == 0:
        status = "second"
    elif status == "optimal" and location.gap > 0:
        status = "within"
    lines = [f"{value} ({WORDS[status][side]}; {bound})"]
    if location.model == "p-median" and network.capacitated:
        lines.append(WORDS["capacities"][side])
    if location.model == "fixed-charge" and not network.fixed_cost.any():
        lines.append(WORDS["no_costs"][side])
    lines.append(served)
    return "\n".join([*lines, *(f"  {name}  {number(each, lang)}" for name, each in count.items())])


def _plain(value: float, lang: Lang) -> str:
    return number(value, lang, 0 if value.is_integer() else 3)
