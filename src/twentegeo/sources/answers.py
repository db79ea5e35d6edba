"""What a service can answer: a whole document, nothing, or no."""

from __future__ import annotations

import json
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import httpx

from twentegeo.errors import SourceUnavailable, problem
from twentegeo.sources.patience import Passing
from twentegeo.sources.redaction import bare

if TYPE_CHECKING:
    from collections.abc import Mapping


_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


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


def is_untrusted(error: BaseException) -> bool:
    """
    Tell whether a connection failed because the certificate cannot be trusted.

    Parameters
    ----------
    error
        What the HTTP library raised.

    Returns
    -------
    untrusted
        True for a certificate; another try is pointless.
    """
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__  # type: ignore[assignment]
    return isinstance(error, ssl.SSLCertVerificationError)


def in_dutch(error: httpx.TransportError) -> str:
    """
    Say why a request failed, without the address that the library would name.

    Parameters
    ----------
    error
        What the HTTP library raised.

    Returns
    -------
    why
        A few words.
    """
    if isinstance(error, httpx.ConnectTimeout | httpx.ConnectError):
        return "geen verbinding"
    if isinstance(error, httpx.TimeoutException):
        return "geen antwoord binnen de tijd"
    return "verbinding verbroken voor het antwoord compleet was"


def require_safe(url: str) -> None:
    """
    Refuse an address that is not encrypted, unless it is on this machine.

    Parameters
    ----------
    url
        Any address.

    Raises
    ------
    SourceUnavailable
        It is plain http, or no address at all.
    """
    try:
        host, scheme = httpx.URL(url).host, httpx.URL(url).scheme
    except httpx.InvalidURL:
        raise SourceUnavailable(
            problem("adres van een dienst", "is geen adres", "Controleer de instellingen")
        ) from None
    if host and (scheme == "https" or (scheme == "http" and host in _LOOPBACK)):
        return
    remedy = "Gebruik het beveiligde adres van de dienst"
    raise SourceUnavailable(problem(bare(url), "adres begint niet met https://", remedy))


def addressed(url: str, params: Mapping[str, str] | None) -> str:
    """
    Put a query behind an address.

    Parameters
    ----------
    url
        Address, with or without a query of its own.
    params
        What is added or replaced; None adds nothing.

    Returns
    -------
    url
        The whole address.

    Raises
    ------
    SourceUnavailable
        See :func:`require_safe`.
    """
    require_safe(url)
    return str(httpx.URL(url).copy_merge_params(dict(params))) if params else url
