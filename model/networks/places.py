"""Where the answers of the networks in an ear lie, in time and in pitch.

YAMNet's ninth layer answers for every 0.16 s, with four rows over its bands, the lowest first;
its last layer and the tagger answer for every 0.32 s, for all of pitch together. Its bands, from
125 to 7,500 Hz, and ours both follow pitch as the ear does: its four rows lie within a few bands
of the four quarters of ours, though each hears into its neighbours.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from model.audio.yamnet_spectrogram import YAMNET_FLOOR, YAMNET_HOP, YAMNET_RATE, YAMNET_WINDOW
from model.constants import NETWORK_HOP, SAMPLE_RATE
from model.types import Float32, Float64

# The layer of YAMNet that the ear goes by: its answers name genres as well as the last ones do, and
# have four rows.
PLACED_LAYER: Final = "ear9"
PLACED_ROWS: Final = 4

# A frame without any band further above the floor than this, in nepers, is silent.
_AUDIBLE: Final = 0.7


@dataclass(frozen=True)
class Columns:
    """Where columns of answers lie in frames of YAMNet's spectrogram.

    Attributes
    ----------
    first : int
        Centre of the first.
    stride : int
        From one to the next; halved layers are padded at the far end only.
    """

    first: int
    stride: int

    def count(self, log_mel: Float32) -> int:
        """Count the columns of a spectrogram, (bands, frames)."""
        return log_mel.shape[1] // self.stride

    def centres(self, n_columns: int) -> npt.NDArray[np.intp]:
        """Locate the centres of columns, in those frames."""
        return self.first + self.stride * np.arange(n_columns)

    def frames(self, n_columns: int) -> Float64:
        """Locate the centres of columns in frames of our pictures, at NETWORK_HOP."""
        seconds = (self.centres(n_columns) * YAMNET_HOP + YAMNET_WINDOW / 2) / YAMNET_RATE
        found: Float64 = seconds * (SAMPLE_RATE / NETWORK_HOP)
        return found

    def heard(self, log_mel: Float32, n_columns: int) -> npt.NDArray[np.bool_]:
        """Tell which columns have sound around their centre.

        Parameters
        ----------
        log_mel : ndarray of float32, shape (bands, frames)
            What YAMNet is given.
        n_columns : int
            How many columns there are.

        Returns
        -------
        ndarray of bool, shape (n_columns,)
            All of them where none has sound, so that a mean over them is never empty.
        """
        audible = log_mel.max(axis=0) > np.log(YAMNET_FLOOR) + _AUDIBLE
        around = self.stride // 2
        padded = np.pad(audible, (0, self.stride))
        heard = np.array(
            [padded[centre - around : centre + around].any() for centre in self.centres(n_columns)]
        )
        return heard if heard.any() else np.ones(n_columns, bool)

    def at(self, values: Float32, frames: Float64) -> Float32:
        """Read values at other moments, linearly in between and flat at the ends.

        Parameters
        ----------
        values : ndarray of float32, shape (..., columns, channels)
            Of these columns.
        frames : ndarray of float64, shape (moments,)
            Wanted moments, in frames of our pictures.

        Returns
        -------
        ndarray of float32, shape (..., moments, channels)
            In the same units.
        """
        columns = values.shape[-2]
        place = np.interp(frames, self.frames(columns), np.arange(columns))
        lower = np.floor(place).astype(np.intp)
        upper = np.minimum(lower + 1, columns - 1)
        share = (place - lower)[:, np.newaxis].astype(np.float32)
        read: Float32 = values[..., lower, :] * (1 - share) + values[..., upper, :] * share
        return read


# Of YAMNet's ninth layer, and of its last.
PLACED: Final = Columns(first=15, stride=16)
TOGETHER: Final = Columns(first=31, stride=32)


def across(n_rows: int, wanted: int) -> Float32:
    """Build the matrix that spreads rows of pitch evenly over more rows.

    Parameters
    ----------
    n_rows : int
        Rows there are.
    wanted : int
        Rows of a map.

    Returns
    -------
    ndarray of float32, shape (wanted, n_rows)
        Linear in between and flat at the ends. Every line sums to 1; where `wanted` is a
        multiple of `n_rows`, all rows count alike, so that no mean changes.
    """
    place = np.clip((np.arange(wanted) + 0.5) * n_rows / wanted - 0.5, 0, n_rows - 1)
    lower = np.floor(place).astype(np.intp)
    upper = np.minimum(lower + 1, n_rows - 1)
    matrix = np.zeros((wanted, n_rows), np.float32)
    lines = np.arange(wanted)
    matrix[lines, lower] = 1 - (place - lower)
    matrix[lines, upper] += (place - lower).astype(np.float32)
    return matrix
