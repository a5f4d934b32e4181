"""The news agencies and feeds that credits name, read from ``agencies.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

#: Types of suppliers: an agency, a feed of several agencies, press releases.
Kind = Literal["agency", "feed", "press"]


@dataclass(frozen=True, slots=True)
class Agency:
    """A news agency, a feed or a press release service, and how credits write it.

    Attributes
    ----------
    name : str
        Its name in results.
    aliases : tuple of str
        Names that mean the agency wherever a credit may occur.
    strict : tuple of str
        Names with other meanings too, which count only in brackets and similar places.
    languages : tuple of str
        ISO 639-1 codes of the languages that it writes in.
    kind : {"agency", "feed", "press"}
    spoken : bool
        Whether strict names mean the agency in running text too.
    letters : str
        In a text with one of these letters, a strict name also counts alone on a line.
    """

    name: str
    aliases: tuple[str, ...]
    strict: tuple[str, ...]
    languages: tuple[str, ...]
    kind: Kind = "agency"
    spoken: bool = False
    letters: str = ""


@cache
def agencies() -> tuple[Agency, ...]:
    """Return all agencies of the data file.

    Examples
    --------
    >>> [agency.aliases[:2] for agency in agencies() if agency.name == "PTI"]
    [('PTI', 'Press Trust of India')]
    """
    return tuple(
        Agency(
            entry["name"],
            tuple(entry["aliases"]),
            tuple(entry.get("strict", ())),
            tuple(entry["languages"]),
            entry.get("kind", "agency"),
            entry.get("spoken", False),
            entry.get("letters", ""),
        )
        for entry in read_data("agencies.toml")["agency"]
    )


@cache
def generic_names() -> tuple[str, ...]:
    """Return words that mean agencies without naming one, such as "agencies" or "وكالات"."""
    return tuple(read_data("agencies.toml")["generic"])


def read_data(name: str) -> dict[str, Any]:
    """Read one of the TOML files beside this module."""
    return tomllib.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))
