"""Silence for C libraries that write their complaints straight to the terminal."""

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_lock: Final = threading.Lock()
_depth = 0
_loud: int | None = None
_sink: int | None = None


def can_be_quiet() -> bool:
    """Whether `quiet_c_stderr` works here: the C library must offer its stream by name."""
    return _stderr() is not None


@contextmanager
def quiet_c_stderr() -> Iterator[None]:
    """Let C's ``stderr`` lead nowhere for a while.

    libmpg123 prints a line for every frame it cannot read, and libsndfile offers no
    way to stop it. Only C code that prints by ``stderr`` falls silent: Python and the
    programs it starts write to the file descriptor, which stays as it is. Threads may
    overlap; the last one to leave brings the stream back.
    """
    global _depth, _loud, _sink  # noqa: PLW0603 - the stream itself is one for the process
    stream = _stderr()
    with _lock:
        if stream is not None:
            if _sink is None:
                _sink = _open_sink()
            if _depth == 0 and _sink:
                _loud, stream.value = stream.value, _sink
            _depth += 1
    try:
        yield
    finally:
        with _lock:
            if stream is not None:
                _depth -= 1
                if _depth == 0 and _loud is not None:
                    stream.value, _loud = _loud, None


def _stderr() -> ctypes.c_void_p | None:
    """Return the C library's variable, which points to a stream (glibc and the BSDs)."""
    for name in ("stderr", "__stderrp"):
        try:
            return ctypes.c_void_p.in_dll(ctypes.CDLL(None), name)
        except (ValueError, OSError, TypeError):
            continue
    return None


def _open_sink() -> int | None:
    fopen = ctypes.CDLL(None).fopen
    fopen.restype = ctypes.c_void_p
    return fopen(b"/dev/null", b"w")
