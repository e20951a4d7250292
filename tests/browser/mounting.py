"""The player in an empty page, mounted as Streamlit mounts it, but without a server."""

import numpy as np
from playwright.sync_api import Locator, Page, Route

from model.audio.clip import Clip
from model.audio.excerpt import prepare
from model.explain.grid import MapGrid, RelevanceMap
from model.export.player_payload import clip_id, pack_clip, pack_maps
from pages.panels.stage import _joined, _script
from tests.browser.scripts import HELPERS, text_of

# Nothing listens there: the page comes from here.
ADDRESS = "http://127.0.0.1/player"
DOCUMENT = """<!doctype html>
<title>The player alone</title>
<div id="clip"></div>
"""
GRID = MapGrid(3.5, 4, 8, 2)

# Mounts a clip and stages that show it, each below a shadow root of its own, as Streamlit does.
MOUNT = """
async ([script, html, css, clip, maps, stages]) => {
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const { default: component } = await import(url);
  const mount = (data) => {
    const parentElement = document.body.appendChild(document.createElement("div"));
    const root = parentElement.attachShadow({ mode: "open" });
    root.innerHTML = `<style>${css}</style>${html}`;
    component({ data: bytesOf(data), parentElement: root, setStateValue() {} });
  };
  mount(clip);
  for (let i = 0; i < stages; i++) mount(maps);
}
"""


def open_empty_page(page: Page) -> None:
    """A page of an ordinary address, where workers and modules may be made."""
    page.route("**/*", answer)
    page.goto(ADDRESS)
    page.add_script_tag(content=HELPERS)


def answer(route: Route) -> None:
    if route.request.url == ADDRESS:
        route.fulfill(content_type="text/html", body=DOCUMENT)
    else:
        route.fulfill(status=404)


def mount(page: Page, music: np.ndarray, *, stages: int = 1, html: str = "") -> Locator:
    """Mount stages with one map of music; gives the first."""
    excerpt = prepare(Clip(music, "music", "0" * 64))
    relevance = np.random.default_rng(5).normal(size=(31, 32)).astype(np.float32)
    panel = {
        "id": "map",
        "title": "Map",
        "scale": float(relevance.max()),
        "signed": True,
        "smooth": True,
        "what": "what speaks for rock",
        "nothing": "Nothing.",
    }
    settings = {"threshold": 0.4, "opacity": 0.75, "against": False, "box": None}
    header = {"kind": "stage", "clip": clip_id(excerpt), "settings": settings, "panels": [panel]}
    maps = pack_maps(header, [RelevanceMap(relevance, GRID)])
    page.evaluate(
        MOUNT,
        [
            _script(),
            _joined("html", ("stage",)),
            _joined("css", ("stage", "panels", "controls")),
            text_of(pack_clip(excerpt)),
            text_of(maps),
            stages,
        ],
    )
    return page.locator(".stage").first
