"""Decisions as files: JSON lines, and CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from dedup.decisions.record import Decision, decision_of
from dedup.errors import InputError

FileFormat = Literal["jsonl", "csv"]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def written(decisions: Iterable[Decision], format: FileFormat) -> str:  # noqa: A002 - the option's name
    """Return decisions as text; in CSV, a text that looks like a formula gets an apostrophe."""
    records = [each.record() for each in decisions]
    if format == "jsonl":
        return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in records)
    text = io.StringIO()
    names = ["id", "at", "by", "kind", "state", "a", "b", "a_source", "b_source", "note", "until"]
    names += ["undoes", "credit", "a_text", "b_text", "sentences"]
    table = csv.DictWriter(text, names, lineterminator="\r\n")
    table.writeheader()
    for each in records:
        each["sentences"] = "; ".join(each["sentences"])
        table.writerow({name: _guarded(value) for name, value in each.items()})
    return text.getvalue()


def read(text: str, name: str) -> list[Decision]:
    """Read decisions from JSON lines or CSV, whichever format the text has.

    Raises
    ------
    InputError
        A line is not a valid decision; the message names the file and the line.
    """
    text = text.removeprefix("\ufeff")
    if text.lstrip()[:1] in ("{", ""):
        return _from_lines(text, name)
    rows = csv.DictReader(io.StringIO(text, newline=""))
    found = []
    try:
        for row in rows:
            plain = {key: _unguarded(value) for key, value in row.items() if key is not None}
            found.append(_read(plain, name, rows.line_num))
    except csv.Error as error:
        raise InputError(f"broken CSV: {error}", file=name, line=rows.line_num) from error
    return found


def read_file(path: Path) -> list[Decision]:
    """Read a file of decisions. Raises `InputError` if it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise InputError(f"cannot be read ({reason})", file=str(path)) from error
    return read(text, str(path))


def _from_lines(text: str, name: str) -> list[Decision]:
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                record = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise InputError(f"broken JSON: {error}", file=name, line=number) from error
            found.append(_read(record, name, number))
    return found


def _read(record: object, name: str, line: int) -> Decision:
    if not isinstance(record, dict):
        raise InputError("a decision must be an object", file=name, line=line)
    try:
        return decision_of(record)
    except InputError as error:
        raise InputError(str(error), file=name, line=line) from error


def _guarded(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _unguarded(value: object) -> object:
    if isinstance(value, str) and value[:1] == "'" and value[1:].startswith(_FORMULA):
        return value[1:]
    return value
