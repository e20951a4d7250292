"""The confusion matrices, down to single tracks."""

from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.charts.colours import ACCENT
from pages.charts.figures import is_dark, show_both, show_figure
from pages.session.results import Result
from pages.words.phrases import genre_name, percent, sentence

# None and many. Opaque, so that Plotly can tell whether dark or light digits are legible.
_NONE, _MANY = {False: "#f6eee3", True: "#222a35"}, ACCENT
_HEIGHT: Final = 430  # px

Cell = tuple[str, str]  # true genre and verdict


@st.fragment
def show_confusions() -> None:
    """Show both matrices; a click on a cell tells of its tracks."""
    st.markdown(
        "Each row is a genre, each column what its tracks were called; the numbers count them. "
        "Click a square, or choose one from the list below, to see its tracks."
    )
    show_both("accuracy", _show_matrix)


def _show_matrix(found: Result) -> None:
    content = found.content
    chosen_key = f"confusion-{found.protocol}"
    cells = _cells(content)
    if st.session_state.get(chosen_key) not in cells:
        st.session_state[chosen_key] = None
    chosen: Cell | None = st.session_state[chosen_key]
    # A chart's selection cannot be reset, so a new choice makes a new chart.
    key = f"matrix-{found.protocol}-{chosen}"

    def choose_clicked() -> None:
        for point in st.session_state[key].selection.points:
            row, column = (content["classes"][index] for index in point["customdata"])
            st.session_state[chosen_key] = (row, column)

    show_figure(
        _matrix(content, chosen),
        _HEIGHT,
        "Confusion matrix: true genres in rows, verdicts in columns",
        key=key,
        on_select=choose_clicked,
        selection_mode="points",
    )
    st.selectbox(
        "Tracks of a square",
        cells,
        index=None,
        format_func=lambda cell: _in_words(cell, cells[cell]),
        key=chosen_key,
        placeholder="Choose a square, the commonest mistakes first",
    )
    if chosen is not None:
        _show_cell(content, chosen, cells[chosen])


def _cells(content: dict[str, Any]) -> dict[Cell, int]:
    """List every cell with tracks in it: confusions first, the commonest first."""
    counted = {
        (genre, verdict): count
        for genre, row in zip(content["classes"], content["confusion"], strict=True)
        for verdict, count in zip(content["classes"], row, strict=True)
        if count
    }
    order = sorted(counted, key=lambda cell: (cell[0] == cell[1], -counted[cell]))
    return {cell: counted[cell] for cell in order}


def _in_words(cell: Cell, count: int) -> str:
    genre, verdict = map(genre_name, cell)
    return f"{sentence(genre)} called {verdict}: {count}"


def _show_cell(content: dict[str, Any], cell: Cell, count: int) -> None:
    genre, verdict = cell
    figures = content["per_genre"]
    of_genre = figures[genre]["support"]
    column = content["classes"].index(verdict)
    called = sum(row[column] for row in content["confusion"])
    st.markdown(
        f"**{count} of {of_genre}** {genre_name(genre)} tracks ({percent(count / of_genre)}) were "
        f"called {genre_name(verdict)}. They are {percent(count / called)} of the {called} tracks "
        "called so."
    )
    tracks = [
        track for track in content.get("tracks", []) if (track["genre"], track["verdict"]) == cell
    ]
    if not tracks:
        return
    table = {
        "Track": [track["name"] for track in tracks],
        sentence(genre_name(verdict)): [100 * track["probability"] for track in tracks],
    }
    if genre != verdict:
        table[sentence(genre_name(genre))] = [
            100 * track["probability_of_genre"] for track in tracks
        ]
    st.dataframe(
        pd.DataFrame(table),
        hide_index=True,
        column_config={
            name: st.column_config.NumberColumn(format="%.0f %%", help="Probability")
            for name in table
            if name != "Track"
        },
        alt="The tracks of this cell, with the network's probabilities",
    )


def _matrix(content: dict[str, Any], chosen: Cell | None) -> go.Figure:
    classes, counts = content["classes"], content["confusion"]
    names = [genre_name(genre) for genre in classes]
    figure = go.Figure(
        go.Heatmap(
            z=counts,
            x=names,
            y=names,
            colorscale=[[0, _NONE[is_dark()]], [1, _MANY]],
            showscale=False,
            text=[[str(count) if count else "" for count in row] for row in counts],
            texttemplate="%{text}",
            hoverinfo="skip",
            xgap=1,
            ygap=1,
        )
    )
    # A heatmap cannot be clicked, but invisible markers can.
    places = [(row, column) for row in range(len(names)) for column in range(len(names))]
    figure.add_scatter(
        x=[names[column] for _, column in places],
        y=[names[row] for row, _ in places],
        customdata=places,
        mode="markers",
        marker={"size": 26, "symbol": "square", "opacity": 0},
        selected_marker_opacity=0,
        unselected_marker_opacity=0,
        text=[str(counts[row][column]) for row, column in places],
        hovertemplate="%{text} of %{y} called %{x}<extra></extra>",
        showlegend=False,
    )
    if chosen is not None:
        row, column = (classes.index(genre) for genre in chosen)
        figure.add_shape(
            type="rect",
            x0=column - 0.5,
            x1=column + 0.5,
            y0=row - 0.5,
            y1=row + 0.5,
            line={"width": 3, "color": "#2FA39E"},
        )
    figure.update_xaxes(tickangle=-45, showgrid=False, title="called")
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure
