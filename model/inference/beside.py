"""Parts of one run beside each other, as many as there are processors.

OpenBLAS would share out every matrix product by itself, and between two of them its threads wait by
spinning, which takes the processors from whoever else needs them: on two busy cores a run took six
times as long. So it is kept to one thread, and whole parts of the network's work go side by side,
unless there are as many networks at work as processors: then each does one part after the other.
"""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from typing import Final, TypeVar

from threadpoolctl import threadpool_limits

T = TypeVar("T")
# Of more, each would have too little to do.
_MOST: Final = 4


_counting = threading.Lock()
_at_work: set[object] = set()


@contextmanager
def network_at_work() -> Iterator[None]:
    """Count a network as at work, forwards or backwards; decorates what it does."""
    place = object()
    with _counting:
        _at_work.add(place)
    try:
        yield
    finally:
        with _counting:
            _at_work.remove(place)


@cache
def workers() -> int:
    """Count the processors to use, and keep BLAS to one thread for good.

    Whoever has set OPENBLAS_NUM_THREADS says by that how many.
    """
    threadpool_limits(limits=1, user_api="blas")
    own = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    wanted = os.environ.get("OPENBLAS_NUM_THREADS", "")
    return max(1, min(int(wanted) if wanted.isdecimal() else _MOST, own or 1, _MOST))


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(workers(), thread_name_prefix="network")


def side_by_side(work: Callable[[T], None], parts: Sequence[T]) -> None:
    """Do all parts of a piece of work.

    Parameters
    ----------
    work : callable
        Does one part, and does not call this again.
    parts : sequence
        In any order; whatever one of them raises is raised here.
    """
    if len(parts) == 1 or max(1, len(_at_work)) >= workers():
        for part in parts:
            work(part)
    else:
        for _ in _pool().map(work, parts):
            pass


def stretches(length: int, most: int) -> list[slice]:
    """Cut a length into stretches of at most so many, of about one size, for all processors."""
    pieces = max(-(-length // most), min(workers(), length))
    ends = [length * index // pieces for index in range(pieces + 1)]
    return [slice(first, end) for first, end in zip(ends, ends[1:], strict=False)]
