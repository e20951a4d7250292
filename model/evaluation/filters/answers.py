"""What a network's filters answer to tracks, taken down so that measures need no network."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from model.types import Float32

if TYPE_CHECKING:
    import keras

    from model.training.stored_maps import StoredMaps

# An excerpt: as many columns as the filters learned with, 5 s.
COLUMNS: Final = 16
# Mel bands a row, and seconds a column, of the maps.
BANDS_A_ROW: Final = 4
SECONDS_A_COLUMN: Final = 4 * 1_711 / 22_050
_BATCH: Final = 8


@dataclass(frozen=True, eq=False)
class Answers:
    """Answers of filters to tracks and to excerpts of them.

    Attributes
    ----------
    names : tuple of str
        Tracks.
    labels : ndarray of int64, shape (tracks,)
        Their genres.
    means : ndarray of float32, shape (tracks, filters)
        Mean of each map over a whole track: what the dense layer gets.
    peaks : ndarray of float32, shape (tracks, excerpts, filters)
        Strongest answer in each excerpt.
    rows : ndarray of int64, shape (tracks, excerpts, filters)
        Row of the strongest answer.
    extents : ndarray of float32, shape (tracks, excerpts, filters)
        Share of an excerpt's columns in which the filter reaches half of that.
    scores : ndarray of float32, shape (tracks, classes)
        Before the softmax.
    """

    names: tuple[str, ...]
    labels: npt.NDArray[np.int64]
    means: Float32
    peaks: Float32
    rows: npt.NDArray[np.int64]
    extents: Float32
    scores: Float32

    def of(self, names: Sequence[str]) -> "Answers":
        """Pick tracks by name."""
        place = {name: index for index, name in enumerate(self.names)}
        chosen = [place[name] for name in names]
        return Answers(
            tuple(names),
            self.labels[chosen],
            self.means[chosen],
            self.peaks[chosen],
            self.rows[chosen],
            self.extents[chosen],
            self.scores[chosen],
        )


def take_down(network: "keras.Model", tracks: "StoredMaps") -> Answers:
    """Ask a network about tracks.

    Parameters
    ----------
    network : keras.Model
        From the mixing layer's maps to the filters' maps and the scores.
    tracks : StoredMaps
        The tracks.

    Returns
    -------
    Answers
        A last, shorter excerpt of a track is left out.
    """
    found: list[tuple[npt.NDArray[np.generic], ...]] = []
    for start in range(0, len(tracks), _BATCH):
        maps, scores = network.predict_on_batch(tracks.batch(start, _BATCH))
        found.append((maps.mean(axis=(1, 2)), *_by_excerpt(maps), scores))
    means, peaks, rows, extents, scores = (
        np.concatenate(part) for part in zip(*found, strict=True)
    )
    return Answers(tracks.names, tracks.labels, means, peaks, rows, extents, scores)


def _by_excerpt(maps: Float32) -> tuple[Float32, npt.NDArray[np.int64], Float32]:
    """Strongest answer, its row, and the share of columns that reach half of it."""
    batch, rows, columns, filters = maps.shape
    excerpts = max(columns // COLUMNS, 1)
    width = min(COLUMNS, columns)
    cut = maps[:, :, : excerpts * width].reshape(batch, rows, excerpts, width, filters)
    over_rows = cut.max(axis=1)
    peaks = over_rows.max(axis=2)
    at = cut.max(axis=3).argmax(axis=1)
    extents = (over_rows >= peaks[:, :, np.newaxis] / 2).mean(axis=2) * (peaks > 0)
    return peaks, at, extents.astype(np.float32)
