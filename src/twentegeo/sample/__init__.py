"""
A made-up Twente, written in the true source formats, with known truth.

Go here for a region to try things on. Do not go here for anything real: only the names and rough places of
municipalities and villages are; ground, streets, homes, labels, figures and owners are invented, and say so.
"""

from __future__ import annotations

from twentegeo.sample.write import SampleFiles, write_sample

__all__ = ["SampleFiles", "write_sample"]
