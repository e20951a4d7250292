"""Tracks as a model card records them."""

import pytest

from model.constants import GENRES
from model.gtzan.fingerprint import PARTS, digest, record, recorded
from model.gtzan.splits import read_split
from model.networks.shipped import read_card

GTZAN = [f"{genre}.{number:05d}" for genre in GENRES for number in range(100)]


def test_no_two_tracks_of_gtzan_have_one_digest():
    assert len(set(map(digest, GTZAN))) == 1000


def test_what_is_recorded_is_found_again():
    card = {"training": {"tracks": record({"train": GTZAN[::2], "valid": GTZAN[1::4]})}}
    assert recorded(card, "train", GTZAN) == set(GTZAN[::2])
    assert recorded(card, "valid", ["blues.00001", "blues.00002", "polka.00001"]) == {"blues.00001"}


def test_a_card_without_a_record_is_refused():
    with pytest.raises(ValueError, match="earmark-new does not say"):
        recorded({"name": "earmark-new"}, "train", GTZAN)


@pytest.mark.parametrize("protocol", ["random", "filtered"])
def test_the_shipped_cards_record_what_was_learned_from(gtzan, protocol):
    card = read_card(f"earmark-{protocol}")
    for part in PARTS:
        names = read_split(gtzan, f"{protocol}_{part}")
        assert recorded(card, part, GTZAN) == set(names)
    assert not recorded(card, "train", read_split(gtzan, f"{protocol}_test"))
