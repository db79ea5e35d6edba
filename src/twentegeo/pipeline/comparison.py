"""Tonight beside the release that stands: what drifted, whether the operator lets it pass, and what changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from twentegeo.checks.drift import Night, accept, check_drift
from twentegeo.checks.finding import Finding
from twentegeo.checks.key_figures import key_figures
from twentegeo.pipeline import history
from twentegeo.pipeline import manifest as told
from twentegeo.publish import release as releasing
from twentegeo.store import fingerprint
from twentegeo.tables.changes import WIJZIGING, WIJZIGING_GEBIED
from twentegeo.tables.layers import MAP_LAYERS, OF_HISTORY, PAND, PRIORITEITSGEBIED, VERBLIJFSOBJECT

if TYPE_CHECKING:
    from pathlib import Path

    from twentegeo.figures import Reference
    from twentegeo.pipeline.history import Before
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


def compare(
    rules: tuple[Settings, Reference],
    made: tuple[Registers, Built],
    stages: Stages,
    store: Store,
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
    store
        The outputs folder.
    accepted
        What drift the operator lets pass.

    Returns
    -------
    compared
        The same with the findings of drift, the tables of changes, and facts that the next night compares with.

    Raises
    ------
    ReleaseError
        The release that stands is damaged.
    """
    settings, reference = rules
    registers, built = made
    newest = releasing.current(store)
    if not _keys_hold(built):
        # what does not even agree with itself is not worth comparing; the next step refuses it
        return replace(built, facts={**built.facts, "vorige_release": newest.name if newest else None})
    manifest = None if newest is None else releasing.manifest_of(newest)
    facts = {
        **built.facts,
        **_comparable(settings, reference, built),
        "vorige_release": None if newest is None else newest.name,
    }
    findings = [] if manifest is None else _drift(facts, manifest, settings)
    passed = accept(findings, accepted.codes, accepted.reason)
    if passed != findings:
        facts["aanvaard"] = {"codes": sorted(accepted.codes), "reden": accepted.reason}
    layers = dict(built.layers)
    earlier = _earlier(newest, manifest, facts, settings)
    if isinstance(earlier, str):
        facts["wijziging_weggelaten"] = earlier
    else:
        changed = history.what_changed(earlier, layers, rules, registers, stages)
        layers |= {WIJZIGING.name: changed.dwellings, WIJZIGING_GEBIED.name: changed.areas}
    return replace(built, layers=layers, facts=facts, findings=[*built.findings, *passed])


def _keys_hold(built: Built) -> bool:
    """Tell whether each row of the layers that are compared can be found again by its key."""
    return not any(
        built.layers[table.name].duplicated(list(table.key)).any()
        for table in (VERBLIJFSOBJECT, PAND, PRIORITEITSGEBIED)
    )


def _comparable(settings: Settings, reference: Reference, built: Built) -> dict[str, Any]:
    sample = settings.sample
    return {
        "kengetallen": key_figures(built.layers, [table for table in MAP_LAYERS if table not in OF_HISTORY]),
        "herkomst": {
            "regio": [*settings.region.municipalities, *([sample.scale, sample.seed] if sample else [])],
            "methode": told.method_of(reference),
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


def _earlier(
    newest: Path | None, manifest: dict[str, Any] | None, facts: dict[str, Any], settings: Settings
) -> Before | str:
    """Find what to compare with, or say in Dutch why there is nothing."""
    if newest is None or manifest is None:
        return "er is geen vorige release"
    if not manifest.keys() >= COMPARED:
        return _OLDER
    if manifest["herkomst"]["regio"] != facts["herkomst"]["regio"]:
        return "de vorige release is van een andere regio"
    return history.before(newest / f"{settings.slug}.gpkg", manifest)
