"""One planning problem as arrays: sites, needs, prices and distances of every ward (docs/model.md)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.demand import Demand
from planner.travel import road_metres

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.centres import Centre
    from planner.costs import Ints, Money
    from planner.releases import Releases
    from planner.scenario import Scenario

NOT_FIXED = -1
# The largest value of rules.max_sites.
MOST_SITES = 4


@dataclass(frozen=True)
class WardSites:
    """The allowed sites of one ward, in site id order.

    Attributes
    ----------
    sites : int64, shape (s,)
        Positions in ``Instance.sites``.
    distance : int64, shape (s, s)
        Road metres between sites.
    required : bool, shape (s,)
        Sites that must be used.
    """

    sites: Ints
    distance: Ints
    required: NDArray[np.bool_]


@dataclass(frozen=True)
class Group:
    """Wards with the same parts.

    Attributes
    ----------
    parts : tuple of str, length k
    kinds, bodies : tuple of str, length k
    wards : int64, shape (w,)
        Positions in ``Instance.wards``.
    tight, norm, people : int64, shape (w, k)
        Needs by part.
    known : int64, shape (w, k)
        Position of the site where today's arrangement is known to seat the part, or -1.
    trips : int64, shape (k, k)
        One-way trips a day between two parts; symmetric, zero diagonal.
    """

    parts: tuple[str, ...]
    kinds: tuple[str, ...]
    bodies: tuple[str, ...]
    wards: Ints
    tight: Ints
    norm: Ints
    people: Ints
    known: Ints
    trips: Ints


@dataclass(frozen=True)
class Pair:
    """A former district headquarters that may hold parts of its owner and of a guest (docs/model.md, section 5).

    Attributes
    ----------
    site : int
        Position in ``Instance.sites``.
    owner, guest : int
        Positions of the wards.
    left : dict of (int, int, int) to int
        Tight fit, norm (m²) and people of the owner's parts on the site → position of the site as the guest finds it.
    """

    site: int
    owner: int
    guest: int
    left: dict[tuple[int, int, int], int]


@dataclass(frozen=True)
class Instance:
    """One planning problem as arrays: what `enumerate_plans` needs, and nothing read from files.

    Attributes
    ----------
    wards : list of str
        Ward codes in order; "position of a ward" means its place here.
    sites : DataFrame
        Index site_id, with positions 0..: floor, hall, workplaces, renovation, furniture, citizen_travel (dong a
        year if the reception is here), people_metres (people of the ward × road metres to the site),
        is_district_hq, in_use_today.
    ward_sites : list of WardSites
        By position of the ward.
    releases : Releases
        What free sites bring, by position of the site.
    centres : list of list of Centre
        By position of the ward: every way of building a joint-agency centre; empty where none may be built.
    types, districts : list of str
        By position of the ward: phường or xã, and the former district.
    departments : int64, shape (wards,)
        Departments as the decree counts them.
    duty : int64, shape (wards, 2)
        Dong a year for further departments, and for overload.
    points : float64, shape (sites of ``sites.csv``, 2)
        Metric coordinates.
    detour : DataFrame
        Road over straight distance (`planner.travel`).
    extra : int
        Further departments of every ward.
    pairs : tuple of Pair
        Premises that two wards may share.
    further : tuple of Instance
        The same problem with 1, 2 ... further departments a ward, where the plan allots them.
    """

    scenario: Scenario
    demand: Demand
    money: Money
    wards: list[str]
    sites: pd.DataFrame
    ward_sites: list[WardSites]
    groups: list[Group]
    hall_tight: Ints
    hall_norm: Ints
    releases: Releases
    centres: list[list[Centre]]
    types: list[str]
    districts: list[str]
    departments: Ints
    duty: Ints
    points: NDArray[np.float64] = field(repr=False)
    detour: pd.DataFrame = field(repr=False)
    extra: int = 0
    further: tuple[Instance, ...] = field(default=(), repr=False)
    pairs: tuple[Pair, ...] = ()

    @property
    def own_sites(self) -> int:
        """How many of the sites stand in ``sites.csv``; shared sites as guests find them come behind."""
        return int((self.sites["real"].to_numpy() == np.arange(len(self.sites))).sum())

    @property
    def levels(self) -> tuple[Instance, ...]:
        """The problem itself and those with further departments; the place in the tuple is their number."""
        return (self, *self.further)


def groups_of(instance: Instance, wards: Sequence[str]) -> list[Group]:
    """Return the groups with some of the wards only."""
    wanted = set(wards)
    places = [place for place, ward in enumerate(instance.wards) if ward in wanted]
    found = [(group, np.flatnonzero(np.isin(group.wards, places))) for group in instance.groups]
    return [_members(group, mine) for group, mine in found if len(mine)]


def _members(group: Group, mine: Ints) -> Group:
    arrays = ("wards", "tight", "norm", "people", "known")
    return replace(group, **{name: getattr(group, name)[mine] for name in arrays})


def with_departments(instance: Instance, extra: Ints) -> Instance:
    """Return the problem in which ward i has ``extra[i]`` further departments; extra has shape (wards,)."""
    levels = instance.levels
    parts, wards, groups = [], [], []
    frames = [dict(iter(level.demand.parts.groupby("ward_code", sort=False))) for level in levels]
    for place, ward in enumerate(instance.wards):
        parts.append(frames[extra[place]][ward])
        wards.append(levels[extra[place]].demand.wards.loc[[ward]])
    for number, level in enumerate(levels):
        for group in level.groups:
            mine = np.flatnonzero(extra[group.wards] == number)
            if len(mine):
                groups.append(_members(group, mine))
    every = np.arange(len(instance.wards))
    return replace(
        instance,
        demand=Demand(pd.concat(parts, ignore_index=True), pd.concat(wards)),
        groups=groups,
        centres=[levels[extra[place]].centres[place] for place in every],
        departments=np.stack([level.departments for level in levels])[extra, every],
        duty=np.stack([level.duty for level in levels])[extra, every],
        further=(),
    )


def as_guests(instance: Instance, lodgings: dict[int, int]) -> Instance:
    """Return the problem in which some wards may (and must) also use a shared site, as the guest finds it.

    Parameters
    ----------
    lodgings : dict of int to int
        Position of the ward → position of the shared site behind the own sites.
    """
    if not lodgings:
        return instance
    ward_sites = list(instance.ward_sites)
    for ward, site in lodgings.items():
        own = ward_sites[ward]
        real = int(instance.sites["real"].to_numpy()[site])
        between = road_metres(instance.points[own.sites], instance.points[[real]], instance.detour)
        distance = np.block([[own.distance, between], [between.T, np.zeros((1, 1), np.int64)]])
        ward_sites[ward] = WardSites(np.append(own.sites, site), distance, np.append(own.required, True))
    return replace(instance, ward_sites=ward_sites)


def body_seats(group: Group) -> list[int]:
    """Return the part that stands for each body; the committee stands where its office is."""
    return [
        i
        for i, (body, kind) in enumerate(zip(group.bodies, group.kinds, strict=True))
        if body != "council_committee" or kind == "leaders"
    ]


def without_reception(group: Group) -> Group:
    """Return a group whose reception needs nothing: no people, no m², no trips."""
    place = group.parts.index("reception")
    needs = {name: getattr(group, name).copy() for name in ("tight", "norm", "people")}
    for need in needs.values():
        need[:, place] = 0
    trips = group.trips.copy()
    trips[place], trips[:, place] = 0, 0
    return replace(group, trips=trips, **needs)
