"""Known forms of records: which keys occur together, and where the fields of an article are found."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from dedup.errors import SettingsError
from dedup.reading.guesses import FIELDS
from dedup.reading.paths import Path, parse_paths, values_at


@dataclass(frozen=True, slots=True)
class Preset:
    """One entry of ``presets.toml``.

    Attributes
    ----------
    name : str
    about : str
        The name of the form in a note.
    keys : tuple of Path
        Paths that a record must have, all of them.
    paths : dict of str to tuple of Path
        Where each field of an article is found.
    withheld : frozenset of str
        Fields that must not be guessed, because the likely names hold something else.
    exactly : bool
        Whether a record of this form has no other keys.
    parts : tuple of Path
        Where the text is stored in parts, which are joined by blank lines.
    """

    name: str
    about: str
    keys: tuple[Path, ...]
    paths: dict[str, tuple[Path, ...]]
    withheld: frozenset[str] = frozenset()
    exactly: bool = False
    parts: tuple[Path, ...] = ()

    def fits(self, record: Mapping[str, Any]) -> bool:
        """Whether the record has the preset's keys."""
        if self.exactly and len(record) != len(self.keys):
            return False
        return all(any(True for _ in values_at(record, path)) for path in self.keys)

    def told(self) -> str:
        """Return the mapping in the form of a note."""
        told = [f"text={' and '.join(path.text for path in self.parts)}"] if self.parts else []
        told += [
            f"{field}={'|'.join(path.text for path in self.paths[field])}"
            for field in FIELDS
            if field in self.paths
        ]
        return ", ".join(told)


@cache
def presets() -> dict[str, Preset]:
    """Return all presets by name, in the order in which they are tried."""
    table = tomllib.loads(files("dedup.reading").joinpath("presets.toml").read_text("utf-8"))
    return {name: _preset(name, entry) for name, entry in table.items()}


def preset_named(name: str) -> Preset:
    """Return the preset with a name. Raises `SettingsError` for an unknown one.

    Examples
    --------
    >>> preset_named("newsapi").paths["source"][0].text
    'source.name'
    """
    known = presets()
    if name not in known:
        raise SettingsError(f"preset is {name!r}; it must be one of {', '.join(sorted(known))}")
    return known[name]


def preset_of(record: Mapping[str, Any]) -> Preset | None:
    """Return the first preset whose keys the record has.

    Examples
    --------
    >>> preset_of({"maintext": "…", "source_domain": "dawn.example", "date_publish": None}).name
    'news-please'
    """
    return next((preset for preset in presets().values() if preset.fits(record)), None)


def _preset(name: str, entry: Mapping[str, Any]) -> Preset:
    return Preset(
        name,
        entry["about"],
        tuple(parse_paths(key)[0] for key in entry["keys"]),
        {field: parse_paths(entry[field]) for field in FIELDS if entry.get(field)},
        frozenset(field for field in FIELDS if entry.get(field) == ""),
        entry.get("exactly", False),
        tuple(parse_paths(part)[0] for part in entry.get("parts", ())),
    )
