"""
Run the benchmark: ``python -m benchmarks [--scale 1] [--runs 3] [--only NAME] [--sample FOLDER]``.

Contenders of a row take turns: all once, then all again. Input files are read once beforehand, so that nobody pays
for a cold disk. Results go to the screen and to ``outputs/bench/results.csv``.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path
from typing import Any

from benchmarks import inputs as making
from benchmarks import measure, report
from benchmarks.between import Nights
from benchmarks.rows import Contender, Counts, Row, rows

ROOT = Path(__file__).parents[1]
CHUNK = 1 << 24


def asked() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.split("\n\n", 1)[1])
    parser.add_argument("--scale", type=float, default=1.0, help="size as a share of Twente; bounds hold at 1")
    parser.add_argument("--runs", type=int, default=3, help="turns of each contender")
    parser.add_argument("--slow-runs", type=int, default=None, help="turns of the slowest peers; default: as many")
    parser.add_argument("--only", action="append", metavar="ROW", help="only this row; may be repeated")
    parser.add_argument("--sample", type=Path, help="folder of a sample that exists, of the scale that --scale says")
    parser.add_argument("--out", type=Path, default=ROOT / "outputs" / "bench", help="where everything is made")
    return parser.parse_args()


def warm(paths: list[Path]) -> None:
    """Read files once."""
    for path in paths:
        with path.open("rb") as stream:
            while stream.read(CHUNK):
                pass


def turn(contender: Contender, told: dict[str, Any], folder: Path) -> tuple[measure.Measured, Counts]:
    """Run one contender once, in a clean folder."""
    scratch = folder / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    if contender.before:
        contender.before()
    file = folder / "job.json"
    file.write_text(json.dumps({**told, "scratch": str(scratch), **contender.told}), encoding="utf-8")
    measured = measure.run(contender.command(file), cwd=ROOT, log=folder / "log.txt")
    if measured.failed:
        return measured, {}
    if contender.collect:
        return measured, contender.collect(scratch)
    counts: Counts = json.loads((scratch / "counts.json").read_text(encoding="utf-8"))
    return measured, counts


def contest(
    row: Row, told: dict[str, Any], folder: Path, runs: tuple[int, int]
) -> tuple[dict[str, list[measure.Measured]], dict[str, Counts]]:
    """Let the contenders of a row take turns."""
    measured: dict[str, list[measure.Measured]] = {one.name: [] for one in row.contenders}
    counts: dict[str, Counts] = {}
    for number in range(max(runs)):
        for contender in row.contenders:
            if number >= (runs[1] if contender.slow else runs[0]):
                continue
            result, found = turn(contender, told, folder)
            measured[contender.name].append(result)
            if found:
                counts[contender.name] = found
            print(f"  {row.name}: {contender.name}: {result.wall:.2f} s {result.failed or ''}", flush=True)
    return measured, counts


def main() -> int:
    """Run all rows."""
    options = asked()
    if options.sample:
        making.require_own(options.sample)
    sample = options.sample or making.make_sample(options.out, options.scale)
    folder = options.out / f"work-{options.scale:g}"
    inputs = making.find(sample.resolve(), folder.resolve())
    chosen = [row for row in rows(inputs) if not options.only or row.name in options.only]
    names = {row.name for row in chosen}
    making.prepare(inputs, larger="memory" in names, second=any(name.startswith("one") for name in names))
    for name, on_top in (("one", False), ("one_daily", True)):
        if name in names:
            Nights(inputs, daily=on_top).prepare()
    chosen = [row for row in rows(inputs) if row.name in names]  # sizes of files are known now
    if names & {"unchanged", "relabelled", "one_labels", "one_both", "page", "maps"} and "night" not in names:
        night = next(row for row in rows(inputs) if row.name == "night")
        turn(night.contenders[0], inputs.told(), folder)
    lines: list[dict[str, Any]] = []
    about = {"scale": options.scale, **report.versions()}
    pace = None
    for row in chosen:
        warm([inputs.bag, inputs.parcels, inputs.energy_labels, *inputs.unpacked.iterdir()])
        runs = (options.runs, options.runs if options.slow_runs is None else options.slow_runs)
        measured, counts = contest(row, inputs.told(), folder, runs)
        found = report.lines_of(row, measured, counts, options.scale, pace)
        pace = report.pace_of(found) or pace
        report.show(row, found)
        lines += found
        report.write(options.out / "results.csv", lines, about)
    report.out.print("; ".join(f"{name} {value}" for name, value in about.items()))
    report.out.print(report.LEGEND)
    bad = [line for line in lines if line["contender"].startswith("twentegeo") and not line["verdict"].startswith("ok")]
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
