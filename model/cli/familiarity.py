"""``python -m model familiarity``: whether songs unlike those of training are named wrong."""

import argparse

from model.cli.command import Figures, Measurement
from model.cli.figures import load_for_songs, write_figures
from model.evaluation.verdicts.familiar import summarise, tell
from model.gtzan.labelled_songs import LabelledSong, gtzan_songs
from model.networks.classifier import Classifier


def _figures(classifier: Classifier, songs: list[LabelledSong]) -> Figures:
    figures = summarise(tell(songs, classifier))
    print(f"{classifier.name}: {figures['right']} of {figures['n']} songs named right")
    for band in figures["bands"]:
        right = f"{100 * band['accuracy']['share']:.1f} % right" if band["n"] else "none"
        print(f"{band['name']:10}{band['n']:5} songs, {right}")
    if "auc" in figures:
        low, high = figures["interval"]
        print(
            f"a song named wrong is the less familiar one in {100 * figures['auc']:.0f} % of all "
            f"pairs with one named right (95 % interval {100 * low:.0f} to {100 * high:.0f} %)"
        )
    return figures


def measure(arguments: argparse.Namespace, classifier: Classifier, names: list[str]) -> Figures:
    """Tell tracks of a split that have sound."""
    return _figures(classifier, gtzan_songs(arguments.data, names))


class FamiliarityMeasurement(Measurement):
    """The same command for GTZAN and for songs that are not GTZAN's."""

    def run(self, arguments: argparse.Namespace) -> None:
        """Measure on a split of GTZAN, or on songs.

        Parameters
        ----------
        arguments : argparse.Namespace
            Of the command line.

        Raises
        ------
        ValueError
            If the network learned from these tracks or songs, or none can be heard.
        OSError
            If the data are not there.
        """
        found = load_for_songs(arguments)
        if found is None:
            super().run(arguments)
            return
        classifier, songs = found
        figures = _figures(classifier, songs)
        write_figures(arguments, "familiarity", figures, classifier, "PATH/TO/SONGS")


COMMAND = FamiliarityMeasurement(measure)
