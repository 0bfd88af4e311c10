"""Shares and means that the tables of the quality benches show."""

from __future__ import annotations

import resource
import statistics
from collections.abc import Iterable


def share(flags: Iterable[bool]) -> float:
    """How many of the flags are set, of one; 0 of none."""
    listed = list(flags)
    return sum(listed) / len(listed) if listed else 0.0


def mean(values: Iterable[float | None]) -> float | None:
    """The mean of what is known."""
    known = [value for value in values if value is not None]
    return statistics.fmean(known) if known else None


def cpu_s() -> float:
    """CPU time of this run so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
