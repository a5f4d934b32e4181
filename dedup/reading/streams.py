"""The bytes of an input: decompressed, without a byte order mark, as UTF-8, in blocks."""

from __future__ import annotations

import codecs
import contextlib
import io
import itertools
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

import pyarrow as pa

from dedup.errors import InputError, SettingsError
from dedup.reading.inputs import Compression, InputFile
from dedup.reading.records import BLOCK_BYTES
from dedup.reading.rejects import file_fault

# A compressed file that breaks off loses the read that it breaks in, so these reads are small.
_COMPRESSED_READ = 64 << 10
_LARGEST = (1 << 31) - 1


class Block(NamedTuple):
    """Some whole lines of an input, and the offset of their first byte."""

    data: bytes
    offset: int


class ByteSource(NamedTuple):
    """How the bytes of the inputs are to be read.

    Attributes
    ----------
    encoding : str
    stdin : binary file or None
        What ``-`` reads.
    advance : callable
        Told how many bytes of the input files were read since the last call.
    """

    encoding: str
    stdin: BinaryIO | None
    advance: Callable[[int], None]


def check_encoding(encoding: str) -> str:
    """The encoding's canonical name; raises `SettingsError` for one that Python does not know."""
    try:
        name = codecs.lookup(encoding).name
        with contextlib.suppress(UnicodeError):
            # Python knows codecs that make no text, such as rot13; only the use shows it.
            b"text".decode(encoding)
    except LookupError as error:
        raise SettingsError(
            f"encoding is {encoding!r}; it must be one that Python knows, such as utf-8, cp1252 or utf-16"
        ) from error
    return "utf-8" if name == "utf-8-sig" else name


def not_decodable(
    error: UnicodeDecodeError, encoding: str, *, offset: int, file: str, line: int | None
) -> InputError:
    """Name the byte that does not fit the encoding, and its offset in the (decompressed) file."""
    byte = error.object[error.start]
    mend = "utf-16" if offset == 0 and byte in (0xFE, 0xFF) else "cp1252"
    return InputError(
        f"byte 0x{byte:02X} at offset {offset} is not {encoding.upper()}; "
        f"if the file is in another encoding, name it, for example --encoding {mend}",
        file=file,
        line=line,
    )


def read_chunks(file: InputFile, source: ByteSource) -> Iterator[bytes]:
    """The input's bytes as UTF-8 in chunks of at most about 8 MiB; what is UTF-8 already is not checked."""
    chunks = _raw_chunks(file, source)
    if source.encoding == "utf-8":
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder(source.encoding)()
    fed, line = 0, 1
    try:
        for chunk in itertools.chain(chunks, [b""]):
            fed += len(chunk)
            text = decoder.decode(chunk, final=not chunk)
            line += text.count("\n")
            yield text.encode()
    except UnicodeDecodeError as error:
        offset = fed - len(error.object) + error.start
        line += error.object[: error.start].decode(source.encoding, "ignore").count("\n")
        raise not_decodable(error, source.encoding, offset=offset, file=file.name, line=line) from error
    except UnicodeEncodeError as error:
        raise InputError(f"holds a lone surrogate in {source.encoding.upper()}", file=file.name) from error


def read_line_blocks(file: InputFile, chunks: Iterator[bytes]) -> Iterator[Block]:
    """Put chunks together to blocks that end with a line."""
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
    """Refuse a record that Arrow's 32-bit offsets cannot hold."""
    if waiting + BLOCK_BYTES > _LARGEST:
        raise InputError("a record of more than 2 GiB; cut it into articles", file=file.name, line=line)


def _raw_chunks(file: InputFile, source: ByteSource) -> Iterator[bytes]:
    if file.path is None:
        if source.stdin is None:
            raise InputError("there is no standard input to read", file=file.name)
        yield from _whole_blocks(source.stdin)
        return
    try:
        with file.path.open("rb") as stored:
            if file.compression is None:
                for chunk in iter(lambda: stored.read(BLOCK_BYTES), b""):
                    source.advance(len(chunk))
                    yield chunk
            else:
                yield from _decompressed(stored, file.compression, file.name, source)
    except OSError as error:
        raise file_fault(error, file.name) from error


def _whole_blocks(stream: BinaryIO) -> Iterator[bytes]:
    """Blocks of a stream each of whose reads gives what is there, as those of a pipe do."""
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


def _decompressed(
    stored: io.BufferedReader, compression: Compression, name: str, source: ByteSource
) -> Iterator[bytes]:
    told = 0
    parts: list[bytes] = []
    size = 0
    try:
        with pa.CompressedInputStream(stored, compression) as stream:
            while part := stream.read(_COMPRESSED_READ):
                parts.append(part)
                size += len(part)
                if size >= BLOCK_BYTES:
                    yield b"".join(parts)
                    parts, size = [], 0
                    source.advance(stored.tell() - told)
                    told = stored.tell()
            source.advance(stored.tell() - told)
    except OSError as error:
        # What stands before the break is good, whatever comes after it.
        yield b"".join(parts)
        what = "breaks off in the middle" if "Truncated" in str(error) else f"is no sound {compression} file"
        raise InputError(f"{what} ({error}); get the file again", file=name) from error
    yield b"".join(parts)
