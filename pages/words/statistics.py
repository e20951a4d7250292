"""Song statistics in words that a listener understands."""

from typing import Final

# The mean, and how much it varies.
_CURVES: Final = {
    "chroma_stft": ("fullness of the harmony", "contrast between sounding and silent notes"),
    "rms": ("loudness", "changes in loudness"),
    "spectral_centroid": ("brightness", "changes in brightness"),
    "spectral_bandwidth": ("width of the spectrum", "changes in the width of the spectrum"),
    "rolloff": ("reach of the high tones", "changes in the reach of the high tones"),
    "zero_crossing_rate": ("noisiness", "changes in noisiness"),
    "harmony": ("offset of the sustained part", "energy of the sustained part"),
    "perceptr": ("offset of the drum-like part", "energy of the drum-like part"),
}


def statistic_name(name: str) -> str:
    """Describe a column of the table of song statistics in words."""
    if name == "tempo":
        return "tempo"
    curve, _, moment = name.rpartition("_")
    if curve.startswith("mfcc"):
        words = f"tone colour {curve.removeprefix('mfcc')}"
        return words if moment == "mean" else f"changes in {words}"
    return _CURVES[curve][moment == "var"]


def compared_with_average(deviation: float) -> str:
    """Say how a statistic compares with the training tracks, in their standard deviations."""
    if abs(deviation) < 0.5:
        return "about average"
    much = "much " if abs(deviation) >= 1.5 else ""
    return f"{much}{'higher' if deviation > 0 else 'lower'} than average"
