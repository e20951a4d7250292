"""How numbers and names are written."""

import pytest

from pages.words.phrases import clock, genre_name, listed, percent


@pytest.mark.parametrize(
    ("share", "written"),
    [(0, "0 %"), (0.004, "under 1 %"), (0.01, "1 %"), (0.626, "63 %"), (1, "100 %")],
)
def test_percent(share, written):
    assert percent(share).replace("\u00a0", " ") == written


@pytest.mark.parametrize(("seconds", "written"), [(0, "0:00"), (65.4, "1:05"), (119.6, "2:00")])
def test_clock(seconds, written):
    assert clock(seconds) == written


def test_names():
    assert genre_name("hiphop") == "hip hop"
    assert genre_name("hiphop+pop") == "hip hop or pop"
    assert listed(["jazz"]) == "jazz"
    assert listed(["jazz", "pop", "rock"]) == "jazz, pop and rock"
