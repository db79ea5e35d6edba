"""
What we know or estimate of a dwelling, and how sure we are.

Here: evidence and estimates per dwelling, one module per subject. Not here: weighing subjects against each
other (:mod:`twentegeo.priority`), or reading the registers.
"""
