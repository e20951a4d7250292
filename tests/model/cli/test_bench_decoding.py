"""The bench of the decoders."""

import pytest

from model.audio.clip import Clip
from model.cli.bench_decoding import time_decoders
from model.constants import SAMPLE_RATE
from tests.model.audio.audio_files import tone


def test_every_format_is_timed_each_way(capsys: pytest.CaptureFixture[str]) -> None:
    time_decoders(Clip(tone(4.0, SAMPLE_RATE), "tone", ""), runs=1)
    heading, ways, *rows = capsys.readouterr().out.splitlines()
    assert "4.0 s" in heading
    assert ways.split()[:3] == ["app", "soundfile", "ffmpeg"]
    assert [row[:12].strip() for row in rows] == ["WAV", "FLAC", "MP3", "Ogg Vorbis", "Opus"]
    assert all(row.count(" ms") == 3 for row in rows)
