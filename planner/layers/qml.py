"""A look in one language as QML, the style file of QGIS 3.22 and later. Text goes in as text: no string is pasted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, tostring

from planner.layers.fields import FIELDS
from planner.layers.looks import SIZE, text
from planner.layers.words import LEGEND, PARTS, word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planner.layers.looks import Label, Look, Rule, Sign
    from planner.wording import Lang

VERSION = "3.22.16"
DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
NAMED_PARTS = "parts_named"
"""A column that QGIS computes: the codes of `parts` in words."""
ESCAPED = "replace(replace(replace(to_string(coalesce({}, '')), '&', '&amp;'), '<', '&lt;'), '>', '&gt;')"
"""The tip is HTML for QGIS: what stands in the data must not be."""
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def plain(value: object) -> str:
    """Return text that XML may hold."""
    return _NOT_XML.sub(" ", str(value))


def as_text(style: Element) -> str:
    """Return a style as the text of a QML file."""
    return DOCTYPE + tostring(style, encoding="unicode")


def qml(
    layer: str,
    look: Look,
    lang: Lang,
    columns: Iterable[str],
    choices: Mapping[str, Mapping[str, str]],
    parts: Mapping[str, str],
) -> Element:
    """Return the style of a layer.

    Parameters
    ----------
    columns : iterable of str
        The columns that the layer has.
    choices : mapping
        By column: words by value.
    parts : mapping
        Names of the parts by their ids.
    """
    columns = list(columns)
    root = Element(
        "qgis", version=VERSION, styleCategories="AllStyleCategories", labelsEnabled=_bit(look.label)
    )
    _renderer(root, look, lang)
    if look.label:
        _labels(root, look, look.label, lang)
    named = [NAMED_PARTS] if look.parts else []
    _form(root, layer, [*columns, *named], choices, lang)
    computed = SubElement(root, "expressionfields")
    if look.parts:
        one = SubElement(
            computed, "field", name=NAMED_PARTS, expression=_in_words(parts), comment=word(PARTS, lang)
        )
        _set(one, {"type": "10", "typeName": "string", "length": "0", "precision": "0", "subType": "0"})
    _table(root, columns, named)
    _estimates(root, look, lang)
    SubElement(root, "previewExpression").text = look.title
    SubElement(root, "mapTip").text = _tip(layer, look, lang, columns)
    kinds = {"marker": "0", "line": "1", "fill": "2"}
    SubElement(root, "layerGeometryType").text = kinds[_signs(look.rules)[0].kind]
    return root


def _set(element: Element, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        element.set(name, value)


def _bit(value: object) -> str:
    return "1" if value else "0"


def _rgb(colour: str, alpha: int = 255) -> str:
    return (
        ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)) + f",{alpha}" if colour else "0,0,0,0"
    )


def _signs(rules: Iterable[Rule]) -> list[Sign]:
    found: list[Sign] = []
    for rule in rules:
        found += [*([rule.sign] if rule.sign else []), *_signs(rule.children)]
    return found


def _options(parent: Element, values: Mapping[str, str]) -> None:
    options = SubElement(parent, "Option", type="Map")
    for name, value in values.items():
        SubElement(options, "Option", name=name, type="QString", value=value)


def _renderer(root: Element, look: Look, lang: Lang) -> None:
    renderer = SubElement(
        root, "renderer-v2", type="RuleRenderer", symbollevels="0", forceraster="0", enableorderby="0"
    )
    rules = SubElement(renderer, "rules", key="{rules}")
    symbols = SubElement(renderer, "symbols")
    for rule in look.rules:
        _rule(rules, symbols, rule, lang)


def _rule(parent: Element, symbols: Element, rule: Rule, lang: Lang) -> None:
    key = f"{parent.get('key')}{len(parent)}"
    one = SubElement(parent, "rule", key=key, label=word(rule.label, lang, **dict(rule.values)))
    if rule.where:
        one.set("filter", rule.where)
    if not rule.shown:
        one.set("checkstate", "0")
    if rule.sign:
        one.set("symbol", str(len(symbols)))
        _symbol(symbols, rule.sign)
    for child in rule.children:
        _rule(one, symbols, child, lang)


def _symbol(symbols: Element, sign: Sign) -> None:
    symbol = SubElement(
        symbols, "symbol", type=sign.kind, name=str(len(symbols)), alpha="1", clip_to_extent="1"
    )
    symbol.set("force_rhr", "0")
    name = {"fill": "SimpleFill", "line": "SimpleLine", "marker": "SimpleMarker"}[sign.kind]
    layer = SubElement(
        symbol, "layer", {"class": name, "enabled": "1", "locked": "0", "pass": str(sign.level)}
    )
    pen = "dash" if sign.dash else "solid"
    if sign.kind == "line":
        _options(layer, {
            "line_color": _rgb(sign.colour), "line_width": str(sign.width), "line_width_unit": "MM", "line_style": pen,
            "capstyle": "flat", "joinstyle": "round",
        })  # fmt: skip
        return
    edge = {
        "outline_color": _rgb(sign.edge), "outline_width": str(sign.width), "outline_width_unit": "MM",
        "outline_style": pen if sign.edge else "no", "joinstyle": "miter" if sign.kind == "marker" else "round",
    }  # fmt: skip
    if sign.kind == "fill":
        _options(layer, {"color": _rgb(sign.colour), "style": "solid" if sign.colour else "no", **edge})
        return
    shape = "circle" if sign.shape.startswith("=") else sign.shape
    size = {"size": str(sign.near), "size_unit": "MM", "scale_method": "diameter", "angle": "0"}
    _options(layer, {"name": shape, "color": _rgb(sign.colour), **size, **edge})
    driven = {"size": SIZE.format(near=sign.near, far=sign.far)}
    if sign.shape.startswith("="):
        driven["name"] = sign.shape[1:]
    _driven(SubElement(layer, "data_defined_properties"), driven)


def _driven(parent: Element, expressions: Mapping[str, str]) -> None:
    whole = SubElement(parent, "Option", type="Map")
    SubElement(whole, "Option", name="name", type="QString", value="")
    each = SubElement(whole, "Option", name="properties", type="Map")
    for name, expression in expressions.items():
        one = SubElement(each, "Option", name=name, type="Map")
        SubElement(one, "Option", name="active", type="bool", value="true")
        SubElement(one, "Option", name="expression", type="QString", value=expression)
        SubElement(one, "Option", name="type", type="int", value="3")
    SubElement(whole, "Option", name="type", type="QString", value="collection")


def _labels(root: Element, look: Look, label: Label, lang: Lang) -> None:
    settings = SubElement(SubElement(root, "labeling", type="simple"), "settings", calloutType="simple")
    said = label.text
    if look.estimated:
        mark = text(f" ({word(LEGEND['estimated'], lang)})")
        said = said.replace("{estimated}", f" || if(\"floor_area_basis\" = 'estimated', {mark}, '')")
    style = SubElement(
        settings, "text-style", fieldName=said, isExpression="1", fontFamily="Noto Sans", fontSize=str(label.size),
        fontSizeUnit="Point", fontWeight="75" if label.bold else "50", textColor=_rgb("#22333b"), textOpacity="1",
        allowHtml="0", multilineHeight="1",
    )  # fmt: skip
    SubElement(
        style, "text-buffer", bufferDraw="1", bufferSize="0.8", bufferSizeUnits="MM", bufferColor=_rgb("#ffffff"),
        bufferOpacity="0.85", bufferNoFill="1",
    )  # fmt: skip
    SubElement(settings, "text-format", multilineAlign="1", wrapChar="", autoWrapLength="0", plussign="0")
    over = look.rules and _signs(look.rules)[0].kind == "fill"
    SubElement(settings, "placement", placement="0" if over else "6", dist="1.2", distUnits="MM", priority="5",
               centroidInside="1", centroidWhole="1", predefinedPositionOrder="R,L,TSR,BSR,T,B",
               polygonPlacementFlags="2", offsetType="1")  # fmt: skip
    SubElement(
        settings, "rendering", scaleVisibility="1", scaleMin="1", scaleMax=str(label.scale), obstacle=_bit(not over),
        drawLabels="1", displayAll="0", fontMinPixelSize="3", fontMaxPixelSize="10000", upsidedownLabels="0",
    )  # fmt: skip


def _form(
    root: Element,
    layer: str,
    columns: list[str],
    choices: Mapping[str, Mapping[str, str]],
    lang: Lang,
) -> None:
    """Names of columns and the words of fixed values, for tables, forms and the identify window."""
    setup = SubElement(root, "fieldConfiguration")
    aliases = SubElement(root, "aliases")
    for at, name in enumerate(["fid", *columns]):
        one = SubElement(setup, "field", name=name, configurationFlags="None")
        widget = SubElement(one, "editWidget", type="ValueMap" if name in choices else "TextEdit")
        config = SubElement(widget, "config")
        if name in choices:
            listed = SubElement(SubElement(config, "Option", type="Map"), "Option", name="map", type="List")
            for value, said in choices[name].items():
                _options(listed, {plain(said): plain(value)})
        else:
            SubElement(config, "Option")
        SubElement(aliases, "alias", field=name, index=str(at), name=alias(layer, name, lang))


def alias(layer: str, column: str, lang: Lang) -> str:
    """Return what a column is called."""
    if column == "fid":
        return "STT" if lang == "vi" else "No."
    if column == NAMED_PARTS:
        return word(PARTS, lang)
    field = FIELDS[layer].get(column)
    return column if field is None else word((field.vi, field.en), lang)


def _table(root: Element, columns: list[str], named: list[str]) -> None:
    """Hide from the attribute table the row number and the codes that stand in words beside."""
    config = SubElement(
        root, "attributetableconfig", sortOrder="0", sortExpression="", actionWidgetStyle="dropDown"
    )
    listed = SubElement(config, "columns")
    for name in ["fid", *columns, *named]:
        hidden = name == "fid" or (bool(named) and name == "parts")
        SubElement(listed, "column", type="field", name=name, width="-1", hidden=_bit(hidden))
    SubElement(listed, "column", type="actions", width="-1", hidden="1")


def _estimates(root: Element, look: Look, lang: Lang) -> None:
    """Set areas that were not surveyed in italics on another ground in the attribute table."""
    styles = SubElement(root, "conditionalstyles")
    SubElement(styles, "rowstyles")
    fields = SubElement(styles, "fieldstyles")
    for name in look.estimated:
        one = SubElement(SubElement(fields, "fieldstyle", fieldname=name), "style")
        _set(one, {
            "rule": "\"floor_area_basis\" = 'estimated'", "name": word(LEGEND["estimated"], lang),
            "background_color": "#fff4d6", "background_color_alpha": "255",
            "text_color": "#7a2000", "text_color_alpha": "255",
        })  # fmt: skip
        SubElement(one, "font", description="Noto Sans,9,-1,5,50,1,0,0,0,0", style="Italic", italic="1")


def _in_words(parts: Mapping[str, str]) -> str:
    """Return the expression of the names of parts, whose codes `parts` lists."""
    known = ", ".join(f"{text(part)}, {text(plain(name))}" for part, name in parts.items())
    named = f"coalesce(map_get(map({known}), @element), @element)" if known else "@element"
    return f"array_to_string(array_foreach(string_to_array(coalesce(\"parts\", ''), ', '), {named}), '; ')"


def _tip(layer: str, look: Look, lang: Lang, columns: list[str]) -> str:
    """Return the tip: our words around values in which no sign can be a tag."""

    def value(expression: str) -> str:
        return f"[% {ESCAPED.format(expression)} %]"

    lines = [f"<b>{value(look.title)}</b>"]
    for name in look.tip:
        if name in columns:
            named = name == "parts" and look.parts
            shown = f'"{NAMED_PARTS}"' if named else f'represent_value("{name}")'
            label = alias(layer, NAMED_PARTS if named else name, lang)
            lines.append(f"{label}: {value(shown)}")
    return "<br>".join(lines)
