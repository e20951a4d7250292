"""What comes out of good files, and that every limit has its own clear message."""

import hashlib
import io
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from model.audio import clip as audio
from model.audio import decoders as decoding
from model.audio import mixdown
from model.audio.clip import AudioError, Clip, decode, encode_wav
from model.constants import (
    MAX_CHANNELS,
    MAX_SAMPLE_RATE,
    MAX_SECONDS,
    MAX_UPLOAD_BYTES,
    MIN_SAMPLE_RATE,
    MIN_SECONDS,
    SAMPLE_RATE,
)
from tests.model.audio.audio_files import (
    FFMPEG_FORMATS,
    SOUNDFILE_FORMATS,
    encoded,
    run_ffmpeg,
    soundfile_bytes,
    tone,
)

ALL_FORMATS = (*SOUNDFILE_FORMATS, *FFMPEG_FORMATS)
LOSSLESS = ("wav", "flac")

# Words with which a message tells what to do.
ADVICE = ("Choose", "Use", "Save", "Record", "Export", "Try", "Check", "Install", "or record")
# Words that only a programmer understands.
JARGON = ("Error", "Exception", "errno", "libsndfile", "Traceback", "object at", "rc ", "0x")


def refusal(data: bytes) -> AudioError:
    """Decode a bad file, check that its message serves a user, and return the error."""
    with pytest.raises(AudioError) as caught:
        decode(data, "song.mp3")
    message = str(caught.value)
    assert any(word in message for word in ADVICE), message
    assert not any(word in message for word in JARGON), message
    assert message.endswith(".")
    return caught.value


def strongest_frequency(waveform: np.ndarray) -> float:
    """Return the frequency of the strongest bin, in Hz."""
    spectrum = np.abs(np.fft.rfft(waveform * np.hanning(len(waveform))))
    return float(spectrum.argmax() * SAMPLE_RATE / len(waveform))


def rms(waveform: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(waveform, dtype=np.float64))))


def with_field(wav: bytes, offset: int, layout: str, value: int) -> bytes:
    """Return the WAV file with one field of its header overwritten."""
    changed = bytearray(wav)
    struct.pack_into(layout, changed, offset, value)
    return bytes(changed)


def with_flac_length(flac: bytes, frames: int) -> bytes:
    """Return the FLAC file with another total in its header (the 36 low bits at byte 18)."""
    packed = int.from_bytes(flac[18:26], "big") >> 36 << 36 | frames
    return flac[:18] + packed.to_bytes(8, "big") + flac[26:]


class TestGoodFiles:
    @pytest.mark.parametrize("format_name", ALL_FORMATS)
    def test_tone_keeps_pitch_level_and_length(self, format_name: str, tmp_path: Path) -> None:
        rate = 48_000 if format_name == "opus" else 44_100
        stereo = np.stack([tone(sample_rate=rate)] * 2, axis=1)
        clip = decode(encoded(format_name, stereo, tmp_path), "tone")

        assert clip.waveform.dtype == np.float32
        assert clip.waveform.ndim == 1
        # Raw AAC has no field for the encoder's delay, so it comes out longer.
        assert clip.seconds == pytest.approx(4.0, abs=1e-4 if format_name != "aac" else 0.1)
        assert strongest_frequency(clip.waveform) == pytest.approx(440.0, abs=0.5)
        middle = clip.waveform[SAMPLE_RATE : 3 * SAMPLE_RATE]
        tolerance = 1e-4 if format_name in LOSSLESS else 0.02
        assert rms(middle) == pytest.approx(0.5 / np.sqrt(2), rel=tolerance)
        assert clip.notes == ()

    @pytest.mark.parametrize("format_name", SOUNDFILE_FORMATS)
    @pytest.mark.parametrize("sound", ["tone", "noise"])
    def test_blocks_join_without_a_seam(self, sound: str, format_name: str, tmp_path: Path) -> None:
        mono = tone(8.0) if sound == "tone" else noise(8.0)
        data = encoded(format_name, np.stack([mono, mono], axis=1), tmp_path)
        at_once, _ = soundfile.read(io.BytesIO(data), dtype="float32")
        with decoding.open_soundfile(data) as stream:
            joined = np.concatenate(list(stream.blocks))
        np.testing.assert_array_equal(joined, at_once)

    @pytest.mark.parametrize(
        "rate",
        [MIN_SAMPLE_RATE, 11_025, 16_000, 22_050, 32_000, 48_000, 96_000, 384_000, 768_000],
    )
    def test_any_sample_rate(self, rate: int) -> None:
        clip = decode(soundfile_bytes(tone(sample_rate=rate), rate))
        assert len(clip.waveform) == pytest.approx(4 * SAMPLE_RATE, abs=1)
        middle = clip.waveform[SAMPLE_RATE : 3 * SAMPLE_RATE]
        expected = tone(sample_rate=SAMPLE_RATE)[SAMPLE_RATE : 3 * SAMPLE_RATE]
        np.testing.assert_allclose(middle, expected, atol=1e-4)

    @pytest.mark.parametrize(
        ("subtype", "tolerance"),
        [("PCM_U8", 2**-7), ("PCM_16", 2**-15), ("PCM_24", 2**-22), ("FLOAT", 0), ("DOUBLE", 0)],
    )
    def test_sample_formats(self, subtype: str, tolerance: float) -> None:
        expected = tone(sample_rate=SAMPLE_RATE)
        clip = decode(soundfile_bytes(expected, SAMPLE_RATE, "WAV", subtype))
        np.testing.assert_allclose(clip.waveform, expected, rtol=0, atol=tolerance)

    def test_frequencies_above_the_new_limit_do_not_fold_back(self) -> None:
        high = tone(sample_rate=44_100, frequency=15_000.0)
        clip = decode(soundfile_bytes(high))
        assert rms(clip.waveform[SAMPLE_RATE : 3 * SAMPLE_RATE]) < 1e-4

    def test_stereo_becomes_the_mean(self) -> None:
        left, right = tone(sample_rate=SAMPLE_RATE), tone(sample_rate=SAMPLE_RATE, frequency=660)
        clip = decode(soundfile_bytes(np.stack([left, right], 1), SAMPLE_RATE, subtype="FLOAT"))
        np.testing.assert_allclose(clip.waveform, (left + right) / 2, atol=1e-6)

    @pytest.mark.parametrize("residue", [0.0, 0.005])
    def test_opposite_channels_do_not_cancel(self, residue: float) -> None:
        left, right = tone(level=0.25), -tone(level=0.5) * 0.5 * (1 - residue)
        clip = decode(soundfile_bytes(np.stack([left, right], 1), subtype="FLOAT"))
        assert rms(clip.waveform) == pytest.approx(0.25 / np.sqrt(2), rel=0.01)
        assert "cancel" in clip.notes[0]

    def test_the_loudest_of_opposite_channels_is_used(self) -> None:
        noise = np.random.default_rng(0).normal(0, 0.1, 4 * SAMPLE_RATE).astype(np.float32)
        channels = np.stack([noise * 0.5, noise * 0.5, -noise], axis=1)
        clip = decode(soundfile_bytes(channels, SAMPLE_RATE, subtype="FLOAT"))
        np.testing.assert_allclose(clip.waveform, -noise, atol=1e-6)

    def test_sound_in_one_of_eight_channels_is_no_cancellation(self) -> None:
        channels = np.zeros((4 * SAMPLE_RATE, MAX_CHANNELS), np.float32)
        channels[:, 3] = tone(sample_rate=SAMPLE_RATE)
        clip = decode(soundfile_bytes(channels, SAMPLE_RATE, subtype="FLOAT"))
        assert clip.notes == ()
        np.testing.assert_allclose(clip.waveform, channels[:, 3] / MAX_CHANNELS, atol=1e-6)

    @pytest.mark.parametrize("format_name", ["wav", "mp3", "m4a"])
    def test_the_name_does_not_matter(self, format_name: str, tmp_path: Path) -> None:
        data = encoded(format_name, tone(), tmp_path)
        first, second = decode(data, "a.txt"), decode(data, "b.flac")
        np.testing.assert_array_equal(first.waveform, second.waveform)
        assert (first.name, second.name) == ("a.txt", "b.flac")

    def test_hash_of_the_bytes(self) -> None:
        data = soundfile_bytes(tone())
        assert decode(data).sha256 == hashlib.sha256(data).hexdigest()

    @pytest.mark.parametrize("format_name", ["mp3", "webm"])
    def test_deterministic(self, format_name: str, tmp_path: Path) -> None:
        data = encoded(format_name, tone(), tmp_path)
        np.testing.assert_array_equal(decode(data).waveform, decode(data).waveform)

    def test_waveform_cannot_be_changed(self) -> None:
        clip = decode(soundfile_bytes(tone()))
        with pytest.raises(ValueError, match="read-only"):
            clip.waveform[0] = 1.0

    def test_integers_stored_as_floats_are_scaled_down(self) -> None:
        loud = tone(sample_rate=SAMPLE_RATE) * 32_768
        clip = decode(soundfile_bytes(loud, SAMPLE_RATE, subtype="FLOAT"))
        assert np.abs(clip.waveform).max() == pytest.approx(1.0)
        assert "full scale" in clip.notes[0]

    def test_exactly_the_least_length(self) -> None:
        assert decode(soundfile_bytes(tone(MIN_SECONDS))).seconds == pytest.approx(MIN_SECONDS)


class TestLength:
    @pytest.mark.parametrize("container", [("FLAC", "PCM_16"), ("MP3", "MPEG_LAYER_III")])
    def test_too_long_is_cut_with_a_note(self, container: tuple[str, str]) -> None:
        clip = decode(soundfile_bytes(tone(MAX_SECONDS + 5, 8_000), 8_000, *container))
        assert len(clip.waveform) == MAX_SECONDS * SAMPLE_RATE
        assert clip.notes == (
            "The recording is longer than 10 minutes: only the first 10 minutes were read.",
        )

    def test_too_long_through_ffmpeg(self, tmp_path: Path) -> None:
        sound = f"sine=duration={MAX_SECONDS + 5}:sample_rate=8000"
        options = ("-f", "lavfi", "-i", sound, "-c:a", "pcm_s16le", "-f", "matroska")
        clip = decode(run_ffmpeg(tmp_path, *options))
        assert len(clip.waveform) == MAX_SECONDS * SAMPLE_RATE
        assert "first 10 minutes" in clip.notes[0]

    def test_exactly_the_limit_has_no_note(self) -> None:
        clip = decode(soundfile_bytes(tone(MAX_SECONDS, 8_000), 8_000))
        assert clip.seconds == MAX_SECONDS
        assert clip.notes == ()

    @pytest.mark.parametrize("format_name", ["wav", "mp3", "webm"])
    def test_too_short(self, format_name: str, tmp_path: Path) -> None:
        error = refusal(encoded(format_name, tone(MIN_SECONDS - 0.5), tmp_path))
        assert error.code == "too-short"
        assert "at least 3 s" in str(error)

    @pytest.mark.parametrize("container", [("WAV", "PCM_16"), ("OGG", "VORBIS")])
    def test_no_frames(self, container: tuple[str, str]) -> None:
        assert refusal(soundfile_bytes(tone(0), 44_100, *container)).code == "no-frames"


class TestContent:
    def test_empty(self) -> None:
        assert refusal(b"").code == "empty"

    def test_too_large_is_refused_unread(self) -> None:
        error = refusal(bytes(MAX_UPLOAD_BYTES + 1))
        assert error.code == "too-large"
        assert "25 MB" in str(error)

    def test_the_largest_size_is_read(self) -> None:
        wav = soundfile_bytes(tone())
        assert decode(wav + bytes(MAX_UPLOAD_BYTES - len(wav))).seconds == 4.0

    @pytest.mark.parametrize(
        "data",
        [
            b"Dear diary, today I wrote no music.\n" * 100,
            b"%PDF-1.7\n" + bytes(range(256)) * 20,
            b"\x89PNG\r\n\x1a\n" + bytes(500),
            b"PK\x03\x04" + bytes(500),
            b"x",
        ],
        ids=["text", "pdf", "png", "zip", "one byte"],
    )
    def test_not_audio(self, data: bytes) -> None:
        assert refusal(data).code == "not-audio"

    def test_data_tables_that_soundfile_opens_are_not_audio(self) -> None:
        data = soundfile_bytes(tone(), 44_100, "MAT5", "DOUBLE")
        assert refusal(data).code == "not-audio"

    @pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e30])
    def test_samples_that_are_no_numbers(self, value: float) -> None:
        samples = tone()
        samples[100_000] = value
        error = refusal(soundfile_bytes(samples, subtype="FLOAT"))
        assert error.code == "not-finite"

    @pytest.mark.parametrize(
        "samples",
        [
            np.zeros(200_000, np.float32),
            np.full(200_000, 0.3, np.float32),
            tone(level=0.9e-4),
        ],
        ids=["zeros", "constant offset", "below -80 dBFS"],
    )
    def test_silent(self, samples: np.ndarray) -> None:
        error = refusal(soundfile_bytes(samples, subtype="FLOAT"))
        assert error.code == "silent"
        assert "-80 dB" in str(error)

    def test_very_quiet_is_not_silent(self) -> None:
        clip = decode(soundfile_bytes(tone(level=1.1e-4), subtype="FLOAT"))
        assert rms(clip.waveform) == pytest.approx(1.1e-4 / np.sqrt(2), rel=0.01)


class TestHeaders:
    @pytest.mark.parametrize("rate", [1, MIN_SAMPLE_RATE - 1, MAX_SAMPLE_RATE + 1, 2**31 - 1])
    def test_sample_rate_out_of_bounds(self, rate: int) -> None:
        error = refusal(with_field(soundfile_bytes(tone()), 24, "<I", rate))
        assert error.code == "sample-rate"
        assert "8 to 2822.4 kHz" in str(error)

    @pytest.mark.parametrize("channels", [MAX_CHANNELS + 1, 1024])
    def test_too_many_channels(self, channels: int) -> None:
        error = refusal(soundfile_bytes(np.zeros((9000, channels), np.float32)))
        assert error.code == "channels"
        assert "at most 8" in str(error)

    @pytest.mark.parametrize(
        ("offset", "layout", "value"),
        [(24, "<I", 0), (24, "<I", 2**32 - 1), (22, "<H", 0), (22, "<H", 65_535), (34, "<H", 0)],
        ids=["rate 0", "rate 2^32-1", "0 channels", "65535 channels", "0 bits"],
    )
    def test_absurd_wav_header(self, offset: int, layout: str, value: int) -> None:
        error = refusal(with_field(soundfile_bytes(tone()), offset, layout, value))
        assert error.code == "damaged"

    @pytest.mark.parametrize("rate", [8_000, 48_000])
    def test_a_wrong_but_possible_rate_is_believed(self, rate: int) -> None:
        clip = decode(with_field(soundfile_bytes(tone()), 24, "<I", rate))
        assert clip.seconds == pytest.approx(4.0 * 44_100 / rate, abs=1e-3)

    def test_wav_that_promises_too_much(self) -> None:
        clip = decode(with_field(soundfile_bytes(tone()), 40, "<I", 10_000_000))
        assert clip.seconds == 4.0
        assert "4.0 s of sound could be read" in clip.notes[0]

    def test_wav_that_was_never_closed(self) -> None:
        clip = decode(with_field(soundfile_bytes(tone()), 40, "<I", 0))
        assert clip.seconds == 4.0

    def test_flac_that_promises_a_year(self) -> None:
        data = soundfile_bytes(tone(), 44_100, "FLAC")
        clip = decode(with_flac_length(data, 2**36 - 1))
        assert clip.seconds == pytest.approx(4.0, abs=0.1)
        assert "incomplete" in clip.notes[0]

    def test_flac_of_unknown_length_is_normal(self) -> None:
        data = soundfile_bytes(tone(), 44_100, "FLAC")
        clip = decode(with_flac_length(data, 0))
        assert clip.seconds == pytest.approx(4.0, abs=0.1)
        assert clip.notes == ()

    @pytest.mark.parametrize("format_name", [f for f in ALL_FORMATS if f != "m4a"])
    def test_first_half_of_a_file(self, format_name: str, tmp_path: Path) -> None:
        data = encoded(format_name, noise(10.0), tmp_path)
        clip = decode(data[: len(data) // 2])
        assert 3.5 < clip.seconds < 6.0
        assert "incomplete" in clip.notes[0]

    def test_m4a_without_its_index(self, tmp_path: Path) -> None:
        data = encoded("m4a", noise(8.0), tmp_path)
        assert refusal(data[: len(data) // 2]).code == "damaged"

    def test_flac_damaged_in_the_middle(self) -> None:
        data = bytearray(soundfile_bytes(noise(8.0), 44_100, "FLAC"))
        middle = len(data) // 2
        data[middle : middle + 20_000] = bytes(20_000)
        clip = decode(bytes(data))
        assert 3.0 < clip.seconds < 8.0
        assert "incomplete" in clip.notes[0]


def noise(seconds: float) -> np.ndarray:
    """White noise at 44.1 kHz, whose compressed bytes spread evenly over time."""
    generator = np.random.default_rng(7)
    return generator.normal(0, 0.1, round(seconds * 44_100)).astype(np.float32)


def decode_or_refuse(data: bytes) -> Clip | None:
    """Decode; anything but a Clip with sound finite samples or an AudioError fails."""
    try:
        clip = decode(data)
    except AudioError as error:
        assert str(error)
        assert error.code
        return None
    assert np.isfinite(clip.waveform).all()
    assert MIN_SECONDS * 0.99 <= clip.seconds <= MAX_SECONDS
    return clip


class TestForeignBytes:
    @pytest.mark.parametrize("format_name", ALL_FORMATS)
    def test_cut_at_any_length(self, format_name: str, tmp_path: Path) -> None:
        data = encoded(format_name, noise(4.0), tmp_path)
        outcomes = [
            decode_or_refuse(data[: round(len(data) * part)])
            for part in (0.0001, 0.001, 0.01, 0.1, 0.3, 0.9, 0.999)
        ]
        assert outcomes[0] is None

    @pytest.mark.parametrize("format_name", ALL_FORMATS)
    def test_flipped_bytes(self, format_name: str, tmp_path: Path) -> None:
        data = encoded(format_name, noise(4.0), tmp_path)
        generator = np.random.default_rng(3)
        for where in (200, len(data)):  # the header alone, then everywhere
            changed = np.frombuffer(data, np.uint8).copy()
            places = generator.integers(4, where, 20)
            changed[places] = generator.integers(0, 256, 20)
            decode_or_refuse(changed.tobytes())

    @pytest.mark.parametrize(
        "start",
        [
            b"",
            b"RIFF\xff\xff\xff\xffWAVEfmt ",
            b"fLaC",
            b"OggS",
            b"ID3\x04",
            b"\xff\xfb",
            b"\0\0\0\x20ftypM4A ",
            b"\x1aE\xdf\xa3",
        ],
    )
    def test_random_bytes(self, start: bytes) -> None:
        generator = np.random.default_rng(5)
        for size in (0, 1, 40, 3000, 60_000):
            decode_or_refuse(start + generator.bytes(size))


class TestEffort:
    def test_compression_bomb_stays_small(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Eight channels at 192 kHz: 61 MB a second of float32 would not fit for long."""
        data = soundfile_bytes(np.zeros((192_000 * 4, 8), np.float32), 192_000, "FLAC")
        largest = 0
        check = mixdown._check_block

        def watch(block: np.ndarray, deadline: float) -> None:
            nonlocal largest
            largest = max(largest, block.nbytes)
            check(block, deadline)

        monkeypatch.setattr(mixdown, "_check_block", watch)
        assert refusal(data).code == "silent"
        assert 0 < largest < 2**20

    def test_slow_reading_is_stopped(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(mixdown, "DECODER_TIMEOUT_SECONDS", -1.0)
        assert refusal(soundfile_bytes(tone())).code == "timeout"

    def test_import_loads_no_heavy_package(self) -> None:
        code = (
            "import sys, model.audio.clip; print(*sorted(m for m in sys.modules if '.' not in m))"
        )
        loaded = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
            cwd=Path(audio.__file__).parents[2],
        ).stdout.split()
        assert "numpy" in loaded
        # librosa itself is a thin shell that loads its parts, and numba, when they are used.
        heavy = {"scipy", "numba", "keras", "tensorflow", "streamlit", "matplotlib"}
        assert not heavy & set(loaded)


class TestEncodeWav:
    def test_round_trip_is_within_half_a_step(self) -> None:
        waveform = np.random.default_rng(0).uniform(-1, 1 - 2**-15, 100_000).astype(np.float32)
        samples, rate = soundfile.read(io.BytesIO(encode_wav(waveform)), dtype="float64")
        assert rate == SAMPLE_RATE
        assert np.abs(samples - waveform).max() <= 0.5 * 2**-15

    def test_format(self) -> None:
        with soundfile.SoundFile(io.BytesIO(encode_wav(tone(1.0), 44_100))) as file:
            assert (file.format, file.subtype) == ("WAV", "PCM_16")
            assert (file.channels, file.samplerate, file.frames) == (1, 44_100, 44_100)

    def test_what_decode_reads_is_what_was_written(self) -> None:
        waveform = tone(4.0, SAMPLE_RATE)
        np.testing.assert_allclose(decode(encode_wav(waveform)).waveform, waveform, atol=2**-16)

    def test_clips_instead_of_wrapping(self) -> None:
        samples, _ = soundfile.read(io.BytesIO(encode_wav(np.array([1.0, 1.5, -1.0, -7.0, 0.5]))))
        np.testing.assert_allclose(samples, [1 - 2**-15, 1 - 2**-15, -1, -1, 0.5], atol=1e-9)

    @pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
    def test_refuses_what_is_no_number(self, value: float) -> None:
        with pytest.raises(ValueError, match="NaN or infinity"):
            encode_wav(np.array([0.0, value], np.float32))

    def test_refuses_two_dimensions(self) -> None:
        with pytest.raises(ValueError, match="shape"):
            encode_wav(np.zeros((2, 10), np.float32))
