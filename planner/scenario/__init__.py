"""Scenarios: YAML with one parent, checked against the settings table, resolved to typed values.

Every number is a setting: its default, unit and source stand in ``data/norms/settings.csv``; a scenario file
overrides it by section and name. The resolved scenario is saved with the plan.

`sections` says what can be set, `files` finds a scenario with its parents, `values` lays them over the table's
defaults, `read` does all of it.
"""

from planner.scenario.files import scenario_names
from planner.scenario.read import finish, read_draft, read_scenario, scenario_folders
from planner.scenario.sections import MAX_PRICE, Budget, Centres, Rules, Scenario, keys, unit_of
from planner.scenario.values import Draft

__all__ = [
    "MAX_PRICE",
    "Budget",
    "Centres",
    "Draft",
    "Rules",
    "Scenario",
    "finish",
    "keys",
    "read_draft",
    "read_scenario",
    "scenario_folders",
    "scenario_names",
    "unit_of",
]
