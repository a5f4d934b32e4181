"""Records whose fields are all at the top level: read by name alone, without a plan for each record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dedup.errors import FieldError
from dedup.reading.fields import FieldMapping, Row, Selector
from dedup.reading.guesses import FIELDS, GUESSES
from dedup.reading.paths import canonical

#: For every field of an article, the names in a record to try, best first.
FlatNames = Mapping[str, tuple[str, ...]]


def flat_names(named: Mapping[str, tuple[str, ...]] | None = None) -> FlatNames:
    """Return the guessed names, overridden by those in `named`.

    Examples
    --------
    >>> flat_names({"text": ("story",)})["text"]
    ('story',)
    """
    return {**GUESSES, **(named or {})}


def flat_row(record: Mapping[str, Any], names: FlatNames) -> Row | None:
    """Return the fields of a record by `names`, or None if the record needs a closer look.

    The kernel of `dedup.reading.json_columns` does the same with a line.

    Examples
    --------
    >>> flat_row({"Text": "One.", "date": 1700000000}, flat_names())["published"]
    '@1700000000'
    """
    by_name: dict[str, Any] = {}
    for key, value in record.items():
        if (name := canonical(key)) in by_name:
            return None
        by_name[name] = value
    row: Row = {}
    for field in FIELDS:
        value = None
        for name in names[field]:
            found = by_name.get(canonical(name))
            if found is None or (field != "text" and found == ""):
                continue
            if value is None:
                value = found
            if field != "credit_lines":
                break
            if value is not found:
                return None  # several lines are joined
        if isinstance(value, bool | list | dict) or (field == "text" and not isinstance(value, str)):
            return None
        if field == "published" and isinstance(value, int | float):
            row[field] = f"@{value}"
        elif isinstance(value, float):
            return None
        else:
            row[field] = value if value is None else str(value)
    return row


def names_that_suffice(records: Sequence[Mapping[str, Any]], selector: Selector) -> FlatNames | None:
    """Return names by which all these records can be read at the top level alone, or None.

    Parameters
    ----------
    records : sequence of mapping
        The first records of a file, or of a part of it.
    selector : Selector
        Determines the right values.
    """
    for record in records:
        selector.choose_preset(record)
    names = _names(selector.mapping, selector)
    if names is None:
        return None
    for record in records:
        try:
            if flat_row(record, names) != selector.select(record):
                return None
        except FieldError:
            return None
    return names


def _names(mapping: FieldMapping, selector: Selector) -> FlatNames | None:
    if mapping.records:
        return None
    names = dict(GUESSES)
    preset = selector.preset
    if preset is not None and preset.parts:
        return None
    if preset is not None:
        for field, paths in preset.paths.items():
            if not all(path.is_flat for path in paths):
                return None
            names[field] = tuple(dict.fromkeys([*(path.text for path in paths), *names[field]]))
        names.update(dict.fromkeys(preset.withheld, ()))
    for field, paths in mapping.named.items():
        if not all(path.is_flat for path in paths):
            return None
        names[field] = tuple(path.text for path in paths)
    return names
