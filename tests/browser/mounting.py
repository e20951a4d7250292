"""The player in an empty page, mounted as Streamlit mounts it, but without a server."""

from functools import cache, lru_cache
from typing import Any

import numpy as np
from playwright.sync_api import Locator, Page

from model.audio.clip import Clip
from model.audio.excerpt import Excerpt, prepare
from model.explain.grid import MapGrid, RelevanceMap
from model.export.player_payload import clip_id, pack_clip, pack_maps
from pages.panels.player_script import join_modules
from pages.panels.stage import STYLES
from tests.browser.scripts import PLAYER, text_of

GRID = MapGrid(3.5, 4, 8, 2)

# Mounts payloads, each below a shadow root of its own, as Streamlit does.
# Notes what they tell Python, and how to call each again.
MOUNT = """
async ([script, html, css, ...payloads]) => {
  window.told = [];
  window.mounted = []; // in the order of the payloads
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const { default: component } = await import(url);
  const mount = (data) => {
    const parentElement = document.body.appendChild(document.createElement("div"));
    const root = parentElement.attachShadow({ mode: "open" });
    root.innerHTML = `<style>${css}</style>${html}`;
    const setStateValue = (...state) => told.push(state);
    const call = (bytes) => component({ data: bytes, parentElement: root, setStateValue });
    mounted.push({ call, leave: call(bytesOf(data)), parentElement });
  };
  for (const payload of payloads) mount(payload);
}
"""


def mount(page: Page, music: np.ndarray, *more: bytes, stages: int = 1) -> Locator:
    """Mount stages with one map of music, and more payloads behind them; gives the first."""
    clip, maps = _packed(music.tobytes())
    payloads = [clip, *[maps] * stages, *map(text_of, more)]
    page.evaluate(MOUNT, [*player_parts(), *payloads])
    return page.locator(".stage").first


@cache
def player_parts() -> tuple[str, str, str]:
    """The player's script, page and styles."""
    return (
        join_modules("main.js"),
        (PLAYER / "stage.html").read_text(encoding="utf-8"),
        "".join((PLAYER / name).read_text(encoding="utf-8") for name in STYLES),
    )


# Most tests mount the same music.
@lru_cache(maxsize=2)
def _packed(music: bytes) -> tuple[str, str]:
    """The clip and its map, as the player gets them."""
    excerpt = excerpt_of(music)
    settings = {"threshold": 0.4, "opacity": 0.75, "against": False, "bed": False, "box": None}
    relevance = relevance_of(5)
    header = {
        "kind": "stage",
        "clip": clip_id(excerpt),
        "settings": settings,
        "panels": [panel_of("Map", relevance)],
    }
    return text_of(pack_clip(excerpt)), text_of(pack_maps(header, [RelevanceMap(relevance, GRID)]))


def excerpt_of(music: bytes) -> Excerpt:
    """Prepare music that no file holds."""
    return prepare(Clip(np.frombuffer(music, np.float32), "music", "0" * 64))


def relevance_of(seed: int) -> np.ndarray:
    """Make up a map of one class."""
    return np.random.default_rng(seed).normal(size=(31, 32)).astype(np.float32)


def panel_of(title: str, relevance: np.ndarray) -> dict[str, Any]:
    """Describe a map as pages do."""
    return {
        "id": title.lower(),
        "title": title,
        "scale": float(relevance.max()),
        "signed": True,
        "smooth": True,
        "what": "what speaks for rock",
        "nothing": "Nothing.",
    }
