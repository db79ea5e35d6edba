"""
EP-Online (RVO): registered energy labels.

============================================  ===================================================
:mod:`twentegeo.sources.ep_online.columns`      how editions spell the columns, and what is needed
:mod:`twentegeo.sources.ep_online.header`       the header of a CSV, and the lines before it
:mod:`twentegeo.sources.ep_online.table`        CSV v4 and v2, as a stream
:mod:`twentegeo.sources.ep_online.messages`     XML v4, as a stream
:mod:`twentegeo.sources.ep_online.scope`        which rows can belong to a region
:mod:`twentegeo.sources.ep_online.values`       texts to typed values
:mod:`twentegeo.sources.ep_online.total`        a total file, read once
:mod:`twentegeo.sources.ep_online.read`         the door
============================================  ===================================================
"""

from twentegeo.sources.ep_online.read import ORIGIN, Labels, fetch, on_the_day, read
from twentegeo.sources.ep_online.scope import LabelScope, Vicinity
from twentegeo.sources.ep_online.total import Total, read_total

__all__ = ["ORIGIN", "LabelScope", "Labels", "Total", "Vicinity", "fetch", "on_the_day", "read", "read_total"]
