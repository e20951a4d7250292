"""The registry of explanations: a method is added by its file and one line here.

The names are those of the command line, of links and of files.
"""

from typing import Final

from model.explain import (
    cam,
    crm,
    crm_per_class,
    fine,
    grad_cam_plus_plus,
    gradient_input,
    integrated_gradients,
    lead,
    listenable,
    occlusion,
    regions,
)
from model.explain.door import Method

# What explains a verdict unless somebody asks for another: on validation tracks its kept sound
# carries the verdict better than that of the others, what it leaves loses it about as much as what
# the fine map leaves, and with its values rearranged next to nothing of either is left
# (model/evaluation/results/played_random_valid.json).
DEFAULT_METHOD: Final = "regions"

# At hand on every page: at most one gradient, which nobody waits for long.
QUICK_METHODS: Final = {
    method.name: method
    for method in (
        regions.METHOD,
        fine.METHOD,
        listenable.METHOD,
        cam.METHOD,
        crm.METHOD,
        crm_per_class.METHOD,
        lead.METHOD,
    )
}

# Offered with their cost, for comparison.
MORE_METHODS: Final = {
    method.name: method
    for method in (
        grad_cam_plus_plus.METHOD,
        gradient_input.METHOD,
        integrated_gradients.METHOD,
        occlusion.METHOD,
    )
}

METHODS: Final[dict[str, Method]] = QUICK_METHODS | MORE_METHODS
