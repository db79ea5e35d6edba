"""What every part of one release says about itself: region, date, run, and whether it is made up."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

VOORBEELD: Final = "VOORBEELD: fictieve gegevens"
"""The notice on everything that was made from made-up data."""

_RUN_ID: Final = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Edition:
    """
    One release, as its layers, styles and maps name it.

    Attributes
    ----------
    region
        Name of the region, for titles.
    peildatum
        Date that the data refer to.
    run_id
        ``YYYYMMDDTHHMMSSZ``, UTC; the only moment that ends up in a file, so that equal runs give equal bytes.
    notice
        A warning that titles, descriptions and map corners must carry, or None.
    """

    region: str
    peildatum: dt.date
    run_id: str
    notice: str | None = None

    @property
    def moment(self) -> dt.datetime:
        """
        The moment of the run.

        Raises
        ------
        ValueError
            ``run_id`` is not of the form ``YYYYMMDDTHHMMSSZ``.
        """
        return dt.datetime.strptime(self.run_id, _RUN_ID).replace(tzinfo=dt.UTC)

    @property
    def timestamp(self) -> str:
        """The moment of the run as GeoPackage writes it: ISO 8601, UTC, milliseconds."""
        return self.moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")

    def title(self, subject: str) -> str:
        """
        Name something of this release.

        Parameters
        ----------
        subject
            Dutch name of a layer or map.

        Returns
        -------
        title
            Subject and region, and the notice where there is one.
        """
        return self.marked(f"{subject} {self.region}")

    def marked(self, text: str) -> str:
        """
        Put the notice behind a text.

        Parameters
        ----------
        text
            Any Dutch text.

        Returns
        -------
        text
            The same, with the notice in brackets where there is one.
        """
        return f"{text} ({self.notice})" if self.notice else text
