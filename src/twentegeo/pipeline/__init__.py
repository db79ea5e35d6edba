"""
The order of the rooms in plain Python; no Prefect.

=========================================  ==================================================
:mod:`twentegeo.pipeline.night`             the night: fetch → read → build → check → release
:mod:`twentegeo.pipeline.registers`         which reader reads which delivery
:mod:`twentegeo.pipeline.stock`             joining the registers and scoring, stage by stage
:mod:`twentegeo.pipeline.layers`            what of all that a release publishes
:mod:`twentegeo.pipeline.stages`            a stage is computed once per set of inputs
:mod:`twentegeo.pipeline.manifest`          what a release says of itself
:mod:`twentegeo.pipeline.progress`          how long work tells that it is alive
=========================================  ==================================================
"""
