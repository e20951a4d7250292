"""How a song is divided into windows of the length that the network learned from."""

import math
from dataclasses import dataclass

import numpy as np

from model.audio.clip import Clip
from model.constants import WINDOW_SECONDS


@dataclass(frozen=True)
class Stretch:
    """One window's place in a song, in seconds.

    Attributes
    ----------
    start, end : float
        What the network hears.
    fresh_from : float
        Before this, it lies over the window before it.
    """

    start: float
    end: float
    fresh_from: float

    @property
    def fresh_seconds(self) -> float:
        """How much it adds to what the windows before it hear: what it counts for."""
        return self.end - self.fresh_from

    @property
    def fresh_middle(self) -> float:
        """When the middle of that is."""
        return (self.fresh_from + self.end) / 2


def windows_of(clip: Clip) -> tuple[Stretch, ...]:
    """Divide a clip into windows of WINDOW_SECONDS, one behind the other.

    The last one reaches back over the one before, so that it is as long as all others.
    All begin at whole seconds; less than one second at the end of a long clip is left out.

    Parameters
    ----------
    clip : Clip
        A decoded clip.

    Returns
    -------
    tuple of Stretch
        In order of time; a single one for a clip that is shorter than a window.
    """
    last = max(0.0, math.floor(clip.seconds) - WINDOW_SECONDS)
    starts = [*np.arange(0.0, last, WINDOW_SECONDS).tolist(), last]
    stretches: list[Stretch] = []
    for start in starts:
        end = min(start + WINDOW_SECONDS, clip.seconds)
        stretches.append(Stretch(start, end, stretches[-1].end if stretches else 0.0))
    return tuple(stretches)
