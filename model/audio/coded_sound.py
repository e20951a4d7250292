"""Dolby Digital and DTS in the place of samples, as CDs and TV recorders store them.

Such a file states 16-bit stereo and plays as loud noise on what cannot decode it.
Frames are told by their sync words, in either order of bytes: the preamble of
IEC 61937-1 (section 6.1.7) before AC-3 and others, and the sync words of DTS in
words of 16 and of 14 bits (ETSI TS 102 114, section 5.3.1 and annex C).
"""

import re
from typing import Final

import numpy as np
import numpy.typing as npt

SYNC_WORDS: Final = re.compile(
    rb"\x72\xf8\x1f\x4e|\xf8\x72\x4e\x1f"  # IEC 61937
    rb"|\xfe\x7f\x01\x80|\x7f\xfe\x80\x01"  # DTS, 16 bits
    rb"|\xff\x1f\x00\xe8|\x1f\xff\xe8\x00"  # DTS, 14 bits
)

# The longest frames (E-AC-3) are 6144 samples apart; so many samples hold two of
# them, and music does not hold the same four bytes twice by chance.
SAMPLES_NEEDED: Final = 2 * 6_144
FRAMES_NEEDED: Final = 2


def is_coded_sound(samples: npt.NDArray[np.float32]) -> bool:
    """Whether what was read as samples are the frames of a surround format.

    Parameters
    ----------
    samples : ndarray, shape (frames, channels)
        The first `SAMPLES_NEEDED` that are not silent, or fewer; full scale is 1.
    """
    if samples.shape[1] != 2:
        return False
    with np.errstate(invalid="ignore"):  # there may be samples that are no numbers
        scaled = samples * np.float32(2**15)
    if not (np.abs(scaled) <= 2**15).all():
        return False
    whole = scaled.astype("<i4")
    if not (whole == scaled).all():
        return False
    raw = whole.astype("<i2").tobytes()
    found = [match.group() for match in SYNC_WORDS.finditer(raw) if match.start() % 2 == 0]
    return any(found.count(word) >= FRAMES_NEEDED for word in set(found))
