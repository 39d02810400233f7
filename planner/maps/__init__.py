"""One self-contained Folium page of plans: map, unit cards, search and table, for readers without a network.

From plans to a page: ``states.py`` numbers units and sites and says who sits where in which year; ``content.py``
collects everything the page says; ``page.py`` puts it into an empty shell that Folium rendered; ``shapes.py`` has
the boundaries, ``words.py`` the fixed words.
"""

from planner.maps.page import render_map, write_map

__all__ = ["render_map", "write_map"]
