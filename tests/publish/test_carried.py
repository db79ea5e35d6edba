"""A package that starts from that of the last release says what one written anew would."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.publish.manifests import told
from twentegeo.crs import RD_NEW_TEXT
from twentegeo.errors import ReleaseError
from twentegeo.publish import last_rows
from twentegeo.publish.arrow import published
from twentegeo.publish.difference import difference_of
from twentegeo.publish.digests import column_digests
from twentegeo.publish.edition import Edition
from twentegeo.publish.geopackage import PackageWriter
from twentegeo.publish.metadata.embed import embed
from twentegeo.publish.package_reading import read_back
from twentegeo.publish.project import write_project
from twentegeo.publish.renewal import LARGE, Base
from twentegeo.publish.styles import all_styles
from twentegeo.publish.sums import sums_of
from twentegeo.tables.contract import empty
from twentegeo.tables.layers import MAP_LAYERS, PAND, PERCEEL, PLAIN_TABLES, VERBLIJFSOBJECT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from twentegeo.publish.classes import ClassTables
    from twentegeo.tables.contract import Table

World = dict[str, pd.DataFrame]

TONIGHT = Edition("Twente", dt.date(2024, 1, 9), "20240110T021500Z")
ROWS = 200
LARGE_TABLES = (PERCEEL, PAND, VERBLIJFSOBJECT)
FEW = st.sets(st.integers(0, ROWS - 1), max_size=1)


def base_of(package: Path, world: Mapping[str, pd.DataFrame], *, looked_at: bool = False) -> Base:
    """Take a package that held a world; without digests of it every row is looked at."""
    rows = {table.name: published(table, world[table.name]) for table in LARGE_TABLES if table.name in world}
    digests = {name: column_digests(one) for name, one in rows.items()}
    kept = package.parent.with_name(f"{package.parent.name}-{package.stem}-rows")
    for name, one in rows.items():
        last_rows.keep(kept, name, one)
    return Base(package, sums_of(package).crc32, {} if looked_at else digests, kept)


@pytest.fixture(scope="module")
def many(world: World) -> gpd.GeoDataFrame:
    """Enough panden for a few of them to be few; every other number is taken."""
    frame = world["pand"].sample(ROWS, replace=True, random_state=7)
    ids = [f"0153100000{2 * i:06d}" for i in range(ROWS)]
    west = 250_000 + 20 * np.arange(ROWS)
    shapes = shapely.box(west, 470_000, west + 10, 470_010)
    frame = frame.assign(pand_id=ids, bouwjaar=1900, gebied_id=None).reset_index(drop=True)
    return cast("gpd.GeoDataFrame", frame.set_geometry(shapes, crs=RD_NEW_TEXT))


@pytest.fixture(scope="module")
def last(many: gpd.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of the night before."""
    return write(tmp_path_factory.mktemp("last") / "last.gpkg", {"pand": many})


def write(
    path: Path, world: Mapping[str, pd.DataFrame], base: Base | None = None, refer_to: dt.date | None = None
) -> Path:
    """Write as a night does: what it refers to, then the large layers, their areas when all else is known."""
    first = [table for table in LARGE_TABLES if table.name in world]
    others = [table for table in (*MAP_LAYERS, *PLAIN_TABLES) if table.name in world and table not in first]
    with PackageWriter(path, TONIGHT, base) as writer:
        if refer_to:
            writer.refer_to(refer_to)
        for table in (*first, *others):
            rows = published(table, world[table.name])
            if table in (PAND, VERBLIJFSOBJECT):
                at = rows.column_names.index("gebied_id")
                nothing = published(table, world[table.name].assign(gebied_id=None))["gebied_id"]
                first = rows.set_column(at, rows.schema.field(at), nothing)
                writer.add(table, first, column_digests(first), ["gebied_id"])
                writer.amend(table, rows.select([*table.key, "gebied_id"]), column_digests(rows)["gebied_id"])
            else:
                writer.add(table, rows, column_digests(rows))
        writer.finish()
    return path


def rows_of(path: Path, text: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return sorted(connection.execute(text), key=repr)


def held(path: Path, table: Table) -> list[tuple[Any, ...]]:
    """All rows of a layer, with where the index has them, in order of their key."""
    names = ", ".join(f't."{name}"' for name in table.names)
    box = "r.minx, r.maxx, r.miny, r.maxy"
    return rows_of(
        path, f'SELECT {names}, t.geom, {box} FROM "{table.name}" t JOIN "rtree_{table.name}_geom" r ON r.id = t.fid'
    )


def of_tonight(world: World) -> World:
    """Let the large layers refer to another day than they did."""
    day = pd.Timestamp(TONIGHT.peildatum)
    return {name: frame.assign(peildatum=day) if name in LARGE else frame for name, frame in world.items()}


def days_in(path: Path) -> set[str]:
    """Days that the rows of the large layers refer to."""
    return {row[0] for name in LARGE for row in rows_of(path, f"SELECT DISTINCT peildatum FROM {name}")}


def numbers(path: Path) -> dict[str, int]:
    return dict(rows_of(path, "SELECT pand_id, fid FROM pand"))


def assert_alike(made: Path, anew: Path) -> None:
    """Compare what two packages say, whatever the order and the numbers of their features."""
    for register in (
        "gpkg_contents",
        "gpkg_ogr_contents",
        "gpkg_geometry_columns",
        "gpkg_data_columns",
        "gpkg_extensions",
        "gpkg_spatial_ref_sys",
    ):
        assert rows_of(made, f"SELECT * FROM {register}") == rows_of(anew, f"SELECT * FROM {register}")
    assert read_back(made) == read_back(anew)
    for table in MAP_LAYERS:
        if table.name in read_back(anew):
            assert held(made, table) == held(anew, table)
            assert rows_of(made, f"SELECT rtreecheck('rtree_{table.name}_geom')") == [("ok",)]
    assert rows_of(made, "PRAGMA integrity_check") == [("ok",)]
    kinds = "SELECT type, name FROM sqlite_master"
    assert rows_of(made, kinds) == rows_of(anew, kinds)


@pytest.mark.parametrize("refer_to", [None, TONIGHT.peildatum])
def test_the_same_rows_of_another_day_are_as_if_written_anew(
    package: Path, world: World, tmp_path: Path, refer_to: dt.date | None
):
    made = write(tmp_path / "made.gpkg", of_tonight(world), base_of(package, world, looked_at=True), refer_to)

    assert_alike(made, write(tmp_path / "anew.gpkg", of_tonight(world)))
    assert numbers(made) == numbers(package)
    assert rows_of(made, "SELECT DISTINCT peildatum FROM pand") == [("2024-01-09",)]


def test_the_day_is_in_the_copy_before_there_are_rows(package: Path, world: World, tmp_path: Path):
    made = tmp_path / "made.gpkg"
    with PackageWriter(made, TONIGHT, base_of(package, world)) as writer:
        writer.refer_to(TONIGHT.peildatum)

    assert days_in(made) == {"2024-01-09"}
    assert days_in(package) != {"2024-01-09"}


@pytest.mark.parametrize("said", ["2023-12-31", "2024-01-10"])
def test_rows_of_another_day_than_was_said_are_written_as_they_are(
    package: Path, world: World, tmp_path: Path, said: str
):
    day = dt.date.fromisoformat(said)

    made = write(tmp_path / "made.gpkg", of_tonight(world), base_of(package, world, looked_at=True), day)

    assert_alike(made, write(tmp_path / "anew.gpkg", of_tonight(world), refer_to=day))
    assert days_in(made) == {"2024-01-09"}


def test_rows_that_are_what_they_were_stay_so_whatever_day_was_said(package: Path, world: World, tmp_path: Path):
    made = write(tmp_path / "made.gpkg", world, base_of(package, world), TONIGHT.peildatum)

    assert_alike(made, write(tmp_path / "anew.gpkg", world))


def test_a_package_that_was_carried_over_is_completed_like_any_other(
    package: Path, world: World, tmp_path: Path, classes: ClassTables
):
    made = tmp_path / "t.gpkg"
    with PackageWriter(made, TONIGHT, base_of(package, world, looked_at=True)) as writer:
        for table in MAP_LAYERS:
            writer.add(table, published(table, world[table.name]))
        writer.finish(all_styles(classes, TONIGHT))
    embed(made, told(made), TONIGHT.timestamp)
    write_project(made, classes=classes, edition=TONIGHT)

    assert rows_of(made, "SELECT DISTINCT update_time FROM layer_styles") == [(TONIGHT.timestamp,)]
    assert rows_of(made, "SELECT DISTINCT last_change FROM gpkg_contents") == [(TONIGHT.timestamp,)]
    assert rows_of(made, "SELECT DISTINCT timestamp FROM gpkg_metadata_reference") == [(TONIGHT.timestamp,)]


@pytest.mark.parametrize("column", ["kwadrant", "peildatum", "gebied_id", None])
def test_only_columns_with_another_digest_are_looked_at(
    package: Path, world: World, tmp_path: Path, column: str | None
):
    """The keys and shapes are the same; whatever column says something else does so in the new package too."""
    tonight = dict(world)
    if column:
        other = {"kwadrant": "onbekend", "peildatum": pd.Timestamp("2024-01-09"), "gebied_id": "PG-1"}[column]
        tonight["pand"] = world["pand"].assign(**{column: other})

    made = write(tmp_path / "made.gpkg", tonight, base_of(package, world))

    assert_alike(made, write(tmp_path / "anew.gpkg", tonight))
    assert numbers(made) == numbers(package)


def test_what_is_taken_for_unchanged_is_not_looked_at(many: gpd.GeoDataFrame, last: Path, tmp_path: Path):
    """Digests are believed: a package whose checksum is that of its release holds what was digested then."""
    tonight = {"pand": many.assign(bouwjaar=1955)}

    made = write(tmp_path / "made.gpkg", tonight, base_of(last, tonight))

    assert rows_of(made, "SELECT DISTINCT bouwjaar FROM pand") == [(1900,)]


@pytest.mark.parametrize("share", [0.0, 0.02])
def test_a_package_without_the_rows_that_were_kept_is_written_anew(
    many: gpd.GeoDataFrame, last: Path, tmp_path: Path, share: float
):
    """Whether such a row goes or has another value: it is not there, so the package is not what it was taken for."""
    other = many.assign(pand_id=[f"9{key[1:]}" for key in many["pand_id"]])
    tonight = {
        "pand": other.iloc[round(share * ROWS) :].assign(gebied_id=["PG-1", *[None] * (ROWS - 1 - round(share * ROWS))])
    }
    tonight["pand"] = tonight["pand"].assign(bouwjaar=[1955, *[1900] * (len(tonight["pand"]) - 1)])

    made = write(tmp_path / "made.gpkg", tonight, base_of(last, {"pand": other}))

    assert_alike(made, write(tmp_path / "anew.gpkg", tonight))


def test_only_what_came_went_or_moved_is_a_new_feature(many: gpd.GeoDataFrame, last: Path, tmp_path: Path):
    gone, changed, moved, new = many["pand_id"].iloc[0], many["pand_id"].iloc[3], many["pand_id"].iloc[5], "0153" * 4
    tonight = many.iloc[1:].copy()
    tonight.loc[3, "bouwjaar"] = 1955
    tonight.loc[5, "geometry"] = shapely.box(100_000, 400_000, 100_010, 400_010)
    tonight = pd.concat([tonight, many.iloc[[7]].assign(pand_id=new)])

    made = write(tmp_path / "made.gpkg", {"pand": tonight}, base_of(last, {"pand": many}, looked_at=True))

    assert_alike(made, write(tmp_path / "anew.gpkg", {"pand": tonight}))
    before, after = numbers(last), numbers(made)
    assert {name for name in before if before[name] != after.get(name)} == {gone, moved}
    assert {after[moved], after[new]} == {ROWS + 1, ROWS + 2}
    assert rows_of(made, f"SELECT bouwjaar FROM pand WHERE pand_id = '{changed}'") == [(1955,)]


@settings(max_examples=8, deadline=None)
@given(
    picked=st.fixed_dictionaries(dict.fromkeys(("gone", "moved", "emptied", "new", "marked"), FEW)),
    later=st.integers(0, 1),
)
def test_whatever_few_things_change_the_layer_says_what_it_has_to(
    many: gpd.GeoDataFrame,
    last: Path,
    tmp_path_factory: pytest.TempPathFactory,
    picked: dict[str, set[int]],
    later: int,
):
    folder = tmp_path_factory.mktemp("law")
    at = {what: many.index.isin(sorted(rows)) for what, rows in picked.items()}
    shapes = np.where(at["moved"], shapely.transform(many.geometry, lambda points: points + 1.5), many.geometry)
    tonight = many.set_geometry(shapes, crs=RD_NEW_TEXT).assign(
        bouwjaar=many["bouwjaar"].astype("Int64").mask(at["emptied"]),
        gebied_id=pd.Series(None, index=many.index, dtype="str").mask(at["marked"], "PG-1"),
    )
    new = tonight[at["new"]]
    tonight = pd.concat([tonight[~at["gone"]], new.assign(pand_id=new["pand_id"].str[:-1] + "1")])

    tonight = tonight.assign(peildatum=tonight["peildatum"] + pd.Timedelta(days=later))
    day = tonight["peildatum"].iloc[0].date()

    made = write(folder / "made.gpkg", {"pand": tonight}, base_of(last, {"pand": many}, looked_at=True), day)

    assert_alike(made, write(folder / "anew.gpkg", {"pand": tonight}, refer_to=day))


@pytest.mark.parametrize("share", [0.1, 0.9])
def test_where_much_differs_the_layer_is_written_anew(many: gpd.GeoDataFrame, last: Path, tmp_path: Path, share: float):
    n = int(ROWS * share)
    tonight = many.assign(pand_id=[*many["pand_id"].iloc[:-n], *(f"0154100000{i:06d}" for i in range(n))])

    made = write(tmp_path / "made.gpkg", {"pand": tonight}, base_of(last, {"pand": many}, looked_at=True))

    assert_alike(made, write(tmp_path / "anew.gpkg", {"pand": tonight}))
    assert sorted(numbers(made).values()) == list(range(1, ROWS + 1))


def test_a_layer_without_rows_tonight_goes(package: Path, world: World, tmp_path: Path):
    tonight = {**world, "perceel": empty(PERCEEL)}

    made = write(tmp_path / "made.gpkg", tonight, base_of(package, world, looked_at=True))

    assert_alike(made, write(tmp_path / "anew.gpkg", tonight))
    assert "perceel" not in read_back(made)


def test_a_package_that_somebody_changed_is_not_started_from(package: Path, world: World, tmp_path: Path):
    was = base_of(package, world)
    touched = tmp_path / "touched.gpkg"
    touched.write_bytes(package.read_bytes())
    with closing(sqlite3.connect(touched)) as connection:
        connection.execute("CREATE TABLE vreemd (id INTEGER)")
        connection.commit()

    for base in (Base(touched, was.crc32, {}, was.rows), Base(tmp_path / "nee.gpkg", was.crc32, {}, was.rows)):
        made = write(tmp_path / f"{base.package.stem}-made.gpkg", {"pand": world["pand"]}, base)
        assert sorted(numbers(made).values()) == list(range(1, len(world["pand"]) + 1))
        assert rows_of(made, "SELECT name FROM sqlite_master WHERE name = 'vreemd'") == []


def test_a_file_that_is_no_geopackage_is_not_started_from(world: World, tmp_path: Path):
    wrong = tmp_path / "wrong.gpkg"
    wrong.write_bytes(b"geen database")

    made = write(tmp_path / "made.gpkg", {"pand": world["pand"]}, base_of(wrong, world))

    assert_alike(made, write(tmp_path / "anew.gpkg", {"pand": world["pand"]}))


def test_the_base_itself_stays_as_it_is(package: Path, world: World, tmp_path: Path):
    base = base_of(package, world, looked_at=True)

    write(tmp_path / "made.gpkg", {**world, "pand": world["pand"].iloc[:-1]}, base)

    assert sums_of(package).crc32 == base.crc32


def test_areas_of_rows_that_are_not_there_are_refused(package: Path, world: World, tmp_path: Path):
    pand = world["pand"]
    with PackageWriter(tmp_path / "t.gpkg", TONIGHT, base_of(package, world)) as writer:
        writer.add(PAND, published(PAND, pand.iloc[:-1]), later=["gebied_id"])
        writer.amend(PAND, published(PAND, pand).select(["pand_id", "gebied_id"]))
        with pytest.raises(ReleaseError, match="gebied_id van pand"):
            writer.finish()


@pytest.mark.parametrize("columns", [3, 70])
def test_rows_that_differ_in_the_same_columns_are_written_together(columns: int):
    """An integer has a bit for 62 columns of which some row differs; those after share one."""
    names = [f"c{at}" for at in range(columns)]
    keys = {"key": [str(row) for row in range(20)], "geom": [b"."] * 20}
    before = {name: [0] * 20 for name in names}
    after = {name: [1, *values[1:]] for name, values in before.items()}  # all columns of the first row
    for row, column in ((3, names[-1]), (4, "c1"), (5, "c1"), (5, "c0"), (7, "c1")):
        after[column][row] = 1
    digests = {"key": "the same", "geom": "the same"}

    found = difference_of(pa.table(keys | before), pa.table(keys | after), "key", (digests, digests))

    assert found is not None
    order, parts = found.parts()
    last = names[min(columns - 1, 62) :]
    told = {tuple(named): order[:count].tolist() for named, count, order in by_part(order, parts)}
    assert told == {("c1",): [4, 7], ("c0", "c1"): [5], tuple(last): [3], tuple(names): [0]}


def by_part(order: np.ndarray, parts: list[tuple[list[str], int]]) -> Iterator[tuple[list[str], int, np.ndarray]]:
    for named, count in parts:
        yield named, count, order
        order = order[count:]
