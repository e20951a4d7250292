"""The short table for people who read Markdown."""

from model.evaluation.maps.measures import MEASURES
from model.evaluation.maps.report import as_markdown


def row(measure: str, method: str, value: float, group: str = "audio", setting: str = "area-0.2"):
    return {
        "measure": measure,
        "method": method,
        "value": value,
        "group": group,
        "setting": setting,
    }


def test_the_best_of_every_column_is_bold_whichever_way_is_better():
    names = ("AI", "AD", "FF", "Fid-In")
    rows = [row(name, "cam", 0.75) for name in names] + [row(name, "sum", 0.25) for name in names]
    rows += [row(name, "cam", 0.1, setting="map") for name in ("deletion-mean", "insertion-mean")]
    rows += [row(name, "cam", 9.0, group="pictures") for name in names]
    rows += [row("AD", "cam", 9.0, setting="threshold-0.4")]
    faithfulness = {
        "rows": rows,
        "equal_areas": "area-0.2",
        "methods": [{"name": "cam", "label": "CAM"}, {"name": "sum", "label": "Sum"}],
        "measures": [vars(measure) for measure in MEASURES],
    }
    splice = {"kind": "splice", "measure": "mass", "method": "sum", "value": 0.925}
    other = {"kind": "bands", "measure": "mass", "method": "sum", "value": 0.1}
    table = as_markdown(faithfulness, {"rows": [splice, other]}).splitlines()
    assert table == [
        "| Method | Increase ↑, % | Drop ↓, % | Faithfulness ↑ | Fidelity ↑ "
        "| Deletion, band mean ↓ | Insertion, band mean ↑ | Right half ↑, % |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
        "| CAM | **0.8** | 0.8 | **0.75** | **0.75** | **0.10** | **0.10** |  |",
        "| Sum | 0.2 | **0.2** | 0.25 | 0.25 |  |  | **92.5** |",
    ]
