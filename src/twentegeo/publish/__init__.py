"""
The last mile: layers, styles, maps and the release itself.

Here: writing what users open, and putting it in place so that nobody ever sees half of it. Not here: deciding what a
score is, or whether a release is good enough (:mod:`twentegeo.checks`).
"""
