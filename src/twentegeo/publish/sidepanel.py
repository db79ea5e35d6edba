"""What stands beside the overview map: title, legend, the first areas, sources and run."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, Final

from matplotlib.patches import Rectangle

from twentegeo.tables.layers import BRON, PRIORITEITSGEBIED

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from twentegeo.publish.classes import ClassTable
    from twentegeo.publish.edition import Edition

INK: Final = "#1f1f1f"
GREY: Final = "#5c5c5c"
TITLE: Final = "Waar is woningverbetering\nhet meest urgent?"

_BOX: Final = (0.695, 0.03, 0.285, 0.94)
_LINE: Final = 0.0295
_NAME_WIDTH: Final = 40
_PLACE_WIDTH: Final = 48
_FOOT_WIDTH: Final = 74


def draw(
    figure: Figure, layers: Mapping[str, pd.DataFrame], table: ClassTable, edition: Edition, *, numbered: int
) -> None:
    """
    Draw the panel at the right of the map.

    Parameters
    ----------
    figure
        Where to draw.
    layers
        Rows by layer name; ``prioriteitsgebied`` and ``bron`` are read, each may be absent.
    table
        Classes of the legend.
    edition
        Region, date, run and notice.
    numbered
        How many areas to list.
    """
    axes = figure.add_axes(_BOX)
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.text(0, 1.0, TITLE, fontsize=19, fontweight="bold", color=INK, va="top", linespacing=1.15)
    axes.text(0, 0.912, edition.region, fontsize=14, color=INK, va="top")
    axes.text(0, 0.882, "gemiddelde prioriteitsscore van de woningen per hectare", fontsize=9.5, color=GREY, va="top")
    below = _legend(axes, table, 0.84)
    _ranking(axes, layers.get(PRIORITEITSGEBIED.name), below - 0.035, numbered)
    axes.text(0, 0.0, _foot(layers.get(BRON.name), edition), fontsize=7.5, color=GREY, va="bottom", linespacing=1.4)


def box(x: float, y: float, width: float, height: float, **style: Any) -> Rectangle:
    """
    Make a rectangle.

    Parameters
    ----------
    x, y, width, height
        In the units of the axes it is added to.
    **style
        As matplotlib takes it.

    Returns
    -------
    patch
        To be added to axes.
    """
    return Rectangle((x, y), width, height, **style)


def _legend(axes: Axes, table: ClassTable, top: float) -> float:
    heading = "Score prioriteit (100 is het meest urgent)"
    axes.text(0, top, heading, fontsize=10, fontweight="bold", color=INK, va="top")
    y = top - 1.5 * _LINE
    for item in table.legend:
        axes.add_patch(box(0, y - 0.018, 0.07, 0.02, facecolor=item.colour, edgecolor="#9a9a9a", linewidth=0.5))
        axes.text(0.095, y - 0.008, item.label, fontsize=9.5, color=INK, va="center")
        y -= _LINE
    axes.add_patch(box(0, y - 0.018, 0.07, 0.02, facecolor="none", edgecolor=INK, linewidth=1.5))
    axes.text(0.095, y - 0.008, "prioriteitsgebied, met rang", fontsize=9.5, color=INK, va="center")
    return y - _LINE


def _ranking(axes: Axes, frame: pd.DataFrame | None, top: float, numbered: int) -> None:
    axes.text(0, top, "Meest urgente gebieden", fontsize=10, fontweight="bold", color=INK, va="top")
    if frame is None or frame.empty:
        axes.text(0, top - 1.5 * _LINE, "Geen gebied voldoet aan de drempels.", fontsize=9.5, color=GREY, va="top")
        return
    for x, text in ((0.84, "woningen"), (1.0, "score")):
        axes.text(x, top - 0.002, text, fontsize=8.5, color=GREY, va="top", ha="right")
    y = top - 1.6 * _LINE
    first = frame.sort_values("rang").head(numbered)
    columns = ("rang", "naam", "gemeenten", "n_woningen", "score_prioriteit")
    for rank, name, municipalities, count, score in zip(*(first[column] for column in columns), strict=True):
        axes.text(0.045, y, str(rank), fontsize=9, fontweight="bold", color=INK, va="center", ha="right")
        # the municipalities have a line of their own, so the name need not repeat them
        axes.text(0.075, y, _fitted(name.split(" (")[0], _NAME_WIDTH), fontsize=9, color=INK, va="center")
        axes.text(0.075, y - 0.0145, _fitted(municipalities, _PLACE_WIDTH), fontsize=7.5, color=GREY, va="center")
        axes.text(0.84, y, f"{count:,}".replace(",", "."), fontsize=9, color=INK, va="center", ha="right")
        axes.text(1.0, y, f"{score:.0f}", fontsize=9, color=INK, va="center", ha="right")
        y -= 1.22 * _LINE
    if len(frame) > numbered:
        rest = f"en nog {len(frame) - numbered} gebieden in de laag prioriteitsgebied"
        axes.text(0.075, y, rest, fontsize=8.5, color=GREY, va="center")


def _fitted(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1].rstrip()}…"


def _foot(sources: pd.DataFrame | None, edition: Edition) -> str:
    lines = []
    if sources is not None and len(sources):
        holders = sources.drop_duplicates(["bron", "bronhouder"])
        named = [f"{name} ({holder})" for name, holder in zip(holders["bron"], holders["bronhouder"], strict=True)]
        lines.append(f"Bronnen: {'; '.join(named)}.")
    lines.append(f"Peildatum {edition.peildatum:%d-%m-%Y}. Run {edition.run_id}. RD (EPSG:28992).")
    if edition.notice:
        lines.append(f"{edition.notice}; trek geen conclusies over echte plaatsen.")
    return "\n".join(textwrap.fill(line, _FOOT_WIDTH) for line in lines)
