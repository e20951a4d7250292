"""A whole song: its windows, what is heard in them, and the verdict on all of it."""

import numpy as np
import pytest

from model.analysis import analyse
from model.audio.clip import AudioError, Clip
from model.audio.excerpt import prepare
from model.constants import GENRES, MAX_SECONDS, SAMPLE_RATE
from model.genres import merged_names
from model.networks.assembled import load_classifier
from model.networks.classifier import softmax
from model.songs.timeline import Timeline
from model.songs.whole_song import (
    Heard,
    SongVerdict,
    Span,
    Window,
    hear,
    hear_song,
    verdict_of,
    windows_of,
)
from tests.model.evaluation.listeners import listener

JAZZ, ROCK = GENRES.index("jazz"), GENRES.index("rock")


def clip(seconds: float, silent_from: float | None = None) -> Clip:
    """Noise, and nothing from some time on."""
    waveform = np.random.default_rng(0).normal(scale=0.1, size=round(seconds * SAMPLE_RATE))
    if silent_from is not None:
        waveform[round(silent_from * SAMPLE_RATE) :] = 0
    return Clip(waveform.astype(np.float32), "song.wav", "0" * 64)


def window(start: float, fresh_from: float, end: float, **probabilities: float) -> Window:
    """A window with what is left over shared by all genres; silent if nothing is said."""
    span = Span(start, end, fresh_from, end - fresh_from if probabilities else 0.0)
    if not probabilities:
        return Window(span, None)
    rest = (1 - sum(probabilities.values())) / (len(GENRES) - len(probabilities))
    values = np.array([probabilities.get(genre, rest) for genre in GENRES], np.float32)
    return Window(span, Heard(GENRES, values, Timeline(np.zeros(1), values[None], values[None])))


class Counting:
    """Hears one genre, and notes how much it was given."""

    def __init__(self, genre: str) -> None:
        self.given: list[tuple[int, ...]] = []
        self._index = GENRES.index(genre)

    def __call__(self, level: np.ndarray) -> int:
        self.given.append(level.shape)
        return self._index


def interval_of_rock(verdict: SongVerdict) -> np.ndarray:
    assert verdict.interval is not None
    return verdict.interval[:, ROCK]


def in_a_row(*shares: float) -> list[Window]:
    """Windows of 30 s, each with a probability of rock."""
    return [window(30 * n, 30 * n, 30 * n + 30, rock=rock) for n, rock in enumerate(shares)]


@pytest.mark.parametrize("seconds", [3.0, 29.9, 30.0, 30.9, 31.0, 45.5, 60.0, 61.2, 240.0, 600.0])
def test_windows_cover_a_clip_once_and_in_order(seconds):
    spans = windows_of(clip(seconds))
    assert spans[0].fresh_from == spans[0].start == 0
    for before, after in zip(spans, spans[1:], strict=False):
        assert after.fresh_from == before.end
    assert seconds - 1 < spans[-1].end <= seconds
    assert sum(span.fresh_seconds for span in spans) == spans[-1].end
    assert all(span.start == int(span.start) for span in spans)
    assert all(span.end - span.start == min(30.0, seconds) for span in spans)


def test_the_number_of_windows_grows_with_the_length():
    assert [len(windows_of(clip(seconds))) for seconds in (30, 60, 61, 300)] == [1, 2, 3, 10]
    assert len(windows_of(clip(MAX_SECONDS))) == 20


@pytest.mark.parametrize("seconds", [45, 90, 180])
def test_the_network_runs_once_a_window_and_always_on_as_much(seconds):
    ear, song = Counting("rock"), clip(seconds)
    tops = []
    for one in hear_song(song, listener(ear)):
        tops.append(one.heard and one.heard.top)
        assert len(ear.given) == len(tops), "windows come one at a time"
    assert tops == ["rock"] * len(windows_of(song))
    assert len(set(ear.given)) == 1


def test_silent_windows_cost_nothing_and_lose_nothing():
    ear = Counting("jazz")
    windows = list(hear_song(clip(105, silent_from=40), listener(ear)))
    assert [one.heard is not None for one in windows] == [True, True, False]
    assert len(ear.given) == 2
    verdict = verdict_of(windows)
    assert verdict.mean.top == "jazz"
    assert verdict.windows == 2
    assert verdict.seconds == pytest.approx(40, abs=0.5)
    assert verdict.seconds + verdict.silent_seconds == pytest.approx(105)


def sounds(*spans: tuple[float, float], seconds: float) -> Clip:
    """Noise here and there, and digital silence between."""
    waveform = np.random.default_rng(0).normal(scale=0.1, size=round(seconds * SAMPLE_RATE))
    at = np.arange(len(waveform)) / SAMPLE_RATE
    heard = np.any([(first <= at) & (at < end) for first, end in spans], axis=0)
    return Clip((waveform * heard).astype(np.float32), "song.wav", "0" * 64)


@pytest.mark.parametrize(
    ("song", "windows", "silences"),
    [
        # From the first sound on, as if the song began there.
        (sounds((12.3, 90), seconds=90), [(12, 42), (42, 72), (60, 90)], [(0, 12)]),
        (sounds((100, 110), seconds=300), [(100, 110)], [(0, 100), (110, 300)]),
        # A rest within a window is left to the network, one at its edge is stepped over.
        (sounds((0, 10), (20, 60), seconds=60), [(0, 30), (30, 60)], []),
        (
            sounds((0, 25), (50, 100), seconds=100),
            [(0, 25), (50, 80), (70, 100)],
            [(25, 50)],
        ),
        # A sound shorter than the network hears gets a little silence around it.
        (sounds((40, 41), seconds=120), [(40, 43)], [(0, 40), (43, 120)]),
        (sounds((118.6, 120), seconds=120), [(117, 120)], [(0, 117)]),
    ],
)
def test_windows_lie_where_the_sound_is(song, windows, silences):
    spans = windows_of(song)
    assert [(one.start, one.end) for one in spans if not one.is_silent] == windows
    assert [(one.start, one.end) for one in spans if one.is_silent] == silences
    sounding = sum(one.sound_seconds for one in spans)
    energy = np.abs(song.waveform) > 0
    assert sounding == pytest.approx(energy.mean() * song.seconds, abs=1.0)


def test_silence_before_a_song_changes_nothing_but_the_times(music):
    classifier = load_classifier()
    song = Clip(np.tile(music, 6), "song.wav", "0" * 64)
    late = Clip(np.concatenate([np.zeros(45 * SAMPLE_RATE, np.float32), song.waveform]), "", "1")
    plain = [one for one in hear_song(song, classifier) if one.heard]
    moved = [one for one in hear_song(late, classifier) if one.heard]
    assert [one.span.start for one in moved] == [one.span.start + 45 for one in plain]
    before, behind = verdict_of(plain).mean, verdict_of(moved).mean
    np.testing.assert_allclose(behind.probabilities, before.probabilities, atol=0.02)


def test_only_silence_has_no_verdict():
    with pytest.raises(AudioError, match="only silence") as caught:
        verdict_of([window(0, 0, 30), window(30, 30, 60)])
    assert caught.value.code == "silent"


def test_a_window_is_what_an_analysis_from_there_says(music):
    classifier = load_classifier()
    song = Clip(np.tile(music, 6), "song.wav", "0" * 64)
    last = windows_of(song)[-1]
    assert last == Span(6.0, 36.0, 30.0, 6.0)
    heard = hear(song, last, classifier).heard
    assert heard is not None
    expected = analyse(prepare(song, 6.0), classifier)
    np.testing.assert_allclose(heard.probabilities, expected.verdict.probabilities, atol=1e-4)
    scores = heard.timeline.scores.mean(axis=0)
    np.testing.assert_allclose(
        softmax(scores, classifier.temperature), heard.probabilities, atol=1e-4
    )


def test_the_verdict_is_the_mean_by_what_each_window_adds():
    verdict = verdict_of([window(0, 0, 30, rock=0.9), window(10, 30, 40, rock=0.1, jazz=0.9)])
    assert verdict.mean.probabilities[ROCK] == pytest.approx(0.75 * 0.9 + 0.25 * 0.1)
    assert verdict.mean.probabilities.sum() == pytest.approx(1.0)
    assert verdict.mean.top == "rock"
    assert verdict.leads[ROCK] == pytest.approx(0.75)
    assert verdict.leads[JAZZ] == pytest.approx(0.25)


def test_one_window_has_no_interval():
    verdict = verdict_of(in_a_row(0.8))
    assert verdict.interval is None
    assert verdict.stays_first is None


def test_the_interval_of_few_windows_is_their_range():
    interval = interval_of_rock(verdict_of(in_a_row(0.2, 0.5, 0.8)))
    np.testing.assert_allclose(interval, [0.2, 0.8], atol=1e-6)


def test_the_interval_is_that_of_a_mean_and_always_the_same():
    shares = np.random.default_rng(2).uniform(0.3, 0.7, size=20)
    verdict = verdict_of(in_a_row(*shares))
    spread = 1.96 * shares.std() / np.sqrt(len(shares))
    expected = [shares.mean() - spread, shares.mean() + spread]
    np.testing.assert_allclose(interval_of_rock(verdict), expected, atol=0.01)
    again = verdict_of(in_a_row(*shares))
    np.testing.assert_array_equal(interval_of_rock(verdict), interval_of_rock(again))


def test_windows_that_agree_settle_the_verdict_and_others_do_not():
    same = verdict_of(in_a_row(0.8, 0.8, 0.8, 0.8))
    np.testing.assert_allclose(interval_of_rock(same), [0.8, 0.8], atol=1e-6)
    assert same.stays_first == 1.0
    torn = [window(0, 0, 30, rock=0.9), window(30, 30, 60, jazz=0.89)]
    # Of two windows drawn, both are jazz in a quarter of the draws.
    assert verdict_of(torn).stays_first == pytest.approx(0.75, abs=0.03)


def test_merged_windows_have_summed_probabilities():
    whole = in_a_row(0.5, 0.3)
    merged = verdict_of([one.merged for one in whole])
    assert merged.mean.classes == merged_names(GENRES)
    apart = verdict_of(whole).mean.probabilities
    expected = apart[ROCK] + apart[GENRES.index("metal")]
    assert dict(merged.mean.ranking)["rock+metal"] == pytest.approx(expected)
    assert window(0, 0, 30).merged.heard is None
