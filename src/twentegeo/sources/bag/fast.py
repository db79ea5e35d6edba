"""
The fast way through a member: cut it in stands, drop what ended, match what is new with one anchored pattern.

Kadaster writes one voorkomen per ``sl:stand`` in a fixed order. Two patterns know that order for each type:
a tight one for what nearly every current stand looks like (no white space, an open voorkomen), and a loose one
that allows white space, ends of registration and the rarer elements. A stand that neither matches from its
first to its last byte goes to :mod:`twentegeo.sources.bag.slow`, which does not care about order. The caller
counts; a property test holds the two ways to the same rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from twentegeo.sources.bag.layout import names, pattern
from twentegeo.sources.bag.passages import ENDED as HAD_ENDED
from twentegeo.sources.bag.passages import NOT_KNOWN, STAND_END, Walk
from twentegeo.sources.bag.recall import PRINTED, Recall, prints

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    Ints = npt.NDArray[np.int64]

STAND_START: Final = b"<sl:stand>"
ENDED: Final = b"<Historie:eindGeldigheid>"
DAY_LENGTH: Final = 10

FIRST_LOOK: Final = {
    # where eindGeldigheid stands in a compact stand that has one: (start, stop) of a quick look, from the end when
    # negative. One that stands elsewhere is not missed: its stand goes to the patterns and is judged with the rest
    "PND": (-600, -300),
    "OPR": (-800, -300),
    "NUM": (650, 900),
    "VBO": (380, 640),
    "LIG": (380, 640),
    "STA": (380, 640),
}


def _nothing() -> Ints:
    return np.zeros(0, dtype=np.int64)


@dataclass
class Cut:
    """
    A member cut in stands, n of them.

    Attributes
    ----------
    tight, loose
        Per pattern, one tuple of bytes (or None) per stand, in the order of
        :func:`twentegeo.sources.bag.layout.names`.
    odd
        Stands that no pattern knows, whole.
    tight_at, loose_at, odd_at
        The place of each in the member.
    ended
        How many stands were dropped because their voorkomen had ended by the day.
    prints
        (n,) of the stands; of no meaning where the type has none.
    known
        (n,) their rows among what is recalled; negative where there is none.
    order
        What the next delivery can know the member by, see :meth:`twentegeo.sources.bag.passages.Walk.told`; None where
        nobody asked.
    frame
        What stands before the first stand, and after the last.
    """

    tight: list[tuple[bytes | None, ...]] = field(default_factory=list)
    loose: list[tuple[bytes | None, ...]] = field(default_factory=list)
    odd: list[bytes] = field(default_factory=list)
    tight_at: list[int] = field(default_factory=list)
    loose_at: list[int] = field(default_factory=list)
    odd_at: list[int] = field(default_factory=list)
    ended: int = 0
    prints: Ints = field(default_factory=_nothing)
    known: Ints = field(default_factory=_nothing)
    order: pa.Table | None = None
    frame: tuple[bytes, bytes] = (b"", b"")

    @property
    def matched(self) -> int:
        """How many stands the patterns dealt with."""
        return len(self.tight) + len(self.loose) + self.ended

    @property
    def recalled(self) -> Ints:
        """Places of the stands that are known."""
        return np.flatnonzero(self.known >= 0)

    def leftover(self) -> bytes:
        """
        Give the document that is left when the matched stands are taken out.

        Returns
        -------
        xml
            Well-formed exactly when the member is: the slow way reads it, and with it checks root and end.
        """
        head, tail = self.frame
        return head + b"".join(stand + STAND_END for stand in self.odd) + tail


def cut(xml: bytes, kind: str, day: bytes, recall: Recall, *, remember: bool = False) -> Cut:
    """
    Cut a member in stands and read those that are not known and that a pattern fits.

    Parameters
    ----------
    xml
        The whole member.
    kind
        Its object type; ``WPL`` has no pattern.
    day
        The reference date as ``YYYY-MM-DD``; a voorkomen that ended on or before it is dropped.
    recall
        What an earlier delivery held of the type.
    remember
        Whether to say what the next can know the member by.

    Returns
    -------
    cut
        Rows, leftovers and counts.
    """
    first = xml.find(STAND_START)
    # a comment, CDATA or DOCTYPE can hold anything, also the marks that we cut at
    if kind not in FIRST_LOOK or first < 0 or (b"!" in xml and b"<!" in xml):
        return Cut(frame=(b"", xml))
    walk = Walk.through(xml, first, recall.passages)
    if not walk.n:
        return Cut(frame=(b"", xml))
    result = Cut(frame=(xml[:first], xml[walk.tail :]))
    known = np.full(len(walk.stands), NOT_KNOWN, dtype=np.int64)
    own = prints(walk.stands) if kind in PRINTED else known
    if kind in PRINTED:
        known = recall.find(own)
    ended = _match(walk, known, kind, day, result)
    result.prints, result.known = walk.spread(own, np.where(ended, HAD_ENDED, known))
    result.ended = int((result.known == HAD_ENDED).sum())
    if remember and kind in PRINTED:
        result.order = walk.told(xml, result.prints, result.known == HAD_ENDED)
    return result


def ended_by(day: bytes, end: bytes | None) -> bool:
    """Tell whether a voorkomen had ended by a day; see :func:`twentegeo.sources.bag.current.standing`."""
    return end is not None and end[:DAY_LENGTH] <= day


def _match(walk: Walk, known: Ints, kind: str, day: bytes, result: Cut) -> npt.NDArray[np.bool_]:
    """Read stands that are not known; tell which had ended."""
    ended = np.zeros(len(known), dtype=bool)
    start, stop = FIRST_LOOK[kind]
    tight, loose = pattern(kind, loose=False).fullmatch, pattern(kind, loose=True).fullmatch
    skip, last = len(ENDED), names(kind, loose=True).index("eind")
    for number in np.flatnonzero(known < 0).tolist():
        stand, at = walk.stands[number], walk.at[number]
        end = stand.find(ENDED, start, stop)
        if end >= 0 and ended_by(day, stand[end + skip : end + skip + DAY_LENGTH]):
            ended[number] = True
        elif found := tight(stand):
            result.tight.append(found.groups())
            result.tight_at.append(at)
        elif found := loose(stand):
            groups = found.groups()
            if ended_by(day, groups[last]):
                ended[number] = True
            else:
                result.loose.append(groups)
                result.loose_at.append(at)
        else:
            result.odd.append(stand)
            result.odd_at.append(at)
    return ended
