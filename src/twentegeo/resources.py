"""What this process takes of the machine: memory, threads, turns."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import sys
import traceback
from typing import Final

_OBJECTS: Final = 1_000_000
"""New objects after which Python looks for garbage; by itself it does so after 700."""

_NO_HUGE_PAGES: Final = 41
"""``PR_SET_THP_DISABLE`` of Linux: this process and those it starts get no huge pages."""

_POLITENESS: Final = 10
"""On the scale of ``nice``: about a tenth of a core where another process wants all of it."""


def unhurried() -> None:
    """
    Look for garbage seldom: loading modules makes a hundred thousand objects that stay, and looks at them each time.

    Takes a fifth off the start of a process; what a night computes with is arrays, which need no looking for.
    """
    gc.set_threshold(_OBJECTS)


def one_thread_for_products() -> None:
    """
    Let one thread work out products of matrices, here and in processes started from here; before NumPy is loaded.

    Ours are small. The other threads of OpenBLAS spin while they wait for one, which took a sixteenth of the processor
    time of a night on two cores; and how many cores a machine has may not show in the last digits of a sum.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def small_pages() -> None:
    """
    Have memory in pages of the usual size, here and in processes started from here; Linux, nothing elsewhere.

    NumPy and Arrow ask for pages of 2 MB. A virtual machine gets those from its host anew each time that they were let
    go of, and empties them at some 1 GB/s: a tenth of the processor time of a night. See docs/decisions/0022.
    """
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).prctl(_NO_HUGE_PAGES, 1, 0, 0, 0)


def give_back() -> None:
    """
    Hand memory that was let go of back to the system.

    The C library of Linux (glibc) keeps what many small objects leave, outlines above all, and gives little of it back
    by itself: half a gigabyte after a night's outlines. Arrow keeps what it used, too. Elsewhere little happens.
    """
    if arrow := sys.modules.get("pyarrow"):
        arrow.default_memory_pool().release_unused()
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def let_go() -> None:
    """
    Let go of what was in hand when something failed, and hand its memory back; nothing where nothing failed.

    An error keeps the variables of everything that it passed through for as long as it is kept itself: in a process
    that lives on, tables of gigabytes, and on disk the files that they are read from, also when those were removed.
    Line numbers stay. To be called where the error passes; it is not asked for by name, because a variable with an
    error, in a function that the error passes through, keeps it until garbage is looked for.
    """
    found = [sys.exception()]
    for one in found:
        if one is not None:
            traceback.clear_frames(one.__traceback__)
            found += [other for other in (one.__cause__, one.__context__) if other not in found]
    if found[0] is not None:
        gc.collect()
        give_back()


def give_way() -> None:
    """
    Let other processes go first where there is not a core for each: somebody waits for them, and not yet for this one.

    Windows knows no such thing, and goes without.
    """
    if hasattr(os, "nice"):
        os.nice(_POLITENESS)
