"""One loudness for all that is given to networks which hear levels as they are."""

from typing import Final

import numpy as np

from model.types import Float32

# What every excerpt is brought to: the effective value of a sound 20 dB below full scale.
_LOUDNESS: Final = 0.1
# Frames further below the loud ones than this are pauses, which say nothing of the loudness.
_PAUSE_DB: Final = 40.0
_LOUD_SHARE: Final = 95.0  # per cent of the frames that are not louder than the loud ones
_HANN_POWER: Final = 0.375  # mean of the squares of a Hann window


def gain_to_one_loudness(power: Float32, n_fft: int, window: int) -> float:
    """Find the factor that brings frames of these powers to one loudness.

    A click and silence around the music change it little.

    Parameters
    ----------
    power : ndarray of float32, shape (frames,)
        Sum of the squared magnitudes of a real signal's half spectrum, under a Hann window.
    n_fft, window : int
        Length of the transform and of the window, in samples.

    Returns
    -------
    float
        1 for silence.
    """
    loud = float(np.percentile(power, _LOUD_SHARE)) or float(power.max())
    if loud <= 0.0:
        return 1.0
    heard = power[power >= loud * 10 ** (-_PAUSE_DB / 10)]
    # Again without the pauses, so that silence around music does not make it louder.
    loud = float(np.percentile(heard, _LOUD_SHARE))
    # Parseval's theorem for half of a spectrum.
    mean_square = 2.0 * float(np.minimum(heard, loud).mean()) / (n_fft * _HANN_POWER * window)
    return _LOUDNESS / float(np.sqrt(mean_square))
