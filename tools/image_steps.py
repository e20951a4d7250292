"""The steps of the Dockerfile, without an engine: ``python -m tools.image_steps FOLDER``.

Each stage is a folder that begins empty, and holds what ``COPY`` brings there. Only what
``.dockerignore`` lets through is copied, so that a file which the image lacks is missing here too.
Paths of the image are turned into paths below that folder. What only root may do (packages
of Debian, users) is left out, and said. The packages of Python are installed with ``--install``, in
minutes; else the environment that runs this program stands in for them.
"""

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parents[1]
VENV: Final = "/opt/venv"
_OF_ROOT: Final = ("apt-get", "useradd", "rm -rf /var/lib/apt")
# The folders of the image that its steps name.
_PLACES: Final = re.compile(r"(?<![\w.\-/}])/(?=(opt|build|app|home|tmp)(/|\b))")


class Step(NamedTuple):
    """One instruction of a Dockerfile: its keyword, and what stands behind it."""

    keyword: str
    text: str


def read_steps(dockerfile: str) -> list[Step]:
    """Give a Dockerfile's instructions in order, each on one line and without comments."""
    lines = [line for line in dockerfile.splitlines() if not line.lstrip().startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    words = (line.split(maxsplit=1) for line in joined.splitlines() if line.strip())
    return [Step(keyword.upper(), " ".join(text.split())) for keyword, text in words]


def debian_packages(steps: list[Step]) -> list[str]:
    """Name the packages that the steps have apt install."""
    found = []
    for command in (part for step in steps if step.keyword == "RUN" for part in parts(step)):
        words = shlex.split(command)
        if words[:1] == ["apt-get"] and "install" in words:
            found += [word for word in words[words.index("install") + 1 :] if word[0] != "-"]
    return found


def parts(step: Step) -> list[str]:
    """Split a ``RUN`` into the commands that follow one another."""
    return [part.strip() for part in step.text.split("&&")]


def reaches_image(path: str, ignore: list[str]) -> bool:
    """Tell whether ``.dockerignore`` lets a file through; the last line that fits decides.

    Parameters
    ----------
    path : str
        Relative to the repository, with slashes.
    ignore : list of str
        Lines of the file. A line fits a path, or a folder that it lies in.
    """
    is_let_through = True
    for line in ignore:
        pattern = line.removeprefix("!").strip("/")
        if not pattern or line.startswith("#"):
            continue
        names = (re.escape(name).replace(r"\*", "[^/]*") for name in pattern.split("/"))
        expression = "/".join(names).replace("[^/]*[^/]*/", "(.*/)?")
        if re.fullmatch(f"{expression}(/.*)?", path):
            is_let_through = line.startswith("!")
    return is_let_through


@dataclass
class Stage:
    """A stage of the image, as a folder.

    Attributes
    ----------
    root : Path
        Stands for the image's root.
    workdir : str
        In the image.
    env : dict
        What ``ENV`` sets, with paths below `root`.
    user : str
        By whom the server is run; empty for root.
    start, health : list of str
        Commands of ``CMD`` and ``HEALTHCHECK``.
    """

    root: Path
    workdir: str = "/"
    env: dict[str, str] = field(default_factory=dict)
    user: str = ""
    start: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)

    def place(self, path: str) -> Path:
        """Find where a path of the image lies, seen from its working folder."""
        whole = path if path.startswith("/") else f"{self.workdir}/{path}"
        return self.root / os.path.normpath(whole).lstrip("/")

    def moved(self, text: str) -> str:
        """Turn paths of the image in a text into paths below `root`."""
        return _PLACES.sub(lambda _: f"{self.root}/", text)

    def environment(self) -> dict[str, str]:
        """Variables for the image's programs; of this machine's, only the path to programs."""
        path = f"{Path(sys.executable).parent}:{os.environ.get('PATH', os.defpath)}"
        return {"PATH": path, "LANG": "C.UTF-8", **self.env}


def carry_out(folder: Path, *, install: bool = False) -> tuple[Stage, list[str]]:
    """Carry out the Dockerfile's steps in an empty folder.

    Parameters
    ----------
    folder : Path
        Stages are made in it.
    install : bool
        Whether the packages of Python are installed, too.

    Returns
    -------
    Stage, list of str
        The last stage, and the commands that were left out.

    Raises
    ------
    ValueError
        If an instruction is not known here.
    FileNotFoundError
        If a step copies what is not there, or does not reach the image.
    subprocess.CalledProcessError
        If a command fails.
    """
    stages: dict[str, Stage] = {}
    left_out: list[str] = []
    stage = Stage(folder)
    for keyword, text in read_steps((ROOT / "Dockerfile").read_text(encoding="utf-8")):
        match keyword:
            case "FROM":
                name = text.partition(" AS ")[2] or "image"
                stage = stages[name] = Stage(folder.resolve() / name)
                (stage.root / "tmp").mkdir(parents=True)
            case "WORKDIR":
                stage.workdir = text
                stage.place(text).mkdir(parents=True, exist_ok=True)
            case "ENV":
                for word in shlex.split(text):
                    variable, _, value = word.partition("=")
                    old = stage.environment().get(variable, "")
                    stage.env[variable] = stage.moved(value).replace(f"${variable}", old)
            case "COPY":
                _copy(stage, text, stages)
            case "RUN":
                left_out += _run(stage, Step(keyword, text), install=install)
            case "USER":
                stage.user = text
            case "CMD":
                stage.start = json.loads(text)
            case "HEALTHCHECK":
                stage.health = json.loads(text.partition("CMD ")[2])
            case "EXPOSE":
                pass
            case _:
                raise ValueError(f"{keyword} is not known here: {text}")
    return stage, left_out


def _copy(stage: Stage, text: str, stages: dict[str, Stage]) -> None:
    *sources, target = text.split()
    if sources[0].startswith("--from="):
        other = stages[sources.pop(0).partition("=")[2]]
        for source in sources:
            shutil.copytree(other.place(source), stage.place(target), symlinks=True)
        return
    for source in sources:
        files = list(_files_of(source))
        if not files:
            raise FileNotFoundError(f"{source} does not reach the image")
        is_folder = (ROOT / source).is_dir()
        for file in files:
            inside = file.relative_to(ROOT / source) if is_folder else Path(file.name)
            place = stage.place(target) / inside
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, place)


def _files_of(source: str) -> Iterator[Path]:
    ignore = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    path = ROOT / source
    for file in [path] if path.is_file() else sorted(path.rglob("*")):
        if file.is_file() and reaches_image(file.relative_to(ROOT).as_posix(), ignore):
            yield file


def _run(stage: Stage, step: Step, *, install: bool) -> list[str]:
    """Run the commands of a step; returns those that are left out."""
    left_out = []
    for command in parts(step):
        is_of_venv = VENV in command and not install
        if command.startswith(_OF_ROOT) or is_of_venv:
            left_out.append(command)
            if command.startswith("useradd"):
                stage.place(f"/home/{command.split()[-1]}").mkdir(parents=True)
            continue
        subprocess.run(
            ["sh", "-c", stage.moved(command)],
            cwd=stage.place("."),
            env=stage.environment(),
            check=True,
        )
    if VENV in step.text and not install:
        # Nothing may be removed through this link, for it leads to our own.
        place = stage.place(VENV)
        place.mkdir(parents=True)
        for entry in Path(sys.prefix).iterdir():
            (place / entry.name).symlink_to(entry)
    return left_out


def main() -> None:
    """Carry out the steps, and say what was left out and how the server is started."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="new or empty")
    parser.add_argument("--install", action="store_true", help="install Python's packages, too")
    arguments = parser.parse_args()
    stage, left_out = carry_out(arguments.folder, install=arguments.install)
    print(*(f"left out: {command}" for command in left_out), sep="\n")
    size = sum(file.stat().st_size for file in stage.root.rglob("*") if file.is_file())
    print(f"{size / 1e6:.0f} MB in {stage.root}")
    variables = " ".join(f"{name}={shlex.quote(value)}" for name, value in stage.env.items())
    print(f"(cd {stage.place('.')} && env {variables} {shlex.join(stage.start)})")


if __name__ == "__main__":
    main()
