"""
A prognosis of households, as a province, a consultancy or CBS gives it: by municipality, variant and year.

========================================  ============================================================
:mod:`twentegeo.sources.prognosis.layout`   the two layouts: a plain list, and a table of CBS StatLine
:mod:`twentegeo.sources.prognosis.read`     the door: rows of the region, rows that cannot be used set apart
========================================  ============================================================
"""

from twentegeo.sources.prognosis.read import ORIGIN, Prognosis, fetch, read

__all__ = ["ORIGIN", "Prognosis", "fetch", "read"]
