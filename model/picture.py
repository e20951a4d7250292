"""The spectrogram with its heatmap as a PNG picture."""

import io

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from model.constants import DYNAMIC_RANGE_DB

# Octaves, in Hz: what a musician reads off a frequency axis.
_TICKS = (125, 250, 500, 1_000, 2_000, 4_000, 8_000)


def draw_picture(
    log_mel: npt.NDArray[np.float32],
    relevance: npt.NDArray[np.float32],
    times: npt.NDArray[np.float64],
    frequencies: npt.NDArray[np.float64],
    title: str,
) -> bytes:
    """Draw a mel-spectrogram with what speaks for a class laid over it.

    Parameters
    ----------
    log_mel : ndarray of float32, shape (mels, frames)
        Levels in dB.
    relevance : ndarray of float32, shape (mels, frames)
        Only what is positive is drawn, as a share of its peak.
    times : ndarray of float64, shape (frames,)
        In seconds.
    frequencies : ndarray of float64, shape (mels,)
        Centres of the mel bands in Hz.
    title : str
        Written above.

    Returns
    -------
    bytes
        A PNG file of 1650 x 750 pixels.
    """
    figure = Figure(figsize=(11, 5), dpi=150, layout="constrained")
    axes = figure.subplots()
    edges = (times[0], times[-1], -0.5, len(frequencies) - 0.5)
    axes.imshow(
        log_mel,
        origin="lower",
        aspect="auto",
        extent=edges,
        cmap="gray",
        vmin=-DYNAMIC_RANGE_DB,
        vmax=0,
    )
    peak = float(relevance.max(initial=0.0))
    share = np.clip(relevance / peak, 0, 1) if peak > 0 else np.zeros_like(relevance)
    heat = axes.imshow(
        share,
        origin="lower",
        aspect="auto",
        extent=edges,
        cmap="inferno",
        vmin=0,
        vmax=1,
        alpha=0.75 * share,
    )
    rows = np.interp(_TICKS, frequencies, np.arange(len(frequencies)))
    axes.yaxis.set_major_locator(FixedLocator(rows.tolist()))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_yticklabels([f"{hz / 1000:g}k" if hz >= 1000 else str(hz) for hz in _TICKS])
    axes.set(title=title, xlabel="Time (s)", ylabel="Frequency (Hz)")
    figure.colorbar(heat, ax=axes, label="Relevance, share of the peak", pad=0.01)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()
