"""Pop: a chorus at 124 in D, a plain beat: synthesisers, a voice and a side chain."""

from dataclasses import replace
from functools import partial

from model.sample_clips.dynamics import compress, duck, saturate
from model.sample_clips.filters import high_shelf, highpass
from model.sample_clips.mixer import Arrangement, Strip
from model.sample_clips.notation import (
    CLAP,
    CLOSED_HAT,
    CRASH,
    KICK,
    OPEN_HAT,
    SHAKER,
    SNARE,
    grid,
    line,
)
from model.sample_clips.score import Note, Part, Tempo
from model.sample_clips.space import chorus, echo
from model.sample_clips.voice import voice

_BPM = 124.0
_FORM = ["bm", "g", "d", "a", "bm", "g", "em", "a"]
_TRIADS = {
    "bm": ("b1", "f#4 b4 d5 f#5"),
    "g": ("g1", "g4 b4 d5 g5"),
    "d": ("d2", "f#4 a4 d5 f#5"),
    "a": ("a1", "e4 a4 c#5 e5"),
    "em": ("e2", "g4 b4 e5 g5"),
}
_TUNE = """
    f#5/.5 f#5 e5/.25 d5/.75 r/.25 b4 d5/.5 e5 f#5 | g5<1/.75 f#5/.25 e5/.5 d5~/1.5 r/1
    a5<1/.5 a5 f#5/.25 e5/.75 r/.25 d5 e5/.5 f#5 a5 | e5~/2 c#5/.5 d5 e5/1
    f#5/.5 f#5 e5/.25 d5/.75 r/.25 b4 d5/.5 f#5 a5 | b5<1~/1.5 a5/.5 g5 f#5 e5 d5
    e5/.5 g5 b5<1/.75 a5/.25 g5/.5 f#5 e5 g5 | a5~/2.5 r/.5 e5/.5 a5
"""
_SYLLABLES = "da na li ta no me la di sa na wo le"
_MICROPHONE = (
    partial(highpass, hertz=150),
    partial(compress, threshold_db=-32, ratio=4),
    partial(high_shelf, hertz=5000, gain_db=4),
)
_KICKS = "X.........X....." * 7 + "X...X...X......."


def _bass() -> list[Note]:
    """Long roots: leaps of an octave would be disco."""
    notes: list[Note] = []
    for bar, chord in enumerate(_FORM):
        root = _TRIADS[chord][0]
        notes += line(f"{root}/1.5 {root}/.5 {root}/1 {root}", bar * 4, 100, 0.9)
    return notes


def _pad() -> list[Note]:
    """One long chord a bar."""
    notes: list[Note] = []
    for bar, chord in enumerate(_FORM):
        stack = "+".join(_TRIADS[chord][1].split())
        notes += line(f"{stack}/4", bar * 4, 84, 0.97)
    return notes


def _drums() -> Part:
    snare = (
        "....X.......X..." * 3 + "....X.......X.ox" + "....X.......X..." * 3 + "....X...X.X.XXXX"
    )
    hats = "x.o.x.o.x.o.x.o." * 3 + "x.o.x.oox.o.x..." + "xoooxoooxoooxooo" * 3 + "x.o.x..........."
    notes = grid(_KICKS, KICK) + grid(snare, SNARE) + grid(hats, CLOSED_HAT)
    notes += grid("....x.......x..." * 8, CLAP) + grid("o,x,o,x," * 16, SHAKER)
    notes += grid("X", CRASH) + grid("X", CRASH, 16) + grid("x", OPEN_HAT, 15.5)
    return Part("drums", 25, tuple(notes), drums=True, timing_ms=2, touch=4)


def arrangement() -> Arrangement:
    """Return the score and its mix."""
    tempo = Tempo(_BPM)
    kicks = [tempo.seconds(note.start) for note in grid(_KICKS, KICK)]
    pump = partial(duck, hits=kicks, depth=0.55, recovery=0.26)
    air = partial(high_shelf, hertz=6000, gain_db=5)
    repeats = partial(echo, seconds=0.75 * 60 / _BPM, feedback=0.35, mix=0.25, cutoff=5000)
    tune = line(_TUNE, velocity=96)
    sung = [replace(note, pitch=note.pitch - 12) for note in tune]
    return Arrangement(
        title="Every Window Lit",
        tempo=tempo,
        strips=(
            Strip(_drums(), 6.0, room=0.08, effects=(partial(saturate, drive_db=6), air)),
            Strip(
                Part("synth bass", 38, tuple(_bass()), timing_ms=1),
                -4.5,
                room=0.0,
                effects=(pump,),
            ),
            Strip(
                Part("pad", 90, tuple(_pad())),
                -7.0,
                room=0.3,
                effects=(partial(highpass, hertz=250), chorus, pump),
            ),
            Strip(
                Part("voice", 53, tuple(sung), timing_ms=8),
                3.0,
                room=0.15,
                effects=(*_MICROPHONE, repeats),
                instrument=partial(voice, syllables=_SYLLABLES, high=True),
            ),
        ),
        seconds=16.2,
        seed=108,
        note="A plain beat, synth bass and pads; a synthetic voice sings syllables.",
        room_decay=1.3,
        room_brightness=0.7,
        master=(
            partial(highpass, hertz=32),
            partial(compress, threshold_db=-18, ratio=2.5),
            partial(saturate, drive_db=6),
            partial(high_shelf, hertz=8000, gain_db=2),
        ),
    )
