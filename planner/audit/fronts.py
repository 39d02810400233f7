"""All arrangements of a ward on given sites, as far as they can matter: capital against yearly cost.

What a certificate asks of a ward is the least of ``capital × a + yearly cost × b`` for many a and b: for every year in
which a centre may open. One enumeration of the arrangements on a set of sites answers all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations
from math import lcm

from planner.audit import price
from planner.audit.price import Case

Block = tuple[int, int, int]
"""What a group of parts costs on a site: capital, yearly cost, missing m²."""


class Fronts:
    """The arrangements of one ward, by the sites they use.

    Attributes
    ----------
    sets : list of tuple of str
        The sets of sites that the rules of the ward allow.
    most_missing : tuple of int
        The m² and seats that an arrangement may lack: where a rule is only reported, the least of the ward.
    kept : list of set of str
        By group, the sites that its parts must keep.
    matrix : tuple of tuple of int
        Trips a day between groups, times `scale`.
    """

    def __init__(
        self, case: Case, most_missing: tuple[int, int] = (0, 0), through: str | None = None
    ) -> None:
        self.case = case
        self.most_m2, self.most_seats = most_missing
        self.through = through
        groups = price.parts_together(case)
        self.groups = groups
        self.full = (1 << len(groups)) - 1
        kept = price.kept_today(case)
        self.kept = [{kept[part.name] for part in group if part.name in kept} for group in groups]
        office = sum(1 << i for i, g in enumerate(groups) if any(p.kind == "leaders" for p in g))
        self._office = office
        self._reception = sum(1 << i for i, g in enumerate(groups) if any(p.body == "reception" for p in g))
        self._departments = [sum(p.kind == "department" for p in g) for g in groups]
        group_of = {part.name: i for i, group in enumerate(groups) for part in group}
        self.scale = lcm(1, *(trips.denominator for trips in case.trips.values()))
        matrix = [[0] * len(groups) for _ in groups]
        for (a, b), trips in case.trips.items():
            i, j = group_of[a], group_of[b]
            if i != j:
                matrix[i][j] += int(trips * self.scale)
                matrix[j][i] += int(trips * self.scale)
        self.matrix = tuple(map(tuple, matrix))
        self._trips = _trips_between(self.matrix)
        self.per_km = case.settings.whole("reception.working_days") * price.vnd_per_km(case.settings, "staff")
        self.citizens = {name: price.citizen_travel(case, case.to_reception[name]) for name in case.sites}
        self._blocks: dict[str, list[Block | None]] = {}
        self._found: dict[tuple[str, ...], list[tuple[int, int]]] = {}
        self.constant = sum(price.workload_costs(case).values())
        self.sets = list(self._allowed_sets())

    def _allowed_sets(self) -> Iterator[tuple[str, ...]]:
        case = self.case
        must = (
            case.required | set(price.kept_today(case).values()) | ({self.through} if self.through else set())
        )
        most = min(case.settings.whole("rules.max_sites"), len(self.groups), len(case.sites))
        if price.sites_enough_alone(case):
            most = min(1, most)
        hall = case.settings.word("rules.hall")
        for count in range(max(1, len(must)), most + 1):
            for chosen in combinations(case.sites, count):
                short = 0 if hall == "off" else case.needs.seats_tight - price.largest_hall(case, chosen)
                if must <= set(chosen) and short <= self.most_seats:
                    yield chosen

    def front(self, chosen: tuple[str, ...]) -> list[tuple[int, int]]:
        """Return (capital, yearly cost) of the arrangements on exactly these sites that no other one beats in both."""
        if chosen not in self._found:
            if len(chosen) == 3:
                points = self._on_three(chosen)
            else:
                points = [(once, yearly) for _, once, yearly in self.arrangements(chosen)]
            best: list[tuple[int, int]] = []
            for once, yearly in sorted(points):
                if not best or yearly < best[-1][1]:
                    best.append((once, yearly))
            self._found[chosen] = best
        return self._found[chosen]

    def _on_three(self, chosen: tuple[str, ...]) -> list[tuple[int, int]]:
        """Return what `arrangements` yields for three sites, without much that one of them beats: most of the work."""
        one, two, three = (self._block_table(name) for name in chosen)
        between = self.case.between
        near, far, across = (between[a, b] for a, b in combinations(chosen, 2))
        fixed = price.hall_rent(self.case, chosen) + self.constant
        per_km, scale, most = self.per_km, 1000 * self.scale, self.most_m2
        low_once, low_yearly = None, 0
        points: list[tuple[int, int]] = []
        for mask, first in enumerate(one):
            if first is None:
                continue
            rest = self.full ^ mask
            trips = self._trips.of(mask)
            other = (rest - 1) & rest
            while other:
                second, last = two[other], three[rest ^ other]
                if second is not None and last is not None and first[2] + second[2] + last[2] <= most:
                    once = first[0] + second[0] + last[0]
                    yearly = first[1] + second[1] + last[1] + fixed
                    if low_once is None or once < low_once or yearly < low_yearly:
                        length = near * trips[other] + far * trips[rest ^ other]
                        length += across * self._trips(other, rest ^ other)
                        yearly += length * per_km // scale
                        points.append((once, yearly))
                        if low_once is None or (once <= low_once and yearly <= low_yearly):
                            low_once, low_yearly = once, yearly
                other = (other - 1) & rest
        return points

    def arrangements(self, chosen: tuple[str, ...]) -> Iterator[tuple[int, int, int]]:
        """Yield what sits on the first of these sites (a bit mask), capital, and yearly cost of every arrangement.

        The yearly cost is complete: with hall, travel and workload.
        """
        case = self.case
        tables = [self._block_table(name) for name in chosen]
        fixed = price.hall_rent(case, chosen) + self.constant
        per_km, scale, trips = self.per_km, 1000 * self.scale, self._trips
        metres = {(a, b): case.between[chosen[a], chosen[b]] for a, b in combinations(range(len(chosen)), 2)}
        most = self.most_m2
        table = tables[0]
        if len(chosen) == 1:
            block = table[self.full]
            if block is not None and block[2] <= most:
                yield self.full, block[0], block[1] + fixed
            return
        if len(chosen) == 2:
            second, far = tables[1], metres[0, 1]
            for mask in range(1, self.full):
                a, b = table[mask], second[self.full ^ mask]
                if a is not None and b is not None and a[2] + b[2] <= most:
                    travel = far * trips(mask, self.full ^ mask) * per_km // scale
                    yield mask, a[0] + b[0], a[1] + b[1] + fixed + travel
            return
        for masks in self._splits(self.full, tables, 0):
            blocks = [t[m] for t, m in zip(tables, masks, strict=True)]
            if sum(block[2] for block in blocks if block) <= most:
                length = sum(far * trips(masks[i], masks[j]) for (i, j), far in metres.items())
                yield (
                    masks[0],
                    sum(block[0] for block in blocks if block),
                    sum(block[1] for block in blocks if block) + fixed + length * per_km // scale,
                )

    def _splits(
        self, rest: int, tables: Sequence[Sequence[Block | None]], at: int
    ) -> Iterator[tuple[int, ...]]:
        """Yield every way to give each of the sites from `at` on some of the groups `rest`."""
        table = tables[at]
        if at == len(tables) - 1:
            if table[rest] is not None:
                yield (rest,)
            return
        mask = (rest - 1) & rest
        while mask:
            if table[mask] is not None:
                for others in self._splits(rest ^ mask, tables, at + 1):
                    yield (mask, *others)
            mask = (mask - 1) & rest

    def _block_table(self, name: str) -> list[Block | None]:
        """Return the cost of every block of groups on a site, by bit mask; None where it may not sit there."""
        if name not in self._blocks:
            self._blocks[name] = [self._block(name, mask) for mask in range(self.full + 1)]
        return self._blocks[name]

    def _block(self, name: str, mask: int) -> Block | None:
        case, site = self.case, self.case.sites[name]
        here = [i for i in range(len(self.groups)) if mask >> i & 1]
        members = [part for i in here for part in self.groups[i]]
        missing = max(0, sum(part.tight for part in members) - price.tight_room(case, name))
        if not members or missing > self.most_m2 or any(self.kept[i] - {name} for i in here):
            return None
        whole = case.settings.whole
        items = price.site_cost(case, site, members)
        anew = case.settings.word("start") == "before_reform"
        moving = sum(part.people for part in members if anew or case.known.get(part.name, name) != name)
        yearly = items["running"] + items["site_fixed"] + items["crowding"]
        if self._office and not mask & self._office:
            apart = sum(self._departments[i] for i in here)
            yearly += apart * whole("prices.cohesion_vnd_per_part_year")
        if mask & self._reception:
            yearly += self.citizens[name]
        once = items["renovation"] + items["fit_out"] + moving * whole("prices.move_vnd_per_person")
        return once, yearly, missing


@cache
def _trips_between(matrix: tuple[tuple[int, ...], ...]) -> _Trips:
    return _Trips(matrix)


class _Trips:
    """Trips a day between two blocks of groups, by bit mask; a row of them is added up once."""

    def __init__(self, matrix: tuple[tuple[int, ...], ...]) -> None:
        self._matrix = matrix
        self._rows: dict[int, list[int]] = {}

    def of(self, a: int) -> list[int]:
        """Return the trips between a block and every other one."""
        if a not in self._rows:
            single = [
                sum(row[j] for i, row in enumerate(self._matrix) if a >> i & 1)
                for j in range(len(self._matrix))
            ]
            row = [0]
            for j in range(len(single)):
                row += [trips + single[j] for trips in row]
            self._rows[a] = row
        return self._rows[a]

    def __call__(self, a: int, b: int) -> int:
        return self.of(a)[b]
