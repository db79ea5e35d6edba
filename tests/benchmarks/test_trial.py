"""The benchmark on a small region: nobody measures every day, and what it starts from changes with the program."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = ("one_daily", "one_both", "page")
"""Nights of two kinds, with all the files that are made for them, and work that starts from a release."""


@pytest.mark.slow
def test_a_trial_counts_the_same_for_everyone(tmp_path: Path):
    wanted = [word for row in ROWS for word in ("--only", row)]
    # from 1 % of the region on, a night with one changed municipality is no drift
    command = [sys.executable, "-m", "benchmarks", "--scale", "0.01", "--runs", "1", "--out", str(tmp_path), *wanted]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT, timeout=900)

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    with next(tmp_path.rglob("results.csv")).open(encoding="utf-8", newline="") as file:
        measured = list(csv.DictReader(file))
    assert {line["row"] for line in measured} == set(ROWS)
    assert all(line["verdict"].startswith("ok") for line in measured)
