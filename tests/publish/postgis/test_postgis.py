from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import psycopg
import pytest
import shapely

from tests.publish.manifests import HOSTILE
from tests.publish.postgis.conftest import ESCAPED, PASSWORD, Server
from twentegeo.errors import ReleaseError, SettingsError
from twentegeo.publish.edition import Edition
from twentegeo.publish.geopackage import write_geopackage
from twentegeo.publish.packaged import Layer, read_layout
from twentegeo.publish.postgis import load as loading
from twentegeo.publish.postgis.connection import place_of
from twentegeo.publish.postgis.load import Loaded, load
from twentegeo.publish.postgis.parameters import PostgisParams
from twentegeo.publish.styles import all_styles
from twentegeo.tables.layers import MAP_LAYERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from twentegeo.publish.classes import ClassTables

PYTHON = "/usr/bin/python3"
FIRST, SECOND, THIRD = "20240109T021500Z", "20240110T021500Z", "20240111T021500Z"
SCHEMA = "twente_20240109t021500z"


def put(dsn: str, package: Path, run_id: str = FIRST, **parameters: Any) -> Loaded:
    return load(dsn, package, run_id, "twente", parameters=PostgisParams(**parameters), say=lambda _: None)


def ask(dsn: str, query: str, *values: object) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn) as connection:
        return connection.execute(query, values).fetchall()


def do(dsn: str, *statements: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.fixture(scope="module")
def loaded(server: Server, package: Path) -> str:
    """The town, loaded once; treat as read-only."""
    put(server.dsn("gelezen"), package)
    return server.dsn("gelezen")


@pytest.fixture(scope="module")
def slim(
    tmp_path_factory: pytest.TempPathFactory, world: dict[str, pd.DataFrame], classes: ClassTables, edition: Edition
) -> Path:
    """A few layers with their styles, where it does not matter how many there are."""
    path = tmp_path_factory.mktemp("slim") / "twente.gpkg"
    layers = {name: world[name] for name in ("prioriteitsgebied", "buurt", "pand", "koppelverlies")}
    write_geopackage(path, layers, edition=edition, styles=all_styles(classes, edition))
    return path


def small(path: Path, world: dict[str, pd.DataFrame], *names: str, **changes: pd.DataFrame) -> Path:
    """Write a package with a few layers."""
    layers = {name: changes.get(name, world[name]) for name in names}
    write_geopackage(path, layers, edition=Edition("Twente", pd.Timestamp("2024-01-08").date(), FIRST))
    return path


def test_every_layer_and_table_arrives_whole(loaded: str, package: Path):
    for layer in read_layout(package):
        ((rows,),) = ask(loaded, f'SELECT count(*) FROM twente."{layer.name}"')
        assert rows == layer.rows, layer.name


def test_values_and_geometry_are_those_of_the_geopackage(loaded: str, package: Path):
    back = ask(
        loaded, "SELECT pand_id, bouwjaar, label_slechtste, aandeel_efg, peildatum, ST_AsBinary(geom) FROM twente.pand"
    )
    frame = gpd.read_file(package, layer="pand").set_index("pand_id")

    assert len(back) == len(frame)
    for pand_id, year, label, share, day, wkb in back:
        row = frame.loc[pand_id]
        assert (year is None) == pd.isna(row["bouwjaar"])
        assert year is None or year == row["bouwjaar"]
        assert label == (None if pd.isna(row["label_slechtste"]) else row["label_slechtste"])
        assert share == (None if pd.isna(row["aandeel_efg"]) else pytest.approx(row["aandeel_efg"]))
        assert day == row["peildatum"].date()
        assert shapely.equals_exact(shapely.from_wkb(wkb), row["geometry"], normalize=True)


def test_geometry_knows_kind_and_coordinate_system(loaded: str):
    rows = ask(
        loaded,
        "SELECT f_table_name, type, srid, coord_dimension FROM geometry_columns WHERE f_table_schema = 'twente'",
    )

    expected = {
        table.name: ("POINT" if table.geometry == "Point" else "MULTIPOLYGON", 28992, 2) for table in MAP_LAYERS
    }
    assert {name: (kind, srid, n) for name, kind, srid, n in rows} == expected
    assert ask(loaded, "SELECT count(*) FROM twente.pand WHERE NOT ST_IsValid(geom) OR ST_SRID(geom) <> 28992") == [
        (0,)
    ]


def test_tables_have_keys_a_spatial_index_and_indexes_on_what_they_refer_to(loaded: str):
    keys = dict(
        ask(
            loaded,
            "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'p'"
            " AND connamespace = %s::regnamespace",
            SCHEMA,
        )
    )
    assert keys[f"{SCHEMA}.verblijfsobject"] == "PRIMARY KEY (vbo_id)"
    assert keys[f"{SCHEMA}.bron"] == "PRIMARY KEY (bron, bestand)"
    assert keys[f"{SCHEMA}.koppelverlies"] == "PRIMARY KEY (rij)"
    indexes = [row[0] for row in ask(loaded, "SELECT indexdef FROM pg_indexes WHERE schemaname = %s", SCHEMA)]
    for table in MAP_LAYERS:
        assert any(f"ON {SCHEMA}.{table.name} USING gist (geom)" in one for one in indexes), table.name
    for column in ("pand_id", "perceel_id", "buurt_code", "wijk_code", "gemeente_code", "cel_id"):
        assert any(f"ON {SCHEMA}.verblijfsobject USING btree ({column})" in one for one in indexes), column


@pytest.mark.parametrize("schema", [SCHEMA, "twente"])
def test_tables_views_and_columns_say_what_they_mean(loaded: str, schema: str):
    ((table, column),) = ask(
        loaded,
        "SELECT obj_description(c.oid), col_description(c.oid, attnum) FROM pg_class c"
        " JOIN pg_attribute ON attrelid = c.oid WHERE relnamespace = %s::regnamespace AND relname = 'perceel'"
        " AND attname = 'bebouwd_m2'",
        schema,
    )
    assert "Een rij per kadastraal perceel met ten minste één bestaande woning." in table
    assert column == "Bebouwd oppervlak (m²): Oppervlak van het perceel dat door panden bedekt is."


def test_views_switch_to_the_next_release_and_the_old_one_stays(dsn: str, slim: Path):
    put(dsn, slim)
    do(dsn, f"UPDATE {SCHEMA}.pand SET bouwjaar = 1")
    later = put(dsn, slim, SECOND)

    assert later.schema == "twente_20240110t021500z"
    assert ask(dsn, "SELECT count(*) FROM twente.pand WHERE bouwjaar = 1") == [(0,)]
    assert ask(dsn, f"SELECT count(*) FROM {SCHEMA}.pand") == [(52,)]


def test_the_same_release_is_not_loaded_twice(dsn: str, slim: Path):
    assert put(dsn, slim).rows["pand"] == 52
    again = put(dsn, slim)

    assert again.rows == {}
    assert ask(dsn, "SELECT count(*) FROM twente.pand") == [(52,)]


def test_an_older_release_can_be_shown_again(dsn: str, slim: Path):
    put(dsn, slim)
    put(dsn, slim, SECOND)
    do(dsn, f"UPDATE {SCHEMA}.pand SET bouwjaar = 1234")
    put(dsn, slim)

    assert ask(dsn, "SELECT count(*) FROM twente.pand WHERE bouwjaar = 1234") == [(52,)]


@pytest.mark.parametrize("moment", ["finish", "as_csv", "switch", "put_styles"])
def test_a_load_that_fails_leaves_everything_as_it_was(
    dsn: str, slim: Path, moment: str, monkeypatch: pytest.MonkeyPatch
):
    put(dsn, slim)
    do(dsn, f"UPDATE {SCHEMA}.pand SET bouwjaar = 1234")

    def broken(*_: object) -> None:
        raise psycopg.errors.DiskFull("No space left on device")

    target = loading.definitions if moment == "finish" else loading
    monkeypatch.setattr(target, moment, broken)
    with pytest.raises(ReleaseError, match="No space left on device"):
        put(dsn, slim, SECOND)

    assert ask(dsn, "SELECT count(*) FROM twente.pand WHERE bouwjaar = 1234") == [(52,)]
    assert ask(dsn, "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'twente%%' ORDER BY 1") == [
        ("twente",),
        (SCHEMA,),
    ]


def test_rows_that_go_missing_are_noticed(dsn: str, slim: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(loading, "as_csv", lambda *_: b"")

    with pytest.raises(ReleaseError, match=r"kreeg 0 rijen in plaats van 2"):
        put(dsn, slim)


def test_readers_never_wait_long_and_never_see_half(dsn: str, slim: Path):
    """Someone reads a view in a long transaction: the switch gives up, and everything stays."""
    put(dsn, slim)
    with psycopg.connect(dsn) as reader:
        reader.execute("SELECT count(*) FROM twente.pand")
        with pytest.raises(ReleaseError, match="in gebruik en kwamen niet op tijd vrij"):
            put(dsn, slim, SECOND, wachttijd_s=0.2)
    assert ask(dsn, "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'twente\\_%%'") == [(SCHEMA,)]


def test_only_the_newest_releases_are_kept(dsn: str, slim: Path):
    put(dsn, slim, bewaar=2)
    put(dsn, slim, SECOND, bewaar=2)
    do(dsn, "CREATE SCHEMA twente_plannen", "CREATE SCHEMA twente_2024")
    last = put(dsn, slim, THIRD, bewaar=2)

    assert last.dropped == (SCHEMA,)
    kept = [row[0] for row in ask(dsn, "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'twente%%' ORDER BY 1")]
    assert kept == ["twente", "twente_2024", "twente_20240110t021500z", "twente_20240111t021500z", "twente_plannen"]


def test_what_somebody_built_on_an_old_release_keeps_it_there(dsn: str, slim: Path):
    put(dsn, slim, bewaar=1)
    do(dsn, "CREATE SCHEMA mijn", f"CREATE VIEW mijn.oude_panden AS SELECT * FROM {SCHEMA}.pand")
    later = put(dsn, slim, SECOND, bewaar=1)

    assert (later.dropped, later.kept) == ((), (SCHEMA,))
    assert ask(dsn, "SELECT count(*) FROM mijn.oude_panden") == [(52,)]


def test_what_somebody_built_on_a_view_follows_the_switch(dsn: str, slim: Path):
    put(dsn, slim)
    do(
        dsn,
        "CREATE SCHEMA mijn",
        "CREATE VIEW mijn.slecht AS SELECT pand_id, bouwjaar FROM twente.pand WHERE label_slechtste = 'G'",
        f"UPDATE {SCHEMA}.pand SET bouwjaar = 1",
    )
    put(dsn, slim, SECOND)

    assert (1,) not in ask(dsn, "SELECT bouwjaar FROM mijn.slecht")


def test_a_layer_with_other_columns_replaces_its_view_and_keeps_its_readers(
    dsn: str, world: dict[str, pd.DataFrame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    do(dsn, "DROP ROLE IF EXISTS lezer", "CREATE ROLE lezer")
    put(dsn, small(tmp_path / "a.gpkg", world, "hectare", "wijk"))
    do(dsn, "GRANT SELECT ON twente.hectare TO lezer")
    shorter = real_layout(tmp_path / "b.gpkg", world, drop="label_dekking")
    monkeypatch.setattr(loading, "read_layout", lambda _: shorter)
    put(dsn, tmp_path / "b.gpkg", SECOND)

    query = "SELECT column_name FROM information_schema.columns WHERE table_schema = 'twente' AND table_name = %s"
    columns = [row[0] for row in ask(dsn, query, "hectare")]
    assert "label_dekking" not in columns
    assert ask(dsn, "SELECT has_table_privilege('lezer', 'twente.hectare', 'SELECT')") == [(True,)]
    assert ask(dsn, "SELECT to_regclass('twente.wijk')") == [(None,)], "a layer that was left out has no view"


def real_layout(path: Path, world: dict[str, pd.DataFrame], *, drop: str) -> list[Layer]:
    """Write hectares alone, and tell of them without one column."""
    from dataclasses import replace  # noqa: PLC0415

    small(path, world, "hectare")
    (layer,) = read_layout(path)
    return [replace(layer, fields=tuple(one for one in layer.fields if one.name != drop))]


def test_a_view_that_cannot_be_replaced_says_what_hangs_on_it(
    dsn: str, world: dict[str, pd.DataFrame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    put(dsn, small(tmp_path / "a.gpkg", world, "hectare"))
    do(dsn, "CREATE SCHEMA mijn", "CREATE VIEW mijn.dekking AS SELECT cel_id, label_dekking FROM twente.hectare")
    shorter = real_layout(tmp_path / "b.gpkg", world, drop="label_dekking")
    monkeypatch.setattr(loading, "read_layout", lambda _: shorter)

    with pytest.raises(ReleaseError, match=r"view mijn\.dekking depends on view twente\.hectare.*vorige release"):
        put(dsn, tmp_path / "b.gpkg", SECOND)
    assert ask(dsn, "SELECT count(*) FROM mijn.dekking") == [(16,)]


def test_a_table_of_somebody_else_is_not_touched(dsn: str, slim: Path):
    do(dsn, "CREATE SCHEMA twente", "CREATE TABLE twente.pand (van text)", "INSERT INTO twente.pand VALUES ('mij')")

    with pytest.raises(ReleaseError, match=r"twente\.pand: is geen weergave maar iets anders"):
        put(dsn, slim)
    assert ask(dsn, "SELECT van FROM twente.pand") == [("mij",)]


def test_two_loads_at_once_are_refused(dsn: str, slim: Path):
    with psycopg.connect(dsn) as other:
        other.execute("SELECT pg_advisory_xact_lock(hashtextextended('twentegeo:twente', 0))")
        with pytest.raises(ReleaseError, match="een ander laadt net in twente"):
            put(dsn, slim)


def test_readers_from_the_settings_may_read_and_no_more(server: Server, dsn: str, slim: Path):
    do(dsn, 'DROP ROLE IF EXISTS "Plan; DROP"', "CREATE ROLE \"Plan; DROP\" LOGIN PASSWORD 'plan'")
    put(dsn, slim, lezers=("Plan; DROP",))
    database = dsn.rpartition("/")[2]
    reader = server.dsn(database, user="Plan%3B%20DROP", password="plan")  # noqa: S106

    assert ask(reader, "SELECT count(*) FROM twente.pand") == [(52,)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        do(reader, "DELETE FROM twente.pand")
    do(dsn, 'DROP OWNED BY "Plan; DROP"', 'DROP ROLE "Plan; DROP"')


def test_a_role_that_is_not_there_is_named(dsn: str, slim: Path):
    with pytest.raises(ReleaseError, match='role "niemand" does not exist'):
        put(dsn, slim, lezers=("niemand",))


def test_hostile_texts_arrive_as_texts(dsn: str, world: dict[str, pd.DataFrame], tmp_path: Path):
    texts = [HOSTILE, "a\n\\.\nb", '"";\t,', "\\N", "", "=1+1", "'); DELETE FROM pand; --", "💥 ünï", "\\x41"]
    losses = pd.concat([world["koppelverlies"].iloc[:1]] * len(texts), ignore_index=True)
    losses = losses.assign(verlies_id=[f"{place:02d}" for place in range(len(texts))], advies=texts)
    package = tmp_path / "h.gpkg"
    edition = Edition(HOSTILE, pd.Timestamp("2024-01-08").date(), FIRST, HOSTILE)
    write_geopackage(package, {"hectare": world["hectare"], "koppelverlies": losses}, edition=edition)
    put(dsn, package)

    assert [row[0] for row in ask(dsn, "SELECT advies FROM twente.koppelverlies ORDER BY verlies_id")] == texts
    ((comment,),) = ask(dsn, "SELECT obj_description('twente.hectare'::regclass)")
    assert HOSTILE in comment


@pytest.mark.qgis
def test_qgis_opens_the_view_with_its_style(loaded: str, server: Server, absent: Callable[[str], None], tmp_path: Path):
    if subprocess.run([PYTHON, "-c", "import qgis.core"], check=False, capture_output=True).returncode:
        absent("PyQGIS is er niet; installeer qgis en python3-qgis")
    database = loaded.rpartition("/")[2]
    source = (
        f"host=127.0.0.1 port={server.port} dbname={database} user=postgres password='{PASSWORD}' key='vbo_id'"
        ' srid=28992 type=Point table="twente"."verblijfsobject" (geom)'
    )
    script = Path(__file__).parents[2] / "tools" / "read_layer_metadata.py"
    run = subprocess.run(
        [PYTHON, str(script), source, "postgres"], check=True, capture_output=True, text=True, timeout=120,
        env={"QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)},
    )  # fmt: skip
    seen = json.loads(run.stdout.splitlines()[-1])

    assert seen["valid"]
    assert seen["features"] == 48
    assert seen["renderer"] in ("categorizedSymbol", "RuleRenderer")
    assert seen["aliases"]["label_status"] == "Status label"
    assert seen["comments"]["energielabel"].startswith("Energielabel: Geregistreerde energieklasse")


def test_a_style_that_somebody_chose_stays_the_default(dsn: str, slim: Path):
    put(dsn, slim)
    do(
        dsn,
        "UPDATE layer_styles SET useasdefault = false WHERE f_table_name = 'pand'",
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, stylename, useasdefault)"
        " VALUES (current_database(), 'twente', 'pand', 'mijn stijl', true)",
    )
    put(dsn, slim, SECOND)

    rows = dict(ask(dsn, "SELECT stylename, useasdefault FROM layer_styles WHERE f_table_name = 'pand'"))
    assert [name for name, default in rows.items() if default] == ["mijn stijl"]
    assert "Slechtste label" in rows
    assert ask(dsn, "SELECT count(*) FROM layer_styles WHERE f_table_name = 'buurt' AND useasdefault") == [(1,)]


def test_without_the_right_to_write_styles_the_layers_still_come(server: Server, dsn: str, slim: Path):
    database = dsn.rpartition("/")[2]
    do(dsn, "CREATE ROLE lader LOGIN PASSWORD 'l'", f"GRANT CREATE ON DATABASE {database} TO lader")
    own = server.dsn(database, user="lader", password="l")  # noqa: S106
    done = put(own, slim)

    assert not done.styled
    assert ask(own, "SELECT count(*) FROM twente.pand") == [(52,)]
    do(dsn, "DROP OWNED BY lader CASCADE", "DROP ROLE lader")


def test_a_database_without_postgis_says_what_to_do(server: Server, slim: Path):
    with pytest.raises(ReleaseError, match=r"heeft geen PostGIS\. Laat een beheerder .* CREATE EXTENSION postgis\.$"):
        put(server.dsn("kaal"), slim)


def test_postgis_in_a_schema_of_its_own_is_found(server: Server, slim: Path):
    do(server.dsn("template1"), "CREATE DATABASE elders")
    dsn = server.dsn("elders")
    do(dsn, 'CREATE SCHEMA "Geo"', 'CREATE EXTENSION postgis SCHEMA "Geo"')
    put(dsn, slim)

    assert ask(dsn, "SELECT count(*) FROM twente.pand") == [(52,)]


def no_secret_in(text: str) -> bool:
    return not any(piece in text for piece in (PASSWORD, ESCAPED, "kaas", "brood", "huis/9", "geheim"))


@pytest.mark.parametrize(
    "dsn",
    [
        "postgresql://kaart:geheim@127.0.0.1:1/geo",
        "host=127.0.0.1 port=1 user=kaart password=geheim dbname=geo",
        "host=127.0.0.1 port=1 user=kaart password='kaas brood' dbname=geo",
        f"postgresql://kaart:{PASSWORD}@127.0.0.1:1/geo",
        f"postgresql://kaart:{ESCAPED}@127.0.0.1:1/geo",
        "host=127.0.0.1 password=geheim onzin",
        "postgresql://kaart:geheim@[::1/geo",
        "geheim",
    ],
)
def test_a_password_never_shows(dsn: str, slim: Path, caplog: pytest.LogCaptureFixture):
    said: list[str] = []
    with caplog.at_level("DEBUG"), pytest.raises((ReleaseError, SettingsError)) as error:
        load(dsn, slim, FIRST, "twente", parameters=PostgisParams(verbinden_s=2), say=said.append)

    chain = [error.value, error.value.__cause__, *((error.value.__cause__ or error.value).args)]
    assert all(no_secret_in(str(one)) for one in chain)
    assert no_secret_in("".join(said) + caplog.text)
    assert "\n" not in str(error.value)


def test_a_wrong_password_names_the_place(server: Server, slim: Path):
    with pytest.raises(ReleaseError) as error:
        put(server.dsn("werk", password="geheim"), slim)  # noqa: S106

    assert str(error.value).startswith(f"PostGIS postgres@127.0.0.1:{server.port}/werk: ")
    assert no_secret_in(str(error.value))


def test_a_service_is_named_as_such():
    assert place_of("service=twente") == "PostGIS service twente"
    assert place_of("") == "PostGIS lokaal/"


@pytest.mark.parametrize("name", ["Twente", "pg temp", "a" * 41, "1twente", 'x"; DROP SCHEMA public; --'])
def test_schema_names_that_need_quoting_are_refused(name: str):
    with pytest.raises(ValueError, match="weergaven"):
        PostgisParams(weergaven=name)
