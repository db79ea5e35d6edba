"""The rules of the region and of the day, on worlds that fit in the head."""

from __future__ import annotations

import zipfile
from datetime import date
from typing import Any

import numpy as np
import pytest
import shapely

from twentegeo.sources import bag
from twentegeo.sources.bag import crew, extract
from twentegeo.tables import bag as contracts
from twentegeo.tables.contract import conform
from twentegeo.tables.stock import KOPPELVERLIES


def short(ids: Any):
    """Sequence numbers of ids."""
    return [int(one[6:]) for one in ids]


def test_a_region_holds_its_own_objects_and_its_sheds(world: Any, read: Any):
    tables = read(world)
    assert short(tables.pand.pand_id) == [1, 2]
    assert short(tables.verblijfsobject.vbo_id) == [1]
    assert tables.pand.gemeente_code.tolist() == ["GM0001", "GM0001"]
    assert tables.reference_date == date(2024, 1, 8)
    assert len(tables.losses) == 0
    address = tables.adres.iloc[0]
    assert (address.straat, address.huisnummer, address.postcode) == ("Kerkstraat", 1, "7511AB")
    assert (address.woonplaats, address.is_hoofdadres) == ("Oosterdorp", True)
    assert tables.counts["PND_standen"] == 4
    assert tables.counts["PND_snel"] + tables.counts["PND_langzaam"] == 4


def test_tables_keep_to_their_contracts(world: Any, read: Any, make: Any):
    world.stands["LIG"] = [make.plaats("Ligplaats", "LIG", 1, 2, make.box(1000, 400_500, dim=2))]
    tables = read(world)
    for name, contract in {
        "pand": contracts.PAND,
        "verblijfsobject": contracts.VERBLIJFSOBJECT,
        "vbo_pand": contracts.VBO_PAND,
        "adres": contracts.ADRES,
        "plaats": contracts.PLAATS,
        "losses": KOPPELVERLIES,
    }.items():
        frame = getattr(tables, name)
        assert frame.equals(conform(contract, frame)), name


def test_two_municipalities_together_are_both(world: Any, read: Any):
    tables = read(world, ("0001", "0002"))
    assert short(tables.pand.pand_id) == [1, 2, 3, 4]
    assert tables.pand.gemeente_code.tolist() == ["GM0001", "GM0001", "GM0002", "GM0002"]


def test_an_id_made_elsewhere_does_not_move_an_object(world: Any, read: Any):
    # every id starts with 0001, also those in municipality 0002
    assert short(read(world, ("0002",)).verblijfsobject.vbo_id) == [3]


def test_the_address_outranks_the_location(world: Any, read: Any, make: Any):
    world.stands["VBO"].append(make.vbo(4, 3, [4], at=(1005, 400_004)))
    tables = read(world)
    assert 4 not in short(tables.verblijfsobject.vbo_id)
    assert tables.losses.verlies_id.tolist() == ["0001010000000004"]
    assert "andere gemeente" in tables.losses.reden.iloc[0]


def test_a_number_that_names_its_own_woonplaats_overrides_the_street(world: Any, read: Any, make: Any):
    world.stands["NUM"][2] = make.nummer(3, 2, 1, town=1)
    tables = read(world)
    assert short(tables.verblijfsobject.vbo_id) == [1, 3]
    assert tables.adres.straat.tolist() == ["Kerkstraat", "Dorpsstraat"]
    assert tables.adres.woonplaats.tolist() == ["Oosterdorp", "Oosterdorp"]


def test_a_pand_follows_its_dwellings_across_the_border(world: Any, read: Any, make: Any):
    world.stands["VBO"][0] = make.vbo(1, 1, [3])
    tables = read(world)
    assert short(tables.pand.pand_id) == [1, 2, 3]
    assert tables.pand.gemeente_code.tolist() == ["GM0001"] * 3


def test_a_pand_with_only_neighbours_is_the_neighbours(world: Any, read: Any, make: Any):
    world.stands["VBO"].append(make.vbo(4, 3, [2], at=(10_005, 400_004)))
    tables = read(world)
    assert short(tables.pand.pand_id) == [1]
    assert tables.losses.verlies_id.tolist() == ["0001100000000002"]


def test_a_dwelling_without_address_is_accounted_for(world: Any, read: Any, make: Any):
    world.stands["VBO"].append(make.vbo(5, 99, [2]))
    tables = read(world)
    assert short(tables.verblijfsobject.vbo_id) == [1]
    assert "nummeraanduiding ontbreekt" in tables.losses.reden.iloc[0]


def test_pairs_count_a_pand_once_and_number_what_is_left(world: Any, read: Any, make: Any):
    world.stands["VBO"][0] = make.vbo(1, 1, [77, 2, 2, 1])
    tables = read(world)
    assert tables.vbo_pand.volgorde.tolist() == [0, 1]
    assert short(tables.vbo_pand.pand_id) == [1, 2] or short(tables.vbo_pand.pand_id) == [2, 1]
    assert tables.losses.verlies_id.tolist() == ["0001100000000077"]


def test_pairs_keep_the_order_of_the_register(world: Any, read: Any, make: Any):
    world.stands["VBO"][0] = make.vbo(1, 1, [2, 1])
    pairs = read(world).vbo_pand.sort_values("volgorde")
    assert short(pairs.pand_id) == [2, 1]


def test_secondary_addresses_stand_beside_the_main_one(world: Any, read: Any, make: Any):
    world.stands["VBO"][0] = make.vbo(1, 1, [1], neven=(2, 98))
    tables = read(world)
    assert tables.adres.is_hoofdadres.tolist() == [True, False]
    assert tables.adres.huisletter.isna().tolist() == [True, False]
    assert tables.losses.zijde.tolist() == ["nevenadres"]


@pytest.mark.parametrize("status", ["Verblijfsobject ingetrokken", "Niet gerealiseerd verblijfsobject"])
def test_what_is_gone_is_left_out_but_counted(world: Any, read: Any, make: Any, status: Any):
    world.stands["VBO"][0] = make.vbo(1, 1, [1], status=status)
    world.stands["PND"][1] = make.pand(2, make.box(1020, 400_000), status="Pand gesloopt")
    tables = read(world)
    assert len(tables.verblijfsobject) == 0
    assert len(tables.adres) == 0
    assert short(tables.pand.pand_id) == [1]
    assert tables.counts[f"VBO_status_{status}"] == 1
    assert tables.counts["PND_weggelaten"] == 1


def test_a_reference_to_a_demolished_pand_is_accounted_for(world: Any, read: Any, make: Any):
    world.stands["PND"][0] = make.pand(1, make.box(1000, 400_000), status="Pand gesloopt")
    tables = read(world)
    assert len(tables.vbo_pand) == 0
    assert "gesloopt" in tables.losses.reden.iloc[0]


def test_planned_objects_stay(world: Any, read: Any, make: Any):
    world.stands["VBO"][0] = make.vbo(1, 1, [1], status="Verblijfsobject gevormd")
    world.stands["PND"][0] = make.pand(1, make.box(1000, 400_000), status="Bouw gestart")
    tables = read(world)
    assert tables.counts["verblijfsobject_gepland"] == 1
    assert tables.counts["pand_gepland"] == 1


@pytest.mark.parametrize(("area", "kept"), [(1, False), (9999, False), (999999, False), (2, True), (9998, True)])
def test_filler_areas_are_emptied_and_flagged(world: Any, read: Any, make: Any, area: Any, kept: Any):
    world.stands["VBO"][0] = make.vbo(1, 1, [1], area=area)
    row = read(world).verblijfsobject.iloc[0]
    assert row.oppervlakte_dummy == (not kept)
    assert (row.oppervlakte_m2 == area) if kept else (row.isna().oppervlakte_m2)


@pytest.mark.parametrize(("year", "kept"), [(1005, False), (9999, False), (212, False), (2041, False), (1350, True)])
def test_filler_years_are_emptied_and_flagged(world: Any, read: Any, make: Any, year: Any, kept: Any):
    world.stands["PND"][0] = make.pand(1, make.box(1000, 400_000), year=year)
    row = read(world).pand.iloc[0]
    assert row.bouwjaar_dummy == (not kept)
    assert (row.bouwjaar == year) if kept else (row.isna().bouwjaar)


def test_uses_are_sorted_and_joined(world: Any, read: Any, make: Any):
    world.stands["VBO"][0] = make.vbo(1, 1, [1], uses=("woonfunctie", "kantoorfunctie"))
    assert read(world).verblijfsobject.gebruiksdoel.tolist() == ["kantoorfunctie,woonfunctie"]


def test_holes_stay_holes_and_heights_go(world: Any, read: Any, make: Any):
    world.stands["PND"][0] = make.pand(
        1, make.box(1000, 400_000), make.box(1002, 400_002, 2, 2), make.box(1006, 400_002, 1, 1)
    )
    shape = read(world).pand.geometry.iloc[0]
    assert shape.area == pytest.approx(80 - 4 - 1)
    assert not shape.has_z


def test_a_dwelling_drawn_as_a_surface_gets_a_point_in_it(world: Any, read: Any, make: Any):
    # a U: its centroid lies outside it
    ring = [0, 0, 0, 9, 0, 0, 9, 9, 0, 8, 9, 0, 8, 1, 0, 1, 1, 0, 1, 9, 0, 0, 9, 0, 0, 0, 0]
    moved = " ".join(f"{number + (1000, 400_000, 0)[at % 3]:.3f}" for at, number in enumerate(ring))
    shape = f"<Objecten:vlak>{make.polygon(moved)}</Objecten:vlak>"
    world.stands["VBO"][0] = make.vbo(1, 1, [1], shape=shape)
    tables = read(world)
    outline = shapely.Polygon([(0, 0), (9, 0), (9, 9), (8, 9), (8, 1), (1, 1), (1, 9), (0, 9)])
    x, y = tables.verblijfsobject.geometry.iloc[0].coords[0]
    assert outline.contains(shapely.Point(x - 1000, y - 400_000))
    assert tables.counts["VBO_langzaam"] == 1


def test_an_invalid_pand_is_repaired_and_counted(world: Any, read: Any, make: Any):
    bow = "1000 400000 0 1010 400010 0 1010 400000 0 1000 400010 0 1000 400000 0"
    world.stands["PND"][0] = make.pand(1, bow)
    tables = read(world)
    assert tables.pand.geometrie_hersteld.tolist() == [True, False]
    assert tables.pand.geometry.is_valid.all()
    assert tables.pand.geometry.iloc[0].area == pytest.approx(50)
    assert tables.counts["geometrie_hersteld"] == 1


def test_a_pand_that_is_only_a_line_is_lost_and_said_so(world: Any, read: Any, make: Any):
    world.stands["PND"][1] = make.pand(2, "1000 400000 0 1010 400010 0 1020 400020 0 1000 400000 0")
    world.stands["VBO"].append(make.vbo(2, 2, [2]))
    tables = read(world)
    assert short(tables.pand.pand_id) == [1]
    assert tables.losses.reden.tolist() == ["heeft geen bruikbare geometrie"] or len(tables.losses) > 0


def test_the_order_of_members_and_workers_changes_nothing(world: Any, read: Any, make: Any):
    one = read(world)
    world.documents["PND"] = [make.member_xml("PND", text) for text in reversed(world.stands["PND"])]
    other = read(world)
    assert one.pand.equals(other.pand)
    assert one.adres.equals(other.adres)


def test_workers_give_what_one_process_gives(world: Any, read: Any, make: Any, monkeypatch: Any):
    monkeypatch.setattr(extract, "SMALL_DELIVERY", 0)
    monkeypatch.setattr(crew, "SMALL_STEP", 0)
    world.documents["PND"] = [make.member_xml("PND", text) for text in world.stands["PND"]]
    one, two = read(world, workers=1), read(world, workers=2)
    assert one.counts == two.counts
    for name in ("pand", "verblijfsobject", "vbo_pand", "adres", "losses"):
        assert getattr(one, name).equals(getattr(two, name)), name


def test_what_was_published_before_is_not_decoded_again(world: Any, make: Any, read: Any):
    before = read(world).panden
    assert read(world, published=before).panden.wkb.equals(before.wkb)
    world.stands["PND"][0] = make.pand(1, make.box(1000, 400_010))
    plain, known = read(world), read(world, published=before)
    assert known.pand.equals(plain.pand)
    assert known.panden.wkb.equals(plain.panden.wkb)
    assert not known.panden.wkb.equals(before.wkb)
    np.testing.assert_array_equal(known.panden.bounds, plain.panden.bounds)


def test_progress_is_told(world: Any, tmp_path: Any):
    told = []
    path = world.write(tmp_path / "extract.zip")
    bag.read(
        bag.fetch(path),
        bag.BagScope(("0001",)),
        bag.Means(tmp_path / "work", tell=lambda *what: told.append(what)),
    )
    assert ("panden", 1, 1) in told
    assert told[-1] == ("tabellen", 1, 1)


def test_others_are_told_when_the_readers_are_gone(world: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(extract, "SMALL_DELIVERY", 0)
    started = []
    monkeypatch.setattr(crew, "_started", lambda start=crew._started: started.append(start()) or started[-1])
    path = world.write(tmp_path / "extract.zip")
    told = []

    def freed(addresses: int) -> None:
        told.append((addresses, [process.poll() is None for process in started]))

    tables = bag.read(bag.fetch(path), bag.BagScope(("0001",)), bag.Means(tmp_path / "work", 2, freed=freed))
    assert told == [(tables.counts["NUM_objecten"], [False, False])]


def test_a_compressed_container_reads_the_same(world: Any, read: Any):
    plain = read(world)
    world.stored = zipfile.ZIP_DEFLATED
    assert read(world).pand.equals(plain.pand)


# -- the day -------------------------------------------------------------------------------------------------


def test_a_change_that_is_still_to_come_is_not_taken(world: Any, read: Any, make: Any):
    ring = make.box(1000, 400_000)
    world.stands["PND"][0] = make.pand(1, ring, year=1970, history=make.voorkomen(eind="2024-02-01")) + make.pand(
        1, ring, year=1999, history=make.voorkomen("2024-02-01", 2)
    )
    assert read(world).pand.bouwjaar.iloc[0] == 1970
    assert read(world, day=date(2024, 2, 1)).pand.bouwjaar.iloc[0] == 1999


def test_an_end_registered_ahead_does_not_lose_the_object(world: Any, read: Any, make: Any):
    ring = make.box(1000, 400_000)
    world.stands["PND"][0] = make.pand(
        1,
        ring,
        year=1970,
        history=make.voorkomen(eind="2024-02-01", eind_registratie="2024-01-05T00:00:00.000"),
    ) + make.pand(
        1,
        ring,
        year=1999,
        history=make.voorkomen("2024-02-01", 2, registratie="2024-01-05T00:00:00.000"),
    )
    tables = read(world)
    assert tables.pand.bouwjaar.iloc[0] == 1970
    assert tables.counts["PND_einde_vooruit"] == 1


def test_a_delivery_that_is_newer_than_it_says_gives_its_last_knowledge(world: Any, read: Any, make: Any):
    late = make.voorkomen("2024-01-20", registratie="2024-01-21T09:00:00.000")
    world.stands["PND"][1] = make.pand(2, make.box(1020, 400_000), history=late)
    tables = read(world)
    assert short(tables.pand.pand_id) == [1, 2]
    assert tables.counts["PND_later_geregistreerd"] == 1
    # but an earlier day is that day
    assert short(read(world, day=date(2023, 12, 1)).pand.pand_id) == [1]


@pytest.mark.parametrize("mark", ["inactief", "inactief_lv"])
def test_what_was_made_inactive_does_not_count(world: Any, read: Any, make: Any, mark: Any):
    history = make.voorkomen(**{mark: "2012-01-01T00:00:00.000"})
    world.stands["PND"][1] = make.pand(2, make.box(1020, 400_000), history=history)
    assert short(read(world).pand.pand_id) == [1]


def test_of_two_that_hold_the_highest_voorkomen_wins_and_is_counted(world: Any, read: Any, make: Any):
    ring = make.box(1020, 400_000)
    world.documents["PND"] = [
        make.member_xml("PND", make.pand(2, ring, year=1980, history=make.voorkomen(number=10))),
        make.member_xml("PND", "".join(world.stands["PND"])),
    ]
    tables = read(world)
    assert tables.pand.bouwjaar.tolist() == [1970, 1980]
    assert tables.counts["PND_dubbel"] == 1
