"""
The report of a release: one page that the operator reads in a minute and the specialist in ten.

Here: what a release says of itself (:mod:`twentegeo.publish.statement`) and what its layers hold, judged, drawn and
written as one HTML file that needs nothing from elsewhere. Every section stands on its own data and is left out where
those are absent. Not here: checks that hold a release back (:mod:`twentegeo.checks`), or figures that steer a score.
"""
