"""
The BAG 2.0 extract, read for a region in the order in which the region unfolds.

Leveringsdocument → relation of woonplaatsen → WPL → OPR → NUM → VBO, LIG, STA → PND. Each step leaves the ids that
the next one filters on; members of a step are read side by side.
"""

from __future__ import annotations

import logging
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from twentegeo.errors import SourceChanged, SourceUnavailable, problem
from twentegeo.sources.bag import BagTables, recall, relation, slow
from twentegeo.sources.bag.archive import FETCH_AGAIN, Delivery, discover
from twentegeo.sources.bag.assemble import Assembly
from twentegeo.sources.bag.crew import Crew
from twentegeo.sources.bag.current import Day, newest
from twentegeo.sources.bag.drawn import Drawn
from twentegeo.sources.bag.handover import OUTSIDE, Outlines, opened, save_ids, save_outlines
from twentegeo.sources.bag.members import Task
from twentegeo.sources.bag.rows import rows_at

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    import numpy.typing as npt

    from twentegeo.sources.bag import BagScope, Means
    from twentegeo.sources.bag.dummies import BagParameters
    from twentegeo.sources.bag.worker import Result

logger = logging.getLogger(__name__)

SMALL_DELIVERY: Final = 64_000_000
"""Bytes of XML below which starting processes costs more than they save."""

STAGES: Final = {
    "WPL": "woonplaatsen",
    "OPR": "openbare ruimten",
    "NUM": "nummeraanduidingen",
    "VBO": "verblijfsobjecten",
    "LIG": "ligplaatsen",
    "STA": "standplaatsen",
    "PND": "panden",
}
NEEDED: Final = ("WPL", "OPR", "NUM", "VBO", "PND")


@dataclass
class Reader:
    """
    One pass over a delivery.

    Attributes
    ----------
    delivery, day
        What is read, and for which day.
    folder
        Where intermediate files go.
    crew, tell
        Who does the work, and who is told.
    sliver_area
        For repairs, in m².
    recall
        Folder with what an earlier delivery held; None for none.
    counts
        Added to by each step.
    read
        Files that the next delivery can use, with their checksums; added to by each step.
    """

    delivery: Delivery
    day: Day
    folder: Path
    crew: Crew
    tell: Callable[[str, int, int], None]
    sliver_area: float
    recall: Path | None = None
    counts: Counter[str] = field(default_factory=Counter)
    read: dict[Path, int] = field(default_factory=dict)

    def step(self, kind: str) -> pa.Table | None:
        """
        Read all members of one type.

        Parameters
        ----------
        kind
            Object type.

        Returns
        -------
        table
            The region's current rows, one per object, sorted by id; None where there are none.
        """
        return self.gather(kind, self.begin(kind))

    def begin(self, kind: str) -> Future[list[Result]]:
        """Begin to read the members of one type; what they filter on has to be left before."""
        tasks = [
            Task(
                kind,
                member,
                self.day,
                str(self.folder / f"{kind}-{number:05d}.arrow"),
                str(self.folder),
                self.sliver_area,
                str(self.recall or ""),
            )
            for number, member in enumerate(self.delivery.objects[kind])
        ]
        self.tell(STAGES[kind], 0, len(tasks))
        return self.crew.start(tasks, lambda done: self.tell(STAGES[kind], done, len(tasks)))

    def gather(self, kind: str, begun: Future[list[Result]]) -> pa.Table | None:
        """Wait for the members of one type and put them together; see :meth:`step`."""
        results = begun.result()
        for result in results:
            self.counts.update({f"{kind}_{what}": n for what, n in result.counts.items()})
        written = {Path(result.path): result.checksum for result in results if result.path is not None}
        if not written:
            return None
        if kind in recall.PRINTED:
            self.read |= written
        return self._one_per_object(kind, pa.concat_tables([recall.without(opened(path)) for path in written]))

    def _one_per_object(self, kind: str, table: pa.Table) -> pa.Table:
        rows, doubles = newest(table)
        self.counts[f"{kind}_dubbel"] += doubles
        self.counts[f"{kind}_objecten"] += len(rows)
        self.counts[f"{kind}_einde_vooruit"] += int((table["rank"].to_numpy()[rows] > 0).sum())
        # members come in order of id most often, and workers put their rows in it
        return rows_at(table, rows)

    def leave(self, name: str, ids: npt.NDArray[np.int64], values: npt.NDArray[np.int64] | None = None) -> None:
        """Leave ids for the workers of later steps."""
        save_ids(self.folder, name, ids, values)

    def outside(self, kind: str, ids: npt.NDArray[np.int64]) -> pa.Table | None:
        """
        Look up objects that the delivery holds outside the region.

        Parameters
        ----------
        kind
            ``OPR`` or ``NUM``.
        ids
            Which ones, shape (n,).

        Returns
        -------
        table
            Those that are there; None where there are none.
        """
        if not len(ids):
            return None
        wanted = pa.array(ids)
        files = sorted(self.folder.glob(f"{kind}-*{OUTSIDE}"))
        parts = [table.filter(pc.is_in(table["id"], wanted)) for table in map(opened, files)]
        return pa.concat_tables(parts) if parts else None


def read(path: Path, scope: BagScope, rules: BagParameters, means: Means) -> BagTables:
    """
    Read an extract.

    Parameters
    ----------
    path
        The zip of zips.
    scope, rules, means
        See :func:`twentegeo.sources.bag.read`.

    Returns
    -------
    tables
        The region's objects.
    """
    means.work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bag-", dir=means.work) as name:
        folder = Path(name)
        delivery = discover(path, folder)
        delivered = relation.delivery_date(delivery) if delivery.document else ""
        require_objects(delivery)
        delivered = delivered or relation.delivery_date(delivery)
        day = Day(scope.reference_date.isoformat() if scope.reference_date else delivered, delivered)
        logger.info("reading %s: %.0f MB of XML, state of %s", path.name, delivery.size / 1e6, day.reference)
        workers = means.workers if delivery.size > SMALL_DELIVERY else 1
        with Crew(workers) as crew:
            # the workers are starting meanwhile
            known = means.recall if means.recall and recall.whole(means.recall) else None
            reader = Reader(delivery, day, folder, crew, means.tell, rules.sliver_area_m2, known)
            tables = _unfold(reader, scope, rules, means.freed)
        recall.load.cache_clear()  # what is mapped is replaced
        if means.recall:
            recall.keep(means.recall, reader.read)
        return tables


def require_objects(delivery: Delivery) -> None:
    """
    Refuse a zip that is no full stand of the BAG.

    Parameters
    ----------
    delivery
        Its members.

    Raises
    ------
    SourceChanged
        There are no BAG members; mutation deliveries are named as such.
    SourceUnavailable
        Members of a type that is needed are missing.
    """
    if not any(delivery.objects.values()):
        for member in delivery.others[:3]:
            slow.read(member.read(), "PND", member)
        raise SourceChanged(problem(delivery.path, "de zip heeft geen leden van een BAG-extract", slow.EXTRACT_REMEDY))
    missing = [kind for kind in NEEDED if not delivery.objects[kind]]
    missing += [] if delivery.relation else ["GEM-WPL-RELATIE"]
    if missing:
        raise SourceUnavailable(
            problem(delivery.path, f"in de zip ontbreken de leden {', '.join(missing)}", FETCH_AGAIN)
        )


def _unfold(reader: Reader, scope: BagScope, rules: BagParameters, freed: Callable[[int], None]) -> BagTables:
    place = _woonplaatsen(reader, scope)
    work = Assembly(place, rules, reader.counts)
    work.streets(reader.step("OPR"))
    reader.leave("OPR", work.street_ids, work.street_places)
    work.numbers(reader.step("NUM"))
    work.more_streets(reader.outside("OPR", work.streets_lacking()))
    reader.leave("NUM", work.number_ids, work.number_places)
    work.verblijfsobjecten(reader.step("VBO"))
    work.account_for_strangers(reader.outside("NUM", work.strange_numbers()))
    for kind in ("LIG", "STA"):
        work.plaatsen(kind, reader.step(kind))
    reader.leave("PND", work.used_panden)
    begun = reader.begin("PND")
    # the workers are busy for a while; these do not wait for the panden
    work.make_addressed()
    begun.result()
    reader.crew.dismiss()
    freed(len(work.number_ids))
    panden = reader.gather("PND", begun)
    if panden is None:
        work.no_panden()
    else:
        work.panden(panden.drop_columns(["wkb", *recall.SIDES]), _drawn(panden))
    reader.tell("tabellen", 0, 1)
    tables = work.tables(date.fromisoformat(reader.day.reference))
    reader.tell("tabellen", 1, 1)
    return tables


def _drawn(panden: pa.Table) -> Drawn:
    bounds = np.column_stack([panden[side].to_numpy() for side in recall.SIDES])
    return Drawn(panden["wkb"].combine_chunks(), bounds, None)


def _woonplaatsen(reader: Reader, scope: BagScope) -> dict[int, tuple[str, str]]:
    """Read name and municipality of the region's woonplaatsen, and leave their outlines for the workers."""
    path = reader.delivery.path
    held = relation.municipality_of_woonplaats(reader.delivery.relation, reader.day.reference)
    relation.require_codes(path, scope.municipalities, held.values())
    wanted = {code: gemeente for code, gemeente in held.items() if gemeente in scope.municipalities}
    reader.leave("wanted", np.array(sorted(wanted), dtype=np.int64))
    table = reader.step("WPL")
    codes = table["id"].to_pylist() if table is not None else []
    # the relation is national, also in the delivery of one municipality
    relation.require_codes(path, scope.municipalities, {wanted[code] for code in codes})
    assert table is not None  # noqa: S101 - some code is there
    shapes = shapely.from_wkb(table["wkb"].to_numpy())
    drawn = ~shapely.is_missing(shapes)
    numbers = np.array(codes, dtype=np.int64)
    save_outlines(reader.folder, Outlines(numbers[drawn], shapes[drawn]))
    reader.leave("WPL", numbers)
    return {code: (name, wanted[code]) for code, name in zip(codes, table["naam"].to_pylist(), strict=True)}
