"""The models as plain PuLP programs, written to be read: the oracle that the fast methods are tested against.

One binary variable a point (``y``) and one a pair (``x``). Good for some hundred pairs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.program import printing_to

if TYPE_CHECKING:
    from pathlib import Path

    from planner.location.network import Network


def form(network: Network, model: str, p: int | None = None, limit: float | None = None) -> Any:
    """Return the program of a model (its first objective), to be minimised.

    p-median, capacitated-p-median  minimise Σ weight · distance · x
    fixed-charge                    minimise Σ fixed_cost · y + Σ weight · distance · x
    p-centre                        minimise r,  r ≥ Σ weight · distance · x of every demand
    lscp                            minimise Σ y
    mclp                            minimise - Σ weight · x

    Every demand is served once (mclp: at most once), by an open point, within its capacity and within the limit; p
    points are open, required ones among them.
    """
    import pulp

    near = network if limit is None else network.within(limit)
    program = pulp.LpProblem(model.replace("-", "_"), pulp.LpMinimize)
    y = [program.add_variable(f"y_{j:05d}", cat="Binary") for j in range(near.m)]
    x = [program.add_variable(f"x_{e:07d}", cat="Binary") for e in range(len(near.candidate))]
    cost, point, demand = near.cost.tolist(), near.candidate.tolist(), near.demand.tolist()
    travel = pulp.lpSum(cost[e] * x[e] for e in range(len(x)))
    mine = [x[a:b] for a, b in zip(near.start[:-1].tolist(), near.start[1:].tolist(), strict=True)]
    if model == "p-centre":
        radius = program.add_variable("radius", lowBound=0)
        program += radius + 0.0
        for i in range(near.n):
            pairs = range(int(near.start[i]), int(near.start[i + 1]))
            program += radius >= pulp.lpSum(cost[e] * x[e] for e in pairs), f"radius_{i}"
    elif model == "lscp":
        program += pulp.lpSum(y)
    elif model == "mclp":
        program += pulp.lpSum(-float(near.weight[demand[e]]) * x[e] for e in range(len(x)))
    elif model == "fixed-charge":
        program += travel + pulp.lpSum(float(near.fixed_cost[j]) * y[j] for j in range(near.m))
    else:
        program += travel
    for i, own in enumerate(mine):
        served = pulp.lpSum(own) + 0.0
        program += (served <= 1 if model == "mclp" else served == 1), f"served_{i}"
    for e, j in enumerate(point):
        program += x[e] <= y[j], f"open_{e}"
    for j in range(near.m):
        if near.capacity[j] < near.load.sum():
            load = pulp.lpSum(float(near.load[demand[e]]) * x[e] for e in range(len(x)) if point[e] == j)
            program += load <= float(near.capacity[j]) * y[j], f"capacity_{j}"
        if near.required[j]:
            program += y[j] >= 1, f"required_{j}"
        if not near.allowed[j]:
            program += y[j] <= 0, f"excluded_{j}"
    if p is not None:
        program += (pulp.lpSum(y) <= p if model == "lscp" else pulp.lpSum(y) == p), "points"
    return program


def value_of_form(program: Any, log: Path) -> float | None:
    """Return the optimum of a program, None when it has no solution; HiGHS prints to a log."""
    import highspy
    import pulp

    with printing_to(log):
        program.solve(pulp.HiGHS(msg=True, threads=1, gapRel=0.0, gapAbs=1e-7, log_to_console=False))
    if program.solverModel.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return float(program.objective.value())
