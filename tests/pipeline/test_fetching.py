"""Which delivery the night reads: the newest, the last good one, or none; and what is said of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from twentegeo.errors import NotInDelivery, SourceChanged, SourceUnavailable
from twentegeo.pipeline import fetching, manifest, program, staging
from twentegeo.pipeline.fetching import Going
from twentegeo.pipeline.progress import LogProgress
from twentegeo.pipeline.refusal import answerable
from twentegeo.pipeline.registers import Snapshots
from twentegeo.settings import Settings, Sources, config_folder, load
from twentegeo.sources import bag, cadastre, cbs, ep_online
from twentegeo.sources.shelf import Shelf
from twentegeo.sources.slots import Particulars
from twentegeo.sources.snapshot import Origin
from twentegeo.sources.ways import AreaSource, BagSource, LabelSource
from twentegeo.store import Store

NOW = datetime(2026, 11, 20, 2, 15, tzinfo=UTC)
OLD = {
    "bag": (bag.ORIGIN, date(2026, 11, 8)),
    "parcels": (cadastre.ORIGIN, date(2026, 11, 18)),
    "energy_labels": (ep_online.ORIGIN, date(2026, 11, 1)),
    "neighbourhoods/2026": (cbs.ORIGIN, date(2026, 9, 24)),
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The real region, everything over the network, one edition of the CBS map."""
    sources = Sources(neighbourhoods=AreaSource(years_back=0))
    return load(config_folder() / "twente.yaml").model_copy(update={"outputs": tmp_path, "sources": sources})


def put(settings: Settings, slot: str, origin: Origin, day: date | None, text: str = "inhoud") -> None:
    shelf = Shelf(settings.outputs / "snapshots")
    shelf.incoming.mkdir(parents=True, exist_ok=True)
    arrived = shelf.incoming / "x"
    arrived.write_text(text + slot)
    name = f"{slot.replace('/', '_')}.zip"
    shelf.put(slot, origin, arrived, Particulars(name, "https://a.nl", day), NOW - timedelta(days=3))


@pytest.fixture
def stocked(settings: Settings) -> Settings:
    for slot, (origin, day) in OLD.items():
        put(settings, slot, origin, day)
    return settings


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Snapshots]:
    monkeypatch.setattr("twentegeo.sources.cbs.online.list_layers", lambda _: {"buurt": type("L", (), {"found": {}})})

    def take(settings: Settings, days: int = 0) -> Snapshots:
        return fetching.fetch(settings, LogProgress(), Going(offline=True, now=NOW + timedelta(days=days)))

    return take


def changed(settings: Settings, name: str, **changes: object) -> Settings:
    source = getattr(settings.sources, name).model_copy(update=changes)
    return settings.model_copy(update={"sources": settings.sources.model_copy(update={name: source})})


def test_the_last_good_deliveries_are_read(stocked: Settings, offline: Callable[..., Snapshots]) -> None:
    found = offline(stocked)
    assert [one.slot for one in found.all()] == ["bag", "parcels", "energy_labels", "neighbourhoods/2026"]
    assert not [one for one in found.all() if one.stale or one.trouble]
    used = [one for one in Shelf(stocked.outputs / "snapshots").ledger.entries() if one["gebeurtenis"] == "gebruikt"]
    assert [one["sha256"] for one in used] == [one.sha256 for one in found.all()]


def test_nothing_was_ever_fetched(settings: Settings, offline: Callable[..., Snapshots]) -> None:
    with pytest.raises(SourceUnavailable, match=r"nog geen levering.*twentegeo fetch.*sources\.neighbourhoods\.path"):
        offline(settings)


def test_an_old_delivery_is_kept_and_marked(stocked: Settings, offline: Callable[..., Snapshots]) -> None:
    found = offline(stocked, days=60)
    assert [one.origin.name for one in found.all() if one.stale] == ["bag", "parcels", "energy_labels"]
    assert found.bag.stale == "levering van 08-11-2026, ouder dan 60 dagen"
    told = {one["bron"]: one["lagen"] for one in manifest.stale_of(found)}
    assert told["Kadastrale Kaart"] == ["perceel"]
    assert "verblijfsobject" in told["EP-Online"]


def test_becoming_stale_makes_another_release(stocked: Settings, offline: Callable[..., Snapshots]) -> None:
    """The same files: a release that says that they are old is another one, the next day it is the same again."""
    reference = type("R", (), {"mark": ""})
    marks = [staging.release_mark(stocked, reference, offline(stocked, days)) for days in (0, 1, 60, 61)]  # type: ignore[arg-type]
    assert marks[0] == marks[1] != marks[2] == marks[3]


def test_another_library_makes_another_release(
    stocked: Settings, offline: Callable[..., Snapshots], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What rounds otherwise may publish otherwise: such a night is not taken for an unchanged one."""
    reference, found = type("R", (), {"mark": ""}), offline(stocked)
    before = staging.release_mark(stocked, reference, found)  # type: ignore[arg-type]
    assert staging.release_mark(stocked, reference, found) == before  # type: ignore[arg-type]
    monkeypatch.setattr(program, "versions", lambda: {"shapely": "3.0"})
    assert staging.release_mark(stocked, reference, found) != before  # type: ignore[arg-type]


def test_an_old_delivery_can_stop_the_night(stocked: Settings, offline: Callable[..., Snapshots]) -> None:
    strict = changed(stocked, "bag", when_stale="stop", max_age_days=11)
    with pytest.raises(SourceUnavailable, match=r"08-11-2026, ouder dan 11 dagen.*sources\.bag\.when_stale"):
        offline(strict)
    assert offline(changed(strict, "bag", max_age_days=12)).bag.stale is None


def test_a_clock_that_runs_behind_makes_nothing_stale(stocked: Settings, offline: Callable[..., Snapshots]) -> None:
    assert not [one for one in offline(stocked, days=-400).all() if one.stale]


def test_a_file_that_is_not_there_ends_the_night_before_anyone_is_asked(settings: Settings, tmp_path: Path) -> None:
    given = changed(settings, "bag", path=tmp_path / "weg.zip")
    with pytest.raises(SourceUnavailable, match=r"weg\.zip: bestand bestaat niet"):
        fetching.fetch(given, LogProgress(), Going(now=NOW))


def test_a_file_that_was_given_is_never_stale(
    stocked: Settings, offline: Callable[..., Snapshots], tmp_path: Path
) -> None:
    path = tmp_path / "oud.zip"
    path.write_bytes(b"oud")
    given = changed(stocked, "bag", path=path, max_age_days=0, when_stale="stop")
    assert offline(given, days=900).bag.path == path


def test_labels_without_a_key_go_on_with_what_there_is(
    stocked: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("EP_ONLINE_API_KEY", raising=False)
    visits = fetching._Round(stocked, Shelf(stocked.outputs / "snapshots"), NOW, LogProgress(), object(), None)  # type: ignore[arg-type]
    with caplog.at_level("INFO", logger="twentegeo"):
        total, *_ = visits.labels()
    assert total.path.name == "energy_labels.zip"
    assert "EP_ONLINE_API_KEY" in (total.trouble or "")
    assert "EP_ONLINE_API_KEY" in caplog.text


def test_mutations_come_after_their_total_file(stocked: Settings, offline: Callable[..., Snapshots]) -> None:
    for day in ("2026-10-31", "2026-11-01", "2026-11-19"):
        put(stocked, f"energy_labels/{day}", ep_online.ORIGIN, date.fromisoformat(day))
    found = offline(stocked)
    assert [one.slot for one in found.mutations] == ["energy_labels/2026-11-01", "energy_labels/2026-11-19"]
    assert not offline(changed(stocked, "energy_labels", mutations=False)).mutations


def test_earlier_editions_fill_up_the_newest(
    stocked: Settings, offline: Callable[..., Snapshots], monkeypatch: pytest.MonkeyPatch
) -> None:
    for year in (2025, 2024, 2023, 2021):
        put(stocked, f"neighbourhoods/{year}", cbs.ORIGIN, date(year, 9, 1), str(year))
    columns = {"2026": ["aantal_inwoners"], "2025": [], "2024": ["aandeel_koop"], "2023": ["gasverbruik_m3"]}

    def layers(path: Path) -> dict[str, object]:
        year = path.name[15:19]
        return {"buurt": type("L", (), {"found": dict.fromkeys(columns.get(year, []), "")})}

    monkeypatch.setattr("twentegeo.sources.cbs.online.list_layers", layers)
    found = offline(changed(stocked, "neighbourhoods", years_back=3))
    assert [one.slot for one in found.earlier] == [f"neighbourhoods/{year}" for year in (2025, 2024, 2023)]
    monkeypatch.setattr("twentegeo.sources.cbs.online.INDICATORS", {"aantal_inwoners": (), "aandeel_koop": ()})
    found = offline(changed(stocked, "neighbourhoods", years_back=3))
    assert [one.slot for one in found.earlier] == ["neighbourhoods/2025", "neighbourhoods/2024"]
    found = offline(changed(stocked, "neighbourhoods", years_back=3, year=2025))
    assert found.neighbourhoods.slot == "neighbourhoods/2025"


def test_a_delivery_that_its_reader_refuses_makes_way(stocked: Settings, offline: Callable[..., Snapshots]) -> None:
    put(stocked, "bag", bag.ORIGIN, date(2026, 11, 19), "nieuw")
    newest, store = offline(stocked).bag, Store(stocked.outputs)
    with (
        pytest.raises(SourceChanged, match=r"ander schema\. Deze levering is afgekeurd.*leest bag\.zip van daarvoor"),
        answerable(newest, store),
    ):
        raise SourceChanged("bag.zip: ander schema.")
    assert offline(stocked).bag.release_date == date(2026, 11, 8)
    with pytest.raises(NotInDelivery), answerable(offline(stocked).bag, store):
        raise NotInDelivery("gemeente 9999 zit niet in deze levering.")
    assert offline(stocked).bag.release_date == date(2026, 11, 8)


def test_settings_say_nothing_of_the_network_in_a_release(stocked: Settings) -> None:
    told = json.dumps(manifest.settings_of(changed(stocked, "energy_labels", key="geheim")))
    assert not [word for word in ("pdok.nl", "ep-online.nl", "timeout", "geheim") if word in told]


def test_a_bare_path_is_a_source_too(tmp_path: Path) -> None:
    from twentegeo.settings import Source  # noqa: PLC0415

    sources = Sources(bag=Source(path=tmp_path), energy_labels=LabelSource(path=tmp_path))  # type: ignore[arg-type]
    assert sources.bag == BagSource(path=tmp_path)
