"""Put everything that the report tells together, and write it as one HTML file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from twentegeo.publish import dutch
from twentegeo.publish.arrow import caption, rounded
from twentegeo.publish.metadata.licences import licence_of
from twentegeo.publish.report import attention
from twentegeo.publish.report.changes import Changes, changes
from twentegeo.publish.report.drawing import charts, maps
from twentegeo.publish.report.inventory import HOMES, Inventory
from twentegeo.publish.report.quality import Validation, validation_of
from twentegeo.publish.report.scale_check import SCORE, ScaleCheck, check_scale
from twentegeo.publish.report.templating import environment, style
from twentegeo.store import write_atomic
from twentegeo.tables import layers as contracts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from twentegeo.publish.classes import ClassTable, ClassTables
    from twentegeo.publish.metadata.parameters import PublicationParams
    from twentegeo.publish.report.parameters import ReportParams
    from twentegeo.publish.statement import Statement

FILE: Final = "rapport.html"
COVERAGE: Final = "dekking"
PRIORITY: Final = "prioriteit"
"""Class tables of the two maps."""

MARKED: Final = 10
"""Priority areas that carry their rank on the map; more would hide what they point at."""


@dataclass(frozen=True, slots=True)
class Map:
    """A map: its title, class table, and per shape the class and the words."""

    title: str
    alt: str
    table: ClassTable
    places: Mapping[str, int]
    texts: Mapping[str, str]
    areas: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """A numbered mark on a priority area."""

    x: int
    y: int
    rank: int
    text: str


@dataclass(frozen=True, slots=True)
class Atlas:
    """Shapes that are drawn once, the maps that colour them, and the lines and marks over them."""

    canvas: maps.Canvas
    shapes: tuple[maps.Shape, ...]
    borders: tuple[str, ...]
    areas: tuple[str, ...]
    marks: tuple[Mark, ...]
    maps: tuple[Map, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """
    What the report tells.

    Attributes
    ----------
    statement, inventory
        What the release says of itself, and what its layers hold.
    changes
        What differs from the release before; None for a first one.
    validation, scale
        Quality of the estimate and of the choice of areas; None where unknown.
    points
        What needs attention.
    relations
        Priority areas by what became of them since the release before.
    atlas, histogram, ranges
        Drawings; None where the layers do not hold what they need.
    """

    statement: Statement
    inventory: Inventory
    changes: Changes | None
    validation: Validation | None
    scale: ScaleCheck | None
    points: tuple[attention.Point, ...]
    relations: Mapping[str, int]
    atlas: Atlas | None
    histogram: charts.Histogram | None
    ranges: charts.Ranges | None


def tell(
    statement: Statement,
    inventory: Inventory,
    layers: Mapping[str, pd.DataFrame],
    *,
    classes: ClassTables,
    before: Statement | None,
    parameters: ReportParams,
) -> Story:
    """
    Find out what there is to tell.

    Parameters
    ----------
    statement, inventory
        What the release says of itself, and what its layers hold.
    layers
        Frames by layer name, in RD New. A layer or column that is absent takes its section with it.
    classes
        Class tables; the colours of the maps.
    before
        The release before; None for a first one.
    parameters
        Bounds.

    Returns
    -------
    story
        Everything that :func:`write` needs.
    """
    changed = changes(statement, inventory, before) if before else None
    validation = validation_of(statement.facts)
    homes = layers.get(HOMES, pd.DataFrame())
    scores = rounded(homes[SCORE]) if SCORE in homes else np.array([])
    return Story(
        statement=statement,
        inventory=inventory,
        changes=changed,
        validation=validation,
        scale=check_scale(layers, parameters.schaal_aandeel),
        points=tuple(attention.points(statement, changed, validation, parameters)),
        relations=_relations(layers.get("gebied_herkomst")),
        atlas=_atlas(layers, classes),
        histogram=charts.histogram(scores, classes[PRIORITY]) if len(scores) else None,
        ranges=_ranges(layers.get("prioriteitsgebied"), inventory, parameters.gebieden),
    )


def write(
    path: Path, story: Story, *, classes: ClassTables, publication: PublicationParams, parameters: ReportParams
) -> None:
    """
    Write the report.

    Parameters
    ----------
    path
        HTML file; replaced when it is there.
    story
        What to tell.
    classes
        Class tables, for legends.
    publication
        Who answers for the release.
    parameters
        Bounds, for the words around figures.
    """
    sheet, digest = style()
    found = list(story.points)
    html = environment().get_template("rapport.html.j2").render(
        verhaal=story,
        release=story.statement,
        inventaris=story.inventory,
        veranderd=story.changes,
        toestand=attention.state_of(found),
        klassen=classes,
        uitgever=publication,
        grenzen=parameters,
        kalibratie=charts.calibration(story.validation.calibration) if story.validation else None,
        schaal=charts.boxes(story.scale) if story.scale else None,
        stijl=sheet,
        stijl_hash=digest,
        kop=column_caption,
        leeftijd=attention.age,
        oud=attention.is_old,
        toestand_tekst=attention.WORDS,
        licentie=licence_of,
        lagen=(*contracts.MAP_LAYERS, *contracts.PLAIN_TABLES),
    )  # fmt: skip
    write_atomic(path, html.encode())


def column_caption(layer: str, column: str) -> str:
    """
    Name a column as its contract does.

    Parameters
    ----------
    layer, column
        Names; a column that the contract no longer has keeps its name.

    Returns
    -------
    caption
        Alias and unit.
    """
    table = next((one for one in contracts.MAP_LAYERS if one.name == layer), None)
    found = next((one for one in table.columns if one.name == column), None) if table else None
    return caption(found) if found else column


def _relations(origin: pd.DataFrame | None) -> dict[str, int]:
    if origin is None or origin.empty:
        return {}
    counts = origin["relatie"].value_counts()
    return {str(name): int(count) for name, count in sorted(counts.items(), key=lambda item: -item[1])}


def _atlas(layers: Mapping[str, pd.DataFrame], classes: ClassTables) -> Atlas | None:
    quarters, towns = layers.get("buurt"), layers.get("gemeente")
    if quarters is None or towns is None or not len(quarters):
        return None
    canvas = maps.canvas(towns if len(towns) else quarters)
    if canvas is None:
        return None
    shapes = maps.shapes(quarters, canvas, key="code", name="naam", prefix="v")
    areas = layers.get("prioriteitsgebied")
    wanted = (
        ("label_dekking", COVERAGE, "Labeldekking per buurt", False),
        (SCORE, PRIORITY, "Score prioriteit per buurt, met de prioriteitsgebieden", True),
    )
    return Atlas(
        canvas=canvas,
        shapes=tuple(shapes),
        borders=tuple(shape.path for shape in maps.shapes(towns, canvas, key="code", name="naam", prefix="g")),
        areas=tuple(filter(None, maps.outlines(areas, canvas))) if areas is not None and len(areas) else (),
        marks=_marks(areas, canvas),
        maps=tuple(
            _map(quarters, column, classes[table], title, areas=marked)
            for column, table, title, marked in wanted
            if column in quarters and table in classes
        ),
    )


def _marks(areas: pd.DataFrame | None, canvas: maps.Canvas) -> tuple[Mark, ...]:
    """Mark the first areas with their rank, the first of all on top."""
    if areas is None or areas.empty:
        return ()
    first = areas.sort_values("rang").head(MARKED).iloc[::-1]
    return tuple(
        Mark(x, y, int(rank), f"{int(rank)}. {name}")
        for (x, y), rank, name in zip(maps.middles(first, canvas), first["rang"], first["naam"], strict=True)
    )


def _map(quarters: pd.DataFrame, column: str, table: ClassTable, title: str, *, areas: bool) -> Map:
    values = rounded(quarters[column])
    places = table.place(values)
    keys = [f"v{code}" for code in quarters["code"]]
    counts = np.bincount(places, minlength=len(table.legend))
    told = [f"{item.label}: {count}" for item, count in zip(table.legend, counts, strict=True) if count]
    towns = quarters["gemeente_naam"] if "gemeente_naam" in quarters else [""] * len(quarters)
    texts = {
        key: f"{name}, {town}: {dutch.number(value)}"
        for key, name, town, value in zip(keys, quarters["naam"], towns, values, strict=True)
    }
    alt = f"Kaart. {title}. Aantal buurten per klasse: {'; '.join(told)}."
    return Map(title, alt, table, dict(zip(keys, places.tolist(), strict=True)), texts, areas)


def _ranges(areas: pd.DataFrame | None, inventory: Inventory, most: int) -> charts.Ranges | None:
    needed = ("rang_p10", "rang_mediaan", "rang_p90")
    if areas is None or any(name not in areas for name in needed):
        return None
    first = areas.dropna(subset=list(needed)).sort_values("rang").head(most)
    if first.empty:
        return None
    chances = first["kans_top20"] if "kans_top20" in first else [None] * len(first)
    columns = (first["gebied_id"], *(first[name] for name in needed), chances)
    return charts.ranges(
        [
            (inventory.areas[str(key)], int(low), int(median), int(high), None if pd.isna(chance) else float(chance))
            for key, low, median, high, chance in zip(*columns, strict=True)
        ]
    )
