"""The north arrow, as points and as a picture for QGIS."""

from __future__ import annotations

import base64
from typing import Final

from twentegeo.publish.styles.palette import INK

NORTH_LEFT: Final = ((0.5, 0.0), (0.5, 0.78), (0.12, 1.0))
NORTH_RIGHT: Final = ((0.5, 0.0), (0.88, 1.0), (0.5, 0.78))
"""The two halves of the arrow in a box of one by one, from the top left; the left one is filled."""

_SIDE: Final = 100


def _polygon(points: tuple[tuple[float, float], ...], fill: str) -> str:
    listed = " ".join(f"{x * _SIDE:g},{y * _SIDE:g}" for x, y in points)
    return f'<polygon points="{listed}" fill="{fill}" stroke="{INK}" stroke-width="4" stroke-linejoin="round"/>'


_SVG: Final = (
    f'<svg xmlns="http://www.w3.org/2000/svg" width="{_SIDE}" height="{_SIDE}" viewBox="-4 -4 {_SIDE + 8} {_SIDE + 8}">'
    f"{_polygon(NORTH_LEFT, INK)}{_polygon(NORTH_RIGHT, '#ffffff')}</svg>"
)

NORTH_SVG: Final = f"base64:{base64.b64encode(_SVG.encode()).decode()}"
"""The arrow as a layout of QGIS holds a picture."""
