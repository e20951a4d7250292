"""Pop: a bright chorus at 108 in D, with synthesisers, guitar, choir and a side chain."""

from functools import partial

from model.sample_clips.dynamics import compress, duck, saturate
from model.sample_clips.filters import high_shelf, highpass, peaking
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
    strum,
)
from model.sample_clips.score import Note, Part, Tempo
from model.sample_clips.space import chorus, echo

_BPM = 108.0
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
_HARMONY = """
    r/4 | b4/.75 a4/.25 g4/.5 b4/1.5 r/1 | r/4 | c#5/2 a4/.5 b4 c#5/1
    d5/.5 d5 b4/.25 b4/.75 r/.25 f#4 b4/.5 d5 f#5 | g5/1.5 f#5/.5 e5 d5 b4 b4
    b4/.5 e5 g5/.75 f#5/.25 e5/.5 d5 b4 e5 | e5/2.5 r/.5 c#5/.5 e5
"""
_KICKS = "X.....X.X....x.." + "X.....X.X.x....." + "X.....X.X....x.." + "X.....X.X.x...x."
_KICKS = _KICKS + "X.....X.X....x.." + "X.....X.X.x....." + "X.....X.X....x.." + "X...X...X......."


def _arpeggio() -> list[Note]:
    order = (0, 2, 1, 3, 2, 1, 3, 2)
    notes: list[Note] = []
    for bar, chord in enumerate(_FORM):
        tones = _TRIADS[chord][1].split()
        for step in range(16):
            accent = "!" if step % 3 == 0 else "?"
            notes += line(f"{tones[order[step % 8]]}{accent}/.25", bar * 4 + step / 4, 84, 0.8)
    return notes


def _bass() -> list[Note]:
    rhythm = (
        "{0}/.75 {0}/.25 r/.5 {0} {0} {0}/.25 {1} {0}/.5 {1}",
        "{0}/.75 {0}/.75 {0}/.5 {1} {0} {1} {0}",
    )
    notes: list[Note] = []
    for bar, chord in enumerate(_FORM):
        root = _TRIADS[chord][0]
        upper = root[:-1] + str(int(root[-1]) + 1)
        notes += line(rhythm[bar % 2].format(root, upper), bar * 4, 100, 0.85)
    return notes


def _chords(length: float, marks: str, beats: tuple[float, ...]) -> list[Note]:
    notes: list[Note] = []
    for bar, chord in enumerate(_FORM):
        stack = "+".join(_TRIADS[chord][1].split())
        for beat in beats:
            notes += line(f"{stack}{marks}/{length}", bar * 4 + beat, 84, 0.97)
    return notes


def _guitar() -> list[Note]:
    down = strum(_chords(0.5, "", (0.0, 1.0, 1.5, 2.5, 3.0)))
    return down + strum(_chords(0.25, "?", (0.75, 2.25, 3.75)), 0.02, down=False)


def _drums() -> Part:
    snare = (
        "....X.......X..." * 3 + "....X.......X.ox" + "....X.......X..." * 3 + "....X...X.X.XXXX"
    )
    hats = "x.o.x.o.x.o.x.o." * 3 + "x.o.x.oox.o.x..." + "xoooxoooxoooxooo" * 3 + "x.o.x..........."
    notes = grid(_KICKS, KICK) + grid(snare, SNARE) + grid(hats, CLOSED_HAT)
    notes += grid("....x.......x..." * 8, CLAP) + grid("o,x,o,x," * 16, SHAKER)
    notes += grid("X", CRASH) + grid("X", CRASH, 16) + grid("x", OPEN_HAT, 15.5)
    return Part("drums", 16, tuple(notes), drums=True, timing_ms=2, touch=4)


def arrangement() -> Arrangement:
    """Return the score and its mix."""
    tempo = Tempo(_BPM)
    kicks = [tempo.seconds(note.start) for note in grid(_KICKS, KICK)]
    pump = partial(duck, hits=kicks, depth=0.55, recovery=0.26)
    air = partial(high_shelf, hertz=6000, gain_db=5)
    repeats = partial(echo, seconds=0.75 * 60 / _BPM, feedback=0.35, mix=0.25, cutoff=5000)
    tune = line(_TUNE, velocity=96)
    return Arrangement(
        title="Every Window Lit",
        tempo=tempo,
        strips=(
            Strip(_drums(), 4.0, room=0.08, effects=(partial(saturate, drive_db=6), air)),
            Strip(
                Part("synth bass", 38, tuple(_bass()), timing_ms=1),
                1.5,
                room=0.0,
                effects=(pump,),
            ),
            Strip(
                Part("pluck", 4, tuple(_arpeggio()), timing_ms=2),
                -4.0,
                pan=0.35,
                effects=(chorus, repeats, air),
            ),
            Strip(
                Part("acoustic guitar", 25, tuple(_guitar()), timing_ms=4),
                -3.0,
                pan=-0.5,
                effects=(partial(highpass, hertz=300), air),
            ),
            Strip(
                Part("pad", 89, tuple(_chords(4.0, "", (0.0,)))),
                -7.0,
                room=0.3,
                effects=(partial(highpass, hertz=250), chorus, pump),
            ),
            Strip(
                Part("choir lead", 53, tuple(tune), timing_ms=8),
                2.0,
                room=0.25,
                effects=(partial(peaking, hertz=2800, gain_db=5), air, repeats),
            ),
            Strip(
                Part("choir harmony", 52, tuple(line(_HARMONY, velocity=84)), timing_ms=14),
                -2.0,
                pan=-0.2,
                room=0.35,
                effects=(chorus, air),
            ),
            Strip(
                Part("lead", 81, tuple(tune), timing_ms=3),
                -6.0,
                pan=0.1,
                room=0.25,
                effects=(chorus, partial(highpass, hertz=300), repeats),
            ),
        ),
        seconds=18.4,
        seed=108,
        note="Drums, synth bass, plucks, guitar; a choir and a synthesiser instead of a singer.",
        room_decay=1.3,
        room_brightness=0.7,
        master=(
            partial(highpass, hertz=32),
            partial(compress, threshold_db=-18, ratio=2.5),
            partial(saturate, drive_db=6),
            partial(high_shelf, hertz=8000, gain_db=2),
        ),
    )
