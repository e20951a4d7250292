"""The generated blocks of the README."""

import re

import pytest
from PIL import Image, ImageSequence

from tools import readme


def blocks(**texts: str) -> str:
    return "\n".join(
        f"before\n<!-- {name} -->\n{texts.get(name.replace(' ', '_'), '')}\n<!-- end of {name} -->"
        for name in readme.BLOCKS
    )


def test_figures_replace_what_stands_between_the_markers():
    text = readme.filled(blocks(accuracy="old figures"))
    assert "old figures" not in text
    assert text.count("before") == len(readme.BLOCKS)
    assert readme.accuracy() in text
    assert readme.filled(text) == text


def test_a_figure_is_that_of_the_result(monkeypatch):
    spread = {"low": 0.25, "high": 0.875}
    part = {"n": 8, "share": 0.625, "mean_over_genres": 0.5, "by_artist": spread}
    results = {
        "random_test": {"parts": {"all tracks": part, "with sound": {**part, "n": 4}}},
        "outside_test": {"n": 5, "accuracy": 0.8, "mean_over_genres": 0.75, "by_group": spread},
        "agreement": {"n": 4, "share": 0.75, "n_new": 2, "agreeing_new": 1},
    }
    monkeypatch.setattr(readme, "_PROTOCOLS", {"random": "Random split"})
    monkeypatch.setattr(readme, "result", results.__getitem__)
    text = readme.accuracy()
    assert "| Random split | 8 | 62.5 % | 50.0 % | 25.0 to 87.5 % |" in text
    assert "| Random split, those with sound | 4 | 62.5 % | 50.0 % | 25.0 to 87.5 % |" in text
    assert "| Songs of today | 5 | 80.0 % | 75.0 % | 25.0 to 87.5 % |" in text
    assert "75.0 % of 4 full-length clips, and for 1 of the 2" in text


def test_a_missing_marker_is_named():
    with pytest.raises(ValueError, match="one pair of markers for accuracy"):
        readme.filled("no markers")


def test_a_server_s_memory_is_that_of_the_result(monkeypatch):
    step = {"what": "it answers", "processor_seconds": 2.4, "memory_mb": 1260, "most_mb": 1710}
    monkeypatch.setattr(readme, "result", {"start": {"steps": [step]}}.__getitem__)
    text = readme.filled("<!-- start -->\nold\n<!-- end of start -->", readme.DEPLOYMENT_BLOCKS)
    assert "| it answers | 2 s | 1.3 GB | 1.7 GB |" in text


def test_the_readme_begins_with_a_moving_picture_of_twenty_seconds():
    title, first, *_ = readme.README.read_text(encoding="utf-8").split("\n\n")
    assert title == "# Earmark"
    found = re.fullmatch(r"!\[[^\]]+\]\((.+\.webp)\)", first)
    assert found is not None
    path = readme.ROOT / found[1]
    assert path.stat().st_size < 4_000_000
    with Image.open(path) as picture:
        frames = ImageSequence.all_frames(picture, lambda frame: frame)
        milliseconds = sum(frame.info["duration"] for frame in frames)
    assert len(frames) > 10
    assert milliseconds == pytest.approx(20_000, abs=500)
