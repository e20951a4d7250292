"""Every number that more than one module relies on, in one place, with its unit.

The spectrogram constants are those of the pictures the network learned from;
changing one of them means training again.
"""

from typing import Final

# The one front end of training and app.
SAMPLE_RATE: Final = 22_050  # Hz
N_FFT: Final = 2_048  # samples, 93 ms
N_MELS: Final = 128  # bands, 0 Hz to SAMPLE_RATE / 2
DYNAMIC_RANGE_DB: Final = 80.0  # dB below the clip's own maximum
# The training pictures hold every 3.34th frame of a hop of 512 (387 of 1293 in
# 30 s), so the network sees 12.9 frames a second.
NETWORK_HOP: Final = 1_711  # samples, 77.6 ms
# The cells of the network's last map are four frames wide.
COLUMN_FRAMES: Final = 4
# What is shown and turned back into sound needs the overlap of a finer hop.
FINE_HOP: Final = 512  # samples, 23.2 ms

# The network learned from 30 s clips; one analysis looks at one such window.
WINDOW_SECONDS: Final = 30.0

GENRES: Final = (
    "blues",
    "classical",
    "country",
    "disco",
    "hiphop",
    "jazz",
    "metal",
    "pop",
    "reggae",
    "rock",
)

# What a foreign file may be.
MAX_UPLOAD_BYTES: Final = 25 * 2**20  # bytes
MAX_SECONDS: Final = 600.0  # s; a longer song is read up to here
MIN_SECONDS: Final = 3.0  # s
MIN_SAMPLE_RATE: Final = 8_000  # Hz
# PCM is sold at up to 768 kHz. DSD, decoded, has an eighth of its own rate: this is DSD512.
MAX_SAMPLE_RATE: Final = 2_822_400  # Hz
MAX_CHANNELS: Final = 8
DECODER_TIMEOUT_SECONDS: Final = 30.0  # s
