"""Official polygons of the units in place of the schematic ones: read, matched, repaired, written; and fetched.

Only `planner.boundaries.fetch` opens a connection; nothing else of the program may (import-linter checks it).
"""
