r"""File names as text that every table, terminal and JSON file can hold.

On Linux a name is a row of bytes, which need not be UTF-8: music copied from an old disk often
is not. Here each byte that is no text is written as ``\xe9``. A backslash that would look like
the beginning of such a code is written as ``\x5c``, so that no two names look alike and
`path_of` finds the file again.
"""

import os
import re
from pathlib import Path

_CODE = re.compile(r"\\x([0-9a-f]{2})")
_MISLEADING = re.compile(rb"\\(?=x[0-9a-f]{2})")


def text_of(path: str | Path) -> str:
    r"""Name of a file, or its path, as text.

    Parameters
    ----------
    path : str or Path
        As the operating system gave it.

    Returns
    -------
    str
        Text without surrogates: the name itself wherever it is UTF-8.

    Examples
    --------
    >>> text_of(os.fsdecode(b"caf\xc3\xa9.mp3")), text_of(os.fsdecode(b"caf\xe9.mp3"))
    ('café.mp3', 'caf\\xe9.mp3')
    """
    return _MISLEADING.sub(rb"\\x5c", os.fsencode(path)).decode("utf-8", "backslashreplace")


def path_of(text: str) -> Path:
    r"""Path of the file whose `text_of` this is.

    Parameters
    ----------
    text : str
        From `text_of`, such as the column "file" of a scan's table.

    Returns
    -------
    Path
        As the operating system takes it.

    Examples
    --------
    >>> os.fsencode(path_of(r"caf\xe9.mp3"))
    b'caf\xe9.mp3'
    """
    pieces = _CODE.split(text)
    data = b"".join(
        bytes.fromhex(piece) if number % 2 else piece.encode()
        for number, piece in enumerate(pieces)
    )
    return Path(os.fsdecode(data))
