"""A box on the spectrogram, in whole cells, and its share of sound and evidence."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.audio.masking import Sounds, split
from model.audio.spectrogram import mel_frequencies
from model.constants import FINE_HOP, N_MELS, SAMPLE_RATE
from model.types import Float32


@dataclass(frozen=True)
class Region:
    """A box of cells of the spectrogram at FINE_HOP; both ends belong to it.

    Attributes
    ----------
    first_band, last_band : int
        Mel bands.
    first_frame, last_frame : int
        Frames of the excerpt.

    Raises
    ------
    ValueError
        If a last cell comes before the first, or a band or frame is not on the spectrogram.
    """

    first_band: int
    last_band: int
    first_frame: int
    last_frame: int

    def __post_init__(self) -> None:
        if not 0 <= self.first_band <= self.last_band < N_MELS:
            raise ValueError(f"bands {self.first_band} to {self.last_band} are no box")
        if not 0 <= self.first_frame <= self.last_frame:
            raise ValueError(f"frames {self.first_frame} to {self.last_frame} are no box")

    @property
    def seconds(self) -> tuple[float, float]:
        """Begin and end in seconds of the excerpt, half a frame around the cells' centres."""
        step = FINE_HOP / SAMPLE_RATE
        return max(0.0, (self.first_frame - 0.5) * step), (self.last_frame + 0.5) * step

    @property
    def hertz(self) -> tuple[float, float]:
        """Lower and upper end in Hz, half way to the neighbouring bands' centres."""
        centres = mel_frequencies()
        edges = np.concatenate([[0.0], (centres[1:] + centres[:-1]) / 2, [SAMPLE_RATE / 2]])
        return float(edges[self.first_band]), float(edges[self.last_band + 1])

    def mask(self, n_frames: int) -> Float32:
        """Build the mask that keeps this box.

        Its edges need no softening: the frames' overlap and the bands' slopes do that.

        Parameters
        ----------
        n_frames : int
            Frames of the excerpt; what of the box lies beyond is nothing.

        Returns
        -------
        ndarray of float32, shape (N_MELS, n_frames)
            1 in the box, 0 elsewhere.
        """
        mask = np.zeros((N_MELS, n_frames), np.float32)
        self._of(mask)[:] = 1
        return mask

    def split(self, waveform: Float32, spectrum: npt.NDArray[np.complex64]) -> Sounds:
        """Split an excerpt into this box and everything else.

        Parameters
        ----------
        waveform : ndarray of float32, shape (samples,)
            The excerpt at SAMPLE_RATE.
        spectrum : ndarray of complex64, shape (bins, frames)
            Its STFT at FINE_HOP.

        Returns
        -------
        Sounds
            The kept part is the box.
        """
        return split(waveform, spectrum, self.mask(spectrum.shape[1]))

    def share(self, relevance: Float32) -> float:
        """Compute the share of all positive relevance that lies in this box.

        Parameters
        ----------
        relevance : ndarray of float32, shape (N_MELS, frames)
            On any scale. Relevance against a class counts as none.

        Returns
        -------
        float
            0 to 1; 0 where nothing speaks for the class.
        """
        positive = np.maximum(relevance, 0)
        total = float(positive.sum(dtype=np.float64))
        return float(self._of(positive).sum(dtype=np.float64)) / total if total > 0 else 0.0

    def _of(self, cells: Float32) -> Float32:
        bands = slice(self.first_band, self.last_band + 1)
        return cells[bands, self.first_frame : self.last_frame + 1]
