"""Pictures of songs without sound: each with its own length, of its own part."""

import numpy as np

from model.gtzan.listed_pictures import listed_pictures

TABLE = (
    "song\tgenre\tpart\tsource\tsound\n"
    "song0001\tpop\ttrain\ts1\tno\nsong0002\trock\tvalid\ts2\tno\n"
)


def test_a_picture_knows_its_song_and_its_length(tmp_path):
    (tmp_path / "songs.tsv").write_text(TABLE, encoding="utf-8")
    codes = np.zeros((2, 128, 10), np.uint8)
    codes[:, :, 3] = 255
    np.savez(
        tmp_path / "mel128.npz",
        mel=codes,
        frames=np.array([7, 9], np.int16),
        song=np.array(["song0001", "song0002"]),
        start=np.array([12.4, 0.0], np.float32),
        genre=np.array(["pop", "rock"]),
        part=np.array(["train", "valid"]),
    )
    (found,) = listed_pictures(tmp_path, "train")
    assert (found.name, found.song.genre, found.song.group) == ("song0001_12", "pop", "s1")
    assert found.levels.shape == (128, 7)
    assert (found.levels[0, 3], found.levels[0, 4]) == (0.0, -80.0)
    assert found.song.files == ()


def test_a_folder_without_pictures_has_none(tmp_path):
    assert listed_pictures(tmp_path, "train") == []
