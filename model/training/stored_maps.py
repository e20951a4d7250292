"""The mixing layer's maps of whole tracks, computed once and kept in files outside the project."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import keras
import numpy as np
import numpy.typing as npt

from model.audio.silence import repeated_sound
from model.gtzan.pictures import Pictures
from model.networks.filter_network import mixing_trunk
from model.types import Float32

_BATCH: Final = 8


@dataclass(frozen=True, eq=False)
class StoredMaps:
    """Maps of tracks.

    Attributes
    ----------
    names : tuple of str
        Track names.
    labels : ndarray of int64, shape (tracks,)
        Index into GENRES.
    maps : ndarray of float16, shape (tracks, rows, columns, channels)
        In a file.
    """

    names: tuple[str, ...]
    labels: npt.NDArray[np.int64]
    maps: npt.NDArray[np.float16]

    def __len__(self) -> int:
        """Return the number of tracks."""
        return len(self.names)

    @property
    def shape(self) -> tuple[int, None, int]:
        """Rows, columns and channels, for a model that takes any number of columns."""
        return self.maps.shape[1], None, self.maps.shape[3]

    def batch(self, start: int, size: int) -> Float32:
        """Read some tracks' maps, (size, rows, columns, channels)."""
        return self.maps[start : start + size].astype(np.float32)


def stored_maps(flagship: keras.Model, pictures: Pictures, path: Path) -> StoredMaps:
    """Compute the maps of tracks, or take them from the file that an earlier call made.

    Parameters
    ----------
    flagship : keras.Model
        With trained weights.
    pictures : Pictures
        The tracks.
    path : Path
        A file ``.npy`` of 1.5 MB a track. Its name has to say which weights and which tracks
        these are; its folder is made.

    Returns
    -------
    StoredMaps
        For as long as the file is there.
    """
    if not path.is_file():
        trunk = mixing_trunk(flagship)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".unfinished")
        maps: npt.NDArray[np.float16] | None = None
        for start in range(0, len(pictures), _BATCH):
            levels = pictures.levels(slice(start, start + _BATCH))
            levels = np.stack([repeated_sound(level) for level in levels])
            found = trunk.predict_on_batch(levels[..., np.newaxis])
            if maps is None:
                shape = (len(pictures), *found.shape[1:])
                maps = np.lib.format.open_memmap(unfinished, "w+", np.float16, shape)
            maps[start : start + _BATCH] = found
        del maps
        unfinished.rename(path)
    return StoredMaps(pictures.names, pictures.labels, np.load(path, mmap_mode="r"))
