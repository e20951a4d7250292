"""Work on many things at once with Dask: in threads of this process, or on a cluster."""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import dask
from dask.callbacks import Callback

_PATIENCE: Final = 60.0  # s

T = TypeVar("T")
Result = TypeVar("Result")


def in_threads(
    work: Callable[[T], Result], things: Sequence[T], done: Callable[[Result], None], workers: int
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
    """

    def tell(_key: str, result: Result, *_: Any) -> None:
        done(result)

    tasks = [dask.delayed(work, pure=False)(thing) for thing in things]
    with Callback(posttask=tell):
        dask.compute(*tasks, scheduler="threads", num_workers=workers, optimize_graph=False)


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
        futures = {client.submit(work, thing, pure=False): thing for thing in things}
        for future in as_completed(futures):
            fault = future.exception()
            done(future.result() if fault is None else failed(futures[future], fault))


def _is_there() -> bool:
    """Answer from a worker, which has to find this module for that."""
    return True
