"""musicnn's architecture up to its middle: filters shaped for timbres and rhythms.

J. Pons, X. Serra, "musicnn: pre-trained convolutional neural networks for music audio
tagging", ISMIR late-breaking demo 2019, arXiv 1909.06654. ISC licence. Trained by its
authors on the tags of the Million Song Dataset.

Most of the published filters died in training: their kernels are zero and they answer
with a constant, whatever they hear. What remains is small enough for a laptop. The
constants are not lost: `ONE` channel that is always 1 carries them on.
"""

from typing import Any, Final, NamedTuple

import keras
from keras import layers

from model.audio.musicnn_spectrogram import MUSICNN_BANDS


class Filters(NamedTuple):
    """One group of filters over (bands, frames), and how many of them are alive."""

    name: str
    bands: int
    frames: int
    alive: int


# Over a wide range of bands, and over one band for 2, 1 and 0.5 s.
FRONT: Final = (
    Filters("timbre38", 38, 7, 23),
    Filters("timbre67", 67, 7, 14),
    Filters("rhythm128", 1, 128, 3),
    Filters("rhythm64", 1, 64, 7),
    Filters("rhythm32", 1, 32, 17),
)
ONE: Final = "timbre38"  # the group with one filter more, which is always 1
MIDDLE_CHANNELS: Final = 64
MIDDLES: Final = ("middle1", "middle2", "middle3")
_MIDDLE_FRAMES: Final = 7


def _padded(pixels: Any, frames: int, name: str) -> Any:
    """Keep the length; an even kernel reaches one frame further into the future."""
    before = (frames - 1) // 2
    return layers.ZeroPadding2D(((0, 0), (before, frames - 1 - before)), name=f"pad_{name}")(pixels)


def _convolution(pixels: Any, channels: int, size: tuple[int, int], name: str) -> Any:
    padded = _padded(pixels, size[1], name)
    hidden = layers.Conv2D(channels, size, activation="relu", name=name)(padded)
    return layers.BatchNormalization(name=f"norm_{name}")(hidden)


def middle_of_musicnn(power: Any) -> Any:
    """Add musicnn's layers behind a tensor.

    Parameters
    ----------
    power : KerasTensor, shape (batch, MUSICNN_BANDS, frames, 1)
        ``log10(10000 S + 1)`` at 62.5 frames a second.

    Returns
    -------
    KerasTensor, shape (batch, 1, frames, 3 * MIDDLE_CHANNELS)
        What its three middle layers say of every frame, all bands taken together.
    """
    pixels = layers.BatchNormalization(name="norm_power")(power)
    pooled = []
    for group in FRONT:
        channels = group.alive + (group.name == ONE)
        hidden = _convolution(pixels, channels, (group.bands, group.frames), group.name)
        rows = MUSICNN_BANDS - group.bands + 1
        pooled.append(layers.MaxPooling2D((rows, 1), name=f"pool_{group.name}")(hidden))
    hidden = layers.Concatenate(name="front")(pooled)
    answers: list[Any] = []
    for name in MIDDLES:
        new = _convolution(hidden, MIDDLE_CHANNELS, (1, _MIDDLE_FRAMES), name)
        hidden = layers.Add(name=f"add_{name}")([new, hidden]) if answers else new
        answers.append(hidden)
    return layers.Concatenate(name="middle")(answers)


def musicnn() -> keras.Model:
    """Build musicnn up to its middle with random weights.

    Returns
    -------
    keras.Model
        From (batch, MUSICNN_BANDS, frames, 1) to what `middle_of_musicnn` gives.
    """
    power = keras.Input((MUSICNN_BANDS, None, 1), name="log_power")
    return keras.Model(power, middle_of_musicnn(power), name="musicnn")


def weighted_layers() -> tuple[str, ...]:
    """List the names of all layers with weights, to copy them into a larger network."""
    named = [group.name for group in FRONT] + list(MIDDLES)
    return ("norm_power", *named, *(f"norm_{name}" for name in named))
