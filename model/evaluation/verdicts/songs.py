"""Verdicts on songs that are not GTZAN's: of today, or of one's own."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from model.audio.clip import AudioError, decode
from model.evaluation.verdicts import accuracy
from model.gtzan.labelled_songs import SONG_LIST, LabelledSong, genre_folders, listed_songs
from model.gtzan.pictures import PICTURES_FILE, audio_files
from model.networks.classifier import Classifier
from model.songs.whole_song import hear_song, verdict_of
from model.types import Float32
from model.uncertainty import clustered


def other_songs(folder: Path, part: str = "test") -> list[LabelledSong]:
    """Find the songs of a folder that is not GTZAN.

    Parameters
    ----------
    folder : Path
        With a list, songs.tsv, or with one folder a genre.
    part : str
        Of the list.

    Returns
    -------
    list of LabelledSong
        None if the folder holds GTZAN, or nothing of that kind.
    """
    if (folder / SONG_LIST).is_file():
        return listed_songs(folder, part)
    if (folder / "splits").is_dir() or audio_files(folder):
        return []
    # The pictures of GTZAN have the common name, too.
    return [] if (folder / PICTURES_FILE).is_file() else genre_folders(folder)


@dataclass(frozen=True, eq=False)
class JudgedSongs:
    """Verdicts on songs.

    Attributes
    ----------
    songs : list of LabelledSong
        Those that could be heard.
    probabilities : ndarray of float32, shape (songs, classes)
        The mean over a song's excerpts, each the mean over its windows.
    classes : tuple of str
        Names of the classes.
    """

    songs: list[LabelledSong]
    probabilities: Float32
    classes: tuple[str, ...]

    def report(self) -> tuple[str, dict[str, Any]]:
        """Count right verdicts: a table to read, and the same as plain numbers."""
        labels = np.array([self.classes.index(song.genre) for song in self.songs], np.int64)
        right = self.probabilities.argmax(axis=1) == labels
        table = accuracy.measure(labels, self.probabilities.argmax(axis=1), self.classes)
        mean = float(np.mean([right[labels == label].mean() for label in np.unique(labels)]))
        spread = clustered(right.astype(np.float64), [song.group for song in self.songs])
        text = (
            f"{table.as_text()}\n\nmean over genres {100 * mean:.1f} %; 95 % interval of the "
            f"accuracy over {spread['clusters']} artists or sources "
            f"{100 * spread['low']:.1f} to {100 * spread['high']:.1f} %"
        )
        return text, {**table.as_json(), "mean_over_genres": mean, "by_group": spread}


def judge_songs(songs: Iterable[LabelledSong], classifier: Classifier) -> JudgedSongs:
    """Judge songs from their files, as the app does.

    Parameters
    ----------
    songs : iterable of LabelledSong
        What to judge.
    classifier : Classifier
        The model.

    Returns
    -------
    JudgedSongs
        Without those that cannot be read or are silent, which are named on stderr.

    Raises
    ------
    ValueError
        If none can be heard.
    """
    heard, probabilities = [], []
    for song in songs:
        found = []
        for path in song.files:
            try:
                clip = decode(path.read_bytes(), path.name)
                found.append(verdict_of(hear_song(clip, classifier)).mean.probabilities)
            except AudioError as error:
                print(f"Left out {path.name}: {error}", file=sys.stderr)
        if found:
            heard.append(song)
            probabilities.append(np.mean(found, axis=0))
    if not heard:
        raise ValueError("None of these songs can be heard.")
    return JudgedSongs(heard, np.stack(probabilities), classifier.genres)
