"""
The BAG 2.0 extract, read for a region in the order in which the region unfolds.

Leveringsdocument → relation of woonplaatsen → WPL → OPR → NUM → VBO, LIG, STA → PND. Each step leaves the ids that
the next one filters on; members of a step are read side by side.
"""

from __future__ import annotations

import logging
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from twentegeo.errors import SourceChanged, SourceUnavailable, problem
from twentegeo.sources.bag import BagTables, memory, recall, relation, slow
from twentegeo.sources.bag.archive import FETCH_AGAIN, Delivery, discover
from twentegeo.sources.bag.assemble import Assembly
from twentegeo.sources.bag.crew import Crew
from twentegeo.sources.bag.current import Day
from twentegeo.sources.bag.drawn import Lying
from twentegeo.sources.bag.handover import Outlines, save_outlines
from twentegeo.sources.bag.reader import Reader
from twentegeo.sources.bag.rows import Picked

if TYPE_CHECKING:
    from collections.abc import Callable

    from twentegeo.sources.bag import BagScope, Means
    from twentegeo.sources.bag.dummies import BagParameters

logger = logging.getLogger(__name__)

SMALL_DELIVERY: Final = 64_000_000
"""Bytes of XML below which starting processes costs more than they save."""

NEEDED: Final = ("WPL", "OPR", "NUM", "VBO", "PND")


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
            known = memory.take_up(means.recall)
            remember = means.recall is not None
            reader = Reader(delivery, day, folder, crew, means.tell, rules.sliver_area_m2, known, remember)
            tables = _unfold(reader, scope, rules, means.freed)
        recall.load.cache_clear()  # of this process, where it read members itself
        if means.recall:
            again = [(known[kind], rows) for kind, rows in reader.again.items()]
            memory.keep(means.recall, reader.new, again, reader.order)
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
    reader.begin("NUM")
    reader.ahead("VBO", after="NUM")
    work.numbers(reader.gather("NUM"))
    work.more_streets(reader.outside("OPR", work.streets_lacking()))
    reader.leave("NUM", work.number_ids, work.number_places)
    for kind in ("VBO", "LIG", "STA"):
        reader.begin(kind)
    reader.ahead("PND", after="PND")
    work.verblijfsobjecten(reader.gather("VBO"))
    reader.leave("PND", work.used_panden)
    reader.begin("PND")
    work.account_for_strangers(reader.outside("NUM", work.strange_numbers()))
    for kind in ("LIG", "STA"):
        work.plaatsen(kind, reader.gather(kind))
    # done first: what has an address can be put together when the readers are gone as well
    reader.foresee("PND")
    # these do not wait for the panden
    with ThreadPoolExecutor(1, thread_name_prefix="addressed") as beside:
        addressed = beside.submit(work.make_addressed)
        reader.wait("PND")
        reader.crew.dismiss()
        freed(len(work.number_ids))
        panden = reader.gather("PND")
        if panden is None:
            work.no_panden()
        else:
            work.panden(Picked(panden.table.drop_columns(["wkb", *recall.SIDES]), panden.rows), Lying(panden))
        addressed.result()
    reader.tell("tabellen", 0, 1)
    tables = work.tables(date.fromisoformat(reader.day.reference))
    reader.tell("tabellen", 1, 1)
    return tables


def _woonplaatsen(reader: Reader, scope: BagScope) -> dict[int, tuple[str, str]]:
    """Read name and municipality of the region's woonplaatsen, and leave their outlines for the workers."""
    path = reader.delivery.path
    held = relation.municipality_of_woonplaats(reader.delivery.relation, reader.day.reference)
    relation.require_codes(path, scope.municipalities, held.values())
    wanted = {code: gemeente for code, gemeente in held.items() if gemeente in scope.municipalities}
    reader.leave("wanted", np.array(sorted(wanted), dtype=np.int64))
    rows = reader.step("WPL")
    table = rows.all() if rows is not None else None
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
