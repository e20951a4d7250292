"""What the network hears of a kept part, from real audio and from a picture."""

import numpy as np
import pytest

from model.audio.clip import Clip
from model.audio.spectrogram import log_mel
from model.constants import DYNAMIC_RANGE_DB, N_MELS
from model.evaluation.maps.subjects import (
    AUDIO,
    PICTURES,
    Subject,
    attenuated,
    interleave_genres,
    load_subjects,
    subject_from_clip,
    subject_from_picture,
)
from model.gtzan.splits import read_split


def test_a_mask_of_one_changes_nothing_and_a_mask_of_zero_leaves_silence(music):
    levels = log_mel(music)
    np.testing.assert_allclose(attenuated(levels, np.ones_like(levels)), levels, atol=1e-4)
    assert (attenuated(levels, np.zeros_like(levels)) == -DYNAMIC_RANGE_DB).all()


def test_a_mask_weighs_the_amplitude_below_a_new_maximum():
    levels = np.array([[0.0, -10.0, -78.0]], np.float32)
    mask = np.array([[0.1, 1.0, 0.5]], np.float32)  # -20, 0, -6 dB
    np.testing.assert_allclose(attenuated(levels, mask), [[-10.0, 0.0, -74.0]], atol=0.05)


def test_real_audio_goes_through_the_whole_front_end_again(music):
    subject = subject_from_clip(Clip(music, "rock.00000", ""), seconds=6)
    assert subject.group == AUDIO
    np.testing.assert_allclose(subject.levels, log_mel(music), atol=1e-4)
    mask = np.ones((N_MELS, len(subject.mask_frames)), np.float32)
    ((kept, _),) = subject.parts(mask)
    np.testing.assert_allclose(kept, subject.levels, atol=0.1)


def test_masking_a_picture_comes_close_to_masking_the_sound(music):
    subject = subject_from_clip(Clip(music, "rock.00000", ""))
    picture = Subject("rock.00000", subject.levels)
    assert picture.group == PICTURES
    fine, coarse = subject.mask_frames, picture.mask_frames
    ((kept, rest),) = subject.parts(low_bands(len(fine)))
    ((kept_of_picture, rest_of_picture),) = picture.parts(low_bands(len(coarse)))
    # Away from the mask's edge, where filters of neighbouring bands overlap, and from the
    # first frame, half of which lies before the sound.
    inside, outside = np.s_[:34, 1:], np.s_[44:, 1:]
    np.testing.assert_allclose(kept[inside], kept_of_picture[inside], atol=1.0)
    np.testing.assert_allclose(rest[outside], rest_of_picture[outside], atol=1.0)
    assert kept[44:].max() < -40
    assert (kept_of_picture[44:] == -DYNAMIC_RANGE_DB).all()


@pytest.mark.parametrize("kind", [AUDIO, PICTURES])
def test_what_is_not_silenced_is_so_many_decibels_quieter(music, kind):
    subject = subject_from_clip(Clip(music, "rock.00000", ""))
    if kind == PICTURES:
        subject = Subject("rock.00000", subject.levels)
    mask = low_bands(len(subject.mask_frames))
    (_, (kept, rest)) = subject.parts(mask, (0.0, 0.1))
    low, high = np.s_[:34, 1:], np.s_[44:, 1:]
    # Each is given below its own maximum, so only how bands differ can be compared.
    for part, change in ((kept, 20.0), (rest, -20.0)):
        lost = np.where(subject.levels > -45, subject.levels - part, np.nan)
        difference = np.nanmedian(lost[high]) - np.nanmedian(lost[low])
        assert difference == pytest.approx(change, abs=0.5)


def low_bands(frames: int) -> np.ndarray:
    mask = np.zeros((N_MELS, frames), np.float32)
    mask[:40] = 1
    return mask


def test_masks_lie_where_the_app_draws_them(music):
    subject = subject_from_clip(Clip(music, "rock.00000", ""))
    assert subject.excerpt is not None
    assert len(subject.mask_frames) == subject.excerpt.log_mel.shape[1]
    assert subject.mask_frames[-1] == pytest.approx(subject.frames[-1], abs=1)


def test_the_middle_is_measured_of_sound_and_of_pictures_alike(music):
    subject = subject_from_clip(Clip(music, "rock.00000", ""), seconds=4)
    assert subject.excerpt is not None
    assert (subject.excerpt.start, subject.excerpt.seconds) == (1.0, 4.0)
    picture = np.tile(np.arange(387, dtype=np.float32), (N_MELS, 1))
    middle = subject_from_picture("rock.00000", picture, seconds=4)
    assert middle.levels.shape == subject.levels.shape
    assert middle.levels[0].mean() == pytest.approx(386 / 2, abs=1)
    np.testing.assert_array_equal(
        subject_from_picture("rock.00000", picture, seconds=60).levels, picture
    )


def test_genres_take_turns():
    names = ["blues.00000", "blues.00001", "blues.00002", "rock.00000", "pop.00000"]
    assert interleave_genres(names) == [
        "blues.00000",
        "pop.00000",
        "rock.00000",
        "blues.00001",
        "blues.00002",
    ]


@pytest.mark.data
def test_audio_comes_first_and_pictures_fill_up(gtzan):
    names = read_split(gtzan, "random_valid")[::10]
    subjects = list(load_subjects(gtzan, names, tracks=12))
    groups = [subject.group for subject in subjects]
    assert groups == sorted(groups)
    assert {AUDIO, PICTURES} == set(groups)
    assert len({subject.name for subject in subjects}) == 12
    assert all(subject.levels.shape[0] == N_MELS for subject in subjects)
