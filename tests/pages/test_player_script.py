"""The player's modules become one script, and faults in their imports are found."""

import re
from pathlib import Path

import pytest

from pages.panels.player_script import (
    FOLDER,
    ScriptError,
    join_modules,
    modules_behind,
    read_module,
)
from pages.panels.stage import STYLES

ENTRIES = ("main.js", "worker.js")
# Hexadecimal or by function; not those that are mixed from the app's own.
COLOUR = re.compile(r"#(?:[0-9a-f]{3,4}){1,2}\b|\b(?:rgba?|hsla?|oklch)\(", re.IGNORECASE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two modules, one of which needs the other."""
    write(
        tmp_path,
        main='import { half } from "./sums.js";\n\nexport default (x) => half(x);\n',
        sums="export const half = (x) => x / 2;\n",
    )
    return tmp_path


def write(folder: Path, **modules: str) -> None:
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")


def test_every_module_is_in_a_script_and_behind_what_it_imports() -> None:
    reached: set[str] = set()
    for entry in ENTRIES:
        ready: set[str] = set()
        for module in modules_behind(entry):
            assert set(module.imports) <= ready, module.name
            ready.add(module.name)
        reached |= ready
    assert reached == {path.name for path in FOLDER.glob("*.js")}


def test_every_worker_is_one_that_is_joined() -> None:
    workers = {stem for module in modules_behind("main.js") for stem in module.workers}
    assert {f"{stem}.js" for stem in workers} == set(ENTRIES[1:])


def test_every_style_sheet_is_used() -> None:
    assert sorted(STYLES) == sorted(path.name for path in FOLDER.glob("*.css"))


def test_nothing_is_exported_in_vain() -> None:
    modules = [read_module(path) for path in FOLDER.glob("*.js")]
    wanted = {name for module in modules for names in module.imports.values() for name in names}
    exported = {name for module in modules for name in module.exports}
    # What only the tests ask for.
    assert exported - wanted <= {"REST"}


def test_the_script_is_one_module_without_imports() -> None:
    script = join_modules("main.js")
    assert len(re.findall(r"^export ", script, re.MULTILINE)) == 1
    assert not re.search(r"^import |import\.meta", script, re.MULTILINE)
    for module in modules_behind("main.js"):
        for name in module.declares:
            if name != "component":
                found = re.findall(
                    rf"^(?:async )?(?:function\*?|class|const|let) {name}\b", script, re.M
                )
                assert len(found) == 1, name


def test_the_overview_names_every_file_once() -> None:
    overview = (FOLDER / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([\w.]+)` \|", overview, re.MULTILINE)
    assert sorted(listed) == sorted(
        path.name for path in FOLDER.iterdir() if path.name != "README.md"
    )


def test_no_colour_is_typed_in_the_browser() -> None:
    assert COLOUR.search("color: #fff;")
    assert COLOUR.search("rgb(13 15 18 / 40%)")
    for path in FOLDER.iterdir():
        if path.suffix in {".js", ".css", ".html"}:
            text = re.sub(r"this\.#\w+|^\s+(?:async )?#\w+", "", path.read_text(), flags=re.M)
            assert not COLOUR.findall(text), path.name


def test_modules_share_one_scope(folder: Path) -> None:
    assert join_modules("main.js", folder) == (
        "// sums.js\nconst half = (x) => x / 2;\n\n// main.js\nexport default (x) => half(x);\n"
    )


@pytest.mark.parametrize(
    ("modules", "fault"),
    [
        ({"sums": 'import { a } from "./main.js";\nexport const half = 1;\n'}, "in a circle"),
        ({"sums": "export const third = 1;\n"}, "sums.js exports no half"),
        ({"sums": "const half = 1;\n"}, "sums.js exports no half"),
        ({"main": 'import { half } from "./nowhere.js";\n'}, "there is no nowhere.js"),
        ({"main": 'import { half } from "./sums.js";\nconst half = 2;\n'}, "both declare half"),
        ({"main": 'import * as sums from "./sums.js";\n'}, "cannot join 'import"),
        ({"main": 'import sums from "./sums.js";\n'}, "cannot join 'import"),
        ({"main": 'const sums = await import("./sums.js");\n'}, "cannot join 'import"),
        ({"main": "export { half };\n"}, "cannot join 'export"),
        ({"main": "const { a } = window;\n"}, "cannot join 'const"),
    ],
)
def test_what_cannot_be_joined_is_named(folder: Path, modules: dict[str, str], fault: str) -> None:
    write(folder, **modules)
    with pytest.raises(ScriptError, match=re.escape(fault)):
        join_modules("main.js", folder)


def test_a_worker_gets_a_script_of_its_own(folder: Path) -> None:
    write(
        folder,
        main='new Worker(new URL("./back.js", import.meta.url), { type: "module" });\n',
        back='import { half } from "./sums.js";\n\nself.postMessage(half(2));\n',
    )
    script = join_modules("main.js", folder)
    assert script.startswith("const BACK_ADDRESS = URL.createObjectURL(")
    assert "const half = (x) => x / 2;\\n" in script
    assert 'new Worker(BACK_ADDRESS, { type: "module" });' in script
