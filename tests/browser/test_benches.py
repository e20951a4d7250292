"""What the benches with a browser make of their figures."""

import pytest

from tests.browser.bench_visitors import Visit, report


@pytest.mark.parametrize(
    ("at_rest", "words"),
    [
        ([800.0, 820.0], "flat, +2.5% at rest, from 800 to 820 MB"),
        ([800.0, 700.0], "flat, -12.5% at rest"),
        ([800.0, 900.0], "growing, +12.5% at rest"),
    ],
)
def test_only_memory_that_stays_with_the_server_counts_as_growing(capsys, at_rest, words):
    visits = [Visit(opened=1.0, judged=2.0, heard=3.0, wrong=None)] * 6
    assert report(visits, [700.0, 900.0, 900.0, 1000.0, 1300.0, 900.0], at_rest)
    said = capsys.readouterr().out
    assert words in said
    assert "900 to 1300 MB when visitors had just left" in said


def test_a_visitor_who_saw_something_wrong_is_told_of(capsys):
    visits = [Visit(1.0, 2.0, 3.0, None), Visit(1.0, 2.0, 3.0, "song.flac shows no Rock")]
    assert not report(visits, [700.0], [])
    assert "1 of them wrong.\nsong.flac shows no Rock" in capsys.readouterr().out
