"""What is different from the release before: sources, settings, program, counts, coverage, priority areas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from twentegeo.publish import dutch
from twentegeo.publish.report.inventory import inventory_of
from twentegeo.tables import layers as contracts
from twentegeo.tables.hotspots import GEBIED_HERKOMST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from twentegeo.publish.report.inventory import Inventory
    from twentegeo.publish.statement import Source, Statement


_ABSENT: Final = object()


@dataclass(frozen=True, slots=True)
class Shift:
    """
    A figure then and now.

    Attributes
    ----------
    what
        What is counted, in Dutch.
    before, after
        The figure; NaN or None where unknown.
    decimals
        Digits behind the comma.
    unit
        ``%`` or nothing.
    """

    what: str
    before: float | None
    after: float | None
    decimals: int = 0
    unit: str = ""

    @property
    def difference(self) -> float | None:
        """After minus before; None where either is unknown."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class Replaced:
    """Something that has another value than before, both in words."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changes:
    """
    Everything that is different.

    Attributes
    ----------
    run_id, when
        The release before, and its moment in words.
    figures
        Counts and coverage, changed or not.
    towns
        Label coverage per municipality, those that changed, largest change first.
    sources, settings, versions
        What was replaced.
    code
        True where the program's own code or reference figures changed without another version.
    same
        True where every layer says exactly what it said.
    new, gone
        Names of priority areas that appeared and disappeared.
    moved
        Priority areas that stayed and have another rank: name, then and now.
    """

    run_id: str
    when: str
    figures: tuple[Shift, ...]
    towns: tuple[Shift, ...]
    sources: tuple[Replaced, ...]
    settings: tuple[Replaced, ...]
    versions: tuple[Replaced, ...]
    code: bool
    same: bool
    new: tuple[str, ...]
    gone: tuple[str, ...]
    moved: tuple[Shift, ...]

    @property
    def nothing(self) -> bool:
        """True where nothing that decides the content was replaced."""
        return not (self.sources or self.settings or self.versions or self.code)

    @property
    def moving(self) -> list[Shift]:
        """The counts that are different."""
        return [one for one in self.figures if one.difference and round(one.difference, one.decimals)]

    @property
    def still(self) -> list[Shift]:
        """The counts that are not."""
        moving = self.moving
        return [one for one in self.figures if one not in moving]

    @property
    def coverage(self) -> Shift | None:
        """Label coverage of the region; None where either release does not say."""
        return next((one for one in self.figures if one.unit == "%" and one.difference is not None), None)


def changes(now: Statement, inventory: Inventory, before: Statement) -> Changes:
    """
    Compare two releases.

    Parameters
    ----------
    now, inventory
        The release and what its layers hold.
    before
        The release before it.

    Returns
    -------
    changes
        What the older manifest does not tell is left out.
    """
    earlier = inventory_of(before.facts)
    areas = earlier.areas if earlier else {}
    replaced = tuple(_sources(now, before))
    settings = tuple(_replaced(_flat(before.settings), _flat(now.settings)))
    versions = tuple(_replaced(dict(before.versions), dict(now.versions)))
    other_mark = before.facts.get("kenmerk") != now.facts.get("kenmerk")
    return Changes(
        run_id=before.edition.run_id,
        when=dutch.date(before.edition.moment.date()),
        figures=tuple(_figures(now, inventory, before, earlier)),
        towns=tuple(_towns(inventory, earlier)),
        sources=replaced,
        settings=settings,
        versions=versions,
        code=other_mark and not (replaced or settings or versions),
        same=bool(now.content) and now.content == before.content,
        new=tuple(one.name for key, one in inventory.areas.items() if earlier and key not in areas),
        gone=tuple(one.name for key, one in areas.items() if key not in inventory.areas),
        moved=tuple(
            Shift(one.name, areas[key].rank, one.rank)
            for key, one in inventory.areas.items()
            if key in areas and areas[key].rank != one.rank
        ),
    )


def _figures(now: Statement, inventory: Inventory, before: Statement, earlier: Inventory | None) -> Iterator[Shift]:
    for layer, count in now.counts.items():
        # the origin of areas is about the two releases, not in either of them
        if layer in before.counts and layer != GEBIED_HERKOMST.name:
            yield Shift(_title(layer), before.counts[layer], count)
    if earlier:
        yield Shift("Labeldekking", earlier.total.coverage, inventory.total.coverage, decimals=1, unit="%")


def _title(layer: str) -> str:
    table = next((one for one in (*contracts.MAP_LAYERS, *contracts.PLAIN_TABLES) if one.name == layer), None)
    return table.title if table else layer


def _towns(inventory: Inventory, earlier: Inventory | None) -> list[Shift]:
    then = {one.code: one.coverage for one in earlier.municipalities} if earlier else {}
    shifts = [
        Shift(one.name, then[one.code], one.coverage, decimals=1, unit="%")
        for one in inventory.municipalities
        if one.code in then and round(then[one.code], 1) != round(one.coverage, 1)
    ]
    return sorted(shifts, key=lambda shift: -abs(shift.difference or 0))


def _sources(now: Statement, before: Statement) -> Iterator[Replaced]:
    """Compare deliveries by checksum; of a source with several files each file is its own."""
    then = {(one.name, _position(before, place)): one for place, one in enumerate(before.sources)}
    for place, source in enumerate(now.sources):
        old = then.pop((source.name, _position(now, place)), None)
        if old is None:
            yield Replaced(source.title, "was er niet", _delivery(source))
        elif old.sha256 != source.sha256:
            was, now_is = _delivery(old), _delivery(source)
            # registers deliver again under the same name
            yield Replaced(source.title, was, now_is if now_is != was else f"{now_is}, andere inhoud")
    for old in then.values():
        yield Replaced(old.title, _delivery(old), "is er niet meer")


def _delivery(source: Source) -> str:
    return f"{source.file} ({dutch.date(source.date)})"


def _position(statement: Statement, place: int) -> int:
    """Count the files of the same source that come before this one."""
    name = statement.sources[place].name
    return sum(one.name == name for one in statement.sources[:place])


def _replaced(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Replaced]:
    for key in sorted({*before, *after}):
        if before.get(key, _ABSENT) != after.get(key, _ABSENT):
            yield Replaced(
                key,
                _word(before[key]) if key in before else "was er niet",
                _word(after[key]) if key in after else "is er niet meer",
            )


def _word(value: Any) -> str:
    if value is None:
        return "geen"
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, list):
        return ", ".join(_word(one) for one in value)
    # no points between thousands: a setting may be a year
    return f"{value:g}".replace(".", ",") if isinstance(value, float) else str(value)


def _flat(settings: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """Lay nested settings out as ``room.key``."""
    flat: dict[str, Any] = {}
    for key, value in settings.items():
        name = f"{above}{key}"
        flat |= _flat(value, f"{name}.") if isinstance(value, dict) else {name: value}
    return flat
