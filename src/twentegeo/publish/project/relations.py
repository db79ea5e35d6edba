"""Which rows belong together: from area to building to dwelling to parcel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Relation:
    """
    Rows of one layer that belong to a row of another.

    Attributes
    ----------
    name
        What a form says above the rows.
    parent, parent_column
        The layer that has one row, and its key.
    child, child_column
        The layer that has many, and the column that names the row of the parent.
    """

    name: str
    parent: str
    parent_column: str
    child: str
    child_column: str

    @property
    def key(self) -> str:
        """Identifier in the project."""
        return f"{self.parent}_{self.child}"


RELATIONS: Final = (
    Relation("Panden in dit gebied", "prioriteitsgebied", "gebied_id", "pand", "gebied_id"),
    Relation("Woningen in dit gebied", "prioriteitsgebied", "gebied_id", "verblijfsobject", "gebied_id"),
    Relation("Wijken in deze gemeente", "gemeente", "code", "wijk", "gemeente_code"),
    Relation("Buurten in deze wijk", "wijk", "code", "buurt", "wijk_code"),
    Relation("Panden in deze gemeente", "gemeente", "code", "pand", "gemeente_code"),
    Relation("Woningen in deze buurt", "buurt", "code", "verblijfsobject", "buurt_code"),
    Relation("Woningen in dit pand", "pand", "pand_id", "verblijfsobject", "pand_id"),
    Relation("Woningen op dit perceel", "perceel", "perceel_id", "verblijfsobject", "perceel_id"),
    Relation("Panden op dit perceel", "perceel", "perceel_id", "pand", "perceel_id"),
    Relation("Herkomst van dit gebied", "prioriteitsgebied", "gebied_id", "gebied_herkomst", "gebied_id"),
    Relation("Veranderd aan deze woning", "verblijfsobject", "vbo_id", "wijziging", "vbo_id"),
    Relation("Veranderde woningen in deze buurt", "buurt", "code", "wijziging", "buurt_code"),
    Relation("Verandering van deze buurt", "buurt", "code", "wijziging_gebied", "code"),
    Relation("Woningen in deze hectare", "hectare", "cel_id", "verblijfsobject", "cel_id"),
)
"""A relation of which a layer is not in the release is left out."""
