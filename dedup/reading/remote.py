"""Remote inputs that the user names: object stores through pyarrow, others through fsspec."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any, cast
from urllib.parse import urlsplit, urlunsplit

import pyarrow as pa
from pyarrow import fs

from dedup.errors import InputError
from dedup.reading.extras import load_extra

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
#: Schemes that pyarrow reads by itself; settings in an address (such as ``endpoint_override``) follow a
#: ``?``.
_OF_ARROW = {"s3", "gs", "gcs", "abfs", "abfss", "hdfs", "viewfs"}
_SHOWN = 200  # number of characters of a reason that are shown


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file in a store.

    Attributes
    ----------
    name : str
        Its address for messages, without possible secrets.
    system : pyarrow.fs.FileSystem
    path : str
        Its path in the store.
    """

    name: str
    system: Any
    path: str

    def open(self) -> IO[bytes]:
        """Open the file for reading from the first byte to the last."""
        return cast("IO[bytes]", self.system.open_input_stream(self.path, compression=None))

    def seekable(self) -> pa.NativeFile:
        """Open the file for random access: only the requested parts are fetched."""
        return self.system.open_input_file(self.path)

    @property
    def place(self) -> PurePosixPath:
        """The location as folders and a name."""
        return PurePosixPath(urlsplit(self.name).path.lstrip("/") or self.name)


def is_remote(name: str) -> bool:
    """Whether an input is an address instead of a path.

    Examples
    --------
    >>> is_remote("s3://bucket/articles.jsonl"), is_remote("articles/2026.jsonl")
    (True, False)
    """
    return _SCHEME.match(name) is not None


def remote_files(address: str) -> list[RemoteFile]:
    """Return the file at an address, or all files under it if it is a folder, in the order of their names.

    In a store, ``*`` in the last part of an address matches any letters. Hidden files are skipped.

    Raises
    ------
    InputError
        Nothing exists there, it cannot be reached, or the library that reads it is not installed.
    """
    shown = without_secrets(address)
    try:
        system, path = _system(address, shown)
        if system.type_name.startswith("py::"):
            return [RemoteFile(shown, system, path)]
        found = _found(system, path)
    except (OSError, pa.ArrowException, ValueError) as error:
        raise unreachable(error, shown) from error
    if not found:
        raise InputError("no such file or folder in the store; check the address", file=shown)
    root = shown[: -len(path)] if shown.endswith(path) else f"{urlsplit(shown).scheme}://"
    return [RemoteFile(root + one, system, one) for one in found]


def _system(address: str, shown: str) -> tuple[Any, str]:
    if urlsplit(address).scheme.lower() in _OF_ARROW:
        system, path = fs.FileSystem.from_uri(address)
        return system, path
    core: Any = load_extra("fsspec.core", extra="remote", file=shown)
    try:
        system, path = core.url_to_fs(address)
    except ImportError as error:
        raise InputError(f"reading it needs another library: {error}", file=shown) from error
    return fs.PyFileSystem(fs.FSSpecHandler(system)), path


def _found(system: Any, path: str) -> list[str]:
    folder, _, last = path.rpartition("/")
    if "*" in last:
        pattern = re.compile(".*".join(map(re.escape, last.split("*"))), re.DOTALL)
        inside = system.get_file_info(fs.FileSelector(folder))
        return sorted(one.path for one in inside if one.is_file and pattern.fullmatch(one.base_name))
    info = system.get_file_info(path)
    if info.type == fs.FileType.File:
        return [path]
    if info.type == fs.FileType.NotFound:
        return []
    inside = system.get_file_info(fs.FileSelector(path, recursive=True))
    names = ((one.path, one.path[len(path) :].split("/")) for one in inside if one.is_file)
    return sorted(one for one, parts in names if not any(part.startswith((".", "_")) for part in parts))


def without_secrets(address: str) -> str:
    """Return an address without a password, keys and signatures.

    Examples
    --------
    >>> without_secrets("https://me:pass@host.example/a.jsonl?signature=x")
    'https://host.example/a.jsonl'
    """
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def unreachable(error: Exception, name: str) -> InputError:
    """Say why a remote input cannot be read, without secrets from its address."""
    said = " ".join(str(error).split())[:_SHOWN]
    reason = re.sub(r"\?[^\s'\"]+", "", re.sub(r"://[^\s/@]+@", "://", said)) or type(error).__name__
    if isinstance(error, FileNotFoundError):  # fsspec raises this for an unresponsive server, too
        return InputError("no such file, or its server does not answer; check the address", file=name)
    return InputError(f"cannot be reached: {reason}", file=name)
