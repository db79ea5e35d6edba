"""What a map says in a few sentences, for beside it and for who cannot see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from twentegeo.publish.maps.contents import REGION, of_municipality
from twentegeo.publish.maps.ranking import areas_of
from twentegeo.publish.maps.wording import homes, is_known, share, whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from twentegeo.publish.maps.contents import Contents
    from twentegeo.publish.maps.questions import Panel

    Facts = Callable[[Contents, str, str], str]


def facts_of(contents: Contents, panel: Panel, code: str, name: str) -> str:
    """
    Say what the map of a question shows.

    Parameters
    ----------
    contents
        The release.
    panel
        Name of the question.
    code, name
        Of a municipality, or ``REGION`` and the name of the region.

    Returns
    -------
    text
        A few Dutch sentences with figures.
    """
    return _FACTS[panel](contents, code, name)


def _axes(contents: Contents, code: str, _: str) -> str:
    cells = of_municipality(contents.cells, code)
    total = cells["n_woningen"].sum()
    inside = cells.groupby("kwadrant", observed=True)["n_woningen"].sum()
    both, energy, life = (share(inside.get(name, 0), total) for name in _QUADRANTS)
    return (
        f"Van de woningen, in {whole(len(cells))} hectaren, ligt {both} waar energie en levensloop beide urgent zijn,"
        f" {energy} waar vooral energie urgent is en {life} waar vooral levensloop dat is."
    )


def _priority(contents: Contents, code: str, name: str) -> str:
    areas = areas_of(contents.areas, code, name)
    if areas.empty:
        return "Geen prioriteitsgebied: nergens liggen genoeg woningen met een grote opgave bij elkaar."
    found = "Eén prioriteitsgebied" if len(areas) == 1 else f"{whole(len(areas))} prioriteitsgebieden"
    shared = int((areas["grensoverschrijdend"] == "ja").sum())
    across = (
        f" Daarvan {'ligt er één' if shared == 1 else f'liggen er {shared}'} over een gemeentegrens." if shared else ""
    )
    return f"{found} met samen {homes(areas['n_woningen'].sum())}.{across}"


def _labels(contents: Contents, code: str, _: str) -> str:
    rows = of_municipality(contents.homes, code)
    counts = rows["label_status"].value_counts()
    valid, expired, guessed, nothing = (counts.get(name, 0) for name in ("geldig", "verlopen", "geschat", "geen"))
    worst = int(rows["energielabel"].isin(["E", "F", "G"]).sum())
    return (
        f"{homes(len(rows))}. {share(valid, len(rows))} heeft een geldig label; daarvan is {share(worst, valid)} E, F"
        f" of G. {share(expired, len(rows))} heeft alleen een verlopen label. Van {share(guessed, len(rows))} is het"
        f" label geschat uit vergelijkbare woningen, van {share(nothing, len(rows))} is niets bekend."
    )


def _bad_labels(contents: Contents, code: str, name: str) -> str:
    cells = of_municipality(contents.cells, code)
    known = cells[cells["aandeel_efg_verwacht"].notna()]
    count = (known["aandeel_efg_verwacht"] * known["n_woningen"] / 100).sum()
    expected = share(count, known["n_woningen"].sum())
    return f"Naar verwachting heeft {expected} label E, F of G. {_labels(contents, code, name)}"


def _lifecourse(contents: Contents, code: str, _: str) -> str:
    rows = of_municipality(contents.homes, code)
    counts = rows["levensloop_klasse"].value_counts()
    ready, adaptable, hard, unknown = (share(counts.get(name, 0), len(rows)) for name in _CLASSES)
    return (
        f"Van {homes(len(rows))} is {ready} waarschijnlijk nultreden, {adaptable} aanpasbaar en {hard} moeilijk"
        f" aanpasbaar. Van {unknown} is het niet te zeggen, vooral van flats: de BAG zegt niet op welke laag een woning"
        " ligt."
    )


def _coverage(contents: Contents, code: str, _: str) -> str:
    rows = of_municipality(contents.homes, code)
    valid = int((rows["label_status"] == "geldig").sum())
    told = f"{share(valid, len(rows))} van {homes(len(rows))} heeft een geldig geregistreerd label."
    if code == REGION or "registratie_bias" not in contents.municipalities:
        return told
    bias = contents.municipalities.set_index("code")["registratie_bias"].get(code)
    if not is_known(bias):
        return told
    if abs(bias) < _NOTICEABLE:
        return f"{told} De geregistreerde woningen lijken op de voorraad als geheel."
    looks = "slechter" if bias > 0 else "beter"
    return (
        f"{told} De registratie oogt {looks} dan de voorraad: het aandeel E, F of G is er {abs(bias):.0f}"
        f" procentpunt {'hoger' if bias > 0 else 'lager'}."
    )


_QUADRANTS: Final = ("beide urgent", "vooral energie", "vooral levensloop")
_CLASSES: Final = ("nultreden_waarschijnlijk", "aanpasbaar", "moeilijk_aanpasbaar", "onbekend")
_NOTICEABLE: Final = 2.0
"""Percentage points of which a reader should know."""

_FACTS: Final[dict[Panel, Facts]] = {
    "assen": _axes,
    "prioriteit": _priority,
    "labels": _labels,
    "efg": _bad_labels,
    "levensloop": _lifecourse,
    "dekking": _coverage,
}
