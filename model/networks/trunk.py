"""YAMNet as the ear asks it: the layer whose answers have places, and the last one behind it."""

from typing import Any, Final

import numpy as np

from model.audio.yamnet_spectrogram import yamnet_log_mel
from model.explain.door import Heard
from model.inference.runner import Runner
from model.inference.stored import StoredNetwork
from model.networks.asked import Asked, InTurn
from model.networks.places import PLACED, PLACED_LAYER
from model.types import Float32

# The activation that counts for half of the most there can be.
_HALF: Final = 0.1


def saturated(activations: Any) -> Any:
    """Bring YAMNet's activations f to one scale, ``f / (f + 0.1)``, from 0 to 1.

    A channel that is open counts, and how wide hardly: rare and very strong answers would
    otherwise outweigh all others in a mean.
    """
    return activations / (activations + np.float32(_HALF))


class Trunk(InTurn):
    """YAMNet, in two steps: a verdict needs the first only.

    Parameters
    ----------
    network : Asked
        From its spectrogram to the answers that have places.
    deeper : Asked
        From there to its last layer.
    """

    def __init__(self, network: Asked, deeper: Asked) -> None:
        super().__init__(network)
        self._deeper = InTurn(deeper)

    @classmethod
    def of(cls, network: StoredNetwork) -> "Trunk":
        """Divide a stored network into the two steps."""
        first, second = network.up_to(PLACED_LAYER), network.behind(PLACED_LAYER)
        return cls(*(Runner(each, (each.output,)) for each in (first, second)))

    def places(self, log_mel: Float32) -> Heard:
        """Hear a spectrogram of YAMNet's, (bands, frames).

        Returns
        -------
        Heard
            (PLACED_ROWS, columns, channels), for every 0.16 s.
        """
        answers = self.ask(log_mel)
        return Heard(answers, PLACED.heard(log_mel, answers.shape[1]))

    def deeper(self, answers: Heard) -> Float32:
        """Ask the last layer, behind what `places` returned.

        Returns
        -------
        ndarray of float32, shape (columns, YAMNET_CHANNELS)
            Not negative, for every 0.32 s, the mean of its two rows.
        """
        found: Float32 = self._deeper.ask_map(answers.values).mean(axis=0)
        return found

    def answers(self, waveform: Float32) -> Float32:
        """Ask the last layer about a waveform, mono at SAMPLE_RATE, of at least 0.7 s."""
        return self.deeper(self.places(yamnet_log_mel(waveform)))
