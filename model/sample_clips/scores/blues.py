"""Blues: the last eight bars of a shuffle in A, for two electric guitars, bass and a voice."""

from functools import partial

from model.sample_clips.dynamics import compress, saturate
from model.sample_clips.filters import high_shelf, highpass, lowpass
from model.sample_clips.guitar import amplifier
from model.sample_clips.mixer import Arrangement, Strip
from model.sample_clips.notation import line
from model.sample_clips.score import Part, Tempo, swing
from model.sample_clips.voice import voice

# IV IV I I | V IV I V, one bar of four beats each
_BASS = """
    d2/.5 d2? f#2 f#2? a2 a2? b2 b2? | c3/1 b2 a2 f#2/.5 g#2?
    a2/.5 a2? c#3 c#3? e3 e3? f#3 f#3? | g3/1 f#3 e3 c#3/.5 d#3?
    e3/.5 e3? g#2 g#2? b2 b2? c#3 d3? | d2/1 f#2 a2 c3/.5 c#3?
    a2/1 g3/.5 e3? f#3/1 d3/.5 d#3? | e3/1 e2/.5 e2? b2/1 g#2/.5 b2?
"""
_LEAD = """
    r/.5 a4/.5 c5/.5 d5<2~/1.5 c5/.5 a4/.5 | r/.5 e5<2!~/1 d5/.5 c5/.5 a4 g4<1 a4~/.5
    a4~/1.5 r/1 e5/.5 g5<2! e5 | d5/.5 c#5<1 a4/1~ r/1 g4/.5 a4?
    b4<2/1~ e5!/.5 d5 b4 g4<1 e4/1~ | a4/.5 c5 d5<2! c5 a5!~/1.5 g5/.5
    e5<1/.5 c#5 a4 g4 e4<1/.5 g4 a4~/1 | r/.5 b4<2! d5 e5 g#5<1!/1 e5~/1
"""
_BOOGIE = {
    "a": "a2+e3/.5' a2+e3? a2+f#3' a2+f#3? a2+g3' a2+g3? a2+f#3' a2+f#3?",
    "d": "d3+a3/.5' d3+a3? d3+b3' d3+b3? d3+c4' d3+c4? d3+b3' d3+b3?",
    "e": "e3+b3/.5' e3+b3? e3+c#4' e3+c#4? e3+d4' e3+d4? e3+c#4' e3+c#4?",
}
_VOICE = """
    r/.5 a3/.5 c4<1/1 a3/.5 c4/.5 d4<1~/1 | c4/.5 a3 g3 a3~/2.5
    r/.5 c#4/.5 e4<2/1 c#4/.5 a3 g3~/1 | a3~/2 r/2
    r/.5 e4<2/1 d4/.5 b3 g#3 b3~/1 | r/.5 a3/.5 c4<1/1 a3/.5 g3 e3~/1
    r/.5 c#4<1/.5 a3 g3 a3~/2 | r/4
"""
_SYLLABLES = "wa no ba ta mo na la da wo ba na lo"


def arrangement() -> Arrangement:
    """Return the score and its mix."""
    tempo = Tempo(112, swing(0.66))
    boogie = "".join(_BOOGIE[chord] + " " for chord in "ddaaedae")
    lead = Part("lead guitar", 27, tuple(line(_LEAD, velocity=98)), timing_ms=11, delay_ms=12)
    return Arrangement(
        title="Late Shift Shuffle",
        tempo=tempo,
        strips=(
            Strip(Part("bass", 33, tuple(line(_BASS, velocity=96)), delay_ms=6), -2.0, room=0.04),
            Strip(
                Part("rhythm guitar", 27, tuple(line(boogie, velocity=84))),
                1.0,
                pan=-0.5,
                effects=(partial(amplifier, drive_db=14),),
            ),
            Strip(
                Part("voice", 53, tuple(line(_VOICE, velocity=96)), timing_ms=14, delay_ms=16),
                -5.0,
                room=0.2,
                effects=(
                    partial(compress, threshold_db=-30, ratio=3),
                    partial(saturate, drive_db=10),
                ),
                instrument=partial(voice, syllables=_SYLLABLES, fall=0.6),
            ),
            Strip(lead, 1.0, pan=-0.08, room=0.25, effects=(partial(amplifier, drive_db=21),)),
        ),
        seconds=17.6,
        seed=12,
        note="Two electric guitars and bass, no drums; a synthetic voice sings syllables.",
        room_decay=0.8,
        master=(
            partial(highpass, hertz=35),
            partial(compress, threshold_db=-20, ratio=2.2),
            partial(saturate, drive_db=4),
            partial(high_shelf, hertz=5000, gain_db=-4),
            partial(lowpass, hertz=11000),
        ),
    )
