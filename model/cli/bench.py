"""``python -m model bench FILE``: where the time of one explanation goes."""

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from model.analysis import Analysis, analyse
from model.audio.clip import decode
from model.audio.excerpt import prepare
from model.audio.masking import PARTS
from model.audio.reading import read_file
from model.cli.bench_decoding import time_decoders
from model.cli.command import Command, Option
from model.constants import GENRES
from model.explain.methods import DEFAULT_METHOD, METHODS
from model.networks.assembled import load_classifier

_WITHOUT_EAR = "without its ear"


def _coarse_maps(analysis: Analysis) -> None:
    for name, method in METHODS.items():
        if method.runs is None and analysis.offers(name):
            for genre in GENRES:
                analysis.relevance(name, genre)


def _usual_map(analysis: Analysis) -> None:
    analysis.relevance(DEFAULT_METHOD, analysis.verdict.top)


def _all_parts(analysis: Analysis) -> None:
    sounds = analysis.sounds(DEFAULT_METHOD, analysis.verdict.top)
    for part in PARTS:
        sounds.wav(part)


def run(arguments: argparse.Namespace) -> None:
    """Time every step, after one run that is not counted.

    Raises
    ------
    AudioError
        If the file cannot be used.
    """
    data = read_file(arguments.file)
    if arguments.decode:
        time_decoders(decode(data, arguments.file.name), arguments.runs)
        return
    classifier = load_classifier()
    seconds: dict[str, list[float]] = {}

    def timed(step: str, work: Callable[[], Any]) -> Any:
        begin = time.perf_counter()
        result = work()
        seconds.setdefault(step, []).append(time.perf_counter() - begin)
        return result

    for _ in range(arguments.runs + 1):
        clip = timed("decode", partial(decode, data, arguments.file.name))
        excerpt = timed("spectrogram", partial(prepare, clip))
        analysis = timed("network", partial(analyse, excerpt, classifier))
        timed("usual map", partial(_usual_map, analysis))
        timed("other maps", partial(_coarse_maps, analysis))
        timed("sound", partial(_all_parts, analysis))
        if classifier.eyes:
            timed(_WITHOUT_EAR, partial(analyse, excerpt, classifier.eyes))
    # No part of an explanation, so not of what is listed and summed.
    without_ear = seconds.pop(_WITHOUT_EAR, [])
    medians = {step: statistics.median(runs[1:]) for step, runs in seconds.items()}
    totals = [sum(runs) for runs in zip(*seconds.values(), strict=True)][1:]
    print(
        f"{clip.seconds:.1f} s decoded, {excerpt.seconds:.1f} s explained, "
        f"median of {arguments.runs} runs"
    )
    for step, median in medians.items():
        print(f"{step:12} {1000 * median:6.0f} ms")
    print(f"{'in all':12} {1000 * statistics.median(totals):6.0f} ms")
    if without_ear:
        alone = statistics.median(without_ear[1:])
        ratio = (medians["spectrogram"] + medians["network"]) / (medians["spectrogram"] + alone)
        print(
            f"Without its ear the network takes {1000 * alone:.0f} ms: with the spectrogram before "
            f"it, the ear makes it {ratio:.2f} times as long."
        )


FILE = Option("file", {"type": Path, "help": "a song; its first 30 s are explained"})
RUNS = Option("--runs", {"type": int, "default": 10})
DECODE = Option(
    "--decode",
    {"action": "store_true", "help": "time the decoders alone, for common formats of the song"},
)
COMMAND = Command(run, options=(FILE, RUNS, DECODE))
