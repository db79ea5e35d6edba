"""Secrets: from the environment, or from Secret blocks that Prefect keeps."""

from __future__ import annotations

import logging
from typing import Final

from prefect.blocks.system import Secret
from pydantic import SecretStr

from twentegeo.notifier import addresses

NOTIFY: Final = "twentegeo-notify"
"""Block with Apprise addresses, apart by white space."""

EP_ONLINE: Final = "twentegeo-ep-online"
"""Block with the key of EP-Online."""

logger = logging.getLogger("twentegeo")


def where() -> tuple[str, ...]:
    """
    List where messages go.

    Returns
    -------
    addresses
        Those of the environment, and those of the Secret block :data:`NOTIFY` where there is one.
    """
    return tuple(dict.fromkeys((*addresses(), *_kept(NOTIFY).split())))


def ep_online_key() -> SecretStr | None:
    """
    Give the key of EP-Online.

    Returns
    -------
    key
        From the Secret block :data:`EP_ONLINE`; None where there is none, so that the environment is asked.
    """
    key = _kept(EP_ONLINE).strip()
    return SecretStr(key) if key else None


def _kept(block: str) -> str:
    try:
        return str(Secret.load(block, _sync=True).get())  # type: ignore[call-arg, union-attr]
    except ValueError:  # there is no such block
        return ""
    except Exception as error:  # noqa: BLE001 - a server that is away must neither stop a night nor silence a message
        logger.warning("the Secret block %s could not be read: %s", block, type(error).__name__)
        return ""
