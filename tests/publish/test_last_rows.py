"""Rows that a release published are found again by what it says of them, and never half."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from twentegeo.publish import last_rows
from twentegeo.publish.arrow import published
from twentegeo.publish.package_reading import read_places
from twentegeo.tables.layers import VERBLIJFSOBJECT

if TYPE_CHECKING:
    from pathlib import Path

ROWS = pa.table({"pand_id": ["1", "2"], "bouwjaar": [1900, 1955]})
DIGESTS = {"pand": {"pand_id": "a", "bouwjaar": "b", "gebied_id": "c"}}


def kept(home: Path, name: str = "20261126T021500Z") -> Path:
    folder = home / name
    last_rows.keep(folder, "pand", ROWS)
    last_rows.keep_column(folder, "pand", "gebied_id", pa.chunked_array([["PG-1", None]]))
    last_rows.complete(folder, DIGESTS)
    return folder


def test_rows_come_back_with_the_column_that_followed(tmp_path: Path) -> None:
    folder = kept(tmp_path)
    kept(tmp_path, "20261125T021500Z")

    assert last_rows.find(tmp_path, DIGESTS) == folder
    found = last_rows.load(folder, "pand")
    assert found == ROWS.append_column("gebied_id", pa.array(["PG-1", None]))


def test_rows_of_another_release_are_not_taken(tmp_path: Path) -> None:
    kept(tmp_path)

    assert last_rows.find(tmp_path, {"pand": {**DIGESTS["pand"], "bouwjaar": "z"}}) is None
    assert last_rows.find(tmp_path / "nee", DIGESTS) is None


def test_what_nobody_starts_from_goes(tmp_path: Path) -> None:
    base, other = kept(tmp_path), kept(tmp_path, "20261127T021500Z")
    half = tmp_path / "20261128T021500Z"
    last_rows.keep(half, "pand", ROWS)

    last_rows.tidy(tmp_path, base)

    assert last_rows.load(base, "pand") is not None
    assert not other.exists()
    assert not half.exists()
    last_rows.tidy(tmp_path / "nee", None)
    last_rows.tidy(tmp_path, None)
    assert list(tmp_path.iterdir()) == []


def test_places_are_what_the_package_says(package: Path, world: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    columns = [name for name in VERBLIJFSOBJECT.names if name != "peildatum"]
    last_rows.keep(tmp_path, VERBLIJFSOBJECT.name, published(VERBLIJFSOBJECT, world[VERBLIJFSOBJECT.name]))

    found = last_rows.places(tmp_path, VERBLIJFSOBJECT.name, columns)
    read = read_places(package, VERBLIJFSOBJECT.name, columns)

    assert found is not None
    assert read is not None
    assert "label_geldig_tot" in columns
    days = pd.to_datetime(read["label_geldig_tot"])
    pd.testing.assert_frame_equal(found, read.assign(label_geldig_tot=days), check_dtype=False)
    assert last_rows.places(tmp_path, "pand", columns) is None


def test_what_is_half_is_none(tmp_path: Path) -> None:
    folder = kept(tmp_path)
    whole = (folder / "pand.arrow").read_bytes()

    (folder / "pand.arrow").write_bytes(whole[: len(whole) // 2])
    assert last_rows.load(folder, "pand") is None
    (folder / "pand.arrow").write_bytes(b"")
    assert last_rows.load(folder, "pand") is None
    assert last_rows.load(folder, "perceel") is None
    (folder / "facts.json").write_text("{", encoding="utf-8")
    assert last_rows.find(tmp_path, DIGESTS) is None
    (folder / "facts.json").unlink()
    assert last_rows.find(tmp_path, DIGESTS) is None
