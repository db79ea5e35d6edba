from __future__ import annotations

from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from twentegeo.errors import SettingsError
from twentegeo.priority.two_axes import AxesParams
from twentegeo.publish.classes import ClassTables, load_classes, parse_classes
from twentegeo.tables.columns.label import KLASSEN, LABEL_STATUSSEN
from twentegeo.tables.columns.ranking import KWADRANTEN
from twentegeo.tables.layers import MAP_LAYERS

if TYPE_CHECKING:
    from pathlib import Path

    from twentegeo.tables.contract import Table

# G. Machado, M. Oliveira, L. Fernandes, A physiologically-based model for simulation of color vision deficiency
# (2009), full severity, on linear RGB
SIGHT = {
    "all": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
D65 = np.array([0.95047, 1.0, 1.08883])
NEIGHBOURS = 6.0
"""CIEDE2000 between classes that touch in a legend: well above the 2.3 or so that an eye just tells apart."""
ANY_TWO = 5.0
RAMPS = (
    "prioriteit",
    "energielabel",
    "score_energie",
    "score_levensloop",
    "aandeel_efg",
    "label_dekking",
    "label_verwacht",
    "levensloop_klasse",
    "bouwperiode",
    "kwadrant",
    "twee_assen",
)
"""Class tables of which the colours tell the classes apart; of the others shapes or a hatch do."""
ON_BUILDINGS = {"prioriteit", "energielabel", "score_energie", "score_levensloop", "bouwperiode", "twee_assen"}
"""Those of the layer of buildings, where a building without a dwelling has a colour of its own."""


def lab(colour: str, sight: str) -> np.ndarray:
    """CIELAB of a colour as somebody with this sight sees it."""
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    xyz = XYZ @ np.clip(np.asarray(SIGHT[sight]) @ linear, 0, 1) / D65
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """CIEDE2000."""
    mean_chroma = (np.hypot(*one[1:]) + np.hypot(*other[1:])) / 2
    stretch = 1.5 - 0.5 * np.sqrt(mean_chroma**7 / (mean_chroma**7 + 25**7))
    (l1, a1, b1), (l2, a2, b2) = one * [1, stretch, 1], other * [1, stretch, 1]
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2([b1, b2], [a1, a2])) % 360
    turn = (h2 - h1 + 180) % 360 - 180
    light, chroma, hue = (l1 + l2) / 2, (c1 + c2) / 2, np.radians(h1 + turn / 2)
    weight = (
        1
        - 0.17 * np.cos(hue - np.radians(30))
        + 0.24 * np.cos(2 * hue)
        + 0.32 * np.cos(3 * hue + np.radians(6))
        - 0.20 * np.cos(4 * hue - np.radians(63))
    )
    degrees = np.degrees(hue) % 360
    twist = -2 * np.sqrt(chroma**7 / (chroma**7 + 25**7))
    twist *= np.sin(np.radians(60 * np.exp(-(((degrees - 275) / 25) ** 2))))
    dl = (l2 - l1) / (1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2))
    dc = (c2 - c1) / (1 + 0.045 * chroma)
    dh = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2)) / (1 + 0.015 * chroma * weight)
    return float(np.sqrt(dl**2 + dc**2 + dh**2 + twist * dc * dh))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [  # from the test data of Sharma, Wu and Dalal (2005)
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_measure_of_colour_difference_is_right(one: tuple[float, ...], other: tuple[float, ...], expected: Any):
    assert difference(np.array(one), np.array(other)) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("name", RAMPS)
def test_neighbouring_classes_can_be_told_apart(classes: ClassTables, name: str, sight: str):
    seen = [(item.label, lab(item.colour, sight)) for item in classes[name].legend]

    close = {(a, b): d for (a, x), (b, y) in pairwise(seen) if (d := difference(x, y)) < NEIGHBOURS}
    assert not close


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("name", RAMPS)
def test_no_two_classes_look_the_same(classes: ClassTables, name: str, sight: str):
    beside = classes["pand_gebruik"].classes if name in ON_BUILDINGS else ()
    seen = [(item.label, lab(item.colour, sight)) for item in (*classes[name].legend, *beside)]

    close = {(a, b): d for (a, x), (b, y) in combinations(seen, 2) if (d := difference(x, y)) < ANY_TWO}
    assert not close


def test_a_green_to_red_without_thought_would_be_caught():
    green, red = lab("#6f9a3c", "deutan"), lab("#a9862f", "deutan")

    assert difference(green, red) < NEIGHBOURS


@pytest.mark.parametrize("name", ["prioriteit", "score_energie", "score_levensloop", "aandeel_efg", "label_dekking"])
def test_more_is_darker(classes: ClassTables, name: str):
    lightness = [lab(item.colour, "all")[0] for item in classes[name].classes]

    assert lightness == sorted(lightness, reverse=True)


def test_unknown_is_grey_and_never_the_lowest_class(classes: ClassTables):
    tables = [table for table in classes.values() if table.unknown]

    assert len(tables) >= 8
    for table in tables:
        colour = table.unknown.colour
        assert colour[1:3] == colour[3:5] == colour[5:7], table.name
        assert colour not in {item.colour for item in table.classes}, table.name


def test_the_corners_of_both_axes_are_the_quadrants(classes: ClassTables):
    """And an axis is high from the very score from which its need counts as urgent."""
    corners = {"hoog-hoog": 0, "hoog-laag": 1, "laag-hoog": 2, "laag-laag": 3}

    for pair, place in corners.items():
        assert classes["twee_assen"].colour_of(pair) == classes["kwadrant"].colour_of(KWADRANTEN[place])
    limits = AxesParams()
    assert classes["as_energie_gebied"].classes[-1].lower == limits.drempel_gebied.energie
    assert classes["as_energie_woning"].classes[-1].lower == limits.drempel_woning.energie
    assert classes["as_levensloop"].classes[-1].lower == limits.drempel_gebied.levensloop
    assert classes["as_levensloop"].classes[-1].lower == limits.drempel_woning.levensloop


@pytest.mark.parametrize("table", MAP_LAYERS, ids=lambda table: table.name)
def test_every_value_of_a_closed_list_has_its_line_in_the_legend(classes: ClassTables, table: Table):
    for column in table.columns:
        if column.options and column.name in classes:
            known = {value for item in classes[column.name].classes for value in item.values}
            unknown = {"onbekend"} if classes[column.name].unknown else set()
            assert set(column.options) == known | (unknown & set(column.options)), column.name


def test_every_registered_class_has_a_colour(classes: ClassTables):
    known = [value for item in classes["energielabel"].classes for value in item.values]

    assert sorted(known) == sorted(KLASSEN)
    assert classes["energielabel"].colour_of("A+++++") == classes["energielabel"].colour_of("A++++")
    assert [item.values for item in classes["label_status"].classes] == [(value,) for value in LABEL_STATUSSEN]
    with pytest.raises(KeyError):
        classes["energielabel"].colour_of("A0")


def test_scores_from_0_to_100_all_have_a_class_and_a_limit_belongs_to_the_class_above(classes: ClassTables):
    table = classes["prioriteit"]
    places = table.place(np.array([0, 39.99, 40, 79.99, 80, 100, np.nan]))

    assert [table.legend[i].label for i in places] == [
        "minder dan 40",
        "minder dan 40",
        "40 tot 50",
        "75 tot 80",
        "80 en meer",
        "80 en meer",
        "onbekend",
    ]


GOOD = """klassentabel,waarde,ondergrens,bovengrens,etiket,kleur,bron
prioriteit,,0,50,laag,#ffffff,x
prioriteit,,50,,hoog,#000000,x
energielabel,A,,,A,#00ff00,x
pand_gebruik,nee,,,zonder,#eeeeee,x
label_status,geldig,,,geldig,#111111,x
"""


FOUR = ("prioriteit", "energielabel", "pand_gebruik", "label_status")


def test_the_example_itself_is_accepted():
    tables = parse_classes(GOOD, "klassen.csv", FOUR)

    assert [item.label for item in tables["prioriteit"].legend] == ["laag", "hoog"]
    assert tables["prioriteit"].unknown is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("prioriteit,,50,,hoog", "prioriteit,,60,,hoog", "'laag' en 'hoog' sluiten niet aan"),
        ("prioriteit,,0,50", "prioriteit,,0,", "'laag' en 'hoog' sluiten niet aan"),
        ("#00ff00", "groen", "regel 4: etiket of kleur ontbreekt"),
        ("A,,,A,", "A,,,,", "regel 4: etiket of kleur ontbreekt"),
        ("prioriteit,,0,50", "prioriteit,,nul,50", "regel 2: een grens is geen getal"),
        ("etiket,", "label,", "etiket ontbreken"),
        ("pand_gebruik,nee,,,zonder,#eeeeee,x\n", "", "pand_gebruik ontbreken"),
    ],
)
def test_a_broken_class_table_is_one_clear_line(old: str, new: str, message: str):
    with pytest.raises(SettingsError, match=message) as caught:
        parse_classes(GOOD.replace(old, new), "klassen.csv", FOUR)
    assert str(caught.value).startswith("klassen.csv: ")


def test_a_folder_without_class_tables_is_one_clear_line(tmp_path: Path):
    with pytest.raises(SettingsError, match=r"klassen\.csv: niet te lezen"):
        load_classes(tmp_path)
