"""The server's memory: what visitors no longer need goes back to the system.

glibc, the C library of most Linuxes, keeps what a program frees for the program's later use, in
up to eight pools a processor core. Every thread works in a pool of its own, so what visitors have
left stays spread over all of them, and the server seems to grow from visit to visit.
"""

import asyncio
import ctypes
import platform
from collections.abc import Callable
from functools import cache
from typing import Any, Final

# Of glibc's malloc.h: how many pools there may be.
_M_ARENA_MAX: Final = -8
# Two cores hardly get into each other's way with as many.
_POOLS: Final = 2
# It takes some milliseconds, for as long as nobody else gets any memory.
_EVERY: Final = 20.0  # s


@cache
def _glibc() -> Any:
    """Return the C library if it is glibc, else None: others give back by themselves."""
    if platform.system() != "Linux" or platform.libc_ver()[0] != "glibc":
        return None
    return ctypes.CDLL(None)


def use_few_pools() -> bool:
    """Let all threads that begin from now on share few pools; tells whether that is possible."""
    glibc = _glibc()
    return glibc is not None and glibc.mallopt(_M_ARENA_MAX, _POOLS) == 1


def give_back() -> None:
    """Give the system what is free in all pools."""
    if glibc := _glibc():
        glibc.malloc_trim(0)


async def give_back_regularly(give: Callable[[], None] = give_back, every: float = _EVERY) -> None:
    """Give back again and again, in the background, until the task is cancelled."""
    while True:
        await asyncio.sleep(every)
        await asyncio.to_thread(give)
