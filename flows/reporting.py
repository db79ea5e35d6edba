"""What the operator sees in Prefect: log lines, tables of sources, counts and losses, refusals without a traceback."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from prefect import get_run_logger
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.exceptions import MissingContextError

from twentegeo.errors import TwenteGeoError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twentegeo.pipeline.command import Published
    from twentegeo.settings import Settings


class RunLog:
    """Tells Prefect's run log what happens; threads of a step speak through the log of the flow."""

    def __init__(self) -> None:
        self._flow = get_run_logger()

    def say(self, text: str) -> None:
        """Log the line."""
        try:
            get_run_logger().info(text)
        except MissingContextError:
            self._flow.info(text)

    def count(self, text: str, done: int, total: int) -> None:
        """Log the end only, so that a log stays readable."""
        if done == total:
            self.say(f"{text} {done}/{total}")


def report_release(settings: Settings, published: Published) -> None:
    """
    Keep what stands now as artifacts: sources with their age, counts, joins, losses, and where the report is.

    Parameters
    ----------
    settings
        Where the outputs folder can be read on the web, if anywhere.
    published
        The release that stands now.
    """
    manifest = published.manifest
    tables: Mapping[str, tuple[str, list[dict[str, Any]]]] = {
        "bronnen": ("Bronnen en hun ouderdom", _sources(manifest, datetime.now(tz=UTC))),
        "rijen-per-laag": (
            "Rijen per laag en tabel",
            [{"laag": name, "rijen": count} for name, count in manifest["lagen"].items()],
        ),
        "koppelingen": (
            "Wat elke koppeling vond",
            [{key: str(value) for key, value in row.items()} for row in manifest["koppelingen"]],
        ),
        "koppelverlies": ("Wat niet gekoppeld is, en waarom", manifest["koppelverlies"]),
    }
    for key, (description, rows) in tables.items():
        create_table_artifact(key=key, table=rows, description=description)
    create_markdown_artifact(
        key="release", markdown=_told(settings, published), description="De release die nu staat, met het rapport"
    )


def _sources(manifest: Mapping[str, Any], now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "bron": one["bron"],
            "bestand": one["bestand"],
            "peildatum": one["bron_datum"] or "onbekend",
            "ouderdom in dagen": _age(one["bron_datum"], now),
            "opgehaald": one["opgehaald"],
            "omvang in MB": round(one["bytes"] / 1e6, 1),
            "licentie": one["licentie"],
        }
        for one in manifest["bronnen"]
    ]


def _age(day: str | None, now: datetime) -> str:
    return "onbekend" if day is None else str((now.date() - datetime.fromisoformat(day).date()).days)


def _told(settings: Settings, published: Published) -> str:
    manifest, folder = published.manifest, f"releases/{published.folder.name}"
    findings = "\n".join(f"- {one['code']} {one['ernst']}: {one['melding']}" for one in manifest["bevindingen"])
    site = settings.publication.basis_url
    # a path of this machine says nothing to whoever reads Prefect's pages elsewhere, and is nobody's business
    report = f"[rapport]({str(site).rstrip('/')}/rapport.html)" if site else f"`{folder}/rapport.html`"
    state = "nieuw" if published.new else "staat nog"
    held = "\n\n**latest wordt vastgehouden; de nieuwe release wacht in staging.**" if published.held else ""
    return (
        f"# Release {manifest['run_id']} ({state})\n\n{manifest['regio']}, peildatum {manifest['peildatum']}{held}\n\n"
        f"Rapport, in de map outputs: {report}\n\nInhoud: `{manifest['inhoud_sha256']}`\n\n"
        f"## Bevindingen\n\n{findings or 'Geen.'}\n"
    )


class _OneLine(logging.Filter):
    """Leaves the traceback of a refusal out: its message is the whole story, and it is meant for the user."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Shorten the record, keep it."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, TwenteGeoError):
            record.exc_info = None
            record.msg, record.args = str(error), ()
        return True


_PLAIN = _OneLine()


def plain_refusals() -> None:
    """Log what a room refuses as one line."""
    for name in (
        "prefect.flow_runs",
        "prefect.task_runs",
        "prefect.engine",
        "prefect.flow_engine",
        "prefect.task_engine",
    ):
        logging.getLogger(name).addFilter(_PLAIN)
