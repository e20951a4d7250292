"""The example that is explained ahead: it has to be of the network that ships."""

from pathlib import Path

import numpy as np
import pytest

from model.analysis import analyse
from model.audio.clip import decode
from model.audio.excerpt import prepare
from model.export.example import (
    COMMAND,
    EXAMPLE_FOLDER,
    Example,
    example_of,
    read_example,
    write_example,
)
from model.networks.assembled import load_classifier
from model.networks.shipped import read_card

SAMPLES = Path(__file__).parents[3] / "assets" / "samples"
REMAKE = f"`{COMMAND}` makes it anew"


def shipped(folder: Path = EXAMPLE_FOLDER) -> Example:
    """The example in a folder, which has to be there."""
    example = read_example(folder)
    assert example is not None, REMAKE
    return example


@pytest.fixture(scope="module")
def fresh():
    """The shipped example's sample, as the shipped network hears it now."""
    facts = shipped().facts
    clip = decode((SAMPLES / facts["sample"]).read_bytes(), facts["sample"])
    return analyse(prepare(clip), load_classifier())


def test_the_shipped_example_is_of_the_weights_that_ship():
    assert shipped().belongs_to(read_card()), REMAKE


def test_the_shipped_example_has_the_networks_verdict_and_map(fresh):
    made = shipped()
    now = example_of(fresh, made.facts["method"])
    assert made.facts["genre"] == now.facts["genre"], REMAKE
    assert made.facts["probabilities"] == pytest.approx(now.facts["probabilities"], abs=0.02)
    assert made.facts["grid"] == pytest.approx(now.facts["grid"])
    likeness = np.corrcoef(made.relevance.values.ravel(), now.relevance.values.ravel())[0, 1]
    assert likeness > 0.99, REMAKE
    for name, array in now.picture.items():
        np.testing.assert_allclose(made.picture[name], array, atol=1.01, err_msg=REMAKE)


def test_an_example_survives_being_written(fresh, tmp_path):
    made = example_of(fresh, "fine")
    write_example(made, tmp_path)
    read = shipped(tmp_path)
    assert read.facts == made.facts
    np.testing.assert_array_equal(read.relevance.values, made.relevance.values)
    assert read.ranking[0][0] == fresh.verdict.top
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 250_000


def test_half_of_a_sample_is_no_example(fresh):
    clip = fresh.excerpt.clip
    part = analyse(prepare(clip, 5.0), fresh.classifier)
    with pytest.raises(ValueError, match="as a whole"):
        example_of(part, "fine")


def test_without_files_there_is_no_example(tmp_path):
    assert read_example(tmp_path) is None
