"""What three fictitious corporations hand in: by VBO id, by full address, and a spreadsheet by building."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

import openpyxl

from twentegeo.sample.homes import OWNERS
from twentegeo.sample.zips import deflated, zipped

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    import pandas as pd

    from twentegeo.sample.registers import Registers


def write_property(
    folder: Path, homes: pd.DataFrame, registers: Registers, day: date
) -> tuple[tuple[Path, ...], dict[str, int]]:
    """
    Write the corporations' lists, with a faulty row or two.

    Parameters
    ----------
    folder
        Where to.
    homes, registers
        The homes with their owners, and the BAG for their addresses.
    day
        Reference date of the lists.

    Returns
    -------
    paths
        The three files.
    owned
        Homes per corporation, faulty rows not counted.
    """
    folder.mkdir(parents=True, exist_ok=True)
    owned = {name: int((homes["owner"] == i + 1).sum()) for i, (name, _) in enumerate(OWNERS)}
    first = _by_vbo(folder / "bezit_voorbeeld_oost.csv", homes[homes["owner"] == 1], day)
    second = _by_address(folder / "bezit_fictief_wonen.csv", homes[homes["owner"] == 2], registers, day)
    third = _by_pand(folder / "bezit_voorbeeld_regge.xlsx", homes[homes["owner"] == 3], day)
    return (first, second, third), owned


def _by_vbo(path: Path, mine: pd.DataFrame, day: date) -> Path:
    name = OWNERS[0][0]
    lines = ["corporatie;vbo_id;peildatum"]
    lines += [f"{name};{vbo};{day.isoformat()}" for vbo in mine["vbo_id"].sort_values()]
    # an id that no register knows, one too short, and a row cut off
    lines += [f"{name};0153010099999999;{day.isoformat()}", f"{name};15301;{day.isoformat()}", name]
    path.write_bytes(("\n".join(lines) + "\n").encode())
    return path


def _by_address(path: Path, mine: pd.DataFrame, registers: Registers, day: date) -> Path:
    name = OWNERS[1][0]
    nums = registers.nums
    main = nums[~nums["secondary"] & (nums["vbo"] >= 0)].set_index("vbo").loc[mine.index]
    main = main.sort_values(["postcode", "huisnummer", "huisletter", "toevoeging"])
    spaced = main["postcode"].str.slice(0, 4) + " " + main["postcode"].str.slice(4)
    lines = ["Corporatie;Postcode;Huisnummer;Huisletter;Toevoeging;Peildatum"]
    lines += [
        f"{name};{code};{number};{letter};{extra};{day:%d-%m-%Y}"
        for code, number, letter, extra in zip(
            spaced.where(main["postcode"] != "", ""),
            main["huisnummer"],
            main["huisletter"],
            main["toevoeging"],
            strict=True,
        )
    ]
    lines += [f"{name};7551 XX;twaalf;;;{day:%d-%m-%Y}", f"{name};9999 ZZ;1;;;{day:%d-%m-%Y}"]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode("utf-8-sig"))
    return path


def _by_pand(path: Path, mine: pd.DataFrame, day: date) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101
    sheet.title = "bezit"
    sheet.append(["Corporatie", "VBO-ID", "Pand-ID", "Peildatum"])
    for vbo, pand in sorted(zip(mine["vbo_id"], mine["pand_id"], strict=True)):
        sheet.append([OWNERS[2][0], vbo, pand, day.isoformat()])
    buffer = io.BytesIO()
    book.save(buffer)
    path.write_bytes(_timeless(buffer.getvalue(), day))
    return path


def _timeless(content: bytes, day: date) -> bytes:
    """Take the clock out of a spreadsheet, so that the same rows give the same bytes."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        members = []
        for name in sorted(book.namelist()):
            data = book.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT[0-9:.]+Z", f"{day.isoformat()}T06:00:00Z".encode(), data)
            members.append(deflated(name, data))
    return zipped(members, day)
