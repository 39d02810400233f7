"""The page around what is said: an empty shell that Folium renders, script, style, data and the page's own policy.

No data passes through a template engine. Folium renders an empty shell with tokens; data replace the tokens
afterwards in one pass, escaped for the place where they stand. In the page everything is put in as text,
never as markup.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from planner.maps.content import Sheet, page_content
from planner.maps.rows import Cell
from planner.maps.words import WEB, labels, network_labels, say
from planner.wording import number

if TYPE_CHECKING:
    from pathlib import Path

    from planner.plan import Plan
    from planner.wording import Lang

SCRIPTS = (
    *("words", "plans", "signs", "ground", "sides", "colours", "compare", "figures", "years"),
    *("card", "search", "table", "legend", "address", "print", "start"),
)
"""The files of ``web/page``: one script in this order, later ones use what earlier ones name."""
STYLES = ("colours", "page", "map", "print")

_TOKEN = re.compile(r"@@([A-Z_]+)@@")
_LABEL = re.compile(r"\{\{label\.(\w+)\}\}")
_LINK = re.compile(r'<script src="([^"]*)"></script>|<link rel="stylesheet" href="([^"]*)"\s*/?>')
_INLINE = re.compile(r"<(script|style)>(.*?)</\1>", re.DOTALL)
_URL = re.compile(r"url\((?!data:)[^)]*\)")
_POLICY = (
    "default-src 'none'; script-src {script}; style-src {style}; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)


def write_map(plans: Plan | Sequence[Plan], path: Path, lang: Lang = "vi") -> None:
    """Write the page of one or several plans as one file: UTF-8, LF, the same bytes for the same plans."""
    path.write_bytes(render_map(plans, lang).encode("utf-8"))


def render_map(plans: Plan | Sequence[Plan], lang: Lang = "vi") -> str:
    """Return the page of one or several plans in one language.

    Raises
    ------
    InputError
        The plans cannot share a page: see `content.check_together`.
    """
    words = labels(lang)
    content = page_content(list(plans) if isinstance(plans, Sequence) else [plans], lang)
    sheets = content.sheets
    page = _shell(lang, network=content.has_network)
    if content.has_network:
        words = words | network_labels(lang)
    title = " · ".join(sheet.title for sheet in sheets)
    foot = content.foot
    values = {
        "HEAD": _head(page, f"{title} – {content.kicker}"),
        "KICKER": _text(content.kicker),
        "TITLE": _text(title),
        "TRUTH": "".join(f"<li{of}>{_text(line)}</li>" for of, line in _of_each(sheets, "truth")),
        "STAMPS": "".join(
            f"<span{of}>{_text(' · '.join(sheet.stamps))}</span>" for of, sheet in _marked(sheets)
        ),
        "STAMP": _text(words["schematic"] if content.schematic else ""),
        "FIGURES": _for_each(sheets, lambda sheet: _figures(sheet, words["estimated"])),
        "TABLE": _tables(sheets, lang),
        "FOOT": "".join(f"<p>{_text(line)}</p>" for line in foot),
        "DATA": json_for_page({**content.data, "labels": words}),
    }
    return _fill(page, values)


def _of_each(sheets: Sequence[Sheet], name: str) -> Iterator[tuple[str, str]]:
    """Give the lines of every plan, each with the attribute by which the script shows those of the chosen one."""
    for of, sheet in _marked(sheets):
        for line in getattr(sheet, name):
            yield of, line


def _marked(sheets: Sequence[Sheet]) -> Iterator[tuple[str, Sheet]]:
    for at, sheet in enumerate(sheets):
        yield f' data-scenario="{at}"' if len(sheets) > 1 else "", sheet


def _for_each(sheets: Sequence[Sheet], made: Callable[[Sheet], str]) -> str:
    """Return one part of the page for every plan; without the script all of them show, under their titles."""
    if len(sheets) == 1:
        return made(sheets[0])
    return "".join(
        f'<div data-scenario="{at}"><p class="which">{_text(sheet.title)}</p>{made(sheet)}</div>'
        for at, sheet in enumerate(sheets)
    )


def json_for_page(value: object) -> str:
    """Return JSON that may stand inside a script element: no ``<``, ``>``, ``&`` or line separator in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text = re.sub("[<>&\u2028\u2029]", _escaped, text)
    # A lone surrogate cannot be written as UTF-8; as an escape it can, and shows as a replacement character.
    return re.sub("[\ud800-\udfff]", _escaped, text)


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found.group()):04x}"


def _shell(lang: Lang, *, network: bool = False) -> str:
    """Return the page with Leaflet, script and style in it, and tokens where data go."""
    page = _rendered()
    page = _LINK.sub(_inlined, page)
    page = _once(page, "<html>", f'<html lang="{lang}">')
    page = _once(page, "<head>", "<head>@@HEAD@@")
    words = labels(lang)
    before, after = _LABEL.sub(lambda found: _text(words[found.group(1)]), _web("shell.html")).split(
        "@@MAP@@"
    )
    page = _fill(
        page,
        {
            "BEFORE": before,
            "AFTER": after,
            "PAGE_JS": "\n".join([*([_lean("network.js")] if network else []), _script()]),
            "PAGE_CSS": "\n".join([*_styles(), *([_web("network.css")] if network else [])]),
        },
        rest=True,
    )
    return "\n".join(line.rstrip() for line in page.splitlines() if line.strip()) + "\n"


def _script() -> str:
    """Return the page's script: its files share one scope, and nothing of it is seen from outside."""
    return f'(() => {{\n"use strict";\n{"".join(_lean(f"page/{name}.js") for name in SCRIPTS)}}})();'


def _lean(name: str) -> str:
    """Return a script without comments and indentation: a page for five scenarios has to be small.

    No text of ours runs over lines.
    """
    lines = (line.strip() for line in _web(name).splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("//"))


def _styles() -> list[str]:
    return [_web(f"page/{name}.css") for name in STYLES]


@cache
def _rendered() -> str:
    """Return Folium's rendering of an empty map; it sees no data, only tokens."""
    import folium
    from branca.element import Element
    from folium.template import Template

    class OfflineMap(folium.Map):
        """A map that asks for nothing but Leaflet, by file name; `_inlined` puts the file in."""

        default_js = [("leaflet", "leaflet.js")]  # noqa: RUF012 - Folium's own way
        default_css = [("leaflet_css", "leaflet.css")]  # noqa: RUF012
        _template = Template(
            """
            {% macro header(this, kwargs) %}<style>@@PAGE_CSS@@</style>{% endmacro %}
            {% macro html(this, kwargs) %}
            @@BEFORE@@<div class="folium-map" id={{ this.get_name()|tojson }}></div>@@AFTER@@
            {% endmacro %}
            {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {
              center: {{ this.location|tojson }}, crs: L.CRS.{{ this.crs }},
              ...{{ this.options|tojavascript }}});
            window.plannerMap = {{ this.get_name() }};
            @@PAGE_JS@@
            {% endmacro %}
            """
        )

    with _counted_ids(Element):
        found = OfflineMap(location=(21.0, 105.8), zoom_start=10, tiles=None, zoom_control=False)
        found.options.update(zoomSnap=0.1, zoomDelta=0.5, wheelPxPerZoomLevel=120, minZoom=7, maxZoom=17)
        return str(found.get_root().render())


@contextmanager
def _counted_ids(element: Any) -> Iterator[None]:
    """Let Folium number its elements instead of drawing random names: two pages are then the same bytes."""
    original = element.__dict__["_generate_id"]
    count = iter(range(1_000_000))
    element._generate_id = classmethod(lambda _cls: f"{next(count):06d}")
    try:
        yield
    finally:
        element._generate_id = original


def _inlined(found: re.Match[str]) -> str:
    name = found.group(1) or found.group(2)
    if name not in ("leaflet.js", "leaflet.css"):
        raise ValueError(f"the page refers to {name}, which is not vendored")
    text = _web(f"vendor/{name}")
    if name.endswith(".css"):
        # Pictures of controls and markers that the page does not use, and a rule for Internet Explorer.
        return f"<style>{_URL.sub('none', text)}</style>"
    return f"<script>{re.sub(r'//# sourceMappingURL=.*', '', text)}</script>"


@cache
def _web(name: str) -> str:
    return (WEB / name).read_text(encoding="utf-8")


def _head(page: str, title: str) -> str:
    hashes: dict[str, list[str]] = {"script": [], "style": []}
    for tag, text in _INLINE.findall(page):
        digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()
        hashes[tag].append(f"'sha256-{digest}'")
    policy = _POLICY.format(script=" ".join(hashes["script"]), style=" ".join(hashes["style"]))
    return (
        '<meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f'<link rel="icon" href="data:,"><title>{_text(title)}</title>'
    )


def _figures(sheet: Sheet, estimated: str) -> str:
    parts = []
    for tile in sheet.tiles:
        guess = f' <i class="guess">{_text(estimated)}</i>' if tile.estimated else ""
        figure, gap, unit = tile.value.partition(" ")
        lines = "".join(f'<dd class="line">{_text(line)}</dd>' for line in tile.lines)
        parts.append(
            f'<div data-key="{_text(tile.key)}"><dt>{_text(tile.label)}{guess}</dt>'
            f'<dd class="big">{_text(figure)}<small>{_text(gap + unit)}</small></dd>{lines}</div>'
        )
    note = f'<p class="hint">{_text(sheet.note)}</p>' if sheet.note else ""
    return f"<dl>{''.join(parts)}</dl>{note}"


def _tables(sheets: Sequence[Sheet], lang: Lang) -> str:
    """Return what shows without the script: the table of the first plan and, of several, one that compares them.

    The script shows the table of whatever is chosen in their place.
    """
    if len(sheets) == 1:
        return _table(sheets[0], lang)
    first = f'<p class="which">{_text(sheets[0].title)}</p>{_table(sheets[0], lang)}'
    return _options(sheets, lang) + first


def _options(sheets: Sequence[Sheet], lang: Lang) -> str:
    """Return a table of units against plans: premises and cost of each."""
    words = labels(lang)
    heads = [f'<th scope="col">{_text(words["c_unit"])}</th>']
    keys = ("option_sites", "option_cost")
    heads += [f'<th scope="col">{_text(s.title)}: {_text(words[key])}</th>' for s in sheets for key in keys]
    rows = []
    for at, row in enumerate(sheets[0].rows):
        cells = [f'<th scope="row">{_text(row[0].lines[0][0][0])}</th>']
        cells += [f"<td class=n>{_text(text)}</td>" for sheet in sheets for text in sheet.options[at]]
        rows.append(f"<tr>{''.join(cells)}</tr>")
    head = (
        f"<caption><span>{_text(words['options'])}</span></caption><thead><tr>{''.join(heads)}</tr></thead>"
    )
    return f'<table class="units">{head}<tbody>{"".join(rows)}</tbody></table>'


def _table(sheet: Sheet, lang: Lang) -> str:
    words = labels(lang)
    heads = [
        "c_unit",
        "c_type",
        "c_sites",
        "c_sites_today",
        "c_seats",
        "c_seats_today",
        "c_actions",
        "c_cost",
    ]
    heads += ["c_cost_today", "c_travel", "c_travel_max"]
    only_with_today = {"c_sites_today", "c_seats_today", "c_actions", "c_cost_today"}
    kept = [key for key in heads if sheet.has_today or key not in only_with_today]
    if sheet.has_network:
        kept.append("c_point")
        words = words | network_labels(lang)
    unsorted = {"c_seats", "c_seats_today", "c_point"}
    head = "".join(_head_cell(key, words[key], sortable=key not in unsorted) for key in kept)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in sheet.rows)
    caption = _text(say(words["caption"], n=number(len(sheet.rows), lang)))
    head = f"<caption><span>{caption}</span></caption><thead><tr>{head}</tr></thead>"
    return f'<table class="units">{head}<tbody>{body}</tbody></table>'


def _head_cell(key: str, word: str, *, sortable: bool) -> str:
    order = ' aria-sort="ascending"' if key == "c_unit" else ""
    inner = f'<button type="button" class="sort">{_text(word)}</button>' if sortable else _text(word)
    return f'<th scope="col" class="{key}"{order}>{inner}</th>'


def _cell(cell: Cell) -> str:
    lines = ["".join(_span(text, tag, cell.extra) for text, tag in line) for line in cell.lines]
    inner = lines[0] if len(lines) == 1 else "".join(f"<div>{line}</div>" for line in lines)
    sort = "" if cell.sort is None else f' data-v="{cell.sort}"'
    if cell.kind == "head":
        return f'<th scope="row"{sort}>{inner}</th>'
    return f"<td{' class=n' if cell.kind == 'number' else ''}{sort}>{inner}</td>"


def _span(text: str, tag: str, extra: Mapping[str, str]) -> str:
    if tag == "button":
        return f'<button type="button" class="unit" data-unit="{_text(extra["unit"])}">{_text(text)}</button>'
    return f"<{tag}>{_text(text)}</{tag}>" if tag else _text(text)


def _text(value: str) -> str:
    """Return text that may stand in an element or a quoted attribute; no character of it is markup."""
    return html.escape(value.encode("utf-8", "replace").decode("utf-8"), quote=True)


def _fill(page: str, values: Mapping[str, str], *, rest: bool = False) -> str:
    """Put values in for tokens, in one pass, so that a token inside a value stays as it was typed."""

    def value(found: re.Match[str]) -> str:
        return values.get(found.group(1), found.group()) if rest else values[found.group(1)]

    return _TOKEN.sub(value, page)


def _once(page: str, old: str, new: str) -> str:
    if page.count(old) != 1:
        raise ValueError(f"Folium's page has {page.count(old)} times {old}; one was expected")
    return page.replace(old, new)
