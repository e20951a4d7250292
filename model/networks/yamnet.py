"""YAMNet's convolutions, trained by Google to recognise 521 kinds of sound.

M. Plakal, D. Ellis, Google, 2019; a MobileNet v1 (A. Howard et al., arXiv 1704.04861) trained
on AudioSet (J. F. Gemmeke et al., ICASSP 2017). Apache 2.0. Its normalisations are folded into
the convolutions. Given a whole clip at once it answers for every 0.32 s of it.
"""

from typing import Any, Final

import keras
from keras import layers

from model.audio.yamnet_spectrogram import YAMNET_BANDS

# Channels and stride of the 13 pairs of a depthwise and a pointwise convolution.
_PAIRS: Final = (
    (64, 1),
    (128, 2),
    (128, 1),
    (256, 2),
    (256, 1),
    (512, 2),
    *((512, 1),) * 5,
    (1024, 2),
    (1024, 1),
)
_STEM_CHANNELS: Final = 32
# Layers are counted as their authors do: the stem is 1, the pairs are 2 to 14.
N_LAYERS: Final = 1 + len(_PAIRS)
YAMNET_CHANNELS: Final = 1024


def _padded(pixels: Any, stride: int, name: str) -> Any:
    """Pad as its authors' framework does: at the far end only where the size is halved."""
    near = 0 if stride == 2 else 1
    return layers.ZeroPadding2D(((near, 1), (near, 1)), name=f"{name}_pad")(pixels)


def yamnet_layers(log_mel: Any) -> Any:
    """Add YAMNet's convolutions behind a tensor.

    Parameters
    ----------
    log_mel : KerasTensor, shape (batch, YAMNET_BANDS, frames, 1)
        From `model.audio.yamnet_spectrogram`, lowest band first.

    Returns
    -------
    KerasTensor, shape (batch, 2, frames // 32, YAMNET_CHANNELS)
        Not negative. Both rows have seen nearly all bands.
    """
    hidden = _padded(log_mel, 2, "ear1")
    hidden = layers.Conv2D(_STEM_CHANNELS, 3, 2, activation="relu", name="ear1")(hidden)
    for number, (channels, stride) in enumerate(_PAIRS, start=2):
        name = f"ear{number}"
        hidden = _padded(hidden, stride, name)
        hidden = layers.DepthwiseConv2D(3, stride, activation="relu", name=f"{name}_depthwise")(
            hidden
        )
        hidden = layers.Conv2D(channels, 1, activation="relu", name=name)(hidden)
    return hidden


def yamnet() -> keras.Model:
    """Build YAMNet's convolutions with random weights.

    Returns
    -------
    keras.Model
        From (batch, YAMNET_BANDS, frames, 1) to what `yamnet_layers` returns.
    """
    log_mel = keras.Input((YAMNET_BANDS, None, 1), name="yamnet_log_mel")
    return keras.Model(log_mel, yamnet_layers(log_mel), name="yamnet")


def weighted_layers() -> tuple[str, ...]:
    """Names of all layers with weights, in the order in which they are computed."""
    pairs = [(f"ear{number}_depthwise", f"ear{number}") for number in range(2, N_LAYERS + 1)]
    return ("ear1", *(name for pair in pairs for name in pair))
