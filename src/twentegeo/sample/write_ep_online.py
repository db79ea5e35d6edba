"""Write the total file of EP-Online: format v4, CSV in a zip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twentegeo.sample.zips import deflated, zipped

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    import pandas as pd


def write_labels(folder: Path, rows: pd.DataFrame, day: date) -> Path:
    """
    Write ``v<date>_v4_csv.zip``.

    Parameters
    ----------
    folder
        Where to.
    rows
        The 42 columns as text, in file order.
    day
        Reference date; the file bears the first of its month.

    Returns
    -------
    path
        The file.
    """
    first = day.replace(day=1)
    name = f"v{first:%Y%m%d}_v4_csv"
    lines = [f"PublicatieDatum;{first:%d-%m-%Y}", "LaatstVerwerkteMutatievolgnummer;19345219", ";".join(rows.columns)]
    lines += map(";".join, zip(*(rows[c].to_list() for c in rows.columns), strict=True))
    content = ("\r\n".join(lines) + "\r\n").encode("utf-8-sig")
    path = folder / f"{name}.zip"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(zipped([deflated(f"{name}.csv", content)], day))
    return path
