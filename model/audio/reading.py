"""Bytes of a file that is not trusted: bounded in size, and in time where it is a pipe."""

import errno
import os
import select
import stat
import time
from pathlib import Path
from typing import Final

from model.audio.decoders import AudioError
from model.constants import MAX_UPLOAD_BYTES

# A pipe or a terminal may stay quiet so long, and go on so long in all.
QUIET_SECONDS: Final = 30.0
TOTAL_SECONDS: Final = 600.0

_PIECE: Final = 2**20  # bytes


def too_large(size: int | None = None) -> AudioError:
    """Build the error for a file that is larger than may be read.

    Parameters
    ----------
    size : int, optional
        In bytes; unknown for what comes through a pipe.

    Returns
    -------
    AudioError
        With the code ``too-large``.
    """
    limit = f"{MAX_UPLOAD_BYTES / 2**20:g} MB"
    has = f"more than {limit}" if size is None else f"{size / 2**20:.1f} MB; at most {limit}"
    rest = ", and no more can be read. " if size is None else " can be read. "
    return AudioError(
        "too-large", f"This file has {has}{rest}Use a shorter piece of it, or save it as MP3."
    )


def read_file(path: Path) -> bytes:
    """Read a whole file, a pipe or a device that ends.

    Parameters
    ----------
    path : Path
        Where it is. Of a regular file the size is looked at before anything is read.

    Returns
    -------
    bytes
        At most `MAX_UPLOAD_BYTES`.

    Raises
    ------
    AudioError
        ``too-large``, or ``timeout`` for a pipe that stays quiet or does not end.
    OSError
        If it cannot be read.
    """
    # Without O_NONBLOCK a pipe would be waited for until somebody writes into it.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        about = os.fstat(descriptor)
        if stat.S_ISDIR(about.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        is_regular = stat.S_ISREG(about.st_mode)
        if is_regular and about.st_size > MAX_UPLOAD_BYTES:
            raise too_large(about.st_size)
        return _read(descriptor, waits=not is_regular)
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise
    finally:
        os.close(descriptor)


def _read(descriptor: int, waits: bool) -> bytes:
    data = bytearray()
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    end = time.monotonic() + TOTAL_SECONDS
    while True:
        left = end - time.monotonic()
        if waits and not poll.poll(1000 * max(0.0, min(QUIET_SECONDS, left))):
            quiet = f"Nothing came through this pipe for {QUIET_SECONDS:g} s. "
            endless = f"This pipe did not end within {TOTAL_SECONDS / 60:g} minutes. "
            raise AudioError(
                "timeout",
                (quiet if left > QUIET_SECONDS else endless)
                + "Save the sound to a file first, and name that.",
            )
        try:
            piece = os.read(descriptor, _PIECE)
        except BlockingIOError:
            continue
        if not piece:
            return bytes(data)
        data += piece
        if len(data) > MAX_UPLOAD_BYTES:
            raise too_large()
