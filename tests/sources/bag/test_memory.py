"""What reading takes does not grow with what lies outside the region."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import pyarrow as pa

from twentegeo.sources import bag


def peak(path: Path, work: Path) -> float:
    """Most memory in use at once while reading, in MB: Python's own and Arrow's."""
    pool = pa.proxy_memory_pool(pa.default_memory_pool())
    previous = pa.default_memory_pool()
    pa.set_memory_pool(pool)
    tracemalloc.start()
    try:
        bag.read(bag.fetch(path), bag.BagScope(("0001",)), bag.Means(work))
        return (tracemalloc.get_traced_memory()[1] + (pool.max_memory() or 0)) / 1e6
    finally:
        tracemalloc.stop()
        pa.set_memory_pool(previous)


def test_members_outside_the_region_pass_by(world: Any, make: Any, tmp_path: Path) -> None:
    # all of municipality 0002, far from the border of 0001
    far = {
        "NUM": [make.nummer(number, 2, 1) for number in range(100, 700)],
        "VBO": [make.vbo(number, number, [number], at=(15_005, 400_004)) for number in range(100, 700)],
        "PND": [make.pand(number, make.box(15_000, 400_000)) for number in range(100, 700)],
    }

    def written(times: int) -> Path:
        for kind, stands in far.items():
            own = make.member_xml(kind, "".join(world.stands[kind]))
            world.documents[kind] = [own] + [make.member_xml(kind, "".join(stands))] * times
        return world.write(tmp_path / f"times-{times}.zip")

    small, large = written(2), written(14)
    peak(small, tmp_path / "work")
    few, many = peak(small, tmp_path / "work"), peak(large, tmp_path / "work")
    # seven times the file; a list of its stands alone would be tens of MB more
    assert many < few * 1.25 + 1
