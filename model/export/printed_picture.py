"""The spectrogram with its heatmap as a PNG picture, for a printed page."""

import io
import threading
import warnings
from typing import Final

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, ListedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FixedLocator, NullLocator, PercentFormatter

from model.analysis import Analysis
from model.audio.masking import THRESHOLD
from model.constants import DYNAMIC_RANGE_DB
from model.explain.methods import METHODS
from model.export.colours import (
    DOTS_PER_INCH,
    LINE,
    LOUDNESS,
    OPACITY,
    RIM,
    SIZE_MM,
    SPEAKS_AGAINST,
    SPEAKS_FOR,
    Stops,
)
from model.genres import members_of
from model.types import Float32

_MM_PER_INCH: Final = 25.4

# Octaves, in Hz: what a musician reads off a frequency axis.
_TICKS: Final = (125, 250, 500, 1_000, 2_000, 4_000, 8_000)
_LONGEST_NAME: Final = 70  # characters; more would not fit on one line
_SMALL: Final = 8  # points

# Matplotlib's fonts and caches are not thread-safe.
_PENCIL: Final = threading.Lock()


def draw_picture(
    analysis: Analysis,
    method: str,
    genre: str,
    threshold: float = THRESHOLD,
    opacity: float = OPACITY,
    against: bool = False,
) -> bytes:
    """Draw a spectrogram with what speaks for a class, and a line around what is kept.

    Parameters
    ----------
    analysis : Analysis
        Of the excerpt.
    method : str
        A key of METHODS.
    genre : str
        One of the analysis' `classes`.
    threshold : float
        Share of this class's own peak, 0 to 1, at which the line is drawn.
    opacity : float
        Of the heatmap, 0 to 1.
    against : bool
        Whether evidence against the class is drawn too, where the method has a sign.

    Returns
    -------
    bytes
        A PNG file of SIZE_MM at DOTS_PER_INCH.
    """
    relevance = analysis.relevance(method, genre)
    peak = float(relevance.max(initial=0.0))
    share = relevance / np.float32(peak) if peak > 0 else np.minimum(relevance, 0)
    against = against and METHODS[method].signed and peak > 0
    with _PENCIL:
        width, height = (length / _MM_PER_INCH for length in SIZE_MM)
        figure = Figure(figsize=(width, height), layout="constrained")
        axes = figure.subplots()
        _draw_cells(axes, analysis, share if against else np.maximum(share, 0), opacity)
        if METHODS[method].smooth:
            _draw_outline(axes, analysis, analysis.mask(method, genre, threshold))
        _draw_scale(axes, opacity, against)
        _label(axes, analysis, _title(analysis, method, genre, threshold if peak > 0 else None))
        buffer = io.BytesIO()
        with warnings.catch_warnings():
            # Characters of the file's name that no font has are drawn as boxes.
            warnings.filterwarnings("ignore", "Glyph .* missing from font")
            # The default level 6 takes three times as long and saves a tenth.
            figure.savefig(
                buffer, format="png", dpi=DOTS_PER_INCH, pil_kwargs={"compress_level": 3}
            )
    return buffer.getvalue()


def _colours(stops: Stops) -> LinearSegmentedColormap:
    places = [(at, (r / 255, g / 255, b / 255, a)) for at, r, g, b, a in stops]
    return LinearSegmentedColormap.from_list("stage", places)


def _heat(share: Float32, opacity: float) -> npt.NDArray[np.float64]:
    """Look up the colour, (..., 4), of shares of the peak from -1 to 1, of any shape (...)."""
    strength = np.minimum(np.abs(share), 1)
    positive = (share > 0)[..., np.newaxis]
    heat = np.where(positive, _colours(SPEAKS_FOR)(strength), _colours(SPEAKS_AGAINST)(strength))
    heat[..., 3] *= opacity
    return heat


def _draw_cells(axes: Axes, analysis: Analysis, share: Float32, opacity: float) -> None:
    times = analysis.excerpt.times
    edges = (times[0], times[-1], -0.5, len(share) - 0.5)
    axes.imshow(
        analysis.excerpt.log_mel,
        origin="lower",
        aspect="auto",
        extent=edges,
        cmap=_colours(LOUDNESS),
        vmin=-DYNAMIC_RANGE_DB,
        vmax=0,
    )
    axes.imshow(_heat(share, opacity), origin="lower", aspect="auto", extent=edges)


def _draw_outline(axes: Axes, analysis: Analysis, mask: Float32) -> None:
    """Draw the line along which half of the sound is kept, white with a dark rim."""
    if mask.min() >= 0.5 or mask.max() <= 0.5:  # all is kept, or nothing
        return
    line = axes.contour(
        analysis.excerpt.times,
        np.arange(len(mask)),
        mask,
        levels=[0.5],
        colors=LINE,
        linewidths=0.7,
    )
    line.set_path_effects([withStroke(linewidth=1.6, foreground=RIM)])


def _draw_scale(axes: Axes, opacity: float, against: bool) -> None:
    """Draw the scale of colours as they look where there is silence."""
    lowest = -1.0 if against else 0.0
    heat = _heat(np.linspace(lowest, 1, 256, dtype=np.float32), opacity)
    ground = np.array(LOUDNESS[0][1:4]) / 255
    solid = ground + (heat[:, :3] - ground) * heat[:, 3:]
    shown = ScalarMappable(Normalize(lowest, 1), ListedColormap(solid.tolist()))
    scale = axes.figure.colorbar(shown, ax=axes, pad=0.015, format=PercentFormatter(1.0))
    scale.set_label("Relevance, share of the peak", size=_SMALL)
    scale.ax.tick_params(labelsize=_SMALL)


def _title(analysis: Analysis, method: str, genre: str, threshold: float | None) -> str:
    name = analysis.excerpt.name
    if len(name) > _LONGEST_NAME:
        name = name[: _LONGEST_NAME - 1] + "…"
    label = METHODS[method].label_for(" or ".join(members_of(genre)))
    probability = 100 * dict(analysis.verdict.ranking)[genre]
    if threshold is None:
        kept = "nothing speaks for it"
    elif METHODS[method].smooth:
        kept = f"kept inside the line, from {100 * threshold:.0f} % of the peak on"
    else:
        kept = f"kept in proportion, half at {100 * threshold:.0f} % of the peak"
    return f"{name}\n{label}: probability {probability:.1f} %; {kept}"


def _label(axes: Axes, analysis: Analysis, title: str) -> None:
    frequencies = analysis.excerpt.frequencies
    rows = np.interp(_TICKS, frequencies, np.arange(len(frequencies)))
    axes.yaxis.set_major_locator(FixedLocator(rows.tolist()))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_yticklabels([f"{hz / 1000:g}k" if hz >= 1000 else str(hz) for hz in _TICKS])
    axes.tick_params(labelsize=_SMALL)
    axes.set_xlabel("Time (s)", size=_SMALL)
    axes.set_ylabel("Frequency (Hz)", size=_SMALL)
    # A $ in the file's name must not start a formula.
    axes.set_title(title, size=_SMALL + 1, loc="left", parse_math=False)
