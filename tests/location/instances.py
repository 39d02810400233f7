"""Instances for the tests: tiny ones for brute force, and generators with the statistics of the public libraries."""

import itertools
import math

import numpy as np

from planner.location.network import Network, make_network


def tiny(seed: int) -> tuple[Network, int, float]:
    """Up to 7 demands and 6 candidates with ties, missing pairs, capacities, required and excluded points."""
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(1, 8)), int(rng.integers(1, 7))
    whole = rng.random() < 0.7
    distance = rng.integers(0, 12, (n, m)) if whole else np.round(rng.random((n, m)) * 10, 3)
    there = rng.random((n, m)) < rng.choice([1.0, 0.7])
    weight = rng.integers(0, 5, n).astype(float) if whole else np.round(rng.random(n) * 5, 2)
    load = rng.integers(0, 5, n).astype(float) if rng.random() < 0.5 else None
    use = rng.choice(["required", "candidate", "excluded"], m, p=[0.15, 0.75, 0.1])
    capacity = None
    if rng.random() < 0.5:
        capacity = np.where(rng.random(m) < 0.2, np.inf, rng.integers(1, 13, m).astype(float))
    i, j = np.nonzero(there)
    network = make_network(
        [f"d{k}" for k in range(n)],
        [f"c{k}" for k in range(m)],
        (i, j, distance[i, j].astype(float)),
        weight=weight,
        load=load,
        capacity=capacity,
        fixed_cost=rng.integers(0, 15, m).astype(float),
        use=list(use),
    )
    return network, int(rng.integers(1, m + 1)), float(rng.integers(0, 10))


def brute_force(
    network: Network, model: str, p: int | None, limit: float | None
) -> tuple[float, float] | None:
    """The best (first, second) objective over every open set and every assignment; None when there is none."""
    best: tuple[float, float] | None = None
    free = np.flatnonzero(network.allowed & ~network.required).tolist()
    kept = np.flatnonzero(network.required).tolist()
    options: list[list[tuple[int, float]]] = [[] for _ in range(network.n)]
    for e, i in enumerate(network.demand.tolist()):
        if limit is None or network.distance[e] <= limit:
            options[i].append((int(network.candidate[e]), float(network.distance[e])))
    for count in range(len(free) + 1):
        opened = count + len(kept)
        if p is not None and (opened > p if model == "lscp" else opened != p):
            continue
        for some in itertools.combinations(free, count):
            found = _best_assignment(network, model, {*some, *kept}, options)
            if found is not None and (best is None or found < best):
                best = found
    return best


def _best_assignment(
    network: Network, model: str, opened: set[int], options: list
) -> tuple[float, float] | None:
    best: list[tuple[float, float] | None] = [None]
    room = {j: float(network.capacity[j]) for j in opened}
    limited = network.capacitated

    def visit(i: int, worst: float, total: float, covered: float) -> None:
        if i == network.n:
            first = {
                "p-centre": worst,
                "lscp": float(len(opened)),
                "mclp": -covered,
                "fixed-charge": total + sum(network.fixed_cost[j] for j in opened),
            }.get(model, total)
            value = (round(first, 9), round(total, 9))
            if best[0] is None or value < best[0]:
                best[0] = value
            return
        choices = [(j, d) for j, d in options[i] if j in opened]
        if not limited:
            choices = choices[:1]  # nearest first
        for j, d in choices:
            if room[j] >= network.load[i] - 1e-12:
                room[j] -= network.load[i]
                cost = network.weight[i] * d
                visit(i + 1, max(worst, cost), total + cost, covered + network.weight[i])
                room[j] += network.load[i]
        if model == "mclp":
            visit(i + 1, worst, total, covered)

    visit(0, 0.0, 0.0, 0.0)
    return best[0]


def or_library_graph(n: int, p: int, seed: int) -> tuple[Network, int]:
    """A p-median instance made like pmed1 to pmed40 (Beasley 1985): n²/50 random edges of length 1 to 100, connected.

    Distances are shortest paths; every weight is 1.
    """
    rng = np.random.default_rng(seed)
    far = np.full((n, n), np.inf)
    np.fill_diagonal(far, 0)
    edges = max(n, n * n // 50)
    ends = rng.integers(0, n, (edges, 2))
    ends[: n - 1] = np.column_stack([np.arange(1, n), (rng.random(n - 1) * np.arange(1, n)).astype(int)])
    for (a, b), length in zip(ends, rng.integers(1, 101, edges), strict=True):
        if a != b:
            far[a, b] = far[b, a] = length
    for k in range(n):
        np.minimum(far, far[:, k : k + 1] + far[k : k + 1, :], out=far)
    ids = [str(k + 1) for k in range(n)]
    i, j = np.divmod(np.arange(n * n), n)
    return make_network(ids, ids, (i, j, far.ravel())), p


def osman_christofides(n: int, p: int, seed: int) -> tuple[Network, int]:
    """A capacitated p-median instance like pmedcap1 to 20: points in 100 × 100, whole distances, loads 1 to 20.

    The capacity is 120; total load is 82 to 98 % of p · 120 as in the library.
    """
    rng = np.random.default_rng(seed)
    points = rng.integers(0, 101, (n, 2)).astype(float)
    load = rng.integers(1, 21, n).astype(float)
    far = np.floor(np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)))
    capacity = max(120.0, math.ceil(load.sum() / p / rng.uniform(0.82, 0.98)))
    ids = [str(k + 1) for k in range(n)]
    i, j = np.divmod(np.arange(n * n), n)
    pairs = (i, j, far.ravel())
    return make_network(ids, ids, pairs, load=load, capacity=np.full(n, capacity)), p


def tight(n: int, p: int, seed: int, share: float) -> Network:
    """A capacitated p-median instance like pmedcap1 to 20 with capacity 120 and a load of about a share of p · 120."""
    rng = np.random.default_rng(1000 + seed)
    points = rng.integers(1, 101, (n, 2)).astype(float)
    load = rng.integers(1, 21, n).astype(float)
    while abs(load.sum() / (p * 120) - share) >= 0.01:
        load = rng.integers(1, 21, n).astype(float)
    far = np.floor(np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)))
    ids = [str(k + 1) for k in range(n)]
    i, j = np.divmod(np.arange(n * n), n)
    return make_network(ids, ids, (i, j, far.ravel()), load=load, capacity=np.full(n, 120.0))


def holmberg(n: int, m: int, seed: int) -> Network:
    """A single-source fixed-charge instance like those of Holmberg, Rönnqvist and Yuan (1999).

    Points in 200 × 200, cost of serving 4 · distance, loads 10 to 50, fixed costs 300 to 700, total capacity 2 to 5
    times the load.
    """
    rng = np.random.default_rng(seed)
    demand, place = rng.uniform(10, 200, (n, 2)), rng.uniform(10, 200, (m, 2))
    load = rng.integers(10, 51, n).astype(float)
    far = np.rint(4 * np.hypot(*(demand[:, None] - place[None]).transpose(2, 0, 1)))
    capacity = np.rint(load.sum() * rng.uniform(2, 5) * rng.dirichlet(np.full(m, 20.0)))
    i, j = np.divmod(np.arange(n * m), m)
    return make_network(
        [f"d{k}" for k in range(n)],
        [f"c{k}" for k in range(m)],
        (i, j, far.ravel()),
        load=load,
        capacity=capacity,
        fixed_cost=rng.integers(300, 701, m).astype(float),
    )
