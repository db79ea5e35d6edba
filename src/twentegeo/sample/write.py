"""The door: one call that writes the whole sample."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from twentegeo.sample import truth
from twentegeo.sample.clusters import nothing_planted, plant
from twentegeo.sample.corporations import write_property
from twentegeo.sample.gazetteer import MUNICIPALITIES
from twentegeo.sample.homes import homes as describe_homes
from twentegeo.sample.labels import register_labels
from twentegeo.sample.mutations import Delivery, labelled_in, second
from twentegeo.sample.neighbourhoods import divide
from twentegeo.sample.partition import plan
from twentegeo.sample.registers import register
from twentegeo.sample.settle import settle
from twentegeo.sample.write_bag import write_extract
from twentegeo.sample.write_brk import write_parcels
from twentegeo.sample.write_cbs import write_areas
from twentegeo.sample.write_ep_online import write_labels
from twentegeo.sample.write_prognosis import write_prognosis

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

REFERENCE_DATE = date(2026, 11, 8)


@dataclass(frozen=True, slots=True)
class SampleFiles:
    """Where the files of a sample lie; they bear the names that the registers give them."""

    bag: Path
    parcels: Path
    energy_labels: Path
    neighbourhoods: Path
    ownership: tuple[Path, ...]
    prognosis: Path
    truth: Path


def write_sample(  # noqa: PLR0913 - what a made-up region is, and of which delivery
    out: Path,
    *,
    scale: float,
    seed: int,
    clusters: bool = True,
    reference_date: date = REFERENCE_DATE,
    mutations: float = 0.0,
    only: str | None = None,
    progress: Callable[[str], None] | None = None,
) -> SampleFiles:
    """
    Write a made-up Twente in the formats in which the registers deliver.

    Parameters
    ----------
    out
        Folder to write in; made when it is not there, files of an earlier sample are replaced.
    scale
        1 is as large as Twente (0.43 million panden); towns are smaller and villages fewer in a smaller sample,
        the ground and the density are not.
    seed
        Equal seeds and scales give equal bytes.
    clusters
        Whether concentrations of poor homes are planted; without them there is nothing for a test to find.
    reference_date
        Technical date of the BAG delivery; also the date of the other files.
    mutations
        Share of the homes that changed, for a second delivery of the same region; the truth tells which and how.
    only
        Code of the one municipality in which they changed; None for all.
    progress
        Told in a few words what begins.

    Returns
    -------
    files
        The paths.

    Raises
    ------
    ValueError
        The scale is not in (0, 1.5].
    """
    if not 0 < scale <= 1.5:
        raise ValueError(f"--scale {scale}: kies een schaal groter dan 0 en hoogstens 1,5 (1 is zo groot als Twente).")
    say = progress or (lambda _: None)
    say("sample: dividing the ground")
    cells = plan(seed, scale)
    say("sample: building towns, villages and farms")
    ground = settle(cells, seed, scale)
    region, found = plant(ground, seed, scale) if clusters else nothing_planted(ground)
    say("sample: making up addresses and registrations")
    registers = register(region, seed)
    homes = describe_homes(region, registers, seed)
    labels = register_labels(homes, registers, reference_date, seed)
    first = told = Delivery(registers, labels, homes, divide(region, scale), {})
    if mutations:
        say(f"sample: changing {mutations:.1%} of the homes")
        told = second(first, region, reference_date, mutations, seed, only)
    say("sample: writing the BAG extract")
    bag = out / "bag" / "lvbag-extract-nl.zip"
    extract = write_extract(bag, region, told.registers, reference_date, seed)
    say("sample: writing the parcels")
    parcels = out / "brk" / "kadastralekaart_perceel.zip"
    n_parcels = write_parcels(parcels, region, reference_date, seed)
    say("sample: writing labels, areas, property and prognosis")
    energy_labels = write_labels(out / "ep-online", told.labels.rows, reference_date)
    neighbourhoods = out / "cbs" / "wijkenbuurten_2026.gpkg"
    # figures of the year and lists of property do not follow the register from day to day; boundaries may have moved
    n_areas = write_areas(neighbourhoods, region, told.areas, homes, reference_date, seed)
    ownership, owned = write_property(out / "corporaties", homes, registers, reference_date)
    prognosis = out / "prognose" / "prognose_voorbeeld_fictief.csv"
    n_prognosis = write_prognosis(prognosis, homes, reference_date, seed)
    facts = {
        "made_by": truth.generator(),
        "scale": scale, "seed": seed, "reference_date": reference_date.isoformat(),
        "codes": [m.code for m in MUNICIPALITIES], **truth.counts(told.registers, told.homes),
        "parcels": n_parcels, "label_rows": len(told.labels.rows), "labels": labels.quirks,
        "dwellings_with_label": labelled_in(told, first), "cbs": n_areas, "buurten": n_areas["buurten"],
        "owned": owned, "bag_voorkomens": extract.voorkomens, "bag_objects": extract.objects,
        "clusters": truth.planted(found, homes, labels.labelled), "gemeenten": truth.by_municipality(told.homes),
        "prognosis_rows": n_prognosis, "mutations": told.changed,
    }  # fmt: skip
    path = out / "truth.json"
    truth.write_truth(path, facts)
    return SampleFiles(bag, parcels, energy_labels, neighbourhoods, ownership, prognosis, path)
