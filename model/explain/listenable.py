"""Listenable maps: the places whose sound alone keeps the verdict, as a decoder has learned.

The decoder is a small network behind the one that is explained, which stays as it is. It was
taught on songs that the network learned from: what it keeps should be called as the whole is,
and what it leaves should not (F. Paissan, M. Ravanelli, C. Subakan, "Listenable Maps for Audio
Classifiers", ICML 2024, arXiv 2403.13086; `model.training.listenable` has the loss). No gradient
is needed, so a map takes less than the verdict did.
"""

from model.explain.door import MaskDecoding, Method, Network, Prediction, Target
from model.explain.fine import log_odds_weights
from model.explain.grid import RelevanceMap


def explain(network: Network, prediction: Prediction, target: Target) -> RelevanceMap:
    """Explain by what the network's decoder keeps.

    Parameters
    ----------
    network : Network
        With a decoder.
    prediction : Prediction
        Of the sound.
    target : Target
        The class, not all of them.

    Returns
    -------
    RelevanceMap
        From 0 to 1, on the cells of the last map halved in time.

    Raises
    ------
    ValueError
        If no decoder was taught for this network.
    """
    if not METHOD.offered_by(network) or not isinstance(network, MaskDecoding):
        raise ValueError("There are no listenable maps of this network: no decoder was taught.")
    weights = log_odds_weights(prediction.logits, target.members, network.temperature)
    return network.decoded(prediction, weights)


METHOD = Method(
    name="listenable",
    label="Listenable map",
    summary="What a small decoder keeps, which was taught on songs that the network knows: its "
    "sound alone should be called as the whole is, and the rest should not. Sound is kept in "
    "proportion, half of it where the map reaches the threshold.",
    cost="1 run, and one of a decoder of 58,000 weights",
    per_class=True,
    signed=False,
    smooth=False,
    explain=explain,
    needs_decoder=True,
)
