"""Playlists of a scanned folder, one a genre."""

from collections.abc import Iterable
from pathlib import Path

from model.songs.names import path_of
from model.songs.row import Row


def write_playlists(rows: Iterable[Row], folder: Path, out: Path) -> list[Path]:
    """Write an M3U playlist for every genre that was heard.

    Parameters
    ----------
    rows : iterable of Row
        Of a scan; those without a genre are left out.
    folder : Path
        That was scanned.
    out : Path
        Folder for the playlists; made if it is not there.

    Returns
    -------
    list of Path
        What was written, such as ``rock.m3u8``: the surest songs first, by their whole paths.

    Raises
    ------
    OSError
        If they cannot be written.
    """
    by_genre: dict[str, list[Row]] = {}
    for row in rows:
        if row.get("genre"):
            by_genre.setdefault(row["genre"], []).append(row)
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for genre, songs in sorted(by_genre.items()):
        lines = ["#EXTM3U", f"#PLAYLIST:{genre}"]
        for row in sorted(songs, key=lambda row: (-row["probability"], row["file"])):
            place = folder.resolve() / path_of(row["file"])
            if "\n" in str(place):  # a line of a playlist can hold no such name
                continue
            title = f"{place.stem} ({100 * row['probability']:.0f} % {genre})"
            lines += [f"#EXTINF:{round(row['seconds'])},{title}", str(place)]
        path = out / f"{genre}.m3u8"
        # A name that is not UTF-8 keeps its bytes.
        path.write_text("\n".join(lines) + "\n", encoding="utf-8", errors="surrogateescape")
        written.append(path)
    return written
