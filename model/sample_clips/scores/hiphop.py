"""Hip-hop: a boom-bap beat at 91, sampled-sounding keys and horn over a sub bass."""

from functools import partial

import numpy as np

from model.sample_clips.dynamics import compress, duck, saturate
from model.sample_clips.filters import RATE, Stereo, bandpass, high_shelf, highpass, lowpass
from model.sample_clips.mixer import Arrangement, Strip
from model.sample_clips.notation import CLAP, CLOSED_HAT, KICK, OPEN_HAT, SNARE, grid, line
from model.sample_clips.score import Note, Part, PlayedNote, Tempo, swing
from model.sample_clips.space import chorus, echo

_BPM = 91.0
# Dm9 | Bbmaj7 | Gm9 | A7#5 | Dm9 | Bbmaj7
_KEYS = """
    d3+c4+f4+a4+e5/1.5 c4+f4+a4?/.5 r/.5 e5?/.25 f5 a4+c5/1
    bb2+a3+d4+f4+c5/2 r/.5 f4+a4?/.5 d5/.5 c5
    g2+bb3+d4+f4+a4/1.5 a4/.25 bb4? d5/1 f4+a4/1 | a2+g3+c#4+f4/2 c#5/.5 f5 g5?/1
    d3+c4+f4+a4+e5/1.5 c4+f4+a4?/.5 r/1 e5/.25 d5 c5 a4 | bb2+a3+d4+f4+c5/3 a4?/1
"""
_HORN = """
    r/4 | r/2.5 a4/.25 c5 d5<1~/1 | r/4 | r/2 f5/.25 e5 c#5 a4 r/1
    a4<1~/1.5 r/.5 c5/.25 d5 f5/.5 e5/.25 c5/.75 | d5~/1.5 r/2.5
"""
_SUB = """
    d1/1.25 r/.5 d1/.25 r/.5 d1/.5 f1/.5 a1/.5 | bb0/1.25 r/.75 bb0/.5 bb0/.5 d1/.5 f1/.5
    g1/1.25 r/.5 g1/.25 r/.5 g1/.5 f1/.5 d1/.5 | a0/1.25 r/.75 a0/.75 a0/.25 c#1/.5 e1/.5
    d1/1.25 r/.5 d1/.25 r/.5 d1/.5 f1/.5 a1/.5 | bb0/1.25 r/.75 bb0/.5 c1/.5 d1/1
"""
_STRINGS = "r/16 | f5+a5/2 e5+a5 | d5+f5/2 d5+a5"
_KICKS = "X.....X...X..x.." + "X..x......X....." + "X.....X...X..x.." + "X..x..x...X...x."
_KICKS += "X.....X...X..x.." + "X..x......X....."


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
    keys = Part("keys", 4, tuple(line(_KEYS, velocity=84, legato=1.0)), timing_ms=9, delay_ms=14)
    horn = Part("muted trumpet", 59, tuple(line(_HORN, velocity=88)), timing_ms=10, delay_ms=18)
    crush = (partial(saturate, drive_db=12), partial(high_shelf, hertz=5000, gain_db=-1))
    return Arrangement(
        title="Basement Loop",
        tempo=tempo,
        strips=(
            Strip(_drums(), 4.0, room=0.05, effects=crush),
            Strip(_hats(), -9.0, pan=0.15, room=0.08),
            Strip(_acoustic_drums(), 0.0, room=0.12, effects=(_sampler, *crush)),
            Strip(
                Part("sub bass", 38, tuple(line(_SUB, velocity=104)), timing_ms=2),
                2.5,
                room=0.0,
                effects=(pump,),
                instrument=_sine_bass,
            ),
            Strip(keys, 0.0, pan=-0.1, room=0.12, effects=(chorus, _sampler, pump)),
            Strip(
                horn,
                -3.5,
                pan=0.25,
                room=0.3,
                effects=(
                    _sampler,
                    partial(echo, seconds=0.75 * 60 / _BPM, feedback=0.4, mix=0.3, cutoff=3000),
                ),
            ),
            Strip(
                Part("strings", 48, tuple(line(_STRINGS, velocity=84))),
                -6.0,
                pan=-0.3,
                room=0.3,
                effects=(_sampler, pump),
            ),
            Strip(Part("record", 0, (Note(0, 1, 60),)), -15.0, room=0.0, instrument=_vinyl),
        ),
        seconds=16.1,
        seed=91,
        note="Boom-bap drums, sine sub bass, keys and muted trumpet as from a record; no rapper.",
        room_decay=0.6,
        master=(
            partial(highpass, hertz=28),
            partial(compress, threshold_db=-18, ratio=2.5),
            partial(saturate, drive_db=7),
        ),
    )
