"""Fit a tiling of the new units on a raster to boxes, points, official areas and known neighbours.

Every pixel goes to the piece (old unit, new unit) with the least cost. The cost grows with the distance from the old
unit's point, measured in its own box; pieces of a divided old unit pay for the distance to their new unit's label
point as well. Prices are then moved step by step until the new units have their official areas and, where that can
be had, their centroids at their label points, and the old units reach the sides of their boxes. A blurred image of
the current tiling makes ragged and forbidden borders dear (threshold dynamics with prescribed volumes).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from boundaries_inputs import EAST, KM_LAT, KM_LON, NORTH, SOUTH, WEST, Inputs
from numpy.typing import NDArray
from scipy import ndimage

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Ints = NDArray[np.int32]
Window = tuple[slice, slice]

OUTSIDE = -1


@dataclass(frozen=True)
class Settings:
    """Global settings; none is set per unit."""

    step: float = 0.001
    """Size of a pixel in degrees, about 104 m × 111 m."""
    candidates: int = 8
    """Pieces kept per pixel, the cheapest ones."""
    reach: float = 1.8
    """An old unit is looked for within this many half-boxes of its box's centre."""
    norm: float = 4.0
    """Exponent of the distance in the box: 2 an ellipse, large a rectangle."""
    steep: float = 3.0
    """Cost at the side of the box; it grows with the square of the distance."""
    least_half: float = 0.3
    """A point nearer to a side than this share of the half-box counts as that far."""
    off_box: float = 6.0
    """Cost per half-box outside the box, up to one half-box."""
    pull: float = 0.7
    """Cost of a divided old unit's pixel one ward radius away from the ward's label point."""
    smooth: float = 5.0
    """Cost of a pixel all of whose surroundings belong to other new units."""
    smooth_old: float = 1.0
    """The same for old units."""
    strangers: float = 1.0
    """How many times as dear surroundings are that belong to a unit which is no neighbour."""
    blur: float = 4.0
    """Standard deviation of the surroundings, in pixels."""
    rounds: int = 160
    every: int = 5
    """Rounds between two looks at the surroundings and at the sides of the boxes."""
    area_pace: float = 0.4
    area_most: float = 4.0
    centre_pace: float = 0.3
    centre_most: float = 1.5
    centre_give_up: float = 0.2
    """A ward whose centroid is still this many radii off at half time has a label point that is no centroid."""
    old_centre_pace: float = 0.2
    old_centre_most: float = 1.0
    box_filled: float = 0.53
    """Share of its box an old unit is expected to fill: land of the city over the sum of its boxes."""
    box_pull: float = 2.0
    box_most: float = 1.5
    side_pace: float = 0.3
    side_least: float = 0.5
    side_most: float = 3.0
    dense: float = 4.5
    small: float = 0.15
    piece_least: float = 0.03
    """Share of a divided old unit that each of its listed pieces gets at least."""
    piece_pace: float = 0.2
    piece_most: float = 5.0
    anchor: float = 20.0
    """Bonus of the pixels about a point known to lie in a ward: it and its eight neighbours."""
    anchor_near: float = 1.0
    """The same up to four pixels away."""


class Grid:
    """A raster in degrees with the area of each row and local metres."""

    def __init__(self, step: float) -> None:
        self.step = step
        self.lon = np.arange(round((EAST - WEST) / step)) * step + (WEST + step / 2)
        self.lat = np.arange(round((NORTH - SOUTH) / step)) * step + (SOUTH + step / 2)
        self.shape = (len(self.lat), len(self.lon))
        self.row_km2 = (KM_LAT * step) * (111.32 * np.cos(np.radians(self.lat)) * step)
        self.x, self.y = self.metres(self.lon, self.lat)

    @staticmethod
    def metres(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Return metres east and north of the frame's south-west corner."""
        return (lon - WEST) * KM_LON * 1e3, (lat - SOUTH) * KM_LAT * 1e3

    def window(self, west: float, east: float, south: float, north: float) -> Window:
        """Return the pixels whose centres lie in the box."""
        j = np.searchsorted(self.lon, [west, east])
        i = np.searchsorted(self.lat, [south, north])
        return slice(int(i[0]), int(i[1])), slice(int(j[0]), int(j[1]))


class Fit:
    """One run of the fit; `solve` returns the raster of ward numbers, `OUTSIDE` elsewhere."""

    def __init__(self, inputs: Inputs, settings: Settings) -> None:
        self.i, self.o, self.grid = inputs, settings, Grid(settings.step)
        self.wards, self.olds = len(inputs.codes), len(inputs.lon)
        self.ward_x, self.ward_y = self.grid.metres(inputs.ward_lon, inputs.ward_lat)
        self.old_x, self.old_y = self.grid.metres(inputs.lon, inputs.lat)
        self.ward_radius = np.sqrt(np.r_[inputs.area, 1.0] * 1e6 / np.pi)
        self.half_w, self.half_h = (inputs.east - inputs.west) / 2, (inputs.north - inputs.south) / 2
        self.box_km2 = 4 * self.half_w * self.half_h * KM_LON * KM_LAT
        self.old_radius = np.sqrt(self.box_km2 * settings.box_filled * 1e6 / np.pi)
        self.side = np.ones((self.olds, 4))  # stretch of the distance to west, east, south, north
        self.piece_old = np.array([i for i, m in enumerate(inputs.members) for _ in m], dtype=np.int32)
        self.piece_ward = np.array([w for m in inputs.members for w in m], dtype=np.int32)
        self.piece_split = np.array([len(m) > 1 for m in inputs.members for _ in m])
        self.strange = np.ones((self.wards, self.wards), dtype=np.float32)
        np.fill_diagonal(self.strange, 0)
        for a, b in inputs.neighbours:
            self.strange[a, b] = self.strange[b, a] = 0
        reach = settings.reach
        self.windows = []
        for i in range(self.olds):
            x, y = (inputs.east[i] + inputs.west[i]) / 2, (inputs.north[i] + inputs.south[i]) / 2
            w, h = reach * self.half_w[i], reach * self.half_h[i]
            self.windows.append(self.grid.window(x - w, x + w, y - h, y + h))
        self.ward_windows = [self._hull(np.nonzero(self.piece_ward == w)[0]) for w in range(self.wards + 1)]
        self._choose_candidates()

    def _hull(self, pieces: NDArray[np.intp]) -> Window:
        windows = [self.windows[self.piece_old[p]] for p in pieces]
        return (
            slice(min(w[0].start for w in windows), max(w[0].stop for w in windows)),
            slice(min(w[1].start for w in windows), max(w[1].stop for w in windows)),
        )

    def _box_cost(self, i: int) -> Singles:
        """Return the cost of each pixel of an old unit's window for being in that unit."""
        o, n = self.o, self.i
        rows, columns = self.windows[i]
        x, y = self.grid.lon[columns], self.grid.lat[rows]
        px, py, least = n.lon[i], n.lat[i], o.least_half
        half_w, half_h, stretch = self.half_w[i], self.half_h[i], self.side[i]
        west, east = max(px - n.west[i], least * half_w), max(n.east[i] - px, least * half_w)
        south, north = max(py - n.south[i], least * half_h), max(n.north[i] - py, least * half_h)
        dx = np.where(x < px, (px - x) / (west * stretch[0]), (x - px) / (east * stretch[1]))
        dy = np.where(y < py, (py - y) / (south * stretch[2]), (y - py) / (north * stretch[3]))
        cost = o.steep * np.sqrt(dx[None] ** o.norm + dy[:, None] ** o.norm) ** (4 / o.norm)
        if not n.guessed[i]:
            off_x = np.maximum(np.maximum(n.west[i] - x, x - n.east[i]) / half_w, 0)
            off_y = np.maximum(np.maximum(n.south[i] - y, y - n.north[i]) / half_h, 0)
            cost += o.off_box * np.minimum(np.maximum(off_x[None], off_y[:, None]), 1)
        return np.asarray(cost, dtype=np.float32)

    def _pull_cost(self, ward: Ints | int, x: Floats, y: Floats) -> Singles:
        """Return what a divided old unit's pixel pays for being far from its new unit's label point."""
        squared = (x - self.ward_x[ward]) ** 2 + (y - self.ward_y[ward]) ** 2
        return np.asarray(self.o.pull * squared / self.ward_radius[ward] ** 2, dtype=np.float32)

    def _choose_candidates(self) -> None:
        """Keep the cheapest pieces of every pixel that may belong to the city."""
        size = self.o.candidates
        best = np.full((size, *self.grid.shape), np.inf, dtype=np.float32)
        piece = np.full((size, *self.grid.shape), -1, dtype=np.int32)
        self.costs = [self._box_cost(i) for i in range(self.olds)]
        for p, (i, w) in enumerate(zip(self.piece_old, self.piece_ward, strict=True)):
            rows, columns = self.windows[i]
            cost = self.costs[i].copy()
            if self.piece_split[p]:
                cost += self._pull_cost(int(w), self.grid.x[columns][None], self.grid.y[rows][:, None])
            carried = np.full(cost.shape, p, dtype=np.int32)
            some_best, some_piece = best[:, rows, columns], piece[:, rows, columns]
            for k in range(size):  # insert into the sorted stack
                less = cost < some_best[k]
                some_best[k][less], cost[less] = cost[less], some_best[k][less]
                some_piece[k][less], carried[less] = carried[less], some_piece[k][less]
        city = np.r_[self.piece_ward < self.wards, False]
        self.active = city[piece].any(axis=0)
        self.rows, self.columns = np.nonzero(self.active)
        real = np.isfinite(best[:, self.active])
        chosen = np.where(real, piece[:, self.active], 0)
        self.piece_of = chosen
        self.old_of, self.ward_of = self.piece_old[chosen], self.piece_ward[chosen]
        self.in_old = _index(self.old_of, real, self.olds)
        self.in_ward = _index(self.ward_of, real, self.wards + 1)
        x, y = self.grid.x[self.columns], self.grid.y[self.rows]
        self.fixed = np.where(real, np.float32(0), np.float32(np.inf))
        k, n = np.nonzero(self.piece_split[chosen] & real)
        self.fixed[k, n] = self._pull_cost(self.ward_of[k, n], x[n], y[n])
        pixel = np.full(self.grid.shape, -1, dtype=np.int64)
        pixel[self.active] = np.arange(len(self.rows))
        for lon, lat, ward in self.i.anchors:
            i, j = int((lat - SOUTH) / self.o.step), int((lon - WEST) / self.o.step)
            # The wider, weaker ring leads the ward to the point; the point alone might become an island.
            for rim, bonus in ((1, self.o.anchor), (4, self.o.anchor_near)):
                for n in pixel[i - rim : i + rim + 1, j - rim : j + rim + 1].ravel():
                    if n >= 0:
                        self.fixed[self.ward_of[:, n] == ward, n] -= bonus
        self._gather()

    def _gather(self) -> None:
        self.base = self.fixed.copy()
        for i in range(self.olds):
            k, n = self.in_old[i]
            rows, columns = self.windows[i]
            self.base[k, n] += self.costs[i][self.rows[n] - rows.start, self.columns[n] - columns.start]

    def _surroundings(self, ward: Ints, old: Ints) -> Singles:
        """Return what each candidate pays for the units around its pixel."""
        o = self.o
        ward_map = np.full(self.grid.shape, -1, dtype=np.int32)
        old_map = np.full(self.grid.shape, -1, dtype=np.int32)
        ward_map[self.active], old_map[self.active] = ward, old
        paid = np.full(self.base.shape, np.float32(o.smooth + o.smooth_old))

        def add(where: tuple[Ints, Ints], window: Window, image: NDArray[np.float32], weight: float) -> None:
            k, n = where
            soft = ndimage.gaussian_filter(image, o.blur, mode="constant", truncate=3)
            rows, columns = window
            paid[k, n] += (
                np.float32(weight) * soft[self.rows[n] - rows.start, self.columns[n] - columns.start]
            )

        for w in range(self.wards + 1):
            window = self.ward_windows[w]
            part = ward_map[window]
            add(self.in_ward[w], window, (part == w).astype(np.float32), -o.smooth)
            if w < self.wards:
                inside = (part >= 0) & (part < self.wards)
                image = np.where(inside, self.strange[w][np.where(inside, part, 0)], np.float32(0))
                if image.any():
                    add(self.in_ward[w], window, image, o.smooth * o.strangers)
        for i in range(self.olds):
            if len(self.in_old[i][0]):
                window = self.windows[i]
                add(self.in_old[i], window, (old_map[window] == i).astype(np.float32), -o.smooth_old)
        return paid

    def _stretch_sides(self, old: Ints) -> None:
        """Make a side of an old unit cheaper while the unit does not reach that side of its box."""
        o, n = self.o, self.i
        lon, lat, half = self.grid.lon[self.columns], self.grid.lat[self.rows], self.o.step / 2
        low_x, high_x = np.full(self.olds, np.inf), np.full(self.olds, -np.inf)
        low_y, high_y = low_x.copy(), high_x.copy()
        np.minimum.at(low_x, old, lon)
        np.maximum.at(high_x, old, lon)
        np.minimum.at(low_y, old, lat)
        np.maximum.at(high_y, old, lat)
        gap = np.c_[
            (low_x - half - n.west) / self.half_w,
            (n.east - high_x - half) / self.half_w,
            (low_y - half - n.south) / self.half_h,
            (n.north - high_y - half) / self.half_h,
        ]
        gap[~np.isfinite(gap).all(axis=1) | ~n.inside | n.guessed] = 0
        stretch = self.side * np.exp(o.side_pace * np.clip(gap, -0.3, 0.3))
        self.side = np.clip(stretch, o.side_least, o.side_most)
        for i in np.nonzero(n.inside)[0]:
            self.costs[i] = self._box_cost(int(i))
        self._gather()

    def solve(self) -> NDArray[np.int32]:
        """Move the prices round by round; return the raster of ward numbers."""
        o, n, wards, olds = self.o, self.i, self.wards, self.olds
        pixel = np.arange(len(self.rows))
        km2 = self.grid.row_km2[self.rows]
        x, y = self.grid.x[self.columns], self.grid.y[self.rows]
        ward_x, ward_y = np.r_[self.ward_x, 0], np.r_[self.ward_y, 0]
        in_city = self.ward_of < wards
        to_ward_x = _single((x - ward_x[self.ward_of]) / self.ward_radius[self.ward_of] * in_city)
        to_ward_y = _single((y - ward_y[self.ward_of]) / self.ward_radius[self.ward_of] * in_city)
        to_old_x = _single((x - self.old_x[self.old_of]) / self.old_radius[self.old_of] * in_city)
        to_old_y = _single((y - self.old_y[self.old_of]) / self.old_radius[self.old_of] * in_city)
        area_price, centre = np.zeros(wards + 1), np.zeros((2, wards + 1))
        old_price, old_centre = np.zeros(olds), np.zeros((2, olds))
        target = np.r_[n.area, 1.0]
        paid: Singles | float = 0.0
        piece_price = np.zeros(len(self.piece_old))
        given_up = np.zeros(wards + 1, dtype=bool)
        for t in range(o.rounds):
            pace = 1 / (1 + 3 * t / o.rounds)
            reward = _single(piece_price)[self.piece_of] + _single(area_price)[self.ward_of]
            reward += _single(old_price)[self.old_of]
            reward += (
                _single(centre[0])[self.ward_of] * to_ward_x + _single(centre[1])[self.ward_of] * to_ward_y
            )
            reward += _single(old_centre[0])[self.old_of] * to_old_x
            reward += _single(old_centre[1])[self.old_of] * to_old_y
            chosen = (self.base + paid - reward).argmin(axis=0)
            ward, old = self.ward_of[chosen, pixel], self.old_of[chosen, pixel]
            if t == o.rounds - 1:
                break
            area, off_x, off_y = _moments(ward, km2, x, y, ward_x, ward_y, self.ward_radius)
            short = np.log(target / np.maximum(area, 0.05 * target))
            old_area, old_off_x, old_off_y = _moments(old, km2, x, y, self.old_x, self.old_y, self.old_radius)
            old_short = np.log(self.box_km2 * o.box_filled / np.maximum(old_area, 0.1 * self.box_km2))
            short[-1] = off_x[-1] = off_y[-1] = 0
            still = ~n.inside | (old_area == 0)
            old_short[still] = 0
            old_off_x[still | n.guessed] = old_off_y[still | n.guessed] = 0
            if t == o.rounds // 2:
                given_up = np.hypot(off_x, off_y) > o.centre_give_up
            off_x[given_up] = off_y[given_up] = 0
            centre[:, given_up] *= 0.85
            area_price = np.clip(area_price + o.area_pace * pace * short, -o.area_most, o.area_most)
            centre += o.centre_pace * pace * np.clip([off_x, off_y], -0.3, 0.3)
            centre *= np.minimum(1, o.centre_most / np.maximum(np.hypot(*centre), 1e-9))
            old_price = 0.7 * old_price + 0.3 * np.clip(o.box_pull * old_short, -o.box_most, o.box_most)
            piece_area = np.bincount(self.piece_of[chosen, pixel], km2, len(piece_price))
            least = o.piece_least * old_area[self.piece_old]
            lack = np.where(self.piece_split, 1 - piece_area / np.maximum(least, 1e-9), 0)
            piece_price += o.piece_pace * pace * np.clip(lack, -1, 1)
            piece_price = np.clip(piece_price, 0, o.piece_most)
            old_centre += o.old_centre_pace * pace * np.clip([old_off_x, old_off_y], -0.3, 0.3)
            old_centre *= np.minimum(1, o.old_centre_most / np.maximum(np.hypot(*old_centre), 1e-9))
            if t % o.every == o.every - 1:
                self._stretch_sides(old)
                paid = self._surroundings(ward, old)
        raster = np.full(self.grid.shape, OUTSIDE, dtype=np.int32)
        raster[self.active] = np.where(ward < wards, ward, OUTSIDE)
        return raster


def _single(values: Floats) -> Singles:
    return np.asarray(values, dtype=np.float32)


def _index(values: Ints, real: NDArray[np.bool_], count: int) -> list[tuple[Ints, Ints]]:
    """Return, for each value, the candidate ranks and the pixels where it stands."""
    flat = np.where(real, values, count).ravel()
    order = np.argsort(flat, kind="stable")
    cut = np.searchsorted(flat[order], np.arange(count + 1))
    return [np.divmod(order[cut[v] : cut[v + 1]], values.shape[1]) for v in range(count)]  # type: ignore[misc]


def _moments(
    label: Ints, km2: Floats, x: Floats, y: Floats, to_x: Floats, to_y: Floats, radius: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return each unit's area and how far its centroid must move to its point, in radii."""
    area = np.bincount(label, km2, len(to_x))
    weight = np.maximum(area, 1e-9)
    centre_x = np.bincount(label, km2 * x, len(to_x)) / weight
    centre_y = np.bincount(label, km2 * y, len(to_y)) / weight
    return area, (to_x - centre_x) / radius, (to_y - centre_y) / radius
