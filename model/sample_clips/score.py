"""What a score is made of, and when each of its beats sounds."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

# Moves a beat of the written score to where it is played, in beats.
Feel = Callable[[float], float]


@dataclass(frozen=True)
class Note:
    """One note as written: times in beats, pitch and velocity as in MIDI."""

    start: float
    duration: float
    pitch: int
    velocity: int = 90
    scoop: float = 0.0  # semitones by which the note starts off its pitch and glides to it
    vibrato: bool = False


@dataclass(frozen=True)
class Part:
    """One instrument: a General MIDI program (0 to 127), or the drum kit."""

    name: str
    program: int
    notes: tuple[Note, ...]
    drums: bool = False
    timing_ms: float = 6.0  # standard deviation of a player's timing
    delay_ms: float = 0.0  # how far a player sits behind (or before) the beat
    touch: float = 6.0  # standard deviation of the velocity
    straight: bool = False  # written in triplets or played against the swing


@dataclass(frozen=True)
class Tempo:
    """Beats to seconds: a tempo, a feel (straight or swung) and a slow rubato."""

    bpm: float
    feel: Feel = float
    rubato: Callable[[float], float] | None = None  # seconds added at a beat

    def seconds(self, beat: float, straight: bool = False) -> float:
        """Return when a written beat sounds, in seconds; `straight` leaves out the feel."""
        played = (beat if straight else self.feel(beat)) * 60.0 / self.bpm
        return played + (self.rubato(beat) if self.rubato else 0.0)


def swing(ratio: float, step: float = 0.5) -> Feel:
    """Return a feel that delays every second `step` of the beat.

    Parameters
    ----------
    ratio : float
        Share of two steps that the first one takes: 0.5 is straight, 2/3 a
        triplet shuffle.
    step : float
        Length of one step in beats: 0.5 swings eighths, 0.25 sixteenths.
    """
    if not 0.5 <= ratio < 1.0:
        raise ValueError(f"a swing ratio lies between 0.5 and 1, not {ratio}")

    def feel(beat: float) -> float:
        pair, within = divmod(beat, 2 * step)
        share = within / (2 * step)
        first, second = min(share, 0.5) / 0.5, max(share - 0.5, 0.0) / 0.5
        return (pair + ratio * first + (1 - ratio) * second) * 2 * step

    return feel


@dataclass(frozen=True)
class PlayedNote:
    """A note with the player's timing and touch: times in seconds."""

    start: float
    end: float
    pitch: int
    velocity: int
    scoop: float
    vibrato: bool


def play(part: Part, tempo: Tempo, rng: np.random.Generator) -> list[PlayedNote]:
    """Turn a written part into what a player would do.

    Notes that are written at the same beat keep together, as the fingers of one
    hand do; drums move apart, as four limbs do.
    """
    shifts: dict[float, float] = {}
    played = []
    for note in part.notes:
        key = note.start if not part.drums else note.start + note.pitch * 1e-6
        if key not in shifts:
            shifts[key] = (part.delay_ms + rng.normal(0.0, part.timing_ms)) / 1000.0
        begin = tempo.seconds(note.start, part.straight)
        length = tempo.seconds(note.start + note.duration, part.straight) - begin
        start = max(0.0, begin + shifts[key])
        velocity = int(np.clip(round(note.velocity + rng.normal(0.0, part.touch)), 8, 127))
        played.append(
            PlayedNote(
                start, start + max(length, 0.03), note.pitch, velocity, note.scoop, note.vibrato
            )
        )
    return damp(sorted(played, key=lambda note: (note.start, note.pitch)))


def damp(played: list[PlayedNote]) -> list[PlayedNote]:
    """End a note where its own key or string is struck again.

    MIDI cannot tell two sounding notes of one pitch apart: the end of the first
    would cut the second.

    Parameters
    ----------
    played : list of PlayedNote
        In the order of their starts.
    """
    following: dict[int, float] = {}
    damped = []
    for note in reversed(played):
        end = min(note.end, following.get(note.pitch, note.end))
        following[note.pitch] = note.start
        damped.append(replace(note, end=end))
    return damped[::-1]
