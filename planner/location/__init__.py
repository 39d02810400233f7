"""Where to open points so that demand is served best: location models on tables of demand, candidates and distances.

Nothing here knows headquarters or wards; ``docs/location.md`` has the models, their formulas and the method.

- `tables` reads the three tables into a `network.Network`; `points` makes one from points on a map;
- `locate` is the one way in: ``locate(network, model, p, limit, effort)`` gives a `locate.Location`;
- `median`, `capacitated` and `cover` hold the methods, on `lagrangian`, `knapsack`, `interchange` and `highs`;
- `forms` holds the same models as plain PuLP programs, the oracle of the tests.
"""
