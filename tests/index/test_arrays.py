"""When a process releases the files that it has mapped."""

from __future__ import annotations

import pytest

from dedup.index.store import arrays


class Held:
    """An object with a size, which it releases completely."""

    def __init__(self, size: int) -> None:
        self.size = size

    def release(self) -> None:
        self.size = 0


@pytest.mark.parametrize(
    ("limit", "left"),
    [(100, (40, 50)), (60, (0, 50)), (40, (0, 0))],
)
def test_what_is_needed_most_goes_last_and_only_if_it_must(
    monkeypatch: pytest.MonkeyPatch, limit: int, left: tuple[int, int]
) -> None:
    mapped, tokens = Held(40), Held(50)
    monkeypatch.setattr(arrays, "_CROWDED", limit)
    monkeypatch.setattr(arrays, "resident_bytes", lambda: mapped.size + tokens.size)
    arrays.relieve(mapped, tokens)
    assert (mapped.size, tokens.size) == left


def test_what_is_coming_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "_CROWDED", 100)
    monkeypatch.setattr(arrays, "resident_bytes", lambda: 80)
    assert [arrays.crowded(), arrays.crowded(20), arrays.crowded(21)] == [False, False, True]
