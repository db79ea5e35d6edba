"""Prefect's own test harness: a temporary server, for the tests in this folder only."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    from prefect.testing.utilities import prefect_test_harness  # noqa: PLC0415 - two seconds of import

    with prefect_test_harness(server_startup_timeout=120):
        yield
