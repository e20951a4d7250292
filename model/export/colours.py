"""Colours of a clip's picture and of what lies over it, in the player and in print.

Loudness is grey, so that hue is free for evidence. Orange and blue are told apart with every
common colour blindness, and grow lighter as they grow stronger.
"""

from typing import Final

# Share of the scale, then red, green, blue (0 to 255) and opacity (0 to 1).
Stops = tuple[tuple[float, float, float, float, float], ...]
LOUDNESS: Final[Stops] = (
    (0, 13, 15, 18, 1),
    (0.5, 86, 91, 99, 1),
    (1, 241, 243, 245, 1),
)
SPEAKS_FOR: Final[Stops] = (
    (0, 255, 110, 0, 0),
    (0.2, 255, 110, 0, 0.12),
    (0.5, 255, 130, 0, 0.6),
    (1, 255, 214, 10, 1),
)
SPEAKS_AGAINST: Final[Stops] = (
    (0, 0, 120, 255, 0),
    (0.2, 0, 120, 255, 0.12),
    (0.5, 0, 140, 255, 0.6),
    (1, 120, 214, 255, 1),
)
# Lines over the picture, and the dark rim that lets them show on any ground.
LINE: Final = "#ffffff"
RIM: Final = "#0d0f12"
# A box that the user has drawn.
BOX: Final = "#5cf2ff"
# Signs on a button in the app's main colour.
INK: Final = "#ffffff"

# Of the heatmap over the spectrogram, unless the user moves it.
OPACITY: Final = 0.75
# The printed picture: as wide as the text on an A4 page, with the dots that print shops ask for.
SIZE_MM: Final = (180.0, 100.0)
DOTS_PER_INCH: Final = 300
