"""Tables checked against each other; every fault with the row it stands in (`notes`).

`region` checks codes and people, `places` where things lie, `norms` the norms.
"""

from planner.crosscheck.norms import check_bridges, check_norms
from planner.crosscheck.places import REACH_KM
from planner.crosscheck.region import check_region

__all__ = ["REACH_KM", "check_bridges", "check_norms", "check_region"]
