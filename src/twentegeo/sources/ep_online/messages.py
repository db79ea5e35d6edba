"""EP-Online as XML (EpbdExportTypesV4), read as a stream of `Mutatiebericht` elements."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final, cast

import polars as pl
from lxml import etree

from twentegeo.errors import SourceChanged, SourceUnavailable, problem
from twentegeo.sources.ep_online.columns import ALIASES, PREFIXES
from twentegeo.sources.ep_online.table import Block
from twentegeo.sources.headers import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from twentegeo.sources.delivery import Delivery

_BATCH: Final = 20_000
"""Messages that are turned into a table at a time; bounds memory."""

_ADD: Final = "1"
"""The one `Stuurcode` whose meaning is known: add. Others await the next total file."""

_CODE: Final = "stuurcode"
_NUMBER: Final = "mutatievolgnummer"

UNKNOWN_CODE: Final = "onbekende stuurcode"
_REMEDY: Final = "Haal het totaalbestand van EP-Online opnieuw op"
_WANTED: Final = {spelling: name for name, spellings in ALIASES.items() for spelling in spellings}


class _Stream(io.RawIOBase):
    """Let lxml pull the pieces of a delivery."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if not self._rest:
            self._rest = next(self._pieces, b"")
        given, self._rest = self._rest[:size], self._rest[size:]
        return given


def messages(delivery: Delivery, after: int | None = None) -> Iterator[Block]:
    """
    Read the messages.

    Parameters
    ----------
    delivery
        XML v4, zipped or not.
    after
        The delivery is a day's mutations, which may be none: number of the last message that is known already;
        those up to it are left out. None for a total file.

    Yields
    ------
    block
        As :func:`twentegeo.sources.ep_online.table.blocks` gives; a message is a line.

    Raises
    ------
    SourceChanged
        The XML is another one, or holds a DTD.
    SourceUnavailable
        The XML is cut off or broken.
    """
    head = delivery.head()
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        place = "bevat een DTD of eigen XML-entiteiten; dat doet EP-Online niet"
        raise SourceChanged(problem(delivery.label, place, "Vertrouw dit bestand niet; haal het op bij RVO"))
    number = 0
    try:
        for batch in _batches(delivery):
            yield _block(batch, number, after or 0)
            number += len(batch)
    except etree.XMLSyntaxError as error:
        place = f"XML is afgekapt of kapot na bericht {number} (regel {error.lineno})"
        raise SourceUnavailable(problem(delivery.label, place, _REMEDY)) from error
    if number == 0 and after is None:
        place = "bevat geen Mutatiebericht van EP-Online (EpbdExportTypesV4)"
        raise SourceChanged(problem(delivery.label, place, _REMEDY))


def _batches(delivery: Delivery) -> Iterator[list[dict[str, str]]]:
    batch = []
    walk = etree.iterparse(
        cast("Any", _Stream(delivery.pieces())),
        events=("end",),
        tag="{*}Mutatiebericht",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
    )
    for _, message in walk:
        batch.append(_texts(message))
        message.clear()
        while message.getprevious() is not None:
            del message.getparent()[0]
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _texts(message: etree._Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for leaf in message.iter(etree.Element):
        if len(leaf) or not (leaf.text or "").strip():
            continue
        name = plain(etree.QName(leaf).localname, PREFIXES)
        text = (leaf.text or "").strip()
        if name in (_CODE, _NUMBER):
            found[name] = text
        elif (wanted := _WANTED.get(name)) is not None:
            # a label of a whole building names its panden one by one
            found[wanted] = f"{found[wanted]},{text}" if wanted in found and wanted == "pand_ids" else text
    return found


def _block(batch: list[dict[str, str]], before: int, after: int) -> Block:
    names = (*ALIASES, _CODE, _NUMBER)
    rows = pl.DataFrame(
        {name: [texts.get(name) for texts in batch] for name in names}, schema=dict.fromkeys(names, pl.String)
    ).with_row_index("label_rij", offset=before + 1)
    rows = rows.with_columns(pl.col("label_rij").cast(pl.Int64))
    new = rows.filter(pl.col(_NUMBER).cast(pl.Int64, strict=False).fill_null(after + 1) > after)
    added = pl.col(_CODE).fill_null(_ADD) == _ADD
    refused = new.filter(~added)["label_rij"].to_list()
    kept = new.filter(added).select("label_rij", *ALIASES)
    return Block(kept, {UNKNOWN_CODE: refused} if refused else {}, len(batch), len(rows) - len(new))
