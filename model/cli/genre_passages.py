"""``python -m model genre-passages``: where our samples speak most for each genre and its parts."""

import argparse
from pathlib import Path
from typing import Any, Final

from model.analysis import Analysis, analyse
from model.audio.clip import decode
from model.audio.excerpt import prepare
from model.cli.command import MODEL, Command, Option
from model.genre_portraits.passages import (
    as_json,
    course_of,
    genre_course,
    strongest_passages,
)
from model.networks.assembled import load_classifier
from model.records import write_json
from model.verdict_parts import divide_verdict, load_dictionary

_ASSETS: Final = Path(__file__).parents[2] / "assets"
FILE: Final = "passages.json"
# Of a part, in our samples.
PART_SECONDS: Final = 2.0
PART_PASSAGES: Final = 2


def run(arguments: argparse.Namespace) -> None:
    """Hear all samples, and write where each genre and each of its parts is strongest.

    Raises
    ------
    OSError
        If there are no samples, or the file cannot be written.
    """
    classifier = load_classifier(arguments.model)
    analyses = {
        path.name: analyse(prepare(decode(path.read_bytes(), path.name)), classifier)
        for path in sorted(arguments.samples.glob("*.ogg"))
    }
    if not analyses:
        raise FileNotFoundError(f"There are no samples in {arguments.samples}.")
    dictionary = load_dictionary(classifier)
    courses: dict[str, Any] = {
        name: {
            genre: as_json(genre_course(classifier, analysis.prediction, genre))
            for genre in classifier.genres
        }
        for name, analysis in analyses.items()
    }
    made: dict[str, Any] = {
        "command": "python -m model genre-passages",
        "model": {"name": classifier.name, "sha256": classifier.sha256},
        "seconds": {name: round(a.excerpt.seconds, 3) for name, a in analyses.items()},
        "courses": courses,
    }
    if dictionary is not None:
        made["parts_sha256"] = dictionary.card["sha256"]
        made["parts"] = {
            genre: _passages(
                {name: divide_verdict(a, dictionary, genre).maps for name, a in analyses.items()},
                analyses,
            )
            for genre in classifier.genres
        }
    arguments.out.mkdir(parents=True, exist_ok=True)
    write_json(made, arguments.out / FILE)
    print(f"{len(analyses)} samples, {len(classifier.genres)} genres: {arguments.out / FILE}")


def _passages(maps: dict[str, Any], analyses: dict[str, Analysis]) -> list[list[dict[str, Any]]]:
    """Find where each part is strongest: one passage of a sample, of as many samples as wanted."""
    found = []
    for part in range(len(next(iter(maps.values())))):
        courses = {
            name: (
                course_of(each[part].mean(axis=0), analyses[name].classifier.grid),
                analyses[name].excerpt.seconds,
            )
            for name, each in maps.items()
        }
        passages = strongest_passages(courses, PART_SECONDS, PART_PASSAGES, most=1)
        found.append(
            [
                {"sample": one.song, "start": round(one.start, 2), "adds": round(one.strength, 3)}
                for one in passages
                if one.strength > 0
            ]
        )
    return found


SAMPLES: Final = Option("--samples", {"type": Path, "default": _ASSETS / "samples"})
OUT: Final = Option("--out", {"type": Path, "default": _ASSETS / "genres"})
COMMAND = Command(run, options=(MODEL, SAMPLES, OUT))
