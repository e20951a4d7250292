"""Where the evidence lies, as regions for Audacity and for Sonic Visualiser."""

from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import quoteattr

import numpy as np

from model.audio.excerpt import Excerpt
from model.constants import FINE_HOP, SAMPLE_RATE
from model.types import Float32, Float64

# The evidence is averaged over so long, and counts as a region where it is above this share of its
# strongest moment, for no shorter than this.
_SMOOTH: Final = 0.3  # s
_SHARE: Final = 0.4
_SHORTEST: Final = 0.2  # s
# The frequencies of a region hold all its evidence but this share at either end.
_OUTSIDE: Final = 0.1


@dataclass(frozen=True)
class EvidenceRegion:
    """A stretch of a song in which much speaks for a class.

    Attributes
    ----------
    start, end : float
        In seconds of the file.
    low, high : float
        Frequencies between which most of its evidence lies, in Hz.
    share : float
        Of all evidence in the excerpt, 0 to 1.
    """

    start: float
    end: float
    low: float
    high: float
    share: float


def evidence_regions(excerpt: Excerpt, relevance: Float32) -> list[EvidenceRegion]:
    """Find the stretches in which much speaks for a class.

    Parameters
    ----------
    excerpt : Excerpt
        What was explained.
    relevance : ndarray of float32, shape (N_MELS, frames)
        On any scale; negative relevance counts as 0.

    Returns
    -------
    list of EvidenceRegion
        In order of time; empty where nothing speaks for the class.
    """
    speaking = np.maximum(relevance, 0).astype(np.float64)
    total = float(speaking.sum())
    if total == 0:
        return []
    width = max(1, round(_SMOOTH * SAMPLE_RATE / FINE_HOP))
    strength = np.convolve(speaking.sum(axis=0), np.full(width, 1 / width), mode="same")
    strong = strength > _SHARE * strength.max()
    edges = np.flatnonzero(np.diff(np.concatenate([[False], strong, [False]]).astype(np.int8)))
    regions = []
    for first, end in edges.reshape(-1, 2).tolist():
        start = excerpt.start + first * FINE_HOP / SAMPLE_RATE
        stop = min(excerpt.start + end * FINE_HOP / SAMPLE_RATE, excerpt.start + excerpt.seconds)
        if stop - start < _SHORTEST:
            continue
        bands = speaking[:, first:end].sum(axis=1)
        low, high = _middle(bands, excerpt.frequencies)
        regions.append(EvidenceRegion(start, stop, low, high, float(bands.sum()) / total))
    return regions


def _middle(bands: Float64, hertz: Float64) -> tuple[float, float]:
    """Find the frequencies between which most of some bands' evidence lies."""
    below = np.cumsum(bands) / bands.sum()
    low = int(np.searchsorted(below, _OUTSIDE))
    high = min(int(np.searchsorted(below, 1 - _OUTSIDE)), len(hertz) - 1)
    return float(hertz[low]), float(hertz[high])


def audacity_labels(regions: list[EvidenceRegion], name: str) -> bytes:
    """Write regions as a label track for Audacity: File, Import, Labels.

    Parameters
    ----------
    regions : list of EvidenceRegion
        From `evidence_regions`.
    name : str
        Begins every label.

    Returns
    -------
    bytes
        Text: begin, end and label of a region, and below it, behind a backslash, its lowest and
        highest frequency.
    """
    lines = [
        f"{one.start:.6f}\t{one.end:.6f}\t{_label(one, name)}\n\\\t{one.low:.1f}\t{one.high:.1f}\n"
        for one in regions
    ]
    return "".join(lines).encode()


def sonic_visualiser_layer(regions: list[EvidenceRegion], name: str) -> bytes:
    """Write regions as a layer for Sonic Visualiser: File, Import Annotation Layer.

    Parameters
    ----------
    regions : list of EvidenceRegion
        From `evidence_regions`.
    name : str
        Of the layer; begins every label.

    Returns
    -------
    bytes
        An SVL file: a layer of regions whose height is the share of all evidence in per cent.
    """
    points = "".join(
        f'      <point frame="{round(one.start * SAMPLE_RATE)}" value="{100 * one.share:.2f}" '
        f'duration="{round((one.end - one.start) * SAMPLE_RATE)}" '
        f"label={quoteattr(_label(one, name))} />\n"
        for one in regions
    )
    end = round(max((one.end for one in regions), default=0.0) * SAMPLE_RATE)
    highest = max((100 * one.share for one in regions), default=0.0)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE sonic-visualiser>
<!-- point: a stretch of the song where the evidence lies. frame: where it begins, in samples at
     sampleRate; duration: its length, in samples; value: the share of all evidence that lies in it,
     in per cent; label: the same in words. -->
<sv>
  <data>
    <model id="1" name={quoteattr(name)} sampleRate="{SAMPLE_RATE}" start="0" end="{end}" \
type="sparse" dimensions="3" resolution="1" notifyOnAdd="true" dataset="2" subtype="region" \
valueQuantization="0" minimum="0" maximum="{highest:.2f}" units="%" />
    <dataset id="2" dimensions="3">
{points}    </dataset>
  </data>
  <display>
    <layer id="3" type="regions" name={quoteattr(name)} model="1" verticalScale="0" plotStyle="0" />
  </display>
</sv>
""".encode()


def _label(region: EvidenceRegion, name: str) -> str:
    return f"{name}, {100 * region.share:.0f} %"
