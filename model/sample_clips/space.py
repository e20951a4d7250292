"""Rooms and movement: reverb, echo, chorus and the rotary loudspeaker."""

from functools import lru_cache

import numpy as np
from scipy import signal

from model.sample_clips.filters import RATE, Mono, Stereo, bandpass, highpass, lowpass


@lru_cache(maxsize=16)
def _room(decay: float, brightness: float, seed: int) -> Stereo:
    """Return an impulse response: noise that dies away, the treble sooner than the bass."""
    rng = np.random.default_rng(seed)
    t = np.arange(int(1.3 * decay * RATE)) / RATE
    noise = rng.standard_normal((len(t), 2))
    bands = (
        (lowpass(highpass(noise, 120), 500), decay),
        (bandpass(noise, 500, 3000), 0.85 * decay),
        (highpass(noise, 3000), brightness * decay),
    )
    # 60 dB down after the decay time
    tail: Stereo = sum(
        (band * np.exp(-6.91 * t / seconds)[:, None] for band, seconds in bands),
        start=np.zeros_like(noise),
    )
    tail *= np.minimum(1.0, t / 0.012)[:, None]  # the room answers gradually
    for _ in range(9):  # early reflections off the walls
        at = int(rng.uniform(0.006, 0.045) * RATE)
        tail[at] += rng.uniform(-1, 1, 2) * 14.0
    return tail / np.sqrt((tail**2).sum())


def reverb(
    sound: Stereo, decay: float, brightness: float = 0.45, predelay: float = 0.012, seed: int = 7
) -> Stereo:
    """Return the sound of a room alone, without the dry sound.

    Parameters
    ----------
    decay : float
        Seconds until the room is 60 dB down.
    brightness : float
        Share of that time which the treble lasts.
    predelay : float
        Seconds before the room answers.
    """
    wet = signal.fftconvolve(sound, _room(decay, brightness, seed), axes=0)[: len(sound)]
    shift = int(predelay * RATE)
    return np.concatenate([np.zeros((shift, 2)), wet[: len(wet) - shift]])


def echo(sound: Stereo, seconds: float, feedback: float, mix: float, cutoff: float) -> Stereo:
    """Add repeats that grow darker and change sides, as a tape echo does."""
    out, repeat = sound.copy(), sound
    shift = int(seconds * RATE)
    gain = mix
    while gain > 0.02:
        repeat = lowpass(highpass(repeat, 180, 1), cutoff, 1)[:, ::-1]
        repeat = np.concatenate([np.zeros((shift, 2)), repeat[:-shift]])
        out += gain * repeat
        gain *= feedback
    return out


def _delayed(channel: Mono, delay: Mono) -> Mono:
    """Read a channel with a delay (seconds) that changes from sample to sample."""
    at = np.arange(len(channel))
    return np.interp(at - delay * RATE, at, channel)


def chorus(sound: Stereo, rate: float = 0.6, depth: float = 0.0025, mix: float = 0.5) -> Stereo:
    """Add a copy whose delay wanders, in opposite directions left and right."""
    t = np.arange(len(sound)) / RATE
    wander = depth * np.sin(2 * np.pi * rate * t)
    copies = [_delayed(sound[:, 0], 0.012 + wander), _delayed(sound[:, 1], 0.012 - wander)]
    return sound * (1 - mix / 2) + mix * np.stack(copies, axis=1)


def narrow(sound: Stereo, width: float) -> Stereo:
    """Bring the sides closer: 1 leaves them, 0 makes both the same."""
    middle = sound.mean(axis=1, keepdims=True)
    return middle + width * (sound - middle)


def rotary(sound: Stereo, rate: float) -> Stereo:
    """Turn the sound as an organ's rotating loudspeaker: pitch, level and side move together."""
    t = np.arange(len(sound)) / RATE
    angle = 2 * np.pi * rate * t
    mono = sound.mean(axis=1)
    horn = highpass(mono[:, None], 700, 1)[:, 0]
    drum = mono - horn
    sides = []
    for phase in (0.0, np.pi / 2):
        turn = np.sin(angle + phase)
        moving = _delayed(horn, 0.002 + 0.00035 * turn) * (1 + 0.35 * turn)
        sides.append(moving + drum * (1 + 0.12 * np.sin(0.85 * angle + phase)))
    return np.stack(sides, axis=1)
