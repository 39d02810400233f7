"""How long people wait at a reception point: M/M/c, the formula of Erlang.

Arrivals at random at the rate λ, c counters, each serving at the rate μ for a time that is exponential; a = λ / μ is
the load in counters. Where a < c, somebody who comes has to wait with the probability of Erlang's C formula

    C(c, a) = B / (1 - (a / c) (1 - B)),  B(0, a) = 1,  B(k, a) = a B(k - 1, a) / (k + a B(k - 1, a)),

and waits C(c, a) / (c μ - λ) on average, those who are served at once included. Source: A. K. Erlang, "Solution of
some problems in the theory of probabilities of significance in automatic telephone exchanges" (1917); in every text
on queues, for instance Gross, Shortle, Thompson, Harris, Fundamentals of Queueing Theory, chapter 3.
"""

from __future__ import annotations

import math


def erlang_c(counters: int, load: float) -> float:
    """Return the probability that somebody has to wait; 1 where the counters cannot keep up.

    Parameters
    ----------
    counters : int
    load : float
        Arrivals times minutes of service: counters that are busy on average.
    """
    if load >= counters:
        return 1.0
    blocked = 1.0
    for count in range(1, counters + 1):
        blocked = load * blocked / (count + load * blocked)
    return blocked / (1 - load / counters * (1 - blocked))


def mean_wait(counters: int, per_minute: float, minutes_each: float) -> float:
    """Return the mean minutes before service, ``inf`` where the queue grows without end.

    Parameters
    ----------
    counters : int
    per_minute : float
        Arrivals a minute.
    minutes_each : float
        Mean minutes of a service.
    """
    if per_minute <= 0:
        return 0.0
    load = per_minute * minutes_each
    if load >= counters:
        return math.inf
    return erlang_c(counters, load) * minutes_each / (counters - load)
