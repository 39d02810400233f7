"""One plan for every value of some settings: a grid whose finished points are kept, so that it can be resumed.

`axes` reads the values of a setting, `grid` makes a scenario of every combination, `solver` plans them one after the
other, `workers` in several processes, `store` keeps what is finished, `run` does all of it.
"""

from planner.sweep.grid import Sweep, read_sweep
from planner.sweep.run import Finished, run_sweep

__all__ = ["Finished", "Sweep", "read_sweep", "run_sweep"]
