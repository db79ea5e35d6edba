"""Prefect lives here and nowhere else: what runs when, with which retries, and what the operator sees."""

import os

from twentegeo.resources import one_thread_for_products, small_pages

one_thread_for_products()
small_pages()

# Prefect reads these when it is first imported. Its usage reports have nowhere to go on a closed network, and its
# heartbeat then logs tracebacks about a locked database.
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DO_NOT_TRACK", "1")
# Its own server makes a database when it first starts; on a slow disk that takes longer than the 20 s it allows itself.
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "180")
