"""Prefect lives here and nowhere else: what runs when, with which retries, and what the operator sees."""

import os

# Prefect reads these when it is first imported. Its usage reports have nowhere to go on a closed network, and its
# heartbeat then logs tracebacks about a locked database.
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DO_NOT_TRACK", "1")
