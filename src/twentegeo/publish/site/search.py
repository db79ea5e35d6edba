"""
The search index: static files, so that any web server will do.

Streets stand in one list, loaded when the search box is first used. Addresses lie in shards by the four digits of the
postcode, of which a search loads one or a few.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from twentegeo.publish.site.contents import on_the_web

if TYPE_CHECKING:
    from collections.abc import Iterator

    from twentegeo.publish.site.contents import Layers

STREETS: Final = "straten"
WITHOUT: Final = "geen"
"""Shard of addresses without a postcode."""

_SCALE: Final = 100_000
"""Coordinates are whole hundred-thousandths of a degree, about a metre."""

_NUMBER: Final = r"^(?P<straat>.*\S)\s+(?P<nummer>\d\S*)$"
"""Street, then the house number with letter and addition, which are written without a space."""


def search_files(layers: Layers) -> Iterator[tuple[str, dict[str, Any]]]:
    """
    Make the search index.

    Parameters
    ----------
    layers
        What the release holds; without dwellings there is nothing to search.

    Yields
    ------
    name, content
        First :data:`STREETS` (``straten``: street, place, and the shards it is in), then each shard: ``straten``
        (street and place), ``postcodes``, and per address in ``adressen`` the places in those two lists, the house
        number, and longitude and latitude in hundred-thousandths of a degree.
    """
    if not layers.counts.get("verblijfsobject"):
        return
    rows = on_the_web(layers.read("verblijfsobject", ("adres", "postcode", "woonplaats")))
    parts = rows["adres"].str.extract(_NUMBER)
    points = np.rint(shapely.get_coordinates(rows.geometry.to_numpy()) * _SCALE).astype("int64")
    table = pd.DataFrame(
        {
            # an address that does not read as street and number is found by its whole text
            "straat": parts["straat"].fillna(rows["adres"]),
            "nummer": parts["nummer"].fillna(""),
            "plaats": rows["woonplaats"],
            "postcode": rows["postcode"].fillna(""),
            "lengte": points[:, 0],
            "breedte": points[:, 1],
        }
    )
    table["scherf"] = table["postcode"].str[:4].where(table["postcode"].str.fullmatch(r"\d{4}[A-Z]{2}"), WITHOUT)
    table = table.sort_values(["scherf", "straat", "plaats", "postcode", "nummer", "lengte", "breedte"])
    where = table[["straat", "plaats", "scherf"]].drop_duplicates().groupby(["straat", "plaats"])["scherf"].agg(list)
    listed = zip(where.index.tolist(), where.tolist(), strict=True)
    yield STREETS, {"straten": [[*street, *shards] for street, shards in listed]}
    for shard, addresses in table.groupby("scherf"):
        yield str(shard), _shard(addresses)


def _shard(addresses: pd.DataFrame) -> dict[str, Any]:
    keys = addresses["straat"] + "\0" + addresses["plaats"]
    street, streets = pd.factorize(keys)
    code, codes = pd.factorize(addresses["postcode"])
    listed = (street, code, addresses["nummer"], addresses["lengte"], addresses["breedte"])
    return {
        "straten": [text.split("\0") for text in streets],
        "postcodes": list(codes),
        "adressen": [list(row) for row in zip(*(column.tolist() for column in listed), strict=True)],
    }
