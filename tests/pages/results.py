"""Results as the commands write them, small enough to check by hand."""

from typing import Any

from model.networks.shipped import DEFAULT_MODEL, read_card

CLASSES = ["blues", "hiphop"]


def _model() -> dict[str, str]:
    return {"name": DEFAULT_MODEL, "sha256": read_card()["sha256"]}


def share(value: float) -> dict[str, Any]:
    return {"n": 10, "share": value, "interval": [value - 0.1, value + 0.05]}


def accuracy() -> dict[str, Any]:
    """Four of six right; two blues tracks are called hip hop."""
    verdicts = ["blues"] * 3 + ["hiphop"] * 3
    tracks = [
        {
            "name": f"{'blues' if number < 5 else 'hiphop'}.{number:05d}",
            "genre": "blues" if number < 5 else "hiphop",
            "verdict": verdict,
            "probability": 0.9 - number / 10,
            "probability_of_genre": 0.1 + number / 100,
        }
        for number, verdict in enumerate(verdicts)
    ]
    return {
        "split": "random_test",
        "n": 6,
        "accuracy": 4 / 6,
        "interval": [0.223, 0.957],
        "classes": CLASSES,
        "per_genre": {
            "blues": {
                "precision": 0.75,
                "recall": 0.6,
                "recall_interval": [0.147, 0.947],
                "support": 5,
            },
            "hiphop": {"precision": None, "recall": 1.0, "recall_interval": None, "support": 1},
        },
        "confusion": [[3, 2], [0, 1]],
        "artists": {"familiar": share(0.8), "new": share(0.5), "unknown": 1},
        "tracks": tracks,
        "model": _model(),
        "command": "python -m model evaluate --split random_test",
    }


def calibration() -> dict[str, Any]:
    bins = [
        {"low": 0.0, "high": 0.5, "n": 0, "confidence": None, "accuracy": None, "interval": None},
        {
            "low": 0.5,
            "high": 1.0,
            "n": 6,
            "confidence": 0.7,
            "accuracy": 0.5,
            "interval": [0.2, 0.8],
        },
    ]
    before = {"temperature": 1.0, "ece": 0.2, "ece_by_chance": 0.11, "nll": 1.0, "bins": bins}
    after = {**before, "temperature": 1.5, "ece": 0.125, "ece_by_chance": 0.1}
    return {
        "split": "random_test",
        "n": 6,
        "fitted_on": "random_valid",
        "temperature": 1.5,
        "before": before,
        "after": after,
        "model": _model(),
        "command": "python -m model calibration --split random_test",
    }


def length() -> dict[str, Any]:
    return {
        "split": "random_test",
        "n": 6,
        "lengths": [
            {"seconds": 3.0, "excerpts_a_track": 9, "centre": share(0.5), "all": share(0.6)},
            {"seconds": 30.0, "excerpts_a_track": 1, "centre": share(0.7), "all": share(0.7)},
        ],
        "model": _model(),
        "command": "python -m model length --split random_test",
    }


def robustness() -> dict[str, Any]:
    return {
        "split": "random_test",
        "tracks_in_split": 150,
        "n": 53,
        "genres": {"blues": 40, "hiphop": 13, "pop": 0},
        "conditions": [
            {"key": "clean", "name": "As it is", "what": "untouched", "accuracy": share(0.8)},
            {
                "key": "noise",
                "name": "Noise",
                "what": "white noise",
                "accuracy": share(0.6),
                "unchanged": share(0.7),
                "mean_change": -0.125,
            },
        ],
        "model": _model(),
        "command": "python -m model robustness --split random_test --seed 0",
    }


def row(key: str, mean: float, **more: Any) -> dict[str, Any]:
    return {
        "key": key,
        "name": key.title(),
        "what": f"what {key} is",
        "start": "random",
        "seeds": [0, 1],
        "n": 150,
        "accuracies": [mean - 0.01, mean + 0.01],
        "mean": mean,
        "spread": 0.0141,
        "interval": [mean - 0.08, mean + 0.06],
        "parameters": 12_345,
        "command": f"train {key}",
        **more,
    }


def comparison(protocol: str = "random") -> dict[str, Any]:
    behind = {"mean": -0.2, "interval": [-0.3, -0.1]}
    lucky = {"spread": None, "seeds": [], "accuracies": [0.5]}
    return {
        "protocol": protocol,
        "split": f"{protocol}_test",
        "rows": [
            row("linear", 0.5, against_flagship=behind, **lucky),
            row(
                "imagenet",
                0.6,
                against_flagship=behind,
                credits={"name": "Net", "source": "https://x.org", "authors": "A", "licence": "B"},
            ),
            row("flagship", 0.7, shipped_seed=1),
            row("merged", 0.8, merged=[{"members": ["rock", "metal"], "why": "riffs"}]),
        ],
        "command": f"python -m model compare --protocol {protocol}",
    }


def agreement() -> dict[str, Any]:
    return {
        "n": 337,
        "agreeing": 303,
        "share": 303 / 337,
        "n_new": 104,
        "agreeing_new": 94,
        "mean_difference": 0.087,
        "model": _model(),
        "command": "python -m model agreement",
    }


def familiarity() -> dict[str, Any]:
    """One strange song, named wrong, and five that are familiar."""
    return {
        "n": 6,
        "right": 4,
        "bands": [
            {"name": "strange", "n": 1, "accuracy": share(0.0)},
            {"name": "unusual", "n": 0, "accuracy": None},
            {"name": "familiar", "n": 5, "accuracy": share(0.8)},
        ],
        "auc": 0.75,
        "interval": [0.6, 0.9],
        "model": _model(),
        "command": "python -m model familiarity --split random_test",
    }


def played() -> dict[str, Any]:
    """One map that carries its verdict, and one test that it fails."""

    def row(test: str, alike: float, drop: float) -> list[dict[str, Any]]:
        figures = {
            "alike": alike,
            "increase": alike / 2,
            "drop": drop,
            "lost_with_the_rest_alone": alike / 2,
            "energy": 0.2,
        }
        return [
            {"method": "listenable", "test": test, "bed": bed}
            | {name: {"value": value} for name, value in figures.items()}
            for bed in ("silent", "-30 dB")
        ]

    return {
        "n": 10,
        "seconds": 5.0,
        "methods": [{"name": "listenable", "label": "Listenable map"}],
        "rows": row("own", 0.9, 12.0) + row("rearranged", 0.3, 70.0) + row("MP3", 0.8, 15.0),
        "joined": [
            {"method": "listenable", "kind": kind, "right": {"value": value}}
            for kind, value in (("one behind the other", 0.93), ("one below the other", 0.71))
        ],
        "model": _model(),
        "command": "python -m model played --split random_test",
    }


def ears() -> dict[str, Any]:
    """Both parts are needed: mixed-up evidence and another song's sound cost verdicts."""
    right = {"both": 0.9, "pictures": 0.8, "rearranged": 0.4}
    right |= {"other-gate": 0.5, "ear": 0.7, "other-ear": 0.6}
    return {
        "n": 20,
        "seed": 0,
        "conditions": [
            {"key": key, "what": key, "accuracy": share, "mean_over_genres": share - 0.05}
            for key, share in right.items()
        ],
        "model": _model(),
        "command": "python -m model ears --split random_test",
    }


def judges() -> dict[str, Any]:
    """A judge who hears more than chance in one kind of evidence, and none in another."""

    def alike(judge: str, evidence: str, own: float, null: float, chance: float) -> dict[str, Any]:
        return {
            "judge": judge,
            "evidence": evidence,
            "shape": "cut",
            "bed": "silent",
            "map": {"alike": {"value": own}},
            "null": {"alike": {"value": null}},
            "paired": {"first": 10 * own, "second": 10 * null, "chance": chance},
        }

    return {
        "n": 10,
        "judges": [
            {"name": "ear", "label": "YAMNet alone"},
            {"name": "pictures", "label": "The network on pictures alone"},
        ],
        "evidence": [
            {"name": "pictures-fine", "label": "Fine map", "usual_shape": "cut"},
            {"name": "ear-cam", "label": "CAM of the ear", "usual_shape": "cut"},
        ],
        "rows": [
            alike("ear", "pictures-fine", 0.9, 0.2, 0.01),
            alike("pictures", "pictures-fine", 1.0, 0.1, 0.001),  # its own: not shown
            alike("pictures", "ear-cam", 0.4, 0.3, 0.8),
        ],
        "model": _model(),
        "command": "python -m model judges --split random_test",
    }


def peers() -> dict[str, Any]:
    """One comparison, and a cost that grows with the length."""
    return {
        "comparisons": [
            {
                "what": "verdict and picture",
                "way": "librosa.load and matplotlib",
                "ours": {"processor": 0.25, "clock": 0.3},
                "peer": {"processor": 1.5, "clock": 1.6},
                "times": 6.0,
            }
        ],
        "lengths": [
            {"seconds": seconds, "processor": seconds / 10, "clock": seconds / 5}
            for seconds in (3, 30, 600)
        ],
        "command": "make bench-peers",
    }


def browser() -> dict[str, Any]:
    """Two steps beside the bare page."""
    steps = [("the bare page", 0.5, 1.0), ("from the drop to the verdict", 1.75, 3.5)]
    return {
        "steps": [
            {"step": what, "what": what, "seconds": seconds, "worst": seconds, "times_bare": times}
            for what, seconds, times in steps
        ],
        "command": "make bench-browser",
    }
