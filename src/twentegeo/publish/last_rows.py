"""
Rows of the large layers as a release published them, kept for the night that starts from its package.

Read back from the package they would take a second each; these files are laid in memory as they are. They are kept
outside the release: whoever takes that up has no use for them. The digests of the release say whether they are its.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import shapely

from twentegeo.store import write_json
from twentegeo.tables.shapes import GEOM

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    Digests = Mapping[str, Mapping[str, str]]

FACTS: Final = "facts.json"
"""What the rows say, in digests; written last, so that a folder without it is none."""

_ROWS: Final = "{layer}.arrow"
_COLUMN: Final = "{layer}.{column}.arrow"


def keep(folder: Path, layer: str, rows: pa.Table) -> None:
    """
    Keep the rows of a layer.

    Parameters
    ----------
    folder
        Made when absent.
    layer
        Its name.
    rows
        As they are published; columns that follow may be left out.

    Raises
    ------
    OSError
        The disk refused.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / _ROWS.format(layer=layer), rows)


def keep_column(folder: Path, layer: str, column: str, values: pa.ChunkedArray) -> None:
    """
    Keep a column that follows when the rows of a layer are kept already.

    Parameters
    ----------
    folder, layer
        As for :func:`keep`.
    column, values
        Its name, and what it holds in the order of the rows.

    Raises
    ------
    OSError
        The disk refused.
    """
    _write(folder / _COLUMN.format(layer=layer, column=column), pa.table({column: values}))


def complete(folder: Path, digests: Digests) -> None:
    """
    Say that all is kept.

    Parameters
    ----------
    folder
        As for :func:`keep`.
    digests
        Of the layers, by name: what :func:`twentegeo.publish.digests.column_digests` says of their rows.

    Raises
    ------
    OSError
        The disk refused.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / FACTS, digests)


def find(home: Path, digests: Digests) -> Path | None:
    """
    Find the rows of a release.

    Parameters
    ----------
    home
        Folder with the folders in which rows are kept.
    digests
        What the release says of its layers.

    Returns
    -------
    folder
        Where all of them are kept; None where they are not.
    """
    for facts in sorted(home.glob(f"*/{FACTS}"), reverse=True):
        try:
            stated = json.loads(facts.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if stated == digests:
            return facts.parent
    return None


def tidy(home: Path, but: Path | None) -> None:
    """
    Remove what nobody will start from: rows of drafts that came to nothing or that wait for the operator.

    Parameters
    ----------
    home
        As for :func:`find`.
    but
        Folder to leave alone.
    """
    for folder in home.glob("*"):
        if folder != but:
            discard(folder)


def discard(folder: Path) -> None:
    """
    Remove rows; whoever dies over it leaves something that nobody takes for whole.

    Parameters
    ----------
    folder
        As for :func:`keep`; may be absent.
    """
    (folder / FACTS).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def load(folder: Path, layer: str) -> pa.Table | None:
    """
    Take up the rows of a layer.

    Parameters
    ----------
    folder, layer
        As for :func:`keep`.

    Returns
    -------
    rows
        With the columns that followed; laid in memory, not read. None where the file is not whole.
    """
    try:
        rows = _open(folder / _ROWS.format(layer=layer))
        for path in sorted(folder.glob(_COLUMN.format(layer=layer, column="*"))):
            followed = _open(path)
            rows = rows.append_column(followed.schema.field(0), followed.column(0))
    except (OSError, pa.ArrowInvalid):
        return None
    return rows


def places(folder: Path, layer: str, columns: Sequence[str]) -> pd.DataFrame | None:
    """
    Take up some columns of a layer of points, and where these lie.

    Parameters
    ----------
    folder, layer
        As for :func:`keep`.
    columns
        Their names.

    Returns
    -------
    rows
        What :func:`twentegeo.publish.package_reading.read_places` reads from the package, in order of the key and with
        days as moments; None as for :func:`load`.
    """
    rows = load(folder, layer)
    if rows is None:
        return None
    place = shapely.get_coordinates(shapely.from_wkb(rows[GEOM].to_numpy()))
    found: pd.DataFrame = rows.select(list(columns)).to_pandas(date_as_object=False)
    return found.assign(x=place[:, 0], y=place[:, 1])


def _write(path: Path, rows: pa.Table) -> None:
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, rows.schema) as writer:
        writer.write_table(rows)


def _open(path: Path) -> pa.Table:
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()
