"""
Telling the operator something: by e-mail, webhook, or any other way that Apprise knows.

Where to is a secret (addresses of mail servers and webhooks carry passwords), so it comes from the environment or from
whoever calls, never from the settings file, and is never logged. A message that cannot be delivered does not turn a
good night red.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from pydantic import Field

from twentegeo.tables.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

logger = logging.getLogger("twentegeo")

VARIABLE: Final = "TWENTEGEO_NOTIFY"
"""Environment variable with Apprise addresses, apart by white space: ``mailtos://...``, ``jsons://...``."""

Kind = Literal["failure", "warning", "success"]


class NotifyParams(Parameters):
    """When the operator hears something."""

    bij: Literal["rood", "waarschuwing", "altijd"] = Field(
        default="waarschuwing",
        description=(
            "Wanneer er een bericht uitgaat: 'rood' alleen na een mislukte nacht, 'waarschuwing' ook bij nieuwe"
            " waarschuwingen, 'altijd' na elke nacht. Een nacht die weer goed gaat na een rode wordt altijd gemeld."
        ),
    )


@dataclass(frozen=True, slots=True)
class Message:
    """What the operator gets: a title, a few lines, and how bad it is."""

    title: str
    text: str
    kind: Kind


def addresses(environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """
    Read where messages go from the environment.

    Parameters
    ----------
    environment
        Environment variables.

    Returns
    -------
    addresses
        Apprise addresses; none where nobody is to be told.
    """
    return tuple(environment.get(VARIABLE, "").split())


def tell(message: Message | None, where: Sequence[str]) -> bool:
    """
    Send a message.

    Parameters
    ----------
    message
        What to tell; None sends nothing.
    where
        Apprise addresses.

    Returns
    -------
    told
        Whether every address took it; False also where there was nothing or nobody to tell.
    """
    if message is None or not where:
        return False
    import apprise  # noqa: PLC0415 - half a second that a quiet night need not spend

    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it logs addresses
    post = apprise.Apprise()
    known = [post.add(address) for address in where]
    told = bool(post.notify(title=message.title, body=message.text, notify_type=message.kind))
    if not (told and all(known)):
        logger.error("the operator could not be told at every address (%d of them)", len(where))
        return False
    return True
