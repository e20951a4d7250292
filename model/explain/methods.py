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
# carries the verdict better than that of all older ones
# (model/evaluation/results/faithfulness_random_valid.json). What regions and listenable maps keep
# carries it better still, but so does what they leave (model/training/LOG.md).
DEFAULT_METHOD: Final = "fine"

# At hand on every page: at most one gradient, which nobody waits for long.
QUICK_METHODS: Final = {
    method.name: method
    for method in (
        fine.METHOD,
        regions.METHOD,
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
