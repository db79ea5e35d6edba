"""Base of every room's parameters: frozen, unknown keys refused, each number with a unit and a reason."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Parameters(BaseModel):
    """
    A room's parameters.

    They live beside the function they steer and are gathered by :mod:`twentegeo.settings`. Each field has a
    description that gives its unit and the reason for its default; the settings schema is made from them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
