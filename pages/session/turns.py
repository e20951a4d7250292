"""Whose turn it is: a verdict that somebody waits for goes before what may come later."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_changed = threading.Condition()
_waiting: list[object] = []


@contextmanager
def somebody_waits() -> Iterator[None]:
    """Do here what a visitor waits for; what may come later is held back meanwhile."""
    place = object()
    with _changed:
        _waiting.append(place)
    try:
        yield
    finally:
        with _changed:
            _waiting.remove(place)
            _changed.notify_all()


def until_nobody_waits(patience: float) -> bool:
    """Hold back what may come later, for so many seconds at most; tells whether nobody waits."""
    with _changed:
        return _changed.wait_for(lambda: not _waiting, patience)
