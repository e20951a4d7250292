"""A verdict in parts: everything adds up, on a real sample, as numbers and as sound."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.analysis import Analysis, analyse
from model.audio.clip import decode
from model.audio.excerpt import prepare
from model.audio.masking import split
from model.explain.cam import cam
from model.networks.assembled import load_classifier
from model.networks.classifier import softmax
from model.networks.places import across
from model.networks.shipped import WEIGHTS_FOLDER, WeightsError
from model.verdict_parts import (
    EAR,
    PICTURES,
    PartsDictionary,
    VerdictParts,
    dictionary_name,
    divide_verdict,
    load_dictionary,
)

SAMPLE = Path(__file__).parents[2] / "assets" / "samples" / "rock.ogg"
GENRE = "rock"


@pytest.fixture(scope="module")
def dictionary() -> PartsDictionary:
    found = load_dictionary(load_classifier())
    assert found is not None
    return found


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    clip = decode(SAMPLE.read_bytes(), SAMPLE.name)
    excerpt = prepare(replace(clip, waveform=clip.waveform[: 10 * 22_050]))
    return analyse(excerpt, load_classifier())


@pytest.fixture(scope="module")
def parts(analysis, dictionary) -> VerdictParts:
    return divide_verdict(analysis, dictionary, GENRE)


def test_the_shipped_parts_are_those_of_the_shipped_network(dictionary):
    assert set(dictionary.card["genres"]) == set(load_classifier().genres)
    for genre in load_classifier().genres:
        facts = dictionary.facts(genre)
        assert 4 <= len(facts) <= 6
        assert len({one["name"] for one in facts}) == len(facts)
        assert sum(one["share"] for one in facts) == pytest.approx(1, abs=0.01)
        heads = [one["head"] for one in facts]
        assert len(dictionary.made_of[genre, PICTURES]) == heads.count(PICTURES)
        assert len(dictionary.made_of[genre, EAR]) == heads.count(EAR)


def test_parts_and_remainder_are_the_class_activation_map(analysis, dictionary):
    for genre in ("rock", "classical"):
        found = divide_verdict(analysis, dictionary, genre)
        maps = cam(analysis.prediction.feature_maps, analysis.classifier.kernel)
        whole = maps[analysis.classifier.genres.index(genre)]
        assert found.maps.min() >= 0
        assert found.maps.sum(axis=0).max() > 0.1
        np.testing.assert_allclose(found.maps.sum(axis=0) + found.remainder, whole, atol=1e-4)


def test_the_remainder_is_what_speaks_against_and_what_the_ear_adds_everywhere(analysis, parts):
    eyes, ear = analysis.classifier.eyes, analysis.classifier.ear
    assert eyes is not None
    assert ear is not None
    index = parts.index
    seen = analysis.prediction.feature_maps[..., : len(eyes.kernel)]
    units = analysis.classifier.units_heard(analysis.excerpt.waveform, analysis.prediction)
    against = seen @ np.minimum(eyes.kernel[:, index], 0)
    against += across(len(units), len(seen)) @ (units @ np.minimum(ear.kernel[:, index], 0))
    everywhere = parts.remainder - against
    np.testing.assert_allclose(everywhere, everywhere.mean(), atol=2e-3)
    assert everywhere.mean() == pytest.approx(ear.bias[index], abs=0.05)
    assert parts.start == pytest.approx(everywhere.mean() + eyes.bias[index], abs=1e-3)


def test_parts_what_is_against_and_the_start_are_the_score(parts):
    assert parts.against < 0
    total = parts.added.sum() + parts.against + parts.start
    assert total == pytest.approx(float(parts.logits[parts.index]), abs=1e-5)
    np.testing.assert_allclose(parts.carried[:, parts.index], parts.added, atol=1e-4)


def test_without_a_part_the_verdict_is_that_of_the_features_without_it(analysis, parts):
    changed = parts.without([0, len(parts) - 1])
    scores = parts.logits - parts.carried[0] - parts.carried[-1]
    np.testing.assert_allclose(changed.probabilities, softmax(scores, parts.temperature), atol=1e-5)
    assert scores[parts.index] < parts.logits[parts.index]
    np.testing.assert_allclose(
        parts.without([]).probabilities, analysis.prediction.probabilities, atol=1e-6
    )


def test_the_sounds_of_the_parts_add_up_to_the_kept_sound(analysis, parts):
    mask = analysis.mask("cam", GENRE)
    assert mask.max() == 1
    kept = split(analysis.excerpt.waveform, analysis.excerpt.stft, mask).kept
    sounds = [parts.sound([part], analysis.excerpt, mask) for part in range(len(parts))]
    assert sum(np.abs(sound).max() > 1e-3 for sound in sounds) >= 2
    np.testing.assert_allclose(np.sum(sounds, axis=0), kept, atol=1e-5)
    some = parts.sound([0, 2], analysis.excerpt, mask)
    np.testing.assert_allclose(some, sounds[0] + sounds[2], atol=1e-5)


def test_no_part_is_there_in_silence(dictionary):
    clip = decode(SAMPLE.read_bytes(), SAMPLE.name)
    sound = clip.waveform[: 6 * 22_050]
    padded = np.concatenate([sound, np.zeros(6 * 22_050, np.float32)])
    judged = analyse(prepare(replace(clip, waveform=padded)), load_classifier())
    silent = judged.prediction.silent
    assert silent is not None
    found = divide_verdict(judged, dictionary, GENRE)
    assert not found.maps[..., silent].any()
    total = found.added.sum() + found.against + found.start
    assert total == pytest.approx(found.score, abs=1e-5)


def copy_of(folder: Path, **changes: object) -> None:
    """Copy the shipped parts to a folder, with another card."""
    name = dictionary_name(load_classifier().name)
    card = json.loads((WEIGHTS_FOLDER / f"{name}.json").read_text())
    (folder / f"{name}.json").write_text(json.dumps(card | changes))
    (folder / f"{name}.npz").write_bytes((WEIGHTS_FOLDER / f"{name}.npz").read_bytes())


def test_parts_of_other_weights_are_refused_in_words(tmp_path, dictionary):
    network = dict(dictionary.card["network"], pictures_sha256="0" * 64)
    copy_of(tmp_path, network=network)
    with pytest.raises(WeightsError, match="other weights of two-ears-random .* learns them anew"):
        load_dictionary(load_classifier(), tmp_path)


def test_a_damaged_file_is_refused_in_words(tmp_path):
    copy_of(tmp_path, sha256="1" * 64)
    with pytest.raises(WeightsError, match=r"not those of their card.*Fetch the repository"):
        load_dictionary(load_classifier(), tmp_path)


def test_a_network_without_parts_has_none(tmp_path):
    assert load_dictionary(load_classifier(), tmp_path) is None
