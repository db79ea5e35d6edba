"""
Where dwellings of high priority lie together.

Here: drawing areas, giving them an id, a name and reasons in plain Dutch. Not here: what makes a dwelling urgent
(:mod:`twentegeo.priority`).
"""
