"""Colours that stand for nothing in a legend: ink, paper, land and borders."""

from __future__ import annotations

from typing import Final

INK: Final = "#1f1f1f"
GREY: Final = "#5c5c5c"
PAPER: Final = "#ffffff"
LAND: Final = "#ffffff"
OUTSIDE: Final = "#eceae4"
"""What lies outside the region."""

GEMEENTEGRENS: Final = "#3d3d5c"
SIGNAL: Final = "#9c1f2e"
"""Of the notice that data are made up."""
