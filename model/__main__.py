"""The command line: ``python -m model COMMAND``; every command answers to ``--help``.

Ctrl-C ends it within three seconds and without a traceback, at any moment: while libraries are
loaded, while the network computes, while results are written.
"""

import os
import signal
import sys
import threading
import time
from types import FrameType
from typing import Final, NoReturn

# As a shell gives for a command that Ctrl-C has ended.
_INTERRUPTED: Final = 130
# How long a command may take to write down what it has and to clean up.
_PATIENCE: Final = 2.5  # s


def _answer_ctrl_c() -> None:
    """Raise KeyboardInterrupt at the first Ctrl-C, and end the process soon after it."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        return  # as a shell asks for what it starts in the background
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    # Written to at once, also while Python waits for a library and could not handle a signal.
    signal.set_wakeup_fd(writing)
    signal.signal(signal.SIGINT, _interrupt)
    threading.Thread(target=_end_soon, args=(reading,), daemon=True).start()
    usual = sys.unraisablehook

    def hook(fault: "sys.UnraisableHookArgs") -> None:
        if not isinstance(fault.exc_value, KeyboardInterrupt):
            usual(fault)

    sys.unraisablehook = hook


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    # A second Ctrl-C would cut short what the first one has begun.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def _end_soon(reading: int) -> NoReturn:
    os.read(reading, 1)
    time.sleep(_PATIENCE)
    os._exit(_INTERRUPTED)


def _run() -> int:
    try:
        from model.cli import main  # noqa: PLC0415  # after Ctrl-C is taken care of

        return main()
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
    except SystemExit as ended:
        if ended.code != _INTERRUPTED:
            raise
    sys.stdout.flush()
    sys.stderr.flush()
    # Not by way of the interpreter's end, which waits for songs that are being heard.
    os._exit(_INTERRUPTED)


if __name__ == "__main__":
    _answer_ctrl_c()
    sys.exit(_run())
