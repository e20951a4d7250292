"""The samples that the app ships, and the parts of their making that need no synthesiser."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile
from scipy import signal

from model.constants import GENRES
from model.sample_clips import dynamics, listing
from model.sample_clips.filters import RATE
from model.sample_clips.midi import TICKS_PER_SECOND, midi_file, variable_length
from model.sample_clips.notation import beats_of, grid, line, pitch, strum
from model.sample_clips.score import Note, Part, PlayedNote, Tempo, play, swing

ASSETS = Path(__file__).resolve().parents[1] / "assets"
SAMPLES = ASSETS / "samples"


def listed() -> list[dict[str, str]]:
    return json.loads((SAMPLES / "samples.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module", params=GENRES)
def clip(request):
    samples, rate = soundfile.read(SAMPLES / f"{request.param}.ogg", always_2d=True)
    return samples, rate


def test_every_genre_has_one_sample():
    assert sorted(entry["genre"] for entry in listed()) == sorted(GENRES)
    assert {entry["file"] for entry in listed()} == {path.name for path in SAMPLES.glob("*.ogg")}


def test_list_agrees_with_the_code_that_writes_it():
    assert listed() == listing.entries()


def test_list_names_author_licence_and_source():
    for entry in listed():
        assert entry["kind"] in ("recording", "synthesised")
        for key in ("title", "author", "licence", "source", "note"):
            assert entry[key].strip(), f"{entry['file']} has no {key}"


def test_licences_name_every_sample():
    rows = [
        row for row in (ASSETS / "LICENSES.md").read_text("utf-8").splitlines() if row[:1] == "|"
    ]
    for entry in listed():
        row = next(row for row in rows if f"({SAMPLES.name}/{entry['file']})" in row)
        for key in ("title", "author", "licence", "source"):
            assert entry[key] in row


def test_share_alike_is_told():
    text = (ASSETS / "LICENSES.md").read_text("utf-8")
    for entry in listed():
        if "BY-SA" in entry["licence"]:
            assert "creativecommons.org/licenses/by-sa/" in text
            assert f"## {entry['file']}" in text


def test_samples_are_small_together():
    assert sum(path.stat().st_size for path in SAMPLES.glob("*.ogg")) < 3_000_000


def test_length_and_rate(clip):
    samples, rate = clip
    assert rate in (22_050, 44_100)
    assert 10.0 <= len(samples) / rate <= 20.0


def test_level_and_peak(clip):
    samples, _ = clip
    assert dynamics.rms_db(samples) == pytest.approx(dynamics.TARGET_RMS_DB, abs=1.0)
    between = signal.resample_poly(samples, 4, 1, axis=0)
    assert 20 * np.log10(np.abs(between).max()) < -1.0


def test_no_sample_falls_silent_or_runs_into_its_end(clip):
    samples, rate = clip
    half_seconds = samples[: len(samples) // (rate // 2) * (rate // 2)].reshape(-1, rate // 2 * 2)
    levels = 10 * np.log10((half_seconds**2).mean(axis=1) + 1e-12)
    assert levels[:-4].min() > -45.0
    assert np.abs(samples[-rate // 100 :]).max() < 0.05


def test_no_bar_is_a_copy_of_another(clip):
    """Music that is looped repeats its samples; played music never does."""
    samples, rate = clip
    mono = signal.resample_poly(samples.mean(axis=1), 1, 8)
    middle = mono[2 * rate // 8 : 5 * rate // 8]
    rest = mono[5 * rate // 8 :]
    energy = np.concatenate([[0.0], np.cumsum(rest**2)])
    power = energy[len(middle) :] - energy[: -len(middle)]
    match = signal.correlate(rest, middle, "valid") / np.sqrt(power * (middle**2).sum())
    assert match.max() < 0.95


def test_pitches():
    assert [pitch(name) for name in ("c4", "f#3", "bb2", "a4", "c-1")] == [60, 54, 46, 69, 0]
    with pytest.raises(ValueError, match="not a pitch"):
        pitch("h4")


def test_line_keeps_lengths_stacks_chords_and_rests():
    notes = line("c4/.5 e4 r/1 c4+g4!/2", start=4.0, velocity=80, legato=1.0)
    assert [(n.start, n.duration, n.pitch) for n in notes] == [
        (4.0, 0.5, 60),
        (4.5, 0.5, 64),
        (6.0, 2.0, 60),
        (6.0, 2.0, 67),
    ]
    assert notes[0].velocity == 80 < notes[2].velocity
    assert beats_of("c4/.5 e4 r/1 c4+g4!/2 r/.5") == 4.5


def test_line_reads_bends_before_and_after_the_length():
    scooped, fallen = line("d5<2~/1 d5/1>1")
    assert (scooped.scoop, scooped.vibrato) == (-2.0, True)
    assert (fallen.scoop, fallen.vibrato) == (1.0, False)


def test_line_refuses_what_it_cannot_read():
    with pytest.raises(ValueError, match="cannot read the token 'c4/x'"):
        line("c4/x")


def test_grid_places_hits_and_refuses_other_signs():
    assert [(n.start, n.pitch) for n in grid("x..o", 36, start=8.0)] == [(8.0, 36), (8.75, 36)]
    with pytest.raises(ValueError, match="drum sign"):
        grid("x?", 36)


def test_strum_starts_at_the_lowest_string_or_the_highest():
    chord = line("c4+e4+g4/1")
    down = sorted(strum(chord), key=lambda note: note.start)
    up = sorted(strum(chord, down=False), key=lambda note: note.start)
    assert [note.pitch for note in down] == [60, 64, 67]
    assert [note.pitch for note in up] == [67, 64, 60]


def test_swing_moves_only_what_lies_off_the_beat():
    shuffle = swing(2 / 3)
    assert [shuffle(beat) for beat in (0.0, 1.0, 3.0)] == [0.0, 1.0, 3.0]
    assert shuffle(0.5) == pytest.approx(2 / 3)
    assert Tempo(60, shuffle).seconds(1.5, straight=True) == 1.5
    assert swing(0.5)(0.3) == pytest.approx(0.3)
    with pytest.raises(ValueError, match="swing ratio"):
        swing(1.2)


def test_playing_is_human_but_the_same_each_time():
    part = Part("keys", 0, tuple(line("c4+e4/1 d4 e4 f4", velocity=80)))
    first = play(part, Tempo(120), np.random.default_rng(1))
    again = play(part, Tempo(120), np.random.default_rng(1))
    other = play(part, Tempo(120), np.random.default_rng(2))
    assert first == again != other
    assert first[0].start == first[1].start  # a chord stays together
    assert all(abs(a.start - b) < 0.03 for a, b in zip(first, (0, 0, 0.5, 1, 1.5), strict=True))


def test_a_struck_key_ends_the_note_it_still_held():
    notes = (Note(0.0, 4.0, 60), Note(1.0, 1.0, 60), Note(0.0, 4.0, 64))
    part = Part("piano", 0, notes, timing_ms=0.0, touch=0.0)
    played = play(part, Tempo(60), np.random.default_rng(0))
    assert [(n.start, n.end, n.pitch) for n in played] == [(0, 1, 60), (0, 4, 64), (1, 2, 60)]


def test_midi_lengths_as_in_the_specification():
    # The examples of the Standard MIDI Files specification
    cases = {0: "00", 0x40: "40", 0x7F: "7f", 0x80: "8100", 0x2000: "c000", 0x0FFFFFFF: "ffffff7f"}
    assert {value: variable_length(value).hex() for value in cases} == cases


def test_midi_file_of_one_note():
    data = midi_file([PlayedNote(0.5, 1.0, 60, 100, 0.0, False)], program=24)
    quarter = variable_length(TICKS_PER_SECOND // 2)
    track = b"\x00\xc0\x18" + quarter + b"\x90\x3c\x64" + quarter + b"\x80\x3c\x00\x00\xff\x2f\x00"
    assert data[:14] == struct.pack(">4sIHHH", b"MThd", 6, 0, 1, TICKS_PER_SECOND // 2)
    assert data[14:] == b"MTrk" + struct.pack(">I", len(track)) + track


def test_normalise_meets_level_and_ceiling():
    rng = np.random.default_rng(3)
    sound = 0.01 * rng.standard_normal((2 * RATE, 2))
    sound[::RATE] = 0.9  # a few clicks far above the rest
    done = dynamics.normalise(sound)
    assert dynamics.rms_db(done) == pytest.approx(dynamics.TARGET_RMS_DB, abs=0.5)
    assert dynamics.true_peak_db(done) <= dynamics.PEAK_CEILING_DB + 1e-6


def test_compressor_leaves_soft_sound_alone_and_turns_down_loud():
    soft, loud = np.full((RATE, 2), 0.01), np.full((RATE, 2), 0.5)
    np.testing.assert_allclose(dynamics.compress(soft, -20, 4), soft)
    settled = dynamics.compress(loud, -20, 4)[-1, 0]
    # 14 dB above the threshold become 3.5
    assert 20 * np.log10(settled) == pytest.approx(-20 + (20 * np.log10(0.5) + 20) / 4, abs=0.05)
