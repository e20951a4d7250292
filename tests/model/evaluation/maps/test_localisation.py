"""Localisation: perfect where the network listens by construction, at chance for a random map."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from model.audio.clip import Clip
from model.constants import DYNAMIC_RANGE_DB, N_MELS, NETWORK_HOP, SAMPLE_RATE
from model.evaluation.maps.instruments import WHOLE_SAMPLES, decided_mixtures, load_stems
from model.evaluation.maps.localisation import localise, mass_inside, points_inside
from model.evaluation.maps.methods import EXPLAINERS
from model.evaluation.maps.mixtures import (
    Mixture,
    Part,
    decided,
    pairs,
    recognised,
    spliced,
    stacked,
)
from model.evaluation.maps.two_songs import at_one_level, high_part, low_part
from model.sample_clips import fluid

HALF = N_MELS // 2
LOW, HIGH = 0, 1


def tone(hertz: float, seconds: float = 4.0) -> np.ndarray:
    t = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return at_one_level(np.sin(2 * np.pi * hertz * t).astype(np.float32))


def figures(results: dict, measure: str) -> dict[tuple[str, str], float]:
    return {
        (row["kind"], row["method"]): row["value"]
        for row in results["rows"]
        if row["measure"] == measure
    }


def test_mass_and_pointing_are_those_worked_out_by_hand():
    relevance = np.array([[3, -5], [1, 0]], np.float32)
    left = np.array([[True, False], [True, False]])
    assert mass_inside(relevance, left) == 1.0
    assert mass_inside(relevance, left.T) == pytest.approx(0.75)
    assert mass_inside(-np.ones((2, 2), np.float32), left) == 0.0
    assert points_inside(relevance, left) == 1.0
    assert points_inside(relevance, ~left) == 0.0


@pytest.fixture
def crafted() -> list[Mixture]:
    """Low bands sound in one half of the time, high bands in the other, with some noise."""
    mixtures = []
    for seed in range(15):
        rng = np.random.default_rng(seed)
        levels = np.full((N_MELS, 80), -DYNAMIC_RANGE_DB, np.float32)
        levels[:HALF, :40] = rng.uniform(-60, 0, (HALF, 40))
        levels[HALF:, 40:] = rng.uniform(-60, 0, (HALF, 40))
        before = np.broadcast_to(np.arange(80) < 40, levels.shape)
        mixtures.append(Mixture(str(seed), levels, {LOW: before, HIGH: ~before}))
    return mixtures


def test_a_network_that_listens_there_is_located_there_and_a_random_map_is_at_chance(
    listener, crafted
):
    methods = [EXPLAINERS[name] for name in ("cam", "crm", "random")]
    results = localise(listener, {"splice": crafted}, methods, seed=1)
    assert results["chance"]["splice"]["value"] == pytest.approx(0.5)
    for measure in ("mass", "mask-mass", "pointing"):
        assert figures(results, measure)["splice", "cam"] == 1.0
    # One map for both classes cannot lie in both halves.
    assert figures(results, "mass")["splice", "crm"] == pytest.approx(0.5)
    assert figures(results, "mass")["splice", "random"] == pytest.approx(0.5, abs=0.03)
    assert figures(results, "pointing")["splice", "random"] == pytest.approx(0.5, abs=0.25)
    (row,) = [r for r in results["rows"] if (r["method"], r["measure"]) == ("cam", "mass")]
    assert row["n"] == 15
    assert row["over_reference"]["low"] > 0.4


def test_spliced_noises_are_located_in_their_half(listener):
    noise = noise_of(4)
    mixture = spliced(Part("a", LOW, low_part(noise)), Part("b", HIGH, high_part(noise)))
    assert mixture.regions[LOW].mean() == pytest.approx(0.5, abs=0.01)
    assert (mixture.regions[LOW] ^ mixture.regions[HIGH]).all()
    assert mixture.regions[LOW][:, 0].all()
    results = localise(listener, {"splice": [mixture]}, [EXPLAINERS["cam"]], seed=0)
    assert figures(results, "mass")["splice", "cam"] > 0.95
    assert figures(results, "pointing")["splice", "cam"] == 1.0


def test_what_is_near_the_splice_can_be_left_out(listener):
    noise = noise_of(4)
    mixture = spliced(Part("a", LOW, low_part(noise)), Part("b", HIGH, high_part(noise)))
    assert mixture.near is not None
    assert mixture.near.any(axis=0).sum() == pytest.approx(3 * SAMPLE_RATE / NETWORK_HOP, abs=1)
    # Evidence in the wrong half, but only at the splice.
    levels = np.where(mixture.near, 0, mixture.levels).astype(np.float32)
    blurred = replace(mixture, levels=levels)
    results = localise(listener, {"splice": [blurred]}, [EXPLAINERS["cam"]], seed=0)
    assert figures(results, "mass")["splice", "cam"] < 0.9
    assert figures(results, "mass-apart")["splice", "cam"] > 0.95


def test_stacked_noises_are_located_in_their_bands(listener):
    noise = np.random.default_rng(0).standard_normal(4 * SAMPLE_RATE).astype(np.float32)
    mixture = stacked(Part("a", LOW, noise), Part("b", HIGH, noise))
    assert mixture.regions[LOW][:HALF].all()
    assert not mixture.regions[LOW][HALF:].any()
    results = localise(listener, {"bands": [mixture]}, [EXPLAINERS["cam"]], seed=0)
    assert figures(results, "mass")["bands", "cam"] == 1.0


def test_only_mixtures_called_one_of_their_two_sounds_are_kept(listener):
    noise = noise_of(4)
    mixture = stacked(Part("a", LOW, noise), Part("b", HIGH, noise))
    verdict = int(listener.predict(mixture.levels).logits.argmax())
    (found,) = decided(listener, [mixture, mixture], 1)
    assert set(found.regions) == {verdict}
    other = Mixture("called otherwise", mixture.levels, {7: mixture.regions[LOW]})
    assert not decided(listener, [other], 1)


def test_both_parts_of_a_sound_sum_to_it_and_keep_to_their_side():
    noise = np.random.default_rng(0).standard_normal(SAMPLE_RATE).astype(np.float32)
    low, high = low_part(noise, 2000), high_part(noise)
    np.testing.assert_allclose(low + high, noise, atol=1e-5)
    power = np.abs(np.fft.rfft(low)) ** 2
    assert power[2010:].sum() < 1e-6 * power.sum()


def test_pairs_differ_in_class_and_take_everyone_as_seldom_as_can_be():
    parts = [Part(str(i), i % 3, np.zeros(1, np.float32)) for i in range(9)]
    found = pairs(parts, parts, 18, np.random.default_rng(0))
    assert len({(one.name, other.name) for one, other in found}) == 18
    assert all(one.class_index != other.class_index for one, other in found)
    uses = Counter(one.name for one, _ in found), Counter(other.name for _, other in found)
    assert all(1 <= count <= 3 for side in uses for count in side.values())
    assert all(len(side) == 9 for side in uses)
    assert len(pairs(parts[:2], parts[:2], 18, np.random.default_rng(0))) == 2


def test_only_clips_that_the_network_knows_are_used(listener):
    clips = [
        Clip(tone(300, 16), "blues.00000", ""),
        Clip(tone(5000, 16), "blues.00001", ""),
        Clip(tone(5000, 16), "rock.00000", ""),
    ]
    found = recognised(listener, clips, ("blues", "rock"))
    assert [(part.name, part.class_index) for part in found] == [
        ("blues.00000", LOW),
        ("rock.00000", HIGH),
    ]
    assert len(found[0].waveform) == 15 * SAMPLE_RATE


def test_the_deciding_sound_is_located_where_it_is_the_louder_one(listener):
    stems = {"hum": tone(300), "whistle": tone(5000), "hiss": 0.05 * high_part(noise_of(4))}
    mixtures = decided_mixtures(listener, stems, 10, np.random.default_rng(0))
    assert 0 < len(mixtures) <= 2
    for mixture in mixtures:
        ((verdict, region),) = mixture.regions.items()
        assert verdict == int(listener.predict(mixture.levels).logits.argmax())
        # The hum lies at 300 Hz, mel band 11, and is louder there than all above.
        assert region[11].all() == (verdict == LOW)


def noise_of(seconds: float) -> np.ndarray:
    rng = np.random.default_rng(1)
    return at_one_level(rng.standard_normal(int(seconds * SAMPLE_RATE)).astype(np.float32))


def test_without_a_sound_font_the_samples_take_the_stems_place(monkeypatch):
    def missing() -> None:
        raise fluid.MissingToolError("no sound font")

    monkeypatch.setattr(fluid, "check_tools", missing)
    source, stems = load_stems()
    assert source == WHOLE_SAMPLES
    assert {"rock", "jazz"} <= set(stems)
    for sound in stems.values():
        assert np.sqrt(np.mean(sound.astype(float) ** 2)) == pytest.approx(0.1, rel=1e-3)
