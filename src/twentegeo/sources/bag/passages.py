"""
Passages: stands that follow each other as they did in an earlier delivery, known again together by a checksum.

Cutting a member in stands and taking a print of each takes far longer than one checksum over all of it. An extract has
its objects in order, and in a month few of them change: where one passage of some stands ends, the one that followed it
is nearly always there again, only at another place in another member. So a member is gone through passage by passage;
where one is not what it was, stand by stand, up to the last stand of one that is known.

A passage is known by its length and its CRC-32, the checksum by which the zip itself knows a member. It is taken for
known only when all that came of its stands is: each is among the rows that are kept, or had ended by the day.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from twentegeo.sources.deflate import crc32

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]

STAND_END: Final = b"</sl:stand>"

STANDS: Final = 16
"""Stands that a passage has when it is first made; with more, one that changed takes more others along."""

NOT_KNOWN: Final = -1
ENDED: Final = -2
"""Instead of a row among what is kept: of this stand there is none, since it had ended."""

WORTH: Final = 0.5
"""Share of the stands that has to lie in passages that are known for going through them to be quicker than cutting."""

PATIENCE: Final = 40 * STANDS
"""Stands of a member without a passage among them after which the rest is cut at once."""

_NEAR: Final = 16_384
"""Bytes within which a stand nearly always ends; a longer search is prepared in another way, which takes longer."""


@dataclass(frozen=True)
class Passages:
    """
    The stands of an earlier delivery in its order: n stands in m passages.

    Attributes
    ----------
    prints
        (n,) of the stands.
    rows
        (n,) the row of each among what is kept, or :data:`NOT_KNOWN` or :data:`ENDED`.
    start
        (m + 1,) where each passage begins among the stands.
    sizes, marks
        (m,) its length in bytes and its CRC-32; 0 where it is not to be used.
    """

    prints: Ints
    rows: Ints
    start: Ints
    sizes: Ints
    marks: Ints

    @classmethod
    def of(cls, order: pa.Table, rows: Ints) -> Passages | None:
        """
        Take up what was left of an earlier delivery.

        Parameters
        ----------
        order
            What :meth:`Walk.told` gave of its members, one after another.
        rows
            (n,) where the stands are among what is kept; :data:`NOT_KNOWN` where they are not.

        Returns
        -------
        passages
            None where too few of them are of use.
        """
        sizes, marks = order["size"].to_numpy(), order["mark"].to_numpy()
        last = np.flatnonzero(sizes)
        start = np.concatenate([[0], last + 1])
        rows = np.where(order["ended"].to_numpy(), ENDED, rows)[: start[-1]]
        unknown = np.concatenate([[0], np.cumsum(rows == NOT_KNOWN)])
        whole = unknown[start[1:]] == unknown[start[:-1]]
        known = int((np.diff(start) * whole).sum())
        if known < WORTH * len(order) or len(last) * STANDS > 2 * len(order):
            return None
        prints = order["print"].to_numpy()[: start[-1]]
        return cls(prints, rows, start, np.where(whole, sizes[last], 0), marks[last].astype(np.int64))

    def leave(self, path: Path) -> None:
        """Leave them for those who read members."""
        np.savez(path, prints=self.prints, rows=self.rows, start=self.start, sizes=self.sizes, marks=self.marks)

    @classmethod
    def left(cls, path: Path) -> Passages:
        """Take up what :meth:`leave` left."""
        with np.load(path) as held:
            return cls(**held)

    @cached_property
    def after(self) -> dict[int, int]:
        """Which passage follows the last stand of another, by its print."""
        last = self.prints[self.start[1:] - 1].tolist()
        return dict(zip(last, range(1, len(last) + 1), strict=True))

    @cached_property
    def known_by(self) -> tuple[list[int], list[int], list[int]]:
        """How many stands, bytes and what checksum each has; no bytes after the last."""
        return np.diff(self.start).tolist(), [*self.sizes.tolist(), 0], self.marks.tolist()


@dataclass
class Walk:
    """
    A member gone through, n stands.

    Attributes
    ----------
    known
        Passages that could be there; None for none.
    stands
        Those that lie in none of them, whole but for :data:`STAND_END`.
    at
        The place of each among the n.
    begin, stop
        Where each begins and where the next does, bytes from the start of the member.
    taken
        Passages that are there: the first, the one after the last, and the place of their first stand.
    n
        Number of stands.
    tail
        Where the last of them stops.
    """

    known: Passages | None
    stands: list[bytes] = field(default_factory=list)
    at: list[int] = field(default_factory=list)
    begin: list[int] = field(default_factory=list)
    stop: list[int] = field(default_factory=list)
    taken: list[list[int]] = field(default_factory=list)
    n: int = 0
    tail: int = 0

    @classmethod
    def through(cls, xml: bytes, first: int, known: Passages | None) -> Walk:
        """
        Go through a member.

        Parameters
        ----------
        xml
            The whole member.
        first
            Where its first stand begins.
        known
            Passages of an earlier delivery; None for none.

        Returns
        -------
        walk
            All of its stands, each in a passage or by itself.
        """
        walk = cls(known, tail=first)
        if known is not None:
            walk._step(xml, known)
        walk._cut(xml)
        return walk

    def _step(self, xml: bytes, known: Passages) -> None:
        """Go from passage to passage, until the end or until it looks as if there were none."""
        view, after = memoryview(xml), known.after
        count, sizes, marks = known.known_by
        here, end, place, passage = self.tail, len(xml), 0, -1
        row: list[int] | None = None
        while self.taken or place < PATIENCE:
            size = sizes[passage] if passage >= 0 else 0
            if size and here + size <= end and crc32(view[here : here + size]) == marks[passage]:
                if row is None:
                    row = [passage, passage, place]
                    self.taken.append(row)
                place += count[passage]
                here += size
                row[1] = passage = passage + 1
                continue
            row = None
            stop = xml.find(STAND_END, here, here + _NEAR)
            if stop < 0 and (stop := xml.find(STAND_END, here)) < 0:
                break
            stand = xml[here:stop]
            self._alone(stand, place, here)
            here = self.stop[-1]
            place += 1
            passage = after.get(hash(stand), -1)
        self.n, self.tail = place, here

    def _alone(self, stand: bytes, place: int, begin: int) -> None:
        self.stands.append(stand)
        self.at.append(place)
        self.begin.append(begin)
        self.stop.append(begin + len(stand) + len(STAND_END))

    def _cut(self, xml: bytes) -> None:
        """Cut what has not been gone through."""
        if self.n:
            *stands, _ = xml[self.tail :].split(STAND_END)
        else:
            # most often that is all of it, which need not be copied for it
            *stands, _ = xml.split(STAND_END)
            stands[:1] = [one[self.tail :] for one in stands[:1]]
        if not stands:
            return
        stop = self.tail + np.cumsum(np.fromiter(map(len, stands), np.int64, len(stands)) + len(STAND_END))
        self.stands += stands
        self.at += range(self.n, self.n + len(stands))
        self.begin += [self.tail, *stop[:-1].tolist()]
        self.stop += stop.tolist()
        self.n += len(stands)
        self.tail = int(stop[-1])

    def spread(self, prints: Ints, rows: Ints) -> tuple[Ints, Ints]:
        """
        Put what is known of stands by themselves and of those in passages in one order.

        Parameters
        ----------
        prints, rows
            Of the stands by themselves.

        Returns
        -------
        prints, rows
            (n,) of all; rows as :attr:`Passages.rows`.
        """
        all_prints, all_rows = np.empty(self.n, dtype=np.int64), np.empty(self.n, dtype=np.int64)
        all_prints[self.at], all_rows[self.at] = prints, rows
        if self.known is not None:
            for first, after, place in self.taken:
                here = slice(self.known.start[first], self.known.start[after])
                there = slice(place, place + here.stop - here.start)
                all_prints[there], all_rows[there] = self.known.prints[here], self.known.rows[here]
        return all_prints, all_rows

    def told(self, xml: bytes, prints: Ints, ended: Flags) -> pa.Table:
        """
        Say what the next delivery can know the member by.

        Parameters
        ----------
        xml
            The whole member.
        prints, ended
            (n,) of all its stands: their prints, and whether they had ended by the day.

        Returns
        -------
        order
            n rows: ``print``, ``ended``, and at the last stand of each passage its ``size`` in bytes and its ``mark``,
            the CRC-32.
        """
        sizes, marks = np.zeros(self.n, dtype=np.int64), np.zeros(self.n, dtype=np.uint32)
        if self.known is not None:
            for first, after, place in self.taken:
                last = place + self.known.start[first + 1 : after + 1] - self.known.start[first] - 1
                sizes[last] = self.known.sizes[first:after]
                marks[last] = self.known.marks[first:after]
        view, at = memoryview(xml), np.array(self.at, dtype=np.int64)
        for stretch in np.split(np.arange(len(at)), np.flatnonzero(np.diff(at) != 1) + 1):
            if not len(stretch):
                continue
            edges = np.linspace(0, len(stretch), max(1, round(len(stretch) / STANDS)) + 1).round().astype(np.int64)
            for low, high in zip(stretch[edges[:-1]].tolist(), stretch[edges[1:] - 1].tolist(), strict=True):
                begin, stop = self.begin[low], self.stop[high]
                sizes[self.at[high]] = stop - begin
                marks[self.at[high]] = crc32(view[begin:stop])
        return pa.table({"print": prints, "ended": ended, "size": sizes, "mark": marks})
