"""
The order of the rooms in plain Python; no Prefect.

=========================================  =============================================================
:mod:`twentegeo.pipeline.command`           a whole night as one call, and what goes around it
:mod:`twentegeo.pipeline.ahead`             what runs in a process of its own, there before the night has loaded
:mod:`twentegeo.pipeline.steps`             the steps of the night by name, and who carries them out
:mod:`twentegeo.pipeline.night`             taking in the deliveries, and building from them
:mod:`twentegeo.pipeline.registers`         which reader reads which delivery
:mod:`twentegeo.pipeline.stock`             joining the registers and scoring, stage by stage
:mod:`twentegeo.pipeline.layers`            what of all that a release publishes
:mod:`twentegeo.pipeline.stages`            a stage is computed once per set of inputs
:mod:`twentegeo.pipeline.comparison`        tonight beside the release that stands
:mod:`twentegeo.pipeline.staging`           writing a release in the making and reading it back
:mod:`twentegeo.pipeline.showing`           what a night makes to be looked at, side by side
:mod:`twentegeo.pipeline.page`              the planner's page of a release
:mod:`twentegeo.pipeline.map_book`          its maps on paper
:mod:`twentegeo.pipeline.products`          what is made from a release that stands
:mod:`twentegeo.pipeline.inspection`        looking at a release that exists
:mod:`twentegeo.pipeline.manifest`          what a release says of itself
:mod:`twentegeo.pipeline.diary`             what the operator finds in the morning
:mod:`twentegeo.pipeline.telling`           what the operator is told of a night
:mod:`twentegeo.pipeline.progress`          how long work tells that it is alive
=========================================  =============================================================
"""
