"""
The order of the rooms in plain Python; no Prefect.

=========================================  ==================================================
:mod:`twentegeo.pipeline.night`             the night: fetch → read → build → check → release
:mod:`twentegeo.pipeline.command`           a whole night as one call, and what goes around it
:mod:`twentegeo.pipeline.registers`         which reader reads which delivery
:mod:`twentegeo.pipeline.stock`             joining the registers and scoring, stage by stage
:mod:`twentegeo.pipeline.layers`            what of all that a release publishes
:mod:`twentegeo.pipeline.stages`            a stage is computed once per set of inputs
:mod:`twentegeo.pipeline.staging`           writing a release in the making and reading it back
:mod:`twentegeo.pipeline.inspection`        looking at a release that exists
:mod:`twentegeo.pipeline.manifest`          what a release says of itself
:mod:`twentegeo.pipeline.progress`          how long work tells that it is alive
=========================================  ==================================================
"""
