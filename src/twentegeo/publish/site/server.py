"""A small static server for a release: ranges for the tiles, kinds of file said right, nothing outside the folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import RedirectResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

KINDS: Final[Mapping[str, str]] = {
    ".pmtiles": "application/vnd.pmtiles",
    ".mjs": "text/javascript",
    ".js": "text/javascript",
    ".json": "application/json",
    ".gpkg": "application/geopackage+sqlite3",
    ".fgb": "application/flatgeobuf",
    ".parquet": "application/vnd.apache.parquet",
    ".qgz": "application/x-qgis-project",
    ".tif": "image/tiff",
    ".pdf": "application/pdf",
}
"""Kind of file by ending, where the system's own table may be poor."""

_PACKED: Final = (".html", ".js", ".mjs", ".css", ".json")
_SITE: Final = "/site/"
_HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"SAMEORIGIN"),
    # the newest release may be another one tomorrow: ask, and be told that nothing changed
    (b"cache-control", b"no-cache"),
)


def application(folder: Path) -> ASGIApp:
    """
    Make the server of a release.

    Parameters
    ----------
    folder
        The release, or a link to the newest one, which is followed at each request.

    Returns
    -------
    application
        For any ASGI server; ``/`` leads to the page, the rest of the release lies beside it.
    """
    routes = [Route("/", _to_the_page), Mount("/", _Files(directory=folder, html=True, check_dir=False))]
    return _Polite(Starlette(routes=routes))


async def _to_the_page(_request: Request) -> Response:
    return RedirectResponse(_SITE)


class _Files(StaticFiles):
    """Files with their kind said right; hidden ones, which are products in the making, do not exist."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Find a file below the folder; links out of it are not followed."""
        if any(part.startswith(".") for part in path.split("/") if part not in {"", "."}):
            return "", None
        return super().lookup_path(path)

    def file_response(
        self, full_path: os.PathLike[str] | str, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Give a file, or the range of it that was asked for."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        kind = next((kind for ending, kind in KINDS.items() if str(full_path).endswith(ending)), None)
        if kind and "content-type" in response.headers:
            response.headers["content-type"] = kind
        return response


class _Polite:
    """Adds headers, and packs what is text; a range of an archive goes as it is."""

    def __init__(self, inner: ASGIApp) -> None:
        self._plain = inner
        self._packing = GZipMiddleware(inner, minimum_size=1000)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_HEADERS]
            await send(message)

        ranged = any(name == b"range" for name, _ in scope.get("headers", ()))
        text = str(scope.get("path", "")).endswith((*_PACKED, "/"))
        await (self._packing if text and not ranged else self._plain)(scope, receive, sent)
