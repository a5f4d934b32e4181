"""What files are called: sources for text files that name none, and stems that ids are made of."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from pathlib import Path

from dedup.reading.file_kinds import ENDINGS_OF_COMPRESSION
from dedup.reading.formats import formats
from dedup.reading.input_file import InputFile


def with_sources(files: list[InputFile]) -> tuple[list[InputFile], list[str]]:
    """Give text files without a named source their folder's name, if there are several folders."""
    nameless = [file for file in files if _is_text(file) and not file.given.get("source")]
    if not nameless:
        return files, []
    folders = {file.path.resolve().parent for file in files if _is_text(file) and file.path}
    if len(folders) < 2:
        return files, ["no source is named: every text file counts as a source of its own"]
    named = [
        replace(file, given={**file.given, "source": printable(file.path.resolve().parent.name)})
        if file.path and _is_text(file) and not file.given.get("source")
        else file
        for file in files
    ]
    return named, ["no source is named for the text files: each one's folder counts as its source"]


def _is_text(file: InputFile) -> bool:
    """Whether the file holds one article and contains nothing that names the source."""
    return formats()[file.format].anonymous


def with_stems(files: list[InputFile]) -> tuple[list[InputFile], list[str]]:
    """Give each file a unique stem: its name without suffixes, or as much more of it as necessary."""
    texts = _stems([file for file in files if file.is_single])
    others = _stems([file for file in files if not file.is_single])
    stems = {**texts, **others}
    notes = []
    if any(stems[file.name] != _stem(file, 0) for file in files if "id" not in file.given):
        notes = ["several files share a name: the ids made from it carry the ending or the folder too"]
    return [replace(file, stem=stems[file.name]) for file in files], notes


def _stems(files: list[InputFile]) -> dict[str, str]:
    stems = {file.name: _stem(file, 0) for file in files}
    deepest = max((len(_resolved(file).parts) for file in files if file.path or file.remote), default=0)
    for level in range(1, 2 * deepest):
        counts = Counter(stems.values())
        shared = [file for file in files if counts[stems[file.name]] > 1]
        if not shared:
            break
        stems.update({file.name: _stem(file, level) for file in shared})
    return stems


def _resolved(file: InputFile) -> Path:
    if file.remote is not None:
        return Path("/") / file.remote.place
    assert file.path is not None
    return file.path.resolve() / file.member if file.member else file.path.resolve()


def _stem(file: InputFile, level: int) -> str:
    """Return ``1``, ``1.txt``, ``bbc/1``, ``bbc/1.txt``, ``news/bbc/1``, ... for the levels 0, 1, 2, ..."""
    if file.path is None and file.remote is None:
        return "stdin"
    parts = _resolved(file).parts[-(level // 2 + 1) :]
    name = Path(parts[-1])
    if level % 2 == 0:
        told = name.suffix.lower() in ENDINGS_OF_COMPRESSION
        name = Path(name.stem if file.compression or told else name.name)
        name = name.with_suffix("") if name.suffix else name
    return printable("/".join([*parts[:-1], name.name]))


def printable(path: str | Path) -> str:
    """Return the path, with bytes that are not UTF-8 (the system allows them in names) as escapes."""
    return os.fsencode(path).decode(errors="backslashreplace")
