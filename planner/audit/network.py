"""The reception network: stages, demand points, points and their capacity (docs/model.md section 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from planner.audit import price
from planner.audit.centres import growth
from planner.audit.needs import down, files_in_person, half_up, reception_room, up
from planner.audit.price import MILLION, Case
from planner.audit.read import CityPoint, Inputs
from planner.audit.roads import FORBIDDEN, Metres, Roads
from planner.audit.settings import Settings

WARD = "ward-"


@dataclass(frozen=True)
class Stage:
    """Years in which the same points are open; number 0 is the time before anything is handed over."""

    number: int
    years: range

    @property
    def year(self) -> int:
        """The first year, which names the stage."""
        return self.years[0]


@dataclass(frozen=True)
class Demand:
    """People of one ward who live at one place, and the files they hand in themselves."""

    demand_id: str
    commune: str
    ward: str
    people: int
    place: tuple[float, float]
    files: Mapping[int, int]
    trips: Mapping[int, int]

    def load(self, stage: Stage) -> int:
        """Return the files of the year of a stage that has most."""
        return max(self.files[year] for year in stage.years)


@dataclass
class Network:
    """What the input says of the reception network.

    Attributes
    ----------
    demand : list of Demand
        Ward by ward, in the order of `Case.points`.
    of_ward : dict of str to list of int
        The demand points of every ward.
    city : dict of str to CityPoint
        The city's own points.
    """

    settings: Settings
    cases: Mapping[str, Case]
    inputs: Inputs
    stages: list[Stage]
    demand: list[Demand] = field(default_factory=list)
    of_ward: dict[str, list[int]] = field(default_factory=dict)
    city: dict[str, CityPoint] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.grown = growth(self.settings, "price")
        self.vnd_per_km = price.vnd_per_km(self.settings, "citizen")
        self._speed = self.settings.whole("prices.speed_kmh")

    @property
    def later(self) -> list[Stage]:
        """The stages in which points may be closed."""
        return self.stages[1:]

    # -- roads ----------

    @cached_property
    def columns(self) -> dict[str, int]:
        """The column of every site and point of the city in `metres`."""
        return {name: at for at, name in enumerate([*self._sites, *self.city])}

    @cached_property
    def _sites(self) -> dict[str, Case]:
        return {name: case for case in self.cases.values() for name in case.own}

    @cached_property
    def metres(self) -> Metres:
        """Road metres from every demand point to every site and point of the city, `FORBIDDEN` among them."""
        inputs = self.inputs
        targets = [(inputs.sites[name].lat, inputs.sites[name].lon) for name in self._sites]
        targets += [(point.lat, point.lon) for point in self.city.values()]
        banks = [inputs.banks.get(demand.commune, "") for demand in self.demand]
        found = Roads(inputs).table([demand.place for demand in self.demand], banks, targets)
        for name, case in self._sites.items():
            for i, road in zip(self.of_ward[case.ward.code], case.to_reception[name], strict=True):
                found[i, self.columns[name]] = road
        rows = {demand.demand_id: i for i, demand in enumerate(self.demand)}
        for (demand_id, name), road in inputs.travel.items():
            if demand_id in rows and name in self.columns:
                found[rows[demand_id], self.columns[name]] = road
        return found

    def road(self, i: int, place: str) -> int | None:
        """Return the road metres from a demand point to a site or point of the city; None where there is no way."""
        metres = int(self.metres[i, self.columns[place]])
        return None if metres == FORBIDDEN else metres

    def own_roads(self, code: str, site: str) -> list[int]:
        """Return the road metres from the demand points of a ward to one of its sites."""
        ids = [self.demand[i].demand_id for i in self.of_ward[code]]
        roads = self.cases[code].to_reception[site]
        return [self.inputs.travel.get((name, site), road) for name, road in zip(ids, roads, strict=True)]

    def metres_within(self, minutes: Fraction) -> int:
        """Return the most road metres that take so many minutes."""
        return int(minutes * self._speed * 1000 // 60)

    @cached_property
    def most_metres(self) -> int | None:
        """The most road metres to a point after the hand-over; None without a rule."""
        minutes = self.settings.number_or_none("network.max_minutes")
        return None if minutes is None else self.metres_within(minutes)

    def minutes(self, road: int) -> Fraction:
        """Return the minutes of a way, to one decimal."""
        return Fraction(half_up(Fraction(600 * road, 1000 * self._speed)), 10)

    # -- points ----------

    @property
    def points(self) -> list[str]:
        """Every point: the wards', then the city's."""
        return [WARD + code for code in self.cases] + list(self.city)

    def counters(self, point: str) -> int:
        """Return the counters of a point."""
        if point in self.city:
            own = self.city[point].counters
            return self.settings.whole("network.city_point_counters") if own is None else own
        return self.cases[point.removeprefix(WARD)].needs.counters

    def capacity(self, point: str) -> int:
        """Return the files a year that a point can take."""
        files = down(self.counters(point) / self._counters_per_file)
        if point in self.city:
            return files
        return max(files, self.cases[point.removeprefix(WARD)].needs.in_person)

    def counters_needed(self, load: int) -> int:
        """Return the counters that so many files a year need at a point that serves somebody."""
        return max(1, up(load * self._counters_per_file))

    @cached_property
    def _counters_per_file(self) -> Fraction:
        number = self.settings.number
        minutes = number("reception.working_days") * number("reception.open_minutes_per_day")
        work = number("reception.peak_factor") * number("reception.minutes_per_file")
        return work / (minutes * number("reception.counter_use_share"))

    def must_stay(self, point: str) -> bool:
        """Say whether a point is open in every stage."""
        named = point in self.settings.ids("network.required")
        return named or (point in self.city and self.city[point].use == "required")

    def must_close(self, point: str) -> bool:
        """Say whether a point is open in no stage after the hand-over begins."""
        return point in self.settings.ids("network.excluded")

    # -- costs ----------

    def travel_vnd(self, i: int, year: int, road: int) -> int:
        """Return what the trips of a demand point cost in a year."""
        return self.demand[i].trips[year] * road * self.vnd_per_km // 1000 * self.grown[year] // MILLION

    def point_vnd(self, point: str, year: int) -> int:
        """Return what an open point costs in a year."""
        whole = self.settings.whole
        vnd = whole("network.point_vnd_year")
        if point in self.city:
            running = self.city_floor(point) * whole("prices.running_vnd_per_m2_year")
            vnd += whole("prices.site_fixed_vnd_year") + running
        return vnd * self.grown[year] // MILLION

    def city_floor(self, point: str) -> int:
        """Return the gross floor of a point of the city."""
        room = reception_room(self.counters(point), self.settings)
        return up(room / self.settings.number("space.net_to_gross"))

    def reception_people(self, code: str) -> int:
        """Return the people of the reception of a ward."""
        left = price.without_reception(self.cases[code]).needs.parts
        return sum(p.people for p in self.cases[code].needs.parts) - sum(p.people for p in left)


def network_of(inputs: Inputs, settings: Settings, cases: Mapping[str, Case]) -> Network | None:
    """Return the network, where a scenario has one."""
    if not settings.flag("network.allowed"):
        return None
    years = settings.years
    firsts = [years[0], *map(int, settings.values["network.hand_over_years"]), years[-1] + 1]
    stages = [Stage(i, range(firsts[i], firsts[i + 1])) for i in range(len(firsts) - 1)]
    network = Network(settings, cases, inputs, stages)
    network.city.update({point.point_id: point for point in inputs.city_points})
    per_file = settings.whole("reception.visits_per_file")
    for code, case in cases.items():
        in_person = {
            year: files_in_person(case.ward, settings, online_share(settings, year)) for year in years
        }
        everybody, first = sum(case.people), len(network.demand)
        for point in case.points:
            share = Fraction(point.people, everybody)
            files = {year: down(n * share) for year, n in in_person.items()}
            trips = {year: 2 * down(n * share * per_file) for year, n in in_person.items()}
            network.demand.append(
                Demand(
                    f"{point.commune}-{code}", point.commune, code, point.people,
                    (point.lat, point.lon), files, trips,
                )
            )  # fmt: skip
        network.of_ward[code] = list(range(first, len(network.demand)))
    return network


def online_share(settings: Settings, year: int) -> Fraction:
    """Return the share of files that are handed in online in a year."""
    shares = settings.shares("network.online_by_year")
    latest = max((since for since in shares if since <= year), default=None)
    return settings.number("reception.online_share") if latest is None else shares[latest]
