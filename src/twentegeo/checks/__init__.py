"""
Judging a night's result before anyone sees it.

Here: rules, each with a code, a severity and a message that says what to do; they look at tables and facts that they
are given. Not here: mending what is wrong, or reading files.
"""
