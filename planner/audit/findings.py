"""What an audit found, and how it is told in Vietnamese and English."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Lang = Literal["vi", "en"]

SENTENCES: dict[str, tuple[str, str]] = {
    # inputs
    "E510": ("the plan was made from another state of the file", "tệp đã thay đổi sau khi lập phương án"),
    "E511": ("an input file is not listed with its checksum", "tệp đầu vào không được ghi kèm mã kiểm tra"),
    # points.csv and catchments.csv
    "E512": ("a row is missing", "thiếu một dòng"),
    "E513": ("a row stands here twice", "một dòng xuất hiện hai lần"),
    "E514": ("there is no such point and year", "không có điểm và năm này"),
    "E515": ("the cell does not follow from input and catchments", "ô này không đúng với đầu vào và vùng phục vụ"),
    "E516": ("the status is not allowed here", "trạng thái không được phép ở đây"),
    "E517": ("the point was closed before", "điểm này đã đóng từ trước"),
    "E581": ("a row is missing", "thiếu một dòng"),
    "E582": ("a row stands here twice", "một dòng xuất hiện hai lần"),
    "E583": ("there is no such demand point and year", "không có nơi ở và năm này"),
    "E584": ("the cell does not follow from the input", "ô này không đúng với dữ liệu đầu vào"),
    # assignments.csv
    "E520": ("a row is missing", "thiếu một dòng"),
    "E521": ("a row stands here twice", "một dòng xuất hiện hai lần"),
    "E522": ("there is no such ward, year, body and part", "không có đơn vị, năm, cơ quan và bộ phận này"),
    "E523": ("the site may not be used here", "trụ sở này không được dùng ở đây"),
    "E524": ("the cell does not follow from the input", "ô này không đúng với dữ liệu đầu vào"),
    "E525": ("the basis is wrong", "căn cứ sai"),
    "E526": ("the part sits elsewhere than in the first year", "bộ phận ngồi ở nơi khác so với năm đầu"),
    "E527": ("the part does not sit in the centre that is open", "bộ phận không ngồi trong khu liên cơ đã mở"),
    "E528": ("the centre may not stand there", "khu liên cơ không được đặt tại đây"),
    "E529": ("the centre cannot open in this year", "khu liên cơ không thể mở trong năm này"),
    # rules
    "E530": ("what sits on the site needs more than its floor", "diện tích sàn không đủ cho nơi đặt tại đây"),
    "E531": ("the largest hall is too small", "hội trường lớn nhất không đủ chỗ"),
    "E532": ("too many sites are in use", "dùng quá nhiều trụ sở"),
    "E533": ("a required site is not in use", "trụ sở bắt buộc không được dùng"),
    "E534": ("one site would be enough", "một trụ sở là đủ"),
    "E535": ("what must stay together sits apart", "những bộ phận phải ở cùng nhau lại tách rời"),
    "E536": ("the body does not keep the site it has today", "cơ quan không giữ trụ sở hiện nay"),
    "E537": ("the city uses more premises than allowed", "số trụ sở toàn thành phố vượt mức cho phép"),
    "E538": ("the first year spends more capital than allowed", "vốn đầu tư năm đầu vượt mức cho phép"),
    "E539": ("an arrangement exists that lacks less", "có cách bố trí khác thiếu ít hơn"),
    "E590": ("a part sits where the centre is built", "có bộ phận ngồi tại nơi đang xây khu liên cơ"),
    "E591": ("the capital spent is more than the budget", "vốn đầu tư vượt ngân sách của năm"),
    "E592": ("too many centres are under construction", "quá nhiều khu liên cơ xây cùng lúc"),
    "E593": ("too many units move into a centre in one year", "quá nhiều đơn vị chuyển vào khu liên cơ trong năm"),
    "E594": ("less is released than required", "số trụ sở dôi dư ít hơn yêu cầu"),
    "E595": ("there are fewer centres than required", "số khu liên cơ ít hơn yêu cầu"),
    "E596": ("there are more departments than allowed", "số phòng chuyên môn vượt mức cho phép"),
    "E597": ("these units may not share the premises, or do not", "hai đơn vị không được hoặc không dùng chung"),
    "E585": ("the point does not serve these people in this year", "điểm này không phục vụ nơi ở này trong năm này"),
    "E586": ("the point is too far away or cannot be reached", "điểm tiếp nhận quá xa hoặc không đến được"),
    "E587": ("the point serves more files than it can take", "điểm tiếp nhận nhận nhiều hồ sơ hơn khả năng"),
    "E588": ("a required point is closed", "điểm bắt buộc lại đóng"),
    "E589": ("an excluded point is open", "điểm bị loại lại mở"),
    "E598": ("the hand-over frees a required site", "việc chuyển giao làm trống trụ sở bắt buộc"),
    "E599": ("the hand-over leaves too few seats", "sau chuyển giao hội trường thiếu chỗ hơn trước"),
    "E518": ("there are fewer points than required", "số điểm tiếp nhận ít hơn yêu cầu"),
    "E519": ("fewer people are near a point than required", "số dân ở gần điểm tiếp nhận ít hơn yêu cầu"),
    # premises.csv
    "E540": ("a row is missing", "thiếu một dòng"),
    "E541": ("a row stands here twice", "một dòng xuất hiện hai lần"),
    "E542": ("there is no such site to list in this year", "không có trụ sở này để ghi trong năm này"),
    "E543": ("the status does not follow from assignments.csv", "trạng thái không đúng với bảng bố trí"),
    "E544": ("the route does not follow from the scenario", "hướng xử lý không đúng với kịch bản"),
    "E545": ("the cell differs from sites.csv", "ô này khác với sites.csv"),
    # costs.csv
    "E550": ("a row is missing", "thiếu một dòng"),
    "E551": ("a row stands here twice", "một dòng xuất hiện hai lần"),
    "E552": ("there is no such cost", "không có khoản chi này"),
    "E553": ("the amount does not follow from the plan", "số tiền không đúng với phương án và đơn giá"),
    "E554": ("the heading is wrong", "mục chi sai"),
    # measures.csv
    "E560": ("a measure is missing", "thiếu một chỉ tiêu"),
    "E561": ("a measure stands here twice", "một chỉ tiêu xuất hiện hai lần"),
    "E562": ("there is no such measure", "không có chỉ tiêu này"),
    "E563": ("the value does not follow from the plan", "giá trị không đúng với phương án"),
    "E564": ("the unit is wrong", "đơn vị tính sai"),
    # years.csv
    "E565": ("a year is missing", "thiếu một năm"),
    "E566": ("a year stands here twice", "một năm xuất hiện hai lần"),
    "E567": ("there is no such year", "không có năm này"),
    "E568": ("the value does not follow from the plan", "giá trị không đúng với phương án"),
    # plan.json
    "E570": ("the objective is not the discounted cost", "mục tiêu không bằng tổng chi phí đã chiết khấu"),
    "E571": ("the bound is above the objective", "cận dưới lớn hơn mục tiêu"),
    "E572": ("the gap does not follow from the bound", "khoảng cách không đúng với mục tiêu và cận dưới"),
    "E573": ("the surveyed share is wrong", "tỷ lệ diện tích đã khảo sát sai"),
    "E574": ("the status is not allowed here", "trạng thái không được phép ở đây"),
    "E575": ("there is a cheaper plan", "có phương án rẻ hơn"),
    "E576": ("a plan exists that costs less than the bound", "có phương án chi phí thấp hơn cận dưới"),
    "E577": ("the entry of a rule of the whole city is wrong", "mục về quy tắc toàn thành phố sai"),
    "E578": ("there is no such price, or it may not be so", "không có giá này hoặc giá không hợp lệ"),
    "E579": ("the prices give a lower certified bound", "các giá chỉ chứng minh được cận dưới thấp hơn"),
    # today/
    "E580": ("today's arrangement is costed with other settings", "hiện trạng được tính với tham số khác"),
}  # fmt: skip
"""What every code means: English, Vietnamese. Codes are stable; other people's scripts read them."""

_TEXT: dict[str, tuple[str, str]] = {
    "passed": ("Audit passed", "Kiểm tra đạt"),
    "failed": ("Audit failed", "Kiểm tra không đạt"),
    "differences": ("differences", "điểm sai khác"),
    "found": ("found", "thấy"),
    "expected": ("expected", "đúng ra là"),
    "nothing": ("nothing", "không có"),
    "more": ("more", "điểm nữa"),
    "wards": ("units", "đơn vị"),
    "rows": ("rows recomputed", "dòng đã tính lại"),
    "inputs": ("input files verified", "tệp đầu vào đã đối chiếu"),
    "premises": ("premises in use", "trụ sở đang dùng"),
    "objective": ("net present cost recomputed", "chi phí hiện tại ròng tính lại"),
    "least": ("cheapest plan by the auditor's own search", "phương án rẻ nhất do kiểm tra tự tìm"),
    "certified": ("lower bound certified by the prices", "cận dưới được các giá chứng minh"),
    "gap": ("gap", "khoảng cách"),
    "other": ("settings from neither norms nor scenario files", "tham số ngoài định mức và tệp kịch bản"),
    "exceptions": ("units where no arrangement keeps the rules", "đơn vị không thể bố trí đúng quy tắc"),
    "missing": ("missing", "thiếu"),
    "seats": ("seats", "chỗ ngồi"),
    "remedy": (
        "Do not edit result files by hand; solve again.",
        "Không sửa tay các tệp kết quả; hãy lập lại phương án.",
    ),
    "today": ("arrangement in force", "hiện trạng"),
    "plan": ("plan", "phương án"),
}  # fmt: skip

MAX_OF_A_KIND = 8
"""One wrong input cell shows in hundreds of rows; the first of each code tell what it is."""


@dataclass(frozen=True)
class Finding:
    """One thing in a result folder that is not what the rules and the input say.

    Attributes
    ----------
    code : str
        A key of `SENTENCES`.
    file : str
        Name within the result folder (``costs.csv``, ``today/costs.csv``), or the path of an input file.
    row : int or None
        Line of the file; None where a row is missing or the finding is about the whole file.
    ward : str
        Code of the ward, or "".
    item : str
        What it is about: part, site, cost item or measure, with the year.
    found, expected : str
        Both values, as written in the file; "" for nothing.
    """

    code: str
    file: str
    row: int | None
    ward: str
    item: str
    found: str
    expected: str


@dataclass(frozen=True)
class Exempt:
    """A ward where no arrangement keeps floor area and hall; the scenario only reports these rules."""

    plan: str
    ward: str
    name: str
    missing_m2: int
    missing_seats: int


@dataclass(frozen=True)
class AuditReport:
    """The result of an audit: passed if there are no findings.

    Attributes
    ----------
    exceptions : tuple of Exempt
        Broken rules that the scenario allows and no arrangement avoids; they do not fail the audit.
    facts : dict
        By plan (``plan`` and, where it exists, ``today``): scenario, status, wards, rows, inputs, premises,
        centres, objective_vnd (as recomputed), least_vnd (by the auditor's own search; None if it was not made
        or does not apply), certified_bound_vnd (the bound that the saved prices prove, recomputed; None
        without the search), certified_gap (of objective and that bound), other_settings (keys whose value is
        neither the norm's nor one of a listed scenario file).
    """

    findings: tuple[Finding, ...]
    exceptions: tuple[Exempt, ...]
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether the plan passed."""
        return not self.findings

    def to_json(self) -> str:
        """Return everything as JSON: ok, findings, exceptions, facts."""
        findings = [
            {"kind": "failure", "what": SENTENCES[finding.code][0], **asdict(finding)}
            for finding in self.findings
        ]
        exceptions = [{"kind": "exception", **asdict(exempt)} for exempt in self.exceptions]
        whole = {"ok": self.ok, "findings": findings, "exceptions": exceptions, "facts": self.facts}
        return json.dumps(whole, ensure_ascii=False, indent=1)


def format_report(report: AuditReport, lang: Lang = "en") -> str:
    """Return the report as lines of text."""
    at = 0 if lang == "en" else 1

    def word(key: str) -> str:
        return _TEXT[key][at]

    lines = [
        word("passed") if report.ok else f"{word('failed')}: {len(report.findings)} {word('differences')}"
    ]
    for plan, facts in report.facts.items():
        parts = [f"{number(facts[key], lang)} {word(key)}" for key in ("wards", "rows", "inputs", "premises")]
        lines.append(f"{word(plan)} ({facts['scenario']}): " + ", ".join(parts))
        amounts = {key: facts[f"{key}_vnd"] for key in ("objective", "least")}
        lines += [
            f"  {word(key)}: {number(vnd, lang)} VND" for key, vnd in amounts.items() if vnd is not None
        ]
        certified, gap = facts["certified_bound_vnd"], facts["certified_gap"]
        if certified is not None and certified != facts["least_vnd"]:
            shown = "" if gap is None else f", {word('gap')} {percent(gap, lang)}"
            lines.append(f"  {word('certified')}: {number(certified, lang)} VND{shown}")
        if facts["other_settings"]:
            lines.append(f"  {word('other')}: " + ", ".join(facts["other_settings"]))
    if report.exceptions:
        lines.append(f"{len(report.exceptions)} {word('exceptions')}:")
    for exempt in report.exceptions:
        lacks = [f"{number(exempt.missing_m2, lang)} m²"] if exempt.missing_m2 else []
        lacks += [f"{number(exempt.missing_seats, lang)} {word('seats')}"] if exempt.missing_seats else []
        lines.append(
            f"  {word(exempt.plan)} {exempt.ward} {exempt.name}: {word('missing')} " + ", ".join(lacks)
        )
    counts: Counter[str] = Counter()
    for finding in report.findings:
        counts[finding.code] += 1
        if counts[finding.code] <= MAX_OF_A_KIND:
            lines.append(format_finding(finding, lang))
    hidden = {code: count - MAX_OF_A_KIND for code, count in counts.items() if count > MAX_OF_A_KIND}
    lines += [f"{code} … {number(count, lang)} {word('more')}" for code, count in hidden.items()]
    if not report.ok:
        lines.append(word("remedy"))
    return "\n".join(lines)


def format_finding(finding: Finding, lang: Lang = "en") -> str:
    """Return one finding as a line: code, where, what is wrong, what was found and what is right."""
    at = 0 if lang == "en" else 1
    nothing = _TEXT["nothing"][at]
    place = finding.file if finding.row is None else f"{finding.file}:{finding.row}"
    about = _shown(" ".join(part for part in (finding.ward, finding.item) if part))
    return (
        f"{finding.code} {place} {about + ': ' if about else ''}{SENTENCES[finding.code][at]}; "
        f"{_TEXT['found'][at]} {_shown(finding.found) or nothing}, "
        f"{_TEXT['expected'][at]} {_shown(finding.expected) or nothing}."
    )


def number(value: int | str | None, lang: Lang) -> str:
    """Return a whole number with thousands marked as the language does."""
    text = f"{int(value or 0):,}"
    return text if lang == "en" else text.replace(",", ".")


def percent(value: float, lang: Lang) -> str:
    """Return a share in percent with four decimals."""
    text = f"{100 * value:.4f}"
    return (text if lang == "en" else text.replace(".", ",")) + "%"


def _shown(text: str) -> str:
    # Cells of a tampered file may hold anything; a terminal must not be steered by them.
    cut = text if len(text) <= 80 else text[:79] + "…"
    return "".join(c if c.isprintable() else f"\\u{{{ord(c):04x}}}" for c in cut)
