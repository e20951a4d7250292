"""The player's modules, joined into the one script that Streamlit takes.

Streamlit gives the browser a component's script as text. No address leads to such a script, so it
cannot import others. This follows the imports from a first module, puts each module behind those
that it imports, and takes the words `import` and `export` away: all share one scope then. A script
of a worker, `new URL("./name.js", import.meta.url)`, is joined by itself and gets an address there.

Only the forms of import and export that assets/player uses are known; any other is an error, as are
modules that import each other in a circle and names that two modules declare.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parents[2] / "assets" / "player"

_IMPORT: Final = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+\.js)";\n', re.MULTILINE)
_DECLARED: Final = re.compile(
    r"^(export (?:default )?)?(?:(?:async )?function\*?|class|const|let|var) (\w+)", re.MULTILINE
)
_EXPORT: Final = re.compile(
    r"^export (?!default )(?=(?:async )?function|class|const)", re.MULTILINE
)
_WORKER: Final = re.compile(r'new URL\("\./([\w-]+)\.js", import\.meta\.url\)')
# What must not be left once the known forms are gone.
_UNKNOWN: Final = re.compile(
    r"^import\b.*|\bimport[.(].*|^export (?!default\b).*|^(?:const|let|var) [\[{].*",
    re.MULTILINE,
)


class ScriptError(ValueError):
    """Modules that cannot be joined; the message names the file."""


@dataclass(frozen=True)
class Module:
    """One file of the player.

    Attributes
    ----------
    name : str
        Of the file, with its ending.
    text : str
        What it says, without its imports.
    imports : dict of str to tuple of str
        The names that it imports, by the file that they come from.
    declares : tuple of str
        Its names at the top level.
    exports : frozenset of str
        Those of them that others may import.
    """

    name: str
    text: str
    imports: dict[str, tuple[str, ...]]
    declares: tuple[str, ...]
    exports: frozenset[str]

    @property
    def workers(self) -> list[str]:
        """The stems of the scripts that it starts as workers."""
        return _WORKER.findall(self.text)


def read_module(path: Path) -> Module:
    """Read a file and find its imports and exports."""
    if not path.is_file():
        raise ScriptError(f"there is no {path.name}")
    text = path.read_text(encoding="utf-8")
    imports: dict[str, tuple[str, ...]] = {}
    for names, file in _IMPORT.findall(text):
        if file in imports:
            raise ScriptError(f"{path.name} imports {file} twice")
        imports[file] = tuple(name.strip() for name in names.split(",") if name.strip())
    text = _IMPORT.sub("", text)
    declared = _DECLARED.findall(text)
    if unknown := _UNKNOWN.search(_WORKER.sub("", _EXPORT.sub("", text))):
        raise ScriptError(f"{path.name}: cannot join {unknown[0]!r}")
    return Module(
        path.name,
        text.strip() + "\n",
        imports,
        tuple(name for _, name in declared),
        frozenset(name for export, name in declared if export == "export "),
    )


def modules_behind(entry: str, folder: Path = FOLDER) -> list[Module]:
    """List a module and all that it imports, each behind those that it imports itself."""
    done: dict[str, Module] = {}

    def visit(name: str, way: tuple[str, ...]) -> None:
        if name in way:
            circle = " -> ".join([*way[way.index(name) :], name])
            raise ScriptError(f"modules import each other in a circle: {circle}")
        if name in done:
            return
        module = read_module(folder / name)
        for other, names in module.imports.items():
            visit(other, (*way, name))
            if missing := [each for each in names if each not in done[other].exports]:
                raise ScriptError(f"{other} exports no {missing[0]}, which {name} imports")
        done[name] = module

    visit(entry, ())
    return list(done.values())


def join_modules(entry: str, folder: Path = FOLDER) -> str:
    """Join a module and all that it imports into one script.

    Parameters
    ----------
    entry : str
        Name of its file. What it exports by default, the script exports.
    folder : Path
        Where all the files are.

    Returns
    -------
    str
        A module without imports.

    Raises
    ------
    ScriptError
        If a file or an exported name is missing, modules import each other in a circle, two
        declare one name, or a line has a form of import or export that is not known here.
    """
    modules = modules_behind(entry, folder)
    _refuse_clashes(modules)
    parts = [*_worker_addresses(modules, folder)]
    for module in modules:
        text = _WORKER.sub(lambda found: _address(found[1]), _EXPORT.sub("", module.text))
        parts.append(f"// {module.name}\n{text}")
    return "\n".join(parts)


def _refuse_clashes(modules: list[Module]) -> None:
    declared: dict[str, str] = {}
    for module in modules:
        for name in module.declares:
            if name in declared:
                raise ScriptError(f"{declared[name]} and {module.name} both declare {name}")
            declared[name] = module.name


def _worker_addresses(modules: list[Module], folder: Path) -> Iterator[str]:
    for stem in sorted({stem for module in modules for stem in module.workers}):
        script = json.dumps(join_modules(f"{stem}.js", folder))
        yield (
            f"const {_address(stem)} = URL.createObjectURL(\n"
            f'  new Blob([{script}], {{ type: "text/javascript" }}),\n);\n'
        )


def _address(stem: str) -> str:
    return f"{stem.upper().replace('-', '_')}_ADDRESS"
