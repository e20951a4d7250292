"""What may come later waits for what somebody waits for, and not for ever."""

import threading

from pages.session.turns import somebody_waits, until_nobody_waits


def test_nobody_is_held_back_where_nobody_waits():
    assert until_nobody_waits(0.0)
    with somebody_waits():
        assert not until_nobody_waits(0.01)
    assert until_nobody_waits(0.0)


def test_what_may_come_later_begins_when_the_last_has_got_what_he_waits_for():
    done: list[str] = []
    begun = threading.Event()

    def come_later() -> None:
        begun.set()
        assert until_nobody_waits(20.0)
        done.append("later")

    later = threading.Thread(target=come_later)
    with somebody_waits():
        later.start()
        assert begun.wait(20.0)
        with somebody_waits():
            pass
        done.append("first")
    later.join(20.0)
    assert done == ["first", "later"]
