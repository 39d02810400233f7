"""What a plan does with the reception network: points that close, who files where, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from planner.audit import price, routes
from planner.audit.course import Course, escalate
from planner.audit.network import WARD, Network, Stage
from planner.audit.tables import Line


@dataclass
class Handed:
    """The choices of a plan, as far as its tables tell them.

    Attributes
    ----------
    closes : dict of str to int
        By ward whose point is handed over, the year.
    city_open : dict of str to set of int
        By point of the city, the numbers of the stages in which it is open.
    served : dict of (int, int) to str
        The point of a demand point in a stage, by their numbers.
    seats : dict of str to str
        By placed ward, the site of its reception.
    """

    network: Network
    closes: dict[str, int] = field(default_factory=dict)
    city_open: dict[str, set[int]] = field(default_factory=dict)
    served: dict[tuple[int, int], str] = field(default_factory=dict)
    seats: dict[str, str] = field(default_factory=dict)
    rows: dict[tuple[str, int], Line] = field(default_factory=dict)
    filed: dict[tuple[int, int], Line] = field(default_factory=dict)
    """The rows of points.csv and catchments.csv that this was read from, by point or demand point and stage."""
    _by_point: dict[tuple[str, int], list[int]] = field(default_factory=dict)

    def is_open(self, point: str, stage: Stage) -> bool:
        """Say whether a point is open in a stage."""
        if point in self.network.city:
            return not stage.number or stage.number in self.city_open.get(point, ())
        code = point.removeprefix(WARD)
        return code in self.network.cases and stage.year < self.closes.get(code, stage.year + 1)

    def place_of(self, point: str) -> str | None:
        """Return the site of a ward's point, or the id of a city's; None where it is not known."""
        return point if point in self.network.city else self.seats.get(point.removeprefix(WARD))

    def road(self, i: int, stage: Stage) -> int | None:
        """Return the road metres from a demand point to its point; None where either is not known."""
        point = self.served.get((i, stage.number))
        place = None if point is None else self.place_of(point)
        if point is None or place is None:
            return None
        ward = self.network.demand[i].ward
        if point == WARD + ward:
            return self.network.own_roads(ward, place)[i - self.network.of_ward[ward][0]]
        return self.network.road(i, place)

    def unsure(self) -> set[str]:
        """Return the wards of which the road of somebody in some stage is not known."""
        network = self.network
        return {
            demand.ward
            for i, demand in enumerate(network.demand)
            if any(self.road(i, stage) is None for stage in network.stages)
        }

    def load(self, point: str, stage: Stage) -> int:
        """Return the files a year that a point serves in a stage."""
        return sum(self.network.demand[i].load(stage) for i in self.served_by(point, stage))

    def served_by(self, point: str, stage: Stage) -> list[int]:
        """Return the demand points that a point serves in a stage."""
        return self._by_point.get((point, stage.number), [])

    def index(self) -> None:
        """Group the demand points by the point that serves them, when all of them have been read."""
        for (i, stage), point in sorted(self.served.items()):
            self._by_point.setdefault((point, stage), []).append(i)


def rows_of(course: Course, handed: Handed) -> dict[tuple[int, str], int]:
    """Return the dong of every year and item of a ward and of the city's points in it, without the zeros."""
    network, case, closes = handed.network, course.case, course.closes
    years, settings = case.settings.years, case.settings
    once, yearly = price.office_costs(case, course.arrangement)
    _, later = price.office_costs(price.without_reception(case), course.arrangement)
    rows = {(years[0], item): vnd for item, vnd in once.items()}
    for stage in network.stages:
        roads = [(i, handed.road(i, stage) or 0) for i in network.of_ward[case.ward.code]]
        for year in stage.years:
            gone = closes is not None and year >= closes
            rows.update(
                {
                    (year, item): vnd
                    for item, vnd in escalate(later if gone else yearly, network.grown[year]).items()
                }
            )
            rows[year, "citizen_travel"] = sum(network.travel_vnd(i, year, road) for i, road in roads)
            rows[year, "points"] = 0 if gone else network.point_vnd(WARD + case.ward.code, year)
            rows[year, "city_points"] = sum(
                network.point_vnd(name, year)
                for name, point in network.city.items()
                if point.ward == case.ward.code and handed.is_open(name, stage)
            )
    if closes is not None:
        moving = network.reception_people(case.ward.code)
        rows[closes, "moves"] = moving * settings.whole("prices.move_vnd_per_person")
    for year, vnd in routes.income(case, course.free_from, course.cash, network.grown).items():
        rows[year, "release_income"] = -vnd
    return {key: vnd for key, vnd in rows.items() if vnd}


def open_points(handed: Handed, stage: Stage) -> list[str]:
    """Return the points that are open in a stage; before the hand-over all are."""
    return [point for point in handed.network.points if handed.is_open(point, stage)]


def people_within(handed: Handed, stage: Stage, metres: int) -> int:
    """Return the people whose point in a stage is within so many road metres."""
    total = 0
    for i, demand in enumerate(handed.network.demand):
        road = handed.road(i, stage)
        total += demand.people if road is not None and road <= metres else 0
    return total


def uses(handed: Handed) -> Mapping[str, int]:
    """Return what the network uses of the rules of the whole city that only it has, by name."""
    network, found = handed.network, {}
    reach = network.metres_within(network.settings.number("network.share_minutes"))
    for stage in network.later:
        found[f"points_{stage.year}"] = -len(open_points(handed, stage))
        found[f"within_{stage.year}"] = -people_within(handed, stage, reach)
    return found
