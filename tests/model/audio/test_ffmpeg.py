"""The outside decoder: what it reads, what it must not read, and that it never stays behind."""

import tempfile
import time
from pathlib import Path

import numpy as np
import pytest

from model.audio import decoders as decoding
from model.audio import ffmpeg, mixdown
from model.audio.clip import AudioError, decode
from model.constants import SAMPLE_RATE
from tests.model.audio.audio_files import encoded, run_ffmpeg, soundfile_bytes, tone

# What a decoder sends first, as printf writes it: 24 bytes, float32, 44.1 kHz, mono.
AU_HEADER = r".snd\0\0\0\030\377\377\377\377\0\0\0\006\0\0\254\104\0\0\0\001"


@pytest.fixture
def temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder, empty now, in which all temporary files are made."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def fake_decoder(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a shell script in the place of ffmpeg."""
    executable = folder / "ffmpeg"
    executable.write_text(f"#!/bin/sh\n{script}\n")
    executable.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def code_of(data: bytes) -> str:
    with pytest.raises(AudioError) as caught:
        decode(data)
    return caught.value.code


def video(folder: Path, *options: str) -> bytes:
    """Return 4 s of a small moving picture."""
    picture = ("-f", "lavfi", "-i", "testsrc=duration=4:size=64x48:rate=5")
    return run_ffmpeg(folder, *picture, *options)


class TestVideo:
    @pytest.mark.parametrize(
        "codecs",
        [
            ("-c:v", "mpeg4", "-c:a", "aac", "-f", "mp4"),
            ("-c:v", "libvpx", "-c:a", "libopus", "-f", "webm"),
        ],
        ids=["mp4", "webm"],
    )
    def test_sound_of_a_video(self, codecs: tuple[str, ...], tmp_path: Path) -> None:
        sound = ("-f", "lavfi", "-i", "sine=frequency=440:duration=4")
        clip = decode(video(tmp_path, *sound, *codecs))
        assert clip.seconds == pytest.approx(4.0, abs=0.05)
        spectrum = np.abs(np.fft.rfft(clip.waveform))
        assert spectrum.argmax() / clip.seconds == pytest.approx(440.0, abs=0.5)

    @pytest.mark.parametrize(("default", "frequency"), [(0, 440.0), (1, 880.0)])
    def test_the_default_of_two_tracks(
        self, default: int, frequency: float, tmp_path: Path
    ) -> None:
        options: list[str] = []
        for pitch in (440, 880):
            options += ["-f", "lavfi", "-i", f"sine=frequency={pitch}:duration=4"]
        options += ["-map", "0", "-map", "1"]
        options += [f"-disposition:a:{default}", "default", f"-disposition:a:{1 - default}", "0"]
        clip = decode(run_ffmpeg(tmp_path, *options, "-f", "matroska"))
        spectrum = np.abs(np.fft.rfft(clip.waveform))
        assert spectrum.argmax() / clip.seconds == pytest.approx(frequency, abs=0.5)
        assert clip.notes == (f"This file has 2 audio tracks; number {default + 1} was used.",)

    def test_video_without_sound(self, tmp_path: Path) -> None:
        assert code_of(video(tmp_path, "-c:v", "mpeg4", "-f", "mp4")) == "no-audio-track"


class TestPlaylists:
    """A playlist must not make the server read its own files out to a stranger."""

    @pytest.fixture
    def secret(self, tmp_path: Path) -> Path:
        path = tmp_path / "secret.ts"
        source = ("-f", "lavfi", "-i", "sine=frequency=440:duration=4")
        path.write_bytes(run_ffmpeg(tmp_path, *source, "-c:a", "aac", "-f", "mpegts"))
        return path

    @pytest.mark.parametrize(
        "playlist",
        [
            "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:4,\n{path}\n#EXT-X-ENDLIST\n",
            "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:4,\nfile://{path}\n#EXT-X-ENDLIST\n",
            "ffconcat version 1.0\nfile {path}\n",
            "ffconcat version 1.0\nfile concat:{path}\n",
            "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n",
            "{path}",
            "file:{path}\n",
        ],
        ids=["hls", "hls file", "concat", "concat protocol", "sdp", "path", "url"],
    )
    def test_refused(self, playlist: str, secret: Path) -> None:
        assert code_of(playlist.format(path=secret).encode()) == "not-audio"

    def test_a_list_that_ffmpeg_itself_follows(
        self, secret: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """ffmpeg reads a neighbour that a list names, so put one beside the input."""
        playlist = b"ffconcat version 1.0\nfile secret.ts\n"
        (tmp_path / "list").write_bytes(playlist)
        leak = run_ffmpeg(tmp_path, "-i", str(tmp_path / "list"), "-f", "wav")
        assert len(leak) > 100_000  # without protection it works

        def beside_the_secret(*_: object, **__: object) -> str:
            folder = tmp_path / "private"
            folder.mkdir()
            secret.rename(folder / "secret.ts")
            return str(folder)

        monkeypatch.setattr(tempfile, "mkdtemp", beside_the_secret)
        assert code_of(playlist) == "not-audio"
        assert not (tmp_path / "private").exists()


class TestNothingStaysBehind:
    def test_after_success(self, temporary_folder: Path, tmp_path: Path) -> None:
        decode(encoded("m4a", tone(), tmp_path))
        assert list(temporary_folder.iterdir()) == []

    @pytest.mark.parametrize("data", [b"no music", b"RIFF" + bytes(2000)])
    def test_after_failure(self, data: bytes, temporary_folder: Path) -> None:
        code_of(data)
        assert list(temporary_folder.iterdir()) == []

    def test_after_a_refused_header(self, temporary_folder: Path, tmp_path: Path) -> None:
        options = ("-f", "lavfi", "-i", "sine=duration=4:sample_rate=4000")
        data = run_ffmpeg(tmp_path, *options, "-c:a", "pcm_s16le", "-f", "matroska")
        assert code_of(data) == "sample-rate"
        assert list(temporary_folder.iterdir()) == []

    @pytest.mark.parametrize(
        "script",
        [
            "sleep 60",
            "yes",
            f"printf '{AU_HEADER}'; sleep 60",
            f"printf '{AU_HEADER}'; cat /dev/zero",
        ],
        ids=["silent", "nonsense", "after its header", "endless"],
    )
    def test_a_hanging_decoder_is_stopped(
        self, script: str, temporary_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fake_decoder(tmp_path, script, monkeypatch)
        monkeypatch.setattr(ffmpeg, "DECODER_TIMEOUT_SECONDS", 0.3)
        monkeypatch.setattr(mixdown, "MAX_SECONDS", 1e9)
        start = time.monotonic()
        assert code_of(b"anything") == "timeout"
        assert time.monotonic() - start < 30
        assert list(temporary_folder.iterdir()) == []

    def test_children_of_a_hanging_decoder_are_stopped(
        self, temporary_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        survivor = tmp_path / "survivor"
        fake_decoder(tmp_path, f"(sleep 1; touch {survivor}) & wait", monkeypatch)
        monkeypatch.setattr(ffmpeg, "DECODER_TIMEOUT_SECONDS", 0.2)
        assert code_of(b"anything") == "timeout"
        time.sleep(1.2)
        assert not survivor.exists()


class TestFindFfmpeg:
    def test_the_system_comes_first(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        fake_decoder(tmp_path, "exit 1", monkeypatch)
        assert ffmpeg.find_ffmpeg() == str(tmp_path / "ffmpeg")

    def test_then_the_wheel(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        found = ffmpeg.find_ffmpeg()
        assert found is not None
        assert "imageio_ffmpeg" in found


class TestMissingDecoders:
    """Some machines lack one decoder, or both."""

    @pytest.fixture
    def no_ffmpeg(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ffmpeg, "find_ffmpeg", lambda: None)

    @pytest.fixture
    def no_soundfile(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def missing() -> None:
            raise AudioError("no-decoder", "No audio decoder is installed here. Install one.")

        monkeypatch.setattr(decoding, "_import_soundfile", missing)

    @pytest.mark.usefixtures("no_ffmpeg")
    def test_without_ffmpeg(self, tmp_path: Path) -> None:
        assert decode(soundfile_bytes(tone())).seconds == 4.0
        with pytest.raises(AudioError, match="install ffmpeg") as caught:
            decode(b"whatever this is")
        assert caught.value.code == "no-decoder"

    @pytest.mark.usefixtures("no_soundfile")
    @pytest.mark.parametrize("format_name", ["wav", "flac", "mp3", "ogg"])
    def test_ffmpeg_stands_in_for_soundfile(self, format_name: str, tmp_path: Path) -> None:
        clip = decode(encoded(format_name, tone(), tmp_path))
        assert clip.seconds == pytest.approx(4.0, abs=0.1)
        assert len(clip.waveform) == pytest.approx(4 * SAMPLE_RATE, rel=0.02)

    @pytest.mark.usefixtures("no_ffmpeg", "no_soundfile")
    def test_neither(self) -> None:
        with pytest.raises(AudioError, match="No audio decoder is installed") as caught:
            decode(soundfile_bytes(tone()))
        assert caught.value.code == "no-decoder"

    def test_ffmpeg_that_cannot_run(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        broken = tmp_path / "ffmpeg"
        broken.write_bytes(b"\x7fELF broken")
        broken.chmod(0o755)
        monkeypatch.setattr(ffmpeg, "find_ffmpeg", lambda: str(broken))
        assert code_of(b"whatever this is") == "no-decoder"

    def test_what_ffmpeg_said_is_kept_but_not_shown(self) -> None:
        with pytest.raises(AudioError) as caught:
            decode(b"RIFF" + bytes(2000))
        assert "Invalid data" in caught.value.detail
        assert "Invalid data" not in str(caught.value)
