"""Points solved in this process or in several others, which end with it."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import threading
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait as wait_for
from typing import TYPE_CHECKING, Any

from planner.errors import NoPlanFound, Problem
from planner.sweep.solver import Solver

if TYPE_CHECKING:
    from collections.abc import Generator

    from planner.program import Effort
    from planner.region import Norms, Region
    from planner.sweep.grid import Point, Sweep


def solved(
    sweep: Sweep, pending: list[Point], jobs: int
) -> Generator[tuple[Point, dict[str, Any]], None, None]:
    """Yield points as they are solved."""
    jobs = min(jobs, len(pending))
    if jobs <= 1:
        solver = Solver(sweep.region, sweep.norms, sweep.effort)
        for point in pending:
            yield point, solver.solve(point)
        return
    others = multiprocessing.active_children()
    pool = ProcessPoolExecutor(
        jobs,
        mp_context=multiprocessing.get_context(
            "spawn"
        ),  # the same on every system; HiGHS and fork do not mix
        initializer=_begin_worker,
        initargs=(sweep.region, sweep.norms, sweep.effort),
    )
    try:
        left = iter(pending)
        waiting: dict[Future[dict[str, Any]], Point] = {}
        for point in itertools.islice(left, 2 * jobs):
            waiting[pool.submit(_solve_in_worker, point)] = point
        while waiting:
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                point = waiting.pop(future)
                row = future.result()
                for following in itertools.islice(left, 1):
                    waiting[pool.submit(_solve_in_worker, following)] = following
                yield point, row
    except BrokenProcessPool:
        fix = "Finished points are kept. Run the same command again, with fewer --jobs if memory is short."
        raise NoPlanFound(Problem("E704", "--jobs", "a process of the sweep was ended", fix)) from None
    except BaseException:
        # Interrupted: what the workers are at is given up.
        for child in multiprocessing.active_children():
            if child not in others:
                child.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


_worker: Solver | None = None


def _begin_worker(region: Region, norms: Norms, effort: Effort) -> None:
    """Begin a process of the pool: Ctrl-C is for the parent alone, and without a parent there is nothing to do."""
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    _worker = Solver(region, norms, effort)


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)


def _solve_in_worker(point: Point) -> dict[str, Any]:
    if _worker is None:
        raise AssertionError("a worker begins before it solves")
    return _worker.solve(point)
