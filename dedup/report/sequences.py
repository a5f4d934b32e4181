"""Records that are built when they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar, overload

Record = TypeVar("Record")
_ROWS_A_CHUNK = 512


class Records(Sequence[Record]):
    """Records that are built one chunk at a time when they are read; the last chunk is kept."""

    def __init__(self, count: int, build: Callable[[int, int], list[Record]]) -> None:
        self._count = count
        self._build = build
        self._chunk: tuple[int, list[Record]] = (-1, [])

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Record: ...
    @overload
    def __getitem__(self, index: slice) -> list[Record]: ...
    def __getitem__(self, index: int | slice) -> Record | list[Record]:
        if isinstance(index, slice):
            return [self[row] for row in range(*index.indices(self._count))]
        row = index + self._count if index < 0 else index
        if not 0 <= row < self._count:
            raise IndexError(f"row {index} of {self._count}")
        number, chunk = row // _ROWS_A_CHUNK, self._chunk  # read once, because other threads may replace it
        if chunk[0] != number:
            start = number * _ROWS_A_CHUNK
            chunk = self._chunk = number, self._build(start, min(start + _ROWS_A_CHUNK, self._count))
        return chunk[1][row % _ROWS_A_CHUNK]

    def __iter__(self) -> Iterator[Record]:
        for start in range(0, self._count, _ROWS_A_CHUNK):
            yield from self._build(start, min(start + _ROWS_A_CHUNK, self._count))
