"""Lists of property as people make them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pytest

from twentegeo.errors import SourceChanged, SourceUnavailable
from twentegeo.sources import corporations

if TYPE_CHECKING:
    from pathlib import Path

VBO, PAND = "0153010000000001", "0153100000000001"


def text(folder: Path, content: str | bytes, name: str = "bezit.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def sheet(folder: Path, *rows: tuple[object, ...]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    path = folder / "bezit.xlsx"
    book.save(path)
    return path


def read(*paths: Path) -> corporations.Ownership:
    return corporations.read([corporations.fetch(path) for path in paths])


def refusal(path: Path, kind: type[Exception] = SourceChanged) -> str:
    with pytest.raises(kind) as caught:
        read(path)
    message = str(caught.value)
    assert "\n" not in message
    assert path.name in message
    return message


@pytest.mark.parametrize("header", ["corporatie;vbo_id;peildatum", "Eigenaar;BAG-verblijfsobject-ID;Stand per"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_by_vbo(tmp_path: Path, header: str, mark: str):
    found = read(text(tmp_path, f"{mark}{header}\nWonen Oost;{VBO};2026-01-01\n"))
    row = found.bezit.iloc[0]
    assert row[["bestand", "bezit_rij", "eigenaar", "vbo_id"]].tolist() == ["bezit.csv", 2, "Wonen Oost", VBO]
    assert row["peildatum"] == pd.Timestamp("2026-01-01")


def test_commas_and_quotes(tmp_path: Path):
    found = read(text(tmp_path, f'corporatie,pand_id\n"Wonen, Oost",{PAND}\n'))
    assert found.bezit[["eigenaar", "pand_id"]].to_numpy().tolist() == [["Wonen, Oost", PAND]]


@pytest.mark.parametrize(
    ("number", "letter", "addition", "expected"),
    [
        ("12", "", "", (12, None, None)),
        ("12", "a", "3", (12, "A", "3")),
        ("12a", "", "", (12, "A", None)),
        ("12-3", "", "", (12, None, "3")),
        ("12 hs", "", "", (12, None, "hs")),
        ("12.0", "", "", (12, None, None)),
    ],
)
def test_by_address(tmp_path: Path, number: str, letter: str, addition: str, expected: tuple[object, ...]):
    header = "eigenaar;postcode;huisnummer;huisletter;toevoeging"
    found = read(text(tmp_path, f"{header}\nWonen Oost;7511 aa;{number};{letter};{addition}\n")).bezit.iloc[0]
    assert found["postcode"] == "7511AA"
    values = [None if pd.isna(found[name]) else found[name] for name in ("huisnummer", "huisletter", "toevoeging")]
    assert tuple(values) == expected


@pytest.mark.parametrize("day", ["2026-01-31", "31-01-2026", "31/1/2026", "20260131", "2026-01-31 00:00:00"])
def test_days(tmp_path: Path, day: str):
    found = read(text(tmp_path, f"eigenaar;vbo_id;peildatum\nA;{VBO};{day}\n")).bezit
    assert found["peildatum"].tolist() == [pd.Timestamp("2026-01-31")]


def test_broken_rows_are_set_apart_with_their_line(tmp_path: Path):
    rows = [f"A;{VBO}", "A", f";{VBO}", "A;12", "", f"B;{VBO};te veel", "A;0000000000000000", f"B;{VBO}"]
    found = read(text(tmp_path, "eigenaar;vbo_id\n" + "\n".join(rows) + "\n"))
    assert found.bezit["bezit_rij"].tolist() == [2, 9]
    lost = dict(zip(found.losses["verlies_id"].str.split(":").str[1].astype(int), found.losses["reden"], strict=True))
    assert lost == {
        3: "aantal velden klopt niet",
        4: "eigenaar ontbreekt",
        5: "geen bruikbare sleutel",
        7: "aantal velden klopt niet",
        8: "geen bruikbare sleutel",
    }
    assert found.counts == {"regels": 7, "bezit": 2, "afgezonderd": 5}


def test_workbook(tmp_path: Path):
    found = read(
        sheet(
            tmp_path,
            ("Corporatie", "BAG VBO id", "Huisnummer", "Postcode", "Peildatum"),
            ("A", VBO, 12, "7511AA", dt.datetime(2026, 1, 31)),  # noqa: DTZ001 - Excel knows no zones
            ("A", int(VBO), None, None, None),
            (None, None, None, None, None),
            ("A", 1735010000000001, 3, "7511AB", None),
            ("A", 1735010000000001, None, None, None),
        )
    )
    assert found.bezit["bezit_rij"].tolist() == [2, 3, 5]
    assert found.bezit["vbo_id"].fillna("-").tolist() == [VBO, VBO, "-"]
    assert found.bezit["peildatum"].iloc[0] == pd.Timestamp("2026-01-31")
    # a sixteenth digit that Excel did not keep is no id; the address of row 5 still is one
    assert found.losses["verlies_id"].tolist() == ["bezit.xlsx:6"]


def test_two_files_of_one_name(tmp_path: Path):
    for owner in ("a", "b"):
        (tmp_path / owner).mkdir()
        text(tmp_path / owner, f"eigenaar;vbo_id\n{owner};{VBO}\n")
    found = read(tmp_path / "a" / "bezit.csv", tmp_path / "b" / "bezit.csv")
    assert found.bezit["bestand"].tolist() == ["a/bezit.csv", "b/bezit.csv"]


def test_no_files():
    assert len(read().bezit) == 0


@pytest.mark.parametrize(
    ("header", "said"), [("vbo_id;iets", "eigenaar"), ("eigenaar;iets", "sleutel"), ("eigenaar;huisnummer", "sleutel")]
)
def test_missing_columns(tmp_path: Path, header: str, said: str):
    assert said in refusal(text(tmp_path, f"{header}\nA;1\n"))


def test_windows_1252(tmp_path: Path):
    message = refusal(text(tmp_path, f"eigenaar;vbo_id\nA;{VBO}\nÉén;{VBO}\n".encode("cp1252")))
    assert "regel 3" in message
    assert "UTF-8" in message


def test_utf_16(tmp_path: Path):
    assert "UTF-16" in refusal(text(tmp_path, f"eigenaar;vbo_id\nA;{VBO}\n".encode("utf-16-le")))


def test_nothing_in_it(tmp_path: Path):
    assert "geen regels" in refusal(text(tmp_path, "\n\n"))
    assert "leeg" in refusal(text(tmp_path, ""), SourceUnavailable)
    assert "bestaat niet" in refusal(tmp_path / "weg.csv", SourceUnavailable)


def test_truncated_workbook(tmp_path: Path):
    path = sheet(tmp_path, ("eigenaar", "vbo_id"), ("A", VBO))
    path.write_bytes(path.read_bytes()[:2000])
    refusal(path, SourceUnavailable)


def test_leidschendam_voorburg(shared_data: Path):
    path = shared_data / "leidschendam-voorburg" / "corporaties" / "bezit.csv"
    found = read(path)
    assert found.counts == {"regels": 4530, "bezit": 4530, "afgezonderd": 0}
    assert set(found.bezit["vbo_id"].str[:4]) == {"1916"}
