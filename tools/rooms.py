"""Rooms of the code and the imports between them: ``python -m tools.rooms [FOLDER]``.

A room is a package, or a module that lies directly in ``model/``. Each has the number of its
floor. A module imports from its own room, from its own floor and from those below it, never from
above, not even inside a function; the repository's tests hold every file to that.
"""

import argparse
import ast
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]

# Floors of the rooms of model/. What lies inside a room has its number.
LAYERS: Final = {
    "constants": 1,
    "types": 1,
    "genres": 1,
    "uncertainty": 1,
    "records": 1,
    "sample_clips": 1,
    "audio": 2,
    "explain": 2,
    "inference": 3,
    "networks": 3,
    "gtzan": 4,
    "analysis": 4,
    "other_sounds": 4,
    "filter_shares": 4,
    "verdict_parts": 4,
    "familiarity": 4,
    "second_opinion": 4,
    "genre_portraits": 4,
    "training": 5,
    "songs": 5,
    "export": 5,
    "evaluation": 6,
    "cli": 7,
    "__init__": 8,
    "__main__": 8,
}
# The same for the rooms of pages/. A page itself stands above them all.
PAGE_LAYERS: Final = {"words": 1, "session": 2, "charts": 3, "panels": 4, "report": 5}
PAGE: Final = 6

# Where code that runs in the app or on the command line lies.
_CODE: Final = ("app.py", "model", "pages", "assets")

Arrow = tuple[str, str]


@dataclass(frozen=True)
class Import:
    """What one file imports from another room.

    Attributes
    ----------
    file : Path
        The importing file, relative to the repository.
    name : str
        The imported module or object, such as ``model.audio.clip.decode``.
    arrow : tuple of str
        The two rooms, the importing one first.
    """

    file: Path
    name: str
    arrow: Arrow


@dataclass(frozen=True)
class Plan:
    """The rooms of a tree, and what they import from each other.

    Attributes
    ----------
    rooms : tuple of str
        Sorted.
    imports : tuple of Import
        Between different rooms.
    """

    rooms: tuple[str, ...]
    imports: tuple[Import, ...]

    @property
    def arrows(self) -> set[Arrow]:
        """Pairs of rooms of which the first imports the second."""
        return {found.arrow for found in self.imports}

    @property
    def unnumbered(self) -> list[str]:
        """Rooms without a number, as in a tree of another layout."""
        return [room for room in self.rooms if floor_of(room) is None]

    def upward(self) -> list[Arrow]:
        """Arrows that run upward.

        By the numbers of the floors. Where a room has none, the fewest arrows whose absence
        leaves no circle of rooms: however such rooms are numbered, so many run upward.
        """
        if not self.unnumbered:
            return sorted(arrow for arrow in self.arrows if _runs_upward(arrow))
        weights: Counter[Arrow] = Counter()
        for found in self.imports:
            weights[_top(found.arrow[0]), _top(found.arrow[1])] += 1
        in_circles = [
            (source, target)
            for source, target in sorted(weights)
            if source != target and source in _reach({target}, weights)
        ]
        choices = [
            set(choice)
            for count in range(len(in_circles) + 1)
            for choice in combinations(in_circles, count)
        ]
        # Of as many arrows, those with the fewest imports.
        choices.sort(key=lambda choice: (len(choice), sum(weights[arrow] for arrow in choice)))
        return sorted(next(choice for choice in choices if not _circles(set(weights) - choice)))

    def height(self) -> int:
        """Rooms on the longest way down; those of a circle share a floor."""
        circle = {
            room: frozenset(
                {room}
                | {
                    other
                    for other in _reach({room}, self.arrows)
                    if room in _reach({other}, self.arrows)
                }
            )
            for room in self.rooms
        }
        below = {(circle[a], circle[b]) for a, b in self.arrows if circle[a] != circle[b]}
        heights: dict[frozenset[str], int] = {}

        def height_of(place: frozenset[str]) -> int:
            if place not in heights:
                under = (height_of(target) for source, target in below if source == place)
                heights[place] = 1 + max(under, default=0)
            return heights[place]

        return max(map(height_of, circle.values()), default=0)


def _reach(starts: set[str], arrows: Iterable[Arrow]) -> set[str]:
    """Rooms to which the arrows lead from any of some rooms, in one step or more."""
    arrows = set(arrows)
    reached: set[str] = set()
    edge = starts
    while edge := {target for source, target in arrows if source in edge} - reached:
        reached |= edge
    return reached | starts


def _circles(arrows: set[Arrow]) -> bool:
    return any(source != target and source in _reach({target}, arrows) for source, target in arrows)


def floor_of(name: str) -> int | None:
    """Number of the floor of a room or a module, such as ``model.audio`` or ``pages.listen``.

    Numbers of model/ and of pages/ are compared among themselves only: pages lie on top.
    """
    top, _, rest = name.partition(".")
    room = rest.partition(".")[0]
    if top == "pages":
        return PAGE_LAYERS.get(room, PAGE)
    if top == "model":
        return LAYERS.get(room or "__init__")
    return PAGE + 1 if top == "app" else None


def _runs_upward(arrow: Arrow) -> bool:
    source, target = arrow
    if _top(source, 1) != _top(target, 1):
        return (_top(source, 1), _top(target, 1)) not in {
            ("pages", "model"),
            ("app", "pages"),
            ("app", "model"),
        }
    return (floor_of(target) or 0) > (floor_of(source) or 0)


def _top(room: str, parts: int = 2) -> str:
    return ".".join(room.split(".")[:parts])


def survey(root: Path = ROOT) -> Plan:
    """Read the imports of every Python file of the app.

    Parameters
    ----------
    root : Path
        A checkout of the repository.

    Returns
    -------
    Plan
        Its rooms and the imports between them.
    """
    files = [
        file
        for start in _CODE
        for file in ([root / start] if start.endswith(".py") else (root / start).rglob("*.py"))
    ]
    modules = {_module(file.relative_to(root)): file for file in sorted(files)}
    rooms = {name: _room(name, file.name == "__init__.py") for name, file in modules.items()}
    found = []
    for name, file in modules.items():
        for imported in imported_modules(file, root):
            target = _known(imported, modules)
            if target is not None and rooms[name] != rooms[target]:
                arrow = rooms[name], rooms[target]
                found.append(Import(file.relative_to(root), imported, arrow))
    return Plan(tuple(sorted(set(rooms.values()))), tuple(found))


def imported_modules(file: Path, root: Path = ROOT) -> Iterator[str]:
    """Absolute names of all that a file imports, ``from a import b`` as a.b."""
    package = file.relative_to(root).parent.parts
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) + 1 - node.level] if node.level else ()
            base = ".".join([*start, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _module(file: Path) -> str:
    parts = file.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _known(name: str, modules: dict[str, Path]) -> str | None:
    """The module of this tree that an imported name is, or lies in."""
    while name and name not in modules:
        name = name.rpartition(".")[0]
    return name or None


def _room(name: str, is_package: bool) -> str:
    """The package of a module; a module that lies directly in model/ is a room by itself."""
    folder = name if is_package else name.rpartition(".")[0]
    return folder if folder not in ("", "model") else name


def main() -> int:
    """Print the rooms, floors and arrows of a tree, and every import that runs upward.

    Returns
    -------
    int
        1 if an arrow runs upward.
    """
    parser = argparse.ArgumentParser(
        prog="python -m tools.rooms", description="Count the rooms and the imports between them."
    )
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT, help="another checkout")
    parser.add_argument("--list", action="store_true", help="also name every arrow")
    arguments = parser.parse_args()
    plan = survey(arguments.folder.resolve())
    upward = plan.upward()
    print(f"rooms           {len(plan.rooms)}")
    print(f"floors          {plan.height()}")
    print(f"arrows          {len(plan.arrows)}")
    print(f"upward arrows   {len(upward)}")
    for found in plan.imports:
        if (_top(found.arrow[0]), _top(found.arrow[1])) in upward or found.arrow in upward:
            print(f"  {found.file} imports {found.name}")
    if plan.unnumbered:
        print(f"rooms without a number: {', '.join(plan.unnumbered)}")
    if arguments.list:
        for source, target in sorted(plan.arrows):
            print(f"  {source} -> {target}")
    return bool(upward)


if __name__ == "__main__":
    sys.exit(main())
