"""What the player in the browser gets: the numbers of a clip and its maps, as few bytes as do.

A payload is the length of its header as a 32-bit little-endian integer, the header as JSON,
and the arrays that the header lists under "arrays", one behind the other, little-endian and
in C order. The browser makes the sounds itself, so a clip travels once for all classes,
methods and thresholds.

Samples travel as 16-bit integers of the clip's own peak, so they err by at most
1 / 65534 of it (-96 dB); levels in steps of 80 / 255 dB, so they err by at most 0.16 dB, which
only the picture shows. Maps travel as their method computed them, each on its own grid.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from model.audio.excerpt import Excerpt
from model.audio.masking import EDGE, mask_for_stft
from model.constants import (
    DYNAMIC_RANGE_DB,
    FINE_HOP,
    N_FFT,
    N_MELS,
    NETWORK_HOP,
    SAMPLE_RATE,
)
from model.explain.grid import MapGrid, RelevanceMap
from model.export.colours import (
    BOX,
    INK,
    LINE,
    LOUDNESS,
    RIM,
    SPEAKS_AGAINST,
    SPEAKS_FOR,
)
from model.types import Float32

# Names as the player's scripts and style sheets have them.
_COLOURS: Final = {
    "loudness": LOUDNESS,
    "speaksFor": SPEAKS_FOR,
    "speaksAgainst": SPEAKS_AGAINST,
    "line": LINE,
    "rim": RIM,
    "box": BOX,
    "ink": INK,
}
_LARGEST_SAMPLE: Final = 2**15 - 1
_LARGEST_LEVEL: Final = 2**8 - 1


def pack(header: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> bytes:
    """Put a header and arrays into one payload.

    Parameters
    ----------
    header : mapping
        What JSON can hold. "arrays" is added.
    arrays : mapping of str to ndarray
        Of any shape and number type.

    Returns
    -------
    bytes
        In the format that the module's docstring describes.
    """
    arrays = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    listed = [
        {"name": name, "type": array.dtype.name, "shape": array.shape}
        for name, array in arrays.items()
    ]
    text = json.dumps({**header, "arrays": listed}).encode()
    data = [array.astype(array.dtype.newbyteorder("<")).tobytes() for array in arrays.values()]
    return b"".join([len(text).to_bytes(4, "little"), text, *data])


def clip_id(excerpt: Excerpt) -> str:
    """Identify an excerpt by the file's SHA-256 and its start in milliseconds."""
    return f"{excerpt.clip.sha256}-{round(1000 * excerpt.start)}"


def pack_clip(excerpt: Excerpt) -> bytes:
    """Pack an excerpt's sound and spectrogram, which all its maps share.

    Parameters
    ----------
    excerpt : Excerpt
        The excerpt.

    Returns
    -------
    bytes
        1.5 MB for 30 s.
    """
    return pack_sound(clip_id(excerpt), excerpt.start, excerpt.waveform, picture_of(excerpt))


def picture_of(excerpt: Excerpt) -> dict[str, npt.NDArray[Any]]:
    """List what the player needs of an excerpt beside its sound.

    Parameters
    ----------
    excerpt : Excerpt
        The excerpt.

    Returns
    -------
    dict of str to ndarray
        "levels", uint8, (N_MELS, frames): steps of the range. "hertz", float32, (N_MELS,).
        "firstBand" and "weights": how bands make up the bins of the STFT.
    """
    levels = (excerpt.log_mel / np.float32(DYNAMIC_RANGE_DB) + 1) * _LARGEST_LEVEL
    first_band, weights = _bins_as_bands()
    return {
        "levels": np.rint(levels).astype(np.uint8),
        "hertz": excerpt.frequencies.astype(np.float32),
        "firstBand": first_band,
        "weights": weights,
    }


def pack_sound(
    name: str, start: float, waveform: Float32, picture: Mapping[str, npt.NDArray[Any]]
) -> bytes:
    """Pack a sound with the picture that was made of it.

    Parameters
    ----------
    name : str
        From `clip_id`.
    start : float
        Where in the clip the sound begins, in seconds.
    waveform : ndarray of float32, shape (samples,)
        Mono audio at SAMPLE_RATE.
    picture : mapping of str to ndarray
        From `picture_of`.

    Returns
    -------
    bytes
        The same as `pack_clip` makes of the excerpt.
    """
    step = float(np.abs(waveform).max()) / _LARGEST_SAMPLE
    header = {
        "kind": "clip",
        "id": name,
        "rate": SAMPLE_RATE,
        "start": start,
        "hop": FINE_HOP,
        "size": N_FFT,
        "edge": EDGE,
        "range": DYNAMIC_RANGE_DB,
        "colours": _COLOURS,
        "step": step,
    }
    samples = np.rint(waveform / np.float32(step)).astype(np.int16)
    return pack(header, {"waveform": samples, **picture})


def _bins_as_bands() -> tuple[npt.NDArray[np.uint8], Float32]:
    """List how `mask_for_stft` averages bands, without its zeros.

    Returns
    -------
    first_band : ndarray of uint8, shape (bins,)
        Of the bands that count for a bin.
    weights : ndarray of float32, shape (bins, width)
        Of this band and the following ones.
    """
    matrix = mask_for_stft(np.eye(N_MELS, dtype=np.float32))
    counts = matrix > 0
    width = int((N_MELS - counts[:, ::-1].argmax(axis=1) - counts.argmax(axis=1)).max())
    first = np.minimum(counts.argmax(axis=1), N_MELS - width)
    weights = np.take_along_axis(matrix, first[:, np.newaxis] + np.arange(width), axis=1)
    return first.astype(np.uint8), weights


def pack_maps(header: Mapping[str, Any], maps: Sequence[RelevanceMap]) -> bytes:
    """Pack the maps of an excerpt.

    Parameters
    ----------
    header : mapping
        Further facts, such as the maps' titles.
    maps : sequence of RelevanceMap
        Each on its own grid.

    Returns
    -------
    bytes
        The maps' names are their indices. "grids" is added to the header, one for each map:
        offset and stride of rows in mel bands and of columns in frames at FINE_HOP.
    """
    arrays = {str(index): np.asarray(found.values, np.float32) for index, found in enumerate(maps)}
    return pack({**header, "grids": [_grid(found.grid) for found in maps]}, arrays)


def _grid(grid: MapGrid) -> dict[str, dict[str, float]]:
    finer = NETWORK_HOP / FINE_HOP
    return {
        "band": {"offset": grid.band_offset, "stride": grid.band_stride},
        "frame": {"offset": grid.frame_offset * finer, "stride": grid.frame_stride * finer},
    }
