"""From rows of voorkomens to the text of a file, object type by object type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from twentegeo.sample import bag_xml
from twentegeo.sample.history import days, history_xml

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt
    import pandas as pd

    Texts = npt.NDArray[np.object_]


def _facts(rows: pd.DataFrame) -> tuple[list[str], ...]:
    dates = days(rows["begin"].to_numpy())
    return rows["status"].to_list(), rows["found"].to_list(), dates.tolist(), rows["document"].to_list()


def _marks(rows: pd.DataFrame, column: str = "id") -> Texts:
    return np.asarray(rows[column].to_numpy(dtype=object) + "_" + rows["number"].astype(str).to_numpy(dtype=object))


def _pand_form(rows: pd.DataFrame) -> list[str]:
    outlines = bag_xml.rings(rows["geometry"].to_numpy(dtype=object), height=True)
    years = [f"{year:04d}" for year in rows["year"].to_list()]
    parts = zip(rows["id"], _marks(rows), outlines, years, *_facts(rows), history_xml(rows), strict=True)
    return list(map(bag_xml.PAND.__mod__, parts))


def _vbo_form(rows: pd.DataFrame) -> list[str]:
    marks = _marks(rows, "vbo_id")
    x, y = rows["x"].to_numpy(), rows["y"].to_numpy()
    geometry = np.array(list(map(bag_xml.POINT.__mod__, zip(marks, x.tolist(), y.tolist(), strict=True))), dtype=object)
    flat = np.flatnonzero(rows["surface"].to_numpy(dtype=bool))
    if len(flat):
        box = shapely.box(x[flat] - 1.5, y[flat] - 1.5, x[flat] + 1.5, y[flat] + 1.5)
        outlines = bag_xml.rings(box, height=True)
        geometry[flat] = list(map(bag_xml.SURFACE.__mod__, zip(marks[flat], outlines, strict=True)))
    purposes = ["".join(map(bag_xml.PURPOSE.__mod__, p.split(";"))) for p in rows["purposes"].to_list()]
    panden = np.array(list(map(bag_xml.PAND_REF.__mod__, rows["pand_id"].to_list())), dtype=object)
    panden = panden + bag_xml.optional(bag_xml.PAND_REF, rows["second_pand_id"].to_numpy(dtype=object))
    also = bag_xml.optional(bag_xml.ALSO, rows["also_num_id"].to_numpy(dtype=object))
    parts = zip(
        rows["num_id"], history_xml(rows), also, rows["vbo_id"], geometry, purposes, rows["area"].to_list(),
        *_facts(rows), panden, strict=True,
    )  # fmt: skip
    return list(map(bag_xml.VBO.__mod__, parts))


def _num_form(rows: pd.DataFrame) -> list[str]:
    def maybe(name: str, column: str) -> Texts:
        return bag_xml.optional(f"<Objecten:{name}>%s</Objecten:{name}>", rows[column].to_numpy(dtype=object))

    override = bag_xml.optional(bag_xml.IN_PLACE, rows["woonplaats"].to_numpy(dtype=object))
    parts = zip(
        rows["num_id"], rows["huisnummer"].to_list(), maybe("huisletter", "huisletter"),
        maybe("huisnummertoevoeging", "toevoeging"), maybe("postcode", "postcode"), rows["target"], *_facts(rows),
        override, history_xml(rows), rows["opr_id"], strict=True,
    )  # fmt: skip
    return list(map(bag_xml.NUM.__mod__, parts))


def _opr_form(rows: pd.DataFrame) -> list[str]:
    parts = zip(rows["opr_id"], rows["naam"], *_facts(rows), rows["woonplaats"], history_xml(rows), strict=True)
    return list(map(bag_xml.OPR.__mod__, parts))


def _place_form(rows: pd.DataFrame) -> list[str]:
    marks = _marks(rows)
    outlines = bag_xml.rings(rows["geometry"].to_numpy(dtype=object), height=False)
    code = np.where(rows["kind"] == "Ligplaats", "LIG_", "STA_").astype(object)
    kind = rows["kind"].to_list()
    status, *facts = _facts(rows)
    parts = zip(
        kind, rows["num_id"], history_xml(rows), kind, rows["id"], status, code + marks, outlines, *facts, kind,
        strict=True,
    )  # fmt: skip
    return list(map(bag_xml.PLACE.__mod__, parts))


def _wpl_form(rows: pd.DataFrame) -> list[str]:
    geometry = [_area_xml(shape, f"WPL_{mark}") for shape, mark in zip(rows["geometry"], _marks(rows), strict=True)]
    parts = zip(rows["id"], rows["naam"], geometry, *_facts(rows), history_xml(rows), strict=True)
    return list(map(bag_xml.WPL.__mod__, parts))


def _area_xml(shape: shapely.Geometry, mark: str) -> str:
    """Write a woonplaats as ``vlak``, or as ``multivlak`` where it lies in pieces."""
    parts = shapely.get_parts(shape)
    crs = 'srsName="urn:ogc:def:crs:EPSG::28992" srsDimension="2"'
    outlines = bag_xml.rings(parts, height=False)
    if len(parts) == 1:
        return f'<Objecten:vlak><gml:Polygon {crs} gml:id="{mark}">{outlines[0]}</gml:Polygon></Objecten:vlak>'
    members = "".join(
        f'<gml:surfaceMember><gml:Polygon {crs} gml:id="{mark}_{i}">{o}</gml:Polygon></gml:surfaceMember>'
        for i, o in enumerate(outlines)
    )
    return (
        f'<Objecten:multivlak><gml:MultiSurface {crs} gml:id="{mark}">{members}</gml:MultiSurface></Objecten:multivlak>'
    )


FORMS: Final[dict[str, Callable[[pd.DataFrame], list[str]]]] = {
    "PND": _pand_form, "VBO": _vbo_form, "NUM": _num_form, "OPR": _opr_form, "LIG": _place_form, "STA": _place_form,
    "WPL": _wpl_form,
}  # fmt: skip
