"""
One pass over a delivery, type by type: members are handed out, and what came of them is put together.

Rows come from three places. Workers filter members of which much is new. Of members of which little is new they leave
the rows as they were read, to be filtered here all at once. And what an earlier delivery said of a stand is not handed
on: members only tell that they say it again, and it is taken from where it is kept.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from twentegeo.errors import TwenteGeoError
from twentegeo.sources.bag import recall, region, worker
from twentegeo.sources.bag.current import Day, newest
from twentegeo.sources.bag.foreseen import MEMBER, Foreseen, Rows
from twentegeo.sources.bag.handover import OUTSIDE, opened, save_ids, write
from twentegeo.sources.bag.members import Task, as_read
from twentegeo.sources.bag.rows import Picked

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    import numpy.typing as npt

    from twentegeo.sources.bag.archive import Delivery
    from twentegeo.sources.bag.crew import Crew
    from twentegeo.sources.bag.memory import Memory
    from twentegeo.sources.bag.worker import Result

    Ints = npt.NDArray[np.int64]

STAGES: Final = {
    "WPL": "woonplaatsen",
    "OPR": "openbare ruimten",
    "NUM": "nummeraanduidingen",
    "VBO": "verblijfsobjecten",
    "LIG": "ligplaatsen",
    "STA": "standplaatsen",
    "PND": "panden",
}


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
    kept
        What earlier deliveries held, by object type.
    remember
        Whether the next delivery can use what this one says.
    counts
        Added to by each step.
    new
        Files that the next delivery can use, with their checksums; added to by each step.
    again
        Rows of what is kept that this delivery says again, by object type; added to by each step.
    order
        Files with the order of its members, by object type; added to by each step.
    """

    delivery: Delivery
    day: Day
    folder: Path
    crew: Crew
    tell: Callable[[str, int, int], None]
    sliver_area: float
    kept: dict[str, Memory] = field(default_factory=dict)
    remember: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    new: dict[Path, int] = field(default_factory=dict)
    again: dict[str, Ints] = field(default_factory=dict)
    order: dict[str, list[Path]] = field(default_factory=dict)
    _begun: dict[str, tuple[list[Task], Future[list[Result]]]] = field(default_factory=dict)
    _foreseen: dict[str, Foreseen] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Leave the prints of what is kept."""
        for memory in self.kept.values():
            memory.leave_prints(self.folder, self.day.reference)

    def leave(self, name: str, ids: Ints, values: Ints | None = None) -> None:
        """Leave ids for the workers of later steps."""
        save_ids(self.folder, name, ids, values)

    # -- handing out -----------------------------------------------------------------------------------------

    def begin(self, kind: str) -> None:
        """Begin to read the members of one type, unless that was done ahead; what they filter on has been left."""
        if kind not in self._begun:
            self._start(kind, self._tasks(kind))

    def ahead(self, kind: str, after: str) -> None:
        """
        Begin to read the members of one type before what they filter on has been left, where it is of use.

        It is where something is kept: of most members little has to be filtered.

        Parameters
        ----------
        kind
            Object type.
        after
            The ids that will be left.
        """
        tasks = self._tasks(kind, after)
        if kind in self.kept and self.crew.shares(tasks):
            self._start(kind, tasks)

    def _start(self, kind: str, tasks: list[Task]) -> None:
        told = self.crew.start(tasks, lambda done: self.tell(STAGES[kind], done, len(tasks)))
        self._begun[kind] = tasks, told

    def _tasks(self, kind: str, after: str = "") -> list[Task]:
        return [
            Task(
                kind,
                member,
                self.day,
                self._target(kind, f"{number:05d}"),
                str(self.folder),
                self.sliver_area,
                recall=kind in self.kept,
                remember=self.remember,
                after=after,
            )
            for number, member in enumerate(self.delivery.objects[kind])
        ]

    def _target(self, kind: str, name: str) -> str:
        return str(self.folder / f"{kind}-{name}.arrow")

    # -- putting together ------------------------------------------------------------------------------------

    def step(self, kind: str) -> Picked | None:
        """Read all members of one type; see :meth:`gather`."""
        self.begin(kind)
        return self.gather(kind)

    def foresee(self, kind: str) -> None:
        """Judge and filter what is kept of one type while its members are being read; what that takes has been left."""
        if kind in self.kept and kind not in self._foreseen:
            # no member is to blame for what is kept
            task = replace(self._begun[kind][0][0], target=self._target(kind, "known"))
            self._foreseen[kind] = Foreseen.of(self.kept[kind].read(as_read(kind)), task)

    def wait(self, kind: str) -> None:
        """Wait until the members of one type have been read."""
        self._begun[kind][1].result()

    def gather(self, kind: str) -> Picked | None:
        """
        Wait for the members of one type and put together what came of them.

        Parameters
        ----------
        kind
            Object type.

        Returns
        -------
        rows
            The region's current rows, one per object, sorted by id; None where there are none.
        """
        self.foresee(kind)
        tasks, begun = self._begun.pop(kind)
        results = begun.result()
        for result in results:
            self._count(kind, result.counts)
        parts = [
            *self._known(kind, results),
            *self._few(tasks, results),
            *(Rows.of(opened(Path(one.path)), number) for number, one in enumerate(results) if one.path),
        ]
        if kind in recall.PRINTED:
            self.new |= {Path(one.path): one.checksum for one in results if one.path}
            self.order[kind] = [Path(one.order) for one in results if one.order]
        return self._one_per_object(kind, [part for part in parts if len(part.at)])

    def _known(self, kind: str, results: list[Result]) -> list[Rows]:
        """Choose from what is kept the rows of stands that are said again."""
        if kind not in self._foreseen:
            return []
        foreseen = self._foreseen.pop(kind)
        told = [(number, np.load(result.known)) for number, result in enumerate(results) if result.known]
        none = np.zeros((2, 0), dtype=np.int64)
        known = np.concatenate([none, *(np.add(pair, [[0], [number * MEMBER]]) for number, pair in told)], axis=1)
        # in the order in which they are kept they are most often all rows, or a run of them
        rows, places = known[:, np.argsort(known[0], kind="stable")]
        self._count(kind, foreseen.counted(rows))
        chosen, others = foreseen.chosen(rows, places)
        self.again[kind] = rows[~others]
        outside = Path(self._target(kind, "known")).with_suffix(OUTSIDE)
        if outside.exists():
            # the rule of the type left all that is kept and lies outside, said again or not
            outside.unlink()
            write(pa.table({"id": foreseen.ids[rows[others & foreseen.holds[rows]]]}), outside)
        return [chosen]

    def _few(self, tasks: list[Task], results: list[Result]) -> list[Rows]:
        """Filter what members of which little is new left, all at once, and keep it for the next delivery."""
        some = [
            (task, opened(Path(result.few)), number)
            for number, (task, result) in enumerate(zip(tasks, results, strict=True))
            if result.few
        ]
        if not some:
            return []
        places = np.concatenate([Rows.of(table, number).places for _, table, number in some])
        table = pa.concat_tables([table for _, table, _ in some])
        table = table.set_column(table.schema.get_field_index("plaats"), "plaats", pa.array(places))
        kind = tasks[0].kind
        target = self._target(kind, "few")
        counts: dict[str, int] = {}
        try:
            rows = region.KEEP[kind](table, replace(tasks[0], target=target), counts)
        except (TwenteGeoError, pa.ArrowInvalid):
            for task, one, _ in some:
                worker.filtered(one, task, {})  # raises what the member is to blame for
            raise
        self._count(kind, counts)
        checksum = write(rows.replace_schema_metadata(table.schema.metadata), Path(target))
        if rows.num_rows:
            self.new[Path(target)] = checksum
        return [Rows.of(rows, 0)]

    def _one_per_object(self, kind: str, parts: list[Rows]) -> Picked | None:
        if not parts:
            return None
        start = np.cumsum([0, *(part.table.num_rows for part in parts)])
        table = pa.concat_tables([recall.without(part.table).drop_columns("plaats") for part in parts])
        at = np.concatenate([part.at + first for part, first in zip(parts, start[:-1], strict=True)])
        rows = Picked(table, at)
        self._count(kind, region.counted(kind, rows))
        chosen, doubles = newest(rows, np.concatenate([part.places for part in parts]))
        ahead = int((chosen.array("rank") > 0).sum())
        self._count(kind, {"dubbel": doubles, "objecten": len(chosen), "einde_vooruit": ahead})
        return chosen

    def _count(self, kind: str, counts: dict[str, int]) -> None:
        self.counts.update({f"{kind}_{what}": n for what, n in counts.items()})

    def outside(self, kind: str, ids: Ints) -> pa.Table | None:
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
