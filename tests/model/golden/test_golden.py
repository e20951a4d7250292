"""The main job gives for one synthetic clip what it gave when the weights were shipped."""

import numpy as np
import pytest

from tests.model.golden.make_golden import GOLDEN, measure


@pytest.fixture(scope="module")
def measured() -> dict[str, np.ndarray]:
    return measure()


@pytest.mark.parametrize(
    "name",
    ["log_mel", "logits", "probabilities", "fine", "cam", "crm", "crm-class", "kept", "rest"],
)
def test_nothing_has_drifted(measured, name):
    with np.load(GOLDEN) as golden:
        expected = golden[name]
    scale = max(1.0, float(np.abs(expected).max()))
    np.testing.assert_allclose(measured[name] / scale, expected / scale, atol=1e-4)
