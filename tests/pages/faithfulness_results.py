"""Results on explanations as the commands write them, small enough to check by hand."""

from typing import Any

from model.evaluation.maps.measures import MEASURES
from model.networks.shipped import DEFAULT_MODEL, read_card

METHODS = {
    "cam": "CAM",
    "lead": "Lead map",
    "crm": "CRM (all classes)",
    "gradient-input": "Gradient",
    "random": "Random map",
    "random-fine": "Random fine map",
    "band-energy": "Band energy",
}
# Of each method, on a measure where more is better.
_LEVELS = dict(zip(METHODS, (0.9, 0.7, 0.6, 0.4, 0.3, 0.2, 0.5), strict=True))
_STEPS = [0.0, 0.5, 1.0]


def _model() -> dict[str, str]:
    return {"name": DEFAULT_MODEL, "sha256": read_card()["sha256"]}


def _figure(value: float, n: int) -> dict[str, Any]:
    return {"value": value, "low": value - 0.1, "high": value + 0.05, "n": n}


def _methods() -> list[dict[str, Any]]:
    return [
        {"name": name, "label": label, "cost": "1 run", "per_class": True, "seconds": 0.25}
        for name, label in METHODS.items()
    ]


def _row(method: str, value: float, n: int, **key: str) -> dict[str, Any]:
    row = {**key, "method": method, **_figure(value, n)}
    if method != "random":
        row["over_reference"] = _figure(0.2, n)
    return row


def _curve(group: str, method: str, measure: str) -> dict[str, Any]:
    mean = [0.9, 0.5, 0.1] if group == "audio" else [0.8, 0.7, 0.6]
    key = {"group": group, "method": method, "measure": measure}
    return {**key, "n": 10 if group == "audio" else 5, "mean": mean}


def faithfulness() -> dict[str, Any]:
    """CAM is best on every measure, except that Band energy is sparser."""
    better = {measure.name: measure.better for measure in MEASURES}
    rows = []
    for name, level in _LEVELS.items():
        for measure, direction in better.items():
            on_the_map = measure[:3] in ("SPS", "COM", "del", "ins")
            value = 1 - level if direction == "lower" else level
            if (name, measure) == ("band-energy", "SPS"):
                value = 0.95
            for setting in ("map",) if on_the_map else ("threshold-0.4", "area-0.2"):
                for group, n in (("audio", 65), ("pictures", 35)):
                    key = {"group": group, "setting": setting, "measure": measure}
                    rows.append(_row(name, value, n, **key))
    return {
        "split": "random_test",
        "seconds": 10.0,
        "groups": [
            {"name": "audio", "what": "real audio: once more", "n": 65},
            {"name": "pictures", "what": "stored pictures", "n": 35},
        ],
        "methods": [*_methods(), {"name": "random-order", "label": "Random order"}],
        "settings": [
            {"name": "threshold-0.4", "label": "above 40 %"},
            {"name": "area-0.2", "label": "the 20 %"},
            {"name": "map", "label": "the map as it is"},
        ],
        "measures": [vars(measure) for measure in MEASURES],
        "steps": _STEPS,
        "curves": [
            _curve(group, method, f"{way}-mean")
            for group in ("audio", "pictures")
            for method in ("cam", "random-order")
            for way in ("deletion", "insertion")
        ],
        "default_method": "cam",
        "equal_areas": "area-0.2",
        "reference": "random",
        "seed": 0,
        "rows": rows,
        "model": _model(),
        "command": "python -m model faithfulness --split random_test",
    }


def sanity() -> dict[str, Any]:
    """Forgetting everything undoes the CAM and leaves the band energy as it was."""
    steps = ["genre", "conv1"]
    left = {"cam": (0.5, 0.1), "crm": (0.6, 0.2), "band-energy": (1.0, 1.0)}
    between = {"cam": 0.25, "crm": 1.0, "band-energy": 1.0}

    def row(method: str, value: float, check: str, step: str) -> dict[str, Any]:
        key = {"check": check, "step": step, "measure": "spearman"}
        return {**_row(method, value, 8, **key), "low": value - 0.05, "high": value}

    rows = [
        row(method, value, "weights", step)
        for method, values in left.items()
        for step, value in zip(steps, values, strict=True)
    ]
    rows += [row(method, value, "classes", "") for method, value in between.items()]
    rows.append(row("cam", 0.15, "labels", ""))
    return {
        "split": "random_test",
        "n": 8,
        "seconds": 10.0,
        "runs": 1,
        "seed": 0,
        "methods": [{"name": n, "label": METHODS[n], "per_class": n == "cam"} for n in left],
        "layers": steps,
        "rows": rows,
        "model": _model(),
        "command": "python -m model sanity --split random_test",
    }


def filter_sanity() -> dict[str, Any]:
    """Forgetting undoes a filter of conv1; two filters of it are alike to the same degree."""
    name, key = "deconvolution-conv1", {"measure": "spearman"}
    rows = [
        _row(name, 1.0, 8, check="weights", step="genre", **key),
        _row(name, -0.001, 8, check="weights", step="conv1", **key),
        _row(name, 0.3, 8, check="filters", step="", **key),
    ]
    facts = {"name": name, "label": "A filter of conv1", "per_class": False}
    return sanity() | {
        "methods": [facts],
        "rows": rows,
        "command": "python -m model sanity --split random_test --methods deconvolution-conv1",
    }


def localisation() -> dict[str, Any]:
    """The lead map reaches what we aim for; the random map is at chance."""
    mass = {"regions": 0.85, "cam": 0.83, "lead": 0.925, "random": 0.55}
    titles = {"regions": "Regions"} | METHODS
    kinds = {"splice": "one behind the other", "bands": "two bands", "instruments": "two at once"}
    return {
        "split": "random_test",
        "clips": 53,
        "recognised": 44,
        "kinds": [
            {"name": name, "what": what, "mixtures": 12, "classes": {"hiphop": 5, "jazz": 7}}
            for name, what in kinds.items()
        ],
        "instruments": "our own scores",
        "methods": [{"name": n, "label": titles[n], "per_class": True} for n in mass],
        "seed": 0,
        "chance": {kind: _figure(0.5, 12) for kind in kinds},
        "rows": [
            _row(method, value, 12, kind=kind, measure=measure)
            for kind in kinds
            for method, value in mass.items()
            for measure in ("mass", "mask-mass", "pointing")
        ]
        + [_row("lead", 0.955, 12, kind="splice", measure="mass-apart")],
        "model": _model(),
        "command": "python -m model localisation --split random_test",
    }
