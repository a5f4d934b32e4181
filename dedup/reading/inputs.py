"""From the user's inputs (files, folders, patterns, ``-``) to the list of files to read."""

from __future__ import annotations

import glob
import io
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa

from dedup.errors import InputError
from dedup.reading.archives import Archives, is_archive
from dedup.reading.compression import compression_of, head_of
from dedup.reading.file_kinds import (
    ARCHIVE,
    head_and_compression,
    is_mark,
    kind_of,
    partition_of,
    plain_name,
)
from dedup.reading.formats import endings
from dedup.reading.input_file import InputFile
from dedup.reading.manifest import Manifest, manifest_above, read_manifest
from dedup.reading.naming import printable, with_sources, with_stems
from dedup.reading.rejects import file_fault
from dedup.reading.remote import is_remote, remote_files, unreachable
from dedup.reading.sniffing import HEAD_BYTES, sniff, zip_format

_STDIN = "-"


@dataclass(slots=True)
class _Search:
    """What expanding the inputs has found so far."""

    report: Callable[[InputError], None]
    archives: Archives
    format: str | None = None
    files: dict[str, InputFile] = field(default_factory=dict)
    manifests: dict[Path, Manifest | None] = field(default_factory=dict)
    beside: int = 0
    unlisted: int = 0
    unknown: int = 0
    repeated: int = 0
    special: int = 0
    nested: int = 0


def expand(
    inputs: Sequence[str | Path],
    report: Callable[[InputError], None],
    archives: Archives | None = None,
    input_format: str | None = None,
) -> tuple[list[InputFile], list[str]]:
    """List the files that the inputs denote.

    Parameters
    ----------
    inputs : sequence of str or Path
        Files, folders (read with all their subfolders, in the order of their names), patterns with ``*``,
        ``?``, ``[...]`` or ``**``, and ``"-"`` for JSON lines on standard input. Hidden files and folders
        within a folder are skipped, as are files with unsupported suffixes. Remote addresses such as
        ``s3://`` and ``https://`` are read where they are.
    report : callable
        Called with the error if an input denotes nothing that can be read; it may raise the error.
    archives : Archives, optional
        Opens zip and tar archives, whose members are read like the files of a folder.
    input_format : str, optional
        Read every file as this format, regardless of its content.

    Returns
    -------
    files : list of InputFile
        Each file once, however often it is named.
    notes : list of str
        What was left out, and how sources and ids were chosen.
    """
    search = _Search(report, archives or Archives(), input_format)
    for one in inputs:
        try:
            _take(os.fspath(one), search)
        except InputError as error:
            report(error)
        except OSError as error:
            report(file_fault(error, printable(one)))
    files, notes = with_sources(list(search.files.values()))
    files, renamed = with_stems(files)
    return files, [*_left_out(search), *notes, *renamed]


def _take(name: str, search: _Search) -> None:
    path = Path(name)
    if name == _STDIN:
        search.files[_STDIN] = InputFile(_STDIN, None, search.format or "jsonl", stem="stdin")
    elif is_remote(name):
        _take_remote(name, search)
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


def _take_remote(address: str, search: _Search) -> None:
    files = remote_files(address)
    for file in files:
        try:
            with file.open() as stored:
                head = stored.read(HEAD_BYTES)
            compression = compression_of(head)
            if compression is not None:
                head = head_of(io.BytesIO(head), compression, HEAD_BYTES)
            if is_archive(head) and zip_format(head) is None:
                _take_members(search.archives.copy_of(file), search, file.name)
                continue
        except (OSError, pa.ArrowException) as error:
            search.report(unreachable(error, file.name))
            continue
        plain = plain_name(Path(file.place), compression)
        format_ = search.format or (zip_format(head) if is_archive(head) else sniff(head, plain))
        if format_ is not None:
            search.repeated += file.name in search.files
            found = InputFile(
                file.name, None, format_, compression, partition=partition_of(Path(file.place)), remote=file
            )
            search.files.setdefault(file.name, found)
        elif len(files) > 1:
            search.unknown += 1
        else:
            search.report(InputError("neither its ending nor its content tells a format", file=file.name))


def _take_matches(matches: list[Path], deep: bool, search: _Search) -> None:
    # "**" matches folders as well as everything inside them.
    files = [path for path in matches if path.is_file()]
    known = [path for path in files if kind_of(path, search.format, walked=True) is not None]
    search.unknown += sum(not is_mark(path) for path in files) - len(known)
    folders = [] if deep else [path for path in matches if path.is_dir()]
    for path in sorted([*known, *folders]) or files:
        _take(str(path), search)


def _take_folder(folder: Path, search: _Search) -> None:
    before, repeated = len(search.files), search.repeated
    for path in _walk(folder, search):
        try:
            if kind_of(path, search.format, walked=True) is None:
                search.unknown += not is_mark(path) and not _is_manifest(path)
                continue
            _take_file(path, search, folder, walked=True)
        except InputError as error:
            search.report(error)
    if len(search.files) == before and search.repeated == repeated:
        known = ", ".join(endings())
        raise InputError(f"no articles in it: no file ends in {known}", file=str(folder))


def _walk(folder: Path, search: _Search) -> Iterable[Path]:
    def unreadable(error: OSError) -> None:
        search.report(file_fault(error, str(error.filename)))

    for root, folders, names in os.walk(folder, onerror=unreadable):
        # A browser saves the parts of page.html in page_files.
        pages = {Path(name).stem for name in names if name.lower().endswith((".html", ".htm"))}
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith((".", "_")) and name.removesuffix("_files") not in pages
        )
        for path in (Path(root, name) for name in sorted(names) if not name.startswith(".")):
            # Reading a pipe or a device in a folder would wait, perhaps forever.
            if path.is_file() or path.is_symlink() or not path.exists():
                yield path
            else:
                search.special += 1


def _take_file(path: Path, search: _Search, top: Path, *, walked: bool = False) -> None:
    kind = kind_of(path, search.format, walked=walked)
    if kind is None:
        known = ", ".join(endings())
        raise InputError(
            f"its ending is not one that is read: {known}; and its content tells no format",
            file=str(path),
        )
    if kind[0] == ARCHIVE:
        _take_members(path, search)
        return
    file = InputFile(printable(path), path, *kind, partition=partition_of(path))
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
    """Return the manifest that covers the file: in its folder, or in one above it up to the named folder."""
    found = manifest_above(path, top)
    if found is None:
        return None
    if found not in search.manifests:
        search.manifests[found] = None
        search.manifests[found] = read_manifest(found)
    return search.manifests[found]


def _is_manifest(path: Path) -> bool:
    return path.name == "manifest.csv"


def _take_members(path: Path, search: _Search, shown: str = "") -> None:
    """Add the files of an archive, like those of a folder; `shown` is its name for messages."""
    before = len(search.files)
    members = list(search.archives.members(path))
    if any(member.name == "datapackage.json" for member in members):
        # A web archive collection holds each page as it was and, in addition, as text.
        stored = [one for one in members if one.name.startswith("archive/")]
        members = stored or [one for one in members if one.name.startswith("pages/")]
    for member in members:
        name = f"{shown or path}/{member.name}"
        inner = Path(member.name)
        if any(part.startswith((".", "__MACOSX")) for part in inner.parts if part not in ("..", ".")):
            continue
        if member.fault is not None:
            search.report(InputError(member.fault, file=printable(name)))
            continue
        try:
            with search.archives.open(path, member.name) as stored_bytes:
                head, compression = head_and_compression(stored_bytes)
        except (OSError, EOFError, RuntimeError, NotImplementedError) as error:
            search.report(file_fault(error, printable(name)))
            continue
        if is_archive(head) and zip_format(head) is None:
            search.nested += 1
            continue
        format_ = search.format or sniff(head, plain_name(inner, compression))
        if format_ is None or is_mark(inner):
            search.unknown += not is_mark(inner)
            continue
        key = f"{os.path.realpath(path)}\0{member.name}"
        search.repeated += key in search.files
        search.files.setdefault(
            key,
            InputFile(
                printable(name), path, format_, compression, member.name, partition=partition_of(Path(name))
            ),
        )
    if len(search.files) == before:
        raise InputError(
            "no articles in it: no file in the archive is one that is read", file=shown or str(path)
        )


def _left_out(search: _Search) -> list[str]:
    counted = {
        "given more than once and read once": search.repeated,
        "left out because they are pipes, sockets or devices": search.special,
        "left out because of an ending that is not read": search.unknown,
        "left out because a manifest beside them lists text files": search.beside,
        "not listed in the manifest beside them, and read without it": search.unlisted,
        "left out because it is an archive in an archive": search.nested,
    }
    return [f"{count} file{'s' * (count > 1)} {what}" for what, count in counted.items() if count]
