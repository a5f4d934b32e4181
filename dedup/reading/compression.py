"""Decompresses gzip, bzip2, xz and zstd in chunks; data before a break is kept."""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from collections.abc import Callable, Iterator
from typing import IO, Any, Literal, Protocol

import pyarrow as pa

from dedup.errors import InputError
from dedup.reading.records import BLOCK_BYTES

Compression = Literal["gzip", "bzip2", "xz", "zstd"]

# A truncated compressed file loses the read in which it ends, so these reads are small.
_READ = 64 << 10


#: The first bytes of a compressed file.
SIGNS: dict[bytes, Compression] = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\0": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
}
#: Number of bytes that show whether a file is compressed.
SIGN_BYTES = max(map(len, SIGNS))


def compression_of(head: bytes) -> Compression | None:
    """Return how a file is compressed, judged by its first bytes.

    Examples
    --------
    >>> compression_of(b"BZh91AY"), compression_of(b'{"id": 1}')
    ('bzip2', None)
    """
    return next((kind for sign, kind in SIGNS.items() if head.startswith(sign)), None)


class Begun(io.RawIOBase):
    """A stream of which some bytes were read already, which yields them once more.

    Parameters
    ----------
    head : bytes
        The bytes read already.
    read : callable
        Returns at most the given number of further bytes; none at the end.
    """

    def __init__(self, head: bytes, read: Callable[[int], bytes]) -> None:
        self._head = head
        self._read = read

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size = len(buffer)
        data = self._head[:size] or self._read(size)
        self._head = self._head[size:]
        buffer[: len(data)] = data
        return len(data)


class _Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


class _Counted(io.RawIOBase):
    """A file that counts the bytes read."""

    def __init__(self, stored: IO[bytes] | Begun) -> None:
        self._stored = stored
        self._count = self._told = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stored.read(len(buffer))
        buffer[: len(data)] = data
        self._count += len(data)
        return len(data)

    def since(self) -> int:
        """Return the number of bytes read since the last call."""
        count = self._count - self._told
        self._told = self._count
        return count


def decompressed(
    stored: IO[bytes] | Begun, compression: Compression, name: str, advance: Callable[[int], None]
) -> Iterator[bytes]:
    """Yield the file's bytes in chunks of about 8 MiB.

    Parameters
    ----------
    stored : binary file, or anything with its `read`
    compression : {"gzip", "bzip2", "xz", "zstd"}
    name : str
        For messages.
    advance : callable
        Called with the number of bytes of the stored file read since the last call.

    Raises
    ------
    InputError
        The file is truncated or damaged; the data before the break is yielded first.
    """
    counted = _Counted(stored)
    parts: list[bytes] = []
    size = 0
    try:
        for part in _PARTS[compression](counted):
            parts.append(part)
            size += len(part)
            if size >= BLOCK_BYTES:
                yield b"".join(parts)
                parts, size = [], 0
                advance(counted.since())
        advance(counted.since())
    except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
        # Data before the break is valid, whatever follows.
        yield b"".join(parts)
        broken_off = isinstance(error, EOFError) or "Truncated" in str(error)
        what = "breaks off in the middle" if broken_off else f"is not a valid {compression} file"
        raise InputError(f"{what} ({error}); get the file again", file=name) from error
    yield b"".join(parts)


def head_of(stored: IO[bytes], compression: Compression, size: int) -> bytes:
    """Return the first bytes, decompressed; fewer if the file is damaged."""
    head = b""
    try:
        for part in _PARTS[compression](stored):
            head += part
            if len(head) >= size:
                break
    except (OSError, EOFError, lzma.LZMAError, zlib.error):
        pass
    return head[:size]


def _gunzipped(stored: IO[bytes]) -> Iterator[bytes]:
    """Yield the members of a gzip file; zero padding after the last member is skipped."""
    data = stored.read(_READ)
    while data:
        inflate = zlib.decompressobj(wbits=31)
        while not inflate.eof:
            if not data and not (data := stored.read(_READ)):
                raise EOFError("the end of the compressed data is missing")
            part = inflate.decompress(data, _READ * 16)
            data = inflate.unconsumed_tail
            if part:
                yield part
        data = inflate.unused_data or stored.read(_READ)
        while data and not (data := data.lstrip(b"\0")):
            data = stored.read(_READ)


def _read_on(stream: _Stream) -> Iterator[bytes]:
    while part := stream.read(_READ):
        yield part


def _of_zstd(stored: IO[bytes]) -> Iterator[bytes]:
    with pa.CompressedInputStream(stored, "zstd") as stream:
        yield from _read_on(stream)


def _of_bzip2(stored: IO[bytes]) -> Iterator[bytes]:
    with bz2.BZ2File(stored) as stream:
        yield from _read_on(stream)


def _of_xz(stored: IO[bytes]) -> Iterator[bytes]:
    with lzma.LZMAFile(stored) as stream:
        yield from _read_on(stream)


_PARTS: dict[Compression, Callable[[Any], Iterator[bytes]]] = {
    "gzip": _gunzipped,
    "bzip2": _of_bzip2,
    "xz": _of_xz,
    "zstd": _of_zstd,
}
