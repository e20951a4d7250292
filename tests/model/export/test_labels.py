"""Regions of evidence for other programs: at the right place, and readable again."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from model.audio.clip import Clip
from model.audio.excerpt import Excerpt, prepare
from model.constants import FINE_HOP, SAMPLE_RATE
from model.export.labels import audacity_labels, evidence_regions, sonic_visualiser_layer


@pytest.fixture(scope="module")
def excerpt(music) -> Excerpt:
    return prepare(Clip(music, "music", "0" * 64))


@pytest.fixture(scope="module")
def regions(excerpt):
    """Of evidence from 1 to 2 s in bands 30 to 49, three times, and 4 to 4.5 s once."""
    relevance = np.full_like(excerpt.log_mel, -1.0)
    frames = [round(seconds * SAMPLE_RATE / FINE_HOP) for seconds in (1, 2, 4, 4.5)]
    relevance[30:50, frames[0] : frames[1]] = 3.0
    relevance[80:100, frames[2] : frames[3]] = 2.0
    return evidence_regions(excerpt, relevance)


def test_regions_lie_where_the_evidence_does(excerpt, regions):
    first, second = regions
    assert (first.start, first.end) == pytest.approx((1, 2), abs=0.15)
    assert (second.start, second.end) == pytest.approx((4, 4.5), abs=0.15)
    hertz = excerpt.frequencies
    assert hertz[30] <= first.low < first.high <= hertz[49]
    assert hertz[80] <= second.low < second.high <= hertz[99]
    assert first.share == pytest.approx(0.75, abs=0.03)
    assert first.share + second.share == pytest.approx(1, abs=0.03)


def test_regions_are_told_in_seconds_of_the_file(music):
    late = prepare(Clip(np.tile(music, 2), "music", "0" * 64), 6.0)
    relevance = np.zeros_like(late.log_mel)
    relevance[30:50, :] = 1.0
    (region,) = evidence_regions(late, relevance)
    assert region.start == pytest.approx(6.0, abs=0.2)
    assert region.end <= 12.01


def test_nothing_that_speaks_gives_no_region(excerpt):
    assert evidence_regions(excerpt, np.full_like(excerpt.log_mel, -1.0)) == []
    ElementTree.fromstring(sonic_visualiser_layer([], "CAM for rock"))
    assert audacity_labels([], "CAM for rock") == b""


def test_audacity_gets_times_label_and_frequencies(regions):
    lines = audacity_labels(regions, "CAM for rock").decode().splitlines()
    assert len(lines) == 2 * len(regions)
    start, end, label = lines[0].split("\t")
    assert (float(start), float(end)) == pytest.approx((regions[0].start, regions[0].end))
    assert label == f"CAM for rock, {100 * regions[0].share:.0f} %"
    slash, low, high = lines[1].split("\t")
    assert slash == "\\"
    assert (float(low), float(high)) == pytest.approx((regions[0].low, regions[0].high), abs=0.1)


def test_sonic_visualiser_gets_a_point_a_region(regions):
    root = ElementTree.fromstring(sonic_visualiser_layer(regions, 'CAM for "rock" & metal'))
    model, dataset = root.find("data/model"), root.find("data/dataset")
    assert model is not None
    assert dataset is not None
    assert model.get("dataset") == dataset.get("id")
    layer = root.find("display/layer")
    assert layer is not None
    assert layer.get("model") == model.get("id")
    points = dataset.findall("point")
    assert len(points) == len(regions)
    for point, region in zip(points, regions, strict=True):
        frame, duration = float(point.get("frame", "")), float(point.get("duration", ""))
        assert frame / SAMPLE_RATE == pytest.approx(region.start, abs=1e-3)
        assert duration / SAMPLE_RATE == pytest.approx(region.end - region.start, abs=1e-3)
        assert (point.get("label") or "").startswith('CAM for "rock" & metal, ')
