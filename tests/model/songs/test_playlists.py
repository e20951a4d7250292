"""A playlist a genre, of what a scan has heard."""

from model.songs.playlists import write_playlists


def row(file: str, genre: str | None, probability: float = 0.5) -> dict:
    return {"file": file, "genre": genre, "probability": probability, "seconds": 61.6}


def test_every_genre_gets_its_songs_the_surest_first(tmp_path):
    music = tmp_path / "music"
    rows = [
        row("a/one.mp3", "rock", 0.4),
        row("two.mp3", "rock", 0.9),
        row("three, é.mp3", "jazz", 0.7),
        row("broken.mp3", None),
    ]
    written = write_playlists(rows, music, tmp_path / "lists")
    assert [path.name for path in written] == ["jazz.m3u8", "rock.m3u8"]
    lines = written[1].read_text("utf-8").splitlines()
    assert lines[0] == "#EXTM3U"
    songs = [line for line in lines if not line.startswith("#")]
    assert songs == [str(music / "two.mp3"), str(music / "a" / "one.mp3")]
    assert "#EXTINF:62,two (90 % rock)" in lines
    assert str(music / "three, é.mp3") in written[0].read_text("utf-8").splitlines()


def test_a_name_that_would_break_its_line_is_left_out(tmp_path):
    (written,) = write_playlists([row("one\ntwo.mp3", "pop")], tmp_path, tmp_path)
    assert "two.mp3" not in written.read_text("utf-8")
