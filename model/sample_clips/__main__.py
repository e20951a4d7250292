"""Make the samples: `python -m model.sample_clips [--only GENRE ...] [--out DIR]`.

Needs the Debian packages fluidsynth and fluid-soundfont-gm. The packages
fretsonfire-songs-muldjord and fretsonfire-songs-sectoid are fetched with
apt-get where they are not installed. The same version of the packages gives
the same sound; the bytes of an Ogg file differ by its random stream number.
"""

import argparse
import subprocess
import sys
from pathlib import Path

import soundfile

from model.sample_clips.catalogue import GENRES, RECORDINGS, SCORES
from model.sample_clips.dynamics import rms_db, true_peak_db
from model.sample_clips.excerpt import cut
from model.sample_clips.filters import RATE, Stereo
from model.sample_clips.fluid import MissingToolError, check_tools
from model.sample_clips.listing import write_json, write_licences
from model.sample_clips.mixer import mix

ASSETS = Path(__file__).resolve().parents[2] / "assets"
COMPRESSION = 0.65  # 0 is the best quality of Vorbis, 1 the smallest file
BLOCK = RATE  # libsndfile's Vorbis coder can overflow its stack on one long write


def _sound(genre: str) -> Stereo:
    for recording in RECORDINGS:
        if recording.genre == genre:
            return cut(recording.excerpt)
    return mix(SCORES[genre]())


def _write(path: Path, sound: Stereo) -> None:
    with soundfile.SoundFile(
        path, "w", RATE, 2, format="OGG", subtype="VORBIS", compression_level=COMPRESSION
    ) as file:
        for first in range(0, len(sound), BLOCK):
            file.write(sound[first : first + BLOCK])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m model.sample_clips", description="Make the ten sample clips of the app."
    )
    parser.add_argument("--only", nargs="+", choices=GENRES, default=GENRES, metavar="GENRE")
    parser.add_argument("--out", type=Path, default=ASSETS / "samples", metavar="DIR")
    return parser.parse_args()


def main() -> int:
    """Make the samples asked for, and the list and the licences of all of them."""
    arguments = _arguments()
    arguments.out.mkdir(parents=True, exist_ok=True)
    try:
        check_tools()
        for genre in arguments.only:
            sound = _sound(genre)
            _write(arguments.out / f"{genre}.ogg", sound)
            print(
                f"{genre:<10} {len(sound) / RATE:5.1f} s  level {rms_db(sound):6.1f} dBFS"
                f"  true peak {true_peak_db(sound):5.1f} dBFS"
            )
    except MissingToolError as error:
        print(error, file=sys.stderr)
        return 2
    except subprocess.CalledProcessError as error:
        print(f"{error.cmd[0]} failed: {error.stderr.decode(errors='replace')}", file=sys.stderr)
        return 1
    write_json(arguments.out / "samples.json")
    write_licences(arguments.out.parent / "LICENSES.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
