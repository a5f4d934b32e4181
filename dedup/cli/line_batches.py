"""Lines of standard input in batches; a batch is not delayed until it is full if no more input arrives.

Input compressed with gzip, bzip2, xz or zstd is recognised by its first bytes. A line that is too long is
truncated, so that a line without an end takes bounded memory.
"""

from __future__ import annotations

import io
import os
import select
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import BinaryIO

from dedup.errors import InputError
from dedup.index.filter.streaming import LINE_BYTES
from dedup.reading.compression import SIGN_BYTES, SIGNS, Begun, compression_of, decompressed

_CHUNK = 1 << 20
#: Seconds without input after which the collected lines are passed on.
_IDLE = 0.1
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
#: Lines with this many bytes are a batch, however few they are.
_BATCH_BYTES = 256 << 20


class LineBatches:
    """Whole lines, without their line ends.

    Iterate over it, in any thread, for lists of at most `size` lines. Within `until_told`, SIGTERM ends the
    input: the whole lines read so far are yielded once more, and the iteration ends.

    Attributes
    ----------
    stopped : bool
        Whether SIGTERM arrived.
    """

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream = stream
        self._size = size
        self._lines: list[bytes] = []
        self._bytes = 0
        self._rest = bytearray()
        self._first = True
        self.stopped = False
        self._left = False

    def stop(self, number: int, frame: FrameType | None) -> None:
        """Stop taking input; a signal handler."""
        self.stopped = True

    @contextmanager
    def until_told(self) -> Iterator[None]:
        """Take input within the block, until SIGTERM arrives."""
        before = signal.signal(signal.SIGTERM, self.stop)
        try:
            yield
        finally:
            self._left = True
            signal.signal(signal.SIGTERM, before)

    def __iter__(self) -> Iterator[list[bytes]]:
        for chunk in self._unpacked():
            if chunk:
                self._take(chunk)
            while len(self._lines) >= self._size or self._bytes >= _BATCH_BYTES:
                yield self._cut(self._size)
            if not chunk and self._lines:
                yield self._cut(self._size)
        if self._rest and not self.stopped:
            self._lines.append(bytes(self._rest))
        while self._lines:
            yield self._cut(self._size)

    def _cut(self, count: int) -> list[bytes]:
        batch, self._lines = self._lines[:count], self._lines[count:]
        self._bytes = sum(map(len, self._lines)) if self._lines else 0
        return batch

    def _take(self, chunk: bytes) -> None:
        if self._first:
            chunk = chunk.removeprefix(_BYTE_ORDER_MARK)
            self._first = False
        *lines, rest = chunk.split(b"\n")
        if lines:
            lines[0] = bytes(self._longer(lines[0]))
            self._rest = bytearray()
        self._longer(rest)
        self._lines += lines
        self._bytes += sum(map(len, lines))

    def _longer(self, part: bytes) -> bytearray:
        """Return the line that has begun, extended by a part; bytes beyond its limit are dropped."""
        self._rest += part[: LINE_BYTES + 1 - len(self._rest)]
        return self._rest

    def _unpacked(self) -> Iterator[bytes]:
        """Yield incoming data, decompressed, or an empty chunk when none arrived for a while."""
        chunks, head = self._chunks(), b""
        for chunk in chunks:
            head += chunk
            if len(head) >= SIGN_BYTES or not any(sign.startswith(head) for sign in SIGNS):
                break
        compression = compression_of(head)
        if compression is None:
            yield head
            yield from chunks
            return
        waiting = bytearray()

        def read(size: int) -> bytes:
            while not waiting and (chunk := next((each for each in chunks if each), b"")):
                waiting.extend(chunk)
            part = bytes(waiting[:size])
            del waiting[:size]
            return part

        try:
            yield from decompressed(Begun(head, read), compression, "-", lambda count: None)
        except InputError:
            if not self.stopped:  # after SIGTERM the input may be truncated
                raise

    def _chunks(self) -> Iterator[bytes]:
        """Yield incoming data, or an empty chunk when none arrived for a while."""
        try:
            handle = self._stream.fileno()
        except (io.UnsupportedOperation, AttributeError):
            while chunk := self._stream.read(_CHUNK):
                yield chunk
            return
        while not self.stopped and not self._left:
            ready, _, _ = select.select([handle], [], [], _IDLE)
            chunk = os.read(handle, _CHUNK) if ready else b""
            if ready and not chunk:
                return
            yield chunk
