"""Voorkomens: what the register knew when, with corrections, withdrawals and changes that lie ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import numpy.typing as npt

    from twentegeo.sample.seeds import Lots

    Ints = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]

COUNTS = {
    "PND": (0.645, 0.207, 0.091, 0.044, 0.013),
    "VBO": (0.505, 0.333, 0.132, 0.028, 0.002),
    "NUM": (0.776, 0.185, 0.038, 0.001, 0.0),
    "OPR": (0.94, 0.06, 0.0, 0.0, 0.0),
}
"""Share of objects with one to five voorkomens, as in the real file of Schiermonnikoog."""

MOST = 16
"""More than any object has voorkomens."""

START = np.datetime64("2010-01-04").astype(int)
"""First day on which municipalities filled the national register; older facts were registered then."""


def occurrences(kind: str, lives: pd.DataFrame, reference: int, lots: Lots) -> pd.DataFrame:
    """
    Spread the voorkomens of objects over the years.

    What is said of an object does not depend on the others: what a register holds of it stays when others come or go.

    Parameters
    ----------
    kind
        Object type: PND, VBO, NUM or OPR.
    lives
        (n,) objects: ``ids`` (identification as a number), ``first`` (day since 1970 on which it began), ``least``
        (number of voorkomens, for instance two for a demolished building), ``ahead`` (whether its newest voorkomen
        begins after the reference date).
    reference
        Day of the delivery.
    lots
        Source of chance.

    Returns
    -------
    voorkomens
        One row per voorkomen, objects together: object (row number), number (voorkomenidentificatie), mark (a number of
        its own), back (how many come after it), begin, end (day, -1 for none), registered, closed, withdrawn
        (milliseconds since 1970, -1 for none). ``back`` 0 is the newest; of an object that is ``ahead`` the one before
        it counts.
    """
    ids, first, least, ahead = (lives[name].to_numpy() for name in ("ids", "first", "least", "ahead"))
    n = len(first)
    share = np.array(COUNTS[kind])
    drawn = np.searchsorted(np.cumsum(share / share.sum()), lots.share(ids, 0), side="right")
    count = np.maximum(np.minimum(drawn, len(share) - 1) + 1, least)
    count = np.where(ahead, np.maximum(count, 2), count)
    span = np.maximum(reference - 12 - first, 0)
    count = np.where(span < count * 3, np.maximum(least, 1), count)
    count = np.where(ahead, np.maximum(count, 2), count)
    obj = np.repeat(np.arange(n), count)
    start = np.cumsum(count) - count
    number = np.arange(len(obj)) - start[obj] + 1
    mark = ids[obj] * MOST + number
    back = count[obj] - number
    begin = first[obj] + np.floor(span[obj] * _steps(number, obj, start, lots.share(mark, 1))).astype(np.int64)
    begin = np.maximum(begin, first[obj] + number - 1)
    coming = ahead[obj] & (back == 0)
    begin[coming] = reference + lots.whole(3, 70, mark[coming], 2)
    follows = np.append(obj[1:] == obj[:-1], False)
    end = np.where(follows, np.append(begin[1:], -1), -1)
    day = 86_400_000
    known = np.maximum(begin, START + lots.whole(0, 420, ids, 3)[obj])
    known = np.where(coming, reference - lots.whole(1, 9, mark, 4), known)
    known = np.maximum.accumulate(known + obj * 100_000) - obj * 100_000
    known = np.minimum(known, reference - 1)
    registered = _increasing(known * day + lots.whole(7 * 3_600_000, 18 * 3_600_000, mark, 5), obj, number)
    closed = np.where(follows, np.append(registered[1:], -1), -1)
    # a change that lies ahead ends the present voorkomen on that day, but does not replace what is known of it
    closed[np.append(coming[1:], False)] = -1
    withdrawn = np.where(
        (number == 2) & (back > 0) & ~ahead[obj] & (lots.share(mark, 6) < 0.012), registered + 3_600_000, -1
    )
    end = np.where(withdrawn >= 0, -1, end)
    return pd.DataFrame(
        {
            "object": obj, "number": number, "mark": mark, "back": back, "begin": begin, "end": end,
            "registered": registered, "closed": closed, "withdrawn": withdrawn,
        }
    )  # fmt: skip


def _steps(number: Ints, obj: Ints, start: Ints, drawn: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Spread the voorkomens of each object from 0 up to 1."""
    gaps = 0.05 - np.log1p(-drawn)
    walked = np.zeros(len(gaps))
    # object by object, not in one sum over all of them: that would round by what stands before
    for step in range(2, int(number.max(initial=1)) + 1):
        at = np.flatnonzero(number == step)
        walked[at] = walked[at - 1] + gaps[at - 1]
    return np.asarray(walked / np.add.reduceat(gaps, start)[obj])


def _increasing(times: Ints, obj: Ints, number: Ints) -> Ints:
    """Make registration times grow within each object."""
    base = obj * np.int64(10_000_000_000_000)
    return np.asarray(np.maximum.accumulate(times + base) - base + number)


def days(values: Ints) -> npt.NDArray[np.object_]:
    """
    Days since 1970 as ISO dates.

    Parameters
    ----------
    values
        (n,) days; negative ones from before 1970 are dates as well.

    Returns
    -------
    text
        (n,) ``YYYY-MM-DD``.
    """
    return np.asarray(np.datetime_as_string(values.astype("datetime64[D]")).astype(object))


def moments(values: Ints) -> npt.NDArray[np.object_]:
    """
    Milliseconds since 1970 as timestamps.

    Parameters
    ----------
    values
        (n,) milliseconds.

    Returns
    -------
    text
        (n,) ``YYYY-MM-DDTHH:MM:SS.mmm``.
    """
    return np.asarray(np.datetime_as_string(values.astype("datetime64[ms]")).astype(object))


def history_xml(rows: pd.DataFrame) -> npt.NDArray[np.object_]:
    """
    Write the ``Objecten:voorkomen`` element of each voorkomen, on one line.

    Parameters
    ----------
    rows
        Voorkomens as :func:`occurrences` gives them.

    Returns
    -------
    xml
        (n,) text.
    """
    end = np.full(len(rows), "", dtype=object)
    has_end = rows["end"].to_numpy() >= 0
    end[has_end] = "<Historie:eindGeldigheid>" + days(rows["end"].to_numpy()[has_end]) + "</Historie:eindGeldigheid>"
    closed_at = rows["closed"].to_numpy()
    closed, closed_lv = (np.full(len(rows), "", dtype=object) for _ in range(2))
    has = closed_at >= 0
    closed[has] = "<Historie:eindRegistratie>" + moments(closed_at[has]) + "</Historie:eindRegistratie>"
    closed_lv[has] = (
        "<Historie:tijdstipEindRegistratieLV>"
        + moments(closed_at[has] + 611_000 + closed_at[has] % 977)
        + "</Historie:tijdstipEindRegistratieLV>"
    )
    gone_at = rows["withdrawn"].to_numpy()
    gone, gone_lv = (np.full(len(rows), "", dtype=object) for _ in range(2))
    has = gone_at >= 0
    gone[has] = "<Historie:tijdstipInactief>" + moments(gone_at[has]) + "</Historie:tijdstipInactief>"
    gone_lv[has] = "<Historie:tijdstipInactiefLV>" + moments(gone_at[has] + 420_000) + "</Historie:tijdstipInactiefLV>"
    known = rows["registered"].to_numpy()
    parts = zip(
        rows["number"].to_list(), days(rows["begin"].to_numpy()), end, moments(known), closed, gone,
        moments(known + 611_000 + known % 977), closed_lv, gone_lv, strict=True,
    )  # fmt: skip
    return np.array(list(map(_HISTORY.__mod__, parts)), dtype=object)


_HISTORY = (
    "<Objecten:voorkomen><Historie:Voorkomen><Historie:voorkomenidentificatie>%d</Historie:voorkomenidentificatie>"
    "<Historie:beginGeldigheid>%s</Historie:beginGeldigheid>%s<Historie:tijdstipRegistratie>%s"
    "</Historie:tijdstipRegistratie>%s%s<Historie:BeschikbaarLV><Historie:tijdstipRegistratieLV>%s"
    "</Historie:tijdstipRegistratieLV>%s%s</Historie:BeschikbaarLV></Historie:Voorkomen></Objecten:voorkomen>"
)
