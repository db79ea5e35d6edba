"""
The planner's page: a static site that is made from a release and from nothing else.

``contents`` says which columns the page uses; ``tiles`` cuts them into vector tiles, ``areas`` and ``search`` write the
tables behind lists, cards and the search box, ``change`` compares with the release before, and ``make`` puts it all
beside the page itself, which lies in ``web/``. ``server`` hands it out.
"""
