"""The rows of the table: which contenders, on what, and when an answer is wrong."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from benchmarks import nights
from benchmarks.between import Nights
from benchmarks.inputs import CHANGED, CHANGED_SHARE, SMALL_REGION, TIMES, Inputs, municipalities

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Counts = dict[str, Any]

LEAST_RATIO = 2.0
"""A night with one changed municipality takes under half of a full one."""

GIB_3 = 3 * 2**30 / 1e6


@dataclass(frozen=True)
class Contender:
    """One way of doing it; ``does`` says how its work differs from that of the others."""

    name: str
    command: Callable[[Path], list[str]]
    does: str = ""
    told: dict[str, Any] = field(default_factory=dict)
    before: Callable[[], None] | None = None
    collect: Callable[[Path], Counts] | None = None
    slow: bool = False


@dataclass(frozen=True)
class Row:
    """
    Contenders for one piece of work; the first is ours.

    ``bound`` holds at scale 1, in seconds and megabytes; ``least_ratio`` is how many times as long the second takes.
    """

    name: str
    title: str
    contenders: tuple[Contender, ...]
    agree: tuple[str, ...]
    bound: tuple[float, float] | None = None
    equal: dict[str, Any] = field(default_factory=dict)
    memory_only: bool = False
    least_ratio: float | None = None

    def void(self, counts: list[Counts]) -> list[str | None]:
        """Say of each contender why its answer is wrong; None where it is right. Ours is judged like the others."""
        reasons: list[str | None] = []
        for own in counts:
            wrong = [f"{name} {own.get(name)}" for name in self.agree if own.get(name) != _usual(counts, name)]
            wrong += [f"{name} {own[name]}" for name, value in self.equal.items() if own.get(name, value) != value]
            reasons.append(", ".join(wrong) or None)
        return reasons


def _usual(counts: list[Counts], name: str) -> Any:
    """Take what most say; where they differ one to one, what the last says, which is not ours."""
    values = [str(own.get(name)) for own in counts]
    most = max(values.count(value) for value in values)
    chosen = [own.get(name) for own in counts if values.count(str(own.get(name))) == most]
    return chosen[-1]


def rows(inputs: Inputs) -> list[Row]:
    """List all rows."""
    products = [_page(inputs), _maps(inputs)]
    return [_extract(), _labels(), _overlap(), _layer(), *_nights(inputs), *products, _memory(inputs)]


def _job(module: str) -> Callable[[Path], list[str]]:
    return lambda told: [sys.executable, "-m", f"benchmarks.{module}", str(told)]


def _extract() -> Row:
    ogr2ogr = shutil.which("ogr2ogr")
    peers = [
        Contender(
            "pyogrio Arrow, two at once",
            _job("jobs.read_bag_pyogrio"),
            "three of the object types, all history, tables left in two processes, inner zips unpacked beforehand",
        ),
        Contender(
            "lxml.iterparse, two at once",
            _job("jobs.read_bag_lxml"),
            "three of the object types as dicts, current only, inner zips unpacked beforehand",
            slow=True,
        ),
    ]
    if ogr2ogr:
        gdal = Contender(
            "ogr2ogr, two at once",
            _job("jobs.read_bag_ogr2ogr"),
            "three of the object types, all history, to GeoPackage, inner zips unpacked beforehand",
            {"ogr2ogr": ogr2ogr},
        )
        peers.insert(0, gdal)
    ours = Contender(
        "twentegeo",
        _job("jobs.read_bag"),
        "seven object types, current, chosen by region, geometry repaired, losses counted; checksum included",
        {"municipalities": municipalities(), "workers": 2},
    )
    return Row("extract", "Read the BAG extract", (ours, *peers), ("PND", "VBO", "NUM"), bound=(12, GIB_3))


def _labels() -> Row:
    ours = Contender("twentegeo", _job("jobs.labels_ours"), "all keys (id, address, pand), every loss with its reason")
    peer = Contender("pandas read_csv, merge", _job("jobs.labels_pandas"), "VBO id only, no losses")
    return Row("labels", "Label file to a label per dwelling", (ours, peer), ("by_id",), equal={"differing": 0})


def _overlap() -> Row:
    ways = {
        "twentegeo": ("ours", "with share, losses and pairs for the built-up area"),
        "geopandas sjoin, intersection": ("sjoin", "the parcel only"),
        "geopandas overlay, idxmax": ("overlay", "the parcel only"),
    }
    contenders = tuple(
        Contender(name, _job("jobs.overlap"), does, {"way": way}, slow=way == "overlay")
        for name, (way, does) in ways.items()
    )
    return Row("overlap", "Pand on perceel by largest overlap", contenders, ("panden",), equal={"differing": 0})


def _layer() -> Row:
    ways = {
        "twentegeo": ("ours", "typed, rounded, sorted, rings turned, aliases and comments"),
        "geopandas to_file, Arrow": ("arrow", "as it is"),
        "geopandas to_file": ("plain", "as it is"),
    }
    contenders = tuple(Contender(name, _job("jobs.layer"), does, {"way": way}) for name, (way, does) in ways.items())
    return Row("layer", "Write the pand layer with its index", contenders, ("rows", "indexed"))


def _nights(inputs: Inputs) -> list[Row]:
    published = nights.published(inputs.outputs)

    def fresh() -> None:
        shutil.rmtree(inputs.outputs, ignore_errors=True)

    def usual(scratch: Path) -> Counts:
        counts: Counts = json.loads((scratch / "counts.json").read_text(encoding="utf-8"))
        return counts

    ours = Contender(
        "twentegeo run",
        nights.run(inputs, "night.yaml"),
        "all layers, checks, read-back, map, manifest, tables kept for tomorrow",
        before=fresh,
        collect=published,
    )
    usually = Contender(
        "the usual way", _job("usual_way"), "less: see benchmarks/usual_way.py", collect=usual, slow=True
    )
    again = Contender("twentegeo run", nights.run(inputs, "night.yaml"), "the release stands", collect=published)
    changed = Contender(
        "twentegeo run",
        nights.run(inputs, "tonight.yaml"),
        "one label row less or more",
        before=nights.Swapped(inputs, ("changed.yaml", "night.yaml")).swap(),
        collect=published,
    )
    return [
        Row("night", "The whole night", (ours, usually), ("pand", "verblijfsobject", "perceel"), bound=(60, GIB_3)),
        Row("unchanged", "The same night again", (again,), (), bound=(5, GIB_3), equal={"releases": 1}),
        Row("relabelled", "Only the label file changed", (changed,), (), bound=(20, GIB_3), equal={"in vain": ""}),
        *_one_municipality(inputs),
    ]


def _one_municipality(inputs: Inputs) -> list[Row]:
    """Nights in which a hundredth of one municipality changed, each beside the same night with nothing reused."""
    share = f"{CHANGED_SHARE:.0%} of {CHANGED} changed"
    between, delivered = {*nights.DELIVERED, "labels_totaal"}, nights.DELIVERED
    labels, both = (nights.Swapped(inputs, (name, "night.yaml")) for name in ("labels-of-one.yaml", "both-of-one.yaml"))
    extract, daily = Nights(inputs, daily=False), Nights(inputs, daily=True)
    # what changed, which nights, what they must not compute anew, and their bound
    cases: dict[str, tuple[str, Nights | nights.Swapped, set[str], tuple[float, float] | None]] = {
        "one_labels": ("New total file of labels", labels, nights.UNTOUCHED, (25, GIB_3)),
        "one_daily": ("Daily BAG, mutations of labels", daily, {*between, "bag"}, None),
        "one": ("New extract, mutations of labels", extract, between, None),
        "one_both": ("New extract and new total file of labels", both, delivered, None),
    }
    made = []
    for name, (changed, found, untouched, bound) in cases.items():
        ours = Contender(
            "twentegeo run",
            nights.run(inputs, found.settings, *found.options),
            "what the night before computed is there",
            before=found.swap(),
            collect=nights.published(found.outputs, untouched),
        )
        anew = Contender(
            "everything anew",
            nights.run(inputs, found.settings, "--rebuild", *found.options),
            "the same deliveries, nothing reused",
            collect=nights.published(found.outputs, set()),
        )
        agree, equal = ("pand", "verblijfsobject"), {"in vain": "", "topped up": found is daily}
        made.append(Row(name, f"{changed}: {share}", (ours, anew), agree, bound, equal, least_ratio=LEAST_RATIO))
    return made


def _page(inputs: Inputs) -> Row:
    night = str(inputs.folder / "night.yaml")
    ours = Contender(
        "twentegeo publish site",
        _job("jobs.page"),
        "areas, cells, buildings (11-14) and dwellings (14), search index, lists and the page",
        {"way": "ours", "config": night},
    )
    gdal = Contender(
        "GDAL's PMTiles driver",
        _job("jobs.page"),
        "less: buildings (11-14) and dwellings (14) only",
        {"way": "gdal", "config": night},
        slow=True,
    )
    return Row("page", "The planner's page of a release", (ours, gdal), ("pand", "verblijfsobject"), bound=(150, GIB_3))


def _maps(inputs: Inputs) -> Row:
    night = str(inputs.folder / "night.yaml")
    ours = Contender(
        "twentegeo publish maps",
        _job("jobs.maps"),
        "the QGIS project; pictures of the region, a PDF per municipality; by QGIS where it is installed",
        {"way": "auto", "config": night},
    )
    plain = Contender(
        "twentegeo publish maps, by matplotlib",
        _job("jobs.maps"),
        "the same, as where QGIS is not installed",
        {"way": "matplotlib", "config": night},
        slow=True,
    )
    return Row("maps", "The QGIS project and map book of a release", (ours, plain), ("sheets",), bound=(150, GIB_3))


def _memory(inputs: Inputs) -> Row:
    files = {"the extract": inputs.bag, f"{TIMES} times as large": inputs.larger}
    contenders = tuple(
        Contender(
            f"{name} ({path.stat().st_size / 1e6:.0f} MB zip)" if path.is_file() else name,
            _job("jobs.read_bag"),
            "the region is one municipality; all that is added lies outside it",
            {"bag": str(path), "municipalities": list(SMALL_REGION), "workers": 2},
        )
        for name, path in files.items()
    )
    return Row("memory", "Memory against the size of the extract", contenders, ("PND", "VBO", "NUM"), memory_only=True)
