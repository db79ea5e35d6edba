"""What is made once, before any clock runs: the sample, its inner zips, tables to start from, settings files."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml

from benchmarks.jobs.rule import delivery_day
from benchmarks.larger import write_larger
from twentegeo.sample.gazetteer import MUNICIPALITIES
from twentegeo.sample.truth import generator

SEED = 7
TIMES = 4
"""How much larger the extract is in the row on memory."""

SMALL_REGION = ("0147",)
"""Region of that row: Borne. All that is added to the larger file lies in another municipality."""

CHANGED = "0141"
"""The municipality of the rows in which one changed: Almelo, a twelfth of the dwellings."""

CHANGED_SHARE = 0.01
"""Share of its dwellings that changed: labels new, replaced, expired or withdrawn, homes new, gone or larger."""

ELSEWHERE = b"1145"
"""Woonplaats of what is added: Enschede."""


@dataclass(frozen=True)
class Inputs:
    """Where everything lies; ``folder`` holds what the benchmark itself makes."""

    folder: Path
    bag: Path
    parcels: Path
    energy_labels: Path
    neighbourhoods: Path
    ownership: tuple[Path, ...]
    day: str

    @property
    def unpacked(self) -> Path:
        """Folder of the inner zips PND, VBO and NUM, for programs that cannot read a zip in a zip at speed."""
        return self.folder / "unpacked"

    @property
    def prepared(self) -> Path:
        """Folder of tables that rows start from."""
        return self.folder / "prepared"

    @property
    def larger(self) -> Path:
        """The same extract with as much again, several times, outside :data:`SMALL_REGION`."""
        return self.folder / f"extract-times-{TIMES}.zip"

    @property
    def fewer_labels(self) -> Path:
        """The label file without its last row."""
        return self.folder / "labels-changed" / self.energy_labels.name

    @property
    def second(self) -> Path:
        """A second delivery of the sample, in which only :data:`CHANGED` changed."""
        return self.folder / "second-delivery"

    @property
    def outputs(self) -> Path:
        """Outputs folder of the nights."""
        return self.folder / "outputs"

    @property
    def daily(self) -> Path:
        """Folder of the daily BAG files."""
        return self.folder / "daily"

    @property
    def daily_outputs(self) -> Path:
        """Outputs folder of the nights that read them: the BAG lies on its shelf."""
        return self.folder / "outputs-daily"

    @property
    def extract_outputs(self) -> Path:
        """Outputs folder of the nights that read a new extract and a day's mutations of labels."""
        return self.folder / "outputs-extract"

    def told(self) -> dict[str, object]:
        """Say it as a job file can hold it."""
        named = {name: str(value) for name, value in asdict(self).items() if isinstance(value, Path)}
        return {**named, "unpacked": str(self.unpacked), "prepared": str(self.prepared), "day": self.day}


def municipalities() -> list[str]:
    """List the region's codes."""
    return [municipality.code for municipality in MUNICIPALITIES]


def settings(
    inputs: Inputs, *, outputs: Path, labels: Path | dict[str, object], bag: dict[str, object] | None = None
) -> str:
    """Write a settings file as text."""
    sources = {
        "bag": bag or {"path": str(inputs.bag)},
        "parcels": {"path": str(inputs.parcels)},
        "energy_labels": {"path": str(labels)} if isinstance(labels, Path) else labels,
        "neighbourhoods": {"path": str(inputs.neighbourhoods)},
        "ownership": [{"path": str(path)} for path in inputs.ownership],
    }
    region = {"name": "Twente", "municipalities": municipalities()}
    # the page and the map book have rows of their own; the bound of the night is without them
    products = {"site": False, "maps": False}
    told = {"region": region, "sources": sources, "outputs": str(outputs), "products": products}
    return yaml.safe_dump(told)


def make_sample(folder: Path, scale: float) -> Path:
    """Make the sample unless this very generator made it already."""
    sample = folder / f"sample-{scale:g}"
    if made_by(sample) != generator():
        shutil.rmtree(sample, ignore_errors=True)
        program = Path(sys.executable).with_name("twentegeo")
        print(f"making a sample at scale {scale:g} in {sample}", flush=True)
        subprocess.run([program, "sample", str(sample), "--scale", str(scale), "--seed", str(SEED)], check=True)
    return sample


def made_by(sample: Path) -> str | None:
    """Tell which generator made a sample; None where there is none."""
    truth = sample / "truth.json"
    return json.loads(truth.read_text(encoding="utf-8")).get("made_by") if truth.is_file() else None


def require_own(sample: Path) -> None:
    """Refuse a sample of another generator."""
    if made_by(sample) != generator():
        sys.exit(f"{sample} is made by another version of twentegeo sample: make it anew, or leave --sample out")


def find(sample: Path, folder: Path) -> Inputs:
    """Name the files of a sample."""
    return Inputs(
        folder=folder,
        bag=next((sample / "bag").glob("*.zip")),
        parcels=next((sample / "brk").glob("*.zip")),
        energy_labels=next((sample / "ep-online").glob("*csv.zip")),
        neighbourhoods=next((sample / "cbs").glob("*.gpkg")),
        ownership=tuple(sorted((sample / "corporaties").iterdir())),
        day=delivery_day(next((sample / "bag").glob("*.zip"))).isoformat(),
    )


def prepare(inputs: Inputs, *, larger: bool, second: bool) -> None:
    """Make what is not there yet; all of it anew when the extract is newer."""
    mark = inputs.folder / "made-from.txt"
    stated = f"{inputs.bag} {inputs.bag.stat().st_size} {inputs.bag.stat().st_mtime_ns}"
    if mark.is_file() and mark.read_text(encoding="utf-8") != stated:
        made = (inputs.unpacked, inputs.prepared, inputs.outputs, inputs.fewer_labels.parent, inputs.second)
        for old in (*made, inputs.daily, inputs.daily_outputs, inputs.extract_outputs):
            shutil.rmtree(old, ignore_errors=True)
        inputs.larger.unlink(missing_ok=True)
    inputs.folder.mkdir(parents=True, exist_ok=True)
    mark.write_text(stated, encoding="utf-8")
    _unpack(inputs)
    _drop_a_label(inputs)
    for name, labels in (("night", inputs.energy_labels), ("changed", inputs.fewer_labels)):
        text = settings(inputs, labels=labels, outputs=inputs.outputs)
        (inputs.folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    if second:
        _deliver_again(inputs)
    own = settings(inputs, labels=inputs.energy_labels, outputs=inputs.prepared / "outputs")
    (inputs.folder / "prepare.yaml").write_text(own, encoding="utf-8")
    # in a process of its own: what watches the contenders stays small
    subprocess.run([sys.executable, "-m", "benchmarks.jobs.prepare", str(inputs.folder)], check=True)
    if larger and not inputs.larger.is_file():
        print(f"making an extract {TIMES} times as large", flush=True)
        write_larger(inputs.bag, inputs.larger, times=TIMES, woonplaats=ELSEWHERE)


def _deliver_again(inputs: Inputs) -> None:
    """Make the second delivery, and the settings of a night that takes its labels, or its labels and its BAG."""
    stated = json.loads((inputs.bag.parents[1] / "truth.json").read_text(encoding="utf-8"))
    if made_by(inputs.second) != generator():
        shutil.rmtree(inputs.second, ignore_errors=True)
        print(f"making a second delivery in {inputs.second}", flush=True)
        asked = {"scale": stated["scale"], "seed": stated["seed"], "mutations": CHANGED_SHARE, "only": CHANGED}
        options = [text for name, value in asked.items() for text in (f"--{name}", str(value))]
        subprocess.run([Path(sys.executable).with_name("twentegeo"), "sample", inputs.second, *options], check=True)
    later = find(inputs.second, inputs.folder)
    for name, bag in (("labels-of-one", inputs.bag), ("both-of-one", later.bag)):
        text = settings(inputs, labels=later.energy_labels, outputs=inputs.outputs, bag={"path": str(bag)})
        (inputs.folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def _unpack(inputs: Inputs) -> None:
    if inputs.unpacked.is_dir():
        return
    inputs.unpacked.mkdir(parents=True)
    with zipfile.ZipFile(inputs.bag) as outer:
        for name in outer.namelist():
            if any(kind in name for kind in ("PND", "VBO", "NUM")):
                outer.extract(name, inputs.unpacked)


def _drop_a_label(inputs: Inputs) -> None:
    target = inputs.fewer_labels
    if target.is_file():
        return
    target.parent.mkdir(parents=True)
    with zipfile.ZipFile(inputs.energy_labels) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            lines = old.read(name).splitlines(keepends=True)
            new.writestr(name, b"".join(lines[:-1]) if name.endswith(".csv") else b"".join(lines))
