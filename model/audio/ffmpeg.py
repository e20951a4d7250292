"""The decoder outside this process: ffmpeg, which knows almost everything.

ffmpeg runs as a program of its own. pydub would call it too, but it asks
ffprobe first, which the imageio-ffmpeg wheel does not bring, and it offers no
time limit, no cap on the output and no way to restrict what ffmpeg may open.
"""

import fcntl
import importlib
import os
import re
import shutil
import signal
import struct
import subprocess
import tempfile
import threading
import weakref
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Final

import numpy as np
import numpy.typing as npt

from model.audio.decoders import BLOCK_FRAMES, AudioError, AudioStream, not_audio
from model.constants import DECODER_TIMEOUT_SECONDS, MAX_SECONDS

# Containers that hold their own sound. Playlists (hls, concat, dash, ...) are
# left out on purpose: they make ffmpeg open other files of this machine.
FORMATS: Final = (
    "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dsf,dts,eac3,flac,flv,iff,matroska,mov,mp3,"
    "mpc,mpc8,mpeg,mpegts,ogg,tak,tta,voc,w64,wav,wv"
)

# What ffmpeg reports when a file breaks off (ISO media, Matroska, ADTS).
SIGNS_OF_DAMAGE: Final = ("partial file", "ended prematurely", "Packet corrupt")

# Half of left and half of right; ffmpeg on its own makes floats 3 dB louder.
MEAN_OF_CHANNELS: Final = "aresample=rematrix_maxval=1,aformat=channel_layouts=mono"

# Room between ffmpeg and the app: 3 s of stereo at 44.1 kHz, not 0.2 s as by default.
PIPE_BYTES: Final = 2**20

# So much of its messages is read; a damaged file can bring one for every frame.
MAX_MESSAGE_BYTES: Final = 2**20

# Characters from the end of its messages that are kept with an error.
DETAIL_CHARACTERS: Final = 4_000

# Sun/NeXT audio, the simplest format that states rate and channels and needs no
# length in advance: magic, data offset, data size, encoding, rate, channels.
AU_HEADER: Final = struct.Struct(">4s5I")


def find_ffmpeg() -> str | None:
    """Path of the system's ffmpeg, else of the imageio-ffmpeg wheel's, else None."""
    system = shutil.which("ffmpeg")
    if system is not None:
        return system
    try:
        wheel = importlib.import_module("imageio_ffmpeg")
        return str(wheel.get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        return None


@contextmanager
def open_ffmpeg(
    *pieces: bytes | memoryview,
    demuxer: str | None = None,
    sample_rate: int | None = None,
    mono: bool = False,
) -> Iterator[AudioStream]:
    """Open the default audio track of a file with ffmpeg.

    Parameters
    ----------
    *pieces : bytes
        The whole file, in one piece or in several that belong behind each other.
    demuxer : str, optional
        What ffmpeg calls the kind of file, where it should not guess.
    sample_rate : int, optional
        Hz to convert to, where the file changes on the way.
    mono : bool
        Whether to take the mean of the channels, where their number changes.

    Yields
    ------
    AudioStream
        Valid inside the ``with`` block, at the file's own rate and channels.
        Its blocks raise AudioError ``timeout`` when ffmpeg hangs.

    Raises
    ------
    AudioError
        ``no-decoder``, ``not-audio``, ``no-audio-track``, ``damaged`` or
        ``timeout``.
    """
    executable = find_ffmpeg()
    if executable is None:
        raise _no_ffmpeg("not found")
    with tempfile.TemporaryDirectory(prefix="earmark-") as folder:
        # A file and not a pipe: an M4A may keep its index at the end.
        source = Path(folder, "input")
        with source.open("wb") as file:
            file.writelines(pieces)
        options = {"-f": demuxer}, {"-ar": sample_rate, "-af": MEAN_OF_CHANNELS if mono else None}
        with _Decoder(executable, source, Path(folder, "messages"), *options) as decoder:
            stream = AudioStream(*decoder.read_header(), iter(()))
            stream.blocks = decoder.read_blocks(stream)
            yield stream


def stop_decoders() -> None:
    """End every ffmpeg that this process has running, as after Ctrl-C.

    Whoever waits for one of them gets what it has decoded so far, and cleans up behind it.
    """
    for decoder in list(_RUNNING):
        decoder.kill()


class _Decoder:
    """One run of ffmpeg, which always ends with its context."""

    def __init__(
        self,
        executable: str,
        source: Path,
        log: Path,
        input_options: Mapping[str, str | None],
        output_options: Mapping[str, str | int | None],
    ) -> None:
        self._command = [
            *(executable, "-nostdin", "-hide_banner", "-nostats", "-loglevel", "info"),
            *("-protocol_whitelist", "file", "-format_whitelist", FORMATS),
            # A second more than is used, so that a longer file can be told from a full one.
            *("-t", str(MAX_SECONDS + 1), *_given(input_options), "-i", f"file:{source}"),
            # Without -map ffmpeg takes the track that the file marks as its default.
            *("-vn", "-sn", "-dn", "-map_metadata", "-1"),
            *(*_given(output_options), "-c:a", "pcm_f32be", "-f", "au", "pipe:1"),
        ]
        self._log = log
        self._timed_out = threading.Event()
        self._resources = ExitStack()

    def __enter__(self) -> "_Decoder":
        with ExitStack() as stack:
            log = stack.enter_context(self._log.open("wb"))
            try:
                self._process = subprocess.Popen(
                    self._command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    # A process group of its own, so that a wrapper script's children end too.
                    start_new_session=True,
                )
            except OSError as error:
                raise _no_ffmpeg(str(error)) from error
            stack.callback(self._end)
            self._widen_pipe()
            _RUNNING.add(self)
            stack.callback(_RUNNING.discard, self)
            self._watchdog = threading.Timer(DECODER_TIMEOUT_SECONDS, self._stop_hanging)
            self._watchdog.daemon = True
            self._watchdog.start()
            stack.callback(self._watchdog.cancel)
            self._resources = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._resources.close()

    def read_header(self) -> tuple[int, int]:
        """Sample rate in Hz and number of channels of the audio track."""
        header = self._output.read(AU_HEADER.size)
        if len(header) < AU_HEADER.size or not header.startswith(b".snd"):
            self._wait()
            raise _refusal(self.messages())
        _, offset, _, _, sample_rate, channels = AU_HEADER.unpack(header)
        self._output.read(offset - AU_HEADER.size)
        return sample_rate, channels

    def read_blocks(self, stream: AudioStream) -> Iterator[npt.NDArray[np.float32]]:
        """Yield (frames, channels) float32 until ffmpeg ends."""
        frame_bytes = 4 * stream.channels
        while chunk := self._output.read(BLOCK_FRAMES * frame_bytes):
            whole = len(chunk) // frame_bytes * frame_bytes
            samples = np.frombuffer(chunk[:whole], dtype=">f4").astype(np.float32)
            yield samples.reshape(-1, stream.channels)
        self._wait()
        messages = self.messages()
        if any(sign in messages for sign in SIGNS_OF_DAMAGE):
            stream.incomplete = True
        stream.notes.extend(_note_on_tracks(messages))

    def messages(self) -> str:
        """Beginning of what ffmpeg wrote about the file."""
        with self._log.open("rb") as file:
            return file.read(MAX_MESSAGE_BYTES).decode(errors="replace")

    @property
    def _output(self) -> IO[bytes]:
        assert self._process.stdout is not None  # Popen was given PIPE
        return self._process.stdout

    def _wait(self) -> None:
        """Let ffmpeg finish its messages; the watchdog ends it if it does not."""
        self._process.wait()
        self._watchdog.cancel()
        if self._timed_out.is_set():
            raise AudioError(
                "timeout",
                f"Decoding this file took longer than {DECODER_TIMEOUT_SECONDS:g} s and was "
                "stopped. Save it again as WAV or MP3, or use a shorter piece.",
                self.messages()[-DETAIL_CHARACTERS:],
            )

    def _widen_pipe(self) -> None:
        """Let ffmpeg work ahead: on a busy machine each turn of two programs takes its time."""
        with suppress(AttributeError, OSError):  # known to Linux alone, and there is a limit
            fcntl.fcntl(self._output.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)

    def _stop_hanging(self) -> None:
        self._timed_out.set()
        self.kill()

    def kill(self) -> None:
        """End ffmpeg at once."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _end(self) -> None:
        if self._process.returncode is None:
            self.kill()
            self._process.wait()
        self._output.close()


def _given(options: Mapping[str, str | int | None]) -> list[str]:
    """Words of a command line for those options that have a value."""
    words = []
    for name, value in options.items():
        if value is not None:
            words += [name, str(value)]
    return words


def _note_on_tracks(messages: str) -> list[str]:
    """Tell which of several audio tracks was read."""
    about_input, _, mapping = messages.partition("Stream mapping:")
    tracks = re.findall(r"Stream #0:(\d+)\S*: Audio:", about_input)
    used = re.search(r"Stream #0:(\d+) -> #0:0", mapping)
    if len(tracks) < 2 or used is None or used[1] not in tracks:
        return []
    number = tracks.index(used[1]) + 1
    return [f"This file has {len(tracks)} audio tracks; number {number} was used."]


def _refusal(messages: str) -> AudioError:
    """Find the reason in ffmpeg's messages why there is no sound."""
    detail = messages[-DETAIL_CHARACTERS:]
    if "does not contain any stream" in messages:
        return AudioError(
            "no-audio-track",
            "This file has no audio track (a video without sound, perhaps). "
            "Choose a file with sound in it.",
            detail,
        )
    if "Input #0" in messages:
        return AudioError(
            "damaged",
            "The sound in this file cannot be decoded: it may be damaged or copy-protected. "
            "Try another copy, or save it again as WAV or MP3.",
            detail,
        )
    return not_audio(detail)


def _no_ffmpeg(detail: str) -> AudioError:
    return AudioError(
        "no-decoder",
        "Only WAV, FLAC, MP3, Ogg and Opus can be read here, because ffmpeg is not installed. "
        "Save the file as WAV or MP3, or install ffmpeg.",
        detail,
    )


_RUNNING: Final[weakref.WeakSet[_Decoder]] = weakref.WeakSet()
