"""What the network calls the sounds that the app plays of its own evidence.

Every map is heard as it is played, alone in silence and with the rest 30 dB quieter around it,
and beside it what it would be by chance or by a trick: its own values rearranged; a decoder whose
weights are rearranged, and one that was taught on shuffled labels; the map of another track; the
map half a cell later; the kept sound through a small MP3; the map laid on white noise. Listenable
maps that keep a verdict by a texture that only the network hears would lose it half a cell later
or by the MP3, and keep it in noise.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import soundfile

from model.audio.clip import Clip
from model.audio.masking import BED_DB, mask_from_relevance, mask_in_proportion
from model.constants import SAMPLE_RATE
from model.evaluation.maps.localisation import mass_inside
from model.evaluation.maps.measures import COUNTED, compare_parts
from model.evaluation.maps.methods import random_for
from model.evaluation.maps.subjects import Subject, subject_from_clip
from model.evaluation.maps.surrogate import surrogate
from model.evaluation.maps.two_songs import in_a_row, one_below_the_other
from model.explain.door import Network, Prediction, Target
from model.explain.fine import log_odds_weights
from model.explain.grid import MapGrid, RelevanceMap
from model.explain.methods import METHODS
from model.gtzan.pictures import genre_of
from model.networks.classifier import Classifier
from model.training.shuffled import ShuffledDecoder
from model.types import Float32
from model.uncertainty import bootstrap, counted, over_groups, paired

# How much quieter the rest is around what is kept; None where it is silent.
BEDS: Final = (None, BED_DB)
OWN, NULL = "own", "rearranged"
RESET, SHUFFLED = "reset decoder", "shuffled labels"
ELSEWHERE, LATER, MP3 = "another track", "half a cell later", "MP3"
NOISE: Final = "white noise"
ROW, BANDS = "one behind the other", "one below the other"
MIXTURES: Final = {ROW: in_a_row, BANDS: one_below_the_other}
# The method whose maps are put to all tests.
DECODED: Final = "listenable"
# Of libsndfile's scale from the largest to the smallest file: some 40 kbit/s for one channel.
_MP3_LEVEL: Final = 0.8
Sound = Callable[[Float32], Float32]


@dataclass(frozen=True, eq=False)
class Heard:
    """A track, and what the network makes of all of it.

    Attributes
    ----------
    subject : Subject
        With sound.
    prediction : Prediction
        Of that sound.
    """

    subject: Subject
    prediction: Prediction

    @property
    def called(self) -> int:
        """Index of the most probable class."""
        return int(self.prediction.probabilities.argmax())

    @property
    def target(self) -> Target:
        """That class, to be explained."""
        return Target.single(self.called, len(self.prediction.probabilities))


def through_mp3(sound: Float32) -> Float32:
    """Write a sound into a small MP3 file and read it again."""
    file = io.BytesIO()
    loudest = max(float(np.abs(sound).max()), 1e-9)
    soundfile.write(
        file,
        sound * (0.9 / loudest),
        SAMPLE_RATE,
        format="MP3",
        subtype="MPEG_LAYER_III",
        compression_level=_MP3_LEVEL,
    )
    file.seek(0)
    found, _ = soundfile.read(file, dtype="float32")
    return np.asarray(found * (loudest / 0.9), np.float32)


def noise_like(subject: Subject, seed: int) -> Subject:
    """Make white noise as long and as loud as a track."""
    waveform = subject.sound.waveform
    drawn = random_for(subject.name, seed).standard_normal(len(waveform), np.float32)
    loudness = np.sqrt(np.mean(np.square(waveform)))
    noise = drawn * (loudness / np.sqrt(np.mean(np.square(drawn))))
    clip = Clip(noise.astype(np.float32), subject.name, "")
    return subject_from_clip(clip, len(waveform) / SAMPLE_RATE)


@dataclass
class _Series:
    """Figures of one way to keep something, a track each."""

    figures: dict[str, list[float]] = field(default_factory=dict)

    def add(self, **figures: float) -> None:
        for name, value in figures.items():
            self.figures.setdefault(name, []).append(value)

    def of(self, name: str) -> Any:
        return np.array(self.figures[name])


@dataclass
class Played:
    """Hears what is played, one track after the other.

    Parameters
    ----------
    network : Classifier
        Which explains itself.
    methods : sequence of str
        Of METHODS; those that the network does not have are left out.
    seed : int
        Of what is rearranged, and of the bootstrap.
    shuffled : ShuffledDecoder, optional
        Taught on shuffled labels, to compare with.
    """

    network: Classifier
    methods: Sequence[str]
    seed: int = 0
    shuffled: ShuffledDecoder | None = None
    genres: list[str] = field(default_factory=list)
    _series: dict[tuple[str, str, float | None], _Series] = field(default_factory=dict)
    _right: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    _before: Heard | None = None

    def __post_init__(self) -> None:
        """Leave out what the network does not have."""
        self.methods = [name for name in self.methods if METHODS[name].offered_by(self.network)]

    def hear(self, subject: Subject) -> None:
        """Hear everything that would be played of one track, and of it joined to the last one."""
        heard = Heard(subject, self.network.hear(subject.sound.waveform, subject.levels))
        for method in self.methods:
            for test, found, change in self._maps(method, heard):
                self._play(method, test, heard, found, change)
        if self._before is not None:
            for kind in MIXTURES:
                self._mix(kind, self._before, heard)
        self._before = heard
        self.genres.append(genre_of(subject.name))

    def _maps(self, method: str, heard: Heard) -> Iterator[tuple[str, RelevanceMap, Sound | None]]:
        """Yield the map, and what it is compared with."""
        found = explained(method, self.network, heard)
        rng = random_for(heard.subject.name, self.seed)
        yield OWN, found, None
        yield NULL, RelevanceMap(surrogate(found.values, rng), found.grid), None
        if method != DECODED:
            return
        weights = log_odds_weights(
            heard.prediction.logits, heard.target.members, self.network.temperature
        )
        yield RESET, self.network.decoder.rearranged(rng).decode(heard.prediction, weights), None
        if self.shuffled is not None:
            subject = heard.subject
            kept = self.shuffled.keep(subject.sound.waveform, subject.levels, heard.target)
            yield SHUFFLED, kept, None
        # The first track has none before it: its own map, half of its length later.
        other = (
            np.roll(found.values, found.values.shape[1] // 2, axis=1)
            if self._before is None
            else explained(method, self.network, self._before).values
        )
        columns = np.arange(found.values.shape[1]) % other.shape[1]
        yield ELSEWHERE, RelevanceMap(other[:, columns], found.grid), None
        yield LATER, RelevanceMap(found.values, later(found.grid)), None
        yield MP3, found, through_mp3
        yield NOISE, found, None

    def _play(
        self, method: str, test: str, heard: Heard, found: RelevanceMap, change: Sound | None
    ) -> None:
        subject = heard.subject
        keep = mask_from_relevance if METHODS[method].smooth else mask_in_proportion
        mask = keep(found.at(subject.mask_frames))
        sounds = (noise_like(subject, self.seed) if test == NOISE else subject).split(mask)
        for bed in BEDS:
            played = sounds if bed is None else sounds.with_bed(bed)
            kept, rest = (
                self._probabilities(part if change is None else change(part))
                for part in (played.kept, played.rest)
            )
            figures = compare_parts(heard.prediction.probabilities, kept, rest, heard.called)
            self._series.setdefault((method, test, bed), _Series()).add(
                alike=figures["Fid-In"],
                drop=figures["AD"],
                increase=figures["AI"] / COUNTED["AI"],
                lost_with_the_rest_alone=figures["FF"],
                energy=sounds.kept_share,
                area=float(mask.mean()),
            )

    def _probabilities(self, sound: Float32) -> Float32:
        if not np.abs(sound).max() > 0:  # silence is nothing that could be called by any name
            return np.zeros(len(self.network.bias), np.float32)
        return self.network.hear(sound).probabilities

    def _mix(self, kind: str, first: Heard, second: Heard) -> None:
        """Make one sound of two tracks that are called differently, and see who is marked.

        Of two in a row, each is explained. Of one below the other, what the network calls the
        mixture, where that is one of both: often it is a third name, and no place is right then.
        """
        if first.called == second.called:
            return
        both = MIXTURES[kind](*(each.subject.sound.waveform for each in (first, second)))
        prediction = self.network.hear(both.waveform, both.levels)
        called = int(prediction.probabilities.argmax())
        frames = np.arange(both.levels.shape[1], dtype=float)
        for method in self.methods:
            if not METHODS[method].per_class:
                continue
            for song, region in zip((first, second), both.regions, strict=True):
                if kind == BANDS and song.called != called:
                    continue
                target = Target.single(song.called, len(prediction.probabilities))
                found = METHODS[method].explain(self.network, prediction, target).at(frames)
                if np.maximum(found, 0).sum() > 0:
                    share = mass_inside(found, region)
                    self._right.setdefault((method, kind), []).append(share)

    def results(self) -> dict[str, Any]:
        """Return all figures for a JSON file.

        Returns
        -------
        dict
            "n"; under "rows", by method, test and bed, the share that is called alike, with its
            mean over genres, the mean drop in %, the share that is called so more surely, the
            probability that is lost with the rest alone, the energy and the area kept, and for
            tests how often only the map itself is called alike, with the exact probability of
            that by chance; under "joined" the share of each map that lies in the right one of two
            songs, by kind of mixture.
        """
        return {
            "n": len(self.genres),
            "seed": self.seed,
            "methods": [{"name": name, "label": METHODS[name].label} for name in self.methods],
            "rows": [self._row(*key) for key in self._series],
            "joined": [
                {"method": name, "kind": kind, "right": bootstrap(np.array(shares), self.seed)}
                for (name, kind), shares in self._right.items()
            ],
        }

    def _row(self, method: str, test: str, bed: float | None) -> dict[str, Any]:
        series = self._series[method, test, bed]
        row: dict[str, Any] = {
            "method": method,
            "test": test,
            "bed": "silent" if bed is None else f"-{bed:g} dB",
            "alike": counted(series.of("alike")),
            "alike_over_genres": round(over_groups(series.of("alike"), self.genres), 5),
            "increase": counted(series.of("increase")),
            **{
                name: bootstrap(series.of(name), self.seed)
                for name in ("drop", "lost_with_the_rest_alone", "energy", "area")
            },
        }
        if test != OWN:
            own = self._series[method, OWN, bed]
            row["paired"] = paired(own.of("alike"), series.of("alike"))
        return row


def explained(method: str, network: Network, heard: Heard) -> RelevanceMap:
    """Explain what a track is called."""
    return METHODS[method].explain(network, heard.prediction, heard.target)


def later(grid: MapGrid) -> MapGrid:
    """Move a grid by half a cell in time."""
    first = grid.frame_offset + grid.frame_stride / 2
    return MapGrid(grid.band_offset, grid.band_stride, first, grid.frame_stride)
