"""Loading a release: everything in one transaction, so that readers see the whole of it or nothing."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from psycopg import sql

from twentegeo.errors import ReleaseError, problem
from twentegeo.publish.packaged import batches, read_layout
from twentegeo.publish.postgis import definitions
from twentegeo.publish.postgis.connection import opened, place_of
from twentegeo.publish.postgis.copying import as_csv
from twentegeo.publish.postgis.styling import put_styles
from twentegeo.publish.postgis.switching import drop_release, releases, shown, switch

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import psycopg

    from twentegeo.publish.packaged import Layer
    from twentegeo.publish.postgis.parameters import PostgisParams

_POSTGIS: Final = """
SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE extname = 'postgis'"""
_EXTENSION: Final = "Laat een beheerder in deze database draaien: CREATE EXTENSION postgis"
_LOCK: Final = "SELECT pg_try_advisory_xact_lock(hashtextextended('twentegeo:' || %s, 0))"


@dataclass(frozen=True, slots=True)
class Loaded:
    """
    How a load ended.

    Attributes
    ----------
    place
        The database, without its password.
    schema, views
        Schema of the release, and that of the views that show it now.
    rows
        Rows by layer; empty where the release was there already.
    styled
        Whether the QGIS styles could be written.
    dropped, kept
        Older releases that went, and those that should have gone but are still in use.
    seconds
        How long it took.
    """

    place: str
    schema: str
    views: str
    rows: dict[str, int]
    styled: bool
    dropped: tuple[str, ...]
    kept: tuple[str, ...]
    seconds: float


def load(
    dsn: str, package: Path, run_id: str, slug: str, *, parameters: PostgisParams, say: Callable[[str], None]
) -> Loaded:
    """
    Load a release into PostGIS and let the views show it.

    Parameters
    ----------
    dsn
        Connection string, as libpq reads it.
    package
        The GeoPackage of the release.
    run_id
        ``YYYYMMDDTHHMMSSZ``; names its schema.
    slug
        Name of the region as a file name; names the schema of the views unless the parameters do.
    parameters
        Where to, for whom, and how many releases stay.
    say
        Told of each step, one line.

    Returns
    -------
    loaded
        A release that was there already is not loaded again; the views are set to it.

    Raises
    ------
    SettingsError
        The connection string cannot be read.
    ReleaseError
        The database cannot be reached, lacks PostGIS, or refused something. The views show what they showed.
    """
    begun = time.perf_counter()
    views = parameters.weergaven or slug[:40]
    schema = f"{views}_{run_id.lower()}"
    place = place_of(dsn)
    layers = [layer for layer in read_layout(package) if layer.rows or layer.geometry is None]
    with opened(dsn, timeout_s=parameters.verbinden_s) as connection:
        with connection.transaction(), connection.cursor() as cursor:
            postgis = _prepare(cursor, views, place)
            rows: dict[str, int] = {}
            if schema in releases(cursor, views):
                say(f"{place}: {schema} is there already")
            else:
                cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
                rows = {layer.name: _load(cursor, schema, layer, package, postgis, say) for layer in layers}
            say(f"{place}: {views} switches to {schema}")
            cursor.execute(
                sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(int(parameters.wachttijd_s * 1000)))
            )
            switch(cursor, views, schema, layers, parameters.lezers)
            styled = put_styles(connection, views, [layer for layer in layers if layer.styles])
        dropped, kept = _tidy(connection, views, parameters)
    return Loaded(place, schema, views, rows, styled, dropped, kept, time.perf_counter() - begun)


def _prepare(cursor: psycopg.Cursor, views: str, place: str) -> str:
    """Find PostGIS, and keep others from loading the same views at the same time."""
    cursor.execute("SET LOCAL statement_timeout = 0")
    found = cursor.execute(_POSTGIS).fetchone()
    if found is None:
        raise ReleaseError(problem(place, "deze database heeft geen PostGIS", _EXTENSION))
    if cursor.execute(_LOCK, (views,)).fetchone() != (True,):
        raise ReleaseError(problem(place, f"een ander laadt net in {views}", "Wacht tot die klaar is"))
    return str(found[0])


def _load(
    cursor: psycopg.Cursor, schema: str, layer: Layer, package: Path, postgis: str, say: Callable[[str], None]
) -> int:
    cursor.execute(definitions.create_table(schema, layer, postgis))
    with batches(package, layer) as rows, cursor.copy(definitions.copy_into(schema, layer)) as copy:
        for batch in rows:
            copy.write(as_csv(batch, layer))
    if cursor.rowcount != layer.rows:
        raise ReleaseError(
            problem(
                f"PostGIS {schema}.{layer.name}",
                f"kreeg {cursor.rowcount} rijen in plaats van {layer.rows}",
                "Controleer het GeoPackage en probeer het opnieuw",
            )
        )
    for statement in definitions.finish(schema, layer):
        cursor.execute(statement)
    say(f"{schema}.{layer.name}: {layer.rows} rows")
    return layer.rows


def _tidy(
    connection: psycopg.Connection, views: str, parameters: PostgisParams
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Remove the oldest releases; whatever is still in use stays, and is told."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SET lock_timeout = {}").format(sql.Literal(int(parameters.wachttijd_s * 1000))))
        in_view = set(shown(cursor, views).values())
        old = [name for name in releases(cursor, views)[: -parameters.bewaar] if name not in in_view]
    gone = {name: drop_release(connection, name) for name in old}
    return tuple(name for name in old if gone[name]), tuple(name for name in old if not gone[name])
