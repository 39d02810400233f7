"""The certificate with a reception network: no plan that keeps the rules costs less (docs/model.md section 7).

Every demand point has a price for being served in a stage, every point one for its capacity, every rule of the city
one for its use. What is left is a choice for every ward and every point of the city alone, and each is made by trying
everything. All amounts are whole millionths of a dong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from planner.audit import price, routes
from planner.audit.bound import Weights, whole_price
from planner.audit.layouts import Ints, Layout, Layouts
from planner.audit.network import WARD, Network, Stage
from planner.audit.price import MILLION, Case
from planner.audit.roads import FORBIDDEN
from planner.audit.tables import Line

SAFE = 1 << 62
"""Below this, sums of whole numbers are kept in 64 bits."""


@dataclass
class Prices:
    """The prices that a result saves, as whole millionths of a dong.

    Attributes
    ----------
    served : dict of (int, int) to int
        For serving a demand point in a stage, by their numbers.
    capacity : dict of (str, int) to int
        For a file that a point can take a year, by point and number of the stage.
    points, within : dict of int to int
        For the rules on open points and on people near one, by number of the stage.
    """

    served: dict[tuple[int, int], int] = field(default_factory=dict)
    capacity: dict[tuple[str, int], int] = field(default_factory=dict)
    points: dict[int, int] = field(default_factory=dict)
    within: dict[int, int] = field(default_factory=dict)
    wrong: list[tuple[Line, str]] = field(default_factory=list)
    """Rows that are no such price, and what would be right."""


def read_prices(rows: Sequence[Line], network: Network, of_rules: Mapping[str, Any]) -> Prices:
    """Read ``network_prices.csv``, and the prices of the network's rules of ``plan.json``."""
    prices = Prices()
    numbers = {demand.demand_id: i for i, demand in enumerate(network.demand)}
    stages, points = {stage.year: stage.number for stage in network.later}, set(network.points)
    for row in rows:
        name, number, vnd = row["id"], stages.get(row.whole("year")), row.whole("price")
        i = numbers.get(name)
        if (
            number is not None
            and row["kind"] == "demand"
            and i is not None
            and (i, number) not in prices.served
        ):
            prices.served[i, number] = vnd
        elif (
            number is not None
            and row["kind"] == "capacity"
            and name in points
            and vnd >= 0
            and (name, number) not in prices.capacity
        ):
            prices.capacity[name, number] = vnd
        else:
            prices.wrong.append((row, "0" if vnd < 0 else ""))
    for stage in network.later:
        prices.points[stage.number] = whole_price(of_rules.get(f"points_{stage.year}", 0))
        prices.within[stage.number] = whole_price(of_rules.get(f"within_{stage.year}", 0))
    return prices


class Reception:
    """What the reception at every place is worth in every stage, at some prices."""

    def __init__(self, network: Network, weights: Weights, prices: Prices) -> None:
        self.network, self.weights, self.prices = network, weights, prices
        self._rho = {stage.number: self._of_stage(stage) for stage in network.later}

    def rho(self, place: str, stage: Stage) -> int:
        """Return the least value of serving people at a place in a stage, capacity included."""
        return int(self._rho[stage.number][self.network.columns[place]])

    def _of_stage(self, stage: Stage) -> Ints:
        """Return `rho` of every place."""
        network, prices, number = self.network, self.prices, stage.number
        metres = network.metres
        may = metres != FORBIDDEN
        if network.most_metres is not None:
            may &= metres <= network.most_metres
        paid = [prices.served.get((i, number), 0) for i in range(len(network.demand))]
        loads = [demand.load(stage) for demand in network.demand]
        of_place = [prices.capacity.get((self._point(name), number), 0) for name in network.columns]
        reach = network.metres_within(network.settings.number("network.share_minutes"))
        people = [demand.people * prices.within[number] for demand in network.demand]
        dtype = self._dtype(stage, metres, paid, loads, of_place, people)
        value = self._travel(stage, metres.astype(dtype), dtype)
        if any(of_place):
            value = value + np.array(loads, dtype)[:, None] * np.array(of_place, dtype)[None, :]
        if prices.within[number]:
            value = value - np.where(metres <= reach, np.array(people, dtype)[:, None], 0)
        value = value - np.array(paid, dtype)[:, None]
        total: Ints = np.where(may & (value < 0), value, 0).sum(axis=0)
        full = [
            paid * network.capacity(self._point(name))
            for name, paid in zip(network.columns, of_place, strict=True)
        ]
        return np.array([int(least) - paid for least, paid in zip(total, full, strict=True)], dtype=object)

    def _travel(self, stage: Stage, metres: Ints, dtype: type) -> Ints:
        """Return the present value of the trips from every demand point to every place."""
        network = self.network
        total: Ints = np.zeros(metres.shape, dtype)
        for year in stage.years:
            trips: Ints = np.array([demand.trips[year] for demand in network.demand], dtype)
            vnd = trips[:, None] * metres * network.vnd_per_km // 1000
            if network.grown[year] != MILLION:
                vnd = vnd * network.grown[year] // MILLION
            total += vnd * self.weights.yearly[year]
        return total

    def _dtype(
        self,
        stage: Stage,
        metres: Ints,
        paid: list[int],
        loads: list[int],
        of_place: list[int],
        people: list[int],
    ) -> type:
        """Return int64 where nothing can grow beyond it, else Python's whole numbers."""
        network = self.network
        most_trips = max((max(d.trips[y] for y in stage.years) for d in network.demand), default=0)
        grown = max(network.grown[year] for year in stage.years)
        metred = most_trips * int(metres.max(initial=0)) * network.vnd_per_km
        vnd = (metred // 1000 + 1) * grown
        travel = vnd * sum(self.weights.yearly[year] for year in stage.years) // MILLION
        each = travel + max(map(abs, paid), default=0)
        each += max(loads, default=0) * max(of_place, default=0) + max(people, default=0)
        # What is added up is never below minus what is paid, nor above zero.
        added = sum(max(0, price) for price in paid) + sum(people)
        return np.int64 if max(metred, vnd, each, added) < SAFE else object

    def _point(self, place: str) -> str:
        """Return the point whose place is a site or a point of the city."""
        if place in self.network.city:
            return place
        return WARD + self.network.inputs.sites[place].ward

    def least_of_city_point(self, point: str) -> int:
        """Return the least value of what a point of the city may do: be open up to some stage."""
        network = self.network
        total = sum(
            network.point_vnd(point, year) * self.weights.yearly[year] for year in network.stages[0].years
        )
        values = [total]
        for stage in network.later:
            total += self.rho(point, stage) - self.prices.points[stage.number]
            total += sum(network.point_vnd(point, year) * self.weights.yearly[year] for year in stage.years)
            values.append(total)
        if network.must_close(point):
            return values[0]
        return values[-1] if network.must_stay(point) else min(values)


class WardChoice:
    """The plans of one ward: an arrangement, and the year in which its reception is handed over or never."""

    def __init__(self, case: Case, reception: Reception, most_missing: tuple[int, int]) -> None:
        self.case, self.reception = case, reception
        self.network, self.weights = reception.network, reception.weights
        self.years = case.settings.years
        self.layouts = Layouts(case, most_missing, self._dtype())
        point = WARD + case.ward.code
        years: list[int | None] = [stage.year for stage in self.network.later]
        if years and self.network.must_close(point):
            self.closing = years[:1]
        elif self.network.must_stay(point):
            self.closing = [None]
        else:
            self.closing = [*years, None]
        self._seats: dict[tuple[str, int | None], int] = {}

    def least(self) -> int | None:
        """Return the least value of cost, priced use and reception; None where the ward has no plan."""
        values = [
            least
            for chosen in self.layouts.fronts.sets
            if (layout := self.layouts.on(chosen)) is not None
            and (least := self._least_on(layout)) is not None
        ]
        return min(values, default=None)

    def _least_on(self, layout: Layout) -> int | None:
        best: int | None = None
        once = layout.once * self.weights.capital[self.years[0]]
        fixed = len(layout.chosen) * self.weights.premises
        kept, gone = (self._by_year(cost) for cost in (layout.kept, layout.gone))
        # What else there is only depends on the reception's site, and on whether it is alone there.
        alike = [
            (j, alone, here)
            for j in range(len(layout.chosen))
            for alone in (False, True)
            if (here := np.flatnonzero((layout.seat == j) & (layout.alone == alone))).size
        ]
        for closes in self.closing:
            value = once + sum(
                (kept if closes is None or year < closes else gone)[at] for at, year in enumerate(self.years)
            )
            for j, alone, here in alike:
                extra = self._extra(layout.chosen, j, alone, closes)
                least = None if extra is None else int(value[here].min()) + extra + fixed
                if least is not None and (best is None or least < best):
                    best = least
        return best

    def _by_year(self, cost: Ints) -> list[Ints]:
        """Return the value of a yearly cost in every year, growth included."""
        grown, weights = self.weights.grown, self.weights.yearly
        return [
            (cost if grown[year] == MILLION else cost * grown[year] // MILLION) * weights[year]
            for year in self.years
        ]

    def _extra(self, chosen: tuple[str, ...], seat: int, alone: bool, closes: int | None) -> int | None:
        """Return the value of all that follows from the reception's site and the hand-over; None if it may not be."""
        name = chosen[seat]
        freed = name if alone and closes is not None else None
        if freed is not None:
            left = [site for site in chosen if site != freed]
            if freed in self.case.required or not left:
                return None
            if price.missing_seats(self.case, left) > price.missing_seats(self.case, list(chosen)):
                return None
        return self._of_seat(name, closes) + self._release(chosen, freed, closes)

    def _of_seat(self, name: str, closes: int | None) -> int:
        """Return the value of the reception on a site until it is handed over, and of the hand-over."""
        key = (name, closes)
        if key in self._seats:
            return self._seats[key]
        network, weights, code = self.network, self.weights, self.case.ward.code
        total = 0
        roads = list(zip(network.of_ward[code], network.own_roads(code, name), strict=True))
        for year in network.stages[0].years:
            vnd = sum(network.travel_vnd(i, year, road) for i, road in roads)
            total += (vnd + network.point_vnd(WARD + code, year)) * weights.yearly[year]
        for stage in network.later:
            if closes is not None and stage.year >= closes:
                break
            total += self.reception.rho(name, stage) - self.reception.prices.points[stage.number]
            total += sum(network.point_vnd(WARD + code, year) * weights.yearly[year] for year in stage.years)
        if closes is not None:
            moves = network.reception_people(code) * self.case.settings.whole("prices.move_vnd_per_person")
            total += moves * weights.capital[closes]
        self._seats[key] = total
        return total

    def _release(self, chosen: tuple[str, ...], freed: str | None, closes: int | None) -> int:
        """Return the least value, over cash routes, of the sites that are free."""
        free = routes.free_from(self.case, chosen, None)
        if freed is not None and closes is not None:
            free[freed] = closes
        sites, weights = self.case.sites, self.weights
        total = sum(weights.of_free(sites[name].floor, since) for name, since in free.items())
        incomes = [
            sum(
                vnd * weights.income[year]
                for year, vnd in routes.income(self.case, free, cash, weights.grown).items()
            )
            for cash in routes.cash_routes(self.case.settings)
        ]
        return total - max(incomes)

    def _dtype(self) -> type:
        """Return int64 where the value of no arrangement can grow beyond it, else Python's whole numbers."""
        case, whole, weights = self.case, self.case.settings.whole, self.weights
        norm = sum(part.norm for part in case.needs.parts)
        people = sum(part.people for part in case.needs.parts)
        renovation = max(whole(f"prices.renovation_{c}_vnd_per_m2") for c in "abcd")
        once = norm * renovation
        once += people * (whole("prices.furniture_vnd_per_person") + whole("prices.move_vnd_per_person"))
        far = max(case.between.values(), default=0)
        trips = (
            sum(case.trips.values())
            * whole("reception.working_days")
            * price.vnd_per_km(case.settings, "staff")
        )
        yearly = norm * max(whole("prices.running_vnd_per_m2_year"), whole("prices.crowding_vnd_per_m2_year"))
        yearly += len(case.needs.parts) * (
            whole("prices.cohesion_vnd_per_part_year") + whole("prices.site_fixed_vnd_year")
        )
        yearly += case.needs.seats_norm * whole("prices.hall_rent_vnd_per_seat_year")
        yearly += int(trips * far) // 1000 + 1
        grown = max(weights.grown.values())
        scaled = int(trips * far) * max((t.denominator for t in case.trips.values()), default=1) ** 2
        worst = (
            once * weights.capital[self.years[0]] + yearly * grown * sum(weights.yearly.values()) // MILLION
        )
        return np.int64 if max(worst, yearly * grown, scaled) < SAFE else object


def certificate(
    network: Network, weights: Weights, prices: Prices, most_missing: Mapping[str, tuple[int, int]]
) -> int | None:
    """Return the Lagrangian bound in millionths of a dong; None where a ward has no plan at all."""
    reception = Reception(network, weights, prices)
    total = sum(prices.served.values()) - weights.limits
    for code, case in network.cases.items():
        least = WardChoice(case, reception, most_missing[code]).least()
        if least is None:
            return None
        total += least
    return total + sum(reception.least_of_city_point(point) for point in network.city)
