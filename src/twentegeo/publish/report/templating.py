"""The templates: autoescape always on, and a name that is not there is an error, not an empty spot."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import Final

import jinja2

from twentegeo.publish import dutch
from twentegeo.publish.report import moments

_PACKAGE: Final = "twentegeo.publish.report"


@cache
def environment() -> jinja2.Environment:
    """
    Open the templates.

    Returns
    -------
    environment
        With the filters that write numbers, dates and sizes in Dutch.
    """
    made = jinja2.Environment(
        loader=jinja2.PackageLoader(_PACKAGE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        getal=dutch.number,
        verschil=dutch.signed,
        procent=dutch.percentage,
        datum=dutch.date,
        omvang=dutch.size,
        duur=dutch.span,
        opsomming=dutch.listing,
        moment=moments.local,
    )
    return made


@cache
def style() -> tuple[str, str]:
    """
    Read the style sheet.

    Returns
    -------
    sheet, digest
        Its text, and its SHA-256 in base64: the page's security policy admits this style and no other.
    """
    sheet = (resources.files(_PACKAGE) / "templates" / "rapport.css").read_text(encoding="utf-8")
    return sheet, base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
