"""What has to hold for the repository as a whole, checked on its files."""

import hashlib
import json
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from model.constants import GENRES, MAX_UPLOAD_BYTES
from model.explain.methods import DEFAULT_METHOD
from tools import readme
from tools.rooms import imported_modules, survey

ROOT = Path(__file__).resolve().parents[1]
LARGEST_FILE = 20 * 10**6  # bytes
REQUIREMENT_FILES = ("requirements.txt", "requirements-dev.txt")
AUDIO_SUFFIXES = "wav|au|aiff|flac|mp3|ogg|opus|m4a|aac|webm"

NOT_IN_PAGES = {"keras", "tensorflow", "librosa", "soundfile", "scipy", "pydub", "soxr"}
NOT_IN_MODEL = {"streamlit", "plotly", "pages", "app"}


def git(*arguments: str, stdin: str = "") -> str:
    if not (ROOT / ".git").exists():
        pytest.skip("needs the git repository, and this is a copy without one")
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def files() -> list[Path]:
    """Every file that is tracked, or would be by `git add`."""
    names = git("ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def requirements(name: str) -> list[Requirement]:
    lines = (line.partition("#")[0].strip() for line in (ROOT / name).read_text().splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


def pinned_version(requirement: Requirement) -> str:
    """The one version that a requirement allows."""
    pins = [(clause.operator, clause.version) for clause in requirement.specifier]
    assert len(pins) == 1, f"{requirement} is not pinned to one version"
    operator, version = pins[0]
    assert operator == "==", f"{requirement} is not pinned with =="
    assert "*" not in version, f"{requirement} is not pinned to one version"
    return version


def constraints() -> dict[str, str]:
    return {canonicalize_name(r.name): pinned_version(r) for r in requirements("constraints.txt")}


# Requirements


@pytest.mark.parametrize("name", REQUIREMENT_FILES)
def test_requirements_are_pinned_as_the_constraints_are(name: str) -> None:
    pinned = {canonicalize_name(r.name): pinned_version(r) for r in requirements(name)}
    assert pinned
    assert pinned.items() <= constraints().items()


def test_every_install_uses_the_constraints() -> None:
    assert "-c constraints.txt" in (ROOT / "requirements.txt").read_text().splitlines()
    assert "-r requirements.txt" in (ROOT / "requirements-dev.txt").read_text().splitlines()


def test_constraints_hold_all_that_the_requirements_bring_along() -> None:
    allowed = constraints()
    todo = [r for name in REQUIREMENT_FILES for r in requirements(name)]
    seen: set[tuple[str, frozenset[str]]] = set()
    while todo:
        requirement = todo.pop()
        key = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        if key in seen or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        seen.add(key)
        name = key[0]
        assert name in allowed, f"{name} is missing from constraints.txt"
        installed = metadata.version(name)
        assert installed == allowed[name], f"{name} {installed} is installed: run `make test`"
        for line in metadata.requires(name) or []:
            dependency = Requirement(line)
            marker = dependency.marker
            extras = requirement.extras or {""}
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras):
                dependency.marker = None
                todo.append(dependency)


# Weights and data


def test_weights_are_small_and_match_the_hash_on_their_card() -> None:
    weights = sorted((ROOT / "model" / "weights").glob("*.keras"))
    assert weights, "model/weights holds no network"
    for path in weights:
        data = path.read_bytes()
        card = json.loads(path.with_suffix(".json").read_text())
        assert len(data) < LARGEST_FILE, path.name
        assert hashlib.sha256(data).hexdigest() == card["sha256"], path.name


def test_no_file_is_large(files: list[Path]) -> None:
    assert files
    assert not [path for path in files if path.stat().st_size > LARGEST_FILE]


def test_no_large_file_is_left_in_the_history() -> None:
    objects = git("rev-list", "--objects", "--no-object-names", "--all")
    sizes = git("cat-file", "--batch-check=%(objectsize) %(objectname)", stdin=objects).splitlines()
    assert not [line for line in sizes if int(line.split()[0]) > LARGEST_FILE]


def test_no_file_is_named_like_a_clip_of_the_data_set(files: list[Path]) -> None:
    clip = re.compile(rf"({'|'.join(GENRES)})[._-]?\d{{5}}.*\.({AUDIO_SUFFIXES})", re.IGNORECASE)
    assert clip.fullmatch("rock.00012.ogg")
    assert not [path for path in files if clip.fullmatch(path.name)]


@pytest.mark.data
def test_no_file_is_a_copy_out_of_the_data_set(files: list[Path], gtzan: Path) -> None:
    data = [path for path in gtzan.rglob("*") if path.is_file()]
    assert data
    sizes = {path.stat().st_size for path in files} - {0}
    hashes = {digest(path) for path in data if path.stat().st_size in sizes}
    assert not [path for path in files if path.stat().st_size and digest(path) in hashes]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# Imports


def test_pages_leave_the_signals_and_the_network_to_the_model() -> None:
    scripts = [ROOT / "app.py", *(ROOT / "pages").rglob("*.py")]
    assert len(scripts) > 1
    for script in scripts:
        libraries = {name.partition(".")[0] for name in imported_modules(script)}
        assert not libraries & NOT_IN_PAGES, script.relative_to(ROOT)


def test_the_model_knows_no_browser() -> None:
    for module in (ROOT / "model").rglob("*.py"):
        libraries = {name.partition(".")[0] for name in imported_modules(module)}
        assert not libraries & NOT_IN_MODEL, module.relative_to(ROOT)


def test_imports_point_downwards() -> None:
    plan = survey()
    assert len(plan.rooms) > 20
    assert plan.unnumbered == []
    assert plan.upward() == []


def test_analysis_is_imported_without_tensorflow() -> None:
    code = "import sys, model.analysis; sys.exit(bool({'tensorflow', 'keras'} & set(sys.modules)))"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr or "importing model.analysis loads TensorFlow"


# Files that a person or another machine reads


def test_no_file_names_a_place_on_one_machine(files: list[Path]) -> None:
    place = re.compile(r"(?<![\w.~}*-])/(work|root|home|Users|mnt|tmp/[\w-]+)/[\w.]")
    assert place.search("see /home/ann/notes")
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in files
        if path.name != "Dockerfile" and path != Path(__file__) and (text := text_of(path))
        for line in text.splitlines()
        if place.search(line)
    ]
    assert not found


def text_of(path: Path) -> str:
    """What a text file says; nothing for a picture, a sound or an array."""
    data = path.read_bytes()
    return "" if b"\0" in data[:8192] else data.decode("utf-8", errors="replace")


def test_readme_names_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text()
    assert "make run" in readme
    assert "make test" in readme


def test_upload_limit_of_the_server_is_the_model_s() -> None:
    config = (ROOT / ".streamlit" / "config.toml").read_text()
    limit = re.search(r"^maxUploadSize = (\d+)", config, re.MULTILINE)
    assert limit is not None
    assert int(limit[1]) * 2**20 == MAX_UPLOAD_BYTES


def test_image_runs_as_a_user_and_can_be_asked_for_its_health() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    users = re.findall(r"^USER (\S+)", dockerfile, re.MULTILINE)
    assert users
    assert users[-1] not in {"root", "0"}
    assert re.search(r"^HEALTHCHECK (.|\\\n)*/_stcore/health", dockerfile, re.MULTILINE)
    assert "${PORT:-" in dockerfile


def test_image_copies_files_that_exist_and_that_reach_it() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    copies = re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE)
    sources = [source for line in copies for source in line.split()]
    assert {"app.py", "model", "pages"} <= set(sources)
    assert "*" in ignored, "the image takes only what .dockerignore lets through by name"
    for source in sources:
        assert (ROOT / source).exists(), source
        assert any(line.removeprefix("!").split("/")[0] == source for line in ignored), source


# Figures


@pytest.mark.parametrize("document", readme.DOCUMENTS, ids=lambda path: path.name)
def test_the_figures_in_a_document_are_those_that_the_commands_wrote(document):
    text = document.read_text(encoding="utf-8")
    assert text == readme.filled(text, readme.DOCUMENTS[document]), "make readme writes them anew"


@pytest.mark.parametrize(
    ("name", "weights"),
    [
        ("random_test", "two-ears-random"),
        ("outside_test", "two-ears-random"),
        ("agreement", "pictures-random"),
        ("filtered_test", "two-ears-filtered"),
        ("faithfulness_random_test", "pictures-random"),
        ("sanity_random_test", "pictures-random"),
        ("sanity_filters_random_test", "pictures-random"),
        ("localisation_random_test", "pictures-random"),
        ("played_random_test", "two-ears-random"),
        ("played_random_valid", "two-ears-random"),
    ],
)
def test_the_figures_in_the_readme_are_of_the_weights_that_ship(name, weights):
    card = json.loads((ROOT / "model" / "weights" / f"{weights}.json").read_text())
    assert readme.result(name)["model"]["sha256"] == card["sha256"], "measured with other weights"


def test_what_the_readme_says_of_spliced_clips_is_so():
    mass = {
        row["method"]: row["value"]
        for row in readme.result("localisation_random_test")["rows"]
        if (row["kind"], row["measure"]) == ("splice", "mass")
    }
    assert max(mass, key=lambda method: mass[method]) == "lead"
    assert 0.5 < mass["gradient-input"] < 0.6


@pytest.mark.parametrize("split", ["random_valid", "random_test"])
def test_the_usual_map_is_the_one_that_carries_the_verdict(split):
    """It was chosen on valid tracks, and the page says of it what the test tracks say."""
    rows = {
        (row["method"], row["test"], row["bed"]): row
        for row in readme.result(f"played_{split}")["rows"]
    }
    for bed in ("silent", "-30 dB"):
        usual, fine, rearranged = (
            rows[method, test, bed]
            for method, test in (
                (DEFAULT_METHOD, "own"),
                ("fine", "own"),
                (DEFAULT_METHOD, "rearranged"),
            )
        )
        surer = {
            method: row["increase"]["value"]
            for (method, test, around), row in rows.items()
            if (test, around) == ("own", bed)
        }
        assert max(surer, key=lambda method: surer[method]) == DEFAULT_METHOD
        assert surer[DEFAULT_METHOD] > 0.6, "even surer on most songs"
        lost = "lost_with_the_rest_alone"
        assert usual[lost]["value"] > fine[lost]["value"] - 0.05
        assert usual["alike"]["value"] > fine["alike"]["value"]
        assert rearranged["paired"]["chance"] < 0.01


def test_what_the_readme_says_of_the_fine_map_is_so():
    result = ROOT / "model" / "evaluation" / "results" / "faithfulness_random_test.json"
    content = json.loads(result.read_text())
    signs = {
        measure["name"]: 1 if measure["better"] == "higher" else -1
        for measure in content["measures"]
        if measure["better"]
    }
    rows = {
        (row["group"], row["measure"], row["method"]): row
        for row in content["rows"]
        if row["setting"] in (content["equal_areas"], "map") and row["measure"] in signs
    }

    def beyond_chance(group: str) -> set[str]:
        over = {name: rows[group, name, "fine"]["over_reference"] for name in signs}
        return {
            name
            for name, sign in signs.items()
            if min(sign * over[name]["low"], sign * over[name]["high"]) > 0
        }

    def ahead_of(other: str) -> set[str]:
        return {
            name
            for name, sign in signs.items()
            if sign * (rows["audio", name, "fine"]["value"] - rows["audio", name, other]["value"])
            > 0
        }

    assert content["reference"] == "random"
    from_silence = {"insertion-silence", "deletion-silence"}
    assert beyond_chance("audio") == set(signs) - from_silence
    # A map's own values, rearranged, are as sparse.
    assert ahead_of("random-fine") >= set(signs) - {"SPS", "COMP"}
    assert ahead_of("band-energy") == set(signs) - {"insertion-silence"}
    # Most of it is the gradient's doing.
    for measure, near in (("Fid-In", 0.05), ("FF", 0.05), ("AD", 5.0)):
        own, moved = (rows["audio", measure, name]["value"] for name in ("fine", "moved-cam-fine"))
        assert abs(own - moved) < near, measure
