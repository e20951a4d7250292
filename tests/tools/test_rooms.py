"""The count of rooms and arrows, on trees whose imports are known."""

from pathlib import Path

import pytest

from tools import rooms


@pytest.fixture
def tree(tmp_path) -> Path:
    """Three rooms with numbers: cli above training above audio."""
    files = {
        "app.py": "import pages.listen",
        "pages/listen.py": "from model.audio import clip",
        "model/__init__.py": "",
        "model/constants.py": "",
        "model/audio/__init__.py": "",
        "model/audio/clip.py": "import numpy\nfrom model.constants import RATE",
        "model/training/__init__.py": "",
        "model/training/fit.py": "from model.audio.clip import decode\nfrom . import batches",
        "model/training/batches.py": "from ..audio import clip",
        "model/cli/__init__.py": "from model.training import fit",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_rooms_and_arrows_are_counted(tree):
    plan = rooms.survey(tree)
    assert plan.rooms == (
        *("app", "model", "model.audio", "model.cli", "model.constants"),
        *("model.training", "pages"),
    )
    assert plan.arrows == {
        ("app", "pages"),
        ("pages", "model.audio"),
        ("model.audio", "model.constants"),
        ("model.training", "model.audio"),
        ("model.cli", "model.training"),
    }
    assert plan.height() == 4
    assert plan.upward() == []


@pytest.mark.parametrize(
    ("file", "text", "arrow"),
    [
        ("model/audio/clip.py", "import model.training.fit", ("model.audio", "model.training")),
        (
            "model/training/fit.py",
            "def late():\n    from model.cli import main",
            ("model.training", "model.cli"),
        ),
        ("model/audio/clip.py", "from pages import listen", ("model.audio", "pages")),
    ],
)
def test_an_import_from_above_runs_upward(tree, file, text, arrow):
    (tree / file).write_text(text)
    assert rooms.survey(tree).upward() == [arrow]


def test_of_rooms_without_numbers_the_arrow_that_closes_a_circle_runs_upward(tree):
    (tree / "model/scan").mkdir()
    (tree / "model/scan/__init__.py").write_text("from model.report import a, b")
    (tree / "model/report.py").write_text("import model.scan")
    plan = rooms.survey(tree)
    assert plan.unnumbered == ["model.report", "model.scan"]
    assert plan.upward() == [("model.report", "model.scan")]
    (tree / "model/report.py").write_text("")
    assert rooms.survey(tree).upward() == []
