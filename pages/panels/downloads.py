"""Downloads: sounds, picture, numbers and a link, made on request."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from model.analysis import Analysis
from model.explain.methods import METHODS
from model.export.download import Download
from pages.panels.link import offer_link
from pages.panels.stage import Settings


def show_downloads(analysis: Analysis, method: str, genre: str, settings: Settings) -> None:
    """Offer what is kept and the rest, the box and all but it, picture, numbers and a link.

    Parameters
    ----------
    analysis : Analysis
        Of the clip.
    method, genre : str
        What is explained how.
    settings : Settings
        As the stage gives them.
    """
    taken = Download(
        analysis,
        method,
        genre,
        settings.threshold,
        settings.box,
        settings.opacity,
        settings.against,
        settings.bed,
    )
    words = [method, *([genre] if METHODS[method].per_class else [])]

    def offer(title: str, make: Callable[[], bytes], mime: str, *parts: str) -> None:
        ending = title.rpartition("(")[2].rstrip(")").lower()
        ending = {"audacity": "txt", "sonic visualiser": "svl"}.get(ending, ending)
        name = "-".join([Path(analysis.excerpt.name).stem, *parts])
        st.download_button(
            title,
            make,
            f"{name}.{ending}",
            mime,
            key=f"download-{title}",
            type="tertiary",
            icon=":material/download:",
            on_click="ignore",
        )

    with st.container(horizontal=True, key="downloads"):
        offer("Kept (WAV)", lambda: taken.sounds.wav("kept"), "audio/wav", *words, "kept")
        offer("Rest (WAV)", lambda: taken.sounds.wav("rest"), "audio/wav", *words, "rest")
        if settings.box:
            boxed, others = "box", "all-but-the-box"
            offer("Box (WAV)", lambda: taken.box_sounds.wav("kept"), "audio/wav", boxed)
            offer(
                "All but the box (WAV)", lambda: taken.box_sounds.wav("rest"), "audio/wav", others
            )
        offer("Picture (PNG)", taken.picture, "image/png", *words)
        offer("Numbers (CSV)", taken.csv, "text/csv", *words)
        offer("Numbers (JSON)", taken.json, "application/json", *words)
        offer("Labels (Audacity)", taken.labels, "text/plain", *words, "labels")
        offer("Layer (Sonic Visualiser)", taken.layer, "application/xml", *words, "layer")
        offer("Everything (ZIP)", taken.zip, "application/zip", *words)
        offer_link(analysis, method, genre, settings.threshold)
