"""A short written form of music, so that a score can be read as one.

A line is a row of tokens `pitch/length`, lengths in beats, kept until the next
one is given: `a4/1 c5/.5 e5 r c5+e5/2`. `r` rests and `+` stacks a chord. After
the pitch or the length, `!` accents, `?` plays softly, `~` adds vibrato, `'` plays short,
`<n` starts n semitones below and glides up, `>n` starts above. `|` is for the eye.
"""

import re
from collections.abc import Iterator

from model.sample_clips.score import Note

_STEPS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_PITCH = re.compile(r"^([a-g])([#b]*)(-?\d)$")
_MARKS = r"(?:[!?~']|[<>][\d.]+)*"
_TOKEN = re.compile(
    rf"^(?P<pitch>[a-g#b0-9+-]+|r)(?P<marks>{_MARKS})(?:/(?P<len>[\d.]+))?(?P<more>{_MARKS})$"
)

# Drums of General MIDI by the letter that a score uses for them
KICK, RIM, SNARE, CLAP = 36, 37, 38, 39
CLOSED_HAT, PEDAL_HAT, OPEN_HAT, CRASH, RIDE, RIDE_BELL = 42, 44, 46, 49, 51, 53
LOW_TOM, MID_TOM, HIGH_TOM, TAMBOURINE, SHAKER = 43, 47, 50, 54, 82
OPEN_CONGA, LOW_CONGA, MUTE_CONGA, BRUSH_TAP, BRUSH_SLAP = 63, 64, 62, 38, 39

_GRID_VELOCITY = {"X": 116, "x": 92, "o": 62, ".": 0, ",": 36}


def pitch(name: str) -> int:
    """Return the MIDI number of a pitch such as `c4` (60), `f#3` or `bb2`."""
    match = _PITCH.match(name)
    if match is None:
        raise ValueError(f"not a pitch: {name!r}")
    step, accidentals, octave = match.groups()
    shift = accidentals.count("#") - accidentals.count("b")
    return 12 * (int(octave) + 1) + _STEPS[step] + shift


def _velocity(marks: str, base: int) -> int:
    return min(127, base + 18 * marks.count("!") - 22 * marks.count("?"))


def _scoop(marks: str) -> float:
    bend = re.search(r"([<>])([\d.]+)", marks)
    if bend is None:
        return 0.0
    return (-1.0 if bend[1] == "<" else 1.0) * float(bend[2])


def _tokens(text: str) -> Iterator[tuple[str, str, float]]:
    """Yield pitches, marks and length of each token; a length holds until the next."""
    length = 1.0
    for token in text.replace("|", " ").split():
        match = _TOKEN.match(token)
        if match is None:
            raise ValueError(f"cannot read the token {token!r}")
        length = float(match["len"]) if match["len"] else length
        yield match["pitch"], match["marks"] + match["more"], length


def line(text: str, start: float = 0.0, velocity: int = 90, legato: float = 0.95) -> list[Note]:
    """Read a line of music.

    Parameters
    ----------
    text : str
        The tokens, as the module describes them.
    start : float
        Beat of the first token.
    velocity : int
        MIDI velocity of a note without a mark.
    legato : float
        Share of its length that a note sounds; `'` makes it a third of that.
    """
    notes: list[Note] = []
    beat = start
    for names, marks, length in _tokens(text):
        if names != "r":
            sounding = length * legato * (1 / 3 if "'" in marks else 1.0)
            loud, scoop, vibrato = _velocity(marks, velocity), _scoop(marks), "~" in marks
            notes += [
                Note(beat, sounding, pitch(name), loud, scoop, vibrato) for name in names.split("+")
            ]
        beat += length
    return notes


def beats_of(text: str) -> float:
    """Return how many beats a line of music lasts, rests at its end included."""
    return sum(length for _, _, length in _tokens(text))


def grid(text: str, drum: int, start: float = 0.0, step: float = 0.25) -> list[Note]:
    """Read a drum pattern, one sign a step: `X` loud, `x` plain, `o` soft, `,` ghost, `.` none."""
    notes = []
    for index, sign in enumerate(text.replace("|", "").replace(" ", "")):
        if sign not in _GRID_VELOCITY:
            raise ValueError(f"cannot read the drum sign {sign!r}")
        if sign != ".":
            notes.append(Note(start + index * step, step, drum, _GRID_VELOCITY[sign]))
    return notes


def strum(notes: list[Note], spread: float = 0.03, down: bool = True) -> list[Note]:
    """Spread chords over `spread` beats, as a plectrum does over the strings."""
    chords: dict[float, list[Note]] = {}
    for note in notes:
        chords.setdefault(note.start, []).append(note)
    strummed = []
    for chord in chords.values():
        ordered = sorted(chord, key=lambda note: note.pitch if down else -note.pitch)
        for index, note in enumerate(ordered):
            late = spread * index / max(1, len(ordered) - 1)
            strummed.append(
                Note(note.start + late, max(0.05, note.duration - late), note.pitch, note.velocity)
            )
    return strummed
