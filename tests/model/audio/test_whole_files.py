"""Files that are read whole, and called incomplete only if they are."""

import struct
from pathlib import Path

import numpy as np
import pytest

from model.audio import ffmpeg
from model.audio.clip import AudioError, decode
from model.audio.contents import Kind
from model.audio.decoders import open_soundfile
from model.audio.ogg_pages import read_ogg_pages
from model.audio.routes import ROUTES
from tests.model.audio.audio_files import (
    CONTAINERS,
    dsdiff,
    dsf,
    run_ffmpeg,
    seconds_by_ffmpeg,
    soundfile_bytes,
    tone,
)

SAMPLES = Path(__file__).parents[3] / "assets" / "samples"

# What ffmpeg cannot write into a pipe
NEED_A_FILE = {"m4a", "m4a with ALAC"}


# What ffmpeg has written, by its options.
WRITTEN: dict[tuple, bytes] = {}


def excerpt(folder: Path, *options: str, name: str = "rock", seconds: float = 4, **how) -> bytes:
    """Return so much of a sample as ffmpeg writes it, stereo at 44.1 kHz unless told otherwise.

    The same options need ffmpeg once.
    """
    source = ("-i", str(SAMPLES / f"{name}.ogg"), "-t", str(seconds), "-map_metadata", "-1")
    command = (*source, "-ac", "2", "-ar", "44100", *options, *how.items())
    if command not in WRITTEN:
        WRITTEN[command] = run_ffmpeg(folder, *source, "-ac", "2", "-ar", "44100", *options, **how)
    return WRITTEN[command]


def mp3(folder: Path, *options: str, name: str = "rock", seconds: float = 4) -> bytes:
    """Return bare frames, without tags and without a Xing header."""
    plain = ("-c:a", "libmp3lame", "-write_xing", "0", "-id3v2_version", "0", "-f", "mp3")
    return excerpt(folder, *plain, *options, name=name, seconds=seconds)


def id3(size: int) -> bytes:
    """Return an ID3v2 tag with a picture of this size, full of what looks like frames."""
    content = (b"APIC\0\0\0\0\0\0" + b"\xff\xfb\x90\x64" * size)[:size]
    digits = bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + digits + content


def earlier_pages(data: bytes, first: int, samples: int) -> bytes:
    """Return an Ogg file in which the times of all pages from one on are earlier."""
    changed, offset = [], 0
    for number, page in enumerate(data.split(b"OggS")[1:]):
        whole = bytearray(b"OggS" + page)
        if number >= first:
            (time,) = struct.unpack_from("<q", whole, 6)
            struct.pack_into("<q", whole, 6, time - samples)
            struct.pack_into("<I", whole, 22, 0)
            struct.pack_into("<I", whole, 22, ogg_checksum(whole))
        changed.append(bytes(whole))
        offset += len(whole)
    assert offset == len(data)
    return b"".join(changed)


def ogg_checksum(page: bytes | bytearray) -> int:
    """Return the checksum of a page whose own is 0 (RFC 3533, section 6)."""
    checksum = 0
    for byte in page:
        checksum ^= byte << 24
        for _ in range(8):
            checksum = (checksum << 1) ^ (0x104C11DB7 if checksum & 0x80000000 else 0)
    return checksum


def loudness(waveform: np.ndarray) -> np.ndarray:
    """Return the level of every half second in dB."""
    halves = waveform[: len(waveform) // 11_025 * 11_025].reshape(-1, 11_025)
    return 20 * np.log10(np.sqrt(np.mean(np.square(halves, dtype=np.float64), axis=1)) + 1e-9)


class TestEveryContainer:
    @pytest.mark.parametrize("container", CONTAINERS)
    def test_as_long_as_ffmpeg_finds_it_and_complete(self, container: str, tmp_path: Path) -> None:
        data = excerpt(tmp_path, *CONTAINERS[container])
        clip = decode(data)
        assert clip.seconds == pytest.approx(seconds_by_ffmpeg(data, tmp_path), abs=0.05)
        assert clip.seconds == pytest.approx(4.0, abs=0.1)
        assert clip.notes == ()

    @pytest.mark.parametrize("container", sorted(CONTAINERS.keys() - NEED_A_FILE))
    def test_written_into_a_pipe(self, container: str, tmp_path: Path) -> None:
        clip = decode(excerpt(tmp_path, *CONTAINERS[container], piped=True))
        assert clip.seconds == pytest.approx(4.0, abs=0.1)
        assert clip.notes == ()

    @pytest.mark.parametrize("container", ["wav", "w64", "aiff", "caf", "mp3", "mp2", "ogg"])
    def test_cut_is_noticed(self, container: str, tmp_path: Path) -> None:
        data = excerpt(tmp_path, *CONTAINERS[container], seconds=8)
        clip = decode(data[: len(data) * 5 // 8])
        assert 3.5 < clip.seconds < 6.0
        assert "incomplete" in clip.notes[0]


class TestMp3:
    def test_joined(self, tmp_path: Path) -> None:
        first = excerpt(tmp_path, *CONTAINERS["mp3"])
        second = excerpt(tmp_path, *CONTAINERS["mp3"], name="jazz")
        clip = decode(first + second)
        assert clip.seconds == pytest.approx(seconds_by_ffmpeg(first + second, tmp_path), abs=0.05)
        assert clip.seconds == pytest.approx(8.1, abs=0.05)
        assert clip.notes == ()
        alone = loudness(decode(second).waveform)[1:6]
        np.testing.assert_allclose(loudness(clip.waveform)[9:14], alone, atol=1.5)

    def test_joined_with_pictures_between(self, tmp_path: Path) -> None:
        frames = mp3(tmp_path, "-b:a", "128k")
        cover = id3(60_000)
        partly = frames[: len(frames) - 300]  # a recorder of radio stops inside a frame
        clip = decode(cover + partly + cover + frames + b"TAG" + bytes(125))
        assert clip.seconds == pytest.approx(8.1, abs=0.1)
        assert clip.notes == ()

    @pytest.mark.parametrize("name", ["rock", "classical"])
    def test_variable_rate_without_xing(self, name: str, tmp_path: Path) -> None:
        clip = decode(mp3(tmp_path, "-q:a", "6", name=name, seconds=9))
        assert clip.seconds == pytest.approx(9.04, abs=0.05)
        assert clip.notes == ()

    def test_constant_rate_without_xing_behind_a_large_and_a_second_tag(
        self, tmp_path: Path
    ) -> None:
        clip = decode(id3(200_000) + id3(5_000) + mp3(tmp_path, "-b:a", "96k"))
        assert clip.seconds == pytest.approx(4.05, abs=0.05)
        assert clip.notes == ()

    def test_rate_and_channels_that_change(self, tmp_path: Path) -> None:
        mono = mp3(tmp_path, "-ac", "1", "-ar", "22050", "-b:a", "64k", seconds=2)
        stereo = mp3(tmp_path, "-b:a", "128k", name="jazz")
        low = mp3(tmp_path, "-ac", "1", "-ar", "11025", "-b:a", "24k", seconds=3)
        clip = decode(mono + stereo + low)
        assert clip.seconds == pytest.approx(9.2, abs=0.15)
        assert clip.notes == ()
        # No part is louder or softer for it.
        whole = loudness(clip.waveform)
        np.testing.assert_allclose(whole[5:11], loudness(decode(stereo).waveform)[1:7], atol=2)
        np.testing.assert_allclose(whole[1:3], loudness(decode(low).waveform)[1:3], atol=2)

    def test_cut_with_and_without_xing(self, tmp_path: Path) -> None:
        for data in (mp3(tmp_path, seconds=8), excerpt(tmp_path, *CONTAINERS["mp3"], seconds=8)):
            assert "incomplete" in decode(data[: len(data) // 2 + 100]).notes[0]

    def test_a_hole(self, tmp_path: Path) -> None:
        data = mp3(tmp_path, "-b:a", "128k", seconds=8)
        clip = decode(data[:40_000] + bytes(20_000) + data[60_000:])
        assert clip.seconds == pytest.approx(6.8, abs=0.15)
        assert "incomplete" in clip.notes[0]

    def test_junk_before_and_behind(self, tmp_path: Path) -> None:
        junk = np.random.default_rng(0).bytes(20_000)
        clip = decode(junk + mp3(tmp_path, "-b:a", "128k") + junk)
        assert clip.seconds == pytest.approx(4.05, abs=0.1)


class TestOgg:
    @pytest.mark.parametrize("codec", ["ogg", "opus", "ogg with FLAC"])
    def test_chained(self, codec: str, tmp_path: Path) -> None:
        first = excerpt(tmp_path, *CONTAINERS[codec])
        second = excerpt(tmp_path, *CONTAINERS[codec], name="jazz")
        clip = decode(first + second)
        assert clip.seconds == pytest.approx(8.0, abs=0.05)
        assert clip.notes == ()
        np.testing.assert_allclose(
            loudness(clip.waveform)[9:15], loudness(decode(second).waveform)[1:7], atol=1
        )

    def test_links_of_another_rate_channels_and_codec(self, tmp_path: Path) -> None:
        links = (
            excerpt(tmp_path, *CONTAINERS["ogg"], "-ac", "1", "-ar", "22050"),
            excerpt(tmp_path, *CONTAINERS["ogg"], name="jazz"),
            excerpt(tmp_path, *CONTAINERS["opus"], name="classical"),
        )
        clip = decode(b"".join(links))
        assert clip.seconds == pytest.approx(12.0, abs=0.05)
        assert clip.notes == ()
        for number, link in enumerate(links):
            part = loudness(clip.waveform)[8 * number + 1 : 8 * number + 7]
            np.testing.assert_allclose(part, loudness(decode(link).waveform)[1:7], atol=0.5)

    def test_a_chain_that_is_cut_or_damaged(self, tmp_path: Path) -> None:
        link = excerpt(tmp_path, *CONTAINERS["ogg"])
        cut = decode(link + link[: len(link) // 2])
        assert 5 < cut.seconds < 7
        assert "incomplete" in cut.notes[0]
        damaged = decode(link + link[:60] + bytes(4_000) + link[4_060:] + link)
        assert damaged.seconds == pytest.approx(8.0, abs=0.05)
        assert "incomplete" in damaged.notes[0]

    def test_page_times_closer_together_than_their_sound(self, tmp_path: Path) -> None:
        """Soundfile gives up there, and ffmpeg reads on, alone and as a link of a chain."""
        options = (*CONTAINERS["opus"], "-b:a", "24k")
        whole = excerpt(tmp_path, *options, name="jazz", seconds=6)
        odd = earlier_pages(whole, 3, 480)
        with open_soundfile(odd) as alone:
            assert sum(map(len, alone.blocks)) / alone.sample_rate < 3
            assert alone.incomplete
        clip = decode(odd)
        assert clip.seconds == pytest.approx(seconds_by_ffmpeg(odd, tmp_path), abs=0.05)
        assert clip.notes == ()
        # Nothing is lost, doubled or out of place where ffmpeg takes over.
        expected = decode(whole).waveform
        shared = slice(0, min(len(expected), len(clip.waveform)))
        error = clip.waveform[shared] - expected[shared]
        assert np.sqrt(np.mean(error**2)) < 0.02 * np.sqrt(np.mean(expected**2))
        chain = decode(whole + odd + whole)
        assert chain.seconds == pytest.approx(18.0, abs=0.05)
        assert chain.notes == ()
        # A file that breaks off behind that place is still called incomplete.
        cut = decode(odd[: len(odd) * 7 // 8])
        assert "incomplete" in cut.notes[0]

    def test_what_ffmpeg_cannot_read_on_stays_incomplete(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        data = excerpt(tmp_path, *CONTAINERS["opus"], "-b:a", "24k", name="jazz", seconds=6)
        odd = earlier_pages(data, 5, 480)
        monkeypatch.setattr(ffmpeg, "find_ffmpeg", lambda: None)
        clip = decode(odd)
        assert 3 < clip.seconds < 5
        assert "incomplete" in clip.notes[0]

    def test_streams_are_counted(self, tmp_path: Path) -> None:
        link = excerpt(tmp_path, *CONTAINERS["ogg"], seconds=1)
        assert read_ogg_pages(link * 3).links == (0, len(link), 2 * len(link))
        assert read_ogg_pages(b"OggS" * 100).links == ()


class TestTagsBeforeOthers:
    @pytest.mark.parametrize("container", ["wav", "aiff", "flac", "ogg", "m4a", "aac"])
    def test_id3_before(self, container: str, tmp_path: Path) -> None:
        clip = decode(id3(3_000) + excerpt(tmp_path, *CONTAINERS[container]))
        assert clip.seconds == pytest.approx(4.0, abs=0.1)
        assert clip.notes == ()


class TestSurroundInPlaceOfSamples:
    @staticmethod
    def coded(folder: Path, codec: str) -> np.ndarray:
        """Return frames as 16-bit stereo samples."""
        options = {
            "ac3": ("-c:a", "ac3", "-ar", "48000", "-f", "spdif"),
            "dts": ("-c:a", "dca", "-strict", "-2", "-ar", "48000", "-f", "spdif"),
        }[codec]
        frames = np.frombuffer(excerpt(folder, *options), "<i2")
        return frames[: len(frames) // 2 * 2].reshape(-1, 2)

    @pytest.mark.parametrize("codec", ["ac3", "dts"])
    @pytest.mark.parametrize("silence", [0, 48_000], ids=["at once", "after silence"])
    def test_in_a_wav_it_is_decoded_or_refused(
        self, silence: int, codec: str, tmp_path: Path
    ) -> None:
        samples = np.concatenate([np.zeros((silence, 2), "<i2"), self.coded(tmp_path, codec)])
        try:
            clip = decode(soundfile_bytes(samples, 48_000))
        except AudioError as error:
            assert error.code == "surround"
            assert "stereo WAV" in str(error)
        else:
            music = loudness(decode(excerpt(tmp_path, *CONTAINERS["wav"])).waveform)[1:7]
            np.testing.assert_allclose(loudness(clip.waveform)[1:7], music, atol=2)

    def test_in_a_flac_it_is_refused(self, tmp_path: Path) -> None:
        flac = soundfile_bytes(self.coded(tmp_path, "ac3"), 48_000, "FLAC")
        with pytest.raises(AudioError, match="Dolby Digital") as caught:
            decode(flac)
        assert caught.value.code == "surround"


class TestHighRates:
    @pytest.mark.parametrize("rate", [352_800, 384_000, 705_600, 768_000])
    def test_pcm(self, rate: int) -> None:
        clip = decode(soundfile_bytes(tone(sample_rate=rate), rate))
        assert clip.seconds == pytest.approx(4.0, abs=1e-3)
        assert clip.notes == ()

    @pytest.mark.parametrize("write", [dsf, dsdiff])
    def test_dsd(self, write) -> None:
        rate = 64 * 44_100
        clip = decode(write(tone(3.5, rate), rate))
        assert clip.seconds == pytest.approx(3.5, abs=0.01)
        spectrum = np.abs(np.fft.rfft(clip.waveform * np.hanning(len(clip.waveform))))
        assert spectrum.argmax() / clip.seconds == pytest.approx(440, abs=0.5)
        assert np.sqrt(2 * np.mean(clip.waveform**2)) == pytest.approx(0.5, rel=0.02)


class TestFaults:
    """The files with which the faults were found, where they are at hand."""

    FAULTS = Path(__file__).parents[4] / "shared" / "faults"

    @pytest.mark.parametrize(
        ("name", "seconds"),
        [
            ("joined.mp3", 8.1),
            ("vbr_no_xing.mp3", 10.03),
            ("vbr_quiet_first.mp3", 9.04),
            ("big_id3_no_xing.mp3", 4.05),
            ("format_change.mp3", 6.1),
            ("chained.ogg", 8.0),
            ("pipe.wav", 4.0),
        ],
    )
    def test_read_whole_without_a_note(self, name: str, seconds: float) -> None:
        path = self.FAULTS / name
        if not path.exists():
            pytest.skip(f"{name} is not here")
        clip = decode(path.read_bytes())
        assert clip.seconds == pytest.approx(seconds, abs=0.05)
        assert clip.notes == ()


def test_every_kind_has_a_route_with_its_reason() -> None:
    assert set(ROUTES) == set(Kind)
    assert all(route.why.endswith(".") for route in ROUTES.values())
