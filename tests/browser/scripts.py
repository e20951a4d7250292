"""The player's scripts in an empty page, with arrays in and out."""

import base64
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page

PLAYER = Path(__file__).parents[2] / "assets" / "player"

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


def load(page: Page, *names: str) -> None:
    """Put scripts of the player into an empty page, so that their functions are global."""
    page.goto("about:blank")
    for name in names:
        page.add_script_tag(content=(PLAYER / f"{name}.js").read_text(encoding="utf-8"))
    page.add_script_tag(content=HELPERS)


def text_of(data: bytes | np.ndarray) -> str:
    raw = data if isinstance(data, bytes) else np.ascontiguousarray(data, np.float32).tobytes()
    return base64.b64encode(raw).decode()


def floats_of(text: Any) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), "<f4")
