"""Speed beside what people use: ``make bench-peers``.

One clip of 30 s, in one run, each side in turn, so that whatever else the machine does strikes all
of them. Compared by the processor time of this process on all its cores, with the time on the clock
beside it. Then the cost of a whole song against its length, from 3 s to 10 minutes. What is done is
written at once: a run that ends early leaves what it has measured. A peer that is not installed is
named and left out.
"""

import argparse
import importlib
import io
import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import librosa
import matplotlib as mpl
import numpy as np
import soundfile

from model.analysis import Analysis, analyse
from model.audio.clip import Clip, decode
from model.audio.excerpt import prepare
from model.audio.masking import mask_for_stft
from model.constants import FINE_HOP, N_FFT, N_MELS, NETWORK_HOP, SAMPLE_RATE, WINDOW_SECONDS
from model.explain.methods import METHODS
from model.export.player_payload import pack_clip
from model.networks.assembled import load_classifier
from model.networks.classifier import Classifier
from model.networks.shipped import load_checked
from model.records import write_json
from model.songs.whole_song import hear_song, verdict_of

ROOT: Final = Path(__file__).parents[1]
SAMPLE: Final = ROOT / "assets" / "samples" / "rock.ogg"
RESULTS: Final = ROOT / "model" / "evaluation" / "results" / "peers.json"
SLICE: Final = 3.0  # s, as apps on GTZAN cut it
LENGTHS: Final = (3, 10, 30, 60, 120, 300, 600)  # s
_SHORT: Final = 60  # s
_TICK: Final = 1e-4  # s, the least that is told apart
Work = Callable[[], Any]


def song_of(seconds: float, container: str = "WAV") -> bytes:
    """Encode a sample, over and over, up to a length, in stereo."""
    once, rate = soundfile.read(io.BytesIO(SAMPLE.read_bytes()))
    length = round(seconds * rate)
    sound = np.tile(once, (-(-length // len(once)), 1))[:length]
    file = io.BytesIO()
    soundfile.write(file, sound, rate, format=container)
    return file.getvalue()


def cost_of(work: Work) -> tuple[float, float]:
    """Processor time and time on the clock, in seconds."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return time.process_time() - processor, time.perf_counter() - clock


def in_turn(sides: dict[str, Work], runs: int, *, warm: bool = True) -> dict[str, dict[str, float]]:
    """Time all sides in turn, warm: after one run that is not counted; medians, in seconds."""
    costs: dict[str, list[tuple[float, float]]] = {name: [] for name in sides}
    for run in range(-1 if warm else 0, runs):
        for name, work in sides.items():
            cost = cost_of(work)
            if run >= 0:
                costs[name].append(cost)
    return {
        name: {
            "processor": round(statistics.median(one for one, _ in found), 4),
            "clock": round(statistics.median(one for _, one in found), 4),
        }
        for name, found in costs.items()
    }


def our_verdict(data: bytes, classifier: Classifier) -> None:
    """Decode, judge, and make what the player draws the picture from."""
    excerpt = prepare(decode(data))
    _ = analyse(excerpt, classifier).verdict.top
    pack_clip(excerpt)


def usual_verdict(path: Path, network: Any) -> None:
    """Load, cut, judge and draw, in the way of most such apps."""
    waveform, rate = librosa.load(path, sr=SAMPLE_RATE)
    length = int(SLICE * rate)
    slices = [waveform[i : i + length] for i in range(0, len(waveform) - length + 1, length)]
    levels = [librosa.power_to_db(_mel(one, NETWORK_HOP), ref=np.max) for one in slices]
    scores = network.predict(np.stack(levels)[..., np.newaxis], verbose=0)
    _ = scores.mean(axis=0).argmax()
    from matplotlib import pyplot as plt  # noqa: PLC0415  # its backend is chosen in `main`

    figure, axes = plt.subplots(figsize=(10, 4))
    picture = librosa.power_to_db(_mel(waveform, FINE_HOP), ref=np.max)
    librosa.display.specshow(
        picture, sr=rate, hop_length=FINE_HOP, x_axis="time", y_axis="mel", ax=axes
    )
    figure.savefig(io.BytesIO(), format="png")
    plt.close(figure)


def _mel(waveform: Any, hop_length: int) -> Any:
    return librosa.feature.melspectrogram(
        y=waveform, sr=SAMPLE_RATE, n_fft=N_FFT, hop_length=hop_length, n_mels=N_MELS
    )


def our_maps(analysis: Analysis) -> None:
    """Draw the coarse maps of all genres, by every method that needs no further run."""
    fresh = analyse_again(analysis)
    for name, method in METHODS.items():
        if method.runs is None and not method.needs_decoder:
            for genre in fresh.classes:
                fresh.relevance(name, genre)


def grad_cam_of_genres(analysis: Analysis) -> Work:
    """Prepare tf-keras-vis' Grad-CAM for every genre in turn; ImportError if it is not installed.

    R. R. Selvaraju et al., "Grad-CAM", ICCV 2017: one run and one gradient a class.
    """
    gradcam = importlib.import_module("tf_keras_vis.gradcam")
    scores = importlib.import_module("tf_keras_vis.utils.scores")
    classifier, levels = analysis.classifier, analysis.excerpt.levels
    # Theirs explains a network on pictures; beside ours stands an ear.
    _, network = load_checked((classifier.eyes or classifier).name)
    explainer = gradcam.Gradcam(network, clone=False)

    def theirs() -> None:
        for index in range(len(classifier.genres)):
            score = scores.CategoricalScore([index])
            explainer(score, levels[np.newaxis, ..., np.newaxis], penultimate_layer="evidence")

    return theirs


def our_sound(analysis: Analysis) -> None:
    """Make the sound of the evidence for the first genre, and the rest."""
    analysis.sounds("cam", analysis.verdict.top)


def usual_sound(analysis: Analysis) -> None:
    """Make sound from the masked magnitudes alone, with phases by Griffin and Lim's way."""
    kept = mask_for_stft(analysis.mask("cam", analysis.verdict.top))
    magnitude = np.abs(analysis.excerpt.stft) * kept
    librosa.griffinlim(magnitude, hop_length=FINE_HOP, n_fft=N_FFT)


def analyse_again(analysis: Analysis) -> Analysis:
    """Take the same prediction with nothing drawn yet."""
    return Analysis(analysis.excerpt, analysis.classifier, analysis.prediction)


def whole_song(data: bytes, classifier: Classifier) -> None:
    """Decode a song and judge all of its windows."""
    clip: Clip = decode(data)
    verdict_of(list(hear_song(clip, classifier)))


@dataclass(frozen=True)
class Comparison:
    """One thing that is done in our way and in the usual one.

    Attributes
    ----------
    what, way : str
        What is done, and how others do it.
    ours, peer : callable
        Does it once. To prepare the peer's may raise ImportError, so it is done late.
    """

    what: str
    way: str
    ours: Work
    peer: Callable[[], Work]


def comparisons_of(
    data: bytes, path: Path, classifier: Classifier, analysis: Analysis
) -> list[Comparison]:
    """List what is compared, for a clip as bytes, as a file and as it was judged."""

    def small_network() -> Work:
        from model.networks.vanilla import vanilla  # noqa: PLC0415  # brings Keras

        return partial(usual_verdict, path, vanilla())

    return [
        Comparison(
            "verdict and picture",
            "librosa.load, slices of 3 s, librosa's mel, a small network's predict, matplotlib",
            partial(our_verdict, data, classifier),
            small_network,
        ),
        Comparison(
            "sound of the evidence",
            "librosa's Griffin-Lim on the masked magnitudes, 32 rounds",
            partial(our_sound, analysis),
            lambda: partial(usual_sound, analysis),
        ),
        Comparison(
            "maps of ten genres",
            "Grad-CAM of tf-keras-vis, a gradient a genre, on our network",
            partial(our_maps, analysis),
            lambda: grad_cam_of_genres(analysis),
        ),
    ]


def compare(comparison: Comparison, runs: int) -> dict[str, Any]:
    """Time our way and the usual one; says so where that is not installed."""
    told = {"what": comparison.what, "way": comparison.way}
    try:
        peer = comparison.peer()
    except ImportError as error:
        print(f"{comparison.what:24} left out: {error}", flush=True)
        return {**told, "missing": str(error)}
    costs = in_turn({"ours": comparison.ours, "peer": peer}, runs)
    ratio = costs["peer"]["processor"] / max(costs["ours"]["processor"], _TICK)
    print(f"{comparison.what:24} {costs['ours']} {costs['peer']} {ratio:.1f} times", flush=True)
    return {**told, **costs, "times": round(ratio, 2)}


def costs_of_lengths(runs: int, classifier: Classifier) -> Iterator[dict[str, float]]:
    """Time whole songs of several lengths, as MP3: the app takes no WAV of ten minutes."""
    whole_song(song_of(LENGTHS[0], "MP3"), classifier)  # so that nothing is done for the first time
    for seconds in LENGTHS:
        song = partial(whole_song, song_of(seconds, "MP3"), classifier)
        # A long song is an average by itself.
        costs = in_turn({"song": song}, runs if seconds <= _SHORT else 1, warm=False)["song"]
        print(f"{seconds:4} s {costs}", flush=True)
        yield {"seconds": seconds, **costs}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print the figures, and keep them one by one."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=3, help="that count, of each side")
    parser.add_argument(
        "--only",
        choices=("peers", "lengths"),
        help="measure only these, and leave what the file has of the others",
    )
    parser.add_argument("--json", type=Path, default=RESULTS, metavar="FILE")
    asked = parser.parse_args(arguments)
    mpl.use("Agg")
    classifier = load_classifier()
    before = _figures_in(asked.json, classifier.sha256)
    figures: dict[str, Any] = {
        "runs": asked.runs,
        "comparisons": before.get("comparisons", []) if asked.only == "lengths" else [],
        "lengths": before.get("lengths", []) if asked.only == "peers" else [],
        "machine": {"processor": platform.machine(), "cores": os.cpu_count()},
        "model": {"name": classifier.name, "sha256": classifier.sha256},
        "command": f"make bench-peers ARGS='--runs {asked.runs}'",
    }

    def keep(kind: str, found: dict[str, Any]) -> None:
        figures[kind].append(found)
        write_json(figures, asked.json)

    if asked.only != "lengths":
        data = song_of(WINDOW_SECONDS)
        analysis = analyse(prepare(decode(data)), classifier)
        _ = analysis.excerpt.stft, analysis.excerpt.log_mel
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "song.wav"
            path.write_bytes(data)
            for comparison in comparisons_of(data, path, classifier, analysis):
                keep("comparisons", compare(comparison, asked.runs))
    if asked.only != "peers":
        for found in costs_of_lengths(asked.runs, classifier):
            keep("lengths", found)
    print(f"Written to {asked.json.name}.")


def _figures_in(path: Path, sha256: str) -> dict[str, Any]:
    """What a file has of the same network."""
    found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found if found.get("model", {}).get("sha256") == sha256 else {}


if __name__ == "__main__":
    main()
