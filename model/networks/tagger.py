"""musicnn on the sound itself: what kind of music plays, moment by moment.

The network on pictures has musicnn's middle as well, but there it is given 12.9 frames a second of
a picture. Here it hears all 62.5 frames a second, as it was trained to when it learned to tag
songs. Its answers are taken together over the moments for which YAMNet answers.
"""

from typing import Final

import numpy as np

from model.audio.musicnn_spectrogram import musicnn_log_mel
from model.networks.asked import InTurn
from model.types import Float32

# musicnn's frames under a column of YAMNet, 0.32 s, and the first of the first column.
TAGGER_FRAMES: Final = 20
TAGGER_FIRST_FRAME: Final = 10


class Tagger(InTurn):
    """musicnn up to its middle, from a waveform to its answers."""

    def answers(self, waveform: Float32, n_columns: int) -> Float32:
        """Hear a waveform.

        Parameters
        ----------
        waveform : ndarray of float32, shape (samples,)
            Mono audio at SAMPLE_RATE, at least 0.7 s.
        n_columns : int
            How many columns YAMNet has of it.

        Returns
        -------
        ndarray of float32, shape (n_columns, 2 * channels)
            The mean and then the largest value of every channel over the frames of a column.
        """
        frames = self.ask(musicnn_log_mel(waveform))[0, TAGGER_FIRST_FRAME:]
        missing = max(0, n_columns * TAGGER_FRAMES - len(frames))
        frames = np.pad(frames, ((0, missing), (0, 0)), mode="edge")
        columns = frames[: n_columns * TAGGER_FRAMES].reshape(n_columns, TAGGER_FRAMES, -1)
        return np.concatenate([columns.mean(axis=1), columns.max(axis=1)], axis=1)
