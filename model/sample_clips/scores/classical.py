"""Classical: a slow piano piece in E flat, in the manner of an early nocturne."""

import math
from functools import partial

from model.sample_clips.dynamics import compress
from model.sample_clips.filters import high_shelf, lowpass
from model.sample_clips.mixer import Arrangement, Strip
from model.sample_clips.notation import line
from model.sample_clips.score import Note, Part, Tempo
from model.sample_clips.space import narrow

# 12/8: four beats a bar, three eighths a beat; two voices and a broken-chord left hand
_MELODY = """
    bb4~/1 | g5/1.667 f5/.333 g5/.667 f5/.333 eb5/1 | bb4/1.333 g5/.667 c5/.667 c6!/.333 g5/1
    bb5/1.333 ab5/.333 g5/.333 f5/1 r/.333 g5?/.333 d5/.333 | eb5/2 c5?/1 d5/.5 eb5/.5
    f5/1.333 ab5/.333 c6/.333 bb5!/1.333 ab5/.333 g5/.333
    g5/.25 ab5/.25 g5/.25 f#5/.25 g5/.667 eb5/.333 d5?/.667 f5/.333 ab4/1 | g4/3
"""
# Bass note and the two chords of each beat
_LEFT = """
    r/1
    eb2/.333 g3+bb3? eb4+g4? eb2 bb3+eb4? g4? d2 ab3+bb3? f4? eb2 g3+bb3? eb4?
    g2/.333 bb3+eb4? g4? eb2 g3+bb3? eb4? c2 g3+bb3? e4? c3 g3+bb3? e4?
    f2/.333 ab3+c4? f4? d2 ab3+b3? f4? g2 g3+b3? f4? g2 b3+d4? f4?
    c2/.333 g3+c4? eb4? bb2 g3+c4? eb4? a2 g3+c4? eb4? ab2 g3+c4? f4?
    ab2/.333 c4+f4? ab4? f2 ab3+c4? f4? d2 ab3+bb3? f4? bb2 ab3+d4? f4?
    eb2/.333 bb3+eb4? g4? c3 g3+eb4? g4? bb1 f3+ab3? d4? bb2 ab3+d4? f4?
    eb2/.333 g3+bb3? eb4? bb3+eb4?/.333 g4? bb4? eb5+g3/1
"""
_PHRASE_BEATS = 8.0
_PEDAL_SECONDS = 0.95  # how long a struck string rings on under the pedal


def _rubato(beat: float) -> float:
    """Return seconds added: each phrase hurries a little, then holds back towards its end."""
    phrase, within = divmod(beat, _PHRASE_BEATS)
    return 0.10 * phrase - 0.12 * math.sin(2 * math.pi * within / _PHRASE_BEATS) * 0.8


def _swell(notes: list[Note], depth: float) -> tuple[Note, ...]:
    """Let the loudness of the phrases rise and fall."""
    return tuple(
        Note(
            note.start,
            note.duration,
            note.pitch,
            round(note.velocity + depth * math.sin(math.pi * (note.start % 8.0) / 8.0)),
        )
        for note in notes
    )


def _pedalled(notes: tuple[Note, ...], bpm: float) -> tuple[Note, ...]:
    ring = _PEDAL_SECONDS * bpm / 60.0
    return tuple(Note(n.start, n.duration + ring, n.pitch, n.velocity) for n in notes)


def arrangement() -> Arrangement:
    """Return the score and its mix."""
    bpm = 84.0
    melody = _swell(line(_MELODY, velocity=76, legato=1.04), 18)
    left = _pedalled(_swell(line(_LEFT, velocity=58), 10), bpm)
    right = Part("right hand", 0, melody, timing_ms=14, delay_ms=10, touch=5)
    accompaniment = Part("left hand", 0, left, timing_ms=11, touch=4)
    return Arrangement(
        title="Evening Piece in E flat",
        tempo=Tempo(bpm, rubato=_rubato),
        strips=(
            Strip(right, 2.0, room=0.45, effects=(partial(high_shelf, hertz=3000, gain_db=-3),)),
            Strip(accompaniment, -3.5, room=0.45, effects=(partial(lowpass, hertz=6500),)),
        ),
        seconds=19.6,
        seed=9,
        note="A piano alone: a singing right hand over broken chords, with rubato and pedal.",
        room_decay=1.9,
        room_brightness=0.35,
        fade_out=1.8,
        master=(
            partial(narrow, width=0.5),
            partial(compress, threshold_db=-16, ratio=1.4, milliseconds=80),
        ),
    )
