"""
What a table is.

Here: the typed contract of every table that passes between rooms or leaves the house, and the meaning of
every column, each written once. Not here: reading, joining, computing, the clock.

======================================  ==================================================
:mod:`twentegeo.tables.contract`         column, table, and the check that a frame keeps to both
:mod:`twentegeo.tables.columns`          what every column means
:mod:`twentegeo.tables.bag`              the BAG as read
:mod:`twentegeo.tables.registers`        labels, parcels, CBS areas and ownership as read
:mod:`twentegeo.tables.stock`            the housing stock as assembled, and what joins lost
:mod:`twentegeo.tables.layers`           what a release publishes
:mod:`twentegeo.tables.parameters`       base of the parameters that settings can steer
======================================  ==================================================
"""
