"""
A stage is computed once per set of inputs.

What a stage gave is kept under ``outputs/tables/<stage>/<fingerprint>/`` as GeoParquet. The fingerprint covers the
fingerprints of what went in, the parameters and the code of the rooms involved, so a changed label file redoes the
label stages and nothing before them, and an unchanged night redoes nothing at all.
"""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

import twentegeo
from twentegeo.pipeline import kept, program
from twentegeo.pipeline.hands import Hands
from twentegeo.pipeline.outcome import Outcome
from twentegeo.pipeline.stored_tables import StoredTables
from twentegeo.store import code_fingerprint, fingerprint
from twentegeo.tables.shapes import Mapped

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping, Sequence
    from types import TracebackType

    import geopandas as gpd
    import pandas as pd

    from twentegeo.pipeline.outcome import Computed
    from twentegeo.pipeline.progress import Progress
    from twentegeo.processes import Apart
    from twentegeo.store import Store

_CODE = Path(twentegeo.__file__).parent
_ALWAYS = ("tables", "crs.py")


class Stages(Hands):
    """
    Computes stages, or finds what they gave before.

    Parameters
    ----------
    store
        The outputs folder.
    progress
        Who is told what happens.
    rebuild
        Compute everything, whatever lies there.
    helper
        A process that runs already, for what takes long; it is ended with the rest. None to start one when it is time.
    """

    def __init__(self, store: Store, progress: Progress, *, rebuild: bool = False, helper: Apart | None = None) -> None:
        super().__init__(helper)
        self.store = store
        self.progress = progress
        self._rebuild = rebuild
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="write-tables")
        self._reader = ThreadPoolExecutor(2, thread_name_prefix="read-tables")
        self._libraries = program.versions()
        self._writing: list[Future[None]] = []
        self.used: list[Path] = []

    def __enter__(self) -> Self:
        """Start."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop writing; an unfinished table is left out of the store."""
        self.stop()
        self._reader.shutdown(wait=True, cancel_futures=True)
        self._writer.shutdown(wait=True, cancel_futures=kind is not None)

    def run(
        self,
        name: str,
        inputs: tuple[object, ...],
        rooms: tuple[str, ...],
        compute: Callable[[], Computed],
        seldom: Container[str] = (),
        mapped: Container[str] = (),
    ) -> Outcome:
        """
        Give a stage's outcome.

        Parameters
        ----------
        name
            Name of the stage.
        inputs
            Whatever decides the outcome besides code: fingerprints of earlier stages, checksums, parameters.
        rooms
            Paths of the code involved, relative to the package.
        compute
            The work itself.
        seldom
            Names of tables that few nights look at when this stage is reused: they stay on disk until they are asked
            for. The others are read at once, beside the work that is going on.
        mapped
            Names of tables with outlines that most nights only pass on; see :class:`twentegeo.tables.shapes.Mapped`.
            What the work gives as such already stays as it is.

        Returns
        -------
        outcome
            Computed now or found.
        """
        code = self._code(rooms)
        mark = fingerprint(name, inputs, code)
        folder = self.store.tables / name / mark
        self.used.append(folder)
        stated = None if self._rebuild else kept.facts_of(folder)
        if stated is not None and "facts" in stated:
            return self._found(name, mark, folder, stated["facts"], (seldom, mapped))
        start = time.perf_counter()
        computed = compute()
        seconds = time.perf_counter() - start
        # later stages get outlines as they are kept, so that tonight computes what a later night would
        tables: dict[str, pd.DataFrame | Mapped] = {
            one: table if isinstance(table, Mapped) or one not in mapped else Mapped.of(cast("gpd.GeoDataFrame", table))
            for one, table in computed.tables.items()
        }
        written = {f"tables/{one}": table for one, table in tables.items()}
        written |= {"losses": computed.losses, "accounts": computed.accounts}
        told = {"code": code, "facts": computed.facts}
        self._writing.append(self._writer.submit(kept.keep, folder, written, told, computed.memory))
        self.progress.say(f"{name}: {seconds:.1f} s")
        told_now = (computed.losses, computed.accounts, computed.facts)
        return Outcome(name, mark, StoredTables(tables, folder / "tables"), *told_now, reused=False, seconds=seconds)

    def _found(
        self, name: str, mark: str, folder: Path, facts: Mapping[str, Any], how: tuple[Container[str], Container[str]]
    ) -> Outcome:
        seldom, mapped = how
        self.progress.say(f"{name}: unchanged, reused")
        paths = {path.stem: path for path in sorted((folder / "tables").glob("*.parquet"))}
        tables = StoredTables(
            {
                one: path
                if one in seldom
                else self._reader.submit(kept.read_mapped if one in mapped else kept.read, path)
                for one, path in paths.items()
            },
            folder / "tables",
        )
        losses, accounts = kept.read(folder / "losses.parquet"), kept.read(folder / "accounts.parquet")
        return Outcome(name, mark, tables, losses, accounts, facts, reused=True, seconds=0.0)

    def remembered(
        self, name: str, rooms: tuple[str, ...], tables: Sequence[str] = ()
    ) -> dict[str, pd.DataFrame] | None:
        """
        Find what a stage kept for later nights.

        Parameters
        ----------
        name, rooms
            As for :meth:`run`.
        tables
            Names of tables of the stage that it can use again as well.

        Returns
        -------
        memory
            Of the newest time that the same code computed the stage, on whatever inputs; None where there is none, or
            everything is to be computed anew.
        """
        if self._rebuild:
            return None
        return kept.memory_of(self.store.tables / name, self._code(rooms), tables)

    def published(self, name: str, rooms: tuple[str, ...], table: str, columns: Sequence[str]) -> Mapped | None:
        """
        Read some of a table with outlines that a stage gave in an earlier night, the outlines undecoded.

        Parameters
        ----------
        name, rooms
            As for :meth:`run`.
        table, columns
            Its name, and which of its columns.

        Returns
        -------
        mapped
            Of the newest time that the same code computed the stage; None as for :meth:`remembered`.
        """
        if self._rebuild:
            return None
        place = kept.newest(self.store.tables / name, self._code(rooms))
        return None if place is None else kept.read_mapped(place / "tables" / f"{table}.parquet", columns)

    def place(self, name: str, inputs: object, rooms: tuple[str, ...]) -> Path:
        """
        Give a folder in which a room keeps what it can use in a later night, in a form of its own.

        Parameters
        ----------
        name, rooms
            As for :meth:`run`.
        inputs
            Whatever must be the same for it to be used.

        Returns
        -------
        folder
            May be absent; emptied when everything is to be computed anew. It stays for as long as nights ask for it.
        """
        folder = self.store.tables / name / fingerprint(name, inputs, self._code(rooms))
        self.used.append(folder)
        if self._rebuild:
            kept.drop(folder)
        return folder

    def _code(self, rooms: tuple[str, ...]) -> str:
        """Identify what computes: another version of a library may round otherwise, as another line of code may."""
        return fingerprint(code_fingerprint(_CODE / room for room in {*rooms, *_ALWAYS}), self._libraries)

    def settle(self) -> None:
        """
        Wait until everything is on disk.

        Raises
        ------
        OSError
            A table could not be written; the disk may be full.
        """
        for written in self._writing:
            written.result()
        self._writing.clear()

    def forget(self) -> None:
        """Remove what this run did not use; call it after a release, when the newest tables are the used ones."""
        for stage in self.store.tables.glob("*/*"):
            if stage not in self.used:
                kept.drop(stage)
