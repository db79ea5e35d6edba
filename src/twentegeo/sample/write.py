"""The door: one call that writes the whole sample."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from twentegeo.sample.partition import plan
from twentegeo.sample.registers import register
from twentegeo.sample.settle import settle
from twentegeo.sample.write_bag import write_extract
from twentegeo.sample.write_brk import write_parcels

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True)
class SampleFiles:
    bag: Path
    parcels: Path


def write_sample(out: Path, *, scale: float, seed: int, reference_date: date = date(2026, 11, 8), progress=None):
    import time
    t=time.time()
    def say(x):
        nonlocal t
        print(f"{time.time()-t:6.2f} {x}"); t=time.time()
    cells = plan(seed, scale); say(f"plan {len(cells)}")
    region = settle(cells, seed, scale); say(f"settle {len(region.mains)} {len(region.sheds)} {len(region.parcels)}")
    registers = register(region, seed); say(f"register {len(registers.panden)} {len(registers.vbos)} {len(registers.nums)}")
    e = write_extract(out/"bag/lvbag-extract-nl.zip", region, registers, reference_date, seed); say(e)
    say(write_parcels(out/"brk/kadastralekaart_perceel.zip", region, reference_date, seed))
    return region, registers
