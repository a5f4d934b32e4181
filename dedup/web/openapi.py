"""The OpenAPI document, made from the records' table of columns, so that the two always agree."""

from __future__ import annotations

from functools import cache
from typing import Any

from dedup import __version__
from dedup.web.openapi_paths import PATHS
from dedup.web.openapi_schemas import schemas


@cache
def document() -> dict[str, Any]:
    """Return the document.

    Examples
    --------
    >>> document()["openapi"], "/api/check" in document()["paths"]
    ('3.1.0', True)
    """
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "dedup desk",
            "version": __version__,
            "description": "What a text shares with the articles of an index, and what editors decided.",
        },
        "security": [{}, {"token": []}],
        "paths": PATHS,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": schemas(),
        },
    }
