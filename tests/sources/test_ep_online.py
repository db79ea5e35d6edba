"""Labels: every edition gives the same rows, every line is accounted for, and what is refused."""

from __future__ import annotations

import csv
import io
import logging
import zipfile
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twentegeo.errors import SourceChanged, SourceUnavailable
from twentegeo.sources import ep_online
from twentegeo.sources.delivery import Delivery
from twentegeo.sources.ep_online import table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from twentegeo.sources.snapshot import Snapshot

V4 = [
    "Registratiedatum",
    "Opnamedatum",
    "GeldigTot",
    "Certificaathouder",
    "SoortOpname",
    "Status",
    "Berekeningstype",
    "OpBasisVanReferentiegebouw",
    "Gebouwklasse",
    "Gebouwtype",
    "Gebouwsubtype",
    "SBICode",
    "Postcode",
    "Huisnummer",
    "Huisletter",
    "Huisnummertoevoeging",
    "Detailaanduiding",
    "BAGVerblijfsobjectID",
    "BAGLigplaatsID",
    "BAGStandplaatsID",
    "BAGPandIDs",
    "Projectnaam",
    "Projectobject",
    "Bouwjaar",
    "GebruiksoppervlakteThermischeZone",
    "Compactheid",
    "Energieklasse",
    "EnergieIndex",
]
PREAMBLE = "PublicatieDatum;01-04-2026\nLaatstVerwerkteMutatievolgnummer;19345219\n"
ROW = {
    "Registratiedatum": "20210601",
    "Opnamedatum": "20210512",
    "GeldigTot": "20310512",
    "Status": "Bestaand",
    "Berekeningstype": "NTA 8800:2024 (basisopname woningbouw)",
    "Gebouwklasse": "W",
    "Gebouwtype": "Rijwoning tussen",
    "Postcode": "7511AA",
    "Huisnummer": "12",
    "Huisletter": "a",
    "Huisnummertoevoeging": "bis",
    "BAGVerblijfsobjectID": "153010000000001",
    "BAGPandIDs": "0153100000000001, 0153100000000002",
    "Bouwjaar": "1965",
    "GebruiksoppervlakteThermischeZone": "98,50",
    "Energieklasse": "C",
    "EnergieIndex": "1,44",
}


def line(**changes: str) -> str:
    row = {**ROW, **changes}
    return ";".join(row.get(name, "") for name in V4)


def v4(*lines: str) -> bytes:
    return ("\ufeff" + PREAMBLE + ";".join(V4) + "\n" + "\n".join(lines) + "\n").encode()


def written(folder: Path, content: bytes, name: str = "v20260401_v4_csv.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def read(path: Path, scope: ep_online.LabelScope | None = None) -> ep_online.Labels:
    return ep_online.read(ep_online.fetch(path), scope)


def refusal(path: Path, kind: type[Exception] = SourceChanged) -> str:
    with pytest.raises(kind) as caught:
        read(path)
    text = str(caught.value)
    assert "\n" not in text
    assert path.name in text
    return text


def test_one_row(tmp_path: Path):
    found = read(written(tmp_path, v4(line())))
    row = found.labels.iloc[0].to_dict()
    assert row["label_rij"] == 1
    assert row["vbo_id"] == "0153010000000001"
    assert row["pand_ids"] == "0153100000000001,0153100000000002"
    assert (row["postcode"], row["huisnummer"], row["huisletter"], row["toevoeging"]) == ("7511AA", 12, "A", "bis")
    assert (row["energielabel"], row["klasse_bekend"]) == ("C", True)
    assert row["opnamedatum"] == pd.Timestamp("2021-05-12")
    assert row["registratiedatum"] == pd.Timestamp("2021-06-01")
    assert row["label_geldig_tot"] == pd.Timestamp("2031-05-12")
    assert row["label_methode"] == "nta8800"
    assert (row["label_bouwjaar"], row["label_oppervlakte_m2"], row["energie_index"]) == (1965, 98.5, 1.44)
    assert pd.isna(row["ligplaats_id"])
    assert found.publication_date == date(2026, 4, 1)


V2_EARLY = (
    "Pand_opnamedatum;Pand_opnametype;Pand_status;Pand_berekeningstype;Pand_energieindex;Pand_energieklasse;"
    "Pand_energielabel_is_prive;Pand_is_op_basis_van_referentie_gebouw;Pand_gebouwklasse;Meting_geldig_tot;"
    "Pand_registratiedatum;Pand_postcode;Pand_huisnummer;Pand_huisnummer_toev;Pand_detailaanduiding;"
    "Pand_bagverblijfsobjectid;Pand_bagligplaatsid;Pand_bagstandplaatsid;Pand_bagpandid;Pand_gebouwtype"
)
V2_LATE = V2_EARLY.replace("Pand_huisnummer_toev", "Pand_huisletter;Pand_huisnummertoevoeging").replace(
    "Pand_energieindex", "Pand_energieprestatieindex"
)
V2_VALUES = {
    "opnamedatum": "'20210512'",
    "status": "Bestaand",
    "berekeningstype": "NTA 8800:2024 (basisopname woningbouw)",
    "energieindex": "1,44",
    "energieprestatieindex": "1,44",
    "energieklasse": "C",
    "gebouwklasse": "W",
    "geldig_tot": "'20310512'",
    "registratiedatum": "'20210601'",
    "postcode": "'7511 aa'",
    "huisnummer": "'12'",
    "huisletter": "a",
    "huisnummertoevoeging": "'bis'",
    "huisnummer_toev": "'abis'",
    "bagverblijfsobjectid": "0153010000000001",
    "bagpandid": "0153100000000001,0153100000000002",
    "gebouwtype": "Rijwoning tussen",
}


def v2(header: str) -> bytes:
    values = [V2_VALUES.get(name.split("_", 1)[1], "") for name in header.split(";")]
    return f"{header}\n{';'.join(values)}\n".encode()


def test_late_v2_equals_v4(tmp_path: Path):
    four = read(written(tmp_path, v4(line(Bouwjaar="", GebruiksoppervlakteThermischeZone="")))).labels
    two = read(written(tmp_path, v2(V2_LATE), "v2.csv")).labels
    pd.testing.assert_frame_equal(two, four)


def test_early_v2_has_letter_and_addition_together(tmp_path: Path):
    row = read(written(tmp_path, v2(V2_EARLY), "v2.csv")).labels.iloc[0]
    assert (row["postcode"], row["huisnummer"], row["toevoeging"]) == ("7511AA", 12, "abis")
    assert pd.isna(row["huisletter"])


XML = """<?xml version="1.0" encoding="UTF-8"?>
<MutationMessage xmlns="http://schemas.ep-online.nl/EpbdExportTypesV4">{}</MutationMessage>"""
MESSAGE = """<Mutatiebericht><Mutatievolgnummer>{number}</Mutatievolgnummer><Stuurcode>{code}</Stuurcode>
<Pandcertificaat><Registratiedatum>2021-06-01</Registratiedatum><Opnamedatum>2021-05-12T00:00:00</Opnamedatum>
<Geldig_tot>2031-05-12</Geldig_tot><Status>Bestaand</Status>
<Berekeningstype>NTA 8800:2024 (basisopname woningbouw)</Berekeningstype><Gebouwklasse>W</Gebouwklasse>
<Gebouwtype>Rijwoning tussen</Gebouwtype><Postcode>7511AA</Postcode><Huisnummer>12</Huisnummer>
<Huisletter>a</Huisletter><Huisnummertoevoeging>bis</Huisnummertoevoeging>
<BAGVerblijfsobjectID>0153010000000001</BAGVerblijfsobjectID>
<BAGPandIDs><BAGPandID>0153100000000001</BAGPandID><BAGPandID>0153100000000002</BAGPandID></BAGPandIDs>
<Bouwjaar>1965</Bouwjaar><Gebruiksoppervlakte_thermische_zone>98.50</Gebruiksoppervlakte_thermische_zone>
<Energieklasse>C</Energieklasse><Energie_Index>1.44</Energie_Index></Pandcertificaat></Mutatiebericht>"""


def test_xml_equals_csv(tmp_path: Path):
    text = XML.format(MESSAGE.format(number=1, code=1))
    found = read(written(tmp_path, text.encode(), "v4.xml")).labels
    pd.testing.assert_frame_equal(found, read(written(tmp_path, v4(line()))).labels)


def test_unknown_code_is_set_apart(tmp_path: Path):
    text = XML.format("".join(MESSAGE.format(number=n, code=code) for n, code in enumerate((1, 3, 1), start=1)))
    found = read(written(tmp_path, text.encode(), "v4.xml"))
    assert found.labels["label_rij"].tolist() == [1, 3]
    assert found.losses["verlies_id"].tolist() == ["2"]


def day(folder: Path, name: str, *messages: tuple[int, int]) -> Snapshot:
    text = XML.format("".join(MESSAGE.format(number=number, code=code) for number, code in messages))
    return ep_online.fetch(written(folder, text.encode(), name))


def test_mutations_come_on_top(tmp_path: Path):
    """What the total file holds already is recognised by number; unknown codes are set apart; rows are numbered on."""
    preamble = "PublicatieDatum;01-04-2026\nLaatstVerwerkteMutatievolgnummer;100\n"
    total = v4(line(), line(), line())
    body = total.decode("utf-8-sig").split("\n", 2)[2]
    path = written(tmp_path, (preamble + body).encode("utf-8-sig"))
    days = [day(tmp_path, "d1.xml", (99, 1), (100, 1), (101, 1), (102, 3)), day(tmp_path, "d2.xml", (103, 1))]
    found = ep_online.read(ep_online.fetch(path), None, days)
    assert found.labels["label_rij"].tolist() == [1, 2, 3, 6, 8]
    assert found.losses["verlies_id"].tolist() == ["7"]
    assert (found.counts["mutatiebestanden"], found.counts["al in totaalbestand"]) == (2, 2)
    assert (found.counts["regels"], found.counts["in gebied"], found.counts["afgezonderd"]) == (6, 5, 1)
    assert found.publication_date == date(2026, 4, 1)


def test_a_day_without_mutations(tmp_path: Path):
    path = written(tmp_path, v4(line()))
    found = ep_online.read(ep_online.fetch(path), None, [day(tmp_path, "d1.xml")])
    pd.testing.assert_frame_equal(found.labels, read(path).labels)


def test_zipped_equals_plain(tmp_path: Path):
    plain = read(written(tmp_path, v4(line())))
    with zipfile.ZipFile(tmp_path / "v.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("v20260401_v4_csv.csv", v4(line()))
    pd.testing.assert_frame_equal(read(tmp_path / "v.zip").labels, plain.labels)


@pytest.mark.parametrize(
    ("said", "method"),
    [
        ("NTA 8800:2025+C1:2026", "nta8800"),
        ("Rekenmethodiek Definitief Energielabel, versie 1.2, 16 september 2014", "vereenvoudigd"),
        ("Nader Voorschrift, versie 1.0, 1 februari 2014", "nader_voorschrift"),
        ("ISSO82.3, versie 3.0, oktober 2011", "nader_voorschrift"),
        ("ISSO 75.3, versie 3.0", "nader_voorschrift"),
        ("EPG", "onbekend"),
        ("", "onbekend"),
    ],
)
def test_method(tmp_path: Path, said: str, method: str):
    assert read(written(tmp_path, v4(line(Berekeningstype=said)))).labels["label_methode"].tolist() == [method]


def test_placeholder_id_is_missing_and_counted(tmp_path: Path):
    found = read(written(tmp_path, v4(line(BAGVerblijfsobjectID="0" * 16), line())))
    assert found.labels["vbo_id"].isna().tolist() == [True, False]
    assert found.counts["opvul-id"] == 1


def test_unknown_class_is_kept_with_one_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    classes = ("A0", " a++ ", "", "A0")
    with caplog.at_level(logging.WARNING):
        found = read(written(tmp_path, v4(*(line(Energieklasse=name) for name in classes))))
    assert found.labels["energielabel"].fillna("-").tolist() == ["A0", "A++", "-", "A0"]
    assert found.labels["klasse_bekend"].tolist() == [False, True, True, False]
    assert found.counts["onbekende klasse A0"] == 2
    assert len(caplog.records) == 1


def test_unusable_values_become_missing(tmp_path: Path):
    odd = line(Postcode="0000XX", Huisnummer="0", Opnamedatum="20211399", GeldigTot="99991231", Bouwjaar="?")
    found = read(written(tmp_path, v4(odd)))
    row = found.labels.iloc[0]
    assert row[["postcode", "huisnummer", "opnamedatum", "label_bouwjaar"]].isna().all()
    assert row["label_geldig_tot"].year > 2200
    assert found.counts["datum onleesbaar"] == 1


# --- scope -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "kept"),
    [
        (ep_online.LabelScope({"0153010000000001"}), [1]),
        (ep_online.LabelScope({"0153020000000009"}), [2]),
        (ep_online.LabelScope({"0153030000000009"}), [3]),
        (ep_online.LabelScope((), {"0153100000000007"}), [4]),
        (ep_online.LabelScope((), (), {"7599ZZ"}), [5]),
        (ep_online.LabelScope({"0153010000000001"}, {"0153100000000007"}, {"7599ZZ"}), [1, 4, 5]),
        (ep_online.LabelScope(()), []),
        (None, [1, 2, 3, 4, 5, 6]),
    ],
)
def test_scope(tmp_path: Path, scope: ep_online.LabelScope | None, kept: list[int]):
    bare = {"BAGVerblijfsobjectID": "", "BAGPandIDs": "", "Postcode": ""}
    lines = [
        line(),
        line(**{**bare, "BAGLigplaatsID": "153020000000009"}),
        line(**{**bare, "BAGStandplaatsID": "0153030000000009"}),
        line(**{**bare, "BAGPandIDs": "0153100000000003,153100000000007"}),
        line(**{**bare, "Postcode": "7599 zz"}),
        line(**bare),
    ]
    found = read(written(tmp_path, v4(*lines)), scope)
    assert found.labels["label_rij"].tolist() == kept
    assert found.counts["in gebied"] + found.counts["buiten gebied"] == 6


# --- every line is accounted for -------------------------------------------------------------------------


def test_broken_rows_are_set_apart_with_their_number(tmp_path: Path):
    found = read(written(tmp_path, v4(line(), "half;een;regel", line(), line() + ";te;veel", line())))
    assert found.labels["label_rij"].tolist() == [1, 3, 5]
    assert found.losses["verlies_id"].tolist() == ["2", "4"]
    assert found.counts["afgezonderd"] == 2


def test_quotation_marks_are_only_heeded_where_they_must(tmp_path: Path):
    loose = line(Projectnaam='De "Hoek', Projectobject='5" buis')
    quoted = line(Projectnaam='"wijk; oost"')
    wrapped = line(Postcode='"7511AA"')
    found = read(written(tmp_path, v4(loose, quoted, wrapped)))
    assert found.labels["label_rij"].tolist() == [1, 2, 3]
    assert found.labels["postcode"].tolist() == ["7511AA"] * 3
    assert found.counts["afgezonderd"] == 0


def test_blank_lines_and_windows_ends(tmp_path: Path):
    content = v4(line(), "", line(), "").replace(b"\n", b"\r\n")
    found = read(written(tmp_path, content))
    assert found.labels["label_rij"].tolist() == [1, 3]
    assert found.counts["regels"] == 2


def test_stray_carriage_return_ends_no_line(tmp_path: Path):
    found = read(written(tmp_path, v4(line(Projectnaam="a\rb"), line())))
    assert found.labels["label_rij"].tolist() == [1, 2]


def test_bad_bytes_in_one_of_many_lines(tmp_path: Path):
    lines = [line()] * 60
    content = v4(*lines[:30], line(Projectnaam="caf?"), *lines[:30]).replace(b"caf?", b"caf\xe9")
    found = read(written(tmp_path, content))
    assert len(found.labels) == 60
    assert found.losses[["verlies_id", "reden"]].to_numpy().tolist() == [["31", table.NOT_UTF8]]


def test_cut_off_in_the_middle_of_a_line(tmp_path: Path):
    whole = v4(line(), line())
    found = read(written(tmp_path, whole[:-40]))
    assert (len(found.labels), found.counts["afgezonderd"]) == (1, 1)


kinds = st.sampled_from(["goed", "kort", "lang", "leeg", "quote", "stuk"])


@settings(max_examples=30, deadline=None)
@given(st.lists(kinds, min_size=1, max_size=40))
def test_no_line_vanishes(tmp_path_factory: pytest.TempPathFactory, choice: list[str]):
    lines = {
        "goed": line(),
        "kort": "a;b",
        "lang": line() + ";x",
        "leeg": "",
        "quote": line(Projectnaam='"a;b"'),
        "stuk": 'a;"b',
    }
    good = line()
    # two sound rows first and last: a file without any is refused, which is another test
    path = written(tmp_path_factory.mktemp("ep"), v4(good, *(lines[kind] for kind in choice), good))
    found = read(path)
    expected = [1] + [n for n, kind in enumerate(choice, start=2) if kind in ("goed", "quote")] + [len(choice) + 2]
    assert found.labels["label_rij"].tolist() == expected
    refused = [n for n, kind in enumerate(choice, start=2) if kind in ("kort", "lang", "stuk")]
    assert sorted(found.losses["verlies_id"].astype(int)) == refused
    assert found.counts["regels"] == len(expected) + len(refused)


def test_numbers_run_on_over_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(table, "_BLOCK", 1000)
    lines = [line(Bouwjaar=str(1900 + n % 100)) for n in range(200)]
    lines[123] = "stuk"
    content = v4(*lines)
    monkeypatch.setattr(Delivery, "pieces", _in_crumbs)
    found = read(written(tmp_path, content))
    assert found.labels["label_rij"].tolist() == [n for n in range(1, 201) if n != 124]
    assert (found.labels["label_bouwjaar"] == 1900 + (found.labels["label_rij"] - 1) % 100).all()
    assert found.losses["verlies_id"].tolist() == ["124"]


def _in_crumbs(self: Delivery, _size: int = 0) -> Iterator[bytes]:
    whole = self.path.read_bytes()
    yield whole[:2000]
    for start in range(2000, len(whole), 777):
        yield whole[start : start + 777]


# --- what is refused -------------------------------------------------------------------------------------


def test_missing_columns_are_named(tmp_path: Path):
    content = v4(line()).replace(b"Energieklasse", b"Klasse").replace(b"GeldigTot", b"Tot")
    text = refusal(written(tmp_path, content))
    assert "Energieklasse" in text
    assert "GeldigTot" in text
    assert "Postcode" not in text


def test_another_csv(tmp_path: Path):
    assert "Postcode" in refusal(written(tmp_path, b"a,b\n1,2\n"))


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_wrong_encoding(tmp_path: Path, encoding: str):
    text = v4(line(Gebouwtype="Twee-onder-één-kap")).decode().removeprefix("\ufeff")
    assert "UTF-8" in refusal(written(tmp_path, text.encode(encoding)))


def test_wrong_encoding_behind_a_byte_order_mark(tmp_path: Path):
    text = v4(*[line(Gebouwtype="Twee-onder-één-kap")] * 50).decode().removeprefix("\ufeff")
    assert "UTF-8" in refusal(written(tmp_path, b"\xef\xbb\xbf" + text.encode("cp1252")))


def test_header_only(tmp_path: Path):
    assert "geen gegevensregels" in refusal(written(tmp_path, v4()))


def test_every_row_broken(tmp_path: Path):
    assert "2 keer" in refusal(written(tmp_path, v4("a;b", "c;d")))


def test_xml_cut_off(tmp_path: Path):
    text = XML.format(MESSAGE.format(number=1, code=1) * 3)
    assert "afgekapt" in refusal(written(tmp_path, text[: len(text) // 2].encode(), "v4.xml"), SourceUnavailable)


def test_xml_entity_bomb(tmp_path: Path):
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><MutationMessage'
    text = XML.format(MESSAGE.format(number=1, code=1)).replace("<MutationMessage", bomb)
    assert "entiteiten" in refusal(written(tmp_path, text.encode(), "v4.xml"))


def test_other_xml(tmp_path: Path):
    assert "geen Mutatiebericht" in refusal(written(tmp_path, b"<?xml version='1.0'?><a><b/></a>", "v4.xml"))


# --- the real form ---------------------------------------------------------------------------------------


def test_leidschendam_voorburg_against_csv_reader(shared_data: Path):
    path = shared_data / "leidschendam-voorburg" / "ep-online" / "v20221108_v4_csv.zip"
    with zipfile.ZipFile(path) as archive:
        text = archive.read(archive.namelist()[0]).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text.split("\n", 2)[2]), delimiter=";"))
    found = read(path)
    assert found.publication_date == date(2022, 11, 8)
    assert found.counts["regels"] == len(rows) == 8843
    assert found.labels["energielabel"].fillna("").tolist() == [row["Energieklasse"] for row in rows]
    assert found.labels["huisnummer"].tolist() == [int(row["Huisnummer"]) for row in rows]
    ids = [row["BAGVerblijfsobjectID"] for row in rows]
    placeholders = ids.count("0" * 16)
    assert found.counts["opvul-id"] == placeholders > 0
    assert found.labels["vbo_id"].fillna("").tolist() == [i if int(i or 0) else "" for i in ids]
    dates = pd.to_datetime(pd.Series([row["GeldigTot"] for row in rows]), format="%Y%m%d")
    assert (found.labels["label_geldig_tot"] == dates).all()
