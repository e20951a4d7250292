"""From an arrangement to a finished clip: play, treat, place, mix, master."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from model.sample_clips import dynamics
from model.sample_clips.filters import RATE, Stereo, decibels
from model.sample_clips.fluid import render
from model.sample_clips.score import Part, PlayedNote, Tempo, play
from model.sample_clips.space import reverb

Effect = Callable[[Stereo], Stereo]
# Makes the sound of played notes that lasts some seconds
Instrument = Callable[[list[PlayedNote], float], Stereo]

STEM_RMS_DB = -24.0  # every part is brought to this before its fader


@dataclass(frozen=True)
class Strip:
    """One channel of the desk: a part, its effects, fader, place and share of the room."""

    part: Part
    fader_db: float = 0.0
    pan: float = 0.0  # -1 left, 1 right
    room: float = 0.15
    effects: tuple[Effect, ...] = ()
    instrument: Instrument | None = None  # instead of the sound font


@dataclass(frozen=True)
class Arrangement:
    """A score with its mix."""

    title: str
    tempo: Tempo
    strips: tuple[Strip, ...]
    seconds: float
    seed: int
    note: str
    room_decay: float = 0.9
    room_brightness: float = 0.45
    master: tuple[Effect, ...] = field(default=())
    fade_out: float = 1.2
    start: float = 0.0  # seconds at the head that are left out


def _level(sound: Stereo) -> Stereo:
    """Bring a part to the common level, measured where it sounds."""
    loud = dynamics.level(sound, 50.0)
    sounding = loud[loud > 0.03 * loud.max()]
    current = 20 * np.log10(np.sqrt(np.mean(sounding**2)))
    return sound * decibels(STEM_RMS_DB - current)


def _pan(sound: Stereo, pan: float) -> Stereo:
    """Place a sound at equal power, keeping some of its own width."""
    angle = (pan + 1) * np.pi / 4
    gains = np.array([np.cos(angle), np.sin(angle)]) * np.sqrt(2)
    return sound * gains


def _strip(strip: Strip, tempo: Tempo, seconds: float, rng: np.random.Generator) -> Stereo:
    notes = play(strip.part, tempo, rng)
    if strip.instrument is not None:
        sound = strip.instrument(notes, seconds)
    else:
        sound = render(notes, strip.part.program, strip.part.drums, seconds)
    for effect in strip.effects:
        sound = effect(sound)
    return _pan(_level(sound), strip.pan) * decibels(strip.fader_db)


def mix(arrangement: Arrangement) -> Stereo:
    """Return the finished clip; shape (samples, 2) at RATE.

    Each part has its own random stream, so that a change in one does not move
    the others.
    """
    length = arrangement.start + arrangement.seconds
    streams = np.random.default_rng(arrangement.seed).spawn(len(arrangement.strips))
    dry = np.zeros((int(length * RATE), 2))
    send = np.zeros_like(dry)
    for strip, rng in zip(arrangement.strips, streams, strict=True):
        sound = _strip(strip, arrangement.tempo, length, rng)
        dry += sound
        send += strip.room * sound
    mixed = dry + reverb(send, arrangement.room_decay, arrangement.room_brightness)
    for effect in arrangement.master:
        mixed = effect(mixed)
    mixed = mixed[int(arrangement.start * RATE) :]
    return dynamics.normalise(dynamics.fade(mixed, 0.01, arrangement.fade_out))
