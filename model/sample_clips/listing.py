"""The list that the app shows, and the licences that travel with the files."""

import json
from pathlib import Path

from model.sample_clips.catalogue import RECORDINGS, SCORES

OWN_AUTHOR = "The Earmark authors"
OWN_LICENCE = "MIT"
OWN_SOURCE = "model/sample_clips/scores/{genre}.py, played on the sound font Fluid R3 GM"


def entries() -> list[dict[str, str]]:
    """Return what is to be said of each sample, in the order of the genres."""
    listed = [
        {
            "genre": genre,
            "file": f"{genre}.ogg",
            "title": arrangement.title,
            "kind": "synthesised",
            "author": OWN_AUTHOR,
            "licence": OWN_LICENCE,
            "source": OWN_SOURCE.format(genre=genre),
            "note": arrangement.note,
        }
        for genre, arrangement in ((genre, score()) for genre, score in SCORES.items())
    ]
    listed += [
        {
            "genre": recording.genre,
            "file": f"{recording.genre}.ogg",
            "title": recording.title,
            "kind": "recording",
            "author": recording.author,
            "licence": recording.licence,
            "source": recording.source,
            "note": recording.note,
        }
        for recording in RECORDINGS
    ]
    return sorted(listed, key=lambda entry: entry["genre"])


def write_json(path: Path) -> None:
    """Write the list that the app reads."""
    path.write_text(json.dumps(entries(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _change(genre: str) -> str:
    for recording in RECORDINGS:
        if recording.genre == genre:
            cut = recording.excerpt
            return (
                f"{cut.seconds:g} s from {cut.start:g} s on; the package's two tracks (song and "
                "guitar) summed; faded in and out; level and peaks adjusted; coded again as Vorbis"
            )
    return "made for this project"


def write_licences(path: Path) -> None:
    """Write author, source, licence and change of each sample, and the notices they ask for."""
    notices = (Path(__file__).parent / "notices.md").read_text(encoding="utf-8")
    rows = [
        f"| [{e['file']}](samples/{e['file']}) | {e['title']} | {e['author']} | {e['source']} "
        f"| {e['licence']} | {_change(e['genre'])} |"
        for e in entries()
    ]
    chosen = (
        "How they were chosen: a recording under a free licence where one was found that fits its "
        "genre, a score of our own elsewhere. Blues, hip-hop, pop and reggae were scored anew and "
        "mixed until the network named every sample right. So the samples show how the app works; "
        "they are no test of how often the network is right.\n\n"
        "The voices in the synthesised samples are made by our own code (`model/sample_clips/"
        "voice.py`) and sing syllables without words: nobody's voice is in them.\n\n"
    )
    head = (
        "# Licences of the samples\n\n"
        "Made by `python -m model.sample_clips`; change that, not this file.\n\n"
        "| File | Title | Author | Source | Licence | Change made |\n|---|---|---|---|---|---|\n"
    )
    path.write_text(head + "\n".join(rows) + "\n\n" + chosen + notices, encoding="utf-8")
