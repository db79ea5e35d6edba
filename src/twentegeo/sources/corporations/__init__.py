"""
Housing corporations: what they own, as they list it.

==========================================  ==========================================================
:mod:`twentegeo.sources.corporations.read`    the door: columns by alias, rows that cannot be used set apart
==========================================  ==========================================================
"""

from twentegeo.sources.corporations.read import ORIGIN, Ownership, fetch, read

__all__ = ["ORIGIN", "Ownership", "fetch", "read"]
