"""What the numbers of an explanation are, in words for whoever opens the file."""

from typing import Final

# By the keys of the JSON file.
MEANINGS: Final[dict[str, str]] = {
    "file": "name of the song's file",
    "file_sha256": "SHA-256 of its bytes",
    "seconds": "length of what was read of it, in s",
    "sample_rate": "rate at which it was heard, in Hz",
    "start": "where in the song the explained stretch begins, in s",
    "seconds_explained": "length of that stretch, in s",
    "notes": "what was remarkable when the file was read",
    "model": "name of the network, and SHA-256 of its weights",
    "probabilities": "how probable the network finds each class, 0 to 1",
    "top": "the most probable class",
    "merged": "whether similar genres count as one class",
    "method": "how the evidence was found",
    "class": "what the evidence speaks for",
    "threshold": "share of the evidence's peak at which half of the sound is kept",
    "kept_energy_share": "share of the original's energy that the kept part holds",
    "gain": "what kept, rest and original are multiplied by in their files: 1 unless one of them "
    "would clip",
    "bed_db": "level of the rest that stays around the kept part, in dB; null where it stands "
    "alone in silence",
    "relevance": "where the evidence lies, in cells of one second by one octave. seconds and "
    "hertz: edges of the cells; share: of all evidence for the class, a row for each octave; "
    "mask_mean: how much of each cell's sound is kept, 0 to 1",
    "box": "seconds and hertz of the box, and the share of the evidence in it; null without one",
    "parts": "what the score of the class is the sum of: what each part adds, by its name, what "
    "speaks against the class, and what it begins with; null where no parts were learned for it",
}

# By the quantities of the CSV file.
QUANTITIES: Final[dict[str, str]] = {
    "probability": "how probable the network finds the class, 0 to 1",
    "kept_energy_share": "share of the original's energy that the kept part holds",
    "gain": "what kept, rest and original are multiplied by in their files: 1 unless one of them "
    "would clip",
    "box_relevance_share": "share of the evidence for the class that lies in the box",
    "relevance_share": "share of the evidence for the class that lies from from_s to to_s and "
    "from from_hz to to_hz",
    "mask_mean": "how much of the sound is kept there, 0 to 1",
}
