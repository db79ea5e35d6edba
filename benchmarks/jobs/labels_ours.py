"""Ours: the label file read for the region, each registration placed on an object, one chosen per dwelling."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from benchmarks.jobs.job import found, job, start, stop
from benchmarks.jobs.prepared import addressed, pand_ids
from twentegeo.sources import ep_online
from twentegeo.stock import labels


def main() -> None:
    told = job()
    folder = Path(told["prepared"])
    bag, panden = addressed(folder), pand_ids(folder)
    snapshot = ep_online.fetch(Path(told["energy_labels"]))
    start()
    scope = ep_online.LabelScope(
        object_ids=list(bag.adres["object_id"].to_numpy(dtype=object)),
        pand_ids=list(panden.to_numpy(dtype=object)),
        postcodes=list(bag.adres["postcode"].dropna().drop_duplicates().to_numpy(dtype=object)),
    )
    rows = ep_online.read(snapshot, scope).labels
    chosen = labels.match(rows, bag, date.fromisoformat(told["day"]), labels.LabelParams()).woning_label
    stop()
    valid = chosen[chosen["energielabel"].notna()]
    valid.to_parquet(Path(told["scratch"]).parent / "labels_ours.parquet")
    by_id = int((valid["label_sleutel"] == "vbo_id").sum())
    found(told, {"valid": len(valid), "by_id": by_id})


if __name__ == "__main__":
    main()
