"""Disco: four on the floor at 118, octave bass, wah guitar, strings and brass, in A minor."""

from dataclasses import replace
from functools import partial

import numpy as np

from model.sample_clips.dynamics import compress, saturate
from model.sample_clips.filters import Stereo, high_shelf, highpass, lowpass
from model.sample_clips.guitar import pedal, wah
from model.sample_clips.mixer import Arrangement, Strip
from model.sample_clips.notation import (
    CLAP,
    CLOSED_HAT,
    CRASH,
    HIGH_TOM,
    KICK,
    LOW_CONGA,
    LOW_TOM,
    MID_TOM,
    MUTE_CONGA,
    OPEN_CONGA,
    OPEN_HAT,
    SNARE,
    TAMBOURINE,
    grid,
    line,
)
from model.sample_clips.score import Part, Tempo
from model.sample_clips.space import chorus

_BPM = 118.0
# Am7 | Dm9 | G13 | Cmaj7 | Fmaj7 | Bm7b5 | E7 | E7
_BASS = """
    a1/.5 a2 a1 a2 a1 a2/.25 g2 a1/.5 c2/.25 c#2 | d2/.5 d3 d2 d3 d2 d3/.25 c3 a2/.5 f2
    g1/.5 g2 g1 g2 g1 g2/.25 f2 d2/.5 b1 | c2/.5 c3 c2 c3 c2 g2/.25 c3 b2/.5 g2
    f1/.5 f2 f1 f2 f1 f2/.25 e2 c2/.5 a1 | b1/.5 b2 b1 b2 b1 f2/.25 b2 a2/.5 f2
    e2/.5 e3 e2 e3 e2 e3/.25 d3 b2/.5 g#2 | e2/.25 e2 r e3 r e2 g#2 r b2/.5 d3/.25 e3 g#2/.5 g#1
"""
_STRINGS = """
    e5+a5/1.5 g5+c6/.5 e5+a5/2 | f5+a5/1 d5/.25 e5 f5 g5 a5+d6/2
    b5+d6/1.5 a5/.25 g5 f5/2 | e5/.25 f5 g5 a5 b5 c6 d6 e6 g5+e6/2
    c6+e6/2 a5+c6/1 g5/.5 f5 | d6+f6/3 e6/.25 d6 c6 b5
    g#5+b5/1 b5+d6 d6+e6 e6+g#6 | e6/.25 d6 b5 g#5 e5/1 r/1 e5/.25 g#5 b5 e6
"""
_PAD = """
    c4+e4+g4/4 | c4+e4+f4/4 | b3+e4+f4/4 | b3+e4+g4/4
    a3+c4+e4/4 | a3+d4+f4/4 | g#3+d4+e4/4 | g#3+b3+d4/4
"""
_BRASS = """
    r/3.5 a4+c5+e5!'/.5 | r/4 | r/2.5 d4+f4+b4!'/.25 r/.25 d4+f4+b4/1
    r/3 g4+b4+e5!'/.25 r/.25 g4+c5+e5/.5
    r/4 | r/1.5 a4+d5+f5!'/.5 r/.5 a4+d5+f5/1.5 | r/4
    e4+g#4+d5!'/.25 r e4+g#4+d5'/.25 r/.75 g#4+d5+e5!'/.5 r/.25 b4+d5+g#5/1.25
"""
_RHODES = """
    r/.75 g4+c5+e5/.5 r/1 g4+c5'/.25 r/1.5 | r/.75 e4+a4+c5/.5 r/.5 f4+a4+c5/.75 r/1.5
    r/.75 e4+b4+d5/.5 r/1 f4+b4'/.25 r/1.5 | r/.75 e4+b4+d5/.5 r/.5 g4+b4+e5/1 r/1.25
    r/.75 e4+a4+c5/.5 r/1 e4+a4'/.25 r/1.5 | r/.75 f4+a4+d5/.5 r/.5 f4+b4+d5/1 r/1.25
    r/.75 d4+g#4+b4/.5 r/1 e4+g#4'/.25 r/1.5 | r/4
"""
_SCRATCH = {
    "a": "e4+a4+c5",
    "d": "f4+a4+c5",
    "g": "f4+b4+d5",
    "c": "e4+g4+b4",
    "f": "e4+a4+c5",
    "b": "f4+a4+d5",
    "e": "e4+g#4+d5",
}


def _guitar() -> Part:
    """Muted sixteenths: the hand never stops, some strokes ring."""
    rhythms = ("x.ox..xo.xo.x.oo", "x.oxo.x..xo.xxo.")
    notes = []
    for bar, root in enumerate("adgcfbee"):
        for step, sign in enumerate(rhythms[bar % 2]):
            if sign != ".":
                mark = "!" if sign == "x" else "?"
                notes += line(f"{_SCRATCH[root]}{mark}'/.25", bar * 4 + step / 4, 84, 1.4)
    return Part("guitar", 28, tuple(notes), timing_ms=4)


def _drums() -> Part:
    hats = ("x.,.x.,.x.,.x.,.", "x,,,x.,.x.,.x,,.")
    closed = "".join(hats[bar % 2] for bar in range(7)) + "x.,.x.,........."
    notes = grid("X..." * 32, KICK) + grid("....x.......x..." * 7 + "....x...xxxX....", SNARE)
    notes += grid("....x.......x..." * 8, CLAP) + grid("..x." * 30, OPEN_HAT)
    notes += grid(closed, CLOSED_HAT) + grid("X", CRASH) + grid("x", CRASH, 16)
    notes += (
        grid("x.x.", HIGH_TOM, 30.5, 0.25) + grid("xx", MID_TOM, 31) + grid("xX", LOW_TOM, 31.5)
    )
    return Part("drums", 0, tuple(notes), drums=True, timing_ms=3, touch=5)


def _percussion() -> Part:
    notes = grid("o,x,o,x,o,x,o,xo" * 8, TAMBOURINE)
    notes += grid("o..,o..xo..,o.x." * 8, MUTE_CONGA) + grid("......x.......xx" * 8, OPEN_CONGA)
    notes += grid("...........x...." * 8, LOW_CONGA)
    return Part("percussion", 0, tuple(notes), drums=True, timing_ms=6, touch=8)


def _wah(sound: Stereo) -> Stereo:
    """Rock the pedal once in two beats."""
    return wah(sound, np.maximum(310.0, pedal(len(sound), _BPM / 60 / 2)))


def arrangement() -> Arrangement:
    """Return the score and its mix."""
    strings = line(_STRINGS, velocity=92, legato=1.0)
    octave_below = [replace(n, pitch=n.pitch - 12, velocity=n.velocity - 12) for n in strings]
    return Arrangement(
        title="Mirror Ball Avenue",
        tempo=Tempo(_BPM),
        strips=(
            Strip(_drums(), 3.0, room=0.1, effects=(partial(saturate, drive_db=4),)),
            Strip(_percussion(), -6.0, pan=0.3, room=0.15),
            Strip(
                Part("bass", 33, tuple(line(_BASS, velocity=104, legato=0.75)), timing_ms=3),
                1.0,
                room=0.02,
                effects=(partial(compress, threshold_db=-30, ratio=3),),
            ),
            Strip(_guitar(), -3.0, pan=-0.5, effects=(partial(highpass, hertz=250), _wah)),
            Strip(
                Part("electric piano", 4, tuple(line(_RHODES, velocity=88))),
                -6.0,
                pan=0.4,
                effects=(chorus,),
            ),
            Strip(
                Part("strings", 48, tuple(strings + octave_below), timing_ms=9),
                -0.5,
                room=0.4,
                effects=(partial(highpass, hertz=220), partial(high_shelf, hertz=3000, gain_db=4)),
            ),
            Strip(Part("pad", 48, tuple(line(_PAD, velocity=70))), -10.0, room=0.4),
            Strip(
                Part("brass", 61, tuple(line(_BRASS, velocity=104)), timing_ms=7),
                -2.0,
                pan=0.15,
                room=0.2,
            ),
        ),
        seconds=16.6,
        seed=54,
        note="Four on the floor, open hats, octave bass, wah guitar, strings and brass stabs.",
        room_decay=1.2,
        room_brightness=0.6,
        master=(
            partial(highpass, hertz=35),
            partial(compress, threshold_db=-18, ratio=2.2),
            partial(saturate, drive_db=5),
            partial(lowpass, hertz=15000),
        ),
    )
