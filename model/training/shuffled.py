"""A network that learned nothing about genres: the flagship's recipe on shuffled labels.

J. Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018, section 3.2. An ear and a
decoder of masks taught on shuffled labels lie beside it, if `model.training.shuffled_decoder`
made them: what such a decoder keeps shows how much a mask can keep by its habits alone.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from model.constants import GENRES
from model.explain.door import Target
from model.explain.fine import log_odds_weights
from model.explain.grid import RelevanceMap
from model.gtzan.pictures import Pictures, load_pictures
from model.gtzan.splits import read_split
from model.inference.mask_runner import MaskRunner
from model.inference.stored import read_layers
from model.networks.assembled import beside, load_tagger, load_trunk, on_spectrograms
from model.networks.classifier import Classifier
from model.networks.ear import TAGGER_ENDING, Ear, ear_weights
from model.networks.masks import MaskDecoder
from model.training.config import read_config
from model.types import Float32

if TYPE_CHECKING:
    import keras

_CONFIG: Final = Path(__file__).parent / "configs" / "flagship.toml"
_FILE: Final = "shuffled.keras"
EAR_FILE: Final = "ear.keras"
DECODER_FILE: Final = "decoder.keras"
# Every fourth training track: with shuffled labels more would teach nothing.
_EVERY: Final = 4


def with_shuffled_labels(pictures: Pictures, seed: int) -> Pictures:
    """Shuffle the labels among the tracks, so that each class stays as large."""
    labels = np.random.default_rng(seed).permutation(pictures.labels)
    return replace(pictures, labels=labels)


def learn_or_load(folder: Path, data: Path, protocol: str, seed: int) -> "keras.Model":
    """Train the flagship on shuffled labels, or load it if that was done before.

    Parameters
    ----------
    folder : Path
        Folder of the training, new or finished.
    data : Path
        GTZAN.
    protocol : str
        "random" or "filtered".
    seed : int
        Of the labels and of the training.

    Returns
    -------
    keras.Model
        Trained as the flagship is, on the stored pictures of every fourth track.

    Raises
    ------
    OSError
        If the data are not there.
    """
    from model.networks.loading import load_network  # noqa: PLC0415  # Keras takes seconds to import

    path = folder / _FILE
    if path.is_file():
        return load_network(path)
    pictures = load_pictures(data)
    train, valid = (
        pictures.of(read_split(data, f"{protocol}_{part}")[::_EVERY]) for part in ("train", "valid")
    )
    no_copies = Pictures((), pictures.codes[:0], pictures.labels[:0])

    from model.training.fit import Material, fit  # noqa: PLC0415  # as above

    config = replace(read_config(_CONFIG), protocol=protocol, seed=seed)
    material = Material(with_shuffled_labels(train, seed), valid, no_copies)
    network = fit(config, material, folder)
    network.save(path)
    return network


def read_with_ear(folder: Path) -> Classifier:
    """Put the network on pictures and the ear together, both of them with shuffled labels.

    Parameters
    ----------
    folder : Path
        Of `learn_or_load`, with an ear.

    Returns
    -------
    Classifier
        Its scores count as they are, for nothing was fitted.

    Raises
    ------
    FileNotFoundError
        If either is missing, with the command that makes them.
    """
    for name in (_FILE, EAR_FILE):
        _check_there(folder / name)
    card = {"name": "shuffled", "sha256": "", "classes": list(GENRES)}
    layers = read_layers(folder / EAR_FILE)
    behind_yamnet, behind_tagger = ear_weights(layers), ear_weights(layers, TAGGER_ENDING)
    ear = Ear(load_trunk()[1], behind_yamnet, load_tagger()[1], behind_tagger)
    return beside(on_spectrograms(folder / _FILE, card), ear, card)


def _check_there(path: Path) -> None:
    if not path.is_file():
        raise FileNotFoundError(
            f"There is no {path.name} in {path.parent}. This makes it: python -m "
            "model.training.shuffled_decoder --data PATH/TO/GTZAN --songs PATH/TO/SONGS "
            "--out PATH/TO/RUN"
        )


@dataclass(frozen=True, eq=False)
class ShuffledDecoder:
    """A decoder of masks that was taught on a network with shuffled labels.

    Attributes
    ----------
    network : Classifier
        That network.
    decoder : MaskDecoder
        Of its verdicts.
    """

    network: Classifier
    decoder: MaskDecoder

    @classmethod
    def read(cls, folder: Path) -> "ShuffledDecoder":
        """Read both out of a folder; FileNotFoundError, in words, if something is missing."""
        network = read_with_ear(folder)
        _check_there(folder / DECODER_FILE)
        runner = MaskRunner.read(folder / DECODER_FILE)
        return cls(network, MaskDecoder(runner, network.kernel, network.grid))

    def keep(self, waveform: Float32, levels: Float32, target: Target) -> RelevanceMap:
        """Show what it keeps of a sound for a genre, as its own network hears that sound.

        Parameters
        ----------
        waveform : ndarray of float32, shape (samples,)
            Mono audio at SAMPLE_RATE.
        levels : ndarray of float32, shape (N_MELS, frames)
            Its spectrogram at NETWORK_HOP.
        target : Target
            The genre, whatever this network calls the sound.

        Returns
        -------
        RelevanceMap
            From 0 to 1.
        """
        heard = self.network.hear(waveform, levels)
        weights = log_odds_weights(heard.logits, target.members, self.network.temperature)
        return self.decoder.decode(heard, weights)
