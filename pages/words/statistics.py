"""Song statistics in words of listeners: what one hears where a song differs from the average."""

from typing import Final, NamedTuple


class _Heard(NamedTuple):
    """What a statistic is, and what one hears where it is above or below the average."""

    name: str
    above: str
    below: str


# The mean over the song, and how much it varies.
_CURVES: Final = {
    "chroma_stft": (
        _Heard("notes sounding at once", "more notes at once", "fewer notes at once"),
        _Heard("contrast between notes", "notes that stand out more", "notes that stand out less"),
    ),
    "rms": (
        _Heard("loudness", "louder", "softer"),
        _Heard("changes of loudness", "more changes of loudness", "steadier loudness"),
    ),
    "spectral_centroid": (
        _Heard("brightness", "brighter", "darker"),
        _Heard("changes of brightness", "more changes of brightness", "steadier brightness"),
    ),
    "spectral_bandwidth": (
        _Heard("spread from low to high", "a wider spread of lows and highs", "a narrower sound"),
        _Heard(
            "changes of spread", "more changes between narrow and wide sound", "a steadier width"
        ),
    ),
    "rolloff": (
        _Heard("reach of the highs", "highs that reach further up", "fewer highs"),
        _Heard("changes of the highs", "highs that come and go more", "steadier highs"),
    ),
    "zero_crossing_rate": (
        _Heard("noisiness", "noisier", "smoother"),
        _Heard("changes of noisiness", "noise that comes and goes more", "steadier noise"),
    ),
    "harmony": (
        _Heard(
            "offset of the sustained part",
            "a higher offset of its held notes, which nobody hears,",
            "a lower offset of its held notes, which nobody hears,",
        ),
        _Heard("strength of held notes", "stronger held notes", "weaker held notes"),
    ),
    "perceptr": (
        _Heard(
            "offset of the drum-like part",
            "a higher offset of its drums, which nobody hears,",
            "a lower offset of its drums, which nobody hears,",
        ),
        _Heard("strength of drums", "stronger drums and attacks", "weaker drums and attacks"),
    ),
}
_TEMPO: Final = _Heard("tempo", "a faster beat", "a slower beat")
# The first shapes of the spectrum that MFCCs describe: its level, its tilt and its hollow.
_COLOURS: Final = {
    1: _Heard("fullness of the sound", "a fuller sound", "a thinner sound"),
    2: _Heard("bass against treble", "more bass and less treble", "more treble and less bass"),
    3: _Heard(
        "lows and highs against the middle",
        "stronger lows and highs",
        "a stronger middle range",
    ),
}


def statistic_name(name: str) -> str:
    """Describe a column of the table of song statistics in words."""
    return _heard(name).name


def what_one_hears(name: str, deviation: float) -> str:
    """Say what one hears of a statistic, beside the training tracks.

    Parameters
    ----------
    name : str
        A column of the table of song statistics.
    deviation : float
        From the training tracks' average, in their standard deviations.

    Returns
    -------
    str
        Such as "brighter than average".
    """
    heard = _heard(name)
    if abs(deviation) < 0.5:
        return f"{heard.name} about average"
    by_far = " by far" if abs(deviation) >= 1.5 else ""
    return f"{heard.above if deviation > 0 else heard.below} than average{by_far}"


def _heard(name: str) -> _Heard:
    if name == "tempo":
        return _TEMPO
    curve, _, moment = name.rpartition("_")
    if not curve.startswith("mfcc"):
        return _CURVES[curve][moment == "var"]
    number = int(curve.removeprefix("mfcc"))
    # One does not hear them one by one; the larger the number, the finer.
    colour = f"tone-colour shade {number}"
    if moment == "var":
        return _Heard(
            f"changes of {colour}", f"more changes of {colour}", f"fewer changes of {colour}"
        )
    return _COLOURS.get(number) or _Heard(colour, f"more of {colour}", f"less of {colour}")
