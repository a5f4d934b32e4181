"""Zip and tar archives: their members are read in place, and nothing is unpacked to disk."""

from __future__ import annotations

import io
import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from dedup.errors import InputError
from dedup.reading.remote import RemoteFile

#: A larger member is refused as a mistake or an attack.
_LARGEST = 4 << 30
#: A member is also refused if it grows by more than this factor when it is unpacked, and to more than
#: `_SMALL`.
_MOST_GROWTH = 1_000
_SMALL = 64 << 20
_MOST_MEMBERS = 1_000_000


class Member(NamedTuple):
    """One file in an archive; `fault` says why it may not be read."""

    name: str
    size: int
    fault: str | None = None


class Archives:
    """Opens archives; the current one stays open, because its members are read one after another."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._open: zipfile.ZipFile | tarfile.TarFile | None = None
        self._copies: tempfile.TemporaryDirectory[str] | None = None

    def close(self) -> None:
        """Close the current archive, and remove copies of remote ones."""
        self._let_go()
        if self._copies is not None:
            self._copies.cleanup()
        self._copies = None

    def _let_go(self) -> None:
        if self._open is not None:
            self._open.close()
        self._path = self._open = None

    def copy_of(self, file: RemoteFile) -> Path:
        """Return a local copy of a remote archive, because its members are listed at its end."""
        if self._copies is None:
            self._copies = tempfile.TemporaryDirectory(prefix="dedup-")
        folder = Path(tempfile.mkdtemp(dir=self._copies.name))
        path = folder / (file.place.name or "archive")
        with file.open() as stored, path.open("wb") as out:
            shutil.copyfileobj(stored, out, 1 << 20)
        return path

    def members(self, path: Path) -> Iterator[Member]:
        """Yield the files in an archive, in its order.

        Raises
        ------
        InputError
            The archive is damaged, or holds more than a million members.
        """
        archive = self._archive(path)
        try:
            if isinstance(archive, zipfile.ZipFile):
                found = (self._zipped(info) for info in archive.infolist() if not info.is_dir())
            else:
                found = (self._tarred(info) for info in archive if info.isfile())
            for number, member in enumerate(found):
                if number == _MOST_MEMBERS:
                    raise InputError("holds more than a million files; unpack it", file=str(path))
                yield member
        except (tarfile.TarError, EOFError, OSError, zipfile.BadZipFile) as error:
            raise _damaged(path, error) from error

    def open(self, path: Path, member: str) -> IO[bytes]:
        """Open one member for reading its bytes."""
        archive = self._archive(path)
        try:
            if isinstance(archive, zipfile.ZipFile):
                return archive.open(member)
            found = archive.extractfile(member)
        except (tarfile.TarError, EOFError, OSError, zipfile.BadZipFile, KeyError, RuntimeError) as error:
            raise _damaged(path, error) from error
        return io.BytesIO() if found is None else found

    def _archive(self, path: Path) -> zipfile.ZipFile | tarfile.TarFile:
        if self._path != path or self._open is None:
            self._let_go()
            try:
                self._open = zipfile.ZipFile(path) if zipfile.is_zipfile(path) else tarfile.open(path)  # noqa: SIM115
            except (tarfile.TarError, EOFError, OSError, zipfile.BadZipFile) as error:
                raise _damaged(path, error) from error
            self._path = path
        return self._open

    @staticmethod
    def _zipped(info: zipfile.ZipInfo) -> Member:
        fault = _fault(info.filename, info.file_size)
        if info.flag_bits & 1:
            fault = "is encrypted; unpack the archive first"
        elif info.file_size > max(_SMALL, _MOST_GROWTH * info.compress_size):
            fault = f"grows to more than {_MOST_GROWTH:,} times its size; unpack it if that is right"
        return Member(info.filename, info.file_size, fault)

    @staticmethod
    def _tarred(info: tarfile.TarInfo) -> Member:
        return Member(info.name, info.size, _fault(info.name, info.size))


def is_archive(head: bytes) -> bool:
    """Whether a file is a zip or tar archive, judged by its first (decompressed) bytes."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06")) or head[257:262] == b"ustar"


def _fault(name: str, size: int) -> str | None:
    pure = PurePosixPath(name.replace("\\", "/"))
    if pure.is_absolute() or ".." in pure.parts:
        return "its path leads out of the archive; unpack it with care"
    if size > _LARGEST:
        return f"holds {size / 1e9:,.1f} GB; unpack it"
    return None


def _damaged(path: Path, error: Exception) -> InputError:
    return InputError(f"is not a valid archive ({error}); get the file again", file=str(path))
