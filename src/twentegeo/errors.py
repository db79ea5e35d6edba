"""
Errors that a user can act on.

Every message is one line of Dutch that names the file, the place in it and the remedy, because the people who
read it (the operator in the morning, the specialist who handed in a file) are Dutch. The command line and the
flow print it as it stands, without a traceback.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class TwenteGeoError(Exception):
    """Anything that twentegeo refuses knowingly; its text is meant for the user."""


class SettingsError(TwenteGeoError, ValueError):
    """A settings file holds something unknown or impossible."""


class SourceUnavailable(TwenteGeoError, OSError):  # noqa: N818 - the name says what happened
    """A source is not there, or what arrived is not whole."""


class SourceChanged(TwenteGeoError, ValueError):  # noqa: N818
    """A source is there, but not in a form that its reader knows."""


class NotInDelivery(SourceChanged):
    """A sound delivery does not hold what the settings ask for; the settings are at fault, not the delivery."""


class ContractError(TwenteGeoError, ValueError):
    """A table breaks its contract; the message names table, column and an example."""


class ReleaseError(TwenteGeoError, RuntimeError):
    """A release could not be made or did not pass its checks; the previous one stands."""


def problem(path: Path | str, place: str, remedy: str) -> str:
    """
    Word a complaint in the one form that all rooms use.

    Parameters
    ----------
    path
        The file that is at fault.
    place
        What is wrong and where: member, line, column, object; one line of Dutch.
    remedy
        What the reader can do about it; one line of Dutch.

    Returns
    -------
    text
        ``<file>: <place>. <remedy>.`` on a single line.
    """
    text = f"{path}: {place.rstrip('.')}. {remedy.rstrip('.')}."
    return " ".join(text.split())
