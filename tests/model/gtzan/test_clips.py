"""Which real recordings are found, and in which order."""

import numpy as np
import pytest

from model.audio.clip import encode_wav
from model.constants import SAMPLE_RATE
from model.gtzan.clips import full_length_clips


def write(path, seconds: float) -> None:
    path.parent.mkdir(exist_ok=True)
    rng = np.random.default_rng(0)
    path.write_bytes(encode_wav(0.1 * rng.normal(size=round(seconds * SAMPLE_RATE))))


@pytest.mark.parametrize("places", [("clips", "clips"), ("rock", "jazz")])
def test_full_length_clips_are_found_in_either_layout(tmp_path, places):
    write(tmp_path / places[0] / "rock.00012.wav", 30)
    write(tmp_path / places[1] / "jazz.00001.wav", 30)
    write(tmp_path / places[1] / "jazz.00002.wav", 15)
    write(tmp_path / places[1] / "jazz.00054.wav", 30)
    assert [clip.name for clip in full_length_clips(tmp_path)] == ["jazz.00001", "rock.00012"]
    chosen = full_length_clips(tmp_path, {"rock.00012", "pop.00001"})
    assert [clip.name for clip in chosen] == ["rock.00012"]


def test_hidden_files_are_no_clips(tmp_path):
    write(tmp_path / "clips" / "rock.00012.wav", 30)
    for stray in (".DS_Store", "._rock.00012.wav"):  # as a Mac leaves them
        (tmp_path / "clips" / stray).write_bytes(b"no sound")
    assert [clip.name for clip in full_length_clips(tmp_path)] == ["rock.00012"]


def test_no_clips_are_a_clear_message(tmp_path):
    with pytest.raises(FileNotFoundError, match="no full-length audio"):
        list(full_length_clips(tmp_path))
