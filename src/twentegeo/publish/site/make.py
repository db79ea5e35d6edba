"""Making the site of a release: a pure function of the release, the class tables and the page of the release before."""

from __future__ import annotations

import gzip
import hashlib
import html
import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from twentegeo.publish.site import areas as gathering
from twentegeo.publish.site.change import changes, read_before
from twentegeo.publish.site.contents import PILLARS, Layers
from twentegeo.publish.site.search import search_files
from twentegeo.publish.site.tiles import TILE_SETS, write_tiles
from twentegeo.tables.columns.lifecourse import REDENEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twentegeo.publish.classes import ClassTable, ClassTables
    from twentegeo.publish.edition import Edition
    from twentegeo.publish.site.contents import Weighing

WEB: Final = Path(__file__).with_name("web")
"""The page itself: HTML, CSS, modules, and the libraries it carries."""

BACKDROP: Final = "https://service.pdok.nl"
"""The one host that the page with a backdrop may ask; the page without may ask none."""

PAGES: Final[Mapping[str, str]] = {"index.html": "", "achtergrond.html": f" {BACKDROP}"}
"""Pages and what they may load from besides their own host. The backdrop is a page of its own, so that the ordinary
page cannot load anything from elsewhere even by mistake."""

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' data: blob:{more};"
    " connect-src 'self'{more}; manifest-src 'self'; base-uri 'none'; form-action 'none'"
)
_VERSION: Final = 1


def make_site(
    package: Path, out: Path, *, edition: Edition, classes: ClassTables, weighing: Weighing, before: Path | None = None
) -> dict[str, int]:
    """
    Make the planner's page of a release.

    Parameters
    ----------
    package
        The GeoPackage of the release.
    out
        Folder to make; it must not exist.
    edition
        Region, date, run and notice.
    classes
        Class tables, for colours and legends.
    weighing
        How pillars make a score.
    before
        Folder of the page of the release before, to tell what changed; None for a first release.

    Returns
    -------
    bytes
        Size of each kind of file: ``pagina``, ``tegels``, ``gegevens``, ``zoeken``.

    Raises
    ------
    ReleaseError
        The tiles could not be cut.
    """
    data, search = out / "data", out / "data" / "zoek"
    search.mkdir(parents=True)
    layers = Layers.of(package)
    write_tiles(layers, weighing, data)
    rows = gathering.area_rows(layers, weighing)
    _write(data / "gebieden.json", rows)
    shards = []
    for name, content in search_files(layers):
        _write(search / f"{name}.json", content)
        shards.append(name)
    told = read_before(before)
    if told:
        _write(data / "wijziging.json", changes(rows, told[1], layers.plain("wijziging")))
    facts = {
        "versie": _VERSION,
        "regio": edition.region,
        "peildatum": edition.peildatum.isoformat(),
        "run_id": edition.run_id,
        "opmerking": edition.notice,
        "kader": gathering.bounds_of(rows),
        "lagen": {name: count for name, count in layers.counts.items() if name in _drawn(data)},
        "tegels": {name: TILE_SETS[name].zooms for name in TILE_SETS if (data / f"{name}.pmtiles").is_file()},
        "pijlers": _pillars(rows),
        "redenen": dict(REDENEN),
        "zoeken": bool(shards),
        "klassen": {name: _legend(table) for name, table in classes.items()},
        "weging": {"partijen": weighing.parties, "leidend": weighing.leading, "verschuiving": weighing.shift},
        "bronnen": _sources(layers.plain("bron")),
        "vorige": {"run_id": told[0]["run_id"], "peildatum": told[0].get("peildatum")} if told else None,
        "bestanden": [{"pad": f"../{package.name}", "bytes": package.stat().st_size}],
    }
    _write(data / "site.json", facts)
    _lay_out(out, edition)
    return _sizes(out)


def digest_of(name: str) -> str:
    """
    Checksum a carried library as it is laid out.

    Parameters
    ----------
    name
        File name in ``web/vendor``, without ``.gz``.

    Returns
    -------
    sha256
        64 hexadecimal digits.
    """
    return hashlib.sha256(_carried(WEB / "vendor" / name)).hexdigest()


def _lay_out(out: Path, edition: Edition) -> None:
    """Copy the page; what a crawler or a reader without scripts sees is filled in."""
    shutil.copytree(WEB / "js", out / "js")
    shutil.copy(WEB / "app.css", out / "app.css")
    (out / "vendor").mkdir()
    for path in sorted((WEB / "vendor").iterdir()):
        name = path.name.removesuffix(".gz")
        (out / "vendor" / name).write_bytes(_carried(path.with_name(name)))
    template = (WEB / "page.html").read_text(encoding="utf-8")
    known = {
        "titel": f"Renovatiekaart {edition.region}",
        "regio": edition.region,
        "peildatum": f"{edition.peildatum:%d-%m-%Y}",
        "run_id": edition.run_id,
        "opmerking": edition.notice or "",
        "verborgen": "" if edition.notice else "hidden",
    }
    for name, more in PAGES.items():
        filled = template.replace("{{beleid}}", _POLICY.format(more=more))
        for key, text in known.items():
            filled = filled.replace("{{" + key + "}}", html.escape(text))
        (out / name).write_text(filled, encoding="utf-8")


def _carried(path: Path) -> bytes:
    """Give a library's file; large ones are kept compressed."""
    packed = path.with_name(path.name + ".gz")
    return gzip.decompress(packed.read_bytes()) if packed.is_file() else path.read_bytes()


def _drawn(data: Path) -> set[str]:
    layers = {
        "gebieden": {"gemeente", "wijk", "buurt", "prioriteitsgebied"},
        "hectaren": {"hectare"},
        "panden": {"pand"},
        "woningen": {"pand", "verblijfsobject"},
    }
    return {layer for name, held in layers.items() if (data / f"{name}.pmtiles").is_file() for layer in held}


def _pillars(rows: dict[str, Any]) -> dict[str, list[str]]:
    """Name the pillars of each kind of area, in the order of the table of norms."""
    return {
        name: [column.removeprefix(PILLARS) for column in table["kolommen"] if column.startswith(PILLARS)]
        for name, table in rows.items()
    }


def _legend(table: ClassTable) -> list[dict[str, Any]]:
    """Write a class table; the class of what is unknown has neither values nor limits."""
    return [
        {
            "etiket": one["label"],
            "kleur": one["colour"],
            "waarden": list(one["values"]),
            "onder": one["lower"],
            "boven": one["upper"],
        }
        for one in map(asdict, table.legend)
    ]


def _sources(table: pd.DataFrame) -> list[dict[str, Any]]:
    """List each source once; file names and checksums stand in the manifest."""
    if table.empty:
        return []
    kept = table[["bron", "bronhouder", "licentie", "bron_datum"]].drop_duplicates(["bron", "bronhouder", "licentie"])
    dates = pd.to_datetime(kept["bron_datum"]).dt.strftime("%Y-%m-%d")
    rows = kept.assign(bron_datum=dates).astype("object")
    rows = rows.where(rows.notna(), None)
    return [dict(zip(rows.columns, row, strict=True)) for row in rows.itertuples(index=False, name=None)]


def _write(path: Path, value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def _sizes(out: Path) -> dict[str, int]:
    sizes = dict.fromkeys(("pagina", "tegels", "gegevens", "zoeken"), 0)
    for path in out.rglob("*"):
        if path.is_file():
            kind = "gegevens" if path.suffix == ".json" else "pagina"
            kind = "tegels" if path.suffix == ".pmtiles" else kind
            sizes["zoeken" if path.parent.name == "zoek" else kind] += path.stat().st_size
    return sizes
