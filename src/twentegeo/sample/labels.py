"""Rows of the energy label register, with everything that is awkward about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from twentegeo.sample.homes import CLASSES
from twentegeo.sample.kinds import FLAT, INDUSTRY, SCHOOL
from twentegeo.sample.seeds import generator, some

if TYPE_CHECKING:
    from datetime import date

    import numpy.typing as npt

    from twentegeo.sample.registers import Registers

    Texts = npt.NDArray[np.object_]

COVERAGE: Final = 0.60
"""Share of homes that have a label of their own, whatever its age."""

TYPE_NAMES: Final = (
    "Vrijstaande woning", "Twee-onder-één-kap", "Rijwoning hoek", "Rijwoning tussen", "Appartement",
)  # fmt: skip
SUBTYPES: Final = (
    "Hoekdak",
    "Hoekdakvloer",
    "Hoekmidden",
    "Hoekvloer",
    "Tussendak",
    "Tussendakvloer",
    "Tussenmidden",
    "Tussenvloer",
)

NTA: Final = (
    "NTA 8800:2020 (basisopname woningbouw)",
    "NTA 8800:2022 (basisopname woningbouw)",
    "NTA 8800:2024 (basisopname woningbouw)",
)
SIMPLE: Final = "Rekenmethodiek Definitief Energielabel, versie 1.2, 16 september 2014"
CAREFUL: Final = "Nader Voorschrift, versie 1.0, 1 februari 2014 met erratalijst, addendum 1 juli 2018"
EARLIER: Final = "ISSO82.3, versie 3.0, oktober 2011"

KWH: Final = (-20.0, 25.0, 62.0, 90.0, 132.0, 175.0, 220.0, 270.0, 312.0, 357.0, 420.0, 470.0)
"""Typical fossil energy per class A+++++ to G, kWh per m² a year."""

INDEX: Final = (0.3, 0.4, 0.5, 0.6, 0.7, 1.0, 1.3, 1.6, 1.95, 2.25, 2.55, 2.95)
"""Typical energy index per class."""


@dataclass(frozen=True)
class Labels:
    """Rows as columns of text by the register's own names, and how many rows carry each quirk."""

    rows: pd.DataFrame
    quirks: dict[str, int]
    labelled: npt.NDArray[np.bool_]


def register_labels(homes: pd.DataFrame, registers: Registers, day: date, seed: int) -> Labels:
    """
    Draw who has a label and what the register says of it.

    Parameters
    ----------
    homes
        As :func:`twentegeo.sample.homes.homes` gives.
    registers
        The BAG, for addresses, other objects and stale identifiers.
    day
        Reference date.
    seed
        The sample's seed.

    Returns
    -------
    labels
        The register's rows in file order.
    """
    rng = generator(seed, 9)
    today = int(np.datetime64(day).astype(int))
    labelled = _who(homes, rng)
    base = _own(homes, registers, labelled, today, rng)
    parts = [base, _older(base, rng), *_others(homes, registers, today, rng)]
    parts += _strange(base, registers, rng)
    rows = pd.concat(parts, ignore_index=True)
    rows = _quirks(rows, registers, rng)
    rows = rows.sample(frac=1.0, random_state=rng.integers(2**31)).reset_index(drop=True)
    quirks = {name: int(rows[name].sum()) for name in rows.columns if name.startswith("q_")}
    quirks["q_expired"] = int((rows["valid"] < today).sum())
    quirks["q_row_without_vbo_id"] = int((rows["vbo"] == "").sum())
    return Labels(_texts(rows), {k.removeprefix("q_"): v for k, v in quirks.items()}, labelled)


def _who(homes: pd.DataFrame, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """Let, new and recently sold homes have labels more often; in a planted cluster everyone equally."""
    owner, rented, built = (homes[c].to_numpy() for c in ("owner", "rented", "built"))
    chance = np.select([owner > 0, rented], [0.94, 0.74], 0.46)
    chance = np.where(built >= 2008, np.maximum(chance, 0.9), chance)
    chance = np.where((built >= 1992) & (built < 2008), chance + 0.1, chance)
    chance = np.where(homes["cluster"] >= 0, COVERAGE, chance)
    chance = np.where(homes["stock"], chance, 0.0)
    for _ in range(4):
        chance = np.clip(chance * COVERAGE * homes["stock"].sum() / chance.sum(), 0, 0.99)
    return np.asarray(rng.random(len(homes)) < chance)


def _own(
    homes: pd.DataFrame, registers: Registers, labelled: npt.NDArray[np.bool_], today: int, rng: np.random.Generator
) -> pd.DataFrame:
    """One row for each labelled home: the newest one."""
    mine = homes[labelled]
    n = len(mine)
    age = np.where(rng.random(n) < 0.10, rng.integers(3653, 6200, n), (rng.beta(1.0, 1.6, n) * 3600).astype(int) + 5)
    opened = np.maximum(today - age, 14_000)
    born = (mine["built"].to_numpy() - 1970) * 365.25
    new = born > 14_600
    opened = np.where(new, np.maximum(np.minimum(born + rng.integers(-60, 260, n), today - 9), 14_000), opened).astype(
        int
    )
    rows = _addresses(registers, mine.index.to_numpy())
    rows = rows.assign(
        vbo=mine["vbo_id"].to_numpy(dtype=object), pand=mine["pand_id"].to_numpy(dtype=object),
        label=np.array(CLASSES, dtype=object)[mine["label"]], rank=mine["label"].to_numpy(), opened=opened,
        type=mine["type"].to_numpy(), built=mine["built"].to_numpy(), size=mine["size"].to_numpy(),
        owner=mine["owner"].to_numpy(), group="W", status="Bestaand", stacked=(mine["kind"] == FLAT).to_numpy(),
    )  # fmt: skip
    rows.loc[new & (rng.random(n) < 0.7), "status"] = "Oplevering"
    return _dated(rows, rng)


def _addresses(registers: Registers, vbo_rows: npt.NDArray[np.int64]) -> pd.DataFrame:
    nums = registers.nums
    main = nums[~nums["secondary"] & (nums["vbo"] >= 0)].set_index("vbo").loc[vbo_rows]
    return pd.DataFrame(
        {
            "postcode": main["postcode"].to_numpy(dtype=object), "number": main["huisnummer"].astype(str).to_numpy(dtype=object),
            "letter": main["huisletter"].to_numpy(dtype=object), "extra": main["toevoeging"].to_numpy(dtype=object),
            "part": "", "lig": "", "sta": "", "project": "",
        }
    )  # fmt: skip


def _dated(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Registration after the survey, ten years of validity, and the method of its time."""
    n = len(rows)
    opened = rows["opened"].to_numpy()
    method = np.select(
        [opened >= 18_993, opened >= 18_628, opened >= 16_436], ["nta", "nta", np.where(rows["owner"] > 0, "careful", "simple")], "earlier"
    )  # fmt: skip
    return rows.assign(method=method, noted=opened + rng.integers(0, 21, n), valid=opened + 3652)


def _older(base: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Earlier labels of the same homes, often a class worse."""
    chosen = base[rng.random(len(base)) < 0.08].copy()
    n = len(chosen)
    rank = np.minimum(chosen["rank"].to_numpy() + rng.choice([0, 1, 2], n, p=[0.4, 0.45, 0.15]), 11)
    chosen["rank"], chosen["label"] = rank, np.array(CLASSES, dtype=object)[rank]
    chosen["opened"] = np.maximum(chosen["opened"] - rng.integers(200, 3400, n), 13_900)
    chosen["status"] = "Bestaand"
    return _dated(chosen, rng).assign(q_older=True)


def _others(homes: pd.DataFrame, registers: Registers, today: int, rng: np.random.Generator) -> list[pd.DataFrame]:
    """Utility buildings, moorings and sites, permit applications."""
    vbos = registers.vbos
    works = vbos.index[
        vbos["kind"].isin((INDUSTRY, SCHOOL)) | vbos["purposes"].str.startswith(("winkel", "kantoor", "bijeenkomst"))
    ]
    works = works[some(rng, ~vbos["future"].to_numpy(dtype=bool)[works], 0.45)].to_numpy()
    utility = _plain(registers, works, today, rng).assign(group="U", q_utility=True)
    utility["with_pand"] = True
    whole = some(rng, np.ones(len(utility), dtype=bool), 0.5)
    utility.loc[whole, "vbo"] = ""
    utility["q_utility_pand_only"] = whole
    planned = homes.index[~homes["stock"] & ~homes["future"]].to_numpy()
    permits = _plain(registers, planned[some(rng, np.ones(len(planned), dtype=bool), 0.5)], today, rng)
    permits = permits.assign(
        status="Vergunningsaanvraag", project="Nieuwbouw Voorbeeldhof", q_permit=True, label="A++", rank=3
    )
    early = homes.index[homes["stock"] & (homes["built"] >= 2019)].to_numpy()
    permits_old = _plain(registers, early[rng.random(len(early)) < 0.25], today, rng)
    permits_old = permits_old.assign(
        status="Vergunningsaanvraag", project="Plan Fictief", q_permit=True, label="A+++", rank=2
    )
    permits_old["opened"] = np.minimum(
        permits_old["opened"], ((permits_old["built"] - 1970) * 365.25).astype(int) - 200
    )
    return [utility, permits, _dated(permits_old, rng), _floating(registers, today, rng)]


def _plain(registers: Registers, vbo_rows: npt.NDArray[np.int64], today: int, rng: np.random.Generator) -> pd.DataFrame:
    n = len(vbo_rows)
    vbos = registers.vbos.iloc[vbo_rows]
    rank = rng.integers(4, 12, n)
    rows = _addresses(registers, vbo_rows).assign(
        vbo=vbos["vbo_id"].to_numpy(dtype=object), pand=vbos["pand_id"].to_numpy(dtype=object), rank=rank,
        label=np.array(CLASSES, dtype=object)[rank], opened=today - rng.integers(10, 3500, n),
        type=np.full(n, 4), built=vbos["built"].to_numpy(), size=vbos["size"].to_numpy(), owner=np.zeros(n, dtype=int),
        group="W", status="Bestaand", stacked=False,
    )  # fmt: skip
    return _dated(rows, rng)


def _floating(registers: Registers, today: int, rng: np.random.Generator) -> pd.DataFrame:
    places = registers.places
    if not len(places):
        return pd.DataFrame()
    mine = places[some(rng, np.ones(len(places), dtype=bool), 0.5)]
    nums = registers.nums.set_index("num_id").loc[mine["num_id"]]
    n = len(mine)
    rank = rng.integers(7, 12, n)
    boat = (mine["kind"] == "Ligplaats").to_numpy()
    ids = mine["id"].to_numpy(dtype=object)
    rows = pd.DataFrame(
        {
            "postcode": nums["postcode"].to_numpy(dtype=object), "number": nums["huisnummer"].astype(str).to_numpy(dtype=object),
            "letter": "", "extra": "", "part": "", "lig": np.where(boat, ids, ""), "sta": np.where(boat, "", ids),
            "project": "", "vbo": "", "pand": "", "rank": rank, "label": np.array(CLASSES, dtype=object)[rank],
            "opened": today - rng.integers(10, 3500, n), "type": np.where(boat, 5, 6), "built": 1998, "size": 80,
            "owner": 0, "group": "W", "status": "Bestaand", "stacked": False, "q_place": True,
        }
    )  # fmt: skip
    return _dated(rows, rng)


def _strange(base: pd.DataFrame, registers: Registers, rng: np.random.Generator) -> list[pd.DataFrame]:
    """Rows of homes that no longer are, of unknown ids, under the placeholder, and of parts of an address."""
    n = len(base)
    gone = registers.vbos.index[registers.vbos["old"].to_numpy(dtype=bool)].to_numpy()
    lapsed = gone[some(rng, np.ones(len(gone), dtype=bool), 0.4)]
    stale = _plain(registers, lapsed, int(base["opened"].max()), rng).assign(q_stale=True)
    everyone = np.ones(n, dtype=bool)
    unknown = base[some(rng, everyone, 0.0025)].assign(q_unknown_id=True)
    unknown["number"] = "9" + unknown["number"]
    ids = unknown["vbo"].astype(str)
    unknown["vbo"] = ids.str.slice(0, 6) + "09" + ids.str.slice(8)
    part = base[some(rng, everyone, 0.003)].assign(part="Souterrain", label="G", rank=11, q_part=True)
    part["opened"] += 3
    part["vbo"] = ""
    return [stale, unknown, _dated(part, rng)]


def _quirks(rows: pd.DataFrame, registers: Registers, rng: np.random.Generator) -> pd.DataFrame:
    """Spoil the keys of ordinary rows in each of the ways that the real file does."""
    n = len(rows)
    marks = [c for c in rows.columns if c.startswith("q_")]
    rows[marks] = rows[marks].fillna(value=False).astype(bool)
    rows["with_pand"] = rows.get("with_pand", pd.Series(data=False, index=rows.index)).fillna(value=False).astype(bool)
    plain = (rows["vbo"] != "").to_numpy() & ~rows[marks].any(axis=1).to_numpy() & (rows["postcode"] != "").to_numpy()
    by_address = some(rng, plain, 0.02)
    placeholder = some(rng, plain & ~by_address, 0.003)
    short = some(rng, plain & ~by_address & ~placeholder & rows["vbo"].str.startswith("0").to_numpy(), 0.005)
    quoted = some(rng, plain & ~by_address & ~placeholder & ~short, 0.004)
    split = by_address & ((rows["letter"] != "") | (rows["extra"] != "")).to_numpy()
    both = plain & ~placeholder & ~short & ~quoted & ((rows["letter"] != "") | (rows["extra"] != "")).to_numpy()
    split |= some(rng, both, 0.03)
    by_address |= split
    merged = (rows["letter"] + rows["extra"]).where(rows["letter"] != "", rows["extra"])
    digits = split & (rows["letter"] == "").to_numpy()
    rows["extra"] = np.where(split, merged, rows["extra"])
    rows["letter"] = np.where(split, "", rows["letter"])
    rows["q_address_only"] = by_address
    rows["q_other_split"] = split & ~digits
    rows["q_placeholder_id"] = placeholder
    rows["q_leading_zero_lost"] = short
    rows["q_quoted"] = quoted
    rows["q_unknown_class"] = some(rng, plain & (rows["rank"] <= 4).to_numpy(), 0.03)
    rows.loc[rows["q_unknown_class"], "label"] = "A0"
    rows["q_no_class"] = some(rng, (rows["status"] == "Vergunningsaanvraag").to_numpy(), 0.08)
    rows.loc[rows["q_no_class"], "label"] = ""
    rows["vbo"] = np.select([by_address, placeholder, short], ["", "0" * 16, rows["vbo"].str.slice(1)], rows["vbo"])
    lower = plain & (rng.random(n) < 0.01)
    rows["letter"] = np.where(lower, rows["letter"].str.lower(), rows["letter"])
    for name in ("postcode", "number", "extra"):
        rows[name] = np.where(quoted, "'" + rows[name] + "'", rows[name])
    rows["rng_a"], rows["rng_b"] = rng.uniform(0.9, 1.1, n), rng.uniform(0.7, 1.3, n)
    return rows


def _texts(rows: pd.DataFrame) -> pd.DataFrame:
    """The 42 columns of the file, as text."""
    rank = rows["rank"].to_numpy(dtype=int)
    nta, old = (rows["method"] == "nta").to_numpy(), (rows["method"] == "earlier").to_numpy()
    simple, careful = (rows["method"] == "simple").to_numpy(), (rows["method"] == "careful").to_numpy()
    kwh = np.array(KWH)[rank] * rows["rng_a"].to_numpy()
    index = np.array(INDEX)[rank] * rows["rng_a"].to_numpy()
    size = rows["size"].to_numpy(dtype=float) * np.clip(rows["rng_b"].to_numpy(), 0.9, 1.06)
    year = rows["opened"].to_numpy() // 365.25 + 1970
    names = np.select([year < 2022, year < 2024], NTA[:2], NTA[2])
    home = (rows["group"] == "W").to_numpy()
    kinds = np.array([*TYPE_NAMES, "Woonboot", "Woonwagen"], dtype=object)[rows["type"].to_numpy(dtype=int)]
    sub = np.array(SUBTYPES, dtype=object)[(rank * 5 + rows["built"].to_numpy(dtype=int)) % 8]
    stacked = home & (rows["type"] == 4).to_numpy() & nta

    def amount(values: npt.NDArray[np.float64], where: npt.NDArray[np.bool_]) -> Texts:
        text = np.full(len(values), "", dtype=object)
        text[where] = [f"{v:.2f}".replace(".", ",") for v in values[where].tolist()]
        return text

    def when(column: str) -> Texts:
        return np.char.replace(
            np.datetime_as_string(rows[column].to_numpy(dtype=np.int64).astype("datetime64[D]")), "-", ""
        ).astype(object)

    blank = np.full(len(rows), "", dtype=object)
    share = np.clip(70 - rank * 6.0, 0, 95)
    table = {
        "Registratiedatum": when("noted"), "Opnamedatum": when("opened"), "GeldigTot": when("valid"),
        "Certificaathouder": blank, "SoortOpname": np.where(home, "Basisopname", "Detailopname"),
        "Status": rows["status"].to_numpy(dtype=object),
        "Berekeningstype": np.where(
            nta & ~home, "NTA 8800:2024 (basisopname utiliteitsbouw)", np.select([nta, careful, simple], [names, CAREFUL, SIMPLE], EARLIER)
        ),
        "OpBasisVanReferentiegebouw": np.where((rank + rows["built"].to_numpy(dtype=int)) % 9 == 0, "Ja", "Nee"),
        "Gebouwklasse": rows["group"].to_numpy(dtype=object), "Gebouwtype": np.where(home & ~old, kinds, ""),
        "Gebouwsubtype": np.where(stacked, sub, ""), "SBICode": blank, "Postcode": rows["postcode"].to_numpy(dtype=object),
        "Huisnummer": rows["number"].to_numpy(dtype=object), "Huisletter": rows["letter"].to_numpy(dtype=object),
        "Huisnummertoevoeging": rows["extra"].to_numpy(dtype=object), "Detailaanduiding": rows["part"].to_numpy(dtype=object),
        "BAGVerblijfsobjectID": rows["vbo"].to_numpy(dtype=object), "BAGLigplaatsID": rows["lig"].to_numpy(dtype=object),
        "BAGStandplaatsID": rows["sta"].to_numpy(dtype=object),
        "BAGPandIDs": np.where(rows["with_pand"] | nta & (rank % 3 == 0) & (rows["vbo"] != ""), rows["pand"], ""),
        "Projectnaam": rows["project"].to_numpy(dtype=object), "Projectobject": np.where(rows["project"] == "", "", "Type B"),
        "Bouwjaar": rows["built"].astype(int).astype(str).to_numpy(dtype=object),
        "GebruiksoppervlakteThermischeZone": amount(size, nta), "Compactheid": amount(1.1 + rows["rng_b"].to_numpy(), nta),
        "Energieklasse": rows["label"].to_numpy(dtype=object), "EnergieIndex": amount(index, careful | old),
        "EnergieIndexEMGForfaitair": amount(index, careful & (rank % 4 == 0)), "Energiebehoefte": amount(np.abs(kwh) * 0.62 + 12, nta),
        "PrimaireFossieleEnergie": amount(kwh, nta), "PrimaireFossieleEnergieEMGForfaitair": amount(kwh * 1.02, nta & (rank % 4 == 1)),
        "AandeelHernieuwbareEnergie": amount(share, nta), "AandeelHernieuwbareEnergieEMGForfaitair": amount(share * 0.9, nta & (rank % 4 == 1)),
        "Temperatuuroverschrijding": amount(rows["rng_b"].to_numpy(), nta & (rows["built"].to_numpy() >= 2021)),
        "Warmtebehoefte": amount(np.abs(kwh) * 0.55 + 10, nta), "EisEnergiebehoefte": blank, "EisPrimaireFossieleEnergie": blank,
        "EisAandeelHernieuwbareEnergie": blank, "EisTemperatuuroverschrijding": blank,
        "BerekendeCO2Emissie": np.where(simple, "0,00", amount(np.abs(kwh) * 0.18 * size / 100, nta | careful)),
        "BerekendeEnergieverbruik": amount(np.abs(kwh) * 3.6 * size, simple | nta),
    }  # fmt: skip
    return pd.DataFrame(table)
