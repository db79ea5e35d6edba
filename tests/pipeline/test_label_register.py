"""The national file of labels is read once a month, whatever is built or registered meanwhile."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from twentegeo.pipeline.outcome import Outcome
from twentegeo.pipeline.progress import LogProgress
from twentegeo.pipeline.registers import read_labels
from twentegeo.pipeline.stages import Stages
from twentegeo.pipeline.stored_tables import StoredTables
from twentegeo.sources import ep_online
from twentegeo.sources.snapshot import Snapshot
from twentegeo.store import Store
from twentegeo.tables.contract import empty
from twentegeo.tables.stock import KOPPELING, KOPPELVERLIES

HOMES = tuple(f"0153010000{number:06d}" for number in range(1, 6))
ELSEWHERE = "0363010000000001"

MESSAGE = """<Mutatiebericht><Mutatievolgnummer>{number}</Mutatievolgnummer><Stuurcode>1</Stuurcode><Pandcertificaat>
<Geldig_tot>2036-11-01</Geldig_tot><Huisnummer>9</Huisnummer><BAGVerblijfsobjectID>{home}</BAGVerblijfsobjectID>
<Energieklasse>A</Energieklasse></Pandcertificaat></Mutatiebericht>"""


@pytest.fixture
def total(tmp_path: Path) -> Snapshot:
    lines = [f"20310101;7511AA;1;{home};G" for home in (*HOMES[:3], ELSEWHERE)]
    path = tmp_path / "v20261101_v4_csv.csv"
    header = "GeldigTot;Postcode;Huisnummer;BAGVerblijfsobjectID;Energieklasse"
    path.write_text("\n".join(["LaatstVerwerkteMutatievolgnummer;100", header, *lines, ""]), encoding="utf-8")
    return ep_online.fetch(path)


def mutations(folder: Path, *homes: str) -> Snapshot:
    path = folder / "d20261102.xml"
    said = "".join(MESSAGE.format(number=101 + number, home=home) for number, home in enumerate(homes))
    space = "http://schemas.ep-online.nl/EpbdExportTypesV4"
    path.write_text(f'<MutationMessage xmlns="{space}">{said}</MutationMessage>', encoding="utf-8")
    return ep_online.fetch(path)


def bag_with(*homes: str, postcode: str = "7511AA") -> Outcome:
    adres = pd.DataFrame({"object_id": pd.Series(homes, dtype="str"), "postcode": postcode}).astype("str")
    pand = pd.DataFrame({"pand_id": pd.Series(["0153100000000001"], dtype="str")})
    tables = StoredTables({"adres": adres, "pand": pand}, Path())
    nothing = (empty(KOPPELVERLIES), empty(KOPPELING), {})
    return Outcome("bag", " ".join((postcode, *homes)), tables, *nothing, reused=False, seconds=0.0)


def night(store: Store, total: Snapshot, bag: Outcome, *days: Snapshot) -> tuple[dict[str, bool], list[str]]:
    with Stages(store, LogProgress()) as stages:
        read = read_labels(total, bag, stages, days)
        stages.settle()
        found = read.tables["energielabel"]
        return {one.name: one.reused for one in read.ran}, (found["vbo_id"] + found["energielabel"]).tolist()


def test_the_total_file_is_read_once(tmp_path: Path, total: Snapshot) -> None:
    store = Store(tmp_path / "outputs")
    reused, found = night(store, total, bag_with(HOMES[0]))
    assert reused == {"labels_totaal": False, "labels": False}
    # a label on a postcode of the region is kept for the join to judge, whatever its id is
    assert found == [f"{home}G" for home in (*HOMES[:3], ELSEWHERE)]
    # the night after: a dwelling was built, and a label registered
    later = mutations(tmp_path, HOMES[4], ELSEWHERE)
    reused, again = night(store, total, bag_with(*HOMES), later)
    assert reused == {"labels_totaal": True, "labels": False}
    assert again == [*found, f"{HOMES[4]}A"]
    assert night(Store(tmp_path / "fresh"), total, bag_with(*HOMES), later)[1] == again
    assert night(store, total, bag_with(*HOMES), later)[0] == {"labels_totaal": True, "labels": True}


def test_it_is_read_again_where_the_region_has_numbers_of_another_kind(tmp_path: Path, total: Snapshot) -> None:
    store = Store(tmp_path / "outputs")
    assert night(store, total, bag_with(HOMES[0], postcode="7512AA"))[1] == [f"{HOMES[0]}G"]
    reused, found = night(store, total, bag_with(HOMES[0], ELSEWHERE, postcode="7512AA"))
    assert reused == {"labels_totaal": False, "labels": False}
    assert found == [f"{HOMES[0]}G", f"{ELSEWHERE}G"]
    assert night(store, total, bag_with(HOMES[0], postcode="7511AA"))[0]["labels_totaal"] is False
