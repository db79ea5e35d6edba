"""Rules on the tables that are about to be published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field

from twentegeo.checks.finding import Finding
from twentegeo.errors import ContractError
from twentegeo.tables.contract import Table, conform
from twentegeo.tables.keys import is_among
from twentegeo.tables.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd


class CheckParams(Parameters):
    """Floors under which a night is held back."""

    min_dekking_label: float = Field(
        default=80.0,
        ge=0,
        le=100,
        description=(
            "Deel van de labelregistraties in de regio dat ten minste over een bestaande woning moet gaan (%);"
            " kantoren en winkels halen het nooit, maar onder de 80 is eerder een sleutel veranderd dan de voorraad."
        ),
    )
    min_dekking_buurt: float = Field(
        default=98.0,
        ge=0,
        le=100,
        description="Deel van de woningen dat ten minste in een CBS-buurt moet liggen (%); buurten dekken al het land.",
    )
    min_dekking_perceel: float = Field(
        default=95.0,
        ge=0,
        le=100,
        description="Deel van de panden dat ten minste op een perceel moet liggen (%); percelen dekken al het land.",
    )


def check_tables(
    layers: Mapping[str, pd.DataFrame],
    contracts: tuple[Table, ...],
    accounts: pd.DataFrame,
    parameters: CheckParams,
    judged: Mapping[str, list[Finding]] | None = None,
) -> list[Finding]:
    """
    Judge the layers before they are published.

    Parameters
    ----------
    layers
        Name of the layer to its rows.
    contracts
        Contract of every layer that a release holds.
    accounts
        What the joins matched, by ``KOPPELING``.
    parameters
        Floors.
    judged
        What :func:`judge_layer` said of layers that were judged before, by name.

    Returns
    -------
    findings
        In order of code; none where all is well.
    """
    return [
        *_contracts(layers, contracts, judged or {}),
        *_stock(layers),
        *_floors(accounts, parameters),
        *_one_total(layers),
    ]


def judge_layer(table: Table, rows: pd.DataFrame) -> list[Finding]:
    """
    Hold a layer to its contract.

    Parameters
    ----------
    table
        The contract; of some of its columns only (:meth:`twentegeo.tables.contract.Table.only`) where the others were
        judged before.
    rows
        The layer.

    Returns
    -------
    findings
        C01, or none.
    """
    try:
        conform(table, rows)
    except ContractError as error:
        return [Finding("C01", "stop", str(error))]
    return []


def _contracts(
    layers: Mapping[str, pd.DataFrame], contracts: tuple[Table, ...], judged: Mapping[str, list[Finding]]
) -> Iterator[Finding]:
    """C01: every layer is there and keeps to its contract."""
    for table in contracts:
        if table.name not in layers:
            yield Finding("C01", "stop", f"laag {table.name} ontbreekt in de uitkomst; dit is een fout in twentegeo.")
        elif table.name in judged:
            yield from judged[table.name]
        else:
            yield from judge_layer(table, layers[table.name])


def _stock(layers: Mapping[str, pd.DataFrame]) -> Iterator[Finding]:
    """C02: a region without dwellings or areas is a mistake, not a result."""
    for name in ("verblijfsobject", "pand", "gemeente"):
        if name in layers and layers[name].empty:
            yield Finding(
                "C02",
                "stop",
                f"laag {name} heeft geen enkele rij; controleer of de bronnen de regio uit de instellingen dekken.",
            )
    if "prioriteitsgebied" in layers and layers["prioriteitsgebied"].empty:
        yield Finding("C02", "waarschuwing", "geen enkel prioriteitsgebied boven de drempel; de laag wordt weggelaten.")


def _floors(accounts: pd.DataFrame, parameters: CheckParams) -> Iterator[Finding]:
    """C03: joins match as much as a whole delivery does."""
    floors = {
        "label op woning": parameters.min_dekking_label,
        "woning op buurt": parameters.min_dekking_buurt,
        "pand op perceel": parameters.min_dekking_perceel,
    }
    by_name = accounts.set_index("koppeling")
    for name, floor in floors.items():
        if name not in by_name.index:
            continue
        share, matched, left = by_name.loc[name, ["dekking", "n_gekoppeld", "n_links"]].to_numpy(dtype="float64")
        if share < floor:
            yield Finding(
                "C03",
                "stop",
                f"koppeling '{name}' dekt {share:.1f}% ({matched:.0f} van {left:.0f}), minder dan"
                f" de ondergrens van {floor:g}%; bekijk koppelverlies en controleer of de bronnen bij elkaar horen.",
            )


def _one_total(layers: Mapping[str, pd.DataFrame]) -> Iterator[Finding]:
    """C04: every layer that sums dwellings up counts the same dwellings."""
    if "verblijfsobject" not in layers:
        return
    dwellings = layers["verblijfsobject"]
    # a dwelling whose building does not stand (statuses that contradict each other) has no row to count on
    in_pand = is_among(dwellings["pand_id"], layers["pand"]["pand_id"]) if "pand" in layers else ()
    expected = {
        "pand": int(np.sum(in_pand)),
        "perceel": int(dwellings["perceel_id"].notna().sum()),
        "hectare": len(dwellings),
        "buurt": int(dwellings["buurt_code"].notna().sum()),
        "wijk": int(dwellings["wijk_code"].notna().sum()),
    }
    for name, count in expected.items():
        if name in layers and (found := int(layers[name]["n_woningen"].sum())) != count:
            yield Finding(
                "C04",
                "stop",
                f"laag {name} telt {found} woningen en verblijfsobject {count}; dit is een fout in twentegeo.",
            )
