"""
What a release says of itself, once: the texts and facts from which every form of metadata is written.

A resource is the release as a whole or one of its layers. Titles, summaries and columns come from the contracts,
sources and counts from the manifest, extents from the layers.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from twentegeo.publish import dutch
from twentegeo.publish.arrow import caption
from twentegeo.publish.metadata.licences import KNOWN, Licence

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from twentegeo.publish.edition import Edition
    from twentegeo.publish.metadata.parameters import PublicationParams
    from twentegeo.publish.statement import Source, Statement
    from twentegeo.tables.contract import Table

SUBJECT: Final = "Renovatieprioriteit woningvoorraad"
KEYWORDS: Final = (
    "renovatie",
    "bestaande woningvoorraad",
    "energielabel",
    "verduurzaming",
    "levensloopbestendig wonen",
    "prioriteitsgebied",
)
PURPOSE: Final = (
    "Laten zien waar verbetering van bestaande woningen het meest urgent is, zodat gemeenten, woningcorporaties en"
    " provincie samen kunnen kiezen waar zij beginnen."
)
LIMITS: Final = (
    "Niet geschikt voor een oordeel over een afzonderlijke woning of bewoner. Een geschatte waarde zegt iets over een"
    " groep woningen; rangschik gebieden van ten minste 30 woningen. De score is geen besparing in euro's of kubieke"
    " meters."
)
METHOD: Final = (
    "Woningen, panden, percelen, energielabels en buurten zijn gekoppeld op hun registratienummer, adres of ligging;"
    " elke koppeling telt wat zij verloor (tabellen koppeling en koppelverlies). Woningen zonder geldig label kregen"
    " een schatting, herkenbaar aan label_status; een geregistreerd label is nooit vervangen."
)

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Resource:
    """
    The release or one of its layers.

    Attributes
    ----------
    identifier
        UUID, the same for every release of the region: a new release is a new version of the same thing.
    name
        Name of the layer, or of the file without its ending.
    title, abstract, columns
        Dutch; ``columns`` tells every column in one text and is empty for the release.
    geometry
        ``Point``, ``MultiPolygon``, or None for a table.
    bounds
        xmin, ymin, xmax, ymax in RD New, metres; None for a table.
    degrees
        West, south, east, north in ETRS89, degrees; the region's where the resource has no extent of its own.
    rows
        Rows of the layer; of the release None.
    """

    identifier: str
    name: str
    title: str
    abstract: str
    columns: str
    geometry: str | None
    bounds: Box | None
    degrees: Box
    rows: int | None


@dataclass(frozen=True, slots=True)
class About:
    """
    Everything that metadata of one release tells.

    Attributes
    ----------
    dataset
        The release as a whole.
    layers
        Its layers and tables, in the order of the GeoPackage.
    sources
        What it was made from.
    licence
        Terms of the release.
    lineage
        How it was made, in Dutch.
    peildatum, made, version
        Date that the data refer to, date of the run, and its identifier.
    publication
        Who answers for it.
    edition
        Names the release; its notice stands behind every text.
    """

    dataset: Resource
    layers: tuple[Resource, ...]
    sources: tuple[Source, ...]
    licence: Licence
    lineage: str
    peildatum: dt.date
    made: dt.date
    version: str
    publication: PublicationParams
    edition: Edition

    @property
    def attributions(self) -> list[str]:
        """One line per source; the same source twice is named once."""
        return [self.edition.marked(line) for line in dict.fromkeys(source.attribution for source in self.sources)]


def about(
    statement: Statement,
    slug: str,
    tables: Sequence[Table],
    extents: Mapping[str, tuple[Box, Box] | None],
    publication: PublicationParams,
) -> About:
    """
    Gather what metadata tells.

    Parameters
    ----------
    statement
        The manifest.
    slug
        Name of the region as a file name.
    tables
        Contracts of what the release holds, in order.
    extents
        Layer name to its bounds in RD New and in degrees; None for a table.
    publication
        Who answers for it.

    Returns
    -------
    about
        Layers that `extents` does not name are left out.
    """
    edition = statement.edition
    known = [extent for extent in extents.values() if extent is not None]
    region = (_around([rd for rd, _ in known]), _around([degrees for _, degrees in known]))
    dataset = Resource(
        identifier=_identifier(slug),
        name=slug,
        title=edition.marked(f"twentegeo {SUBJECT} {edition.region} {edition.peildatum.isoformat()}"),
        abstract=edition.marked(_abstract(statement, [table for table in tables if table.name in extents])),
        columns="",
        geometry=None,
        bounds=region[0],
        degrees=region[1],
        rows=None,
    )
    return About(
        dataset=dataset,
        layers=tuple(
            _layer(statement, slug, table, extents[table.name], region[1]) for table in tables if table.name in extents
        ),
        sources=statement.sources,
        licence=next(one for one in KNOWN if one.code == publication.licentie),
        lineage=edition.marked(_lineage(statement)),
        peildatum=edition.peildatum,
        made=edition.moment.date(),
        version=edition.run_id,
        publication=publication,
        edition=edition,
    )


def _layer(statement: Statement, slug: str, table: Table, extent: tuple[Box, Box] | None, region: Box) -> Resource:
    edition = statement.edition
    rows = statement.rows(table.name)
    counted = "" if rows is None else f" Deze release telt {dutch.number(rows)} rijen."
    return Resource(
        identifier=_identifier(f"{slug}/{table.name}"),
        name=table.name,
        title=edition.marked(f"{table.title} {edition.region} {edition.peildatum.isoformat()}"),
        abstract=edition.marked(f"{table.summary} Onderdeel van {SUBJECT.lower()} {edition.region}.{counted}"),
        columns="\n".join(
            f"{column.name}: {caption(column)}. {column.description} Bron: {column.source}." for column in table.columns
        ),
        geometry=table.geometry,
        bounds=extent[0] if extent else None,
        degrees=extent[1] if extent else region,
        rows=rows,
    )


def _abstract(statement: Statement, tables: list[Table]) -> str:
    edition = statement.edition
    homes = statement.rows("verblijfsobject")
    count = f"{dutch.number(homes)} bestaande woningen" if homes is not None else "bestaande woningen"
    names = dutch.listing([table.title.lower() for table in tables if table.geometry])
    return (
        f"Waar in {edition.region} verbetering van de bestaande woningvoorraad het meest urgent is: {count}, beoordeeld"
        f" op energie en levensloopbestendigheid, met peildatum {dutch.date(edition.peildatum)}. Lagen: {names}."
        " Scores lopen van 0 tot 100; 100 is het meest urgent. Leeg is onbekend. Geschatte waarden zijn als schatting"
        " herkenbaar."
    )


def _lineage(statement: Statement) -> str:
    program = statement.versions.get("twentegeo", "")
    joins = [
        f"{join.name}: {dutch.percentage(join.share)} van {dutch.number(join.left)}"
        for join in statement.joins
        if join.share is not None
    ]
    matched = f" Gekoppeld: {'; '.join(joins)}." if joins else ""
    sources = "; ".join(source.attribution for source in statement.sources)
    return (
        f"Gemaakt door twentegeo {program} (run {statement.edition.run_id}, inhoud {statement.content[:12]}) uit:"
        f" {sources}. {METHOD}{matched}"
    )


def _identifier(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://github.com/twentegeo/twentegeo/{name}"))


def _around(boxes: list[Box]) -> Box:
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)
