"""A link that restores sample, class, method and threshold."""

from urllib.parse import parse_qsl

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from model.explain.methods import DEFAULT_METHOD
from pages.session import samples
from tests.pages.conftest import APP
from tests.pages.driving import (
    METAL,
    ROCK,
    headers,
    set_on_stage,
    stages,
    text,
    tone_wav,
    upload,
)


@pytest.fixture
def a_sample(tmp_path, monkeypatch):
    """One sample in place of those that come with the app; the small network calls it rock."""
    (tmp_path / "samples.json").write_text(
        '[{"genre": "rock", "file": "rock.wav", "title": "A high note", "kind": "synthesised", '
        '"author": "Somebody", "licence": "CC0-1.0", "source": "our own code"}]'
    )
    (tmp_path / "rock.wav").write_bytes(tone_wav(ROCK))
    monkeypatch.setattr(samples, "FOLDER", tmp_path)


def opened(**parameters: str) -> AppTest:
    """The app as somebody opens it who follows a link."""
    app = AppTest.from_file(str(APP), default_timeout=120)
    for name, value in parameters.items():
        app.query_params[name] = value
    return app.run()


def offered(app: AppTest) -> dict[str, str]:
    """The parameters of the link on the page."""
    (link,) = [code.value for code in app.code]
    return dict(parse_qsl(link.partition("?")[2]))


def looked_at(app: AppTest) -> tuple:
    """What a link is to bring back."""
    threshold = stages(app)[0][0]["settings"]["threshold"]
    return headers(app), app.segmented_control(key="method").value, threshold


def test_a_link_to_a_sample_restores_all_of_it(small_network, a_sample):
    app = AppTest.from_file(str(APP), default_timeout=120).run()
    app.pills(key="sample").set_value("rock.wav").run()
    app.selectbox(key="genre").set_value("metal")
    app.segmented_control(key="method").set_value("crm-class").run()
    set_on_stage(app, "stage", threshold=0.72)
    link = offered(app)
    assert link == {
        "sample": "rock.wav",
        "class": "metal",
        "method": "crm-class",
        "threshold": "0.72",
    }
    other = opened(**link)
    assert not other.exception
    assert not other.warning
    assert "<strong>A high note</strong>" in text(other)
    assert looked_at(other) == (headers(app), "crm-class", 0.72)
    assert headers(other)[1] == "What speaks for metal"
    assert offered(other) == link


def test_a_link_says_whether_genres_are_merged(small_network, a_sample):
    link = {"sample": "rock.wav", "class": "disco+pop", "merged": "1"}
    app = opened(**link)
    assert not app.exception
    assert not app.warning
    assert headers(app)[0].startswith("Rock or metal, ")
    assert headers(app)[1] == "What speaks for disco or pop"
    assert offered(app) == {**link, "method": DEFAULT_METHOD, "threshold": "0.4"}


def test_without_the_song_a_link_waits_for_it(small_network):
    app = opened(**{"class": "jazz", "method": "crm-class", "threshold": "0.1"})
    assert "Bring the song, and they are used." in text(app)
    upload(app, tone_wav(ROCK))
    assert not app.exception
    assert "Bring the song, and they are used." not in text(app)
    assert looked_at(app) == ([headers(app)[0], "What speaks for jazz"], "crm-class", 0.1)
    assert "sample" not in offered(app)
    upload(app, tone_wav(METAL), "other.wav")
    assert headers(app)[1] == "What speaks for metal", "the link was for the first clip"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("method", "gradcam", "asks for a kind of picture that is not known here"),
        ("method", "", "asks for a kind of picture that is not known here"),
        ("class", "polka", "names a genre that is not known here"),
        ("class", "rock+metal", "names a genre that is not known here"),
        ("threshold", "1.01", "no number from 0 to 1"),
        ("threshold", "nan", "no number from 0 to 1"),
        ("threshold", "<b>half</b>", "no number from 0 to 1"),
        ("merged", "maybe", "merged can be 0 or 1 only"),
    ],
)
def test_what_a_link_gets_wrong_is_said_and_the_usual_is_used(
    small_network, a_sample, name, value, words
):
    app = opened(sample="rock.wav", **{name: value})
    assert not app.exception
    assert [words in warning.value for warning in app.warning] == [True]
    assert looked_at(app) == ([headers(app)[0], "What speaks for rock"], DEFAULT_METHOD, 0.4)
    assert headers(app)[0].startswith("Rock, ")


def test_an_unknown_sample_is_said(small_network, a_sample):
    app = opened(sample="../../app.py", method="crm")
    assert not app.exception
    assert ["not in this copy" in warning.value for warning in app.warning] == [True]
    assert "Bring the song, and they are used." in text(app)
    upload(app, tone_wav(METAL))
    assert looked_at(app)[1:] == ("crm", 0.4)


def test_the_address_is_taken_back_when_another_clip_comes(small_network, a_sample):
    app = opened(sample="rock.wav", method="polka", other="stays")
    assert app.warning
    assert app.warning
    upload(app, tone_wav(METAL)).run()
    assert not app.warning
    assert app.query_params == {"other": "stays"}
    assert headers(app)[1] == "What speaks for metal"


def test_other_parameters_are_left_alone(small_network):
    app = opened(embed="true", utm_source="a+letter")
    assert not app.warning
    assert not app.info
    assert "Bring a song" in text(app)


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("compare", "A high note: <strong>rock</strong>"),
        ("song", "<strong>A high note</strong>"),
        ("genres", "What each genre keeps of A high note"),
    ],
)
def test_a_link_to_another_page_brings_the_sample_there(small_network, a_sample, page, words):
    app = AppTest.from_file(str(APP), default_timeout=30)
    app.query_params["sample"] = "rock.wav"
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    assert words in text(app)


@pytest.mark.parametrize(
    ("url", "base", "address"),
    [
        ("http://localhost:8501/", "", "http://localhost:8501"),
        ("http://localhost:8501/songs", "", "http://localhost:8501"),
        ("http://mysongs/", "", "http://mysongs"),
        ("https://example.com/my/songs/", "my/songs", "https://example.com/my/songs"),
        ("https://example.com/my/songs/compare", "/my/songs/", "https://example.com/my/songs"),
        ("https://example.com/app/", "", "https://example.com/app"),
        ("https://example.com/app/songs?x=1", "", "https://example.com/app"),
    ],
)
def test_a_copied_link_begins_with_the_address_of_the_app(
    small_network, a_sample, monkeypatch, url, base, address
):
    option = st.get_option
    monkeypatch.setattr(
        st, "get_option", lambda name: base if name == "server.baseUrlPath" else option(name)
    )
    app = AppTest.from_file(str(APP), default_timeout=30)
    app.context = {"url": url}
    app.query_params["sample"] = "rock.wav"
    (link,) = [code.value for code in app.run().code]
    assert link.startswith(f"{address}/?sample=rock.wav&")
