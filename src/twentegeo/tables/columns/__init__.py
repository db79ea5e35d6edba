"""
What every column means, written once, by theme.

=====================================  ===============================================
:mod:`~twentegeo.tables.columns.place`   identifiers, addresses, areas
:mod:`~twentegeo.tables.columns.building`  what the BAG says of a building or dwelling
:mod:`~twentegeo.tables.columns.label`   what EP-Online says, and how it was matched
:mod:`~twentegeo.tables.columns.people`  CBS figures of an area
:mod:`~twentegeo.tables.columns.score`   what twentegeo computes
:mod:`~twentegeo.tables.columns.record`  provenance: sources, runs, losses, the dictionary itself
=====================================  ===============================================
"""
