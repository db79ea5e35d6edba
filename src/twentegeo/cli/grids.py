"""Tables for whoever watches a command."""

from __future__ import annotations

from typing import Any

from rich.table import Table as Grid


def summary(manifest: dict[str, Any]) -> tuple[Grid, ...]:
    """Lay out counts, matches by join and losses by reason of a release."""
    layers = Grid("layer", "rows", title=f"{manifest['regio']}, peildatum {manifest['peildatum']}")
    for name, count in manifest["lagen"].items():
        layers.add_row(name, str(count))
    joins = Grid("join", "left", "matched", "share")
    for join in manifest["koppelingen"]:
        share = "" if join["dekking"] is None or join["dekking"] != join["dekking"] else f"{join['dekking']:.1f}%"
        joins.add_row(join["koppeling"], str(join["n_links"]), str(join["n_gekoppeld"]), share)
    losses = Grid("join", "side", "reason", "rows")
    for loss in manifest["koppelverlies"]:
        losses.add_row(loss["koppeling"], loss["zijde"], loss["reden"], str(loss["aantal"]))
    return layers, joins, losses


def scores(name: str, rows: list[dict[str, Any]]) -> Grid:
    """Lay the estimate beside the two ways that any map could take."""
    grid = Grid(
        "group", "method", "labels", "MAE", "bias", "SD", "log score", "90 %", "width", "EFG", "expected",
        title=f"Held-out labels, {name}",
    )  # fmt: skip
    for row in rows:
        figures = (f"{row[key]:.2f}" for key in ("mae", "bias", "sd", "logscore"))
        shares = (f"{row['dekking_90']:.1f}%", f"{row['klassen_90']:.1f}")
        efg = (f"{row['aandeel_efg']:.1f}%", f"{row['verwacht_efg']:.1f}%")
        grid.add_row(row["groep"], row["schatter"], str(row["n"]), *figures, *shares, *efg)
    return grid


def calibration(rows: list[dict[str, Any]]) -> Grid:
    """Lay chances beside what was found."""
    grid = Grid("method", "labels", "chance of EFG", "found", "slope", title="Calibration, tenths by chance")
    for row in rows:
        slope = "" if row["helling"] is None else f"{row['helling']:.2f}"
        grid.add_row(row["schatter"], str(row["n"]), f"{row['verwacht']:.1f}%", f"{row['gevonden']:.1f}%", slope)
    return grid
