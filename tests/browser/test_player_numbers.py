"""The player's arithmetic in the browser against the model's."""

import numpy as np
import pytest

from model.audio.box import Region
from model.audio.clip import Clip
from model.audio.excerpt import Excerpt, prepare
from model.audio.masking import mask_from_relevance, mask_in_proportion, split
from model.constants import FINE_HOP, N_MELS, NETWORK_HOP
from model.explain.grid import MapGrid, RelevanceMap, to_spectrogram
from model.export.player_payload import pack_clip, pack_maps
from tests.browser.scripts import floats_of, load, text_of

pytestmark = pytest.mark.browser

GRID = MapGrid(3.5, 4, 8, 2)
REGION = Region(20, 60, 50, 120)
BOX = {"firstBand": 20, "lastBand": 60, "firstFrame": 50, "lastFrame": 120}

# `clip` and `map` as the player has them.
READ = """
  const clip = readClip(unpack(bytesOf(clipText)));
  const { grids, arrays, shapes } = unpack(bytesOf(mapText));
  const [rows, columns] = shapes[0];
  const map = { ...grids[0], values: arrays[0], rows, columns, smooth: true };
"""


@pytest.fixture(scope="module")
def excerpt(music: np.ndarray) -> Excerpt:
    return prepare(Clip(music, "music", "0" * 64))


@pytest.fixture(scope="module")
def coarse() -> np.ndarray:
    """A map with evidence for and against, as a network could give it."""
    return np.random.default_rng(5).normal(size=(31, 32)).astype(np.float32)


@pytest.fixture(scope="module")
def relevance(excerpt: Excerpt, coarse: np.ndarray) -> np.ndarray:
    frames = np.arange(excerpt.log_mel.shape[1]) * (FINE_HOP / NETWORK_HOP)
    return to_spectrogram(coarse, GRID, np.arange(N_MELS, dtype=float), frames)


@pytest.fixture(scope="module")
def texts(excerpt: Excerpt, coarse: np.ndarray) -> list[str]:
    return [text_of(pack_clip(excerpt)), text_of(pack_maps({}, [RelevanceMap(coarse, GRID)]))]


@pytest.fixture(scope="module")
def player(empty_page):
    load(empty_page, "payload", "evidence", "renderer", "box")
    return empty_page


@pytest.mark.parametrize("shape", [(31, 32), (1, 5), (6, 1)])
def test_maps_are_drawn_as_the_model_draws_them(player, shape):
    coarse = np.random.default_rng(1).normal(size=shape).astype(np.float32)
    drawn = player.evaluate(
        f"""([clipText, mapText]) => {{
          const {{ grids, arrays, shapes }} = unpack(bytesOf(mapText));
          const [rows, columns] = shapes[0];
          const map = {{ ...grids[0], values: arrays[0], rows, columns }};
          return textOf(interpolate(map, {N_MELS}, 200));
        }}""",
        ["", text_of(pack_maps({}, [RelevanceMap(coarse, GRID)]))],
    )
    frames = np.arange(200) * (FINE_HOP / NETWORK_HOP)
    expected = to_spectrogram(coarse, GRID, np.arange(N_MELS, dtype=float), frames)
    np.testing.assert_allclose(floats_of(drawn).reshape(expected.shape), expected, atol=1e-5)


@pytest.mark.parametrize("threshold", [0.0, 0.3, 0.4, 0.8, 1.0])
@pytest.mark.parametrize("keep", [mask_from_relevance, mask_in_proportion])
def test_the_kept_sound_is_the_model_s(player, excerpt, relevance, texts, keep, threshold):
    answer = player.evaluate(
        f"""([clipText, mapText, threshold, smooth]) => {{
          {READ}
          map.smooth = smooth;
          const renderer = new Renderer(clip);
          const {{ kept, share, peak }} = renderer.render(renderer.maskFor({{ map, threshold }}));
          return {{ kept: textOf(kept), share, peak }};
        }}""",
        [*texts, threshold, keep is mask_from_relevance],
    )
    sounds = split(excerpt.waveform, excerpt.stft, keep(relevance, threshold))
    kept = floats_of(answer["kept"])
    assert np.linalg.norm(kept - sounds.kept) <= 1e-3 * np.linalg.norm(sounds.kept)
    assert answer["share"] == pytest.approx(sounds.kept_share, rel=1e-3)
    loudest = max(np.abs(sounds.kept).max(), np.abs(sounds.rest).max())
    assert answer["peak"] == pytest.approx(loudest, rel=1e-3)


def test_the_sound_of_a_box_is_the_model_s(player, excerpt, texts):
    kept = player.evaluate(
        f"""([clipText, mapText, box]) => {{
          {READ}
          const renderer = new Renderer(clip);
          return textOf(renderer.render(renderer.maskFor({{ box }})).kept);
        }}""",
        [*texts, BOX],
    )
    sounds = split(excerpt.waveform, excerpt.stft, REGION.mask(excerpt.stft.shape[1]))
    assert np.linalg.norm(floats_of(kept) - sounds.kept) <= 1e-3 * np.linalg.norm(sounds.kept)


def test_the_masks_of_parts_divide_what_another_map_keeps(player, excerpt, relevance, texts):
    whole, first, second = player.evaluate(
        f"""([clipText, mapText]) => {{
          {READ}
          map.smooth = true;
          const renderer = new Renderer(clip);
          // A part that holds a quarter of every place, and one that holds the rest.
          const scaled = (factor) => ({{
            ...map,
            values: map.values.map((value) => factor * Math.abs(value)),
          }});
          const of = {{ whole: map, all: scaled(1) }};
          const maskOf = (factor) =>
            renderer.maskFor({{ map: {{ ...scaled(factor), of }}, threshold: 0.4 }});
          const mask = renderer.maskFor({{ map, threshold: 0.4 }});
          return [mask, maskOf(0.25), maskOf(0.75)].map(textOf);
        }}""",
        texts,
    )
    mask = mask_from_relevance(relevance, 0.4).ravel()
    np.testing.assert_allclose(floats_of(whole), mask, atol=1e-3)
    np.testing.assert_allclose(floats_of(first), mask / 4, atol=1e-3)
    np.testing.assert_allclose(floats_of(first) + floats_of(second), floats_of(whole), atol=1e-5)


def test_a_map_without_evidence_keeps_nothing(player, texts):
    kept = player.evaluate(
        f"""([clipText, mapText]) => {{
          {READ}
          const renderer = new Renderer(clip);
          map.values.fill(-1);
          return renderer.render(renderer.maskFor({{ map, threshold: 0.4 }})).share;
        }}""",
        texts,
    )
    assert kept == 0


def test_the_numbers_of_a_box_are_the_model_s(player, relevance, texts):
    share, seconds, hertz = player.evaluate(
        f"""([clipText, mapText, box]) => {{
          {READ}
          const relevance = interpolate(map, clip.bands, clip.frames);
          const share = boxShare(relevance, box, clip.frames);
          return [share, boxSeconds(box, clip), boxHertz(box, clip)];
        }}""",
        [*texts, BOX],
    )
    assert share == pytest.approx(REGION.share(relevance), rel=1e-5)
    assert seconds == pytest.approx(REGION.seconds)
    assert hertz == pytest.approx(REGION.hertz, rel=1e-5)


def test_edges_of_a_box_find_the_box_again(player, texts):
    again, moved = player.evaluate(
        f"""([clipText, mapText, box]) => {{
          {READ}
          const [from, to] = boxSeconds(box, clip);
          const [low, high] = boxHertz(box, clip);
          const corner = (seconds, hertz) => ({{ seconds, band: bandEdgeOf(hertz, clip) }});
          return [
            boxBetween(corner(to, low), corner(from, high), clip),
            movedBox(box, -1000, 1000, clip),
          ];
        }}""",
        [*texts, BOX],
    )
    assert again == BOX
    assert moved == {"firstBand": 87, "lastBand": 127, "firstFrame": 0, "lastFrame": 70}


def test_the_line_runs_where_half_is_kept(player, relevance, texts):
    pieces = player.evaluate(
        f"""([clipText, mapText]) => {{
          {READ}
          const relevance = interpolate(map, clip.bands, clip.frames);
          return textOf(outline(relevance, 0.4 * peakOf(relevance), clip.bands, clip.frames, 1));
        }}""",
        texts,
    )
    points = floats_of(pieces).reshape(-1, 2)
    assert len(points) > 100
    # Every end of a piece lies on the edge of a cell, where the map runs straight.
    frame, band = points.T
    left, low = np.floor(frame).astype(int), np.floor(band).astype(int)
    right = np.minimum(left + 1, relevance.shape[1] - 1)
    high = np.minimum(low + 1, N_MELS - 1)
    along, up = frame - left, band - low
    below = (1 - along) * relevance[low, left] + along * relevance[low, right]
    above = (1 - along) * relevance[high, left] + along * relevance[high, right]
    at_line = (1 - up) * below + up * above
    np.testing.assert_allclose(at_line, 0.4 * relevance.max(), rtol=1e-3)
    halves = mask_from_relevance(np.append(at_line, relevance.max()).astype(np.float32), 0.4)
    np.testing.assert_allclose(halves[:-1], 0.5, atol=0.02)


def test_thirty_seconds_are_split_in_a_moment(player):
    """Far below this on an idle machine; the bound holds on a busy one, too."""
    milliseconds = player.evaluate(
        """() => {
          const waveform = Float32Array.from({ length: 30 * 22050 }, () => Math.random() - 0.5);
          const weights = new Float32Array(1025).fill(0.5);
          const firstBand = new Uint8Array(1025);
          const size = { size: 2048, hop: 512, bands: 128, frames: 1292 };
          const clip = { ...size, waveform, firstBand, weights };
          const renderer = new Renderer(clip);
          const begin = performance.now();
          renderer.render(new Float32Array(128 * 1292).fill(1));
          return performance.now() - begin;
        }"""
    )
    assert milliseconds < 10_000
