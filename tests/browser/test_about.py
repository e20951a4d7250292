"""A reader of the report: clicks a cell of the confusion matrix and reads of its tracks."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pages.words.phrases import genre_name
from tests.browser.visiting import click_for

pytestmark = pytest.mark.browser

RESULTS = Path(__file__).parents[2] / "model" / "evaluation" / "results"


@pytest.mark.long
def test_a_click_on_the_matrix_tells_of_the_tracks_in_the_cell(page: Page) -> None:
    content = json.loads((RESULTS / "random_test.json").read_text(encoding="utf-8"))
    classes, confusion = content["classes"], content["confusion"]
    row, column = next(
        (row, column)
        for row in range(len(classes))
        for column in range(len(classes))
        if row != column and confusion[row][column]
    )
    page.goto("/")
    page.get_by_role("link", name="About the model").click()
    expect(page.get_by_role("heading", name="Credits")).to_be_visible()
    matrix = page.locator(".js-plotly-plot").filter(has=page.locator(".heatmaplayer .hm")).first
    count, genre, verdict = confusion[row][column], classes[row], classes[column]
    support = content["per_genre"][genre]["support"]
    told = page.get_by_text(f"{count} of {support} {genre_name(genre)} tracks")
    place = ((column + 0.5) / len(classes), (row + 0.5) / len(classes))
    click_for(matrix.locator(".nsewdrag"), place, told)
    expect(told).to_contain_text(f"called {genre_name(verdict)}")
