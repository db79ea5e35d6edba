"""
From layers to doing: what changed since the last release, and why.

Here: pure comparison of two states of the layers. Not here: finding or reading the last release.
"""
