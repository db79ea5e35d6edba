"""
Drawings of the report, as numbers: where a bar, line or shape stands on its canvas.

Here: data in, places out. Not here: colours, texts around it or SVG itself; those are in the templates, so that
everything that is written passes through one escaping.
"""
