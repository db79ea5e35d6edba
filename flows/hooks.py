"""What happens when a flow does not end well: the operator is told, whoever noticed it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.vault import where
from twentegeo.notifier import tell
from twentegeo.pipeline.diary import KILLED
from twentegeo.pipeline.telling import about_failure, worded
from twentegeo.settings import load

if TYPE_CHECKING:
    from prefect import Flow
    from prefect.client.schemas.objects import FlowRun, State


def tell_failure(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:  # noqa: ARG001 - Prefect passes by name
    """Tell why a flow failed; runs in the process of the flow."""
    error = state.result(raise_on_failure=False)
    _tell(flow_run, worded(error) if isinstance(error, BaseException) else str(state.message))


def tell_crash(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:  # noqa: ARG001 - Prefect passes by name
    """Tell that a flow died; runs in the worker where the process itself could say nothing any more."""
    _tell(flow_run, f"{KILLED}; Prefect zegt: {state.message}")


def _tell(run: FlowRun, reason: str) -> None:
    settings = load(Path(run.parameters["config"]))
    tell(about_failure(settings, reason), where())
