"""Work on many things at once with Dask: in threads of this process, or on a cluster."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from typing import Any, Final, TypeVar

import dask
from dask.callbacks import Callback

# How long to wait for a scheduler and its workers.
_PATIENCE: Final = 60.0  # s
# After Ctrl-C: how long what is going on may take to end by itself, looked at so often.
GRACE_SECONDS: Final = 1.0
_STEP_SECONDS: Final = 0.05

T = TypeVar("T")
Result = TypeVar("Result")


def in_threads(
    work: Callable[[T], Result],
    things: Sequence[T],
    done: Callable[[Result], None],
    workers: int,
    hurry: Callable[[], None] = lambda: None,
) -> None:
    """Do some work on each of many things, some at a time.

    Decoding, transforming and the network leave Python's lock while they compute, so
    threads are enough.

    Parameters
    ----------
    work : callable
        Takes a thing; raises nothing.
    things : sequence
        What to work on.
    done : callable
        Is given each result as it comes, always in the thread of the caller.
    workers : int
        How many threads.
    hurry : callable
        Makes the work that is going on end early; called, more than once, after Ctrl-C.

    Raises
    ------
    KeyboardInterrupt
        After Ctrl-C. No other work is begun then, and what is going on is waited for no
        longer than GRACE_SECONDS.
    """
    stopped = threading.Event()
    going_on = _Counter()

    def work_unless_stopped(thing: T) -> Result:
        with going_on:
            if stopped.is_set():
                raise CancelledError
            return work(thing)

    def tell(_key: str, result: Result, *_: Any) -> None:
        done(result)

    tasks = [dask.delayed(work_unless_stopped, pure=False)(thing) for thing in things]
    try:
        with Callback(posttask=tell):
            dask.compute(*tasks, scheduler="threads", num_workers=workers, optimize_graph=False)
    except KeyboardInterrupt:
        stopped.set()
        end = time.monotonic() + GRACE_SECONDS
        while going_on.count and time.monotonic() < end:
            hurry()
            time.sleep(_STEP_SECONDS)
        raise


class _Counter:
    """How many threads are inside its ``with`` blocks."""

    def __init__(self) -> None:
        self.count = 0
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        with self._lock:
            self.count += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self.count -= 1


def on_cluster(
    work: Callable[[T], Result],
    things: Sequence[T],
    done: Callable[[Result], None],
    address: str,
    failed: Callable[[T, BaseException], Result],
) -> None:
    """Do some work on each of many things on a Dask cluster.

    Parameters
    ----------
    work : callable
        Takes a thing; both are sent to the workers.
    things : sequence
        What to work on.
    done : callable
        Is given each result as it comes.
    address : str
        Of the scheduler, such as ``tcp://10.0.0.5:8786``.
    failed : callable
        Gives the result of a thing whose worker was lost.

    Raises
    ------
    ValueError
        If Dask's part for clusters is not installed, or the cluster lacks this package.
    OSError
        If there is no scheduler at that address, or no worker comes to it.
    """
    try:
        # Only here, for it is not among the packages that the app needs.
        from distributed import Client, as_completed  # noqa: PLC0415
    except ImportError as error:
        raise ValueError(
            "A cluster needs the package distributed, of the same version as dask: "
            f"pip install distributed=={dask.__version__}"
        ) from error
    with Client(address) as client:
        client.wait_for_workers(1, timeout=_PATIENCE)
        try:
            client.submit(_is_there, pure=False).result()
        except Exception as error:  # of whatever kind the cluster has met
            raise ValueError(
                f"The cluster at {address} cannot do this work. Its scheduler and its workers need "
                f"this version of this package on their PYTHONPATH. Dask says: {error}"
            ) from error
        try:
            futures = {client.submit(work, thing, pure=False): thing for thing in things}
            for future in as_completed(futures):
                fault = future.exception()
                done(future.result() if fault is None else failed(futures[future], fault))
        except KeyboardInterrupt:
            client.close(timeout=GRACE_SECONDS)
            raise


def _is_there() -> bool:
    """Answer from a worker, which has to find this module for that."""
    return True
