"""What a night makes to be looked at, of a release whose layers are complete: the map book and the planner's page."""

from __future__ import annotations

from concurrent.futures import wait
from typing import TYPE_CHECKING

from twentegeo.publish import release as releasing
from twentegeo.publish import workplace
from twentegeo.store import Store

if TYPE_CHECKING:
    from twentegeo.figures import Reference
    from twentegeo.pipeline.draft import Draft
    from twentegeo.pipeline.night import Built
    from twentegeo.pipeline.stages import Stages
    from twentegeo.settings import Settings


def show(draft: Draft, settings: Settings, reference: Reference, built: Built, stages: Stages) -> None:
    """
    Make map book and page, as far as the settings ask for them, side by side.

    One waits for QGIS and the other for tippecanoe, mostly; see docs/decisions/0024.

    Parameters
    ----------
    draft
        The release in the making; its GeoPackage is complete, and nobody writes in it any more.
    settings, reference
        What to make and how to draw, and class tables for legends.
    built
        Names the release before.
    stages
        Who is told, and who can work beside this.

    Raises
    ------
    ReleaseError
        One of them could not be made; the other is not being made any more either.
    """
    folder, package, edition, progress = draft.folder, draft.package, draft.edition, stages.progress

    def make_page() -> None:
        from twentegeo.pipeline import page  # noqa: PLC0415 - a night without it need not wait for it

        progress.say(f"page: {page.FOLDER}/")
        before = releasing.predecessor(Store(settings.outputs), folder.name, built.facts)
        page.write_page(
            package, folder / page.FOLDER, edition=edition, settings=settings, reference=reference, before=before
        )

    making = [stages.meanwhile(make_page)] if settings.products.site else []
    try:
        if settings.products.maps:
            from twentegeo.pipeline import map_book  # noqa: PLC0415 - nor for matplotlib, where it has none to draw

            progress.say(f"maps: {workplace.MAPS}/")
            map_book.write_book(package, folder / workplace.MAPS, edition, settings, reference, progress)
    finally:
        # whatever became of the book, nobody writes in the folder any more when this is left
        wait(making)
    for one in making:
        one.result()
