"""What the benches with a browser make of their figures."""

import pytest

from tests.browser.bench_visitors import Visit, report
from tests.browser.measuring import reactions, reactions_to_file

WAIT = 0.2  # s


@pytest.mark.parametrize(
    ("at_rest", "words"),
    [
        ([800.0, 820.0], "flat, +2.5% at rest, from 800 to 820 MB"),
        ([800.0, 700.0], "flat, -12.5% at rest"),
        ([800.0, 900.0], "growing, +12.5% at rest"),
    ],
)
def test_only_memory_that_stays_with_the_server_counts_as_growing(capsys, at_rest, words):
    visits = [Visit(opened=1.0, judged=2.0, heard=3.0, wrong=None)] * 6
    assert report(visits, [700.0, 900.0, 900.0, 1000.0, 1300.0, 900.0], at_rest)
    said = capsys.readouterr().out
    assert words in said
    assert "900 to 1300 MB when visitors had just left" in said


def test_a_visitor_who_saw_something_wrong_is_told_of(capsys):
    visits = [Visit(1.0, 2.0, 3.0, None), Visit(1.0, 2.0, 3.0, "song.flac shows no Rock")]
    assert not report(visits, [700.0], [])
    assert "1 of them wrong.\nsong.flac shows no Rock" in capsys.readouterr().out


@pytest.mark.browser
def test_reactions_are_timed_in_the_page_from_the_press_on(empty_page):
    empty_page.set_content(
        """
        <button>Choose</button><p>Before</p><div id="host"></div>
        <script>
          const words = document.querySelector("p");
          host.attachShadow({ mode: "open" });
          document.querySelector("button").addEventListener("mousedown", () => {
            words.textContent = "After";
            setTimeout(() => { host.shadowRoot.innerHTML = "<i>Heard</i>"; }, WAIT);
          });
        </script>
        """.replace("WAIT", str(1000 * WAIT))
    )
    reacted = reactions(
        empty_page,
        empty_page.get_by_role("button"),
        {"words": 'document.body.textContent.includes("After")', "sound": 'all("i").length > 0'},
    )
    assert list(reacted) == ["words", "sound"]
    assert 0 < reacted["words"] <= reacted["sound"]
    assert reacted["sound"] >= WAIT


@pytest.mark.browser
def test_reactions_to_a_file_are_timed_in_the_page_from_its_arrival_on(empty_page, tmp_path):
    empty_page.set_content(
        """
        <input type="file"><p>Before</p>
        <script>
          document.querySelector("input").addEventListener("change", ({ target }) => {
            setTimeout(() => {
              document.querySelector("p").textContent = target.files[0].name;
            }, WAIT);
          });
        </script>
        """.replace("WAIT", str(1000 * WAIT))
    )
    song = tmp_path / "song.flac"
    song.write_bytes(b"fLaC")
    condition = 'document.body.textContent.includes("song.flac")'
    reacted = reactions_to_file(empty_page, song, {"name": condition})
    assert WAIT <= reacted["name"] < WAIT + 60
