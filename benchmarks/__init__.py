"""
Measured side by side with other ways of doing the same, on one made-up Twente, in one run.

``make bench`` runs :mod:`benchmarks.__main__`. Each contender is a process of its own (:mod:`benchmarks.jobs`), the
contenders of a row take turns (:mod:`benchmarks.rows`), and a contender whose count is wrong is void.
"""
