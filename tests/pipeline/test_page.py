"""The planner's page as part of a night, and made again on a release that stands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from twentegeo.errors import ReleaseError
from twentegeo.pipeline import page, products
from twentegeo.pipeline.progress import LogProgress
from twentegeo.priority.two_axes import geometric
from twentegeo.publish.release import manifest_of

if TYPE_CHECKING:
    from twentegeo.pipeline.command import Published
    from twentegeo.settings import Settings


def test_a_night_makes_the_page_of_its_own_release(first_release: Published):
    facts = json.loads((first_release.folder / "site/data/site.json").read_text(encoding="utf-8"))

    assert facts["run_id"] == first_release.folder.name
    assert facts["opmerking"] == "VOORBEELD: fictieve gegevens"
    counted = first_release.manifest["lagen"]
    assert facts["lagen"] == {name: counted[name] for name in facts["lagen"]}
    assert {"site/index.html", "site/data/woningen.pmtiles"} <= set(first_release.manifest["bestanden"])


def test_published_pillars_and_weights_give_the_published_score(first_release: Published, sample_settings: Settings):
    """What the sliders start from: at the published weights the page shows the published score."""
    site = first_release.folder / "site/data"
    facts = json.loads((site / "site.json").read_text(encoding="utf-8"))
    areas = json.loads((site / "gebieden.json").read_text(encoding="utf-8"))
    weights = facts["weging"]["partijen"][facts["weging"]["leidend"]]

    for kind in ("gemeente", "wijk", "buurt"):
        rows = pd.DataFrame(areas[kind]["rijen"], columns=areas[kind]["kolommen"])
        names = facts["pijlers"][kind]
        known = rows.dropna(subset=[*(f"pijler_{name}" for name in names), "score_prioriteit"])
        share = np.array([weights[name] for name in names])
        values = known[[f"pijler_{name}" for name in names]].to_numpy(dtype=float)
        again = geometric(values, share / share.sum(), sample_settings.axes.verschuiving)
        assert len(known)
        np.testing.assert_allclose(again, known["score_prioriteit"].to_numpy(dtype=float), atol=0.02)


def test_the_page_is_made_again_in_place(sample_settings: Settings, first_release: Published):
    site = first_release.folder / page.FOLDER
    before = {path.name: path.read_bytes() for path in (site / "data").iterdir() if path.is_file()}
    (site / "oud.txt").write_text("van een vorige keer", encoding="utf-8")

    folder, sizes = products.site(sample_settings, LogProgress())

    newest = products.newest(sample_settings).folder
    assert folder == newest / page.FOLDER
    assert set(sizes) == {"pagina", "tegels", "gegevens", "zoeken"}
    assert not [path for path in newest.iterdir() if path.name.startswith(".")]
    if newest == first_release.folder:  # no other test has released since
        assert not (site / "oud.txt").exists()
        assert {path.name: path.read_bytes() for path in (site / "data").iterdir() if path.is_file()} == before
    assert all((newest / name).is_file() for name in manifest_of(newest)["bestanden"])


@pytest.mark.usefixtures("first_release")
def test_a_page_that_fails_leaves_the_old_one(sample_settings: Settings, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    site = products.newest(sample_settings).folder / page.FOLDER
    before = sorted(path.name for path in site.rglob("*"))
    monkeypatch.setattr("twentegeo.publish.site.make.write_tiles", full)

    with pytest.raises(ReleaseError, match="de schijf is vol"):
        products.site(sample_settings, LogProgress())
    assert sorted(path.name for path in site.rglob("*")) == before
    assert not [path for path in site.parent.iterdir() if path.name.startswith(".")]
