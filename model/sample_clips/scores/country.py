"""Country: a train beat in G with picked guitar, fiddle, steel guitar and banjo."""

from functools import partial

from model.sample_clips.dynamics import compress, saturate
from model.sample_clips.filters import high_shelf, highpass, lowpass, peaking
from model.sample_clips.guitar import amplifier
from model.sample_clips.mixer import Arrangement, Strip
from model.sample_clips.notation import (
    BRUSH_SLAP,
    CRASH,
    KICK,
    PEDAL_HAT,
    SNARE,
    grid,
    line,
    strum,
)
from model.sample_clips.score import Note, Part, Tempo, swing

_CHORDS = {
    "g": ("g2 d2", "g3+b3+d4+g4"),
    "c": ("c3 g2", "g3+c4+e4+g4"),
    "d": ("d3 a2", "a3+d4+f#4"),
    "e": ("e2 b2", "g3+b3+e4+g4"),
}
_FORM = "g c g d | e c d g".replace("|", "").split()
_FIDDLE = """
    r/4 | r/2 e5/.5 g5 a5 e5 | d5<1~/1.5 b4/.5 d5 e5 g5<1 b5 | a5~/2 f#5/.5 e5 d5 b4
    e5<1/.5 g5 b5! a5 g5 e5 d5 e5 | g5<1~/1.5 e5/.5 c5 d5 e5 g5
    f#5/.5 a5 d6<1! c6 b5 a5 f#5 d5 | g5<1~/1 b5/.5 a5 g5~/2
"""
_STEEL = """
    b4+d5<2~/2 r/.5 d5+g5<2/1.5 | e5+g5>1~/1.5 r/2.5 | r/4 | r/2 f#4+a4<2/1 a4+d5<2
    r/4 | e4+g4<2~/3 r/1 | r/4 | r/1 b4+d5<2/1 b4+g5~/2
"""
_LEAD_GUITAR = """
    r/1 d4/.5' e4' g4 a4<1 b4 d5 | c5' a4' g4' e4' r/2 | r/4
    d4/.5' f#4 a4' d5 c5<1 a4 f#4 d4 | r/4 | r/2 c4/.5 e4' g4 a4<1
    r/4 | r/.5 b3' d4 e4 g4/2
"""
_ROLLS = {
    "g": "g4/.25 b4 d5 g4? b4? d5 g4? d5 b4 g4 d5 b4? g5 d5 b4 g4?",
    "c": "g4/.25 c5 e5 g4? c5? e5 g4? e5 c5 g4 e5 c5? g5 e5 c5 g4?",
    "d": "a4/.25 d5 f#5 a4? d5? f#5 a4? f#5 d5 a4 f#5 d5? a5 f#5 d5 a4?",
    "e": "g4/.25 b4 e5 g4? b4? e5 g4? e5 b4 g4 e5 b4? g5 e5 b4 g4?",
}


def _boom_chick() -> list[Note]:
    """Bass note, strum, other bass note, strum with an up-stroke: one bar a chord."""
    notes: list[Note] = []
    for bar, chord in enumerate(_FORM):
        low, high = _CHORDS[chord]
        first, second = low.split()
        notes += line(f"{first}/1 r {second} r", bar * 4, 92)
        notes += strum(line(f"r/1 {high}/.5 r/1.5 {high}/.5 {high}?/.5", bar * 4, 84))
    return notes


def _bass() -> list[Note]:
    walks = {3: "d3/1 r/.25 d3?/.75 d2 r/.25", 6: "d3/1 d3 c3 a2"}
    notes: list[Note] = []
    for bar, chord in enumerate(_FORM):
        first, second = _CHORDS[chord][0].split()
        walk = walks.get(bar, f"{first}/1' {first}?/1' {second}' {second}?'").replace("'", "")
        notes += line(walk, bar * 4, 96, legato=0.7)
    return notes


def _drums() -> Part:
    train = (
        "oox,oox,oox,ooxo" * 3 + "oox,oox,oxxxxxXx" + "oox,oox,oox,ooxo" * 3 + "oox,oox,x......."
    )
    kick = "x.......x......." * 3 + "x.......x..x...." + "x.......x......." * 4
    notes = grid(train, SNARE) + grid(kick, KICK) + grid("..o." * 31, PEDAL_HAT)
    notes += grid("....x.......x..." * 7, BRUSH_SLAP) + grid("o", CRASH, 16) + grid("x", CRASH, 30)
    return Part("drums", 40, tuple(notes), drums=True, timing_ms=5, touch=7)


def arrangement() -> Arrangement:
    """Return the score and its mix."""
    rolls = [n for bar in (2, 3, 4, 6) for n in line(_ROLLS[_FORM[bar]], bar * 4.0, 84)]
    fiddle = Part("fiddle", 110, tuple(line(_FIDDLE, velocity=92)), timing_ms=10)
    steel = Part("steel guitar", 27, tuple(line(_STEEL, velocity=84)), timing_ms=4)
    lead = Part("lead guitar", 27, tuple(line(_LEAD_GUITAR, velocity=98)), timing_ms=8)
    bright = partial(high_shelf, hertz=4000, gain_db=3)
    return Arrangement(
        title="Gravel Road Home",
        tempo=Tempo(118, swing(0.54, 0.25)),
        strips=(
            Strip(_drums(), 0.0, room=0.18),
            Strip(Part("bass", 33, tuple(_bass())), 1.5, room=0.03),
            Strip(
                Part("acoustic guitar", 25, tuple(_boom_chick()), timing_ms=5),
                0.0,
                pan=-0.35,
                effects=(partial(highpass, hertz=120), bright),
            ),
            Strip(Part("banjo", 105, tuple(rolls), timing_ms=5), -6.0, pan=0.5, room=0.12),
            Strip(
                fiddle,
                -2.0,
                pan=0.15,
                room=0.28,
                effects=(partial(peaking, hertz=1200, gain_db=-3), partial(lowpass, hertz=7000)),
            ),
            Strip(
                steel,
                -3.0,
                pan=0.35,
                room=0.4,
                effects=(
                    partial(compress, threshold_db=-34, ratio=5),
                    partial(highpass, hertz=200),
                ),
            ),
            Strip(lead, -1.0, pan=-0.2, room=0.2, effects=(partial(amplifier, drive_db=9),)),
        ),
        seconds=16.8,
        seed=41,
        note="Train beat on the snare, boom-chick guitar, fiddle, steel and twang guitar, banjo.",
        room_decay=0.9,
        master=(
            partial(highpass, hertz=40),
            partial(compress, threshold_db=-20, ratio=2.0),
            partial(saturate, drive_db=3),
        ),
    )
