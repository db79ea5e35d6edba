"""Prognoses of households: a plain list and StatLine's table, and what is set apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pytest

from twentegeo.errors import SourceChanged, SourceUnavailable
from twentegeo.sources import prognosis

if TYPE_CHECKING:
    from pathlib import Path

GEMEENTEN = pd.DataFrame(
    {"gemeente_code": ["GM0153", "GM0164"], "naam": ["Enschede", "Hengelo (O.)"]},
    dtype="str",
)
HEADER = "gemeente_code;variant;jaar;huishoudens"


def text(folder: Path, *lines: str, name: str = "prognose.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def read(path: Path) -> prognosis.Prognosis:
    return prognosis.read(prognosis.fetch(path), GEMEENTEN)


def rows(found: prognosis.Prognosis) -> list[list[object]]:
    return found.prognose.to_numpy().tolist()


def refusal(path: Path, kind: type[Exception] = SourceChanged) -> str:
    with pytest.raises(kind) as caught:
        read(path)
    message = str(caught.value)
    assert "\n" not in message
    assert path.name in message
    return message


def test_a_plain_list(tmp_path: Path):
    found = read(text(tmp_path, HEADER, "GM0153;midden;2025;81500", "0153;Laag;2025;81000", "153;hoog;2025;82.000"))
    assert rows(found) == [
        ["GM0153", "hoog", 2025, 82_000.0],
        ["GM0153", "laag", 2025, 81_000.0],
        ["GM0153", "midden", 2025, 81_500.0],
    ]
    assert len(found.losses) == 0
    assert found.left_out == [
        f"hh_prognose_{variant}: de prognose geeft Hengelo (O.) niet" for variant in ("laag", "midden", "hoog")
    ]


@pytest.mark.parametrize(
    ("column", "written", "meant"),
    [
        ("huishoudens", "71234", 71_234),
        ("huishoudens", "71.234", 71_234),
        ("huishoudens", "71 234", 71_234),
        ("huishoudens", "71234,5", 71_234.5),
        ("huishoudens", "71234.5", 71_234.5),
        ("huishoudens_x1000", "71,2", 71_200),
        ("huishoudens_x1000", "71.234", 71_234),
        ("huishoudens x 1 000", "71.2", 71_200),
    ],
)
def test_numbers_as_people_write_them(tmp_path: Path, column: str, written: str, meant: float):
    found = read(text(tmp_path, f"gemeente;variant;jaar;{column}", f"Enschede;midden;2030;{written}"))
    assert found.prognose["huishoudens"].tolist() == pytest.approx([meant])


def test_a_table_of_statline(tmp_path: Path):
    """Columns and words of 85172NED, with the figures of a made-up town."""
    names = ("Regio-indeling 2021", "Samenstelling van het huishouden", "Prognose(-interval)", "Perioden")
    lines = ['"' + '";"'.join((*names, "Particuliere huishoudens (x 1 000)")) + '"']
    for kind, factor in (("Particulier huishouden", 1.0), ("Eenpersoonshuishouden", 0.4)):
        for place in ("Nederland", "Overijssel (PV)", "Hengelo (O.)", "Enschede (gemeente)"):
            for interval, number in (
                ("Prognose", 31.8),
                ("Ondergrens 67%-prognose-interval", 29.4),
                ("Bovengrens 67%-prognose-interval", 34.3),
                ("Ondergrens 95%-prognose-interval", 27.0),
            ):
                figure = f"{number * factor:.1f}".replace(".", ",")
                lines.append(f'"{place}";"{kind}";"{interval}";"2050";"{figure}"')
    found = read(text(tmp_path, *lines))
    assert rows(found) == [
        [code, variant, 2050, pytest.approx(number)]
        for code in ("GM0153", "GM0164")
        for variant, number in (("hoog", 34_300), ("laag", 29_400), ("midden", 31_800))
    ]
    assert found.left_out == []
    assert (len(found.losses), found.counts["andere gebieden"]) == (0, 8)


def test_a_workbook(tmp_path: Path):
    book = openpyxl.Workbook()
    for row in (("Gemeente", "Scenario", "Jaar", "Aantal huishoudens"), ("enschede", "midden", 2030, 80000)):
        book.active.append(row)
    book.save(tmp_path / "prognose.xlsx")
    assert rows(read(tmp_path / "prognose.xlsx")) == [["GM0153", "midden", 2030, 80_000.0]]


def test_rows_that_cannot_be_used_are_set_apart_with_their_line(tmp_path: Path):
    found = read(
        text(
            tmp_path,
            HEADER,
            "0153;midden;2030;80000",
            "0153;middel;2030;80000",
            "0153;midden;straks;80000",
            "0153;midden;2035;.",
            "0153;midden;2035;-5",
            "0153;midden;2030;81000",
            "0153;midden",
            "0164;laag;2030;40000",
            "0164;hoog;2030;39000",
            "0164;laag;2040;40000",
            "0164;hoog;2040;41000",
            "9999;midden;2030;80000",
        )
    )
    assert rows(found) == [
        ["GM0153", "midden", 2030, 80_000.0],
        ["GM0164", "hoog", 2040, 41_000.0],
        ["GM0164", "laag", 2040, 40_000.0],
    ]
    assert dict(
        zip(found.losses["verlies_id"].str.split(":").str[1].astype(int), found.losses["reden"], strict=True)
    ) == {
        3: "variant is niet laag, midden of hoog",
        4: "jaar ontbreekt of is geen jaar",
        5: "huishoudens ontbreekt of is geen aantal",
        6: "huishoudens ontbreekt of is geen aantal",
        7: "gemeente, variant en jaar staan er al",
        8: "aantal velden klopt niet",
        9: "laag, midden en hoog lopen niet op",
        10: "laag, midden en hoog lopen niet op",
    }
    assert found.counts == {"regels": 12, "prognose": 3, "andere gebieden": 1, "afgezonderd": 8}


def test_one_variant_is_told(tmp_path: Path):
    found = read(text(tmp_path, HEADER, "153;midden;2030;80000", "164;midden;2030;40000"))
    assert found.left_out == [
        "hh_prognose_laag: deze variant staat niet in de prognose",
        "hh_prognose_hoog: deze variant staat niet in de prognose",
    ]


def test_who_made_it_travels_along(tmp_path: Path):
    path = text(tmp_path, HEADER, "153;midden;2030;80000")
    assert prognosis.fetch(path).origin.licence == "niet opgegeven"
    assert prognosis.fetch(path, "Provincie Overijssel", "CC BY 4.0").origin.publisher == "Provincie Overijssel"


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("variant;jaar;huishoudens", "gemeente_code"),
        ("gemeente_code;jaar;huishoudens", "variant"),
        ("gemeente_code;variant;jaar;inwoners", "huishoudens"),
    ],
)
def test_missing_columns(tmp_path: Path, header: str, said: str):
    assert f"kolom voor {said} ontbreekt" in refusal(text(tmp_path, header, "1;2;3"))


def test_another_region(tmp_path: Path):
    message = refusal(text(tmp_path, HEADER, "1916;midden;2030;80000"))
    assert "geen enkele gemeente van de regio (wel: 1916)" in message


def test_nothing_in_it(tmp_path: Path):
    assert "geen regels" in refusal(text(tmp_path, ""))
    assert "bestaat niet" in refusal(tmp_path / "weg.csv", SourceUnavailable)
