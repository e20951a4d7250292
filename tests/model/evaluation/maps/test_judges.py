"""Judges whose ears are known by construction, and maps that are right or wrong for them."""

import numpy as np
import pytest

from model.audio.clip import Clip
from model.constants import N_MELS, SAMPLE_RATE
from model.evaluation.maps.judges import BED_ALONE, BEDS, MAP, Evidence, Hearing, Judge
from model.evaluation.maps.subjects import Subject, subject_from_clip
from model.explain.grid import RelevanceMap

SECONDS = 4


def two_tones() -> Subject:
    """A quiet low tone that is there in the first second only, and a louder high one."""
    t = np.arange(SECONDS * SAMPLE_RATE) / SAMPLE_RATE
    low = 0.05 * np.sin(2 * np.pi * 300 * t) * (t < 1)
    high = 0.2 * np.sin(2 * np.pi * 4_000 * t) * (t > 2)
    return subject_from_clip(Clip((low + high).astype(np.float32), "rock.00000", ""), SECONDS)


def hears_low(waveform: np.ndarray) -> np.ndarray:
    """Call a sound by where the loudest second of it lies: below or above 1 kHz."""
    spectrum = np.abs(np.fft.rfft(waveform)) ** 2
    hertz = np.fft.rfftfreq(len(waveform), 1 / SAMPLE_RATE)
    low = spectrum[hertz < 1_000].sum() / spectrum.sum()
    return np.array([low, 1 - low], np.float32)


def marks(bands: slice) -> Evidence:
    """A map that marks some bands all of the time."""

    def explain(subject: Subject) -> RelevanceMap:
        values = np.zeros((N_MELS, subject.levels.shape[1]), np.float32)
        values[bands] = 1
        return RelevanceMap(values)

    return Evidence("marked", "Marked", "cut", explain)


def hearing(evidence: Evidence, *, slow: bool = False) -> dict:
    heard = Hearing([Judge("low", "Hears low", hears_low, slow)], [evidence])
    heard.hear(two_tones())
    return heard.results()


def rows_of(results: dict, **wanted: str) -> list[dict]:
    return [
        row for row in results["rows"] if all(row[name] == value for name, value in wanted.items())
    ]


def test_a_map_of_what_a_judge_goes_by_keeps_its_verdict_and_another_loses_it():
    # The judge calls the whole high, by the louder tone.
    (right,) = rows_of(hearing(marks(np.s_[64:])), evidence="marked", shape="cut", bed="silent")
    (wrong,) = rows_of(hearing(marks(np.s_[:40])), evidence="marked", shape="cut", bed="silent")
    assert right["map"]["alike"]["value"] == 1
    assert right["map"]["drop"]["value"] == 0
    assert wrong["map"]["alike"]["value"] == 0
    assert wrong["map"]["drop"]["value"] > 90


def test_a_bed_alone_is_called_what_the_whole_is_because_it_is_the_whole():
    rows = rows_of(hearing(marks(np.s_[:40])), evidence=BED_ALONE)
    assert [row["bed"] for row in rows] == [f"-{bed:g} dB" for bed in BEDS if bed]
    assert all(row["map"]["alike"]["value"] == 1 for row in rows)
    assert all("null" not in row for row in rows)


def test_a_louder_bed_gives_a_wrong_map_its_verdict_back():
    """The louder tone, which decides, comes back a little with every step of the bed."""
    rows = rows_of(hearing(marks(np.s_[:40])), evidence="marked", shape="cut")
    drops = [row["map"]["drop"]["value"] for row in rows]
    assert [row["bed"] for row in rows] == ["silent", "-40 dB", "-30 dB", "-20 dB"]
    assert drops == sorted(drops, reverse=True)
    assert drops[0] > drops[-1] + 5


def test_the_null_keeps_as_many_cells_under_the_same_mask():
    results = hearing(marks(np.s_[64:]))
    kept = {(one["shape"], one["side"]): one for one in results["kept"]}
    for shape in results["shapes"]:
        assert kept[shape, "null"]["area"] == pytest.approx(kept[shape, MAP]["area"], abs=0.01)


def test_a_slow_judge_is_asked_about_the_usual_shape_only():
    rows = rows_of(hearing(marks(np.s_[64:]), slow=True), judge="low")
    assert {(row["shape"], row["bed"]) for row in rows} == {
        ("cut", "silent"),
        ("cut", "-40 dB"),
        ("cut", "-30 dB"),
    }


def test_what_keeps_nothing_is_called_by_no_name():
    (row,) = rows_of(hearing(marks(np.s_[:0])), evidence="marked", shape="cut", bed="silent")
    assert row["map"]["alike"]["value"] == 0
    assert row["map"]["drop"]["value"] == 100
