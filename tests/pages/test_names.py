"""Names of files that Markdown would make something of."""

import re

import pytest

from pages.words.names import as_code, listed_as_code
from tests.pages.driving import ROCK, open_page, text, tone_wav, upload

NAMES = [
    "www.example.com.wav",
    "https:@example.com.wav",
    "me@example.com.wav",
    "this &amp; that &lt;b&gt;.wav",
    "my_*best*_[song](x).wav",
    "<b>bold</b> :heart: -- $x$.wav",
    "tick`tick``.wav",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_are_shown_as_they_are(app, name):
    upload(app, tone_wav(ROCK), name)
    shown = {
        "listen": f"<strong>{name}</strong>",
        "song": f"<strong>{name}</strong>",
        "compare": f"{name}: <strong>rock</strong>",
        "genres": f"What each genre keeps of {name}, the",
    }
    for page, words in shown.items():
        if page != "listen":  # where the upload was
            open_page(app, page)
        assert words in text(app), page
        assert not [element.value for element in app.markdown if name in element.value], page


@pytest.mark.parametrize("name", [*NAMES, "`", "`a`", "```"])
def test_code_holds_the_name_between_fences_that_it_does_not_hold(name):
    code = re.fullmatch(r"(?P<fence>`+)(?P<inside>[^`].*[^`]|[^`])(?P=fence)", as_code(name))
    assert code
    assert code["inside"].strip(" ") == name
    assert code["fence"] not in re.findall("`+", code["inside"])


def test_a_long_list_of_names_ends_with_a_count():
    written = listed_as_code([str(number) for number in range(14)])
    assert written.startswith("`0`, `1`, ")
    assert written.endswith("`9` and 4 more")
