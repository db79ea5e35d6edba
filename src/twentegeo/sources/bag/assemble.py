"""
The pieces that the members gave, put together as tables that keep to their contracts.

Whichever delivery they came from: ids arrive as int64, geometry as WKB or coordinates, everything sorted by id.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from twentegeo.sources.bag import BagTables, frames, reasons
from twentegeo.sources.bag.addresses import SORT_OF_OBJECT, addresses
from twentegeo.sources.bag.columns import Towns, id_text, numpy
from twentegeo.sources.bag.drawn import Drawn
from twentegeo.sources.bag.handover import NONE
from twentegeo.sources.bag.pairs import Pairs, pairs_of
from twentegeo.sources.bag.rows import rows_where
from twentegeo.tables.losses import gather
from twentegeo.tables.numbers import distinct, numbers_among

if TYPE_CHECKING:
    from collections import Counter
    from datetime import date

    import numpy.typing as npt
    import pandas as pd

    from twentegeo.sources.bag.dummies import BagParameters
    from twentegeo.tables.losses import Reason

PAND_GONE: Final = ("Niet gerealiseerd pand", "Pand gesloopt", "Pand ten onrechte opgevoerd")
VBO_GONE: Final = (
    "Niet gerealiseerd verblijfsobject",
    "Verblijfsobject ingetrokken",
    "Verblijfsobject ten onrechte opgevoerd",
)
PLACE_GONE: Final = ("Plaats ingetrokken",)
GONE: Final = (*PAND_GONE, *VBO_GONE, *PLACE_GONE)


@dataclass
class Assembly:
    """
    The region's objects as they come in, type by type.

    Attributes
    ----------
    place
        Name and municipality (four digits) of each woonplaats of the region.
    rules
        What counts as filler.
    counts
        Added to.
    """

    place: dict[int, tuple[str, str]]
    rules: BagParameters
    counts: Counter[str]
    _parts: dict[str, pa.Table] = field(default_factory=dict)
    _losses: list[pd.DataFrame] = field(default_factory=list)
    _pairs: Pairs = field(default_factory=Pairs)
    _neighbours: Pairs = field(default_factory=Pairs)
    _strangers: pa.Table | None = None
    _drawn: Drawn = field(default_factory=lambda: Drawn.of(np.zeros(0, dtype=object)))
    _made: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def _towns(self) -> Towns:
        return Towns.of(self.place)

    def lose(self, reason: Reason, ids: npt.NDArray[np.int64]) -> None:
        """Account for objects that are not in the tables."""
        if len(ids):
            self._losses.append(reason.rows(id_text(np.unique(ids))))

    def _ids(self, part: str, column: str = "id") -> npt.NDArray[np.int64]:
        if part not in self._parts:
            return np.zeros(0, dtype=np.int64)
        return np.asarray(self._parts[part][column].to_numpy(), dtype=np.int64)

    # -- streets and numbers ---------------------------------------------------------------------------------

    def streets(self, table: pa.Table | None) -> None:
        """Take the openbare ruimten."""
        if table is not None:
            self._parts["OPR"] = table

    def more_streets(self, table: pa.Table | None) -> None:
        """Take streets of neighbours along which addresses of the region lie."""
        if table is not None and table.num_rows:
            mine = self._parts.get("OPR")
            self._parts["OPR"] = pa.concat_tables([mine, table]) if mine is not None else table

    @property
    def street_ids(self) -> npt.NDArray[np.int64]:
        """Ids of the streets."""
        return self._ids("OPR")

    @property
    def street_places(self) -> npt.NDArray[np.int64]:
        """Woonplaats of each street."""
        return self._ids("OPR", "woonplaats")

    def numbers(self, table: pa.Table | None) -> None:
        """Take the nummeraanduidingen."""
        if table is not None:
            self._parts["NUM"] = table

    def streets_lacking(self) -> npt.NDArray[np.int64]:
        """Streets that addresses lie along and that are not there yet."""
        return np.setdiff1d(self._ids("NUM", "openbare_ruimte"), self.street_ids)

    @property
    def number_ids(self) -> npt.NDArray[np.int64]:
        """Ids of the nummeraanduidingen."""
        return self._ids("NUM")

    @property
    def number_places(self) -> npt.NDArray[np.int64]:
        """Woonplaats of each nummeraanduiding."""
        return self._ids("NUM", "woonplaats")

    # -- verblijfsobjecten -----------------------------------------------------------------------------------

    def verblijfsobjecten(self, table: pa.Table | None) -> None:
        """
        Take the verblijfsobjecten of the region and those of neighbours near it.

        Parameters
        ----------
        table
            One row per object; ``woonplaats`` is -1 for neighbours.
        """
        if table is None:
            return
        here = (numpy(table["woonplaats"]) != NONE) | (numpy(table["ligging"]) != NONE)
        table = self._standing("VBO", table, here)
        mine = numpy(table["woonplaats"]) != NONE
        pairs = pairs_of(table)
        self._neighbours = pairs.where(~mine[pairs.row])
        own = rows_where(table, mine)
        strangers = ~mine & (numpy(table["ligging"]) != NONE)
        self._strangers = rows_where(table, strangers)
        empty = np.isnan(own["x"].to_numpy())
        self.lose(reasons.VBO_WITHOUT_GEOMETRY, own["id"].to_numpy()[empty])
        self._parts["VBO"] = rows_where(own, ~empty)
        self._pairs = pairs_of(self._parts["VBO"])

    def strange_numbers(self) -> npt.NDArray[np.int64]:
        """Addresses outside the region of verblijfsobjecten that lie in it."""
        if self._strangers is None:
            return np.zeros(0, dtype=np.int64)
        return distinct(numpy(self._strangers["nummeraanduiding"]))

    def account_for_strangers(self, numbers: pa.Table | None) -> None:
        """
        Say why verblijfsobjecten that lie in the region are not in its tables.

        Parameters
        ----------
        numbers
            Those of :meth:`strange_numbers` that the delivery holds.
        """
        if self._strangers is None:
            return
        known = numbers["id"].to_numpy() if numbers is not None else np.zeros(0, dtype=np.int64)
        there = numbers_among(numpy(self._strangers["nummeraanduiding"]), known)
        ids = self._strangers["id"].to_numpy()
        self.lose(reasons.OTHER_MUNICIPALITY, ids[there])
        self.lose(reasons.NO_ADDRESS, ids[~there])
        # what has no address is nobody's, so its pand stays where it lies
        self._neighbours = self._neighbours.where(~numbers_among(self._neighbours.vbo, ids[~there]))

    def _standing(self, kind: str, table: pa.Table, here: npt.NDArray[np.bool_] | None = None) -> pa.Table:
        """Leave out what is gone; count the region's."""
        here = np.ones(table.num_rows, dtype=bool) if here is None else here
        return rows_where(table, ~self._gone(kind, table["status"], here))

    def _gone(self, kind: str, status: pa.ChunkedArray, here: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Tell what is withdrawn, never came to be or never was; count the region's by status."""
        coded = status.combine_chunks().dictionary_encode(null_encoding="encode")
        code = coded.indices.to_numpy()
        texts = coded.dictionary.to_pylist()
        for text, n in zip(texts, np.bincount(code[here], minlength=len(texts)).tolist(), strict=True):
            if n:
                self.counts[f"{kind}_status_{text}"] += n
        gone: npt.NDArray[np.bool_] = np.array([text in GONE for text in texts], dtype=bool)[code]
        self.counts[f"{kind}_weggelaten"] += int((gone & here).sum())
        return gone

    # -- places and panden -----------------------------------------------------------------------------------

    def plaatsen(self, kind: str, table: pa.Table | None) -> None:
        """Take ligplaatsen or standplaatsen."""
        if table is None:
            return
        table = self._standing(kind, table)
        empty = _nulls(table["wkb"])
        self.lose(reasons.PLACE_WITHOUT_GEOMETRY, table["id"].to_numpy()[empty])
        self._parts[kind] = rows_where(table, ~empty)

    @property
    def used_panden(self) -> npt.NDArray[np.int64]:
        """Panden that the region's verblijfsobjecten are in."""
        return distinct(self._pairs.pand)

    def no_panden(self) -> None:
        """Account for a delivery without panden."""
        self.lose(reasons.PAND_ABSENT, self.used_panden)
        self._pairs = Pairs()

    def panden(self, table: pa.Table, drawn: Drawn) -> None:
        """
        Take the panden, and the pairs that hold.

        Parameters
        ----------
        table
            One row per object; ``woonplaats`` says where a pand without verblijfsobject lies.
        drawn
            Their outlines, shape (n,).
        """
        used = self.used_panden
        ids = numpy(table["id"])
        theirs = numbers_among(ids, self._neighbours.pand) & ~numbers_among(ids, used)
        self.lose(reasons.PAND_ELSEWHERE, ids[theirs])
        standing = ~theirs & ~self._gone("PND", table["status"], ~theirs)
        self.lose(reasons.PAND_WITHOUT_GEOMETRY, ids[standing & drawn.missing])
        there = standing & ~drawn.missing
        absent = np.setdiff1d(used, ids, assume_unique=True)
        self.lose(reasons.PAND_ABSENT, absent)
        gone = np.setdiff1d(np.setdiff1d(used, ids[there], assume_unique=True), absent, assume_unique=True)
        self.lose(reasons.PAND_GONE, gone)
        self._pairs = self._pairs.only(ids[there])
        self._parts["PND"], self._drawn = rows_where(table, there), drawn.taken(np.flatnonzero(there))

    # -- the tables ------------------------------------------------------------------------------------------

    def make_addressed(self) -> None:
        """Make the tables of what has an address; they do not depend on the panden."""
        owners = {kind: part for kind, part in self._parts.items() if kind in SORT_OF_OBJECT}
        adres, absent = addresses(owners, self._parts.get("NUM"), self._parts.get("OPR"), self._towns)
        self.lose(reasons.ADDRESS_ABSENT, absent)
        self._made = {
            "adres": adres,
            "verblijfsobject": frames.verblijfsobjecten(owners.get("VBO"), self._towns, self.rules),
            "plaats": frames.plaatsen(owners, self._towns),
        }

    def tables(self, day: date) -> BagTables:
        """
        Make the tables.

        Parameters
        ----------
        day
            The reference date.

        Returns
        -------
        tables
            All five, with losses and counts; :meth:`make_addressed` and :meth:`panden` come before.
        """
        vbo = self._parts.get("VBO")
        panden = frames.panden(self._parts.get("PND"), self._drawn, vbo, self._pairs, self._towns, self.rules)
        self._count(panden.rows, self._made["verblijfsobject"])
        return BagTables(
            panden=panden,
            vbo_pand=frames.vbo_pand(vbo, self._pairs),
            **self._made,
            reference_date=day,
            losses=gather(self._losses),
            counts={name: int(n) for name, n in sorted(self.counts.items())},
        )

    def _count(self, pand: Any, verblijfsobject: Any) -> None:
        self.counts["pand"] = len(pand)
        self.counts["verblijfsobject"] = len(verblijfsobject)
        self.counts["bouwjaar_opvulwaarde"] = int(pand["bouwjaar_dummy"].sum())
        self.counts["oppervlakte_opvulwaarde"] = int(verblijfsobject["oppervlakte_dummy"].sum())
        self.counts["geometrie_hersteld"] = int(pand["geometrie_hersteld"].sum())
        planned = verblijfsobject["vbo_status"] == "Verblijfsobject gevormd"
        self.counts["verblijfsobject_gepland"] = int(planned.sum())
        building = pand["status"].isin(["Bouwvergunning verleend", "Bouw gestart"])
        self.counts["pand_gepland"] = int(building.sum())
        multiple = self._pairs.vbo[self._pairs.order > 0]
        self.counts["verblijfsobject_in_meer_panden"] = int(np.unique(multiple).size)


def _nulls(column: pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    return np.asarray(pc.is_null(column).to_numpy(zero_copy_only=False), dtype=bool)
