"""Tables of figures, for the terminal and for the README."""

from collections.abc import Sequence
from typing import Any, Final


def as_table(rows: Sequence[dict[str, Any]], down: Sequence[str], across: str) -> str:
    """Format values in rows and columns.

    Parameters
    ----------
    rows : sequence of dict
        With "value" and "n", and what `down` and `across` name.
    down : sequence of str
        Keys of the lines.
    across : str
        Key of the columns.

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


# Columns of the short table: measures of the sound kept at equal areas, and of the map.
_SHORT: Final = ("AI", "AD", "FF", "Fid-In", "deletion-mean", "insertion-mean")
_ARROWS: Final = {"higher": " ↑", "lower": " ↓"}


def as_markdown(faithfulness: dict[str, Any], localisation: dict[str, Any]) -> str:
    """Format the main figures as a Markdown table, the best of each column in bold.

    Parameters
    ----------
    faithfulness, localisation : dict
        As the commands of these names write them.

    Returns
    -------
    str
        A line a method. Of tracks with audio; with equally many cells kept of every map;
        and last, how much of the map lies in the right half of a spliced clip.
    """
    figures = {
        (row["measure"], row["method"]): row["value"]
        for row in faithfulness["rows"]
        if row["group"] == "audio" and row["setting"] in (faithfulness["equal_areas"], "map")
    }
    figures |= {
        ("splice", row["method"]): 100 * row["value"]
        for row in localisation["rows"]
        if (row["kind"], row["measure"]) == ("splice", "mass")
    }
    measures = {measure["name"]: measure for measure in faithfulness["measures"]}
    columns = {name: measures[name] for name in _SHORT}
    columns["splice"] = {"label": "Right half", "unit": "%", "better": "higher"}
    lines = ["| Method |", "|---|"]
    lines += [f"| {method['label']} |" for method in faithfulness["methods"]]
    for name, measure in columns.items():
        digits = 1 if measure["unit"] == "%" else 2
        unit = f", {measure['unit']}" if measure["unit"] else ""
        found = [figures.get((name, method["name"])) for method in faithfulness["methods"]]
        known = [round(value, digits) for value in found if value is not None]
        best = max(known) if measure["better"] == "higher" else min(known)
        cells = [f" {measure['label']}{_ARROWS[measure['better']]}{unit} |", "---:|"]
        for value in found:
            text = "" if value is None else f"{value:.{digits}f}"
            is_best = value is not None and round(value, digits) == best
            cells.append(f" **{text}** |" if is_best else f" {text} |")
        lines = [line + cell for line, cell in zip(lines, cells, strict=True)]
    return "\n".join(lines)
