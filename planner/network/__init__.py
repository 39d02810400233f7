"""The reception network in the plan: which points stay, who is served where, as procedures go online.

One direction: flows (who files, by year) → points (who can serve) → journeys (what it costs people) → courses (what
each ward may do, with the year its point is handed over) → program and bound (one choice for headquarters and
network) → tables. Specification: docs/model.md, section 7.
"""
