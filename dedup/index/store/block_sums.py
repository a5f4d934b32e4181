"""A checksum for each block of a memory-mapped file, verified before the block is first used.

SHA-256 of a whole file, which the catalogue keeps, detects more, but has to read all of it. A block is small
enough to be verified when a query touches it: a block of 4 KiB takes less than a microsecond. A change within
one word of 64 bits is always detected, because each step of the sum maps different words to different sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.errors import IndexStoreError

BLOCK = 4096
_WORDS = BLOCK // 8
_ODD = 0x9E3779B97F4A7C15
#: What to do about a damaged file, for messages.
REBUILD = "`dedup index verify` says what is broken and what is whole"
#: A small file is verified as a whole, and so is one that has been asked about this often, which ends the
#: questions.
_FEW_BLOCKS, _OFTEN = 2048, 256
#: If at least this share of the blocks must be verified anyway, all are, which needs no search.
_MANY = 4


class BlockSums:
    """Computes the checksums of a stream's blocks as it is written."""

    def __init__(self) -> None:
        self._parts: list[NDArray[np.uint64]] = []
        self._rest = b""

    def update(self, data: Any) -> None:
        """Add the next bytes."""
        view = memoryview(data).cast("B")
        if self._rest:
            missing = BLOCK - len(self._rest)
            self._rest += bytes(view[:missing])
            view = view[missing:]
            if len(self._rest) < BLOCK:
                return
            self._parts.append(_sums(np.frombuffer(self._rest, np.uint64)))
            self._rest = b""
        whole = len(view) - len(view) % BLOCK
        if whole:
            self._parts.append(_sums(_words(np.frombuffer(view[:whole], np.uint8))))
        self._rest = bytes(view[whole:])

    def digests(self) -> NDArray[np.uint64]:
        """Return the checksums of all blocks, the last one padded with zeros; shape (n_blocks,)."""
        last = [_sums(np.frombuffer(self._rest.ljust(BLOCK, b"\0"), np.uint64))] if self._rest else []
        return np.concatenate([np.zeros(0, np.uint64), *self._parts, *last])


class CheckedBlocks:
    """The blocks of a mapped file, and which of them have been verified since it was opened.

    Parameters
    ----------
    path : Path
        For messages.
    data : ndarray of shape (n_bytes,), dtype uint8
        The file's bytes.
    sums : ndarray of shape (n_blocks,), dtype uint64
        As returned by `BlockSums`.
    """

    def __init__(self, path: Path, data: NDArray[np.uint8], sums: NDArray[np.uint64]) -> None:
        if len(sums) != -(-len(data) // BLOCK):
            raise IndexStoreError(f"{path} has the checksums of another file; {REBUILD}")
        self.path = path
        self.data = data
        self.sums = sums
        self.checked = np.zeros(len(sums), np.bool_)
        self._whole = False
        self._asked = 0

    @property
    def whole(self) -> bool:
        """Whether all blocks have been verified."""
        return self._whole

    def check(self, starts: NDArray[np.int64], ends: NDArray[np.int64], *, opening: bool = False) -> None:
        """Verify the blocks that hold these bytes, unless they were verified before.

        On opening only these bytes are verified: damage elsewhere is not a reason to refuse the whole file.

        Raises
        ------
        IndexStoreError
            A block has changed since it was written.
        """
        if self._whole:
            return
        self._asked += not opening
        if opening:
            self.judge(int(_check_ranges(self.data, self.sums, self.checked, starts, ends)))
            return
        if len(self.sums) <= _FEW_BLOCKS or self._asked > _OFTEN:
            self.check_all()
            return
        self.judge(int(_check_ranges(self.data, self.sums, self.checked, starts, ends)))

    def check_all(self) -> None:
        """Verify all blocks. Raises `IndexStoreError` as `check` does."""
        if not self._whole:
            every = (np.array([0], np.int64), np.array([len(self.data)], np.int64))
            self.judge(int(_check_ranges(self.data, self.sums, self.checked, *every)))
            self._whole = True

    def asked_for_many(self, count: int) -> bool:
        """Whether this many accesses make it worth verifying all blocks at once."""
        return _MANY * count >= len(self.sums)

    def judge(self, block: int) -> None:
        """Raise the error for a damaged block, unless its number is negative."""
        if block >= 0:
            raise IndexStoreError(
                f"{self.path} is damaged near byte {block * BLOCK:,}: it is not as it was written; {REBUILD}"
            )


def gaps(
    length: int, starts: Sequence[int], ends: Sequence[int]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the bytes of a file of this length that are in none of the ranges.

    Examples
    --------
    >>> [part.tolist() for part in gaps(10, [2, 6], [4, 9])]
    [[0, 4, 9], [2, 6, 10]]
    """
    order = np.argsort(np.array(starts, np.int64), kind="stable")
    begins = np.append(np.array(starts, np.int64)[order], length)
    stops = np.insert(np.maximum.accumulate(np.append(0, np.array(ends, np.int64)[order]))[1:], 0, 0)
    keep = begins > stops
    return stops[keep], begins[keep]


def _words(data: NDArray[np.uint8]) -> NDArray[np.uint64]:
    # An array from a caller may not be aligned to eight bytes.
    return data.view(np.uint64) if data.ctypes.data % 8 == 0 else data.copy().view(np.uint64)


@nb.njit(nogil=True, cache=True)
def _sum(words):  # type: ignore[no-untyped-def]
    """Return the sum of a block's words, in four lanes whose multiplications run in parallel."""
    odd = np.uint64(_ODD)
    one, two, three, four = np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4)
    for i in range(0, len(words), 4):
        one = (one ^ words[i]) * odd
        two = (two ^ words[i + 1]) * odd
        three = (three ^ words[i + 2]) * odd
        four = (four ^ words[i + 3]) * odd
    turn, rest = np.uint64(32), np.uint64(29)
    out = one
    for lane in (two, three, four):
        out = ((out ^ (out >> rest)) * odd) ^ ((lane << turn) | (lane >> turn))
    return out


@nb.njit(nogil=True, cache=True)
def _sums(words):  # type: ignore[no-untyped-def]
    out = np.empty(len(words) // _WORDS, np.uint64)
    for block in range(len(out)):
        out[block] = _sum(words[block * _WORDS : (block + 1) * _WORDS])
    return out


@nb.njit(nogil=True, cache=True)
def block_fits(data, sums, checked, block):  # type: ignore[no-untyped-def]
    """Whether a block is as it was written; a verified block is not read again."""
    if checked[block]:
        return True
    begin = block * BLOCK
    if begin + BLOCK <= len(data):
        words = data[begin : begin + BLOCK].view(np.uint64)
    else:
        filled = np.zeros(BLOCK, np.uint8)
        filled[: len(data) - begin] = data[begin:]
        words = filled.view(np.uint64)
    if _sum(words) != sums[block]:
        return False
    checked[block] = True
    return True


@nb.njit(nogil=True, cache=True)
def _check_ranges(data, sums, checked, starts, ends):  # type: ignore[no-untyped-def]
    """Return the first damaged block within the ranges, or -1."""
    for i in range(len(starts)):
        first, last = max(starts[i], 0), min(ends[i], len(data))
        if last <= first:
            continue
        for block in range(first // BLOCK, (last - 1) // BLOCK + 1):
            if not block_fits(data, sums, checked, block):
                return block
    return -1
