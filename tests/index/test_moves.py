"""An index that is moved or copied, or whose files have other times, gives the same answers."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from dedup.article import Article
from dedup.errors import IndexStoreError
from dedup.index import Index
from dedup.index.verbs.verification import verify

TEXT = (
    "The beekeepers of Lower Marrow met on the ice this year, because their hall had been let to a choir. "
    "They voted to share one smoker between nine hives, and to ask the parish for the meadow behind the "
    "chapel again."
)


def article(name: str) -> Article:
    return Article(id=name, source=name, text=f"{TEXT} {name}")


@pytest.fixture
def held(tmp_path: Path) -> Path:
    folder = tmp_path / "index"
    with Index.create(folder, threads=1) as index:
        index.add([article("a"), article("b")])
        index.add([article("c")])
    return folder


def pairs(index: Index) -> list[tuple[str, str]]:
    return [(found.a, found.b) for found in index.report().overlaps]


ALL = [("a", "b"), ("a", "c"), ("b", "c")]


def test_a_moved_index_answers_also_to_who_has_it_open(held: Path, tmp_path: Path) -> None:
    with Index.open(held, threads=1) as before:
        held.rename(tmp_path / "moved")
        assert pairs(before) == ALL
    with Index.open(tmp_path / "moved", threads=1) as index:
        assert pairs(index) == ALL
        index.add([article("d")])
    assert verify(tmp_path / "moved").sound


@pytest.mark.parametrize("moment", [0, 4_000_000_000])
def test_a_clock_that_goes_back_or_ahead_changes_nothing(held: Path, moment: int) -> None:
    for path in held.rglob("*"):
        os.utime(path, (moment, moment))
    with Index.open(held, threads=1) as index:
        assert pairs(index) == ALL
        index.compact()
        assert pairs(index) == ALL
    assert verify(held).sound


def test_a_copy_without_times_is_as_good(held: Path, tmp_path: Path) -> None:
    shutil.copytree(held, tmp_path / "copy", copy_function=shutil.copyfile)
    with Index.open(tmp_path / "copy", threads=1) as index:
        assert pairs(index) == ALL
    assert verify(tmp_path / "copy").sound


def test_a_copy_whose_parts_are_of_different_moments_is_refused(held: Path, tmp_path: Path) -> None:
    """The segments were copied first, then the catalogue, and articles were added in between."""
    copy = tmp_path / "copy"
    shutil.copytree(held / "segments", copy / "segments")
    with Index.open(held, threads=1) as index:
        index.add([article("d")])
        index.compact()
    for path in held.iterdir():
        if path.is_file():
            shutil.copy2(path, copy / path.name)
    with pytest.raises(IndexStoreError, match="dedup index verify"):
        Index.open(copy, threads=1)
    assert not verify(copy).sound
