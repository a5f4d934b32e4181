"""From the user's inputs (files, folders, patterns, ``-``) to the list of files to read."""

from __future__ import annotations

import glob
import io
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO
from urllib.parse import unquote

import pyarrow as pa

from dedup.errors import InputError
from dedup.reading.archives import Archives, is_archive
from dedup.reading.compression import Compression, compression_of, head_of
from dedup.reading.formats import endings, formats
from dedup.reading.manifest import Manifest, manifest_above, read_manifest
from dedup.reading.rejects import file_fault
from dedup.reading.remote import RemoteFile, is_remote, remote_files, unreachable
from dedup.reading.sniffing import HEAD_BYTES, has_front_matter, sniff, zip_format

_ENDINGS_OF_COMPRESSION = (".gz", ".bz2", ".xz", ".zst", ".zip")
_STDIN = "-"


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file to read.

    Attributes
    ----------
    name : str
        As the user gave it, for messages; ``"-"`` is standard input.
    path : Path or None
        None for standard input and for remote files.
    format : str
        A name in `dedup.reading.formats`.
    compression : {"gzip", "bzip2", "xz", "zstd"} or None
    member : str or None
        Its name in the archive at `path`.
    remote : RemoteFile or None
        The location of a remote file, for which `path` is None.
    stem : str
        The base of ids: the name without its suffixes, preceded by folders if several files of the run would
        otherwise have the same stem.
    given : mapping of str to str
        For a text file: what its manifest says about it, by the fields of an article; and `source`, the
        folder's name, if the run's text files are in several folders.
    partition : mapping of str to str
        Fields given by the names of the folders that contain it, as ``source=Dawn``.
    """

    name: str
    path: Path | None
    format: str
    compression: Compression | None = None
    member: str | None = None
    stem: str = ""
    given: dict[str, str] = field(default_factory=dict)
    partition: dict[str, str] = field(default_factory=dict)
    remote: RemoteFile | None = None

    @property
    def is_single(self) -> bool:
        """Whether the file holds one article."""
        return formats()[self.format].single


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
            report(file_fault(error, _printable(one)))
    files, notes = _with_sources(list(search.files.values()))
    files, renamed = _with_stems(files)
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
        plain = _plain_name(Path(file.place), compression)
        format_ = search.format or (zip_format(head) if is_archive(head) else sniff(head, plain))
        if format_ is not None:
            search.repeated += file.name in search.files
            found = InputFile(
                file.name, None, format_, compression, partition=_partition(Path(file.place)), remote=file
            )
            search.files.setdefault(file.name, found)
        elif len(files) > 1:
            search.unknown += 1
        else:
            search.report(InputError("neither its ending nor its content tells a format", file=file.name))


def _take_matches(matches: list[Path], deep: bool, search: _Search) -> None:
    # "**" matches folders as well as everything inside them.
    files = [path for path in matches if path.is_file()]
    known = [path for path in files if _kind(path, search, walked=True) is not None]
    search.unknown += sum(not _is_mark(path) for path in files) - len(known)
    folders = [] if deep else [path for path in matches if path.is_dir()]
    for path in sorted([*known, *folders]) or files:
        _take(str(path), search)


def _take_folder(folder: Path, search: _Search) -> None:
    before, repeated = len(search.files), search.repeated
    for path in _walk(folder, search):
        try:
            if _kind(path, search, walked=True) is None:
                search.unknown += not _is_mark(path) and not _is_manifest(path)
                continue
            _take_file(path, search, folder, walked=True)
        except InputError as error:
            search.report(error)
    if len(search.files) == before and search.repeated == repeated:
        known = ", ".join(endings())
        raise InputError(f"no articles in it: no file ends in {known}", file=str(folder))


def _is_mark(path: Path) -> bool:
    """Whether a file only describes the files beside it."""
    if path.name.startswith("_") or path.suffix == ".crc":
        return True
    of_a_dataset = path.name in ("state.json", "dataset_info.json", "dataset_dict.json")
    return of_a_dataset and (path.name == "dataset_dict.json" or any(path.parent.glob("*.arrow")))


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
    kind = _kind(path, search, walked=walked)
    if kind is None:
        known = ", ".join(endings())
        raise InputError(
            f"its ending is not one that is read: {known}; and its content tells no format",
            file=str(path),
        )
    if kind[0] == _ARCHIVE:
        _take_members(path, search)
        return
    file = InputFile(_printable(path), path, *kind, partition=_partition(path))
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
            search.report(InputError(member.fault, file=_printable(name)))
            continue
        try:
            with search.archives.open(path, member.name) as stored_bytes:
                head, compression = _head(stored_bytes)
        except (OSError, EOFError, RuntimeError, NotImplementedError) as error:
            search.report(file_fault(error, _printable(name)))
            continue
        if is_archive(head) and zip_format(head) is None:
            search.nested += 1
            continue
        format_ = search.format or sniff(head, _plain_name(inner, compression))
        if format_ is None or _is_mark(inner):
            search.unknown += not _is_mark(inner)
            continue
        key = f"{os.path.realpath(path)}\0{member.name}"
        search.repeated += key in search.files
        search.files.setdefault(
            key,
            InputFile(
                _printable(name), path, format_, compression, member.name, partition=_partition(Path(name))
            ),
        )
    if len(search.files) == before:
        raise InputError(
            "no articles in it: no file in the archive is one that is read", file=shown or str(path)
        )


def _kind(path: Path, search: _Search, *, walked: bool = False) -> tuple[str, Compression | None] | None:
    """Return the format and compression of a file, by content and suffixes; None if it is not read."""
    if walked and _is_mark(path):
        return None
    try:
        if not path.is_file():
            raise OSError  # a pipe can be read only once
        with path.open("rb") as stored:
            head, compression = _head(stored)
    except OSError:  # reading it will report the error
        head, compression = b"", _compression_told(path)
    name = _plain_name(path, compression)
    if search.format is not None:
        return search.format, compression
    if is_archive(head) and (document := zip_format(head)) is None:
        return _ARCHIVE, None
    format_ = document if is_archive(head) else sniff(head, name)
    format_ = format_ if format_ in formats() else None
    if format_ == "markdown" and walked and not has_front_matter(head):
        return None
    return None if format_ is None else (format_, compression)


_ARCHIVE = "archive"


def _head(stored: IO[bytes]) -> tuple[bytes, Compression | None]:
    head = stored.read(HEAD_BYTES)
    compression = compression_of(head)
    if compression is None:
        return head, None
    stored.seek(0)
    return head_of(stored, compression, HEAD_BYTES), compression


def _compression_told(path: Path) -> Compression | None:
    told: dict[str, Compression] = {".gz": "gzip", ".bz2": "bzip2", ".xz": "xz", ".zst": "zstd"}
    return told.get(path.suffix.lower())


def _plain_name(path: Path, compression: Compression | None) -> str:
    """Return the file's name without the suffix of its compression."""
    return path.stem if path.suffix.lower() in _ENDINGS_OF_COMPRESSION else path.name


def _partition(path: Path) -> dict[str, str]:
    """Return the fields given by folders named ``column=value``."""
    found = (_PARTITION.fullmatch(part) for part in path.parts[:-1])
    told = {match[1]: unquote(match[2]) for match in found if match}
    return {name: value for name, value in told.items() if value != "__HIVE_DEFAULT_PARTITION__"}


_PARTITION = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)


def _with_sources(files: list[InputFile]) -> tuple[list[InputFile], list[str]]:
    """Give text files without a named source their folder's name, if there are several folders."""
    nameless = [file for file in files if _is_text(file) and not file.given.get("source")]
    if not nameless:
        return files, []
    folders = {file.path.resolve().parent for file in files if _is_text(file) and file.path}
    if len(folders) < 2:
        return files, ["no source is named: every text file counts as a source of its own"]
    named = [
        replace(file, given={**file.given, "source": _printable(file.path.resolve().parent.name)})
        if file.path and _is_text(file) and not file.given.get("source")
        else file
        for file in files
    ]
    return named, ["no source is named for the text files: each one's folder counts as its source"]


def _is_text(file: InputFile) -> bool:
    """Whether the file holds one article and contains nothing that names the source."""
    return formats()[file.format].anonymous


def _with_stems(files: list[InputFile]) -> tuple[list[InputFile], list[str]]:
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
        told = name.suffix.lower() in _ENDINGS_OF_COMPRESSION
        name = Path(name.stem if file.compression or told else name.name)
        name = name.with_suffix("") if name.suffix else name
    return _printable("/".join([*parts[:-1], name.name]))


def _printable(path: str | Path) -> str:
    """Return the path, with bytes that are not UTF-8 (the system allows them in names) as escapes."""
    return os.fsencode(path).decode(errors="backslashreplace")


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
