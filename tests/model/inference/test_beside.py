"""Parts of one run go side by side where there is a processor for them."""

import contextlib
import threading

import pytest

from model.inference import beside
from model.inference.beside import network_at_work, side_by_side


@pytest.fixture(autouse=True)
def two_processors(monkeypatch):
    monkeypatch.setattr(beside, "workers", lambda: 2)


def threads_for(parts: int) -> set[int]:
    """Who does so many parts, each of which waits a little for another one to begin."""
    who, met = set(), threading.Barrier(2)

    def work(_: int) -> None:
        who.add(threading.get_ident())
        with contextlib.suppress(threading.BrokenBarrierError):
            met.wait(0.2)

    side_by_side(work, range(parts))
    return who


def test_parts_of_the_only_network_at_work_go_side_by_side():
    with network_at_work():
        assert len(threads_for(2)) == 2


def test_a_network_beside_another_does_its_parts_by_itself_and_in_order():
    done: list[int] = []
    with network_at_work(), network_at_work():
        assert threads_for(2) == {threading.get_ident()}
        side_by_side(done.append, range(5))
    assert done == [0, 1, 2, 3, 4]
    assert len(threads_for(2)) == 2, "the others are at rest again"


def test_a_network_that_fails_is_no_longer_at_work():
    with pytest.raises(ValueError, match="no sound"), network_at_work(), network_at_work():
        raise ValueError("no sound")
    assert len(threads_for(2)) == 2
