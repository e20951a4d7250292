"""The measures: functions from arrays to one figure a track.

J. Parekh et al., "Listen to Interpret", NeurIPS 2022; F. Paissan et al., "Listenable Maps
for Audio Classifiers", ICML 2024; A. Chattopadhay et al., WACV 2018; P. Chalasani et al.,
"Concise Explanations of Neural Networks using Adversarial Training", ICML 2020; U. Bhatt et
al., "Evaluating and Aggregating Feature-based Model Explanations", IJCAI 2020.

Throughout, p, o and q are the probabilities of the clip's most probable class: for
the clip itself, for its kept part, and for the rest.
"""

from dataclasses import dataclass
from typing import Final, Literal

from model.types import Float32


@dataclass(frozen=True)
class Measure:
    """A measure: what its figure means and how to read it.

    Attributes
    ----------
    name : str
        Key in the results.
    label : str
        Name shown to people.
    what : str
        One sentence.
    unit : str
        "%", "nat", or nothing for a plain number.
    better : str
        Which way is better; empty where neither is.
    """

    name: str
    label: str
    what: str
    unit: str
    better: Literal["higher", "lower", ""]


MEASURES: Final = (
    Measure(
        "AI",
        "Increase",
        "Share of tracks whose kept part alone is called so more surely than the whole",
        "%",
        "higher",
    ),
    Measure(
        "AD",
        "Drop",
        "Mean loss from the whole to the kept part, as a share of the whole's probability",
        "%",
        "lower",
    ),
    Measure("AG", "Gain", "Mean gain, as a share of what could be gained", "%", "higher"),
    Measure("FF", "Faithfulness", "Probability that is lost with the rest alone", "", "higher"),
    Measure(
        "Fid-In", "Fidelity", "Share of tracks whose kept part alone is called alike", "", "higher"
    ),
    Measure("kept-area", "Area kept", "Mean of the mask over all cells", "", ""),
    Measure("SPS", "Sparseness", "Gini index of the map's magnitudes", "", "higher"),
    Measure("COMP", "Complexity", "Entropy of the map's magnitudes", "nat", "lower"),
    Measure(
        "deletion-silence",
        "Deletion, silence",
        "Area under the probability while the most relevant cells are silenced first",
        "",
        "lower",
    ),
    Measure(
        "deletion-mean",
        "Deletion, band mean",
        "The same, each cell replaced by the mean of its band",
        "",
        "lower",
    ),
    Measure(
        "insertion-silence",
        "Insertion, silence",
        "Area under the probability while the most relevant cells are added first to silence",
        "",
        "higher",
    ),
    Measure(
        "insertion-mean",
        "Insertion, band mean",
        "The same, added to the mean of their band",
        "",
        "higher",
    ),
)

# Yes-or-no measures, with the value of a yes: their means are shares.
COUNTED: Final = {"AI": 100.0, "Fid-In": 1.0}


def compare_parts(
    whole: Float32, kept: Float32, rest: Float32, class_index: int
) -> dict[str, float]:
    """Compare the probabilities of a clip, its kept part and the rest.

    Parameters
    ----------
    whole, kept, rest : ndarray of float32, shape (classes,)
        Probabilities.
    class_index : int
        Most probable class of the whole clip.

    Returns
    -------
    dict
        One track's share of AI, AD, AG (in %), FF and Fid-In, to be averaged.
    """
    p, o, q = (float(array[class_index]) for array in (whole, kept, rest))
    return {
        "AI": 100.0 * (o > p),
        "AD": 100.0 * max(p - o, 0.0) / p,
        # At certainty there is nothing left to gain.
        "AG": 100.0 * max(o - p, 0.0) / (1.0 - p) if p < 1.0 else 0.0,
        "FF": p - q,
        "Fid-In": float(int(kept.argmax()) == class_index),
    }
