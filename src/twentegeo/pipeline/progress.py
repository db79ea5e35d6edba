"""How long work tells that it is alive."""

from __future__ import annotations

import logging
from typing import Protocol

logger = logging.getLogger("twentegeo")


class Progress(Protocol):
    """Whoever watches: a terminal, a log, Prefect."""

    def say(self, text: str) -> None:
        """Tell that a piece of work starts or what it gave, one line."""
        ...

    def count(self, text: str, done: int, total: int) -> None:
        """Tell how far a countable piece of work is."""
        ...


class LogProgress:
    """Plain log lines, for logs and schedulers."""

    def say(self, text: str) -> None:
        """Log the line."""
        logger.info(text)

    def count(self, text: str, done: int, total: int) -> None:
        """Log only the end, so that a log stays readable."""
        if done == total:
            logger.info("%s %d/%d", text, done, total)
