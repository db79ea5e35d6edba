"""What the operator is told of a night: that it was red and why, that it died, that it is well again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twentegeo.errors import ReleaseError, TwenteGeoError
from twentegeo.notifier import Message, tell
from twentegeo.pipeline.diary import KILLED, last_night
from twentegeo.publish import release as releasing
from twentegeo.store import Store, only_run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from twentegeo.pipeline.command import Published
    from twentegeo.settings import Settings


def told(settings: Settings, where: Sequence[str], night: Callable[[], Published]) -> Published:
    """
    Run a night and tell the operator how it ended.

    Parameters
    ----------
    settings
        The region, and when the operator wants to hear what.
    where
        Apprise addresses.
    night
        The work.

    Returns
    -------
    published
        What the night gave.

    Raises
    ------
    Exception
        What the night raised, after the operator was told.
    """
    try:
        published = night()
    except Exception as error:
        tell(about_failure(settings, worded(error)), where)
        raise
    tell(about_end(settings, published), where)
    return published


def worded(error: BaseException) -> str:
    """
    Say in one line what went wrong.

    Parameters
    ----------
    error
        What ended a night.

    Returns
    -------
    reason
        A refusal's own words; else the kind of error with its text.
    """
    if isinstance(error, TwenteGeoError):
        return str(error)
    return f"onverwachte fout: {type(error).__name__}: {error}"


def about_failure(settings: Settings, reason: str) -> Message:
    """
    Word that a night was red.

    Parameters
    ----------
    settings
        The region and its outputs folder.
    reason
        One line, as the command line prints it.

    Returns
    -------
    message
        With what stands now and where to look.
    """
    newest = releasing.current(Store(settings.outputs))
    stands = f"Release {newest.name} staat nog." if newest else "Er staat nog geen release."
    text = f"{reason}\n\n{stands} Zie laatste_run.json in de map outputs en de beheerderspagina, 'Als het rood is'."
    return Message(f"twentegeo {settings.region.name}: nacht mislukt", text, "failure")


def about_end(settings: Settings, published: Published) -> Message | None:
    """
    Word how a night that was not red ended, where the operator wants to hear it.

    Parameters
    ----------
    settings
        When the operator wants to hear what.
    published
        How the night ended.

    Returns
    -------
    message
        None where there is nothing to tell.
    """
    region, manifest = settings.region.name, published.manifest
    warnings = [f"- {one['code']}: {one['melding']}" for one in manifest.get("bevindingen", [])]
    if published.held:
        text = f"latest staat vast op {published.folder.name}; {published.held.name} wacht in staging."
        return Message(f"twentegeo {region}: release vastgehouden", text, "warning")
    state = f"Release {published.folder.name}" + ("" if published.new else " staat nog; er is niets veranderd")
    lines = [f"{state}.", *warnings, *_link(settings)]
    report = last_night(Store(settings.outputs)) or {}
    if report.get("vorige_gelukt") is False:
        return Message(f"twentegeo {region}: weer goed", "\n".join(lines), "success")
    if published.new and settings.notify.bij != "rood" and _new_warnings(settings, manifest):
        return Message(f"twentegeo {region}: release met waarschuwingen", "\n".join(lines), "warning")
    if settings.notify.bij == "altijd":
        return Message(f"twentegeo {region}: nacht gelukt", "\n".join(lines), "success")
    return None


def killed(settings: Settings) -> str | None:
    """
    Tell whether the last night died without a chance to say why.

    Parameters
    ----------
    settings
        The region's outputs folder.

    Returns
    -------
    reason
        One line; None where the last night ended by itself or is still busy.
    """
    store = Store(settings.outputs)
    report = last_night(store)
    if report is None or "bezig" not in report:
        return None
    try:
        with only_run(store):
            return f"nacht van {report['begonnen']}: {KILLED}"
    except ReleaseError:
        return None


def _new_warnings(settings: Settings, manifest: dict[str, Any]) -> bool:
    """Tell whether a rule warns that did not warn in the release before; the same words every night are not read."""
    codes = {one["code"] for one in manifest.get("bevindingen", [])}
    before = releasing.predecessor(Store(settings.outputs), manifest["run_id"], manifest)
    if before is not None:
        codes -= {one["code"] for one in releasing.manifest_of(before).get("bevindingen", [])}
    return bool(codes)


def _link(settings: Settings) -> list[str]:
    base = settings.publication.basis_url
    return [f"{str(base).rstrip('/')}/rapport.html"] if base else []
