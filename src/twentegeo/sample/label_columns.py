"""The 42 columns of the label register, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import numpy.typing as npt

    Texts = npt.NDArray[np.object_]

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
UTILITY: Final = "NTA 8800:2024 (basisopname utiliteitsbouw)"
SIMPLE: Final = "Rekenmethodiek Definitief Energielabel, versie 1.2, 16 september 2014"
CAREFUL: Final = "Nader Voorschrift, versie 1.0, 1 februari 2014 met erratalijst, addendum 1 juli 2018"
EARLIER: Final = "ISSO82.3, versie 3.0, oktober 2011"

KWH: Final = (-20.0, 25.0, 62.0, 90.0, 132.0, 175.0, 220.0, 270.0, 312.0, 357.0, 420.0, 470.0)
"""Typical fossil energy per class A+++++ to G, kWh per m² a year."""

INDEX: Final = (0.3, 0.4, 0.5, 0.6, 0.7, 1.0, 1.3, 1.6, 1.95, 2.25, 2.55, 2.95)
"""Typical energy index per class."""


def as_columns(rows: pd.DataFrame) -> pd.DataFrame:
    """
    Write rows as the register's own columns.

    Parameters
    ----------
    rows
        Rows of labels, spoilt where they are to be.

    Returns
    -------
    table
        The 42 columns in the order of the total file, all of them text, decimals with a comma.
    """
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

    def text(column: str) -> Texts:
        return np.asarray(rows[column].to_numpy(dtype=object))

    emg = rank % 4 == 1
    built = rows["built"].to_numpy(dtype=int)
    with_pand = rows["with_pand"].to_numpy() | nta & (rank % 3 == 0) & (rows["vbo"] != "").to_numpy()
    method = np.select([nta & ~home, nta, careful, simple], [UTILITY, names, CAREFUL, SIMPLE], EARLIER)
    blank = np.full(len(rows), "", dtype=object)
    share = np.clip(70 - rank * 6.0, 0, 95)
    table = {
        "Registratiedatum": when("noted"),
        "Opnamedatum": when("opened"),
        "GeldigTot": when("valid"),
        "Certificaathouder": blank,
        "SoortOpname": np.where(home, "Basisopname", "Detailopname"),
        "Status": text("status"),
        "Berekeningstype": method,
        "OpBasisVanReferentiegebouw": np.where((rank + built) % 9 == 0, "Ja", "Nee"),
        "Gebouwklasse": text("group"),
        "Gebouwtype": np.where(home & ~old, kinds, ""),
        "Gebouwsubtype": np.where(stacked, sub, ""),
        "SBICode": blank,
        "Postcode": text("postcode"),
        "Huisnummer": text("number"),
        "Huisletter": text("letter"),
        "Huisnummertoevoeging": text("extra"),
        "Detailaanduiding": text("part"),
        "BAGVerblijfsobjectID": text("vbo"),
        "BAGLigplaatsID": text("lig"),
        "BAGStandplaatsID": text("sta"),
        "BAGPandIDs": np.where(with_pand, rows["pand"], ""),
        "Projectnaam": text("project"),
        "Projectobject": np.where(rows["project"] == "", "", "Type B"),
        "Bouwjaar": built.astype(str).astype(object),
        "GebruiksoppervlakteThermischeZone": amount(size, nta),
        "Compactheid": amount(1.1 + rows["rng_b"].to_numpy(), nta),
        "Energieklasse": text("label"),
        "EnergieIndex": amount(index, careful | old),
        "EnergieIndexEMGForfaitair": amount(index, careful & (rank % 4 == 0)),
        "Energiebehoefte": amount(np.abs(kwh) * 0.62 + 12, nta),
        "PrimaireFossieleEnergie": amount(kwh, nta),
        "PrimaireFossieleEnergieEMGForfaitair": amount(kwh * 1.02, nta & emg),
        "AandeelHernieuwbareEnergie": amount(share, nta),
        "AandeelHernieuwbareEnergieEMGForfaitair": amount(share * 0.9, nta & emg),
        "Temperatuuroverschrijding": amount(rows["rng_b"].to_numpy(), nta & (built >= 2021)),
        "Warmtebehoefte": amount(np.abs(kwh) * 0.55 + 10, nta),
        "EisEnergiebehoefte": blank,
        "EisPrimaireFossieleEnergie": blank,
        "EisAandeelHernieuwbareEnergie": blank,
        "EisTemperatuuroverschrijding": blank,
        "BerekendeCO2Emissie": np.where(simple, "0,00", amount(np.abs(kwh) * 0.18 * size / 100, nta | careful)),
        "BerekendeEnergieverbruik": amount(np.abs(kwh) * 3.6 * size, simple | nta),
    }
    return pd.DataFrame(table)
