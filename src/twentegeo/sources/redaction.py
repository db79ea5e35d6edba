"""
Keeping keys and signed addresses out of messages and logs.

A signed address is a key: whoever reads it can use it. What follows a question mark, a name and password before the
host, and anything after a hash sign is therefore never shown.
"""

from __future__ import annotations

import logging
import re
from typing import Final
from urllib.parse import urlsplit

_ADDRESS: Final = re.compile(r"""(https?://)(?:[^\s/@'"]+@)?([^\s?#'"]+)[?#][^\s'">)]*""", re.IGNORECASE)
_LOGGERS: Final = (
    "httpx",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
    "httpcore.socks",
)


def bare(url: str) -> str:
    """
    Strip an address to what may be shown and stored.

    Parameters
    ----------
    url
        Any address.

    Returns
    -------
    bare
        Scheme, host and path; a plain name stays what it is.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return "een adres dat er geen is"
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}" if parts.scheme else parts.path


def file_name(url: str) -> str:
    """
    Name the file that an address points at.

    Parameters
    ----------
    url
        Any address.

    Returns
    -------
    name
        Last part of its path, letters, digits, dots, dashes and underscores only.
    """
    last = bare(url).rstrip("/").rpartition("/")[2]
    return re.sub(r"[^A-Za-z0-9._-]", "_", last).lstrip(".") or "bestand"


def redact(text: str) -> str:
    """
    Strip every address in a text.

    Parameters
    ----------
    text
        For example a log line.

    Returns
    -------
    text
        The same with queries, fragments, names and passwords left out of addresses.
    """
    return _ADDRESS.sub(r"\1\2?…", text)


class Redacting(logging.Filter):
    """Rewrites a log record so that no address in it tells more than it may."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record, keep it."""
        record.msg, record.args = redact(record.getMessage()), ()
        return True


_FILTER: Final = Redacting()


def quiet_libraries() -> None:
    """Make the HTTP library log redacted addresses only, at whatever level someone turns its loggers to."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_FILTER)
