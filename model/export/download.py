"""What a user takes along of one explanation: sounds, picture, numbers, and all of it as one ZIP.

Everything is made when it is asked for, and the same explanation gives the same bytes.
"""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from model.analysis import Analysis
from model.audio.box import Region
from model.audio.masking import BED_DB, THRESHOLD, Sounds
from model.constants import SAMPLE_RATE
from model.explain.methods import METHODS
from model.export.colours import DOTS_PER_INCH, OPACITY, SIZE_MM
from model.export.labels import (
    EvidenceRegion,
    audacity_labels,
    evidence_regions,
    sonic_visualiser_layer,
)
from model.export.meanings import MEANINGS, QUANTITIES
from model.export.summary import summarise
from model.networks.shipped import WeightsError
from model.verdict_parts import divide_verdict, load_dictionary

COLUMNS: Final = ("quantity", "class", "from_s", "to_s", "from_hz", "to_hz", "value", "meaning")

# The earliest time that a ZIP can hold: the same for every file of every archive.
_ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)

_README: Final = Path(__file__).with_name("readme.txt")


@dataclass(frozen=True, eq=False)
class Download:
    """One explanation, ready to be taken along.

    Attributes
    ----------
    analysis : Analysis
        Of an excerpt.
    method : str
        A key of METHODS.
    genre : str
        One of the analysis' `classes`.
    threshold : float
        Share of this class's own peak, 0 to 1.
    box : Region or None
        A box on the spectrogram, which then comes along.
    opacity : float
        Of the picture's heatmap, 0 to 1.
    against : bool
        Whether the picture shows what speaks against the class.
    bed : bool
        Whether the rest stays around the kept part, BED_DB quieter, instead of silence.
    """

    analysis: Analysis
    method: str
    genre: str
    threshold: float = THRESHOLD
    box: Region | None = None
    opacity: float = OPACITY
    against: bool = False
    bed: bool = False

    @cached_property
    def sounds(self) -> Sounds:
        """What is kept and the rest."""
        alone = self.analysis.sounds(self.method, self.genre, self.threshold)
        return alone.with_bed() if self.bed else alone

    @cached_property
    def box_sounds(self) -> Sounds:
        """The box and everything but it; a ValueError where there is no box."""
        if self.box is None:
            raise ValueError("there is no box to take along")
        excerpt = self.analysis.excerpt
        return self.box.split(excerpt.waveform, excerpt.stft)

    def picture(self) -> bytes:
        """Draw the spectrogram with the heatmap, as a PNG file."""
        # Matplotlib is slow to import: not before somebody takes a picture along.
        from model.export.printed_picture import draw_picture  # noqa: PLC0415

        return draw_picture(
            self.analysis, self.method, self.genre, self.threshold, self.opacity, self.against
        )

    @cached_property
    def numbers(self) -> dict[str, Any]:
        """All numbers and settings, as JSON can hold them; readme.txt says what they are."""
        analysis, excerpt = self.analysis, self.analysis.excerpt
        return {
            "file": excerpt.name,
            "file_sha256": excerpt.clip.sha256,
            "seconds": round(excerpt.clip.seconds, 3),
            "sample_rate": SAMPLE_RATE,
            "start": round(excerpt.start, 3),
            "seconds_explained": round(excerpt.seconds, 3),
            "notes": list(excerpt.clip.notes),
            "model": {"name": analysis.classifier.name, "sha256": analysis.classifier.sha256},
            "probabilities": dict(
                zip(analysis.classes, analysis.verdict.probabilities.tolist(), strict=True)
            ),
            "top": analysis.verdict.top,
            "merged": analysis.merges,
            "method": self.method,
            "class": self.genre,
            "threshold": self.threshold,
            "kept_energy_share": self.sounds.kept_share,
            "gain": self.sounds.gain,
            "bed_db": -BED_DB if self.bed else None,
            "relevance": summarise(
                excerpt,
                analysis.relevance(self.method, self.genre),
                analysis.mask(self.method, self.genre, self.threshold),
            ),
            "box": self._box_numbers(),
            "parts": self._parts(),
        }

    def _parts(self) -> dict[str, Any] | None:
        """Split the class's score into parts; None where none were learned for it."""
        classifier = self.analysis.classifier
        try:
            dictionary = load_dictionary(classifier)
        except WeightsError:  # of other weights: the numbers do without
            return None
        if dictionary is None or self.genre not in classifier.genres:
            return None
        parts = divide_verdict(self.analysis, dictionary, self.genre)
        return {
            "score": round(parts.score, 4),
            "names": [one["name"] for one in parts.facts],
            "added": [round(float(value), 4) for value in parts.added],
            "against": round(parts.against, 4),
            "start": round(parts.start, 4),
        }

    def _box_numbers(self) -> dict[str, Any] | None:
        if self.box is None:
            return None
        start = self.analysis.excerpt.start
        return {
            "seconds": [round(start + second, 3) for second in self.box.seconds],
            "hertz": [round(hertz, 1) for hertz in self.box.hertz],
            "relevance_share": self.box.share(self.analysis.relevance(self.method, self.genre)),
        }

    def json(self) -> bytes:
        """Write the numbers as a JSON file, which says under "columns" what each of them is."""
        explained = {**self.numbers, "columns": MEANINGS}
        return (json.dumps(explained, indent=2, ensure_ascii=False) + "\n").encode()

    def csv(self) -> bytes:
        """Write the numbers as a CSV file with COLUMNS, one number a row.

        The last column says what the row's number is: lines of comment would stop those programs
        that expect the names of columns first.
        """
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows((*row, QUANTITIES[str(row[0])]) for row in self._rows())
        return text.getvalue().encode()

    def _rows(self) -> list[tuple[str | float, ...]]:
        numbers, relevance = self.numbers, self.numbers["relevance"]
        seconds, hertz = relevance["seconds"], relevance["hertz"]
        everywhere = (seconds[0], seconds[-1], hertz[0], hertz[-1])
        rows: list[tuple[str | float, ...]] = [
            ("probability", name, *everywhere, value)
            for name, value in numbers["probabilities"].items()
        ]
        for name in ("kept_energy_share", "gain"):
            rows.append((name, self.genre, *everywhere, numbers[name]))
        if box := numbers["box"]:
            place = (*box["seconds"], *box["hertz"])
            rows.append(("box_relevance_share", self.genre, *place, box["relevance_share"]))
        for quantity, name in (("relevance_share", "share"), ("mask_mean", "mask_mean")):
            rows += [
                (quantity, self.genre, *seconds[s : s + 2], *hertz[h : h + 2], value)
                for h, octave in enumerate(relevance[name])
                for s, value in enumerate(octave)
            ]
        return rows

    @cached_property
    def _regions(self) -> list[EvidenceRegion]:
        relevance = self.analysis.relevance(self.method, self.genre)
        return evidence_regions(self.analysis.excerpt, relevance)

    def labels(self) -> bytes:
        """Write where the evidence lies as a label track for Audacity."""
        return audacity_labels(self._regions, METHODS[self.method].label_for(self.genre))

    def layer(self) -> bytes:
        """Write where the evidence lies as a layer for Sonic Visualiser."""
        return sonic_visualiser_layer(self._regions, METHODS[self.method].label_for(self.genre))

    def zip(self) -> bytes:
        """Put sounds, picture and numbers into one ZIP file, with a README.txt."""
        makers: dict[str, Callable[[], bytes]] = {
            "README.txt": self._readme,
            "kept.wav": lambda: self.sounds.wav("kept"),
            "rest.wav": lambda: self.sounds.wav("rest"),
            "original.wav": lambda: self.sounds.wav("original"),
            "picture.png": self.picture,
            "numbers.json": self.json,
            "numbers.csv": self.csv,
            "labels.txt": self.labels,
            "layer.svl": self.layer,
        }
        if self.box:
            makers["box.wav"] = lambda: self.box_sounds.wav("kept")
            makers["all-but-the-box.wav"] = lambda: self.box_sounds.wav("rest")
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, make in makers.items():
                entry = zipfile.ZipInfo(name, _ZIP_TIME)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, make())
        return buffer.getvalue()

    def _readme(self) -> bytes:
        label = METHODS[self.method].label_for(self.genre)
        boxes = "box.wav, all-but-the-box.wav  the box on the spectrogram, and all but it\n"
        width, height = SIZE_MM
        text = _README.read_text(encoding="utf-8").format(
            title=f"{self.analysis.excerpt.name}: {label}, threshold {self.threshold:.2f}",
            rate=SAMPLE_RATE,
            boxes=boxes if self.box else "",
            width=width,
            height=height,
            dots=DOTS_PER_INCH,
        )
        return text.encode()
