"""What changed about a dwelling in words, from old to new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import numpy as np
import pandas as pd

from twentegeo.programme.causes import differs
from twentegeo.tables.columns.change import OORZAKEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from twentegeo.programme.causes import Flags, Pair

    Texts = npt.NDArray[np.object_]

WORDS: Final = {
    "label": "label",
    "label_geldig_tot": "label geldig tot",
    "adres": "adres",
    "vbo_status": "status",
    "gebruiksdoel": "gebruiksdoel",
    "oppervlakte_m2": "oppervlakte (m²)",
    "bouwjaar": "bouwjaar",
    "pand_id": "pand",
    "buurt_code": "buurt",
    "gemeente_code": "gemeente",
}
"""What is told of a dwelling, in this order, and how it is called."""


def told(both: Pair) -> pd.Series[str]:
    """
    Say what changed about some dwellings.

    Parameters
    ----------
    both
        The two states of those dwellings.

    Returns
    -------
    wat
        One text per row, index ``vbo_id``: ``label D werd B; bouwjaar 1961 werd 1962``; missing where nothing
        of :data:`WORDS` differs, or the dwelling is new or gone.
    """
    stayed = both.only(both.was & both.is_there)
    old, new = (_with_label(frame) for frame in (stayed.old, stayed.new))
    here = type(both)(old, new, stayed.was, stayed.is_there)
    text = pd.Series("", index=old.index, dtype="str")
    for name, word in WORDS.items():
        other = differs(here, [name])
        said = word + " " + _shown(old[name][other]) + " werd " + _shown(new[name][other])
        before = text[other]
        text[other] = (before + "; ").where(before != "", "") + said
    return text.where(text != "").reindex(both.new.index)


def all_causes(causes: Mapping[str, Flags], rows: Flags) -> tuple[Texts, Texts]:
    """
    Name the causes that apply to some dwellings.

    Parameters
    ----------
    causes
        Per cause of ``OORZAKEN``, which rows it applies to.
    rows
        Which rows to tell of; each has at least one cause.

    Returns
    -------
    first, joined
        The first cause in order, and all of them.
    """
    applies = np.column_stack([causes[cause][rows] for cause in OORZAKEN])
    names = np.array(OORZAKEN, dtype=object)
    first = names[applies.argmax(axis=1)]
    # few combinations occur: each is worded once
    combinations, which = np.unique(applies, axis=0, return_inverse=True)
    joined = np.array([", ".join(names[one]) for one in combinations], dtype=object)
    return first, joined[which.reshape(-1)] if len(joined) else joined


def _with_label(frame: pd.DataFrame) -> pd.DataFrame:
    """Show an expired label as such, beside valid ones."""
    expired = frame["label_verlopen"].astype("str") + " (verlopen)"
    return frame.assign(label=frame["energielabel"].where(frame["energielabel"].notna(), expired))


def _shown(values: pd.Series) -> pd.Series[str]:
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        text = values.dt.strftime("%d-%m-%Y")
    elif pd.api.types.is_numeric_dtype(values.dtype):
        text = values.astype("Int64").astype("str")
    else:
        text = values.astype("str")
    return cast("pd.Series[str]", text.where(values.notna(), "onbekend"))
