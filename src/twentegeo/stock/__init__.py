"""
The housing stock: one row per existing dwelling, and every join with its losses counted.

Here: what exists today and what belongs to what. Pure functions, tables in and tables out; the reference date
and the parameters come in as arguments. Not here: reading files, estimating what is unknown, scoring.

========================================  ==================================================
:mod:`twentegeo.stock.dwellings`           which verblijfsobjecten are dwellings, and their building
:mod:`twentegeo.stock.main_building`       the building of a dwelling that is part of several
:mod:`twentegeo.stock.buildings`           which panden stand, and how many dwellings each has
:mod:`twentegeo.stock.parcels`             pand on perceel by largest overlap, built-up area
:mod:`twentegeo.stock.neighbourhoods`      dwelling in buurt, and the CBS cascade
:mod:`twentegeo.stock.addresses`           address keys, and what object an address belongs to
:mod:`twentegeo.stock.registrations`       which object an energy-label registration is about
:mod:`twentegeo.stock.labels`              which registration counts for a dwelling
:mod:`twentegeo.stock.label_losses`        why the other registrations do not, in words
:mod:`twentegeo.stock.ownership`           which corporation owns a dwelling
========================================  ==================================================
"""
