"""A browser that comes back after its session has ended, with what it still shows."""

from collections.abc import Callable, Sequence

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import APP
from tests.pages.driving import METAL, ROCK, headers, open_page, text, tone_wav, upload

Restart = Callable[..., AppTest]


@pytest.fixture
def restart(monkeypatch: pytest.MonkeyPatch) -> Restart:
    """Continues what a browser shows in a new session, which has only some of its files."""

    def continued(before: AppTest, *there: str, page: str = "") -> AppTest:
        find = MemoryUploadedFileManager.get_files

        def get_files(
            self: MemoryUploadedFileManager, session_id: str, file_ids: Sequence[str]
        ) -> list[UploadedFileRec]:
            return [file for file in find(self, session_id, file_ids) if file.name in there]

        after = AppTest.from_file(str(APP), default_timeout=30)
        after._tree = before._tree
        after._page_hash = before._finished_page_script_hash
        after.query_params.update(before.query_params)
        if page:
            after.switch_page(f"pages/{page}.py")
        with monkeypatch.context() as patch:
            patch.setattr(MemoryUploadedFileManager, "get_files", get_files)
            return after._run(before._tree.get_widget_states())

    return continued


def drop(app: AppTest, *names: str) -> AppTest:
    """Drop songs that all differ on the page of several songs."""
    (uploader,) = app.file_uploader
    for name in names:
        uploader.upload(name, tone_wav(ROCK, seconds=3 + len(name) / 10), "audio/wav")
    return app.run()


def songs_in(app: AppTest) -> list[str]:
    return list(app.dataframe[0].value.Song) if app.dataframe else []


@pytest.mark.parametrize("page", ["listen", "song", "genres"])
def test_a_lost_song_is_named_and_the_uploader_is_empty(app, restart, page):
    before = upload(open_page(app, page), tone_wav(ROCK), "mine.wav")
    after = restart(before)
    assert not after.exception
    assert "`mine.wav` is no longer here. Bring the song again." in text(after)
    assert not after.file_uploader[0].value
    assert after.file_uploader[0].key != before.file_uploader[0].key
    after.file_uploader[0].upload("again.wav", tone_wav(METAL), "audio/wav").run()
    assert "no longer here" not in text(after)
    assert "<strong>again.wav</strong>" in text(after) or page == "genres"


def test_compare_says_which_song_is_lost(app, restart):
    after = restart(upload(app, tone_wav(ROCK), "mine.wav"))
    open_page(after, "compare")
    assert "`mine.wav` is no longer here" in text(after)
    assert after.file_uploader, "where to bring it again"


def test_a_song_that_has_come_in_the_meantime_is_heard(app, restart):
    upload(app, tone_wav(ROCK), "lost.wav")
    app.file_uploader(key="upload").upload("mine.wav", tone_wav(METAL), "audio/wav")
    after = restart(app, "mine.wav")
    assert not after.exception
    assert headers(after)[0].startswith("Metal, ")
    assert "<strong>mine.wav</strong>" in text(after)
    assert "no longer here" not in text(after)


def test_a_lost_recording_is_to_be_made_again(app, restart):
    app.audio_input(key="recording").upload("r.wav", tone_wav(METAL)).run()
    after = restart(app)
    assert not after.exception
    assert "your recording is no longer here. Record it again." in text(after)


def test_a_sample_comes_back(app, restart):
    app.pills(key="sample").set_value("jazz.ogg").run()
    after = restart(app)
    assert not after.exception
    assert headers(after) == headers(app)
    assert "<strong>Corner Table</strong>" in text(after)


def test_a_sample_comes_back_to_a_visitor_who_was_quick_to_leave_the_page(app, restart):
    app.pills(key="sample").set_value("jazz.ogg").run()
    elsewhere = restart(app, page="about")
    assert not elsewhere.exception
    back = open_page(elsewhere, "listen")
    assert headers(back) == headers(app)
    assert "<strong>Corner Table</strong>" in text(back)


def test_a_link_brings_its_sample_back(small_network, restart):
    app = AppTest.from_file(str(APP), default_timeout=30)
    app.query_params["sample"] = "jazz.ogg"
    after = restart(app.run())
    assert "<strong>Corner Table</strong>" in text(after)


def test_an_added_song_is_heard_and_lost_ones_are_named(opened, restart):
    before = drop(opened("songs"), "one.wav", "second.wav")
    assert songs_in(before) == ["one.wav", "second.wav"]
    for name in ("one.wav", "second.wav", "another.wav"):
        before.file_uploader[0].upload(name, tone_wav(METAL), "audio/wav")
    after = restart(before, "another.wav")
    assert not after.exception
    assert after.dataframe[0].value[["Song", "Genre"]].values.tolist() == [["another.wav", "metal"]]
    assert "No longer here: `one.wav` and `second.wav`. Bring them again." in text(after)
    drop(after, "one.wav")
    assert songs_in(after) == ["another.wav", "one.wav"]
    assert "No longer here: `second.wav`." in text(after)
    (clear,) = [button for button in after.button if button.label == "Clear the table"]
    clear.click().run()
    assert "No longer here" not in text(after)


def test_a_file_is_kept_once_and_streamlit_finds_it_no_more(app, monkeypatch):
    removed = []

    def remove_file(self: MemoryUploadedFileManager, session_id: str, file_id: str) -> None:
        removed.append(file_id)
        remove(self, session_id, file_id)

    remove = MemoryUploadedFileManager.remove_file
    monkeypatch.setattr(MemoryUploadedFileManager, "remove_file", remove_file)
    upload(app, tone_wav(ROCK), "mine.wav")
    assert len(removed) == 1
    assert app.session_state["upload"].getvalue() == b"", "the widget's own copy"
    monkeypatch.setattr(MemoryUploadedFileManager, "get_files", lambda *_, **__: [])
    app.segmented_control(key="method").set_value("crm-class").run()
    assert not app.exception
    assert headers(app)[0].startswith("Rock, ")
    assert "no longer here" not in text(app)


def test_several_songs_leave_nothing_in_streamlits_store(opened, monkeypatch):
    stores: list[MemoryUploadedFileManager] = []

    def remove_file(self: MemoryUploadedFileManager, session_id: str, file_id: str) -> None:
        remove(self, session_id, file_id)
        stores.append(self)

    remove = MemoryUploadedFileManager.remove_file
    monkeypatch.setattr(MemoryUploadedFileManager, "remove_file", remove_file)
    app = drop(opened("songs"), "one.wav", "second.wav")
    assert songs_in(app) == ["one.wav", "second.wav"]
    assert len(stores) == 2
    assert not stores[-1].get_stats(), "it counts no file"
    assert [file.getvalue() for file in app.session_state["song_files"]] == [b"", b""]
