"""
How urgent: weigh what the indicators say, per dwelling and per area, and rank.

Here: normalising, weighing, combining, summing over areas, ranking. Not here: what is known of a dwelling
(:mod:`twentegeo.indicators`), or drawing areas (:mod:`twentegeo.areas`).
"""
