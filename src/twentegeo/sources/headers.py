"""Finding columns by name when every edition of a file spells them in its own way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def plain(name: str, prefixes: Sequence[str] = ()) -> str:
    """
    Strip a column name to what editions have in common.

    Parameters
    ----------
    name
        As the file spells it: camelCase, snake_case, quoted or prefixed.
    prefixes
        Plain words that some editions put in front; one of them is taken off.

    Returns
    -------
    plain
        Lower-case letters and digits only.
    """
    bare = re.sub("[^a-z0-9]", "", name.lower())
    for prefix in prefixes:
        if bare.startswith(prefix) and len(bare) > len(prefix):
            return bare[len(prefix) :]
    return bare


def resolve(
    columns: Iterable[str], aliases: Mapping[str, Sequence[str]], prefixes: Sequence[str] = ()
) -> dict[str, str]:
    """
    Find the columns that hold what a reader wants.

    Parameters
    ----------
    columns
        Names as the file spells them.
    aliases
        Plain spellings of each wanted column, the preferred one first.
    prefixes
        See :func:`plain`.

    Returns
    -------
    found
        Name in the file by wanted name; what the file lacks is left out. Of two columns with the same
        plain name the first counts.
    """
    spelled: dict[str, str] = {}
    for column in columns:
        spelled.setdefault(plain(column, prefixes), column)
    found = {}
    for wanted, spellings in aliases.items():
        match = next((spelled[spelling] for spelling in spellings if spelling in spelled), None)
        if match is not None:
            found[wanted] = match
    return found
