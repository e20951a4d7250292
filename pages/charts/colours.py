"""One colour a genre, and one for what is looked at, the same on light and dark ground."""

from typing import Final

from model.genres import members_of

# What a chart is about, among others in grey.
ACCENT: Final = "#E06000"

# Ten colours stay well apart under normal vision and the three common kinds of colour
# blindness, and stand out from both grounds; a test holds them to it. Searched for by
# simulated annealing from hand-picked colours.
_GENRES: Final = {
    "blues": "#3C69D2",
    "classical": "#D2D278",
    "country": "#786900",
    "disco": "#C387F0",
    "hiphop": "#F0783C",
    "jazz": "#691E87",
    "metal": "#0F4B3C",
    "pop": "#96D2FF",
    "reggae": "#2DB496",
    "rock": "#B44B87",
}
# Between light and dark; of eight bits.
_MIDDLE: Final = 125
_RED, _GREEN, _BLUE = 0.299, 0.587, 0.114  # luma, ITU-R BT.601


def genre_colour(genre: str) -> str:
    """Look up a class's colour, that of its first member if it is merged."""
    return _GENRES[members_of(genre)[0]]


def ink_on(colour: str) -> str:
    """Choose the colour of text that is legible on another colour."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#10161F" if _RED * red + _GREEN * green + _BLUE * blue > _MIDDLE else "#FFFFFF"
