"""From what the user names (files, folders, patterns, ``-``) to the list of files that will be read."""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from dedup.errors import InputError
from dedup.reading.manifest import Manifest, manifest_above, read_manifest
from dedup.reading.rejects import file_fault

Format = Literal["text", "jsonl", "json", "csv", "tsv", "parquet"]
Compression = Literal["gzip", "zstd"]

_FORMATS: dict[str, Format] = {
    ".txt": "text",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
}
_COMPRESSIONS: dict[str, Compression] = {".gz": "gzip", ".zst": "zstd"}
_ENDINGS = f"{', '.join(_FORMATS)} (all but .parquet also with .gz or .zst)"
_STDIN = "-"


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file to read.

    Attributes
    ----------
    name : str
        As the user gave it, for messages; ``"-"`` is standard input.
    path : Path or None
        None for standard input.
    format : str
    compression : {"gzip", "zstd"} or None
    stem : str
        What ids are made of: the name without its endings, with folders before it where several files of
        the run would else share one.
    given : mapping of str to str
        For a text file: what its manifest says of it, by the fields of an article; and `source`, the
        folder's name, where the run's text files lie in several folders.
    """

    name: str
    path: Path | None
    format: Format
    compression: Compression | None = None
    stem: str = ""
    given: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Search:
    """What expanding the inputs has found so far."""

    report: Callable[[InputError], None]
    files: dict[str, InputFile] = field(default_factory=dict)
    manifests: dict[Path, Manifest | None] = field(default_factory=dict)
    beside: int = 0
    unlisted: int = 0
    unknown: int = 0
    repeated: int = 0


def expand(
    inputs: Sequence[str | Path], report: Callable[[InputError], None]
) -> tuple[list[InputFile], list[str]]:
    """List the files that the inputs stand for.

    Parameters
    ----------
    inputs : sequence of str or Path
        Files, folders (read with all their sub-folders, in the order of their names), patterns with ``*``,
        ``?``, ``[...]`` or ``**``, and ``"-"`` for JSON lines on standard input. Hidden files and folders
        within a folder are passed over, as are files with endings that are not read.
    report : callable
        Takes the error where an input stands for nothing that can be read; it may raise it.

    Returns
    -------
    files : list of InputFile
        Each file once, however often it is named.
    notes : list of str
        What was left out, and how sources and ids were chosen.
    """
    search = _Search(report)
    for one in inputs:
        try:
            _take(os.fspath(one), search)
        except InputError as error:
            report(error)
        except OSError as error:
            report(file_fault(error, _printable(one)))
    files, notes = _with_sources(list(search.files.values()))
    files, renamed = _with_stems(files)
    return files, [*_left_out(search), *notes, *renamed]


def _take(name: str, search: _Search) -> None:
    path = Path(name)
    if name == _STDIN:
        search.files[_STDIN] = InputFile(_STDIN, None, "jsonl", stem="stdin")
    elif path.is_dir():
        _take_folder(path, search)
    elif os.path.lexists(path):
        _take_file(path, search, path.parent)
    elif glob.has_magic(name):
        matches = sorted(glob.glob(name, recursive=True))  # noqa: PTH207 - absolute patterns too
        if not matches:
            raise InputError("no file matches the pattern; check it, or name the files", file=name)
        _take_matches([Path(match) for match in matches], "**" in name, search)
    else:
        raise InputError("no such file or directory; check the path", file=name)


def _take_matches(matches: list[Path], deep: bool, search: _Search) -> None:
    # "**" matches folders as well as all that lies in them.
    files = [path for path in matches if path.is_file()]
    known = [path for path in files if _kind(path) is not None]
    search.unknown += len(files) - len(known)
    folders = [] if deep else [path for path in matches if path.is_dir()]
    for path in sorted([*known, *folders]) or files:
        _take(str(path), search)


def _take_folder(folder: Path, search: _Search) -> None:
    before, repeated = len(search.files), search.repeated
    for path in _walk(folder, search):
        if _kind(path) is None:
            search.unknown += path.name != "manifest.csv"
            continue
        try:
            _take_file(path, search, folder, walked=True)
        except InputError as error:
            search.report(error)
    if len(search.files) == before and search.repeated == repeated:
        raise InputError(f"no articles in it: no file ends in {_ENDINGS}", file=str(folder))


def _walk(folder: Path, search: _Search) -> Iterable[Path]:
    def unreadable(error: OSError) -> None:
        search.report(file_fault(error, str(error.filename)))

    for root, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(root, name) for name in sorted(names) if not name.startswith("."))


def _take_file(path: Path, search: _Search, top: Path, *, walked: bool = False) -> None:
    kind = _kind(path)
    if kind is None:
        raise InputError(f"its ending is not one that is read: {_ENDINGS}", file=str(path))
    file = InputFile(_printable(path), path, *kind)
    manifest = _manifest(path, search, top) if kind[0] == "text" or walked or _is_manifest(path) else None
    if manifest is not None and path == manifest.path:
        if not walked:
            for listed in manifest.files:
                _take_file(listed, search, path.parent)
        return
    if manifest is not None and kind[0] != "text":
        search.beside += 1
        return
    if manifest is not None:
        given = manifest.given(path)
        search.unlisted += given is None
        file = replace(file, given=given or {})
    key = os.path.realpath(path)
    search.repeated += key in search.files
    search.files.setdefault(key, file)


def _manifest(path: Path, search: _Search, top: Path) -> Manifest | None:
    """The manifest that speaks of the file: in its folder, or in one above it up to the named folder."""
    found = manifest_above(path, top)
    if found is None:
        return None
    if found not in search.manifests:
        search.manifests[found] = None
        search.manifests[found] = read_manifest(found)
    return search.manifests[found]


def _is_manifest(path: Path) -> bool:
    return path.name == "manifest.csv"


def _kind(path: Path) -> tuple[Format, Compression | None] | None:
    """The format and the compression that a file's endings tell."""
    compression = _COMPRESSIONS.get(path.suffix.lower())
    inner = path.with_suffix("") if compression else path
    kind = _FORMATS.get(inner.suffix.lower())
    return None if kind is None or (compression and kind == "parquet") else (kind, compression)


def _with_sources(files: list[InputFile]) -> tuple[list[InputFile], list[str]]:
    """Give text files without a named source their folder's, where there are several folders."""
    nameless = [file for file in files if file.format == "text" and not file.given.get("source")]
    if not nameless:
        return files, []
    folders = {file.path.resolve().parent for file in files if file.format == "text" and file.path}
    if len(folders) < 2:
        return files, ["no source is named: every text file counts as a source of its own"]
    named = [
        replace(file, given={**file.given, "source": _printable(file.path.resolve().parent.name)})
        if file.path and file.format == "text" and not file.given.get("source")
        else file
        for file in files
    ]
    return named, ["no source is named for the text files: each one's folder counts as its source"]


def _with_stems(files: list[InputFile]) -> tuple[list[InputFile], list[str]]:
    """Give each file a stem of its own: its name without endings, or as much more of it as it takes."""
    texts = _stems([file for file in files if file.format == "text"])
    others = _stems([file for file in files if file.format != "text"])
    stems = {**texts, **others}
    notes = []
    if any(stems[file.name] != _stem(file, 0) for file in files if "id" not in file.given):
        notes = ["several files share a name: the ids made from it carry the ending or the folder too"]
    return [replace(file, stem=stems[file.name]) for file in files], notes


def _stems(files: list[InputFile]) -> dict[str, str]:
    stems = {file.name: _stem(file, 0) for file in files}
    deepest = max((len(file.path.resolve().parts) for file in files if file.path), default=0)
    for level in range(1, 2 * deepest):
        counts = Counter(stems.values())
        shared = [file for file in files if counts[stems[file.name]] > 1]
        if not shared:
            break
        stems.update({file.name: _stem(file, level) for file in shared})
    return stems


def _stem(file: InputFile, level: int) -> str:
    """``1``, ``1.txt``, ``bbc/1``, ``bbc/1.txt``, ``news/bbc/1``, ... for the levels 0, 1, 2, ..."""
    if file.path is None:
        return "stdin"
    parts = file.path.resolve().parts[-(level // 2 + 1) :]
    name = Path(parts[-1])
    if level % 2 == 0:
        name = (name.with_suffix("") if file.compression else name).with_suffix("")
    return _printable("/".join([*parts[:-1], name.name]))


def _printable(path: str | Path) -> str:
    """The path, with bytes that are no UTF-8 (the system allows them in names) as escapes."""
    return os.fsencode(path).decode(errors="backslashreplace")


def _left_out(search: _Search) -> list[str]:
    counted = {
        "given more than once and read once": search.repeated,
        "left out because of an ending that is not read": search.unknown,
        "left out because a manifest beside them lists text files": search.beside,
        "not listed in the manifest beside them, and read without it": search.unlisted,
    }
    return [f"{count} file{'s' * (count > 1)} {what}" for what, count in counted.items() if count]
