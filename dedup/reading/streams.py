"""The bytes of an input: decompressed, without a byte order mark, as UTF-8, in blocks."""

from __future__ import annotations

import codecs
import contextlib
import itertools
import zipfile
import zlib
from collections.abc import Callable, Iterator
from io import RawIOBase
from typing import IO, BinaryIO, NamedTuple

import pyarrow as pa

from dedup.errors import InputError, SettingsError
from dedup.reading.archives import Archives
from dedup.reading.compression import SIGN_BYTES, Begun, compression_of, decompressed
from dedup.reading.input_file import InputFile
from dedup.reading.records import BLOCK_BYTES
from dedup.reading.rejects import file_fault
from dedup.reading.remote import unreachable

# UTF-32 first, because its mark begins with that of UTF-16.
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_LARGEST = (1 << 31) - 1
_MOST_HELD = 512 << 20


class Block(NamedTuple):
    """Some whole lines of an input, and the offset of their first byte."""

    data: bytes
    offset: int


class ByteSource(NamedTuple):
    """How the bytes of the inputs are read.

    Attributes
    ----------
    encoding : str
    stdin : binary file or None
        The stream that ``-`` reads.
    advance : callable
        Called with the number of bytes of the input files read since the last call.
    archives : Archives
        Opens the members of archives.
    """

    encoding: str
    stdin: BinaryIO | None
    advance: Callable[[int], None]
    archives: Archives


def check_encoding(encoding: str) -> str:
    """Return the encoding's canonical name; raises `SettingsError` for one that Python does not know."""
    try:
        name = codecs.lookup(encoding).name
        with contextlib.suppress(UnicodeError):
            # Python has codecs that do not produce text, such as rot13, which only their use shows.
            b"text".decode(encoding)
    except LookupError as error:
        raise SettingsError(
            f"encoding is {encoding!r}; it must be one that Python knows, such as utf-8, cp1252 or utf-16"
        ) from error
    return "utf-8" if name == "utf-8-sig" else name


def not_decodable(
    error: UnicodeDecodeError, encoding: str, *, offset: int, file: str, line: int | None
) -> InputError:
    """Return an error with the byte that does not fit the encoding, and its (decompressed) offset."""
    byte = error.object[error.start]
    mend = "utf-16" if offset == 0 and byte in (0xFE, 0xFF) else "cp1252"
    return InputError(
        f"byte 0x{byte:02X} at offset {offset} is not {encoding.upper()}; "
        f"if the file is in another encoding, name it, for example --encoding {mend}",
        file=file,
        line=line,
    )


def read_chunks(file: InputFile, source: ByteSource) -> Iterator[bytes]:
    """Yield the input's bytes as UTF-8 in chunks of at most about 8 MiB; UTF-8 input is not checked."""
    chunks = read_bytes(file, source)
    encoding = source.encoding
    if encoding == "utf-8":
        head = next(chunks, b"")
        chunks = itertools.chain([head], chunks)
        marked = next((name for mark, name in _MARKS.items() if head.startswith(mark)), None)
        del head  # only the chain holds it, until it is read
        if marked is None:
            yield from chunks
            return
        encoding = marked
    decoder = codecs.getincrementaldecoder(encoding)()
    fed, line = 0, 1
    try:
        for chunk in itertools.chain(chunks, [b""]):
            fed += len(chunk)
            text = decoder.decode(chunk, final=not chunk)
            line += text.count("\n")
            yield text.encode()
    except UnicodeDecodeError as error:
        offset = fed - len(error.object) + error.start
        line += error.object[: error.start].decode(encoding, "ignore").count("\n")
        raise not_decodable(error, encoding, offset=offset, file=file.name, line=line) from error
    except UnicodeEncodeError as error:
        raise InputError(f"holds a lone surrogate in {encoding.upper()}", file=file.name) from error


def seekable(file: InputFile, source: ByteSource) -> pa.NativeFile:
    """Open the input for random access; a compressed file or archive member is held in memory."""
    if file.remote is not None and file.compression is None:
        return file.remote.seekable()
    if file.path is None or file.compression is not None or file.member is not None:
        return pa.BufferReader(read_whole(file, source, most=_MOST_HELD))
    return pa.memory_map(str(file.path)) if file.path.stat().st_size else pa.BufferReader(b"")


def read_line_blocks(file: InputFile, chunks: Iterator[bytes]) -> Iterator[Block]:
    """Combine chunks into blocks that end with a line."""
    pending: list[bytes] = []
    waiting, offset = 0, 0
    for chunk in chunks:
        cut = chunk.rfind(b"\n") + 1
        if cut:
            block = Block(b"".join([*pending, memoryview(chunk)[:cut]]), offset)
            yield _without_mark(block)
            offset += len(block.data)
            pending, waiting = [], 0
        pending.append(chunk[cut:])
        waiting += len(chunk) - cut
        check_size(waiting, file)
    rest = b"".join(pending)
    if rest:
        yield _without_mark(Block(rest, offset))


def _without_mark(block: Block) -> Block:
    if block.offset or not block.data.startswith(codecs.BOM_UTF8):
        return block
    return Block(block.data[len(codecs.BOM_UTF8) :], len(codecs.BOM_UTF8))


def check_size(waiting: int, file: InputFile, line: int | None = None) -> None:
    """Refuse a record that exceeds Arrow's 32-bit offsets."""
    if waiting + BLOCK_BYTES > _LARGEST:
        raise InputError("a record of more than 2 GiB; cut it into articles", file=file.name, line=line)


def read_bytes(file: InputFile, source: ByteSource) -> Iterator[bytes]:
    """Yield the input's bytes, decompressed and unchanged, in chunks of at most about 8 MiB."""
    if file.path is None and file.remote is None:
        if source.stdin is None:
            raise InputError("there is no standard input to read", file=file.name)
        yield from _of_stdin(file, source)
        return
    try:
        with open_bytes(file, source) as stored:
            if file.compression is not None:
                yield from decompressed(stored, file.compression, file.name, source.advance)
                return
            for chunk in iter(lambda: stored.read(BLOCK_BYTES), b""):
                source.advance(len(chunk))
                yield chunk
    except (OSError, zipfile.BadZipFile, EOFError, zlib.error, pa.ArrowException) as error:
        if file.remote is not None:
            raise unreachable(error, file.name) from error
        raise file_fault(error, file.name) from error


def open_bytes(file: InputFile, source: ByteSource) -> IO[bytes]:
    """Open the input's bytes as they are stored: in a file, or in a member of an archive."""
    if file.remote is not None:
        return file.remote.open()
    assert file.path is not None
    return file.path.open("rb") if file.member is None else source.archives.open(file.path, file.member)


def read_whole(file: InputFile, source: ByteSource, *, most: int) -> bytes:
    """Return all bytes of an input, decompressed. Raises `InputError` if there are more than `most`."""
    parts: list[bytes] = []
    size = 0
    for chunk in read_bytes(file, source):
        parts.append(chunk)
        size += len(chunk)
        if size > most:
            raise InputError(
                f"holds more than {most >> 20:,} MiB, which is too much for one document of its kind",
                file=file.name,
            )
    return b"".join(parts)


def _of_stdin(file: InputFile, source: ByteSource) -> Iterator[bytes]:
    """Yield the bytes of standard input, decompressed."""
    stdin, head = source.stdin, b""
    assert stdin is not None
    while len(head) < SIGN_BYTES and (part := stdin.read(SIGN_BYTES - len(head))):
        head += part
    stream = Begun(head, stdin.read)
    compression = compression_of(head)
    if compression is None:
        yield from _whole_blocks(stream)
    else:
        yield from decompressed(stream, compression, file.name, source.advance)


def _whole_blocks(stream: RawIOBase) -> Iterator[bytes]:
    """Yield blocks of a stream whose reads return what is available, like those of a pipe."""
    parts: list[bytes] = []
    size = 0
    while part := stream.read(BLOCK_BYTES - size):
        parts.append(part)
        size += len(part)
        if size == BLOCK_BYTES:
            yield b"".join(parts)
            parts, size = [], 0
    if parts:
        yield b"".join(parts)
