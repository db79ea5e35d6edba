"""Medians, ratios and verdicts: on the screen and in a CSV file."""

from __future__ import annotations

import csv
import json
import os
import platform
import shutil
import statistics
import subprocess
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.measure import Measured
    from benchmarks.rows import Counts, Row

PACKAGES = (
    "twentegeo", "numpy", "pandas", "geopandas", "shapely", "pyogrio", "pyarrow", "polars", "lxml",
)  # fmt: skip
GROWTH = 1.15
"""Memory that is this much higher on the larger extract counts as growing."""

LEGEND = (
    "wall: from start to stop of the work; ratio: to the first line of the row, so above 1 is slower than ours."
    " Peak: resident sizes of all processes together, sampled every 20 ms, shared pages counted twice;"
    " main, child: the kernel's high-water mark of the first process and of the largest of the others."
)

YARDSTICK = ("extract", "ogr2ogr, two at once", 20.0)
"""
Row and contender that tell how fast this machine is, and the seconds it takes where the bounds were set.

It helps to read a row that is over its bound; a bound in seconds is judged in seconds.
"""

out = Console(width=170)


def versions() -> dict[str, str]:
    """Name what ran."""
    from pyogrio import __gdal_version_string__ as gdal  # noqa: PLC0415

    found = {name: version(name) for name in PACKAGES}
    found |= {"python": platform.python_version(), "gdal_wheel": gdal, "cpus": str(os.cpu_count())}
    ogr2ogr = shutil.which("ogr2ogr")
    if ogr2ogr:
        told = subprocess.run([ogr2ogr, "--version"], capture_output=True, text=True, check=True).stdout
        found["ogr2ogr"] = told.split(",")[0].removeprefix("GDAL ")
    return found


def lines_of(
    row: Row,
    measured: dict[str, list[Measured]],
    counts: dict[str, Counts],
    scale: float | None,
    pace: float | None = None,
) -> list[dict[str, Any]]:
    """Sum up a row: one line per contender. ``pace`` is what :func:`pace_of` said of the yardstick."""
    reasons = dict(zip(counts, row.void(list(counts.values())), strict=True))
    lines, first = [], None
    for contender in row.contenders:
        runs = [one for one in measured[contender.name] if not one.failed]
        line: dict[str, Any] = {
            "row": row.name,
            "contender": contender.name,
            "runs": len(runs),
            "wall_s": _median([one.wall for one in runs]),
            "cpu_s": _median([one.cpu for one in runs]),
            "peak_mb": _median([one.peak for one in runs]),
            "main_mb": _median([one.main for one in runs]),
            "largest_child_mb": _median([one.largest_child for one in runs]),
            "all_wall_s": " ".join(f"{one.wall:.2f}" for one in runs),
            "counts": counts.get(contender.name, {}),
            "does": contender.does,
        }
        first = first or line
        field = "peak_mb" if row.memory_only else "wall_s"
        line["ratio"] = line[field] / first[field] if runs and first[field] else None
        lines.append(line)
    here = pace_of(lines) or pace
    for line in lines:
        failed = [one.failed for one in measured[line["contender"]] if one.failed]
        judged = scale if line is first or row.memory_only else None
        line["verdict"] = _verdict(row, line, failed, reasons.get(line["contender"]), (judged, here))
    if first and first["verdict"].startswith("ok"):
        first["verdict"] = _beside(row, first["verdict"], lines[1:], scale)
    return lines


def _beside(row: Row, verdict: str, others: list[dict[str, Any]], scale: float | None) -> str:
    """Judge how many times as long the second takes; a small sample is mostly what every night costs."""
    if row.least_ratio is None or scale is None or scale < 1 or others[0]["ratio"] is None:
        return verdict
    bound = f"the other at least {row.least_ratio:g} times as long"
    return f"{verdict}; {bound}" if others[0]["ratio"] >= row.least_ratio else f"OVER ({bound})"


def pace_of(lines: list[dict[str, Any]]) -> float | None:
    """Tell how many times as long the yardstick takes here as where the bounds were set; None where it did not run."""
    row, contender, seconds = YARDSTICK
    walls = [line["wall_s"] for line in lines if (line["row"], line["contender"]) == (row, contender)]
    return walls[0] / seconds if walls and walls[0] else None


def _verdict(
    row: Row, line: dict[str, Any], failed: list[str], wrong: str | None, where: tuple[float | None, float | None]
) -> str:
    scale, pace = where
    if failed:
        return f"FAILED: {failed[0]}"
    if wrong:
        return f"VOID: {wrong}"
    if not line["runs"]:
        return "not run"
    if row.memory_only:
        return _growth(line, scale)
    return _bound(row, line, scale, pace)


def _growth(line: dict[str, Any], scale: float | None) -> str:
    if scale is not None and scale < 1:
        return "not judged: small files are read by the main process"
    return "GROWS" if line["ratio"] is not None and line["ratio"] > GROWTH else "ok"


def _bound(row: Row, line: dict[str, Any], scale: float | None, pace: float | None) -> str:
    if not row.bound or scale is None:
        return "ok"
    seconds, megabytes = row.bound
    bound = f"bound {seconds:g} s, {megabytes:.0f} MB"
    if scale < 1:
        return f"ok ({bound} at scale 1)"
    if line["peak_mb"] > megabytes:
        return f"OVER ({bound})"
    if line["wall_s"] <= seconds:
        return f"ok ({bound})"
    if pace is None:
        return f"OVER ({bound})"
    return f"OVER ({bound}; {seconds * pace:.0f} s at the pace of this machine)"


def _median(values: list[float]) -> float | None:
    return statistics.median(values) if values else None


def show(row: Row, lines: list[dict[str, Any]]) -> None:
    """Print a row."""
    grid = Table(
        "", "runs", "wall s", "ratio", "cpu s", "peak MB", "main MB", "child MB", "counts", "verdict", title=row.title
    )
    for line in lines:
        counts = {
            key: value
            for key, value in line["counts"].items()
            if key not in ("releases", "redone", "in vain", "stages")
        }
        shown = [f"{key} {value}" for key, value in counts.items()][:7]
        figures = [_text(line[name], digits) for name, digits in (("wall_s", 2), ("ratio", 2), ("cpu_s", 2))]
        sizes = [_text(line[name], 0) for name in ("peak_mb", "main_mb", "largest_child_mb")]
        grid.add_row(line["contender"], str(line["runs"]), *figures, *sizes, ", ".join(shown), line["verdict"])
    out.print(grid)


def _text(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def write(path: Path, lines: list[dict[str, Any]], about: dict[str, Any]) -> None:
    """Write all lines with what ran."""
    if not lines:
        return
    texts = [{**line, "counts": json.dumps(line["counts"], default=str), **about} for line in lines]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(texts[0]))
        writer.writeheader()
        writer.writerows(texts)
