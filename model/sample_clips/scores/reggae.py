"""Reggae: a one-drop in A minor, off-beat skank, organ bubble, horns with tape echo."""

from functools import partial

from model.sample_clips.dynamics import compress, saturate
from model.sample_clips.filters import highpass, low_shelf, lowpass
from model.sample_clips.guitar import cabinet
from model.sample_clips.mixer import Arrangement, Strip
from model.sample_clips.notation import (
    CLOSED_HAT,
    CRASH,
    HIGH_TOM,
    KICK,
    LOW_TOM,
    MID_TOM,
    OPEN_HAT,
    RIM,
    SHAKER,
    SNARE,
    grid,
    line,
)
from model.sample_clips.score import Note, Part, Tempo, swing
from model.sample_clips.space import echo, rotary

_BPM = 77.0
_FORM = ["a", "a", "d", "a", "f", "e"]  # one bar each, four beats of half-time feel
_SKANK = {"a": "a3+c4+e4", "d": "a3+d4+f4", "f": "a3+c4+f4", "e": "g#3+b3+e4"}
_BASS = """
    r/.5 a1/.5 a1/.25 c2 e2/.5 r/.5 g2/.25 e2 d2/.5 c2 | a1/.75 e2/.25 g2/.5 a2 r/.5 e2/.25 g2? a1/1
    r/.5 d2/.5 d2/.25 f2 a2/.5 r/.5 c3/.25 a2 f2/.5 e2
    a1/.75 c2/.25 d2/.5 e2 r/.5 a2/.25 g2 e2/.5 c2
    r/.5 f1/.5 f1/.25 a1 c2/.5 r/.5 d2/.25 c2 a1/.5 f1
    e1/.75 e1/.25 g#1/.5 b1 r/.5 d2/.25 b1 g#1/.5 e1
"""
_HORNS = """
    e5+a5/.25' e5+a5/.75 r/.5 g5+c6/.5 e5+a5/1 r/1 | r/4 | r/4
    r/2 e5+a5/.25 g5+c6 a5+d6/.5 g5+c6/1 | r/4 | r/4
"""


def _offbeats(instrument_up: bool) -> list[Note]:
    """Short chords on every off-beat; the piano adds a second stroke now and then."""
    notes: list[Note] = []
    for bar, chord in enumerate(_FORM):
        for beat in range(4):
            at = bar * 4 + beat + 0.5
            notes += line(f"{_SKANK[chord]}!'/.5", at, 84, 0.95)
            if instrument_up and beat == 3 and bar % 2:
                notes += line(f"{_SKANK[chord]}?'/.25", at + 0.25, 84, 0.9)
    return notes


def _bubble() -> list[Note]:
    """The organ's left hand fills the eighths that the skank leaves open."""
    notes: list[Note] = []
    for bar, chord in enumerate(_FORM):
        low, mid, high = _SKANK[chord].split("+")
        for beat in range(4):
            at = bar * 4.0 + beat
            notes += line(f"r/.25 {low}?/.25' {mid}+{high}/.25' {low}?/.25'", at, 84, 1.8)
    return notes


def _drums() -> Part:
    hats = "x.o.x.o.x.oox.o." * 2 + "x.oox.o.x.o.x.oo" + "x.o.x.oox.o....." + "x.o.x.o.x.oox.o."
    hats += "x.oox.o........."
    one_drop = "........X......." * 3 + "........X...x..." + "........X......." * 2
    rim = "........X......." + "........X.....o." + "........X..o...." + "........X......."
    rim += "....o...X......." + "........X......."
    notes = grid(hats, CLOSED_HAT) + grid(one_drop, KICK) + grid(rim, RIM)
    notes += grid("............o...", OPEN_HAT, 12) + grid("o.o,o.o," * 12, SHAKER)
    notes += grid("X", CRASH) + grid("o", CRASH, 16) + grid("xxx", HIGH_TOM, 15, 0.25 / 1.5)
    notes += grid("xx.x", HIGH_TOM, 22.5) + grid("x", MID_TOM, 23.25) + grid("xX", LOW_TOM, 23.5)
    notes += grid("x", SNARE, 20.5) + grid("x", SNARE, 15.75)
    return Part("drums", 0, tuple(notes), drums=True, timing_ms=5, touch=7)


def arrangement() -> Arrangement:
    """Return the score and its mix."""
    dub = partial(echo, seconds=0.75 * 60 / _BPM, feedback=0.5, mix=0.38, cutoff=2600)
    return Arrangement(
        title="Harbour Wall Dub",
        tempo=Tempo(_BPM, swing(0.57, 0.25)),
        strips=(
            Strip(_drums(), 1.0, room=0.2),
            Strip(
                Part("bass", 33, tuple(line(_BASS, velocity=104, legato=0.9)), delay_ms=6),
                4.0,
                room=0.02,
                effects=(
                    partial(lowpass, hertz=900),
                    partial(compress, threshold_db=-32, ratio=3),
                    partial(low_shelf, hertz=120, gain_db=3),
                ),
            ),
            Strip(
                Part("skank guitar", 27, tuple(_offbeats(False)), timing_ms=4),
                -1.0,
                pan=-0.4,
                room=0.2,
                effects=(cabinet, partial(highpass, hertz=300)),
            ),
            Strip(
                Part("skank piano", 0, tuple(_offbeats(True)), timing_ms=4),
                -4.0,
                pan=0.3,
                effects=(partial(highpass, hertz=250),),
            ),
            Strip(
                Part("organ bubble", 16, tuple(_bubble()), timing_ms=5),
                -5.0,
                pan=0.45,
                effects=(partial(rotary, rate=5.8), partial(lowpass, hertz=3500)),
            ),
            Strip(
                Part("horns", 61, tuple(line(_HORNS, velocity=96)), timing_ms=9),
                -2.0,
                pan=0.1,
                room=0.3,
                effects=(dub,),
            ),
        ),
        seconds=19.2,
        seed=76,
        note="One-drop drums, melodic bass, off-beat guitar and piano, organ, horns in echo.",
        room_decay=1.3,
        room_brightness=0.4,
        master=(
            partial(highpass, hertz=30),
            partial(compress, threshold_db=-20, ratio=2.0),
            partial(saturate, drive_db=4),
            partial(lowpass, hertz=14000),
        ),
    )
