"""The server gives back what visitors no longer need."""

import asyncio
import threading

import numpy as np
import psutil
import pytest

from pages.session import memory

SMALL = 64 * 2**10  # bytes: below what glibc asks the system for by itself


def resident() -> float:
    """This process's memory in MB."""
    return psutil.Process().memory_info().rss / 2**20


@pytest.mark.skipif(memory._glibc() is None, reason="other C libraries give back by themselves")
def test_what_is_free_below_something_that_stays_goes_back():
    before = resident()
    freed = [np.ones(SMALL, np.uint8) for _ in range(200 * 2**20 // SMALL)]
    stays = [np.ones(SMALL, np.uint8)]
    del freed
    memory.give_back()
    assert resident() - before < 100
    assert stays[0].all()


def test_it_is_given_back_again_and_again_until_the_server_ends():
    twice = threading.Semaphore(0)

    async def serve() -> None:
        giving = asyncio.create_task(memory.give_back_regularly(twice.release, every=0.01))
        for _ in range(2):
            assert await asyncio.to_thread(twice.acquire, timeout=20)
        giving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await giving

    asyncio.run(serve())


def test_other_systems_are_left_alone(monkeypatch):
    monkeypatch.setattr(memory.platform, "system", lambda: "Darwin")
    memory._glibc.cache_clear()
    assert not memory.use_few_pools()
    memory.give_back()
    memory._glibc.cache_clear()
