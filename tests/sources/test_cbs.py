"""CBS areas: GeoPackage and shapefile, what CBS withholds, and what is refused."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely

from twentegeo.errors import SourceChanged, SourceUnavailable
from twentegeo.sources import cbs
from twentegeo.sources.cbs.columns import find
from twentegeo.tables.columns.people import INDICATOREN

if TYPE_CHECKING:
    from pathlib import Path

    from twentegeo.sources.snapshot import Snapshot

AGES = ("aandeel_15_24", "aandeel_25_44", "aandeel_45_64", "aandeel_65plus")
"""The ages by our names, in the order in which CBS gives them after 0-14."""

TWENTE = (
    "0141",
    "0147",
    "1774",
    "0153",
    "0158",
    "0163",
    "0164",
    "1735",
    "0168",
    "0173",
    "1742",
    "0183",
    "1700",
    "0189",
)


def area(place: int, **values: object) -> dict[str, object]:
    """A buurt of a kilometre square; the n-th lies n kilometres east."""
    base = {
        "buurtcode": f"BU0153000{place}",
        "buurtnaam": f"Buurt {place}",
        "wijkcode": "WK015300",
        "gemeentecode": "GM0153",
        "gemeentenaam": "Enschede",
        "water": "NEE",
        "aantal_inwoners": 1000 + place,
        "percentage_personen_0_tot_15_jaar": 14,
        "percentage_personen_15_tot_25_jaar": 11,
        "percentage_personen_25_tot_45_jaar": 26,
        "percentage_personen_45_tot_65_jaar": 29,
        "percentage_personen_65_jaar_en_ouder": 20,
        "gemiddelde_huishoudsgrootte": 2.1,
        "percentage_koopwoningen": 60,
        "perc_huurwoningen_in_bezit_woningcorporaties": 30,
        "stedelijkheid_adressen_per_km2": 3,
        "jrstatcode": f"2023BU0153000{place}",
    }
    west = 250_000 + 1000 * place
    return {**base, **values, "geometry": shapely.box(west, 470_000, west + 1000, 471_000)}


def written(folder: Path, *areas: dict[str, object], crs: str = "EPSG:28992", name: str = "wijkenbuurten.gpkg") -> Path:
    path = folder / name
    gpd.GeoDataFrame(list(areas), crs=crs).to_file(path, layer="buurten")
    return path


def read(path: Path, *municipalities: str) -> cbs.Neighbourhoods:
    return cbs.read(cbs.fetch(path), municipalities or ("0153",))


def refusal(path: Path, *municipalities: str, kind: type[Exception] = SourceChanged) -> str:
    with pytest.raises(kind) as caught:
        read(path, *municipalities)
    text = str(caught.value)
    assert "\n" not in text
    assert path.name in text
    return text


def test_figures_by_our_names(tmp_path: Path):
    found = read(written(tmp_path, area(1)))
    row = found.buurt.iloc[0]
    assert (row["buurt_code"], row["wijk_code"], row["gemeente_code"]) == ("BU01530001", "WK015300", "GM0153")
    assert (row["aantal_inwoners"], row["huishoudensgrootte"]) == (1001, 2.1)
    assert row[list(AGES)].tolist() == [11, 26, 29, 20]
    assert (row["aandeel_koop"], row["aandeel_corporatie"], row["stedelijkheid"]) == (60, 30, 3)
    assert found.year == 2023
    assert {("buurt", "gasverbruik_m3"), ("buurt", "aandeel_75plus")} <= set(found.missing)
    assert ("buurt", "aandeel_koop") not in found.missing


@pytest.mark.parametrize("withheld", [-99997, -99995, -99999999, -99999997, "-99997", ".", " ", None])
def test_withheld_is_missing_and_not_a_fault(tmp_path: Path, withheld: object):
    found = read(
        written(tmp_path, area(1, percentage_koopwoningen=withheld), area(2, percentage_koopwoningen=withheld))
    )
    assert found.buurt["aandeel_koop"].isna().all()
    assert len(found.losses) == 0


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("percentage_personen_25_tot_45_jaar", 101),
        ("aantal_inwoners", 1030268028454340),
        ("aantal_inwoners", -5),
        ("percentage_koopwoningen", 101),
        ("percentage_koopwoningen", "veel"),
        ("stedelijkheid_adressen_per_km2", 7),
    ],
)
def test_impossible_figure_is_missing_and_reported(tmp_path: Path, column: str, value: object):
    areas = [area(1, **{column: value}), area(2, **{column: "50" if isinstance(value, str) else 5})]
    found = read(written(tmp_path, *areas))
    name = found.losses["reden"].iloc[0].rsplit(" ", 1)[1]
    assert found.losses["verlies_id"].tolist() == ["BU01530001"]
    assert found.buurt[name].isna().tolist() == [True, False]
    assert found.counts["onmogelijke cijfers buurt"] == 1


def test_a_map_that_was_completed_gives_75_and_over(tmp_path: Path):
    found = read(written(tmp_path, area(1, percentage_personen_75_jaar_en_ouder=9)))
    assert found.buurt["aandeel_75plus"].tolist() == [9]
    assert ("buurt", "aandeel_75plus") not in found.missing


PUBLISHERS = {
    "geopackage": """
        percentage_personen_0_tot_15_jaar percentage_personen_15_tot_25_jaar percentage_personen_25_tot_45_jaar
        percentage_personen_45_tot_65_jaar percentage_personen_65_jaar_en_ouder percentage_eenpersoonshuishoudens
        gemiddelde_huishoudsgrootte aantal_huishoudens""",
    "service": """
        percentagePersonen0Tot15Jaar percentagePersonen15Tot25Jaar percentagePersonen25Tot45Jaar
        percentagePersonen45Tot65Jaar percentagePersonen65JaarEnOuder percentageEenpersoonshuishoudens
        gemiddeldeHuishoudsgrootte aantalHuishoudens""",
    "cbs": "P_00_14_JR P_15_24_JR P_25_44_JR P_45_64_JR P_65_EO_JR P_EENP_HH GEM_HH_GR AANTAL_HH",
}


@pytest.mark.parametrize("columns", PUBLISHERS.values(), ids=PUBLISHERS)
def test_each_publisher_spells_the_people_in_its_own_way(columns: str):
    spelled = columns.split()
    found = find(["buurtcode", *spelled])
    wanted = [*AGES, "aandeel_eenpersoons", "huishoudensgrootte", "aantal_huishoudens"]
    assert [found[name] for name in wanted] == spelled[1:]


def test_texts_with_point_or_comma(tmp_path: Path):
    areas = [area(1, gemiddelde_huishoudsgrootte="1,8"), area(2, gemiddelde_huishoudsgrootte="2.4")]
    assert read(written(tmp_path, *areas)).buurt["huishoudensgrootte"].tolist() == [1.8, 2.4]


def test_nobody_lives_here(tmp_path: Path):
    found = read(written(tmp_path, area(1, aantal_inwoners=0, gemiddelde_huishoudsgrootte=0.0)))
    assert found.buurt["aantal_inwoners"].tolist() == [0]
    assert found.buurt["huishoudensgrootte"].isna().all()
    assert len(found.losses) == 0


def test_water_and_foreign_ground_are_left_out(tmp_path: Path):
    found = read(written(tmp_path, area(1), area(2, water="JA"), area(3, water="B")))
    assert found.buurt["buurt_code"].tolist() == ["BU01530001"]


def test_missing_levels_are_put_together_without_figures(tmp_path: Path):
    found = read(written(tmp_path, area(1), area(2), area(3, wijkcode="WK015301")))
    assert found.wijk["wijk_code"].tolist() == ["WK015300", "WK015301"]
    assert found.wijk["naam"].tolist() == ["Wijk 00", "Wijk 01"]
    assert found.wijk.geometry.area.tolist() == [2e6, 1e6]
    assert found.gemeente["naam"].tolist() == ["Enschede"]
    assert found.gemeente.geometry.area.tolist() == [3e6]
    assert found.wijk[[column.name for column in INDICATOREN]].isna().all().all()
    assert ("wijk", "aantal_inwoners") in found.missing


def test_levels_that_are_delivered_keep_their_figures(tmp_path: Path):
    path = written(tmp_path, area(1))
    columns = {"buurtcode", "buurtnaam"}
    wijk = {k: v for k, v in area(1).items() if k not in columns} | {"wijknaam": "Centrum", "aantal_inwoners": 9000}
    gpd.GeoDataFrame([wijk], crs="EPSG:28992").to_file(path, layer="wijken", mode="a")
    found = read(path)
    assert found.wijk[["naam", "aantal_inwoners"]].to_numpy().tolist() == [["Centrum", 9000.0]]


def test_zipped_geopackage(tmp_path: Path):
    path = written(tmp_path, area(1))
    with zipfile.ZipFile(tmp_path / "w.zip", "w") as archive:
        archive.write(path, "map/wijkenbuurten.gpkg")
    assert len(read(tmp_path / "w.zip").buurt) == 1


# --- shapefiles ------------------------------------------------------------------------------------------

LONG = (
    [
        "buurtcode",
        "buurtnaam",
        "wijkcode",
        "gemeentecode",
        "gemeentenaam",
        "water",
        "aantal_inwoners",
        "mannen",
        "vrouwen",
    ]
    + [f"percentage_personen_{age}" for age in ("0_tot_15", "15_tot_25", "25_tot_45", "45_tot_65", "65_jaar_en_ouder")]
    + ["percentage_ongehuwd", "percentage_gehuwd", "percentage_gescheid", "percentage_verweduwd"]
    + ["aantal_huishoudens", "percentage_eenpersoonshuishoudens", "percentage_huishoudens_zonder_kinderen"]
    + ["percentage_huishoudens_met_kinderen", "gemiddelde_huishoudsgrootte"]
    + ["percentage_westerse_migratieachtergrond", "jaarstatcode"]
)


@pytest.mark.filterwarnings("ignore:Column names longer than 10", "ignore:Normalized/laundered")
def test_gdal_cuts_the_names_and_order_restores_them(tmp_path: Path):
    values = dict(
        zip(LONG, ["BU01530001", "Buurt", "WK015300", "GM0153", "Enschede", "NEE", *range(10, 26)], strict=False)
    )
    values |= {
        "gemiddelde_huishoudsgrootte": 2.2,
        "percentage_westerse_migratieachtergrond": 99,
        "jaarstatcode": "2021BU",
    }
    path = tmp_path / "buurten.shp"
    gpd.GeoDataFrame([values], geometry=[shapely.box(250_000, 470_000, 251_000, 471_000)], crs="EPSG:28992").to_file(
        path
    )
    names = list(pyogrio.read_info(path)["fields"])
    assert max(map(len, names)) == 10
    row = read(path).buurt.iloc[0]
    ages = [column for column in LONG if column.startswith("percentage_personen")][1:]
    assert row[list(AGES)].tolist() == [values[column] for column in ages]
    assert row["aandeel_eenpersoons"] == values["percentage_eenpersoonshuishoudens"]
    assert (row["aantal_inwoners"], row["huishoudensgrootte"]) == (10, 2.2)


def test_another_order_is_not_guessed_at():
    cut = ["buurtcode", "vrouwen", "percentage", "percenta_1", "aantal_hui", "percenta_2", "gemiddelde"]
    assert not {*AGES, "aandeel_eenpersoons", "huishoudensgrootte"} & find(cut).keys()


def test_twente_2021(shared_data: Path):
    folder = shared_data / "cbs" / "twente-2021"
    raw = pyogrio.read_dataframe(folder / "buurten.shp").sort_values("buurtcode").reset_index(drop=True)
    for path in (folder / "buurten.shp", folder):
        found = read(path, *TWENTE)
        assert (len(found.buurt), len(found.gemeente), found.year) == (517, 14, 2021)
        assert found.wijk["wijk_code"].tolist() == sorted(raw["wijkcode"].unique())
        for name, column in zip(AGES, ("percenta_1", "percenta_2", "percenta_3", "percenta_4"), strict=True):
            given = raw[column].astype(float)
            pd.testing.assert_series_equal(found.buurt[name], given.where(given >= 0), check_names=False)
            assert found.buurt[name].isna().sum() == (given < -99_990).sum() > 0
        assert found.gemeente.geometry.area.sum() == pytest.approx(raw.geometry.area.sum())
        assert len(found.losses) == 0


def test_the_order_of_2021_adds_up(shared_data: Path):
    """The age shares and the household shares each make a hundred: the order is what we take it for."""
    raw = pyogrio.read_dataframe(shared_data / "cbs" / "twente-2021" / "buurten.shp", read_geometry=False)
    for columns in (
        ["percentage", *(f"percenta_{n}" for n in range(1, 5))],
        ["percenta_9", "percenta10", "percenta11"],
    ):
        shares = raw.loc[(raw[columns] >= 0).all(axis=1), columns].sum(axis=1)
        assert len(shares) > 400
        assert shares.between(97, 103).all()
    single = raw[(raw["percenta_9"] >= 0) & (raw["gemiddelde"] > 0)]
    assert single["percenta_9"].corr(single["gemiddelde"]) < -0.8
    # the campus of the university is where people of 15 to 24 live
    assert raw.loc[raw["percenta_1"].idxmax(), "buurtnaam"] == "Drienerveld-U.T."


@pytest.mark.filterwarnings("ignore:Column names longer than 10", "ignore:Normalized/laundered")
def test_shapefiles_beside_it_count_when_they_are_of_the_same_edition(tmp_path: Path):
    keys = ("wijkcode", "gemeentecode", "gemeentenaam", "geometry")
    for name, wijknaam in (("wijk_2022.shp", "Centrum"), ("wijk_2019.shp", "Oud")):
        wijk = {key: area(1)[key] for key in keys} | {"wijknaam": wijknaam}
        gpd.GeoDataFrame([wijk], crs="EPSG:28992").to_file(tmp_path / name)
    buurt = {key: area(1)[key] for key in ("buurtcode", "buurtnaam", *keys)}
    path = tmp_path / "buurt_2022.shp"
    gpd.GeoDataFrame([buurt], crs="EPSG:28992").to_file(path)
    assert read(path).wijk["naam"].tolist() == ["Centrum"]


def test_checksum_of_a_shapefile_covers_its_figures(tmp_path: Path):
    path = tmp_path / "buurten.shp"
    for suffix, content in ((".shp", b"a"), (".dbf", b"b")):
        path.with_suffix(suffix).write_bytes(content)
    before = cbs.fetch(path).sha256
    path.with_suffix(".dbf").write_bytes(b"c")
    assert cbs.fetch(path).sha256 != before
    assert cbs.fetch(tmp_path).size_bytes == 2


# --- what is refused -------------------------------------------------------------------------------------


def test_municipality_that_is_not_there(tmp_path: Path):
    text = refusal(written(tmp_path, area(1)), "0153", "9999")
    assert "GM9999" in text
    assert "GM0153" in text


def test_degrees(tmp_path: Path):
    areas = [{**area(1), "geometry": shapely.box(6.1, 52.1, 6.2, 52.2)}]
    assert "EPSG:28992" in refusal(written(tmp_path, *areas, crs="EPSG:4326"))


def test_outside_the_netherlands(tmp_path: Path):
    areas = [{**area(1), "geometry": shapely.box(6.1, 52.1, 6.2, 52.2)}]
    assert "buiten Nederland" in refusal(written(tmp_path, *areas))


def test_no_buurten(shared_data: Path):
    assert "buurtcode" in refusal(shared_data / "cbs" / "2026_gemeenten_zonder_water.geojson")


def test_empty_folder_and_missing_path(tmp_path: Path):
    folder = tmp_path / "leeg"
    folder.mkdir()
    assert "geen shapefile" in refusal(folder, kind=SourceUnavailable)
    assert "bestaat niet" in refusal(tmp_path / "weg.gpkg", kind=SourceUnavailable)


def test_leidschendam_voorburg(shared_data: Path):
    found = read(shared_data / "leidschendam-voorburg" / "cbs" / "wijkenbuurten_2022.gpkg", "1916")
    assert (len(found.buurt), len(found.wijk), len(found.gemeente), found.year) == (10, 4, 1, 2022)
    # this file's municipality row holds its buurten's figures written one after the other
    assert found.gemeente["aantal_inwoners"].isna().all()
    assert found.counts["onmogelijke cijfers gemeente"] == 2
    assert found.buurt["aantal_inwoners"].sum() == 25_240
    first = found.buurt.set_index("buurt_code").loc["BU19160803"]
    assert first[list(AGES)].tolist() == [7, 19, 28, 29]
    assert found.buurt[list(AGES)].sum(axis=1).between(77, 93).all(), "what is left of a hundred is aged under 15"


# --- figures of earlier years ------------------------------------------------------------------------------


def edition(folder: Path, year: int, *areas: dict[str, object]) -> Snapshot:
    return cbs.fetch(written(folder, *areas, name=f"wijkenbuurten_{year}.gpkg"))


def without(row: dict[str, object], *names: str) -> dict[str, object]:
    return {name: value for name, value in row.items() if name not in names}


KOOP, CORPORATIE = "percentage_koopwoningen", "perc_huurwoningen_in_bezit_woningcorporaties"


def test_figures_come_from_the_latest_year_that_has_them(tmp_path: Path):
    """2025 has neither; 2024 has owner-occupied homes, 2023 both: each from the latest, and it is told which."""
    newest = edition(tmp_path, 2025, *(without(area(n, jrstatcode=f"2025{n}"), KOOP, CORPORATIE) for n in (1, 2)))
    middle = edition(
        tmp_path, 2024, *(without(area(n, jrstatcode=f"2024{n}", **{KOOP: 70}), CORPORATIE) for n in (1, 2))
    )
    oldest = edition(tmp_path, 2023, *(area(n, jrstatcode=f"2023{n}") for n in (1, 2)))
    found = cbs.read(newest, ("0153",), [middle, oldest])
    assert found.buurt["aandeel_koop"].tolist() == [70, 70]
    assert found.buurt["aandeel_corporatie"].tolist() == [30, 30]
    years = found.years["buurt"]
    assert (years["aantal_inwoners"], years["aandeel_koop"], years["aandeel_corporatie"]) == (2025, 2024, 2023)
    assert ("buurt", "aandeel_koop") not in found.missing
    assert ("buurt", "gasverbruik_m3") in found.missing
    assert found.year == 2025


def test_a_figure_does_not_go_to_other_ground(tmp_path: Path):
    """Buurt 2 bears the code of last year and lies elsewhere; buurt 3 is new; a withheld figure stays withheld."""
    newest = edition(tmp_path, 2025, *(without(area(n), KOOP) for n in (1, 2, 3)))
    elsewhere = {**area(2), "geometry": shapely.box(252_000, 470_000, 252_900, 471_000)}
    earlier = edition(tmp_path, 2024, area(1), elsewhere, area(4))
    found = cbs.read(newest, ("0153",), [earlier])
    assert found.buurt["aandeel_koop"].fillna(-1).tolist() == [60, -1, -1]
    suppressed = edition(tmp_path, 2026, area(1, **{KOOP: -99997}), area(2))
    found = cbs.read(suppressed, ("0153",), [earlier])
    assert found.buurt["aandeel_koop"].fillna(-1).tolist() == [-1, 60]


def test_an_earlier_edition_without_the_region_is_passed_over(tmp_path: Path):
    newest = edition(tmp_path, 2025, without(area(1), KOOP))
    earlier = edition(tmp_path, 2024, area(1, gemeentecode="GM0999"))
    assert ("buurt", "aandeel_koop") in cbs.read(newest, ("0153",), [earlier]).missing
