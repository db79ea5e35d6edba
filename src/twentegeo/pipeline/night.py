"""
The night: fetch → read → build → check → release.

Every function here is one sentence of the night; the Prefect flow and the command line call the same ones.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from twentegeo.pipeline import fetching, program, validation
from twentegeo.pipeline import layers as layer_assembly
from twentegeo.pipeline import manifest as told
from twentegeo.pipeline import stock as joining
from twentegeo.pipeline.layers import NOBODY
from twentegeo.pipeline.registers import Snapshots
from twentegeo.publish.dictionary import data_dictionary
from twentegeo.resources import give_back
from twentegeo.sources import bag, cadastre, cbs, corporations, ep_online, prognosis
from twentegeo.store import code_fingerprint, write_json
from twentegeo.tables.changes import WIJZIGING, WIJZIGING_GEBIED
from twentegeo.tables.contract import empty
from twentegeo.tables.layers import MAP_LAYERS, OF_HISTORY, PLAIN_TABLES
from twentegeo.tables.losses import gather

if TYPE_CHECKING:
    import geopandas as gpd

    from twentegeo.checks.finding import Finding
    from twentegeo.figures import Reference
    from twentegeo.pipeline.fetching import Going
    from twentegeo.pipeline.layers import Press
    from twentegeo.pipeline.outcome import Outcome
    from twentegeo.pipeline.progress import Progress
    from twentegeo.pipeline.registers import Registers
    from twentegeo.pipeline.stages import Stages
    from twentegeo.pipeline.stock import Begun, Stock
    from twentegeo.settings import Sample, Settings

logger = logging.getLogger("twentegeo")

_PACKAGE = Path(__file__).parents[1]


@dataclass(frozen=True)
class ReadIn:
    """
    What a night read, and what it made of that already.

    Attributes
    ----------
    registers
        What the readers gave.
    snapshots
        From what.
    begun
        The joining, where it was begun before all was read.
    """

    registers: Registers
    snapshots: Snapshots
    begun: Begun | None = None


@dataclass(frozen=True)
class Built:
    """
    What a night would publish.

    Attributes
    ----------
    layers
        Layer or table name to rows.
    facts
        What the manifest says.
    findings
        What a comparison with the previous release said of them.
    """

    layers: dict[str, pd.DataFrame]
    facts: dict[str, Any]
    findings: list[Finding] = field(default_factory=list)


def fetch(settings: Settings, progress: Progress, going: Going | None = None) -> Snapshots:
    """
    Take in the deliveries: files that the settings name, and what the registers have.

    A made-up region is generated first when its files are not there yet.

    Parameters
    ----------
    settings
        Where the files lie.
    progress
        Who is told.
    going
        Whether the network may be used, and with which key; it may, when None.

    Returns
    -------
    snapshots
        Every delivery with its checksum.

    Raises
    ------
    SourceUnavailable
        A file is absent, empty or unreadable, or a register could not be had and there is no delivery of it yet, or
        one that is too old.
    """
    if settings.sample:
        return _sample_snapshots(settings.sample, progress)
    return fetching.fetch(settings, progress, going or fetching.Going())


def build(
    settings: Settings,
    reference: Reference,
    read_in: ReadIn,
    stages: Stages,
    previous: gpd.GeoDataFrame | None = None,
    press: Press = NOBODY,
) -> Built:
    """
    Join, score and draw areas.

    Parameters
    ----------
    settings, reference
        Parameters and figures.
    read_in
        What was read.
    stages
        Where outcomes are kept.
    previous
        The priority areas of the previous release, which keep their ids; None at the first release.
    press
        Writes the large layers while others are still being made.

    Returns
    -------
    built
        Layers and facts; nothing is judged or written yet.
    """
    registers, snapshots = read_in.registers, read_in.snapshots
    stock = joining.assemble(settings, reference, registers, stages, read_in.begun)
    # what labels and property were matched with is not looked at again
    registers.energy_labels.tables.let_go("energielabel")
    registers.ownership.tables.let_go("bezit")
    give_back()
    published = layer_assembly.map_layers(registers, stock, reference, settings, previous, press)
    outcomes = (*registers.all(), *stock.all())
    losses = gather([*(outcome.losses for outcome in outcomes), published.losses])
    accounts = pd.concat([*(outcome.accounts for outcome in outcomes), published.account], ignore_index=True)
    accounts = accounts.sort_values("koppeling", ignore_index=True)
    layers: dict[str, pd.DataFrame] = {
        **published.layers,
        "bron": told.sources_table(snapshots, registers),
        "buurt_indicator": stock.judged.people.tables["buurt_interval"],
        "data_woordenboek": data_dictionary((*MAP_LAYERS, *PLAIN_TABLES)),
        "gebied_herkomst": published.herkomst,
        "koppeling": accounts,
        "koppelverlies": losses,
        # what changed is told when tonight is laid beside the last release, while the others are being written
        **{table.name: empty(table) for table in (WIJZIGING, WIJZIGING_GEBIED)},
    }
    for table in (*MAP_LAYERS, *PLAIN_TABLES):
        if table.name in layers and table not in OF_HISTORY:
            press.add(table, layers[table.name])
    facts = _facts(settings, read_in, stock, layers)
    facts["weggelaten_onderdelen"] |= {f"score {layer}": lacks for layer, lacks in published.left_out.items()}
    tested = validation.latest(settings, reference, registers, stock, stages)
    facts |= {"validatie": tested.get("tabellen", {}), "validatie_over": tested.get("over", {})}
    return Built(layers, facts)


def _sample_snapshots(sample: Sample, progress: Progress) -> Snapshots:
    """Take the made-up region's files; make them first unless they were made by this very code."""
    made = {
        "scale": sample.scale,
        "seed": sample.seed,
        "mutations": sample.mutations,
        "code": code_fingerprint([_PACKAGE / "sample"]),
    }
    note = sample.folder / "made.json"
    stated = json.loads(note.read_text(encoding="utf-8")) if note.is_file() else {}
    if stated.get("made") != made:
        from twentegeo.sample import write_sample  # noqa: PLC0415 - a real region never needs the generator

        progress.say(f"sample: making a made-up region at scale {sample.scale:g}")
        files = write_sample(
            sample.folder, scale=sample.scale, seed=sample.seed, mutations=sample.mutations, progress=progress.say
        )
        stated = {"made": made, "files": asdict(files)}
        write_json(note, stated)
    paths = {name: value for name, value in stated["files"].items() if name not in ("truth", "ownership")}
    found = {name: Path(path) for name, path in paths.items()}
    lists = () if "ownership" in sample.without else stated["files"]["ownership"]
    made_up = ("fictief voorbeeld", "fictieve gegevens, vrij te gebruiken")
    return Snapshots(
        bag=bag.fetch(found["bag"]),
        parcels=None if "parcels" in sample.without else cadastre.fetch(found["parcels"]),
        energy_labels=ep_online.fetch(found["energy_labels"]),
        neighbourhoods=cbs.fetch(found["neighbourhoods"]),
        ownership=tuple(corporations.fetch(Path(path)) for path in lists),
        prognosis=None if "prognosis" in sample.without else prognosis.fetch(found["prognosis"], *made_up),
    )


def _facts(settings: Settings, read_in: ReadIn, stock: Stock, layers: dict[str, pd.DataFrame]) -> dict[str, Any]:
    registers, snapshots = read_in.registers, read_in.snapshots
    outcomes: tuple[Outcome, ...] = (*registers.all(), *stock.all())
    by_reason = layers["koppelverlies"].groupby(["koppeling", "zijde", "reden"])["advies"]
    reasons = by_reason.agg(aantal="size", advies="first").reset_index()
    return {
        "regio": settings.region.name,
        "peildatum": registers.peildatum.isoformat(),
        "opmerking": settings.notice,
        "instellingen": told.settings_of(settings),
        "versies": program.versions(),
        "bronnen": told.inputs_of(snapshots, registers),
        "verouderd": told.stale_of(snapshots),
        # JSON knows no NaN: a join without rows has no share
        "koppelingen": layers["koppeling"].astype(object).where(layers["koppeling"].notna(), None).to_dict("records"),
        "koppelverlies": reasons.to_dict("records"),
        "woningen_gepland": len(stock.dwellings.tables["planned"]),
        "weggelaten_onderdelen": {one.name: one.facts["weggelaten"] for one in outcomes if one.facts.get("weggelaten")},
        "cbs_ontbrekend": registers.neighbourhoods.facts.get("ontbrekend", []),
        "stappen": {
            one.name: {"seconden": round(one.seconds, 2), "hergebruikt": one.reused}
            for outcome in outcomes
            for one in outcome.ran
        },
    }
