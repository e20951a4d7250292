"""What else is heard: by YAMNet's own dense layer, in plain words."""

from pathlib import Path

import numpy as np
import pytest

from model.analysis import analyse
from model.audio.clip import Clip, decode
from model.audio.excerpt import prepare
from model.constants import SAMPLE_RATE
from model.networks.assembled import load_classifier, load_trunk
from model.networks.shipped import load_checked, read_card
from model.networks.trunk import Trunk
from model.other_sounds import MOST_NAMED, hear_sounds, named, plain_name, sounds_in
from model.types import Float32

SAMPLES = Path(__file__).parents[2] / "assets" / "samples"
SOUNDS = ("Speech", "Crowd", "Bird", "Music", "Guitar", "Pop music", "Scary music", "Wind")


def moments(**shares: float) -> np.ndarray:
    """Ten moments in which each sound is sure for a share of the time."""
    probabilities = np.full((10, len(SOUNDS)), 0.01, np.float32)
    for name, share in shares.items():
        probabilities[: round(10 * share), SOUNDS.index(name.replace("_", " "))] = 0.9
    return probabilities


def test_sounds_are_named_by_how_long_they_are_heard():
    heard = named(moments(Crowd=0.3, Speech=0.6, Music=1.0, Pop_music=1.0), SOUNDS)
    assert heard.names == ("speech", "crowd")
    assert not heard.is_hardly_music


def test_what_is_heard_nowhere_for_sure_is_not_named():
    assert named(moments(Music=1.0), SOUNDS).names == ()


def test_an_instrument_is_named_and_counts_as_music():
    heard = named(moments(Guitar=1.0), SOUNDS)
    assert heard.names == ("guitar",)
    assert not heard.is_hardly_music


def test_birds_are_hardly_music():
    assert named(moments(Bird=0.8, Music=0.2), SOUNDS).is_hardly_music


def test_no_more_than_a_few_are_named():
    assert (
        len(named(moments(Speech=1, Crowd=1, Bird=1, Guitar=1, Wind=1), SOUNDS).names) == MOST_NAMED
    )


@pytest.mark.parametrize(
    ("sound", "plain"),
    [("Narration, monologue", "narration"), ("Chop (food)", "chop"), ("TV", "TV")],
)
def test_names_are_plain(sound, plain):
    assert plain_name(sound) == plain


def test_there_are_as_many_names_as_sounds_and_their_licences_are_told():
    card = read_card("yamnet-sounds")
    assert len(set(card["sounds"])) == 521
    notice = (SAMPLES.parents[1] / "model" / "weights" / "NOTICE.md").read_text("utf-8")
    assert "yamnet-sounds.keras" in notice
    assert "by-sa/4.0" in notice


def _names() -> tuple[str, ...]:
    return tuple(read_card("yamnet-sounds")["sounds"])


def answers(waveform: Float32) -> Float32:
    """What YAMNet answers, asked by itself."""
    _, trunk = load_trunk()
    return trunk.answers(waveform)


@pytest.mark.parametrize("sample", ["metal", "jazz"])
def test_music_is_music_and_yamnet_is_asked_once_for_both(sample, monkeypatch):
    excerpt = prepare(decode((SAMPLES / f"{sample}.ogg").read_bytes(), sample))
    shipped = load_classifier()
    assert shipped.eyes is not None
    asked_alone = sounds_in(answers(excerpt.waveform))
    analysis = analyse(excerpt, shipped)
    seen_only = analyse(excerpt, shipped.eyes)
    assert seen_only.prediction.answers is None
    calls = []
    ask = Trunk.answers

    def counted(trunk, waveform):
        calls.append(waveform)
        return ask(trunk, waveform)

    monkeypatch.setattr(Trunk, "answers", counted)
    heard = hear_sounds(analysis)
    assert not calls
    assert not heard.is_hardly_music
    for same in (asked_alone, hear_sounds(seen_only)):
        assert heard.names == same.names
        assert heard.music == pytest.approx(same.music, abs=1e-4)
        assert heard.other == pytest.approx(same.other, abs=1e-4)
    assert len(calls) == 1


def test_silence_is_no_other_sound():
    music = decode((SAMPLES / "jazz.ogg").read_bytes(), "jazz").waveform[: 8 * SAMPLE_RATE]
    silence = np.zeros(8 * SAMPLE_RATE, np.float32)
    padded = Clip(np.concatenate([silence, music]), "padded", "")
    shipped = load_classifier()
    assert shipped.eyes is not None
    for classifier in (shipped, shipped.eyes):
        heard = hear_sounds(analyse(prepare(padded), classifier))
        assert "silence" not in heard.names
        assert not heard.is_hardly_music


def test_the_dense_layer_answers_as_keras_has_it():
    _, layer = load_checked("yamnet-sounds")
    columns = np.random.default_rng(0).random((3, 1024)).astype(np.float32)
    expected = named(np.asarray(layer.predict_on_batch(columns.mean(0)[np.newaxis])), _names())
    heard = sounds_in(columns)
    assert heard.names == expected.names
    assert (heard.music, heard.other) == pytest.approx((expected.music, expected.other), abs=1e-5)


def test_a_telephone_is_named_and_noise_is_hardly_music():
    time = np.arange(6 * SAMPLE_RATE) / SAMPLE_RATE
    tone = sounds_in(answers((0.3 * np.sin(2 * np.pi * 440 * time)).astype(np.float32)))
    assert tone.is_hardly_music
    assert "telephone" in tone.names
    noise = np.random.default_rng(0).normal(scale=0.1, size=len(time)).astype(np.float32)
    assert sounds_in(answers(noise)).is_hardly_music
