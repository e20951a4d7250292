"""What the benches with a browser share."""

import argparse
import os
import platform
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Locator, Page

from model.records import write_json
from tests.browser.conftest import CHROMIUM_NAMES
from tests.browser.server import ROOT

RESULTS = ROOT / "model" / "evaluation" / "results"

# What begins the time: a press, since no click on an option of Streamlit's lists ever reaches the
# document, or that a field for files has got one.
_PRESS, _FILE = "pointerdown", "change"
# Notes when that happens, and the first animation frame behind it in which each condition holds.
# `all` finds elements in shadow roots, too, where the player has its own.
_WATCH = """
([event, conditions]) => {
  const all = (selector, root = document) => [
    ...root.querySelectorAll(selector),
    ...[...root.querySelectorAll("*")].flatMap((each) =>
      each.shadowRoot ? all(selector, each.shadowRoot) : []),
  ];
  const open = conditions.map(([name, code]) => [name, new Function("all", `return ${code}`)]);
  const reacted = (window.reacted = {});
  addEventListener(event, ({ timeStamp }) => {
    const look = () => {
      for (const [name, holds] of open) {
        if (!(name in reacted) && holds(all)) reacted[name] = performance.now() - timeStamp;
      }
      if (Object.keys(reacted).length < open.length) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, { capture: true, once: true });
}
"""
_REACTED = "names => names.every((name) => name in window.reacted) && window.reacted"


def chromium() -> str:
    """Find the system's Chromium, or end the program with what is missing."""
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None:
        sys.exit(f"needs a Chromium on the PATH, under one of the names {CHROMIUM_NAMES}")
    return found


def processor_seconds(process: psutil.Process) -> float:
    """Processor time that a process and its ended children have used so far."""
    times = process.cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)


def reactions(page: Page, choice: Locator, conditions: Mapping[str, str]) -> dict[str, float]:
    """Click, and time what the page shows from the press of the button on, by the page's own clock.

    Playwright's own time of a click, some tenths of a second, is no part of it.

    Parameters
    ----------
    page : Page
        Where the choice is.
    choice : Locator
        What to click on.
    conditions : mapping of str to str
        By name, a JavaScript expression that is true once the page has reacted and not before.
        In it, ``all(selector)`` lists elements, also those in shadow roots.

    Returns
    -------
    dict of str to float
        Seconds from the press to the first animation frame in which each condition holds.
    """
    page.evaluate(_WATCH, [_PRESS, list(conditions.items())])
    choice.click()
    return _reacted(page, conditions)


def reactions_to_file(page: Page, file: Path, conditions: Mapping[str, str]) -> dict[str, float]:
    """Bring a file, and time what the page shows from then on, by the page's own clock.

    By its path: handing bytes over to the browser would take longer than sending them.

    Parameters
    ----------
    page : Page
        Whose first field for files gets it.
    file : Path
        From the visitor's disk.
    conditions : mapping of str to str
        As for `reactions`.

    Returns
    -------
    dict of str to float
        Seconds from the moment at which the browser has the file, as when it is dropped.
    """
    page.evaluate(_WATCH, [_FILE, list(conditions.items())])
    page.locator("input[type=file]").first.set_input_files(file)
    return _reacted(page, conditions)


def _reacted(page: Page, conditions: Mapping[str, str]) -> dict[str, float]:
    reacted = page.wait_for_function(_REACTED, arg=list(conditions)).json_value()
    return {name: reacted[name] / 1000 for name in conditions}


def add_json(parser: argparse.ArgumentParser, name: str) -> None:
    """Let a bench write its figures, by default where the report reads them."""
    parser.add_argument(
        "--json",
        type=Path,
        default=RESULTS / name,
        metavar="FILE",
        help=f"write the figures here (default model/evaluation/results/{name})",
    )


def keep(figures: dict[str, Any], path: Path, command: str) -> None:
    """Write figures with the command and the kind of machine behind them."""
    machine = {"processor": platform.machine(), "cores": os.cpu_count()}
    write_json({**figures, "machine": machine, "command": command}, path)
    print(f"Written to {path.name}.")
