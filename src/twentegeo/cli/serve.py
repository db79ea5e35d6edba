"""Serving the newest release on this machine."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from twentegeo.cli.arguments import Config
from twentegeo.cli.publish import SAMPLE
from twentegeo.errors import ReleaseError, problem

LOOPBACK = "127.0.0.1"
PORT = 8010

out = Console(soft_wrap=True)


def serve(
    config: Config = SAMPLE,
    *,
    host: Annotated[str, typer.Option(help="Address to listen on; this machine only by default.")] = LOOPBACK,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = PORT,
) -> None:
    """Serve the planner's page and the layers of the newest release; stop with Ctrl-C."""
    import uvicorn  # noqa: PLC0415 - help must not wait for it

    from twentegeo.pipeline import products  # noqa: PLC0415
    from twentegeo.publish.site.server import application  # noqa: PLC0415
    from twentegeo.settings import load  # noqa: PLC0415
    from twentegeo.store import Store  # noqa: PLC0415

    settings = load(config)
    folder = products.newest(settings).folder
    if not (folder / "site" / "index.html").is_file():
        raise ReleaseError(
            problem(folder / "site", "deze release heeft nog geen pagina", f"Draai: twentegeo publish site {config}")
        )
    out.print(f"Serving release {folder.name}: http://{host}:{port}/ (Ctrl-C stops)")
    server = uvicorn.Config(
        application(Store(settings.outputs).latest), host=host, port=port, log_level="warning", access_log=False
    )
    try:
        uvicorn.Server(server).run()
    except SystemExit as error:  # uvicorn's way to say that the port is taken
        raise ReleaseError(
            problem(f"{host}:{port}", "dit adres is niet te openen", "Kies een andere poort met --port")
        ) from error
