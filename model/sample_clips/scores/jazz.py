"""Jazz: a medium-up quartet; the tenor saxophone plays the theme's last eight bars in F."""

from functools import partial

from model.sample_clips.dynamics import compress, saturate
from model.sample_clips.filters import high_shelf, highpass, lowpass, peaking
from model.sample_clips.mixer import Arrangement, Strip
from model.sample_clips.notation import KICK, PEDAL_HAT, RIDE, RIDE_BELL, SNARE, grid, line
from model.sample_clips.score import Part, Tempo, swing

# Gm7 C7 | Fmaj7 D7 | Gm7 C7 | Am7 D7 | Gm7 | C7 | F6 D7 | Gm7 C7 | F
_BASS = """
    g2/1 bb2 c3 e2/.67 f2/.33? | f2/1 a2 d3 c3 | g2 f2 e2 c2/.67 d2/.33? | a2/1 c3 d3 f#2
    g2 a2 bb2 d3 | c3 bb2 g2 e2/.67 g2/.33? | f2/1 a2 d3 f#2 | g2 d3 c3 e2 | f2/1 r/3
"""
_SAX = """
    r/.5 d5/.5 bb4/.5 g4 f#4 g4 a4<1! bb4 | c5~/1.5 a4/.5? f4 e4! r/1
    r/.5 f4/.5 g4 bb4 d5 f5 e5<1! d5? | c5/.5 e5? a4~/1 r/.5 f#4 a4 c5!
    d5<1~/1.5 bb4/.5 g4/1 r/.5 d5? | eb5/.33 d5 db5 c5/.5 bb4 g4 e4<1! c4 d4?
    f4/.5 a4 c5! d5~/1.5 c5/.5 a4? | bb4/.5 d5 f5 a5<1!/1 g5/.5 e5 c5? | a4<1~/3
"""
_PIANO = """
    r/.5 f3+bb3+d4/.5' r/1.5 e3+bb3+d4/1 r/.5 | r/1.5 e3+a3+c4+g4/1 r/.5 f#3+c4+e4/.5' r/.5
    r/1 f3+bb3+d4/.5' r/1 e3+a3+d4/.5' r/1 | r/.5 g3+c4+e4/1.5 r/.5 f#3+c4+eb4/.5' r/1
    f3+a3+bb3+d4/1 r/1.5 f3+bb3+d4/.5' r/1
    r/.5 e3+bb3+d4/.5' r/.5 e3+bb3+d4/.5 r/1 e3+a3+c#4/.5 r/.5
    r/1.5 a3+d4+g4/1.5 r/.5 f#3+c4+eb4/.5 | r/1 f3+bb3+d4/.5' r/1 e3+bb3+db4/1 r/.5
    e3+a3+c4+g4/3
"""


def _drums() -> Part:
    third = 1 / 3
    # The ride's swung pattern, one beat a group; the bars differ as a drummer's do.
    ride = "x..x.ox..x.o" * 2 + "x..x.ox.ox.o" + "x..x.ox..x.." + "x..x.ox..x.o" * 2
    ride += "x..x.ox.ox.o" + "x..x.ox..X.." + "X..........."
    comp = "........,..." + ".....x......" + "..o......,.." + ".....o..x..x"
    comp += "...........," + "..x.....o..." + "............" + "..x.xx.oX.xX" + "x..........."
    feather = ",..,..,..,.." * 7 + ",..,..,..x.x" + "x..........."
    notes = grid(ride, RIDE, step=third) + grid(comp, SNARE, step=third)
    notes += grid(feather, KICK, step=third)
    notes += grid("...o.....o.." * 8, PEDAL_HAT, step=third) + grid("x", RIDE_BELL, start=16)
    return Part("drums", 32, tuple(notes), drums=True, timing_ms=7, touch=8, straight=True)


def arrangement() -> Arrangement:
    """Return the score and its mix."""
    bass = Part("double bass", 32, tuple(line(_BASS, velocity=100)), delay_ms=-4, straight=True)
    sax = Part("tenor saxophone", 66, tuple(line(_SAX, velocity=94)), timing_ms=10, delay_ms=22)
    piano = Part("piano", 0, tuple(line(_PIANO, velocity=70)), timing_ms=9, delay_ms=8)
    return Arrangement(
        title="Corner Table",
        tempo=Tempo(132, swing(0.63)),
        strips=(
            Strip(
                _drums(),
                -3.0,
                pan=0.12,
                room=0.25,
                effects=(partial(highpass, hertz=60), partial(high_shelf, hertz=3500, gain_db=-6)),
            ),
            Strip(bass, 2.0, room=0.08, effects=(partial(peaking, hertz=900, gain_db=3),)),
            Strip(piano, -4.0, pan=-0.4, room=0.22),
            Strip(
                sax,
                1.5,
                pan=0.15,
                room=0.3,
                effects=(partial(lowpass, hertz=4200), partial(saturate, drive_db=5)),
            ),
        ),
        seconds=16.6,
        seed=32,
        note="Tenor saxophone, piano, double bass and drums over the chords of a standard's end.",
        room_decay=1.1,
        room_brightness=0.4,
        master=(
            partial(highpass, hertz=35),
            partial(compress, threshold_db=-18, ratio=1.6),
            partial(high_shelf, hertz=5000, gain_db=-3),
        ),
    )
