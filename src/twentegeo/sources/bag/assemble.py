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

from twentegeo.sources.bag import BagTables, frames, reasons
from twentegeo.sources.bag.addresses import SORT_OF_OBJECT, addresses
from twentegeo.sources.bag.columns import Towns, id_text
from twentegeo.sources.bag.drawn import Drawn, Outlined
from twentegeo.sources.bag.handover import NONE
from twentegeo.sources.bag.pairs import Pairs, pairs_of
from twentegeo.sources.bag.rows import Picked
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
    _parts: dict[str, Picked] = field(default_factory=dict)
    _losses: list[pd.DataFrame] = field(default_factory=list)
    _pairs: Pairs = field(default_factory=Pairs)
    _neighbours: Pairs = field(default_factory=Pairs)
    _strangers: Picked | None = None
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
        return self._parts[part].array(column)

    # -- streets and numbers ---------------------------------------------------------------------------------

    def streets(self, rows: Picked | None) -> None:
        """Take the openbare ruimten."""
        if rows is not None:
            self._parts["OPR"] = rows

    def more_streets(self, table: pa.Table | None) -> None:
        """Take streets of neighbours along which addresses of the region lie."""
        if table is not None and table.num_rows:
            mine = self._parts.get("OPR")
            self._parts["OPR"] = Picked.of(pa.concat_tables([mine.all(), table]) if mine is not None else table)

    @property
    def street_ids(self) -> npt.NDArray[np.int64]:
        """Ids of the streets."""
        return self._ids("OPR")

    @property
    def street_places(self) -> npt.NDArray[np.int64]:
        """Woonplaats of each street."""
        return self._ids("OPR", "woonplaats")

    def numbers(self, rows: Picked | None) -> None:
        """Take the nummeraanduidingen, sorted by id."""
        if rows is not None:
            self._parts["NUM"] = rows

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

    def verblijfsobjecten(self, rows: Picked | None) -> None:
        """
        Take the verblijfsobjecten of the region and those of neighbours near it.

        Parameters
        ----------
        rows
            One row per object, sorted by id; ``woonplaats`` is -1 for neighbours.
        """
        if rows is None:
            return
        here = (rows.array("woonplaats") != NONE) | (rows.array("ligging") != NONE)
        rows = rows.where(~self._gone("VBO", rows, here))
        mine, inside = rows.array("woonplaats") != NONE, rows.array("ligging") != NONE
        self._neighbours = _pairs(rows.where(~mine))
        self._strangers = rows.where(~mine & inside)
        own = rows.where(mine)
        empty = np.isnan(own.array("x"))
        self.lose(reasons.VBO_WITHOUT_GEOMETRY, own.array("id")[empty])
        self._parts["VBO"] = own.where(~empty)
        self._pairs = _pairs(self._parts["VBO"])

    def strange_numbers(self) -> npt.NDArray[np.int64]:
        """Addresses outside the region of verblijfsobjecten that lie in it."""
        if self._strangers is None:
            return np.zeros(0, dtype=np.int64)
        return distinct(self._strangers.array("nummeraanduiding"))

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
        there = numbers_among(self._strangers.array("nummeraanduiding"), known)
        ids = self._strangers.array("id")
        self.lose(reasons.OTHER_MUNICIPALITY, ids[there])
        self.lose(reasons.NO_ADDRESS, ids[~there])
        # what has no address is nobody's, so its pand stays where it lies
        self._neighbours = self._neighbours.where(~numbers_among(self._neighbours.vbo, ids[~there]))

    def _gone(self, kind: str, rows: Picked, here: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Tell what is withdrawn, never came to be or never was; count the region's by status."""
        coded = rows.columns("status")["status"].combine_chunks().dictionary_encode(null_encoding="encode")
        code = coded.indices.to_numpy()
        texts = coded.dictionary.to_pylist()
        for text, n in zip(texts, np.bincount(code[here], minlength=len(texts)).tolist(), strict=True):
            if n:
                self.counts[f"{kind}_status_{text}"] += n
        gone: npt.NDArray[np.bool_] = np.array([text in GONE for text in texts], dtype=bool)[code]
        self.counts[f"{kind}_weggelaten"] += int((gone & here).sum())
        return gone

    # -- places and panden -----------------------------------------------------------------------------------

    def plaatsen(self, kind: str, rows: Picked | None) -> None:
        """Take ligplaatsen or standplaatsen."""
        if rows is None:
            return
        rows = rows.where(~self._gone(kind, rows, np.ones(len(rows), dtype=bool)))
        empty = rows.missing("wkb")
        self.lose(reasons.PLACE_WITHOUT_GEOMETRY, rows.array("id")[empty])
        self._parts[kind] = rows.where(~empty)

    @property
    def used_panden(self) -> npt.NDArray[np.int64]:
        """Panden that the region's verblijfsobjecten are in."""
        return distinct(self._pairs.pand)

    def no_panden(self) -> None:
        """Account for a delivery without panden."""
        self.lose(reasons.PAND_ABSENT, self.used_panden)
        self._pairs = Pairs()

    def panden(self, rows: Picked, drawn: Outlined) -> None:
        """
        Take the panden, and the pairs that hold.

        Parameters
        ----------
        rows
            One row per object; ``woonplaats`` says where a pand without verblijfsobject lies.
        drawn
            Their outlines, shape (n,).
        """
        used = self.used_panden
        ids = rows.array("id")
        theirs = numbers_among(ids, self._neighbours.pand) & ~numbers_among(ids, used)
        self.lose(reasons.PAND_ELSEWHERE, ids[theirs])
        standing = ~theirs & ~self._gone("PND", rows, ~theirs)
        missing = drawn.missing
        self.lose(reasons.PAND_WITHOUT_GEOMETRY, ids[standing & missing])
        there = standing & ~missing
        absent = np.setdiff1d(used, ids, assume_unique=True)
        self.lose(reasons.PAND_ABSENT, absent)
        gone = np.setdiff1d(np.setdiff1d(used, ids[there], assume_unique=True), absent, assume_unique=True)
        self.lose(reasons.PAND_GONE, gone)
        self._pairs = self._pairs.only(ids[there])
        self._parts["PND"], self._drawn = rows.where(there), drawn.taken(np.flatnonzero(there))

    # -- the tables ------------------------------------------------------------------------------------------

    def make_addressed(self) -> None:
        """Make the tables of what has an address; they do not depend on the panden, which may come in meanwhile."""
        owners = {kind: self._parts[kind].all() for kind in SORT_OF_OBJECT if kind in self._parts}
        if "VBO" in owners:
            self._parts["VBO"] = Picked.of(owners["VBO"])
        streets = self._parts["OPR"].all() if "OPR" in self._parts else None
        adres, absent = addresses(owners, self._parts.get("NUM"), streets, self._towns)
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
        vbo, pand = (self._parts[kind].all() if kind in self._parts else None for kind in ("VBO", "PND"))
        panden = frames.panden(pand, self._drawn, vbo, self._pairs, self._towns, self.rules)
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


def _pairs(rows: Picked) -> Pairs:
    return pairs_of(rows.columns("id", "pand", "panden"))
