"""The bench beside others: what is done is kept, and what is not installed is named."""

import json
from functools import partial

import pytest

from tools import bench_peers
from tools.bench_peers import Comparison, compare, in_turn, main


def not_installed() -> bench_peers.Work:
    raise ImportError("No module named 'tf_keras_vis'")


def test_all_sides_have_their_turn_and_the_first_run_does_not_count():
    done: list[str] = []
    sides: dict[str, bench_peers.Work] = {
        name: partial(done.append, name) for name in ("ours", "peer")
    }
    assert set(in_turn(sides, runs=2)) == {"ours", "peer"}
    assert done == ["ours", "peer"] * 3
    in_turn(sides, runs=1, warm=False)
    assert len(done) == 8


def test_a_peer_that_is_not_installed_is_named_and_left_out(capsys):
    found = compare(Comparison("maps", "theirs", int, not_installed), runs=1)
    assert found == {"what": "maps", "way": "theirs", "missing": "No module named 'tf_keras_vis'"}
    assert "left out: No module named 'tf_keras_vis'" in capsys.readouterr().out


def test_a_run_that_ends_early_leaves_what_it_has_measured(tmp_path, monkeypatch):
    file = tmp_path / "peers.json"
    good = Comparison("sound", "theirs", int, lambda: int)
    bad = Comparison("maps", "theirs", int, lambda: partial(int, "no number"))
    monkeypatch.setattr(bench_peers, "comparisons_of", lambda *_: [good, bad])
    with pytest.raises(ValueError, match="no number"):
        main(["--runs", "1", "--json", str(file)])
    kept = json.loads(file.read_text())
    assert [row["what"] for row in kept["comparisons"]] == ["sound"]
    # The lengths by themselves, later, leave that as it is.
    monkeypatch.setattr(bench_peers, "LENGTHS", (3,))
    main(["--runs", "1", "--only", "lengths", "--json", str(file)])
    after = json.loads(file.read_text())
    assert after["comparisons"] == kept["comparisons"]
    assert [row["seconds"] for row in after["lengths"]] == [3]
    assert after["lengths"][0]["processor"] > 0
