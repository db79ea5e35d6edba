"""Rows of the label register in the making: address, dates and method, and those of arbitrary objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from twentegeo.sample.homes import CLASSES

if TYPE_CHECKING:
    import numpy.typing as npt

    from twentegeo.sample.registers import Registers


def addresses_of(registers: Registers, vbo_rows: npt.NDArray[np.int64]) -> pd.DataFrame:
    """
    Take the main address of verblijfsobjecten, as a label row spells it.

    Parameters
    ----------
    registers
        The BAG.
    vbo_rows
        (n,) rows of the verblijfsobjecten.

    Returns
    -------
    rows
        postcode, number, letter, extra, and empty part, lig, sta, project.
    """
    nums = registers.nums
    main = nums[~nums["secondary"] & (nums["vbo"] >= 0)].set_index("vbo").loc[vbo_rows]
    return pd.DataFrame(
        {
            "postcode": main["postcode"].to_numpy(dtype=object),
            "number": main["huisnummer"].astype(str).to_numpy(dtype=object),
            "letter": main["huisletter"].to_numpy(dtype=object), "extra": main["toevoeging"].to_numpy(dtype=object),
            "part": "", "lig": "", "sta": "", "project": "",
        }
    )  # fmt: skip


def dated(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """
    Give rows a registration after the survey, ten years of validity, and the method of their time.

    Parameters
    ----------
    rows
        Rows with ``opened`` (day of the survey since 1970) and ``owner``.
    rng
        Source of chance.

    Returns
    -------
    rows
        With method, noted and valid (days).
    """
    n = len(rows)
    opened = rows["opened"].to_numpy()
    by_owner = np.where(rows["owner"] > 0, "careful", "simple")
    # NTA 8800 since 2021, before it the careful and the simplified method of 2015, earlier ones before that
    method = np.select([opened >= 18_628, opened >= 16_436], ["nta", by_owner], "earlier")
    return rows.assign(method=method, noted=opened + rng.integers(0, 21, n), valid=opened + 3652)


def plain_rows(
    registers: Registers, vbo_rows: npt.NDArray[np.int64], today: int, rng: np.random.Generator
) -> pd.DataFrame:
    """
    Make a row for arbitrary verblijfsobjecten.

    Parameters
    ----------
    registers
        The BAG.
    vbo_rows
        (n,) rows of the verblijfsobjecten.
    today
        Reference day.
    rng
        Source of chance.

    Returns
    -------
    rows
        One row each, of any class from A+ to G and of the last ten years.
    """
    n = len(vbo_rows)
    vbos = registers.vbos.iloc[vbo_rows]
    rank = rng.integers(4, 12, n)
    rows = addresses_of(registers, vbo_rows).assign(
        vbo=vbos["vbo_id"].to_numpy(dtype=object), pand=vbos["pand_id"].to_numpy(dtype=object), rank=rank,
        label=np.array(CLASSES, dtype=object)[rank], opened=today - rng.integers(10, 3500, n),
        type=np.full(n, 4), built=vbos["built"].to_numpy(), size=vbos["size"].to_numpy(), owner=np.zeros(n, dtype=int),
        group="W", status="Bestaand", stacked=False,
    )  # fmt: skip
    return dated(rows, rng)
