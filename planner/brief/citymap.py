"""The map of the brief: units by the number of sites they use, premises, centres, the outline of the city."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from planner.brief.drawing import GREY, Drawing, Item, Path, Point, Rect, Text, text_width
from planner.brief.option import Option
from planner.brief.words import Say
from planner.maps.shapes import SCALE, shapes_of
from planner.report.figures import columns_of
from planner.tabulate import CENTRE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.region import Region

SHADES = {0: "#ffffff", 1: "#dce9f6", 2: "#8fbbe0", 3: "#3a7cb8", 4: "#123f6d"}
"""One hue from light to dark: read in grey print and by people who see few colours."""
SITE, MARK = "#b3400e", "#ffd23f"
GRID = 5.0
"""Borders are drawn to a fifth of a point; two units that share a border are rounded alike, so nothing gapes."""
FINE = 0.0006
"""Degrees, about 60 m: a quarter of a point on paper. What is finer makes the file larger and no map clearer."""
FEW = 12
"""With fewer small units than this the map of all is clear enough."""


class _Frame:
    """Where degrees come to lie on paper: as wide as true at the latitude of the city."""

    def __init__(self, rings: Sequence[Sequence[Point]], width: float, height: float) -> None:
        xs = [x for ring in rings for x, _ in ring] or [0.0, 1.0]
        ys = [y for ring in rings for _, y in ring] or [0.0, 1.0]
        self.left, self.top = min(xs), max(ys)
        self.narrow = math.cos(math.radians((min(ys) + max(ys)) / 2))
        wide = max((max(xs) - self.left) * self.narrow, 1e-6)
        self.scale = min(width / wide, height / max(self.top - min(ys), 1e-6))
        self.width, self.height = wide * self.scale, (self.top - min(ys)) * self.scale
        self.shift = self.drop = 0.0

    def point(self, lon: float, lat: float) -> Point:
        x = (lon - self.left) * self.narrow * self.scale + self.shift
        y = (self.top - lat) * self.scale + self.drop
        return round(x * GRID) / GRID, round(y * GRID) / GRID

    def ring(self, ring: Sequence[Point]) -> list[Point]:
        """Return a ring on paper without points that fall together."""
        found: list[Point] = []
        for lon, lat in ring:
            point = self.point(lon, lat)
            if not found or point != found[-1]:
                found.append(point)
        return found if len(found) > 2 else []


def city_map(option: Option, words: Say, width: float, height: float) -> Drawing:
    """Return the map of an option's last year, with its legend at the foot."""
    ground = _Ground(option)
    legend = 40.0
    frame = _Frame(ground.every, width, height - legend - 6)
    frame.shift = (width - frame.width) / 2
    items = ground.draw(frame)
    if ground.schematic or not ground.drawn:
        label = words("p3.schematic" if ground.drawn else "p3.no_borders")
        items += [
            Rect(0, 0, text_width(label, 8) + 8, 13, "#fff7dc", "#8a6d00", 0.6),
            Text(4, 6.5, label, 8, bold=True),
        ]
    marks, centres = ground.marks
    items += _legend(option, words, (len(marks), len(centres)), width, height - legend)
    spread = option.spread(option.last)
    counts = "; ".join(_label(n, spread[n], words) for n in SHADES if spread[n])
    text = words.say("p3.map_text", counts=counts, centres=len(centres), sites=len(marks) + len(centres))
    return Drawing(width, height, words.say("p3.map", year=option.last), text, items)


def centre_map(option: Option, words: Say, width: float, height: float) -> Drawing | None:
    """Return the middle of the city, where units are too small on the map of all; None where nothing is."""
    ground = _Ground(option)
    area = option.plan.region.wards["area_km2"]
    small = [str(code) for code in area.sort_values(kind="stable").index[: len(area) // 4]]
    rings = [ring for code in small for ring in ground.rings.get(code, [])]
    if not ground.drawn or len(small) < FEW or not rings:
        return None
    frame = _Frame(rings, width, height)
    frame.shift, frame.drop = (width - frame.width) / 2, (height - frame.height) / 2
    items = ground.draw(frame, clip=(0.0, 0.0, width, height))
    items.append(Rect(0, 0, width, height, "", "#1a1a1a", 0.8))
    text = words.say("p3.inset_text", units=", ".join(option.unit(code) for code in small))
    return Drawing(width, height, words("p3.inset"), text, items)


class _Ground:
    """Borders, premises and centres of an option's last year, in degrees."""

    def __init__(self, option: Option) -> None:
        region = option.plan.region
        self.codes = [ward.code for ward in option.figures.wards]
        basis, shapes = shapes_of(region, self.codes)
        self.drawn = bool(basis)
        self.schematic = sum(word.lower() in ("", "schematic") for word in basis)
        self.rings = dict(zip(self.codes, _simple(shapes), strict=True))
        self.dots = _dots(region, self.codes)
        self.every = [ring for unit in self.rings.values() for ring in unit] or [list(self.dots.values())]
        self.sites = option.sites(option.last)
        self.marks = _marks(option)

    def draw(self, frame: _Frame, clip: tuple[float, float, float, float] | None = None) -> list[Item]:
        """Return units, outline, premises and centres on paper; clipped, what lies outside is left out."""
        items: list[Item] = []
        for count, shade in SHADES.items():
            own = [code for code in self.codes if min(self.sites.get(code, 0), 4) == count]
            paper = [ring for code in own for one in self.rings[code] if (ring := frame.ring(one))]
            if not self.drawn:
                paper = [_dot(frame.point(*self.dots[code]), 4) for code in own if code in self.dots]
            paper = _clipped(paper, clip) if clip else paper
            if paper:
                items.append(Path(paper, shade, "#5f7388", 0.35))
        if self.drawn and not clip:
            items += _outline(self.rings, frame)
        size = 2.0 if clip else 1.25
        marks, centres = ([frame.point(*at) for at in some] for some in self.marks)
        if clip:
            marks, centres = ([at for at in some if _inside(at, clip)] for some in (marks, centres))
        items += [Path([_dot(at, size) for at in marks], SITE, "#ffffff", 0.2)] if marks else []
        items += [Path([_diamond(at, 3.6) for at in centres], MARK, "#000000", 0.7)] if centres else []
        return items


def _inside(at: Point, clip: tuple[float, float, float, float]) -> bool:
    return clip[0] + 3 <= at[0] <= clip[2] - 3 and clip[1] + 3 <= at[1] <= clip[3] - 3


def _clipped(rings: Sequence[list[Point]], clip: tuple[float, float, float, float]) -> list[list[Point]]:
    import shapely

    found: list[list[Point]] = []
    for ring in rings:
        cut = shapely.make_valid(shapely.Polygon(ring)).intersection(shapely.box(*clip))
        parts = [one for one in getattr(cut, "geoms", [cut]) if one.geom_type == "Polygon"]
        found += [[(x, y) for x, y in part.exterior.coords[:-1]] for part in parts if not part.is_empty]
    return found


def _simple(shapes: Sequence[Sequence[Sequence[Sequence[int]]]]) -> list[list[list[Point]]]:
    """Return the rings of every unit in degrees with fewer points, borders that units share alike on both sides."""
    import shapely

    units = []
    for shape in shapes:
        polygons = [[_degrees(ring) for ring in polygon] for polygon in shape]
        units.append(shapely.MultiPolygon([(rings[0], rings[1:]) for rings in polygons]))
    found = []
    for unit in shapely.coverage_simplify(units, FINE):
        parts = [part for part in getattr(unit, "geoms", [unit]) if not part.is_empty]
        rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
        found.append([[(x, y) for x, y in ring.coords[:-1]] for ring in rings])
    return found


def _degrees(flat: Sequence[int]) -> list[Point]:
    """Return the points of a ring of whole steps, as the map page has it."""
    found: list[Point] = []
    x = y = 0
    for dx, dy in zip(flat[::2], flat[1::2], strict=True):
        x, y = x + dx, y + dy
        found.append((x / SCALE, y / SCALE))
    return found


def _dots(region: Region, codes: Sequence[str]) -> dict[str, Point]:
    wards = region.wards
    places = zip(wards.index, wards["lon"].tolist(), wards["lat"].tolist(), strict=True)
    return {str(code): (float(lon), float(lat)) for code, lon, lat in places if str(code) in set(codes)}


def _outline(rings: dict[str, list[list[Point]]], frame: _Frame) -> list[Item]:
    """Return the outer border of all units together."""
    import shapely

    polygons = [shapely.Polygon(ring) for unit in rings.values() for ring in unit if len(ring) > 2]
    # A little wider, then narrower: gaps between borders that were drawn one by one are no border of the city.
    whole = shapely.union_all([shapely.make_valid(one) for one in polygons]).buffer(0.0004).buffer(-0.0004)
    parts = [whole] if whole.geom_type == "Polygon" else list(getattr(whole, "geoms", []))
    found = [frame.ring(list(part.exterior.coords)[:-1]) for part in parts if part.geom_type == "Polygon"]
    found = [ring for ring in found if ring]
    return [Path(found, "", "#1a1a1a", 1.1)] if found else []


def _marks(option: Option) -> tuple[list[Point], list[Point]]:
    """Return where the premises in use and the centres stand in the last year."""
    places: dict[str, Point] = {}
    for table in (option.plan.region.sites, option.plan.region.parcels):
        if {"lat", "lon"} <= set(table.columns):
            rows = zip(table.index, table["lon"].tolist(), table["lat"].tolist(), strict=True)
            places |= {str(key): (float(lon), float(lat)) for key, lon, lat in rows}
    found: tuple[list[Point], list[Point]] = ([], [])
    names = ("site_id", "year", "status", "kind", "location")
    for site, year, status, kind, location in columns_of(option.plan.premises, *names):
        if int(year) == option.last and status == "in_use":
            at = places.get(str(location)) if kind == CENTRE else places.get(str(site))
            if at is not None and math.isfinite(at[0] + at[1]):
                found[kind == CENTRE].append(at)
    return found


def _dot(at: Point, size: float) -> list[Point]:
    """Return a dot as eight corners: a path is the same in every format."""
    turns = [math.radians(22.5 + 45 * n) for n in range(8)]
    return [(at[0] + size * math.cos(turn), at[1] + size * math.sin(turn)) for turn in turns]


def _diamond(at: Point, size: float) -> list[Point]:
    x, y = at
    return [(x, y - size), (x + size, y), (x, y + size), (x - size, y)]


def _label(n: int, count: int, words: Say) -> str:
    key = {0: "p3.sites_none", 1: "p3.site", 4: "p3.sites_more"}.get(n, "p3.sites")
    return words.say(key, n=n, count=count)


def _legend(option: Option, words: Say, marks: tuple[int, int], width: float, top: float) -> list[Item]:
    spread = option.spread(option.last)
    entries: list[tuple[Item, str]] = [
        (Rect(0, 0, 11, 9, shade, "#5f7388", 0.5), _label(n, spread[n], words))
        for n, shade in SHADES.items()
        if spread[n]
    ]
    entries.append((Path([_dot((5.5, 4.5), 2.0)], SITE), words.say("p3.mark_site", count=marks[0])))
    if marks[1]:
        diamond = Path([_diamond((5.5, 4.5), 4.0)], MARK, "#000000", 0.7)
        entries.append((diamond, words.say("p3.mark_centre", count=marks[1])))
    entries.append((Rect(0, 4, 11, 1.2, "#1a1a1a"), words("p3.outline")))
    items: list[Item] = []
    x, y = 0.0, top + 2
    for mark, label in entries:
        need = 17 + text_width(label, 7.5)
        if x and x + need > width:
            x, y = 0.0, y + 13
        items += [_moved(mark, x, y), Text(x + 15, y + 4.5, label, 7.5, colour=GREY)]
        x += need + 8
    return items


def _moved(item: Item, dx: float, dy: float) -> Item:
    if isinstance(item, Rect):
        return Rect(item.x + dx, item.y + dy, item.width, item.height, item.fill, item.stroke, item.line)
    if isinstance(item, Path):
        rings = [[(x + dx, y + dy) for x, y in ring] for ring in item.rings]
        return Path(rings, item.fill, item.stroke, item.width)
    return item
