"""``python -m model filters``: whether filters mean something, with and without the filter loss."""

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from model.cli.arguments import SEED, tracks
from model.cli.command import DATA, JSON, Command, Option, kept_command
from model.cli.figures import write_figures
from model.evaluation.filters.comparison import (
    Measured,
    Tracks,
    against,
    agreements,
    measure,
)
from model.evaluation.filters.own_sounds import own_sounds
from model.evaluation.maps.subjects import load_subjects
from model.evaluation.verdicts.runs import Run, find_runs
from model.gtzan.artists import read_artists
from model.gtzan.pictures import load_pictures
from model.gtzan.splits import read_split
from model.networks.layer_steps import LayerSteps
from model.training.filters import PROTOCOLS, STRENGTHS, MapStore

# What each form is, in words.
WHAT: Final = {
    "none": "without the filter loss",
    "rows": "filter loss over frequency, free in time",
    "cells": "filter loss over frequency and time, as published",
}


def run(arguments: argparse.Namespace) -> None:
    """Measure all finished trainings of both protocols.

    Raises
    ------
    ValueError
        If there are none, or trainings of one protocol build on different networks.
    OSError
        If the data are not there.
    """
    found = {
        protocol: {form: find_runs(arguments.runs, f"filters-{form}", protocol) for form in WHAT}
        for protocol in PROTOCOLS
    }
    measured = [
        _protocol(arguments, protocol, runs)
        for protocol, runs in found.items()
        if any(runs.values())
    ]
    if not measured:
        raise ValueError(
            f"There is no finished training in {arguments.runs}. This makes them: "
            "python -m model.training.filters --data PATH/TO/GTZAN"
        )
    write_figures(arguments, kept_command(arguments, (RUNS, TRACKS, SEED)), {"protocols": measured})


def _protocol(
    arguments: argparse.Namespace, protocol: str, runs: dict[str, list[Run]]
) -> dict[str, Any]:
    trunk = _trunk(run for of_form in runs.values() for run in of_form)
    store = MapStore(arguments.maps, trunk["name"])
    if store.trunk != trunk:
        raise ValueError(
            f"The trainings of the {protocol} protocol build on other weights {trunk['name']} than "
            "those that are here. Train them again: python -m model.training.filters"
        )
    pictures = load_pictures(arguments.data)
    names = {
        part: read_split(arguments.data, f"{protocol}_{part}")
        for part in ("train", "valid", "test")
    }
    subjects = list(load_subjects(arguments.data, names["test"], arguments.tracks))
    material = Tracks(
        names["train"],
        store.of(pictures.of(names["valid"]), "pictures"),
        store.of(pictures.of(names["test"]), "pictures"),
        read_artists(arguments.data),
        subjects,
    )
    forms: list[dict[str, Any]] = []
    reference: list[Measured] = []
    for form, of_form in runs.items():
        rows = [_measure(run, material, form, protocol) for run in of_form]
        if not rows:
            continue
        entry: dict[str, Any] = {
            "form": form,
            "what": WHAT[form],
            "strength": _settings(of_form[0])["recipe"]["strength"],
            "agreement": agreements(rows),
            "runs": [one.row for one in rows],
        }
        if form == "none":
            reference = rows
        elif reference:
            entry["against_none"] = against(rows, reference, material.clusters)
        forms.append(entry)
    return {
        "protocol": protocol,
        "trunk": trunk,
        "tracks": len(names["test"]),
        "new_artists": len(material.new),
        "own_sounds": own_sounds(
            _early_layers(store),
            subjects,
            [material.artists.get(subject.name, subject.name) for subject in subjects],
            arguments.seed,
        ),
        "usual_strength": {form: STRENGTHS[form] for form in WHAT},
        "forms": forms,
    }


def _early_layers(store: MapStore) -> LayerSteps:
    """Take the layers below the filters, which are the same in all trainings of a protocol."""
    from model.networks.loading import described  # noqa: PLC0415  # brings Keras

    return LayerSteps(described(store.flagship))


def _measure(run: Run, material: Tracks, form: str, protocol: str) -> Measured:
    from model.networks.loading import load_network  # noqa: PLC0415  # brings Keras

    found = measure(load_network(run.weights), material, run.seed, run.folder)
    row = found.row
    print(
        f"{protocol:9}{form:6} seed {run.seed}: accuracy {100 * row['accuracy']['value']:.1f} %, "
        f"purity {row['purity']:.2f} (chance {row['purity_by_chance']:.2f}), "
        f"rows {row['row_spread_bands']:.1f} bands, {row['time_extent_seconds']:.1f} s, "
        f"dead {row['dead']:.2f}, clear {row['clear']:.2f}, "
        f"{row['mutual_information_bits']:.3f} bits, deletion {row['deletion']['value']:.2f} "
        f"against {row['deletion_at_random']['value']:.2f}",
        flush=True,
    )
    return found


def _settings(run: Run) -> dict[str, Any]:
    settings: dict[str, Any] = json.loads((run.folder / "config.json").read_text("utf-8"))
    return settings


def _trunk(runs: Any) -> dict[str, str]:
    trunks: Sequence[dict[str, str]] = [_settings(run)["trunk"] for run in runs]
    if len(np.unique([trunk["sha256"] for trunk in trunks])) > 1:
        raise ValueError(
            "Trainings of one protocol build on different networks, so they cannot be compared. "
            "Remove the older ones from the folder."
        )
    return trunks[0]


RUNS: Final = Option(
    "--runs",
    {
        "type": Path,
        "default": Path("runs"),
        "help": "folder of the trainings of `python -m model.training.filters` (default: runs)",
    },
    shown="runs",
)
MAPS: Final = Option(
    "--maps",
    {
        "type": Path,
        "default": Path(tempfile.gettempdir(), "earmark-maps"),
        "help": "folder for the mixing layer's maps, some GB",
    },
)
TRACKS: Final = tracks(40)
COMMAND = Command(run, options=(DATA, JSON, RUNS, MAPS, TRACKS, SEED))
