"""The second decoder: ffmpeg, for M4A, WebM and whatever soundfile cannot read.

ffmpeg runs as a program of its own. pydub would call it too, but it asks
ffprobe first, which the imageio-ffmpeg wheel does not bring, and it offers no
time limit, no cap on the output and no way to restrict what ffmpeg may open.
"""

import importlib
import os
import shutil
import signal
import struct
import subprocess
import tempfile
import threading
import weakref
from collections.abc import Iterator
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
    "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dsf,dts,eac3,flac,flv,matroska,mov,mp3,"
    "mpc,mpc8,mpeg,mpegts,ogg,tak,tta,voc,w64,wav,wv"
)

# What ffmpeg reports when a file breaks off (ISO media, Matroska, ADTS).
SIGNS_OF_DAMAGE: Final = ("partial file", "ended prematurely", "Packet corrupt")

# So much of the end of its messages is kept with an error.
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
def open_ffmpeg(data: bytes) -> Iterator[AudioStream]:
    """Open the first audio track of a file with ffmpeg.

    Parameters
    ----------
    data : bytes
        The whole file.

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
        source.write_bytes(data)
        with _Decoder(executable, source, Path(folder, "messages")) as decoder:
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
    """One run of ffmpeg that is never left behind."""

    def __init__(self, executable: str, source: Path, log: Path) -> None:
        self._command = [
            *(executable, "-nostdin", "-hide_banner", "-nostats", "-loglevel", "info"),
            *("-protocol_whitelist", "file", "-format_whitelist", FORMATS),
            # A second more than is used, so that a longer file can be told from a full one.
            *("-t", str(MAX_SECONDS + 1), "-i", f"file:{source}"),
            *("-map", "0:a:0", "-vn", "-map_metadata", "-1"),
            *("-c:a", "pcm_f32be", "-f", "au", "pipe:1"),
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
        stream.incomplete = any(sign in messages for sign in SIGNS_OF_DAMAGE)

    def messages(self) -> str:
        """Return what ffmpeg wrote about the file."""
        return self._log.read_text(errors="replace")

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


def _refusal(messages: str) -> AudioError:
    """Tell from its messages why ffmpeg gave no sound."""
    detail = messages[-DETAIL_CHARACTERS:]
    if "matches no streams" in messages:
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
