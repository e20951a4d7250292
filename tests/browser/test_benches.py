"""What the benches with a browser make of their figures."""

import pytest

from tests.browser.bench_visitors import growth


def test_memory_that_goes_up_and_down_does_not_grow_and_a_leak_does():
    assert growth([887, 1052, 1003, 870, 998, 894]) < 0
    assert growth([900, 950, 1000, 1050]) == pytest.approx(1025 / 925 - 1)
    assert growth([800, 5000, 880]) == pytest.approx(0.1), "the middle one belongs to neither"
