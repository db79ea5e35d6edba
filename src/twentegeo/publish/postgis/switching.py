"""Views that show the newest release, and releases that may go."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import psycopg
from psycopg import sql

from twentegeo.errors import ReleaseError, problem
from twentegeo.publish.postgis import definitions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twentegeo.publish.packaged import Layer

_SCHEMAS: Final = "SELECT nspname FROM pg_namespace WHERE nspname LIKE %s ORDER BY nspname"
_KIND: Final = (
    "SELECT relkind FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = %s AND relname = %s"
)
_COLUMNS: Final = """
SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
WHERE attrelid = (quote_ident(%s) || '.' || quote_ident(%s))::regclass AND attnum > 0 AND NOT attisdropped
ORDER BY attnum"""
_SHOWN: Final = """
SELECT DISTINCT v.relname, n.nspname FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid
JOIN pg_class v ON v.oid = r.ev_class JOIN pg_class t ON t.oid = d.refobjid
JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE v.relnamespace = to_regnamespace(quote_ident(%s)) AND v.relkind = 'v' AND v.oid <> t.oid"""
_READERS: Final = """
SELECT DISTINCT pg_get_userbyid(a.grantee) FROM pg_class c, aclexplode(c.relacl) a
WHERE c.oid = (quote_ident(%s) || '.' || quote_ident(%s))::regclass AND a.privilege_type = 'SELECT'
AND a.grantee <> 0"""
_TABLES: Final = """
SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(quote_ident(%s)) AND relkind = 'r'"""
_ANOTHER_VIEW: Final = "Verwijder of wijzig eerst wat ervan afhangt; tot dan tonen de weergaven de vorige release"


def releases(cursor: psycopg.Cursor, views: str) -> list[str]:
    """
    List the releases in the database.

    Parameters
    ----------
    cursor
        Of the database.
    views
        Schema of the views; those of releases are named after it.

    Returns
    -------
    schemas
        Oldest first.
    """
    form = re.compile(rf"{re.escape(views)}_\d{{8}}t\d{{6}}z")
    found = cursor.execute(_SCHEMAS, (f"{views}\\_%",)).fetchall()
    return [name for (name,) in found if form.fullmatch(name)]


def shown(cursor: psycopg.Cursor, views: str) -> dict[str, str]:
    """
    Tell what the views show.

    Parameters
    ----------
    cursor, views
        Of the database; the schema of the views.

    Returns
    -------
    shown
        Name of each view to the schema of the release that it reads; views of others are left out.
    """
    ours = set(releases(cursor, views))
    return {view: schema for view, schema in cursor.execute(_SHOWN, (views,)).fetchall() if schema in ours}


def switch(cursor: psycopg.Cursor, views: str, schema: str, layers: Sequence[Layer], readers: Sequence[str]) -> None:
    """
    Let the views show a release.

    Parameters
    ----------
    cursor
        Within a transaction: readers see all views switch at once, or none.
    views, schema
        Schema of the views, and that of the release.
    layers
        What the release holds; views of layers that it left out go.
    readers
        Roles that may read.

    Raises
    ------
    ReleaseError
        Something else has the name of a view, or depends on one whose columns changed.
    """
    cursor.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(views)))
    before = shown(cursor, views)
    for layer in layers:
        _show(cursor, views, schema, layer)
    for name in before.keys() - {layer.name for layer in layers}:
        _drop(cursor, views, name)
    for role in readers:
        for where in (views, schema):
            named = (sql.Identifier(where), sql.Identifier(role))
            cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(*named))
            cursor.execute(sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA {} TO {}").format(*named))


def drop_release(connection: psycopg.Connection, schema: str) -> bool:
    """
    Remove a release that no view shows any more.

    Parameters
    ----------
    connection
        Outside a transaction.
    schema
        The release.

    Returns
    -------
    gone
        False where somebody made something that depends on it, or is reading it; it stays then.
    """
    try:
        with connection.transaction(), connection.cursor() as cursor:
            tables = [sql.Identifier(schema, str(name)) for (name,) in cursor.execute(_TABLES, (schema,)).fetchall()]
            if tables:
                cursor.execute(sql.SQL("DROP TABLE {} RESTRICT").format(sql.SQL(", ").join(tables)))
            cursor.execute(sql.SQL("DROP SCHEMA {} RESTRICT").format(sql.Identifier(schema)))
    except (psycopg.errors.DependentObjectsStillExist, psycopg.errors.LockNotAvailable):
        return False
    return True


def _show(cursor: psycopg.Cursor, views: str, schema: str, layer: Layer) -> None:
    kind = cursor.execute(_KIND, (views, layer.name)).fetchone()
    if kind is not None and kind[0] not in ("v", b"v"):
        raise ReleaseError(
            problem(
                f"PostGIS {views}.{layer.name}",
                "is geen weergave maar iets anders",
                "Geef het een andere naam, of kies met postgis.weergaven een ander schema",
            )
        )
    readers: list[Any] = []
    if kind is not None and not _fits(cursor, views, schema, layer):
        readers = [name for (name,) in cursor.execute(_READERS, (views, layer.name)).fetchall()]
        _drop(cursor, views, layer.name)
    cursor.execute(definitions.create_view(views, schema, layer))
    for statement in definitions.comments(views, layer, "VIEW"):
        cursor.execute(statement)
    for role in readers:
        cursor.execute(
            sql.SQL("GRANT SELECT ON {} TO {}").format(sql.Identifier(views, layer.name), sql.Identifier(role))
        )


def _fits(cursor: psycopg.Cursor, views: str, schema: str, layer: Layer) -> bool:
    """Tell whether a view can be replaced where it stands: its columns must be the first ones of the new view."""
    old = cursor.execute(_COLUMNS, (views, layer.name)).fetchall()
    kinds: dict[str, str] = dict(cursor.execute(_COLUMNS, (schema, layer.name)).fetchall())
    new = [(name, kinds[name]) for name in definitions.view_columns(layer)]
    return old == new[: len(old)]


def _drop(cursor: psycopg.Cursor, views: str, name: str) -> None:
    try:
        cursor.execute(sql.SQL("DROP VIEW {} RESTRICT").format(sql.Identifier(views, name)))
    except psycopg.errors.DependentObjectsStillExist as error:
        what = (error.diag.message_detail or "").splitlines()[:1]
        raise ReleaseError(
            problem(
                f"PostGIS {views}.{name}",
                f"de kolommen veranderden en er hangt iets van af ({' '.join(what)})",
                _ANOTHER_VIEW,
            )
        ) from error
