"""What a night takes up of the month's BAG before it lays the services' on top."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from twentegeo.pipeline import bag_register, kept
from twentegeo.pipeline.outcome import Computed
from twentegeo.pipeline.progress import LogProgress
from twentegeo.pipeline.registers import Snapshots
from twentegeo.pipeline.stages import Stages
from twentegeo.sources import bag
from twentegeo.sources.snapshot import from_file
from twentegeo.store import Store
from twentegeo.tables.losses import gather
from twentegeo.tables.shapes import Mapped

if TYPE_CHECKING:
    from twentegeo.settings import Settings
    from twentegeo.sources.snapshot import Snapshot

TABLES = {
    "pand": gpd.GeoDataFrame({"pand_id": ["1", "2"], "status": "x"}, geometry=[shapely.box(0, 0, 1, 1)] * 2, crs=28992),
    "verblijfsobject": gpd.GeoDataFrame(
        {"vbo_id": ["3"], "vbo_status": "x"}, geometry=[shapely.Point(0, 0)], crs=28992
    ),
    "vbo_pand": pd.DataFrame({"vbo_id": ["3"], "pand_id": ["1"], "volgorde": [0]}),
    "adres": pd.DataFrame({"nummeraanduiding_id": ["4"], "object_id": ["3"]}),
    "plaats": gpd.GeoDataFrame({"plaats_id": ["5"]}, geometry=[shapely.box(0, 0, 1, 1)], crs=28992),
}


def listed(store: Store) -> tuple[bool, object]:
    with Stages(store, LogProgress()) as stages:
        how = {"seldom": bag_register._SELDOM, "mapped": {"pand"}}
        outcome = stages.run("bag", (), ("crs.py",), lambda: Computed(TABLES), **how)
        stages.settle()
        return outcome.reused, bag_register._listed(outcome)


def test_the_outlines_of_the_month_are_not_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    assert not listed(store)[0]
    whole = kept.read

    def read(path: Path) -> pd.DataFrame:
        assert path.stem not in bag_register._SELDOM
        return whole(path)

    monkeypatch.setattr(kept, "read", read)
    monkeypatch.setattr(kept, "read_mapped", read)
    reused, found = listed(store)
    assert reused
    assert found.pand.equals(pd.DataFrame({"pand_id": ["1", "2"]}))  # type: ignore[attr-defined]
    assert found.verblijfsobject.equals(pd.DataFrame({"vbo_id": ["3"]}))  # type: ignore[attr-defined]
    assert found.vbo_pand.equals(TABLES["vbo_pand"])  # type: ignore[attr-defined]
    assert found.adres.equals(TABLES["adres"])  # type: ignore[attr-defined]


def test_the_manifest_hears_of_the_file_below_a_top_up(
    small_region: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = []
    for name in ("maand.zip", "dag.gpkg"):
        (tmp_path / name).write_text(name, encoding="utf-8")
        files.append(from_file(bag.ORIGIN, tmp_path / name))
    rest = {name: table for name, table in TABLES.items() if name != "pand"}
    panden = Mapped.of(cast("gpd.GeoDataFrame", TABLES["pand"]))
    found = bag.BagTables(panden, **rest, reference_date=date(2026, 11, 8), losses=gather([]), counts={})  # type: ignore[arg-type]
    monkeypatch.setattr(bag, "read", lambda *_, **__: found)
    monkeypatch.setattr(bag, "topped_up", lambda _, daily: daily)
    store = Store(tmp_path / "outputs")

    def night(*top_up: int) -> list[tuple[str, bool]]:
        rest = dict.fromkeys(("parcels", "energy_labels", "neighbourhoods"))
        snapshots = Snapshots(files[0], **rest, ownership=(), top_up=tuple(files[one] for one in top_up))  # type: ignore[arg-type]
        with Stages(store, LogProgress()) as stages:
            outcome = bag_register.read_bag(small_region, snapshots, stages, store, LogProgress())
            return [(one.name, one.reused) for one in outcome.ran]

    assert night() == [("bag", False)]
    assert night(1) == [("bag", True), ("bag_bijgewerkt", False)]
    assert night(1) == [("bag", True), ("bag_bijgewerkt", True)]


def test_what_the_night_before_published_is_not_decoded_again(
    small_region: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader is handed the panden of the last top-up, or of the file where there was none; none in a rebuild."""
    (tmp_path / "maand.zip").write_text("maand", encoding="utf-8")
    rest = {name: table for name, table in TABLES.items() if name != "pand"}
    known = []

    def read(delivery: Snapshot, _scope: object, means: bag.Means, _rules: object) -> bag.BagTables:
        known.append(means.published())
        panden = Mapped.of(cast("gpd.GeoDataFrame", TABLES["pand"].assign(pand_id=delivery.path.stem)))
        return bag.BagTables(panden, **rest, reference_date=date(2026, 11, 8), losses=gather([]), counts={})  # type: ignore[arg-type]

    monkeypatch.setattr(bag, "read", read)
    monkeypatch.setattr(bag, "topped_up", lambda _, daily: daily)
    store = Store(tmp_path / "outputs")

    def night(*days: str, rebuild: bool = False) -> list[str | None]:
        for day in days:
            (tmp_path / day).write_text(day, encoding="utf-8")
        file, *top_up = (from_file(bag.ORIGIN, tmp_path / one) for one in ("maand.zip", *days))
        none = dict.fromkeys(("parcels", "energy_labels", "neighbourhoods"))
        known.clear()
        with Stages(store, LogProgress(), rebuild=rebuild) as stages:
            bag_register.read_bag(
                small_region,
                Snapshots(file, **none, ownership=(), top_up=tuple(top_up)),
                stages,
                store,
                LogProgress(),  # type: ignore[arg-type]
            )
            stages.settle()
        assert all(one is None or one.rows.columns.tolist() == ["pand_id"] for one in known)
        return [None if one is None else one.rows["pand_id"].iloc[0] for one in known]

    assert night() == [None]
    assert night("ma.gpkg") == ["maand"]
    assert night("di.gpkg") == ["ma"]
    assert night("wo.gpkg", rebuild=True) == [None, None]
