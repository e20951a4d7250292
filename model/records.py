"""JSON that people can read and compare: one record a line.

`json.dumps` with an indentation puts every number on a line of its own, so that a table of a
hundred rows takes a thousand lines and a change to one row is hard to find.
"""

import json
from pathlib import Path
from typing import Any, Final

# What fits into this many columns stays on one line.
_WIDTH: Final = 150
_INDENT: Final = "  "


def as_json(value: Any) -> str:
    """Write a value as JSON with one record a line.

    Parameters
    ----------
    value : dict, list, str, float, int, bool or None
        What `json.dumps` takes.

    Returns
    -------
    str
        The same value as `json.loads` reads it, and a line break at the end. An item of a
        list that holds lists or objects has a line of its own, whatever its length; a list
        of plain values has one line; an object has one line a member where it does not fit
        into 150 columns.

    Examples
    --------
    >>> print(as_json({"n": 2, "rows": [{"name": "a", "at": [1, 2]}, {"name": "b"}]}), end="")
    {
      "n": 2,
      "rows": [
        {"name": "a", "at": [1, 2]},
        {"name": "b"}
      ]
    }
    """
    if isinstance(value, dict) and value:
        return _members(value, "") + "\n"
    return _lines(value, "", 0) + "\n"


def write_json(value: Any, path: Path) -> None:
    """Write a value to a file as `as_json` does, in UTF-8.

    Parameters
    ----------
    value : dict, list, str, float, int, bool or None
        What `json.dumps` takes.
    path : Path
        Its folder exists.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    path.write_text(as_json(value), encoding="utf-8")


def _lines(value: Any, indent: str, before: int) -> str:
    """Write a value that begins at column `before` of a line with this indentation."""
    line = json.dumps(value, ensure_ascii=False)
    if isinstance(value, list) and any(isinstance(item, list | dict) for item in value):
        inner = indent + _INDENT
        items = (inner + json.dumps(item, ensure_ascii=False) for item in value)
        return "[\n" + ",\n".join(items) + f"\n{indent}]"
    if isinstance(value, dict) and value and before + len(line) > _WIDTH:
        return _members(value, indent)
    return line


def _members(value: dict[str, Any], indent: str) -> str:
    inner = indent + _INDENT
    members = []
    for name, member in value.items():
        start = f"{inner}{json.dumps(name, ensure_ascii=False)}: "
        # One column more for the comma.
        members.append(start + _lines(member, inner, len(start) + 1))
    return "{\n" + ",\n".join(members) + f"\n{indent}}}"
