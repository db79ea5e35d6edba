"""
twentegeo: where renovating the existing housing stock of a region matters most.

Where do I go to …

========================================  ==================================================
understand what a table or column means   :mod:`twentegeo.tables`
read a register, or add one               :mod:`twentegeo.sources`
change how dwellings, labels, parcels     :mod:`twentegeo.stock`
and neighbourhoods are joined
change what we know of a dwelling         :mod:`twentegeo.indicators`
change a weight or the score              :mod:`twentegeo.priority`, and `config/`
change how areas are drawn                :mod:`twentegeo.areas`
stop a bad release                        :mod:`twentegeo.checks`
say what changed and why                  :mod:`twentegeo.programme`
change a layer                            :mod:`twentegeo.publish`
change a style or a legend                :mod:`twentegeo.publish.styles`, and `config/styles/`
change the QGIS project                   :mod:`twentegeo.publish.project`
change the map book                       :mod:`twentegeo.publish.maps`
change the report or the metadata         :mod:`twentegeo.publish.report`, `.metadata`
change the planner's page                 :mod:`twentegeo.publish.site`
change how the operator is told           :mod:`twentegeo.notifier`
get data to play with                     :mod:`twentegeo.sample`
find a file under `outputs/`              :mod:`twentegeo.store`
see or change the order of the night      :mod:`twentegeo.pipeline`
run it from a shell                       :mod:`twentegeo.cli`
========================================  ==================================================

Prefect lives in the top-level folder `flows/` and nowhere in this package.
"""

__version__ = "0.1.0"
