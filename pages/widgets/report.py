"""Figures and tables of the About page, one function for each kind of result."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.widgets.results import Accuracy
from pages.widgets.words import genre_name, percent

# None and many. Opaque, so that Plotly can tell whether dark or light digits are legible.
_NONE, _MANY = {"light": "#f6eee3", "dark": "#222a35"}, "#e06000"


def show_accuracy(result: Accuracy, shipped_sha256: str) -> None:
    """Show how often the network is right, and with what it confuses what.

    Parameters
    ----------
    result : Accuracy
        From one run of `evaluate`.
    shipped_sha256 : str
        Of the weights that this app runs.
    """
    low, high = result.interval
    figure, words = st.columns([1, 2], gap="large", vertical_alignment="center")
    figure.metric("Right verdicts", f"{result.accuracy:.1%}".replace("%", "\u00a0%"))
    words.markdown(
        f"of {result.n} tracks of the split `{result.split}`, none of which the network learned "
        f"from. For other tracks of the same kind, {100 * low:.1f} to {100 * high:.1f}\u00a0% can "
        "be expected (95\u00a0% interval). Guessing would reach "
        f"{percent(1 / len(result.classes))}."
    )
    if result.model_sha256 != shipped_sha256:
        st.warning(
            "These figures were measured with other weights than the app now runs. "
            "The command below measures them again."
        )
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**What is taken for what** (rows: true genre, columns: verdict)")
        st.plotly_chart(
            _confusion(result),
            config={"displayModeBar": False},
            alt="Confusion matrix: true genres in rows, verdicts in columns",
        )
    with right:
        st.markdown("**Genre by genre**")
        st.dataframe(
            _per_genre(result),
            hide_index=True,
            height="content",
            column_config={
                name: st.column_config.NumberColumn(format="%.0f %%", help=help_)
                for name, help_ in (
                    ("Precision", "Of the tracks called so, the share that are"),
                    ("Recall", "Of the tracks that are, the share called so"),
                )
            },
            alt="Precision and recall of every genre",
        )
    st.code(result.command, language="bash", wrap_lines=True)


def _confusion(result: Accuracy) -> go.Figure:
    names = [genre_name(genre) for genre in result.classes]
    figure = go.Figure(
        go.Heatmap(
            z=result.confusion,
            x=names,
            y=names,
            colorscale=[[0, _NONE[st.context.theme.type or "light"]], [1, _MANY]],
            showscale=False,
            text=[[str(count) if count else "" for count in row] for row in result.confusion],
            texttemplate="%{text}",
            hovertemplate="%{z} tracks of %{y} called %{x}<extra></extra>",
            xgap=1,
            ygap=1,
        )
    )
    figure.update_layout(
        height=410,
        margin={"l": 70, "r": 4, "t": 8, "b": 60},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
    figure.update_xaxes(tickangle=-45, showgrid=False, fixedrange=True)
    figure.update_yaxes(autorange="reversed", showgrid=False, fixedrange=True)
    return figure


def _per_genre(result: Accuracy) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "Genre": genre_name(genre),
                "Precision": _in_percent(figures["precision"]),
                "Recall": _in_percent(figures["recall"]),
                "Tracks": figures["support"],
            }
            for genre, figures in result.per_genre.items()
        ]
    )


def _in_percent(share: float | None) -> float | None:
    return None if share is None else 100 * share
