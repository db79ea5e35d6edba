"""What the manual says of the score is what the program computes."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from twentegeo.figures import load_reference
from twentegeo.priority.two_axes import AxesParams, two_axes
from twentegeo.publish.project.themes import THEMES
from twentegeo.publish.project.tree import CLOSE, GROUPS

SECTION = "## De score uitgelegd"


@pytest.fixture(scope="module")
def told(repository: Path) -> str:
    text = (repository / "docs" / "handleiding.md").read_text(encoding="utf-8")
    return text.split(SECTION + "\n")[1].split("\n## ")[0]


def number(text: str) -> float:
    return float(text.replace(",", "."))


def test_class_scores_are_those_of_the_program(told: str, repository: Path) -> None:
    scores = load_reference(repository / "config").energy.class_score
    sentence = re.search(r"A 32.*?G 100\.", told, re.DOTALL)
    assert sentence
    pairs = re.findall(r"\b([A-G]) (\d+(?:,\d)?)", sentence.group())
    assert {letter: number(score) for letter, score in pairs} == scores.loc[list("ABCDEFG")].to_dict()


def test_limits_are_those_of_the_program(told: str, repository: Path) -> None:
    norms = load_reference(repository / "config").norms
    indicators = {
        "energie": "score_energie",
        "levensloop": "score_levensloop",
        "vergrijzing: 65-plus": "aandeel_65plus",
        "vergrijzing: alleenwonend": "aandeel_eenpersoons",
        "vergrijzing: mismatch": "mismatch",
    }
    limits_table = told[told.index("| pijler | wordt 0") :]
    for title, indicator in indicators.items():
        line = next(line for line in limits_table.splitlines() if line.startswith(f"| {title} |"))
        lower, upper = (re.search(r"\d+(?:,\d)?", cell) for cell in line.split("|")[2:4])
        assert lower
        assert upper
        assert (number(lower.group()), number(upper.group())) == norms.limits("gebied", indicator)


def test_the_worked_example_adds_up(told: str, repository: Path) -> None:
    norms = load_reference(repository / "config").norms
    energie = re.search(r"\| energie \| (\d+,\d) \|", told)
    levensloop = re.search(r"\| levensloop \| (\d+,\d) \|", told)
    people = re.search(r"\| vergrijzing \| (\d+)% 65-plus, (\d+)% alleenwonend, mismatch (\d+,\d) \|", told)
    outcome = re.search(r"= \*\*(\d+,\d)\*\*\. Rekenkundig zou het (\d+,\d) zijn", told)
    assert energie
    assert levensloop
    assert people
    assert outcome
    area = pd.DataFrame(
        {
            "score_energie": [number(energie[1])],
            "score_levensloop": [number(levensloop[1])],
            "aandeel_65plus": [number(people[1])],
            "aandeel_eenpersoons": [number(people[2])],
            "mismatch": [number(people[3])],
        }
    )
    blended = two_axes(area, "gebied", norms, AxesParams()).scores.iloc[0]
    assert blended["score_prioriteit"] == pytest.approx(number(outcome[1]), abs=0.06)
    assert blended["score_rekenkundig"] == pytest.approx(number(outcome[2]), abs=0.06)
    assert blended["kwadrant"] == "beide urgent"


def test_the_manual_names_every_theme_and_group_of_the_project(repository: Path) -> None:
    text = (repository / "docs" / "handleiding.md").read_text(encoding="utf-8")
    section = text.split("## Het QGIS-project\n")[1].split("\n## ")[0]
    cells = {name for line in section.splitlines() if line.startswith("| ") for name in line.split("|")[1].split(",")}

    assert {name.strip() for name in cells} >= {theme.name for theme in THEMES}
    assert all(group.name in section for group in GROUPS)
    assert f"1:{CLOSE:,}".replace(",", ".") in section
