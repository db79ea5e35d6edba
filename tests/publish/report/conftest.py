"""The report of the made-up town."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from lxml import html

from tests.publish.manifests import manifest
from twentegeo.publish.metadata.parameters import PublicationParams
from twentegeo.publish.report import inventory, page
from twentegeo.publish.report.parameters import ReportParams
from twentegeo.publish.statement import statement_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

    from twentegeo.publish.classes import ClassTables

    Report = Callable[..., html.HtmlElement]


@pytest.fixture
def report(world: dict[str, pd.DataFrame], classes: ClassTables, tmp_path: Path) -> Report:
    """Write a report and read it as a browser would."""

    def make(
        stated: dict[str, Any] | None = None,
        *,
        layers: dict[str, pd.DataFrame] | None = None,
        before: dict[str, Any] | None = None,
        publication: dict[str, Any] | None = None,
    ) -> html.HtmlElement:
        path = tmp_path / page.FILE
        frames = world if layers is None else layers
        parameters = ReportParams()
        story = page.tell(
            statement_of(stated or manifest()),
            inventory.take(frames),
            frames,
            classes=classes,
            before=statement_of(before) if before else None,
            parameters=parameters,
        )
        page.write(
            path,
            story,
            classes=classes,
            publication=PublicationParams(**(publication or {})),
            parameters=parameters,
        )
        return html.fromstring(path.read_text(encoding="utf-8"))

    return make
