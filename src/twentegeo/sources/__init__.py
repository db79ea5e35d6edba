"""
The outside world: one module or package per register.

Each has ``fetch()``, which keeps the bytes of a delivery with their origin
(:class:`~twentegeo.sources.snapshot.Snapshot`), and ``read()``, a pure function of a snapshot that gives
tables by contract and counts what it refused. A file the user put on disk is read the same way as one
that was fetched. Not here: joining registers, judging them, scoring.

===========================================  ==========================================================
:mod:`twentegeo.sources.ways`                  settings of every way in: addresses, patience, ages
:mod:`twentegeo.sources.http`                  the one client; with `patience`, `answers`, `redaction`
:mod:`twentegeo.sources.download`              large files in pieces; with `partial`, `arrival`
:mod:`twentegeo.sources.files`                 a file that an Atom feed names; with `feed`
:mod:`twentegeo.sources.sweep`                 a region from a service, by tile; with `ogc_api`, `wfs`, `features`
:mod:`twentegeo.sources.shelf`                 deliveries by content; with `slots`, `ledger`
`<register>/online.py`                         how one register is fetched
===========================================  ==========================================================
"""
