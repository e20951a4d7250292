"""How a song is divided into windows of the length that the network learned from."""

import math
from dataclasses import dataclass

import numpy as np

from model.audio.clip import Clip
from model.audio.silence import sounding_stretches
from model.constants import MIN_SECONDS, WINDOW_SECONDS


@dataclass(frozen=True)
class Span:
    """One window's place in a song, or a silence between two, in seconds.

    Attributes
    ----------
    start, end : float
        What the network hears.
    fresh_from : float
        Before this, it lies over the window before it.
    sound_seconds : float
        How much sound there is from `fresh_from` on.
    """

    start: float
    end: float
    fresh_from: float
    sound_seconds: float

    @property
    def is_silent(self) -> bool:
        """Whether there is nothing to hear."""
        return self.sound_seconds <= 0

    @property
    def fresh_seconds(self) -> float:
        """How much it adds to what the windows before it cover."""
        return self.end - self.fresh_from

    @property
    def fresh_middle(self) -> float:
        """When the middle of that is."""
        return (self.fresh_from + self.end) / 2


def windows_of(clip: Clip) -> tuple[Span, ...]:
    """Divide a clip into windows of WINDOW_SECONDS, one behind the other, where there is sound.

    The first one begins with the sound, and so does one behind a silence that goes on for
    MIN_SECONDS after the window before it. The last one of such a row reaches back over the one
    before, so that it is as long as all others. All begin at whole seconds; less than one second
    at the end of a long clip is left out.

    Parameters
    ----------
    clip : Clip
        A decoded clip.

    Returns
    -------
    tuple of Span
        In order of time, with the silences that no window covers; a single window for a clip
        that is shorter than one.
    """
    sounds = sounding_stretches(clip.waveform)
    if not sounds:
        return (Span(0.0, clip.seconds, 0.0, 0.0),)
    windows: list[tuple[float, float]] = []
    for first, end in _rows(sounds):
        windows += _row(first, end, clip.seconds)
    spans: list[Span] = []
    covered = 0.0
    for start, end in windows:
        if start > covered:
            spans.append(Span(covered, start, covered, 0.0))
            covered = start
        spans.append(Span(start, end, covered, _within(sounds, covered, end)))
        covered = end
    # Of a window's end not a second is left out; of a silence at the end neither.
    if clip.seconds - covered >= 1.0:
        spans.append(Span(covered, clip.seconds, covered, 0.0))
    return tuple(spans)


def _rows(sounds: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Join sounds into rows that windows can cover one behind the other, in seconds."""
    rows: list[tuple[float, float]] = []
    for first, end in sounds:
        if rows:
            begin, covered = rows[-1]
            # To where the windows of the row reach as it is.
            reach = begin + math.ceil((covered - begin) / WINDOW_SECONDS) * WINDOW_SECONDS
            if first < reach + MIN_SECONDS:
                rows[-1] = (begin, end)
                continue
        rows.append((float(math.floor(first)), end))
    return rows


def _row(first: float, end: float, seconds: float) -> list[tuple[float, float]]:
    """Lay windows over one row of sound, and leave none shorter than MIN_SECONDS."""
    # A second begun counts, and the clip's own end is its end.
    end = min(seconds, max(float(math.ceil(end)), first + MIN_SECONDS))
    first = max(0.0, min(first, math.floor(end - MIN_SECONDS)))
    last = max(first, math.floor(end) - WINDOW_SECONDS)
    starts = [*np.arange(first, last, WINDOW_SECONDS).tolist(), last]
    return [(start, min(start + WINDOW_SECONDS, end)) for start in starts]


def _within(sounds: list[tuple[float, float]], start: float, end: float) -> float:
    """Add up how much of some spans lies within another, in seconds."""
    return sum(max(0.0, min(end, last) - max(start, first)) for first, last in sounds)
