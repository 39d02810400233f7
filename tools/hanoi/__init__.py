"""Build the Hanoi tables of ``data/geo`` from ``data/facts`` and one published package of points."""
