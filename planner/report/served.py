"""What the reports say of the reception network: stages, the worst served, points handed over, with their names."""

from __future__ import annotations

from typing import NamedTuple

from planner.catchments import HandOver, Stage, Way, hand_overs, names_of_points, stages, worst
from planner.report.cells import clean
from planner.report.figures import Figures, records, years_text


class Names:
    """What points, units and old communes are called."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self.points = names_of_points(figures.plan)
        if figures.plan.today is not None:
            self.points = names_of_points(figures.plan.today) | self.points
        self.communes = records(figures.plan.region.communes, "commune_code")

    def point(self, point: str) -> str:
        """Return the name of a city point; a ward's point is named after its unit."""
        ward = point.removeprefix("ward-")
        if ward == point or ward not in self.figures.names:
            return clean(self.points.get(point, point))
        return self.figures.words("point_of").format(self.unit(ward))

    def unit(self, ward: str) -> str:
        """Return the name of a unit."""
        return clean(self.figures.names.get(ward, ward))

    def commune(self, code: str) -> str:
        """Return the name of an old commune with its type."""
        row = self.communes.get(code, {})
        kind = clean(row.get("type"))
        return f"{clean(row.get('name')) or code}{f' ({kind.lower()})' if kind else ''}"


class StageLine(NamedTuple):
    """A stage of the plan, or today, with its label."""

    label: str
    stage: Stage


def stage_lines(figures: Figures) -> list[StageLine]:
    """Return today, where there is one, and the stages of the plan."""
    today = figures.plan.today
    lines = [StageLine(figures.words("today"), one) for one in stages(today)[-1:]] if today else []
    return lines + [StageLine(years_text((one.year, one.last)), one) for one in stages(figures.plan)]


def worst_served(figures: Figures) -> list[Way]:
    """Return the ten old communes with the longest way in the last stage."""
    return worst(figures.plan, stages(figures.plan)[-1].year)


def handed_over(figures: Figures) -> list[HandOver]:
    """Return the points that are handed over, by year and in the order of units."""
    found = hand_overs(figures.plan)
    return sorted(found, key=lambda one: (one.year, figures.place_of(one.ward), one.ward))
