"""What the operator sees in Prefect: log lines, tables of counts and losses, and refusals without a traceback."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from prefect import get_run_logger
from prefect.artifacts import create_markdown_artifact, create_table_artifact

from twentegeo.errors import TwenteGeoError

if TYPE_CHECKING:
    from twentegeo.pipeline.command import Published
    from twentegeo.pipeline.night import Built


class RunLog:
    """Tells Prefect's run log what happens."""

    def say(self, text: str) -> None:
        """Log the line."""
        get_run_logger().info(text)

    def count(self, text: str, done: int, total: int) -> None:
        """Log the end only, so that a log stays readable."""
        if done == total:
            get_run_logger().info("%s %d/%d", text, done, total)


def report_stages(built: Built) -> None:
    """
    Keep row counts, joins and losses as artifacts.

    Parameters
    ----------
    built
        What the night would publish.
    """
    create_table_artifact(
        key="rijen-per-laag",
        table=[{"laag": name, "rijen": len(rows)} for name, rows in built.layers.items()],
        description="Rijen per laag en tabel",
    )
    create_table_artifact(
        key="koppelingen",
        table=[{key: str(value) for key, value in row.items()} for row in built.facts["koppelingen"]],
        description="Wat elke koppeling vond",
    )
    create_table_artifact(
        key="koppelverlies",
        table=[dict(row) for row in built.facts["koppelverlies"]],
        description="Wat niet gekoppeld is, en waarom",
    )


def report_release(published: Published) -> None:
    """
    Keep where the release stands as an artifact.

    Parameters
    ----------
    published
        The release that stands now.
    """
    manifest = published.manifest
    findings = "\n".join(f"- {one['code']} {one['ernst']}: {one['melding']}" for one in manifest["bevindingen"])
    create_markdown_artifact(
        key="release",
        markdown=(
            f"# Release {manifest['run_id']}\n\n{manifest['regio']}, peildatum {manifest['peildatum']}\n\n"
            f"Map: `{published.folder}`\n\nInhoud: `{manifest['inhoud_sha256']}`\n\n"
            f"## Bevindingen\n\n{findings or 'Geen.'}\n"
        ),
        description="De nieuwe release",
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


def plain_refusals() -> None:
    """Log what a room refuses as one line."""
    for name in (
        "prefect.flow_runs",
        "prefect.task_runs",
        "prefect.engine",
        "prefect.flow_engine",
        "prefect.task_engine",
    ):
        logging.getLogger(name).addFilter(_OneLine())
