"""What the benches with a browser share."""

import argparse
import os
import platform
import shutil
import sys
from pathlib import Path
from typing import Any

import psutil

from model.records import write_json
from tests.browser.conftest import CHROMIUM_NAMES
from tests.browser.server import ROOT

RESULTS = ROOT / "model" / "evaluation" / "results"


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
