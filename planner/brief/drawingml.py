"""A drawing as DrawingML: a group of vector shapes that Word 2010 and later and LibreOffice show and let one edit.

The shapes stand in ``mc:AlternateContent``; programs that do not know them show the description instead.
"""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from planner.brief.drawing import Drawing, Line, Path, Rect, Text, flat, text_width

EMU = 12700
"""English Metric Units of a point, in which DrawingML measures."""
_NAMESPACES = {
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wpg": "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
}
FONT = "Arial"


def drawing_run(drawing: Drawing, number: int, width: float) -> str:
    """Return a run of text that holds a drawing, scaled to a width in points; ``number`` is unique in the document."""
    scale = width / drawing.width
    size = f'cx="{_emu(width)}" cy="{_emu(drawing.height * scale)}"'
    names = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items())
    shapes = "".join(_shape(item, scale) for item in flat(drawing.items))
    about = (
        f"name={quoteattr(f'Figure {number}')} descr={quoteattr(f'{drawing.title}. {drawing.description}')}"
    )
    return (
        f'<w:r {names}><mc:AlternateContent><mc:Choice Requires="wpg"><w:drawing>'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
        f'<wp:effectExtent l="0" t="0" r="0" b="0"/><wp:docPr id="{number}" {about}/><wp:cNvGraphicFramePr/>'
        f'<a:graphic><a:graphicData uri="{_NAMESPACES["wpg"]}"><wpg:wgp><wpg:cNvGrpSpPr/>'
        f'<wpg:grpSpPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/><a:chOff x="0" y="0"/><a:chExt {size}/></a:xfrm>'
        f"</wpg:grpSpPr>{shapes}</wpg:wgp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:t>{escape(drawing.description)}</w:t></mc:Fallback></mc:AlternateContent></w:r>"
    )


def _shape(item: Path | Rect | Line | Text, scale: float) -> str:
    if isinstance(item, Path):
        return _path(item, scale)
    if isinstance(item, Rect):
        box = _box(item.x, item.y, item.width, item.height, scale)
        look = _fill(item.fill) + _line(item.stroke, item.line * scale)
        return _wsp(f'{box}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>{look}')
    if isinstance(item, Line):
        return _straight(item, scale)
    return _text(item, scale)


def _straight(item: Line, scale: float) -> str:
    flip = ' flipV="1"' if (item.x2 - item.x1) * (item.y2 - item.y1) < 0 else ""
    box = _box(
        min(item.x1, item.x2),
        min(item.y1, item.y2),
        abs(item.x2 - item.x1),
        abs(item.y2 - item.y1),
        scale,
        flip,
    )
    dash = '<a:prstDash val="dash"/>' if item.dashed else ""
    line = _line(item.stroke, item.width * scale, dash)
    return _wsp(f'{box}<a:prstGeom prst="line"><a:avLst/></a:prstGeom>{line}', connector=True)


def _path(item: Path, scale: float) -> str:
    xs = [x for ring in item.rings for x, _ in ring]
    ys = [y for ring in item.rings for _, y in ring]
    if not xs:
        return ""
    left, top, right, bottom = min(xs), min(ys), max(xs), max(ys)
    wide, high = max(right - left, 0.1), max(bottom - top, 0.1)
    commands = []
    for ring in item.rings:
        for n, (x, y) in enumerate(ring):
            # The steps of a path have their own scale: hundredths of a point.
            place = f'<a:pt x="{round((x - left) * 100)}" y="{round((y - top) * 100)}"/>'
            commands.append(f"<a:moveTo>{place}</a:moveTo>" if n == 0 else f"<a:lnTo>{place}</a:lnTo>")
        commands.append("<a:close/>")
    geometry = (
        "<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>"
        '<a:rect l="0" t="0" r="r" b="b"/><a:pathLst>'
        f'<a:path w="{round(wide * 100)}" h="{round(high * 100)}">{"".join(commands)}</a:path></a:pathLst></a:custGeom>'
    )
    look = _fill(item.fill) + _line(item.stroke, item.width * scale)
    return _wsp(f"{_box(left, top, wide, high, scale)}{geometry}{look}")


def _text(item: Text, scale: float) -> str:
    """Return a box without border around one line of text, wider than the text so that it never wraps."""
    size = item.size * scale
    width, height = text_width(item.text, item.size) + 2 * item.size, item.size * 1.5
    left = {"start": item.x, "middle": item.x - width / 2, "end": item.x - width}[item.anchor]
    side = {"start": "left", "middle": "center", "end": "right"}[item.anchor]
    fonts = " ".join(f'w:{kind}="{FONT}"' for kind in ("ascii", "hAnsi", "eastAsia", "cs"))
    half = max(2, round(size * 2))
    look = (
        f"<w:rPr><w:rFonts {fonts}/>{'<w:b/><w:bCs/>' if item.bold else ''}"
        f'<w:color w:val="{item.colour[1:].upper()}"/><w:sz w:val="{half}"/><w:szCs w:val="{half}"/></w:rPr>'
    )
    body = (
        '<wps:txbx><w:txbxContent><w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>'
        f'<w:ind w:firstLine="0"/><w:jc w:val="{side}"/></w:pPr><w:r>{look}'
        f'<w:t xml:space="preserve">{escape(item.text)}</w:t></w:r></w:p></w:txbxContent></wps:txbx>'
    )
    box = _box(left, item.y - height / 2, width, height, scale)
    plain = f'{box}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln>'
    edges = 'lIns="0" tIns="0" rIns="0" bIns="0"'
    return (
        f'<wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr>{plain}</wps:spPr>{body}'
        f'<wps:bodyPr wrap="none" {edges} anchor="ctr"><a:noAutofit/></wps:bodyPr></wps:wsp>'
    )


def _wsp(properties: str, *, connector: bool = False) -> str:
    kind = "<wps:cNvCnPr/>" if connector else "<wps:cNvSpPr/>"
    return f"<wps:wsp>{kind}<wps:spPr>{properties}</wps:spPr><wps:bodyPr/></wps:wsp>"


def _box(x: float, y: float, width: float, height: float, scale: float, flip: str = "") -> str:
    place = f'<a:off x="{_emu(x * scale)}" y="{_emu(y * scale)}"/>'
    return f'<a:xfrm{flip}>{place}<a:ext cx="{_emu(width * scale)}" cy="{_emu(height * scale)}"/></a:xfrm>'


def _fill(colour: str) -> str:
    return f'<a:solidFill><a:srgbClr val="{colour[1:].upper()}"/></a:solidFill>' if colour else "<a:noFill/>"


def _line(colour: str, width: float, dash: str = "") -> str:
    if not colour or not width:
        return "<a:ln><a:noFill/></a:ln>"
    return f'<a:ln w="{_emu(width)}">{_fill(colour)}{dash}</a:ln>'


def _emu(points: float) -> int:
    return round(points * EMU)
