"""The colours of the genres are told apart, whatever eyes look at them."""

import tomllib
from itertools import combinations

import numpy as np
import pytest

from model.constants import GENRES
from pages.charts.colours import genre_colour, ink_on
from tests.conftest import ROOT

# Linear RGB as seen with a full deficiency: Machado, Oliveira and Fernandes, "A
# Physiologically-based Model for Simulation of Color Vision Deficiency", 2009, table 1.
VISION = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
# Oklab: Björn Ottosson, "A perceptual color space for image processing", 2020. A difference
# of 0.02 is about the smallest that is seen.
TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
APART = 0.1


def linear(colour: str) -> np.ndarray:
    values = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def difference(one: str, other: str, vision: str) -> float:
    seen = [np.clip(VISION[vision] @ linear(colour), 0, 1) for colour in (one, other)]
    first, second = (TO_OKLAB @ np.cbrt(TO_CONES @ colour) for colour in seen)
    return float(np.linalg.norm(first - second))


def contrast(one: str, other: str) -> float:
    """As the Web Content Accessibility Guidelines define it."""
    light, dark = sorted(
        (float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (one, other)), reverse=True
    )
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("vision", VISION)
def test_genres_are_told_apart_by_their_colours(vision):
    colours = {genre: genre_colour(genre) for genre in GENRES}
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]
    for ground in ("light", "dark"):
        colours[ground] = theme[ground]["backgroundColor"]
    for one, other in combinations(colours, 2):
        distance = difference(colours[one], colours[other], vision)
        assert distance > APART, f"{one} and {other}, {distance:.3f}"


@pytest.mark.parametrize("genre", GENRES)
def test_names_are_legible_on_their_colours(genre):
    assert contrast(genre_colour(genre), ink_on(genre_colour(genre))) > 4.5


def test_merged_genres_have_the_colour_of_the_first():
    assert genre_colour("rock+metal") == genre_colour("rock")
