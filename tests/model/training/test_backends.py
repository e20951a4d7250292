"""Training on the other backends of Keras 3, where they are installed."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_the_tests_of_training_pass_on_another_backend(backend):
    if find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed: neither the app nor its tests need it")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", str(Path(__file__).with_name("test_fit.py"))],
        env={**os.environ, "KERAS_BACKEND": backend},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]
