"""Opening the database, and speaking of it without its password."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict

from twentegeo.errors import ReleaseError, SettingsError, problem

if TYPE_CHECKING:
    from collections.abc import Iterator

_SAME: Final = "De database is gebleven zoals zij was; los het op en probeer het opnieuw"
_HIDDEN: Final = "***"


def place_of(dsn: str) -> str:
    """
    Name a database without its secrets.

    Parameters
    ----------
    dsn
        Connection string, as libpq reads it.

    Returns
    -------
    place
        For example ``PostGIS kaart@db.voorbeeld.nl:5432/geo``.

    Raises
    ------
    SettingsError
        The string cannot be read; the message does not repeat it.
    """
    try:
        told = conninfo_to_dict(dsn)
    except psycopg.ProgrammingError:
        raise SettingsError(
            problem(
                "PostGIS",
                "de verbindingsgegevens zijn niet te lezen",
                "Schrijf ze als postgresql://gebruiker@server:5432/database of als service=naam",
            )
        ) from None
    if "service" in told and "host" not in told:
        return f"PostGIS service {told['service']}"
    user = f"{told['user']}@" if told.get("user") else ""
    port = f":{told['port']}" if told.get("port") else ""
    return _without_secrets(f"PostGIS {user}{told.get('host') or 'lokaal'}{port}/{told.get('dbname') or ''}", dsn)


@contextmanager
def opened(dsn: str, *, timeout_s: int) -> Iterator[psycopg.Connection]:
    """
    Open the database, and word what it refuses.

    Parameters
    ----------
    dsn
        Connection string, as libpq reads it; what it leaves out comes from the environment, ``.pgpass`` or
        ``.pg_service.conf``.
    timeout_s
        How long connecting may take, seconds.

    Yields
    ------
    connection
        In UTF-8, outside a transaction until one is begun; nothing that is not committed stays.

    Raises
    ------
    SettingsError
        The string cannot be read.
    ReleaseError
        The database cannot be reached or refused something. The message holds no password.
    """
    place = place_of(dsn)
    try:
        with psycopg.connect(
            dsn, autocommit=True, connect_timeout=timeout_s, client_encoding="UTF8", application_name="twentegeo"
        ) as connection:
            yield connection
    except psycopg.errors.LockNotAvailable as error:
        raise ReleaseError(problem(place, "de weergaven zijn in gebruik en kwamen niet op tijd vrij", _SAME)) from error
    except psycopg.Error as error:
        raise ReleaseError(problem(place, _without_secrets(str(error), dsn), _SAME)) from None


def _without_secrets(text: str, dsn: str) -> str:
    """
    Take every piece of a password out of a text.

    A password with an ``@`` or ``/`` that was not escaped makes the driver take its tail for a host, and name it.
    """
    secrets = re.findall(r"password\s*=\s*('(?:[^'\\]|\\.)*'|[^\s&]+)", dsn)
    if "://" in dsn and "@" in dsn:
        whole = dsn.split("://", 1)[1].rpartition("@")[0].partition(":")[2]
        secrets += [whole, *re.split(r"[@:/?#]", whole)]
    for secret in sorted({one.strip("'") for one in secrets if one.strip("'")}, key=len, reverse=True):
        text = text.replace(secret, _HIDDEN)
    return text
