"""Terms of use: from the words that a source carries to the address that a catalogue wants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Licence:
    """
    Terms under which data may be used.

    Attributes
    ----------
    code
        As sources and settings write it, for example ``CC BY 4.0``.
    title
        Dutch name.
    url
        Where the terms stand, in Dutch.
    """

    code: str
    title: str
    url: str


KNOWN: Final = (
    Licence(
        "CC0 1.0",
        "Geen beperkingen (CC0 1.0, publiek domein)",
        "https://creativecommons.org/publicdomain/zero/1.0/deed.nl",
    ),
    Licence(
        "CC BY 4.0", "Naamsvermelding verplicht (CC BY 4.0)", "https://creativecommons.org/licenses/by/4.0/deed.nl"
    ),
)
"""Licences that Dutch registers use; what is not among them stays words, and no address is made up for it."""


def licence_of(text: str) -> Licence | None:
    """
    Recognise a licence.

    Parameters
    ----------
    text
        Terms as a source carries them, for example ``CC0 1.0 (publiek domein)``.

    Returns
    -------
    licence
        None where the words are not those of a known licence.
    """
    return next((one for one in KNOWN if text.startswith(one.code)), None)
