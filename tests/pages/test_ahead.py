"""What may be chosen next is in the browser before it is chosen."""

from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest

from pages.session import cached
from pages.words.methods import method_name
from tests.pages.driving import stages
from tests.payloads import unpack

Sent = dict[tuple[str, ...], tuple[dict[str, Any], np.ndarray]]


def ahead(app: AppTest) -> tuple[dict[str, Any], Sent]:
    """What is sent ahead: panel and values of every map, by what the page's elements say then."""
    payloads = [unpack(element.proto.bytes) for element in app.get("bidi_component")]
    ((header, maps),) = [each for each in payloads if each[0]["kind"] == "ahead"]
    choices = zip(header["words"], header["panels"], strict=True)
    return header, {
        tuple(words): (panel, maps[str(index)]) for index, (words, panel) in enumerate(choices)
    }


def shown(app: AppTest) -> tuple[dict[str, Any], np.ndarray]:
    """The panel of the stage, and its values."""
    ((header, maps),) = stages(app)
    return header["panels"][0], maps["0"]


def test_a_map_sent_ahead_is_what_the_page_sends_once_it_is_chosen(listening):
    header, sent = ahead(listening)
    genres = listening.selectbox(key="genre").options
    kinds = listening.segmented_control(key="method").options
    assert header["clip"] == stages(listening)[0][0]["clip"]
    assert header["from"] == {"id": shown(listening)[0]["id"], "words": [kinds[0], genres[0]]}
    others = [(kind, genres[0]) for kind in kinds[1:]]
    assert list(sent) == [*others, (kinds[0], genres[1]), (kinds[0], genres[2])]
    listening.selectbox(key="genre").select_index(1).run()
    panel, values = sent[kinds[0], genres[1]]
    assert shown(listening)[0] == panel
    np.testing.assert_array_equal(shown(listening)[1], values)
    listening.selectbox(key="genre").select_index(0).run()
    listening.segmented_control(key="method").set_value("listenable").run()
    listenable = method_name("listenable")
    panel, values = sent[listenable, genres[0]]
    assert shown(listening)[0] == panel
    np.testing.assert_array_equal(shown(listening)[1], values)
    # Nine other genres: these maps take next to nothing.
    assert {(listenable, genre) for genre in genres[1:]} < set(ahead(listening)[1])


def test_without_maps_ahead_the_page_has_all_else(listening, monkeypatch):
    def fail(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(cached, "_draw", fail)
    listening.selectbox(key="genre").select_index(1).run()
    assert not listening.exception
    assert len(stages(listening)) == 1
    assert len(listening.get("bidi_component")) == 2  # the clip and the stage
