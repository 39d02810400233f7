"""The auditor's own search for the cheapest arrangement of a ward: branch and bound, exact.

It answers two questions that adding up the saved rows cannot: is there an arrangement that keeps a rule which
the plan reports as broken, and is there a cheaper plan than the one that is called optimal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from math import lcm

from planner.audit import price
from planner.audit.price import Arrangement, Case

# Missing m² come before missing seats, seats before money: one whole number holds all three, so that adding
# and comparing numbers adds and compares in that order.
_SEATS = 10**40
_M2 = 10**50


NEVER = (1 << 62, 1 << 62)
"""What a ward lacks that has no arrangement at all."""


@dataclass(frozen=True)
class Found:
    """A best arrangement: what the rules lack, and its net present cost in millionths of a dong."""

    missing_m2: int
    missing_seats: int
    cost: int
    arrangement: dict[str, str]


def missing(case: Case, arrangement: Arrangement) -> tuple[int, int]:
    """Return the missing m² and the missing seats of an arrangement."""
    return sum(price.missing_floor(case, arrangement).values()), price.missing_seats(
        case, arrangement.values()
    )


def cheapest(case: Case, known: Arrangement | None = None, *, by_count: bool = False) -> dict[int, Found]:
    """Return a best arrangement of one ward: least missing m², then least missing seats, then least cost.

    Parameters
    ----------
    known : dict of str to str, optional
        An arrangement that keeps the ward's rules; only better ones are looked for, which is fast.
    by_count : bool
        Return a best arrangement for every number of sites, as a cap on premises in the city asks for.

    Returns
    -------
    dict of int to Found
        By number of sites in use; without `by_count` at most one. Empty where no arrangement keeps the rules.
    """
    best: dict[int, tuple[int, Found]] = {}
    if known is not None:
        m2, seats = missing(case, known)
        cost = price.discounted(price.cost_rows(case, known), price.factors(case.settings))
        found = Found(m2, seats, cost, dict(known))
        best[len(set(known.values())) if by_count else 0] = (_key(m2, seats, cost), found)
    search = _Search(case)
    most = min(case.settings.whole("rules.max_sites"), len(search.groups), len(case.sites))
    counts = [1] if price.sites_enough_alone(case) else range(max(1, len(case.required)), most + 1)
    for count in counts:
        slot = count if by_count else 0
        for blocks in set_partitions(len(search.groups), count):
            better = search.best_sites(blocks, best[slot][0] if slot in best else None)
            if better is not None:
                best[slot] = better
    return {len(set(found.arrangement.values())): found for _, found in best.values()}


def least_for_city(options: Iterable[dict[int, Found]], premises_max: int | None) -> int | None:
    """Return the least total cost of one option per ward within a limit on premises, if there is any."""
    totals: dict[int, int] = {0: 0}
    for found in options:
        if not found:
            return None
        least = min((f.missing_m2, f.missing_seats) for f in found.values())
        rows = {n: f.cost for n, f in found.items() if (f.missing_m2, f.missing_seats) == least}
        if premises_max is None:
            rows = {0: min(rows.values())}
        sums: dict[int, int] = {}
        for n, cost in rows.items():
            for used, total in totals.items():
                if (premises_max is None or used + n <= premises_max) and (
                    used + n not in sums or total + cost < sums[used + n]
                ):
                    sums[used + n] = total + cost
        totals = sums
    return min(totals.values(), default=None)


def _key(m2: int, seats: int, cost: int) -> int:
    return m2 * _M2 + seats * _SEATS + cost


class _Search:
    """Costs of one ward by block of groups (a bit mask) and site, each computed once."""

    def __init__(self, case: Case) -> None:
        self.case = case
        settings = case.settings
        factor = price.factors(settings)
        self.once, self.every_year = factor[settings.years[0]], sum(factor.values())
        self.groups = price.parts_together(case)
        kept = price.kept_today(case)
        self.kept = [{kept[part.name] for part in group if part.name in kept} for group in self.groups]
        kinds = [{part.kind for part in group} for group in self.groups]
        self.office = sum(1 << i for i, kind in enumerate(kinds) if "leaders" in kind)
        self.departments = [sum(part.kind == "department" for part in group) for group in self.groups]
        self.reception = sum(
            1 << i for i, g in enumerate(self.groups) if any(p.body == "reception" for p in g)
        )
        group_of = {part.name: i for i, group in enumerate(self.groups) for part in group}
        self.scale = lcm(1, *(trips.denominator for trips in case.trips.values()))
        self.trips = [[0] * len(self.groups) for _ in self.groups]
        for (a, b), trips in case.trips.items():
            i, j = group_of[a], group_of[b]
            self.trips[i][j] += int(trips * self.scale)
            self.trips[j][i] += int(trips * self.scale)
        self.per_km = settings.whole("reception.working_days") * price.vnd_per_km(settings, "staff")
        route = settings.word("release.route")
        route_factor = self.once if route == "auction" else self.every_year
        self.value = {
            name: price.release_value(case, site, route) * route_factor if name in case.own else 0
            for name, site in case.sites.items()
        }
        self.all_released = -sum(self.value.values())
        self.to_reception = {
            site: price.citizen_travel(case, case.to_reception[site]) * self.every_year for site in case.sites
        }
        self.cohesion = settings.whole("prices.cohesion_vnd_per_part_year") * self.every_year
        self.options: dict[int, list[tuple[int, str]]] = {}

    def best_sites(self, blocks: tuple[int, ...], limit: int | None) -> tuple[int, Found] | None:
        """Return the best choice of different sites for the blocks that is better than `limit`, or None."""
        options = [self._options(block) for block in blocks]
        if not all(options):
            return None
        start = self.all_released + self._cohesion_of(blocks)
        # What the blocks still to be placed cost at least: travel and hall rent only come on top.
        ahead = [0]
        for choice in reversed(options):
            ahead.insert(0, ahead[0] + choice[0][0])
        links = [
            (i, j, trips)
            for i, j in combinations(range(len(blocks)), 2)
            if (trips := sum(self.trips[a][b] for a in _bits(blocks[i]) for b in _bits(blocks[j])))
        ]
        best, best_sites = limit, None
        sites: list[str] = []

        def place(so_far: int) -> None:
            nonlocal best, best_sites
            depth = len(sites)
            if depth == len(blocks):
                key = self._whole_key(so_far, sites, links)
                if key is not None and (best is None or key < best):
                    best, best_sites = key, list(sites)
                return
            for key, site in options[depth]:
                if best is not None and so_far + key + ahead[depth + 1] >= best:
                    return
                if site not in sites:
                    sites.append(site)
                    place(so_far + key)
                    sites.pop()

        place(start)
        if best is None or best_sites is None:
            return None
        arrangement = {
            part.name: site
            for block, site in zip(blocks, best_sites, strict=True)
            for i in _bits(block)
            for part in self.groups[i]
        }
        m2, seats = missing(self.case, arrangement)
        return best, Found(m2, seats, best - _key(m2, seats, 0), arrangement)

    def _options(self, block: int) -> list[tuple[int, str]]:
        """Return the sites that may hold a block, cheapest first, with their share of the key."""
        if block not in self.options:
            self.options[block] = sorted(self._price_block(block))
        return self.options[block]

    def _price_block(self, block: int) -> Iterator[tuple[int, str]]:
        case, settings = self.case, self.case.settings
        members = [part for i in _bits(block) for part in self.groups[i]]
        kept = {site for i in _bits(block) for site in self.kept[i]}
        tight = sum(part.tight for part in members)
        from_today = settings.word("start") == "today"
        for site_id, site in case.sites.items():
            short = max(0, tight - price.tight_room(case, site_id))
            if kept - {site_id} or (short and settings.word("rules.floor_area") == "enforce"):
                continue
            items = price.site_cost(case, site, members)
            moving = sum(
                p.people for p in members if not from_today or case.known.get(p.name, site_id) != site_id
            )
            once = (
                items["renovation"] + items["fit_out"] + moving * settings.whole("prices.move_vnd_per_person")
            )
            yearly = items["running"] + items["site_fixed"] + items["crowding"]
            cost = once * self.once + yearly * self.every_year + self.value[site_id]
            if block & self.reception:
                cost += self.to_reception[site_id]
            yield _key(short, 0, cost), site_id

    def _cohesion_of(self, blocks: tuple[int, ...]) -> int:
        if not self.office:
            return 0
        apart = sum(self.departments[i] for block in blocks if not block & self.office for i in _bits(block))
        return apart * self.cohesion

    def _whole_key(self, so_far: int, sites: list[str], links: list[tuple[int, int, int]]) -> int | None:
        """Add what depends on several sites at once; None where a rule is broken."""
        case = self.case
        if not case.required <= set(sites):
            return None
        seats = 0
        if case.settings.word("rules.hall") != "off":
            seats = max(0, case.needs.seats_tight - price.largest_hall(case, sites))
            if seats and case.settings.word("rules.hall") == "enforce":
                return None
        metres = sum(trips * case.between[sites[i], sites[j]] for i, j, trips in links)
        travel = metres * self.per_km // (1000 * self.scale)
        return so_far + _key(0, seats, (travel + price.hall_rent(case, sites)) * self.every_year)


@cache
def _bits(mask: int) -> tuple[int, ...]:
    return tuple(i for i in range(mask.bit_length()) if mask >> i & 1)


@cache
def set_partitions(items: int, blocks: int) -> tuple[tuple[int, ...], ...]:
    """Return every way to split `items` things into so many non-empty blocks, each block a bit mask."""
    if items == 0:
        return ((),) if blocks == 0 else ()
    if blocks == 0:
        return ()
    last = 1 << (items - 1)
    alone = tuple((*rest, last) for rest in set_partitions(items - 1, blocks - 1))
    joined = tuple(
        (*rest[:i], rest[i] | last, *rest[i + 1 :])
        for rest in set_partitions(items - 1, blocks)
        for i in range(blocks)
    )
    return alone + joined
