"""The pages and the real network."""

import subprocess
import sys

import streamlit as st
from streamlit.testing.v1 import AppTest

from model.analysis import analyse
from model.audio.clip import decode
from model.audio.excerpt import prepare
from model.constants import MIN_SECONDS
from model.networks.assembled import load_classifier
from pages.session import network
from pages.words.phrases import genre_name, sentence
from tests.pages.conftest import APP
from tests.pages.driving import ROCK, headers, tone_wav, upload

IMPORTS = """
import sys
from pages.charts import figures
from pages.panels import bars, choices, clip_picker, downloads, stage
from pages.session import network
print([name for name in ("tensorflow", "keras") if name in sys.modules])
"""


def test_what_the_pages_import_does_not_import_tensorflow():
    found = subprocess.run(
        [sys.executable, "-c", IMPORTS], cwd=APP.parent, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


def test_the_verdict_on_the_page_is_that_of_the_real_network(monkeypatch):
    # Warmed on less than the 30 s of the app.
    monkeypatch.setattr(network, "WINDOW_SECONDS", MIN_SECONDS)
    st.cache_resource.clear()
    data = tone_wav(ROCK)
    app = upload(AppTest.from_file(str(APP), default_timeout=120).run(), data)
    assert not app.exception
    assert not app.error
    expected = analyse(prepare(decode(data)), load_classifier())
    assert headers(app)[0].startswith(f"{sentence(genre_name(expected.verdict.top))}, ")
