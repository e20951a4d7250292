"""JSON with a record a line: the same values, on lines that can be compared."""

import json
from pathlib import Path

import pytest

from model.records import as_json, write_json

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(
    path
    for folder in ("model/evaluation/results", "model/weights", "assets/genres")
    for path in (ROOT / folder).glob("*.json")
)


@pytest.mark.parametrize(
    "value",
    [
        {},
        [],
        None,
        [[], {}, [[]]],
        {"a": {}, "b": [], "c": None},
        {"pi": 3.141592653589793, "tiny": 5e-324, "whole": 7, "third": 1 / 3, "yes": True},
        {'a "name"\n': "Gradient × input", "rows": [{"x": [1, [2.5, None]]}, "text", 3]},
        {"long": {f"member {number}": "x" * number for number in range(30)}},
        [{"n": number, "share": number / 7} for number in range(50)],
    ],
)
def test_what_is_written_is_read_back(value, tmp_path):
    write_json(value, tmp_path / "a.json")
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8")) == value


def test_a_record_has_a_line_and_a_list_of_numbers_has_one():
    rows = [{"name": f"row {number}", "values": [0.5] * 40} for number in range(3)]
    text = as_json({"n": 3, "interval": [0.25, 0.75], "rows": rows, "confusion": [[1, 0], [2, 3]]})
    assert text.splitlines() == [
        "{",
        '  "n": 3,',
        '  "interval": [0.25, 0.75],',
        '  "rows": [',
        *(f"    {json.dumps(row)}{',' if row is not rows[-1] else ''}" for row in rows),
        "  ],",
        '  "confusion": [',
        "    [1, 0],",
        "    [2, 3]",
        "  ]",
        "}",
    ]


def test_a_long_object_has_a_line_a_member():
    text = as_json({"classes": {f"genre {number}": "x" * 20 for number in range(10)}})
    assert len(text.splitlines()) == 14
    assert text.splitlines()[2] == f'    "genre 0": "{"x" * 20}",'


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_results_and_cards_are_written_so(path):
    text = path.read_text(encoding="utf-8")
    assert text == as_json(json.loads(text))
