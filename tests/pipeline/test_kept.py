"""Stages on disk: whole, or not there; also after a kill half-way a removal, or a power cut."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from twentegeo.pipeline import kept
from twentegeo.pipeline.outcome import Computed
from twentegeo.pipeline.progress import LogProgress
from twentegeo.pipeline.stages import Stages
from twentegeo.store import Store

TABLE = pd.DataFrame({"a": [1, 2, 3]})


class Work:
    """Counts how often a stage is computed."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> Computed:
        self.times += 1
        return Computed({"een": TABLE}, facts={"n": 3}, memory={"wat": TABLE})


def night(store: Store, work: Work, *inputs: object) -> int:
    """Run the stage; how often it was computed in all."""
    with Stages(store, LogProgress()) as stages:
        outcome = stages.run("proef", inputs, ("crs.py",), work)
        assert outcome.tables["een"].equals(TABLE)
        assert outcome.facts == {"n": 3}
        stages.settle()
        stages.forget()
    return work.times


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


@pytest.fixture
def work(store: Store) -> Work:
    made = Work()
    assert night(store, made) == night(store, made) == 1
    return made


def place(store: Store) -> Path:
    (found,) = (store.tables / "proef").iterdir()
    return found


@pytest.mark.parametrize("gone", ["facts.json", "*.parquet", "tables/*", "memory/*"])
def test_what_a_kill_left_of_a_removal_is_no_stage(gone: str, store: Store, work: Work) -> None:
    folder = place(store)
    (folder / "facts.json").unlink()  # goes first, whatever else went
    for path in folder.glob(gone):
        path.unlink()
    assert night(store, work) == 2
    assert night(store, work) == 2


@pytest.mark.parametrize("content", [b"", b"PAR", b"\0" * 500])
@pytest.mark.parametrize("name", ["losses", "accounts", "tables/een", "memory/wat"])
def test_a_table_that_a_power_cut_emptied_is_made_again(content: bytes, name: str, store: Store, work: Work) -> None:
    (place(store) / f"{name}.parquet").write_bytes(content)
    assert night(store, work) == 2


def test_facts_that_a_power_cut_emptied_are_made_again(store: Store, work: Work) -> None:
    (place(store) / "facts.json").write_bytes(b"")
    assert night(store, work) == 2


def test_the_first_thing_to_go_is_what_makes_it_a_stage(
    store: Store, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    folder = place(store)
    with monkeypatch.context() as patched:
        patched.setattr(kept.shutil, "rmtree", dies)  # type: ignore[attr-defined]
        with pytest.raises(KeyboardInterrupt):
            kept.drop(folder)
    assert kept.facts_of(folder) is None
    assert night(store, work) == 2


def test_memory_is_of_the_same_code_and_whole(store: Store, work: Work) -> None:
    assert work.times == 1
    with Stages(store, LogProgress()) as stages:
        remembered = stages.remembered("proef", ("crs.py",))
        assert remembered is not None
        assert remembered["wat"].equals(TABLE)
        assert stages.remembered("proef", ("errors.py",)) is None
        assert stages.remembered("iets anders", ("crs.py",)) is None
        (place(store) / "facts.json").unlink()
        assert stages.remembered("proef", ("crs.py",)) is None
    with Stages(store, LogProgress(), rebuild=True) as stages:
        assert stages.remembered("proef", ("crs.py",)) is None


def points(number: int) -> gpd.GeoDataFrame:
    east = np.arange(number, dtype=float)
    rows = {"pand_id": [f"P{one}" for one in range(number)], "bouwjaar": 1970}
    return gpd.GeoDataFrame(rows, geometry=gpd.points_from_xy(east, east), crs="EPSG:28992")


def test_what_is_seldom_asked_for_stays_on_disk_until_it_is(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def compute() -> Computed:
        return Computed({"pand": points(3), "een": TABLE})

    with Stages(store, LogProgress()) as stages:
        stages.run("bag", (), ("crs.py",), compute)
        stages.settle()
    whole: list[str] = []
    read = kept.read
    monkeypatch.setattr(kept, "read", lambda path: whole.append(path.stem) or read(path))
    with Stages(store, LogProgress()) as stages:
        tables = stages.run("bag", (), ("crs.py",), compute, seldom=("pand",)).tables
        assert tables["een"].equals(TABLE)
        assert tables.rows("pand") == 3
        part = tables.columns("pand", ["pand_id"])
        assert part["pand_id"].tolist() == ["P0", "P1", "P2"]
        assert list(part) == ["pand_id"]
        assert "pand" not in whole
        assert tables["pand"].geometry.equals(points(3).geometry)
        assert "pand" in whole
        assert tables.rows("pand") == 3
        assert tables.columns("pand", ["bouwjaar"])["bouwjaar"].tolist() == [1970] * 3


def test_a_table_in_memory_gives_its_columns_without_geometry(store: Store) -> None:
    with Stages(store, LogProgress()) as stages:
        tables = stages.run("bag", (), ("crs.py",), lambda: Computed({"pand": points(2)}), seldom=("pand",)).tables
        part = tables.columns("pand", ["pand_id", "bouwjaar"])
    assert type(part) is pd.DataFrame
    assert list(part) == ["pand_id", "bouwjaar"]
