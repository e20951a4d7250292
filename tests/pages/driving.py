"""What the tests of pages do with the app, and what they find on it."""

import json
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest

from model.audio import encode_wav
from model.constants import SAMPLE_RATE

# Frequencies in the ranges of two genres of the small network.
METAL, ROCK = 4_200.0, 9_500.0  # Hz


def tone_wav(hertz: float, seconds: float = 4.0) -> bytes:
    """A WAV file with a tone over soft noise."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    noise = np.random.default_rng(0).normal(scale=1e-4, size=len(time))
    return encode_wav((0.5 * np.sin(2 * np.pi * hertz * time) + noise).astype(np.float32))


def upload(app: AppTest, data: bytes, name: str = "song.wav") -> AppTest:
    """Drop a file on the Listen page."""
    app.file_uploader(key="upload").upload(name, data, "audio/wav")
    return app.run()


def open_page(app: AppTest, name: str) -> AppTest:
    """Open another page of the app."""
    return app.switch_page(f"pages/{name}.py").run()


def figures(app: AppTest) -> list[dict[str, Any]]:
    """The Plotly figures on the page, in the order of the page."""
    return [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def heatmaps(app: AppTest) -> list[dict[str, Any]]:
    """The heatmaps that lie over spectrograms."""
    traces = [trace for figure in figures(app) for trace in figure["data"]]
    return [trace for trace in traces if trace.get("name") == "Relevance"]


def headers(app: AppTest) -> list[str]:
    """The headers on the page, with plain spaces."""
    return [header.value.replace("\u00a0", " ") for header in app.header]


def text(app: AppTest) -> str:
    """All prose on the page, with plain spaces."""
    parts = [*app.markdown, *app.caption, *app.info, *app.error, *app.warning]
    return "\n".join(part.value for part in parts).replace("\u00a0", " ")
