"""Shared premises: a former district headquarters that holds parts of a neighbouring ward too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from planner.audit import price
from planner.audit.price import Arrangement, Case
from planner.audit.read import Inputs
from planner.audit.settings import Settings

KIND = "former_district_hq"


@dataclass(frozen=True)
class Pair:
    """A site, the ward it belongs to, and another ward that may use it too."""

    site_id: str
    owner: str
    guest: str


def pairs_of(settings: Settings, inputs: Inputs, cases: Mapping[str, Case]) -> list[Pair]:
    """Return the pairs that a scenario allows, as far as the site may be used at all."""
    found = []
    for text in sorted(settings.ids("rules.shared")):
        site_id, _, guest = text.partition(" ")
        site = inputs.sites.get(site_id)
        if (
            site is not None
            and site.kind == KIND
            and guest in cases
            and guest != site.ward
            and site_id in cases[site.ward].sites
        ):
            found.append(Pair(site_id, site.ward, guest))
    return found


def guest_case(owner: Case, guest: Case, site_id: str, left_by: Arrangement) -> Case:
    """Return the case of a guest, who has of a site what the owner's arrangement leaves."""
    parts = [part for part in owner.needs.parts if left_by[part.name] == site_id]
    return beside(
        owner,
        guest,
        site_id,
        tight=sum(part.tight for part in parts),
        norm=sum(part.norm for part in parts),
        people=sum(part.people for part in parts),
    )


def beside(owner: Case, guest: Case, site_id: str, *, tight: int, norm: int, people: int) -> Case:
    """Return the case of a guest where the owner has so much m² and so many people on the site."""
    site = owner.sites[site_id]
    left = replace(site, floor=max(0, site.floor - norm), workplaces=max(0, site.workplaces - people))
    sites = dict(sorted({**guest.sites, site_id: left}.items()))
    here, roads = (site.lat, site.lon), guest.roads
    between = dict(guest.between)
    between[site_id, site_id] = 0
    for other in guest.sites.values():
        metres = roads.road_metres(here, (other.lat, other.lon))
        between[site_id, other.site_id] = between[other.site_id, site_id] = metres
    to_reception = {
        **guest.to_reception,
        site_id: [roads.road_metres(here, (p.lat, p.lon)) for p in guest.points],
    }
    return replace(
        guest, sites=sites, between=between, to_reception=to_reception, room={site_id: site.floor - tight}
    )


def may_be_guest(case: Case) -> bool:
    """Say whether a ward may use a site of another one: not where one of its own holds everything."""
    return not price.sites_enough_alone(case)
