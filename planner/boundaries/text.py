"""An import and a download in words, for the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.tables import shown_path
from planner.wording import number, share, shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from planner.boundaries.fetch import Fetched
    from planner.boundaries.importing import Imported
    from planner.wording import Lang

LISTED = 10
"""So many of a kind are listed; the rest is counted (``--json`` has all)."""

# key: (English, Vietnamese)
WORDS: dict[str, tuple[str, str]] = {
    "matched": (
        "{units} units from {features} features: {by_code} by code, {by_name} by name.",
        "{units} đơn vị từ {features} đối tượng: {by_code} theo mã, {by_name} theo tên.",
    ),
    "parts": ("{n} units are joined from several features.", "{n} đơn vị được ghép từ nhiều đối tượng."),
    "unused": ("{n} features are of no unit here: {names}", "{n} đối tượng không thuộc đơn vị nào: {names}"),
    "no_area": (
        "{n} features are no polygons and were left out.",
        "{n} đối tượng không phải đa giác, đã bỏ qua.",
    ),
    "crs": ("Coordinates: {crs}.", "Hệ tọa độ: {crs}."),
    "crs_assumed": (
        "The file names no coordinate system; its numbers are degrees, so EPSG:4326 is assumed.",
        "Tệp không ghi hệ tọa độ; giá trị là độ nên coi là EPSG:4326.",
    ),
    "repaired": ("Repaired:", "Đã sửa:"),
    "nothing": (
        "Nothing had to be repaired: the polygons tile the region.",
        "Không phải sửa gì: các đa giác khớp kín.",
    ),
    "invalid": ("  {n} polygons were not valid: {names}", "  {n} đa giác không hợp lệ: {names}"),
    "slivers": ("  {n} tiny parts left out, {m2} m2", "  bỏ {n} mảnh vụn, {m2} m2"),
    "overlaps": (
        "  {n} overlaps given to one unit each, {m2} m2",
        "  {n} chỗ chồng lấn, mỗi chỗ về một đơn vị, {m2} m2",
    ),
    "gaps": ("  {n} narrow gaps closed, {m2} m2", "  khép {n} khe hở hẹp, {m2} m2"),
    "open_gaps": (
        "  {n} wider gaps between units left open, {m2} m2",
        "  để nguyên {n} khoảng trống rộng giữa các đơn vị, {m2} m2",
    ),
    "vertices": (
        "Corners: {before} read, {after} written (simplified by {m} m).",
        "Số đỉnh: đọc {before}, ghi {after} (đơn giản hóa {m} m).",
    ),
    "outside": (
        "Units whose point lies outside their polygon: {names}",
        "Đơn vị có điểm nằm ngoài đa giác: {names}",
    ),
    "areas": (
        "AREA against the official figure (km2), largest differences first",
        "DIỆN TÍCH so với số liệu chính thức (km2), chênh lệch lớn nhất trước",
    ),
    "official": ("official", "chính thức"),
    "polygon": ("polygon", "đa giác"),
    "difference": ("difference", "chênh lệch"),
    "total": ("all units", "tất cả"),
    "noticed": ("{n} units differ by more than 5 %: {names}.", "{n} đơn vị chênh lệch quá 5 %: {names}."),
    "none_noticed": ("No unit differs by more than 5 %.", "Không đơn vị nào chênh lệch quá 5 %."),
    "written": ("{path}: written; maps say: {basis}", "{path}: đã ghi; bản đồ sẽ ghi: {basis}"),
    "aside": (
        "{path}: written; no map reads it there. Basis: {basis}",
        "{path}: đã ghi; không bản đồ nào đọc tệp ở đó. Nguồn: {basis}",
    ),
    "kept": ("The schematic boundaries are kept in {path}.", "Ranh giới sơ đồ được giữ ở {path}."),
    "back": (
        "Back to the schematic boundaries: planner boundaries restore",
        "Trở lại ranh giới sơ đồ: planner boundaries restore",
    ),
    "dry_run": ("Nothing was written (--dry-run).", "Không ghi gì (--dry-run)."),
    "more": ("and {n} more", "và {n} nữa"),
    "moved": ("{old} is now {new}", "{old} chuyển thành {new}"),
    "licence": ("Licence {licence}: {n} files, {mb} MB", "Giấy phép {licence}: {n} tệp, {mb} MB"),
    "unknown": ("not stated", "không ghi"),
    "fetched": (
        "{fetched} files fetched, {kept} were there already, {failed} missing of {n}.",
        "Đã tải {fetched} tệp, có sẵn {kept}, còn thiếu {failed} trên {n}.",
    ),
    "missing": ("Missing: {names}", "Còn thiếu: {names}"),
    "again": (
        "Run the same command again: what is there is kept, partial files go on where they stopped.",
        "Hãy chạy lại lệnh: tệp đã có được giữ, tệp dở được tải tiếp.",
    ),
    "then": ("Next: planner boundaries import {folder}", "Tiếp theo: planner boundaries import {folder}"),
}


def say(key: str, lang: Lang, **values: object) -> str:
    """Return a text of `WORDS` with its values."""
    return WORDS[key][0 if lang == "en" else 1].format(**values)


def _some(names: list[str], lang: Lang) -> str:
    more = [say("more", lang, n=len(names) - LISTED)] if len(names) > LISTED else []
    return ", ".join([*names[:LISTED], *more])


def import_text(done: Imported, lang: Lang, *, every: bool = False) -> str:
    """Return what an import found, repaired and wrote."""
    names = dict(zip(done.layer["ward_code"], done.layer["name"], strict=True))

    def units(codes: list[str]) -> str:
        return _some([f"{code} {names[code]}" for code in codes], lang)

    by_name = len(set(done.found.by_name))
    lines = [
        say(
            "matched",
            lang,
            units=len(names),
            features=done.features,
            by_code=len(names) - by_name,
            by_name=by_name,
        )
    ]
    joined = [code for code, rows in done.found.rows.items() if len(rows) > 1]
    if joined:
        lines.append(say("parts", lang, n=len(joined)))
    if done.found.unused:
        called = [f"{shown(name)} ({where})" for where, name in done.found.unused]
        lines.append(say("unused", lang, n=len(called), names=_some(called, lang)))
    if done.found.no_area:
        lines.append(say("no_area", lang, n=len(done.found.no_area)))
    lines.append(say("crs_assumed", lang) if done.crs_assumed else say("crs", lang, crs=done.crs))
    lines += _repairs(done, lang, units)
    if done.outside:
        found = [f"{code} {names[code]} ({number(metres, lang)} m)" for code, metres in done.outside]
        lines.append(say("outside", lang, names=_some(found, lang)))
    lines += ["", *_area_lines(done, lang, every=every), ""]
    if done.target is None:
        lines.append(say("dry_run", lang))
    else:
        key = "written" if done.in_use else "aside"
        lines.append(say(key, lang, path=shown_path(done.target), basis=done.basis))
        if done.kept:
            lines.append(say("kept", lang, path=shown_path(done.kept)))
        if done.in_use:
            lines.append(say("back", lang))
    return "\n".join(lines)


def _repairs(done: Imported, lang: Lang, units: Callable[[list[str]], str]) -> list[str]:
    repair, lines = done.repair, []
    if repair.invalid:
        lines.append(say("invalid", lang, n=len(repair.invalid), names=units(list(repair.invalid))))
    lines += [
        say(key, lang, n=number(getattr(repair, key), lang), m2=number(getattr(repair, f"{key}_m2"), lang))
        for key in ("slivers", "overlaps", "gaps", "open_gaps")
        if getattr(repair, key)
    ]
    after = {"before": number(repair.vertices_before, lang), "after": number(repair.vertices, lang)}
    return [
        *([say("repaired", lang), *lines] if lines else [say("nothing", lang)]),
        say("vertices", lang, **after, m=number(done.tolerance_m, lang)),
    ]


def _area_lines(done: Imported, lang: Lang, *, every: bool) -> list[str]:
    noticed = done.noticed()
    table = done.areas if every else done.areas.head(max(LISTED, len(noticed)))
    rows = [["", say("official", lang), say("polygon", lang), say("difference", lang)]]
    rows += [
        _area_row(f"{row.ward_code} {row.name}", row.official_km2, row.polygon_km2, lang)
        for row in table.itertuples()
    ]
    both = done.areas["official_km2"].sum(), done.areas["polygon_km2"].sum()
    rows.append(_area_row(say("total", lang), *both, lang))
    widths = [max(len(row[n]) for row in rows) for n in range(4)]
    lines = [say("areas", lang)]
    for cells in rows:
        right = [cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True)]
        lines.append("  " + "  ".join([cells[0].ljust(widths[0]), *right]))
    if not len(noticed):
        return [*lines, say("none_noticed", lang)]
    named = [
        f"{row.name} ({number(row.official_km2, lang, 2)} / {number(row.polygon_km2, lang, 2)} / "
        f"{_signed(row.difference, lang)})"
        for row in noticed.itertuples()
    ]
    return [*lines, say("noticed", lang, n=len(noticed), names=", ".join(named))]


def _area_row(label: str, official: float, polygon: float, lang: Lang) -> list[str]:
    cells = [number(official, lang, 2), number(polygon, lang, 2), _signed(polygon / official - 1, lang)]
    return [label, *cells]


def _signed(value: float, lang: Lang) -> str:
    return ("+" if value >= 0 else "−") + share(abs(value), lang, 1)


def moved_text(moved: list[tuple[Path, Path]], lang: Lang) -> str:
    """Return what `restore` did."""
    return "\n".join(say("moved", lang, old=shown_path(old), new=shown_path(new)) for old, new in moved)


def fetch_text(done: Fetched, lang: Lang) -> str:
    """Return licences, what was fetched and what is missing."""
    lines = [
        say(
            "licence",
            lang,
            licence=shown(licence) if licence else say("unknown", lang),
            n=count,
            mb=number(size / 1e6, lang, 1),
        )
        for licence, (count, size) in done.licences().items()
    ]
    counts = {"fetched": len(done.fetched), "kept": len(done.kept), "failed": len(done.failed)}
    lines.append(say("fetched", lang, **counts, n=sum(counts.values())))
    if done.failed:
        lines += [say("missing", lang, names=_some(list(done.failed), lang)), say("again", lang)]
    else:
        lines.append(say("then", lang, folder=done.folder))
    return "\n".join(lines)
