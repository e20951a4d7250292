"""Hip-hop: a boom-bap beat at 91, piano and string stabs over a sub bass, and a rapping voice."""

from functools import partial

import numpy as np

from model.sample_clips.dynamics import compress, duck, saturate
from model.sample_clips.filters import (
    RATE,
    Stereo,
    bandpass,
    high_shelf,
    highpass,
    lowpass,
    peaking,
)
from model.sample_clips.mixer import Arrangement, Strip
from model.sample_clips.notation import CLAP, CLOSED_HAT, KICK, OPEN_HAT, SNARE, grid, line
from model.sample_clips.score import Note, Part, PlayedNote, Tempo, swing
from model.sample_clips.voice import voice

_BPM = 91.0
# D minor throughout, over two bars that a sampler would repeat
_PIANO = """
    d4+d5/.75' a4+a5/.25' bb4+bb5/1' r/.5 a4+a5/.5' f4+f5/.5' e4+e5/.5'
    d4+d5/.75' a4+a5/.25' bb4+bb5/1' r/.5 c5+c6/.5' bb4+bb5/.5' a4+a5/.5'
"""
_STABS = """
    r/3.5 d3+d4+f4+a4!'/.5 | r/2 d3+d4+f4+a4!'/.5 r/1 c#3+e4+g4!'/.5
    r/3.5 d3+d4+f4+a4!'/.5 | r/2 bb2+d4+f4+bb4!'/.5 r/1 a2+c#4+e4!'/.5
    r/3.5 d3+d4+f4+a4!'/.5 | r/2 d3+d4+f4+a4!'/.5 r/1 c#3+e4+g4!'/.5
"""
_SUB = """
    d1/1.25 r/.5 d1/.25 r/.5 d1/.5 f1/.5 a1/.5 | bb0/1.25 r/.75 bb0/.5 bb0/.5 a0/.5 c1/.5
    d1/1.25 r/.5 d1/.25 r/.5 d1/.5 f1/.5 d1/.5 | bb0/1.25 r/.75 a0/.75 a0/.25 c#1/.5 e1/.5
    d1/1.25 r/.5 d1/.25 r/.5 d1/.5 f1/.5 a1/.5 | bb0/1.25 r/.75 bb0/.5 c1/.5 d1/1
"""
# Where a rapper's syllables fall: sixteenths with a breath before the bar's end
_RAP = """
    c3/.25 c3? d3! c3? c3 a2? c3! c3? d3/.5! c3/.25 c3? eb3!/.5 r/.5
    c3/.25? c3 d3! c3? c3/.5 c3/.25 d3? c3! c3? a2 c3? d3/.5! a2/.5~
    r/.25 c3 c3? d3! c3 c3? d3! c3? c3 c3? eb3! c3? d3/.5! r/.5
    c3/.25 c3? d3! c3 r c3 eb3! c3? d3/.5! c3/.25 c3? a2/.75! r/.25
    c3/.25 d3! c3? c3 d3! c3? c3 d3! c3? c3 eb3/.5! c3/.25 c3? d3/.5!
    r/.25 c3 d3! c3? c3 c3? d3/.5! c3/.25 c3? d3! c3? a2/1!
"""
_SYLLABLES = "da ki ta bo ti ka do ba se ta ki do pa ti ko be da tu ka mi so ta"
_KICKS = "X.....X...X..x.." + "X..x......X....." + "X.....X...X..x.." + "X..x..x...X...x."
_KICKS += "X.....X...X..x.." + "X..x......X....."


_MICROPHONE = (
    partial(highpass, hertz=110),
    partial(compress, threshold_db=-30, ratio=4, milliseconds=8),
    partial(saturate, drive_db=8),
    partial(peaking, hertz=3200, gain_db=3),
)


def _drums() -> Part:
    snare = "....X.......X..," * 3 + "....X..,.,..X.xx" + "....X.......X..," + "....X.......X.x."
    notes = grid(_KICKS, KICK) + grid(snare, SNARE) + grid("............o..." * 6, CLAP)[1::2]
    return Part("drums", 25, tuple(notes), drums=True, timing_ms=4, delay_ms=3, touch=6)


def _hats() -> Part:
    bars = ("x.o.x.oox.o.x.o.", "x.o.xoo.x.o.x...")
    notes = grid("".join(bars[bar % 2] for bar in range(6)), CLOSED_HAT)
    notes += grid("..............x." * 6, OPEN_HAT)[1::2]
    return Part("hats", 16, tuple(notes), drums=True, timing_ms=5, touch=9)


def _acoustic_drums() -> Part:
    """A dusty second kit under the first, as producers layer them."""
    notes = grid(_KICKS, KICK) + grid("....X.......X..." * 6, SNARE)
    return Part("break", 16, tuple(notes), drums=True, timing_ms=4, delay_ms=6)


def _sine_bass(notes: list[PlayedNote], seconds: float) -> Stereo:
    """Play a sine with a soft attack and a touch of its third harmonic, as an 808 does."""
    sound = np.zeros(int(seconds * RATE) + RATE)
    for note in notes:
        t = np.arange(int((note.end - note.start + 0.12) * RATE)) / RATE
        hertz = 440.0 * 2 ** ((note.pitch + 12 - 69) / 12)
        phase = 2 * np.pi * hertz * (t + 0.006 * (1 - np.exp(-t / 0.02)))
        held = np.minimum(1.0, t / 0.006) * np.exp(-1.1 * t)
        held *= np.clip((note.end - note.start + 0.12 - t) / 0.1, 0.0, 1.0)
        first = int(note.start * RATE)
        sound[first : first + len(t)] += held * np.tanh(1.6 * np.sin(phase)) * note.velocity / 127
    mono = sound[: int(seconds * RATE)]
    return lowpass(np.stack([mono, mono], axis=1), 900)


def _sampler(sound: Stereo) -> Stereo:
    """Make it sound taken from a record: 12 bits, a narrow band, a slow waver of the pitch."""
    peak = np.abs(sound).max()
    coarse = np.round(sound / peak * 2**11) / 2**11 * peak
    at = np.arange(len(sound))
    wow = 14.0 * np.sin(2 * np.pi * 0.55 * at / RATE)  # samples
    wavering = np.stack([np.interp(at + wow, at, channel) for channel in coarse.T], axis=1)
    return lowpass(highpass(wavering, 140), 6500)


def _vinyl(_: list[PlayedNote], seconds: float) -> Stereo:
    """Make the crackle and hiss of a played record."""
    rng = np.random.default_rng(1979)
    length = int(seconds * RATE)
    crackle = np.zeros((length, 2))
    at = rng.integers(0, length, int(26 * seconds))
    crackle[at] = rng.exponential(1.0, (len(at), 1)) * rng.uniform(0.4, 1.0, (len(at), 2))
    return bandpass(crackle, 900, 8000) + 0.012 * highpass(rng.standard_normal((length, 2)), 2000)


def arrangement() -> Arrangement:
    """Return the score and its mix."""
    tempo = Tempo(_BPM, swing(0.58, 0.25))
    kicks = [tempo.seconds(note.start) for note in grid(_KICKS, KICK)]
    pump = partial(duck, hits=kicks, depth=0.5, recovery=0.22)
    rap = Part("voice", 53, tuple(line(_RAP, velocity=96, legato=0.9)), timing_ms=7, delay_ms=10)
    ends = [n for n in rap.notes if n.velocity > 110]
    piano = Part("piano", 0, tuple(line(_PIANO * 3, velocity=96)), timing_ms=3)
    stabs = Part("strings", 48, tuple(line(_STABS, velocity=108)), timing_ms=4)
    crush = (partial(saturate, drive_db=12), partial(high_shelf, hertz=5000, gain_db=-1))
    return Arrangement(
        title="Basement Loop",
        tempo=tempo,
        strips=(
            Strip(_drums(), 5.0, room=0.03, effects=crush),
            Strip(_hats(), -8.0, pan=0.15, room=0.03),
            Strip(_acoustic_drums(), 0.0, room=0.06, effects=(_sampler, *crush)),
            Strip(
                Part("sub bass", 38, tuple(line(_SUB, velocity=104)), timing_ms=2),
                4.0,
                room=0.0,
                effects=(pump,),
                instrument=_sine_bass,
            ),
            Strip(piano, -5.0, pan=-0.1, room=0.05, effects=(_sampler, pump)),
            Strip(stabs, -5.0, pan=0.2, room=0.1, effects=(_sampler,)),
            Strip(
                rap,
                3.0,
                room=0.04,
                effects=_MICROPHONE,
                instrument=partial(voice, syllables=_SYLLABLES, fall=3.0),
            ),
            Strip(
                Part("second voice", 53, tuple(ends), timing_ms=14, delay_ms=16),
                -5.0,
                pan=0.4,
                room=0.1,
                effects=_MICROPHONE,
                instrument=partial(voice, syllables="da ta ka", fall=2.5),
            ),
            Strip(Part("record", 0, (Note(0, 1, 60),)), -15.0, room=0.0, instrument=_vinyl),
        ),
        seconds=16.1,
        seed=91,
        note="Boom-bap drums, sine sub bass, piano and strings; a synthetic voice raps syllables.",
        room_decay=0.6,
        master=(
            partial(highpass, hertz=28),
            partial(compress, threshold_db=-18, ratio=3),
            partial(saturate, drive_db=9),
        ),
    )
