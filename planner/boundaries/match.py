"""Which feature of a file is which unit: by five-digit code, then by name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

import numpy as np
import shapely

from planner.boundaries.names import Name, code_of, district, kind_of, taken_apart
from planner.boundaries.read import texts
from planner.crosscheck import REACH_KM
from planner.tables import shown_path
from planner.wording import problem, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geopandas import GeoDataFrame

    from planner.errors import ProblemList
    from planner.region import Region

NO_CODES = re.compile(
    r"^(?:(?:object|f|g|o|u|row)?_?id|stt|tt|no|index|_place|geometry)_?\d*$", re.IGNORECASE
)
"""Running numbers look like codes that lost their zeros."""
HALF = 0.5
DUPLICATE = 0.02
"""Two features of one unit that share more of the smaller one than this are not parts of it."""
LISTED = 40
"""So many features that match nothing are listed; a file of the whole country has thousands."""
_KM_PER_DEGREE = 111.2


@dataclass(frozen=True)
class Match:
    """Which features make which unit.

    Attributes
    ----------
    rows : dict
        Positions of the features of each unit.
    by_name : tuple of str
        Units found by their name.
    unused : tuple of (str, str)
        Features that are no unit of the region: place and name.
    no_area : tuple of str
        Features that are no polygon, by place.
    fields : tuple of (str, str)
        The fields used: of code and of name, empty where there is none.
    """

    rows: dict[str, list[int]]
    by_name: tuple[str, ...]
    unused: tuple[tuple[str, str], ...]
    no_area: tuple[str, ...]
    fields: tuple[str, str]


@dataclass(frozen=True)
class _Unit:
    code: str
    name: Name
    kind: str
    district: str


def match(
    region: Region,
    frame: GeoDataFrame,
    source: str,
    problems: ProblemList,
    code_field: str | None = None,
    name_field: str | None = None,
) -> Match:
    """Find the unit of every feature; what is ambiguous, missing or contradictory is noted, all of it."""
    fields = [str(name) for name in frame.columns if name not in ("geometry", "_place")]
    for name in (code_field, name_field):
        if name is not None and name not in fields:
            problems.problems.append(problem("E414", source, found=name, near=(name, fields), allowed=fields))
    if problems.problems:
        return Match({}, (), (), (), ("", ""))
    finder = _Finder(region, frame, fields, code_field, name_field)
    labels = {code: f"{code} {name}" for code, name in region.wards["name"].items()}
    rows: dict[str, list[int]] = {}
    by_name, unused, no_area = [], [], []
    for row, place in enumerate(frame["_place"]):
        called = finder.called(row)
        if not finder.has_area(row):
            no_area.append(place)
            if found := finder.by_code(row) or finder.near_by_name(row)[:1]:
                kind = frame.geometry.iloc[row]
                what = "empty" if kind is None or kind.is_empty else kind.geom_type
                problems.problems.append(problem("E407", place, ward=labels[found[0]], found=what))
                rows.setdefault(found[0], [])
            continue
        code = finder.by_code(row)
        if code:
            if code_field is None and not finder.name_fits(row, code[0]):
                problems.problems.append(problem("E416", place, ward=labels[code[0]], found=called))
            rows.setdefault(code[0], []).append(row)
            continue
        found = finder.near_by_name(row)
        if len(found) > 1:
            names = [labels[one] for one in found]
            problems.problems.append(problem("E415", place, found=called, allowed=names))
        elif found:
            rows.setdefault(found[0], []).append(row)
            by_name.append(found[0])
        else:
            unused.append((place, called))
    _check_repeated(frame, rows, labels, problems)
    missing = [code for code in labels if code not in rows]
    names = [called for _, called in unused if called]
    for code in missing:
        close = _near(str(region.wards.loc[code, "name"]), names)
        problems.problems.append(problem("E418", source, ward=labels[code], near=(close, [close])))
    table = shown_path(region.folder / "wards.csv")
    for place, called in unused[:LISTED] if missing else []:
        near = (called, list(region.wards["name"]))
        problems.problems.append(problem("E419", place, found=called, near=near, table=table))
    return Match(rows, tuple(by_name), tuple(unused), tuple(no_area), finder.fields)


def _near(name: str, names: Sequence[str]) -> str:
    plain = {taken_apart(other).plain: other for other in names}
    close = get_close_matches(taken_apart(name).plain, list(plain), n=1, cutoff=0.6)
    return shown(plain[close[0]]) if close else ""


def _check_repeated(
    frame: GeoDataFrame, rows: dict[str, list[int]], labels: dict[str, str], problems: ProblemList
) -> None:
    """Parts of a unit lie apart; two drawings of the same unit do not, and nobody can tell which is meant."""
    for code, own in rows.items():
        shapes = shapely.make_valid(np.array(frame.geometry.iloc[own], dtype=object))
        kept: list[int] = []
        for n, shape in enumerate(shapes):
            if any(shapely.equals(shape, shapes[k]) for k in kept):
                continue  # the same feature once more
            kept.append(n)
        area = shapely.area(shapes)
        for a in kept:
            clash = [
                b
                for b in kept
                if b > a
                and shapely.intersection(shapes[a], shapes[b]).area > DUPLICATE * min(area[a], area[b])
            ]
            if clash:
                where = str(frame["_place"].iloc[own[a]])
                others = [str(frame["_place"].iloc[own[b]]) for b in clash]
                problems.problems.append(problem("E417", where, ward=labels[code], found=others))
                break
        rows[code] = [own[n] for n in kept]


class _Finder:
    """The units by code, name, type, former district and place."""

    def __init__(
        self, region: Region, frame: GeoDataFrame, fields: Sequence[str], code: str | None, name: str | None
    ) -> None:
        self.region, self.frame = region, frame
        self.codes = set(region.wards.index)
        kinds, districts = region.wards["type"], region.wards["former_district"]
        self.units = {
            str(c): _Unit(str(c), taken_apart(str(n)), str(kinds[c]), district(str(districts[c])))
            for c, n in region.wards["name"].items()
        }
        self.exact = _grouped((unit.name.exact, unit.code) for unit in self.units.values())
        self.plain = _grouped((unit.name.plain, unit.code) for unit in self.units.values())
        cells = {field: texts(frame, field) for field in fields}
        plausible = {f: values for f, values in cells.items() if not NO_CODES.match(f)}
        code = code or _best(
            {f: _distinct(map(code_of, v), self.codes) for f, v in plausible.items()}, self._enough()
        )
        self.code_cells = [code_of(value) for value in cells[code]] if code else [""] * len(frame)
        parted = {f: [taken_apart(value) for value in values] for f, values in cells.items()}
        name = name or _best({f: _distinct((n.plain for n in v), self.plain) for f, v in parted.items()}, 1)
        self.names = parted[name] if name else [Name("", "")] * len(frame)
        self.called_cells = cells[name] if name else self.code_cells
        areas = {unit.district for unit in self.units.values()} - {""}
        parts = {f: [district(value) for value in v] for f, v in cells.items() if f not in (code, name)}
        where = _best({f: _distinct(v, areas) for f, v in parts.items()}, 1)
        self.districts = parts[where] if where else [""] * len(frame)
        types = {f: [kind_of(value) for value in v] for f, v in cells.items()}
        sort = max(types, key=lambda f: sum(map(bool, types[f])), default=None)
        self.kinds = types[sort] if sort else [""] * len(frame)
        self.fields = (code or "", name or "")

    def _enough(self) -> float:
        """Return how many codes a field must hold to be the field of codes: chance finds some."""
        return max(1.0, HALF * min(len(self.codes), len(self.frame)))

    def called(self, row: int) -> str:
        """Return how the file calls a feature."""
        return self.called_cells[row] or self.code_cells[row] or "-"

    def has_area(self, row: int) -> bool:
        """Return whether a feature is a polygon or holds one."""
        shape = self.frame.geometry.iloc[row]
        if shape is None or shape.is_empty:
            return False
        return shape.geom_type in ("Polygon", "MultiPolygon") or (
            shape.geom_type == "GeometryCollection"
            and any("Polygon" in part.geom_type for part in shape.geoms)
        )

    def by_code(self, row: int) -> list[str]:
        """Return the unit of the feature's code."""
        code = self.code_cells[row]
        return [code] if code in self.codes else []

    def name_fits(self, row: int, code: str) -> bool:
        """Return whether the feature's name is that of the unit, or it has none."""
        name, unit = self.names[row], self.units[code].name
        return unit.plain in (name.plain, name.whole) or not name.plain

    def near_by_name(self, row: int) -> list[str]:
        """Return the units that the feature may be by its name: told apart by accents, type, district, place."""
        name = self.names[row]
        found = self.plain.get(name.whole) or self.plain.get(name.plain) or [] if name.plain else []
        exact = [code for code in found if code in self.exact.get(name.exact, [])]
        found = exact or found
        kind = name.kind or self.kinds[row]
        where = self.districts[row] or name.rest
        if kind:
            found = [code for code in found if self.units[code].kind == kind] or found
        if where:
            found = [code for code in found if self.units[code].district == where] or found
        if self.has_area(row) and found:
            # Another province may have a unit of that name.
            found = [code for code in found if self.km(row, code) <= REACH_KM]
        return found

    def km(self, row: int, code: str) -> float:
        """Return how far a unit's point is from the feature, zero inside."""
        ward = self.region.wards.loc[code]
        shrink = float(np.cos(np.radians(ward["lat"])))
        shape = shapely.transform(self.frame.geometry.iloc[row], lambda xy: xy * [shrink, 1.0])
        point = shapely.Point(ward["lon"] * shrink, ward["lat"])
        return float(shapely.distance(shapely.make_valid(shape), point)) * _KM_PER_DEGREE


def _grouped(pairs: object) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for key, code in pairs:  # type: ignore[attr-defined]
        groups.setdefault(key, []).append(code)
    return groups


def _distinct(values: object, known: object) -> int:
    return len({value for value in values if value and value in known})  # type: ignore[attr-defined, operator]


def _best(counts: dict[str, int], least: float) -> str | None:
    best = max(counts, key=lambda field: counts[field], default=None)
    return best if best is not None and counts[best] >= least else None
