"""
One client for every service: patient, polite, and wary of what comes back.

What it does for all of them: time-outs, a new try after a passing failure, few requests at a time per host, redirects
only to hosts that are allowed, TLS that is verified, answers that cannot exhaust memory, and no key or signed address
in a message or log.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Self

import httpx

from twentegeo import __version__
from twentegeo.errors import SourceUnavailable, problem
from twentegeo.sources.answers import Answer, Barred, NotThere, addressed, decoded, in_dutch, is_untrusted, require_safe
from twentegeo.sources.patience import LATER, Passing, Patience, retry_after
from twentegeo.sources.redaction import bare, quiet_libraries

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from types import TracebackType

    from twentegeo.sources.ways import HttpParams

_ADDRESS: Final = "Controleer het adres in de instellingen"
_TOO_MANY: Final = 429
_GONE: Final = frozenset({404, 410})
_BARRED: Final = frozenset({401, 403})
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504, 507, 509})
_ENCODINGS: Final = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})


class Web(Patience):
    """
    The client.

    Parameters
    ----------
    params
        Manners and patience.
    transport
        In place of the network, for tests.
    sleep, clock
        In place of the clock, for tests.
    """

    def __init__(
        self,
        params: HttpParams,
        *,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        quiet_libraries()
        super().__init__(params, sleep, clock)
        self._gates: dict[str, threading.BoundedSemaphore] = defaultdict(
            lambda: threading.BoundedSemaphore(params.parallel_per_host)
        )
        self._gates_lock = threading.Lock()
        contact = f" ({params.contact})" if params.contact else ""
        self._client = httpx.Client(
            timeout=httpx.Timeout(params.read_timeout_s, connect=params.connect_timeout_s),
            headers={"User-Agent": f"twentegeo/{__version__}{contact}", "Accept-Encoding": "gzip"},
            follow_redirects=False,
            transport=transport,
        )

    def __enter__(self) -> Self:
        """Start."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self._client.close()

    # -- one whole answer ------------------------------------------------------------------------------------

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        accept: Collection[int] = (),
    ) -> Answer:
        """
        Ask for something that fits in memory.

        Parameters
        ----------
        url, params, headers
            The request. Headers go to the host that was asked only, never along with a redirect.
        accept
            Status codes beside 2xx that are no failure, for example 304.

        Returns
        -------
        answer
            Whole, at most ``page_most_bytes`` long.

        Raises
        ------
        NotThere, Barred
            See there.
        SourceUnavailable
            No good answer after all attempts, or one that must not be followed or is too large.
        """
        address = addressed(url, params)

        def once() -> Answer:
            with self.stream(address, headers=headers, accept=accept) as response:
                return self._whole(response, url)

        return self.patiently(url, once)

    def get_json(self, url: str, **request: Any) -> tuple[Any, Mapping[str, str]]:
        """
        Ask for JSON.

        Parameters
        ----------
        url, request
            As :meth:`get`.

        Returns
        -------
        value, headers
            The decoded document, and the headers it came with.

        Raises
        ------
        SourceUnavailable
            As :meth:`get`; also where the answer stays something else than JSON, a web page for example.
        """
        address = addressed(url, request.pop("params", None))
        headers = request.pop("headers", None)

        def once() -> tuple[Any, Mapping[str, str]]:
            with self.stream(address, headers=headers, **request) as response:
                answer = self._whole(response, url)
            return decoded(answer), answer.headers

        return self.patiently(url, once)

    def post_json(self, url: str, value: Any) -> Any:
        """
        Hand in JSON and get JSON back.

        Parameters
        ----------
        url
            Address.
        value
            What is handed in.

        Returns
        -------
        value
            The decoded answer; any 2xx counts.

        Raises
        ------
        SourceUnavailable
            As :meth:`get_json`.
        """

        def once() -> Any:
            with self.stream(url, method="POST", json=value, headers={"Accept": "application/json"}) as response:
                return decoded(self._whole(response, url))

        return self.patiently(url, once)

    def _whole(self, response: httpx.Response, url: str) -> Answer:
        most = self.params.page_most_bytes
        body = bytearray()
        for piece in self.paced(response.iter_bytes()):
            body += piece
            if len(body) > most:
                place = f"antwoord is groter dan {most} bytes, uitgepakt; dat doet deze dienst niet"
                raise SourceUnavailable(problem(bare(url), place, _ADDRESS))
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, headers, bytes(body), bare(url))

    # -- one try ---------------------------------------------------------------------------------------------

    @contextmanager
    def stream(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        accept: Collection[int] = (),
    ) -> Iterator[httpx.Response]:
        """
        Make one request and hand out the answer unread; the building stone of what is above.

        Parameters
        ----------
        url, method, headers, json
            The request.
        accept
            Status codes beside 2xx that are no failure.

        Yields
        ------
        response
            Its body not read yet; redirects have been followed.

        Raises
        ------
        Passing
            A failure that another try may mend, also one while the body is read.
        SourceUnavailable
            A failure that no other try mends.
        """
        require_safe(url)
        target, sent = httpx.URL(url), dict(headers or {})
        for _ in range(self.params.redirects_most + 1):
            require_safe(str(target))
            with self._gate(target.host), self._translated(target):
                request = self._client.build_request(method, target, headers=sent, json=json)
                response = self._client.send(request, stream=True)
                try:
                    if response.status_code not in _REDIRECTS or response.status_code in accept:
                        self._judge(response, accept)
                        yield response
                        return
                finally:
                    response.close()
            previous, target = target, self._next(target, response)
            if (target.host, target.port) != (previous.host, previous.port):
                sent = {name: value for name, value in sent.items() if name.lower() != "authorization"}
        place = f"verwijst meer dan {self.params.redirects_most} keer door"
        raise SourceUnavailable(problem(bare(url), place, _ADDRESS))

    def _gate(self, host: str) -> threading.BoundedSemaphore:
        with self._gates_lock:
            return self._gates[host]

    @contextmanager
    def _translated(self, target: httpx.URL) -> Iterator[None]:
        """Turn what httpx raises into our own words; its own would name the whole address, signature included."""
        try:
            yield
        except httpx.TransportError as error:
            if is_untrusted(error):
                place = "certificaat is niet te vertrouwen"
                remedy = "Controleer de klok van deze machine en wie er tussen u en de dienst zit"
                raise SourceUnavailable(problem(bare(str(target)), place, remedy)) from None
            raise Passing(in_dutch(error)) from None
        except httpx.DecodingError:
            raise Passing("antwoord is niet uit te pakken") from None
        except httpx.HTTPError as error:
            raise SourceUnavailable(
                problem(bare(str(target)), f"verzoek mislukt ({type(error).__name__})", LATER)
            ) from None

    def _judge(self, response: httpx.Response, accept: Collection[int]) -> None:
        status, where = response.status_code, bare(str(response.request.url))
        if response.headers.get("content-encoding", "").strip().lower() not in _ENCODINGS:
            # layers of compression upon each other are how a small answer fills the memory
            raise SourceUnavailable(problem(where, "antwoord is op een onverwachte wijze ingepakt", LATER))
        if response.is_success or status in accept:
            return
        if status in _GONE:
            raise NotThere(problem(where, f"bestaat niet (HTTP {status})", _ADDRESS))
        if status in _BARRED:
            raise Barred(problem(where, f"toegang geweigerd (HTTP {status})", "Controleer de sleutel of het adres"))
        if status not in _PASSING:
            raise SourceUnavailable(problem(where, f"verzoek geweigerd (HTTP {status})", _ADDRESS))
        after = retry_after(response.headers.get("retry-after"))
        why = "te veel verzoeken" if status == _TOO_MANY else "storing bij de dienst"
        if after is not None and after > self.params.retry_after_most_s:
            place = f"{why} (HTTP {status}); de dienst vraagt om {after / 60:.0f} minuten te wachten"
            raise SourceUnavailable(problem(where, place, LATER))
        raise Passing(f"{why} (HTTP {status})", after)

    def _next(self, target: httpx.URL, response: httpx.Response) -> httpx.URL:
        try:
            following = target.join(response.headers["location"])
        except (KeyError, httpx.InvalidURL):
            raise SourceUnavailable(problem(bare(str(target)), "verwijst door naar nergens", _ADDRESS)) from None
        same = (following.host, following.port) == (target.host, target.port)
        if not same and following.host not in self.params.redirect_hosts:
            place = f"verwijst door naar een host die niet toegestaan is ({following.host})"
            remedy = "Klopt dat, zet de host dan bij http.redirect_hosts in de instellingen"
            raise SourceUnavailable(problem(bare(str(target)), place, remedy))
        if target.scheme == "https" and following.scheme != "https":
            raise SourceUnavailable(problem(bare(str(target)), "verwijst door naar een onbeveiligd adres", _ADDRESS))
        return following
