"""Going through the tracks of a split that have sound, for commands that hear them one by one."""

import argparse
import sys
import time
from collections.abc import Callable

from model.evaluation.maps.subjects import AUDIO, Subject, load_subjects


def hear_tracks(
    arguments: argparse.Namespace, names: list[str], hear: Callable[[Subject], None]
) -> None:
    """Hear every track with sound, and say on the terminal how far it is."""
    begin = time.perf_counter()
    subjects = load_subjects(arguments.data, names, arguments.tracks, arguments.seconds)
    for number, subject in enumerate(subjects, start=1):
        # Behind the tracks with sound come pictures.
        if subject.group != AUDIO:
            break
        hear(subject)
        passed = time.perf_counter() - begin
        print(f"{number:4} {subject.name:16} {passed:6.0f} s", file=sys.stderr, flush=True)
