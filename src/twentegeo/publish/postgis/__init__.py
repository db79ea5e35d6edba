"""
A release in PostGIS: one schema per release, and a schema of views that always shows the newest.

Here: loading, switching, keeping and dropping. Everything until the switch is one transaction, so that a failed load
leaves the database as it was. Not here: making the database, its users or their rights; and no score is computed twice:
what is loaded is what the GeoPackage holds.
"""
