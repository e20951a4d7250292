"""Speed beside what people use: ``make bench-peers``.

One clip of 30 s, in one run and on one processor, each side in turn, so that whatever else the
machine does strikes all of them. Compared by the processor time of this process, with the time on
the clock beside it. Then the cost of a whole song against its length, from 3 s to 10 minutes.
"""

import argparse
import importlib
import importlib.metadata
import io
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
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
from model.networks.classifier import Classifier, load_checked, load_classifier
from model.records import write_json
from model.songs.whole_song import hear_song, verdict_of

ROOT: Final = Path(__file__).parents[1]
SAMPLE: Final = ROOT / "assets" / "samples" / "rock.ogg"
RESULTS: Final = ROOT / "model" / "evaluation" / "results" / "peers.json"
SLICE: Final = 3.0  # s, as apps on GTZAN cut it
LENGTHS: Final = (3, 10, 30, 60, 120, 300, 600)  # s
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


def in_turn(sides: dict[str, Work], runs: int) -> dict[str, dict[str, float]]:
    """Time all sides in turn, after one run that is not counted; medians, in seconds."""
    costs: dict[str, list[tuple[float, float]]] = {name: [] for name in sides}
    for run in range(runs + 1):
        for name, work in sides.items():
            cost = cost_of(work)
            if run:
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


def grad_cam_of_genres(analysis: Analysis) -> tuple[str, Work]:
    """Prepare Grad-CAM for every genre in turn, and say by whose code.

    R. R. Selvaraju et al., "Grad-CAM", ICCV 2017: one run and one gradient a class.
    """
    classifier, levels = analysis.classifier, analysis.excerpt.levels
    classes = range(len(classifier.genres))
    try:
        gradcam = importlib.import_module("tf_keras_vis.gradcam")
        scores = importlib.import_module("tf_keras_vis.utils.scores")
    except ImportError:
        eye = np.eye(len(classes), dtype=np.float32)

        def own() -> None:
            for index in classes:
                _, by_map, maps = classifier.gradients(levels[np.newaxis], eye[index])
                np.maximum((by_map.mean(axis=(1, 2), keepdims=True) * maps).sum(axis=-1), 0)

        return "our own plain Grad-CAM (tf-keras-vis is not installed)", own
    # Theirs explains a network on pictures; beside ours stands an ear.
    _, network = load_checked((classifier.eyes or classifier).name)
    explainer = gradcam.Gradcam(network, clone=False)

    def theirs() -> None:
        for index in classes:
            score = scores.CategoricalScore([index])
            explainer(score, levels[np.newaxis, ..., np.newaxis], penultimate_layer="evidence")

    return f"Grad-CAM of tf-keras-vis {importlib.metadata.version('tf-keras-vis')}", theirs


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


def comparisons(runs: int, classifier: Classifier) -> list[dict[str, Any]]:
    """Time our way and the usual one, for a verdict, for maps and for sound."""
    from model.networks.vanilla import vanilla  # noqa: PLC0415  # brings Keras

    data = song_of(WINDOW_SECONDS)
    analysis = analyse(prepare(decode(data)), classifier)
    _ = analysis.excerpt.stft, analysis.excerpt.log_mel
    whose, grad_cam = grad_cam_of_genres(analysis)
    found = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "song.wav"
        path.write_bytes(data)
        rows: tuple[tuple[str, str, Work, Work], ...] = (
            (
                "verdict and picture",
                "librosa.load, slices of 3 s, librosa's mel, a small network's predict, matplotlib",
                partial(our_verdict, data, classifier),
                partial(usual_verdict, path, vanilla()),
            ),
            (
                "maps of ten genres",
                f"{whose}, a gradient a genre, on our network",
                partial(our_maps, analysis),
                grad_cam,
            ),
            (
                "sound of the evidence",
                "librosa's Griffin-Lim on the masked magnitudes, 32 rounds",
                partial(our_sound, analysis),
                partial(usual_sound, analysis),
            ),
        )
        for what, way, ours, usual in rows:
            costs = in_turn({"ours": ours, "peer": usual}, runs)
            ratio = costs["peer"]["processor"] / costs["ours"]["processor"]
            print(f"{what:24} {costs['ours']} {costs['peer']} {ratio:.1f} times", flush=True)
            found.append({"what": what, "way": way, **costs, "times": round(ratio, 2)})
    return found


def costs_of_lengths(runs: int, classifier: Classifier) -> list[dict[str, float]]:
    """Time whole songs of several lengths, as MP3: the app takes no WAV of ten minutes."""
    found = []
    for seconds in LENGTHS:
        song = partial(whole_song, song_of(seconds, "MP3"), classifier)
        costs = in_turn({"song": song}, runs)["song"]
        print(f"{seconds:4} s {costs}", flush=True)
        found.append({"seconds": seconds, **costs})
    return found


def main() -> None:
    """Measure, print and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=5, help="that count, of each side")
    parser.add_argument("--json", type=Path, default=RESULTS, metavar="FILE")
    arguments = parser.parse_args()
    mpl.use("Agg")
    classifier = load_classifier()
    figures = {
        "runs": arguments.runs,
        "comparisons": comparisons(arguments.runs, classifier),
        "lengths": costs_of_lengths(max(1, arguments.runs // 2), classifier),
        "machine": {"processor": platform.machine(), "cores": os.cpu_count()},
        "model": {"name": classifier.name, "sha256": classifier.sha256},
        "command": f"make bench-peers ARGS='--runs {arguments.runs}'",
    }
    write_json(figures, arguments.json)


if __name__ == "__main__":
    main()
