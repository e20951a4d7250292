"""Write what the main job gives for one synthetic clip today, to hold later versions to it.

Only after a change of the weights or of the front end that is meant::

    python -m tests.model.golden.make_golden
"""

from pathlib import Path

import numpy as np

from model import analyse, decode, encode_wav, load_classifier, prepare
from model.audio.spectrogram import log_mel
from model.constants import SAMPLE_RATE

GOLDEN = Path(__file__).with_name("chirps.npz")


def clip_bytes() -> bytes:
    """Eight seconds of rising chirps over a beat of clicks: nobody's music, the same each time."""
    seconds = np.arange(8 * SAMPLE_RATE) / SAMPLE_RATE
    within = seconds % 1.0
    chirp = np.sin(2 * np.pi * (150 + 900 * within) * within) * np.exp(-2 * within)
    upper = 0.3 * np.sin(2 * np.pi * 2_500 * seconds) * (np.sin(2 * np.pi * 0.7 * seconds) > 0)
    click = np.exp(-60 * (seconds % 0.25)) * np.sin(2 * np.pi * 5_000 * seconds)
    return encode_wav((0.4 * (chirp + upper + click) / 1.7).astype(np.float32))


def measure() -> dict[str, np.ndarray]:
    """Run the main job and take samples of everything it gives."""
    analysis = analyse(prepare(decode(clip_bytes(), "chirps.wav")), load_classifier())
    genre = "hiphop"  # any one with some evidence will do
    sounds = analysis.sounds("cam", genre)
    return {
        "log_mel": log_mel(analysis.excerpt.waveform)[::8, ::8],
        "logits": analysis.prediction.logits,
        "probabilities": analysis.verdict.probabilities,
        "fine": analysis.relevance("fine", genre)[::8, ::16],
        "cam": analysis.relevance("cam", genre)[::8, ::16],
        # CRM divides by the squared number of cells: brought to the size of CAM.
        "crm": analysis.relevance("crm", genre)[::8, ::16] / analysis.peak("crm"),
        "crm-class": analysis.relevance("crm-class", genre)[::8, ::16] / analysis.peak("crm-class"),
        "kept": sounds.kept[::400],
        "rest": sounds.rest[::400],
    }


if __name__ == "__main__":
    np.savez_compressed(GOLDEN, **measure())  # type: ignore[arg-type]
