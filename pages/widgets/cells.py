"""The cells of a drawn spectrogram: what the browser gets, and where they lie on the axes."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from model.analysis import Excerpt

Float32 = npt.NDArray[np.float32]

# 30 s in full detail.
MOST: Final = 180_000


@dataclass(frozen=True, eq=False)
class Cells:
    """How an excerpt's cells are gathered into the cells that are drawn.

    Attributes
    ----------
    bands, frames : int
        How many mel bands and frames are drawn as one cell.
    columns : int
        How many cells lie side by side.
    frequencies : ndarray, shape (rows,)
        In Hz, at the centre of the cells.
    first_time, time_step : float
        Centre of the first cell and distance to the next, in seconds.
    """

    bands: int
    frames: int
    columns: int
    frequencies: npt.NDArray[np.float64]
    first_time: float
    time_step: float

    @classmethod
    def of(cls, excerpt: Excerpt, bands: int = 1, at_most: int = MOST) -> "Cells":
        """Gather `bands` rows into one, and as few frames as leaves `at_most` cells."""
        frames = max(1, -(-excerpt.log_mel.size // (bands * at_most)))
        step = float(excerpt.times[1] - excerpt.times[0])
        return cls(
            bands,
            frames,
            -(-excerpt.log_mel.shape[1] // frames),
            excerpt.frequencies.reshape(-1, bands).mean(axis=1),
            float(excerpt.times[0]) + step * (frames - 1) / 2,
            step * frames,
        )

    def gather(self, values: Float32) -> Float32:
        """Average blocks of (bands, frames) cells; the last block is filled up."""
        if self.bands == self.frames == 1:
            return values
        missing = -values.shape[1] % self.frames
        values = np.pad(values, ((0, 0), (0, missing)), mode="edge")
        rows, columns = values.shape[0] // self.bands, values.shape[1] // self.frames
        return values.reshape(rows, self.bands, columns, self.frames).mean(axis=(1, 3))

    @property
    def axes(self) -> dict[str, Any]:
        """Where a heatmap lies: rows are categories so that one can point at a frequency."""
        names = [f"{frequency:.0f} Hz" for frequency in self.frequencies]
        return {"x0": self.first_time, "dx": self.time_step, "y": names}

    def ticks(self, labels: dict[int, str]) -> dict[str, Any]:
        """Round frequencies on the axis of bands, between two rows if need be."""
        rows = np.interp(list(labels), self.frequencies, np.arange(len(self.frequencies)))
        return {"tickvals": rows.tolist(), "ticktext": list(labels.values())}

    @property
    def extent(self) -> dict[str, list[float]]:
        """The outer edges of all cells, in time and in rows."""
        begin = self.first_time - self.time_step / 2
        end = begin + self.columns * self.time_step
        return {"time": [begin, end], "rows": [-0.5, len(self.frequencies) - 0.5]}
