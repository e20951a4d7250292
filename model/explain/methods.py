"""Explanations of the network's verdict: pure functions from what it computed to relevance.

One method a file. `METHODS` lists what a user can choose, under the names that the
command line, links and files use.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from model.explain.cam import cam
from model.explain.crm import crm, crm_per_class
from model.explain.lead import lead

_Arrays = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Method:
    """One way to explain a verdict.

    Attributes
    ----------
    name : str
        Key in `METHODS`; what the command line and links use.
    label : str
        Name shown to people.
    summary : str
        One sentence for the page.
    per_class : bool
        Whether every class has a map of its own.
    signed : bool
        Whether negative values, evidence against a class, occur.
    compute : callable or None
        From feature maps (rows, columns, channels) and the dense layer's kernel
        (channels, classes) to maps (classes, rows, columns), or (1, rows, columns)
        where one map serves all classes. None for `fine`, for which the network has to be
        asked about each class by itself.
    contrasts : bool
        Whether a class's map is a comparison with the other classes, so that merging
        genres changes it before it is computed.
    """

    name: str
    label: str
    summary: str
    per_class: bool
    signed: bool
    compute: Callable[[_Arrays, _Arrays], _Arrays] | None
    contrasts: bool = False

    @property
    def smooth(self) -> bool:
        """Whether neighbouring cells are alike, so that a threshold draws a line around places.

        A fine map would be all lines: it is kept in proportion instead.
        """
        return self.compute is not None

    def label_for(self, genre: str) -> str:
        """Name this method's map for one class, such as "CRM for rock"."""
        if not self.per_class:
            return self.label
        return f"{self.label.removesuffix(' per class')} for {genre}"


def _crm_of_all(feature_maps: _Arrays, kernel: _Arrays) -> _Arrays:
    return crm(feature_maps, kernel)[np.newaxis]


# What explains a verdict unless somebody says otherwise: of these, the one whose kept sound
# carries the verdict best on validation tracks
# (model/evaluation/results/faithfulness_random_valid.json).
USUAL_METHOD: Final = "fine"

METHODS: Final = {
    method.name: method
    for method in (
        Method(
            "fine",
            "Fine map",
            "The single levels to which the odds of one class are sensitive, where its CAM is "
            "ahead of the other classes': what both agree on. Sound is kept in proportion, half of "
            "it where the map reaches the threshold.",
            per_class=True,
            signed=False,
            compute=None,
        ),
        Method(
            "cam",
            "CAM",
            "Class activation map: how much each place adds to the score of one class, "
            "or takes from it.",
            per_class=True,
            signed=True,
            compute=cam,
        ),
        Method(
            "crm",
            "CRM (all classes)",
            "Class-selective relevance map as published: how much all ten scores together "
            "would change without each place. One map, the same whichever class you choose.",
            per_class=False,
            signed=False,
            compute=_crm_of_all,
        ),
        Method(
            "crm-class",
            "CRM per class",
            "One class's own term of the CRM, with its sign: CAM squared, so the strongest "
            "places stand out more.",
            per_class=True,
            signed=True,
            compute=crm_per_class,
        ),
        Method(
            "lead",
            "Lead map",
            "How far one class's CAM is ahead of every other class's at each place, or behind "
            "the strongest: no place leads for two classes.",
            per_class=True,
            signed=True,
            compute=lead,
            contrasts=True,
        ),
    )
}
