"""What makes label rows hard to match: stale and spoilt keys, parts of addresses, unknown classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from twentegeo.sample.label_rows import dated, plain_rows
from twentegeo.sample.seeds import some

if TYPE_CHECKING:
    from twentegeo.sample.registers import Registers


def strange_rows(base: pd.DataFrame, registers: Registers, rng: np.random.Generator) -> list[pd.DataFrame]:
    """
    Add rows that belong to no home: of homes that no longer are, of unknown ids, and of parts of an address.

    Parameters
    ----------
    base
        The newest row of each labelled home.
    registers
        The BAG.
    rng
        Source of chance.

    Returns
    -------
    parts
        Rows to add.
    """
    n = len(base)
    gone = registers.vbos.index[registers.vbos["old"].to_numpy(dtype=bool)].to_numpy()
    lapsed = gone[some(rng, np.ones(len(gone), dtype=bool), 0.4)]
    stale = plain_rows(registers, lapsed, int(base["opened"].max()), rng).assign(q_stale=True)
    everyone = np.ones(n, dtype=bool)
    unknown = base[some(rng, everyone, 0.0025)].assign(q_unknown_id=True)
    unknown["number"] = "9" + unknown["number"]
    ids = unknown["vbo"].astype(str)
    unknown["vbo"] = ids.str.slice(0, 6) + "09" + ids.str.slice(8)
    part = base[some(rng, everyone, 0.003)].assign(part="Souterrain", label="G", rank=11, q_part=True)
    part["opened"] += 3
    part["vbo"] = ""
    return [stale, unknown, dated(part, rng)]


def spoil(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """
    Spoil the keys of ordinary rows in each of the ways that the real file does.

    Parameters
    ----------
    rows
        All rows; columns ``q_…`` mark what is peculiar already.
    rng
        Source of chance.

    Returns
    -------
    rows
        The same rows, spoilt, with a mark for each way.
    """
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
