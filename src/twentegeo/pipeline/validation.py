"""
Putting the estimate of labels to the test: hold out whole neighbourhoods, predict, compare.

A small region does it every night; a large one with ``twentegeo validate``, because a night should not wait for it.
What came out last is kept in ``validatie.json``, for the report of each release.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from twentegeo.indicators.label_evidence import gather_evidence
from twentegeo.indicators.label_validation import area_error, hold_out, validation_tables
from twentegeo.pipeline.outcome import Computed
from twentegeo.store import write_json

if TYPE_CHECKING:
    import pandas as pd

    from twentegeo.figures import Reference
    from twentegeo.pipeline.outcome import Outcome
    from twentegeo.pipeline.registers import Registers
    from twentegeo.pipeline.stages import Stages
    from twentegeo.pipeline.stock import Stock
    from twentegeo.settings import Settings


def latest(
    settings: Settings, reference: Reference, registers: Registers, stock: Stock, stages: Stages
) -> dict[str, Any]:
    """
    Give what is known of the estimate's quality, testing it where that is quick.

    Parameters
    ----------
    settings, reference, registers, stock
        What a night knows.
    stages
        Where outcomes are kept; its store holds the last outcome.

    Returns
    -------
    facts
        As :func:`tested` gives; empty where the estimate was never tested.
    """
    found = stages.store.validation
    if registers.energy_labels.tables.rows("energielabel") <= settings.label_model.proef_tot_labels:
        facts = tested(settings, reference, registers, stock, stages)
        write_json(found, facts)
        return facts
    if not found.is_file():
        return {}
    try:
        kept: dict[str, Any] = json.loads(found.read_text(encoding="utf-8"))
    except ValueError:  # a damaged note says nothing; the next test writes it anew
        return {}
    return kept


def tested(
    settings: Settings, reference: Reference, registers: Registers, stock: Stock, stages: Stages
) -> dict[str, Any]:
    """
    Put the estimate to the test, or find what that gave before on the same labels.

    Parameters
    ----------
    settings, reference, registers, stock
        What a night knows.
    stages
        Where outcomes are kept.

    Returns
    -------
    facts
        As kept in ``validatie.json``: ``tabellen``, rows by table of
        :func:`twentegeo.indicators.label_validation.validation_tables`, and ``over``: what was tested.
    """
    outcome = _stage(settings, reference, stock, stages)
    about = {
        "peildatum": registers.peildatum.isoformat(),
        "labels": registers.energy_labels.facts.get("publicatiedatum"),
        "gebiedsfout": outcome.facts["gebiedsfout"],
    }
    return {"over": about, "tabellen": {name: _rows(table) for name, table in outcome.tables.items()}}


def _stage(settings: Settings, reference: Reference, stock: Stock, stages: Stages) -> Outcome:
    woningen, types = stock.dwellings.tables, stock.assessed.types

    def compute() -> Computed:
        evidence = gather_evidence(
            woningen["woningen"],
            types.tables["pand_type"],
            stock.labelled.tables["woning_label"],
            reference.labels,
            settings.label_model.vormfactor_grenzen,
        )
        held = hold_out(evidence, woningen["woningen"]["buurt_code"], reference.labels, settings.label_model)
        error = area_error(held)
        return Computed(validation_tables(held), facts={"gebiedsfout": None if math.isnan(error) else round(error, 3)})

    inputs = (
        stock.dwellings.fingerprint,
        types.fingerprint,
        stock.labelled.fingerprint,
        settings.label_model.model_dump(mode="json"),
        reference.mark,
    )
    return stages.run("validatie", inputs, ("indicators", "pipeline/validation.py"), compute)


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Write rows as JSON; what is not a number is nothing."""
    return [
        {str(name): None if isinstance(value, float) and math.isnan(value) else value for name, value in row.items()}
        for row in table.to_dict("records")
    ]
