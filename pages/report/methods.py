"""The methods under test: their names and the looks of their lines."""

from typing import Any, Final

from pages.charts.figures import QUIET, is_dark

CLUELESS: Final = "random"
# The same for every class: they know nothing of it.
BLIND: Final = (CLUELESS, "random-fine", "band-energy")
# What any method has to beat: these, and what asks for one gradient only.
SIMPLE: Final = (*BLIND, "gradient-input")

# Distinct for colour-blind eyes on either ground (after Okabe and Ito); the app's own maps in
# the theme's colours.
_INKS: Final = {
    "light": {
        "fine": "#8A1C7C",
        "regions": "#5B3FA0",
        "cam": "#0A6B70",
        "crm": "#8A6FB0",
        "crm-class": "#3E9C8F",
        "lead": "#E06000",
        "grad-cam++": "#B0437A",
        "gradient-input": "#A38200",
        "gradient-input-odds": "#A38200",
        "integrated-gradients": "#2E75B6",
        "integrated-gradients-odds": "#2E75B6",
        "occlusion": "#6B4E2E",
        "occlusion-odds": "#6B4E2E",
        "deconvolution-conv1": "#6E7F0E",
        "deconvolution-conv2": "#4F6BC4",
        "deconvolution-conv3": "#C23B4B",
    },
    "dark": {
        "fine": "#E58BD8",
        "regions": "#A99BF0",
        "cam": "#5CC8C4",
        "crm": "#B9A3DB",
        "crm-class": "#2F9488",
        "lead": "#E8924A",
        "grad-cam++": "#DB7FAE",
        "gradient-input": "#D6BD45",
        "gradient-input-odds": "#D6BD45",
        "integrated-gradients": "#74AEE3",
        "integrated-gradients-odds": "#74AEE3",
        "occlusion": "#BE9A70",
        "occlusion-odds": "#BE9A70",
        "deconvolution-conv1": "#B5C75A",
        "deconvolution-conv2": "#93A8F0",
        "deconvolution-conv3": "#EF8A95",
    },
}
_DASHES: Final = {
    "random": "dash",
    "random-fine": "longdash",
    "moved-cam-fine": "longdashdot",
    "gradient-input-odds": "dash",
    "integrated-gradients-odds": "dash",
    "occlusion-odds": "dash",
    "random-order": "dot",
    "band-energy": "dashdot",
    "deconvolution-conv1": "dot",
    "deconvolution-conv2": "dot",
    "deconvolution-conv3": "dot",
}


def labels(content: dict[str, Any]) -> dict[str, str]:
    """List every method's name for people."""
    return {method["name"]: method["label"] for method in content["methods"]}


def label_of(content: dict[str, Any], name: str) -> str:
    """Look up a method's name for people."""
    return labels(content).get(name, name)


def in_text(content: dict[str, Any], name: str) -> str:
    """Shorten a method's name for running text, without what follows a comma."""
    return label_of(content, name).partition(",")[0]


def ink(name: str) -> str:
    """Choose the colour of a method's line; quiet for a control."""
    return _INKS["dark" if is_dark() else "light"].get(name, QUIET)


def dashes(name: str) -> str:
    """Choose the dashes of a method's line: controls are dashed."""
    return _DASHES.get(name, "solid")
