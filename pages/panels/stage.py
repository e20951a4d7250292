"""The stage: pictures of a clip with their evidence, and one player that keeps in step with them.

Everything that moves (cursor, threshold, opacity, box, sounds) is done in the browser by the
files in assets/player; Python sends a clip once and its maps, and hears what was chosen.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any, Final

import streamlit as st

from model.analysis import Analysis
from model.audio.box import Region
from model.audio.excerpt import Excerpt
from model.audio.masking import THRESHOLD
from model.explain.grid import RelevanceMap
from model.explain.methods import METHODS
from model.export.colours import OPACITY
from model.export.player_payload import clip_id, pack_clip, pack_maps
from pages.panels.player_script import FOLDER, join_modules
from pages.session.example import ShownExample
from pages.words.phrases import evidence_title, genre_name

# The style sheets, each of which may overrule those before it.
STYLES: Final = ("stage.css", "panels.css", "controls.css", "switches.css")

# A region's fields as the scripts call them.
_BOX: Final = ("firstBand", "lastBand", "firstFrame", "lastFrame")
# What a stage reported last, which the session remembers from page to page.
_REPORTED: Final = "stage_settings"


def _text(*names: str) -> str:
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in names)


_mount = st.components.v2.component(
    "earmark_stage",
    html=_text("stage.html"),
    css=_text(*STYLES),
    js=join_modules("main.js"),
)


@dataclass(frozen=True)
class Shown:
    """One map to show.

    Attributes
    ----------
    title : str
        What it is called.
    method, genre : str
        What is explained how.
    scale : float
        Relevance of the strongest colour.
    """

    title: str
    method: str
    genre: str
    scale: float


@dataclass(frozen=True)
class Settings:
    """What the user has set on a stage.

    Attributes
    ----------
    threshold : float
        Share of a map's peak that is kept, 0 to 1.
    opacity : float
        Of the heatmap, 0 to 1.
    against : bool
        Whether evidence against a class is shown.
    bed : bool
        Whether the rest stays around the kept part, BED_DB quieter.
    box : Region or None
        Of the clip that is shown.
    """

    threshold: float = THRESHOLD
    opacity: float = OPACITY
    against: bool = False
    bed: bool = False
    box: Region | None = None


def keep_from(threshold: float) -> None:
    """Set the threshold, a share of the peak, before a stage has reported one."""
    usual = Settings()
    st.session_state[_REPORTED] = {
        "clip": None,
        "threshold": threshold,
        "opacity": usual.opacity,
        "against": usual.against,
        "bed": usual.bed,
        "box": None,
    }


def show_plain_stage(excerpt: Excerpt, key: str) -> None:
    """Show and play a clip on which there is no verdict yet."""
    _show(excerpt, pack_maps(_header(excerpt, []), []), key)


def show_stage(analysis: Analysis, shown: Sequence[Shown], key: str) -> Settings:
    """Show maps of a clip side by side, and play it, what they keep and the rest.

    Parameters
    ----------
    analysis : Analysis
        Of the clip.
    shown : sequence of Shown
        One map or several.
    key : str
        Of the element. As long as it stays, the sound goes on when the page is run again.

    Returns
    -------
    Settings
        As the user last left them. Moving a slider does not run the page; letting go of it
        runs the fragment or page that this is called in.
    """
    excerpt = analysis.excerpt
    panels = [_panel(analysis, item) for item in shown]
    maps = [analysis.map(item.method, item.genre) for item in shown]
    return _show(excerpt, pack_maps(_header(excerpt, panels), maps), key)


@dataclass(frozen=True)
class Choice:
    """A map that may be shown next, and what the page's elements say once it is chosen.

    Attributes
    ----------
    shown : Shown
        The map.
    words : tuple of str
        In the order of the elements' keys.
    """

    shown: Shown
    words: tuple[str, ...]


def send_ahead(
    analysis: Analysis, now: Choice, others: Sequence[Choice], controls: Sequence[str], key: str
) -> None:
    """Send maps before they are chosen: the browser shows them without waiting for the page.

    Parameters
    ----------
    analysis : Analysis
        Of the clip.
    now : Choice
        What the clip's one stage shows.
    others : sequence of Choice
        What may be chosen next.
    controls : sequence of str
        Keys of the elements to choose with: lists, or rows of buttons of which one is pressed.
    key : str
        Of the element, which shows nothing.
    """
    header = {
        "kind": "ahead",
        "clip": clip_id(analysis.excerpt),
        "from": {"id": _panel(analysis, now.shown)["id"], "words": now.words},
        "controls": controls,
        "panels": [_panel(analysis, choice.shown) for choice in others],
        "words": [choice.words for choice in others],
    }
    maps = [analysis.map(choice.shown.method, choice.shown.genre) for choice in others]
    _mount(key=key, data=pack_maps(header, maps))


def show_in_browser(payload: bytes, key: str) -> None:
    """Have the scripts show something that belongs to a stage, and that they know by its kind."""
    _mount(key=key, data=payload)


def show_example_stage(shown: ShownExample, title: str, invitation: str, key: str) -> None:
    """Show a sample that was explained ahead; its player begins with what is kept.

    Parameters
    ----------
    shown : ShownExample
        The sample and its map.
    title : str
        Of the map.
    invitation : str
        Stands on the button that plays, until it has been pressed.
    key : str
        Of the element: the same as that of the clip to come.
    """
    facts, found = shown.example.facts, shown.example.relevance
    scale = float(found.values.max())
    what = _words(
        title, facts["method"], facts["genre"], f"example {facts['model']['sha256']}", scale
    )
    header = _stage_header(facts["clip"], [what])
    header["settings"]["part"] = "kept"
    header["invitation"] = invitation
    with st.container(gap=None):
        _mount(key=f"{key}-clip", data=shown.payload)
        _mount(key=key, data=pack_maps(header, [found]), on_settings_change=_run_again)


def _panel(analysis: Analysis, item: Shown) -> dict[str, Any]:
    # Merging changes the lead maps of other classes, too.
    merging = "merged" if analysis.merges else "apart"
    made = f"{analysis.classifier.sha256} {merging}"
    return _words(item.title, item.method, item.genre, made, item.scale)


def _words(title: str, method: str, genre: str, made: str, scale: float) -> dict[str, Any]:
    """Describe a panel; what it was made with tells its map from others."""
    what = evidence_title(method, genre)
    return {
        "id": f"{made} {method} {genre} {scale}",
        "title": title,
        "scale": scale,
        "signed": METHODS[method].signed,
        "smooth": METHODS[method].smooth,
        "what": what[:1].lower() + what[1:],
        "nothing": f"Nothing in this song speaks for {genre_name(genre)}, so nothing is kept.",
    }


def _header(excerpt: Excerpt, panels: list[dict[str, Any]]) -> dict[str, Any]:
    return _stage_header(clip_id(excerpt), panels)


def _stage_header(clip: str, panels: list[dict[str, Any]]) -> dict[str, Any]:
    """Put together what goes to the browser beside the maps.

    The settings count only when a stage appears: from then on they are the browser's.
    """
    settings = _settings(clip)
    return {
        "kind": "stage",
        "clip": clip,
        "settings": {
            "threshold": settings.threshold,
            "opacity": settings.opacity,
            "against": settings.against,
            "bed": settings.bed,
            "box": settings.box and dict(zip(_BOX, astuple(settings.box), strict=True)),
        },
        "panels": panels,
    }


def _show(excerpt: Excerpt, payload: bytes, key: str, *, brings_clip: bool = True) -> Settings:
    with st.container(gap=None):
        if brings_clip:
            _mount(key=f"{key}-clip", data=_clip_payload(clip_id(excerpt), excerpt))
        result = _mount(key=key, data=payload, on_settings_change=_run_again)
    if result.settings:
        st.session_state[_REPORTED] = result.settings
    return _settings(clip_id(excerpt))


def _run_again() -> None:
    """Do nothing: that there is someone to call makes the settings reach Python."""


def _settings(clip: str) -> Settings:
    reported = st.session_state.get(_REPORTED)
    if reported is None:
        return Settings()
    box = reported["box"] if reported["clip"] == clip else None
    return Settings(
        threshold=reported["threshold"],
        opacity=reported["opacity"],
        against=reported["against"],
        bed=reported["bed"],
        box=box and Region(*(box[name] for name in _BOX)),
    )


# 1.5 MB each.
@st.cache_resource(max_entries=6, show_spinner=False)
def _clip_payload(name: str, _excerpt: Excerpt) -> bytes:
    return pack_clip(_excerpt)


@dataclass(frozen=True, eq=False)
class DrawnMap:
    """A map to show that no method of the registry made.

    Attributes
    ----------
    id : str
        Differs wherever the map does.
    title : str
        What it is called.
    what : str
        What the picture shows, for the end of a sentence.
    nothing : str
        What to say where the map is empty.
    relevance : RelevanceMap
        The map.
    smooth : bool
        Whether neighbouring cells are alike.
    signed : bool
        Whether it may be negative.
    """

    id: str
    title: str
    what: str
    nothing: str
    relevance: RelevanceMap
    smooth: bool = True
    signed: bool = False


def show_maps(excerpt: Excerpt, drawn: Sequence[DrawnMap], key: str) -> Settings:
    """Show maps of a clip side by side, as `show_stage` does, each on its own scale."""
    panels = [_drawn(one, float(one.relevance.values.max(initial=0.0))) for one in drawn]
    maps = [one.relevance for one in drawn]
    return _show(excerpt, pack_maps(_header(excerpt, panels), maps), key)


def _drawn(one: DrawnMap, scale: float) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "scale": scale,
        "signed": one.signed,
        "smooth": one.smooth,
        "what": one.what,
        "nothing": one.nothing,
    }


@dataclass(frozen=True, eq=False)
class Whole:
    """What is divided among parts.

    Attributes
    ----------
    kept : RelevanceMap
        Its mask is what is kept altogether.
    smooth : bool
        Whether neighbouring cells of it are alike.
    parts : RelevanceMap
        The sum of the maps of all parts, whose shares of it divide the mask.
    """

    kept: RelevanceMap
    smooth: bool
    parts: RelevanceMap


def show_parts(
    excerpt: Excerpt, drawn: Sequence[DrawnMap], whole: Whole, key: str, *, brings_clip: bool = True
) -> Settings:
    """Show the maps of parts; each plays its share of what is kept altogether.

    Parameters
    ----------
    excerpt : Excerpt
        The clip.
    drawn : sequence of DrawnMap
        A sum of parts on a scale of its own, then single parts on one scale; not negative.
    whole : Whole
        What they are parts of.
    key : str
        Of the element.
    brings_clip : bool
        Whether no other stage on the page brings the clip to the browser.

    Returns
    -------
    Settings
        As `show_stage` returns them.
    """
    sums, *single = drawn
    scales = [float(one.relevance.values.max(initial=0.0)) for one in (sums, *single)]
    # Their sum would leave single parts pale.
    shared = max(scales[1:], default=scales[0])
    # Behind the maps of the panels.
    of = {"whole": len(drawn), "all": len(drawn) + 1, "smooth": whole.smooth}
    panels = [{**_drawn(sums, scales[0]), "of": of}]
    panels += [{**_drawn(one, shared), "of": of} for one in single]
    maps = [*(one.relevance for one in drawn), whole.kept, whole.parts]
    payload = pack_maps(_header(excerpt, panels), maps)
    return _show(excerpt, payload, key, brings_clip=brings_clip)
