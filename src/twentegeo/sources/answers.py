"""What a service can answer: a whole document, nothing, or no."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from twentegeo.errors import SourceUnavailable
from twentegeo.sources.patience import Passing

if TYPE_CHECKING:
    from collections.abc import Mapping


class NotThere(SourceUnavailable):
    """The service answers that there is no such thing (404, 410)."""


class Barred(SourceUnavailable):
    """The service refuses access (401, 403): a wrong key, or a signed address whose time is up."""


@dataclass(frozen=True, slots=True)
class Answer:
    """
    A whole answer, small enough for memory.

    Attributes
    ----------
    status, headers
        As received; header names in lower case.
    body
        Bytes, decoded from any compression.
    url
        Address without query, for messages.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


def decoded(answer: Answer) -> Any:
    """
    Read an answer as JSON.

    Parameters
    ----------
    answer
        A whole answer.

    Returns
    -------
    value
        The document.

    Raises
    ------
    Passing
        It is something else; a gateway's page about maintenance passes.
    """
    start = answer.body.lstrip(b"\xef\xbb\xbf \r\n\t")
    if start.startswith(b"<"):
        raise Passing("gaf een webpagina of XML in plaats van JSON")
    try:
        return json.loads(start)
    except ValueError:
        raise Passing("gaf JSON die afgekapt of kapot is") from None
