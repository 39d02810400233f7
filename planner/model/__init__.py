"""Every plan of every ward that can matter, enumerated.

Wards meet only in city-wide rules, so of the plans of one ward with the same use of every city-wide resource only a
cheapest can be chosen (docs/model.md, section 6). What is left goes into the integer program of `planner.solve`.

One direction: `assemble` makes arrays of tables and settings, within what whole numbers hold (`amounts`);
`arrangements` seats a ward on so many sites; `interim` prices all of that; `columns` holds plans as rows, `timeline`
makes them over the years, `sharing` those of two wards together; `plans` does all of it.
"""

from planner.model.columns import PlanColumns, as_chosen
from planner.model.plans import enumerate_plans, resource_names, ward_alternatives

__all__ = ["PlanColumns", "as_chosen", "enumerate_plans", "resource_names", "ward_alternatives"]
