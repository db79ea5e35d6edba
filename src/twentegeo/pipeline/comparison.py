"""Tonight beside the release that stands: what drifted, whether the operator lets it pass, and what changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from twentegeo.checks.drift import Night, accept, check_drift
from twentegeo.checks.finding import Finding
from twentegeo.checks.key_figures import key_figures
from twentegeo.pipeline import history, program
from twentegeo.publish import last_rows
from twentegeo.publish import release as releasing
from twentegeo.publish.package_reading import read_places
from twentegeo.store import fingerprint
from twentegeo.tables.changes import WIJZIGING, WIJZIGING_GEBIED
from twentegeo.tables.keys import unique
from twentegeo.tables.layers import MAP_LAYERS, OF_HISTORY, PAND, PRIORITEITSGEBIED, VERBLIJFSOBJECT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from twentegeo.figures import Reference
    from twentegeo.pipeline.history import Before, ReadPlaces
    from twentegeo.pipeline.night import Built
    from twentegeo.pipeline.registers import Registers
    from twentegeo.pipeline.stages import Stages
    from twentegeo.settings import Settings
    from twentegeo.store import Store

COMPARED: Final = frozenset({"kengetallen", "herkomst", "instellingen"})
"""What a manifest must tell to be compared with."""

_OLDER: Final = "de vorige release is van een oudere versie en heeft geen kengetallen"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """
    What drift the operator lets pass tonight.

    Attributes
    ----------
    codes
        Codes of findings, for example ``D02``.
    reason
        Why; kept in the manifest and the logbook.
    """

    codes: tuple[str, ...] = ()
    reason: str = ""


NOTHING: Final = Acceptance()


@dataclass(frozen=True, slots=True)
class Standing:
    """
    The release that stands, as far as it is compared with.

    Attributes
    ----------
    run_id, manifest
        None where there is no release yet.
    earlier
        Its layers, or in Dutch why there is nothing to compare with.
    """

    run_id: str | None
    manifest: dict[str, Any] | None
    earlier: Before | str


def standing(settings: Settings, store: Store, read: ReadPlaces = read_places) -> Standing:
    """
    Read what tonight is compared with.

    Parameters
    ----------
    settings
        The region.
    store
        The outputs folder.
    read
        See :func:`twentegeo.pipeline.history.before`.

    Returns
    -------
    standing
        The release that stands.

    Raises
    ------
    ReleaseError
        It is damaged.
    """
    newest = releasing.current(store)
    if newest is None:
        return Standing(None, None, "er is geen vorige release")
    manifest = releasing.manifest_of(newest)
    if not manifest.keys() >= COMPARED:
        return Standing(newest.name, manifest, _OLDER)
    if manifest["herkomst"]["regio"] != _region(settings):
        return Standing(newest.name, manifest, "de vorige release is van een andere regio")
    return Standing(newest.name, manifest, history.before(newest / f"{settings.slug}.gpkg", manifest, read))


def from_kept(folder: Path) -> ReadPlaces:
    """
    Read the dwellings of the release that stands from rows that were kept: ten times as quick as from its package.

    Parameters
    ----------
    folder
        Where they are kept; see :mod:`twentegeo.publish.last_rows`.

    Returns
    -------
    read
        For :func:`standing`; goes to the package where the rows are not whole.
    """

    def read(package: Path, name: str, columns: Sequence[str]) -> pd.DataFrame | None:
        rows = last_rows.places(folder, name, columns)
        return read_places(package, name, columns) if rows is None else rows

    return read


def compare(
    rules: tuple[Settings, Reference],
    made: tuple[Registers, Built],
    stages: Stages,
    before: Standing,
    accepted: Acceptance,
) -> Built:
    """
    Judge tonight's layers beside those of the release that stands, and tell what changed.

    Parameters
    ----------
    rules
        Settings and figures.
    made
        What was read, and what the night would publish.
    stages
        Where outcomes are kept.
    before
        The release that stands.
    accepted
        What drift the operator lets pass.

    Returns
    -------
    compared
        The same with the findings of drift, the tables of changes, and facts that the next night compares with.
    """
    settings, reference = rules
    registers, built = made
    if not _keys_hold(built):
        # what does not even agree with itself is not worth comparing; the next step refuses it
        return replace(built, facts={**built.facts, "vorige_release": before.run_id})
    # Arrow counts while pandas pairs
    comparable = stages.beside(lambda: _comparable(settings, reference, built))
    layers, left_out = dict(built.layers), {}
    if isinstance(before.earlier, str):
        left_out["wijziging_weggelaten"] = before.earlier
    else:
        changed = history.what_changed(before.earlier, layers, rules, registers, stages)
        layers |= {WIJZIGING.name: changed.dwellings, WIJZIGING_GEBIED.name: changed.areas}
    facts = {**built.facts, **comparable.result(), "vorige_release": before.run_id, **left_out}
    findings = [] if before.manifest is None else _drift(facts, before.manifest, settings)
    passed = accept(findings, accepted.codes, accepted.reason)
    if passed != findings:
        facts["aanvaard"] = {"codes": sorted(accepted.codes), "reden": accepted.reason}
    return replace(built, layers=layers, facts=facts, findings=[*built.findings, *passed])


def _keys_hold(built: Built) -> bool:
    """Tell whether each row of the layers that are compared can be found again by its key."""
    compared = (VERBLIJFSOBJECT, PAND, PRIORITEITSGEBIED)
    return all(unique(built.layers[table.name], table.key) for table in compared)


def _comparable(settings: Settings, reference: Reference, built: Built) -> dict[str, Any]:
    return {
        "kengetallen": key_figures(built.layers, [table for table in MAP_LAYERS if table not in OF_HISTORY]),
        "herkomst": {
            "regio": _region(settings),
            "methode": program.method_of(reference),
            "instellingen": fingerprint(history.steering(settings)),
        },
    }


def _drift(facts: dict[str, Any], last: dict[str, Any], settings: Settings) -> list[Finding]:
    if not last.keys() >= COMPARED:
        return [Finding("D00", "waarschuwing", f"{_OLDER}; er is niet vergeleken.")]
    return check_drift(_night(facts), _night(last), settings.drift)


def _night(facts: dict[str, Any]) -> Night:
    origin = facts["herkomst"]
    return Night(facts["kengetallen"], origin["regio"], [origin["methode"], origin["instellingen"]])


def _region(settings: Settings) -> list[Any]:
    """Tell what was asked for; a made-up world is another region than the one that bears its codes."""
    sample = settings.sample
    return [*settings.region.municipalities, *([sample.scale, sample.seed] if sample else [])]
