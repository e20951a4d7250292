"""What the tests of pages do with the app, and what they find on it."""

import html
import json
from functools import cache
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest

from model.audio.clip import encode_wav
from model.constants import SAMPLE_RATE
from tests.payloads import unpack

# Frequencies in the ranges of two genres of the small network.
METAL, ROCK = 4_200.0, 9_500.0  # Hz


@cache
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


def stages(app: AppTest) -> list[tuple[dict[str, Any], dict[str, np.ndarray]]]:
    """The stages on the page: the header and the maps of each, by their place in it."""
    payloads = [unpack(element.proto.bytes) for element in app.get("bidi_component")]
    return [payload for payload in payloads if payload[0]["kind"] == "stage"]


def clips(app: AppTest) -> list[dict[str, Any]]:
    """What the page has sent of clips: the headers."""
    headers = [unpack(element.proto.bytes)[0] for element in app.get("bidi_component")]
    return [header for header in headers if header["kind"] == "clip"]


def panels(app: AppTest) -> list[dict[str, Any]]:
    """The panels of the stage on the page, with plain spaces."""
    ((header, _),) = stages(app)
    return [
        {
            name: value.replace("\u00a0", " ") if isinstance(value, str) else value
            for name, value in panel.items()
        }
        for panel in header["panels"]
    ]


def set_on_stage(app: AppTest, key: str, **settings: Any) -> AppTest:
    """Move the controls of a stage, as the browser reports it."""
    ((header, _),) = stages(app)
    reported = {**header["settings"], "clip": header["clip"], **settings}
    app.session_state[key] = {"settings": reported}
    return app.run()


def headers(app: AppTest) -> list[str]:
    """The headers on the page, with plain spaces."""
    return [header.value.replace("\u00a0", " ") for header in app.header]


def text(app: AppTest) -> str:
    """All prose on the page, with plain spaces."""
    parts = [*app.markdown, *app.caption, *app.info, *app.error, *app.warning]
    words = [part.value for part in parts]
    words += [html.unescape(element.proto.body) for element in app.get("html")]
    return "\n".join(words).replace("\u00a0", " ")
