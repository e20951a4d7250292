"""What a filter answers to its own sound, as deconvolution makes it, and to that of others.

The sound of a filter is what its answers, taken back to the spectrogram, keep of the clip, as the
page on filters plays it. It goes through the whole front end again. If the sound is that of the
filter, the filter answers to it more than to the sounds of other filters of its layer. How loud a
sound is plays no part: the network reads levels below the loudest, brought to one mean and spread,
so the whole clip is level-matched as well.
"""

from collections.abc import Sequence
from typing import Any, Final, Protocol

import numpy as np

from model.audio.masking import mask_in_proportion
from model.audio.spectrogram import log_mel
from model.evaluation.maps.methods import random_for
from model.evaluation.maps.subjects import Subject
from model.explain.deconvolution import FilterNetwork, explain_filter
from model.networks.layer_steps import DECONVOLVED
from model.types import Float32, Float64
from model.uncertainty import clustered

# Filters of a layer whose sounds are made of every track.
FILTERS: Final = 4


class EarlyLayers(FilterNetwork, Protocol):
    """A network whose early layers can be run, and taken back."""

    def answers(self, levels: Float32) -> dict[str, Float32]:
        """Run them on levels (N_MELS, frames): (rows, columns, channels) of each."""


def own_sounds(
    steps: EarlyLayers, subjects: Sequence[Subject], clusters: Sequence[str], seed: int
) -> list[dict[str, Any]]:
    """Compare what filters answer to their own sounds with what they answer to others.

    Parameters
    ----------
    steps : EarlyLayers
        Of the network.
    subjects : sequence of Subject
        Tracks with sound; others are left out.
    clusters : sequence of str
        What each belongs to, such as its artist.
    seed : int
        Of the choice of filters, for every track anew, among those that answer to it.

    Returns
    -------
    list of dict
        For every layer that can be taken back: "layer", "tracks", the median answers to the
        "own" sound and to those of the "other" filters, as shares of that to the whole clip,
        and "stronger": how often the filter answers more to its own, with its interval.
    """
    found: dict[str, list[Float64]] = {layer: [] for layer in DECONVOLVED}
    groups: dict[str, list[str]] = {layer: [] for layer in DECONVOLVED}
    for subject, cluster in zip(subjects, clusters, strict=True):
        if subject.excerpt is None:
            continue
        whole = steps.answers(subject.levels)
        for layer in DECONVOLVED:
            alive = np.flatnonzero(whole[layer].max(axis=(0, 1)) > 0)
            drawn = random_for(f"{subject.name} {layer}", seed).permutation(alive)
            shares = _shares(steps, subject, layer, drawn.tolist(), whole[layer])
            if len(shares) > 1:
                found[layer].append(shares)
                groups[layer].append(cluster)
    return [_summary(layer, found[layer], groups[layer]) for layer in found if found[layer]]


def _shares(
    steps: EarlyLayers, subject: Subject, layer: str, drawn: Sequence[int], whole: Float32
) -> Float64:
    """Answer of each filter (row) to each one's sound (column), by that to the whole clip."""
    chosen: list[int] = []
    answers: list[Float32] = []
    for channel in drawn:
        if len(chosen) == FILTERS:
            break
        back = explain_filter(steps, subject.levels, layer, channel).at(subject.mask_frames)
        if back.max() <= 0:  # all that came back was negative, so nothing is played
            continue
        sound = subject.split(mask_in_proportion(back)).kept
        chosen.append(channel)
        answers.append(steps.answers(log_mel(sound))[layer].mean(axis=(0, 1)))
    heard = np.array([answer[chosen] for answer in answers], np.float64).T
    return heard / whole.mean(axis=(0, 1), dtype=np.float64)[chosen, np.newaxis]


def _summary(layer: str, shares: Sequence[Float64], clusters: Sequence[str]) -> dict[str, Any]:
    own = np.concatenate([np.diagonal(each) for each in shares])
    other = np.concatenate([each[~np.eye(len(each), dtype=bool)] for each in shares])
    stronger = [
        (np.diagonal(each)[:, np.newaxis] > each)[~np.eye(len(each), dtype=bool)].mean()
        for each in shares
    ]
    return {
        "layer": layer,
        "tracks": len(shares),
        "own": round(float(np.median(own)), 4),
        "other": round(float(np.median(other)), 4),
        "stronger": clustered(np.array(stronger), clusters),
    }
