"""Where a recording is silent, so that silence decides nothing.

Silence is what lies far below the loud part for a second or longer: digital silence, and the
hiss before the music begins as well. A rest within the music is shorter, and is music. Levels
are compared by a frame's loudest mel band, which tells a soft tone from hiss of the same power.

Of the 999 pictures of GTZAN one has such a silence (hiphop.00038), whether the limit is 45 or
65 dB below the loud part.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from model.audio.spectrogram import lasting_maximum, log_mel, nearest_of
from model.constants import (
    COLUMN_FRAMES,
    DYNAMIC_RANGE_DB,
    MIN_SECONDS,
    N_FFT,
    NETWORK_HOP,
    SAMPLE_RATE,
)
from model.types import Float32

Bools = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]

# Below the loud part, in dB.
SILENCE_DB: Final = 50.0
# Shorter pauses belong to the music.
SHORTEST_SILENCE: Final = 1.0  # s
# A sound that begins or ends softly stands out of the silence beside it by this, in dB.
_STANDS_OUT_DB: Final = 6.0
# Of the strongest bend at the beginning of a sound.
_SMALLEST_BEND: Final = 1e-3
# For a whole song every other frame will do.
_SONG_HOP: Final = 2 * NETWORK_HOP
# The least that a network is given to read.
_LEAST_FRAMES: Final = 1 + int(MIN_SECONDS * SAMPLE_RATE) // NETWORK_HOP


def runs_of(flags: Bools) -> list[tuple[int, int]]:
    """Find where flags are set.

    Parameters
    ----------
    flags : ndarray of bool, shape (frames,)
        In order.

    Returns
    -------
    list of (int, int)
        First frame of every run of set flags, and the frame behind its last.
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(first), int(end)) for first, end in edges.reshape(-1, 2)]


def sounding_frames(levels: Float32, hop_length: int = NETWORK_HOP) -> Bools:
    """Tell the frames of a spectrogram that count from those of silence.

    Parameters
    ----------
    levels : ndarray of float32, shape (N_MELS, frames)
        In dB below the clip's maximum, as `model.audio.spectrogram.log_mel` gives them.
    hop_length : int
        Step between frames, in samples.

    Returns
    -------
    ndarray of bool, shape (frames,)
        All set where there is no sound at all: then nothing is louder than the rest.
    """
    sounding = np.ones(levels.shape[1], bool)
    if not levels.size:
        return sounding
    peaks = levels.max(axis=0)
    loud = lasting_maximum(peaks, hop_length)
    if loud <= -DYNAMIC_RANGE_DB:
        return sounding
    shortest = SHORTEST_SILENCE * SAMPLE_RATE / hop_length
    for first, end in runs_of(peaks < loud - SILENCE_DB):
        if end - first < shortest:
            continue
        # What rises softly out of the silence belongs to what follows, not to the silence.
        still = peaks[first:end] < np.median(peaks[first:end]) + _STANDS_OUT_DB
        inside = np.flatnonzero(still)
        sounding[first + inside[0] : first + inside[-1] + 1] = False
    return sounding


@dataclass(frozen=True, eq=False)
class Reading:
    """What a network reads of a picture with silence in it, and what belongs where.

    Whole columns of the network's last map are left out, so that the others stay where they
    are. In a column that is silent in part, the nearest frame that sounds stands for those that
    do not: an edge of silence would sound like a beat.

    Attributes
    ----------
    frames : ndarray of int, shape (read,)
        The picture's frames in the order in which they are read.
    columns : ndarray of int, shape (counted,)
        Which columns of the whole map the columns of what is read are, as far as they count.
    n_columns : int
        Columns of the whole map.
    """

    frames: Indices
    columns: Indices
    n_columns: int

    @property
    def counts(self) -> Bools:
        """Whether a column counts, (n_columns,)."""
        counts = np.zeros(self.n_columns, bool)
        counts[self.columns] = True
        return counts

    def whole_map(self, maps: Float32) -> Float32:
        """Put a map of what was read where it belongs, 0 in silence.

        Parameters
        ----------
        maps : ndarray of float32, shape (rows, counted, channels)
            Of what was read.

        Returns
        -------
        ndarray of float32, shape (rows, n_columns, channels)
            Scaled by ``n_columns / counted``, so that its mean over all cells is the mean over
            those that count: a class activation map of it is complete.
        """
        return self._placed(maps / self._share)

    def whole_map_gradient(self, gradient: Float32) -> Float32:
        """Put a derivative by a map of what was read where it belongs, by the chain rule.

        Parameters
        ----------
        gradient : ndarray of float32, shape (rows, counted, channels)
            By every value of the map of what was read.

        Returns
        -------
        ndarray of float32, shape (rows, n_columns, channels)
            By every value of the map that `whole_map` gives; 0 in silence.
        """
        return self._placed(gradient * self._share)

    @property
    def _share(self) -> np.float32:
        return np.float32(len(self.columns) / self.n_columns)

    def _placed(self, values: Float32) -> Float32:
        whole = np.zeros((values.shape[0], self.n_columns, values.shape[2]), np.float32)
        whole[:, self.columns] = values
        return whole

    def whole_gradient(self, gradient: Float32, n_frames: int) -> Float32:
        """Put a derivative by what was read where it belongs, by the chain rule.

        Parameters
        ----------
        gradient : ndarray of float32, shape (N_MELS, read)
            By every level that was read.
        n_frames : int
            Frames of the picture.

        Returns
        -------
        ndarray of float32, shape (N_MELS, n_frames)
            0 in frames that were not read.
        """
        whole = np.zeros((gradient.shape[0], n_frames), np.float32)
        np.add.at(whole.T, self.frames, gradient.T)
        return whole


def reading_of(levels: Float32, stride: int) -> Reading | None:
    """Choose what a network reads of a picture.

    Parameters
    ----------
    levels : ndarray of float32, shape (N_MELS, frames)
        In dB, at NETWORK_HOP.
    stride : int
        Frames for one column of the network's last map.

    Returns
    -------
    Reading or None
        None where there is no silence to leave out, so that the picture is read as it is.
    """
    sounding = _at_least(sounding_frames(levels), min(_LEAST_FRAMES, levels.shape[1]))
    if sounding.all():
        return None
    n_frames, end = len(sounding), int(np.flatnonzero(sounding)[-1]) + 1
    nearest = nearest_of(sounding, end)
    blocks = [
        block
        for block in range(-(-end // stride))
        if sounding[block * stride : (block + 1) * stride].any()
    ]
    read = np.concatenate([nearest[block * stride : (block + 1) * stride] for block in blocks])
    # Frames at the end that fill no column of their own are read, and have no place on the map.
    whole = [block for block in blocks if (block + 1) * stride <= end]
    return Reading(read, np.array(whole, np.intp), n_frames // stride)


def _at_least(sounding: Bools, wanted: int) -> Bools:
    """Let sound reach into the silence beside it until there is enough to read."""
    while np.count_nonzero(sounding) < wanted:
        sounding = _grown(sounding)
    return sounding


def _grown(flags: Bools) -> Bools:
    grown = flags.copy()
    grown[1:] |= flags[:-1]
    grown[:-1] |= flags[1:]
    return grown


def read_of(levels: Float32, stride: int = COLUMN_FRAMES) -> Float32:
    """Leave the silence out of a picture, as a network reads it.

    Parameters
    ----------
    levels : ndarray of float32, shape (N_MELS, frames)
        In dB, at NETWORK_HOP.
    stride : int
        Frames for one column of the network's last map.

    Returns
    -------
    ndarray of float32, shape (N_MELS, read)
        At least MIN_SECONDS if the picture has as much.
    """
    reading = reading_of(levels, stride)
    return levels if reading is None else levels[:, reading.frames]


def repeated_sound(levels: Float32) -> Float32:
    """Leave the silence out of a picture and begin again until it is as long as before.

    For training, where all pictures of a batch have one length.

    Parameters
    ----------
    levels : ndarray of float32, shape (N_MELS, frames)
        In dB, at NETWORK_HOP.

    Returns
    -------
    ndarray of float32, shape (N_MELS, frames)
        The same picture where there is no silence.
    """
    read = read_of(levels)
    return np.take(read, np.arange(levels.shape[1]) % read.shape[1], axis=1)


def sound_bounds(waveform: Float32, levels: Float32) -> tuple[int, int]:
    """Find where sound begins and ends in a stretch with silence around it.

    Parameters
    ----------
    waveform : ndarray of float32, shape (samples,)
        Mono audio at SAMPLE_RATE.
    levels : ndarray of float32, shape (N_MELS, frames)
        Its spectrogram at NETWORK_HOP.

    Returns
    -------
    first, end : int
        The first sample of the sound and the one behind its last; all of the stretch where
        there is no silence around it.
    """
    sounding = sounding_frames(levels)
    places = np.flatnonzero(sounding)
    first, end = 0, len(waveform)
    if not sounding[0]:
        first = _onset(waveform, int(places[0]) * NETWORK_HOP)
    if not sounding[-1]:
        last = int(places[-1]) * NETWORK_HOP
        end -= _onset(waveform[::-1], len(waveform) - 1 - last)
    return first, end


def _onset(waveform: Float32, centre: int) -> int:
    """Find the sample at which a sound begins behind silence, near the first frame that sounds.

    Parameters
    ----------
    waveform : ndarray of float32, shape (samples,)
        Begins with silence.
    centre : int
        Centre of the first frame that sounds.

    Returns
    -------
    int
        The first sample at which the waveform bends more than in the silence. Bends rather than
        levels: where an offset was taken out, silence sways a little beside a sound.
    """
    # That sway can be what the first frames see, so the sound itself may begin a little later.
    near = waveform[: centre + 2 * NETWORK_HOP + N_FFT // 2]
    bends = np.abs(np.diff(near, n=2, prepend=[0.0, 0.0]))
    still = max(0, centre - NETWORK_HOP - N_FFT // 2)
    limit = max(2 * float(bends[:still].max(initial=0.0)), _SMALLEST_BEND * float(bends.max()))
    louder = np.flatnonzero(bends[still:] > limit)
    return still + int(louder[0]) if len(louder) else centre


def sounding_stretches(waveform: Float32) -> list[tuple[float, float]]:
    """Find where a whole recording sounds.

    Parameters
    ----------
    waveform : ndarray of float32, shape (samples,)
        Mono audio at SAMPLE_RATE.

    Returns
    -------
    list of (float, float)
        Where each stretch begins and ends, in seconds, up to 0.3 s late and early. All of the
        recording where no part of it is silent; none where all of it is.
    """
    if np.abs(waveform).max(initial=0.0) <= 0.0:
        return []
    seconds = len(waveform) / SAMPLE_RATE
    levels = log_mel(waveform, _SONG_HOP)
    # A frame sees what lies half an FFT beside its centre, and where an offset was taken out,
    # what lies beside that for a tenth of a second sways a little.
    reach = N_FFT / 2 / SAMPLE_RATE + 0.1
    stretches = []
    for first, end in runs_of(sounding_frames(levels, _SONG_HOP)):
        starts = first * _SONG_HOP / SAMPLE_RATE + reach if first else 0.0
        ends = (end - 1) * _SONG_HOP / SAMPLE_RATE - N_FFT / 2 / SAMPLE_RATE
        if end == levels.shape[1]:
            ends = seconds
        stretches.append((min(starts, ends), ends))
    return stretches
