"""Which track of GTZAN is by which artist."""

from pathlib import Path
from typing import Final

ARTISTS_FILE: Final = Path("splits", "artist_groups.tsv")


def read_artists(folder: Path) -> dict[str, str]:
    """Read which track is by which artist.

    Parameters
    ----------
    folder : Path
        GTZAN with splits/artist_groups.tsv: a track's name and an artist's id a line.

    Returns
    -------
    dict of str to str
        Track to artist; empty without such a file. Tracks of unknown artists are not in it.
    """
    path = folder / ARTISTS_FILE
    if not path.is_file():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    columns = (line.partition("\t") for line in lines if line)
    return {name: artist for name, _, artist in columns}
