"""The door to the corporations' lists: one table of property, and what could not be used."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from twentegeo.errors import SourceChanged, problem
from twentegeo.sources.grid import read_grid
from twentegeo.sources.headers import resolve
from twentegeo.sources.snapshot import Origin, Snapshot, from_file
from twentegeo.tables.contract import conform, empty
from twentegeo.tables.losses import Reason, gather
from twentegeo.tables.registers import BEZIT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

logger = logging.getLogger(__name__)

ORIGIN: Final = Origin("ownership", "Bezit van corporaties", "woningcorporaties", "niet openbaar")

_ALIASES: Final = {
    "eigenaar": ("eigenaar", "corporatie", "naamcorporatie", "corporatienaam", "eigenaarnaam", "verhuurder", "naam"),
    "vbo_id": (
        "vboid",
        "verblijfsobjectid",
        "bagverblijfsobjectid",
        "bagvboid",
        "bagidentificatie",
        "bagid",
        "adresseerbaarobjectid",
    ),
    "pand_id": ("pandid", "bagpandid", "pandidentificatie", "idgegevensbeheerder"),
    "postcode": ("postcode", "pc6", "pc"),
    "huisnummer": ("huisnummer", "huisnr", "nummer"),
    "huisletter": ("huisletter", "letter"),
    "toevoeging": ("toevoeging", "huisnummertoevoeging", "huisnrtoevoeging", "huisnummertoev"),
    "peildatum": ("peildatum", "datum", "standper", "referentiedatum"),
}
"""Plain spellings that corporations use, VERA's among them."""

_REMEDY: Final = (
    "Zorg voor een kolom 'corporatie' (of 'eigenaar') en een kolom 'vbo_id', 'pand_id' of 'postcode' met 'huisnummer'"
)
_LAST_HOUSE_NUMBER: Final = 99_999


@dataclass(frozen=True, slots=True)
class Ownership:
    """
    Property as listed.

    Attributes
    ----------
    bezit
        Table by ``BEZIT``, in the order of files and lines.
    losses
        Rows by ``KOPPELVERLIES`` of lines that could not be used, as ``<file>:<line>``.
    counts
        ``regels``, ``bezit`` (rows given) and ``afgezonderd``.
    """

    bezit: pd.DataFrame
    losses: pd.DataFrame
    counts: dict[str, int]


def fetch(path: Path) -> Snapshot:
    """
    Take a file on disk as a list of property.

    Parameters
    ----------
    path
        CSV or XLSX.

    Returns
    -------
    snapshot
        The file and its checksum.
    """
    return from_file(ORIGIN, path)


def read(snapshots: Sequence[Snapshot]) -> Ownership:
    """
    Read the lists of one or more corporations.

    Parameters
    ----------
    snapshots
        CSV or XLSX each; none is allowed.

    Returns
    -------
    ownership
        Rows with an owner and at least one usable key: VBO id, pand id, or postcode with house number.

    Raises
    ------
    SourceUnavailable
        A file is absent, empty or damaged.
    SourceChanged
        A file is in another encoding, or lacks an owner column or any key column.
    """
    again = Counter(snapshot.path.name for snapshot in snapshots)
    parts, losses, met = [], [], 0
    for snapshot in snapshots:
        path = snapshot.path
        name = path.name if again[path.name] == 1 else f"{path.parent.name}/{path.name}"
        rows, lost = _read_file(path, name)
        met += len(rows) + len(lost)
        parts.append(rows)
        losses.append(lost)
    together = gather(losses)
    if len(together):
        logger.warning("ownership: %d of %d rows set apart", len(together), met)
    bezit = conform(BEZIT, pd.concat(parts, ignore_index=True)) if parts else empty(BEZIT)
    return Ownership(bezit, together, {"regels": met, "bezit": len(bezit), "afgezonderd": len(together)})


def _read_file(path: Path, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    grid = read_grid(path)
    found = resolve(grid.names, _ALIASES)
    keys = "vbo_id" in found or "pand_id" in found or {"postcode", "huisnummer"} <= found.keys()
    if "eigenaar" not in found or not keys:
        wanted = "een eigenaar" if keys else "een eigenaar en een sleutel" if "eigenaar" not in found else "een sleutel"
        place = f"kolom voor {wanted} ontbreekt (wel: {', '.join(grid.names)[:100]})"
        raise SourceChanged(problem(path, place, _REMEDY))
    texts = pd.DataFrame(grid.rows, columns=range(len(grid.names)), dtype="str")
    places = {wanted: grid.names.index(column) for wanted, column in found.items()}
    nothing = pd.Series("", index=texts.index, dtype="str")
    text = {wanted: texts[places[wanted]] if wanted in places else nothing for wanted in _ALIASES}
    rows = pd.DataFrame({"bestand": name, "bezit_rij": grid.numbers, "eigenaar": text["eigenaar"]})
    rows["vbo_id"], rows["pand_id"] = _bag_id(text["vbo_id"]), _bag_id(text["pand_id"])
    postcode = text["postcode"].str.upper().str.replace(r"\s", "", regex=True)
    rows["postcode"] = postcode.where(postcode.str.fullmatch(r"[1-9]\d{3}[A-Z]{2}"))
    rows = rows.assign(**_house(text), peildatum=_day(text["peildatum"]))
    owned = rows["eigenaar"] != ""
    keyed = rows["vbo_id"].notna() | rows["pand_id"].notna() | (rows["postcode"].notna() & rows["huisnummer"].notna())
    losses = [
        _reason("aantal velden klopt niet").rows(f"{name}:{number}" for number in grid.uneven),
        _reason("eigenaar ontbreekt").rows(name + ":" + rows.loc[~owned, "bezit_rij"].astype("str")),
        _reason("geen bruikbare sleutel").rows(name + ":" + rows.loc[owned & ~keyed, "bezit_rij"].astype("str")),
    ]
    return rows[owned & keyed], gather(losses)


def _reason(why: str) -> Reason:
    advice = "Verbeter de regel in het bezitsbestand: eigenaar, en een BAG-id van 16 cijfers als tekst of een adres."
    return Reason("bezit lezen", "bezit", why, advice)


def _bag_id(text: pd.Series) -> pd.Series:
    bare = text.str.strip("' ").str.replace(r"^NL\.IMBAG\.\w+\.", "", regex=True)
    # fifteen digits: spreadsheets drop the leading zero of municipalities below 1000
    sound = bare.str.fullmatch(r"\d{15,16}") & ~bare.str.fullmatch("0+")
    return bare.str.zfill(16).where(sound)


def _house(text: dict[str, pd.Series]) -> dict[str, pd.Series]:
    """House number, letter and addition; `12a` or `12-3` in the number's column is taken apart."""
    pieces = text["huisnummer"].str.extract(r"^(\d{1,5})(?:\.0)?[\s-]*(.*)$")
    number = pd.to_numeric(pieces[0], errors="coerce")
    rest = pieces[1].fillna("").str.strip()
    is_letter = rest.str.fullmatch("[A-Za-z]")
    letter = text["huisletter"].where(text["huisletter"] != "", rest.where(is_letter, ""))
    addition = text["toevoeging"].where(text["toevoeging"] != "", rest.where(~is_letter, ""))
    return {
        "huisnummer": number.where(number.between(1, _LAST_HOUSE_NUMBER)).astype("Int64"),
        "huisletter": letter.str.upper().where(letter != ""),
        "toevoeging": addition.where(addition != ""),
    }


def _day(text: pd.Series) -> pd.Series:
    """Read YYYY-MM-DD, DD-MM-YYYY, DD/MM/YYYY and YYYYMMDD; anything else is missing."""
    ordered = (
        text.str.replace("/", "-", regex=False)
        .str.replace(r"^(\d{1,2})-(\d{1,2})-(\d{4})$", r"\3-\2-\1", regex=True)
        .str.replace(r"^(\d{4})(\d{2})(\d{2})$", r"\1-\2-\3", regex=True)
        .str.slice(0, 10)
    )
    days = pd.to_datetime(ordered, format="%Y-%m-%d", errors="coerce")
    return days.where(days.dt.year.between(1900, 2200))
