"""The player's modules in an empty page, with arrays in and out."""

import base64
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, Route

PLAYER = Path(__file__).parents[2] / "assets" / "player"
# Nothing listens there: what the page asks for comes from here. It is an address of an ordinary
# kind, so that modules and workers may be made.
ADDRESS = "http://127.0.0.1/player/"

# Arrays travel as base64: as JSON numbers a clip would take seconds.
HELPERS = """
  const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const floatsOf = (text) => new Float32Array(bytesOf(text).buffer);
  const textOf = (floats) => {
    const bytes = new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
    let text = "";
    for (let i = 0; i < bytes.length; i += 8192) {
      text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    }
    return btoa(text);
  };
"""
# Makes what modules export global, so that a test can call it by its name.
IMPORT = """
  async (addresses) => {
    for (const address of addresses) Object.assign(window, await import(address));
  }
"""


def load(page: Page, *names: str) -> None:
    """Put modules of the player into an empty page, as they are, and make their exports global."""
    open_empty_page(page)
    page.evaluate(IMPORT, [f"{ADDRESS}{name}.js" for name in names])


def open_empty_page(page: Page) -> None:
    """Open a page with nothing in it but the helpers of the tests."""
    page.unroute_all()
    page.route("**/*", _answer)
    page.goto(ADDRESS)
    page.add_script_tag(content=HELPERS)


def _answer(route: Route) -> None:
    name = route.request.url.removeprefix(ADDRESS)
    if not name:
        route.fulfill(content_type="text/html", body="<!doctype html><title>Player</title>")
    elif (PLAYER / name).is_file():
        route.fulfill(content_type="text/javascript", body=(PLAYER / name).read_bytes())
    else:
        route.fulfill(status=404)


def text_of(data: bytes | np.ndarray) -> str:
    raw = data if isinstance(data, bytes) else np.ascontiguousarray(data, np.float32).tobytes()
    return base64.b64encode(raw).decode()


def floats_of(text: Any) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), "<f4")
