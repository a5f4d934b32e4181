"""``manifest.csv``: metadata of the text files beside it."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dedup.errors import FieldError, InputError
from dedup.reading.fields import FIELDS
from dedup.reading.rejects import file_fault

_NAME = "manifest.csv"
_FIELDS = tuple(name for name in FIELDS if name != "text")


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest's rows.

    Attributes
    ----------
    path : Path
    files : tuple of Path
        The text files that it names, in its order.
    rows : dict of str to dict
        For each of them, by its real path, the fields of the article that have a value.
    """

    path: Path
    files: tuple[Path, ...]
    rows: dict[str, dict[str, str]]

    def given(self, path: Path) -> dict[str, str] | None:
        """Return what it says about a file; None if it does not list the file."""
        return self.rows.get(os.path.realpath(path))


def manifest_above(path: Path, top: Path) -> Path | None:
    """Return the nearest ``manifest.csv`` with a column `file` in the file's folder or above, up to `top`."""
    for folder in path.parents:
        candidate = folder / _NAME
        if candidate.is_file() and _lists_files(candidate):
            return candidate
        if folder == top:
            return None
    return None


def read_manifest(path: Path) -> Manifest:
    """Read a manifest: a CSV with a column `file`; `id`, `source`, `title`, `url`, ... are optional.

    Raises
    ------
    InputError
        The manifest is not UTF-8, names a file that does not exist or is not a text file, or repeats one.
    FieldError
        A row does not name a file.
    """
    files: list[Path] = []
    rows: dict[str, dict[str, str]] = {}
    for line, row in _rows(path):
        try:
            listed = _listed(path, row.get("file") or "")
            key = os.path.realpath(listed)
            if key in rows:
                raise InputError(f"lists {row['file']} a second time; keep one row")
        except InputError as error:
            raise type(error)(error.reason, file=str(path), line=line) from error
        files.append(listed)
        rows[key] = {field: row[field] for field in _FIELDS if row.get(field)}
    return Manifest(path, tuple(files), rows)


def _listed(manifest: Path, name: str) -> Path:
    if not name.strip():
        raise FieldError("the column file is empty; name a text file")
    listed = manifest.parent / name.strip()
    if not listed.is_file():
        raise InputError(f"lists {name}, which is not there; take the row out or bring the file")
    if not name.strip().lower().endswith((".txt", ".txt.gz", ".txt.zst")):
        raise InputError(
            f"lists {name}, which is not a text file; its name must end in .txt, .txt.gz or .txt.zst"
        )
    return listed


def _lists_files(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
            return "file" in next(csv.reader(lines), [])
    except OSError as error:
        raise file_fault(error, str(path)) from error


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"byte 0x{error.object[error.start]:02X} at offset {error.start} is not UTF-8; save it as UTF-8",
            file=str(path),
        ) from error
    except OSError as error:
        raise file_fault(error, str(path)) from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    line = 2
    try:
        for row in reader:
            if None in row:
                raise InputError(
                    f"the row has more columns than the header ({len(reader.fieldnames or ())}); "
                    "put a value that holds commas in double quotes",
                    file=str(path),
                    line=line,
                )
            yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"is not a valid CSV file ({error})", file=str(path), line=line) from error
