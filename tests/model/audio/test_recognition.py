"""What begins like sound, and what does not."""

import pytest

from model.audio.clip import decode
from model.audio.recognition import HEAD_BYTES, begins_like_sound
from tests.model.audio.audio_files import run_ffmpeg, soundfile_bytes, tone

# Everything that ffmpeg writes of what it reads for us: name -> options.
WRITTEN_BY_FFMPEG = {
    "m4a": "-c:a aac -f ipod",
    "mov": "-c:a aac -f mov",
    "aac": "-c:a aac -f adts",
    "webm": "-c:a libopus -f webm",
    "mka": "-c:a flac -f matroska",
    "mp3 without tags": "-c:a libmp3lame -id3v2_version 0 -write_xing 0 -f mp3",
    "mp3 at 22 kHz": "-ar 22050 -b:a 32k -c:a libmp3lame -id3v2_version 0 -f mp3",
    "mp3 of 320 kbit/s": "-b:a 320k -c:a libmp3lame -id3v2_version 0 -f mp3",
    "mp2": "-c:a mp2 -f mp2",
    "ac3": "-c:a ac3 -f ac3",
    "eac3": "-c:a eac3 -f eac3",
    "dts": "-c:a dca -strict -2 -f dts",
    "wma": "-c:a wmav2 -f asf",
    "flv": "-c:a libmp3lame -f flv",
    "avi": "-c:a libmp3lame -f avi",
    "ts": "-c:a aac -f mpegts",
    "m2ts": "-c:a ac3 -f mpegts -mpegts_m2ts_mode 1",
    "mpg": "-c:a mp2 -f mpeg",
    "tta": "-c:a tta -f tta",
    "wv": "-c:a wavpack -f wv",
}
WRITTEN_BY_SOUNDFILE = ("WAV", "RF64", "AIFF", "AU", "CAF", "FLAC", "MP3", "OGG", "VOC", "W64")

NO_SOUND = {
    "nothing": b"",
    "text": b"these are words, not sounds\n" * 300,
    "text in UTF-16": "these are words".encode("utf-16") * 300,
    "JPEG": b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\xff\x00" * 4000,
    "PNG": b"\x89PNG\r\n\x1a\n" + bytes(4000),
    "WebP": b"RIFF\x00\x10\x00\x00WEBPVP8 " + bytes(4000),
    "HEIC": b"\x00\x00\x00\x18ftypheic" + bytes(4000),
    "AVIF": b"\x00\x00\x00\x18ftypavif" + bytes(4000),
    "ILBM": b"FORM\x00\x10\x00\x00ILBM" + bytes(4000),
    "PDF": b"%PDF-1.7\n" + bytes(4000),
    "zeros": bytes(HEAD_BYTES),
    "ones": b"\xff" * HEAD_BYTES,
}


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    path = tmp_path_factory.mktemp("recognition") / "source.wav"
    path.write_bytes(soundfile_bytes(tone(4.0)))
    return path


@pytest.mark.parametrize("name", WRITTEN_BY_FFMPEG)
def test_what_ffmpeg_writes_begins_like_sound(name, source, tmp_path):
    data = run_ffmpeg(tmp_path, "-i", str(source), *WRITTEN_BY_FFMPEG[name].split())
    assert begins_like_sound(data[:HEAD_BYTES])
    assert decode(data).seconds == pytest.approx(4.0, abs=0.2), "and decode reads it"


@pytest.mark.parametrize("container", WRITTEN_BY_SOUNDFILE)
def test_what_soundfile_writes_begins_like_sound(container):
    subtype = {"MP3": "MPEG_LAYER_III", "OGG": "VORBIS"}.get(container, "PCM_16")
    data = soundfile_bytes(tone(4.0), 44_100, container, subtype)
    assert begins_like_sound(data[:HEAD_BYTES])


def test_frames_behind_junk_are_found(source, tmp_path):
    options = WRITTEN_BY_FFMPEG["mp3 without tags"].split()
    data = run_ffmpeg(tmp_path, "-i", str(source), *options)
    assert begins_like_sound((b"\xff\x00junk" * 200 + data)[:HEAD_BYTES])


@pytest.mark.parametrize("name", NO_SOUND)
def test_other_files_do_not(name):
    assert not begins_like_sound(NO_SOUND[name])
