"""Figures as a table to read in a terminal."""

from collections.abc import Sequence
from typing import Any


def as_table(rows: Sequence[dict[str, Any]], down: Sequence[str], across: str) -> str:
    """Set values out in rows and columns.

    Parameters
    ----------
    rows : sequence of dict
        With "value" and "n", and what `down` and `across` name.
    down : sequence of str
        What tells the lines apart.
    across : str
        What tells the columns apart.

    Returns
    -------
    str
        Columns of equal width; "-" where there is no figure. Without the intervals, which
        are in the JSON file.
    """
    columns = list(dict.fromkeys(row[across] for row in rows))
    lines: dict[tuple[str, ...], dict[str, dict[str, Any]]] = {}
    for row in rows:
        lines.setdefault(tuple(row[name] for name in down), {})[row[across]] = row
    first = max((len(" ".join(key)) for key in lines), default=0)
    widths = [max(8, len(column)) + 2 for column in columns]
    text = [
        " " * first
        + "".join(f"{column:>{width}}" for column, width in zip(columns, widths, strict=True))
        + "     n"
    ]
    for key, cells in lines.items():
        figures = (
            f"{cells[column]['value']:{width}.3f}" if column in cells else f"{'-':>{width}}"
            for column, width in zip(columns, widths, strict=True)
        )
        tracks = max(cell["n"] for cell in cells.values())
        text.append(f"{' '.join(key):{first}}{''.join(figures)}{tracks:6}")
    return "\n".join(text)
