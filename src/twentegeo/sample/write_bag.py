"""Write the BAG extract: a zip of zips, ten thousand voorkomens a file."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from twentegeo.sample import bag_xml
from twentegeo.sample.bag_forms import FORMS
from twentegeo.sample.bag_rows import TYPES, row_makers
from twentegeo.sample.zips import Member, deflated, stored, zipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date
    from pathlib import Path

    import pandas as pd

    from twentegeo.sample.registers import Registers
    from twentegeo.sample.settle import Region

A_FILE: Final = 10_000
MANY: Final = 40_000
"""From this many panden on, a second process helps more than it costs."""


@dataclass(frozen=True)
class Job:
    """One file of one object type: its voorkomens, with everything that is to be written of them."""

    kind: str
    name: str
    day: date
    rows: pd.DataFrame


@dataclass(frozen=True)
class Extract:
    """How many voorkomens and objects the extract holds, by object type."""

    voorkomens: dict[str, int]
    objects: dict[str, int]


def write_extract(path: Path, region: Region, registers: Registers, day: date, seed: int) -> Extract:
    """
    Write ``lvbag-extract-nl.zip``.

    Parameters
    ----------
    path
        Where to.
    region, registers
        What to write.
    day
        Technical date of the delivery.
    seed
        The sample's seed.

    Returns
    -------
    extract
        Counts of what was written.
    """
    stamp = day.strftime("%d%m%Y")
    files: dict[str, list[Member]] = {}
    counts = Extract({}, {})
    with _workers(len(registers.panden)) as run:
        for kind, make in row_makers(region, registers, day, seed).items():
            # one type at a time: the voorkomens of all of them together are more than a small machine holds
            rows = make()
            counts.voorkomens[kind], counts.objects[kind] = len(rows), rows["object"].nunique()
            starts = range(0, max(len(rows), 1), A_FILE)
            name = f"9999{kind}{stamp}"
            jobs = (Job(kind, f"{name}-{1 + i // A_FILE:06d}.xml", day, rows.iloc[i : i + A_FILE]) for i in starts)
            files[kind] = run(jobs)
            del rows
    relation = deflated(f"GEM-WPL-RELATIE-{stamp}-000001.xml", _relations(region, day).encode())
    outer = [stored(f"9999{name}{stamp}.zip", _aside(code, day, stamp)) for name, code in _ASIDE.items()]
    outer += [stored(f"9999{kind}{stamp}.zip", zipped(files[kind], day)) for kind in TYPES]
    outer.append(stored(f"GEM-WPL-RELATIE-{stamp}.zip", zipped([relation], day)))
    delivery = bag_xml.DELIVERY.replace("{day}", day.isoformat())
    outer.append(deflated("Leveringsdocument-BAG-Extract.xml", delivery.encode()))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(zipped(outer, day))
    return counts


_ASIDE: Final = {"InOnderzoek": "IO", "Inactief": "IA", "NietBag": "NB"}


@contextmanager
def _workers(panden: int) -> Iterator[Callable[[Iterable[Job]], list[Member]]]:
    """Something that writes files: two processes for a large extract, none beside this one for a small one."""
    if panden < MANY:
        yield lambda jobs: list(map(_write, jobs))
        return
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield lambda jobs: list(pool.map(_write, jobs))


def _write(job: Job) -> Member:
    objects = FORMS[job.kind](job.rows) if len(job.rows) else []
    text = "".join([bag_xml.head(job.kind, job.day), *objects, bag_xml.TAIL])
    return deflated(job.name, text.encode())


def _aside(code: str, day: date, stamp: str) -> bytes:
    """Make the zips of what is under investigation or removed: there, with nothing in them."""
    inner = [
        stored(
            f"9999{code}{kind}{stamp}.zip",
            zipped(
                [deflated(f"9999{code}{kind}{stamp}-000001.xml", (bag_xml.head(kind, day) + bag_xml.TAIL).encode())],
                day,
            ),
        )
        for kind in TYPES
    ]
    return zipped(inner, day)


def _relations(region: Region, day: date) -> str:
    """Woonplaats to municipality; with a provisional and an ended relation among them, as in the real file."""
    pairs = sorted(set(zip(region.cells["woonplaats"], region.cells["gemeente"], strict=True)))
    rows = [bag_xml.RELATION % ("2010-11-01", "", place, code, "definitief") for place, code in pairs]
    ended = "<bagtypes:einddatumTijdvakGeldigheid>2014-01-01</bagtypes:einddatumTijdvakGeldigheid>"
    place = pairs[0][0]
    rows.insert(0, bag_xml.RELATION % ("2009-03-01", ended, place, "0173", "definitief"))
    rows.append(bag_xml.RELATION % ("2012-05-01", "", place, "0164", "voorlopig"))
    return bag_xml.RELATION_HEAD.replace("{day}", day.isoformat()) + "".join(rows) + bag_xml.RELATION_TAIL
