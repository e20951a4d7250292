"""Plain names of the networks in model/weights that a visitor can choose."""

from typing import Final

# Name of the card: what a listener reads.
_PLAIN: Final = {
    "two-ears-random": "Earmark",
    "two-ears-filtered": "Earmark, learned from fewer artists",
    "pictures-random": "Earmark without its ear",
    "pictures-filtered": "Earmark without its ear, fewer artists",
    "earmark-random": "Earmark before it learned from songs of today",
    "earmark-filtered": "Earmark before it learned from songs of today, fewer artists",
    "filters-rows-random": "Filters that keep to one range of pitch",
    "filters-rows-filtered": "Filters that keep to one range of pitch, fewer artists",
    "filters-cells-random": "Filters that keep to one place",
    "filters-cells-filtered": "Filters that keep to one place, fewer artists",
    "filters-none-random": "Filters on their own",
    "filters-none-filtered": "Filters on their own, fewer artists",
}


def network_name(name: str) -> str:
    """Name a network for listeners; its own name where it has no other."""
    return _PLAIN.get(name, name)
