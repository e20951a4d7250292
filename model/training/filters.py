"""Train filters on the flagship's mixing layer, with and without the filter loss.

::

    python -m model.training.filters --data PATH/TO/GTZAN

One training for each protocol, form and seed, all with the same tracks in the same order: what
differs is the filter loss alone. The network below the filters stays as it is, so its maps are
computed once and a training takes a minute or two. A training that is finished is not repeated.
"""

import argparse
import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from model.gtzan.fingerprint import record
from model.gtzan.pictures import Pictures, load_pictures, real_audio
from model.gtzan.splits import read_split
from model.networks.shipped import load_checked
from model.records import write_json
from model.training.__main__ import write_result

if TYPE_CHECKING:
    from model.networks.filter_network import FilterHead, Form
    from model.training.stored_maps import StoredMaps

# Weight of the filter loss, by form: chosen on the validation tracks (see LOG.md).
STRENGTHS: Final[dict[str, float]] = {"none": 0.0, "rows": 3.0, "cells": 2000.0}
PROTOCOLS: Final = ("random", "filtered")


@dataclass(frozen=True)
class FilterRecipe:
    """Settings of a training of filters.

    Attributes
    ----------
    form : str
        "none", "rows" or "cells".
    strength : float
        Weight of the filter loss in the first epoch.
    filters : int
        Number of filters.
    columns : int
        Length of an excerpt, in columns of 0.31 s.
    epochs : int
        Passes over the training tracks.
    batch_size : int
        Excerpts a step.
    learning_rate, weight_decay, label_smoothing, dropout : float
        As for the flagship.
    seed : int
        Of every random draw.
    """

    form: "Form"
    strength: float
    filters: int = 96
    columns: int = 16
    epochs: int = 10
    batch_size: int = 32
    learning_rate: float = 3e-3
    weight_decay: float = 1e-3
    label_smoothing: float = 0.1
    dropout: float = 0.2
    seed: int = 0


def train(recipe: FilterRecipe, tracks: "StoredMaps", copies: "StoredMaps | None") -> "FilterHead":
    """Train a head; the last epoch's weights are kept.

    Parameters
    ----------
    recipe : FilterRecipe
        How.
    tracks : StoredMaps
        The training tracks.
    copies : StoredMaps or None
        Those of them whose real audio is there; shown in half of the cases.

    Returns
    -------
    FilterHead
        Trained.
    """
    import keras  # noqa: PLC0415  # takes seconds

    from model.networks.filter_network import filter_head  # noqa: PLC0415  # brings Keras
    from model.networks.part_filters import FilterSchedule  # noqa: PLC0415  # brings Keras
    from model.training.filter_excerpts import FilterExcerpts  # noqa: PLC0415  # brings Keras
    from model.training.fit import WarmCosine  # noqa: PLC0415  # brings Keras

    keras.utils.set_random_seed(recipe.seed)
    head = filter_head(
        recipe.form,
        filters=recipe.filters,
        columns=recipe.columns,
        strength=recipe.strength,
        dropout=recipe.dropout,
    )
    excerpts = FilterExcerpts(tracks, copies, recipe.columns, recipe.batch_size, recipe.seed)
    learning = head.learning((tracks.shape[0], recipe.columns, tracks.shape[2]))
    steps = len(excerpts)
    learning.compile(
        keras.optimizers.AdamW(
            WarmCosine(recipe.learning_rate, steps, recipe.epochs * steps),
            weight_decay=recipe.weight_decay,
        ),
        keras.losses.CategoricalCrossentropy(
            from_logits=True, label_smoothing=recipe.label_smoothing
        ),
        metrics=["accuracy"],
    )
    schedule = [FilterSchedule(head.parts)] if head.parts else []
    learning.fit(excerpts, epochs=recipe.epochs, callbacks=schedule, verbose=0)
    return head


def run_name(form: str, protocol: str, seed: int) -> str:
    """Name the folder of one training."""
    return f"filters-{form}-{protocol}-seed{seed}"


@dataclass(frozen=True, eq=False)
class Material:
    """What the trainings of one protocol share.

    Attributes
    ----------
    flagship : keras.Model
        The network whose mixing layer they build on.
    trunk : dict
        Its name and SHA-256.
    protocol : str
        "random" or "filtered".
    names : dict of str to list of str
        Tracks of "train" and "valid".
    train, valid : StoredMaps
        Their maps.
    copies : StoredMaps or None
        Of the real audio of training tracks.
    """

    flagship: Any
    trunk: dict[str, str]
    protocol: str
    names: dict[str, list[str]]
    train: "StoredMaps"
    valid: "StoredMaps"
    copies: "StoredMaps | None"


class MapStore:
    """Files of the mixing layer's maps, named by the network and the tracks.

    Parameters
    ----------
    folder : Path
        Where they lie; several GB.
    model : str
        Name in model/weights of the network.
    """

    def __init__(self, folder: Path, model: str) -> None:
        card, self.flagship = load_checked(model)
        self.trunk = {"name": str(card["name"]), "sha256": str(card["sha256"])}
        self._folder = folder

    def of(self, pictures: Pictures, what: str) -> "StoredMaps":
        """Compute or find the maps of tracks; `what` becomes a part of the file's name."""
        from model.training.stored_maps import stored_maps  # noqa: PLC0415  # brings Keras

        tracks = hashlib.sha256(" ".join(pictures.names).encode()).hexdigest()[:8]
        name = f"{self.trunk['name']}-{self.trunk['sha256'][:8]}-{what}-{tracks}.npy"
        return stored_maps(self.flagship, pictures, self._folder / name)


def load_material(data: Path, maps: Path, protocol: str, model: str | None = None) -> Material:
    """Load all that the trainings of one protocol share.

    Parameters
    ----------
    data : Path
        GTZAN.
    maps : Path
        Folder of stored maps.
    protocol : str
        "random" or "filtered".
    model : str, optional
        Name in model/weights of the network below; earmark-PROTOCOL by default.

    Returns
    -------
    Material
        With its maps computed.

    Raises
    ------
    OSError
        If the data are not there.
    """
    store = MapStore(maps, model or f"earmark-{protocol}")
    pictures = load_pictures(data)
    names = {part: read_split(data, f"{protocol}_{part}") for part in ("train", "valid")}
    copies = real_audio(data, names["train"])
    return Material(
        store.flagship,
        store.trunk,
        protocol,
        names,
        store.of(pictures.of(names["train"]), "pictures"),
        store.of(pictures.of(names["valid"]), "pictures"),
        store.of(copies, "sound") if len(copies) else None,
    )


def run(recipe: FilterRecipe, material: Material, folder: Path, command: str) -> None:
    """Train one network and write it with its settings and its figures on valid."""
    from model.networks.filter_network import mixing_trunk  # noqa: PLC0415  # brings Keras
    from model.training.filter_excerpts import score  # noqa: PLC0415  # brings Keras

    head = train(recipe, material.train, material.copies)
    folder.mkdir(parents=True, exist_ok=True)
    logits = score(head.on_maps(material.valid.shape), material.valid)
    settings = {"trunk": material.trunk, "protocol": material.protocol, "recipe": asdict(recipe)}
    write_json(settings, folder / "config.json")
    tracks = record(material.names)
    network = head.behind(mixing_trunk(material.flagship))
    network.save(folder / f"filters-{recipe.form}-{material.protocol}.keras")
    write_result(folder, command, tracks, logits, np.asarray(material.valid.labels))


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m model.training.filters", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/gtzan"))
    parser.add_argument("--protocol", choices=PROTOCOLS, nargs="+", default=list(PROTOCOLS))
    parser.add_argument("--form", choices=tuple(STRENGTHS), nargs="+", default=list(STRENGTHS))
    parser.add_argument("--seed", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--strength", type=float, help="of the filter loss, for one form")
    parser.add_argument("--model", help="network below the filters (default: earmark-PROTOCOL)")
    parser.add_argument("--out", type=Path, default=Path("runs"))
    parser.add_argument(
        "--maps",
        type=Path,
        default=Path(tempfile.gettempdir(), "earmark-maps"),
        help="folder for the mixing layer's maps, some GB",
    )
    chosen = parser.parse_args(arguments)
    if chosen.strength is not None and len(chosen.form) > 1:
        parser.error("--strength is that of one form, and there are several")
    return chosen


def main() -> None:
    """Run from the command line."""
    chosen = parse()
    for protocol in chosen.protocol:
        material: Material | None = None
        for form in chosen.form:
            strength = STRENGTHS[form] if chosen.strength is None else chosen.strength
            for seed in chosen.seed:
                folder = chosen.out / run_name(form, protocol, seed)
                if (folder / "result.json").is_file():
                    continue
                if material is None:
                    material = load_material(chosen.data, chosen.maps, protocol, chosen.model)
                recipe = replace(FilterRecipe(form, strength), seed=seed)
                command = (
                    f"python -m model.training.filters --protocol {protocol} --form {form} "
                    f"--strength {strength:g} --seed {seed} --model {material.trunk['name']} "
                    "--data PATH/TO/GTZAN"
                )
                print(folder.name, flush=True)
                run(recipe, material, folder, command)


if __name__ == "__main__":
    main()
