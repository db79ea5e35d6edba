"""
The outside world: one module or package per register.

Each has ``fetch()``, which keeps the bytes of a delivery with their origin
(:class:`~twentegeo.sources.snapshot.Snapshot`), and ``read()``, a pure function of a snapshot that gives
tables by contract and counts what it refused. A file the user put on disk is read the same way as one
that was fetched. Not here: joining registers, judging them, scoring.
"""
